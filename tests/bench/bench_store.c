/* SPDX-License-Identifier: ISC */
/*
 * The store by itself, in interleaved rounds of one run: durable inserts with 1, 16 and 64 outstanding against bare
 * SQLite with as many rows per commit, point reads, whole reads of a directory, members of a small and a large group.
 */
#include "base/mem.h"
#include "base/rand.h"
#include "store/fact.h"
#include "store/resource.h"
#include "store/store.h"
#include "tests/bench/floor_table.h"
#include "tests/bench/measure.h"
#include "tests/bench/server.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_PER_WORK 5000
#define SAMPLES_MAX 2000000
#define NAME_SIZE 64

struct bench {
	struct plan plan;
	struct floor_table floor;
	struct event_base *base;
	struct au_store *store;
	size_t floor_rows, our_rows; /* documents there */
	double *samples;             /* milliseconds of this round */
	size_t count;
	double until;
	size_t open;
};

static void
check(int rc, const struct au_err *err)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "benchmark: store: %s\n", err->text);
	exit(1);
}

static void
note(struct bench *b, double started)
{
	if (b->count < SAMPLES_MAX)
		b->samples[b->count++] = (measure_now() - started) * 1e3;
}

/* Ends a round of `done` things that began at `started`. */
static void
close_round(struct bench *b, struct measure_row *row, size_t done, double started)
{
	double seconds = measure_now() - started;
	double p50 = measure_quantile(b->samples, b->count, 0.50), p99 = measure_quantile(b->samples, b->count, 0.99);
	measure_add(row, (double)done / seconds, p50, p99);
	b->count = 0;
}

/* ---- durable inserts --------------------------------------------------------------- */

static void
floor_insert(struct bench *b, struct measure_row *row, size_t rows_per_commit)
{
	char id[FLOOR_ID_SIZE], name[NAME_SIZE], document[4096];
	size_t done = 0;
	double started = measure_now();
	while (measure_now() < started + b->plan.seconds) {
		double at = measure_now();
		floor_table_begin(&b->floor);
		for (size_t i = 0; i < rows_per_commit; i++, done++) {
			floor_id(b->floor_rows, id);
			snprintf(name, sizeof(name), "user-%zu@apps.example", b->floor_rows);
			floor_document(b->floor_rows++, document, sizeof(document));
			floor_table_insert(&b->floor, id, name, id, document);
		}
		floor_table_commit(&b->floor);
		note(b, at);
	}
	close_round(b, row, done, started);
}

struct insert {
	struct bench *bench;
	size_t number;
	double started;
};

static int
insert_one(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct insert *insert = arg;
	char id[FLOOR_ID_SIZE], name[NAME_SIZE], document[4096];
	floor_id(insert->number, id);
	snprintf(name, sizeof(name), "user-%zu@apps.example", insert->number);
	floor_document(insert->number, document, sizeof(document));
	struct au_resource resource = { .id = id,
		.client = "bench",
		.type = "User",
		.name_fold = name,
		.external_id = id,
		.doc = document,
		.version = 1 };
	return au_store_resource_insert(tx, &resource, err);
}

static void on_inserted(void *arg, int rc, const struct au_err *err);

static void
send_insert(struct bench *b, struct insert *insert)
{
	insert->number = b->our_rows++;
	insert->started = measure_now();
	au_store_write(b->store, insert_one, insert, on_inserted);
}

static void
on_inserted(void *arg, int rc, const struct au_err *err)
{
	struct insert *insert = arg;
	struct bench *b = insert->bench;
	check(rc, err);
	note(b, insert->started);
	if (measure_now() < b->until)
		send_insert(b, insert);
	else if (--b->open == 0)
		event_base_loopbreak(b->base);
}

static void
our_insert(struct bench *b, struct measure_row *row, size_t outstanding)
{
	struct insert inserts[64];
	double started = measure_now();
	size_t before = b->our_rows;
	b->until = started + b->plan.seconds;
	b->open = outstanding;
	for (size_t i = 0; i < outstanding; i++) {
		inserts[i].bench = b;
		send_insert(b, &inserts[i]);
	}
	event_base_dispatch(b->base);
	close_round(b, row, b->our_rows - before, started);
}

/* ---- point reads ------------------------------------------------------------------- */

static void
see(void *context, const char *text, size_t length)
{
	size_t *bytes = context;
	(void)text;
	*bytes += length;
}

