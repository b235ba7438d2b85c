/* SPDX-License-Identifier: ISC */
/* SQLite's text of every statement on the audit chain. */
#include "store/sqlite.h"
#include "store/sqlite_parts.h"

/* Whatever is not asked for is null; a word stands for itself and for what begins with it and the divider. */
#define IS_OR_BEGINS(column, value, divider)                                                                           \
	"(" value " IS NULL OR " column " = " value " OR substr(" column ", 1, length(" value ") + 1) = " value        \
	" || '" divider "')"
#define ACCOUNTS_OF_USER                                                                                               \
	"(SELECT account.id FROM account JOIN apiuser ON apiuser.id = account.apiuser_id WHERE apiuser.key = ?9)"
#define AUDIT_WHERE                                                                                                    \
	" FROM audit WHERE seq > ?1 AND seq < ?2 AND at_ms >= ?3 AND at_ms < ?4 AND (?5 IS NULL OR object = ?5)"       \
	" AND " IS_OR_BEGINS("actor", "?6", ":") " AND " IS_OR_BEGINS("verb", "?7", ".")                               \
	" AND (?8 IS NULL OR object = ?8 OR actor = 'target:' || ?8 OR detail ->> '$.target' = ?8"                     \
	" OR object IN (SELECT id FROM account WHERE target = ?8))"                                                    \
	" AND (?9 IS NULL OR object = ?9 OR detail ->> '$.user' = ?9 OR detail ->> '$.key' = ?9"                       \
	" OR object IN (SELECT id FROM apiuser WHERE key = ?9) OR object IN " ACCOUNTS_OF_USER                         \
	" OR object IN (SELECT id FROM entry WHERE key = ?9))"

const char *const au_sqlite_audit_texts[AU_STATEMENT_COUNT] = {
	[AU_SQL_AUDIT_HEAD] = "SELECT seq, mac, seal FROM audit_head",
	[AU_SQL_AUDIT_HEAD_PUT] = "INSERT INTO audit_head VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET"
				  " seq = excluded.seq, mac = excluded.mac, seal = excluded.seal",
	[AU_SQL_AUDIT_START] = "SELECT seq, mac, seal FROM audit_start",
	[AU_SQL_AUDIT_START_PUT] = "INSERT INTO audit_start VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET"
				   " seq = excluded.seq, mac = excluded.mac, seal = excluded.seal",
	[AU_SQL_AUDIT_ADD] = "INSERT INTO audit (" AUDIT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)",
	[AU_SQL_AUDIT_GET] = "SELECT " AUDIT_COLUMNS " FROM audit WHERE seq = ?",
	[AU_SQL_AUDIT_LIST] = "SELECT " AUDIT_COLUMNS AUDIT_WHERE " ORDER BY seq DESC LIMIT ?10",
	[AU_SQL_AUDIT_LIST_UP] = "SELECT " AUDIT_COLUMNS AUDIT_WHERE " ORDER BY seq LIMIT ?10",
	[AU_SQL_AUDIT_LIST_OBJECT] = "SELECT " AUDIT_COLUMNS " FROM audit WHERE object = ? AND seq < ?"
				     " ORDER BY seq DESC LIMIT ?",
	[AU_SQL_AUDIT_WALK] = "SELECT " AUDIT_COLUMNS " FROM audit ORDER BY seq",
	/* The last of the oldest rows before the first that is not old. */
	[AU_SQL_AUDIT_OLD] = "WITH oldest AS (SELECT seq, mac, at_ms FROM audit ORDER BY seq LIMIT ?2)"
			     " SELECT seq, mac FROM oldest"
			     " WHERE seq < coalesce((SELECT min(seq) FROM oldest WHERE at_ms >= ?1), ~(1 << 63))"
			     " ORDER BY seq DESC LIMIT 1",
	[AU_SQL_AUDIT_REMOVE] = "DELETE FROM audit WHERE seq <= ?",
};
