/* SPDX-License-Identifier: ISC */
/* Building and tearing down of a scenario's world. */
#include "tests/scenario/world.h"

#include "base/clock.h"
#include "base/str.h"
#include "store/store.h"
#include "target/target.h"
#include "tests/scenario/stopping.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_S 600           /* no time passes by itself: what hangs would do so for ever */
#define START_MS 1767225600000LL /* 2026-01-01T00:00:00Z */

void
complain(struct scenario *s, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", s->file, s->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	s->failures++;
}

/* ---- set-up ------------------------------------------------------------------- */

static const struct au_opt instance_opts[] = {
	{ .name = "signs_in_as", .type = AU_STR, .flags = AU_OWN_LOGIN, .help = "The account that we log in with." },
	{ .name = "username", .type = AU_STR, .help = "A name that means nothing, whatever other plugins call so." },
	AU_OPT_END,
};
static const struct au_opt rights_opts[] = {
	{ .name = "roles", .type = AU_LIST, .flags = AU_REQUIRED, .help = "Roles." },
	{ .name = "apps", .type = AU_LIST, .help = "Applications that connect by the account." },
	AU_OPT_END,
};
static const struct au_product_rule rules[] = {
	{ .id = "FK-1",
	    .text = "A login has at most 20 characters.",
	    .evidence = AU_INFERRED,
	    .kind = AU_RULE_LENGTH,
	    .field = "login",
	    .min = 1,
	    .max = 20 },
	{ .id = "FK-2",
	    .text = "Somebody administers the product.",
	    .evidence = AU_INFERRED,
	    .kind = AU_RULE_ADMIN,
	    .field = "rights.roles",
	    .min = 1,
	    .choices = (const char *const[]){ "root", "super", NULL } },
	{ .id = "FK-3",
	    .text = "What connects by an account needs one that connects.",
	    .evidence = AU_INFERRED,
	    .kind = AU_RULE_EACH,
	    .field = "rights.apps",
	    .min = 1 },
	{ .id = "FK-4",
	    .text = "An account has a role.",
	    .evidence = AU_INFERRED,
	    .kind = AU_RULE_COUNT,
	    .field = "rights.roles",
	    .min = 1 },
	AU_RULE_END,
};

/* A product with three active slots and a seat for every administrator, as some have. */
static const struct au_pool pools[] = {
	{ .name = "slots",
	    .text = "Active accounts.",
	    .evidence = AU_DOCUMENTED,
	    .flags = AU_POOL_ACTIVE,
	    .units = 1,
	    .limit = 3 },
	{ .name = "seats:admin",
	    .text = "Licences of administrators.",
	    .evidence = AU_DOCUMENTED,
	    .field = "rights.roles",
	    .value = "admin",
	    .units = 1,
	    .limit = -1 },
	AU_POOL_END,
};

#define FAKE_CAPS                                                                                                      \
	(AU_CAP_LIST | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_SET_PROFILE | AU_CAP_RESET_SECRET | \
	    AU_CAP_SET_SECRET | AU_CAP_READ_RIGHTS | AU_CAP_MARK)

/* What a fake can do is in its name. */
static unsigned
caps_of(const char *plugin)
{
	static const struct {
		const char *word;
		unsigned gives, takes;
	} words[] = {
		{ "-born", AU_CAP_BORN_ALLOWED, 0 },
		{ "-slots", AU_CAP_BORN_ALLOWED | AU_CAP_POOLS, 0 },
		{ "-lasting", 0, AU_CAP_DISABLE },
		{ "-undeletable", 0, AU_CAP_DELETE },
		{ "-manual", AU_CAP_MANUAL | AU_CAP_SHOWS_SECRET, AU_CAP_LIST | AU_CAP_MARK | AU_CAP_SET_SECRET },
		{ "-fixed", 0, AU_CAP_SET_PROFILE },
		{ "-late", AU_CAP_LATE_SECRET, 0 },
	};
	unsigned caps = FAKE_CAPS;

	for (size_t i = 0; i < AU_COUNT(words); i++)
		if (strstr(plugin, words[i].word) != NULL)
			caps = (caps | words[i].gives) & ~words[i].takes;
	return caps;
}

static int
describe_fake(void *ctx, const struct au_values *daemon, struct au_arena *arena, const char *plugin,
    const struct au_describe **ret, struct au_err *err)
{
	struct au_describe *describe = au_arena_alloc(arena, sizeof *describe);

	(void)ctx;
	(void)daemon;
	(void)err;
	*describe = (struct au_describe){ .name = au_arena_strdup(arena, plugin),
		.product = "Fake",
		.version = "1",
		.summary = "A fake.",
		.abi = AU_TARGET_ABI,
		.caps = caps_of(plugin),
		.limits = { strstr(plugin, "-manual") ? 3 : -1, -1, -1 },
		.password = { 12, 12, "abcdefghijklmnopqrstuvwxyz0123456789", AU_PW_LOWER },
		.instance_opts = instance_opts,
		.rights_opts = rights_opts,
		.pools = strstr(plugin, "-slots") ? pools : NULL,
		.rules = rules };
	*ret = describe;
	return 0;
}

