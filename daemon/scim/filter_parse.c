/* SPDX-License-Identifier: ISC */
/*
 * Recursive descent with a depth limit; chains of `and` and `or` are lists, so that a long filter is not a deep one.
 * Each test is checked against its attribute's row at once: what is parsed can be evaluated.
 */
#include "scim/filter_parse.h"

#include "base/json.h"
#include "base/text.h"
#include "base/when.h"

#include <assert.h>
#include <string.h>

/* What an operator does, and which of that a type allows. */
#define DOES_EQUAL 0x1u
#define DOES_TEXT 0x2u
#define DOES_ORDER 0x4u

static const struct operator_row {
	const char *word;
	enum au_filter_op op;
	unsigned does;
} operators[] = {
	{ "eq", AU_FILTER_EQ, DOES_EQUAL },
	{ "ne", AU_FILTER_NE, DOES_EQUAL },
	{ "co", AU_FILTER_CO, DOES_TEXT },
	{ "sw", AU_FILTER_SW, DOES_TEXT },
	{ "ew", AU_FILTER_EW, DOES_TEXT },
	{ "gt", AU_FILTER_GT, DOES_ORDER },
	{ "ge", AU_FILTER_GE, DOES_ORDER },
	{ "lt", AU_FILTER_LT, DOES_ORDER },
	{ "le", AU_FILTER_LE, DOES_ORDER },
	{ "pr", AU_FILTER_PR, 0 },
};

static const unsigned type_allows[] = {
	[AU_ATTR_STRING] = DOES_EQUAL | DOES_TEXT | DOES_ORDER,
	[AU_ATTR_BOOLEAN] = DOES_EQUAL,
	[AU_ATTR_DECIMAL] = DOES_EQUAL | DOES_ORDER,
	[AU_ATTR_INTEGER] = DOES_EQUAL | DOES_ORDER,
	[AU_ATTR_DATETIME] = DOES_EQUAL | DOES_TEXT | DOES_ORDER,
	[AU_ATTR_BINARY] = DOES_EQUAL,
	[AU_ATTR_REFERENCE] = DOES_EQUAL | DOES_TEXT | DOES_ORDER,
	[AU_ATTR_COMPLEX] = 0,
};

static int
syntax_error(struct au_filter_parser *p, const char *expected)
{
	const struct au_token *token = &p->lexer.token;

	if (token->kind == AU_TOKEN_END)
		return au_fault_set(p->fault, p->syntax, "text ends where %s is expected", expected);
	return au_fault_set(p->fault, p->syntax, "near '%.40s': expected %s", token->text, expected);
}

static struct au_filter *
new_node(struct au_filter_parser *p, enum au_filter_op op)
{
	struct au_filter *node = au_arena_alloc(p->arena, sizeof *node);

	node->op = op;
	return node;
}

static int
enter(struct au_filter_parser *p)
{
	if (++p->depth > p->max_depth)
		return au_fault_set(p->fault, p->syntax, "brackets nest deeper than %u", p->max_depth);
	return 0;
}

/* ---- attributes ---- */

/* What a name that is not known stands for where that is tolerated: never assigned. */
static const struct au_attr nothing = { .name = "(unknown)" };

static int
unknown(struct au_filter_parser *p, struct au_attr_path *path)
{
	const struct au_token *token = &p->lexer.token;

	if (!p->unknown_ok)
		return au_fault_set(p->fault, AU_FAULT_INVALID_FILTER, "attribute '%.*s' is not known here",
		    (int)(token->len < 200 ? token->len : 200), token->text);
	*path = (struct au_attr_path){ .attr = p->parent == NULL ? &nothing : NULL,
		.sub = p->parent != NULL ? &nothing : NULL };
	return 0;
}

static int
find_elsewhere(struct au_filter_parser *p, struct au_attr_path *path)
{
	const struct au_token *token = &p->lexer.token;

	for (size_t i = 0; p->others != NULL && p->others->types[i] != NULL; i++)
		if (au_attr_path_parse(p->others->types[i], token->text, token->len, path) == 0 && path->attr != NULL) {
			p->foreign = true;
			return 0;
		}
	return AU_ENOENT;
}

