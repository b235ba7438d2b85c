/* SPDX-License-Identifier: ISC */
/* A stage for tests of the control socket: store, engine and socket in a scratch folder. */
#include "tests/control/stage.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/rand.h"
#include "base/str.h"
#include "tests/control/fake_source.h"
#include "tests/unit.h"

#include <errno.h>
#include <ftw.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 30000
#define GROUP "cn=api-run,ou=groups,dc=example,dc=com"

static const char configuration[] =
    "daemon: { };\n"
    "control: { socket = \"%s\"; operators = [ \"daemon\" ]; viewers = [ \"nobody\", \"@games\" ]; };\n"
    "sources: ( { name = \"corp\"; kind = \"ldap\"; servers = [ \"ldap://127.0.0.1:389\" ]; insecure = true;\n"
    "  bind = \"anonymous\"; people_base = \"dc=example,dc=com\"; groups_base = \"dc=example,dc=com\"; } );\n"
    "scim_issuers: ( { name = \"idp\"; issuer = \"https://issuer.example\"; audience = [ \"a\" ];\n"
    "  jwks_file = \"/nowhere/keys\"; } );\n"
    "scim_clients: ( { name = \"okta\"; description = \"The provider\"; } );\n"
    "targets: ( { name = \"room\"; plugin = \"fake\"; approve_own = false; } );\n"
    "templates: ( { name = \"runner\"; target = \"room\"; rights = { roles = [ \"run\" ]; }; } );\n"
    "rules: ( { name = \"run\"; source = \"corp\"; group = \"" GROUP "\"; template = \"runner\"; } );\n";

static const struct au_opt no_opts[] = { AU_OPT_END };
static const struct au_opt rights_opts[] = {
	{ .name = "roles", .type = AU_LIST, .flags = AU_REQUIRED, .help = "Roles." },
	AU_OPT_END,
};
static const struct au_product_rule rules[] = { AU_RULE_END };

static int
describe_fake(void *ctx, const struct au_values *daemon, struct au_arena *arena, const char *plugin,
    const struct au_describe **ret, struct au_err *err)
{
	static const struct au_describe describe = { .name = "fake",
		.product = "Fake",
		.version = "1",
		.summary = "A fake.",
		.abi = AU_TARGET_ABI,
		.caps = AU_CAP_LIST | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_SET_SECRET |
			AU_CAP_READ_RIGHTS | AU_CAP_MARK | AU_CAP_RESET_SECRET,
		.limits = { -1, -1, -1 },
		.password = { 12, 12, "abcdefghijklmnopqrstuvwxyz\"\\", AU_PW_LOWER },
		.instance_opts = no_opts,
		.rights_opts = rights_opts,
		.rules = rules };

	(void)ctx;
	(void)daemon;
	(void)arena;
	(void)plugin;
	(void)err;
	*ret = &describe;
	return 0;
}

static void
call_fake(void *ctx, const char *target, const struct au_call *call, au_engine_done *done, void *done_ctx)
{
	struct stage *s = ctx;

	assert_string_equal(target, "room");
	fake_target_call(s->target, call, done, done_ctx);
}

static const struct au_engine_targets fake_targets = { .call = call_fake };

/* ---- facts ---- */

static int
store_facts(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	static const struct au_entry entries[] = {
		{ .source = "corp",
		    .id = "p-ann",
		    .kind = AU_ENTRY_PERSON,
		    .user_name = "ann",
		    .mail = "ann@example.com",
		    .active = true },
		{ .source = "corp",
		    .id = "p-bob",
		    .kind = AU_ENTRY_PERSON,
		    .user_name = "bob",
		    .mail = "bob@example.com",
		    .active = true },
		{ .source = "corp",
		    .id = "p-cid",
		    .kind = AU_ENTRY_PERSON,
		    .user_name = "cid",
		    .mail = "cid@example.com",
		    .active = true },
		{ .source = "corp",
		    .id = "g-run",
		    .kind = AU_ENTRY_GROUP,
		    .dn = GROUP,
		    .display_name = "api-run",
		    .active = true },
	};
	const struct au_source_row source = { .name = "corp", .state = AU_SOURCE_OK, .complete = true };
	int rc = au_store_source_put(tx, &source, err);

	(void)arg;
	for (size_t i = 0; rc == 0 && i < AU_COUNT(entries); i++)
		rc = au_store_entry_put(tx, &entries[i], entries[i].dn, 0, NULL, err);
	return rc;
}

