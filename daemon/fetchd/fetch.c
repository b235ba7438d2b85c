/* SPDX-License-Identifier: ISC */
/* A new handle for each document: an hour lies between two, so there is nothing to keep. */
#include "fetchd/fetch.h"

#include "wire/channel.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define ORDER_MAX (64 << 10)
#define REDIRECTS 3
#define CONNECT_MS 10000

struct sink {
	struct au_str *body;
	size_t max;
	bool is_full;
};

static size_t
take(char *data, size_t size, size_t count, void *ctx)
{
	struct sink *sink = ctx;
	size_t len = size * count;

	sink->is_full = sink->is_full || len > sink->max - sink->body->len;
	if (sink->is_full)
		return 0;
	au_str_putn(sink->body, data, len);
	return len;
}

/* Nothing here can fail with the library that is asked for but for want of memory. */
static void
set_up(CURL *curl, struct curl_slist *fields, const struct au_fetch_order *order, struct sink *sink, char *text)
{
	curl_easy_setopt(curl, CURLOPT_URL, order->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)REDIRECTS);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (order->ca_file != NULL) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, order->ca_file);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)order->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "apiuserd-fetch");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, sink);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, text);
}

static int
check(CURL *curl, CURLcode code, const struct sink *sink, const char *text, struct au_err *err)
{
	long status = 0;

	if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT)
		return au_fail(err, AU_EINVAL, "expected a URL with https://, behind redirects too");
	if (sink->is_full)
		return au_fail(err, AU_ELIMIT, "the document has more than %zu bytes", sink->max);
	if (code != CURLE_OK)
		return au_fail(err, AU_ETEMP, "%s", *text != '\0' ? text : curl_easy_strerror(code));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	return status == 200 ? 0 : au_fail(err, AU_ETEMP, "the server answered %ld", status);
}

int
au_fetch(const struct au_fetch_order *order, struct au_str *body, struct au_err *err)
{
	char text[CURL_ERROR_SIZE] = "";
	struct sink sink = { .body = body, .max = (size_t)order->max };
	struct curl_slist *fields = curl_slist_append(NULL, "Accept: application/jwk-set+json, application/json");
	CURL *curl = curl_easy_init();
	int rc;

	if (curl == NULL || fields == NULL)
		abort();
	set_up(curl, fields, order, &sink, text);
	rc = check(curl, curl_easy_perform(curl), &sink, text, err);
	curl_easy_cleanup(curl);
	curl_slist_free_all(fields);
	return rc;
}

/* ---- serving ---- */

static int
answer(int fd, const struct au_fetch_order *order, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str body = AU_STR_INIT, clean = AU_STR_INIT;
	struct au_err why = { .code = 0 };
	struct au_fetch_answer answer = { .id = order->id };

	if (au_fetch(order, &body, &why) == 0 && strlen(au_str_get(&body)) != body.len)
		au_fail(&why, AU_EINVAL, "the document is not text");
	/* what is not UTF-8 is no JSON either, and shall not break the frame */
	au_str_utf8(&clean, au_str_get(&body));
	if (why.code == 0)
		answer.body = au_str_get(&clean);
	else
		answer.problem = why.text;
	return au_channel_reply(fd, au_fetch_answer_to_json(&answer), err);
}

int
au_fetch_serve(int fd)
{
	struct au_err err = { .code = 0 };
	int rc;

	do {
		AU_CLEANUP(au_json_decrefp) json_t *message = NULL;
		struct au_fetch_order order;

		rc = au_channel_receive(fd, ORDER_MAX, &message, &err);
		if (rc == 0)
			rc = au_fetch_order_from_json(message, &order, &err);
		if (rc == 0)
			rc = answer(fd, &order, &err);
	} while (rc == 0);
	return rc == AU_ENOENT ? EXIT_SUCCESS : EXIT_FAILURE;
}
