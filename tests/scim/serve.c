/* SPDX-License-Identifier: ISC */
/* No thread of its own: while the client waits for an answer it turns the server's loop. */
#include "tests/scim/serve.h"

#include "base/clock.h"
#include "base/rand.h"
#include "scim/profile.h"
#include "scim/token.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

const unsigned char serve_key[32] = "a key for the tests of the scim";

static const char config_text[] = /* with room for more options of scim */
    "daemon = { state_dir = \"/nowhere\"; helper_dir = \"daemon/fetchd\"; };\n"
    "scim = { base_url = \"" SERVE_BASE "/\"; max_results = 5; max_sorted = 50; max_operations = 20;\n"
    "  max_body = \"8MiB\"; max_members = 20000; bulk_max_operations = 10000; bulk_max_payload = \"4MiB\";\n"
    "  cache_dir = \"%s\"; %s%s };\n"
    "scim_clients = ( { name = \"okta\"; max_requests_per_second = 100000; },\n"
    "  { name = \"entra\"; max_requests_per_second = 100000; }, { name = \"slow\"; max_requests_per_second = 2; },\n"
    "  { name = \"wary\"; max_requests_per_second = 100000; password = \"refuse\"; show_accounts = false; }";

/* ---- start and stop ---- */

/* Any plugin is one without options; rules and templates need no more. */
static int
describe(void *ctx, const struct au_values *daemon, struct au_arena *arena, const char *plugin,
    const struct au_describe **ret, struct au_err *err)
{
	static const struct au_opt none[] = { AU_OPT_END };
	static const struct au_describe fake = { .name = "fake",
		.product = "Fake",
		.version = "1",
		.abi = AU_TARGET_ABI,
		.instance_opts = none,
		.rights_opts = none };

	(void)ctx;
	(void)daemon;
	(void)arena;
	(void)plugin;
	(void)err;
	*ret = &fake;
	return 0;
}

struct au_settings *
serve_settings(struct serve *s, const char *sections, const char *scim)
{
	struct au_settings *settings;
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/apiuserd.conf", s->folder);
	struct au_err err = { .code = 0 };
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, config_text, s->cache_folder, s->more_scim != NULL ? s->more_scim : "", scim);
	for (const struct au_profile *profile = au_profiles; profile->name != NULL; profile++)
		fprintf(file, ",\n  { name = \"p-%s\"; profile = \"%s\"; max_requests_per_second = 100000; }",
		    profile->name, profile->name);
	fprintf(file, "%s );\n", s->more_clients);
	fputs(sections, file);
	fclose(file);
	if (au_settings_read(path, describe, NULL, &settings, &err) != 0)
		fail_msg("%s", err.text);
	return settings;
}

static int
add_token(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_store_token_add(tx, arg, err);
}

void
serve_token(struct serve *s, const char *name, const char *client, const char *scopes)
{
	char id[AU_TOKEN_ID_SIZE];
	struct au_secret *text;
	struct au_token_row row;
	struct au_err err;

	au_token_make(serve_key, client, au_clock_wall_ms(), 0, id, &text, &row);
	row.scopes = scopes;
	if (au_store_run(s->store, add_token, &row, &err) != 0)
		fail_msg("%s", err.text);
	au_map_put(s->tokens, name, text);
}

static void
changed(void *ctx, const char *client)
{
	struct serve *s = ctx;

	(void)client;
	s->changed++;
}

static void
cache(void *ctx, const char *why_or_null)
{
	struct serve *s = ctx;

	(void)why_or_null;
	s->cache_told++;
}

static void
tick(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
}

