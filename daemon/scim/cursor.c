/* SPDX-License-Identifier: ISC */
/*
 * The text is base64url of a nonce and a sealed array: when it was made, count, type, number, direction, and with a
 * sort order the key.  Client, endpoint, filter and sort order are not in it but authenticated with it, so another
 * query's cursor does not open.
 */
#include "scim/cursor.h"

#include "base/json.h"
#include "base/rand.h"
#include "base/secret.h"
#include "base/str.h"

#include <sodium.h>
#include <string.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY crypto_aead_xchacha20poly1305_ietf_KEYBYTES

/* A key of its own, so that nothing else that the endpoint's key is used for can be taken for a cursor. */
static void
derive(const unsigned char *key, unsigned char derived[KEY])
{
	static const unsigned char purpose[] = "cursors of lists";

	crypto_generichash(derived, KEY, purpose, sizeof purpose, key, 32);
}

/* No text holds a NUL, so they cannot run into each other. */
static void
put_scope(struct au_str *out, const struct au_cursor_scope *scope)
{
	const char *const texts[] = { scope->client, scope->endpoint, scope->query->filter, scope->query->sort_by,
		scope->query->sort_order };

	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		au_str_put(out, texts[i] != NULL ? texts[i] : "");
		au_str_putc(out, '\0');
	}
}

/* ---- making ---- */

static json_t *
key_json(const struct au_sort_key *key)
{
	if (!key->present)
		return json_null();
	return key->text != NULL ? json_string(key->text) : json_real(key->number);
}

static char *
cursor_json(const struct au_cursor_scope *scope, const struct au_cursor *cursor)
{
	AU_CLEANUP(au_json_decrefp) json_t *array = json_array();

	json_array_append_new(array, json_integer(scope->now_ms));
	json_array_append_new(array, json_integer(scope->query->count));
	json_array_append_new(array, json_string(cursor->type));
	json_array_append_new(array, json_integer(cursor->num));
	json_array_append_new(array, json_boolean(cursor->backward));
	if (cursor->sorted)
		json_array_append_new(array, key_json(&cursor->key));
	return au_json_text(array);
}

const char *
au_cursor_text(struct au_arena *arena, const struct au_cursor_scope *scope, const struct au_cursor *cursor)
{
	AU_CLEANUP(au_freep) char *plain = cursor_json(scope, cursor);
	AU_CLEANUP(au_str_done) struct au_str with = AU_STR_INIT;
	size_t len = strlen(plain);
	unsigned char key[KEY], *sealed = au_arena_alloc(arena, NONCE + len + TAG);
	AU_CLEANUP(au_freep) char *text = NULL;

	derive(scope->key, key);
	put_scope(&with, scope);
	au_rand_bytes(sealed, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, (const unsigned char *)plain, len,
	    (const unsigned char *)with.data, with.len, NULL, sealed, key);
	au_wipe(key, sizeof key);
	text = au_base64url(sealed, NONCE + len + TAG);
	return au_arena_strdup(arena, text);
}

/* ---- reading ---- */

static int
refuse(struct au_fault *fault)
{
	return au_fault_set(fault, AU_FAULT_INVALID_CURSOR,
	    "cursor: expected nextCursor or previousCursor of the same query, or nothing to begin");
}

/* The array; NULL when the text is not one that was made here for this scope. */
static json_t *
open_text(struct au_arena *arena, const struct au_cursor_scope *scope, const char *text)
{
	AU_CLEANUP(au_str_done) struct au_str with = AU_STR_INIT;
	size_t room = strlen(text), len = 0;
	unsigned char key[KEY], *sealed = au_arena_alloc(arena, room + 1), *plain = au_arena_alloc(arena, room + 1);
	unsigned long long plain_len = 0;
	int rc;

	if (sodium_base642bin(sealed, room, text, room, NULL, &len, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) !=
		0 ||
	    len < NONCE + TAG)
		return NULL;
	derive(scope->key, key);
	put_scope(&with, scope);
	rc = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &plain_len, NULL, sealed + NONCE, len - NONCE,
	    (const unsigned char *)with.data, with.len, sealed, key);
	au_wipe(key, sizeof key);
	return rc == 0 ? json_loadb((const char *)plain, (size_t)plain_len, 0, NULL) : NULL;
}

static struct au_sort_key
key_from(struct au_arena *arena, const json_t *value)
{
	if (json_is_null(value))
		return (struct au_sort_key){ .present = false };
	if (json_is_string(value))
		return (
		    struct au_sort_key){ .present = true, .text = au_arena_strdup(arena, json_string_value(value)) };
	return (struct au_sort_key){ .present = true, .number = json_number_value(value) };
}

int
au_cursor_read(struct au_arena *arena, const struct au_cursor_scope *scope, const char *text, struct au_cursor *ret,
    struct au_fault *fault)
{
	AU_CLEANUP(au_json_decrefp) json_t *array = open_text(arena, scope, text);
	const json_t *backward = json_array_get(array, 4), *key = json_array_get(array, 5);

	if (!json_is_boolean(backward))
		return refuse(fault);
	if (scope->now_ms - json_integer_value(json_array_get(array, 0)) > scope->timeout_ms)
		return au_fault_set(fault, AU_FAULT_EXPIRED_CURSOR, "cursor: it has expired; begin again");
	if (scope->query->count != json_integer_value(json_array_get(array, 1)))
		return au_fault_set(fault, AU_FAULT_INVALID_COUNT, "count: expected the count of the first page");
	*ret = (struct au_cursor){ .type = au_arena_strdup(arena, json_string_value(json_array_get(array, 2))),
		.num = json_integer_value(json_array_get(array, 3)),
		.backward = json_is_true(backward),
		.sorted = key != NULL };
	if (key != NULL)
		ret->key = key_from(arena, key);
	return 0;
}
