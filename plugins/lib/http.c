/* SPDX-License-Identifier: ISC */
/* The way of one request; url.c looks at the url, status.c says what an answer means. */
#include "lib/http.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/rate.h"
#include "base/secret.h"
#include "base/str.h"
#include "lib/address.h"
#include "lib/url.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CONNECT_MAX_MS 10000
#define HEAD_MAX (64u << 10)
#define WINDOW_S 300
/* A tenth of the window's requests may come at once, the others evenly, so that no window ever holds more than its
 * limit. */
#define BURST_SHARE 10

struct au_http {
	struct au_http_config config;
	char *url, *ca_file;
	bool loopback_only; /* clear text: it must stay on this machine */
	CURL *curl;
	struct au_rate rate;
	/* Of the request under way. */
	struct au_buf body;
	size_t head_len;
	bool too_long, bad_address;
	char reason[CURL_ERROR_SIZE];
};

/* ---- what libcurl calls -------------------------------------------------------- */

static size_t
on_body(char *data, size_t size, size_t count, void *ctx)
{
	struct au_http *http = ctx;

	if (http->body.len + size * count > http->config.max_answer) {
		http->too_long = true;
		return 0;
	}
	au_buf_add(&http->body, data, size * count);
	return size * count;
}

static size_t
on_head(char *data, size_t size, size_t count, void *ctx)
{
	struct au_http *http = ctx;

	(void)data;
	http->head_len += size * count;
	http->too_long = http->head_len > HEAD_MAX;
	return http->too_long ? 0 : size * count;
}

static curl_socket_t
on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct au_http *http = ctx;

	(void)purpose;
	if (au_address_is_forbidden(&address->addr) ||
	    (http->loopback_only && !au_address_is_loopback(&address->addr))) {
		http->bad_address = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- life -------------------------------------------------------------------- */

static void
set_up_curl(struct au_http *http)
{
	const struct au_http_config *c = &http->config;
	CURL *curl = http->curl;
	long connect_ms = c->timeout_ms < CONNECT_MAX_MS ? (long)c->timeout_ms : CONNECT_MAX_MS;

	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, c->insecure || http->loopback_only ? "http,https" : "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (http->ca_file != NULL) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, http->ca_file);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)c->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "apiuserd");
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, http->reason);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, http);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_head);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, http);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, http);
}

int
au_http_new(const struct au_http_config *config, struct au_http **ret, struct au_err *err)
{
	struct au_http *http;
	char *url;
	bool clear_text;
	int r;

	if (config->ca_file != NULL && access(config->ca_file, R_OK) != 0)
		return au_fail(err, AU_EINVAL, "certificate file '%s': %s", config->ca_file, strerror(errno));
	if ((r = au_url_check(config->url, config->insecure, &url, &clear_text, err)) != 0)
		return r;
	http = au_xcalloc(1, sizeof(*http));
	http->config = *config;
	http->url = url;
	http->ca_file = au_xstrdup(config->ca_file);
	http->loopback_only = clear_text && !config->insecure;
	http->curl = curl_easy_init();
	if (http->curl == NULL) {
		au_http_free(http);
		return au_fail(err, AU_EBUG, "libcurl does not start");
	}
	set_up_curl(http);
	if (config->request_limit > 0)
		au_rate_init(&http->rate, (double)config->request_limit * (BURST_SHARE - 1) / BURST_SHARE / WINDOW_S,
		    (double)config->request_limit / BURST_SHARE, config->host->mono_ms());
	*ret = http;
	return 0;
}

void
au_http_free(struct au_http *http)
{
	if (http == NULL)
		return;
	curl_easy_cleanup(http->curl);
	free(http->url);
	free(http->ca_file);
	free(http);
}

/* ---- one request --------------------------------------------------------------- */

static void
wait_for_turn(struct au_http *http)
{
	int64_t wait_ms;

	while (http->config.request_limit > 0 && !au_rate_take(&http->rate, http->config.host->mono_ms(), &wait_ms)) {
		struct timespec pause = { wait_ms / 1000, (wait_ms % 1000) * 1000000 };

		nanosleep(&pause, NULL);
	}
}

/* A value may be a secret. */
static struct curl_slist *
add_header(struct curl_slist *head, const char *name, const char *value)
{
	char *line;

	if (name == NULL)
		return head;
	line = au_xasprintf("%s: %s", name, value);
	head = curl_slist_append(head, line);
	au_wipe(line, strlen(line));
	free(line);
	return head;
}

static struct curl_slist *
head_of(const struct au_http_request *request)
{
	const char *type = request->type != NULL ? request->type : "application/json";
	struct curl_slist *head = curl_slist_append(NULL, "Expect:");

	head = add_header(head, "Accept", type);
	if (request->form == NULL && request->body != NULL)
		head = add_header(head, "Content-Type", type);
	head = add_header(head, request->header, request->value);
	return add_header(head, request->header2, request->value2);
}

/* What is sent, or NULL; the caller wipes it. */
static char *
body_of(const struct au_http_request *request)
{
	if (request->form != NULL)
		return au_xstrdup(request->form);
	return request->body != NULL ? au_json_text(request->body) : NULL;
}

