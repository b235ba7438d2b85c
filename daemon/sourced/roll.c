/* SPDX-License-Identifier: ISC */
/*
 * One value that cannot be understood spoils the roll: the member that it means
 * would look like one who has left.
 */
#include "sourced/roll.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RANGE_OPTION ";range="
#define DIGITS_MOST 15

static int
senseless(const struct berval *name, struct au_err *err)
{
	return au_fail(err, AU_EPROTO, "attribute '%.*s': the range makes no sense",
	    (int)(name->bv_len < 100 ? name->bv_len : 100), name->bv_val);
}

/* A number and the character behind it. */
static bool
read_number(const char **at, const char *end, char behind, long long *ret)
{
	const char *start = *at;
	long long number = 0;

	for (; *at < end && **at >= '0' && **at <= '9' && *at - start < DIGITS_MOST; (*at)++)
		number = number * 10 + (**at - '0');
	bool is_fine = *at > start && (behind == '\0' ? *at == end : *at < end && **at == behind);
	*at += is_fine && behind != '\0';
	*ret = number;
	return is_fine;
}

/* What is behind ";range=": "0-1499", or "1500-*" for the last part. */
static bool
read_range(const char *at, const char *end, size_t count, struct au_roll_range *range)
{
	long long last;

	if (!read_number(&at, end, '-', &range->first))
		return false;
	if (end - at == 1 && *at == '*') {
		range->next = 0;
		return true;
	}
	if (!read_number(&at, end, '\0', &last) || last < range->first)
		return false;
	range->next = last + 1;
	/* Fewer or more values than it says, and nobody knows which ones are missing. */
	return range->next - range->first == (long long)count;
}

static bool
begins(const struct berval *name, const char *attribute)
{
	return name->bv_len >= strlen(attribute) && strncasecmp(name->bv_val, attribute, strlen(attribute)) == 0;
}

static bool
is_ranged(const struct berval *name, const char *attribute)
{
	size_t len = strlen(attribute), option = strlen(RANGE_OPTION);

	return begins(name, attribute) && name->bv_len >= len + option &&
	       strncasecmp(name->bv_val + len, RANGE_OPTION, option) == 0;
}

static int
add_range(struct au_roll *roll, struct au_arena *arena, const char *attribute, const struct berval *name, size_t count,
    struct au_err *err)
{
	struct au_roll_range range = { .attribute = attribute };
	const char *option = name->bv_val + strlen(attribute) + strlen(RANGE_OPTION);

	if (!read_range(option, name->bv_val + name->bv_len, count, &range))
		return senseless(name, err);
	struct au_roll_range *ranges = au_arena_alloc(arena, (roll->range_count + 1) * sizeof(*ranges));
	for (size_t i = 0; i < roll->range_count; i++)
		ranges[i] = roll->ranges[i];
	ranges[roll->range_count++] = range;
	roll->ranges = ranges;
	return 0;
}

static void
make_room(struct au_roll *roll, struct au_arena *arena, size_t more)
{
	if (roll->count + more <= roll->cap)
		return;
	roll->cap = roll->count + more;
	const char **members = au_arena_alloc(arena, roll->cap * sizeof(*members));
	for (size_t i = 0; i < roll->count; i++)
		members[i] = roll->members[i];
	roll->members = members;
}

static int
add_value(
    struct au_roll *roll, struct au_arena *arena, const char *attribute, const struct berval *value, struct au_err *err)
{
	const char *text = au_arena_strndup(arena, value->bv_val, value->bv_len), *ref;

	if (!au_text_is_utf8(value->bv_val, value->bv_len))
		return au_fail(err, AU_EPROTO, "a value of '%s' is no text", attribute);
	if (au_ref_parse(arena, au_ref_form_of(attribute), text, &ref, err) < 0)
		return au_err_prefix(err, AU_EPROTO, "a value of '%s' names nobody", attribute);
	/* The empty DN is what groups that must not be empty hold when they are. */
	if (ref[0] != '\0')
		roll->members[roll->count++] = ref;
	return 0;
}

static const char *
find(const char *const *attributes, const struct berval *name, bool *ret_ranged)
{
	for (size_t i = 0; attributes[i] != NULL; i++) {
		*ret_ranged = is_ranged(name, attributes[i]);
		if (*ret_ranged || (begins(name, attributes[i]) && name->bv_len == strlen(attributes[i])))
			return attributes[i];
	}
	return NULL;
}

int
au_roll_take(struct au_roll *roll, struct au_arena *arena, const char *const *attributes, const struct berval *name,
    const struct berval *values, struct au_err *err)
{
	bool ranged = false;
	size_t count = 0;
	const char *attribute = find(attributes, name, &ranged);

	if (attribute == NULL)
		return 0;
	while (values != NULL && values[count].bv_val != NULL)
		count++;
	if (ranged && add_range(roll, arena, attribute, name, count, err) < 0)
		return AU_EPROTO;
	make_room(roll, arena, count);
	for (size_t i = 0; i < count; i++)
		if (add_value(roll, arena, attribute, &values[i], err) < 0)
			return AU_EPROTO;
	return 1;
}

bool
au_roll_is_part(const struct au_roll *roll)
{
	for (size_t i = 0; i < roll->range_count; i++)
		if (roll->ranges[i].first != 0 || roll->ranges[i].next != 0)
			return true;
	return false;
}
