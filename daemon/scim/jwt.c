/* SPDX-License-Identifier: ISC */
/*
 * The library checks a signature with a key.  Everything that makes a token ours is here: which algorithm goes with
 * which key, what the header may say, and what the claims must.
 */
#include "scim/jwt.h"

#include "base/json.h"
#include "base/str.h"
#include "scim/scope.h"

#include <jose/cfg.h>
#include <jose/jws.h>
#include <math.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>

#define DATE_MAX 253402300799.0 /* the last second of the year 9999 */
#define SHA256_LEN 43           /* in base64url */

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool
au_jwt_is(const char *text)
{
	size_t header = strcspn(text, "."), payload;

	if (header == 0 || text[header] != '.')
		return false;
	payload = strcspn(text + header + 1, ".");
	return payload > 0 && text[header + 1 + payload] == '.';
}

/* ---- parsing ---- */

/* One part to the letter: no padding, no blanks, no bits left over.  The decoder lets some bytes beyond ASCII pass. */
static int
decode(struct au_arena *arena, const char *part, size_t len, const char *what, json_t **ret, struct au_err *err)
{
	size_t size = len / 4 * 3 + 3, used = 0;
	char *bytes = au_arena_alloc(arena, size);
	json_t *json;
	int rc;

	if (strspn(part, base64url) != len || sodium_base642bin((unsigned char *)bytes, size, part, len, NULL, &used,
						  NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return au_fail(err, AU_EINVAL, "JWT: its %s is not base64url", what);
	rc = au_json_parse(bytes, used, AU_JSON_DEPTH, &json, NULL);
	if (rc < 0)
		return au_fail(err, AU_EINVAL, "JWT: its %s is not JSON that can be taken", what);
	*ret = au_json_in_arena(arena, json);
	return json_is_object(json) ? 0 : au_fail(err, AU_EINVAL, "JWT: its %s is no JSON object", what);
}

/* RFC 8725 section 3.11; one without a type is as good as "JWT". */
static bool
is_type_of_access(const json_t *typ)
{
	static const char *const known[] = { "JWT", "at+jwt", "application/jwt", "application/at+jwt" };
	const char *text = json_string_value(typ);

	for (size_t i = 0; text != NULL && i < AU_COUNT(known); i++)
		if (strcasecmp(text, known[i]) == 0)
			return true;
	return typ == NULL;
}

static int
check_header(struct au_jwt *jwt, struct au_err *err)
{
	const json_t *kid = json_object_get(jwt->header, "kid");

	jwt->algorithm = au_jwt_algorithm_find(au_json_get_str(jwt->header, "alg"));
	if (jwt->algorithm == NULL)
		return au_fail(err, AU_EINVAL, "JWT: its algorithm is not supported");
	/* extensions that must be understood (RFC 7515 section 4.1.11); we know none */
	if (json_object_get(jwt->header, "crit") != NULL || json_object_get(jwt->header, "b64") != NULL)
		return au_fail(err, AU_EINVAL, "JWT: its header has extensions that are not supported");
	if (!is_type_of_access(json_object_get(jwt->header, "typ")))
		return au_fail(err, AU_EINVAL, "JWT: it is of another type than an access token");
	if (kid != NULL && !json_is_string(kid))
		return au_fail(err, AU_EINVAL, "JWT: its kid is not text");
	jwt->kid = json_string_value(kid);
	return 0;
}

static void
set_part(json_t *parts, const char *name, const char *text, size_t len)
{
	json_object_set_new(parts, name, json_stringn(text, len));
}

int
au_jwt_parse(struct au_arena *arena, const char *text, struct au_jwt *ret, struct au_err *err)
{
	struct au_jwt jwt = { .header = NULL };
	const char *payload, *signature;
	size_t header_len, payload_len, signature_len;
	int rc;

	if (!au_jwt_is(text))
		return au_fail(err, AU_EINVAL, "JWT: it has not three parts");
	header_len = strcspn(text, ".");
	payload = text + header_len + 1;
	payload_len = strcspn(payload, ".");
	signature = payload + payload_len + 1;
	signature_len = strspn(signature, base64url);
	if (signature_len == 0 || signature[signature_len] != '\0')
		return au_fail(err, AU_EINVAL, "JWT: its signature is not base64url");
	rc = decode(arena, text, header_len, "header", &jwt.header, err);
	if (rc == 0)
		rc = check_header(&jwt, err);
	if (rc == 0)
		rc = decode(arena, payload, payload_len, "payload", &jwt.claims, err);
	if (rc < 0)
		return rc;
	jwt.issuer = au_json_get_str(jwt.claims, "iss");
	if (jwt.issuer == NULL)
		return au_fail(err, AU_EINVAL, "JWT: it names no issuer");
	jwt.signed_parts = au_json_in_arena(arena, json_object());
	set_part(jwt.signed_parts, "protected", text, header_len);
	set_part(jwt.signed_parts, "payload", payload, payload_len);
	set_part(jwt.signed_parts, "signature", signature, signature_len);
	*ret = jwt;
	return 0;
}

/* ---- the signature ---- */

/* The library tells what it does not like on standard error, unless it is told where else. */
static void
say_nothing(void *misc, const char *file, int line, uint64_t err, const char *fmt, va_list ap)
{
	(void)misc;
	(void)file;
	(void)line;
	(void)err;
	(void)fmt;
	(void)ap;
}

int
au_jwt_verify(const struct au_jwt *jwt, const struct au_jwks *keys, struct au_err *err)
{
	size_t cursor = 0;
	const json_t *key = au_jwks_next(keys, jwt->algorithm, jwt->kid, &cursor);
	jose_cfg_auto_t *library = jose_cfg();

	if (key == NULL)
		return au_fail(err, AU_ENOENT, "JWT: the issuer has no such key");
	jose_cfg_set_err_func(library, say_nothing, NULL);
	for (; key != NULL; key = au_jwks_next(keys, jwt->algorithm, jwt->kid, &cursor))
		if (jose_jws_ver(library, jwt->signed_parts, NULL, key, false))
			return 0;
	return au_fail(err, AU_EAUTH, "JWT: its signature is not valid");
}

/* ---- claims ---- */

/* Among the texts of an option. */
static bool
is_item(const struct au_values *values, const char *name, const char *text)
{
	for (size_t i = 0; i < au_values_count(values, name); i++)
		if (au_streq(au_values_item(values, name, i), text))
			return true;
	return false;
}

/* RFC 7519 section 4.1.3: one text or several. */
static bool
is_audience(const json_t *aud, const struct au_values *issuer)
{
	size_t i;
	json_t *item;

	if (json_is_string(aud))
		return is_item(issuer, "audience", json_string_value(aud));
	json_array_foreach ((json_t *)aud, i, item)
		if (json_is_string(item) && is_item(issuer, "audience", json_string_value(item)))
			return true;
	return false;
}

/* A NumericDate (RFC 7519 section 2) in milliseconds; an absent one gives the default. */
static int
date_of(const struct au_jwt *jwt, const char *name, long long dflt, long long *ret, struct au_err *err)
{
	const json_t *value = json_object_get(jwt->claims, name);
	double seconds = json_number_value(value);

	if (value == NULL) {
		*ret = dflt;
		return 0;
	}
	if (!json_is_number(value) || !(seconds >= 0 && seconds <= DATE_MAX))
		return au_fail(err, AU_EAUTH, "JWT: its %s is no date", name);
	*ret = (long long)(seconds * 1000);
	return 0;
}

static int
check_dates(
    const struct au_jwt *jwt, long long skew_ms, long long now_ms, long long *ret_expires_ms, struct au_err *err)
{
	long long expires, not_before = 0, issued = 0;
	int rc = date_of(jwt, "exp", -1, &expires, err);

	if (rc == 0)
		rc = date_of(jwt, "nbf", 0, &not_before, err);
	if (rc == 0)
		rc = date_of(jwt, "iat", 0, &issued, err);
	if (rc < 0)
		return rc;
	if (expires < 0)
		return au_fail(err, AU_EAUTH, "JWT: it has no end");
	if (expires + skew_ms <= now_ms)
		return au_fail(err, AU_EAUTH, "JWT: it is expired");
	if (not_before > now_ms + skew_ms || issued > now_ms + skew_ms)
		return au_fail(err, AU_EAUTH, "JWT: it is not good yet");
	*ret_expires_ms = expires + skew_ms;
	return 0;
}

int
au_jwt_check(const struct au_jwt *jwt, const struct au_values *issuer, long long now_ms, long long *ret_expires_ms,
    struct au_err *err)
{
	if (!is_item(issuer, "algorithms", jwt->algorithm->name))
		return au_fail(err, AU_EAUTH, "JWT: its algorithm is not accepted of this issuer");
	if (!au_streq(jwt->issuer, au_values_str(issuer, "issuer")))
		return au_fail(err, AU_EAUTH, "JWT: it is of another issuer");
	if (!is_audience(json_object_get(jwt->claims, "aud"), issuer))
		return au_fail(err, AU_EAUTH, "JWT: it is meant for another audience");
	return check_dates(jwt, au_values_num(issuer, "clock_skew"), now_ms, ret_expires_ms, err);
}

int
au_jwt_client(const struct au_jwt *jwt, const struct au_values *issuer, const char **ret, struct au_err *err)
{
	const char *name = au_values_str(issuer, "client_claim");
	const json_t *value = json_object_get(jwt->claims, name);

	if (json_string_length(value) == 0 || strlen(json_string_value(value)) != json_string_length(value))
		return au_fail(err, AU_EAUTH, "JWT: its %s names no client", name);
	*ret = json_string_value(value);
	return 0;
}

/* ---- scope ---- */

/* Append a word of the claim that is ours, without its prefix; "scim" needs none. */
static void
put_word(struct au_str *out, const char *prefix, const char *word, size_t len)
{
	bool is_all = len == strlen(AU_SCOPE_ALL) && strncmp(word, AU_SCOPE_ALL, len) == 0;
	size_t skip = is_all ? 0 : strlen(prefix);

	if (len <= skip || strncmp(word, prefix, skip) != 0)
		return;
	if (out->len > 0)
		au_str_putc(out, ' ');
	au_str_putn(out, word + skip, len - skip);
}

static void
put_words(struct au_str *out, const char *prefix, const char *text)
{
	for (size_t len; *text != '\0'; text += len) {
		text += strspn(text, " ");
		len = strcspn(text, " ");
		put_word(out, prefix, text, len);
	}
}

static int
collect(const json_t *value, const char *prefix, struct au_str *out)
{
	size_t i;
	json_t *item;

	if (json_is_string(value)) {
		put_words(out, prefix, json_string_value(value));
		return 0;
	}
	if (!json_is_array(value))
		return -1;
	json_array_foreach ((json_t *)value, i, item) {
		if (!json_is_string(item))
			return -1;
		put_words(out, prefix, json_string_value(item));
	}
	return 0;
}

int
au_jwt_scope(struct au_arena *arena, const struct au_jwt *jwt, const struct au_values *issuer, const char **ret_or_null,
    struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	const char *name = au_values_str(issuer, "scope_claim"), *prefix = au_values_str(issuer, "scope_prefix");
	const json_t *value = json_object_get(jwt->claims, name);

	if (value == NULL && au_values_bool(issuer, "scope_required"))
		return au_fail(err, AU_EAUTH, "JWT: it has no %s", name);
	if (value != NULL && collect(value, prefix, &out) != 0)
		return au_fail(err, AU_EAUTH, "JWT: its %s is no list of words", name);
	*ret_or_null = value != NULL ? au_arena_strdup(arena, au_str_get(&out)) : NULL;
	return 0;
}

/* ---- proof of possession ---- */

int
au_jwt_certificate(const struct au_jwt *jwt, const char **ret_sha256_or_null, struct au_err *err)
{
	const json_t *cnf = json_object_get(jwt->claims, "cnf");
	const char *print = au_json_get_str(cnf, "x5t#S256");

	if (cnf != NULL && (json_object_size(cnf) != 1 || print == NULL || strspn(print, base64url) != SHA256_LEN ||
			       print[SHA256_LEN] != '\0'))
		return au_fail(err, AU_EAUTH, "JWT: it is bound to something else than a certificate");
	*ret_sha256_or_null = print;
	return 0;
}
