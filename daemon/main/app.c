/* SPDX-License-Identifier: ISC */
/*
 * The boot story, top down: settings, log, keys, store, targets, engine, SCIM,
 * sources, control socket, ready.  Taken down in the reverse order.
 */
#include "main/app.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/str.h"
#include "http/activation.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#define STOP_LIMIT_MS 5000
#define STOP_CHECK_MS 50

int
au_app_check(const char *file, struct au_err *err)
{
	struct au_settings *settings = NULL;
	int rc = au_app_read(file, &settings, err);

	au_settings_free(settings);
	return rc;
}

/* ---- starting ------------------------------------------------------------------ */

static void
apply_log_level(const struct au_app *app)
{
	static const struct {
		const char *name;
		enum au_log_level level;
	} levels[] = {
		{ "error", AU_LOG_ERROR },
		{ "warning", AU_LOG_WARNING },
		{ "notice", AU_LOG_NOTICE },
		{ "info", AU_LOG_INFO },
		{ "debug", AU_LOG_DEBUG },
	};
	const char *name = au_values_str(app->settings->daemon, "log_level");

	for (size_t i = 0; i < AU_COUNT(levels); i++)
		if (au_streq(levels[i].name, name))
			au_log_level(app->debug ? AU_LOG_DEBUG : levels[i].level);
}

static void
on_store_broken(void *ctx, const char *why)
{
	struct au_app *app = ctx;

	au_log(AU_LOG_ERROR, NULL, "store: %s; stopping, since what was not committed must not be believed", why);
	app->exit_code = 1;
	event_base_loopbreak(app->base);
}

static int
make_state_dir(const char *path, struct au_err *err)
{
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return au_fail(err, AU_EIO, "state folder '%s': %s", path, strerror(errno));
	return 0;
}

static int
open_store(struct au_app *app, struct au_err *err)
{
	const char *state_dir = au_values_str(app->settings->daemon, "state_dir");
	AU_CLEANUP(au_secret_freep) struct au_secret *master = NULL;
	unsigned char audit_key[32];
	int rc = make_state_dir(state_dir, err);

	if (rc == 0)
		rc = au_app_master_key(app->settings, &master, err);
	if (rc < 0)
		return rc;
	app->sealer = au_sealer_new(master);
	au_sealer_derive(app->sealer, "auditkey", audit_key);
	struct au_store_config config = {
		.backend = "sqlite", .path = state_dir, .audit_key = audit_key, .on_broken = on_store_broken, .ctx = app
	};
	rc = au_store_open(app->base, &config, &app->store, err);
	au_wipe(audit_key, sizeof audit_key);
	return rc;
}

/* NULL: none is configured by that name. */
static struct au_target_worker *
find_worker(const struct au_app *app, const char *target)
{
	for (size_t i = 0; i < app->target_count; i++)
		if (au_streq(app->targets[i].block->block.name, target))
			return app->targets[i].worker;
	return NULL;
}

static void
call_target(void *ctx, const char *target, const struct au_call *call, au_engine_done *done, void *done_ctx)
{
	struct au_target_worker *worker = find_worker(ctx, target);

	if (worker != NULL) {
		au_target_worker_call(worker, call, done, done_ctx);
		return;
	}
	/* The engine asks for configured targets only. */
	struct au_call_result result = { 0 };
	au_fail(&result.err, AU_EBUG, "target '%s': not configured", target);
	done(done_ctx, &result);
}

static void
forgive_target(void *ctx, const char *target)
{
	struct au_target_worker *worker = find_worker(ctx, target);

	if (worker != NULL)
		au_target_worker_forgive(worker);
}

static const struct au_engine_targets engine_targets = { .call = call_target, .forgive = forgive_target };

static int
read_file(void *ctx, struct au_settings **ret, struct au_err *err)
{
	const struct au_app *app = ctx;

	return au_app_read(app->file, ret, err);
}

static int
make_control(struct au_app *app, struct au_err *err)
{
	struct au_control_world world = { .base = app->base,
		.store = app->store,
		.engine = app->engine,
		.sealer = app->sealer,
		.settings = app->settings,
		.sources = app->source_list,
		.source_count = app->source_count,
		.scim = app->scim,
		.endpoint = app->http,
		.read = read_file,
		.read_ctx = app,
		.version = PACKAGE_VERSION,
		.started_ms = au_clock_wall_ms() };

	return au_control_new(&world, &app->control, err);
}

static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	struct au_app *app = arg;

	(void)what;
	if (number == SIGHUP)
		au_app_reload(app);
	else
		au_app_stop(app);
}

