/* SPDX-License-Identifier: ISC */
/* A server on loopback and a raw client, for the tests of HTTP. */
#include "tests/http/world.h"

#include "base/clock.h"
#include "base/str.h"
#include "tests/unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 30000

struct au_http_config
world_config(void)
{
	return (struct au_http_config){
		.max_head = 16384,
		.max_body = 1 << 20,
		.max_headers = 64,
		.max_connections = 100,
		.max_per_peer = 100,
		.head_timeout_ms = PATIENCE_MS,
		.body_timeout_ms = PATIENCE_MS,
		.idle_timeout_ms = PATIENCE_MS,
		.write_timeout_ms = PATIENCE_MS,
	};
}

static void
answer_echo(struct au_http_exchange *x)
{
	const char *query = au_http_query(x);
	size_t len;
	const char *body = au_http_body(x, &len);
	char *text = au_arena_printf(au_http_arena(x), "%s %s%s%s %s", au_http_method(x), au_http_path(x),
	    query != NULL ? "?" : "", query != NULL ? query : "", body);

	assert_int_equal(strlen(body), len);
	au_http_reply(x, 200, "text/plain", text, strlen(text));
}

static void
answer_big(struct au_http_exchange *x)
{
	char *big = malloc(WORLD_BIG);

	memset(big, 'x', WORLD_BIG);
	au_http_reply(x, 200, "text/plain", big, WORLD_BIG);
	free(big);
}

static void
answer_large(struct au_http_exchange *x)
{
	char *text = au_arena_alloc(au_http_arena(x), WORLD_LARGE + 1);

	memset(text, 'y', WORLD_LARGE);
	text[WORLD_LARGE - 1] = 'z';
	au_http_reply(x, 200, "text/plain", text, WORLD_LARGE);
}

static void
answer_fields(struct au_http_exchange *x)
{
	assert_true(au_http_set(x, "X-Good", "yes"));
	assert_false(au_http_set(x, "X-Bad", "a\r\nX-Evil: 1"));
	assert_false(au_http_set(x, "X-Bad\r\nX-Evil", "1"));
	assert_false(au_http_set(x, "X Bad", "1"));
	assert_false(au_http_set(x, "content-length", "0"));
	assert_false(au_http_set(x, "Transfer-Encoding", "chunked"));
	au_http_reply(x, 204, "text/plain", NULL, 0);
}

static void
answer_peer(struct au_http_exchange *x)
{
	uid_t uid = (uid_t)-1;
	gid_t gid, mine[256];
	const gid_t *groups = mine;
	size_t count = au_http_peer_groups(x, &groups);
	bool is_me = au_http_peer_uid(x, &uid, &gid) && uid == getuid() && gid == getgid();
	bool same = count == (size_t)getgroups(256, mine) && memcmp(groups, mine, count * sizeof(gid_t)) == 0;
	char *text = au_arena_printf(au_http_arena(x), "%s %s%s; %s://%s counted as %s", au_http_peer(x),
	    is_me ? "me" : "nobody", same ? " and my groups" : "", au_http_scheme(x), au_http_host(x),
	    au_http_peer_host(x));

	au_http_reply(x, 200, "text/plain", text, strlen(text));
}

static void
answer_certificate(struct au_http_exchange *x)
{
	const struct au_http_certificate *certificate = au_http_peer_certificate(x);
	struct au_str text = AU_STR_INIT;
	size_t i;

	if (certificate == NULL)
		au_str_put(&text, "nobody");
	else
		au_str_printf(&text, "%s %s", certificate->subject, certificate->sha256);
	for (i = 0; certificate != NULL && certificate->names[i] != NULL; i++)
		au_str_printf(&text, " %s", certificate->names[i]);
	au_http_reply(x, 200, "text/plain", text.data, text.len);
	au_str_done(&text);
}

