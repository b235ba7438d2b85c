/* SPDX-License-Identifier: ISC */
/*
 * The parts that follow the configuration: workers and sources.
 * What did not change is kept; a worker with calls under way is retired, not killed.
 */
#include "main/app.h"

#include "base/log.h"
#include "base/str.h"
#include "reconcile/leave.h"
#include "scim/catalog.h"
#include "wire/description.h"

#include <string.h>

#define RETIRE_CHECK_MS 200

int
au_app_read(const char *file, struct au_settings **ret, struct au_err *err)
{
	struct au_settings *settings;
	struct au_catalog *catalog;
	int rc = au_settings_read(file, au_description_of, NULL, &settings, err);

	if (rc < 0)
		return rc;
	rc = au_catalog_new(settings, &catalog, err);
	if (rc < 0) {
		au_settings_free(settings);
		return rc;
	}
	au_catalog_free(catalog);
	au_leave_tell(settings);
	*ret = settings;
	return 0;
}

static bool
same_values(const struct au_values *a, const struct au_values *b)
{
	AU_CLEANUP(au_json_decrefp) json_t *left = au_values_json(a);
	AU_CLEANUP(au_json_decrefp) json_t *right = au_values_json(b);

	return json_equal(left, right);
}

/* ---- targets ------------------------------------------------------------------ */

static bool
same_target(const struct au_target_block *a, const struct au_target_block *b)
{
	return same_values(a->block.values, b->block.values) && json_equal(a->options, b->options);
}

static void
free_target(struct au_app_target *target)
{
	au_target_worker_free(target->worker);
	au_settings_free(target->settings);
}

static void
on_retire(evutil_socket_t fd, short what, void *arg)
{
	struct au_app *app = arg;
	struct timeval wait = { 0, RETIRE_CHECK_MS * 1000 };
	size_t kept = 0;

	(void)fd;
	(void)what;
	for (size_t i = 0; i < app->retired_count; i++) {
		if (au_target_worker_waiting(app->retired[i].worker))
			app->retired[kept++] = app->retired[i];
		else
			free_target(&app->retired[i]);
	}
	app->retired_count = kept;
	if (kept)
		evtimer_add(app->retire_timer, &wait);
}

static void
retire(struct au_app *app, const struct au_app_target *target)
{
	if (!app->retire_timer)
		app->retire_timer = evtimer_new(app->base, on_retire, app);
	app->retired = au_xrealloc(app->retired, app->retired_count + 1, sizeof *app->retired);
	app->retired[app->retired_count++] = *target;
	event_active(app->retire_timer, EV_TIMEOUT, 0);
}

static struct au_app_target
take_target(struct au_app *app, const struct au_target_block *block)
{
	const struct au_values *daemon = app->settings->daemon;
	struct au_app_target made;

	for (size_t i = 0; i < app->target_count; i++) {
		struct au_app_target *old = &app->targets[i];
		if (old->worker && au_streq(old->block->block.name, block->block.name) &&
		    same_target(old->block, block)) {
			made = *old;
			old->worker = NULL;
			/* A secret may have been renewed in its place; after a refusal the same one is never tried
			 * again. */
			au_target_worker_reopen(made.worker);
			return made;
		}
	}
	made.settings = au_settings_hold(app->settings);
	made.block = block;
	AU_CLEANUP(au_freep) char *helper = au_xasprintf("%s/apiuserd-target", au_values_str(daemon, "helper_dir"));
	unsigned char key[AU_TARGET_KEY];
	au_sealer_derive(app->sealer, "refusals", key);
	made.worker = au_target_worker_new(app->base, helper, au_values_str(daemon, "plugin_dir"), block,
	    &(struct au_target_memory){ .store = app->store, .key = key });
	au_wipe(key, sizeof(key));
	return made;
}

void
au_app_make_targets(struct au_app *app)
{
	struct au_settings *settings = app->settings;
	struct au_app_target *made = au_xcalloc(settings->target_count + 1, sizeof *made);

	for (size_t i = 0; i < settings->target_count; i++)
		made[i] = take_target(app, &settings->targets[i]);
	for (size_t i = 0; i < app->target_count; i++)
		if (app->targets[i].worker)
			retire(app, &app->targets[i]);
	free(app->targets);
	app->targets = made;
	app->target_count = settings->target_count;
}

/* ---- sources ------------------------------------------------------------------ */

static void
source_changed(void *ctx, const char *source)
{
	struct au_app *app = ctx;

	(void)source;
	if (app->engine)
		au_engine_changed(app->engine);
}

bool
au_app_freshen(
    void *ctx, const char *source, const struct au_freshen_order *order, au_freshen_done *done, void *done_ctx)
{
	struct au_app *app = ctx;

	for (size_t i = 0; i < app->source_count; i++)
		if (au_streq(au_source_name(app->source_list[i]), source)) {
			au_source_freshen(app->source_list[i], order, done, done_ctx);
			return true;
		}
	return false;
}

static const struct au_source_events source_events = { .changed = source_changed };

static struct au_app_source
take_source(struct au_app *app, const struct au_block *block)
{
	struct au_app_source made;

	for (size_t i = 0; i < app->source_count; i++) {
		struct au_app_source *old = &app->sources[i];
		if (old->source && au_streq(old->block->name, block->name) &&
		    same_values(old->block->values, block->values)) {
			made = *old;
			old->source = NULL;
			return made;
		}
	}
	AU_CLEANUP(au_freep)
	char *helper = au_xasprintf("%s/apiuserd-source", au_values_str(app->settings->daemon, "helper_dir"));
	made.settings = au_settings_hold(app->settings);
	made.block = block;
	unsigned char key[AU_REFUSAL_KEY];
	au_sealer_derive(app->sealer, "refusals", key);
	made.source = au_source_new(app->base, app->store, helper, block, key, &source_events, app);
	au_wipe(key, sizeof(key));
	return made;
}

void
au_app_make_sources(struct au_app *app)
{
	struct au_settings *settings = app->settings;
	struct au_app_source *made = au_xcalloc(settings->source_count + 1, sizeof *made);
	struct au_source **list = au_xcalloc(settings->source_count + 1, sizeof(*list));
	size_t kept = app->source_count;

	for (size_t i = 0; i < settings->source_count; i++) {
		made[i] = take_source(app, &settings->sources[i]);
		list[i] = made[i].source;
	}
	for (size_t i = 0; i < kept; i++)
		if (app->sources[i].source) {
			au_source_free(app->sources[i].source);
			au_settings_free(app->sources[i].settings);
		}
	for (size_t i = 0; i < settings->source_count; i++) {
		bool old = false;
		for (size_t k = 0; k < kept; k++)
			old = old || app->source_list[k] == list[i];
		if (!old)
			au_source_start(list[i]);
	}
	free(app->sources);
	free(app->source_list);
	app->sources = made;
	app->source_list = list;
	app->source_count = settings->source_count;
}

void
au_app_free_parts(struct au_app *app)
{
	for (size_t i = 0; i < app->source_count; i++) {
		au_source_free(app->sources[i].source);
		au_settings_free(app->sources[i].settings);
	}
	for (size_t i = 0; i < app->target_count; i++)
		free_target(&app->targets[i]);
	for (size_t i = 0; i < app->retired_count; i++)
		free_target(&app->retired[i]);
	free(app->sources);
	free(app->source_list);
	free(app->targets);
	free(app->retired);
	app->sources = NULL;
	app->source_list = NULL;
	app->targets = app->retired = NULL;
	app->source_count = app->target_count = app->retired_count = 0;
	if (app->retire_timer)
		event_free(app->retire_timer);
	app->retire_timer = NULL;
}
