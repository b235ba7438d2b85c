/* SPDX-License-Identifier: ISC */
/* The client against a server of ours in a child process that says what the path asks for. */
#include "base/mem.h"
#include "base/str.h"
#include "ctl/client.h"
#include "ctl/handover.h"
#include "http/server.h"
#include "tests/unit.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
	char folder[40], socket[64];
	pid_t server;
	struct au_client *client;
};

#define LARGE (3 << 20)

static void
answer_large(struct au_http_exchange *x)
{
	AU_CLEANUP(au_freep) char *text = au_xmalloc(LARGE);

	memset(text, ' ', LARGE);
	text[0] = '{';
	text[LARGE - 1] = '}';
	au_http_reply(x, 200, "application/json", text, LARGE);
}

static void
on_late(evutil_socket_t fd, short what, void *x)
{
	(void)fd;
	(void)what;
	au_http_reply(x, 200, "application/json", "{\"late\":true}", 13);
}

static void
handle(void *base, struct au_http_exchange *x)
{
	static const struct {
		const char *path, *body;
		int status;
	} rows[] = {
		{ "/bad", "{\"error\":{\"code\":\"invalid\",\"text\":\"step 'x': expected a number\"}}", 400 },
		{ "/strange", "{\"message\":\"no\"}", 418 },
		{ "/html", "<html>", 200 },
		{ "/empty", "", 200 },
	};
	static const struct timeval late = { .tv_sec = 1, .tv_usec = 300000 };
	static const char secret[] = "{\"login\":\"ann\",\"secret\":\"s3\\\"x\"}";
	static unsigned taken;
	size_t len;
	char *echo;

	if (strcmp(au_http_path(x), "/take") == 0) {
		taken++;
		au_http_reply(x, 200, "application/json", secret, strlen(secret));
		return;
	}
	if (strcmp(au_http_path(x), "/taken") == 0) {
		echo = au_arena_printf(au_http_arena(x), "{\"taken\":%u}", taken);
		au_http_reply(x, 200, "application/json", echo, strlen(echo));
		return;
	}
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		if (strcmp(rows[i].path, au_http_path(x)) == 0) {
			au_http_reply(x, rows[i].status, "application/json", rows[i].body, strlen(rows[i].body));
			return;
		}
	if (strcmp(au_http_path(x), "/late") == 0) {
		event_base_once(base, -1, EV_TIMEOUT, on_late, x, &late);
		return;
	}
	if (strcmp(au_http_path(x), "/die") == 0)
		_exit(0);
	if (strcmp(au_http_path(x), "/large") == 0) {
		answer_large(x);
		return;
	}
	echo = au_arena_printf(au_http_arena(x), "{\"method\":\"%s\",\"path\":\"%s\",\"query\":\"%s\",\"body\":%s}",
	    au_http_method(x), au_http_path(x), au_http_query(x) != NULL ? au_http_query(x) : "",
	    *au_http_body(x, &len) != '\0' ? au_http_body(x, &len) : "null");
	au_http_reply(x, 200, "application/json", echo, strlen(echo));
}

/* In the child; tells by closing the pipe that it listens. */
static void
serve(const char *path, int ready)
{
	static const struct au_http_config config = { .max_head = 16384,
		.max_body = 65536,
		.max_headers = 64,
		.max_connections = 16,
		.max_per_peer = 16,
		.head_timeout_ms = 60000,
		.body_timeout_ms = 60000,
		.idle_timeout_ms = 60000,
		.write_timeout_ms = 60000 };
	struct event_base *base = event_base_new();
	struct au_http_server *server;

	if (au_http_server_new(base, &config, handle, base, &server, NULL) < 0 ||
	    au_http_listen_unix(server, path, 0600, NULL) < 0)
		_exit(1);
	close(ready);
	event_base_dispatch(base);
	_exit(0);
}

static int
setup(void **state)
{
	struct fixture *f = au_xcalloc(1, sizeof(*f));
	int ready[2];
	char nothing;

	*state = f;
	strcpy(f->folder, "/tmp/apiuserctl-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->socket, sizeof(f->socket), "%s/control.sock", f->folder);
	assert_int_equal(pipe(ready), 0);
	f->server = fork();
	assert_true(f->server >= 0);
	if (f->server == 0) {
		close(ready[0]);
		serve(f->socket, ready[1]);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &nothing, 1), 0);
	close(ready[0]);
	f->client = au_client_new(f->socket);
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	au_client_free(f->client);
	if (f->server > 0) {
		kill(f->server, SIGTERM);
		waitpid(f->server, NULL, 0);
	}
	unlink(f->socket);
	assert_int_equal(rmdir(f->folder), 0);
	free(f);
	return 0;
}

static void
method_path_and_body_arrive_as_they_were_meant(void **state)
{
	const struct fixture *f = *state;
	AU_CLEANUP(au_json_decrefp) json_t *body = json_pack("{s:s}", "reason", "they \"left\"");
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/users/%s?after=%s", "a/../b c", "x&y=z%");

	assert_string_equal(path, "/v1/users/a%2F..%2Fb%20c?after=x%26y%3Dz%25");
	assert_int_equal(au_client_call(f->client, "POST", path, body, &json, NULL), 0);
	assert_string_equal(au_json_get_str(json, "method"), "POST");
	assert_string_equal(au_json_get_str(json, "path"), "/v1/users/a%2F..%2Fb%20c");
	assert_string_equal(au_json_get_str(json, "query"), "after=x%26y%3Dz%25");
	assert_true(json_equal(json_object_get(json, "body"), body));
}