int
serve_start_for(void **state, const char *clients, const char *sections)
{
	struct serve *s = au_xcalloc(1, sizeof *s);
	const char *tmp = getenv("TMPDIR");
	struct au_http_config http = { .max_head = 65536,
		.max_body = 8 << 20,
		.max_headers = 100,
		.max_connections = 100,
		.max_per_peer = 100,
		.head_timeout_ms = 60000,
		.body_timeout_ms = 60000,
		.idle_timeout_ms = 60000,
		.write_timeout_ms = 60000,
		.error_body = au_scim_error_body };
	struct au_scim_events events = { .changed = changed, .cache = cache };
	struct au_store_config config = { .backend = "sqlite", .audit_key = serve_key };
	struct timeval often = { 0, 5000 };
	struct au_err err = { .code = 0 };

	au_rand_init();
	s->arena = au_arena_new();
	s->tokens = au_map_new();
	s->folder = au_xasprintf("%s/apiuserd-scim-XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(s->folder));
	s->cache_folder = s->folder;
	s->more_clients = clients;
	s->settings = serve_settings(s, sections, "");
	s->base = event_base_new();
	s->tick = event_new(s->base, -1, EV_PERSIST, tick, NULL);
	event_add(s->tick, &often);
	config.path = au_arena_printf(s->arena, "%s/store", s->folder);
	if (au_store_open(s->base, &config, &s->store, &err) != 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < s->settings->client_count; i++)
		serve_token(s, s->settings->clients[i].name, s->settings->clients[i].name, NULL);
	s->scim = au_scim_new(s->base, s->store, s->settings, serve_key, &events, s);
	if (au_http_server_new(s->base, &http, au_scim_handle, s->scim, &s->server, &err) != 0 ||
	    au_http_listen(s->server, "127.0.0.1:0", &s->port, &err) != 0)
		fail_msg("%s", err.text);
	*state = s;
	return 0;
}

void
serve_reload(struct serve *s, const char *sections)
{
	struct au_settings *old = s->settings;

	s->settings = serve_settings(s, sections, "");
	au_scim_settings(s->scim, s->settings);
	au_settings_free(old);
}

int
serve_start_with(void **state, const char *sections)
{
	return serve_start_for(state, "", sections);
}

int
serve_start(void **state)
{
	return serve_start_with(state, "");
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
free_token(void *token)
{
	au_secret_free(token);
}

int
serve_stop(void **state)
{
	struct serve *s = *state;

	au_store_close(s->store);
	au_http_server_free(s->server);
	au_scim_free(s->scim);
	au_settings_free(s->settings);
	event_free(s->tick);
	event_base_free(s->base);
	au_map_free(s->tokens, free_token);
	nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	au_arena_free(s->arena);
	free(s->folder);
	free(s);
	au_clock_real();
	return 0;
}

/* ---- asking ---- */

static int
connect_to(const struct serve *s)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)s->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

static void
send_all(struct serve *s, int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent > 0) {
			data += sent;
			len -= (size_t)sent;
		} else {
			assert_true(sent < 0 && (errno == EAGAIN || errno == EINTR));
			event_base_loop(s->base, EVLOOP_ONCE);
		}
	}
}

int
ask_bytes(struct serve *s, const char *data, size_t len)
{
	int fd = connect_to(s);

	send_all(s, fd, data, len);
	return fd;
}

int
ask_begin(
    struct serve *s, const char *client, const char *fields, const char *method, const char *path, const char *body)
{
	const char *quoted = body != NULL ? requoted(s->arena, body) : "";
	struct au_str request = AU_STR_INIT;
	int fd;

	au_str_printf(&request, "%s %s HTTP/1.1\r\nHost: h.example\r\nConnection: close\r\n%s", method, path, fields);
	if (client != NULL)
		au_str_printf(&request, "Authorization: Bearer %s\r\n", au_secret_text(au_map_get(s->tokens, client)));
	if (body != NULL)
		au_str_printf(
		    &request, "Content-Type: application/scim+json\r\nContent-Length: %zu\r\n", strlen(quoted));
	au_str_put(&request, "\r\n");
	au_str_put(&request, quoted);
	fd = ask_bytes(s, request.data, request.len);
	au_str_done(&request);
	return fd;
}

static void
receive_all(struct serve *s, int fd, struct au_str *into)
{
	for (;;) {
		char buf[65536];
		ssize_t got = recv(fd, buf, sizeof buf, MSG_DONTWAIT);

		if (got > 0) {
			au_str_putn(into, buf, (size_t)got);
		} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
			return;
		} else {
			event_base_loop(s->base, EVLOOP_ONCE);
		}
	}
}

