/* SPDX-License-Identifier: ISC */
/*
 * The schema of a SQLite store as numbered steps.  A step that has been
 * released is never edited: a change is a new row at the end.
 *
 * In `member`, ref is the member's id when is_known, else its normalised DN,
 * so that one key orders, finds and pages both kinds.
 */
#include "store/sqlite.h"

#include "base/mem.h"
#include "model/account.h"
#include "model/apiuser.h"
#include "model/entry.h"
#include "model/step.h"
#include "model/work.h"
#include "store/resource.h"
#include "store/resource_run.h"

#include <assert.h>

/* Numbers that stand in the texts of this file and of sqlite_sql.c. */
static_assert(AU_ENTRY_PERSON == 1 && AU_ENTRY_GROUP == 2, "entry kinds are stored");
static_assert(AU_ACCOUNT_PRESENT == 2 && AU_ACCOUNT_CONFLICT == 3, "account states are stored");
static_assert(AU_STEP_QUEUED == 1 && AU_STEP_RUNNING == 2 && AU_STEP_DONE == 3 && AU_STEP_HELD == 5 &&
		  AU_STEP_REJECTED == 7 && AU_STEP_WAITING == 8,
    "step states are stored");
static_assert(AU_STEP_FOLLOWS == 10 && AU_STEP_CREATE == 1, "steps that follow are stored");
static_assert(AU_STEP_WITH_PERSON == 9 && AU_WORK_OPEN == 1 && AU_WORK_REPORTED == 3 && AU_WORK_FULFILLED == 4,
    "states of work orders are stored");
static_assert(AU_OWNER_FINE == 0, "states of owners are stored");
static_assert(AU_RESOURCE_BLOCK == 1024, "blocks of resources are stored");
static_assert(AU_RUN_MOST == 1024, "runs of values are stored");
static_assert(AU_STEP_DISABLE == 6 && AU_STEP_DELETE == 7 && AU_LANE_SAFE == 1, "step operations are stored");

/* Runs of a column that are half full, as a split makes them; the first one begins before everything. */
#define COLUMN_RUNS(column, attr, least)                                                                               \
	"INSERT INTO resource_run SELECT client, type, '" attr "', iif(place = 0, " least ", " column "),"             \
	" iif(place = 0, 0, num), min(512, total - place)"                                                             \
	" FROM (SELECT client, type, " column ", num, row_number() OVER (PARTITION BY client, type ORDER BY " column   \
	", num) - 1 AS place, count(*) OVER (PARTITION BY client, type) AS total"                                      \
	" FROM resource WHERE " column " IS NOT NULL) WHERE place % 512 = 0;"

/* What a directory calls a member by, in a trigger. */
#define OLD_NAME "iif(OLD.is_known, OLD.dn_norm, OLD.ref)"
#define NEW_NAME "iif(NEW.is_known, NEW.dn_norm, NEW.ref)"

