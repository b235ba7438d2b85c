/* SPDX-License-Identifier: ISC */
/* Tokens of other issuers: what is taken, and each way in which one is not. */
#include "tests/scim/help.h"
#include "tests/scim/issuer.h"

#include "scim/jwt.h"
#include "scim/scope.h"
#include "settings/rows.h"

#include <jose/b64.h>
#include <jose/jws.h>

#define NOW_MS 1000000000LL
#define CLAIMS "'iss':'https://issuer.example','aud':'apiuserd','exp':1000600,'iat':1000000,'client_id':'c1','sub':'s1'"

struct fixture {
	struct au_arena *arena;
	struct au_values *issuer;
	json_t *key, *other;
	struct au_jwks *keys; /* of key */
};

static void
set_option(struct fixture *f, const char *name, const char *value)
{
	struct au_err err;

	if (au_values_set(f->issuer, name, json_of(f->arena, value), &err) != 0)
		fail_msg("%s", err.text);
}

static struct au_jwks *
set_of(const char *text)
{
	struct au_jwks *keys = NULL;
	struct au_err err;

	if (au_jwks_parse(text, strlen(text), &keys, &err) != 0)
		fail_msg("%s", err.text);
	return keys;
}

static int
set_up(void **state)
{
	struct fixture *f = au_xcalloc(1, sizeof *f);

	f->arena = au_arena_new();
	f->issuer = au_values_new(au_issuer_rows);
	set_option(f, "issuer", "'https://issuer.example'");
	set_option(f, "audience", "['other','apiuserd']");
	f->key = issuer_key(f->arena, "ES256", "k1");
	f->other = issuer_key(f->arena, "ES256", "k1");
	f->keys = set_of(issuer_set(f->arena, (json_t *[]){ f->key, NULL }));
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	au_jwks_free(f->keys);
	au_values_free(f->issuer);
	au_arena_free(f->arena);
	free(f);
	return 0;
}

/* All three steps. */
static int
judge(struct fixture *f, const char *text, struct au_jwt *jwt, struct au_err *err)
{
	long long expires_ms;
	int rc = au_jwt_parse(f->arena, text, jwt, err);

	if (rc == 0)
		rc = au_jwt_verify(jwt, f->keys, err);
	return rc == 0 ? au_jwt_check(jwt, f->issuer, NOW_MS, &expires_ms, err) : rc;
}

static const char *
token(struct fixture *f, const char *header, const char *claims)
{
	return issuer_token(f->arena, f->key, header, claims);
}

static void
expect_good(struct fixture *f, const char *text)
{
	struct au_err err;
	struct au_jwt jwt;

	if (judge(f, text, &jwt, &err) != 0)
		fail_msg("%s: %s", text, err.text);
}

static void
expect_bad(struct fixture *f, const char *text, int code, const char *word)
{
	struct au_err err = { .code = 0 };
	struct au_jwt jwt;
	int rc = judge(f, text, &jwt, &err);

	if (rc != code || strstr(err.text, word) == NULL)
		fail_msg("%s: %d %s, not '%s'", text, rc, err.text, word);
}

/* ---- signatures ---- */

static void
every_algorithm_verifies(void **state)
{
	struct fixture *f = *state;

	for (const char *const *name = au_jwt_algorithms; *name != NULL; name++) {
		json_t *key = issuer_key(f->arena, *name, "k");

		assert_non_null(au_jwt_algorithm_find(*name));
		au_jwks_free(f->keys);
		f->keys = set_of(issuer_set(f->arena, (json_t *[]){ key, NULL }));
		set_option(f, "algorithms", au_arena_printf(f->arena, "['%s']", *name));
		expect_good(f, issuer_token(f->arena, key, "{}", "{" CLAIMS "}"));
	}
}

static void
settings_and_table_know_the_same_algorithms(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct au_jwt_algorithm *row = au_jwt_algorithm_rows; row->name != NULL; row++)
		assert_string_equal(au_jwt_algorithms[count++], row->name);
	assert_null(au_jwt_algorithms[count]);
}

