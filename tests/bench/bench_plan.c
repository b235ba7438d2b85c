/* SPDX-License-Identifier: ISC */
/*
 * Plans for many API users in five targets: from nothing, with nothing to do,
 * with one in a hundred changed; and what one changed member costs at several
 * sizes.  The floor is a loop that reads the same rows with bare SQLite and
 * thinks nothing of them.
 */
#include "tests/bench/measure.h"
#include "tests/scenario/world.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "model/dn.h"
#include "reconcile/applying.h"
#include "reconcile/look.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/fact.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#define TARGETS 5
#define BATCH 5000
#define SAMPLES 200
#define RIGHTS "{\"roles\":[\"read\",\"run\"]}"

struct bench {
	struct scenario s;
	size_t users;
	struct au_arena *arena; /* of the work at hand */
};

struct batch {
	struct bench *b;
	size_t from, to;
};

static void
run(struct bench *b, au_store_work *work, void *arg)
{
	struct au_err err = { 0 };

	if (au_store_run(b->s.store, work, arg, &err) < 0) {
		fprintf(stderr, "bench_plan: %s\n", err.text);
		exit(1);
	}
}

/* In the order of time, as ids of users who came one after the other are not: keys of a real directory are spread. */
static const char *
spread(struct au_arena *arena, const char *prefix, size_t number)
{
	return au_arena_printf(arena, "%s%08zx-%zu", prefix, (number * 2654435761u) & 0xffffffffu, number);
}

/* ---- filling ---------------------------------------------------------------------- */

static int
put_groups(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct bench *b = arg;
	struct au_source_row row = { .name = "corp", .state = AU_SOURCE_OK, .complete = true };
	int rc = au_store_source_put(tx, &row, err);

	for (size_t i = 0; rc == 0 && i < TARGETS; i++) {
		struct au_entry entry = { .source = "corp",
			.id = au_arena_printf(b->arena, "g%zu", i),
			.kind = AU_ENTRY_GROUP,
			.dn = au_arena_printf(b->arena, "cn=g%zu,ou=groups,dc=example,dc=com", i),
			.active = true };
		const char *norm = NULL;
		rc = au_dn_normalize(b->arena, entry.dn, &norm, err);
		if (rc == 0)
			rc = au_store_entry_put(tx, &entry, norm, 0, NULL, err);
	}
	return rc;
}

static int
put_person(struct au_store_tx *tx, struct au_arena *arena, size_t number, struct au_err *err)
{
	const char *id = spread(arena, "p", number);
	struct au_entry entry = { .source = "corp",
		.id = id,
		.kind = AU_ENTRY_PERSON,
		.user_name = au_arena_printf(arena, "u%zu", number),
		.mail = au_arena_printf(arena, "u%zu@example.com", number),
		.display_name = "An Application",
		.active = true };
	struct au_member member = { .id = id };
	int rc = au_store_entry_put(tx, &entry, NULL, 0, NULL, err);

	for (size_t i = 0; rc == 0 && i < TARGETS; i++)
		rc = au_store_member_add(tx, "corp", au_arena_printf(arena, "g%zu", i), &member, NULL, err);
	return rc;
}

static int
put_people(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct batch *batch = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	int rc = 0;

	for (size_t i = batch->from; rc == 0 && i < batch->to; i++)
		rc = put_person(tx, arena, i, err);
	return rc;
}

static int
put_account(
    struct au_store_tx *tx, struct au_arena *arena, size_t number, const char *user, size_t target, struct au_err *err)
{
	struct au_account account = {
		.id = spread(arena, au_arena_printf(arena, "a%zu-", target), number),
		.apiuser_id = user,
		.target = au_arena_printf(arena, "t%zu", target),
		.login = au_arena_printf(arena, "u%zu", number),
		.state = AU_ACCOUNT_PRESENT,
		.remote_id = au_arena_printf(arena, "%zu", number),
		.rights = RIGHTS,
		.label = "An Application",
		.mail = au_arena_printf(arena, "u%zu@example.com", number),
		.active = 1,
		.observed_ms = au_clock_wall_ms(),
		.basis = au_arena_printf(arena, "corp/g%zu", target),
		.created_ms = au_clock_wall_ms(),
	};

	return au_store_account_put(tx, &account, err);
}

static int
put_accounts(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct batch *batch = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	int rc = 0;

	for (size_t i = batch->from; rc == 0 && i < batch->to; i++) {
		struct au_apiuser user = { .id = spread(arena, "x", i),
			.key = au_arena_printf(arena, "u%zu@example.com", i),
			.user_name = au_arena_printf(arena, "u%zu", i),
			.display_name = "An Application",
			.mail = au_arena_printf(arena, "u%zu@example.com", i),
			.created_ms = au_clock_wall_ms(),
			.changed_ms = au_clock_wall_ms() };
		rc = au_store_apiuser_put(tx, &user, err);
		for (size_t t = 0; rc == 0 && t < TARGETS; t++)
			rc = put_account(tx, arena, i, user.id, t, err);
	}
	return rc;
}

