/* SPDX-License-Identifier: ISC */
/* Files are read whole before the first test; a group's server lives from its first check to its last. */
#include "tests/scim/talk.h"

#include "tests/scim/talk_line.h"

#include <glob.h>
#include <stdlib.h>

struct check {
	const char *file;
	const char *client;            /* who asks unless told */
	unsigned group;                /* counted over all files */
	const struct talk_line *setup; /* of its group, ends with a text of NULL */
	const struct talk_line *lines; /* the same */
	const char *settings;          /* sections of its configuration */
};

static struct au_arena *arena; /* lives with the process */
static struct CMUnitTest *tests;
static size_t tests_len;

/* The group under way; 0 = none. */
static unsigned group_now;
static struct talk talk;

/* ---- running ---- */

static void
run_lines(const struct talk_line *line)
{
	talk_begin(&talk);
	for (; line->text != NULL; line++)
		talk_do(&talk, line);
	talk_end(&talk);
}

static void
leave_group(void)
{
	void *state = talk.s;

	if (group_now == 0)
		return;
	group_now = 0;
	au_map_free(talk.kept, NULL);
	serve_stop(&state);
}

static void
enter_group(const struct check *check)
{
	void *state = NULL;

	leave_group();
	serve_start_with(&state, check->settings);
	talk = (struct talk){ .s = state, .kept = au_map_new(), .file = check->file, .home = check->client };
	group_now = check->group;
	run_lines(check->setup);
}

static void
run_check(void **state)
{
	const struct check *check = *state;

	if (check->group != group_now)
		enter_group(check);
	run_lines(check->lines);
}

/* ---- reading ---- */

/* Every line of a file with what goes on with it, without comments; ends with a text of NULL. */
static struct talk_line *
read_lines(FILE *file)
{
	struct talk_line *lines = NULL;
	size_t count = 0, size = 0;
	unsigned number = 0;
	AU_CLEANUP(au_freep) char *line = NULL;
	ssize_t len;

	while ((len = getline(&line, &size, file)) >= 0) {
		number++;
		while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == ' '))
			line[--len] = '\0';
		if (len == 0 || *line == '#')
			continue;
		if (*line == ' ' && count > 0) {
			lines[count - 1].text =
			    au_arena_printf(arena, "%s\n%s", lines[count - 1].text, line + strspn(line, " "));
			continue;
		}
		lines = au_xrealloc(lines, count + 2, sizeof *lines);
		lines[count++] = (struct talk_line){ number, au_arena_strdup(arena, line) };
	}
	if (count > 0)
		lines[count].text = NULL;
	au_arena_defer(arena, free, lines);
	return lines;
}

static void
add_check(const struct check *check, const char *name)
{
	struct check *copy = au_arena_alloc(arena, sizeof *copy);

	*copy = *check;
	tests = au_xrealloc(tests, tests_len + 1, sizeof *tests);
	tests[tests_len++] = (struct CMUnitTest){ .name = name, .test_func = run_check, .initial_state = copy };
}

static bool
is_group(const struct talk_line *line)
{
	return strncmp(line->text, "=== ", 4) == 0;
}

/* The checks of the group whose first line this is; profile NULL = none in particular. */
static void
add_group(const struct talk_line *line, const char *file, const char *profile, unsigned group)
{
	static const char word[] = "settings";
	struct check check = { .file = file, .client = "okta", .group = group, .setup = line, .settings = "" };

	if (line->text != NULL && strncmp(line->text, word, sizeof word - 1) == 0) {
		check.settings = line->text + sizeof word - 1;
		check.setup = ++line;
	}
	if (profile != NULL)
		check.client = au_arena_printf(arena, "p-%s", profile);
	for (; line->text != NULL && !is_group(line); line++) {
		const char *name = line->text + 3;

		if (strncmp(line->text, "== ", 3) != 0)
			continue;
		check.lines = line + 1;
		add_check(&check, profile != NULL ? au_arena_printf(arena, "%s [%s]", name, profile) : name);
	}
}

static void
add_profiles(const struct talk_line *line, const char *file, unsigned *group)
{
	static const char word[] = "profiles ";
	char *names, *rest = NULL;

	if (line->text == NULL || strncmp(line->text, word, sizeof word - 1) != 0) {
		add_group(line, file, NULL, ++*group);
		return;
	}
	names = au_arena_strdup(arena, line->text + sizeof word - 1);
	for (names = strtok_r(names, " ", &rest); names != NULL; names = strtok_r(NULL, " ", &rest))
		add_group(line + 1, file, names, ++*group);
}

/* The title lines end what is before them. */
static void
split_into_checks(struct talk_line *lines, const char *file, unsigned *group)
{
	for (const struct talk_line *line = lines; line->text != NULL; line++)
		if (is_group(line))
			add_profiles(line + 1, file, group);
	for (struct talk_line *line = lines; line->text != NULL; line++)
		if (strncmp(line->text, "==", 2) == 0)
			line->text = NULL;
}

static int
read_file(const char *path, unsigned *group)
{
	FILE *file = fopen(path, "re");
	struct talk_line *lines;

	if (file == NULL) {
		perror(path);
		return -1;
	}
	lines = read_lines(file);
	fclose(file);
	if (lines == NULL || strncmp(lines->text, "=== ", 4) != 0) {
		print_error("%s does not begin with ===\n", path);
		return -1;
	}
	split_into_checks(lines, au_arena_strdup(arena, strrchr(path, '/') + 1), group);
	return 0;
}

static int
read_folder(const char *folder)
{
	const char *top = getenv("top_srcdir");
	const char *pattern = au_arena_printf(arena, "%s/tests/scim/%s/*.talk", top != NULL ? top : ".", folder);
	unsigned group = 0;
	glob_t found;
	int rc = 0;

	if (glob(pattern, 0, NULL, &found) != 0) {
		print_error("no file is like %s\n", pattern);
		return -1;
	}
	for (size_t i = 0; i < found.gl_pathc && rc == 0; i++)
		rc = read_file(found.gl_pathv[i], &group);
	globfree(&found);
	return rc;
}

int
talk_main(const char *folder, unsigned least)
{
	int rc = 1;

	arena = au_arena_new();
	if (read_folder(folder) == 0 && tests_len < least)
		print_error("only %zu checks in %s, not %u\n", tests_len, folder, least);
	else if (tests_len > 0)
		rc = _cmocka_run_group_tests(folder, tests, tests_len, NULL, NULL);
	leave_group();
	free(tests);
	au_arena_free(arena);
	return rc;
}
