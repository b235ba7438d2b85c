/* SPDX-License-Identifier: ISC */
/*
 * What was told to be stored is stored: after kill -9 at any time, with a full
 * disk, and with a sync that fails.  The sync calls of this program stand
 * before the C library's, so they can be counted and made to fail.
 */
#include "tests/store/help.h"

#include "base/rand.h"
#include "store/audit.h"
#include "store/resource.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CYCLES 40
#define OUTSTANDING 8

static atomic_int syncs;
static atomic_bool sync_fails;

static int
sync_fd(long call, int fd)
{
	syncs++;
	if (!sync_fails)
		return (int)syscall(call, fd);
	errno = EIO;
	return -1;
}

int
fdatasync(int fildes)
{
	return sync_fd(SYS_fdatasync, fildes);
}

int
fsync(int fd)
{
	return sync_fd(SYS_fsync, fd);
}

/* ---- one write: a document and its audit row ---- */

static int
insert(struct au_store_tx *tx, long long number, size_t size, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *id = au_xasprintf("%lld", number);
	AU_CLEANUP(au_freep) char *doc = au_xcalloc(1, size + 1);
	struct au_resource resource = { .id = id, .client = "c", .type = "User", .doc = doc, .version = 1 };
	memset(doc, 'x', size);
	int rc = au_store_resource_insert(tx, &resource, err);
	return rc < 0 ? rc : au_store_audit(tx, number, "scim:c", "resource.add", id, NULL, err);
}

struct look {
	const long long *numbers;
	size_t count, missing;
	long long resources;
	struct au_audit_verdict audited;
};

static int
look_for(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct look *look = arg;
	for (size_t i = 0; i < look->count; i++) {
		char id[32];
		struct au_resource found;
		struct au_arena *arena = au_arena_new();
		snprintf(id, sizeof(id), "%lld", look->numbers[i]);
		look->missing += au_store_resource_get(tx, arena, "c", "User", id, &found, err) != 0;
		au_arena_free(arena);
	}
	int rc = au_store_resource_count(tx, "c", "User", &look->resources, err);
	return rc < 0 ? rc : au_store_audit_verify(tx, NULL, 0, &look->audited, err);
}

/* Opens anew: all numbers are there, and no write is there by half. */
static void
check_kept(struct fixture *f, const long long *numbers, size_t count)
{
	struct look look = { .numbers = numbers, .count = count };
	struct au_store *store = open_store(f, NULL, NULL);
	assert_ok(f, au_store_run(store, look_for, &look, &f->err));
	assert_int_equal(look.missing, 0);
	assert_int_equal(look.resources, look.audited.rows);
	assert_true(look.resources >= (long long)count);
	au_store_close(store);
}

/* ---- a child that writes and tells, until it is killed ---- */

struct teller {
	struct event_base *base;
	struct au_store *store;
	long long next;
	int pipe;
	size_t size;
	bool stop_when_refused;
};

struct telling {
	struct teller *teller;
	long long number;
};

static int
tell_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct telling *t = arg;
	return insert(tx, t->number, t->teller->size, err);
}

static void
on_told(void *arg, int rc, const struct au_err *err)
{
	struct telling *t = arg;
	(void)err;
	if (rc == AU_EIO && t->teller->stop_when_refused) {
		free(t);
		return; /* on_broken ends the loop */
	}
	if (rc < 0 || write(t->teller->pipe, &t->number, sizeof(t->number)) != sizeof(t->number))
		_exit(3);
	t->number = t->teller->next++;
	au_store_write(t->teller->store, tell_work, t, on_told);
}

static void
on_broken(void *ctx, const char *why)
{
	struct teller *t = ctx;
	(void)why;
	event_base_loopbreak(t->base);
}

/* Never returns.  Exit status 0: the store broke and said so. */
static void
tell_for_ever(struct fixture *f, struct teller *t)
{
	struct au_store_config config = { .backend = f->backend->name,
		.path = f->path,
		.audit_key = test_audit_key,
		.on_broken = on_broken,
		.ctx = t };
	t->base = event_base_new();
	if (au_store_open(t->base, &config, &t->store, NULL) < 0)
		_exit(2);
	for (int i = 0; i < OUTSTANDING; i++) {
		struct telling *telling = au_xcalloc(1, sizeof(*telling));
		telling->teller = t;
		telling->number = t->next++;
		au_store_write(t->store, tell_work, telling, on_told);
	}
	event_base_dispatch(t->base);
	_exit(0);
}

static pid_t
start_teller(struct fixture *f, long long first, int *ret_pipe)
{
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct teller t = { .next = first, .pipe = fds[1], .size = 600 };
		close(fds[0]);
		tell_for_ever(f, &t);
	}
	close(fds[1]);
	*ret_pipe = fds[0];
	return pid;
}

/* Reads what is told: until `enough`, or to the end when it is SIZE_MAX. */
static size_t
hear(int fd, long long *numbers, size_t room, size_t enough)
{
	size_t count = 0;
	while (count < enough && count < room && read(fd, &numbers[count], sizeof(*numbers)) == sizeof(*numbers))
		count++;
	return count;
}

