/* SPDX-License-Identifier: ISC */
/* SQLite's text of the statements on API users, accounts, targets and steps: as those of sqlite_sql.c, which asks here
 * for what it does not have. */
#include "store/sqlite.h"

#include "store/sqlite_parts.h"

const char *const au_sqlite_plan_texts[AU_STATEMENT_COUNT] = {
	[AU_SQL_APIUSER_PUT] =
	    "INSERT INTO apiuser (" APIUSER_COLUMNS
	    ", user_fold, mail_fold) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (id) DO UPDATE SET key = excluded.key, user_name = excluded.user_name,"
	    " display_name = excluded.display_name, given_name = excluded.given_name,"
	    " family_name = excluded.family_name, mail = excluded.mail, conflict = excluded.conflict,"
	    " created_ms = excluded.created_ms, changed_ms = excluded.changed_ms, owner = excluded.owner,"
	    " owner_ref = excluded.owner_ref, application = excluded.application,"
	    " expires_ms = excluded.expires_ms, term_ms = excluded.term_ms, told_ms = excluded.told_ms,"
	    " owner_state = excluded.owner_state, owner_ms = excluded.owner_ms, user_fold = excluded.user_fold,"
	    " mail_fold = excluded.mail_fold",
	[AU_SQL_APIUSER_REMOVE] = "DELETE FROM apiuser WHERE id = ?",
	[AU_SQL_APIUSER_FOLLOW] = "UPDATE apiuser SET key = ?2 WHERE key = ?1"
				  " AND NOT EXISTS (SELECT 1 FROM entry WHERE key = ?1)"
				  " AND NOT EXISTS (SELECT 1 FROM apiuser WHERE key = ?2)",
	[AU_SQL_APIUSER_BY_KEY] = "SELECT " APIUSER_COLUMNS " FROM apiuser WHERE key = ?",
	[AU_SQL_APIUSER_GET] = "SELECT " APIUSER_COLUMNS " FROM apiuser WHERE id = ?",
	[AU_SQL_APIUSER_SEARCH] = "SELECT " APIUSER_COLUMNS
				  " FROM apiuser WHERE id = ?1 OR key = ?2 OR user_fold = ?2 OR mail_fold = ?2 LIMIT 2",
	[AU_SQL_APIUSER_LIST] = "SELECT " APIUSER_COLUMNS " FROM apiuser WHERE key > ? ORDER BY key LIMIT ?",
	[AU_SQL_APIUSER_ENDING] = "SELECT " APIUSER_COLUMNS " FROM apiuser INDEXED BY apiuser_expires"
				  " WHERE expires_ms != 0 AND (expires_ms, key) > (?1, ?2) AND expires_ms <= ?3"
				  " ORDER BY expires_ms, key LIMIT ?4",
	[AU_SQL_APIUSER_ENDS] =
	    "SELECT (SELECT count(*) FROM apiuser INDEXED BY apiuser_expires"
	    "  WHERE expires_ms != 0 AND expires_ms <= ?1),"
	    " (SELECT count(*) FROM apiuser INDEXED BY apiuser_expires"
	    "  WHERE expires_ms != 0 AND expires_ms > ?1 AND expires_ms <= ?2),"
	    " (SELECT count(*) FROM apiuser INDEXED BY apiuser_owner_left WHERE owner_state IN (1, 2))",
	[AU_SQL_APIUSER_CONFLICTS] = "SELECT " APIUSER_COLUMNS " FROM apiuser INDEXED BY apiuser_conflict"
				     " WHERE conflict IS NOT NULL ORDER BY key LIMIT ?",
	[AU_SQL_APIUSER_COUNT] = "SELECT count(*) FROM apiuser",

	[AU_SQL_ACCOUNT_PUT] =
	    "INSERT INTO account (" ACCOUNT_COLUMNS ")"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (id) DO UPDATE SET apiuser_id = excluded.apiuser_id, target = excluded.target,"
	    " login = excluded.login, state = excluded.state, remote_id = excluded.remote_id,"
	    " remote_version = excluded.remote_version, rights = excluded.rights, label = excluded.label,"
	    " first_name = excluded.first_name, last_name = excluded.last_name, mail = excluded.mail,"
	    " active = excluded.active, observed_ms = excluded.observed_ms, disabled_ms = excluded.disabled_ms,"
	    " problem = excluded.problem, problem_for = excluded.problem_for, retry_ms = excluded.retry_ms,"
	    " created_ms = excluded.created_ms, basis = excluded.basis, settled = excluded.settled,"
	    " drift_ms = excluded.drift_ms, left_ms = excluded.left_ms, adoption = excluded.adoption,"
	    " bases = excluded.bases, takes = excluded.takes, refused = excluded.refused,"
	    " unmarked_ms = excluded.unmarked_ms, secret_ms = excluded.secret_ms,"
	    " origin = excluded.origin, place = excluded.place, since_ms = excluded.since_ms,"
	    " confirmed_ms = excluded.confirmed_ms, confirmed_by = excluded.confirmed_by,"
	    " wanted_ms = excluded.wanted_ms, wanted_why = excluded.wanted_why, former = excluded.former",
	[AU_SQL_ACCOUNT_REMOVE] = "DELETE FROM account WHERE id = ?",
	[AU_SQL_ACCOUNT_GET] = "SELECT " ACCOUNT_COLUMNS " FROM account WHERE id = ?",
	[AU_SQL_ACCOUNT_OF] = "SELECT " ACCOUNT_COLUMNS " FROM account WHERE apiuser_id = ? AND target = ?",
	/* An absent account may still bear the id that the product has given out again. */
	[AU_SQL_ACCOUNT_BY_REMOTE] = "SELECT " ACCOUNT_COLUMNS " FROM account WHERE target = ? AND remote_id = ?"
				     " ORDER BY state = 2 DESC, id LIMIT 1",
	[AU_SQL_ACCOUNT_BY_APIUSER] = "SELECT " ACCOUNT_COLUMNS " FROM account WHERE apiuser_id = ? ORDER BY target",
	[AU_SQL_ACCOUNT_LIST] = "SELECT " ACCOUNT_COLUMNS " FROM account"
				" WHERE target = ? AND id > ? ORDER BY id LIMIT ?",
	/* Each account with its oldest open step and the last one that was done. */
	[AU_SQL_ACCOUNT_OF_ENTRY] =
	    "SELECT account.target, account.login, account.state, account.active, account.problem, account.created_ms,"
	    " open.op, open.state, open.error, done.finished_ms, open.guard"
	    " FROM entry CROSS JOIN apiuser CROSS JOIN account"
	    " LEFT JOIN step AS open ON open.id = (SELECT min(id) FROM step"
	    "  WHERE step.account_id = account.id AND step.state IN (1, 2, 5, 8, 9, 10))"
	    " LEFT JOIN step AS done ON done.id = (SELECT max(id) FROM step"
	    "  WHERE step.account_id = account.id AND step.state = 3)"
	    " WHERE entry.source = ? AND entry.id = ? AND apiuser.key = entry.key AND account.apiuser_id = apiuser.id"
	    " ORDER BY account.target",
	[AU_SQL_ACCOUNT_DRIFTED] = "SELECT " ACCOUNT_COLUMNS " FROM account INDEXED BY account_drift"
				   " WHERE target = ?1 AND drift_ms != 0 AND id > ?2 ORDER BY id LIMIT ?3",
	[AU_SQL_ACCOUNT_DRIFT_COUNT] = "SELECT count(*) FROM account INDEXED BY account_drift"
				       " WHERE target = ?1 AND drift_ms != 0",
	[AU_SQL_ACCOUNT_CONFLICTS] = "SELECT " ACCOUNT_COLUMNS " FROM account INDEXED BY account_counts"
				     " WHERE target = ? AND state = 3 ORDER BY login LIMIT ?",
	[AU_SQL_ACCOUNT_NAMED] = "SELECT count(*) FROM (SELECT 1 FROM account WHERE target = ?1 AND state IN (1, 2)"
				 " AND lower(login) = lower(?2) LIMIT 1)",
	[AU_SQL_ACCOUNT_COUNTS] = "SELECT count(*), sum(state = 2), sum(state = 2 AND active = 1),"
				  " sum(problem IS NOT NULL), sum(state = 3)"
				  " FROM account INDEXED BY account_counts WHERE target = ?",

	[AU_SQL_TARGET_GET] = "SELECT " TARGET_COLUMNS " FROM target WHERE name = ?",
	[AU_SQL_TARGET_PUT] = "INSERT INTO target (" TARGET_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)"
			      " ON CONFLICT (name) DO UPDATE SET"
			      " paused = excluded.paused, text = excluded.text, observed_ms = excluded.observed_ms,"
			      " strangers = excluded.strangers, strangers_active = excluded.strangers_active,"
			      " strangers_ignored = excluded.strangers_ignored",

	[AU_SQL_STRANGER_LIST] = "SELECT " STRANGER_COLUMNS " FROM stranger WHERE target = ?1 AND remote_id > ?2"
				 " ORDER BY remote_id LIMIT ?3",
	[AU_SQL_STRANGER_NAMED] = "SELECT " STRANGER_COLUMNS " FROM stranger WHERE target = ? AND login_fold = ?"
				  " ORDER BY remote_id LIMIT 2",
	[AU_SQL_STRANGER_PUT] =
	    "INSERT INTO stranger (" STRANGER_COLUMNS ", login_fold) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (target, remote_id) DO UPDATE SET login = excluded.login, label = excluded.label,"
	    " first_name = excluded.first_name, last_name = excluded.last_name, mail = excluded.mail,"
	    " mark = excluded.mark, active = excluded.active, rights = excluded.rights,"
	    " login_fold = excluded.login_fold",
	[AU_SQL_STRANGER_REMOVE] = "DELETE FROM stranger WHERE target = ? AND remote_id = ?",
	[AU_SQL_STRANGER_COUNT] = "SELECT count(*) FROM stranger WHERE target = ?",

	[AU_SQL_IGNORED_LIST] = "SELECT target, login, reason, actor, at_ms FROM ignored ORDER BY target, login_fold",
	[AU_SQL_IGNORED_PUT] =
	    "INSERT INTO ignored (target, login, reason, actor, at_ms, login_fold) VALUES (?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (target, login_fold) DO UPDATE SET login = excluded.login, reason = excluded.reason,"
	    " actor = excluded.actor, at_ms = excluded.at_ms",
	[AU_SQL_IGNORED_REMOVE] = "DELETE FROM ignored WHERE target = ? AND login_fold = ?",
	[AU_SQL_PROTECTION_LIST] = "SELECT " PROTECTION_COLUMNS " FROM protection ORDER BY target, login_fold",
	[AU_SQL_PROTECTION_GET] = "SELECT " PROTECTION_COLUMNS " FROM protection WHERE target = ? AND login_fold = ?",
	[AU_SQL_PROTECTION_PUT] =
	    "INSERT INTO protection (" PROTECTION_COLUMNS ", login_fold) VALUES (?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (target, login_fold) DO UPDATE SET login = excluded.login, actor = excluded.actor,"
	    " name = excluded.name, reason = excluded.reason, at_ms = excluded.at_ms",
	[AU_SQL_PROTECTION_REMOVE] = "DELETE FROM protection WHERE target = ? AND login_fold = ?",

	[AU_SQL_STOP_PUT] = "INSERT INTO target_stop (target, kind, reason, actor, since_ms, until_ms)"
			    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (target, kind) DO UPDATE SET"
			    " reason = excluded.reason, actor = excluded.actor, since_ms = excluded.since_ms,"
			    " until_ms = excluded.until_ms",
	[AU_SQL_STOP_REMOVE] = "DELETE FROM target_stop WHERE target = ? AND kind = ?",
	[AU_SQL_STOP_FORGET] = "DELETE FROM target_stop WHERE kind = ?",
	[AU_SQL_STOP_LIST] = "SELECT target, kind, reason, actor, since_ms, until_ms FROM target_stop"
			     " ORDER BY target, kind",
	[AU_SQL_TROUBLE_PUT] = "INSERT INTO trouble (" TROUBLE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)"
			       " ON CONFLICT (account_id) DO UPDATE SET failures = excluded.failures,"
			       " first_ms = excluded.first_ms, last_ms = excluded.last_ms,"
			       " since_ms = excluded.since_ms, reason = excluded.reason, premise = excluded.premise",
	[AU_SQL_TROUBLE_GET] = "SELECT " TROUBLE_COLUMNS " FROM trouble WHERE account_id = ?",
	[AU_SQL_TROUBLE_REMOVE] = "DELETE FROM trouble WHERE account_id = ?",
	[AU_SQL_QUARANTINED_LIST] =
	    "SELECT apiuser.id, apiuser.user_name, apiuser.key, account.target, account.login, trouble.failures,"
	    " trouble.since_ms, trouble.reason FROM trouble"
	    " JOIN account ON account.id = trouble.account_id JOIN apiuser ON apiuser.id = account.apiuser_id"
	    " WHERE trouble.since_ms > 0 ORDER BY trouble.since_ms, trouble.account_id LIMIT ?",
	[AU_SQL_QUARANTINED_COUNT] = "SELECT count(*) FROM trouble JOIN account ON account.id = trouble.account_id"
				     " WHERE trouble.since_ms > 0 AND account.target = ?",

	[AU_SQL_STEP_ADD] =
	    "INSERT INTO step (account_id, apiuser_id, target, login, op, lane, state, want, was, reason,"
	    " guard, cause, tries, next_ms, created_ms, finished_ms, code, error, guards, takes, rank, waits, parcel)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0))",
	[AU_SQL_STEP_UPDATE] =
	    "UPDATE step SET state = ?, guard = ?, tries = ?, next_ms = ?, finished_ms = ?, code = ?,"
	    " error = ?, guards = ? WHERE id = ?",
	[AU_SQL_STEP_GET] = "SELECT " STEP_COLUMNS " FROM step WHERE id = ?",
	[AU_SQL_STEP_OPEN] =
	    "SELECT " STEP_COLUMNS " FROM step WHERE account_id = ? AND state IN (1, 2, 5, 8, 9, 10) ORDER BY id",
	[AU_SQL_STEP_CLAIM] = "UPDATE step SET takes = ?1, rank = ?2, waits = ?3 WHERE id = ?4"
			      " AND (takes IS NOT ?1 OR rank <> ?2 OR waits IS NOT ?3)",
	[AU_SQL_STEP_WAITING] = "SELECT " STEP_COLUMNS " FROM step INDEXED BY step_waiting"
				" WHERE target = ?1 AND state = 8 AND (rank, created_ms, id) > (?2, ?3, ?4)"
				" ORDER BY rank, created_ms, id LIMIT ?5",
	[AU_SQL_STEP_LINE] = "SELECT " STEP_COLUMNS " FROM step INDEXED BY step_waiting WHERE target = ? AND state = 8"
			     " AND waits = ? ORDER BY rank, created_ms, id LIMIT ?",
	[AU_SQL_STEP_AGAIN] = "SELECT " STEP_COLUMNS " FROM step INDEXED BY step_again WHERE target = ? AND state = 1"
			      " AND code = ? AND code <> 0 ORDER BY id LIMIT ?",
	[AU_SQL_STEP_TAKING] =
	    "SELECT " STEP_COLUMNS " FROM step WHERE target = ? AND state = 1 AND takes IS NOT NULL ORDER BY id",
	[AU_SQL_STEP_NEXT] = "SELECT " STEP_COLUMNS " FROM step INDEXED BY step_queue"
			     " WHERE target = ?1 AND state = 1 AND next_ms <= ?2 AND lane <= ?3" STEP_IS_SENT
			     " AND NOT EXISTS (" STEP_IN_THE_WAY ") ORDER BY (lane = 1), id LIMIT 1",
	/* Of one account: no more than one of its steps is sent at a time. */
	[AU_SQL_STEP_NEXT_OF] = "SELECT " STEP_COLUMNS " FROM step WHERE account_id = ?1 AND state = 1"
				" AND next_ms <= ?2 AND lane <= ?3" STEP_IS_SENT
				" AND NOT EXISTS (" STEP_IN_THE_WAY ") ORDER BY (lane = 1), id LIMIT 1",
	[AU_SQL_STEP_WAKE] = "SELECT min(next_ms) FROM step WHERE target = ? AND state = 1 AND next_ms > ?",
	[AU_SQL_STEP_LIST] = "SELECT " STEP_COLUMNS " FROM step ORDER BY id DESC LIMIT ?",
	[AU_SQL_STEP_LIST_STATE] = "SELECT " STEP_COLUMNS " FROM step WHERE state = ? ORDER BY id DESC LIMIT ?",
	[AU_SQL_STEP_OF_ACCOUNT] = "SELECT " STEP_COLUMNS " FROM step WHERE account_id = ? ORDER BY id DESC LIMIT ?",
	[AU_SQL_STEP_COUNT] = "SELECT count(*) FROM step WHERE state = ?",
	[AU_SQL_STEP_RUNNING] = "SELECT " STEP_COLUMNS " FROM step WHERE state = 2 ORDER BY id",

	[AU_SQL_STEP_WAIT_PUT] = "INSERT INTO step_wait (step, account_id, after) VALUES (?, ?, ?)"
				 " ON CONFLICT (step, account_id) DO UPDATE SET after = excluded.after"
				 " WHERE after <> excluded.after",
	[AU_SQL_STEP_WAIT_DROP] = "DELETE FROM step_wait WHERE step = ? AND account_id = ?",
	[AU_SQL_STEP_WAIT_OF] = "SELECT step, account_id, after FROM step_wait WHERE step = ? ORDER BY account_id",
	[AU_SQL_STEP_WAIT_ON] = "SELECT step, account_id, after FROM step_wait INDEXED BY step_wait_account"
				" WHERE account_id = ? ORDER BY step",
	[AU_SQL_STEP_RIVALS] = "SELECT id FROM account INDEXED BY account_login WHERE target = ?1"
			       " AND lower(login) = lower(?2) AND state IN (1, 2) AND id IS NOT ?3"
			       " UNION SELECT account_id FROM step INDEXED BY step_making WHERE target = ?1"
			       " AND lower(login) = lower(?2) AND op = 1 AND state IN (1, 2, 8, 9, 10)"
			       " AND id < ?4 AND account_id IS NOT ?3 LIMIT ?5",

	[AU_SQL_PARCEL_LOSSES] = "SELECT " STEP_COLUMNS " FROM step INDEXED BY step_parcel"
				 " WHERE parcel = ? AND state IN (1, 5) AND lane <> 1 ORDER BY id",
	[AU_SQL_PARCEL_OPEN_STEPS] = "SELECT " STEP_COLUMNS " FROM step INDEXED BY step_parcel"
				     " WHERE parcel = ? AND state IN (1, 5, 8, 10) LIMIT ?",
	[AU_SQL_STEP_REFUSED] = "SELECT " STEP_COLUMNS " FROM step WHERE state = 7 AND EXISTS (SELECT 1 FROM account"
				" WHERE account.id = step.account_id"
				" AND instr(account.refused || char(10), ' ' || step.id || char(10)) > 0)"
				" ORDER BY id DESC LIMIT ?",

	[AU_SQL_WORK_ADD] = "INSERT INTO work (step, login, op, lane, state, revision, digest, want, text, reason,"
			    " created_ms, changed_ms, due_ms, claimer, claimer_name, claimed_ms, doer, doer_name,"
			    " done_ms, second, second_name, evidence, result, verified_by, verified_ms, replaces, note,"
			    " account_id, apiuser_id, target) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
			    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[AU_SQL_WORK_UPDATE] = "UPDATE work SET step = ?, login = ?, op = ?, lane = ?, state = ?, revision = ?,"
			       " digest = ?, want = ?, text = ?, reason = ?, created_ms = ?, changed_ms = ?,"
			       " due_ms = ?, claimer = ?, claimer_name = ?, claimed_ms = ?, doer = ?, doer_name = ?,"
			       " done_ms = ?, second = ?, second_name = ?, evidence = ?, result = ?, verified_by = ?,"
			       " verified_ms = ?, replaces = ?, note = ? WHERE id = ?",
	[AU_SQL_WORK_GET] = "SELECT " WORK_COLUMNS " FROM work WHERE id = ?",
	[AU_SQL_WORK_OPEN_OF] = "SELECT " WORK_COLUMNS " FROM work WHERE account_id = ? AND state IN (1, 2, 3)",
	[AU_SQL_WORK_OF_ACCOUNT] = "SELECT " WORK_COLUMNS " FROM work WHERE account_id = ? ORDER BY id DESC LIMIT ?",
	[AU_SQL_WORK_DUE] = "SELECT " WORK_COLUMNS " FROM work INDEXED BY work_due WHERE state IN (1, 2, 3)"
			    " AND (?1 IS NULL OR target = ?1) ORDER BY lane DESC, due_ms, id LIMIT ?2",
	[AU_SQL_WORK_LIST] = "SELECT " WORK_COLUMNS " FROM work WHERE (?1 IS NULL OR target = ?1)"
			     " AND (?2 = 0 OR state = ?2) ORDER BY id DESC LIMIT ?3",
	[AU_SQL_WORK_OLDER] = "SELECT " WORK_COLUMNS " FROM work INDEXED BY work_due WHERE state IN (1, 2, 3)"
			      " AND target = ?1 AND created_ms < ?2 ORDER BY id LIMIT ?3",
	[AU_SQL_WORK_COUNTS] = "SELECT target, state, count(*), min(created_ms), sum(due_ms < ? AND state < 4)"
			       " FROM work INDEXED BY work_pending WHERE state IN (1, 2, 3, 4)"
			       " GROUP BY target, state UNION ALL SELECT target, state, count(*), min(created_ms), 0"
			       " FROM work INDEXED BY work_missed WHERE state IN (6, 9) GROUP BY target, state",

	[AU_SQL_WORK_TICKET] = "UPDATE work SET ticket = ?2 WHERE id = ?1 AND ticket IS NOT ?2",

	[AU_SQL_SUBSCRIPTION_END] = "UPDATE subscription SET most = ?",
	[AU_SQL_SUBSCRIPTION_PUT] = "INSERT INTO subscription (target, most, lost) VALUES (?, ?, 0)"
				    " ON CONFLICT (target) DO UPDATE SET most = excluded.most",
	[AU_SQL_SUBSCRIPTION_GET] = "SELECT most FROM subscription WHERE target = ?",
	[AU_SQL_SUBSCRIPTION_LOSE] = "UPDATE subscription SET lost = lost + 1 WHERE target = ?",
	[AU_SQL_SUBSCRIPTION_FORGIVE] = "UPDATE subscription SET lost = ?",
	[AU_SQL_DELIVERY_FILL] = "SELECT count(*) FROM delivery WHERE given_up_ms >= ?",
	[AU_SQL_DELIVERY_ADD] = "INSERT INTO delivery (uuid, work, target, type, data, created_ms, since_ms,"
				" tries, next_ms, given_up_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, 0, 0)",
	[AU_SQL_DELIVERY_NEXT] =
	    "SELECT id, uuid, work, target, type, data, created_ms, since_ms, tries, next_ms,"
	    " given_up_ms, problem FROM delivery INDEXED BY delivery_due WHERE given_up_ms = 0 AND next_ms <= ?"
	    " AND NOT EXISTS (SELECT 1 FROM delivery AS older INDEXED BY delivery_work"
	    " WHERE older.work = delivery.work AND older.id < delivery.id"
	    " AND older.given_up_ms = 0) ORDER BY next_ms, id LIMIT 1",
	[AU_SQL_DELIVERY_REMOVE] = "DELETE FROM delivery WHERE id = ?",
	[AU_SQL_DELIVERY_UPDATE] = "UPDATE delivery SET tries = ?, next_ms = ?, given_up_ms = ?, problem = ?"
				   " WHERE id = ?",
	[AU_SQL_DELIVERY_RETRY] = "UPDATE delivery SET since_ms = ?1, next_ms = ?1, tries = 0, given_up_ms = 0",
	[AU_SQL_DELIVERY_COUNT] = "SELECT ifnull(sum(given_up_ms = 0), 0), ifnull(sum(given_up_ms > 0), 0),"
				  " ifnull(min(created_ms), 0), (SELECT ifnull(sum(lost), 0) FROM subscription),"
				  " (SELECT problem FROM delivery WHERE problem IS NOT NULL AND id > ?1 ORDER BY id"
				  " LIMIT 1) FROM delivery",

	[AU_SQL_EVIDENCE_PUT] = "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account_id) DO UPDATE SET"
				" kind = excluded.kind, at_ms = excluded.at_ms, actor = excluded.actor,"
				" work = excluded.work, name = excluded.name",
	[AU_SQL_EVIDENCE_GET] = "SELECT account_id, kind, at_ms, actor, work, name FROM evidence WHERE account_id = ?",
	[AU_SQL_EVIDENCE_REMOVE] = "DELETE FROM evidence WHERE account_id = ?",
	[AU_SQL_EVIDENCE_AGE] =
	    "SELECT count(*), ifnull(sum(at_ms < ?2), 0), ifnull(sum(at_ms >= ?2 AND at_ms < ?3), 0),"
	    " ifnull(min(at_ms), 0) FROM (SELECT ifnull(evidence.at_ms, 0) AS at_ms FROM account"
	    " LEFT JOIN evidence ON evidence.account_id = account.id"
	    " WHERE account.target = ?1 AND account.state = 2)",
	[AU_SQL_TOMBSTONE_PUT] = "INSERT INTO tombstone VALUES (?, ?, ?, ?) ON CONFLICT (target, remote_id)"
				 " DO UPDATE SET login = excluded.login, at_ms = excluded.at_ms",
	[AU_SQL_TOMBSTONE_GET] = "SELECT at_ms FROM tombstone WHERE target = ? AND remote_id = ?",
	[AU_SQL_TOMBSTONE_EXPIRE] = "DELETE FROM tombstone WHERE target = ? AND at_ms < ?",

	/* An approval of something else that the same person gave is replaced. */
	[AU_SQL_APPROVAL_ADD] =
	    "INSERT INTO approval VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (step, actor) DO UPDATE SET"
	    " name = excluded.name, reason = excluded.reason, digest = excluded.digest, at_ms = excluded.at_ms"
	    " WHERE approval.digest <> excluded.digest",
	[AU_SQL_APPROVAL_LIST] = "SELECT step, actor, name, reason, digest, at_ms FROM approval WHERE step = ?"
				 " ORDER BY at_ms, actor",
	[AU_SQL_APPROVAL_COUNT] = "SELECT count(*) FROM approval WHERE step = ? AND digest = ?",
	[AU_SQL_HELD_COUNTS] = "SELECT lane, guards, count(*) FROM step WHERE state = ? GROUP BY lane, guards",

	[AU_SQL_LOSS_OF_GROUP] = LOSS("step_loss_group", "target = ?4 AND cause = ?5"),
	[AU_SQL_LOSS_OF_SOURCE] = LOSS("step_loss_source", "source = ?4"),
	[AU_SQL_LOSS_OF_TARGET] = LOSS("step_loss_target", "target = ?4"),
	[AU_SQL_LOSS_OF_ACCOUNT] = "SELECT count(*) FROM step WHERE account_id = ?1 AND op = ?2 AND lane <> 1"
				   " AND state = 3 AND finished_ms >= ?3",
	[AU_SQL_LOSS_STAND_INS] = STAND_INS,
	[AU_SQL_LOSS_HOLDERS] =
	    "SELECT account.id FROM account INDEXED BY account_counts WHERE account.target = ?1"
	    " AND account.state = 2 AND account.active = 1 AND account.problem IS NULL"
	    " AND " HAS_VALUE("account.rights",
		"?2") " AND NOT EXISTS (SELECT 1 FROM step"
		      " WHERE step.account_id = account.id AND step.state IN (1, 2, 9) AND (step.op IN (6, 7)"
		      " OR step.op = 3 AND NOT " HAS_VALUE("step.want", "?3") ")) LIMIT ?5",
	[AU_SQL_LOSS_OTHER_HOLDERS] = "SELECT count(*) FROM (SELECT 1 FROM stranger WHERE target = ?1 AND active = 1"
				      " AND login_fold IS NOT ?3 AND " HAS_VALUE("rights", "?2") " LIMIT ?5)",
	[AU_SQL_LOSS_ACCOUNTS_OF_SOURCE] = "SELECT count(*) FROM (SELECT 1 FROM account INDEXED BY account_basis"
					   " WHERE basis_source = ?1 AND state = 2 AND active >= ?2 LIMIT ?3)",
	[AU_SQL_LOSS_ACCOUNTS_OF_TARGET] = "SELECT count(*) FROM (SELECT 1 FROM account INDEXED BY account_counts"
					   " WHERE target = ?1 AND state = 2 AND active >= ?2 LIMIT ?3)",
	[AU_SQL_POOL_DEFINE] = POOL_DEFINE_TEXT,
	[AU_SQL_POOL_LIST] =
	    "SELECT " POOL_COLUMNS " FROM pool WHERE (?1 IS NULL OR target = ?1) ORDER BY target, name",
	[AU_SQL_POOL_ADD] = "UPDATE pool SET ours = ours + ?3, reserved = reserved + ?4, waiting = waiting + ?5"
			    " WHERE target = ?1 AND name = ?2",
	[AU_SQL_POOL_OBSERVE] = "UPDATE pool SET others = ?3, limit_read = ?4, used_read = ?5, observed_ms = ?6,"
				" read_ms = ?7 WHERE target = ?1 AND name = ?2",
	[AU_SQL_POOL_CLOSE] = "UPDATE pool SET closed_ms = ?3, others = ?4 WHERE target = ?1 AND name = ?2",
	[AU_SQL_POOL_TOLD] = "UPDATE pool SET told = ?3 WHERE target = ?1 AND name = ?2",
	[AU_SQL_POOL_REMOVE] = "DELETE FROM pool WHERE target = ? AND name = ?",
	[AU_SQL_POOL_WAKE] = "SELECT min(closed_ms) FROM pool WHERE target = ? AND closed_ms > 0 AND waiting > 0",
	[AU_SQL_SEAT_OF] = "SELECT pool, held, reserved, waiting, target FROM seat WHERE account_id = ? ORDER BY pool",
	[AU_SQL_SEAT_PUT] = "INSERT INTO seat VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, pool) DO UPDATE SET"
			    " target = excluded.target, held = excluded.held, reserved = excluded.reserved,"
			    " waiting = excluded.waiting",
	[AU_SQL_SEAT_DROP] = "DELETE FROM seat WHERE account_id = ? AND pool = ?",
	[AU_SQL_SEAT_FORGET] = "DELETE FROM seat WHERE target = ? AND pool = ?",
	[AU_SQL_SEAT_LEAVING] = SEAT_LEAVING_TEXT,
	[AU_SQL_SEAT_EXPIRING] = SEAT_EXPIRING_TEXT,
};
