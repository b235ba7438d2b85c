/* SPDX-License-Identifier: ISC */
/* They are read for each start of the source's process, so a renewed one counts from then on. */
#include "source/secrets.h"

#include "base/io.h"
#include "base/mem.h"

void
au_secret_places_init(struct au_secret_places *places, const struct au_values *source)
{
	places->password = au_xstrdup(au_values_str(source, "password"));
	places->client_key = au_xstrdup(au_values_str(source, "client_key"));
	places->token = au_xstrdup(au_values_str(source, "token"));
	places->client_secret = au_xstrdup(au_values_str(source, "client_secret"));
	places->keytab = au_xstrdup(au_values_str(source, "keytab"));
}

void
au_secret_places_done(struct au_secret_places *places)
{
	free(places->password);
	free(places->client_key);
	free(places->token);
	free(places->client_secret);
	free(places->keytab);
}

static int
read_secret(const char *place, struct au_secret **ret, const char *what, struct au_err *err)
{
	if (place == NULL)
		return 0;
	return au_io_secret(place, ret, err) < 0 ? au_err_prefix(err, AU_EIO, "%s", what) : 0;
}

int
au_secrets_read(const struct au_secret_places *places, struct au_secrets *ret, struct au_err *err)
{
	int rc = read_secret(places->password, &ret->password, "password", err);

	if (rc == 0)
		rc = read_secret(places->client_key, &ret->client_key, "client_key", err);
	if (rc == 0)
		rc = read_secret(places->token, &ret->token, "token", err);
	if (rc == 0)
		rc = read_secret(places->client_secret, &ret->client_secret, "client_secret", err);
	if (rc == 0 && places->keytab != NULL && au_io_secret_path(places->keytab, &ret->keytab, err) < 0)
		rc = au_err_prefix(err, AU_EIO, "keytab");
	return rc;
}

void
au_secrets_done(struct au_secrets *secrets)
{
	au_secret_free(secrets->password);
	au_secret_free(secrets->client_key);
	au_secret_free(secrets->token);
	au_secret_free(secrets->client_secret);
	free(secrets->keytab);
}