static int
resolve(struct au_filter_parser *p, struct au_attr_path *path)
{
	const struct au_token *token = &p->lexer.token;
	int rc;

	*path = (struct au_attr_path){ NULL, NULL, NULL };
	p->foreign = false;
	if (p->parent != NULL) {
		path->sub = au_attr_find(p->parent->subs, token->text, token->len);
		rc = path->sub != NULL ? 0 : AU_ENOENT;
	} else {
		rc = au_attr_path_parse(p->type, token->text, token->len, path);
		if (rc == AU_ENOENT)
			rc = find_elsewhere(p, path);
	}
	if (rc == AU_EINVAL)
		return syntax_error(p, "an attribute");
	return rc != 0 || (path->attr == NULL && path->sub == NULL) ? unknown(p, path) : 0;
}

static const struct au_attr *
tested(const struct au_attr_path *path)
{
	return path->sub != NULL ? path->sub : path->attr;
}

/* A complex attribute stands for its `value`, when it has one (RFC 7644 figure 2: emails co "example.com"). */
static void
default_value(struct au_attr_path *path)
{
	if (path->sub == NULL && path->attr->type == AU_ATTR_COMPLEX)
		path->sub = au_attr_find(path->attr->subs, "value", 5);
}

/* ---- values ---- */

static int
wrong_value(struct au_filter_parser *p, const struct au_attr *attr, const char *expected)
{
	return au_fault_set(p->fault, AU_FAULT_INVALID_FILTER, "attribute '%s': expected %s", attr->name, expected);
}

static const json_t *
boolean_of(const struct au_filter_parser *p, const json_t *value)
{
	if (json_is_boolean(value))
		return value;
	if (!au_profile_has(p->profile, AU_QUIRK_TEXT_BOOLEANS))
		return NULL;
	if (json_is_string(value) && au_strcaseeq(json_string_value(value), "true"))
		return json_true();
	if (json_is_string(value) && au_strcaseeq(json_string_value(value), "false"))
		return json_false();
	return NULL;
}

static int
prepare_text(struct au_filter_parser *p, const struct au_attr *attr, struct au_filter *test)
{
	const char *text = json_string_value(test->value);

	if (text == NULL)
		return wrong_value(p, attr, "a string");
	test->text = attr->case_exact ? text : au_text_fold(p->arena, text);
	return 0;
}

static int
prepare_instant(struct au_filter_parser *p, const struct au_attr *attr, unsigned does, struct au_filter *test)
{
	if (prepare_text(p, attr, test) != 0)
		return AU_EINVAL;
	if (does != DOES_TEXT && au_when_parse(json_string_value(test->value), &test->instant, NULL) != 0)
		return wrong_value(p, attr, "a date with time, such as \"2026-01-31T08:00:00Z\"");
	return 0;
}

/* Check the literal against the attribute's type and make it ready for comparing. */
static int
prepare(struct au_filter_parser *p, const struct operator_row *row, struct au_filter *test)
{
	const struct au_attr *attr = tested(&test->path);

	if (json_is_null(test->value))
		return row->does == DOES_EQUAL ? 0 : wrong_value(p, attr, "a value other than null with this operator");
	switch (attr->type) {
	case AU_ATTR_BOOLEAN:
		test->value = boolean_of(p, test->value);
		return test->value != NULL ? 0 : wrong_value(p, attr, "true or false");
	case AU_ATTR_DECIMAL:
	case AU_ATTR_INTEGER:
		return json_is_number(test->value) ? 0 : wrong_value(p, attr, "a number");
	case AU_ATTR_DATETIME:
		return prepare_instant(p, attr, row->does, test);
	default:
		return prepare_text(p, attr, test);
	}
}

static const json_t *
literal_of(const struct au_token *token)
{
	if (token->kind == AU_TOKEN_VALUE)
		return token->value;
	/* JSON's keywords are lower case; clients write True and False too. */
	if (au_token_is(token, "true"))
		return json_true();
	if (au_token_is(token, "false"))
		return json_false();
	return au_token_is(token, "null") ? json_null() : NULL;
}

static int
read_value(struct au_filter_parser *p, const struct operator_row *row, struct au_filter *test)
{
	const struct au_attr *attr;

	test->value = p->lexer.token.spaced ? literal_of(&p->lexer.token) : NULL;
	if (test->value == NULL)
		return syntax_error(p, "a string in quotes, a number, true, false or null");
	if (!json_is_null(test->value))
		default_value(&test->path);
	attr = tested(&test->path);
	if (attr == &nothing) {
		/* whatever it is compared with, it is not there */
		test->op = AU_FILTER_PR;
		au_lexer_next(&p->lexer);
		return 0;
	}
	if ((row->does & type_allows[attr->type]) == 0 && !(json_is_null(test->value) && row->does == DOES_EQUAL))
		return au_fault_set(p->fault, AU_FAULT_INVALID_FILTER,
		    "operator '%s' does not fit attribute '%s' of type %s", row->word, attr->name,
		    au_attr_type_name(attr->type));
	if (prepare(p, row, test) != 0)
		return AU_EINVAL;
	au_lexer_next(&p->lexer);
	return 0;
}

