/* SPDX-License-Identifier: ISC */
/* Shared by the store's tests. */
#include "tests/store/help.h"

#include "base/rand.h"
#include "store/audit_end.h"
#include "store/run_end.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const unsigned char test_audit_key[32] = "an audit key for tests, 32 bytes";

static const struct au_backend *current;

int
set_up_folder(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct fixture *f = au_xcalloc(1, sizeof(*f));
	f->path = au_xasprintf("%s/apiuserd-store-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(f->path));
	f->arena = au_arena_new();
	f->backend = current;
	*state = f;
	return 0;
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
tear_down_folder(void **state)
{
	struct fixture *f = *state;
	nftw(f->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	au_arena_free(f->arena);
	free(f->path);
	free(f);
	return 0;
}

int
set_up_tx(void **state)
{
	set_up_folder(state);
	struct fixture *f = *state;
	assert_ok(f, f->backend->open(f->path, &f->database, &f->err));
	assert_ok(f, f->backend->connect(f->database, AU_ACCESS_WRITE, &f->connection, &f->err));
	assert_ok(f, f->backend->begin(f->connection, &f->err));
	f->tx = au_xcalloc(1, sizeof(*f->tx));
	*f->tx = (struct au_store_tx){
		.backend = f->backend,
		.connection = f->connection,
		.audit_key = test_audit_key,
		.audit_end = au_xcalloc(1, sizeof *f->tx->audit_end),
		.run_ends = au_xcalloc(1, sizeof *f->tx->run_ends),
	};
	return 0;
}

void
commit_and_begin(struct fixture *f)
{
	au_tx_reset(f->tx);
	assert_false(f->backend->is_lost(f->connection));
	assert_ok(f, au_audit_settle(f->tx, &f->err));
	assert_ok(f, au_run_ends_settle(f->tx, &f->err));
	assert_ok(f, f->backend->commit(f->connection, &f->err));
	assert_ok(f, f->backend->begin(f->connection, &f->err));
	au_audit_forget(f->tx->audit_end);
	au_run_ends_forget(f->tx->run_ends);
}

int
tear_down_tx(void **state)
{
	struct fixture *f = *state;
	commit_and_begin(f);
	f->backend->rollback(f->connection);
	f->backend->disconnect(f->connection);
	f->backend->close(f->database);
	au_run_ends_forget(f->tx->run_ends);
	free(f->tx->audit_end);
	free(f->tx->run_ends);
	free(f->tx);
	return tear_down_folder(state);
}

struct au_store *
open_store(struct fixture *f, struct event_base *base, struct au_store_config *config_or_null)
{
	struct au_store_config config = { 0 };
	struct au_store *store = NULL;
	if (config_or_null)
		config = *config_or_null;
	config.backend = f->backend->name;
	config.path = f->path;
	config.audit_key = test_audit_key;
	assert_ok(f, au_store_open(base, &config, &store, &f->err));
	return store;
}

static int
run_group(const char *group, const struct au_backend *backend, const struct CMUnitTest *tests, size_t count)
{
	AU_CLEANUP(au_freep) char *name = au_xasprintf("%s on %s", group, backend->name);
	current = backend;
	return _cmocka_run_group_tests(name, tests, count, NULL, NULL);
}

int
run_for_each_backend(const char *group, const struct CMUnitTest *tests, size_t count)
{
	const struct au_backend *backend = NULL;
	int failed = 0;
	au_rand_init();
	for (size_t i = 0; (backend = au_backend_at(i)); i++)
		failed += run_group(group, backend, tests, count);
	return failed;
}

int
run_for_one_backend(const char *group, const char *name, const struct CMUnitTest *tests, size_t count)
{
	const struct au_backend *backend = au_backend_find(name);
	au_rand_init();
	return backend ? run_group(group, backend, tests, count) : 1;
}
