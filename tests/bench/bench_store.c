/* SPDX-License-Identifier: ISC */
/*
 * How fast the store writes, beside a bare SQLite loop in the same run: rounds
 * of both alternate, and the ratio of their medians is what counts, since the
 * disk's own speed drifts.  Usage: bench_store [FOLDER]; prints a table.
 */
#include "base/mem.h"
#include "base/rand.h"
#include "store/fact.h"
#include "store/store.h"

#include <event2/event.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 5
#define ROUND_S 1.0
#define ENTRIES 100000
#define ENTRIES_PER_WORK 5000
#define DOC_SIZE 1024

struct bench {
	struct event_base *base;
	struct au_store *store;
	sqlite3 *bare;
	char doc[DOC_SIZE + 1];
	double until;
	long open, done, number;
};

static double
now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "bench_store: %s: %s\n", what, why);
	exit(1);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double
median(double values[ROUNDS])
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

/* ---- one small write, many outstanding ---- */

static int
write_one(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct bench *b = arg;
	char name[32];
	snprintf(name, sizeof(name), "%010ld", b->number++);
	return au_store_meta_put(tx, name, b->doc, err);
}

static void
on_written(void *arg, int rc, const struct au_err *err)
{
	struct bench *b = arg;
	if (rc < 0)
		die("write", err->text);
	b->done++;
	b->open--;
	if (now_s() < b->until) {
		b->open++;
		au_store_write(b->store, write_one, b, on_written);
	} else if (b->open == 0) {
		event_base_loopbreak(b->base);
	}
}

static double
write_round(struct bench *b, int outstanding, double *ret_per_commit)
{
	struct au_store_stats before, after;
	au_store_stats(b->store, &before);
	double start = now_s();
	b->until = start + ROUND_S;
	b->done = 0;
	for (b->open = 0; b->open < outstanding; b->open++)
		au_store_write(b->store, write_one, b, on_written);
	event_base_dispatch(b->base);
	au_store_stats(b->store, &after);
	*ret_per_commit = (double)b->done / (double)(after.commits - before.commits);
	return (double)b->done / (now_s() - start);
}

/* ---- the floor: the same row, prepared, one commit each ---- */

static void
bare_exec(struct bench *b, const char *text)
{
	if (sqlite3_exec(b->bare, text, NULL, NULL, NULL) != SQLITE_OK)
		die(text, sqlite3_errmsg(b->bare));
}

static void
bare_open(struct bench *b, const char *folder)
{
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/bare.db", folder);
	if (sqlite3_open(file, &b->bare) != SQLITE_OK)
		die(file, sqlite3_errmsg(b->bare));
	bare_exec(b, "PRAGMA journal_mode = WAL");
	bare_exec(b, "PRAGMA synchronous = FULL");
	bare_exec(b, "CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID");
}

static double
bare_round(struct bench *b)
{
	sqlite3_stmt *stmt = NULL;
	char name[32];
	long done = 0;
	if (sqlite3_prepare_v2(b->bare, "INSERT INTO meta VALUES (?, ?)", -1, &stmt, NULL) != SQLITE_OK)
		die("prepare", sqlite3_errmsg(b->bare));
	double start = now_s();
	for (; now_s() < start + ROUND_S; done++) {
		snprintf(name, sizeof(name), "%010ld", b->number++);
		sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 2, b->doc, -1, SQLITE_STATIC);
		if (sqlite3_step(stmt) != SQLITE_DONE)
			die("insert", sqlite3_errmsg(b->bare));
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	return (double)done / (now_s() - start);
}

/* ---- whole reads of a directory ---- */

struct import {
	long first;
	long long generation;
	const char *group; /* add members to it instead */
};

static int
import_some(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct import *im = arg;
	int rc = 0;
	for (long i = im->first; i < im->first + ENTRIES_PER_WORK && rc == 0; i++) {
		char id[64], dn[96], mail[64], name[32];
		unsigned scattered = (unsigned)i * 2654435761u;
		snprintf(id, sizeof(id), "%08x-0000-4000-8000-%012lx", scattered, i);
		snprintf(name, sizeof(name), "user%ld", i);
		snprintf(dn, sizeof(dn), "uid=%s,ou=people,dc=example,dc=org", name);
		snprintf(mail, sizeof(mail), "%s@example.org", name);
		struct au_entry entry = { "bench", id, AU_ENTRY_PERSON, dn, NULL, name, "A Name", "A", "Name", mail,
			NULL, true };
		struct au_member member = { NULL, dn, NULL };
		rc = im->group ? au_store_member_add(tx, "bench", im->group, &member, NULL, err)
			       : au_store_entry_put(tx, &entry, dn, im->generation, NULL, err);
	}
	return rc;
}