/* ---- tests ---- */

static const struct operator_row *
find_operator(const struct au_token *token)
{
	for (size_t i = 0; i < AU_COUNT(operators); i++)
		if (token->spaced && au_token_is(token, operators[i].word))
			return &operators[i];
	return NULL;
}

/* operator [value], for an attribute that is resolved already */
static int
parse_test(struct au_filter_parser *p, const struct au_attr_path *path, struct au_filter **ret)
{
	const struct au_token *token = &p->lexer.token;
	const struct operator_row *row = find_operator(token);
	struct au_filter *test;

	if (row == NULL && token->kind == AU_TOKEN_WORD && token->spaced)
		return au_fault_set(p->fault, AU_FAULT_INVALID_FILTER, "operator '%.*s' is not supported",
		    (int)(token->len < 40 ? token->len : 40), token->text);
	if (row == NULL)
		return syntax_error(p, "an operator");
	if (tested(path)->returned == AU_ATTR_NEVER)
		return au_fault_set(
		    p->fault, AU_FAULT_INVALID_FILTER, "attribute '%s' cannot be asked for", tested(path)->name);
	test = new_node(p, row->op);
	test->path = *path;
	test->foreign = p->foreign;
	au_lexer_next(&p->lexer);
	if (row->op != AU_FILTER_PR && read_value(p, row, test) != 0)
		return AU_EINVAL;
	*ret = test;
	return 0;
}

/* The sub-attribute behind a value path, ".value eq ...", joined to what stands inside the brackets. */
static int
parse_behind(struct au_filter_parser *p, const struct au_attr *attr, const struct au_filter *inside,
    const struct au_filter **ret)
{
	struct au_attr_path path = { NULL, NULL, NULL };
	const struct au_token *token = &p->lexer.token;
	struct au_filter *both, *copy, *test;

	path.sub = au_attr_find(attr->subs, token->text + 1, token->len - 1);
	if (path.sub == NULL)
		return syntax_error(p, "a sub-attribute");
	au_lexer_next(&p->lexer);
	if (parse_test(p, &path, &test) != 0)
		return AU_EINVAL;
	copy = new_node(p, inside->op);
	*copy = *inside;
	copy->next = test;
	both = new_node(p, AU_FILTER_AND);
	both->first = copy;
	*ret = both;
	return 0;
}

static int
parse_value_path(struct au_filter_parser *p, const struct au_attr_path *path, struct au_filter **ret)
{
	struct au_filter *has;
	const struct au_filter *inside;
	bool foreign = p->foreign;

	if (p->parent != NULL || path->sub != NULL || path->attr->subs == NULL)
		return au_fault_set(p->fault, AU_FAULT_INVALID_FILTER, "attribute '%s' has no elements to choose from",
		    tested(path)->name);
	au_lexer_next(&p->lexer);
	if (au_filter_parse_inside(p, path->attr, &inside) != 0)
		return AU_EINVAL;
	if (p->lexer.token.kind == AU_TOKEN_WORD && !p->lexer.token.spaced && *p->lexer.token.text == '.' &&
	    parse_behind(p, path->attr, inside, &inside) != 0)
		return AU_EINVAL;
	has = new_node(p, AU_FILTER_HAS);
	has->path = *path;
	has->foreign = foreign;
	has->first = inside;
	*ret = has;
	return 0;
}

static int
parse_attribute(struct au_filter_parser *p, struct au_filter **ret)
{
	struct au_attr_path path;

	if (p->lexer.token.kind != AU_TOKEN_WORD)
		return syntax_error(p, "an attribute, 'not' or '('");
	if (resolve(p, &path) != 0)
		return AU_EINVAL;
	au_lexer_next(&p->lexer);
	if (p->lexer.token.kind == AU_TOKEN_OPEN_VALUE && !p->lexer.token.spaced)
		return parse_value_path(p, &path, ret);
	return parse_test(p, &path, ret);
}

/* ---- logic ---- */