static void
requests_without_a_body_keep_their_method(void **state)
{
	static const char *const methods[] = { "GET", "POST", "DELETE" };
	const struct fixture *f = *state;

	for (size_t i = 0; i < AU_COUNT(methods); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
		assert_int_equal(au_client_call(f->client, methods[i], "/x", NULL, &json, NULL), 0);
		assert_string_equal(au_json_get_str(json, "method"), methods[i]);
		assert_true(json_is_null(json_object_get(json, "body")));
	}
}

static void
errors_are_the_daemons_own(void **state)
{
	const struct fixture *f = *state;
	struct au_err err = { 0 };
	json_t *json = NULL;

	assert_int_equal(au_client_call(f->client, "GET", "/bad", NULL, &json, &err), AU_EINVAL);
	assert_string_equal(err.text, "step 'x': expected a number");
	assert_null(json);
}

static void
answers_of_another_kind_are_told_apart(void **state)
{
	static const char *const paths[] = { "/strange", "/html", "/empty" };
	const struct fixture *f = *state;

	for (size_t i = 0; i < AU_COUNT(paths); i++) {
		struct au_err err = { 0 };
		json_t *json = NULL;
		assert_int_equal(au_client_call(f->client, "GET", paths[i], NULL, &json, &err), AU_EPROTO);
		assert_null(json);
	}
}

static void
large_answer_arrives_whole(void **state)
{
	const struct fixture *f = *state;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;

	assert_int_equal(au_client_call(f->client, "GET", "/large", NULL, &json, NULL), 0);
	assert_true(json_is_object(json));
}

struct watching {
	struct au_client *client;
	unsigned ticks, asked;
};

static void
ask_meanwhile(void *ctx)
{
	struct watching *w = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;

	w->ticks++;
	w->asked += au_client_call(w->client, "GET", "/x", NULL, &json, NULL) == 0;
}

static void
another_request_can_be_made_while_one_waits(void **state)
{
	const struct fixture *f = *state;
	struct watching w = { .client = au_client_again(f->client) };
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;

	assert_int_equal(au_client_call_watched(f->client, "POST", "/late", NULL, ask_meanwhile, &w, &json, NULL), 0);
	assert_int_equal(au_json_get_bool(json, "late", false), true);
	assert_true(w.ticks > 0);
	assert_int_equal(w.asked, w.ticks);
	au_client_free(w.client);
}

static void
silence_is_an_error_that_names_the_socket(void **state)
{
	struct fixture *f = *state;
	struct au_client *client = au_client_new("/nowhere/control.sock");
	struct au_err err = { 0 };
	json_t *json = NULL;

	(void)f;
	assert_int_equal(au_client_call(client, "GET", "/x", NULL, &json, &err), AU_EIO);
	assert_non_null(strstr(err.text, "/nowhere/control.sock"));
	au_client_free(client);
}

/* Whoever was asked and went away may have done it. */
static void
lost_answer_leaves_the_outcome_unknown(void **state)
{
	struct fixture *f = *state;
	struct au_client *client = au_client_new(f->socket);
	struct au_err err = { 0 };
	json_t *json = NULL;

	assert_int_equal(au_client_call(client, "POST", "/die", NULL, &json, &err), AU_EUNKNOWN);
	assert_non_null(strstr(err.text, f->socket));
	au_client_free(client);
}

/* ---- hand-over ---- */

/* Run a hand-over with standard output in a file; returns its exit code and what was printed. */
static enum au_exit
hand_over(struct au_ctl *ctl, const char *name, char printed[64])
{
	FILE *file = tmpfile();
	int saved = dup(STDOUT_FILENO);
	enum au_exit code;

	assert_non_null(file);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	code = au_handover(ctl, "/take", NULL, name);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(file);
	printed[fread(printed, 1, 63, file)] = '\0';
	fclose(file);
	return code;
}

static long long
times_taken(const struct fixture *f)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;

	assert_int_equal(au_client_call(f->client, "GET", "/taken", NULL, &json, NULL), 0);
	return au_json_get_int(json, "taken");
}

static const struct au_ctl_option force = { "force", NULL, "" };

static void
secret_is_printed_and_nothing_else(void **state)
{
	const struct fixture *f = *state;
	struct au_ctl forced = { .client = f->client, .given = { &force }, .values = { "" }, .given_count = 1 };
	struct au_ctl terminal = { .client = f->client, .terminal = true };
	char printed[64];

	assert_int_equal(hand_over(&forced, "secret", printed), AU_EXIT_SYNC);
	assert_string_equal(printed, "s3\"x");
	assert_int_equal(hand_over(&terminal, "secret", printed), AU_EXIT_SYNC);
	assert_string_equal(printed, "s3\"x\n");
	assert_int_equal(hand_over(&terminal, "token", printed), AU_EXIT_ERROR);
	assert_string_equal(printed, "");
}

static void
secret_is_not_asked_for_when_it_could_not_be_shown(void **state)
{
	const struct fixture *f = *state;
	struct au_ctl ctl = { .client = f->client };
	char printed[64];

	assert_int_equal(hand_over(&ctl, "secret", printed), AU_EXIT_ERROR);
	assert_string_equal(printed, "");
	assert_int_equal(times_taken(f), 0);
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(method_path_and_body_arrive_as_they_were_meant),
		LIVE(requests_without_a_body_keep_their_method),
		LIVE(errors_are_the_daemons_own),
		LIVE(answers_of_another_kind_are_told_apart),
		LIVE(large_answer_arrives_whole),
		LIVE(lost_answer_leaves_the_outcome_unknown),
		LIVE(another_request_can_be_made_while_one_waits),
		LIVE(secret_is_printed_and_nothing_else),
		LIVE(secret_is_not_asked_for_when_it_could_not_be_shown),
		LIVE(silence_is_an_error_that_names_the_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
