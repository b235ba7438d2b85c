/* SPDX-License-Identifier: ISC */
/* evhttp in a thread; the test's thread is blocked in the plugin while it answers. */
#include "fake.h"

#include "base/mem.h"
#include "base/str.h"

#include "tests/unit.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define STEPS 512

struct fake {
	pthread_t thread;
	pthread_mutex_t lock;
	struct event_base *base;
	struct evhttp *http;
	unsigned port;
	int stop[2];
	struct event *on_stop;
	struct fake_step steps[STEPS];
	size_t count, next;
	json_t *seen;
	char *complaint;
};

static const char *
method_name(enum evhttp_cmd_type type)
{
	switch (type) {
	case EVHTTP_REQ_GET:
		return "GET";
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_PUT:
		return "PUT";
	case EVHTTP_REQ_DELETE:
		return "DELETE";
	default:
		return "?";
	}
}

static void
keep(struct fake *fake, struct evhttp_request *req)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	struct evkeyvalq *head = evhttp_request_get_input_headers(req);
	size_t len = evbuffer_get_length(in);
	const char *data = (const char *)evbuffer_pullup(in, -1);
	json_t *one = json_object();
	json_t *body = len > 0 ? json_loadb(data, len, 0, NULL) : NULL;

	json_object_set_new(one, "method", json_string(method_name(evhttp_request_get_command(req))));
	json_object_set_new(one, "path", json_string(evhttp_request_get_uri(req)));
	if (evhttp_find_header(head, "X-Authorization") != NULL)
		json_object_set_new(one, "token", json_string(evhttp_find_header(head, "X-Authorization")));
	if (evhttp_find_header(head, "Authorization") != NULL)
		json_object_set_new(one, "authorization", json_string(evhttp_find_header(head, "Authorization")));
	if (body != NULL)
		json_object_set_new(one, "body", body);
	json_array_append_new(fake->seen, one);
}

static const struct fake_step *
match(struct fake *fake, struct evhttp_request *req)
{
	const char *method = method_name(evhttp_request_get_command(req)), *path = evhttp_request_get_uri(req);
	const struct fake_step *step = fake->next < fake->count ? &fake->steps[fake->next] : NULL;

	if (step != NULL && strcmp(step->method, method) == 0 && strcmp(step->path, path) == 0) {
		fake->next++;
		return step;
	}
	if (fake->complaint == NULL)
		fake->complaint = au_xasprintf("request %zu is %s %s, expected %s %s", fake->next, method, path,
		    step != NULL ? step->method : "none", step != NULL ? step->path : "");
	return NULL;
}

static void
answer(struct evhttp_request *req, const struct fake_step *step)
{
	struct evkeyvalq *head = evhttp_request_get_output_headers(req);
	struct evbuffer *out = evbuffer_new();

	evhttp_add_header(head, "Content-Type", step->type != NULL ? step->type : "application/json");
	if (step->retry_after != NULL)
		evhttp_add_header(head, "Retry-After", step->retry_after);
	if (step->body != NULL)
		evbuffer_add(out, step->body, strlen(step->body));
	evhttp_send_reply(req, step->status, "scripted", out);
	evbuffer_free(out);
}

static void
on_request(struct evhttp_request *req, void *ctx)
{
	struct fake *fake = ctx;
	const struct fake_step *step;

	pthread_mutex_lock(&fake->lock);
	keep(fake, req);
	step = match(fake, req);
	pthread_mutex_unlock(&fake->lock);
	if (step == NULL)
		evhttp_send_reply(req, 418, "unexpected", NULL);
	else if (step->drop)
		shutdown(bufferevent_getfd(evhttp_connection_get_bufferevent(evhttp_request_get_connection(req))),
		    SHUT_RDWR);
	else if (!step->hang)
		answer(req, step);
}

static void
on_stop(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(ctx);
}

static void *
run(void *arg)
{
	struct fake *fake = arg;

	event_base_dispatch(fake->base);
	return NULL;
}

/* Each connection begins with the TLS handshake. */
static struct bufferevent *
secure(struct event_base *base, void *tls)
{
	return bufferevent_openssl_socket_new(base, -1, SSL_new(tls), BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
}

struct fake *
fake_start(void)
{
	return fake_start_tls(NULL);
}

struct fake *
fake_start_tls(struct ssl_ctx_st *tls)
{
	struct fake *fake = au_xcalloc(1, sizeof(*fake));
	struct evhttp_bound_socket *bound;
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	pthread_mutex_init(&fake->lock, NULL);
	fake->seen = json_array();
	fake->base = event_base_new();
	fake->http = evhttp_new(fake->base);
	evhttp_set_gencb(fake->http, on_request, fake);
	if (tls != NULL)
		evhttp_set_bevcb(fake->http, secure, tls);
	bound = evhttp_bind_socket_with_handle(fake->http, "127.0.0.1", 0);
	assert_non_null(bound);
	getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &len);
	fake->port = ntohs(address.sin_port);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fake->stop), 0);
	fake->on_stop = event_new(fake->base, fake->stop[0], EV_READ, on_stop, fake->base);
	event_add(fake->on_stop, NULL);
	assert_int_equal(pthread_create(&fake->thread, NULL, run, fake), 0);
	return fake;
}

unsigned
fake_port(const struct fake *fake)
{
	return fake->port;
}

void
fake_expect(struct fake *fake, const struct fake_step *step)
{
	pthread_mutex_lock(&fake->lock);
	assert_true(fake->count < STEPS);
	fake->steps[fake->count] = *step;
	fake->steps[fake->count].path = au_xstrdup(step->path);
	fake->steps[fake->count].body = au_xstrdup(step->body);
	fake->count++;
	pthread_mutex_unlock(&fake->lock);
}

const json_t *
fake_seen(struct fake *fake, size_t number)
{
	const json_t *one;

	pthread_mutex_lock(&fake->lock);
	one = json_array_get(fake->seen, number);
	pthread_mutex_unlock(&fake->lock);
	assert_non_null(one);
	return one;
}

static void
forget(struct fake *fake)
{
	for (size_t i = 0; i < fake->count; i++) {
		free((char *)(uintptr_t)fake->steps[i].path);
		free((char *)(uintptr_t)fake->steps[i].body);
	}
	fake->count = fake->next = 0;
	json_array_clear(fake->seen);
}

void
fake_check(struct fake *fake)
{
	pthread_mutex_lock(&fake->lock);
	if (fake->complaint != NULL)
		fail_msg("%s", fake->complaint);
	if (fake->next != fake->count)
		fail_msg("%zu of %zu steps were used; next is %s %s", fake->next, fake->count,
		    fake->steps[fake->next].method, fake->steps[fake->next].path);
	forget(fake);
	pthread_mutex_unlock(&fake->lock);
}

void
fake_stop(struct fake *fake)
{
	assert_int_equal(write(fake->stop[1], "x", 1), 1);
	pthread_join(fake->thread, NULL);
	event_free(fake->on_stop);
	evhttp_free(fake->http);
	event_base_free(fake->base);
	close(fake->stop[0]);
	close(fake->stop[1]);
	forget(fake);
	json_decref(fake->seen);
	free(fake->complaint);
	free(fake);
}
