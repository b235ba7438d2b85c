/* SPDX-License-Identifier: ISC */
/*
 * The library turns a JWK into a key of whatever kind it says it is.  Here it is decided once, when the set is read,
 * which kinds there are: public RSA and EC keys of a size that is neither weak nor a burden.
 */
#include "scim/jwks.h"

#include "base/json.h"
#include "base/str.h"

#include <jose/jwk.h>
#include <jose/openssl.h>
#include <openssl/evp.h>
#include <string.h>

#define RSA_BITS_MIN 2048 /* RFC 7518 section 3.3 */
#define RSA_BITS_MAX 8192

struct au_jwks {
	json_t *keys; /* an array */
};

const struct au_jwt_algorithm au_jwt_algorithm_rows[] = {
	{ "RS256", "RSA", NULL },
	{ "RS384", "RSA", NULL },
	{ "RS512", "RSA", NULL },
	{ "PS256", "RSA", NULL },
	{ "PS384", "RSA", NULL },
	{ "PS512", "RSA", NULL },
	{ "ES256", "EC", "P-256" },
	{ "ES384", "EC", "P-384" },
	{ "ES512", "EC", "P-521" },
	{ NULL, NULL, NULL },
};

const struct au_jwt_algorithm *
au_jwt_algorithm_find(const char *name)
{
	for (const struct au_jwt_algorithm *row = au_jwt_algorithm_rows; row->name != NULL; row++)
		if (au_streq(row->name, name))
			return row;
	return NULL;
}

/* ---- which keys count ---- */

static bool
has_private_part(const json_t *key)
{
	static const char *const parts[] = { "d", "p", "q", "dp", "dq", "qi", "oth" };

	for (size_t i = 0; i < AU_COUNT(parts); i++)
		if (json_object_get(key, parts[i]) != NULL)
			return true;
	return false;
}

/* RFC 7517 sections 4.2, 4.3: what is not said is not forbidden. */
static bool
is_for_signatures(const json_t *key)
{
	const json_t *use = json_object_get(key, "use"), *ops = json_object_get(key, "key_ops");
	size_t i;
	json_t *op;

	if (use != NULL && !au_streq(json_string_value(use), "sig"))
		return false;
	if (ops == NULL)
		return true;
	json_array_foreach ((json_t *)ops, i, op)
		if (au_streq(json_string_value(op), "verify"))
			return true;
	return false;
}

static bool
is_of_known_kind(const json_t *key)
{
	const char *kty = au_json_get_str(key, "kty"), *crv = au_json_get_str(key, "crv");

	for (const struct au_jwt_algorithm *row = au_jwt_algorithm_rows; row->name != NULL; row++)
		if (au_streq(row->kty, kty) && (row->crv == NULL || au_streq(row->crv, crv)))
			return true;
	return false;
}

/* Whether OpenSSL takes it, and its size. */
static bool
is_sound(const json_t *key)
{
	EVP_PKEY *made = jose_openssl_jwk_to_EVP_PKEY(NULL, key);
	int bits = made != NULL ? EVP_PKEY_get_bits(made) : 0;
	bool is_rsa = made != NULL && EVP_PKEY_get_base_id(made) == EVP_PKEY_RSA;

	EVP_PKEY_free(made);
	return is_rsa ? bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX : bits > 0;
}

/* Only what is looked at later is kept. */
static json_t *
kept(const json_t *key)
{
	static const char *const members[] = { "kty", "kid", "alg", "crv", "x", "y", "n", "e" };
	json_t *copy = json_object();

	for (size_t i = 0; i < AU_COUNT(members); i++)
		if (json_is_string(json_object_get(key, members[i])))
			json_object_set(copy, members[i], json_object_get(key, members[i]));
	return copy;
}

static int
take(struct au_jwks *keys, const json_t *key, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *copy = NULL;

	if (!json_is_object(key) || !is_of_known_kind(key))
		return 0;
	if (has_private_part(key))
		return au_fail(err, AU_EINVAL, "keys: one of them is private; expected public keys");
	copy = kept(key);
	if (is_for_signatures(key) && is_sound(copy))
		json_array_append(keys->keys, copy);
	return 0;
}

int
au_jwks_parse(const char *text, size_t len, struct au_jwks **ret, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_jwks *keys;
	const json_t *list;
	size_t i;
	json_t *key;
	int rc = au_json_parse(text, len, AU_JSON_DEPTH, &json, err);

	if (rc < 0)
		return au_err_prefix(err, rc, "keys");
	list = json_object_get(json, "keys");
	if (!json_is_array(list) || json_array_size(list) > AU_JWKS_KEYS)
		return au_fail(
		    err, AU_EINVAL, "keys: expected an object with a list 'keys' of at most %d", AU_JWKS_KEYS);
	keys = au_xcalloc(1, sizeof *keys);
	keys->keys = json_array();
	json_array_foreach ((json_t *)list, i, key)
		if (rc == 0)
			rc = take(keys, key, err);
	if (rc == 0 && json_array_size(keys->keys) == 0)
		rc = au_fail(err, AU_EINVAL, "keys: none that can check a signature");
	if (rc < 0)
		au_jwks_free(keys);
	else
		*ret = keys;
	return rc;
}

void
au_jwks_free(struct au_jwks *keys)
{
	if (keys == NULL)
		return;
	json_decref(keys->keys);
	free(keys);
}

size_t
au_jwks_count(const struct au_jwks *keys)
{
	return json_array_size(keys->keys);
}

/* ---- finding ---- */

static bool
fits(const json_t *key, const struct au_jwt_algorithm *algorithm, const char *kid_or_null)
{
	const char *alg = au_json_get_str(key, "alg");

	return au_streq(au_json_get_str(key, "kty"), algorithm->kty) &&
	       (algorithm->crv == NULL || au_streq(au_json_get_str(key, "crv"), algorithm->crv)) &&
	       (alg == NULL || strcmp(alg, algorithm->name) == 0) &&
	       (kid_or_null == NULL || au_streq(au_json_get_str(key, "kid"), kid_or_null));
}

static size_t
count_fitting(const struct au_jwks *keys, const struct au_jwt_algorithm *algorithm)
{
	size_t count = 0, i;
	json_t *key;

	json_array_foreach (keys->keys, i, key)
		count += fits(key, algorithm, NULL);
	return count;
}

const json_t *
au_jwks_next(
    const struct au_jwks *keys, const struct au_jwt_algorithm *algorithm, const char *kid_or_null, size_t *cursor)
{
	if (kid_or_null == NULL && count_fitting(keys, algorithm) != 1)
		return NULL;
	while (*cursor < json_array_size(keys->keys)) {
		const json_t *key = json_array_get(keys->keys, (*cursor)++);

		if (fits(key, algorithm, kid_or_null))
			return key;
	}
	return NULL;
}