static int
leave_group(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct batch *batch = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	int rc = 0;

	for (size_t i = batch->from; rc == 0 && i < batch->to; i++)
		rc = au_store_member_remove(tx, "corp", "g0", spread(arena, "p", i), NULL, err);
	return rc;
}

static void
in_batches(struct bench *b, au_store_work *work, size_t count)
{
	for (size_t from = 0; from < count; from += BATCH) {
		struct batch batch = { b, from, from + BATCH < count ? from + BATCH : count };
		run(b, work, &batch);
	}
}

/* ---- plans ------------------------------------------------------------------------ */

static double
peak_mib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss / 1024;
}

/* Of the whole process: the store works on threads of its own. */
static double
cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double
plan(struct bench *b, const char *name, size_t expected, double floor)
{
	struct au_engine_plan_job job;
	double start = measure_now(), seconds;

	au_engine_plan_init(b->s.engine, &job);
	run(b, au_engine_plan_work, &job);
	seconds = measure_now() - start;
	if (job.plan->step_count != expected) {
		fprintf(stderr, "bench_plan: %s: %zu steps, expected %zu\n", name, job.plan->step_count, expected);
		exit(1);
	}
	printf("%-28s %8.2f s %10.0f users/s %10.0f steps/s %6.2f of the floor's time  peak RSS %.0f MiB\n", name,
	    seconds, (double)b->users / seconds, (double)expected / seconds, floor > 0 ? seconds / floor : 0,
	    peak_mib());
	fflush(stdout);
	au_engine_plan_done(&job);
	return seconds;
}

static size_t
read_all(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	size_t bytes = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		measure_die(sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			bytes += sqlite3_column_text(stmt, i) != NULL ? (size_t)sqlite3_column_bytes(stmt, i) : 0;
	sqlite3_finalize(stmt);
	return bytes;
}

/* Every row that a plan stands on, once, in the order of the tables. */
static double
read_bare(struct bench *b)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/apiuserd.db", b->s.dir);
	double start = measure_now();
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		measure_die("open the store");
	read_all(db, "SELECT * FROM entry");
	read_all(db, "SELECT * FROM member");
	read_all(db, "SELECT * FROM apiuser");
	read_all(db, "SELECT * FROM account");
	sqlite3_close(db);
	return measure_now() - start;
}

/* ---- one changed member ------------------------------------------------------------ */

struct one {
	struct bench *b;
	size_t person;
};

static int
change_one(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct one *one = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *key = au_arena_printf(arena, "u%zu@example.com", one->person), **waiting = NULL;
	struct au_look_counts counts = { 0 };
	struct au_engine_plan_job job;
	size_t waiting_count = 0;
	int rc = au_store_member_remove(tx, "corp", "g1", spread(arena, "p", one->person), NULL, err);

	au_engine_plan_init(one->b->s.engine, &job);
	if (rc == 0)
		rc = au_look_write(
		    tx, arena, job.policy, NULL, &key, 1, au_clock_wall_ms(), &counts, &waiting, &waiting_count, err);
	if (rc == 0 && counts.queued + counts.held != 1)
		rc = au_fail(err, AU_EBUG, "'%s': %lld steps, expected one", key, counts.queued + counts.held);
	au_engine_plan_done(&job);
	return rc;
}

static void
one_member(struct bench *b)
{
	double samples[SAMPLES], p50, cpu = cpu_seconds();
	size_t count = b->users / 2 < SAMPLES ? b->users / 2 : SAMPLES;

	for (size_t i = 0; i < count; i++) {
		struct one one = { b, b->users / 2 + i };
		double start = measure_now();
		run(b, change_one, &one);
		samples[i] = (measure_now() - start) * 1000;
	}
	cpu = (cpu_seconds() - cpu) / (double)count * 1e6;
	p50 = measure_quantile(samples, count, 0.5);
	printf("%-28s %8.3f ms p50 %8.3f ms p99 %8.0f us of CPU, from the member to the step on disk\n",
	    "one member of all", p50, measure_quantile(samples, count, 0.99), cpu);
	fflush(stdout);
}

/* ---- a size ------------------------------------------------------------------------ */