static void
handle(void *ctx, struct au_http_exchange *x)
{
	struct world *w = ctx;
	const char *path = au_http_path(x);

	w->handled++;
	if (strcmp(path, "/later") == 0 && w->held_count < WORLD_HELD)
		w->held[w->held_count++] = x;
	else if (strcmp(path, "/big") == 0)
		answer_big(x);
	else if (strcmp(path, "/known") == 0) {
		au_http_label(x, "okta");
		answer_echo(x);
	} else if (strcmp(path, "/large") == 0)
		answer_large(x);
	else if (strcmp(path, "/certificate") == 0)
		answer_certificate(x);
	else if (strcmp(path, "/fields") == 0)
		answer_fields(x);
	else if (strcmp(path, "/peer") == 0)
		answer_peer(x);
	else if (strcmp(path, "/secret") == 0)
		au_http_reply_secret(x, 200, "text/plain", "hush", 4);
	else
		answer_echo(x);
}

static void
keep_record(void *ctx, const struct au_http_record *record)
{
	struct world *w = ctx;

	au_str_printf(&w->records, "%s %s %d %zu %s %s %s\n", record->method != NULL ? record->method : "-",
	    record->target != NULL ? record->target : "-", record->status, record->bytes,
	    record->client != NULL ? record->client : "-", record->peer, record->id);
	assert_true(record->took_ms >= 0);
}

static void
on_tick(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
}

void
world_start(struct world *w, const struct au_http_config *config)
{
	struct timeval tv = { .tv_usec = 2000 };
	struct au_http_config recording = *config;
	struct au_err err = { 0 };

	memset(w, 0, sizeof(*w));
	recording.record = keep_record;
	recording.record_ctx = w;
	w->base = event_base_new();
	w->tick = event_new(w->base, -1, EV_PERSIST, on_tick, NULL);
	event_add(w->tick, &tv);
	if (au_http_server_new(w->base, &recording, handle, w, &w->server, &err) < 0 ||
	    au_http_listen(w->server, "127.0.0.1:0", &w->port, &err) < 0)
		fail_msg("%s", err.text);
}

void
world_stop(struct world *w)
{
	au_http_server_free(w->server);
	while (w->held_count > 0)
		world_reply_held(w, "too late");
	au_str_done(&w->records);
	event_free(w->tick);
	event_base_free(w->base);
}

void
world_turn(struct world *w)
{
	event_base_loop(w->base, EVLOOP_ONCE);
}

void
world_reply_held(struct world *w, const char *body)
{
	struct au_http_exchange *x = w->held[0];

	assert_true(w->held_count > 0);
	memmove(w->held, w->held + 1, --w->held_count * sizeof(x));
	au_http_reply(x, 200, "text/plain", body, strlen(body));
}

static int
connect_to(const struct sockaddr *address, socklen_t len)
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, address, len), 0);
	return fd;
}

int
client_open(struct world *w)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)w->port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return connect_to((struct sockaddr *)&address, sizeof(address));
}

int
client_open_unix(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	return connect_to((struct sockaddr *)&address, sizeof(address));
}

/* What cannot be sent because the server has closed already is no fault of the test. */
void
client_sendn(int fd, const void *data, size_t len)
{
	(void)!send(fd, data, len, MSG_NOSIGNAL);
}

void
client_send(int fd, const char *text)
{
	client_sendn(fd, text, strlen(text));
}

static char *
read_text(struct world *w, int fd, const char *needle)
{
	struct au_str text = AU_STR_INIT;
	int64_t start = au_clock_mono_ms();
	char buf[65536];

	while (needle == NULL || strstr(au_str_get(&text), needle) == NULL) {
		ssize_t got;

		world_turn(w);
		got = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (got > 0)
			au_str_putn(&text, buf, (size_t)got);
		else if (got == 0 || errno != EAGAIN)
			break;
		if (au_clock_mono_ms() - start > 2 * PATIENCE_MS)
			fail_msg("no answer; so far: %s", au_str_get(&text));
	}
	return au_str_take(&text);
}

char *
client_read_all(struct world *w, int fd)
{
	return read_text(w, fd, NULL);
}

char *
client_read_until(struct world *w, int fd, const char *needle)
{
	return read_text(w, fd, needle);
}

char *
client_talk(struct world *w, const char *text)
{
	int fd = client_open(w);
	char *answer;

	client_send(fd, text);
	answer = client_read_all(w, fd);
	close(fd);
	return answer;
}

int
client_status(const char *answer)
{
	return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? atoi(answer + 9) : 0;
}

unsigned
client_count(const char *text, const char *needle)
{
	unsigned count = 0;

	while ((text = strstr(text, needle)) != NULL) {
		text += strlen(needle);
		count++;
	}
	return count;
}