static void
on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	sd_notify(0, "WATCHDOG=1");
}

static void
watch_signals(struct au_app *app)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	uint64_t limit_us = 0;

	for (size_t i = 0; i < AU_COUNT(numbers); i++) {
		app->signals[i] = evsignal_new(app->base, numbers[i], on_signal, app);
		evsignal_add(app->signals[i], NULL);
	}
	signal(SIGPIPE, SIG_IGN);
	if (sd_watchdog_enabled(0, &limit_us) > 0) {
		struct timeval wait = { .tv_sec = (time_t)(limit_us / 2 / 1000000),
			.tv_usec = (suseconds_t)(limit_us / 2 % 1000000) };
		app->watchdog = event_new(app->base, -1, EV_PERSIST, on_watchdog, app);
		event_add(app->watchdog, &wait);
	}
}

/* Before there is any other thread: the times and windows of the configuration are in it. */
static void
apply_time_zone(const struct au_app *app)
{
	const char *zone = au_values_str(app->settings->daemon, "time_zone");

	if (zone)
		setenv("TZ", zone, 1);
	tzset();
}

int
au_app_start(struct au_app *app, struct au_err *err)
{
	int rc = au_app_read(app->file, &app->settings, err);

	if (rc < 0)
		return rc;
	apply_log_level(app);
	apply_time_zone(app);
	app->base = event_base_new();
	if (!app->base)
		return au_fail(err, AU_EIO, "event loop: could not be made");
	watch_signals(app);
	rc = au_http_activation_new(&app->activation, err);
	if (rc == 0)
		rc = open_store(app, err);
	if (rc < 0)
		return rc;
	au_app_make_targets(app);
	app->engine = au_engine_new(app->base, app->store, app->sealer, app->settings, &engine_targets, app);
	au_engine_use_sources(app->engine, &(struct au_engine_sources){ .freshen = au_app_freshen }, app);
	rc = au_app_make_endpoint(app, app->settings, err);
	if (rc < 0)
		return rc;
	au_app_make_sources(app);
	rc = make_control(app, err);
	if (rc < 0)
		return rc;
	app->audit_keeper = au_audit_keeper_new(app->base, app->store, app->settings);
	app->webhook = au_webhook_new(app->base, app->store, app->settings);
	au_engine_start(app->engine);
	sd_notify(0, "READY=1\nSTATUS=running");
	au_log(AU_LOG_NOTICE, NULL, "apiuserd %s is running: %zu sources, %zu SCIM clients, %zu targets",
	    PACKAGE_VERSION, app->settings->source_count, app->settings->client_count, app->settings->target_count);
	return 0;
}

/* ---- stopping ------------------------------------------------------------------ */

static void
on_stop_check(evutil_socket_t fd, short what, void *arg)
{
	struct au_app *app = arg;
	static int64_t began;

	(void)fd;
	(void)what;
	if (!began)
		began = au_clock_mono_ms();
	if (au_engine_idle(app->engine) || au_clock_mono_ms() - began > STOP_LIMIT_MS)
		event_base_loopbreak(app->base);
}

void
au_app_stop(struct au_app *app)
{
	struct timeval wait = { 0, STOP_CHECK_MS * 1000 };

	if (app->stopping) {
		event_base_loopbreak(app->base);
		return;
	}
	app->stopping = true;
	sd_notify(0, "STOPPING=1");
	au_log(AU_LOG_NOTICE, NULL, "stopping; a call under way may finish for %d s", STOP_LIMIT_MS / 1000);
	if (app->http)
		au_http_server_stop(app->http);
	au_engine_stop(app->engine);
	app->stop_timer = event_new(app->base, -1, EV_PERSIST, on_stop_check, app);
	event_add(app->stop_timer, &wait);
}

void
au_app_done(struct au_app *app)
{
	au_control_free(app->control);
	au_app_free_endpoint(app);
	au_app_free_parts(app);
	if (app->audit_keeper)
		au_audit_keeper_stop(app->audit_keeper);
	au_webhook_stop(app->webhook);
	if (app->store)
		au_store_close(app->store);
	au_audit_keeper_free(app->audit_keeper);
	au_webhook_free(app->webhook);
	au_scim_free(app->scim);
	au_engine_free(app->engine);
	au_sealer_free(app->sealer);
	for (size_t i = 0; i < AU_COUNT(app->signals); i++)
		if (app->signals[i])
			event_free(app->signals[i]);
	if (app->watchdog)
		event_free(app->watchdog);
	if (app->stop_timer)
		event_free(app->stop_timer);
	au_settings_free(app->settings);
	if (app->base)
		event_base_free(app->base);
}
