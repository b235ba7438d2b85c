/* SPDX-License-Identifier: ISC */
/* libcurl's multi interface with its sockets and its one timer on our loop; names are resolved in a thread of its. */
#include "sourced/web.h"

#include "base/mem.h"
#include "base/str.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <sodium.h>
#include <string.h>

#define ETAG_MOST 1024
#define CONNECTIONS 4L

struct request {
	struct au_web *web;
	CURL *curl;
	struct curl_slist *fields;
	struct au_secret *proof, *form;
	const char *credentials; /* in fields, as they were sent */
	struct au_str body;
	char *fresh_etag;
	bool is_full;
	char text[CURL_ERROR_SIZE];
	au_web_done *done;
	void *ctx;
	struct request *next;
};

struct au_web {
	struct event_base *base;
	const struct au_source_config *settings;
	const struct au_secret *client_key;
	CURLM *multi;
	struct event *timer;
	struct request *requests;
};

/* ---- one request ---- */

static size_t
take_body(char *data, size_t size, size_t count, void *ctx)
{
	struct request *request = ctx;
	size_t len = size * count;

	request->is_full = request->is_full || len > (size_t)request->web->settings->max_message - request->body.len;
	if (request->is_full)
		return 0;
	au_str_putn(&request->body, data, len);
	return len;
}

/* libcurl has read Retry-After already; of the others only the entity tag matters. */
static size_t
take_field(char *data, size_t size, size_t count, void *ctx)
{
	static const char name[] = "etag:";
	struct request *request = ctx;
	size_t len = size * count, from = sizeof(name) - 1, to = len;
	AU_CLEANUP(au_freep) char *head = au_xstrndup(data, len < from ? len : from);

	if (len < from || len > ETAG_MOST || !au_strcaseeq(head, name))
		return len;
	while (from < to && (data[from] == ' ' || data[from] == '\t'))
		from++;
	while (to > from && strchr(" \t\r\n", data[to - 1]) != NULL)
		to--;
	free(request->fresh_etag);
	request->fresh_etag = au_xstrndup(data + from, to - from);
	return len;
}

/* libcurl copies the fields, and frees its copy without wiping; ours need not lie about as well. */
static void
wipe_fields(struct curl_slist *fields)
{
	for (struct curl_slist *field = fields; field != NULL; field = field->next)
		au_wipe(field->data, strlen(field->data));
	curl_slist_free_all(fields);
}

/* A body may have been a token. */
static void
free_request(struct request *request)
{
	struct request **at = &request->web->requests;

	while (*at != request)
		at = &(*at)->next;
	*at = request->next;
	curl_multi_remove_handle(request->web->multi, request->curl);
	curl_easy_cleanup(request->curl);
	wipe_fields(request->fields);
	au_secret_free(request->proof);
	au_secret_free(request->form);
	if (request->body.data != NULL)
		au_wipe(request->body.data, request->body.len);
	au_str_done(&request->body);
	free(request->fresh_etag);
	free(request);
}

/* The field as it is kept. */
static const char *
add_field(struct request *request, const char *name, const char *value)
{
	char *line = au_xasprintf("%s: %s", name, value);
	struct curl_slist *longer = curl_slist_append(request->fields, line), *last = longer;

	au_wipe(line, strlen(line));
	free(line);
	if (longer == NULL)
		abort();
	request->fields = longer;
	while (last->next != NULL)
		last = last->next;
	return last->data;
}

/* "USER:PASSWORD" in base64 (RFC 7617 section 2).  Caller wipes and frees. */
static char *
basic_of(const char *user, const struct au_secret *password)
{
	char *pair = au_xasprintf("%s:%s", user, au_secret_text(password));
	size_t len = strlen(pair), size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
	char *text = au_xcalloc(1, size);

	sodium_bin2base64(text, size, (const unsigned char *)pair, len, sodium_base64_VARIANT_ORIGINAL);
	au_wipe(pair, len);
	free(pair);
	return text;
}

