/* SPDX-License-Identifier: ISC */
/* Two objects side by side; of lists only what moves is told, so that one role of fifty is seen. */
#include "ctl/difference.h"

#include "base/mem.h"
#include "ctl/value.h"

#include <string.h>

static bool
list_has(const json_t *list, const json_t *wanted)
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)list, index, item) {
		if (json_equal(item, wanted))
			return true;
	}
	return false;
}

/* "mark a, b" of the items that `other` lacks; returns how many it has. */
static size_t
put_lacking(struct au_str *out, const char *mark, const json_t *list, const json_t *other)
{
	const json_t *item;
	size_t index, shared = 0, put = 0;

	json_array_foreach ((json_t *)list, index, item) {
		if (list_has(other, item)) {
			shared++;
			continue;
		}
		au_str_put(out, put++ > 0 ? ", " : out->len > 0 ? "  " : "");
		if (put == 1)
			au_str_printf(out, "%s ", mark);
		au_value_put(out, item);
	}
	return shared;
}

static void
put_lists(struct au_str *out, const json_t *was, const json_t *want)
{
	size_t stay;

	put_lacking(out, "+", want, was);
	stay = put_lacking(out, "-", was, want);
	if (stay > 0)
		au_str_printf(out, "  (%zu %s)", stay, stay == 1 ? "stays" : "stay");
}

/* Lists that hold the same in another order are the same. */
static bool
same(const json_t *was, const json_t *want)
{
	const json_t *item;
	size_t index;

	if (!json_is_array(was) || !json_is_array(want) || json_array_size(was) != json_array_size(want))
		return json_equal(was, want);
	json_array_foreach ((json_t *)want, index, item) {
		if (!list_has(was, item))
			return false;
	}
	return true;
}

static void
put_line(struct au_str *out, const struct au_wrap *wrap, const char *name, const json_t *was, const json_t *want,
    bool is_new)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	AU_CLEANUP(au_freep) char *head = au_xasprintf("%s: ", name);

	if (!is_new && json_is_array(was) && json_is_array(want)) {
		put_lists(&text, was, want);
	} else {
		if (!is_new) {
			au_value_put(&text, was);
			au_str_put(&text, " → ");
		}
		au_value_put(&text, want);
	}
	au_wrap_put(out, wrap, head, AU_PAINT_NONE, au_str_get(&text));
}

/* Members of two objects, those of `was` first; equal ones are left out. */
static void
put_members(struct au_str *out, const struct au_wrap *wrap, const json_t *was, const json_t *want, bool is_new)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)was, name, value) {
		const json_t *now = json_object_get(want, name);
		if (!same(value, now))
			put_line(out, wrap, name, value, now, is_new);
	}
	json_object_foreach ((json_t *)want, name, value) {
		if (json_object_get(was, name) == NULL)
			put_line(out, wrap, name, NULL, value, is_new);
	}
}

void
au_difference_put(struct au_str *out, const struct au_wrap *wrap, const json_t *was, const json_t *want)
{
	bool is_new = !json_is_object(was);
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)want, name, value) {
		const json_t *old = json_object_get(was, name);
		if (json_is_object(old) || json_is_object(value))
			put_members(out, wrap, old, value, is_new);
		else if (is_new || !json_equal(old, value))
			put_line(out, wrap, name, old, value, is_new);
	}
}

void
au_difference_all(struct au_str *out, const struct au_wrap *wrap, const json_t *was, const json_t *now)
{
	const char *name;
	json_t *value;

	au_difference_put(out, wrap, was, now);
	json_object_foreach ((json_t *)was, name, value) {
		if (json_object_get(now, name) != NULL)
			continue;
		if (json_is_object(value))
			put_members(out, wrap, value, NULL, false);
		else
			put_line(out, wrap, name, value, NULL, false);
	}
}
