/* SPDX-License-Identifier: ISC */
/* A choice is one attribute's name, or text with attributes in it; both become the same list of parts. */
#include "model/pick.h"

#include "base/str.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

#define FOLD ":fold"
#define ALL ":all"
#define LIKE ":like "

struct parser {
	struct au_arena *arena;
	struct au_pick *pick;
	struct au_err *err;
	struct au_str text; /* of the part under way */
};

bool
au_pick_is_attribute(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-;.";

	return isalnum((unsigned char)*text) && text[strspn(text, allowed)] == '\0';
}

static int
not_a_name(struct parser *p, const char *text)
{
	return au_fail(p->err, AU_EINVAL, "'%s' is not an attribute's name", text);
}

/* Lists grow by copies in the arena: they are short, and made once. */
static void
add_part(struct parser *p, struct au_pick_choice *choice, struct au_pick_part part)
{
	struct au_pick_part *parts = au_arena_alloc(p->arena, (choice->count + 1) * sizeof(*parts));

	if (choice->count > 0)
		memcpy(parts, choice->parts, choice->count * sizeof(*parts));
	parts[choice->count++] = part;
	choice->parts = parts;
}

static void
end_text(struct parser *p, struct au_pick_choice *choice)
{
	if (p->text.len == 0)
		return;
	add_part(p, choice, (struct au_pick_part){ .text = au_arena_strdup(p->arena, au_str_get(&p->text)) });
	p->text.len = 0;
}

/* Whether the text ends so; then it is cut off there. */
static bool
cut_end(char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	if (len <= end_len || strcmp(text + len - end_len, end) != 0)
		return false;
	text[len - end_len] = '\0';
	return true;
}

/* BEFORE*AFTER, or BEFORE(*)AFTER. */
static int
parse_like(struct parser *p, char *pattern, struct au_pick_part *part)
{
	char *star = strchr(pattern, '*');

	if (star == NULL || strchr(star + 1, '*') != NULL)
		return au_fail(p->err, AU_EINVAL, "'like %s': expected one star", pattern);
	part->of = AU_PICK_LIKE;
	part->inner = star > pattern && star[-1] == '(' && star[1] == ')';
	part->after = star + (part->inner ? 2 : 1);
	star[part->inner ? -1 : 0] = '\0';
	part->before = pattern;
	return 0;
}

/* What stands behind the name says which of its values are meant. */
static int
parse_values(struct parser *p, char *name, struct au_pick_part *part)
{
	char *like = strstr(name, LIKE);

	part->fold = cut_end(name, FOLD);
	if (like != NULL) {
		*like = '\0';
		return parse_like(p, like + strlen(LIKE), part);
	}
	if (cut_end(name, ALL))
		part->of = AU_PICK_ALL;
	return 0;
}

/* at: behind "${". */
static int
parse_attribute(struct parser *p, struct au_pick_choice *choice, const char **at)
{
	const char *close = strchr(*at, '}');
	struct au_pick_part part = { .attribute = NULL };
	char *name;

	if (close == NULL)
		return au_fail(p->err, AU_EINVAL, "'${%s' is not closed", *at);
	name = au_arena_strndup(p->arena, *at, (size_t)(close - *at));
	if (parse_values(p, name, &part) < 0)
		return AU_EINVAL;
	if (!au_pick_is_attribute(name))
		return not_a_name(p, name);
	end_text(p, choice);
	part.attribute = name;
	add_part(p, choice, part);
	*at = close + 1;
	return 0;
}

static int
parse_template(struct parser *p, const char *at, struct au_pick_choice *choice)
{
	while (*at != '\0') {
		if (*at != '$') {
			au_str_putc(&p->text, *at++);
		} else if (at[1] == '{') {
			at += 2;
			if (parse_attribute(p, choice, &at) < 0)
				return AU_EINVAL;
		} else if (at[1] == '$' || at[1] == '|') {
			au_str_putc(&p->text, at[1]);
			at += 2;
		} else {
			return au_fail(p->err, AU_EINVAL, "'%s': expected ${ATTRIBUTE}, $$ or $|", at);
		}
	}
	end_text(p, choice);
	return 0;
}

static bool
has_attribute(const struct au_pick_choice *choice)
{
	for (size_t i = 0; i < choice->count; i++)
		if (choice->parts[i].attribute != NULL)
			return true;
	return false;
}

static int
parse_choice(struct parser *p, const char *text, struct au_pick_choice *choice)
{
	if (*text == '\0')
		return au_fail(p->err, AU_EINVAL, "a choice is empty");
	if (au_pick_is_constant(p->pick))
		return au_fail(p->err, AU_EINVAL, "'%s' stands behind a constant, which always has a value", text);
	if (*text == '=')
		return text[1] != '\0' ? parse_template(p, text + 1, choice)
				       : au_fail(p->err, AU_EINVAL, "the constant is empty");
	if (strchr(text, '$') != NULL)
		return parse_template(p, text, choice);
	if (!au_pick_is_attribute(text))
		return not_a_name(p, text);
	add_part(p, choice, (struct au_pick_part){ .attribute = text });
	return 0;
}

