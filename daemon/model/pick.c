/* SPDX-License-Identifier: ISC */
/* A choice is one attribute's name, or text with attributes in it; both become the same list of parts. */
#include "model/pick.h"

#include "base/str.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

#define FOLD ":fold"

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

/* at: behind "${". */
static int
parse_attribute(struct parser *p, struct au_pick_choice *choice, const char **at)
{
	const char *close = strchr(*at, '}');
	struct au_pick_part part = { NULL, NULL, false };
	char *name;
	size_t len;

	if (close == NULL)
		return au_fail(p->err, AU_EINVAL, "'${%s' is not closed", *at);
	name = au_arena_strndup(p->arena, *at, (size_t)(close - *at));
	len = strlen(name);
	if (len > strlen(FOLD) && strcmp(name + len - strlen(FOLD), FOLD) == 0) {
		part.fold = true;
		name[len - strlen(FOLD)] = '\0';
	}
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

static const char *
part_text(const struct au_pick_part *part, struct au_arena *arena, au_pick_value *value, void *ctx)
{
	const char *text = part->attribute != NULL ? value(ctx, part->attribute) : part->text;

	return text != NULL && part->fold ? au_text_fold(arena, text) : text;
}

static const char *
choice_text(const struct au_pick_choice *choice, struct au_arena *arena, au_pick_value *value, void *ctx)
{
	AU_CLEANUP(au_str_done) struct au_str whole = AU_STR_INIT;

	if (choice->count == 1)
		return part_text(&choice->parts[0], arena, value, ctx);
	for (size_t i = 0; i < choice->count; i++) {
		const char *text = part_text(&choice->parts[i], arena, value, ctx);
		if (text == NULL)
			return NULL;
		au_str_put(&whole, text);
	}
	return au_arena_strndup(arena, au_str_get(&whole), whole.len);
}

const struct au_pick_choice *
au_pick_find(const struct au_pick *pick, struct au_arena *arena, au_pick_value *value, void *ctx, const char **ret)
{
	for (size_t i = 0; i < pick->count; i++) {
		const char *text = choice_text(&pick->choices[i], arena, value, ctx);
		if (text != NULL) {
			*ret = text;
			return &pick->choices[i];
		}
	}
	return NULL;
}

const char *
au_pick_text(const struct au_pick *pick, struct au_arena *arena, au_pick_value *value, void *ctx)
{
	const char *text = NULL;

	au_pick_find(pick, arena, value, ctx, &text);
	return text;
}
