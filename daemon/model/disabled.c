/* SPDX-License-Identifier: ISC */
/* A value that cannot be read as a test wants it does not disable anybody; of a date the caller hears. */
#include "model/disabled.h"

#include "base/date.h"
#include "base/str.h"
#include "base/text.h"
#include "model/pick.h"

#include <errno.h>
#include <string.h>

#define STEPS_IN_MS 10000
#define FROM_1601_TO_1970_MS 11644473600000LL

/* Attributes whose bare name says enough. */
static const struct au_disabled known[] = {
	{ .attribute = "userAccountControl",
	    .kind = AU_DISABLED_BITS,
	    .bits = 2 }, /* ADS_UF_ACCOUNTDISABLE (MS-ADTS section 2.2.16) */
	{ .attribute = "accountExpires", .kind = AU_DISABLED_SINCE },
	{ .attribute = "msDS-UserAccountDisabled", .kind = AU_DISABLED_TRUE },
	{ .attribute = "nsAccountLock", .kind = AU_DISABLED_TRUE },
	{ .attribute = "pwdAccountLockedTime", .kind = AU_DISABLED_FOR_EVER },
};

static int
parse_bits(const char *text, unsigned long long *ret, struct au_err *err)
{
	unsigned long long bits = 0;

	if (*text == '\0' || strlen(text) > 10 || text[strspn(text, "0123456789")] != '\0')
		return au_fail(err, AU_EINVAL, "'%s' is not a number of bits", text);
	bits = strtoull(text, NULL, 10);
	if (bits == 0 || bits > 0xffffffffULL)
		return au_fail(err, AU_EINVAL, "'%s' is not between 1 and 4294967295", text);
	*ret = bits;
	return 0;
}

static void
parse_bare(struct au_disabled *test)
{
	test->kind = AU_DISABLED_TRUE;
	for (size_t i = 0; i < AU_COUNT(known); i++)
		if (au_strcaseeq(known[i].attribute, test->attribute)) {
			test->kind = known[i].kind;
			test->bits = known[i].bits;
		}
}

int
au_disabled_parse(struct au_arena *arena, const char *text, struct au_disabled *ret, struct au_err *err)
{
	size_t len = strcspn(text, ":=");
	const char *rest = text + len;
	struct au_disabled test = { .text = text, .attribute = au_arena_strndup(arena, text, len) };

	if (!au_pick_is_attribute(test.attribute))
		return au_fail(err, AU_EINVAL, "'%s' is not an attribute's name", test.attribute);
	if (*rest == '\0') {
		parse_bare(&test);
	} else if (*rest == ':') {
		test.kind = AU_DISABLED_BITS;
		if (parse_bits(rest + 1, &test.bits, err) < 0)
			return AU_EINVAL;
	} else if (rest[1] == '\0') {
		return au_fail(err, AU_EINVAL, "'%s' names no value", text);
	} else {
		test.kind = strcmp(rest, "=*") == 0 ? AU_DISABLED_PRESENT : AU_DISABLED_VALUE;
		test.value = au_text_case_ignore(arena, rest + 1);
	}
	*ret = test;
	return 0;
}

/* A number that is negative is one of 32 bits with the highest of them set (MS-ADTS section 2.2.16). */
static bool
has_bits(const char *value, unsigned long long bits)
{
	char *end;

	errno = 0;
	long long number = strtoll(value, &end, 10);
	return end != value && *end == '\0' && errno == 0 && ((unsigned long long)number & bits) == bits;
}

bool
au_disabled_holds(const struct au_disabled *test, struct au_arena *arena, const char *value)
{
	switch (test->kind) {
	case AU_DISABLED_TRUE:
		return au_strcaseeq(value, "TRUE");
	case AU_DISABLED_BITS:
		return has_bits(value, test->bits);
	case AU_DISABLED_VALUE:
		return au_streq(au_text_case_ignore(arena, value), test->value);
	case AU_DISABLED_PRESENT:
		return true;
	case AU_DISABLED_SINCE:
	case AU_DISABLED_FROM:
		return false; /* no clock is known here */
	case AU_DISABLED_FOR_EVER:
		return strncmp(value, "0000", 4) == 0;
	}
	return false;
}

/* 0 and the greatest number there is mean that an account never expires (MS-ADA1, accountExpires). */
static int
since_1601(const char *value, int64_t *ret_ms)
{
	char *end;

	errno = 0;
	long long steps = strtoll(value, &end, 10);
	if (end == value || *end != '\0')
		return AU_EINVAL;
	int64_t ms = steps / STEPS_IN_MS - FROM_1601_TO_1970_MS;
	if (errno != 0 || steps <= 0 || steps == INT64_MAX)
		*ret_ms = 0;
	else
		*ret_ms = ms > 0 ? ms : 1;
	return 0;
}

int
au_disabled_since(const struct au_disabled *test, const char *value, int64_t *ret_ms)
{
	if (test->kind == AU_DISABLED_FROM)
		return au_date_parse(value, ret_ms, NULL);
	if (test->kind == AU_DISABLED_SINCE)
		return since_1601(value, ret_ms);
	*ret_ms = 0;
	return 0;
}