const struct au_sqlite_migration au_sqlite_migrations[] = {
	{ "first schema",
	    "CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

	    /* Facts. */
	    "CREATE TABLE source ("
	    "  name TEXT NOT NULL PRIMARY KEY, state INTEGER NOT NULL, text TEXT, complete INTEGER NOT NULL,"
	    "  complete_ms INTEGER NOT NULL, drift INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE cookie ("
	    "  source TEXT NOT NULL, search TEXT NOT NULL, cookie TEXT NOT NULL,"
	    "  PRIMARY KEY (source, search)) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE entry ("
	    "  num INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL,"
	    "  dn TEXT, dn_norm TEXT, key TEXT, user_name TEXT, display_name TEXT, given_name TEXT, family_name TEXT,"
	    "  mail TEXT, external_id TEXT, active INTEGER NOT NULL, digest BLOB NOT NULL,"
	    "  members INTEGER NOT NULL DEFAULT 0, known_members INTEGER NOT NULL DEFAULT 0, UNIQUE (source, id)) "
	    "STRICT;"
	    "CREATE INDEX entry_kind ON entry (source, kind);"
	    "CREATE INDEX entry_dn ON entry (source, dn_norm) WHERE dn_norm IS NOT NULL;"
	    "CREATE INDEX entry_key ON entry (key) WHERE key IS NOT NULL;"
	    /* Apart from the entries: a read that finds nothing new rewrites only these few pages. */
	    "CREATE TABLE mark (num INTEGER PRIMARY KEY REFERENCES entry (num), generation INTEGER NOT NULL) STRICT;"
	    "CREATE TABLE member ("
	    "  group_num INTEGER NOT NULL REFERENCES entry (num), ref TEXT NOT NULL, is_known INTEGER NOT NULL,"
	    "  source TEXT NOT NULL, dn_norm TEXT, display TEXT,"
	    "  PRIMARY KEY (group_num, ref)) STRICT, WITHOUT ROWID;"
	    "CREATE INDEX member_ref ON member (source, ref);"
	    "CREATE INDEX member_dn ON member (source, dn_norm) WHERE dn_norm IS NOT NULL;"
	    "CREATE TABLE dirty (num INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;"

	    /* SCIM resources and the tokens of their clients. */
	    "CREATE TABLE resource ("
	    "  num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, client TEXT NOT NULL, type TEXT NOT NULL,"
	    "  name_fold TEXT, external_id TEXT, doc TEXT NOT NULL, version INTEGER NOT NULL,"
	    "  created_ms INTEGER NOT NULL, modified_ms INTEGER NOT NULL) STRICT;"
	    "CREATE INDEX resource_type ON resource (client, type);"
	    "CREATE UNIQUE INDEX resource_name ON resource (client, type, name_fold) WHERE name_fold IS NOT NULL;"
	    "CREATE INDEX resource_external_id ON resource (client, type, external_id) WHERE external_id IS NOT NULL;"
	    "CREATE TABLE resource_total ("
	    "  client TEXT NOT NULL, type TEXT NOT NULL, total INTEGER NOT NULL,"
	    "  PRIMARY KEY (client, type)) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE token ("
	    "  id TEXT NOT NULL PRIMARY KEY, client TEXT NOT NULL, mac BLOB NOT NULL, created_ms INTEGER NOT NULL,"
	    "  expires_ms INTEGER NOT NULL, revoked_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL) STRICT, WITHOUT "
	    "ROWID;"
	    "CREATE INDEX token_client ON token (client);"

	    /* API users, their accounts, and what is to be done. */
	    "CREATE TABLE apiuser ("
	    "  id TEXT NOT NULL PRIMARY KEY, key TEXT NOT NULL UNIQUE, user_name TEXT, user_fold TEXT, display_name "
	    "TEXT,"
	    "  given_name TEXT, family_name TEXT, mail TEXT, mail_fold TEXT, conflict TEXT,"
	    "  created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL) STRICT;"
	    "CREATE INDEX apiuser_user ON apiuser (user_fold) WHERE user_fold IS NOT NULL;"
	    "CREATE INDEX apiuser_mail ON apiuser (mail_fold) WHERE mail_fold IS NOT NULL;"
	    "CREATE TABLE account ("
	    "  id TEXT NOT NULL PRIMARY KEY, apiuser_id TEXT NOT NULL REFERENCES apiuser (id), target TEXT NOT NULL,"
	    "  login TEXT NOT NULL, state INTEGER NOT NULL, remote_id TEXT, remote_version TEXT, rights TEXT, label "
	    "TEXT,"
	    "  first_name TEXT, last_name TEXT, mail TEXT, active INTEGER NOT NULL, observed_ms INTEGER NOT NULL,"
	    "  disabled_ms INTEGER NOT NULL, problem TEXT, problem_for TEXT, retry_ms INTEGER NOT NULL,"
	    "  created_ms INTEGER NOT NULL, basis TEXT, UNIQUE (apiuser_id, target)) STRICT;"
	    "CREATE INDEX account_target ON account (target, id);"
	    "CREATE INDEX account_remote ON account (target, remote_id) WHERE remote_id IS NOT NULL;"
	    "CREATE INDEX account_counts ON account (target, state, active, problem);"
	    "CREATE TABLE target ("
	    "  name TEXT NOT NULL PRIMARY KEY, paused INTEGER NOT NULL, text TEXT, observed_ms INTEGER NOT NULL,"
	    "  strangers INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE sealed ("
	    "  account_id TEXT NOT NULL PRIMARY KEY REFERENCES account (id), sealed BLOB NOT NULL,"
	    "  ready INTEGER NOT NULL, created_ms INTEGER NOT NULL) STRICT;"
	    "CREATE TABLE step ("
	    "  id INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL, apiuser_id TEXT NOT NULL,"
	    "  target TEXT NOT NULL, login TEXT NOT NULL, op INTEGER NOT NULL, lane INTEGER NOT NULL,"
	    "  state INTEGER NOT NULL, want TEXT, was TEXT, reason TEXT, guard TEXT, cause TEXT, tries INTEGER NOT "
	    "NULL,"
	    "  next_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL, finished_ms INTEGER NOT NULL, code INTEGER NOT "
	    "NULL,"
	    "  error TEXT) STRICT;"
	    "CREATE INDEX step_account ON step (account_id, id);"
	    "CREATE INDEX step_state ON step (state, id);"
	    "CREATE INDEX step_open ON step (account_id, id) WHERE state IN (1, 2, 5);"
	    "CREATE INDEX step_queue ON step (target, (lane = 1), id, next_ms, account_id) WHERE state = 1;"
	    "CREATE INDEX step_wake ON step (target, next_ms) WHERE state = 1;"
	    "CREATE INDEX step_removal ON step (target, state, finished_ms, cause) WHERE op IN (6, 7);"

	    /* The audit chain; audit_head seals its end, so that rows cut off there are missed. */
	    "CREATE TABLE audit ("
	    "  seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, verb TEXT NOT NULL, object TEXT,"
	    "  detail TEXT, mac BLOB NOT NULL) STRICT;"
	    "CREATE INDEX audit_object ON audit (object, seq) WHERE object IS NOT NULL;"
	    "CREATE TABLE audit_head ("
	    "  one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, mac BLOB NOT NULL, seal BLOB NOT NULL) "
	    "STRICT;"

	    "PRAGMA user_version = 1;" },

	/* How many resources each run of 1,024 numbers holds, so that a deep page is found without a walk; and the
	 * highest number that was ever given out, when its resource is gone. */
	{ "resources counted by block",
	    "CREATE TABLE resource_block ("
	    "  client TEXT NOT NULL, type TEXT NOT NULL, block INTEGER NOT NULL, total INTEGER NOT NULL,"
	    "  PRIMARY KEY (client, type, block)) STRICT, WITHOUT ROWID;"
	    "INSERT INTO resource_block SELECT client, type, num / 1024, count(*) FROM resource GROUP BY 1, 2, 3;"
	    "CREATE TABLE resource_mark (one INTEGER PRIMARY KEY CHECK (one = 1), num INTEGER NOT NULL) STRICT;"

	    "PRAGMA user_version = 2;" },
	{ "scopes of tokens", "ALTER TABLE token ADD COLUMN scopes TEXT; PRAGMA user_version = 3;" },

	/* Values by which resources are looked up; each client, type and attribute is a space of its own.  An attribute
	 * whose num in resource_indexed is -1 has every resource in the index. */
	{ "resources by their values",
	    "CREATE INDEX resource_created ON resource (client, type, created_ms);"
	    "CREATE INDEX resource_modified ON resource (client, type, modified_ms);"
	    "CREATE TABLE resource_space ("
	    "  num INTEGER PRIMARY KEY, client TEXT NOT NULL, type TEXT NOT NULL, attr TEXT NOT NULL,"
	    "  UNIQUE (client, type, attr)) STRICT;"
	    "CREATE TABLE resource_index ("
	    "  space INTEGER NOT NULL, value TEXT NOT NULL, num INTEGER NOT NULL,"
	    "  PRIMARY KEY (space, value, num)) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE resource_indexed ("
	    "  type TEXT NOT NULL, attr TEXT NOT NULL, num INTEGER NOT NULL,"
	    "  PRIMARY KEY (type, attr)) STRICT, WITHOUT ROWID;"

	    "PRAGMA user_version = 4;" },

	/* Identity providers that were recognised behind clients. */
	{ "recognised identity providers",
	    "CREATE TABLE scim_provider ("
	    "  client TEXT NOT NULL PRIMARY KEY, profile TEXT NOT NULL, evidence TEXT NOT NULL, named INTEGER NOT NULL,"
	    "  seen_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

	    "PRAGMA user_version = 5;" },

	/* What came of requests whose clients did not wait. */
	{ "outcomes of asynchronous requests",
	    "CREATE TABLE async_request ("
	    "  txn TEXT NOT NULL PRIMARY KEY, client TEXT NOT NULL, created_ms INTEGER NOT NULL,"
	    "  expires_ms INTEGER NOT NULL, operations INTEGER NOT NULL, is_ended INTEGER NOT NULL) STRICT, WITHOUT "
	    "ROWID;"
	    "CREATE INDEX async_expires ON async_request (expires_ms);"
	    "CREATE INDEX async_open ON async_request (txn) WHERE is_ended = 0;"
	    "CREATE TABLE async_outcome ("
	    "  txn TEXT NOT NULL, operation INTEGER NOT NULL, at_ms INTEGER NOT NULL, text TEXT NOT NULL,"
	    "  PRIMARY KEY (txn, operation)) STRICT, WITHOUT ROWID;"

	    "PRAGMA user_version = 6;" },

	/* How sources were read lately; and what was missing in a reading, until another one confirms it. */
	{ "readings of sources",
	    "CREATE TABLE reading ("
	    "  num INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, search TEXT NOT NULL, text TEXT NOT NULL) "
	    "STRICT;"
	    "CREATE INDEX reading_search ON reading (source, search);"
	    "CREATE TABLE missing ("
	    "  source TEXT NOT NULL, search TEXT NOT NULL, id TEXT NOT NULL, member TEXT NOT NULL,"
	    "  first INTEGER NOT NULL, generation INTEGER NOT NULL, PRIMARY KEY (source, search, id, member)) STRICT, "
	    "WITHOUT ROWID;"

	    "PRAGMA user_version = 7;" },

	/* How many values of an order lie from one place up to the next, so that a deep page is found without a walk in
	 * any of them. */
	{ "values counted by run",
	    "CREATE TABLE resource_run ("
	    "  client TEXT NOT NULL, type TEXT NOT NULL, attr TEXT NOT NULL, value ANY NOT NULL, num INTEGER NOT NULL,"
	    "  total INTEGER NOT NULL, PRIMARY KEY (client, type, attr, value, num)) STRICT, WITHOUT "
	    "ROWID;" COLUMN_RUNS("name_fold", "/name", "''") COLUMN_RUNS("external_id", "/external_id", "''")
		COLUMN_RUNS("created_ms", "/created", "-9223372036854775808")
		    COLUMN_RUNS("modified_ms", "/modified", "-9223372036854775808")

			"PRAGMA user_version = 8;" },

	/* People of directories by user name, which is how some groups name them. */
	{ "people by their names", "CREATE INDEX entry_user_name ON entry (source, user_name COLLATE NOCASE)"
				   " WHERE kind = 1 AND dn_norm IS NOT NULL;"

				   "PRAGMA user_version = 9;" },

	/* Who may read an outcome, and how many are kept for a client.  Those that are there are for full rights. */
	{ "whose asynchronous requests are",
	    "ALTER TABLE async_request ADD COLUMN scope TEXT;"
	    "CREATE TABLE async_total (client TEXT NOT NULL PRIMARY KEY, operations INTEGER NOT NULL) STRICT, WITHOUT "
	    "ROWID;"
	    "INSERT INTO async_total SELECT client, sum(operations) FROM async_request GROUP BY client;"

	    "PRAGMA user_version = 10;" },

	/* Who answers for an API user and which application it is for; and what the entries are called that are named
	 * as owners by DN. */
	{ "owners and applications",
	    "ALTER TABLE entry ADD COLUMN owner TEXT;"
	    "ALTER TABLE entry ADD COLUMN owner_dn TEXT;"
	    "ALTER TABLE entry ADD COLUMN application TEXT;"
	    "CREATE INDEX entry_owner ON entry (source, owner_dn) WHERE owner_dn IS NOT NULL;"
	    "ALTER TABLE apiuser ADD COLUMN owner TEXT;"
	    "ALTER TABLE apiuser ADD COLUMN owner_ref TEXT;"
	    "ALTER TABLE apiuser ADD COLUMN application TEXT;"
	    "CREATE TABLE owner ("
	    "  source TEXT NOT NULL, dn_norm TEXT NOT NULL, name TEXT, asked_ms INTEGER NOT NULL,"
	    "  PRIMARY KEY (source, dn_norm)) STRICT, WITHOUT ROWID;"
	    "CREATE INDEX owner_asked ON owner (source, asked_ms);"

	    "PRAGMA user_version = 11;" },

	/* Groups that are to be read again: so the wish outlives who is to do it. */
	{ "groups to be read again",
	    "CREATE TABLE reread ("
	    "  source TEXT NOT NULL, id TEXT NOT NULL, generation INTEGER NOT NULL, PRIMARY KEY (source, id)) STRICT, "
	    "WITHOUT ROWID;"

	    "PRAGMA user_version = 12;" },

	/* Entries that time alone disables.  Those that are there say so when they are read again. */
	{ "entries that expire",
	    "CREATE TABLE expiry (num INTEGER NOT NULL PRIMARY KEY, source TEXT NOT NULL, at_ms INTEGER NOT NULL) "
	    "STRICT;"
	    "CREATE INDEX expiry_due ON expiry (source, at_ms);"

	    "PRAGMA user_version = 13;" },

	/* Members that are no entry: there are few as a rule, and they are counted now and then. */
	{ "members that are unknown", "CREATE INDEX member_unknown ON member (source, ref) WHERE is_known = 0;"

				      "PRAGMA user_version = 14;" },

	/* What others do to targets: accounts that are not ours, those of ours that they changed, and what people do
	 * not want to hear of.  And how an account comes to its end: unwanted since when, by which date, without owner.
	 */
	{ "strangers, drift and leaving",
	    "ALTER TABLE account ADD COLUMN settled TEXT;"
	    "ALTER TABLE account ADD COLUMN drift_ms INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE account ADD COLUMN left_ms INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE account ADD COLUMN adoption INTEGER NOT NULL DEFAULT 0;"
	    "CREATE INDEX account_drift ON account (target, id) WHERE drift_ms != 0;"
	    "ALTER TABLE apiuser ADD COLUMN expires_ms INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE apiuser ADD COLUMN term_ms INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE apiuser ADD COLUMN told_ms INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE apiuser ADD COLUMN owner_state INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE apiuser ADD COLUMN owner_ms INTEGER NOT NULL DEFAULT 0;"
	    "CREATE INDEX apiuser_expires ON apiuser (expires_ms, key) WHERE expires_ms != 0;"
	    "CREATE INDEX apiuser_owner_left ON apiuser (key) WHERE owner_state != 0;"
	    "CREATE INDEX apiuser_conflict ON apiuser (key) WHERE conflict IS NOT NULL;"
	    "ALTER TABLE target ADD COLUMN strangers_active INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE target ADD COLUMN strangers_ignored INTEGER NOT NULL DEFAULT 0;"
	    "CREATE TABLE stranger ("
	    "  target TEXT NOT NULL, remote_id TEXT NOT NULL, login TEXT NOT NULL, login_fold TEXT NOT NULL, label "
	    "TEXT,"
	    "  first_name TEXT, last_name TEXT, mail TEXT, mark TEXT, active INTEGER NOT NULL, rights TEXT,"
	    "  first_ms INTEGER NOT NULL, PRIMARY KEY (target, remote_id)) STRICT, WITHOUT ROWID;"
	    "CREATE INDEX stranger_login ON stranger (target, login_fold);"
	    "CREATE TABLE ignored ("
	    "  target TEXT NOT NULL, login_fold TEXT NOT NULL, login TEXT NOT NULL, reason TEXT, actor TEXT NOT NULL,"
	    "  at_ms INTEGER NOT NULL, PRIMARY KEY (target, login_fold)) STRICT, WITHOUT ROWID;"

	    "PRAGMA user_version = 15;" },

	/* What guards count: by group, by source, by target; and which of them hold a step. */
	{ "losses by group, source and target",
	    "ALTER TABLE step ADD COLUMN guards TEXT;"
	    "ALTER TABLE step ADD COLUMN source TEXT AS (substr(cause, 1, instr(cause, '/') - 1)) VIRTUAL;"
	    "ALTER TABLE account ADD COLUMN basis_source TEXT AS (substr(basis, 1, instr(basis, '/') - 1)) VIRTUAL;"
	    "ALTER TABLE account ADD COLUMN bases TEXT;"
	    "UPDATE account SET bases = basis;"
	    "DROP INDEX step_removal;"
	    "CREATE INDEX step_loss_group ON step (target, cause, op, state, finished_ms, account_id) WHERE lane <> 1;"
	    "CREATE INDEX step_loss_source ON step (source, op, state, finished_ms, account_id) WHERE lane <> 1;"
	    "CREATE INDEX step_loss_target ON step (target, op, state, finished_ms, account_id) WHERE lane <> 1;"
	    "CREATE INDEX account_basis ON account (basis_source, state, active);"

	    "PRAGMA user_version = 16;" },
	/* Groups whose members are by name what the directory's list said.  Whoever adds one opens the group, which
	 * ends that; so do these triggers when one goes or is held by another name, in whatever group.  Who becomes
	 * known by the name that he had does not.  None for those who come: it would be a third of their cost. */
	{ "lists that groups are as told",
	    "CREATE TABLE member_list ("
	    "  group_num INTEGER PRIMARY KEY REFERENCES entry (num) ON DELETE CASCADE, digest BLOB NOT NULL) STRICT;"
	    "CREATE TRIGGER member_goes AFTER DELETE ON member WHEN " OLD_NAME " IS NOT NULL"
	    " BEGIN DELETE FROM member_list WHERE group_num = OLD.group_num; END;"
	    "CREATE TRIGGER member_moves AFTER UPDATE ON member WHEN " OLD_NAME " IS NOT " NEW_NAME
	    " BEGIN DELETE FROM member_list WHERE group_num = OLD.group_num; END;"

	    "PRAGMA user_version = 17;" },

	/* Accounts that keep failing, and why targets are sent nothing. */
	{ "failures and pauses",
	    "CREATE TABLE trouble ("
	    "  account_id TEXT NOT NULL PRIMARY KEY, failures INTEGER NOT NULL, first_ms INTEGER NOT NULL,"
	    "  last_ms INTEGER NOT NULL, since_ms INTEGER NOT NULL, reason TEXT, premise TEXT) STRICT, WITHOUT ROWID;"
	    "CREATE INDEX trouble_since ON trouble (since_ms) WHERE since_ms > 0;"
	    "CREATE TABLE target_stop ("
	    "  target TEXT NOT NULL, kind INTEGER NOT NULL, reason TEXT, actor TEXT NOT NULL, since_ms INTEGER NOT "
	    "NULL,"
	    "  until_ms INTEGER NOT NULL, PRIMARY KEY (target, kind)) STRICT, WITHOUT ROWID;"

	    "PRAGMA user_version = 18;" },

	/* What accounts take up of which there is only so much: a ledger per pool, and each account's part of it. */
	{ "ledgers of seats",
	    "CREATE TABLE pool ("
	    "  target TEXT NOT NULL, name TEXT NOT NULL, rule TEXT NOT NULL, limit_set INTEGER NOT NULL,"
	    "  reserve INTEGER NOT NULL, warn INTEGER NOT NULL, warn_percent INTEGER NOT NULL,"
	    "  limit_read INTEGER NOT NULL, used_read INTEGER NOT NULL, observed_ms INTEGER NOT NULL,"
	    "  ours INTEGER NOT NULL, reserved INTEGER NOT NULL, waiting INTEGER NOT NULL, others INTEGER NOT NULL,"
	    "  closed_ms INTEGER NOT NULL, PRIMARY KEY (target, name)) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE seat ("
	    "  account_id TEXT NOT NULL, pool TEXT NOT NULL, target TEXT NOT NULL, held INTEGER NOT NULL,"
	    "  reserved INTEGER NOT NULL, waiting INTEGER NOT NULL, PRIMARY KEY (account_id, pool)) STRICT, WITHOUT "
	    "ROWID;"
	    "CREATE INDEX seat_pool ON seat (target, pool);"
	    "ALTER TABLE account ADD COLUMN takes TEXT;"
	    "ALTER TABLE step ADD COLUMN takes TEXT;"
	    "ALTER TABLE step ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE step ADD COLUMN waits TEXT;"
	    "DROP INDEX step_open;"
	    "CREATE INDEX step_open ON step (account_id, id) WHERE state IN (1, 2, 5, 8);"
	    "CREATE INDEX step_waiting ON step (target, rank, created_ms, id) WHERE state = 8;"

	    "PRAGMA user_version = 19;" },

	/* Saved plans are applied once. */
	{ "plans that were applied",
	    "CREATE TABLE plan_done (digest TEXT NOT NULL PRIMARY KEY, actor TEXT NOT NULL, at_ms INTEGER NOT NULL) "
	    "STRICT, WITHOUT ROWID;"

	    "PRAGMA user_version = 20;" },

	/* What people decided on steps that were held. */
	{ "approvals and refusals",
	    "CREATE TABLE approval ("
	    "  step INTEGER NOT NULL, actor TEXT NOT NULL, name TEXT, reason TEXT NOT NULL, digest TEXT NOT NULL,"
	    "  at_ms INTEGER NOT NULL, PRIMARY KEY (step, actor)) STRICT, WITHOUT ROWID;"
	    "ALTER TABLE account ADD COLUMN refused TEXT;"

	    "PRAGMA user_version = 21;" },

	/* Who else is there for an application. */
	{ "API users by application",
	    "CREATE INDEX apiuser_application ON apiuser (application) WHERE application IS NOT NULL;"

	    "PRAGMA user_version = 22;" },

	/* Accounts that people protect by hand. */
	{ "protected accounts",
	    "CREATE TABLE protection ("
	    "  target TEXT NOT NULL, login_fold TEXT NOT NULL, login TEXT NOT NULL, actor TEXT NOT NULL, name TEXT,"
	    "  reason TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (target, login_fold)) STRICT, WITHOUT ROWID;"

	    "PRAGMA user_version = 23;" },

	/* What a person must do, by whose word we know of it, and what was deleted lately by somebody's word. */
	{ "work orders",
	    "CREATE TABLE work ("
	    "  id INTEGER PRIMARY KEY, step INTEGER NOT NULL, account_id TEXT NOT NULL, apiuser_id TEXT NOT NULL,"
	    "  target TEXT NOT NULL, login TEXT NOT NULL, op INTEGER NOT NULL, lane INTEGER NOT NULL,"
	    "  state INTEGER NOT NULL, revision INTEGER NOT NULL, digest TEXT NOT NULL, want TEXT, text TEXT NOT NULL,"
	    "  reason TEXT, created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,"
	    "  claimer TEXT, claimer_name TEXT, claimed_ms INTEGER NOT NULL, doer TEXT, doer_name TEXT,"
	    "  done_ms INTEGER NOT NULL, second TEXT, second_name TEXT, evidence TEXT, result TEXT, verified_by TEXT,"
	    "  verified_ms INTEGER NOT NULL, replaces INTEGER NOT NULL, note TEXT) STRICT;"
	    "CREATE UNIQUE INDEX work_open ON work (account_id) WHERE state IN (1, 2, 3);"
	    "CREATE INDEX work_due ON work (lane DESC, due_ms, id) WHERE state IN (1, 2, 3);"
	    "CREATE INDEX work_pending ON work (target, state, created_ms, due_ms) WHERE state IN (1, 2, 3, 4);"
	    "CREATE INDEX work_account ON work (account_id, id);"
	    "CREATE TABLE evidence ("
	    "  account_id TEXT NOT NULL PRIMARY KEY, kind INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
	    "  actor TEXT NOT NULL, work INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE tombstone ("
	    "  target TEXT NOT NULL, remote_id TEXT NOT NULL, login TEXT NOT NULL, at_ms INTEGER NOT NULL,"
	    "  PRIMARY KEY (target, remote_id)) STRICT, WITHOUT ROWID;"
	    "DROP INDEX step_open;"
	    "CREATE INDEX step_open ON step (account_id, id) WHERE state IN (1, 2, 5, 8, 9);"

	    "PRAGMA user_version = 24;" },

	/* Whose mark of ownership was wiped. */
	{ "accounts without their mark", "ALTER TABLE account ADD COLUMN unmarked_ms INTEGER NOT NULL DEFAULT 0;"

					 "PRAGMA user_version = 25;" },

	/* When a target was last asked what there is, and what of it people have been told. */
	{ "limits that are read", "ALTER TABLE pool ADD COLUMN read_ms INTEGER NOT NULL DEFAULT 0;"
				  "ALTER TABLE pool ADD COLUMN told INTEGER NOT NULL DEFAULT 0;"

				  "PRAGMA user_version = 26;" },

	/* An owner may be known to be there: those who have left are counted without them. */
	{ "owners who have left", "DROP INDEX apiuser_owner_left;"
				  "CREATE INDEX apiuser_owner_left ON apiuser (key) WHERE owner_state IN (1, 2);"

				  "PRAGMA user_version = 27;" },

	/* How old the passwords are that products have. */
	{ "age of secrets", "ALTER TABLE account ADD COLUMN secret_ms INTEGER NOT NULL DEFAULT 0;"

			    "PRAGMA user_version = 28;" },

	/* Pools whose limit is what was agreed, not what there is. */
	{ "commitments", "ALTER TABLE pool ADD COLUMN beyond INTEGER NOT NULL DEFAULT 0;"

			 "PRAGMA user_version = 29;" },

	/* What nobody did, counted; and whose word it is by name. */
	{ "orders that were missed",
	    "CREATE INDEX work_missed ON work (target, state, created_ms) WHERE state IN (6, 9);"
	    "ALTER TABLE evidence ADD COLUMN name TEXT;"

	    "PRAGMA user_version = 30;" },

	/* Dates that cannot be read, beside the one that was known before. */
	{ "dates that cannot be read", "ALTER TABLE expiry ADD COLUMN odd TEXT;"
				       "CREATE INDEX expiry_odd ON expiry (source, num) WHERE odd IS NOT NULL;"

				       "PRAGMA user_version = 31;" },

	/* Creates that follow: another account has their login still. */
	{ "steps that follow others",
	    "CREATE TABLE step_wait ("
	    "  step INTEGER NOT NULL, account_id TEXT NOT NULL, after INTEGER NOT NULL, PRIMARY KEY (step, account_id))"
	    " STRICT, WITHOUT ROWID;"
	    "CREATE INDEX step_wait_account ON step_wait (account_id, step);"
	    "CREATE TRIGGER step_follows_no_more AFTER UPDATE OF state ON step WHEN OLD.state = 10 AND NEW.state <> 10"
	    " BEGIN DELETE FROM step_wait WHERE step = OLD.id; END;"
	    "CREATE INDEX account_login ON account (target, lower(login)) WHERE state IN (1, 2);"
	    "CREATE INDEX step_making ON step (target, lower(login)) WHERE op = 1 AND state IN (1, 2, 8, 9, 10);"
	    "DROP INDEX step_open;"
	    "CREATE INDEX step_open ON step (account_id, id) WHERE state IN (1, 2, 5, 8, 9, 10);"

	    "PRAGMA user_version = 32;" },

	/* What is tried again, by the answer that it had. */
	{ "steps that are tried again",
	    "CREATE INDEX step_again ON step (target, code, id) WHERE state = 1 AND code <> 0;"

	    "PRAGMA user_version = 33;" },

	/* What is written in several transactions and goes together. */
	{ "parcels of steps",
	    "CREATE TABLE parcel ("
	    "  id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT, actor TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;"
	    "ALTER TABLE step ADD COLUMN parcel INTEGER;"
	    "CREATE INDEX step_parcel ON step (parcel, state, id) WHERE parcel IS NOT NULL;"

	    "PRAGMA user_version = 34;" },

	/* Which row of the audit chain was the last that was removed for its age, sealed as its head is. */
	{ "start of the audit chain",
	    "CREATE TABLE audit_start ("
	    "  one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, mac BLOB NOT NULL, seal BLOB NOT NULL) "
	    "STRICT;"

	    "PRAGMA user_version = 35;" },

	/* What a ticket system has yet to be told of work orders, and what it calls them. */
	{ "deliveries",
	    "ALTER TABLE work ADD COLUMN ticket TEXT;"
	    "CREATE TABLE delivery ("
	    "  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, work INTEGER NOT NULL, target TEXT NOT NULL,"
	    "  type TEXT NOT NULL, data TEXT NOT NULL, created_ms INTEGER NOT NULL, since_ms INTEGER NOT NULL,"
	    "  tries INTEGER NOT NULL, next_ms INTEGER NOT NULL, given_up_ms INTEGER NOT NULL, problem TEXT) STRICT;"
	    "CREATE INDEX delivery_due ON delivery (next_ms, id) WHERE given_up_ms = 0;"
	    "CREATE INDEX delivery_work ON delivery (work, id) WHERE given_up_ms = 0;"
	    "CREATE TABLE subscription ("
	    "  target TEXT NOT NULL PRIMARY KEY, most INTEGER NOT NULL, lost INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

	    "PRAGMA user_version = 36;" },

	/* Where credentials came from, who has them, and which accounts newer ones have taken the place of. */
	{ "custody of credentials",
	    "ALTER TABLE account ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE account ADD COLUMN place TEXT;"
	    "ALTER TABLE account ADD COLUMN since_ms INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE account ADD COLUMN confirmed_ms INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE account ADD COLUMN confirmed_by TEXT;"
	    "ALTER TABLE account ADD COLUMN wanted_ms INTEGER NOT NULL DEFAULT 0;"
	    "ALTER TABLE account ADD COLUMN wanted_why TEXT;"
	    "ALTER TABLE account ADD COLUMN former TEXT;"

	    "PRAGMA user_version = 37;" },
};

const int au_sqlite_version = (int)AU_COUNT(au_sqlite_migrations);
