/* SPDX-License-Identifier: ISC */
/* The same tokens and tests as in filters; only what stands around them differs. */
#include "scim/patch_path.h"

#include "scim/filter_parse.h"

#include <string.h>

static int
bad_path(struct au_filter_parser *p, const char *text)
{
	return au_fault_set(p->fault, AU_FAULT_INVALID_PATH, "path '%.100s' is not an attribute path", text);
}

static int
unknown(struct au_filter_parser *p, const char *text)
{
	au_fault_set(p->fault, AU_FAULT_INVALID_PATH, "path '%.100s' names nothing that is known here", text);
	return AU_ENOENT;
}

/* [filter] and the sub-attribute behind it */
static int
parse_elements(struct au_filter_parser *p, const char *text, struct au_patch_path *path)
{
	const struct au_token *token = &p->lexer.token;
	const struct au_attr *attr = path->path.attr;

	if (attr == NULL || path->path.sub != NULL || !attr->multi || attr->subs == NULL)
		return au_fault_set(p->fault, AU_FAULT_INVALID_PATH, "path '%.100s': no elements to choose from", text);
	au_lexer_next(&p->lexer);
	if (au_filter_parse_inside(p, attr, &path->filter) != 0)
		return AU_EINVAL;
	if (token->kind != AU_TOKEN_WORD || token->spaced || *token->text != '.')
		return 0;
	if (!au_attr_name_is(token->text + 1, token->len - 1))
		return bad_path(p, text);
	path->path.sub = au_attr_find(attr->subs, token->text + 1, token->len - 1);
	if (path->path.sub == NULL)
		return unknown(p, text);
	au_lexer_next(&p->lexer);
	return 0;
}

int
au_patch_path_parse(struct au_arena *arena, const struct au_resource_type *type, const struct au_filter_limits *limits,
    const char *text, struct au_patch_path *ret, struct au_fault *fault)
{
	struct au_filter_parser parser = { .arena = arena,
		.type = type,
		.max_depth = limits->max_depth,
		.profile = limits->profile != NULL ? limits->profile : au_profile_auto(),
		.syntax = AU_FAULT_INVALID_PATH,
		.fault = fault };
	struct au_patch_path path = { .filter = NULL };
	const struct au_token *token = &parser.lexer.token;
	int rc;

	if (strlen(text) > limits->max_length)
		return au_fault_set(fault, AU_FAULT_INVALID_PATH, "path is longer than %zu bytes", limits->max_length);
	au_lexer_start(&parser.lexer, arena, text);
	if (token->kind != AU_TOKEN_WORD)
		return bad_path(&parser, text);
	rc = au_attr_path_parse(type, token->text, token->len, &path.path);
	if (rc != 0)
		return rc == AU_ENOENT ? unknown(&parser, text) : bad_path(&parser, text);
	au_lexer_next(&parser.lexer);
	if (token->kind == AU_TOKEN_OPEN_VALUE && !token->spaced && (rc = parse_elements(&parser, text, &path)) != 0)
		return rc;
	if (token->kind != AU_TOKEN_END)
		return bad_path(&parser, text);
	*ret = path;
	return 0;
}
