/* SPDX-License-Identifier: ISC */
/*
 * Evaluation.  A test on several values holds when it holds for one of them; an unassigned attribute fulfils `ne`
 * (its value is not that one), `eq null` and nothing else.
 */
#include "scim/filter.h"

#include "base/json.h"
#include "base/text.h"
#include "base/when.h"

#include <string.h>

/* ---- one value ---- */

static bool
ordered(enum au_filter_op op, int cmp)
{
	switch (op) {
	case AU_FILTER_EQ:
		return cmp == 0;
	case AU_FILTER_NE:
		return cmp != 0;
	case AU_FILTER_GT:
		return cmp > 0;
	case AU_FILTER_GE:
		return cmp >= 0;
	case AU_FILTER_LT:
		return cmp < 0;
	case AU_FILTER_LE:
		return cmp <= 0;
	default:
		return false;
	}
}

static bool
text_matches(enum au_filter_op op, const char *have, const char *want)
{
	size_t have_len = strlen(have), want_len = strlen(want);

	switch (op) {
	case AU_FILTER_CO:
		return strstr(have, want) != NULL;
	case AU_FILTER_SW:
		return strncmp(have, want, want_len) == 0;
	case AU_FILTER_EW:
		return have_len >= want_len && strcmp(have + have_len - want_len, want) == 0;
	default:
		return ordered(op, strcmp(have, want)); /* bytes of UTF-8 sort as code points do */
	}
}

static bool
string_fits(const struct au_filter *test, const struct au_attr *attr, const json_t *value, struct au_arena *scratch)
{
	const char *have = json_string_value(value);

	if (have == NULL)
		return false;
	return text_matches(test->op, attr->case_exact ? have : au_text_fold(scratch, have), test->text);
}

static bool
instant_fits(const struct au_filter *test, const struct au_attr *attr, const json_t *value, struct au_arena *scratch)
{
	int64_t have;

	if (test->op == AU_FILTER_CO || test->op == AU_FILTER_SW || test->op == AU_FILTER_EW)
		return string_fits(test, attr, value, scratch);
	if (!json_is_string(value) || au_when_parse(json_string_value(value), &have, NULL) != 0)
		return false;
	return ordered(test->op, (have > test->instant) - (have < test->instant));
}

static bool
number_fits(const struct au_filter *test, const json_t *value)
{
	if (json_is_integer(value) && json_is_integer(test->value)) {
		json_int_t have = json_integer_value(value), want = json_integer_value(test->value);

		return ordered(test->op, (have > want) - (have < want));
	}
	double have = json_number_value(value), want = json_number_value(test->value);

	return json_is_number(value) && ordered(test->op, (have > want) - (have < want));
}

static bool
is_assigned(const json_t *value)
{
	if (value == NULL || json_is_null(value))
		return false;
	if (json_is_string(value))
		return json_string_length(value) > 0;
	if (json_is_array(value))
		return json_array_size(value) > 0;
	return !json_is_object(value) || json_object_size(value) > 0;
}

static bool
value_fits(const struct au_filter *test, const struct au_attr *attr, const json_t *value, struct au_arena *scratch)
{
	if (test->op == AU_FILTER_PR || json_is_null(test->value))
		return is_assigned(value) == (test->op != AU_FILTER_EQ);
	if (value == NULL || json_is_null(value))
		return test->op == AU_FILTER_NE;
	switch (attr->type) {
	case AU_ATTR_BOOLEAN:
		return json_is_boolean(value) && ordered(test->op, value != test->value);
	case AU_ATTR_DECIMAL:
	case AU_ATTR_INTEGER:
		return number_fits(test, value);
	case AU_ATTR_DATETIME:
		return instant_fits(test, attr, value, scratch);
	default:
		return string_fits(test, attr, value, scratch);
	}
}

/* ---- trees ---- */

/* A test on an element, or its value when it is no object. */
static bool
test_element(const struct au_filter *test, const struct au_attr *attr, const json_t *element, struct au_arena *scratch)
{
	if (test->path.sub == NULL)
		return value_fits(test, attr, element, scratch);
	return value_fits(test, test->path.sub, json_object_get(element, test->path.sub->name), scratch);
}

static bool
test_attribute(const struct au_filter *test, const json_t *value, struct au_arena *scratch)
{
	const struct au_attr *attr = test->path.attr;
	const json_t *element;
	size_t i;

	/* "unassigned" is about the attribute as a whole, not about one of its values */
	if (!json_is_array(value) || json_array_size(value) == 0)
		return test_element(test, attr, json_is_array(value) ? NULL : value, scratch);
	json_array_foreach ((json_t *)value, i, element) {
		if (test_element(test, attr, element, scratch))
			return true;
	}
	return false;
}

static bool
has_element(const struct au_filter *filter, const json_t *value, struct au_arena *scratch)
{
	const json_t *element;
	size_t i;

	if (json_is_object(value))
		return au_filter_match_element(filter->first, filter->path.attr, value, scratch);
	json_array_foreach ((json_t *)value, i, element) {
		if (au_filter_match_element(filter->first, filter->path.attr, element, scratch))
			return true;
	}
	return false;
}

static bool
match_leaf(const struct au_filter *filter, const struct au_filter_subject *subject)
{
	AU_CLEANUP(au_json_decrefp) json_t *supplied = NULL;
	const json_t *value = filter->foreign ? NULL : au_attr_path_get(&filter->path, subject->resource);

	if (value == NULL && !filter->foreign && subject->supply != NULL) {
		supplied = subject->supply(subject->ctx, filter->path.attr, au_filter_value_wanted(filter));
		value = supplied;
	}
	if (filter->op == AU_FILTER_HAS)
		return has_element(filter, value, subject->scratch);
	return test_attribute(filter, value, subject->scratch);
}

/* One walk for both kinds of tree; depth is limited by the parser. */
struct walk {
	bool (*leaf)(const struct au_filter *filter, const void *ctx);
	const void *ctx;
};

static bool
walk(const struct au_filter *filter, const struct walk *how)
{
	bool all = filter->op == AU_FILTER_AND;

	if (filter->op == AU_FILTER_NOT)
		return !walk(filter->first, how);
	if (filter->op != AU_FILTER_AND && filter->op != AU_FILTER_OR)
		return how->leaf(filter, how->ctx);
	for (const struct au_filter *child = filter->first; child != NULL; child = child->next)
		if (walk(child, how) != all)
			return !all;
	return all;
}

static bool
resource_leaf(const struct au_filter *filter, const void *ctx)
{
	return match_leaf(filter, ctx);
}

bool
au_filter_match(const struct au_filter *filter, const struct au_filter_subject *subject)
{
	return walk(filter, &(struct walk){ resource_leaf, subject });
}

struct element_subject {
	const struct au_attr *attr;
	const json_t *element;
	struct au_arena *scratch;
};

static bool
element_leaf(const struct au_filter *filter, const void *ctx)
{
	const struct element_subject *subject = ctx;

	return test_element(filter, subject->attr, subject->element, subject->scratch);
}

bool
au_filter_match_element(
    const struct au_filter *filter, const struct au_attr *attr, const json_t *element, struct au_arena *scratch)
{
	struct element_subject subject = { attr, element, scratch };

	return walk(filter, &(struct walk){ element_leaf, &subject });
}
