/* SPDX-License-Identifier: ISC */
/* What the cache of answers takes in, lets go, and has room for. */
#include "tests/scim/serve.h"

#include "base/clock.h"
#include "scim/cache.h"
#include "store/resource.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PATCH(operations) "{'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp'],'Operations':[" operations "]}"
#define LARGE 900      /* KiB: of such answers, one fits into a segment of 1 MiB */
#define LARGE_USERS 16 /* for which 12 MiB have no room */
#define MORE_RESOURCES 20000

static bool disk_is_full;

/* In place of the system's. */
int
fstatvfs(int fd, struct statvfs *ret)
{
	(void)fd;
	*ret = (struct statvfs){ .f_frsize = 4096, .f_blocks = 1 << 20, .f_bavail = disk_is_full ? 0 : 1 << 19 };
	return 0;
}

static void
more_than_the_cache_holds_is_answered_as_well(void **state)
{
	struct serve *s = *state;
	struct au_settings *small = serve_settings(s, "", "cache = \"32KiB\";");
	const char *paths[80];
	unsigned long long first, again;
	size_t kept = 0;

	au_scim_settings(s->scim, small);
	for (size_t i = 0; i < AU_COUNT(paths); i++)
		paths[i] = path_of(s, "Users", make_user(s, au_arena_printf(s->arena, "user%zu", i)));
	first = reads_of(s, paths[0], NULL);
	again = reads_of(s, paths[0], NULL);
	assert_true(first > again);
	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < AU_COUNT(paths); i++)
			check(s, "GET", paths[i], NULL, 200, au_arena_printf(s->arena, "{'userName':'user%zu'}", i));
	/* reading all of them in turn has left some of the answers in place */
	for (size_t i = 0; i < AU_COUNT(paths); i++) {
		unsigned long long reads = reads_of(s, paths[i], NULL);

		assert_true(reads == first || reads == again);
		kept += reads == again;
	}
	assert_true(kept >= 10 && kept <= 60);
	au_settings_free(small);
}

static void
make_large_users(struct serve *s, const char *paths[LARGE_USERS])
{
	char *filling = au_arena_alloc(s->arena, LARGE * 1024 + 1);

	memset(filling, 'x', LARGE * 1024);
	filling[LARGE * 1024] = '\0';
	for (size_t i = 0; i < LARGE_USERS; i++) {
		paths[i] = path_of(s, "Users", make_user(s, au_arena_printf(s->arena, "large%zu", i)));
		check(s, "PATCH", paths[i],
		    au_arena_printf(s->arena, PATCH("{'op':'add','path':'title','value':'%s'}"), filling), 200, NULL);
	}
}

static size_t
count_kept(struct serve *s, const char *paths[LARGE_USERS], unsigned long long again)
{
	size_t kept = 0;

	for (size_t i = 0; i < LARGE_USERS; i++)
		reads_of(s, paths[i], NULL);
	for (size_t i = 0; i < LARGE_USERS; i++)
		kept += reads_of(s, paths[i], NULL) == again;
	return kept;
}

static int
add_many(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	char id[32];
	struct au_resource resource = { .id = id, .client = "entra", .type = "User", .doc = "{}", .version = 1 };
	int rc = 0;

	(void)arg;
	for (size_t i = 0; i < MORE_RESOURCES && rc == 0; i++) {
		snprintf(id, sizeof id, "many-%zu", i);
		rc = au_store_resource_insert(tx, &resource, err);
	}
	return rc;
}

static void
cache_has_room_for_as_many_as_there_are(void **state)
{
	struct serve *s = *state;
	const char *paths[LARGE_USERS], *small = path_of(s, "Users", make_user(s, "small"));
	unsigned long long first = reads_of(s, small, NULL), again = reads_of(s, small, NULL);

	assert_true(first > again);
	make_large_users(s, paths);
	assert_in_range(count_kept(s, paths, again), 6, LARGE_USERS - 1);
	assert_int_equal(au_store_run(s->store, add_many, NULL, NULL), 0);
	/* it takes some answers that find no room before they are counted anew */
	for (size_t i = 0; i < 1100; i++)
		reads_of(s, au_arena_printf(s->arena, "%s?attributes=userName&count=%zu", small, i), NULL);
	count_kept(s, paths, again);
	assert_int_equal(count_kept(s, paths, again), LARGE_USERS);
}