static void
only_the_issuers_key_signs(void **state)
{
	struct fixture *f = *state;
	const char *good = token(f, "{}", "{" CLAIMS "}");
	char *forged = au_arena_strdup(f->arena, good), *other_claims;

	expect_good(f, good);
	expect_bad(f, issuer_token(f->arena, f->other, "{}", "{" CLAIMS "}"), AU_EAUTH, "signature");
	expect_bad(f, token(f, "{'kid':'k2'}", "{" CLAIMS "}"), AU_ENOENT, "no such key");
	/* the first letter of the signature, and then one of the payload */
	forged = strrchr(forged, '.') + 1;
	*forged = *forged == 'A' ? 'B' : 'A';
	expect_bad(f, forged - (strrchr(good, '.') + 1 - good), AU_EAUTH, "signature");
	other_claims = au_arena_strdup(f->arena, token(f, "{}", "{" CLAIMS ",'x':1}"));
	memcpy(strrchr(other_claims, '.'), strrchr(good, '.'), strlen(strrchr(good, '.')));
	expect_bad(f, other_claims, AU_EAUTH, "signature");
}

static void
a_token_without_kid_needs_a_single_key(void **state)
{
	struct fixture *f = *state;
	json_t *bare = issuer_key(f->arena, "ES256", NULL);
	const char *text = issuer_token(f->arena, bare, "{}", "{" CLAIMS "}");

	au_jwks_free(f->keys);
	f->keys = set_of(issuer_set(f->arena, (json_t *[]){ bare, NULL }));
	expect_good(f, text);
	au_jwks_free(f->keys);
	f->keys = set_of(issuer_set(f->arena, (json_t *[]){ bare, f->key, NULL }));
	expect_bad(f, text, AU_ENOENT, "no such key");
	expect_good(f, token(f, "{}", "{" CLAIMS "}"));
}

/* The classic: a public key's text as the secret of an HMAC, and no algorithm at all. */
static void
no_algorithm_but_those_of_public_keys(void **state)
{
	static const char *const headers[] = { "{'alg':'none'}", "{'alg':'None'}", "{'alg':'HS256'}", "{'alg':'HS512'}",
		"{'alg':'es256'}", "{'alg':'ES256K'}", "{'alg':'EdDSA'}", "{'alg':'RSA1_5'}", "{'alg':''}",
		"{'alg':null}", "{'alg':7}", "{'alg':['ES256']}" };
	struct fixture *f = *state;
	AU_CLEANUP(au_json_decrefp) json_t *secret = json_pack("{s:s}", "kty", "oct"), *jws = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *sig = json_pack("{s:{s:s,s:s}}", "protected", "alg", "HS256", "kid", "k1");
	const char *set = issuer_set(f->arena, (json_t *[]){ f->key, NULL }), *good = token(f, "{}", "{" CLAIMS "}");

	for (size_t i = 0; i < AU_COUNT(headers); i++)
		expect_bad(f, token(f, headers[i], "{" CLAIMS "}"), AU_EINVAL, "algorithm");
	json_object_set_new(secret, "k", jose_b64_enc(set, strlen(set)));
	jws = json_pack(
	    "{s:s}", "payload", au_arena_strndup(f->arena, strchr(good, '.') + 1, strcspn(strchr(good, '.') + 1, ".")));
	assert_true(jose_jws_sig(NULL, jws, sig, secret));
	expect_bad(f,
	    au_arena_printf(f->arena, "%s.%s.%s", au_json_get_str(jws, "protected"), au_json_get_str(jws, "payload"),
		au_json_get_str(jws, "signature")),
	    AU_EINVAL, "algorithm");
}

