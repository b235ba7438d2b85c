/* SPDX-License-Identifier: ISC */
/* Distinguished names: spellings that mean the same, ones that do not, and what is no DN. */
#include "tests/unit.h"

#include "model/dn.h"

#include <string.h>

/* Plain names are not read part by part; a blank in front makes them be, and says the same. */
static void
plain_names_get_the_form_of_others(void **state)
{
	static const char *const pieces[] = { "uid=", "CN=", "Ou=", "o=", "dc=", "l=", "ann", "Ann Lee", " ", "  ", ",",
		"=", ".", "-", "_", "@", "#", "+", "\\", "0", "x9", "uid" };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	unsigned good = 0;

	(void)state;
	for (unsigned seed = 1; seed <= 20000; seed++) {
		unsigned random = seed * 2654435761u;
		const char *name = "uid=a", *spaced, *plain_form = "", *form = "";
		for (unsigned i = 0; i < 1 + seed % 6; i++) {
			random = random * 1103515245u + 12345u;
			name = au_arena_printf(arena, "%s%s",
			    i > 0          ? name
			    : seed % 3 > 0 ? "cn=b"
					   : "",
			    pieces[random / 65536 % AU_COUNT(pieces)]);
		}
		spaced = au_arena_printf(arena, " %s", name);
		int rc = au_dn_normalize(arena, name, &plain_form, NULL);
		assert_int_equal(rc, au_dn_normalize(arena, spaced, &form, NULL));
		assert_string_equal(plain_form, form);
		good += rc == 0;
	}
	assert_true(good > 1000);
}

static void
names_get_one_form(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "", "" },
		{ "  ", "" },
		{ "CN=Steve Kille,O=Isode Limited,C=GB", "cn=steve kille,o=isode limited,c=gb" },
		{ "OU=Sales+CN=J.  Smith,DC=example,DC=net", "cn=j. smith+ou=sales,dc=example,dc=net" },
		{ "CN=J.  Smith + OU=Sales , DC=example, DC=net", "cn=j. smith+ou=sales,dc=example,dc=net" },
		{ "CN=James \\\"Jim\\\" Smith\\, III,DC=example", "cn=james \\22jim\\22 smith\\2c iii,dc=example" },
		{ "CN=Before\\0dAfter,DC=example", "cn=before after,dc=example" },
		{ "1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=#04024869" },
		{ "1.3.6.1.4.1.1466.0=#04024A4b", "1.3.6.1.4.1.1466.0=#04024a4b" },
		{ "2.5.4.3=Ann,0.9.2342.19200300.100.1.25=Example", "cn=ann,dc=example" },
		{ "OID.2.5.4.3=Ann", "cn=ann" },
		{ "commonName=Ann,domainComponent=Example", "cn=ann,dc=example" },
		{ "2.5.4.3=#0C03416E6E", "cn=ann" },
		{ "2.5.4.3=#13810341 6E6E", NULL },
		{ "2.5.4.3=#13810341"
		  "6E6E",
		    "cn=ann" },
		{ "2.5.4.3=#0C04416E6E", "cn=#0c04416e6e" }, /* length does not fit */
		{ "cn=Lu\\C4\\8Di\\C4\\87", "cn=lu\xC4\x8Di\xC4\x87" },
		{ "cn=LU\xC4\x8CI\xC4\x86", "cn=lu\xC4\x8Di\xC4\x87" },
		{ "cn=A\xCC\x88", "cn=\xC3\xA4" },
		{ "cn=STRASSE", "cn=strasse" },
		{ "cn=Stra\xC3\x9F"
		  "e",
		    "cn=strasse" },
		{ "cn=\\20 a\xC2\xA0\t b\\20", "cn=a b" },
		{ "cn=soft\xC2\xADhyphen", "cn=softhyphen" },
		{ "cn=\\#1", "cn=\\231" },
		{ "cn=a#1", "cn=a#1" },
		{ "cn=a=b", "cn=a\\3db" },
		{ "cn=a\\=b", "cn=a\\3db" },
		{ "cn=", "cn=" },
		{ "cn=,dc=x", "cn=,dc=x" },
		{ "cn=\\FF\\00 A", "cn=\\ff\\00\\20A" },
		{ "cn=b+cn=a+cn=c", "cn=a+cn=b+cn=c" },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const char *out = NULL, *again = NULL;
		struct au_err err = { 0 };
		int code = au_dn_normalize(arena, rows[i].in, &out, &err);
		if (rows[i].out == NULL) {
			assert_int_equal(code, AU_EINVAL);
			continue;
		}
		if (code != 0)
			fail_msg("%s: %s", rows[i].in, err.text);
		assert_string_equal(out, rows[i].out);
		assert_int_equal(au_dn_normalize(arena, out, &again, &err), 0);
		assert_string_equal(again, out);
	}
}