static void
nothing_told_is_lost_to_kill_9(void **state)
{
	struct fixture *f = *state;
	size_t room = 100000, count = 0;
	long long *numbers = au_arena_alloc(f->arena, room * sizeof(*numbers));
	for (int cycle = 0; cycle < CYCLES; cycle++) {
		int fd = -1, status = 0;
		pid_t pid = start_teller(f, cycle * 1000000LL, &fd);
		size_t before = count;
		count += hear(fd, numbers + count, room - count, 1 + au_rand_below(60));
		usleep(au_rand_below(3000));
		kill(pid, SIGKILL);
		count += hear(fd, numbers + count, room - count, SIZE_MAX);
		close(fd);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_true(count > before);
		check_kept(f, numbers + before, count - before);
	}
	check_kept(f, numbers, count);
}

/* ---- a disk that is full ---- */

static void
full_disk_is_told_and_nothing_is_believed(void **state)
{
	struct fixture *f = *state;
	size_t room = 100000, count = 0;
	long long *numbers = au_arena_alloc(f->arena, room * sizeof(*numbers));
	int fds[2], status = 0;
	au_store_close(open_store(f, NULL, NULL));
	assert_int_equal(pipe(fds), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit limit = { 2 << 20, 2 << 20 };
		struct teller t = { .next = 1, .pipe = fds[1], .size = 20000, .stop_when_refused = true };
		close(fds[0]);
		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
			_exit(4);
		tell_for_ever(f, &t);
	}
	close(fds[1]);
	count = hear(fds[0], numbers, room, SIZE_MAX);
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(count > 0);
	check_kept(f, numbers, count);
}

/* ---- a sync that fails ---- */

struct trouble {
	struct event_base *base;
	int refused, stored, told;
	int open;
	long long number;
};

static int
plain_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct trouble *t = arg;
	return insert(tx, t->number++, 10, err);
}

static void
on_plain(void *arg, int rc, const struct au_err *err)
{
	struct trouble *t = arg;
	(void)err;
	t->refused += rc == AU_EIO;
	t->stored += rc == 0;
	if (--t->open == 0)
		event_base_loopbreak(t->base);
}

static void
on_trouble(void *ctx, const char *why)
{
	struct trouble *t = ctx;
	t->told += why[0] != '\0';
	if (t->base && t->open == 0)
		event_base_loopbreak(t->base);
}

static void
write_some(struct au_store *store, struct trouble *t, int count)
{
	t->open = count;
	for (int i = 0; i < count; i++)
		au_store_write(store, plain_work, t, on_plain);
	while (t->open > 0)
		assert_int_equal(event_base_dispatch(t->base), 0);
}

static void
failed_sync_is_never_believed(void **state)
{
	struct fixture *f = *state;
	struct trouble t = { .base = event_base_new() };
	struct au_store_config config = { .on_broken = on_trouble, .ctx = &t };
	struct au_store *store = open_store(f, t.base, &config);
	static const long long kept[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	write_some(store, &t, 10);
	assert_int_equal(t.stored, 10);
	sync_fails = true;
	write_some(store, &t, 10);
	sync_fails = false;
	assert_int_equal(t.refused, 10);
	assert_int_equal(t.told, 1);
	/* The next sync would succeed, and still nothing more is taken. */
	write_some(store, &t, 10);
	assert_int_equal(t.refused, 20);
	assert_int_equal(t.told, 1);
	assert_int_equal(t.stored, 10);
	assert_int_equal(au_store_run(store, plain_work, &t, &f->err), AU_EIO);
	au_store_close(store);
	event_base_free(t.base);
	check_kept(f, kept, AU_COUNT(kept));
}

static void
failed_sync_is_told_without_a_loop_too(void **state)
{
	struct fixture *f = *state;
	struct trouble t = { 0 };
	struct au_store_config config = { .on_broken = on_trouble, .ctx = &t };
	struct au_store *store = open_store(f, NULL, &config);
	sync_fails = true;
	assert_int_equal(au_store_run(store, plain_work, &t, &f->err), AU_EIO);
	sync_fails = false;
	assert_int_equal(t.told, 1);
	au_store_close(store);
	assert_int_equal(t.told, 1);
}

static void
failed_upkeep_breaks_the_store(void **state)
{
	struct fixture *f = *state;
	struct trouble t = { .base = event_base_new() };
	struct au_store_config config = { .on_broken = on_trouble, .ctx = &t };
	struct au_store *store = open_store(f, t.base, &config);
	static const long long kept[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	write_some(store, &t, 10);
	sync_fails = true; /* the next syncs are those of folding the log back */
	assert_int_equal(event_base_dispatch(t.base), 0);
	sync_fails = false;
	assert_int_equal(t.told, 1);
	write_some(store, &t, 10);
	assert_int_equal(t.refused, 10);
	au_store_close(store);
	event_base_free(t.base);
	check_kept(f, kept, AU_COUNT(kept));
}

static void
every_commit_is_on_disk_before_it_is_told(void **state)
{
	struct fixture *f = *state;
	struct trouble t = { 0 };
	struct au_store *store = open_store(f, NULL, NULL);
	for (int i = 0; i < 20; i++) {
		int before = syncs;
		assert_ok(f, au_store_run(store, plain_work, &t, &f->err));
		assert_true(syncs > before);
	}
	au_store_close(store);
}

#define DURABLE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_folder, tear_down_folder)
static const struct CMUnitTest durable[] = {
	DURABLE_TEST(nothing_told_is_lost_to_kill_9),
	DURABLE_TEST(full_disk_is_told_and_nothing_is_believed),
	DURABLE_TEST(failed_sync_is_never_believed),
	DURABLE_TEST(failed_sync_is_told_without_a_loop_too),
	DURABLE_TEST(failed_upkeep_breaks_the_store),
	DURABLE_TEST(every_commit_is_on_disk_before_it_is_told),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(durable);
}
