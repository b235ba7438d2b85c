/* SPDX-License-Identifier: ISC */
/*
 * I16: after kill -9 at any moment no password is lost unnoticed, and no account is created twice.
 * One API user after the other lives the same life, and in each life the daemon is killed one turn of its loop later
 * than in the one before.  Killed means: the store is what was committed by then, targets have done what they were told
 * by then, and the old engine is heard of no more.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/secret.h"
#include "base/str.h"
#include "model/dn.h"
#include "reconcile/decide.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/fact.h"
#include "store/pool.h"
#include "store/sealed.h"
#include "store/step.h"
#include "store/work.h"
#include "tests/scenario/world.h"
#include "tests/unit.h"

#include <event2/event.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATES 16
#define EACH_STATE 10 /* how often a kill must have met it */
#define LISTED 100

static const char *const groups[] = { "run", "slot", "desk", "build" };
enum { RUN, SLOT, DESK, BUILD };

struct play {
	struct scenario s;
	struct au_arena *arena; /* of one life */
	size_t life, turn, kill_at;
	bool killed;
	unsigned met[STATES]; /* kills with a step of that state in the store */
};

/* ---- facts ------------------------------------------------------------------------ */

static void
work(struct play *p, au_store_work *what, void *arg)
{
	struct au_err err = { 0 };

	if (au_store_run(p->s.store, what, arg, &err) < 0)
		fail_msg("life %zu: %s", p->life, err.text);
}

static int
put_groups(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct play *p = arg;
	const struct au_source_row source = { .name = "corp", .state = AU_SOURCE_OK, .complete = true };
	int rc = au_store_source_put(tx, &source, err);

	for (size_t i = 0; rc == 0 && i < AU_COUNT(groups); i++) {
		struct au_entry entry = { .source = "corp",
			.id = au_arena_printf(p->arena, "g-%s", groups[i]),
			.kind = AU_ENTRY_GROUP,
			.dn = au_arena_printf(p->arena, "cn=%s,ou=groups,dc=example,dc=com", groups[i]),
			.active = true };
		const char *norm = NULL;
		rc = au_dn_normalize(p->arena, entry.dn, &norm, err);
		if (rc == 0)
			rc = au_store_entry_put(tx, &entry, norm, 0, NULL, err);
	}
	return rc;
}

static const char *
login_of(const struct play *p, size_t life)
{
	return au_arena_printf(p->arena, "u%03zu", life);
}

struct membership {
	struct play *p;
	size_t life;
	int group;
	bool is_in;
};

static int
member_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct membership *m = arg;
	const struct au_member member = { .id = login_of(m->p, m->life) };
	const char *group = au_arena_printf(m->p->arena, "g-%s", groups[m->group]);

	return m->is_in ? au_store_member_add(tx, "corp", group, &member, NULL, err)
			: au_store_member_remove(tx, "corp", group, member.id, NULL, err);
}

static void
put_member(struct play *p, size_t life, int group, bool is_in)
{
	struct membership m = { p, life, group, is_in };

	work(p, member_work, &m);
}

static int
person_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct play *p = arg;
	const char *login = login_of(p, p->life);
	struct au_entry entry = { .source = "corp",
		.id = login,
		.kind = AU_ENTRY_PERSON,
		.user_name = login,
		.mail = au_arena_printf(p->arena, "%s@example.com", login),
		.active = true };

	return au_store_entry_put(tx, &entry, NULL, 0, NULL, err);
}

/* ---- killing ----------------------------------------------------------------------- */

static char *
database_in(const char *dir)
{
	return au_xasprintf("%s/apiuserd.db", dir);
}

