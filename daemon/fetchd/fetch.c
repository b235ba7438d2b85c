/* SPDX-License-Identifier: ISC */
/* A new handle for each document: an hour lies between two, so there is nothing to keep. */
#include "fetchd/fetch.h"

#include "base/net.h"
#include "wire/channel.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define ORDER_MAX (2 << 20)
#define REDIRECTS 3
#define CONNECT_MS 10000
#define RETRY_MOST_S (24 * 60 * 60) /* a longer one is no answer */

struct sink {
	struct au_str *body;
	size_t max;
	bool is_full;
	bool may_drop;      /* what was brought is there, however much is said of it */
	bool loopback_only; /* clear text: it must stay on this machine */
	bool strayed;
};

static size_t
take(char *data, size_t size, size_t count, void *ctx)
{
	struct sink *sink = ctx;
	size_t len = size * count;

	sink->is_full = sink->is_full || len > sink->max - sink->body->len;
	if (sink->is_full)
		return sink->may_drop ? len : 0;
	au_str_putn(sink->body, data, len);
	return len;
}

static bool
is_loopback(const struct sockaddr *address)
{
	const struct au_net_address peer = au_net_address_of(address);
	struct au_net v4, v6;

	return au_net_parse("127.0.0.0/8", &v4, NULL) == 0 && au_net_parse("::1", &v6, NULL) == 0 &&
	       (au_net_has(&v4, &peer) || au_net_has(&v6, &peer));
}

static curl_socket_t
on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct sink *sink = ctx;

	(void)purpose;
	sink->strayed = sink->loopback_only && !is_loopback(&address->addr);
	return sink->strayed ? CURL_SOCKET_BAD
			     : socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* A POST goes where the order says, and nowhere else. */
static void
set_post(CURL *curl, const struct au_fetch_order *order, struct sink *sink)
{
	sink->may_drop = true;
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(order->post));
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, order->post);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L); /* no silent repeat on a connection that had died */
	if (order->clear == AU_FETCH_TLS)
		return;
	sink->loopback_only = order->clear == AU_FETCH_LOOPBACK && strncasecmp(order->url, "http:", 5) == 0;
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, sink);
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
	if (order->post != NULL)
		set_post(curl, order, sink);
}

static int
check(CURL *curl, CURLcode code, const struct au_fetch_order *order, const struct sink *sink, const char *text,
    struct au_err *err)
{
	curl_off_t retry_after_s = 0;
	long status = 0;

	if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT)
		return au_fail(err, AU_EINVAL, "expected a URL with https://, behind redirects too");
	if (sink->strayed)
		return au_fail(err, AU_EINVAL, "clear text would leave this machine");
	if (sink->is_full && !sink->may_drop)
		return au_fail(err, AU_ELIMIT, "the document has more than %zu bytes", sink->max);
	if (code != CURLE_OK)
		return au_fail(err, AU_ETEMP, "%s", *text != '\0' ? text : curl_easy_strerror(code));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200 || (order->post != NULL && status / 100 == 2))
		return 0;
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after_s);
	au_fail(err, AU_ETEMP, "the server answered %ld", status);
	err->retry_after_s = (unsigned)(retry_after_s > 0 && retry_after_s < RETRY_MOST_S ? retry_after_s : 0);
	return AU_ETEMP;
}

static struct curl_slist *
fields_of(const struct au_fetch_order *order)
{
	struct curl_slist *fields = curl_slist_append(NULL,
	    order->post != NULL ? "Accept: application/json" : "Accept: application/jwk-set+json, application/json");

	if (order->post != NULL)
		fields = curl_slist_append(fields, "Content-Type: application/json");
	for (size_t i = 0; i < json_array_size(order->fields); i++)
		fields = curl_slist_append(fields, json_string_value(json_array_get(order->fields, i)));
	return fields;
}

int
au_fetch(const struct au_fetch_order *order, struct au_str *body, struct au_err *err)
{
	char text[CURL_ERROR_SIZE] = "";
	struct sink sink = { .body = body, .max = (size_t)order->max };
	struct curl_slist *fields = fields_of(order);
	CURL *curl = curl_easy_init();
	int rc;

	if (curl == NULL || fields == NULL)
		abort();
	set_up(curl, fields, order, &sink, text);
	rc = check(curl, curl_easy_perform(curl), order, &sink, text, err);
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

	if (au_fetch(order, &body, &why) == 0 && order->post == NULL && strlen(au_str_get(&body)) != body.len)
		au_fail(&why, AU_EINVAL, "the document is not text");
	/* what is not UTF-8 is no JSON either, and shall not break the frame */
	au_str_utf8(&clean, au_str_get(&body));
	if (why.code == 0)
		answer.body = au_str_get(&clean);
	else
		answer.problem = why.text;
	answer.retry_after_s = why.retry_after_s;
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
