/* SPDX-License-Identifier: ISC */
/* The lexer finds where a literal ends; what it means is left to the JSON parser, as the grammar demands. */
#include "scim/filter_lex.h"

#include "base/json.h"

#include <string.h>
#include <strings.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Characters that end a word: blanks, brackets, quotes, controls. */
static bool
ends_word(char c)
{
	return (unsigned char)c <= ' ' || strchr("()[]\"", c) != NULL || c == '\x7f';
}

/* Length of a string literal with its quotes; 0 when it does not end. */
static size_t
string_len(const char *text)
{
	for (size_t i = 1; text[i] != '\0'; i++) {
		if (text[i] == '"')
			return i + 1;
		if (text[i] == '\\' && text[++i] == '\0')
			break;
	}
	return 0;
}

static size_t
word_len(const char *text)
{
	size_t len = 0;

	while (!ends_word(text[len]))
		len++;
	return len;
}

static bool
starts_number(char c)
{
	return c == '-' || (c >= '0' && c <= '9');
}

/* A string literal that says what it means: no escapes, nothing that must be escaped. */
static bool
is_plain(const char *text, size_t len)
{
	if (*text != '"')
		return false;
	for (size_t i = 1; i + 1 < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == '\\')
			return false;
	return true;
}

static json_t *
value_of(const char *text, size_t len)
{
	if (len == 0)
		return NULL;
	if (is_plain(text, len))
		return json_stringn(text + 1, len - 2);
	return json_loadb(text, len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
}

static void
read_literal(struct au_lexer *lexer, size_t len)
{
	struct au_token *token = &lexer->token;
	json_t *value = value_of(token->text, len);

	token->len = len;
	if (value == NULL) {
		token->kind = AU_TOKEN_BAD;
		return;
	}
	token->kind = AU_TOKEN_VALUE;
	token->value = au_json_in_arena(lexer->arena, value);
	lexer->next += len;
}

static enum au_token_kind
bracket_kind(char c)
{
	switch (c) {
	case '(':
		return AU_TOKEN_OPEN;
	case ')':
		return AU_TOKEN_CLOSE;
	case '[':
		return AU_TOKEN_OPEN_VALUE;
	case ']':
		return AU_TOKEN_CLOSE_VALUE;
	default:
		return AU_TOKEN_BAD;
	}
}

void
au_lexer_next(struct au_lexer *lexer)
{
	struct au_token *token = &lexer->token;
	const char *start = lexer->next;

	while (is_blank(*lexer->next))
		lexer->next++;
	*token = (struct au_token){ .text = lexer->next, .spaced = lexer->next > start };
	if (*token->text == '\0') {
		token->kind = AU_TOKEN_END;
	} else if (*token->text == '"') {
		read_literal(lexer, string_len(token->text));
	} else if (starts_number(*token->text)) {
		read_literal(lexer, word_len(token->text));
	} else if (!ends_word(*token->text)) {
		token->kind = AU_TOKEN_WORD;
		token->len = word_len(token->text);
		lexer->next += token->len;
	} else {
		token->kind = bracket_kind(*token->text);
		token->len = 1;
		lexer->next++;
	}
}

void
au_lexer_start(struct au_lexer *lexer, struct au_arena *arena, const char *text)
{
	lexer->arena = arena;
	lexer->next = text;
	au_lexer_next(lexer);
	lexer->token.spaced = true;
}

bool
au_token_is(const struct au_token *token, const char *word)
{
	return token->kind == AU_TOKEN_WORD && strlen(word) == token->len &&
	       strncasecmp(token->text, word, token->len) == 0;
}