static int
parse_group(struct au_filter_parser *p, const struct au_filter **ret)
{
	au_lexer_next(&p->lexer);
	if (enter(p) != 0 || au_filter_parse_any(p, ret) != 0)
		return AU_EINVAL;
	p->depth--;
	if (p->lexer.token.kind != AU_TOKEN_CLOSE)
		return syntax_error(p, "'and', 'or' or ')'");
	au_lexer_next(&p->lexer);
	return 0;
}

/* A node of its own for every term: its `next` will be set by the list it stands in. */
static int
parse_term(struct au_filter_parser *p, struct au_filter **ret)
{
	const struct au_filter *inside;
	bool negated = false;

	if (au_token_is(&p->lexer.token, "not")) {
		negated = true;
		au_lexer_next(&p->lexer);
		if (p->lexer.token.kind != AU_TOKEN_OPEN)
			return syntax_error(p, "'(' behind 'not'");
	}
	if (p->lexer.token.kind != AU_TOKEN_OPEN)
		return parse_attribute(p, ret);
	if (parse_group(p, &inside) != 0)
		return AU_EINVAL;
	*ret = new_node(p, AU_FILTER_NOT);
	if (negated)
		(*ret)->first = inside;
	else
		**ret = *inside;
	return 0;
}

typedef int parse_fn(struct au_filter_parser *p, struct au_filter **ret);

/* term { word term } as one list node, or the term itself when it stands alone */
static int
parse_list(struct au_filter_parser *p, enum au_filter_op op, const char *word, parse_fn *parse, struct au_filter **ret)
{
	struct au_filter *list, *last, *term = NULL;

	if (parse(p, &term) != 0)
		return AU_EINVAL;
	*ret = term;
	if (!au_token_is(&p->lexer.token, word))
		return 0;
	assert(term != NULL); /* whoever returns 0 has made one */
	list = new_node(p, op);
	list->first = last = term;
	while (au_token_is(&p->lexer.token, word)) {
		if (!p->lexer.token.spaced)
			return syntax_error(p, "a blank");
		au_lexer_next(&p->lexer);
		if (!p->lexer.token.spaced && p->lexer.token.kind != AU_TOKEN_OPEN)
			return syntax_error(p, "a blank");
		if (parse(p, &term) != 0)
			return AU_EINVAL;
		last->next = term;
		last = term;
	}
	*ret = list;
	return 0;
}

static int
parse_and(struct au_filter_parser *p, struct au_filter **ret)
{
	return parse_list(p, AU_FILTER_AND, "and", parse_term, ret);
}

int
au_filter_parse_any(struct au_filter_parser *parser, const struct au_filter **ret)
{
	struct au_filter *node;

	if (parse_list(parser, AU_FILTER_OR, "or", parse_and, &node) != 0)
		return AU_EINVAL;
	*ret = node;
	return 0;
}

int
au_filter_parse_inside(struct au_filter_parser *parser, const struct au_attr *parent, const struct au_filter **ret)
{
	if (enter(parser) != 0)
		return AU_EINVAL;
	parser->parent = parent;
	if (au_filter_parse_any(parser, ret) != 0)
		return AU_EINVAL;
	parser->parent = NULL;
	parser->depth--;
	if (parser->lexer.token.kind != AU_TOKEN_CLOSE_VALUE)
		return syntax_error(parser, "']'");
	au_lexer_next(&parser->lexer);
	return 0;
}

int
au_filter_parse(struct au_arena *arena, const struct au_resource_type *type, const struct au_filter_limits *limits,
    const char *text, const struct au_filter **ret, struct au_fault *fault)
{
	struct au_filter_parser parser = { .arena = arena,
		.type = type,
		.max_depth = limits->max_depth,
		.profile = limits->profile != NULL ? limits->profile : au_profile_auto(),
		.others = limits->others,
		.syntax = AU_FAULT_INVALID_FILTER,
		.fault = fault };
	const struct au_filter *root;

	parser.unknown_ok = au_profile_has(parser.profile, AU_QUIRK_UNKNOWN_FILTERS);
	if (strlen(text) > limits->max_length)
		return au_fault_set(
		    fault, AU_FAULT_INVALID_FILTER, "filter is longer than %zu bytes", limits->max_length);
	au_lexer_start(&parser.lexer, arena, text);
	if (au_filter_parse_any(&parser, &root) != 0)
		return AU_EINVAL;
	if (parser.lexer.token.kind != AU_TOKEN_END)
		return syntax_error(&parser, "'and', 'or' or the end");
	*ret = root;
	return 0;
}
