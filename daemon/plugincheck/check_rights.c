/* SPDX-License-Identifier: ISC */
/* Rights that are equal have to give equal text, or each run would find a difference that is none. */
#include "base/str.h"
#include "plugincheck/checks.h"
#include "plugincheck/hostile.h"

#include <string.h>

/* The canonical text, which the caller owns, or NULL. */
static char *
resolve(struct stage *stage, const json_t *rights, int *ret_code)
{
	AU_CLEANUP(au_freep) char *text = au_json_text(rights);
	struct au_call call = { .op = AU_CALL_RESOLVE, .rights_in = text };
	struct au_called called;
	char *canonical;

	*ret_code = stage_call(stage, &call, &called);
	if (*ret_code != 0 && *ret_code != AU_EINVAL && *ret_code != AU_EBUG && !called.is_gone)
		stage_find(stage, "resolve %s: expected success or a refusal, got %s '%s'", text,
		    au_code_name(*ret_code), called.err.text);
	canonical = au_xstrdup(called.text);
	au_called_done(&called);
	return canonical;
}

/* The same members in the opposite order, lists too: order has no meaning in either. */
static json_t *
turned(const json_t *rights)
{
	json_t *copy = json_object();
	const char *names[64];
	const char *name;
	json_t *value;
	size_t count = 0;

	json_object_foreach ((json_t *)(uintptr_t)rights, name, value)
		if (count < AU_COUNT(names))
			names[count++] = name;
	while (count > 0) {
		const json_t *old = json_object_get(rights, names[--count]);
		json_t *list = json_is_array(old) ? json_array() : json_deep_copy(old);

		for (size_t i = json_is_array(old) ? json_array_size(old) : 0; i > 0; i--)
			json_array_append(list, json_array_get(old, i - 1));
		json_object_set_new(copy, names[count], list);
	}
	return copy;
}

static void
check_form(struct stage *stage, const char *text)
{
	AU_CLEANUP(au_json_decrefp) json_t *value = json_loads(text, 0, NULL);
	AU_CLEANUP(au_freep) char *canonical = value != NULL ? au_json_canonical(value) : NULL;

	if (!au_streq(text, canonical))
		stage_find(stage, "resolve: %s is not canonical (members sorted by name, no blanks): %s", text,
		    canonical != NULL ? canonical : "no JSON");
}

static void
resolve_template(struct stage *stage, const json_t *rights, size_t index)
{
	AU_CLEANUP(au_json_decrefp) json_t *other_way = turned(rights);
	int r;
	AU_CLEANUP(au_freep) char *first = resolve(stage, rights, &r);
	AU_CLEANUP(au_freep) char *again = NULL, *other = NULL;

	if (first == NULL) {
		if (r == AU_EINVAL)
			stage_find(stage, "resolve: template %zu of the configuration file is refused", index + 1);
		return;
	}
	again = resolve(stage, rights, &r);
	other = resolve(stage, other_way, &r);
	check_form(stage, first);
	if (!au_streq(first, again))
		stage_find(stage, "resolve: the same rights gave %s and %s", first, again != NULL ? again : "nothing");
	if (!au_streq(first, other))
		stage_find(
		    stage, "resolve: rights in another order gave %s and %s", first, other != NULL ? other : "nothing");
	if (index < STAGE_RIGHTS)
		stage->rights[index] = au_arena_strdup(stage->arena, first);
}

/* What a template could hold by mistake: refused or taken, and never more than that. */
static void
resolve_oddly(struct stage *stage, const json_t *rights)
{
	for (const struct au_opt *row = stage->describe->rights_opts; row->name != NULL; row++) {
		for (const struct hostile *value = hostile_values; value->text != NULL; value++) {
			AU_CLEANUP(au_json_decrefp) json_t *odd = json_deep_copy(rights);
			int r;

			if (row->type != AU_STR && row->type != AU_LIST)
				break;
			json_object_set_new(odd, row->name,
			    row->type == AU_LIST ? json_pack("[s]", value->text) : json_string(value->text));
			free(resolve(stage, odd, &r));
			if (stage->caller == NULL)
				return;
		}
	}
}

void
check_rights(struct stage *stage)
{
	const json_t *templates = json_object_get(stage->config, "rights"), *rights;
	size_t i;

	if (json_array_size(templates) == 0) {
		stage_skip(stage, "the configuration file has no 'rights'");
		return;
	}
	json_array_foreach (templates, i, rights)
		resolve_template(stage, rights, i);
	resolve_oddly(stage, json_array_get(templates, 0));
}