/* Which steps a kill has met. */
static void
note_states(struct play *p, sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;

	assert_int_equal(sqlite3_prepare_v2(db, "SELECT DISTINCT state FROM step", -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		p->met[sqlite3_column_int(stmt, 0) % STATES]++;
	sqlite3_finalize(stmt);
}

/* What is committed by now, in a folder of its own. */
static void
take_image(struct play *p, char dir[64])
{
	AU_CLEANUP(au_freep) char *from = database_in(p->s.dir), *to = NULL;
	sqlite3 *live = NULL, *image = NULL;
	sqlite3_backup *backup;

	snprintf(dir, 64, "/tmp/apiuserd-scenario-XXXXXX");
	assert_non_null(mkdtemp(dir));
	to = database_in(dir);
	assert_int_equal(sqlite3_open_v2(from, &live, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_open(to, &image), SQLITE_OK);
	sqlite3_busy_timeout(live, 60000);
	backup = sqlite3_backup_init(image, "main", live, "main");
	assert_non_null(backup);
	assert_int_equal(sqlite3_backup_step(backup, -1), SQLITE_DONE);
	assert_int_equal(sqlite3_backup_finish(backup), SQLITE_OK);
	note_states(p, image);
	sqlite3_close(image);
	sqlite3_close(live);
	assert_int_equal(chmod(to, 0600), 0);
}

static void
drop_folder(const char *dir)
{
	static const char *const names[] = { "apiuserd.db", "apiuserd.db-wal", "apiuserd.db-shm", "lock" };

	for (size_t i = 0; i < AU_COUNT(names); i++) {
		AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}

static void
kill_and_start(struct play *p)
{
	char dir[64];

	take_image(p, dir);
	p->s.dead = true; /* nobody hears of what it still does */
	stop_engine(&p->s);
	p->s.dead = false;
	drop_folder(p->s.dir);
	snprintf(p->s.dir, sizeof(p->s.dir), "%s", dir);
	start_engine(&p->s);
	rest(&p->s, false);
}

/* ---- living ------------------------------------------------------------------------ */

static void
rested(void *ctx, const struct au_engine_summary *summary)
{
	struct play *p = ctx;

	(void)summary;
	p->s.resting = true;
}

/* Until nothing moves any more, or the daemon is killed and has come back. */
static void
live(struct play *p, bool observe)
{
	p->s.resting = false;
	au_engine_run(p->s.engine, observe, 60000, rested, p);
	while (!p->s.resting) {
		event_base_loop(p->s.base, EVLOOP_ONCE);
		if (p->killed || ++p->turn < p->kill_at)
			continue;
		p->killed = true;
		kill_and_start(p);
		return;
	}
}

struct held {
	struct play *p;
	long long steps[LISTED];
	size_t count;
};

static int
held_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct held *held = arg;
	struct au_step *steps = NULL;
	int rc = au_store_step_list(tx, held->p->arena, AU_STEP_HELD, LISTED, &steps, &held->count, err);

	for (size_t i = 0; rc == 0 && i < held->count; i++)
		held->steps[i] = steps[i].id;
	return rc;
}

static void
approve_all(struct play *p)
{
	struct held held = { .p = p };
	struct au_decide_job job = { 0 };

	work(p, held_work, &held);
	au_decide_init(p->s.engine, &job);
	job.steps = held.steps;
	job.step_count = held.count;
	job.actor = "uid:2";
	job.reason = "seen";
	job.now_ms = au_clock_wall_ms();
	if (held.count)
		work(p, au_decide_approve, &job);
	au_decide_done(&job);
}

/* He comes while the slot is taken, whose holder then leaves, by a person's leave; and in the end gets more rights. */
static void
live_once(struct play *p)
{
	work(p, person_work, p);
	for (int group = RUN; group <= DESK; group++)
		put_member(p, p->life, group, true);
	live(p, false);
	for (int group = RUN; p->life > 0 && group <= DESK; group++)
		put_member(p, p->life - 1, group, false);
	if (p->life > 0)
		put_member(p, p->life - 1, BUILD, false);
	live(p, false);
	live(p, true); /* the person takes his time */
	live(p, true);
	approve_all(p);
	live(p, false);
	put_member(p, p->life, BUILD, true);
	live(p, true);
}

/* ---- what must be true ---------------------------------------------------------------- */

static const struct fake_account *
account_in(const struct play *p, size_t fake, size_t life)
{
	const struct fake_account *account = fake_target_find(p->s.fakes[fake], login_of(p, life));

	if (!account)
		fail_msg("life %zu: '%s' is not in target %zu", p->life, login_of(p, life), fake);
	if (account->created != 1)
		fail_msg("life %zu: '%s' was created %u times", p->life, account->login, account->created);
	return account;
}

struct truth {
	struct play *p;
	long long open, held, waiting, reserved, ours, waiting_in_pool;
	size_t orders;
};

/* The password that the product has is the one that we can hand over. */
static int
check_secret(struct au_store_tx *tx, const struct play *p, const char *apiuser, size_t fake, const char *target,
    struct au_err *err)
{
	struct au_account account;
	struct au_sealed_row row;
	AU_CLEANUP(au_secret_freep) struct au_secret *secret = NULL;
	int rc = au_store_account_of(tx, p->arena, apiuser, target, &account, err);

	if (rc == 0)
		rc = au_store_sealed_get(tx, p->arena, account.id, &row, err);
	if (rc == 0)
		rc = au_unseal(p->s.sealer, account.id, row.sealed, row.len, &secret, err);
	if (rc == 0 && !au_streq(au_secret_text(secret), account_in(p, fake, p->life)->secret))
		rc = au_fail(err, AU_EBUG, "the password of '%s' in %s is lost", account.login, target);
	return rc;
}

static int
truth_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct truth *truth = arg;
	struct play *p = truth->p;
	AU_CLEANUP(au_freep) char *key = au_xasprintf("%s@example.com", login_of(p, p->life));
	struct au_pool_row *pools = NULL;
	struct au_apiuser user;
	struct au_work *orders = NULL;
	long long running = 0;
	size_t count = 0;
	int rc = au_store_step_count(tx, AU_STEP_QUEUED, &truth->open, err);

	if (rc == 0)
		rc = au_store_step_count(tx, AU_STEP_RUNNING, &running, err);
	if (rc == 0)
		rc = au_store_step_count(tx, AU_STEP_HELD, &truth->held, err);
	if (rc == 0)
		rc = au_store_step_count(tx, AU_STEP_WAITING, &truth->waiting, err);
	if (rc == 0)
		rc = au_store_pool_list(tx, p->arena, "slots", &pools, &count, err);
	truth->open += running;
	for (size_t i = 0; rc == 0 && i < count; i++)
		if (au_streq(pools[i].name, "slots")) {
			truth->reserved = pools[i].reserved;
			truth->ours = pools[i].ours;
			truth->waiting_in_pool = pools[i].waiting;
		}
	if (rc == 0)
		rc = au_store_apiuser_by_key(tx, p->arena, key, &user, err);
	if (rc == 0)
		rc = check_secret(tx, p, user.id, 0, "room", err);
	if (rc == 0)
		rc = check_secret(tx, p, user.id, 1, "slots", err);
	return rc < 0 ? rc : au_store_work_due(tx, p->arena, "desk", LISTED, &orders, &truth->orders, err);
}

static void
check(struct play *p)
{
	struct truth truth = { .p = p };
	const struct fake_account *room = account_in(p, 0, p->life), *slot = account_in(p, 1, p->life);

	assert_int_equal(room->active, 1);
	assert_string_equal(room->rights, "{\"roles\":[\"build\",\"run\"]}");
	assert_int_equal(slot->active, 1);
	if (p->life > 0) {
		assert_int_equal(account_in(p, 0, p->life - 1)->active, 0);
		assert_int_equal(account_in(p, 1, p->life - 1)->active, 0);
	}
	work(p, truth_work, &truth);
	if (truth.open + truth.held + truth.waiting + truth.reserved + truth.waiting_in_pool != 0 || truth.ours != 1)
		fail_msg("life %zu: %lld open, %lld held, %lld waiting; of the pool %lld ours, %lld reserved, %lld "
			 "waited for",
		    p->life, truth.open, truth.held, truth.waiting, truth.ours, truth.reserved, truth.waiting_in_pool);
	/* One person is asked once, and of who has left nothing is asked any more. */
	assert_int_equal(truth.orders, 1);
}

static void
keep_quiet(void *ctx, enum au_log_level level, const char *text)
{
	(void)ctx;
	(void)level;
	(void)text;
}

static bool
has_met_all(const struct play *p)
{
	static const enum au_step_state states[] = { AU_STEP_QUEUED, AU_STEP_RUNNING, AU_STEP_HELD, AU_STEP_WAITING,
		AU_STEP_WITH_PERSON };
	bool all = true;

	for (size_t i = 0; i < AU_COUNT(states); i++)
		all = all && p->met[states[i]] >= EACH_STATE;
	return all;
}

static void
live_and_check(struct play *p, size_t kill_at)
{
	p->kill_at = kill_at;
	p->turn = 0;
	p->killed = false;
	live_once(p);
	check(p);
	p->life++;
	au_arena_free(p->arena);
	p->arena = au_arena_new();
}

/* The first life is whole; then each is cut a turn later, until one ends before its cut.  Which state of a step a turn
 * ends with is not told by the turns alone, as the store has threads of its own: so once more until all were met often
 * enough, which takes one round as a rule. */
static void
a_life_may_be_cut_anywhere(void **state)
{
	struct play *p = au_xcalloc(1, sizeof(*p));
	const char *top = getenv("top_srcdir");
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/tests/scenario/kills.scn", top ? top : ".");

	(void)state;
	p->arena = au_arena_new();
	set_up(&p->s, file);
	work(p, put_groups, p);
	live_and_check(p, (size_t)-1);
	do {
		size_t kill_at = 0;
		do
			live_and_check(p, ++kill_at);
		while (p->killed);
		assert_true(kill_at > EACH_STATE);
	} while (!has_met_all(p));
	take_down(&p->s);
	au_arena_free(p->arena);
	free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_life_may_be_cut_anywhere) };

	au_rand_init();
	au_log_init("kills");
	au_log_capture(keep_quiet, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
