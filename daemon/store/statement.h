/* SPDX-License-Identifier: ISC */
/*
 * The statements of the store, by number.  The typed calls name them; each
 * backend holds one table of texts for them, so no SQL stands anywhere else.
 * Values are bound in the order in which the typed call lists them.
 */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#define AU_STATEMENTS(X)                                                                                               \
	X(META_GET)                                                                                                    \
	X(META_PUT)                                                                                                    \
	X(SOURCE_GET)                                                                                                  \
	X(SOURCE_VERDICT)                                                                                              \
	X(SOURCE_PUT)                                                                                                  \
	X(SOURCE_LIST)                                                                                                 \
	X(COOKIE_GET)                                                                                                  \
	X(COOKIE_PUT)                                                                                                  \
	X(COOKIE_REMOVE)                                                                                               \
	X(ENTRY_HEAD)                                                                                                  \
	X(ENTRY_INSERT)                                                                                                \
	X(ENTRY_UPDATE)                                                                                                \
	X(ENTRY_GET)                                                                                                   \
	X(ENTRY_BY_DN)                                                                                                 \
	X(ENTRY_BRIEF)                                                                                                 \
	X(ENTRY_BRIEF_BY_DN)                                                                                           \
	X(ENTRY_MARK)                                                                                                  \
	X(ENTRY_MARK_BY_ID)                                                                                            \
	X(ENTRY_UNMARK)                                                                                                \
	X(ENTRY_REMOVE)                                                                                                \
	X(ENTRY_UNSEEN)                                                                                                \
	X(ENTRY_COUNT)                                                                                                 \
	X(ENTRY_BY_KEY)                                                                                                \
	X(MEMBER_GROUP)                                                                                                \
	X(MEMBER_ADD)                                                                                                  \
	X(MEMBER_DISPLAY)                                                                                              \
	X(MEMBER_REMOVE)                                                                                               \
	X(MEMBER_REF_BY_DN)                                                                                            \
	X(MEMBER_LIST)                                                                                                 \
	X(MEMBER_GET)                                                                                                  \
	X(MEMBER_COUNT)                                                                                                \
	X(MEMBER_COUNT_KNOWN)                                                                                          \
	X(MEMBER_PEOPLE)                                                                                               \
	X(MEMBER_HAS)                                                                                                  \
	X(MEMBER_GROUPS)                                                                                               \
	X(MEMBER_OF)                                                                                                   \
	X(MEMBER_IN_ANY)                                                                                               \
	X(MEMBER_UNKNOWN)                                                                                              \
	X(MEMBER_KNOWN_TWICE)                                                                                          \
	X(MEMBER_RESOLVE)                                                                                              \
	X(MEMBER_MOVE)                                                                                                 \
	X(MEMBER_COUNT_ADD)                                                                                            \
	X(MEMBER_COUNT_TWICE)                                                                                          \
	X(MEMBER_COUNT_RESOLVED)                                                                                       \
	X(MEMBER_COUNT_LEFT)                                                                                           \
	X(MEMBER_LEAVE_ALL)                                                                                            \
	X(MEMBER_EMPTY)                                                                                                \
	X(MEMBER_TOTALS)                                                                                               \
	X(READING_ADD)                                                                                                 \
	X(READING_FORGET)                                                                                              \
	X(READING_LIST)                                                                                                \
	X(MISSING_PUT)                                                                                                 \
	X(MISSING_DUE)                                                                                                 \
	X(MISSING_FORGET)                                                                                              \
	X(MISSING_FORGET_GROUP)                                                                                        \
	X(MISSING_COUNT)                                                                                               \
	X(MISSING_LIST)                                                                                                \
	X(MISSING_TOTAL)                                                                                               \
	X(DIRTY_MARK)                                                                                                  \
                                                                                                                       \
	X(DIRTY_MARK_GROUP)                                                                                            \
	X(DIRTY_MARK_ENTRIES)                                                                                          \
	X(DIRTY_MARK_USERS)                                                                                            \
	X(DIRTY_OLDEST)                                                                                                \
	X(DIRTY_REMOVE)                                                                                                \
	X(DIRTY_COUNT)                                                                                                 \
	X(KEY_LIST)                                                                                                    \
	X(RESOURCE_INSERT)                                                                                             \
	X(RESOURCE_UPDATE)                                                                                             \
	X(RESOURCE_DELETE)                                                                                             \
	X(RESOURCE_GET)                                                                                                \
	X(RESOURCE_BY_NAME)                                                                                            \
	X(RESOURCE_HEAD)                                                                                               \
	X(RESOURCE_AT)                                                                                                 \
	X(RESOURCE_SCAN)                                                                                               \
	X(RESOURCE_MARK)                                                                                               \
	X(RESOURCE_BLOCK_ADD)                                                                                          \
	X(RESOURCE_BLOCK_EMPTY)                                                                                        \
	X(RESOURCE_BLOCKS)                                                                                             \
	X(RESOURCE_TOTAL_ADD)                                                                                          \
	X(RESOURCE_COUNT)                                                                                              \
	X(INDEX_ADD)                                                                                                   \
	X(INDEX_SPACE)                                                                                                 \
	X(INDEX_REMOVE)                                                                                                \
	X(INDEX_COUNT)                                                                                                 \
	X(INDEX_MARKS)                                                                                                 \
	X(INDEX_MARK)                                                                                                  \
	X(INDEX_UNMARK)                                                                                                \
	X(INDEX_DROP)                                                                                                  \
	X(RANGE_NAME)                                                                                                  \
	X(RANGE_EXTERNAL_ID)                                                                                           \
	X(RANGE_CREATED)                                                                                               \
	X(RANGE_MODIFIED)                                                                                              \
	X(RANGE_INDEX)                                                                                                 \
	X(UP_NAME)                                                                                                     \
	X(UP_EXTERNAL_ID)                                                                                              \
	X(UP_CREATED)                                                                                                  \
	X(UP_MODIFIED)                                                                                                 \
	X(UP_INDEX)                                                                                                    \
	X(DOWN_NAME)                                                                                                   \
	X(DOWN_EXTERNAL_ID)                                                                                            \
	X(DOWN_CREATED)                                                                                                \
	X(DOWN_MODIFIED)                                                                                               \
	X(DOWN_INDEX)                                                                                                  \
	X(RESOURCE_FROM)                                                                                               \
	X(APIUSER_PUT)                                                                                                 \
	X(APIUSER_REMOVE)                                                                                              \
	X(APIUSER_FOLLOW)                                                                                              \
	X(APIUSER_BY_KEY)                                                                                              \
	X(APIUSER_GET)                                                                                                 \
	X(APIUSER_SEARCH)                                                                                              \
	X(APIUSER_LIST)                                                                                                \
	X(APIUSER_COUNT)                                                                                               \
	X(ACCOUNT_PUT)                                                                                                 \
	X(ACCOUNT_REMOVE)                                                                                              \
	X(ACCOUNT_GET)                                                                                                 \
	X(ACCOUNT_OF)                                                                                                  \
	X(ACCOUNT_BY_REMOTE)                                                                                           \
	X(ACCOUNT_BY_APIUSER)                                                                                          \
	X(ACCOUNT_LIST)                                                                                                \
	X(ACCOUNT_OF_ENTRY)                                                                                            \
	X(ACCOUNT_COUNTS)                                                                                              \
	X(TARGET_GET)                                                                                                  \
	X(TARGET_PUT)                                                                                                  \
	X(STEP_ADD)                                                                                                    \
	X(STEP_UPDATE)                                                                                                 \
	X(STEP_GET)                                                                                                    \
	X(STEP_OPEN)                                                                                                   \
	X(STEP_NEXT)                                                                                                   \
	X(STEP_WAKE)                                                                                                   \
	X(STEP_LIST)                                                                                                   \
	X(STEP_LIST_STATE)                                                                                             \
	X(STEP_OF_ACCOUNT)                                                                                             \
	X(STEP_COUNT)                                                                                                  \
	X(STEP_REMOVALS)                                                                                               \
	X(STEP_RUNNING)                                                                                                \
	X(AUDIT_HEAD)                                                                                                  \
	X(AUDIT_HEAD_PUT)                                                                                              \
	X(AUDIT_ADD)                                                                                                   \
	X(AUDIT_LIST)                                                                                                  \
	X(AUDIT_LIST_OBJECT)                                                                                           \
	X(AUDIT_WALK)                                                                                                  \
	X(TOKEN_ADD)                                                                                                   \
	X(TOKEN_GET)                                                                                                   \
	X(TOKEN_LIST)                                                                                                  \
	X(TOKEN_REVOKE)                                                                                                \
	X(TOKEN_REVOKE_ONE)                                                                                            \
	X(TOKEN_USED)                                                                                                  \
	X(PROVIDER_PUT)                                                                                                \
	X(PROVIDER_GET)                                                                                                \
	X(PROVIDER_LIST)                                                                                               \
	X(ASYNC_OPEN)                                                                                                  \
	X(ASYNC_PUT)                                                                                                   \
	X(ASYNC_END)                                                                                                   \
	X(ASYNC_END_ALL)                                                                                               \
	X(ASYNC_GET)                                                                                                   \
	X(ASYNC_OUTCOMES)                                                                                              \
	X(ASYNC_EXPIRE)                                                                                                \
	X(ASYNC_EXPIRE_OUTCOMES)                                                                                       \
	X(SEALED_PUT)                                                                                                  \
	X(SEALED_GET)                                                                                                  \
	X(SEALED_BLANK)                                                                                                \
	X(SEALED_REMOVE)

enum au_statement {
#define X(name) AU_SQL_##name,
	AU_STATEMENTS(X)
#undef X
	    AU_STATEMENT_COUNT
};

#endif