/* The end of the choice that begins at text: a bar that no dollar sign takes away, or the end. */
static const char *
end_of_choice(const char *text)
{
	while (*text != '\0' && *text != '|')
		text += *text == '$' && text[1] != '\0' ? 2 : 1;
	return text;
}

static const char *
without_blanks(struct au_arena *arena, const char *text, size_t len)
{
	while (len > 0 && *text == ' ') {
		text++;
		len--;
	}
	while (len > 0 && text[len - 1] == ' ')
		len--;
	return au_arena_strndup(arena, text, len);
}

int
au_pick_parse(struct au_arena *arena, const char *text, struct au_pick *ret, struct au_err *err)
{
	struct au_pick pick = { au_arena_alloc(arena, (strlen(text) + 1) * sizeof(*pick.choices)), 0 };
	struct parser p = { arena, &pick, err, AU_STR_INIT };
	int rc = 0;

	for (const char *at = text, *end; rc == 0; at = end + 1) {
		end = end_of_choice(at);
		struct au_pick_choice choice = { .text = without_blanks(arena, at, (size_t)(end - at)) };
		rc = parse_choice(&p, choice.text, &choice);
		if (rc == 0)
			pick.choices[pick.count++] = choice;
		if (*end == '\0')
			break;
	}
	au_str_done(&p.text);
	if (rc == 0)
		*ret = pick;
	return rc;
}

bool
au_pick_is_constant(const struct au_pick *pick)
{
	for (size_t i = 0; i < pick->count; i++)
		if (!has_attribute(&pick->choices[i]))
			return true;
	return false;
}

int
au_pick_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool
au_pick_wants_all(const struct au_pick *pick, const char *attribute)
{
	for (size_t i = 0; i < pick->count; i++)
		for (size_t k = 0; k < pick->choices[i].count; k++) {
			const struct au_pick_part *part = &pick->choices[i].parts[k];
			if (part->of != AU_PICK_FIRST && au_strcaseeq(part->attribute, attribute))
				return true;
		}
	return false;
}

static const char *
join(struct au_arena *arena, const char *const *values)
{
	AU_CLEANUP(au_str_done) struct au_str whole = AU_STR_INIT;

	for (size_t i = 0; values[i] != NULL; i++) {
		au_str_put(&whole, i > 0 ? ", " : "");
		au_str_put(&whole, values[i]);
	}
	return au_arena_strndup(arena, au_str_get(&whole), whole.len);
}

/* NULL when the value does not look so, or the star stands for nothing. */
static const char *
taken_of(const struct au_pick_part *part, struct au_arena *arena, const char *value)
{
	size_t len = strlen(value), before = strlen(part->before), after = strlen(part->after);

	if (len <= before + after || strncmp(value, part->before, before) != 0 ||
	    strcmp(value + len - after, part->after) != 0)
		return NULL;
	return part->inner ? au_arena_strndup(arena, value + before, len - before - after) : value;
}

static const char *
find_like(const struct au_pick_part *part, struct au_arena *arena, const char *const *values)
{
	const char *taken = NULL;

	for (size_t i = 0; taken == NULL && values[i] != NULL; i++)
		taken = taken_of(part, arena, values[i]);
	return taken;
}

static const char *
attribute_text(const struct au_pick_part *part, struct au_arena *arena, const char *const *values)
{
	const char *text = NULL;

	if (values == NULL || values[0] == NULL)
		return NULL;
	switch (part->of) {
	case AU_PICK_FIRST:
		text = values[0];
		break;
	case AU_PICK_ALL:
		text = join(arena, values);
		break;
	case AU_PICK_LIKE:
		text = find_like(part, arena, values);
		break;
	}
	return text != NULL && part->fold ? au_text_fold(arena, text) : text;
}

static const char *
part_text(const struct au_pick_part *part, struct au_arena *arena, au_pick_values *values, void *ctx)
{
	return part->attribute != NULL ? attribute_text(part, arena, values(ctx, part->attribute)) : part->text;
}

static const char *
choice_text(const struct au_pick_choice *choice, struct au_arena *arena, au_pick_values *values, void *ctx)
{
	AU_CLEANUP(au_str_done) struct au_str whole = AU_STR_INIT;

	if (choice->count == 1)
		return part_text(&choice->parts[0], arena, values, ctx);
	for (size_t i = 0; i < choice->count; i++) {
		const char *text = part_text(&choice->parts[i], arena, values, ctx);
		if (text == NULL)
			return NULL;
		au_str_put(&whole, text);
	}
	return au_arena_strndup(arena, au_str_get(&whole), whole.len);
}

const struct au_pick_choice *
au_pick_find(const struct au_pick *pick, struct au_arena *arena, au_pick_values *values, void *ctx, const char **ret)
{
	for (size_t i = 0; i < pick->count; i++) {
		const char *text = choice_text(&pick->choices[i], arena, values, ctx);
		if (text != NULL) {
			*ret = text;
			return &pick->choices[i];
		}
	}
	return NULL;
}

const char *
au_pick_text(const struct au_pick *pick, struct au_arena *arena, au_pick_values *values, void *ctx)
{
	const char *text = NULL;

	au_pick_find(pick, arena, values, ctx, &text);
	return text;
}