static int
store_member(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_member member = { .id = arg };

	return au_store_member_add(tx, "corp", "g-run", &member, NULL, err);
}

void
stage_store(struct stage *s, au_store_work *work, void *arg)
{
	struct au_err err = { 0 };

	if (au_store_run(s->store, work, arg, &err) < 0)
		fail_msg("store: %s", err.text);
}

void
stage_join(struct stage *s, const char *person)
{
	AU_CLEANUP(au_freep) char *id = au_xasprintf("p-%s", person);

	stage_store(s, store_member, id);
}

/* ---- set-up ---- */

static void
on_tick(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
}

static void
write_configuration(struct stage *s)
{
	FILE *file;

	strcpy(s->folder, "/tmp/apiuserd-control-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	assert_int_equal(chmod(s->folder, 0755), 0);
	snprintf(s->socket, sizeof(s->socket), "%s/control.sock", s->folder);
	snprintf(s->conf, sizeof(s->conf), "%s/apiuserd.conf", s->folder);
	file = fopen(s->conf, "w");
	assert_non_null(file);
	fprintf(file, configuration, s->socket);
	fclose(file);
}

static void
start(struct stage *s)
{
	static const unsigned char audit_key[32] = { 1 };
	const struct au_store_config store_config = { .backend = "sqlite", .path = s->folder, .audit_key = audit_key };
	static const struct au_http_config endpoint = { .max_connections = 1 };
	struct au_err err = { 0 };
	struct au_control_world world = { .base = s->base, .sources = s->sources, .source_count = 1, .version = "9.9" };

	if (au_settings_read(s->conf, describe_fake, NULL, &s->settings, &err) < 0 ||
	    au_store_open(s->base, &store_config, &s->store, &err) < 0)
		fail_msg("%s", err.text);
	s->engine = au_engine_new(s->base, s->store, s->sealer, s->settings, &fake_targets, s);
	s->scim =
	    au_scim_new(s->base, s->store, s->settings, audit_key, &(struct au_scim_events){ .changed = NULL }, s);
	world.scim = s->scim;
	assert_int_equal(au_http_server_new(s->base, &endpoint, au_scim_handle, s->scim, &s->endpoint, NULL), 0);
	world.endpoint = s->endpoint;
	world.store = s->store;
	world.engine = s->engine;
	world.sealer = s->sealer;
	world.settings = s->settings;
	world.started_ms = au_clock_wall_ms();
	if (au_control_new(&world, &s->control, &err) < 0)
		fail_msg("%s", err.text);
}

int
stage_set_up(void **state)
{
	struct stage *s = au_xcalloc(1, sizeof(*s));
	struct timeval tv = { .tv_usec = 2000 };
	AU_CLEANUP(au_secret_freep) struct au_secret *master = au_secret_from_text("0123456789abcdef0123456789abcdef");

	au_rand_init();
	*state = s;
	s->arena = au_arena_new();
	s->base = event_base_new();
	s->tick = event_new(s->base, -1, EV_PERSIST, on_tick, NULL);
	event_add(s->tick, &tv);
	s->sealer = au_sealer_new(master);
	s->target = fake_target_new(s->base, "room");
	s->sources[0] = fake_source();
	write_configuration(s);
	start(s);
	stage_store(s, store_facts, NULL);
	stage_join(s, "ann");
	au_engine_start(s->engine);
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int
stage_tear_down(void **state)
{
	struct stage *s = *state;

	au_engine_stop(s->engine);
	while (!au_engine_idle(s->engine))
		event_base_loop(s->base, EVLOOP_ONCE);
	au_control_free(s->control);
	au_store_close(s->store);
	au_http_server_free(s->endpoint);
	au_scim_free(s->scim);
	au_engine_free(s->engine);
	fake_target_free(s->target);
	au_sealer_free(s->sealer);
	au_settings_free(s->settings);
	event_free(s->tick);
	event_base_free(s->base);
	au_arena_free(s->arena);
	assert_int_equal(nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	free(s);
	return 0;
}

static void
run_is_over(void *ctx, const struct au_engine_summary *summary)
{
	(void)summary;
	*(bool *)ctx = true;
}

void
stage_run(struct stage *s)
{
	bool over = false;

	au_engine_run(s->engine, true, PATIENCE_MS, run_is_over, &over);
	while (!over)
		event_base_loop(s->base, EVLOOP_ONCE);
}

unsigned
stage_resyncs(const struct stage *s)
{
	return fake_source_resyncs(s->sources[0]);
}

bool
stage_is_paused(const struct stage *s)
{
	return fake_source_is_paused(s->sources[0]);
}

/* ---- client ---- */

int
stage_send(struct stage *s, const char *method, const char *path, const char *body)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AU_CLEANUP(au_freep)
	char *request =
	    au_xasprintf("%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
		method, path, body != NULL ? strlen(body) : 0, body != NULL ? body : "");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, s->socket);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	return fd;
}

const char *
stage_receive(struct stage *s, int fd)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	int64_t start_ms = au_clock_mono_ms();
	char buf[65536];

	for (;;) {
		ssize_t got;
		event_base_loop(s->base, EVLOOP_ONCE);
		got = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (got > 0)
			au_str_putn(&text, buf, (size_t)got);
		else if (got == 0 || errno != EAGAIN)
			break;
		if (au_clock_mono_ms() - start_ms > PATIENCE_MS)
			fail_msg("no answer; so far: %s", au_str_get(&text));
	}
	close(fd);
	return au_arena_strdup(s->arena, au_str_get(&text));
}