/* A header of one kind and a key of the other do not meet, and neither do ES384 and P-256. */
static void
algorithm_and_key_are_of_one_kind(void **state)
{
	struct fixture *f = *state;

	set_option(f, "algorithms", "['RS256','ES256','ES384']");
	expect_bad(f, token(f, "{'alg':'RS256'}", "{" CLAIMS "}"), AU_ENOENT, "no such key");
	expect_bad(f, token(f, "{'alg':'ES384'}", "{" CLAIMS "}"), AU_ENOENT, "no such key");
	set_option(f, "algorithms", "['RS256']");
	expect_bad(f, token(f, "{}", "{" CLAIMS "}"), AU_EAUTH, "algorithm");
}

static void
keys_in_the_header_are_not_looked_at(void **state)
{
	struct fixture *f = *state;
	AU_CLEANUP(au_json_decrefp) json_t *other = json_deep_copy(f->other);
	AU_CLEANUP(au_freep) char *text = NULL;

	json_object_del(other, "d");
	text = au_json_text(other);
	expect_bad(f,
	    issuer_token(f->arena, f->other,
		au_arena_printf(
		    f->arena, "{'jwk':%s,'jku':'https://evil.example/','x5u':'https://evil.example/'}", text),
		"{" CLAIMS "}"),
	    AU_EAUTH, "signature");
	expect_good(f, token(f, "{'jku':'https://evil.example/'}", "{" CLAIMS "}"));
}

/* ---- form ---- */

static void
headers_are_strict(void **state)
{
	static const struct {
		const char *header, *word;
	} bad[] = {
		{ "{'crit':['exp']}", "extensions" },
		{ "{'crit':[]}", "extensions" },
		{ "{'crit':null}", "extensions" },
		{ "{'b64':false}", "extensions" },
		{ "{'typ':'logout+jwt'}", "type" },
		{ "{'typ':'JWE'}", "type" },
		{ "{'typ':null}", "type" },
		{ "{'typ':1}", "type" },
		{ "{'kid':1}", "kid" },
		{ "{'kid':null}", "kid" },
		{ "{'alg':'ES256','alg':'ES256'}", "header" },
		{ "{'x':1,'x':2}", "header" },
	};
	static const char *const good[] = { "{}", "{'typ':'JWT'}", "{'typ':'jwt'}", "{'typ':'at+jwt'}",
		"{'typ':'application/at+jwt'}", "{'cty':'x','zzz':{'a':[1]}}" };
	struct fixture *f = *state;

	for (size_t i = 0; i < AU_COUNT(bad); i++)
		expect_bad(f, token(f, bad[i].header, "{" CLAIMS "}"), AU_EINVAL, bad[i].word);
	for (size_t i = 0; i < AU_COUNT(good); i++)
		expect_good(f, token(f, good[i], "{" CLAIMS "}"));
}

static void
parts_are_base64url_to_the_letter(void **state)
{
	struct fixture *f = *state;
	const char *good = token(f, "{}", "{" CLAIMS "}");
	const char *bad[] = {
		"",
		".",
		"..",
		"a.b",
		"a..c",
		".b.c",
		"a.b.",
		good + 1,
		au_arena_printf(f->arena, "%s=", good),
		au_arena_printf(f->arena, "%s.", good),
		au_arena_printf(f->arena, "%s.AAAA", good),
		au_arena_printf(f->arena, " %s", good),
		au_arena_printf(f->arena, "%s ", good),
		au_arena_printf(f->arena, "%.*s=.%s", (int)strcspn(good, "."), good, strchr(good, '.') + 1),
		au_arena_printf(f->arena, "%.*s\n.%s", (int)strcspn(good, "."), good, strchr(good, '.') + 1),
		"eyJhbGci\xefiJFUzI1NiJ9.e30.AA",
		"eyJhbGciOiJFUzI1NiJ9.e30\xc1.AA",
		"eyJhbGciOiJFUzI1NiJ9.e30.AA\xef",
		"eyJhbGciOiJFUzI1NiJ9.W10.AA", /* [] */
		"eyJhbGciOiJFUzI1NiJ9.e30.AA", /* {} */
		"eyJhbGciOiJFUzI1NiJ9.e31.AA", /* {} with bits left over */
		"W10.e30.AA",
	};

	for (size_t i = 0; i < AU_COUNT(bad); i++)
		expect_bad(f, bad[i], AU_EINVAL, "JWT");
	for (unsigned char byte = 0x80; byte != 0; byte++) {
		char *odd = au_arena_strdup(f->arena, good);

		odd[strcspn(odd, ".") + 10] = (char)byte;
		expect_bad(f, odd, AU_EINVAL, "base64url");
	}
	expect_bad(f, token(f, "{}", "{" CLAIMS ",'iss':'https://issuer.example'}"), AU_EINVAL, "payload");
	expect_bad(f,
	    token(f, "{}", "{" CLAIMS ",'x':[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"),
	    AU_EINVAL, "payload");
}

