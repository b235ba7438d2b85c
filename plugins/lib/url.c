/* SPDX-License-Identifier: ISC */
/* Taken apart by libcurl's own parser, so that what is checked is what is used. */
#include "lib/url.h"

#include "base/mem.h"
#include "lib/address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>

static const struct {
	CURLUPart part;
	const char *name;
} unwanted[] = {
	{ CURLUPART_USER, "user name" },
	{ CURLUPART_PASSWORD, "password" },
	{ CURLUPART_QUERY, "query" },
	{ CURLUPART_FRAGMENT, "fragment" },
};

static void
free_url(CURLU **url)
{
	curl_url_cleanup(*url);
}

static bool
part_is(CURLU *parsed, CURLUPart part, const char *text)
{
	char *found = NULL;
	bool same = curl_url_get(parsed, part, &found, 0) == CURLUE_OK && strcasecmp(found, text) == 0;

	curl_free(found);
	return same;
}

/* Names of this machine; what they resolve to is looked at again when the connection is made. */
static bool
is_this_machine(CURLU *parsed)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	char *host = NULL;
	bool is;

	if (curl_url_get(parsed, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		return false;
	is = strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	     (inet_pton(AF_INET, host, &address.sin_addr) == 1 && au_address_is_loopback((struct sockaddr *)&address));
	curl_free(host);
	return is;
}

int
au_url_check(const char *url, bool insecure, char **ret, bool *ret_clear_text, struct au_err *err)
{
	AU_CLEANUP(free_url) CURLU *parsed = curl_url();
	size_t len = strlen(url);
	bool clear_text;

	if (curl_url_set(parsed, CURLUPART_URL, url, 0) != CURLUE_OK)
		return au_fail(err, AU_EINVAL, "url '%s': expected https://HOST", url);
	for (size_t i = 0; i < AU_COUNT(unwanted); i++) {
		char *found = NULL;
		bool there = curl_url_get(parsed, unwanted[i].part, &found, 0) == CURLUE_OK;

		curl_free(found);
		if (there)
			return au_fail(err, AU_EINVAL, "url: expected no %s in it", unwanted[i].name);
	}
	clear_text = part_is(parsed, CURLUPART_SCHEME, "http");
	if (!clear_text && !part_is(parsed, CURLUPART_SCHEME, "https"))
		return au_fail(err, AU_EINVAL, "url '%s': expected https", url);
	if (clear_text && !insecure && !is_this_machine(parsed))
		return au_fail(err, AU_EINVAL, "url '%s': http sends passwords in clear text, expected https", url);
	while (len > 0 && url[len - 1] == '/')
		len--;
	*ret = au_xstrndup(url, len);
	*ret_clear_text = clear_text;
	return 0;
}