static void
different_names_stay_different(void **state)
{
	static const struct {
		const char *a, *b;
	} rows[] = {
		{ "cn=a,dc=x", "cn=a+dc=x" },
		{ "cn=a\\,dc=x", "cn=a,dc=x" },
		{ "cn=a\\+ou=b", "cn=a+ou=b" },
		{ "cn=a b", "cn=ab" },
		{ "cn=a\\2b", "cn=a" },
		{ "cn=\\C3\\28", "cn=\xC3\xA8" },
		{ "cn=a,ou=b", "ou=b,cn=a" },
		{ "2.5.4.3=a", "2.5.4.4=a" },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const char *a, *b;
		assert_int_equal(au_dn_normalize(arena, rows[i].a, &a, NULL), 0);
		assert_int_equal(au_dn_normalize(arena, rows[i].b, &b, NULL), 0);
		assert_string_not_equal(a, b);
	}
}

static void
what_is_no_dn_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *dn;
		const char *place; /* NULL: any */
	} rows[] = {
		{ "cn", "character 3" },
		{ "=a", "character 1" },
		{ "cn=a,", "character 6" },
		{ ",cn=a", "character 1" },
		{ "cn=a+", "character 6" },
		{ "cn=\xC3\xA4,,dc=x", "character 6" },
		{ "cn=a;dc=x", "character 5" },
		{ "cn=\"a\"", "character 4" },
		{ "cn=a<b", "character 5" },
		{ "cn=a\\", "character 6" },
		{ "cn=a\\zz", "character 6" },
		{ "cn=a\\4", NULL },
		{ "cn=#", "character 5" },
		{ "cn=#4", NULL },
		{ "cn=#04zz", "character 7" },
		{ "1a=x", NULL },
		{ "1.02.3=x", NULL },
		{ "2=x", NULL },
		{ "a.b=x", NULL },
		{ "c n=x", "character 3" },
		{ "cn=\xFF", NULL },
		{ "\xC3\xA4=x", NULL },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const char *out = "untouched";
		struct au_err err = { 0 };
		if (au_dn_normalize(arena, rows[i].dn, &out, &err) != AU_EINVAL)
			fail_msg("'%s' was taken as '%s'", rows[i].dn, out);
		assert_string_equal(out, "untouched");
		if (rows[i].place != NULL && strstr(err.text, rows[i].place) == NULL)
			fail_msg("'%s': %s", rows[i].dn, err.text);
	}
}

static void
size_is_limited_and_depth_costs_no_stack(void **state)
{
	enum { PARTS = 16000 };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	char *dn = au_arena_alloc(arena, 5 * PARTS);
	const char *out;
	struct au_err err;

	(void)state;
	for (int i = 0; i < PARTS; i++)
		memcpy(dn + 4 * i, i % 2 ? "c=x," : "c=y+", 4);
	dn[4 * PARTS - 1] = '\0';
	assert_int_equal(au_dn_normalize(arena, dn, &out, &err), 0);
	assert_int_equal(strlen(out), 4 * PARTS - 1);
	char *longest = au_arena_alloc(arena, 64 * 1024 + 2);
	memset(longest, 'x', 64 * 1024 + 1);
	assert_int_equal(au_dn_normalize(arena, longest, &out, &err), AU_ELIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_names_get_the_form_of_others),
		cmocka_unit_test(names_get_one_form),
		cmocka_unit_test(different_names_stay_different),
		cmocka_unit_test(what_is_no_dn_is_refused_with_its_place),
		cmocka_unit_test(size_is_limited_and_depth_costs_no_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
