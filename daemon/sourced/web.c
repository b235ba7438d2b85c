/* SPDX-License-Identifier: ISC */
/* libcurl's multi interface with its sockets and its one timer on our loop; names are resolved in a thread of its. */
#include "sourced/web.h"

#include "base/mem.h"
#include "base/str.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <string.h>

#define ETAG_MOST 1024
#define CONNECTIONS 4L

struct request {
	struct au_web *web;
	CURL *curl;
	struct curl_slist *fields;
	struct au_str body;
	char *etag, *fresh_etag;
	bool is_full;
	char text[CURL_ERROR_SIZE];
	au_web_done *done;
	void *ctx;
	struct request *next;
};

struct au_web {
	struct event_base *base;
	struct au_web_config config;
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

	request->is_full = request->is_full || len > request->web->config.max_answer - request->body.len;
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
	au_str_done(&request->body);
	free(request->etag);
	free(request->fresh_etag);
	free(request);
}

static void
add_field(struct request *request, const char *name, const char *value)
{
	char *line = au_xasprintf("%s: %s", name, value);
	struct curl_slist *longer = curl_slist_append(request->fields, line);

	au_wipe(line, strlen(line));
	free(line);
	if (longer == NULL)
		abort();
	request->fields = longer;
}

static void
set_tls(CURL *curl, const struct au_web_config *config)
{
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (config->ca_file != NULL) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, config->ca_file);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	if (config->client_key != NULL) {
		struct curl_blob key = { .data = (void *)(uintptr_t)au_secret_text(config->client_key),
			.len = au_secret_len(config->client_key),
			.flags = CURL_BLOB_NOCOPY };
		curl_easy_setopt(curl, CURLOPT_SSLCERT, config->client_certificate);
		curl_easy_setopt(curl, CURLOPT_SSLKEY_BLOB, &key);
	}
}

/* Nothing here can fail with the library that is asked for but for want of memory. */
static void
set_up(struct request *request, const char *path)
{
	const struct au_web_config *config = &request->web->config;
	AU_CLEANUP(au_freep) char *url = au_xasprintf("%s%s", config->url, path);
	CURL *curl = request->curl;

	add_field(request, "Accept", "application/scim+json, application/json");
	if (request->etag != NULL)
		add_field(request, "If-None-Match", request->etag);
	if (config->token != NULL) {
		char *value = au_xasprintf("Bearer %s", au_secret_text(config->token));
		add_field(request, "Authorization", value);
		au_wipe(value, strlen(value));
		free(value);
	}
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)config->connect_timeout_ms);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)config->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, request->fields);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "apiuserd");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, request);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_field);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, request);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, request->text);
	curl_easy_setopt(curl, CURLOPT_PRIVATE, request);
	set_tls(curl, config);
}

/* Whether trying again cannot help. */
static bool
is_setup(CURLcode code)
{
	return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
	       code == CURLE_SSL_CERTPROBLEM || code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
}

static void
finish(struct request *request, CURLcode code)
{
	AU_CLEANUP(au_freep) char *too_much = NULL;
	struct au_web_answer answer = {
		.body = au_str_get(&request->body), .len = request->body.len, .etag = request->fresh_etag
	};
	long status = 0;
	curl_off_t wait = 0;

	if (request->is_full)
		answer.why = too_much = au_xasprintf(
		    "an answer has more than %zu bytes (option max_message)", request->web->config.max_answer);
	else if (code != CURLE_OK)
		answer.why = *request->text != '\0' ? request->text : curl_easy_strerror(code);
	answer.is_setup = request->is_full || is_setup(code);
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
au_web_new(struct event_base *base, const struct au_web_config *config, struct au_web **ret, struct au_err *err)
{
	CURLM *multi = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_multi_init() : NULL;

	if (multi == NULL)
		return au_fail(err, AU_EIO, "libcurl cannot be used");
	struct au_web *web = au_xcalloc(1, sizeof(*web));
	*web = (struct au_web){ .base = base, .config = *config, .multi = multi };
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
		free_request(web->requests);
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
au_web_get(struct au_web *web, const char *path, const char *etag, au_web_done *done, void *ctx)
{
	struct request *request = au_xcalloc(1, sizeof(*request));

	*request = (struct request){ .web = web,
		.curl = curl_easy_init(),
		.etag = au_xstrdup(etag),
		.done = done,
		.ctx = ctx,
		.next = web->requests };
	if (request->curl == NULL)
		abort();
	web->requests = request;
	set_up(request, path);
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
