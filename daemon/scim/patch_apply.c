/* SPDX-License-Identifier: ISC */
/* Applying changes to a document.  Values are copied in, so that the same request can be applied again. */
#include "scim/patch.h"

#include "base/json.h"
#include "scim/document.h"
#include "scim/value.h"

#include <string.h>

struct target {
	struct au_arena *arena;
	const struct au_patch_change *change;
	const struct au_profile *profile;
	const struct au_attr *attr;
	struct au_fault *fault;
};

static int
immutable(struct target *t, const struct au_attr *attr)
{
	return au_fault_set(t->fault, AU_FAULT_MUTABILITY, "attribute '%s' cannot change once it is set", attr->name);
}

/* Set a member, or remove it when value is NULL. */
static int
set_member(struct target *t, json_t *holder, const struct au_attr *row, const json_t *value)
{
	const json_t *was = json_object_get(holder, row->name);

	if (row->mutability == AU_ATTR_IMMUTABLE && was != NULL && (value == NULL || !json_equal(was, value)))
		return immutable(t, row);
	if (value != NULL)
		json_object_set_new(holder, row->name, json_deep_copy(value));
	else
		json_object_del(holder, row->name);
	return 0;
}

/* ---- single values ---- */

static int
change_single(struct target *t, json_t *container)
{
	const struct au_patch_change *change = t->change;
	json_t *holder;

	if (change->target.path.sub == NULL)
		return set_member(t, container, t->attr, change->value);
	holder = json_object_get(container, t->attr->name);
	if (holder == NULL && change->value == NULL)
		return 0;
	if (holder == NULL) {
		holder = json_object();
		json_object_set_new(container, t->attr->name, holder);
	}
	return set_member(t, holder, change->target.path.sub, change->value);
}

/* ---- lists ---- */

static bool
same_member(const json_t *a, const json_t *b, const char *name)
{
	const json_t *of_a = json_object_get(a, name), *of_b = json_object_get(b, name);

	return of_a == of_b || (of_a != NULL && of_b != NULL && json_equal(of_a, of_b));
}

/* The same value for the same purpose should not stand twice (RFC 7643 section 2.4). */
static bool
same_element(const json_t *a, const json_t *b)
{
	if (!json_is_object(a) || !json_is_object(b) || json_object_get(a, "value") == NULL)
		return json_equal(a, b);
	return same_member(a, b, "value") && same_member(a, b, "type");
}

static void
merge_members(json_t *into, const json_t *from)
{
	AU_CLEANUP(au_json_decrefp) json_t *copy = json_deep_copy(from);

	if (json_is_object(into))
		json_object_update(into, copy);
}

static void
add_element(json_t *array, const json_t *element)
{
	size_t i;
	json_t *other;

	json_array_foreach (array, i, other) {
		if (same_element(other, element)) {
			merge_members(other, element);
			return;
		}
	}
	json_array_append_new(array, json_deep_copy(element));
}

/* Whether the element has everything that a removal lists. */
static bool
is_listed(const json_t *element, const json_t *listed)
{
	const char *key;
	json_t *value;

	if (!json_is_object(element) || !json_is_object(listed))
		return json_equal(element, listed);
	json_object_foreach ((json_t *)listed, key, value)
		if (!json_equal(json_object_get(element, key), value))
			return false;
	return true;
}

static void
remove_listed(json_t *array, const json_t *list)
{
	for (size_t i = json_array_size(array); i > 0; i--) {
		size_t j;
		json_t *listed;

		json_array_foreach ((json_t *)list, j, listed) {
			if (is_listed(json_array_get(array, i - 1), listed)) {
				json_array_remove(array, i - 1);
				break;
			}
		}
	}
}

static void
change_whole_list(struct target *t, json_t *container, json_t *array)
{
	const json_t *value = t->change->value;
	size_t i;
	json_t *element;

	if (t->change->op == AU_PATCH_ADD)
		json_array_foreach ((json_t *)value, i, element)
			add_element(array, element);
	else if (t->change->op == AU_PATCH_REPLACE)
		json_object_set_new(container, t->attr->name, json_deep_copy(value));
	else if (value != NULL)
		remove_listed(array, value);
	else
		json_object_del(container, t->attr->name);
}

/* A replaced element keeps what its filter said of it, unless the new value says otherwise. */
static json_t *
replacement(const struct au_patch_change *change)
{
	json_t *element = au_filter_element(change->target.filter);

	if (element == NULL)
		return json_deep_copy(change->value);
	merge_members(element, change->value);
	return element;
}

static int
change_element(struct target *t, json_t *array, size_t *i)
{
	const struct au_patch_change *change = t->change;
	json_t *element = json_array_get(array, *i);

	if (change->target.path.sub != NULL)
		return set_member(t, element, change->target.path.sub, change->value);
	if (change->op == AU_PATCH_REMOVE)
		json_array_remove(array, (*i)--);
	else if (change->op == AU_PATCH_ADD)
		merge_members(element, change->value);
	else
		json_array_set_new(array, *i, replacement(change));
	return 0;
}

