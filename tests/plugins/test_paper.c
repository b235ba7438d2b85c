/* SPDX-License-Identifier: ISC */
/* Orders while they are written: which field belongs to which line, and what does not fit. */
#include "lib/paper.h"

#include "tests/unit.h"

#include <string.h>

static const struct au_order *emitted;

static int
keep(void *ctx, const struct au_order *order)
{
	(void)ctx;
	emitted = order;
	return 0;
}

static int
begin(void **state)
{
	static struct au_paper paper;

	au_paper_begin(&paper, au_arena_new());
	emitted = NULL;
	*state = &paper;
	return 0;
}

static int
end(void **state)
{
	struct au_paper *paper = *state;

	au_arena_free(paper->arena);
	return 0;
}

static void
fields_belong_to_the_line_before(void **state)
{
	struct au_paper *paper = *state;
	const struct au_order_line *lines;
	char value[] = "crm";

	au_paper_title(paper, "Create '%s'", value);
	au_paper_at(paper, "Utilities > API Users");
	au_paper_line(paper, "Press %s.", "New");
	au_paper_field(paper, "Name", value);
	au_paper_field(paper, "Note", NULL);
	memset(value, 'x', 3); /* what was written stays */
	au_paper_line(paper, "Press Save.");
	au_paper_line(paper, "Look at it.");
	au_paper_field(paper, "Status", "Active");
	au_paper_ask(paper, "id", "Username");
	assert_int_equal(au_paper_emit(paper, keep, NULL, NULL), 0);
	lines = emitted->lines;
	assert_string_equal(emitted->title, "Create 'crm'");
	assert_string_equal(lines[0].where, "Utilities > API Users");
	assert_string_equal(lines[0].what, "Press New.");
	assert_string_equal(lines[0].fields[0].value, "crm");
	assert_string_equal(lines[0].fields[1].value, "");
	assert_null(lines[0].fields[2].label);
	assert_null(lines[1].where);
	assert_null(lines[1].fields);
	assert_string_equal(lines[2].fields[0].label, "Status");
	assert_null(lines[2].fields[1].label);
	assert_null(lines[3].what);
	assert_string_equal(emitted->asks[0].value, "Username");
	assert_null(emitted->asks[1].label);
}

static void
as_much_as_it_says_fits(void **state)
{
	struct au_paper *paper = *state;

	for (size_t i = 0; i < AU_PAPER_LINES; i++) {
		au_paper_line(paper, "Line.");
		au_paper_field(paper, "a", "b");
	}
	assert_int_equal(au_paper_emit(paper, keep, NULL, NULL), 0);
	assert_null(emitted->lines[AU_PAPER_LINES].what);
	assert_null(emitted->lines[AU_PAPER_LINES - 1].fields[1].label);
}

static void
what_does_not_fit_is_told_and_not_cut(void **state)
{
	struct au_paper *paper = *state;
	struct au_err err = { 0 };

	for (size_t i = 0; i <= AU_PAPER_LINES; i++)
		au_paper_line(paper, "Line.");
	assert_int_equal(au_paper_emit(paper, keep, NULL, &err), AU_EBUG);
	assert_null(emitted);
	au_arena_free(paper->arena);
	au_paper_begin(paper, au_arena_new());
	au_paper_line(paper, "Line.");
	for (size_t i = 0; i < AU_PAPER_FIELDS; i++)
		au_paper_field(paper, "a", "b");
	assert_int_equal(au_paper_emit(paper, keep, NULL, &err), AU_EBUG);
	au_arena_free(paper->arena);
	au_paper_begin(paper, au_arena_new());
	au_paper_field(paper, "a", "of no line");
	assert_int_equal(au_paper_emit(paper, keep, NULL, &err), AU_EBUG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(fields_belong_to_the_line_before, begin, end),
		cmocka_unit_test_setup_teardown(as_much_as_it_says_fits, begin, end),
		cmocka_unit_test_setup_teardown(what_does_not_fit_is_told_and_not_cut, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