const char *
stage_talk_raw(struct stage *s, const char *method, const char *path, const char *body)
{
	return stage_receive(s, stage_send(s, method, path, body));
}

static int
read_answer(struct stage *s, const char *text, const json_t **ret)
{
	const char *body = strstr(text, "\r\n\r\n");
	json_t *json = NULL;

	assert_non_null(body);
	if (au_json_parse(body + 4, strlen(body + 4), AU_JSON_DEPTH, &json, NULL) < 0)
		fail_msg("no JSON: %s", text);
	au_json_in_arena(s->arena, json);
	if (ret != NULL)
		*ret = json;
	return atoi(text + strlen("HTTP/1.1 "));
}

int
stage_talk(struct stage *s, const char *method, const char *path, const char *body, const json_t **ret)
{
	return read_answer(s, stage_talk_raw(s, method, path, body), ret);
}

int
stage_talk_as(struct stage *s, unsigned uid, const char *method, const char *path, const char *body, const json_t **ret)
{
	int fd;

	assert_int_equal(seteuid(uid), 0);
	fd = stage_send(s, method, path, body);
	assert_int_equal(seteuid(getuid()), 0);
	return read_answer(s, stage_receive(s, fd), ret);
}

char *
stage_bytes(const struct stage *s, size_t *ret_len)
{
	static const char *const names[] = { "apiuserd.db", "apiuserd.db-wal" };
	struct au_str all = AU_STR_INIT;

	for (size_t i = 0; i < AU_COUNT(names); i++) {
		AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", s->folder, names[i]);
		AU_CLEANUP(au_freep) char *data = NULL;
		size_t len = 0;
		assert_int_equal(au_io_read(path, 64 << 20, &data, &len, NULL), 0);
		au_str_printf(&all, "%s %zu\n", names[i], len);
		au_str_putn(&all, data, len);
	}
	*ret_len = all.len;
	return au_str_take(&all);
}

void
stage_assert_audited(struct stage *s, const char *object, const char *verb)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/v1/audit?limit=1&object=%s", object), *actor = NULL;
	const json_t *json, *row;

	assert_int_equal(stage_talk(s, "GET", path, NULL, &json), 200);
	row = json_array_get(json_object_get(json, "rows"), 0);
	assert_string_equal(au_json_get_str(row, "verb"), verb);
	actor = au_xasprintf("uid:%u", (unsigned)getuid());
	assert_string_equal(au_json_get_str(row, "actor"), actor);
}
