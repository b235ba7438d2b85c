/* SPDX-License-Identifier: ISC */
/* A shelf against a model of it: what is found is what was put there last, and what the disk has no room for is not. */
#include "tests/unit.h"

#include "base/mem.h"
#include "base/rand.h"
#include "scim/places.h"
#include "scim/shelf.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define KEYS 200
#define STEPS 20000

static char folder[64];

/* ---- a disk that is as full as a test says ---- */

static unsigned long long free_blocks = 1ull << 40;

/* In place of the system's. */
int
fstatvfs(int fd, struct statvfs *ret)
{
	(void)fd;
	*ret = (struct statvfs){ .f_frsize = 4096, .f_blocks = 1u << 20, .f_bavail = free_blocks };
	return 0;
}

static int
make_folder(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	au_rand_init();
	free_blocks = 1ull << 40;
	snprintf(folder, sizeof folder, "%.40s/apiuserd-shelf-XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(folder));
	return 0;
}

/* There is nothing in it. */
static int
remove_folder(void **state)
{
	(void)state;
	assert_int_equal(rmdir(folder), 0);
	return 0;
}

static struct au_shelf *
open_shelf(unsigned long long most)
{
	struct au_shelf *shelf = NULL;
	struct au_err err;

	if (au_shelf_open(folder, most, &shelf, &err) != 0)
		fail_msg("%s", err.text);
	return shelf;
}

static int
put(struct au_shelf *shelf, const char *key, const char *data, size_t len, struct au_err *err)
{
	struct iovec parts[] = { { (char *)data, len / 2 }, { (char *)data + len / 2, len - len / 2 } };

	return au_shelf_put(shelf, key, parts, AU_COUNT(parts), err);
}

static bool
is_there(struct au_shelf *shelf, const char *key, const char *want)
{
	const char *data;
	size_t len;

	if (!au_shelf_get(shelf, key, &data, &len))
		return false;
	assert_int_equal(len, strlen(want));
	assert_memory_equal(data, want, len);
	return true;
}

/* ---- the model ---- */

struct model {
	char *values[KEYS]; /* NULL: nothing may be found */
	unsigned long long state;
	size_t put, found;
};

static size_t
pick(struct model *model, size_t count)
{
	model->state = model->state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (size_t)(model->state >> 33) % count;
}

static void
forget(struct model *model, size_t i)
{
	free(model->values[i]);
	model->values[i] = NULL;
}

static void
put_some(struct model *model, struct au_shelf *shelf, size_t i, const char *key)
{
	size_t len = pick(model, 3000);
	char *value = au_xcalloc(1, len + 1);
	struct au_err err;

	for (size_t j = 0; j < len; j++)
		value[j] = (char)('a' + pick(model, 26));
	forget(model, i);
	assert_int_equal(put(shelf, key, value, len, &err), 0);
	model->values[i] = value;
	model->put++;
	assert_true(is_there(shelf, key, value));
}

static void
look(struct model *model, struct au_shelf *shelf, size_t i, const char *key)
{
	const char *data;
	size_t len;

	if (model->values[i] != NULL)
		model->found += is_there(shelf, key, model->values[i]);
	else
		assert_false(au_shelf_get(shelf, key, &data, &len));
}

static void
do_something(struct model *model, struct au_shelf *shelf)
{
	size_t i = pick(model, KEYS), what = pick(model, 100);
	char key[32];

	snprintf(key, sizeof key, "key %zu", i);
	if (what < 30) {
		put_some(model, shelf, i, key);
	} else if (what < 35) {
		au_shelf_remove(shelf, key);
		forget(model, i);
	} else if (what == 35 && pick(model, 20) == 0) {
		au_shelf_clear(shelf);
		for (size_t j = 0; j < KEYS; j++)
			forget(model, j);
	} else if (what == 36) {
		au_shelf_resize(shelf, pick(model, 300) << 10);
	} else {
		look(model, shelf, i, key);
	}
}

static void
what_is_found_is_what_was_put_last(void **state)
{
	struct au_shelf *shelf = open_shelf(200 << 10);
	struct model model = { .state = 7 };

	(void)state;
	for (int i = 0; i < STEPS; i++)
		do_something(&model, shelf);
	assert_true(au_shelf_size(shelf) <= 200 << 10);
	/* some were driven out, and some were not */
	assert_in_range(model.found, 1000, STEPS / 2);
	for (size_t i = 0; i < KEYS; i++)
		forget(&model, i);
	au_shelf_free(shelf);
}

/* ---- the file ---- */

/* How many files of this process lie in the folder; each has no name and is nobody else's to read. */
static size_t
count_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		char path[300], target[300] = "";
		struct stat st;

		snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
		if (readlink(path, target, sizeof target - 1) < 0 || strncmp(target, folder, strlen(folder)) != 0)
			continue;
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_nlink, 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		count++;
	}
	closedir(dir);
	return count;
}

static void
file_has_no_name(void **state)
{
	struct au_shelf *shelf = open_shelf(1 << 20);

	(void)state;
	assert_int_equal(count_files(), 1);
	au_shelf_free(shelf);
	assert_int_equal(count_files(), 0);
}