/* What cannot be kept is answered as well, and told of once. */
static void
cache_without_a_folder_keeps_nothing(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "ada"));
	unsigned long long first = reads_of(s, path, NULL), again = reads_of(s, path, NULL);

	assert_true(first > again);
	assert_int_equal(s->cache_told, 0);
	s->cache_folder = "/nowhere";
	serve_reload(s, "");
	assert_int_equal(s->cache_told, 1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(reads_of(s, path, "{'userName':'ada'}"), first);
	assert_int_equal(s->cache_told, 1);
	s->cache_folder = s->folder;
	serve_reload(s, "");
	assert_int_equal(reads_of(s, path, NULL), first);
	assert_int_equal(reads_of(s, path, NULL), again);
}

/* The file of ready answers, which has no name but among our own descriptors. */
static int
open_file(const struct serve *s)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int fd = -1;

	assert_non_null(dir);
	while (fd < 0 && (entry = readdir(dir)) != NULL) {
		char path[300], target[300] = "";

		snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
		if (readlink(path, target, sizeof target - 1) > 0 && strstr(target, "(deleted)") != NULL &&
		    strncmp(target, s->folder, strlen(s->folder)) == 0)
			fd = open(path, O_RDWR | O_CLOEXEC);
	}
	closedir(dir);
	return fd;
}

/* Stamps, lengths and the tag, which stand behind the key, are not believed when a broken disk gives others. */
static void
file_that_is_not_as_it_was_written_is_not_believed(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "ada"));
	unsigned long long first = reads_of(s, path, NULL), again = reads_of(s, path, NULL);
	int fd = open_file(s);
	char start[512], rubbish[64];
	size_t key_size;

	assert_true(first > again);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, start, sizeof start, 0), sizeof start);
	key_size = strnlen(start, sizeof start) + 1;
	memset(rubbish, 0xff, sizeof rubbish);
	for (size_t at = 0; at < 128; at += 16) {
		assert_int_equal(pwrite(fd, rubbish, 16, (off_t)(key_size + at)), 16);
		assert_int_equal(reads_of(s, path, "{'userName':'ada'}"), first);
		/* it was kept anew, behind that */
		assert_int_equal(reads_of(s, path, "{'userName':'ada'}"), again);
		au_scim_settings(s->scim, s->settings);
		assert_int_equal(reads_of(s, path, "{'userName':'ada'}"), first);
	}
	close(fd);
}

static void
cache_on_a_full_disk_keeps_nothing(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "ada"));
	struct au_cache_stats stats;
	unsigned long long first, again;

	disk_is_full = true;
	first = reads_of(s, path, "{'userName':'ada'}");
	for (int i = 0; i < 3; i++)
		assert_int_equal(reads_of(s, path, "{'userName':'ada'}"), first);
	au_scim_cache_stats(s->scim, &stats);
	assert_int_equal(stats.failures, 1);
	assert_int_equal(stats.bytes, 0);
	assert_int_equal(s->cache_told, 1);
	/* it is tried again after a while */
	disk_is_full = false;
	assert_int_equal(reads_of(s, path, NULL), first);
	au_clock_fake_set(au_clock_wall_ms(), au_clock_mono_ms() + 60000);
	assert_int_equal(s->cache_told, 1);
	assert_int_equal(reads_of(s, path, NULL), first);
	assert_int_equal(s->cache_told, 2);
	again = reads_of(s, path, "{'userName':'ada'}");
	assert_true(first > again);
	au_scim_cache_stats(s->scim, &stats);
	assert_int_equal(stats.failures, 1);
	assert_true(stats.bytes > 0 && stats.hits == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(more_than_the_cache_holds_is_answered_as_well, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(cache_has_room_for_as_many_as_there_are, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(cache_without_a_folder_keeps_nothing, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(
		    file_that_is_not_as_it_was_written_is_not_believed, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(cache_on_a_full_disk_keeps_nothing, serve_start, serve_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
