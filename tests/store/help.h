/* SPDX-License-Identifier: ISC */
/* What the store's tests share: a fresh folder per test, every test run once for each backend. */
#ifndef TESTS_STORE_HELP_H
#define TESTS_STORE_HELP_H

#include "tests/unit.h"

#include "store/backend.h"
#include "store/store.h"
#include "store/tx.h"

/*
 * Typed calls are tested on a connection of the test's own thread, since a
 * failed assertion may not leave another thread's stack.
 */
struct fixture {
	char *path;
	const struct au_backend *backend;
	struct au_database *database;
	struct au_connection *connection;
	struct au_store_tx *tx; /* of an open transaction */
	struct au_arena *arena;
	struct au_err err;
};

int set_up_folder(void **state);    /* path, arena and backend only */
int tear_down_folder(void **state); /* removes everything */
int set_up_tx(void **state);        /* an open transaction in a new store */
int tear_down_tx(void **state);     /* commits it, which must work */
void commit_and_begin(struct fixture *f);

/* Opens the fixture's folder as a store with its audit key. */
struct au_store *open_store(struct fixture *f, struct event_base *base, struct au_store_config *config_or_null);
extern const unsigned char test_audit_key[32];

/* Runs the group for each backend; the sum of failures. */
int run_for_each_backend(const char *group, const struct CMUnitTest *tests, size_t count);
#define RUN_FOR_EACH_BACKEND(tests) run_for_each_backend(#tests, tests, sizeof(tests) / sizeof((tests)[0]))

/* For what only one of them has. */
int run_for_one_backend(const char *group, const char *name, const struct CMUnitTest *tests, size_t count);

/* assert_int_equal(..., 0) that shows the error's text when it fails. */
#define assert_ok(f, call)                                                                                             \
	do {                                                                                                           \
		int rc_of_call = (call);                                                                               \
		if (rc_of_call != 0)                                                                                   \
			fail_msg("%s gave %d: %s", #call, rc_of_call, (f)->err.text);                                  \
	} while (0)

#endif
