/* SPDX-License-Identifier: ISC */
/* Where a domain controller stands, and when an attribute changed last, as good and bad texts and bytes say it. */
#include "tests/unit.h"

#include "base/mem.h"
#include "sourced/metadata.h"
#include "sourced/tombstone.h"
#include "sourced/usn_mark.h"

#include <stdio.h>
#include <string.h>

static void
a_mark_comes_back_as_it_was(void **state)
{
	struct au_usn_mark mark = { .usn = INT64_MAX, .database = "CN=NTDS Settings,CN=a@b,DC=x" }, back;
	AU_CLEANUP(au_freep) char *text = au_usn_mark_text(&mark);

	(void)state;
	assert_string_equal(text, "9223372036854775807@CN=NTDS Settings,CN=a@b,DC=x");
	assert_true(au_usn_mark_parse(text, &back));
	assert_true(back.usn == mark.usn);
	assert_string_equal(back.database, mark.database);
}

static void
what_is_no_mark_is_refused(void **state)
{
	static const char *const bad[] = { "", "-", "@", "1", "1@", "@x", "-1@x", "+1@x", " 1@x", "0x1@x", "1 @x",
		"1.0@x", "9223372036854775808@x", "99999999999999999999@x" };
	char longest[AU_USN_DATABASE + 4], too_long[AU_USN_DATABASE + 5];
	struct au_usn_mark mark = { .usn = 7 };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(bad); i++)
		if (au_usn_mark_parse(bad[i], &mark))
			fail_msg("'%s' was taken", bad[i]);
	assert_true(mark.usn == 7);
	snprintf(longest, sizeof(longest), "1@%0*d", AU_USN_DATABASE, 0);
	snprintf(too_long, sizeof(too_long), "1@%0*d", AU_USN_DATABASE + 1, 0);
	assert_true(au_usn_mark_parse(longest, &mark));
	assert_false(au_usn_mark_parse(too_long, &mark));
}

static void
a_database_goes_on_or_back_or_is_another(void **state)
{
	struct au_usn_mark before = { .usn = 10, .database = "a" }, now = before;
	struct au_fault fault;

	(void)state;
	assert_int_equal(au_usn_course(&before, &now), AU_USN_ON);
	now.usn = 11;
	assert_int_equal(au_usn_course(&before, &now), AU_USN_ON);
	now.usn = 9;
	assert_int_equal(au_usn_course(&before, &now), AU_USN_BACK);
	au_usn_back_fault(&before, &now, &fault);
	assert_int_equal(fault.kind, AU_FAULT_RELOAD);
	assert_non_null(strstr(fault.text, "from change 10 to 9"));
	now.database[0] = 'b';
	assert_int_equal(au_usn_course(&before, &now), AU_USN_OTHER);
}

/* A vector of so many rows, of which the first is cn's and the last is name's, with its own USN 0x0102030405. */
static struct berval
vector(unsigned char *bytes, unsigned rows)
{
	memset(bytes, 0, 16 + 48 * rows);
	bytes[0] = 1;
	bytes[8] = (unsigned char)rows;
	bytes[16] = 3;
	if (rows > 1) {
		unsigned char *last = bytes + 16 + 48 * (rows - 1);
		last[0] = 1;
		last[2] = 9;
		memcpy(last + 40, "\x05\x04\x03\x02\x01", 5);
		last[32] = 0xff; /* the USN where it was changed, which is another's */
	}
	return (struct berval){ 16 + 48 * rows, (char *)bytes };
}

static void
an_attribute_has_changed_or_not(void **state)
{
	unsigned char *bytes = au_xmalloc(16 + 48 * 3);
	struct berval value = vector(bytes, 3);

	(void)state;
	assert_true(au_metadata_changed(&value, AU_METADATA_NAME, 0x0102030404));
	assert_false(au_metadata_changed(&value, AU_METADATA_NAME, 0x0102030405));
	assert_false(au_metadata_changed(&value, AU_METADATA_NAME, UINT64_MAX));
	assert_true(au_metadata_changed(&value, 12345, UINT64_MAX));
	free(bytes);
}

static void
what_cannot_be_read_may_have_changed(void **state)
{
	unsigned char whole[16 + 48 * 2];
	struct berval value = vector(whole, 2);

	(void)state;
	assert_true(au_metadata_changed(NULL, AU_METADATA_NAME, UINT64_MAX));
	assert_true(au_metadata_changed(&(struct berval){ 0, NULL }, AU_METADATA_NAME, UINT64_MAX));
	for (size_t len = 0; len < value.bv_len; len++) {
		unsigned char *exact = au_xmalloc(len + 1);
		memcpy(exact, whole, len);
		struct berval cut = { len, (char *)exact };
		assert_true(au_metadata_changed(&cut, AU_METADATA_NAME, UINT64_MAX));
		free(exact);
	}
	assert_false(au_metadata_changed(&value, AU_METADATA_NAME, UINT64_MAX));
	memset(whole + 8, 0xff, 4);
	assert_true(au_metadata_changed(&value, AU_METADATA_NAME, UINT64_MAX));
	value = vector(whole, 2);
	whole[0] = 2;
	assert_true(au_metadata_changed(&value, AU_METADATA_NAME, UINT64_MAX));
}

static void
only_true_is_deleted(void **state)
{
	(void)state;
	assert_true(au_tombstone_says(&(struct berval){ 4, (char[]){ "TRUE" } }));
	assert_false(au_tombstone_says(&(struct berval){ 5, (char[]){ "FALSE" } }));
	assert_false(au_tombstone_says(&(struct berval){ 0, NULL }));
	assert_false(au_tombstone_says(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mark_comes_back_as_it_was),
		cmocka_unit_test(what_is_no_mark_is_refused),
		cmocka_unit_test(a_database_goes_on_or_back_or_is_another),
		cmocka_unit_test(an_attribute_has_changed_or_not),
		cmocka_unit_test(what_cannot_be_read_may_have_changed),
		cmocka_unit_test(only_true_is_deleted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
