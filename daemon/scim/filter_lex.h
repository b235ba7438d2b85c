/* SPDX-License-Identifier: ISC */
/* Tokens of filters and PATCH paths. */
#ifndef SCIM_FILTER_LEX_H
#define SCIM_FILTER_LEX_H

#include "base/mem.h"

#include <jansson.h>
#include <stdbool.h>

enum au_token_kind {
	AU_TOKEN_END = 1,
	AU_TOKEN_WORD,  /* attribute, operator, keyword, true, false, null */
	AU_TOKEN_VALUE, /* string or number */
	AU_TOKEN_OPEN,
	AU_TOKEN_CLOSE,
	AU_TOKEN_OPEN_VALUE, /* [ */
	AU_TOKEN_CLOSE_VALUE,
	AU_TOKEN_BAD,
};

struct au_token {
	enum au_token_kind kind;
	const char *text; /* where it starts in the input */
	size_t len;
	bool spaced;         /* a blank stands before it */
	const json_t *value; /* AU_TOKEN_VALUE, owned by the arena */
};

struct au_lexer {
	struct au_arena *arena;
	const char *next; /* NUL-terminated rest */
	struct au_token token;
};

/* Start on text and read the first token. */
void au_lexer_start(struct au_lexer *lexer, struct au_arena *arena, const char *text);
/* Read the next token into lexer->token. */
void au_lexer_next(struct au_lexer *lexer);
/* Whether the token is this word, in any letter case. */
bool au_token_is(const struct au_token *token, const char *word);

#endif