struct answer
ask_end(struct serve *s, int fd)
{
	struct au_str all = AU_STR_INIT;
	struct answer answer = { .status = 0 };
	char *end;

	receive_all(s, fd, &all);
	close(fd);
	end = strstr(au_str_get(&all), "\r\n\r\n");
	assert_non_null(end);
	answer.head = au_arena_strndup(s->arena, all.data, (size_t)(end - all.data) + 2);
	answer.text = au_arena_strdup(s->arena, end + 4);
	au_str_done(&all);
	assert_int_equal(sscanf(answer.head, "HTTP/1.1 %d ", &answer.status), 1);
	if (*answer.text != '\0') {
		answer.body = json_loads(answer.text, JSON_REJECT_DUPLICATES, NULL);
		if (answer.body == NULL)
			fail_msg("not JSON: %s", answer.text);
		au_json_in_arena(s->arena, answer.body);
	}
	return answer;
}

struct answer
ask_with(
    struct serve *s, const char *client, const char *fields, const char *method, const char *path, const char *body)
{
	return ask_end(s, ask_begin(s, client, fields, method, path, body));
}

struct answer
ask(struct serve *s, const char *client, const char *method, const char *path, const char *body)
{
	return ask_with(s, client, "", method, path, body);
}

/* ---- looking ---- */

const char *
field_of(struct serve *s, const struct answer *answer, const char *name)
{
	const char *line = strcasestr(answer->head, au_arena_printf(s->arena, "\r\n%s: ", name));

	if (line == NULL)
		return NULL;
	line += 2 + strlen(name) + 2;
	return au_arena_strndup(s->arena, line, strcspn(line, "\r"));
}

const char *
text_of(const struct answer *answer, const char *name)
{
	const char *text = au_json_get_str(answer->body, name);

	if (text == NULL)
		fail_msg("no text '%s' in %s", name, answer->text);
	return text;
}

static bool
holds_members(const json_t *have, const json_t *want)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)want, name, value) {
		const json_t *other = json_object_get(have, name);

		if (json_is_null(value) ? other != NULL : !holds(other, value))
			return false;
	}
	return json_is_object(have);
}

bool
holds(const json_t *have, const json_t *want)
{
	size_t i;
	json_t *value;

	if (json_is_object(want))
		return holds_members(have, want);
	if (!json_is_array(want))
		return have != NULL && json_equal(have, want);
	json_array_foreach ((json_t *)want, i, value) {
		if (!holds(json_array_get(have, i), value))
			return false;
	}
	return json_is_array(have) && json_array_size(have) == json_array_size(want);
}

/* ---- both at once ---- */

void
expect(const struct answer *answer, int status, struct serve *s, const char *want)
{
	if (answer->status != status)
		fail_msg("status %d and not %d: %s", answer->status, status, answer->text);
	if (want != NULL && !holds(answer->body, json_of(s->arena, want)))
		fail_msg("%s\n does not hold %s", answer->text, want);
}

/* Ask and check in one line. */
struct answer
check(struct serve *s, const char *method, const char *path, const char *body, int status, const char *want)
{
	struct answer answer = ask(s, "okta", method, path, body);

	expect(&answer, status, s, want);
	return answer;
}

const char *
make_user(struct serve *s, const char *name)
{
	struct answer answer =
	    check(s, "POST", "/Users", au_arena_printf(s->arena, "{'userName':'%s'}", name), 201, NULL);

	return text_of(&answer, "id");
}

const char *
path_of(struct serve *s, const char *endpoint, const char *id)
{
	return au_arena_printf(s->arena, "/%s/%s", endpoint, id);
}

unsigned long long
reads_of(struct serve *s, const char *path, const char *want)
{
	struct au_store_stats before, after;

	au_store_stats(s->store, &before);
	check(s, "GET", path, NULL, 200, want);
	au_store_stats(s->store, &after);
	return after.reads - before.reads;
}
