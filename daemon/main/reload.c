/* SPDX-License-Identifier: ISC */
/* SIGHUP: a good new file is taken over as a whole; a bad one is told of and changes nothing. */
#include "main/app.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#include <inttypes.h>
#include <systemd/sd-daemon.h>
#include <time.h>

/* What is opened once at the start cannot follow a reload. */
static bool
needs_restart(const struct au_settings *old, const struct au_settings *new)
{
	static const char *const names[] = { "state_dir", "master_key", "time_zone" };

	for (size_t i = 0; i < AU_COUNT(names); i++)
		if (!au_streq(au_values_str(old->daemon, names[i]), au_values_str(new->daemon, names[i])))
			return true;
	return !au_streq(au_values_str(old->control, "socket"), au_values_str(new->control, "socket"));
}

static void
take_over(struct au_app *app, struct au_settings *settings)
{
	struct au_settings *old = app->settings;

	app->settings = settings;
	au_app_make_targets(app);
	au_engine_settings(app->engine, settings);
	au_scim_settings(app->scim, settings);
	au_webhook_settings(app->webhook, settings);
	au_app_make_sources(app);
	au_control_settings(app->control, settings, app->source_list, app->source_count);
	au_audit_keeper_follow(app->audit_keeper, settings);
	au_settings_free(old);
	au_log(AU_LOG_NOTICE, NULL, "reload: '%s' is in force", app->file);
}

void
au_app_reload(struct au_app *app)
{
	struct au_settings *settings = NULL;
	struct au_err err = { 0 };

	if (app->stopping)
		return;
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIi64, au_clock_mono_ms() * 1000);
	if (au_app_read(app->file, &settings, &err) < 0)
		au_log(AU_LOG_ERROR, NULL, "reload: %s; the old configuration stays in force", err.text);
	else if (needs_restart(app->settings, settings)) {
		au_log(AU_LOG_ERROR, NULL,
		    "reload: state_dir, master_key, time_zone and control.socket only change with a restart; the old "
		    "configuration stays in force");
		au_settings_free(settings);
	} else if (au_app_make_endpoint(app, settings, &err) < 0) {
		/* Beside reading the file it is the one part that can fail: a certificate, an address in use. */
		au_log(AU_LOG_ERROR, NULL, "reload: %s; the old configuration stays in force", err.text);
		au_settings_free(settings);
	} else
		take_over(app, settings);
	sd_notify(0, "READY=1");
}
