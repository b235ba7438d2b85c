/* SPDX-License-Identifier: ISC */
/*
 * A JWT is found by the end of its signature: whoever hits that has the token, so comparing the rest need not hide
 * how long it takes.
 */
#include "scim/known.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/secret.h"

#include <string.h>

#define TOKENS_MAX 10000
#define JWTS_MAX 1000
#define END_LEN 32 /* of a signature, which has 86 characters or more */

struct au_known {
	struct au_store *store;
	struct au_map *tokens; /* id -> struct token */
	struct au_stamp stamp; /* of all of them, unless there are none */
	struct au_map *jwts;   /* end of the text -> struct jwt */
};

struct token {
	struct au_arena *arena;
	struct au_token_row row;
};

struct jwt {
	struct au_arena *arena;
	char *text;
	struct au_identity identity;
};

static void
free_token(void *value)
{
	struct token *token = value;

	au_arena_free(token->arena);
	free(token);
}

static void
free_jwt(void *value)
{
	struct jwt *jwt = value;

	au_arena_free(jwt->arena);
	au_wipe(jwt->text, strlen(jwt->text));
	free(jwt->text);
	free(jwt);
}

static void
empty(struct au_map **map, void (*free_value)(void *))
{
	if (au_map_count(*map) == 0)
		return;
	au_map_free(*map, free_value);
	*map = au_map_new();
}

struct au_known *
au_known_new(struct au_store *store)
{
	struct au_known *known = au_xcalloc(1, sizeof *known);

	known->store = store;
	known->tokens = au_map_new();
	known->jwts = au_map_new();
	return known;
}

void
au_known_free(struct au_known *known)
{
	if (known == NULL)
		return;
	au_map_free(known->tokens, free_token);
	au_map_free(known->jwts, free_jwt);
	free(known);
}

/* ---- our own ---- */

const struct au_token_row *
au_known_token(struct au_known *known, const char *id)
{
	const struct token *token;

	if (au_map_count(known->tokens) > 0 && !au_store_stamp_holds(known->store, &known->stamp))
		empty(&known->tokens, free_token);
	token = au_map_get(known->tokens, id);
	return token != NULL ? &token->row : NULL;
}

void
au_known_keep_token(struct au_known *known, const struct au_token_row *row, const struct au_stamp *stamp)
{
	struct token *token, *old;

	if (!au_store_stamp_holds(known->store, stamp))
		return;
	if (au_map_count(known->tokens) >= TOKENS_MAX ||
	    (au_map_count(known->tokens) > 0 && !au_store_stamp_holds(known->store, &known->stamp)))
		empty(&known->tokens, free_token);
	known->stamp = *stamp;
	token = au_xcalloc(1, sizeof *token);
	token->arena = au_arena_new();
	token->row = *row;
	token->row.id = au_arena_strdup(token->arena, row->id);
	token->row.client = au_arena_strdup(token->arena, row->client);
	token->row.scopes = au_arena_strdup(token->arena, row->scopes);
	old = au_map_put(known->tokens, token->row.id, token);
	if (old != NULL)
		free_token(old);
}

/* ---- others' ---- */

/* NULL for what is too short to be one. */
static const char *
end_of(const char *text)
{
	size_t len = strlen(text);

	return len > END_LEN ? text + len - END_LEN : NULL;
}

const struct au_identity *
au_known_jwt(struct au_known *known, const char *text, long long now_ms)
{
	const char *end = end_of(text);
	struct jwt *jwt = end != NULL ? au_map_get(known->jwts, end) : NULL;

	if (jwt == NULL || strcmp(jwt->text, text) != 0)
		return NULL;
	if (jwt->identity.expires_ms > now_ms)
		return &jwt->identity;
	au_map_remove(known->jwts, end);
	free_jwt(jwt);
	return NULL;
}

void
au_known_keep_jwt(struct au_known *known, const char *text, const struct au_identity *identity)
{
	const char *end = end_of(text);
	struct jwt *jwt, *old;

	if (end == NULL)
		return;
	if (au_map_count(known->jwts) >= JWTS_MAX)
		empty(&known->jwts, free_jwt);
	jwt = au_xcalloc(1, sizeof *jwt);
	jwt->arena = au_arena_new();
	jwt->text = au_xstrdup(text);
	jwt->identity = *identity;
	jwt->identity.client = au_arena_strdup(jwt->arena, identity->client);
	jwt->identity.scopes = au_arena_strdup(jwt->arena, identity->scopes);
	jwt->identity.certificate = au_arena_strdup(jwt->arena, identity->certificate);
	old = au_map_put(known->jwts, end, jwt);
	if (old != NULL)
		free_jwt(old);
}

void
au_known_forget_jwts(struct au_known *known)
{
	empty(&known->jwts, free_jwt);
}
