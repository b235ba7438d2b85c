/* SPDX-License-Identifier: ISC */
/* An order is followed by people and by programs, so that what it is made of has to stay apart from what it is made
 * with. */
#include "plugincheck/order_look.h"

#include "base/str.h"

#include <string.h>

/* ---- one order ----------------------------------------------------------------- */

static bool
has_control(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f)
			return true;
	return false;
}

/* The first text with a control character that is not a field's value; NULL when there is none. */
static const char *
broken_text(const json_t *json, const char *member)
{
	const char *name, *found = NULL;
	const json_t *part;
	size_t i;

	if (json_is_string(json))
		return !au_streq(member, "value") && has_control(json_string_value(json)) ? json_string_value(json)
											  : NULL;
	json_object_foreach ((json_t *)(uintptr_t)json, name, part)
		if (found == NULL)
			found = broken_text(part, name);
	json_array_foreach (json, i, part)
		if (found == NULL)
			found = broken_text(part, member);
	return found;
}

static bool
holds(const json_t *json, const char *text)
{
	const char *name;
	const json_t *part;
	size_t i;

	if (json_is_string(json))
		return strstr(json_string_value(json), text) != NULL;
	json_object_foreach ((json_t *)(uintptr_t)json, name, part)
		if (holds(part, text))
			return true;
	json_array_foreach (json, i, part)
		if (holds(part, text))
			return true;
	return false;
}

static bool
names(const json_t *order, const struct au_target_account *account)
{
	const char *const texts[] = { account->id, account->login, account->mail, account->label, account->last_name };

	for (size_t i = 0; i < AU_COUNT(texts); i++)
		if (!au_str_empty(texts[i]) && holds(order, texts[i]))
			return true;
	return false;
}

void
order_look(struct stage *stage, const struct au_call *call, const json_t *order)
{
	const char *broken = broken_text(order, NULL);

	if (broken != NULL)
		stage_find(stage, "order for '%s': a control character breaks the line '%s'", au_call_op_name(call->op),
		    broken);
	if (call->known.login != NULL && !names(order, &call->known))
		stage_find(stage, "order for '%s': nothing says which account it is about", au_call_op_name(call->op));
}

/* ---- two of them --------------------------------------------------------------- */

static const char *
replaced(struct au_arena *arena, const char *text, const char *from, const char *to)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	const char *at;

	while (*from != '\0' && (at = strstr(text, from)) != NULL) {
		au_str_putn(&out, text, (size_t)(at - text));
		au_str_put(&out, to);
		text = at + strlen(from);
	}
	au_str_put(&out, text);
	return au_arena_strdup(arena, au_str_get(&out));
}

static const char *
whole_text(struct au_arena *arena, const json_t *json)
{
	AU_CLEANUP(au_freep) char *text = json != NULL ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

	return au_arena_strdup(arena, text != NULL ? text : "nothing");
}

static const char *
shown(struct au_arena *arena, const char *text)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	au_str_visible(&out, text, strlen(text));
	return au_arena_strdup(arena, au_str_get(&out));
}

struct comparing {
	struct au_arena *arena;
	const char *from, *to;
	const char *first, *other; /* result */
};

static bool
same_text(struct comparing *c, const char *member, const char *first, const char *other)
{
	bool is_value = au_streq(member, "value");

	first = replaced(c->arena, first, c->from, c->to);
	c->first = is_value ? first : shown(c->arena, first);
	c->other = is_value ? other : shown(c->arena, other);
	return au_streq(c->first, c->other);
}

static bool
same(struct comparing *c, const char *member, const json_t *first, const json_t *other)
{
	const char *name;
	const json_t *part;
	size_t i;

	if (json_is_string(first) && json_is_string(other))
		return same_text(c, member, json_string_value(first), json_string_value(other));
	c->first = whole_text(c->arena, first);
	c->other = whole_text(c->arena, other);
	if (other == NULL || json_typeof(first) != json_typeof(other) ||
	    json_object_size(first) != json_object_size(other) || json_array_size(first) != json_array_size(other))
		return false;
	json_object_foreach ((json_t *)(uintptr_t)first, name, part)
		if (!same(c, name, part, json_object_get(other, name)))
			return false;
	json_array_foreach (first, i, part)
		if (!same(c, member, part, json_array_get(other, i)))
			return false;
	return true;
}

bool
order_same(struct au_arena *arena, const json_t *first, const json_t *other, const char *from, const char *to,
    const char **ret_first, const char **ret_other)
{
	struct comparing c = { .arena = arena, .from = from, .to = to };
	bool is_same = same(&c, NULL, first, other);

	*ret_first = c.first;
	*ret_other = c.other;
	return is_same;
}