/* ---- claims ---- */

static void
claims_must_fit(void **state)
{
	static const struct {
		const char *claims, *word;
	} bad[] = {
		{ "{'iss':'https://issuer.example/','aud':'apiuserd','exp':1000600}", "another issuer" },
		{ "{'iss':'HTTPS://issuer.example','aud':'apiuserd','exp':1000600}", "another issuer" },
		{ "{'iss':'https://issuer.example','exp':1000600}", "audience" },
		{ "{'iss':'https://issuer.example','aud':'apiuser','exp':1000600}", "audience" },
		{ "{'iss':'https://issuer.example','aud':[],'exp':1000600}", "audience" },
		{ "{'iss':'https://issuer.example','aud':['x',7,null],'exp':1000600}", "audience" },
		{ "{'iss':'https://issuer.example','aud':{'apiuserd':1},'exp':1000600}", "audience" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd'}", "end" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd','exp':'1000600'}", "exp" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd','exp':null}", "exp" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd','exp':-1}", "exp" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd','exp':1e300}", "exp" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd','exp':999940}", "expired" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd','exp':0}", "expired" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd','exp':1000600,'nbf':1000061}", "not good yet" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd','exp':1000600,'iat':1000061}", "not good yet" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd','exp':1000600,'nbf':true}", "nbf" },
		{ "{'iss':'https://issuer.example','aud':'apiuserd','exp':1000600,'iat':[]}", "iat" },
	};
	static const char *const good[] = {
		"{'iss':'https://issuer.example','aud':['x','apiuserd'],'exp':1000600}",
		"{'iss':'https://issuer.example','aud':'other','exp':999941}",
		"{'iss':'https://issuer.example','aud':'other','exp':1000000.5,'nbf':1000060,'iat':1000060}",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < AU_COUNT(bad); i++)
		expect_bad(f, token(f, "{}", bad[i].claims), AU_EAUTH, bad[i].word);
	for (size_t i = 0; i < AU_COUNT(good); i++)
		expect_good(f, token(f, "{}", good[i]));
	expect_bad(f, token(f, "{}", "{'aud':'apiuserd','exp':1000600}"), AU_EINVAL, "issuer");
	expect_bad(f, token(f, "{}", "{'iss':['https://issuer.example'],'aud':'apiuserd'}"), AU_EINVAL, "issuer");
}

static void
the_client_is_what_the_claim_says(void **state)
{
	struct fixture *f = *state;
	const char *client;
	struct au_jwt jwt;
	struct au_err err;

	assert_int_equal(
	    judge(f, token(f, "{}", "{" CLAIMS ",'azp':'','n':1,'z':'c1\\u0000'}"), &jwt, &err), AU_EINVAL);
	assert_int_equal(judge(f, token(f, "{}", "{" CLAIMS ",'azp':'','n':1}"), &jwt, &err), 0);
	assert_int_equal(au_jwt_client(&jwt, f->issuer, &client, &err), 0);
	assert_string_equal(client, "c1");
	set_option(f, "client_claim", "'sub'");
	assert_int_equal(au_jwt_client(&jwt, f->issuer, &client, &err), 0);
	assert_string_equal(client, "s1");
	for (size_t i = 0; i < 3; i++) {
		static const char *const names[] = { "'azp'", "'n'", "'none'" };

		set_option(f, "client_claim", names[i]);
		assert_int_equal(au_jwt_client(&jwt, f->issuer, &client, &err), AU_EAUTH);
	}
}

