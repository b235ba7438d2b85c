/* SPDX-License-Identifier: ISC */
/* The ticket system: an address needs a key, and the other way round. */
#include "settings/settings_check.h"

#include "base/io.h"
#include "base/signature.h"
#include "settings/address.h"

#include <stdlib.h>
#include <string.h>

static int
check_url(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	const char *url = au_values_str(values, "url");
	bool is_tls = false, is_loopback = false;
	int rc = au_address_web(url, &is_tls, &is_loopback, err);

	if (rc < 0)
		return au_raw_prefix(au_raw_line(at, "url"), err, rc);
	if (!is_tls && !is_loopback && !au_values_bool(values, "insecure"))
		return au_raw_fail(au_raw_line(at, "url"), err, AU_EINVAL,
		    "URL '%s' would be told in clear text: use https://, or set insecure", url);
	return 0;
}

/* Its place was looked at as that of any secret; this is about its form. */
static int
check_key(const struct au_raw *at, const struct au_values *values, const char *option, struct au_err *err)
{
	AU_CLEANUP(au_secret_freep) struct au_secret *text = NULL, *key = NULL;
	const char *place = au_values_str(values, option);
	int rc;

	if (place == NULL ||
	    (strncmp(place, "credential:", strlen("credential:")) == 0 && getenv("CREDENTIALS_DIRECTORY") == NULL))
		return 0;
	rc = au_io_secret(place, &text, err);
	if (rc == 0)
		rc = au_signature_key(text, &key, err);
	if (rc < 0)
		au_err_prefix(err, rc, "option '%s'", option);
	return rc < 0 ? au_raw_prefix(au_raw_line(at, option), err, rc) : 0;
}

int
au_check_webhook(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	int rc = au_check_pair(at, values, "url", "key", err);

	if (rc == 0 && au_values_str(values, "url") != NULL)
		rc = check_url(at, values, err);
	if (rc == 0 && au_values_str(values, "second_key") != NULL && au_values_str(values, "key") == NULL)
		rc = au_raw_fail(au_raw_line(at, "second_key"), err, AU_EINVAL, "option 'second_key': needs 'key'");
	if (rc == 0)
		rc = check_key(at, values, "key", err);
	return rc == 0 ? check_key(at, values, "second_key", err) : rc;
}
