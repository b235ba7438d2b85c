/* SPDX-License-Identifier: ISC */
/* Issuers of JWTs, and by what SCIM clients are known: what must go together, and that no two clients are one. */
#include "settings/settings_check.h"

#include "settings/address.h"
#include "settings/rows.h"

#include <string.h>

static bool
is_algorithm(const char *name)
{
	for (const char *const *known = au_jwt_algorithms; *known; known++)
		if (au_streq(*known, name))
			return true;
	return false;
}

static int
check_algorithms(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	for (size_t i = 0; i < au_values_count(values, "algorithms"); i++)
		if (!is_algorithm(au_values_item(values, "algorithms", i)))
			return au_raw_fail(au_raw_line(at, "algorithms"), err, AU_EINVAL,
			    "algorithm '%s' is not one of RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512",
			    au_values_item(values, "algorithms", i));
	return 0;
}

/* Keys come from one place, and over the network only with proof of where from. */
static int
check_keys(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	const char *url = au_values_str(values, "jwks_url");
	int rc;

	if ((au_values_str(values, "jwks_file") != NULL) == (url != NULL))
		return au_raw_fail(
		    au_raw_line(at, "jwks_url"), err, AU_EINVAL, "expected one of 'jwks_file' and 'jwks_url'");
	if (url == NULL && au_values_str(values, "ca_file") != NULL)
		return au_raw_fail(
		    au_raw_line(at, "ca_file"), err, AU_EINVAL, "option 'ca_file': only 'jwks_url' uses it");
	if (url == NULL)
		return 0;
	if (strncmp(url, "https://", strlen("https://")) != 0)
		return au_raw_fail(
		    au_raw_line(at, "jwks_url"), err, AU_EINVAL, "URL '%s': expected one with https://", url);
	rc = au_address_base_url(url, err);
	return rc < 0 ? au_raw_prefix(au_raw_line(at, "jwks_url"), err, rc) : 0;
}

int
au_check_issuer(
    const struct au_raw *at, const struct au_settings *settings, const struct au_values *values, struct au_err *err)
{
	const char *issuer = au_values_str(values, "issuer");
	int rc = check_keys(at, values, err);

	/* a token is judged by the one issuer that it names */
	for (size_t i = 0; rc == 0 && i < settings->issuer_count; i++)
		if (au_streq(au_values_str(settings->issuers[i].values, "issuer"), issuer))
			rc = au_raw_fail(au_raw_line(at, "issuer"), err, AU_EINVAL,
			    "issuer '%s' is that of '%s' already", issuer, settings->issuers[i].name);
	return rc == 0 ? check_algorithms(at, values, err) : rc;
}

/* ---- clients ---- */

#define PRINT "sha256:"
#define PRINT_LEN 64

/* As the verified certificate will be told of, so that a typing error is not a client that never gets in. */
static bool
is_certificate(const char *text)
{
	static const char *const kinds[] = { "DNS:", "URI:", "email:", "IP:" };

	if (strncmp(text, PRINT, strlen(PRINT)) == 0)
		return strlen(text) == strlen(PRINT) + PRINT_LEN &&
		       strspn(text + strlen(PRINT), "0123456789abcdef") == PRINT_LEN;
	for (size_t i = 0; i < AU_COUNT(kinds); i++)
		if (strncmp(text, kinds[i], strlen(kinds[i])) == 0)
			return text[strlen(kinds[i])] != '\0';
	return strchr(text, '=') != NULL;
}

static int
check_certificates(
    const struct au_raw *at, const struct au_settings *settings, const struct au_values *values, struct au_err *err)
{
	size_t count = au_values_count(values, "certificate");

	if (count == 0 && au_values_bool(values, "certificate_alone"))
		return au_raw_fail(au_raw_line(at, "certificate_alone"), err, AU_EINVAL,
		    "option 'certificate_alone': needs 'certificate' beside it");
	for (size_t i = 0; i < count; i++)
		if (!is_certificate(au_values_item(values, "certificate", i)))
			return au_raw_fail(au_raw_line(at, "certificate"), err, AU_EINVAL,
			    "certificate '%s': expected \"sha256:\" with 64 lower-case hex digits, \"DNS:\", \"URI:\", "
			    "\"email:\" or \"IP:\" with a name, or a subject such as \"CN=...\"",
			    au_values_item(values, "certificate", i));
	if (count > 0 && au_streq(au_values_str(settings->scim, "tls_client_auth"), "none"))
		return au_raw_fail(au_raw_line(at, "certificate"), err, AU_EINVAL,
		    "option 'certificate': needs 'tls_client_auth' in section 'scim'");
	return 0;
}

static const struct au_block *
same_subject(const struct au_settings *settings, const struct au_block *client)
{
	for (size_t i = 0; i < settings->client_count; i++) {
		const struct au_block *other = &settings->clients[i];
		if (other != client &&
		    au_streq(au_values_str(other->values, "jwt_issuer"), au_values_str(client->values, "jwt_issuer")) &&
		    au_streq(au_values_str(other->values, "jwt_client"), au_values_str(client->values, "jwt_client")))
			return other;
	}
	return NULL;
}

int
au_check_client(
    const struct au_raw *at, const struct au_settings *settings, const struct au_block *client, struct au_err *err)
{
	const char *issuer = au_values_str(client->values, "jwt_issuer");
	const struct au_block *other;
	int rc = au_check_pair(at, client->values, "jwt_issuer", "jwt_client", err);

	if (rc == 0)
		rc = check_certificates(at, settings, client->values, err);
	if (rc == 0)
		rc = au_check_scim_paths(at, client->values, "path_expires", err);
	if (rc < 0 || issuer == NULL)
		return rc;
	if (au_settings_issuer(settings, issuer) == NULL)
		return au_raw_fail(
		    au_raw_line(at, "jwt_issuer"), err, AU_EINVAL, "issuer '%s' is not in scim_issuers", issuer);
	if ((other = same_subject(settings, client)) != NULL)
		return au_raw_fail(au_raw_line(at, "jwt_client"), err, AU_EINVAL,
		    "jwt_client '%s' of issuer '%s' is SCIM client '%s' already",
		    au_values_str(client->values, "jwt_client"), issuer, other->name);
	return 0;
}