static void
wipe_head(struct curl_slist *head)
{
	for (struct curl_slist *line = head; line != NULL; line = line->next)
		au_wipe(line->data, strlen(line->data));
	curl_slist_free_all(head);
}

static CURLcode
perform(struct au_http *http, const struct au_http_request *request)
{
	struct curl_slist *head = head_of(request);
	AU_CLEANUP(au_freep) char *url = au_xasprintf("%s%s", http->url, request->path);
	char *body = body_of(request);
	CURL *curl = http->curl;
	CURLcode result;

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	if (body != NULL) {
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	}
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
	/* libcurl repeats a request by itself when a connection that it used again turns out to be dead. */
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, request->once ? 1L : 0L);
	result = curl_easy_perform(curl);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, NULL);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
	wipe_head(head);
	if (body != NULL)
		au_wipe(body, strlen(body));
	free(body);
	return result;
}

/* Why there is no answer, and whether the product may have acted all the same. */
static int
fail_transport(struct au_http *http, const struct au_http_request *request, CURLcode result, struct au_err *err)
{
	const char *reason = http->reason[0] != '\0' ? http->reason : curl_easy_strerror(result);
	long sent = 0;

	curl_easy_getinfo(http->curl, CURLINFO_REQUEST_SIZE, &sent);
	if (request->once && sent > 0)
		return au_fail(
		    err, AU_EUNKNOWN, "%s %s: sent, but no answer: %s", request->method, request->path, reason);
	if (http->too_long)
		return au_fail(err, AU_ELIMIT, "%s %s: answer longer than %zu bytes", request->method, request->path,
		    http->config.max_answer);
	if (http->bad_address)
		return au_fail(err, AU_EPROTO, "%s %s: the url leads to an address that no product may have",
		    request->method, request->path);
	if (result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE)
		return au_fail(err, AU_EPROTO, "%s %s: certificate: %s", request->method, request->path, reason);
	return au_fail(err, AU_ETEMP, "%s %s: %s", request->method, request->path, reason);
}

static bool
is_json_type(const char *type)
{
	size_t len;

	if (type == NULL)
		return true;
	len = strcspn(type, "; ");
	return (len == 16 && strncasecmp(type, "application/json", len) == 0) ||
	       (len > 5 && strncasecmp(type + len - 5, "+json", 5) == 0);
}

/* Statuses that say enough by themselves, whatever page a proxy sends along. */
static bool
speaks_for_itself(int status)
{
	return status == 401 || status == 403 || status == 429 || status >= 500;
}

static int
read_body(
    struct au_http *http, const struct au_http_request *request, struct au_http_answer *answer, struct au_err *err)
{
	struct au_err why = { 0 };
	const char *type = NULL;

	if (http->body.len == 0)
		return 0;
	curl_easy_getinfo(http->curl, CURLINFO_CONTENT_TYPE, &type);
	if (is_json_type(type) &&
	    au_json_parse(http->body.data, http->body.len, AU_JSON_DEPTH, &answer->json, &why) == 0)
		return 0;
	if (speaks_for_itself(answer->status))
		return 0;
	au_fail(err, request->once && answer->status < 300 ? AU_EUNKNOWN : AU_EPROTO,
	    "%s %s: expected JSON, the answer (status %d) is '%s'%s%s", request->method, request->path, answer->status,
	    type != NULL ? type : "of no type", why.text[0] != '\0' ? ": " : "", why.text);
	if (err != NULL)
		err->http_status = answer->status;
	return request->once && answer->status < 300 ? AU_EUNKNOWN : AU_EPROTO;
}

static void
read_etag(struct au_http *http, struct au_http_answer *answer)
{
	struct curl_header *header;

	if (curl_easy_header(http->curl, "ETag", 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
	    strlen(header->value) < sizeof answer->etag)
		memcpy(answer->etag, header->value, strlen(header->value) + 1);
}

int
au_http_call(
    struct au_http *http, const struct au_http_request *request, struct au_http_answer *ret, struct au_err *err)
{
	struct au_http_answer answer = { 0 };
	curl_off_t retry_after = 0;
	long status = 0;
	CURLcode result;
	int r;

	wait_for_turn(http);
	http->head_len = 0;
	http->too_long = http->bad_address = false;
	http->reason[0] = '\0';
	result = perform(http, request);
	if (result != CURLE_OK) {
		r = fail_transport(http, request, result, err);
	} else {
		curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(http->curl, CURLINFO_RETRY_AFTER, &retry_after);
		answer.status = (int)status;
		/* A date that is over is a negative number here. */
		answer.retry_after_s = retry_after > 86400 ? 86400 : retry_after < 0 ? 0 : (unsigned)retry_after;
		read_etag(http, &answer);
		r = read_body(http, request, &answer, err);
	}
	au_buf_done(&http->body);
	if (r == 0)
		*ret = answer;
	return r;
}

void
au_http_answer_done(struct au_http_answer *answer)
{
	if (answer->json != NULL) {
		au_json_wipe(answer->json);
		json_decref(answer->json);
	}
	answer->json = NULL;
}
