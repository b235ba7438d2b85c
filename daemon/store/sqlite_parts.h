/* SPDX-License-Identifier: ISC */
/*
 * Parts of which SQLite's statements are made: columns in the order in which they are read, and what several say
 * alike.
 */
#ifndef STORE_SQLITE_PARTS_H
#define STORE_SQLITE_PARTS_H

#include "model/entry.h"

#define ENTRY_COLUMNS                                                                                                  \
	"entry.source, entry.id, entry.kind, entry.dn, entry.key, entry.user_name, entry.display_name, "               \
	"entry.given_name, entry.family_name, entry.mail, entry.external_id, entry.active, entry.owner, "              \
	"entry.owner_dn, entry.application"
#define MEMBER_COLUMNS                                                                                                 \
	"ref, is_known, member.dn_norm, display, kind, coalesce(display_name, user_name), user_name FROM member"       \
	" LEFT JOIN entry ON entry.source = member.source AND entry.id = ref AND is_known = 1"
/* Groups that are no groups to people, by the beginning of their ids; no character comes after U+10FFFF. */
#define GRANT_COUNT(word)                                                                                              \
	"(SELECT count(*) FROM entry WHERE entry.source = name AND id >= '" word "' AND id < '" word                   \
	"\xf4\x8f\xbf\xbf')"
#define VERDICT_COLUMNS "name, state, text, complete, complete_ms, drift"
/* Counting walks over the whole index of the source's entries. */
#define SOURCE_COLUMNS                                                                                                 \
	VERDICT_COLUMNS                                                                                                \
	", (SELECT count(*) FROM entry WHERE entry.source = name AND kind = 1), "                                        \
	"(SELECT count(*) FROM entry WHERE entry.source = name AND kind = 2)"                                          \
	" - " GRANT_COUNT(AU_GRANT_ROLE) " - " GRANT_COUNT(AU_GRANT_ENTITLEMENT)
#define RESOURCE_COLUMNS "id, client, type, name_fold, external_id, doc, version, created_ms, modified_ms, num"
/* Of one client and type, which whoever asks knows; and whether it is in any group, which most are not. */
#define RESOURCE_FOUND                                                                                                 \
	"id, name_fold, external_id, doc, version, created_ms, modified_ms, num,"                                      \
	" EXISTS (SELECT 1 FROM member WHERE source = resource.client AND ref = resource.id AND is_known = 1)"         \
	" FROM resource"
/* Bound to client, type, attribute and values.  A column with an index of its own leaves the attribute alone ... */
#define COLUMN_WHERE(column, index)                                                                                    \
	" FROM resource INDEXED BY " index " WHERE client = ?1 AND type = ?2 AND " column " IS NOT NULL AND "
#define COLUMN_RANGE(column, index) "SELECT num" COLUMN_WHERE(column, index) column " >= ?4 AND " column " < ?5"
#define COLUMN_COUNT(column, index)                                                                                    \
	"SELECT count(*)" COLUMN_WHERE(column, index) "(" column ", num) >= (?4, ?5) AND (" column ", num) < (?6, ?7)"
#define COLUMN_UP(column, index)                                                                                       \
	"SELECT num, " column COLUMN_WHERE(column, index) "(" column ", num) > (?4, ?5) AND " column                   \
							  " < ?8 ORDER BY " column ", num LIMIT ?6 OFFSET ?7"
#define COLUMN_DOWN(column, index)                                                                                     \
	"SELECT num, " column COLUMN_WHERE(column, index) "(" column ", num) < (?4, ?5) AND " column                   \
							  " >= ?8 ORDER BY " column                            \
							  " DESC, num DESC LIMIT ?6 OFFSET ?7"
