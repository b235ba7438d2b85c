/* SPDX-License-Identifier: ISC */
/* What can be told from a filter's shape alone: which element it asks for, or would make. */
#include "scim/filter.h"

#include "base/json.h"
#include "base/str.h"

static bool
is_value_eq(const struct au_filter *filter)
{
	return filter->op == AU_FILTER_EQ && filter->path.sub != NULL && au_streq(filter->path.sub->name, "value") &&
	       json_is_string(filter->value);
}

const char *
au_filter_value_wanted(const struct au_filter *filter)
{
	if (filter->op == AU_FILTER_HAS)
		filter = filter->first;
	if (is_value_eq(filter))
		return json_string_value(filter->value);
	if (filter->op != AU_FILTER_AND)
		return NULL;
	for (const struct au_filter *child = filter->first; child != NULL; child = child->next)
		if (is_value_eq(child))
			return json_string_value(child->value);
	return NULL;
}

static bool
set_from(json_t *element, const struct au_filter *test)
{
	if (test->op != AU_FILTER_EQ || test->path.sub == NULL || json_is_null(test->value))
		return false;
	json_object_set(element, test->path.sub->name, (json_t *)test->value);
	return true;
}

json_t *
au_filter_element(const struct au_filter *filter)
{
	AU_CLEANUP(au_json_decrefp) json_t *element = json_object();
	const struct au_filter *test = filter->op == AU_FILTER_AND ? filter->first : filter;
	bool several = filter->op == AU_FILTER_AND;

	for (; test != NULL; test = several ? test->next : NULL)
		if (!set_from(element, test))
			return NULL;
	return json_incref(element);
}

json_t *
au_filter_values(const struct au_filter *filter)
{
	AU_CLEANUP(au_json_decrefp) json_t *values = json_array();
	const struct au_filter *test = filter->op == AU_FILTER_OR ? filter->first : filter;
	bool several = filter->op == AU_FILTER_OR;

	for (; test != NULL; test = several ? test->next : NULL) {
		if (!is_value_eq(test))
			return NULL;
		json_array_append(values, (json_t *)test->value);
	}
	return json_incref(values);
}
