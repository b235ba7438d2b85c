/* SPDX-License-Identifier: ISC */
/* Signed by hand where the header lies about the algorithm, as the library would not do that. */
#include "tests/scim/issuer.h"

#include "tests/scim/help.h"

#include <jose/b64.h>
#include <jose/jwk.h>
#include <jose/jws.h>

json_t *
issuer_key(struct au_arena *arena, const char *algorithm, const char *kid)
{
	json_t *key = json_pack("{s:s}", "alg", algorithm);

	assert_true(jose_jwk_gen(NULL, key));
	if (kid != NULL)
		json_object_set_new(key, "kid", json_string(kid));
	return au_json_in_arena(arena, key);
}

const char *
issuer_set(struct au_arena *arena, json_t *const *keys)
{
	AU_CLEANUP(au_json_decrefp) json_t *set = json_pack("{s:[]}", "keys");
	AU_CLEANUP(au_freep) char *text = NULL;

	for (; *keys != NULL; keys++) {
		json_t *copy = json_deep_copy(*keys);

		assert_true(jose_jwk_pub(NULL, copy));
		json_array_append_new(json_object_get(set, "keys"), copy);
	}
	text = au_json_text(set);
	return au_arena_strdup(arena, text);
}

static const char *
encoded(struct au_arena *arena, const char *text)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = jose_b64_enc(text, strlen(text));

	return au_arena_strdup(arena, json_string_value(json));
}

/* The header as text, so that a test may write what no JSON library would. */
static const char *
header_text(struct au_arena *arena, const json_t *key, const char *header)
{
	const char *kid = au_json_get_str(key, "kid"), *alg = au_json_get_str(key, "alg");
	struct au_str out = AU_STR_INIT;
	const char *text;

	au_str_putc(&out, '{');
	if (strstr(header, "'alg'") == NULL)
		au_str_printf(&out, "'alg':'%s',", alg);
	if (strstr(header, "'kid'") == NULL && kid != NULL)
		au_str_printf(&out, "'kid':'%s',", kid);
	au_str_put(&out, header + 1);
	if (out.len > 1 && out.data[out.len - 2] == ',')
		memmove(out.data + out.len - 2, "}", 2);
	text = requoted(arena, au_str_get(&out));
	au_str_done(&out);
	return text;
}

const char *
issuer_token(struct au_arena *arena, json_t *key, const char *header, const char *claims)
{
	const char *head = encoded(arena, header_text(arena, key, header));
	const char *payload = encoded(arena, requoted(arena, claims));
	AU_CLEANUP(au_json_decrefp) json_t *jws = json_pack("{s:s}", "payload", payload);
	AU_CLEANUP(au_json_decrefp) json_t *sig = json_pack("{s:s}", "protected", head);
	AU_CLEANUP(au_json_decrefp) json_t *signer = json_deep_copy(key);
	bool made;

	/* what the header claims decides how the library signs, unless that is impossible */
	json_object_del(signer, "alg");
	json_object_del(signer, "key_ops");
	made = jose_jws_sig(NULL, jws, sig, signer);
	return au_arena_printf(
	    arena, "%s.%s.%s", head, payload, made ? json_string_value(json_object_get(jws, "signature")) : "AAAA");
}