static void
floor_read(struct bench *b, struct measure_row *row)
{
	char id[FLOOR_ID_SIZE];
	size_t done = 0, bytes = 0;
	double started = measure_now();
	for (; measure_now() < started + b->plan.seconds; done++) {
		double at = measure_now();
		floor_id(done * 7919 % b->floor_rows, id);
		if (!floor_table_find(b->floor.by_id, id, see, &bytes))
			measure_die("a row is missing");
		note(b, at);
	}
	close_round(b, row, done, started);
}

struct look {
	char id[FLOOR_ID_SIZE];
	size_t bytes;
};

static int
look_up(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct look *look = arg;
	struct au_arena *arena = au_arena_new();
	struct au_resource resource = { 0 };
	int rc = au_store_resource_get(tx, arena, "bench", "User", look->id, &resource, err);
	if (rc == 0)
		look->bytes += strlen(resource.doc);
	au_arena_free(arena);
	return rc;
}

static void
on_looked(void *arg, int rc, const struct au_err *err)
{
	(void)arg;
	check(rc, err);
}

static void
our_read(struct bench *b, struct measure_row *row)
{
	struct look look = { .bytes = 0 };
	size_t done = 0;
	double started = measure_now();
	for (; measure_now() < started + b->plan.seconds; done++) {
		double at = measure_now();
		floor_id(done * 7919 % b->our_rows, look.id);
		au_store_read(b->store, AU_READ_POINT, look_up, &look, on_looked);
		note(b, at);
	}
	close_round(b, row, done, started);
}

/* ---- a directory --------------------------------------------------------------------- */

struct import {
	char source[32];
	size_t first, last;
	long long generation;
	const char *group; /* members of it instead of entries */
};

static int
import_one(struct au_store_tx *tx, const struct import *im, size_t number, struct au_err *err)
{
	char id[FLOOR_ID_SIZE], name[NAME_SIZE], dn[2 * NAME_SIZE], mail[2 * NAME_SIZE];
	floor_id(number, id);
	snprintf(name, sizeof(name), "user%zu", number);
	snprintf(dn, sizeof(dn), "uid=%s,ou=people,dc=apps,dc=example", name);
	snprintf(mail, sizeof(mail), "%s@%s.example", name, im->source);
	struct au_member member = { .dn_norm = dn };
	struct au_entry entry = { .source = im->source,
		.id = id,
		.kind = AU_ENTRY_PERSON,
		.dn = dn,
		.user_name = name,
		.display_name = "A Name",
		.given_name = "A",
		.family_name = "Name",
		.mail = mail,
		.active = true };
	return im->group ? au_store_member_add(tx, im->source, im->group, &member, NULL, err)
			 : au_store_entry_put(tx, &entry, dn, im->generation, NULL, err);
}

static int
import_some(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct import *im = arg;
	int rc = 0;
	for (size_t i = im->first; i < im->last && rc == 0; i++)
		rc = import_one(tx, im, i, err);
	return rc;
}

static void
import(struct bench *b, struct measure_row *row, size_t round, long long generation, const char *group)
{
	struct au_err err = { 0 };
	struct import im = { .generation = generation, .group = group };
	snprintf(im.source, sizeof(im.source), "source%zu", round);
	double started = measure_now();
	for (im.first = 0; im.first < b->plan.users; im.first = im.last) {
		double at = measure_now();
		im.last = im.first + ENTRIES_PER_WORK < b->plan.users ? im.first + ENTRIES_PER_WORK : b->plan.users;
		check(au_store_run(b->store, import_some, &im, &err), &err);
		note(b, at);
	}
	close_round(b, row, b->plan.users, started);
}

struct change {
	char source[32];
	const char *group;
	bool add;
};

static int
change_member(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct change *change = arg;
	struct au_member member = { .id = "one more" };
	return change->add ? au_store_member_add(tx, change->source, change->group, &member, NULL, err)
			   : au_store_member_remove(tx, change->source, change->group, member.id, NULL, err);
}

static int
make_groups(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct change *change = arg;
	struct au_entry group = { .source = change->source, .id = "small", .kind = AU_ENTRY_GROUP, .active = true };
	int rc = au_store_entry_put(tx, &group, NULL, 0, NULL, err);
	group.id = "large";
	return rc < 0 ? rc : au_store_entry_put(tx, &group, NULL, 0, NULL, err);
}

