/* SPDX-License-Identifier: ISC */
/* Changes of a directory survive the way, and nothing else is taken for one. */
#include "tests/unit.h"

#include "wire/record.h"

#include <string.h>

static const struct au_entry ann = { .source = "corp",
	.id = "5a2b",
	.kind = AU_ENTRY_PERSON,
	.dn = "uid=Ann,dc=example",
	.user_name = "ann",
	.display_name = "Ann Zo\xc3\xab",
	.mail = "ann@example.org" };

static void
put_all(struct au_buf *buf)
{
	au_record_put(buf, &ann, "uid=ann,dc=example");
	au_record_text(buf, AU_CHANGE_MEMBER, "uid=bob,dc=example");
	au_record_text(buf, AU_CHANGE_PRESENT, "i");
	au_record_text(buf, AU_CHANGE_DELETE, "j");
	au_record_text(buf, AU_CHANGE_LEAVE, "uid=bob,dc=example");
	au_record_text(buf, AU_CHANGE_SOME, "5a2b");
}

static void
changes_come_back_in_order(void **state)
{
	AU_CLEANUP(au_buf_done) struct au_buf buf = { 0 };
	struct au_source_change change;

	(void)state;
	put_all(&buf);
	struct au_unpack from = { buf.data, buf.len };
	assert_true(au_record_is(&from, AU_CHANGE_PUT));
	assert_int_equal(au_record_next(&from, &change, NULL), 1);
	assert_int_equal(change.op, AU_CHANGE_PUT);
	assert_string_equal(change.dn_norm, "uid=ann,dc=example");
	assert_string_equal(change.entry.id, "5a2b");
	assert_string_equal(change.entry.dn, "uid=Ann,dc=example");
	assert_string_equal(change.entry.display_name, "Ann Zo\xc3\xab");
	assert_null(change.entry.given_name);
	assert_int_equal(change.entry.kind, AU_ENTRY_PERSON);
	assert_false(change.entry.active);
	assert_true(au_record_is(&from, AU_CHANGE_MEMBER));
	assert_int_equal(au_record_next(&from, &change, NULL), 1);
	assert_int_equal(change.op, AU_CHANGE_MEMBER);
	assert_string_equal(change.text, "uid=bob,dc=example");
	assert_int_equal(au_record_next(&from, &change, NULL), 1);
	assert_int_equal(change.op, AU_CHANGE_PRESENT);
	assert_int_equal(au_record_next(&from, &change, NULL), 1);
	assert_int_equal(change.op, AU_CHANGE_DELETE);
	assert_string_equal(change.text, "j");
	assert_false(au_record_is(&from, AU_CHANGE_DELETE));
	assert_int_equal(au_record_next(&from, &change, NULL), 1);
	assert_int_equal(change.op, AU_CHANGE_LEAVE);
	assert_string_equal(change.text, "uid=bob,dc=example");
	assert_int_equal(au_record_next(&from, &change, NULL), 1);
	assert_int_equal(change.op, AU_CHANGE_SOME);
	assert_int_equal(au_record_next(&from, &change, NULL), 0);
}

/* Whatever is cut off: a change is whole or an error, and what was before it is not lost. */
static void
cut_anywhere_is_an_error_or_a_boundary(void **state)
{
	AU_CLEANUP(au_buf_done) struct au_buf buf = { 0 };
	struct au_source_change change;
	size_t whole = 0;

	(void)state;
	put_all(&buf);
	for (size_t len = 0; len < buf.len; len++) {
		char *bytes = au_xmalloc(len + 1);
		memcpy(bytes, buf.data, len);
		struct au_unpack from = { bytes, len };
		int rc;
		do
			rc = au_record_next(&from, &change, NULL);
		while (rc == 1);
		assert_true(rc == 0 || rc == AU_EPROTO);
		assert_int_equal(rc == 0, from.len == 0);
		whole += rc == 0;
		free(bytes);
	}
	assert_int_equal(whole, 6); /* before each of the six */
}

static const char *const wrong[] = {
	"\x63",                /* no such op */
	"\x02\x01",            /* an empty member */
	"\x03",                /* no id at all */
	"\x01\x03g\0\x03\x01", /* a thing that is neither person nor group; cut by its zero */
};

static void
wrong_records_are_refused(void **state)
{
	struct au_source_change change;
	struct au_err err;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(wrong); i++) {
		struct au_unpack from = { wrong[i], strlen(wrong[i]) };
		if (au_record_next(&from, &change, &err) != AU_EPROTO)
			fail_msg("number %zu was taken", i);
		assert_ptr_equal(from.at, wrong[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_come_back_in_order),
		cmocka_unit_test(cut_anywhere_is_an_error_or_a_boundary),
		cmocka_unit_test(wrong_records_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
