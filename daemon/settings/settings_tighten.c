/* SPDX-License-Identifier: ISC */
/* Each kind of rule is a row: what it must be given, and nothing besides. */
#include "settings/settings_tighten.h"

#include "model/product_rule.h"
#include "model/stricter.h"
#include "settings/rows.h"

#include <string.h>

static const char *const details[] = { "min", "max", "chars", "choices", NULL };

static const struct kind {
	const char *word;
	const char
	    *takes[3]; /* at least one of these is given, and none of the other details; none: no detail at all */
} kinds[] = {
	{ "required", { NULL } },
	{ "length", { "min", "max", NULL } },
	{ "count", { "min", "max", NULL } },
	{ "chars", { "chars", NULL } },
	{ "choice", { "choices", NULL } },
	{ "mail", { NULL } },
	{ "classes", { "choices", NULL } },
};

static const struct kind *
kind_of(const struct au_values *values)
{
	const char *word = au_values_str(values, "kind");

	for (size_t i = 0; i < AU_COUNT(kinds); i++)
		if (au_streq(kinds[i].word, word))
			return &kinds[i];
	return NULL; /* the row's choices are these words, tests/settings/test_tighten sees to it */
}

static bool
takes(const struct kind *kind, const char *detail)
{
	for (size_t i = 0; kind->takes[i]; i++)
		if (au_streq(kind->takes[i], detail))
			return true;
	return false;
}

static int
check_details(const struct au_raw *raw, const struct au_values *values, struct au_err *err)
{
	const struct kind *kind = kind_of(values);
	bool given = kind->takes[0] == NULL;

	for (size_t i = 0; details[i]; i++) {
		if (!au_values_is_set(values, details[i]))
			continue;
		if (!takes(kind, details[i]))
			return au_raw_fail(au_raw_member(raw, details[i]), err, AU_EINVAL,
			    "option '%s' says nothing to a rule of the kind '%s'", details[i], kind->word);
		given = true;
	}
	if (!given)
		return au_raw_fail(raw, err, AU_EINVAL, "a rule of the kind '%s' needs option '%s'%s%s%s", kind->word,
		    kind->takes[0], kind->takes[1] ? " or '" : "", kind->takes[1] ? kind->takes[1] : "",
		    kind->takes[1] ? "'" : "");
	return 0;
}

static int
take_classes(const struct au_raw *raw, const struct au_values *values, unsigned *ret, struct au_err *err)
{
	unsigned need = 0;

	for (size_t i = 0; i < au_values_count(values, "choices"); i++) {
		const char *word = au_values_item(values, "choices", i);
		size_t bit = 0;
		while (au_describe_classes[bit] && !au_streq(au_describe_classes[bit], word))
			bit++;
		if (!au_describe_classes[bit])
			return au_raw_fail(au_raw_member(raw, "choices"), err, AU_EINVAL,
			    "class '%s' is unknown: expected lower, upper, digit or sign", word);
		need |= 1u << bit;
	}
	*ret = need;
	return 0;
}

static const char *const *
take_choices(struct au_arena *arena, const struct au_values *values)
{
	size_t count = au_values_count(values, "choices");
	const char **words = au_arena_alloc(arena, (count + 1) * sizeof *words);

	for (size_t i = 0; i < count; i++)
		words[i] = au_values_item(values, "choices", i);
	return words;
}

static int
read_rule(
    const struct au_reading *r, const struct au_section *section, const struct au_raw *raw, struct au_stricter *ret)
{
	struct au_values *values = NULL;
	int rc = au_reading_values(r, section, raw, &values);

	if (rc == 0)
		rc = check_details(raw, values, r->err);
	if (rc < 0)
		return rc;
	*ret = (struct au_stricter){
		.id = au_values_str(values, "id"),
		.field = au_values_str(values, "field"),
		.has_min = au_values_is_set(values, "min"),
		.has_max = au_values_is_set(values, "max"),
		.min = au_values_num(values, "min"),
		.max = au_values_num(values, "max"),
		.chars = au_values_str(values, "chars"),
		.choices = take_choices(r->settings->arena, values),
	};
	if (au_streq(au_values_str(values, "kind"), "classes"))
		return take_classes(raw, values, &ret->need, r->err);
	ret->kind = (enum au_rule_kind)au_rule_kind_from_name(au_values_str(values, "kind"));
	return 0;
}

static int
check_not_twice(const struct au_raw *list, const struct au_stricter *own, size_t at, struct au_err *err)
{
	for (size_t i = 0; i < at; i++)
		if (au_streq(own[i].id, own[at].id) && au_streq(own[i].field, own[at].field) &&
		    own[i].kind == own[at].kind)
			return au_raw_fail(&list->members[at], err, AU_EINVAL, "rule '%s' on '%s' is there already",
			    own[at].id, own[at].field);
	return 0;
}

int
au_reading_tighten(const struct au_reading *r, const struct au_section *section, const struct au_raw *block,
    struct au_target_block *ret)
{
	const struct au_raw *list = au_raw_member(block, section->name);
	struct au_arena *arena = r->settings->arena;
	size_t count = list ? list->count : 0, bad = 0;
	struct au_stricter *own = au_arena_alloc(arena, (count + 1) * sizeof *own);
	struct au_own_rules *made = au_arena_alloc(arena, sizeof *made);
	int rc = 0;

	if (list && list->kind != AU_RAW_LIST)
		return au_raw_fail(list, r->err, AU_EINVAL, "option '%s': expected a list of groups, found %s",
		    section->name, au_raw_type(list));
	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = read_rule(r, section, &list->members[i], &own[i]);
		if (rc == 0)
			rc = check_not_twice(list, own, i, r->err);
	}
	if (rc < 0)
		return rc;
	if (au_stricter_make(arena, ret->plugin, own, count, made, &bad, r->err) < 0)
		return au_raw_prefix(list ? &list->members[bad] : block, r->err,
		    au_err_prefix(r->err, AU_EINVAL, "rule '%s'", own[bad].id));
	ret->own = made;
	ret->describe = count > 0 ? au_stricter_describe(arena, ret->plugin, made) : ret->plugin;
	return 0;
}