static void
scopes_are_words_of_a_claim(void **state)
{
	static const struct {
		const char *claim, *prefix;
		bool users, groups, change;
	} rows[] = {
		{ "", "", true, true, true },
		{ ",'scope':'users'", "", true, false, true },
		{ ",'scope':'users groups read-only'", "", true, true, false },
		{ ",'scope':'scim'", "", true, true, true },
		{ ",'scope':'scim read-only openid'", "", true, true, false },
		{ ",'scope':['groups','openid']", "", false, true, true },
		{ ",'scope':''", "", false, false, false },
		{ ",'scope':[]", "", false, false, false },
		{ ",'scope':'openid profile'", "", false, false, false },
		{ ",'scope':'api/users read-only'", "api/", true, false, true },
		{ ",'scope':'users groups'", "api/", false, false, false },
		{ ",'scope':'api/'", "api/", false, false, false },
		{ ",'scope':'scim'", "api/", true, true, true },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_scope scope;
		const char *words;
		struct au_jwt jwt;

		set_option(f, "scope_prefix", au_arena_printf(f->arena, "'%s'", rows[i].prefix));
		assert_int_equal(
		    judge(f, token(f, "{}", au_arena_printf(f->arena, "{" CLAIMS "%s}", rows[i].claim)), &jwt, NULL),
		    0);
		assert_int_equal(au_jwt_scope(f->arena, &jwt, f->issuer, &words, NULL), 0);
		au_scope_init(&scope, words);
		if (au_scope_allows(&scope, AU_NEED_READ, &au_type_user) != rows[i].users ||
		    au_scope_allows(&scope, AU_NEED_READ, &au_type_group) != rows[i].groups ||
		    (au_scope_allows(&scope, AU_NEED_CHANGE, &au_type_user) ||
			au_scope_allows(&scope, AU_NEED_CHANGE, &au_type_group)) != rows[i].change)
			fail_msg("%s with prefix '%s' is '%s'", rows[i].claim, rows[i].prefix, words);
	}
}

static void
odd_scopes_are_refused(void **state)
{
	static const char *const odd[] = { "7", "true", "null", "{}", "['users',7]", "[['users']]" };
	struct fixture *f = *state;
	const char *words;
	struct au_jwt jwt;

	for (size_t i = 0; i < AU_COUNT(odd); i++) {
		assert_int_equal(
		    judge(f, token(f, "{}", au_arena_printf(f->arena, "{" CLAIMS ",'scope':%s}", odd[i])), &jwt, NULL),
		    0);
		assert_int_equal(au_jwt_scope(f->arena, &jwt, f->issuer, &words, NULL), AU_EAUTH);
	}
	assert_int_equal(judge(f, token(f, "{}", "{" CLAIMS "}"), &jwt, NULL), 0);
	set_option(f, "scope_required", "true");
	assert_int_equal(au_jwt_scope(f->arena, &jwt, f->issuer, &words, NULL), AU_EAUTH);
}

