/* SPDX-License-Identifier: ISC */
/* The daemon as a whole: built in one order, taken down in the reverse. */
#ifndef MAIN_APP_H
#define MAIN_APP_H

#include "base/rate.h"
#include "control/control.h"
#include "main/audit_keeper.h"
#include "reconcile/engine.h"
#include "scim/scim.h"
#include "settings/settings.h"
#include "source/source.h"
#include "target/target.h"
#include "webhook/webhook.h"

#include <event2/event.h>

struct au_app_source {
	struct au_source *source;
	struct au_settings *settings; /* held: the source reads its block */
	const struct au_block *block;
};

struct au_app_target {
	const char *name;
	struct au_target_worker *worker;
	struct au_settings *settings; /* held: the worker reads its block */
	const struct au_target_block *block;
};

struct au_app {
	const char *file; /* configuration */
	bool debug;
	bool stopping;
	int exit_code;
	struct event_base *base;
	struct au_settings *settings;
	struct au_sealer *sealer;
	struct au_store *store;
	struct au_app_target *targets;
	size_t target_count;
	struct au_app_target *retired; /* workers of an older configuration that still finish calls */
	size_t retired_count;
	struct au_app_source *sources;
	struct au_source **source_list; /* the same, as the control socket wants them */
	size_t source_count;
	struct au_scim *scim;
	struct au_http_activation *activation; /* sockets from systemd */
	struct au_http_server *http;
	struct au_rate request_log; /* how many more lines it may have */
	unsigned long long requests_not_logged;
	struct au_engine *engine;
	struct au_control *control;
	struct au_audit_keeper *audit_keeper;
	struct au_webhook *webhook;
	struct event *signals[4];
	struct event *watchdog, *stop_timer, *retire_timer, *certificate_timer;
};

/* Read the configuration only (apiuserd -n). */
int au_app_check(const char *file, struct au_err *err);
/* Build everything and start; the caller runs app->base. */
int au_app_start(struct au_app *app, struct au_err *err);
void au_app_stop(struct au_app *app); /* begins; the loop ends when what is under way is done */
void au_app_done(struct au_app *app);

/* reload.c: read the file anew; a bad one leaves everything as it is. */
void au_app_reload(struct au_app *app);
/* parts.c: make what the settings ask for, keep what did not change, retire the rest. */
int au_app_read(const char *file, struct au_settings **ret, struct au_err *err);
void au_app_make_targets(struct au_app *app);
void au_app_make_sources(struct au_app *app);
/* For struct au_engine_sources; ctx is the app. */
bool au_app_freshen(
    void *ctx, const char *source, const struct au_freshen_order *order, au_freshen_done *done, void *done_ctx);
void au_app_free_parts(struct au_app *app);
/* endpoint.c: make the SCIM endpoint, or have it follow other settings; on failure it stays as it was. */
int au_app_make_endpoint(struct au_app *app, const struct au_settings *settings, struct au_err *err);
void au_app_free_endpoint(struct au_app *app);
/* request_log.c: the recorder of the SCIM endpoint; arg is the app. */
void au_app_log_request(void *arg, const struct au_http_record *record);
/* key.c: the master key, made at the first start unless it is configured. */
int au_app_master_key(const struct au_settings *settings, struct au_secret **ret, struct au_err *err);

#endif