static double
import_all(struct bench *b, long long generation, const char *group)
{
	double start = now_s();
	for (long first = 0; first < ENTRIES; first += ENTRIES_PER_WORK) {
		struct import im = { first, generation, group };
		struct au_err err = { 0 };
		if (au_store_run(b->store, import_some, &im, &err) < 0)
			die("import", err.text);
	}
	return now_s() - start;
}

struct one_member {
	const char *group, *id;
	bool add;
};

static int
change_member(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct one_member *m = arg;
	struct au_member member = { m->id, NULL, NULL };
	return m->add ? au_store_member_add(tx, "bench", m->group, &member, NULL, err)
		      : au_store_member_remove(tx, "bench", m->group, m->id, NULL, err);
}

static int
make_groups(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_entry small = { .source = "bench", .id = "small", .kind = AU_ENTRY_GROUP, .active = true };
	struct au_entry large = { .source = "bench", .id = "large", .kind = AU_ENTRY_GROUP, .active = true };
	(void)arg;
	int rc = au_store_entry_put(tx, &small, NULL, 0, NULL, err);
	return rc < 0 ? rc : au_store_entry_put(tx, &large, NULL, 0, NULL, err);
}

static double
member_rate(struct bench *b, const char *group)
{
	double start = now_s();
	long done = 0;
	for (; now_s() < start + ROUND_S; done++) {
		struct one_member m = { group, "one-more", done % 2 == 0 };
		struct au_err err = { 0 };
		if (au_store_run(b->store, change_member, &m, &err) < 0)
			die("member", err.text);
	}
	return (double)done / (now_s() - start);
}

/* ---- the table ---- */

static void
bench_commits(struct bench *b)
{
	static const int outstanding[] = { 1, 16, 64 };
	double bare[ROUNDS], ours[AU_COUNT(outstanding)][ROUNDS], share[AU_COUNT(outstanding)] = { 0 };
	for (int round = 0; round < ROUNDS; round++) {
		bare[round] = bare_round(b);
		for (size_t i = 0; i < AU_COUNT(outstanding); i++)
			ours[i][round] = write_round(b, outstanding[i], &share[i]);
	}
	double floor_rate = median(bare);
	printf("%-44s %10.0f/s\n", "bare SQLite, one row and one commit each", floor_rate);
	for (size_t i = 0; i < AU_COUNT(outstanding); i++) {
		double rate = median(ours[i]);
		printf("store, %2d outstanding (%4.1f writes per commit) %10.0f/s  ratio %.2f\n", outstanding[i],
		    share[i], rate, rate / floor_rate);
	}
}

static void
bench_facts(struct bench *b)
{
	struct au_err err = { 0 };
	printf("%-44s %10.2f s\n", "100,000 entries, first read", import_all(b, 1, NULL));
	printf("%-44s %10.2f s\n", "100,000 entries, nothing changed", import_all(b, 2, NULL));
	if (au_store_run(b->store, make_groups, NULL, &err) < 0)
		die("groups", err.text);
	printf("%-44s %10.2f s\n", "100,000 members added to one group", import_all(b, 0, "large"));
	double small = member_rate(b, "small"), large = member_rate(b, "large");
	printf("%-44s %10.0f/s\n", "member added or removed, empty group", small);
	printf("%-44s %10.0f/s  ratio %.2f\n", "member added or removed, 100,000 in it", large, large / small);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int
main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct au_err err = { 0 };
	unsigned char key[32] = { 1 };
	AU_CLEANUP(au_freep) char *folder = au_xasprintf("%s/bench-store-XXXXXX", argc > 1 ? argv[1] : "/var/tmp");
	au_rand_init();
	if (!mkdtemp(folder))
		die(folder, "cannot make a folder there");
	struct au_store_config config = { .backend = "sqlite", .path = folder, .audit_key = key };
	b.base = event_base_new();
	memset(b.doc, 'x', DOC_SIZE);
	if (au_store_open(b.base, &config, &b.store, &err) < 0)
		die("open", err.text);
	bare_open(&b, folder);
	bench_commits(&b);
	bench_facts(&b);
	au_store_close(b.store);
	sqlite3_close(b.bare);
	event_base_free(b.base);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}
