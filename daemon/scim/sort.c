/* SPDX-License-Identifier: ISC */
/* Keys are folded once, so that comparing is comparing bytes. */
#include "scim/sort.h"

#include "base/text.h"
#include "base/when.h"

#include <string.h>

static const struct au_attr *
row_of(const struct au_attr_path *path)
{
	return path->sub != NULL ? path->sub : path->attr;
}

int
au_sort_init(
    const struct au_resource_type *type, const char *by, const char *order, struct au_sort *ret, struct au_fault *fault)
{
	struct au_sort sort = { .descending = order != NULL && au_strcaseeq(order, "descending") };

	if (order != NULL && !sort.descending && !au_strcaseeq(order, "ascending"))
		return au_fault_set(fault, AU_FAULT_INVALID_VALUE, "sortOrder: expected ascending or descending");
	if (au_attr_path_parse(type, by, strlen(by), &sort.path) != 0 || sort.path.attr == NULL ||
	    row_of(&sort.path)->returned == AU_ATTR_NEVER)
		return au_fault_set(fault, AU_FAULT_INVALID_VALUE, "sortBy: '%.100s' is no attribute to sort by", by);
	if (sort.path.sub == NULL && sort.path.attr->type == AU_ATTR_COMPLEX)
		sort.path.sub = au_attr_find(sort.path.attr->subs, "value", 5);
	if (row_of(&sort.path)->type == AU_ATTR_COMPLEX)
		return au_fault_set(
		    fault, AU_FAULT_INVALID_VALUE, "sortBy: name a sub-attribute of '%s'", sort.path.attr->name);
	*ret = sort;
	return 0;
}

static const json_t *
preferred(const json_t *array)
{
	size_t i;
	json_t *element;

	json_array_foreach ((json_t *)array, i, element)
		if (json_is_true(json_object_get(element, "primary")))
			return element;
	return json_array_get(array, 0);
}

struct au_sort_key
au_sort_key(struct au_arena *arena, const struct au_sort *sort, const json_t *value)
{
	const struct au_attr *row = row_of(&sort->path);
	struct au_sort_key key = { .present = true };
	int64_t instant;

	if (json_is_array(value))
		value = preferred(value);
	if (sort->path.sub != NULL)
		value = json_object_get(value, sort->path.sub->name);
	if (json_is_number(value))
		key.number = json_number_value(value);
	else if (json_is_boolean(value))
		key.number = json_is_true(value);
	else if (!json_is_string(value))
		key.present = false;
	else if (row->type == AU_ATTR_DATETIME && au_when_parse(json_string_value(value), &instant, NULL) == 0)
		key.number = (double)instant;
	else if (row->case_exact)
		key.text = au_arena_strdup(arena, json_string_value(value));
	else
		key.text = au_text_fold(arena, json_string_value(value));
	return key;
}

int
au_sort_compare(const struct au_sort *sort, const struct au_sort_key *a, const struct au_sort_key *b)
{
	int cmp;

	if (a->present != b->present)
		cmp = b->present - a->present;
	else if (a->text != NULL && b->text != NULL)
		cmp = strcmp(a->text, b->text);
	else
		cmp = (a->number > b->number) - (a->number < b->number);
	return sort->descending ? -cmp : cmp;
}
