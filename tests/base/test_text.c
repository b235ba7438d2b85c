/* SPDX-License-Identifier: ISC */
/* Unicode: validity, folding and normal form. */
#include "tests/unit.h"

#include "base/text.h"

#include <locale.h>
#include <string.h>

static void
fold_makes_spellings_equal(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "", "" }, { "Ann.Example@Example.ORG", "ann.example@example.org" },
		{ "Stra\xC3\x9F"
		  "e",
		    "strasse" },
		{ "STRASSE", "strasse" }, { "\xC3\x84", "\xC3\xA4" }, /* A with diaeresis, composed */
		{ "A\xCC\x88", "\xC3\xA4" },                          /* the same, decomposed */
		{ "\xEF\xBC\xA1", "a" },                              /* full-width A */
		{ "\xEF\xBD\xB6", "\xE3\x82\xAB" },                   /* half-width katakana KA */
		{ "\xEF\xAC\x81", "fi" },                             /* ligature: by case folding */
		{ "\xC2\xB2", "\xC2\xB2" },                           /* superscript two stays: no NFKC */
		{ "I\xC4\xB0", "ii\xCC\x87" },                        /* I, I with dot: never the Turkish way */
		{ "\xCE\xA3\xCF\x82", "\xCF\x83\xCF\x83" },           /* final sigma */
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_string_equal(au_text_fold(arena, rows[i].in), rows[i].out);
		assert_string_equal(au_text_fold(arena, rows[i].out), rows[i].out);
	}
}

static void
names_are_visible_and_hold_no_control_characters(void **state)
{
	static const struct {
		const char *text;
		bool name;
	} rows[] = {
		{ "bob", true }, { " bob ", true }, { "two words", true }, { "\xF0\x9F\x98\x80", true }, { "", false },
		{ " ", false }, { "\xC2\xA0\xE3\x80\x80", false },             /* no-break and ideographic blanks */
		{ "a\tb", false }, { "a\x7F", false }, { "a\xC2\x85", false }, /* tab, DEL, NEL */
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		assert_int_equal(au_text_is_name(rows[i].text), rows[i].name);
}

static void
fold_does_not_depend_on_the_locale(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	char *before;

	(void)state;
	before = au_text_fold(arena, "TITLE \xC4\xB0\xC4\xB1");
	setenv("LC_ALL", "tr_TR.UTF-8", 1);
	setenv("LANGUAGE", "tr", 1);
	setlocale(LC_ALL, "");
	assert_string_equal(au_text_fold(arena, "TITLE \xC4\xB0\xC4\xB1"), before);
	setlocale(LC_ALL, "C");
}

static void
normal_form_keeps_case(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	assert_string_equal(au_text_nfc(arena, "A\xCC\x88 B"), "\xC3\x84 B");
	assert_string_equal(au_text_nfc(arena, ""), "");
}

static void
broken_text_comes_back_as_it_is(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	assert_string_equal(au_text_fold(arena, "A\xFF"), "A\xFF");
	assert_string_equal(au_text_nfc(arena, "A\xFF"), "A\xFF");
}

static void
directories_map_blanks_controls_and_compatibility_forms(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "", "" },
		{ " \t ", "" },
		{ "  Ann \t  B\xC2\xA0"
		  "C ",
		    "ann b c" },
		{ "a\x01\x7f"
		  "b\xC2\xAD"
		  "c\xE2\x80\x8B",
		    "abc" },
		{ "\xEF\xAC\x81x", "fix" }, /* ligature fi */
		{ "\xC2\xB2", "2" },        /* superscript two */
		{ "STRA\xC3\x9F"
		  "E",
		    "strasse" },
		{ "broken \xFF ", "broken \xFF " },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		assert_string_equal(au_text_case_ignore(arena, rows[i].in), rows[i].out);
}

/* ASCII takes a way of its own; beside a character outside it, the same letters take the long one. */
static void
short_way_of_ascii_leads_to_the_same_text(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (int c = 1; c < 0x80; c++) {
		const char *text = au_arena_printf(arena, "a%cb", c);
		const char *longer = au_arena_printf(arena, "%s\xC3\xA4", text);
		const char *fold = au_text_fold(arena, text), *ignore = au_text_case_ignore(arena, text);
		assert_string_equal(au_text_fold(arena, longer), au_arena_printf(arena, "%s\xC3\xA4", fold));
		assert_string_equal(au_text_case_ignore(arena, longer), au_arena_printf(arena, "%s\xC3\xA4", ignore));
	}
}

static void
validity_and_length_count_code_points(void **state)
{
	(void)state;
	assert_true(au_text_is_utf8("", 0));
	assert_true(au_text_is_utf8("gr\xC3\xBC\xC3\x9F", 6));
	assert_false(au_text_is_utf8("a\0b", 3));
	assert_false(au_text_is_utf8("\xC3", 1));
	assert_false(au_text_is_utf8("\xED\xA0\x80", 3));
	assert_false(au_text_is_utf8("\xC0\x80", 2));
	assert_int_equal(au_text_length("gr\xC3\xBC\xC3\x9F"), 4);
	assert_int_equal(au_text_length("\xF0\x9F\x98\x80"), 1);
}

/* Plain text is looked at in words of eight bytes; whatever is odd is seen at any place. */
static void
one_odd_byte_is_seen_at_any_place(void **state)
{
	static const char odd[] = { '\0', '\x80', '\xc3', '\xff' };
	char text[24];

	(void)state;
	memset(text, '\x01', sizeof(text));
	for (size_t len = 0; len <= sizeof(text); len++)
		assert_true(au_text_is_utf8(text, len));
	for (size_t at = 0; at < sizeof(text); at++) {
		for (size_t i = 0; i < AU_COUNT(odd); i++) {
			text[at] = odd[i];
			assert_false(au_text_is_utf8(text, sizeof(text)));
			assert_true(au_text_is_utf8(text, at));
		}
		text[at] = '\x7f';
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_odd_byte_is_seen_at_any_place),
		cmocka_unit_test(fold_makes_spellings_equal),
		cmocka_unit_test(names_are_visible_and_hold_no_control_characters),
		cmocka_unit_test(fold_does_not_depend_on_the_locale),
		cmocka_unit_test(normal_form_keeps_case),
		cmocka_unit_test(broken_text_comes_back_as_it_is),
		cmocka_unit_test(directories_map_blanks_controls_and_compatibility_forms),
		cmocka_unit_test(short_way_of_ascii_leads_to_the_same_text),
		cmocka_unit_test(validity_and_length_count_code_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
