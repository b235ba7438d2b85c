/* SPDX-License-Identifier: ISC */
/* The forms do not overlap, so that the text alone tells which one it is; moments go through one reader of times. */
#include "base/date.h"

#include "base/str.h"
#include "base/when.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 40
#define DIGITS "0123456789"
#define DAY_MS (24LL * 60 * 60 * 1000)
#define STEPS_IN_MS 10000
#define FROM_1601_TO_1970_MS 11644473600000LL
#define DAY_DIGITS 5   /* of a number of days, exactly: from 1997 on, and no year looks so */
#define STEP_DIGITS 15 /* of a number of steps, at least: the year 1604 */

/* Without the blanks around it; false when there is nothing, or too much. */
static bool
trim(const char *text, char word[LONGEST + 1])
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	if (len == 0 || len > LONGEST)
		return false;
	memcpy(word, text, len);
	word[len] = '\0';
	return true;
}

static bool
is_never(const char *word)
{
	if (au_strcaseeq(word, "never"))
		return true;
	if (*word == '-')
		return word[1] != '\0' && word[1 + strspn(word + 1, DIGITS)] == '\0';
	errno = 0;
	return word[strspn(word, DIGITS)] == '\0' &&
	       (word[strspn(word, "0")] == '\0' || strtoll(word, NULL, 10) == INT64_MAX);
}

/* A number that counts from some day on. */
static bool
counted(const char *word, int64_t *ret_ms)
{
	size_t len = strlen(word);

	if (word[strspn(word, DIGITS)] != '\0')
		return false;
	if (len == DAY_DIGITS)
		*ret_ms = strtoll(word, NULL, 10) * DAY_MS;
	else if (len >= STEP_DIGITS)
		*ret_ms = strtoll(word, NULL, 10) / STEPS_IN_MS - FROM_1601_TO_1970_MS;
	else
		return false;
	return true;
}

/* ".5" or ",5" of an hour, a minute or a second, to the millisecond. */
static const char *
part_of(const char *at, long long unit_ms, int64_t *ms)
{
	double share = 0, scale = 0.1;

	if (*at != '.' && *at != ',')
		return at;
	if (at[1] < '0' || at[1] > '9')
		return NULL;
	for (at++; *at >= '0' && *at <= '9'; at++) {
		share += (*at - '0') * scale;
		scale /= 10;
	}
	*ms += (int64_t)(share * (double)unit_ms + 1e-6);
	return at;
}

/* "Z", "+01" or "-0130", which a moment must have, as the form that times have. */
static bool
zone(const char *at, char word[8])
{
	size_t len = strspn(at + (*at == '+' || *at == '-'), DIGITS);

	if (au_streq(at, "Z")) {
		snprintf(word, 8, "Z");
		return true;
	}
	if ((*at != '+' && *at != '-') || (len != 2 && len != 4) || at[1 + len] != '\0')
		return false;
	snprintf(word, 8, "%c%.2s:%.2s", *at, at + 1, len == 4 ? at + 3 : "00");
	return true;
}

/* A leap second is the end of its minute. */
static bool
generalized(const char *word, int64_t *ret_ms)
{
	size_t len = strspn(word, DIGITS);
	long long unit_ms = len == 10 ? 3600000 : len == 12 ? 60000 : 1000;
	char iso[LONGEST + 1], offset[8];
	int64_t ms = 0, more_ms = 0;

	if (len != 10 && len != 12 && len != 14)
		return false;
	const char *minute = len > 10 ? word + 10 : "00", *second = len > 12 ? word + 12 : "00";
	bool leaps = strncmp(second, "60", 2) == 0;
	const char *rest = part_of(word + len, unit_ms, &more_ms);
	if (rest == NULL || !zone(rest, offset))
		return false;
	snprintf(iso, sizeof(iso), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%s", word, word + 4, word + 6, word + 8, minute,
	    leaps ? "59" : second, offset);
	if (au_when_parse(iso, &ms, NULL) < 0)
		return false;
	*ret_ms = ms + (leaps ? 1000 : more_ms);
	return true;
}

static bool
iso(const char *word, int64_t *ret_ms)
{
	char full[2 * LONGEST];
	size_t len = strlen(word);

	if (len == 8 && strspn(word, DIGITS) == 8)
		snprintf(full, sizeof(full), "%.4s-%.2s-%.2sT00:00:00Z", word, word + 4, word + 6);
	else
		snprintf(full, sizeof(full), "%s%s", word, len == 10 ? "T00:00:00Z" : "");
	return au_when_parse(full, ret_ms, NULL) == 0;
}

int
au_date_parse(const char *text, int64_t *ret_wall_ms, struct au_err *err)
{
	char word[LONGEST + 1];
	int64_t ms = 0;

	if (text == NULL || !trim(text, word))
		return au_fail(err, AU_EINVAL, "date: expected a form like 2026-12-31");
	if (is_never(word)) {
		*ret_wall_ms = 0;
		return 0;
	}
	if (!counted(word, &ms) && !iso(word, &ms) && !generalized(word, &ms))
		return au_fail(err, AU_EINVAL, "date '%s': expected a form like 2026-12-31", word);
	*ret_wall_ms = ms > 0 ? ms : 1;
	return 0;
}