/* ... and so are the values of the attributes that have none. */
#define SPACE "(SELECT num FROM resource_space WHERE client = ?1 AND type = ?2 AND attr = ?3)"
/* A run is the one of a place when its start is the last one that is not behind it. */
#define RUN_WHERE " FROM resource_run WHERE client = ?1 AND type = ?2 AND attr = ?3"
#define RUN_OF " AND (value, num) <= (?4, ?5) ORDER BY value DESC, num DESC LIMIT 1"
#define APIUSER_COLUMNS                                                                                                \
	"id, key, user_name, display_name, given_name, family_name, mail, conflict, created_ms, "                      \
	"changed_ms, owner, owner_ref, application, expires_ms, term_ms, told_ms, owner_state, owner_ms"
#define ACCOUNT_COLUMNS                                                                                                \
	"id, apiuser_id, target, login, state, remote_id, remote_version, rights, label, first_name, "                 \
	"last_name, mail, active, observed_ms, disabled_ms, problem, problem_for, retry_ms, created_ms, basis, "       \
	"settled, drift_ms, left_ms, adoption, bases, takes, refused, unmarked_ms, secret_ms, "                 \
	"origin, place, since_ms, confirmed_ms, confirmed_by, wanted_ms, wanted_why, former"
#define TARGET_COLUMNS "name, paused, text, observed_ms, strangers, strangers_active, strangers_ignored"
#define STRANGER_COLUMNS "target, remote_id, login, label, first_name, last_name, mail, mark, active, rights, first_ms"
#define TROUBLE_COLUMNS "account_id, failures, first_ms, last_ms, since_ms, reason, premise"
#define STEP_COLUMNS                                                                                                   \
	"id, account_id, apiuser_id, target, login, op, lane, state, want, was, reason, guard, cause, "                \
	"tries, next_ms, created_ms, finished_ms, code, error, guards, takes, rank, waits, parcel"
/* What belongs to a parcel that is still being written is not sent. */
#define STEP_IS_SENT " AND NOT EXISTS (SELECT 1 FROM parcel WHERE parcel.id = step.parcel)"
#define WORK_COLUMNS                                                                                                   \
	"id, step, account_id, apiuser_id, target, login, op, lane, state, revision, digest, want, text, reason, "     \
	"created_ms, changed_ms, due_ms, claimer, claimer_name, claimed_ms, doer, doer_name, done_ms, second, "        \
	"second_name, evidence, result, verified_by, verified_ms, replaces, note, "                                    \
	"ticket"
#define POOL_COLUMNS                                                                                                   \
	"target, name, rule, limit_set, reserve, warn, warn_percent, limit_read, used_read, observed_ms, "             \
	"ours, reserved, waiting, others, closed_ms, read_ms, told, beyond"
#define AUDIT_COLUMNS "seq, at_ms, actor, verb, object, detail, mac"
#define ASYNC_COLUMNS "txn, client, created_ms, expires_ms, operations, is_ended, scope"
#define PROVIDER_COLUMNS "client, profile, evidence, named, seen_ms"
#define TOKEN_COLUMNS "id, client, mac, created_ms, expires_ms, revoked_ms, used_ms, scopes"

/* Accounts of those under way; of those done since ?2; of these the ones that did not come back; and of those that the
 * guard ?3 holds.  Operation ?1. */
#define LOSS_OF(index, place) " FROM step INDEXED BY " index " WHERE lane <> 1 AND op = ?1 AND " place
#define LOSS_LATELY " AND state = 3 AND finished_ms >= ?2"
#define LOSS_CAME_BACK "account.id = step.account_id AND account.state = 2 AND (account.active = 1 OR ?1 = 7)"
#define LOSS_GONE "CASE WHEN NOT EXISTS (SELECT 1 FROM account WHERE " LOSS_CAME_BACK ") THEN account_id END"
#define LOSS_HELD " AND state = 5 AND instr(',' || guards || ',', ',' || ?3 || ',') > 0"
#define LOSS(index, place)                                                                                             \
	"SELECT (SELECT count(*)" LOSS_OF(index, place) " AND state IN (1, 2, 9)),"                                    \
	" (SELECT count(DISTINCT account_id)" LOSS_OF(index, place) LOSS_LATELY "),"                                   \
	" (SELECT count(DISTINCT " LOSS_GONE ")" LOSS_OF(index, place) LOSS_LATELY "),"                                \
	" (SELECT count(*)" LOSS_OF(index, place) LOSS_HELD ")"

