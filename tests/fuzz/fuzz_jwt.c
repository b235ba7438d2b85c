/* SPDX-License-Identifier: ISC */
/* Tokens and key sets from outside: neither is believed before its signature, so nothing here ever verifies. */
#include "tests/fuzz/fuzz.h"

#include "base/mem.h"
#include "scim/jwt.h"
#include "settings/rows.h"

#include <string.h>

static const char keys_text[] =
    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"1\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

static struct au_values *
issuer_values(void)
{
	struct au_values *values = au_values_new(au_issuer_rows);
	json_t *issuer = json_string("i"), *audience = json_pack("[s]", "a"), *all = json_array();

	for (const char *const *name = au_jwt_algorithms; *name != NULL; name++)
		json_array_append_new(all, json_string(*name));
	HOLDS(au_values_set(values, "issuer", issuer, NULL) == 0);
	HOLDS(au_values_set(values, "audience", audience, NULL) == 0);
	HOLDS(au_values_set(values, "algorithms", all, NULL) == 0);
	json_decref(issuer);
	json_decref(audience);
	json_decref(all);
	return values;
}

static void
try_token(const char *text, const struct au_jwks *keys, const struct au_values *issuer)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_jwt jwt;
	const char *found;
	long long expires_ms;

	if (au_jwt_parse(arena, text, &jwt, NULL) != 0)
		return;
	HOLDS(au_jwt_is(text) && jwt.algorithm != NULL && jwt.issuer != NULL);
	HOLDS(json_object_get(jwt.header, "crit") == NULL);
	HOLDS(json_object_size(jwt.signed_parts) == 3);
	HOLDS(au_jwt_verify(&jwt, keys, NULL) != 0);
	if (au_jwt_check(&jwt, issuer, 1000, &expires_ms, NULL) == 0)
		HOLDS(expires_ms > 1000 && strcmp(jwt.issuer, "i") == 0);
	if (au_jwt_client(&jwt, issuer, &found, NULL) == 0)
		HOLDS(*found != '\0');
	if (au_jwt_scope(arena, &jwt, issuer, &found, NULL) == 0 && found != NULL)
		HOLDS(strlen(found) <= strlen(text));
	if (au_jwt_certificate(&jwt, &found, NULL) == 0 && found != NULL)
		HOLDS(strlen(found) == 43);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct au_jwks *known;
	static struct au_values *issuer;
	struct au_jwks *keys;
	char *text = au_xstrndup((const char *)data, size);

	if (known == NULL) {
		HOLDS(au_jwks_parse(keys_text, strlen(keys_text), &known, NULL) == 0);
		issuer = issuer_values();
	}
	try_token(text, known, issuer);
	if (au_jwks_parse(text, strlen(text), &keys, NULL) == 0) {
		HOLDS(au_jwks_count(keys) >= 1 && au_jwks_count(keys) <= AU_JWKS_KEYS);
		try_token(text, keys, issuer);
		au_jwks_free(keys);
	}
	free(text);
	return 0;
}
