/* SPDX-License-Identifier: ISC */
/*
 * libcurl over a unix socket.  An answer may hold a secret, so the buffer it
 * is gathered in never leaves an old copy behind and is wiped at the end.
 */
#include "ctl/client.h"

#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"

#include <curl/curl.h>
#include <string.h>

#define ANSWER_MAX (256u << 20)
#define ANSWER_DEPTH (2 * AU_JSON_DEPTH) /* values of up to AU_JSON_DEPTH inside lists of ours */
#define CONNECT_MS 5000L
#define TICK_MS 500

struct au_client {
	CURLM *multi;
	char *socket;
};

struct answer {
	char *data;
	size_t len, cap;
	bool too_large;
};

struct au_client *
au_client_new(const char *socket)
{
	struct au_client *client = au_xcalloc(1, sizeof(*client));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	client->multi = curl_multi_init();
	client->socket = au_xstrdup(socket);
	return client;
}

struct au_client *
au_client_again(const struct au_client *client)
{
	return au_client_new(client->socket);
}

void
au_client_free(struct au_client *client)
{
	if (client == NULL)
		return;
	curl_multi_cleanup(client->multi);
	curl_global_cleanup();
	free(client->socket);
	free(client);
}

char *
au_client_path(const char *fmt, ...)
{
	struct au_str path = AU_STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	for (; *fmt != '\0'; fmt++) {
		if (fmt[0] == '%' && fmt[1] == 's') {
			char *word = curl_easy_escape(NULL, va_arg(ap, const char *), 0);
			au_str_put(&path, word);
			curl_free(word);
			fmt++;
		} else {
			au_str_putc(&path, *fmt);
		}
	}
	va_end(ap);
	return au_str_take(&path);
}

/* ---- the answer ---- */

static void
answer_grow(struct answer *answer, size_t need)
{
	size_t cap = answer->cap > 0 ? answer->cap : 4096;
	char *data;

	while (cap < need)
		cap *= 2;
	data = au_xmalloc(cap);
	if (answer->len > 0)
		memcpy(data, answer->data, answer->len);
	au_wipe(answer->data, answer->len);
	free(answer->data);
	answer->data = data;
	answer->cap = cap;
}

static size_t
on_data(char *data, size_t size, size_t count, void *ctx)
{
	struct answer *answer = ctx;
	size_t len = size * count;

	if (len > ANSWER_MAX - answer->len) {
		answer->too_large = true;
		return 0;
	}
	if (answer->len + len > answer->cap)
		answer_grow(answer, answer->len + len);
	memcpy(answer->data + answer->len, data, len);
	answer->len += len;
	return len;
}

static void
answer_done(struct answer *answer)
{
	au_wipe(answer->data, answer->len);
	free(answer->data);
}

/* What the daemon said instead of an answer. */
static int
fail_from(const json_t *json, long status, struct au_err *err)
{
	const json_t *error = json_object_get(json, "error");
	const char *text = au_json_get_str(error, "text"), *code = au_json_get_str(error, "code");

	if (text == NULL || code == NULL)
		return au_fail(err, AU_EPROTO, "the daemon answered with HTTP status %ld", status);
	return au_fail(err, au_code_from_name(code), "%s", text);
}

static int
read_answer(const struct answer *answer, long status, json_t **ret, struct au_err *err)
{
	json_t *json = NULL;
	int rc;

	if (au_json_parse(answer->data != NULL ? answer->data : "", answer->len, ANSWER_DEPTH, &json, NULL) < 0)
		return au_fail(err, AU_EPROTO, "the daemon's answer (HTTP status %ld) is not JSON", status);
	if (status / 100 == 2) {
		*ret = json;
		return 0;
	}
	rc = fail_from(json, status, err);
	json_decref(json);
	return rc;
}

/* ---- the request ---- */

static CURL *
make_request(
    const struct au_client *client, const char *method, const char *path, const char *body, struct answer *answer)
{
	AU_CLEANUP(au_freep) char *url = au_xasprintf("http://localhost%s", path);
	CURL *easy = curl_easy_init();

	curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, client->socket);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
	if (body != NULL)
		curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
	return easy;
}

/* Drive one transfer to its end. */
static CURLcode
transfer(struct au_client *client, CURL *easy, void (*tick)(void *ctx), void *ctx)
{
	CURLcode result = CURLE_OK;
	int running = 1, left;
	const CURLMsg *message;

	curl_multi_add_handle(client->multi, easy);
	while (running > 0) {
		if (curl_multi_perform(client->multi, &running) != CURLM_OK)
			return CURLE_FAILED_INIT;
		if (running > 0) {
			int events = 0;
			curl_multi_poll(client->multi, NULL, 0, TICK_MS, &events);
			if (tick != NULL && events == 0)
				tick(ctx);
		}
	}
	while ((message = curl_multi_info_read(client->multi, &left)) != NULL)
		if (message->msg == CURLMSG_DONE)
			result = message->data.result;
	curl_multi_remove_handle(client->multi, easy);
	return result;
}

static int
fail_connect(const struct au_client *client, CURL *easy, struct au_err *err)
{
	long number = 0;

	curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
	return au_fail(err, AU_EIO, "'%s': %s; is apiuserd running?", client->socket,
	    number != 0 ? strerror((int)number) : "nobody answers there");
}

static int
call(struct au_client *client, CURL *easy, struct answer *answer, void (*tick)(void *ctx), void *ctx, json_t **ret,
    struct au_err *err)
{
	CURLcode result = transfer(client, easy, tick, ctx);
	long status = 0;

	if (answer->too_large)
		return au_fail(err, AU_ELIMIT, "the daemon's answer is larger than %u MiB", ANSWER_MAX >> 20);
	if (result == CURLE_COULDNT_CONNECT)
		return fail_connect(client, easy, err);
	if (result != CURLE_OK)
		return au_fail(err, AU_EUNKNOWN, "'%s': %s", client->socket, curl_easy_strerror(result));
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	return read_answer(answer, status, ret, err);
}

int
au_client_call_watched(struct au_client *client, const char *method, const char *path, const json_t *body,
    void (*tick)(void *ctx), void *ctx, json_t **ret, struct au_err *err)
{
	struct answer answer = { 0 };
	AU_CLEANUP(au_freep) char *text = body != NULL ? au_json_text(body) : NULL;
	CURL *easy = make_request(client, method, path, text, &answer);
	int rc = call(client, easy, &answer, tick, ctx, ret, err);

	curl_easy_cleanup(easy);
	answer_done(&answer);
	if (text != NULL)
		au_wipe(text, strlen(text)); /* a secret may be in it */
	return rc;
}

int
au_client_call(struct au_client *client, const char *method, const char *path, const json_t *body, json_t **ret,
    struct au_err *err)
{
	return au_client_call_watched(client, method, path, body, NULL, NULL, ret, err);
}