/* Accounts of application ?1 in target ?2 that are active, in order, and not about to go. */
#define STAND_INS                                                                                                      \
	"SELECT account.id FROM apiuser INDEXED BY apiuser_application CROSS JOIN account"                             \
	" WHERE apiuser.application = ?1 AND account.apiuser_id = apiuser.id AND account.target = ?2"                  \
	" AND account.state = 2 AND account.active = 1 AND account.problem IS NULL"                                    \
	" AND NOT EXISTS (SELECT 1 FROM step WHERE step.account_id = account.id AND step.state IN (1, 2, 9)"           \
	"  AND step.op IN (6, 7)) LIMIT ?3"

/* The same with one of the values ?4 (an array of texts) in the right ?2 (a path) of target ?1, and those who are not
 * ours; ?3 is the path in what a step would leave. */
#define HAS_VALUE(json, path)                                                                                          \
	"EXISTS (SELECT 1 FROM json_each(" json ", " path ") AS has WHERE CASE has.type WHEN 'true' THEN 'true'"       \
	" WHEN 'false' THEN 'false' ELSE CAST(has.value AS TEXT) END IN (SELECT value FROM json_each(?4)))"

#define PROTECTION_COLUMNS "target, login, actor, name, reason, at_ms"

/* The configured part of a ledger; what is counted stays. */
#define POOL_DEFINE_TEXT                                                                                               \
	"INSERT INTO pool (" POOL_COLUMNS ")"                                                                          \
	" VALUES (?, ?, ?, ?, ?, ?, ?, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, ?)"                                             \
	" ON CONFLICT (target, name) DO UPDATE SET rule = excluded.rule,"                                              \
	" limit_set = excluded.limit_set, reserve = excluded.reserve, warn = excluded.warn,"                           \
	" warn_percent = excluded.warn_percent, beyond = excluded.beyond"
/* Of the same account, whatever a queued step must not overtake: what runs; what a person does; what came before it.  But
 * what takes away waits for no person who is to give, and for what came before only when that brings the account about. */
#define STEP_IN_THE_WAY                                                                                                \
	"SELECT 1 FROM step AS other WHERE other.account_id = step.account_id AND other.id <> step.id"                 \
	" AND other.state IN (1, 2, 5, 8, 9, 10) AND (other.state = 2"                                                     \
	" OR other.state = 9 AND (step.lane = 1 OR other.lane <> 1)"                                                   \
	" OR other.state = 1 AND other.id < step.id AND (step.lane = 1 OR other.lane <> 1 OR other.op IN (1, 2)))"
/* Who gives back first: open removals, then accounts that wait out their grace time. */
#define SEAT_LEAVING_TEXT                                                                                              \
	"SELECT step.login, step.op, step.state, 0 FROM seat JOIN step ON step.account_id = seat.account_id"           \
	" AND step.state IN (1, 2, 5, 8, 9, 10) AND step.op IN (6, 7) WHERE seat.target = ?1 AND seat.pool = ?2"           \
	" AND seat.held > 0 ORDER BY step.state = 5, step.id LIMIT 1"
#define SEAT_EXPIRING_TEXT                                                                                             \
	"SELECT account.login, 0, 0, account.disabled_ms FROM seat JOIN account ON"                                    \
	" account.id = seat.account_id WHERE seat.target = ?1 AND seat.pool = ?2"                                      \
	" AND seat.held > 0 AND account.disabled_ms > 0 ORDER BY account.disabled_ms LIMIT 1"

#endif