static void
add_proof(struct request *request, const struct au_web_order *order)
{
	if (order->proof == NULL)
		return;
	request->proof = au_secret_new(au_secret_text(order->proof), au_secret_len(order->proof));
	if (order->form != NULL && order->user == NULL)
		return;
	char *text =
	    order->user != NULL ? basic_of(order->user, order->proof) : au_xstrdup(au_secret_text(order->proof));
	char *value = au_xasprintf("%s %s", order->user != NULL ? "Basic" : "Bearer", text);
	const char *field = add_field(request, "Authorization", value);
	request->credentials = field + strlen(field) - strlen(text);
	au_wipe(text, strlen(text));
	au_wipe(value, strlen(value));
	free(text);
	free(value);
}

static void
set_tls(const struct au_web *web, CURL *curl, const struct au_web_order *order)
{
	const struct au_source_config *settings = web->settings;

	curl_easy_setopt(curl, CURLOPT_SSLVERSION,
	    (long)(au_streq(settings->tls_min, "1.3") ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2));
	if (order->ca_file != NULL) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, order->ca_file);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	if (order->crl_file != NULL)
		curl_easy_setopt(curl, CURLOPT_CRLFILE, order->crl_file);
	if (order->pins != NULL)
		curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, order->pins);
	if (web->client_key != NULL) {
		struct curl_blob key = { .data = (void *)(uintptr_t)au_secret_text(web->client_key),
			.len = au_secret_len(web->client_key),
			.flags = CURL_BLOB_NOCOPY };
		curl_easy_setopt(curl, CURLOPT_SSLCERT, settings->client_certificate);
		curl_easy_setopt(curl, CURLOPT_SSLKEY_BLOB, &key);
	}
}

static void
set_form(struct request *request, const struct au_secret *form)
{
	if (form == NULL)
		return;
	request->form = au_secret_new(au_secret_text(form), au_secret_len(form));
	curl_easy_setopt(request->curl, CURLOPT_POSTFIELDS, au_secret_text(request->form));
	curl_easy_setopt(request->curl, CURLOPT_POSTFIELDSIZE, (long)au_secret_len(request->form));
}

/* Nothing here can fail with the library that is asked for but for want of memory. */
static void
set_up(struct request *request, const struct au_web_order *order)
{
	const struct au_source_config *settings = request->web->settings;
	CURL *curl = request->curl;

	add_field(request, "Accept", order->accept);
	if (order->etag != NULL)
		add_field(request, "If-None-Match", order->etag);
	add_proof(request, order);
	set_form(request, order->form);
	curl_easy_setopt(curl, CURLOPT_URL, order->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)settings->operation_timeout);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, request->fields);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "apiuserd");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, request);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_field);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, request);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, request->text);
	curl_easy_setopt(curl, CURLOPT_PRIVATE, request);
	set_tls(request->web, curl, order);
}

/* Whether trying again cannot help. */
static bool
is_setup(CURLcode code)
{
	return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
	       code == CURLE_SSL_CRL_BADFILE || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH ||
	       code == CURLE_SSL_CERTPROBLEM || code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
}

static void
finish(struct request *request, CURLcode code)
{
	AU_CLEANUP(au_freep) char *too_much = NULL;
	struct au_web_answer answer = {
		.body = au_str_get(&request->body),
		.len = request->body.len,
		.etag = request->fresh_etag,
		.secrets = { au_secret_text(request->proof), request->credentials },
	};
	long status = 0;
	curl_off_t wait = 0;

	if (request->is_full)
		answer.why = too_much = au_xasprintf(
		    "an answer has more than %lld bytes (option max_message)", request->web->settings->max_message);
	else if (code != CURLE_OK)
		answer.why = *request->text != '\0' ? request->text : curl_easy_strerror(code);
	answer.kind = request->is_full || is_setup(code) ? AU_FAULT_SETUP : AU_FAULT_REACH;
	answer.fail_over = answer.why != NULL;
	if (answer.why == NULL) {
		curl_easy_getinfo(request->curl, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(request->curl, CURLINFO_RETRY_AFTER, &wait);
		answer.status = (int)status;
		answer.retry_after_ms = wait > 0 && wait < INT32_MAX ? (int64_t)wait * 1000 : 0;
	}
	request->done(request->ctx, &answer);
	free_request(request);
}

/* Whatever is done by now.  A callback may cancel others, so each turn asks anew. */
static void
finish_all(struct au_web *web)
{
	CURLMsg *message;
	struct request *request;
	int left;

	while ((message = curl_multi_info_read(web->multi, &left)) != NULL)
		if (message->msg == CURLMSG_DONE) {
			CURLcode code = message->data.result;
			curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&request);
			finish(request, code);
		}
}

