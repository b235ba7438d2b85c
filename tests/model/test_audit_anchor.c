/* SPDX-License-Identifier: ISC */
/* Anchors, from what the log says back to what was logged. */
#include "tests/unit.h"

#include "model/audit_anchor.h"

#include <stdio.h>

#define MAC "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void
what_is_logged_is_found_again(void **state)
{
	struct au_audit_anchor anchor, found = { 0 };
	char text[AU_AUDIT_ANCHOR_SIZE], line[200];

	(void)state;
	assert_int_equal(au_audit_anchor_make(999999999999999999, MAC, &anchor, NULL), 0);
	snprintf(line, sizeof line, "Nov 28 12:00:00 host apiuserd[1]: <5>%s audit_row=9", au_audit_anchor_print(&anchor, text));
	assert_true(au_audit_anchor_find(line, &found));
	assert_int_equal(found.seq, anchor.seq);
	assert_string_equal(found.mac, MAC);
}

static void
anything_else_is_no_anchor(void **state)
{
	static const char *const lines[] = { "", "audit: row", "audit: row x has MAC " MAC, "audit: row 0 has MAC " MAC,
		"audit: row -1 has MAC " MAC, "audit: row 1 has MAC 0011", "audit: row 1 does not fit the chain",
		"audit: row 99999999999999999999 has MAC " MAC };
	struct au_audit_anchor found;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (au_audit_anchor_find(lines[i], &found))
			fail_msg("'%s' was taken for an anchor", lines[i]);
	assert_int_equal(au_audit_anchor_make(1, "G" MAC, &found, NULL), AU_EINVAL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_logged_is_found_again),
		cmocka_unit_test(anything_else_is_no_anchor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