static void
change_members(struct bench *b, struct measure_row *row, size_t round, const char *group)
{
	struct au_err err = { 0 };
	struct change change = { .group = group };
	size_t done = 0;
	snprintf(change.source, sizeof(change.source), "source%zu", round);
	double started = measure_now();
	for (; measure_now() < started + b->plan.seconds; done++) {
		double at = measure_now();
		change.add = done % 2 == 0;
		check(au_store_run(b->store, change_member, &change, &err), &err);
		note(b, at);
	}
	close_round(b, row, done, started);
}

/* ---- all of it ------------------------------------------------------------------------ */

enum {
	FLOOR_1,
	OURS_1,
	FLOOR_16,
	OURS_16,
	FLOOR_64,
	OURS_64,
	FLOOR_READ,
	OUR_READ,
	IMPORT,
	IMPORT_AGAIN,
	FILL_GROUP,
	SMALL_GROUP,
	LARGE_GROUP,
	ROWS
};

static void
run_round(struct bench *b, struct measure_row *rows, size_t round)
{
	static const size_t outstanding[] = { 1, 16, 64 };
	struct au_err err = { 0 };
	struct change groups = { .group = NULL };
	for (size_t i = 0; i < AU_COUNT(outstanding); i++) {
		floor_insert(b, &rows[FLOOR_1 + 2 * i], outstanding[i]);
		our_insert(b, &rows[OURS_1 + 2 * i], outstanding[i]);
	}
	floor_read(b, &rows[FLOOR_READ]);
	our_read(b, &rows[OUR_READ]);
	import(b, &rows[IMPORT], round, 1, NULL);
	import(b, &rows[IMPORT_AGAIN], round, 2, NULL);
	snprintf(groups.source, sizeof(groups.source), "source%zu", round);
	check(au_store_run(b->store, make_groups, &groups, &err), &err);
	import(b, &rows[FILL_GROUP], round, 0, "large");
	change_members(b, &rows[SMALL_GROUP], round, "small");
	change_members(b, &rows[LARGE_GROUP], round, "large");
}

static void
open_both(struct bench *b)
{
	static const unsigned char key[32] = "an audit key for benchmarks only";
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/store", b->plan.folder);
	struct au_store_config config = { .backend = "sqlite", .path = path, .audit_key = key };
	struct au_err err = { 0 };
	floor_table_open(&b->floor, b->plan.folder, "floor.db", 0);
	b->base = event_base_new();
	check(au_store_open(b->base, &config, &b->store, &err), &err);
}

int
main(void)
{
	struct bench b = { .samples = measure_alloc(SAMPLES_MAX * sizeof(double)) };
	struct measure_row rows[ROWS] = {
		[FLOOR_1] = { .name = "SQLite, 1 document per commit" },
		[OURS_1] = { .name = "store, 1 insert outstanding", .floor = &rows[FLOOR_1], .aim = 0.85 },
		[FLOOR_16] = { .name = "SQLite, 16 documents per commit" },
		[OURS_16] = { .name = "store, 16 inserts outstanding", .floor = &rows[FLOOR_16], .aim = 0.85 },
		[FLOOR_64] = { .name = "SQLite, 64 documents per commit" },
		[OURS_64] = { .name = "store, 64 inserts outstanding", .floor = &rows[FLOOR_64], .aim = 0.85 },
		[FLOOR_READ] = { .name = "SQLite, point read" },
		[OUR_READ] = { .name = "store, point read", .floor = &rows[FLOOR_READ], .aim = 0.60 },
		[IMPORT] = { .name = "entries, first read (ms: 5000 of them)" },
		[IMPORT_AGAIN] = { .name = "entries, nothing changed (ms: same)" },
		[FILL_GROUP] = { .name = "members into one group (ms: same)" },
		[SMALL_GROUP] = { .name = "one member, empty group" },
		[LARGE_GROUP] = { .name = "one member, the large group", .floor = &rows[SMALL_GROUP], .aim = 0.77 },
	};
	plan_read(&b.plan);
	au_rand_init();
	printf("%zu entries, %zu rounds of %.1f s for each line\n", b.plan.users, b.plan.rounds, b.plan.seconds);
	fflush(stdout);
	open_both(&b);
	for (size_t round = 0; round < b.plan.rounds; round++)
		run_round(&b, rows, round);
	measure_print_head();
	for (size_t i = 0; i < ROWS; i++)
		measure_print(&rows[i]);
	au_store_close(b.store);
	event_base_free(b.base);
	sqlite3_close_v2(b.floor.db);
	plan_done(&b.plan);
	free(b.samples);
	return 0;
}