static void
folder_must_be_there(void **state)
{
	struct au_shelf *shelf = NULL;
	struct au_err err;

	(void)state;
	assert_int_equal(au_shelf_open("/nowhere", 1 << 20, &shelf, &err), AU_EIO);
	assert_non_null(strstr(err.text, "/nowhere"));
	assert_null(shelf);
}

static void
what_is_larger_than_a_segment_is_not_taken(void **state)
{
	struct au_shelf *shelf = open_shelf(64ull << 20);
	char *large = au_xcalloc(AU_SHELF_SEGMENT + 1, 1);
	struct au_err err;

	(void)state;
	memset(large, 'x', AU_SHELF_SEGMENT);
	assert_int_equal(put(shelf, "k", "old", 3, &err), 0);
	assert_int_equal(put(shelf, "k", large, AU_SHELF_SEGMENT - 1, &err), AU_ELIMIT);
	/* what was there is not the answer any more */
	assert_false(is_there(shelf, "k", "old"));
	large[AU_SHELF_SEGMENT - 2] = '\0';
	assert_int_equal(put(shelf, "k", large, AU_SHELF_SEGMENT - 2, &err), 0);
	assert_true(is_there(shelf, "k", large));
	free(large);
	au_shelf_free(shelf);
}

/* ---- the disk ---- */

/* A tenth of the disk is left, so with less it does not begin, and what it has it goes on with. */
static void
disk_is_left_to_others(void **state)
{
	struct au_shelf *shelf = open_shelf(8 * 4096);
	char block[4000];
	struct au_err err;

	(void)state;
	memset(block, 'b', sizeof block);
	free_blocks = (1u << 20) / 10;
	assert_int_equal(put(shelf, "a", block, sizeof block, &err), AU_EIO);
	assert_int_equal(au_shelf_size(shelf), 0);
	free_blocks++;
	assert_int_equal(put(shelf, "a", block, sizeof block, &err), 0);
	free_blocks--;
	assert_int_equal(put(shelf, "b", block, sizeof block, &err), 0);
	assert_int_equal(au_shelf_size(shelf), 4096);
	assert_false(is_there(shelf, "a", ""));
	assert_false(au_shelf_yield(shelf));
	/* when others are about to have too little, all goes back */
	free_blocks = (1u << 20) / 20 - 1;
	assert_true(au_shelf_yield(shelf));
	assert_false(au_shelf_yield(shelf));
	assert_false(is_there(shelf, "b", ""));
	assert_int_equal(au_shelf_size(shelf), 0);
	free_blocks = 1u << 20;
	assert_int_equal(put(shelf, "b", "new", 3, &err), 0);
	assert_true(is_there(shelf, "b", "new"));
	au_shelf_free(shelf);
}

/* What could be written in part only is not found. */
static void
disk_may_be_full_in_the_middle(void **state)
{
	struct au_shelf *shelf = open_shelf(1 << 20);
	struct rlimit was, less;
	char block[4000];
	struct au_err err;

	(void)state;
	memset(block, 'b', sizeof block);
	assert_int_equal(put(shelf, "a", block, sizeof block - 1, &err), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	less = was;
	less.rlim_cur = 5000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	assert_int_equal(put(shelf, "b", block, sizeof block - 1, &err), AU_EIO);
	assert_int_equal(put(shelf, "b", block, sizeof block - 1, &err), AU_EIO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	block[sizeof block - 1] = '\0';
	assert_false(is_there(shelf, "b", block));
	assert_true(is_there(shelf, "a", block));
	assert_int_equal(put(shelf, "b", block, sizeof block - 1, &err), 0);
	assert_true(is_there(shelf, "b", block));
	au_shelf_free(shelf);
}

/* ---- places ---- */

static void
places_of_one_hash_are_all_found(void **state)
{
	const uint64_t hash = 0xfeed00000001u, other = hash + 1, far = hash ^ 1ull << 63;
	struct au_places *places = au_places_new();
	const struct au_place *place = NULL;
	uint64_t sum = 0;

	(void)state;
	for (uint64_t at = 1; at <= 1000; at++)
		au_places_add(places, at % 10 == 0 ? hash : at % 10 == 1 ? other : far + at, at, 7);
	au_places_begin(places, 500);
	while ((place = au_places_find(places, hash, place)) != NULL)
		sum += place->at;
	assert_int_equal(sum, 51 * (500 + 1000) / 2);
	au_places_remove(places, hash);
	assert_null(au_places_find(places, hash, NULL));
	place = au_places_find(places, other, NULL);
	assert_non_null(place);
	assert_in_range(place->at, 500, 1000);
	au_places_clear(places);
	assert_null(au_places_find(places, other, NULL));
	au_places_free(places);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_found_is_what_was_put_last, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(file_has_no_name, make_folder, remove_folder),
		cmocka_unit_test(folder_must_be_there),
		cmocka_unit_test_setup_teardown(what_is_larger_than_a_segment_is_not_taken, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(disk_is_left_to_others, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(disk_may_be_full_in_the_middle, make_folder, remove_folder),
		cmocka_unit_test(places_of_one_hash_are_all_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
