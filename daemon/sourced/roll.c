/* SPDX-License-Identifier: ISC */
/*
 * One value that cannot be understood spoils the roll: the member that it means
 * would look like one who has left.
 */
#include "sourced/roll.h"

#include "base/str.h"
#include "base/text.h"
#include "sourced/log_record.h"

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
resize(struct au_roll *roll, struct au_arena *arena, size_t cap)
{
	const char **members = au_arena_alloc(arena, cap * sizeof(*members));

	for (size_t i = 0; i < roll->count; i++)
		members[i] = roll->members[i];
	roll->members = members;
	roll->cap = cap;
}

static void
make_room(struct au_roll *roll, struct au_arena *arena, size_t more)
{
	if (roll->count + more > roll->cap)
		resize(roll, arena, roll->count + more);
}

void
au_roll_add(struct au_roll *roll, struct au_arena *arena, const char *ref)
{
	if (roll->count == roll->cap)
		resize(roll, arena, roll->cap > 0 ? 2 * roll->cap : 16);
	roll->is_mixed = true;
	roll->attribute = NULL;
	roll->members[roll->count++] = ref;
}

int
au_roll_name(
    struct au_arena *arena, const char *attribute, const struct berval *value, const char **ret, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;

	if (!au_text_is_utf8(value->bv_val, value->bv_len))
		return au_fail(err, AU_EPROTO, "a value of '%s' is no text", attribute);
	au_str_putn(&text, value->bv_val, value->bv_len);
	if (au_ref_parse(arena, au_ref_form_of(attribute), au_str_get(&text), ret, err) < 0) {
		au_err_prefix(err, AU_EPROTO, "a value of '%s' names nobody", attribute);
		return au_err_recode(err, AU_EPROTO);
	}
	return 0;
}

/* Whether a member leaves with a value of the only attribute that has any. */
static void
note_attribute(struct au_roll *roll, const char *attribute, const struct berval *values, size_t count)
{
	bool is_plain = au_ref_form_of(attribute) == AU_REF_DN;

	roll->is_mixed |= count > 0 && roll->attribute != NULL && roll->attribute != attribute;
	for (size_t i = 0; !is_plain && !roll->is_mixed && i < count; i++)
		roll->is_mixed = !au_log_can_tell(attribute, &values[i]);
	if (roll->is_mixed)
		roll->attribute = NULL;
	else if (count > 0)
		roll->attribute = attribute;
}

static size_t
count_values(const struct berval *values)
{
	size_t count = 0;

	while (values != NULL && values[count].bv_val != NULL)
		count++;
	return count;
}

static int
add_values(struct au_roll *roll, struct au_arena *arena, const char *attribute, const struct berval *values,
    size_t count, struct au_err *err)
{
	make_room(roll, arena, count);
	for (size_t i = 0; i < count; i++) {
		const char *ref;
		if (au_roll_name(arena, attribute, &values[i], &ref, err) < 0)
			return AU_EPROTO;
		/* The empty DN is what groups that must not be empty hold when they are. */
		if (ref[0] != '\0')
			roll->members[roll->count++] = ref;
	}
	return 0;
}

static void
free_values(struct berval **values)
{
	ber_memfree(*values);
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

static int
take(struct au_roll *roll, struct au_arena *arena, const char *attribute, bool is_ranged, const struct berval *name,
    const struct berval *values, struct au_err *err)
{
	size_t count = count_values(values);

	if (is_ranged && add_range(roll, arena, attribute, name, count, err) < 0)
		return AU_EPROTO;
	note_attribute(roll, attribute, values, count);
	return add_values(roll, arena, attribute, values, count, err) < 0 ? AU_EPROTO : 1;
}

int
au_roll_take(struct au_roll *roll, struct au_arena *arena, const char *const *attributes, const struct berval *name,
    const struct berval *values, struct au_err *err)
{
	bool is_ranged = false;
	const char *attribute = find(attributes, name, &is_ranged);

	return attribute == NULL ? 0 : take(roll, arena, attribute, is_ranged, name, values, err);
}

static bool
may_be_left(const struct au_roll *roll, const char *attribute, bool is_ranged, const struct berval *values)
{
	return !is_ranged && values != NULL && roll->count == 0 && roll->range_count == 0 &&
	       roll->raw.attribute == NULL && au_ref_form_of(attribute) != AU_REF_USER_NAME;
}

int
au_roll_defer(struct au_roll *roll, struct au_arena *arena, const char *const *attributes, const struct berval *name,
    struct berval *values, struct au_err *err)
{
	bool is_ranged = false;
	const char *attribute = find(attributes, name, &is_ranged);

	if (attribute == NULL)
		return 0;
	if (may_be_left(roll, attribute, is_ranged, values)) {
		au_arena_defer(arena, ber_memfree, values);
		roll->raw = (struct au_roll_raw){ attribute, values, count_values(values) };
		note_attribute(roll, attribute, values, roll->raw.count);
		return 1;
	}
	AU_CLEANUP(free_values) struct berval *ours = values;
	int rc = au_roll_decode(roll, arena, err);
	return rc < 0 ? rc : take(roll, arena, attribute, is_ranged, name, ours, err);
}

int
au_roll_decode(struct au_roll *roll, struct au_arena *arena, struct au_err *err)
{
	struct au_roll_raw raw = roll->raw;

	if (raw.attribute == NULL)
		return 0;
	if (add_values(roll, arena, raw.attribute, raw.values, raw.count, err) < 0)
		return AU_EPROTO;
	roll->raw = (struct au_roll_raw){ 0 };
	return 0;
}

bool
au_roll_is_part(const struct au_roll *roll)
{
	for (size_t i = 0; i < roll->range_count; i++)
		if (roll->ranges[i].first != 0 || roll->ranges[i].next != 0)
			return true;
	return false;
}