/* No element was there to change. */
static int
make_element(struct target *t, json_t *array)
{
	const struct au_patch_change *change = t->change;
	const struct au_filter *filter = change->target.filter;
	AU_CLEANUP(au_json_decrefp) json_t *element = NULL;
	enum au_quirk makes = change->op == AU_PATCH_ADD ? AU_QUIRK_ADD_MAKES : AU_QUIRK_REPLACE_MAKES;

	if (change->op == AU_PATCH_REMOVE)
		return 0;
	if (filter != NULL && au_profile_has(t->profile, makes))
		element = au_filter_element(filter);
	else if (filter == NULL)
		element = json_object();
	if (element == NULL)
		return au_fault_set(
		    t->fault, AU_FAULT_NO_TARGET, "attribute '%s': no value fulfils the filter", t->attr->name);
	if (change->target.path.sub != NULL)
		json_object_set_new(element, change->target.path.sub->name, json_deep_copy(change->value));
	else
		merge_members(element, change->value);
	json_array_append(array, element);
	return 0;
}

static int
change_elements(struct target *t, json_t *array)
{
	const struct au_filter *filter = t->change->target.filter;
	size_t changed = 0;

	for (size_t i = 0; i < json_array_size(array); i++) {
		json_t *element = json_array_get(array, i);

		if (!json_is_object(element) ||
		    (filter != NULL && !au_filter_match_element(filter, t->attr, element, t->arena)))
			continue;
		changed++;
		if (change_element(t, array, &i) != 0)
			return AU_EINVAL;
	}
	return changed > 0 ? 0 : make_element(t, array);
}

/* ---- primary (RFC 7644 section 3.5.2: a new one switches the old one off) ---- */

static json_t *
primary_of(const json_t *array)
{
	size_t i;
	json_t *element;

	json_array_foreach ((json_t *)array, i, element)
		if (json_is_true(json_object_get(element, "primary")))
			return element;
	return NULL;
}

static int
settle_primary(struct target *t, json_t *array, json_t *old)
{
	size_t count = au_value_primaries(array);

	if (count > 1 && old != NULL && json_is_true(json_object_get(old, "primary"))) {
		json_object_set_new(old, "primary", json_false());
		count = au_value_primaries(array);
	}
	if (count > 1)
		return au_fault_set(t->fault, AU_FAULT_INVALID_VALUE,
		    "attribute '%s': at most one value may be primary", t->attr->name);
	return 0;
}

static int
change_list(struct target *t, json_t *container)
{
	const struct au_patch_change *change = t->change;
	AU_CLEANUP(au_json_decrefp) json_t *array = json_incref(json_object_get(container, t->attr->name));
	AU_CLEANUP(au_json_decrefp) json_t *old = json_incref(primary_of(array));

	if (array == NULL) {
		array = json_array();
		json_object_set(container, t->attr->name, array);
	}
	if (change->target.filter == NULL && change->target.path.sub == NULL)
		change_whole_list(t, container, array);
	else if (change_elements(t, array) != 0)
		return AU_EINVAL;
	if (json_array_size(array) > AU_VALUE_MAX)
		return au_value_too_many(t->attr, t->fault);
	return settle_primary(t, json_object_get(container, t->attr->name), old);
}

/* ---- one change ---- */

static int
change_attr(struct target *t, json_t *container)
{
	AU_CLEANUP(au_json_decrefp) json_t *was = NULL;

	if (t->attr->mutability == AU_ATTR_IMMUTABLE)
		was = json_deep_copy(json_object_get(container, t->attr->name));
	if ((t->attr->multi ? change_list : change_single)(t, container) != 0)
		return AU_EINVAL;
	if (was != NULL && !json_equal(was, json_object_get(container, t->attr->name)))
		return immutable(t, t->attr);
	return 0;
}

static int
apply(struct target *t, json_t *doc)
{
	const struct au_attr_path *path = &t->change->target.path;
	json_t *container = au_document_container(doc, path->extension, t->change->value != NULL);

	if (container == NULL)
		return 0;
	if (path->attr == NULL) {
		json_object_del(doc, path->extension->id);
		return 0;
	}
	return change_attr(t, container);
}

json_t *
au_patch_copy(const struct au_patch *patch, const json_t *doc)
{
	json_t *copy = json_copy((json_t *)doc);

	for (size_t i = 0; i < patch->change_count; i++) {
		const struct au_attr_path *path = &patch->changes[i].target.path;
		const char *name = path->extension != NULL ? path->extension->id : path->attr->name;
		json_t *value = json_object_get(doc, name);

		if (value != NULL)
			json_object_set_new(copy, name, json_deep_copy(value));
	}
	return copy;
}

int
au_patch_apply(struct au_arena *arena, const struct au_resource_type *type, const struct au_patch *patch, json_t *doc,
    struct au_fault *fault)
{
	/* configuration may demand more since it was written: that is no reason to refuse, say, its deactivation */
	struct au_fault lacking = { .kind = AU_FAULT_NONE };
	bool was_whole = au_document_required(type, doc, AU_FAULT_MUTABILITY, &lacking) == 0;

	for (size_t i = 0; i < patch->change_count; i++) {
		const struct au_patch_change *change = &patch->changes[i];
		struct target t = { arena, change, patch->profile, change->target.path.attr, fault };

		if (apply(&t, doc) != 0)
			return AU_EINVAL;
	}
	au_document_seal(type, doc);
	return was_whole ? au_document_required(type, doc, AU_FAULT_MUTABILITY, fault) : 0;
}