/* ---- libcurl on the loop ---- */

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct au_web *web = arg;
	int running, mask = (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

	curl_multi_socket_action(web->multi, fd, mask, &running);
	finish_all(web);
}

static void
on_time(evutil_socket_t fd, short what, void *arg)
{
	struct au_web *web = arg;
	int running;

	(void)fd;
	(void)what;
	curl_multi_socket_action(web->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	finish_all(web);
}

static int
set_timer(CURLM *multi, long ms, void *ctx)
{
	struct au_web *web = ctx;
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	(void)multi;
	if (ms < 0)
		event_del(web->timer);
	else
		event_add(web->timer, &wait);
	return 0;
}

/* of_socket: the event that watches this socket already. */
static int
set_socket(CURL *curl, curl_socket_t fd, int what, void *ctx, void *of_socket)
{
	struct au_web *web = ctx;
	struct event *watching = of_socket;
	short mask = EV_PERSIST;

	(void)curl;
	if (watching != NULL)
		event_free(watching);
	if (what != CURL_POLL_IN)
		mask |= EV_WRITE;
	if (what != CURL_POLL_OUT)
		mask |= EV_READ;
	watching = what == CURL_POLL_REMOVE ? NULL : event_new(web->base, fd, mask, on_ready, web);
	if (watching != NULL)
		event_add(watching, NULL);
	curl_multi_assign(web->multi, fd, watching);
	return 0;
}

int
au_web_new(struct event_base *base, const struct au_source_config *settings, const struct au_secret *client_key,
    struct au_web **ret, struct au_err *err)
{
	CURLM *multi = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_multi_init() : NULL;

	if (multi == NULL)
		return au_fail(err, AU_EIO, "libcurl cannot be used");
	struct au_web *web = au_xcalloc(1, sizeof(*web));
	*web = (struct au_web){ .base = base, .settings = settings, .client_key = client_key, .multi = multi };
	web->timer = evtimer_new(base, on_time, web);
	curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, CONNECTIONS);
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, web);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, web);
	*ret = web;
	return 0;
}

void
au_web_cancel(struct au_web *web)
{
	while (web->requests != NULL)
		free_request(web->requests); /* NOLINT(clang-analyzer-unix.Malloc) */
}

void
au_web_free(struct au_web *web)
{
	if (web == NULL)
		return;
	au_web_cancel(web);
	curl_multi_cleanup(web->multi);
	event_free(web->timer);
	free(web);
	curl_global_cleanup();
}

void
au_web_send(struct au_web *web, const struct au_web_order *order, au_web_done *done, void *ctx)
{
	struct request *request = au_xcalloc(1, sizeof(*request));

	*request =
	    (struct request){ .web = web, .curl = curl_easy_init(), .done = done, .ctx = ctx, .next = web->requests };
	if (request->curl == NULL)
		abort();
	web->requests = request;
	set_up(request, order);
	curl_multi_add_handle(web->multi, request->curl);
}

char *
au_web_escape(const char *text)
{
	char *escaped = curl_easy_escape(NULL, text, 0);
	char *copy = au_xstrdup(escaped);

	curl_free(escaped);
	return copy;
}