static void
binding_to_a_certificate_is_told(void **state)
{
	static const char *const odd[] = { "7", "{}", "{'jkt':'x'}", "{'x5t#S256':'short'}", "{'x5t#S256':7}",
		"{'x5t#S256':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA','jkt':'x'}",
		"{'x5t#S256':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}" };
	struct fixture *f = *state;
	const char *print = "untouched";
	struct au_jwt jwt;

	assert_int_equal(judge(f, token(f, "{}", "{" CLAIMS "}"), &jwt, NULL), 0);
	assert_int_equal(au_jwt_certificate(&jwt, &print, NULL), 0);
	assert_null(print);
	for (size_t i = 0; i < AU_COUNT(odd); i++) {
		assert_int_equal(
		    judge(f, token(f, "{}", au_arena_printf(f->arena, "{" CLAIMS ",'cnf':%s}", odd[i])), &jwt, NULL),
		    0);
		assert_int_equal(au_jwt_certificate(&jwt, &print, NULL), AU_EAUTH);
	}
	assert_int_equal(
	    judge(f, token(f, "{}", "{" CLAIMS ",'cnf':{'x5t#S256':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}}"),
		&jwt, NULL),
	    0);
	assert_int_equal(au_jwt_certificate(&jwt, &print, NULL), 0);
	assert_string_equal(print, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

/* ---- key sets ---- */

static void
sets_without_a_good_key_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{'keys':{}}",
		"{'keys':[]}",
		"{'keys':[1,null,'x',{}]}",
		"{'keys':[],'keys':[]}",
		"{'keys':[{'kty':'oct','k':'c2VjcmV0'}]}",
		"{'keys':[{'kty':'EC','crv':'P-256','x':'AA','y':'AA'}]}",
		"{'keys':[{'kty':'EC','crv':'secp256k1','x':'AA','y':'AA'}]}",
		"{'keys':[{'kty':'OKP','crv':'Ed25519','x':'AA'}]}",
		"{'keys':[{'kty':'RSA','n':'AQAB','e':'AQAB'}]}",
		"{'keys':[{'kty':'RSA','n':7,'e':'AQAB'}]}",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < AU_COUNT(bad); i++) {
		const char *text = requoted(f->arena, bad[i]);
		struct au_jwks *keys = NULL;

		if (au_jwks_parse(text, strlen(text), &keys, NULL) != AU_EINVAL)
			fail_msg("taken: %s", text);
		assert_null(keys);
	}
}

static void
private_keys_are_refused(void **state)
{
	struct fixture *f = *state;
	AU_CLEANUP(au_json_decrefp) json_t *set = json_pack("{s:[O]}", "keys", f->key);
	AU_CLEANUP(au_freep) char *text = au_json_text(set);
	struct au_jwks *keys = NULL;
	struct au_err err;

	assert_int_equal(au_jwks_parse(text, strlen(text), &keys, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "private"));
	assert_null(strstr(err.text, au_json_get_str(f->key, "d")));
}

static void
keys_for_other_uses_are_passed_over(void **state)
{
	static const char *const members[] = { "'use':'enc'", "'use':7", "'key_ops':['sign']", "'key_ops':[]",
		"'key_ops':'verify'" };
	struct fixture *f = *state;
	json_t *good = issuer_key(f->arena, "ES256", "k2");

	json_object_del(good, "key_ops");
	json_object_del(good, "d");
	for (size_t i = 0; i < AU_COUNT(members); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *key = json_deep_copy(f->key), *set = NULL;
		AU_CLEANUP(au_freep) char *text = NULL;
		struct au_jwks *keys;

		json_object_del(key, "d");
		json_object_del(key, "key_ops");
		json_object_update(key, json_of(f->arena, au_arena_printf(f->arena, "{%s}", members[i])));
		set = json_pack("{s:[O,O]}", "keys", key, good);
		text = au_json_text(set);
		keys = set_of(text);
		if (au_jwks_count(keys) != 1)
			fail_msg("taken with %s", members[i]);
		au_jwks_free(keys);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(every_algorithm_verifies),
		TEST(settings_and_table_know_the_same_algorithms),
		TEST(only_the_issuers_key_signs),
		TEST(a_token_without_kid_needs_a_single_key),
		TEST(no_algorithm_but_those_of_public_keys),
		TEST(algorithm_and_key_are_of_one_kind),
		TEST(keys_in_the_header_are_not_looked_at),
		TEST(headers_are_strict),
		TEST(parts_are_base64url_to_the_letter),
		TEST(claims_must_fit),
		TEST(the_client_is_what_the_claim_says),
		TEST(scopes_are_words_of_a_claim),
		TEST(odd_scopes_are_refused),
		TEST(binding_to_a_certificate_is_told),
		TEST(sets_without_a_good_key_are_refused),
		TEST(private_keys_are_refused),
		TEST(keys_for_other_uses_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