static void
bench_size(size_t users, bool member_only)
{
	struct bench *b = measure_alloc(sizeof(*b));
	const char *top = getenv("top_srcdir");
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/tests/bench/plan.scn", top ? top : ".");
	size_t changed = users / 100;
	double floor, start = measure_now();

	b->users = users;
	b->arena = au_arena_new();
	set_up(&b->s, file);
	alarm(0); /* a scenario that takes that long hangs, a benchmark does not */
	run(b, put_groups, b);
	in_batches(b, put_people, users);
	printf("-- %zu API users in %d targets (people put in %.1f s)\n", users, TARGETS, measure_now() - start);
	if (!member_only)
		plan(b, "from nothing", users * TARGETS, 0);
	in_batches(b, put_accounts, users);
	if (!member_only) {
		floor = read_bare(b);
		printf("%-28s %8.2f s\n", "bare SQLite reads the rows", floor);
		plan(b, "nothing to do", 0, floor);
		in_batches(b, leave_group, changed);
		plan(b, "one in a hundred changed", changed, floor);
	}
	one_member(b);
	take_down(&b->s);
	au_arena_free(b->arena);
	free(b);
}

/* ---- a saved plan ------------------------------------------------------------------- */

/* The longest of its transactions is how long others wait for it. */
struct longest {
	double seconds, all;
	size_t count;
};

static void
timed(struct bench *b, au_store_work *work, void *arg, struct longest *longest)
{
	double seconds = measure_now();

	run(b, work, arg);
	seconds = measure_now() - seconds;
	longest->all += seconds;
	longest->count++;
	if (seconds > longest->seconds)
		longest->seconds = seconds;
}

/* As the engine does it, on a thread that waits. */
static void
apply(struct bench *b, struct au_applying *applying, struct longest *writes, struct longest *close)
{
	while (applying->next_key < applying->key_count)
		timed(b, au_applying_piece, applying, writes);
	while (!applying->closed)
		timed(b, au_applying_close, applying, close);
}

/* How long the store's writer is kept by a plan of so many steps. */
static void
bench_apply(size_t steps)
{
	struct bench *b = measure_alloc(sizeof(*b));
	const char *top = getenv("top_srcdir");
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/tests/bench/plan.scn", top ? top : ".");
	struct au_engine_plan_job job;
	struct longest reads = { 0 }, writes = { 0 }, close = { 0 };
	double saved;

	b->users = steps;
	b->arena = au_arena_new();
	set_up(&b->s, file);
	alarm(0); /* a scenario that takes that long hangs, a benchmark does not */
	run(b, put_groups, b);
	in_batches(b, put_people, steps);
	au_clock_real(); /* pieces are as large as time allows */
	au_engine_plan_init(b->s.engine, &job);
	job.save = true;
	job.target = "t0";
	job.actor = "uid:0";
	saved = measure_now();
	run(b, au_engine_plan_work, &job);
	saved = measure_now() - saved;
	struct au_applying applying = { .engine = b->s.engine,
		.arena = b->arena,
		.plan = job.saved,
		.moved = json_array(),
		.told = au_map_new(),
		.actor = "uid:0",
		.policy = job.policy,
		.pace = AU_PACE_START,
		.now_ms = au_clock_wall_ms() };
	timed(b, au_applying_open, &applying, &reads);
	timed(b, au_applying_compare, &applying, &reads);
	apply(b, &applying, &writes, &close);
	if (au_json_get_int(applying.result, "queued") != (long long)steps)
		measure_die("not every step of the plan was queued");
	printf("-- a saved plan of %zu steps: saved in %.3f s, opened and compared in %.3f s (by readers), written in "
	       "%.3f s by %zu transactions, the longest %.3f s, closed in %.3f s by %zu, the longest %.3f s\n",
	    steps, saved, reads.all, writes.all, writes.count, writes.seconds, close.all, close.count, close.seconds);
	fflush(stdout);
	json_decref(applying.result);
	json_decref(applying.moved);
	au_map_free(applying.told, NULL);
	au_map_free(applying.sight_of, NULL);
	au_engine_plan_done(&job);
	take_down(&b->s);
	au_arena_free(b->arena);
	free(b);
}

static void
keep_quiet(void *ctx, enum au_log_level level, const char *text)
{
	(void)ctx;
	(void)level;
	(void)text;
}

/* BENCH_USERS: one size only, and with BENCH_MEMBER no more of it than one changed member; BENCH_STEPS: a saved plan of
 * so many steps only. */
int
main(void)
{
	static const size_t sizes[] = { 1000, 10000, 100000 };
	const char *only = getenv("BENCH_USERS"), *steps = getenv("BENCH_STEPS");

	au_rand_init();
	au_log_init("bench_plan");
	au_log_capture(keep_quiet, NULL);
	for (size_t i = 0; i < AU_COUNT(sizes); i++)
		if (!only && !steps)
			bench_size(sizes[i], false);
	if (!only)
		bench_apply(steps ? strtoul(steps, NULL, 10) : 10000);
	if (only)
		bench_size(strtoul(only, NULL, 10), getenv("BENCH_MEMBER") != NULL);
	return 0;
}