static void
call_fake(void *ctx, const char *target, const struct au_call *call, au_engine_done *done, void *done_ctx)
{
	struct scenario *s = ctx;

	for (size_t i = 0; i < s->fake_count && !s->dead; i++)
		if (au_streq(fake_target_name(s->fakes[i]), target))
			fake_target_call(s->fakes[i], call, done, done_ctx);
}

static const struct au_engine_targets fake_targets = { .call = call_fake };

static void
on_broken(void *ctx, const char *why)
{
	complain(ctx, "store broken: %s", why);
}

bool (*world_freshen)(
    void *ctx, const char *source, const struct au_freshen_order *order, au_freshen_done *done, void *done_ctx);

void
start_engine(struct scenario *s)
{
	static const unsigned char audit_key[32] = { 1 };
	struct au_err err = { 0 };
	struct au_store_config config = {
		.backend = "sqlite", .path = s->dir, .audit_key = audit_key, .on_broken = on_broken, .ctx = s
	};

	if (au_store_open(s->base, &config, &s->store, &err) < 0) {
		fprintf(stderr, "%s: %s\n", s->file, err.text);
		exit(1);
	}
	note_audit(s);
	s->engine = au_engine_new(s->base, s->store, s->sealer, s->settings, &fake_targets, s);
	au_engine_use_sources(s->engine, &(struct au_engine_sources){ .freshen = world_freshen }, s);
	au_engine_start(s->engine);
}

void
stop_engine(struct scenario *s)
{
	au_engine_stop(s->engine);
	au_store_close(s->store);
	for (size_t i = 0; i < s->fake_count; i++)
		fake_target_forget(s->fakes[i]);
	au_engine_free(s->engine);
}

static void
rested(void *ctx, const struct au_engine_summary *summary)
{
	struct scenario *s = ctx;

	(void)summary;
	s->resting = true;
}

void
rest(struct scenario *s, bool observe)
{
	s->resting = false;
	au_engine_run(s->engine, observe, 60000, rested, s);
	while (!s->resting)
		event_base_loop(s->base, EVLOOP_ONCE);
}

void
replace_settings(struct scenario *s, const char *path)
{
	struct au_settings *old = s->settings;
	struct au_err err = { 0 };

	if (au_settings_read(path, describe_fake, NULL, &s->settings, &err) < 0) {
		complain(s, "%s", err.text);
		return;
	}
	au_engine_settings(s->engine, s->settings);
	au_settings_free(old);
}

void
set_up(struct scenario *s, const char *file)
{
	static const char secret[] = "scenario master key, thirty-two bytes";
	struct au_err err = { 0 };
	AU_CLEANUP(au_secret_freep) struct au_secret *master = au_secret_from_text(secret);
	const char *top = getenv("top_srcdir");
	AU_CLEANUP(au_freep) char *own = au_xasprintf("%.*s.conf", (int)(strlen(file) - strlen(".scn")), file);
	AU_CLEANUP(au_freep)
	char *conf =
	    access(own, R_OK) == 0 ? au_xstrdup(own) : au_xasprintf("%s/tests/scenario/scenario.conf", top ? top : ".");

	*s = (struct scenario){ .file = file };
	alarm(PATIENCE_S);
	setenv("TZ", "UTC0", 1);
	tzset();
	au_clock_fake_set(START_MS, 1000000);
	s->base = event_base_new();
	snprintf(s->dir, sizeof s->dir, "/tmp/apiuserd-scenario-XXXXXX");
	if (au_settings_read(conf, describe_fake, NULL, &s->settings, &err) < 0 || !mkdtemp(s->dir)) {
		fprintf(stderr, "%s: %s\n", file, err.text);
		exit(1);
	}
	s->sealer = au_sealer_new(master);
	for (size_t i = 0; i < s->settings->target_count; i++) {
		const char *plugin = s->settings->targets[i].describe->name;
		struct fake_target *fake = fake_target_new(s->base, s->settings->targets[i].block.name);
		if (strstr(plugin, "-manual") || strstr(plugin, "-half"))
			fake_target_by_hand(fake, strstr(plugin, "-half") != NULL);
		s->fakes[s->fake_count++] = fake;
	}
	start_engine(s);
	rest(s, false);
}

void
take_down(struct scenario *s)
{
	static const char *const names[] = { "apiuserd.db", "apiuserd.db-wal", "apiuserd.db-shm", "lock" };

	free(s->said);
	stop_engine(s);
	for (size_t i = 0; i < s->fake_count; i++)
		fake_target_free(s->fakes[i]);
	au_sealer_free(s->sealer);
	au_settings_free(s->settings);
	event_base_free(s->base);
	for (size_t i = 0; i < AU_COUNT(names); i++) {
		AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", s->dir, names[i]);
		unlink(path);
	}
	rmdir(s->dir);
}

void
tear_down(struct scenario *s)
{
	expect_counters(s);
	take_down(s);
}
