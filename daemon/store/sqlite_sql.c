/* SPDX-License-Identifier: ISC */
/* SQLite's text of every statement on facts and resources; those on what is wanted and done are in
 * sqlite_plan.c, those on the audit chain in sqlite_audit.c.  Constant, each value bound; the state and kind numbers are checked in sqlite_schema.c. */
#include "store/sqlite.h"

#include "store/sqlite_parts.h"

static const char *const fact_texts[AU_STATEMENT_COUNT] = {
	[AU_SQL_META_GET] = "SELECT value FROM meta WHERE name = ?",
	[AU_SQL_META_PUT] = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",

	[AU_SQL_SOURCE_GET] = "SELECT " SOURCE_COLUMNS " FROM source WHERE name = ?",
	[AU_SQL_SOURCE_VERDICT] = "SELECT " VERDICT_COLUMNS " FROM source WHERE name = ?",
	[AU_SQL_SOURCE_PUT] = "INSERT INTO source (name, state, text, complete, complete_ms, drift)"
			      " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state,"
			      " text = excluded.text, complete = excluded.complete,"
			      " complete_ms = excluded.complete_ms, drift = excluded.drift",
	[AU_SQL_SOURCE_LIST] = "SELECT " SOURCE_COLUMNS " FROM source ORDER BY name",

	[AU_SQL_COOKIE_GET] = "SELECT cookie FROM cookie WHERE source = ? AND search = ?",
	[AU_SQL_COOKIE_PUT] = "INSERT INTO cookie VALUES (?, ?, ?)"
			      " ON CONFLICT (source, search) DO UPDATE SET cookie = excluded.cookie",
	[AU_SQL_PLAN_DONE_PUT] = "INSERT INTO plan_done VALUES (?, ?, ?)",
	[AU_SQL_PLAN_DONE_FORGET] = "DELETE FROM plan_done WHERE at_ms < ?",
	[AU_SQL_PARCEL_ADD] = "INSERT INTO parcel (digest, actor, at_ms) VALUES (?, ?, ?)",
	[AU_SQL_PARCEL_LIST] = "SELECT id, digest, actor, at_ms FROM parcel ORDER BY id",
	[AU_SQL_PARCEL_END] = "DELETE FROM parcel WHERE id = ?",
	[AU_SQL_PLAN_DONE_GET] = "SELECT digest, actor, at_ms FROM plan_done WHERE digest = ?",
	[AU_SQL_REREAD_PUT] = "INSERT INTO reread VALUES (?, ?, ?)"
			      " ON CONFLICT (source, id) DO UPDATE SET generation = excluded.generation",
	[AU_SQL_REREAD_LIST] = "SELECT reread.id, entry.dn FROM reread JOIN entry"
			       " ON entry.source = reread.source AND entry.id = reread.id"
			       " WHERE reread.source = ? AND entry.dn IS NOT NULL",
	[AU_SQL_REREAD_DONE] = "DELETE FROM reread WHERE source = ? AND generation < ?",
	[AU_SQL_COOKIE_REMOVE] = "DELETE FROM cookie WHERE source = ? AND search = ?",

	[AU_SQL_ENTRY_HEAD] = "SELECT entry.num, entry.digest, entry.kind, entry.key, entry.dn_norm,"
			      " entry.display_name, entry.active, mark.generation, entry.user_name"
			      " FROM entry LEFT JOIN mark ON mark.num = entry.num"
			      " WHERE entry.source = ? AND entry.id = ?",
	[AU_SQL_ENTRY_INSERT] = "INSERT INTO entry (source, id, kind, dn, dn_norm, key, user_name, display_name,"
				" given_name, family_name, mail, external_id, active, owner, owner_dn, application,"
				" digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[AU_SQL_ENTRY_UPDATE] = "UPDATE entry SET kind = ?, dn = ?, dn_norm = ?, key = ?, user_name = ?,"
				" display_name = ?, given_name = ?, family_name = ?, mail = ?, external_id = ?,"
				" active = ?, owner = ?, owner_dn = ?, application = ?, digest = ? WHERE num = ?",
	/* Without the columns that have an index, as RESOURCE_UPDATE has it; most entries have no owner. */
	[AU_SQL_ENTRY_RESTATE] = "UPDATE entry SET dn = ?, display_name = ?, given_name = ?, family_name = ?, mail = ?,"
				 " external_id = ?, active = ?, owner = ?, owner_dn = ?, application = ?, digest = ?"
				 " WHERE num = ?",
	[AU_SQL_ENTRY_GET] = "SELECT " ENTRY_COLUMNS " FROM entry WHERE source = ? AND id = ?",
	/* A name can pass to a new entry before the old one is known to be gone. */
	[AU_SQL_ENTRY_BY_DN] =
	    "SELECT " ENTRY_COLUMNS " FROM entry WHERE source = ? AND dn_norm = ? ORDER BY num DESC LIMIT 1",
	[AU_SQL_ENTRY_BRIEF] = "SELECT num, kind, id, key FROM entry WHERE source = ? AND id = ?",
	[AU_SQL_ENTRY_BRIEF_BY_DN] = "SELECT num, kind, id, key FROM entry WHERE source = ? AND dn_norm = ?"
				     " ORDER BY num DESC LIMIT 1",
	/* As entry_user_name has it: people of directories. */
	[AU_SQL_ENTRY_BRIEF_BY_NAME] = "SELECT num, kind, id, key FROM entry WHERE source = ? AND user_name = ?"
				       " COLLATE NOCASE AND kind = 1 AND dn_norm IS NOT NULL ORDER BY num LIMIT ?",
	[AU_SQL_ENTRY_MARK] = "INSERT INTO mark VALUES (?, ?)"
			      " ON CONFLICT (num) DO UPDATE SET generation = excluded.generation",
	[AU_SQL_ENTRY_MARK_BY_ID] = "INSERT INTO mark SELECT num, ?3 FROM entry WHERE source = ?1 AND id = ?2"
				    " ON CONFLICT (num) DO UPDATE SET generation = excluded.generation",
	[AU_SQL_ENTRY_UNMARK] = "DELETE FROM mark WHERE num = ?",
	[AU_SQL_ENTRY_REMOVE] = "DELETE FROM entry WHERE num = ?",
	[AU_SQL_ENTRY_UNSEEN] = "SELECT entry.id FROM entry LEFT JOIN mark ON mark.num = entry.num"
				" WHERE entry.source = ? AND entry.kind = ? AND mark.generation IS NOT ?"
				" ORDER BY entry.num",
	[AU_SQL_ENTRY_FROM] = "SELECT num, id, digest,"
			      " CASE WHEN ?5 THEN (SELECT generation FROM mark WHERE mark.num = entry.num) END"
			      " FROM entry WHERE source = ?1 AND kind = ?2 AND num > ?3 ORDER BY num LIMIT ?4",
	[AU_SQL_ENTRY_DUE] = "SELECT entry.id, entry.dn_norm, expiry.at_ms, expiry.odd FROM expiry"
			     " JOIN entry ON entry.num = expiry.num"
			     " WHERE expiry.source = ? AND expiry.at_ms > 0 AND expiry.at_ms <= ?"
			     " ORDER BY expiry.at_ms LIMIT ?",
	[AU_SQL_ENTRY_NEXT_DUE] = "SELECT at_ms FROM expiry WHERE source = ? AND at_ms > 0 ORDER BY at_ms LIMIT 1",
	[AU_SQL_EXPIRY_PUT] = "INSERT INTO expiry (num, source, at_ms, odd) VALUES (?, ?, ?, ?)"
			      " ON CONFLICT (num) DO UPDATE SET at_ms = excluded.at_ms, odd = excluded.odd",
	[AU_SQL_EXPIRY_DOUBT] = "INSERT INTO expiry (num, source, at_ms, odd) VALUES (?, ?, 0, ?)"
				" ON CONFLICT (num) DO UPDATE SET odd = excluded.odd",
	[AU_SQL_EXPIRY_GET] = "SELECT at_ms FROM expiry WHERE num = ?",
	[AU_SQL_EXPIRY_ODD_COUNT] = "SELECT count(*) FROM expiry WHERE source = ? AND odd IS NOT NULL",
	[AU_SQL_EXPIRY_ODD] = "SELECT entry.id, entry.user_name, expiry.odd FROM expiry"
			      " JOIN entry ON entry.num = expiry.num"
			      " WHERE expiry.source = ? AND expiry.odd IS NOT NULL ORDER BY expiry.num LIMIT 1",
	[AU_SQL_EXPIRY_DROP] = "DELETE FROM expiry WHERE num = ?",
	[AU_SQL_ENTRY_ID] = "SELECT id FROM entry WHERE num = ?",
	[AU_SQL_ENTRY_COUNT] = "SELECT count(*) FROM entry WHERE source = ? AND kind = ?",
	[AU_SQL_ENTRY_GROUPS] = "SELECT id, display_name FROM entry WHERE source = ? AND kind = 2",
	[AU_SQL_ENTRY_BY_KEY] = "SELECT " ENTRY_COLUMNS ", expiry.at_ms, expiry.odd FROM entry"
				" LEFT JOIN expiry ON expiry.num = entry.num"
				" WHERE key = ? ORDER BY entry.source, entry.id",

	[AU_SQL_MEMBER_GROUP] = "SELECT num FROM entry WHERE source = ? AND id = ? AND kind = 2",
	[AU_SQL_MEMBER_ADD] = "INSERT INTO member (group_num, ref, is_known, source, dn_norm, display)"
			      " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (group_num, ref) DO NOTHING",
	[AU_SQL_MEMBER_DISPLAY] = "UPDATE member SET display = ?3 WHERE group_num = ?1 AND ref = ?2"
				  " AND display IS NOT ?3",
	[AU_SQL_MEMBER_REMOVE] = "DELETE FROM member WHERE group_num = ? AND ref = ? AND is_known = ?",
	[AU_SQL_MEMBER_REF_BY_DN] = "SELECT ref FROM member WHERE source = ? AND dn_norm = ? AND group_num = ?",
	[AU_SQL_MEMBER_LIST] = "SELECT " MEMBER_COLUMNS " WHERE group_num = ? AND ref > ? ORDER BY ref LIMIT ?",
	[AU_SQL_MEMBER_HELD] = "SELECT ref, is_known, dn_norm, CASE WHEN is_known = 1 AND substr(dn_norm, 1, 1) = '@'"
			       " THEN (SELECT user_name FROM entry WHERE entry.source = member.source AND id = ref) END"
			       " FROM member WHERE group_num = ? AND ref > ? ORDER BY ref LIMIT ?",
	[AU_SQL_MEMBER_OPEN] = "SELECT num, EXISTS (SELECT 1 FROM member_list WHERE group_num = num)"
			       " FROM entry WHERE source = ? AND id = ? AND kind = 2",
	[AU_SQL_LIST_DROP] = "DELETE FROM member_list WHERE group_num = ?",
	[AU_SQL_LIST_PUT] =
	    "INSERT INTO member_list SELECT num, ?3 FROM entry WHERE source = ?1 AND id = ?2 AND kind = 2"
	    " ON CONFLICT (group_num) DO UPDATE SET digest = excluded.digest",
	[AU_SQL_LIST_IS] = "SELECT 1 FROM entry JOIN member_list ON group_num = num"
			   " WHERE source = ? AND id = ? AND member_list.digest = ?",
	[AU_SQL_MEMBER_GET] = "SELECT " MEMBER_COLUMNS " WHERE group_num = ? AND ref = ? AND is_known = 1",
	[AU_SQL_MEMBER_COUNT] = "SELECT members FROM entry WHERE source = ? AND id = ? AND kind = 2",
	[AU_SQL_MEMBER_COUNT_KNOWN] = "SELECT known_members FROM entry WHERE source = ? AND id = ? AND kind = 2",
	/* Nearest groups first, and no further than the limit needs; the depth ends cycles. */
	[AU_SQL_MEMBER_PEOPLE] =
	    "WITH RECURSIVE inner_group (num, depth) AS ("
	    " SELECT num, 0 FROM entry WHERE source = ?1 AND id = ?2 AND kind = 2 UNION"
	    " SELECT entry.num, inner_group.depth + 1 FROM inner_group CROSS JOIN member CROSS JOIN entry"
	    " WHERE inner_group.depth < ?3 AND member.group_num = inner_group.num AND member.is_known = 1"
	    " AND entry.source = member.source AND entry.id = member.ref AND entry.kind = 2)"
	    " SELECT count(*) FROM (SELECT DISTINCT entry.num FROM inner_group CROSS JOIN member CROSS JOIN entry"
	    " WHERE member.group_num = inner_group.num AND member.is_known = 1 AND entry.source = member.source"
	    " AND entry.id = member.ref AND entry.kind = 1 LIMIT ?4)",
	[AU_SQL_MEMBER_HAS] = "SELECT 1 FROM member WHERE ref = ?3 AND is_known = 1"
			      " AND group_num = (SELECT num FROM entry WHERE source = ?1 AND id = ?2)",
	[AU_SQL_MEMBER_GROUPS] = "SELECT " ENTRY_COLUMNS " FROM member JOIN entry ON entry.num = member.group_num"
				 " WHERE member.source = ? AND member.ref = ? AND member.is_known = 1"
				 " ORDER BY entry.id",
	/* Directly or through other groups; the union ends cycles. */
	[AU_SQL_MEMBER_OF] =
	    "WITH RECURSIVE held (num) AS ("
	    " SELECT group_num FROM member WHERE source = ?1 AND ref = ?2 AND is_known = 1 UNION"
	    " SELECT member.group_num FROM held CROSS JOIN entry CROSS JOIN member"
	    " WHERE entry.num = held.num AND member.source = ?1 AND member.ref = entry.id AND member.is_known = 1"
	    " LIMIT ?3)"
	    " SELECT " ENTRY_COLUMNS ", EXISTS (SELECT 1 FROM member"
	    "  WHERE group_num = held.num AND ref = ?2 AND is_known = 1) AS direct"
	    " FROM held CROSS JOIN entry WHERE entry.num = held.num ORDER BY direct DESC, entry.id",
	[AU_SQL_MEMBER_IN_ANY] = "SELECT 1 FROM member WHERE source = ? AND ref = ? AND is_known = 1 LIMIT 1",
	[AU_SQL_MEMBER_UNKNOWN] = "SELECT count(*) FROM member WHERE source = ? AND ref = ? AND is_known = 0",
	[AU_SQL_MEMBER_KNOWN_TWICE] = "DELETE FROM member WHERE source = ?1 AND ref = ?3 AND is_known = 0"
				      " AND EXISTS (SELECT 1 FROM member AS known"
				      "  WHERE known.group_num = member.group_num AND known.ref = ?2)",
	[AU_SQL_MEMBER_RESOLVE] = "UPDATE member SET ref = ?2, is_known = 1, dn_norm = ?3"
				  " WHERE source = ?1 AND ref = ?3 AND is_known = 0",
	[AU_SQL_MEMBER_MOVE] = "UPDATE member SET dn_norm = ? WHERE source = ? AND ref = ? AND is_known = 1"
			       " AND substr(dn_norm, 1, 1) IS NOT '@'",
	[AU_SQL_MEMBER_RESTATE] = "UPDATE member SET dn_norm = ?3 WHERE group_num = ?1 AND ref = ?2 AND is_known = 1",
	/* Of a member named in both ways the DN is kept, which says more. */
	[AU_SQL_MEMBER_PREFER_DN] = "UPDATE member SET dn_norm = ?3 WHERE group_num = ?1 AND ref = ?2"
				    " AND is_known = 1 AND substr(dn_norm, 1, 1) = '@'",
	[AU_SQL_MEMBER_NAMED] = "SELECT EXISTS (SELECT 1 FROM member WHERE source = ?1 AND ref = ?2)"
				" OR EXISTS (SELECT 1 FROM member WHERE source = ?1 AND dn_norm = ?2)",
	[AU_SQL_MEMBER_UNNAME] = "UPDATE member SET ref = ?2, is_known = 0, dn_norm = NULL"
				 " WHERE source = ?1 AND dn_norm = ?2 AND is_known = 1 AND ref IS NOT ?3",
	[AU_SQL_MEMBER_NAMED_TWICE] = "DELETE FROM member WHERE source = ?1 AND ref = ?2 AND is_known = 0"
				      " AND EXISTS (SELECT 1 FROM member AS named WHERE named.group_num ="
				      "  member.group_num AND named.source = ?1 AND named.dn_norm = ?2"
				      "  AND named.is_known = 1 AND named.ref IS NOT ?3)",
	/* How many have a name that some group means, as far as two. */
	[AU_SQL_MEMBER_RIVALS] = "SELECT count(*) FROM (SELECT 1 FROM entry WHERE source = ?1 AND user_name = ?3"
				 " COLLATE NOCASE AND kind = 1 AND dn_norm IS NOT NULL"
				 " AND EXISTS (SELECT 1 FROM member WHERE source = ?1 AND ref = ?2) LIMIT 2)",
	/* Groups that hold somebody by a user name which is not theirs any more. */
	[AU_SQL_MEMBER_STALE] = "SELECT " ENTRY_COLUMNS " FROM member JOIN entry AS person"
				" ON person.source = member.source AND person.id = member.ref"
				" JOIN entry ON entry.num = member.group_num"
				" WHERE member.source = ?1 AND member.ref = ?2 AND member.is_known = 1"
				" AND substr(member.dn_norm, 1, 1) = '@'"
				" AND substr(member.dn_norm, 2) IS NOT person.user_name COLLATE NOCASE",
	/* Groups that hold an unknown member whose name lies in a range. */
	[AU_SQL_MEMBER_STRAY] =
	    "SELECT DISTINCT " ENTRY_COLUMNS " FROM member JOIN entry ON entry.num = member.group_num"
	    " WHERE member.source = ?1 AND member.ref >= ?2 AND member.ref < ?3"
	    " AND member.is_known = 0 LIMIT ?4",
	[AU_SQL_MEMBER_NESTED] = "SELECT inner.id, outer.id, coalesce(inner.dn, inner.display_name),"
				 " coalesce(outer.dn, outer.display_name) FROM entry AS inner"
				 " JOIN member ON member.source = inner.source AND member.ref = inner.id"
				 " AND member.is_known = 1 JOIN entry AS outer ON outer.num = member.group_num"
				 " WHERE inner.source = ? AND inner.kind = 2 ORDER BY inner.num, outer.num",
	/* All, and those of DNs that lie below neither of two. */
	[AU_SQL_MEMBER_STRANGERS] = "SELECT count(*), sum(ref NOT LIKE '@%' AND ref <> ?2 AND ref <> ?3"
				    " AND substr(ref, -length(',' || ?2)) <> ',' || ?2"
				    " AND substr(ref, -length(',' || ?3)) <> ',' || ?3)"
				    " FROM member WHERE source = ?1 AND is_known = 0",
	[AU_SQL_MEMBER_COUNT_UNNAMED] = "UPDATE entry SET known_members = known_members - 1 WHERE num IN ("
					" SELECT group_num FROM member WHERE source = ?1 AND dn_norm = ?2"
					" AND is_known = 1 AND ref IS NOT ?3)",
	[AU_SQL_MEMBER_COUNT_NAMED_TWICE] = "UPDATE entry SET members = members - 1 WHERE num IN ("
					    " SELECT twice.group_num FROM member AS twice JOIN member AS named"
					    " ON named.group_num = twice.group_num WHERE twice.source = ?1"
					    " AND twice.ref = ?2 AND twice.is_known = 0 AND named.source = ?1"
					    " AND named.dn_norm = ?2 AND named.is_known = 1 AND named.ref IS NOT ?3)",
	[AU_SQL_MEMBER_COUNT_ADD] = "UPDATE entry SET members = members + ?, known_members = known_members + ?"
				    " WHERE num = ?",
	[AU_SQL_MEMBER_COUNT_TWICE] = "UPDATE entry SET members = members - 1 WHERE num IN (SELECT twice.group_num"
				      " FROM member AS twice JOIN member AS known ON known.group_num = twice.group_num"
				      " WHERE twice.source = ?1 AND twice.ref = ?3 AND twice.is_known = 0"
				      " AND known.ref = ?2)",
	[AU_SQL_MEMBER_COUNT_RESOLVED] = "UPDATE entry SET known_members = known_members + 1 WHERE num IN ("
					 " SELECT group_num FROM member WHERE source = ? AND ref = ? AND is_known = 0)",
	[AU_SQL_MEMBER_COUNT_LEFT] = "UPDATE entry SET members = members - 1, known_members = known_members - 1"
				     " WHERE num IN (SELECT group_num FROM member"
				     "  WHERE source = ? AND ref = ? AND is_known = 1)",
	[AU_SQL_MEMBER_LEAVE_ALL] = "DELETE FROM member WHERE source = ? AND ref = ? AND is_known = 1",
	[AU_SQL_MEMBER_EMPTY] = "DELETE FROM member WHERE group_num = ?",
	[AU_SQL_MEMBER_TOTALS] = "SELECT sum(known_members), sum(members) FROM entry WHERE source = ? AND kind = 2",

	[AU_SQL_READING_ADD] = "INSERT INTO reading (source, search, text) VALUES (?, ?, ?)",
	[AU_SQL_READING_FORGET] = "DELETE FROM reading WHERE source = ?1 AND search = ?2 AND num NOT IN (SELECT num"
				  " FROM reading WHERE source = ?1 AND search = ?2 ORDER BY num DESC LIMIT ?3)",
	[AU_SQL_READING_LIST] = "SELECT source, search, text FROM reading WHERE source = ? ORDER BY num DESC",
	[AU_SQL_READING_LATEST] = "SELECT source, search, text FROM reading WHERE num IN"
				  " (SELECT max(num) FROM reading GROUP BY source, search) ORDER BY source, search",
	[AU_SQL_MISSING_PUT] = "INSERT INTO missing VALUES (?1, ?2, ?3, ?4, ?5, ?5)"
			       " ON CONFLICT (source, search, id, member) DO UPDATE SET"
			       " first = iif(generation = ?6, first, ?5), generation = ?5"
			       " WHERE generation <> ?5",
	[AU_SQL_MISSING_DUE] = "SELECT search, id, member, first, generation FROM missing"
			       " WHERE source = ? AND search = ? AND generation = ? AND first < ? ORDER BY id, member",
	[AU_SQL_MISSING_FORGET] = "DELETE FROM missing"
				  " WHERE source = ? AND search = ? AND (generation <> ? OR first < ?)",
	[AU_SQL_MISSING_FORGET_GROUP] = "DELETE FROM missing"
					" WHERE source = ? AND search = ? AND id = ? AND member <> ''",
	[AU_SQL_MISSING_COUNT] = "SELECT count(*) FROM missing"
				 " WHERE source = ? AND search = ? AND generation = ? AND (member <> '') = ?",
	[AU_SQL_MISSING_LIST] = "SELECT search, missing.id, missing.member, first, generation, who.dn,"
				" coalesce(who.user_name, who.display_name), team.display_name FROM missing"
				" LEFT JOIN entry AS who ON who.source = missing.source"
				"  AND who.id = iif(missing.member = '', missing.id, missing.member)"
				" LEFT JOIN entry AS team ON team.source = missing.source AND team.id = missing.id"
				"  AND missing.member <> '' WHERE missing.source = ? ORDER BY 1, 2, 3 LIMIT ?",
	[AU_SQL_MISSING_TOTAL] = "SELECT count(*) FROM missing WHERE source = ?",

	[AU_SQL_OWNER_WANT] = "INSERT INTO owner (source, dn_norm, asked_ms) VALUES (?, ?, 0)"
			      " ON CONFLICT (source, dn_norm) DO NOTHING",
	[AU_SQL_OWNER_DUE] = "SELECT dn_norm FROM owner WHERE source = ? AND asked_ms <= ? ORDER BY asked_ms LIMIT ?",
	[AU_SQL_OWNER_DOUBT] = "UPDATE owner SET asked_ms = 0 WHERE source = ? AND dn_norm = ?",
	[AU_SQL_OWNER_DOUBT_ALL] = "UPDATE owner SET asked_ms = 0 WHERE source = ?",
	[AU_SQL_OWNER_GET] = "SELECT name FROM owner WHERE source = ? AND dn_norm = ?",
	[AU_SQL_OWNER_PUT] = "UPDATE owner SET name = ?3, asked_ms = ?4 WHERE source = ?1 AND dn_norm = ?2",
	[AU_SQL_OWNER_ASKED] = "UPDATE owner SET asked_ms = ?3 WHERE source = ?1 AND dn_norm = ?2",
	[AU_SQL_OWNER_PRUNE] = "DELETE FROM owner WHERE source = ?1 AND dn_norm = ?2 AND NOT EXISTS"
			       " (SELECT 1 FROM entry WHERE source = ?1 AND owner_dn = ?2)",
	[AU_SQL_OWNER_MARK] = "INSERT INTO dirty (key) SELECT key FROM entry WHERE source = ? AND owner_dn = ?"
			      " AND key IS NOT NULL ON CONFLICT (key) DO NOTHING",

	[AU_SQL_DIRTY_MARK] = "INSERT INTO dirty (key) VALUES (?) ON CONFLICT (key) DO NOTHING",
	[AU_SQL_DIRTY_MARK_NAMED] = "INSERT INTO dirty (key) SELECT entry.key FROM member CROSS JOIN entry"
				    " WHERE member.source = ?1 AND member.dn_norm = ?2 AND member.is_known = 1"
				    " AND member.ref IS NOT ?3 AND entry.source = ?1 AND entry.id = member.ref"
				    " AND entry.key IS NOT NULL ON CONFLICT (key) DO NOTHING",
	/* Everybody in a group, directly or through groups within it; the union ends cycles. */
	[AU_SQL_DIRTY_MARK_GROUP] =
	    "INSERT INTO dirty (key)"
	    " WITH RECURSIVE inner_group (num) AS (SELECT ? UNION"
	    "  SELECT entry.num FROM inner_group CROSS JOIN member CROSS JOIN entry"
	    "  WHERE member.group_num = inner_group.num AND member.is_known = 1 AND entry.source = member.source"
	    "  AND entry.id = member.ref AND entry.kind = 2)"
	    " SELECT entry.key FROM inner_group CROSS JOIN member CROSS JOIN entry"
	    " WHERE member.group_num = inner_group.num AND member.is_known = 1 AND entry.source = member.source"
	    " AND entry.id = member.ref AND entry.key IS NOT NULL"
	    " ON CONFLICT (key) DO NOTHING",
	[AU_SQL_DIRTY_MARK_ENTRIES] = "INSERT INTO dirty (key) SELECT key FROM entry WHERE key IS NOT NULL"
				      " ON CONFLICT (key) DO NOTHING",
	[AU_SQL_DIRTY_MARK_USERS] = "INSERT INTO dirty (key) SELECT key FROM apiuser WHERE true"
				    " ON CONFLICT (key) DO NOTHING",
	[AU_SQL_DIRTY_OLDEST] = "SELECT num, key FROM dirty ORDER BY num LIMIT ?",
	[AU_SQL_DIRTY_REMOVE] = "DELETE FROM dirty WHERE num <= ?",
	[AU_SQL_DIRTY_HAS] = "SELECT count(*) FROM dirty WHERE key = ?",
	[AU_SQL_DIRTY_COUNT] = "SELECT count(*) FROM dirty",
	[AU_SQL_DIRTY_LAST] = "SELECT max(num) FROM dirty",

	/* Each half stops at the limit by itself, so a page costs a page. */
	[AU_SQL_KEY_LIST] = "SELECT key FROM (SELECT DISTINCT key FROM entry WHERE key > ?1 ORDER BY key LIMIT ?2)"
			    " UNION SELECT key FROM (SELECT key FROM apiuser WHERE key > ?1 ORDER BY key LIMIT ?2)"
			    " ORDER BY key LIMIT ?2",

	/* A number is never given out again, or a client between two pages would miss the resource that got it. */
	[AU_SQL_RESOURCE_INSERT] = "INSERT INTO resource (" RESOURCE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
				   " 1 + max((SELECT coalesce(max(num), 0) FROM resource),"
				   " (SELECT coalesce(max(num), 0) FROM resource_mark)))",
	/* SQLite takes a row out of the index of each column that a statement names and puts it in again, even where it
	 * stays as it was.  So the columns that seldom change have a statement of their own. */
	[AU_SQL_RESOURCE_UPDATE] = "UPDATE resource SET doc = ?2, version = ?3, modified_ms = ?4 WHERE num = ?1",
	[AU_SQL_RESOURCE_RENAME] = "UPDATE resource SET name_fold = ?2, external_id = ?3 WHERE num = ?1",
	[AU_SQL_RESOURCE_DELETE] = "DELETE FROM resource WHERE num = ?",
	[AU_SQL_RESOURCE_GET] = "SELECT " RESOURCE_FOUND " WHERE id = ?3 AND client = ?1 AND type = ?2",
	[AU_SQL_RESOURCE_BY_NAME] = "SELECT " RESOURCE_FOUND " WHERE client = ? AND type = ? AND name_fold = ?",
	[AU_SQL_RESOURCE_NAMED] =
	    "SELECT num, version, id FROM resource WHERE client = ? AND type = ? AND name_fold = ?",
	[AU_SQL_RESOURCE_HEAD] = "SELECT num, name_fold, external_id, created_ms, modified_ms, version FROM resource"
				 " WHERE id = ?3 AND client = ?1 AND type = ?2",
	[AU_SQL_RESOURCE_AT] = "SELECT " RESOURCE_FOUND " WHERE num = ?3 AND client = ?1 AND type = ?2",
	/* The rows of an offset are skipped in the index alone. */
	[AU_SQL_RESOURCE_SCAN] = "SELECT " RESOURCE_FOUND " INDEXED BY resource_type"
				 " WHERE client = ? AND type = ? AND num >= ? ORDER BY num LIMIT ? OFFSET ?",
	[AU_SQL_RESOURCE_SCAN_BACK] = "SELECT " RESOURCE_FOUND " INDEXED BY resource_type"
				      " WHERE client = ? AND type = ? AND num < ? ORDER BY num DESC",
	[AU_SQL_RESOURCE_MARK] = "INSERT INTO resource_mark SELECT 1, ?1 WHERE ?1 = (SELECT max(num) FROM resource)"
				 " ON CONFLICT (one) DO UPDATE SET num = max(num, excluded.num)",
	[AU_SQL_RESOURCE_BLOCK_ADD] = "INSERT INTO resource_block VALUES (?, ?, ?, ?)"
				      " ON CONFLICT (client, type, block) DO UPDATE SET total = total + excluded.total",
	[AU_SQL_RESOURCE_BLOCK_EMPTY] =
	    "DELETE FROM resource_block WHERE client = ? AND type = ? AND block = ? AND total = 0",
	[AU_SQL_RESOURCE_BLOCKS] =
	    "SELECT block, total FROM resource_block WHERE client = ? AND type = ? ORDER BY block",
	[AU_SQL_RESOURCE_TOTAL_ADD] = "INSERT INTO resource_total VALUES (?, ?, ?)"
				      " ON CONFLICT (client, type) DO UPDATE SET total = total + excluded.total",
	[AU_SQL_RESOURCE_TOTAL] = "SELECT coalesce(sum(total), 0) FROM resource_total",
	[AU_SQL_RESOURCE_COUNT] = "SELECT total FROM resource_total WHERE client = ? AND type = ?",

	[AU_SQL_INDEX_ADD] =
	    "INSERT INTO resource_index SELECT num, ?4, ?5 FROM resource_space"
	    " WHERE client = ?1 AND type = ?2 AND attr = ?3 ON CONFLICT (space, value, num) DO NOTHING",
	[AU_SQL_INDEX_SPACE] = "INSERT INTO resource_space (client, type, attr) VALUES (?, ?, ?)"
			       " ON CONFLICT (client, type, attr) DO NOTHING",
	[AU_SQL_INDEX_REMOVE] = "DELETE FROM resource_index WHERE space = " SPACE " AND value = ?4 AND num = ?5",
	[AU_SQL_INDEX_MARKS] = "SELECT type, attr, num FROM resource_indexed",
	[AU_SQL_INDEX_MARK] = "INSERT INTO resource_indexed VALUES (?, ?, ?)"
			      " ON CONFLICT (type, attr) DO UPDATE SET num = excluded.num",
	[AU_SQL_INDEX_UNMARK] = "DELETE FROM resource_indexed WHERE type = ? AND attr = ?",
	[AU_SQL_INDEX_DROP] = "DELETE FROM resource_index WHERE space IN"
			      " (SELECT num FROM resource_space WHERE type = ? AND attr = ?)",
	[AU_SQL_RUN_SET] = "UPDATE resource_run SET total = ?6 WHERE client = ?1 AND type = ?2 AND attr = ?3"
			   " AND value = ?4 AND num = ?5",
	[AU_SQL_RUN_PUT] = "INSERT INTO resource_run VALUES (?, ?, ?, ?, ?, ?)",
	[AU_SQL_RUN_DROP] = "DELETE" RUN_WHERE " AND value = ?4 AND num = ?5",
	[AU_SQL_RUN_AT] = "SELECT value, num, total" RUN_WHERE RUN_OF,
	[AU_SQL_RUN_NEXT] =
	    "SELECT value, num, total" RUN_WHERE " AND (value, num) > (?4, ?5) ORDER BY value, num LIMIT 1",
	[AU_SQL_RUN_BETWEEN] = "SELECT sum(total)" RUN_WHERE " AND (value, num) > (?4, ?5) AND (value, num) < (?6, ?7)",
	[AU_SQL_RUNS_UP] = "SELECT value, num, total" RUN_WHERE " AND (value, num) > (?4, ?5) ORDER BY value, num",
	[AU_SQL_RUNS_DOWN] =
	    "SELECT value, num, total" RUN_WHERE " AND (value, num) < (?4, ?5) ORDER BY value DESC, num DESC",
	[AU_SQL_RUNS_DROP] = "DELETE FROM resource_run WHERE type = ? AND attr = ?",
	[AU_SQL_RANGE_NAME] = COLUMN_RANGE("name_fold", "resource_name"),
	[AU_SQL_RANGE_EXTERNAL_ID] = COLUMN_RANGE("external_id", "resource_external_id"),
	[AU_SQL_RANGE_CREATED] = COLUMN_RANGE("created_ms", "resource_created"),
	[AU_SQL_RANGE_MODIFIED] = COLUMN_RANGE("modified_ms", "resource_modified"),
	[AU_SQL_RANGE_INDEX] = "SELECT num FROM resource_index WHERE space = " SPACE " AND value >= ?4 AND value < ?5",
	[AU_SQL_COUNT_NAME] = COLUMN_COUNT("name_fold", "resource_name"),
	[AU_SQL_COUNT_EXTERNAL_ID] = COLUMN_COUNT("external_id", "resource_external_id"),
	[AU_SQL_COUNT_CREATED] = COLUMN_COUNT("created_ms", "resource_created"),
	[AU_SQL_COUNT_MODIFIED] = COLUMN_COUNT("modified_ms", "resource_modified"),
	[AU_SQL_COUNT_INDEX] = "SELECT count(*) FROM resource_index WHERE space = " SPACE
			       " AND (value, num) >= (?4, ?5) AND (value, num) < (?6, ?7)",
	[AU_SQL_UP_NAME] = COLUMN_UP("name_fold", "resource_name"),
	[AU_SQL_UP_EXTERNAL_ID] = COLUMN_UP("external_id", "resource_external_id"),
	[AU_SQL_UP_CREATED] = COLUMN_UP("created_ms", "resource_created"),
	[AU_SQL_UP_MODIFIED] = COLUMN_UP("modified_ms", "resource_modified"),
	[AU_SQL_UP_INDEX] = "SELECT num, value FROM resource_index WHERE space = " SPACE
			    " AND (value, num) > (?4, ?5) AND value < ?8 ORDER BY value, num LIMIT ?6 OFFSET ?7",
	[AU_SQL_DOWN_NAME] = COLUMN_DOWN("name_fold", "resource_name"),
	[AU_SQL_DOWN_EXTERNAL_ID] = COLUMN_DOWN("external_id", "resource_external_id"),
	[AU_SQL_DOWN_CREATED] = COLUMN_DOWN("created_ms", "resource_created"),
	[AU_SQL_DOWN_MODIFIED] = COLUMN_DOWN("modified_ms", "resource_modified"),
	[AU_SQL_DOWN_INDEX] =
	    "SELECT num, value FROM resource_index WHERE space = " SPACE " AND (value, num) < (?4, ?5) AND value >= ?8"
	    " ORDER BY value DESC, num DESC LIMIT ?6 OFFSET ?7",
	[AU_SQL_RESOURCE_FROM] =
	    "SELECT " RESOURCE_COLUMNS " FROM resource WHERE num > ? AND type = ? ORDER BY num LIMIT ?",

	[AU_SQL_TOKEN_ADD] = "INSERT INTO token (" TOKEN_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[AU_SQL_TOKEN_GET] = "SELECT " TOKEN_COLUMNS " FROM token WHERE id = ?",
	[AU_SQL_TOKEN_LIST] = "SELECT " TOKEN_COLUMNS " FROM token ORDER BY client, created_ms, id",
	[AU_SQL_TOKEN_REVOKE] = "UPDATE token SET revoked_ms = ? WHERE client = ? AND revoked_ms = 0",
	[AU_SQL_TOKEN_REVOKE_ONE] = "UPDATE token SET revoked_ms = ? WHERE client = ? AND id = ? AND revoked_ms = 0",
	[AU_SQL_TOKEN_USED] = "UPDATE token SET used_ms = ? WHERE id = ?",
	[AU_SQL_ASYNC_OPEN] = "INSERT INTO async_request (" ASYNC_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)",
	[AU_SQL_ASYNC_TOTAL] = "SELECT operations FROM async_total WHERE client = ?",
	[AU_SQL_ASYNC_TOTAL_ADD] = "INSERT INTO async_total VALUES (?, ?)"
				   " ON CONFLICT (client) DO UPDATE SET operations = operations + excluded.operations",
	[AU_SQL_ASYNC_TOTAL_EXPIRE] = "UPDATE async_total SET operations = operations - gone.count FROM"
				      " (SELECT client AS name, sum(operations) AS count FROM async_request WHERE "
				      "expires_ms <= ? GROUP BY client)"
				      " AS gone WHERE client = gone.name",
	[AU_SQL_ASYNC_PUT] = "INSERT OR REPLACE INTO async_outcome (txn, operation, at_ms, text) VALUES (?, ?, ?, ?)",
	[AU_SQL_ASYNC_END] = "UPDATE async_request SET is_ended = 1 WHERE txn = ?",
	[AU_SQL_ASYNC_END_ALL] = "UPDATE async_request SET is_ended = 1 WHERE is_ended = 0",
	[AU_SQL_ASYNC_GET] = "SELECT " ASYNC_COLUMNS " FROM async_request"
			     " WHERE txn = ? AND client = ? AND expires_ms > ?",
	[AU_SQL_ASYNC_OUTCOMES] = "SELECT operation, at_ms, text FROM async_outcome WHERE txn = ? ORDER BY operation",
	[AU_SQL_ASYNC_EXPIRE] = "DELETE FROM async_request WHERE expires_ms <= ?",
	[AU_SQL_ASYNC_EXPIRE_OUTCOMES] = "DELETE FROM async_outcome WHERE txn IN"
					 " (SELECT txn FROM async_request WHERE expires_ms <= ?)",

	[AU_SQL_PROVIDER_PUT] = "INSERT OR REPLACE INTO scim_provider (" PROVIDER_COLUMNS ") VALUES (?, ?, ?, ?, ?)",
	[AU_SQL_PROVIDER_GET] = "SELECT " PROVIDER_COLUMNS " FROM scim_provider WHERE client = ?",
	[AU_SQL_PROVIDER_LIST] = "SELECT " PROVIDER_COLUMNS " FROM scim_provider ORDER BY client",

	[AU_SQL_SEALED_PUT] = "INSERT INTO sealed VALUES (?, ?, ?, ?) ON CONFLICT (account_id) DO UPDATE SET"
			      " sealed = excluded.sealed, ready = excluded.ready, created_ms = excluded.created_ms",
	[AU_SQL_SEALED_GET] = "SELECT account_id, sealed, ready, created_ms FROM sealed WHERE account_id = ?",
	[AU_SQL_SEALED_BLANK] = "UPDATE sealed SET sealed = zeroblob(length(sealed)) WHERE account_id = ?",
	[AU_SQL_SEALED_REMOVE] = "DELETE FROM sealed WHERE account_id = ?",
};

const char *
au_sqlite_text(enum au_statement statement)
{
	const char *text = fact_texts[statement];

	if (text == NULL)
		text = au_sqlite_plan_texts[statement];
	return text != NULL ? text : au_sqlite_audit_texts[statement];
}
