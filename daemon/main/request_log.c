/* SPDX-License-Identifier: ISC */
/*
 * One line per request to the SCIM endpoint.  What it is made of holds no
 * secret (struct au_http_record); whoever sends rubbish in masses does not fill
 * the log with it.
 */
#include "main/app.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#define LINES_PER_SECOND 100
#define LINES_SAVED 1000

static bool
is_wanted(const struct au_app *app, const struct au_http_record *record)
{
	const char *choice = au_values_str(app->settings->scim, "request_log");

	return au_streq(choice, "all") || (au_streq(choice, "errors") && record->status >= 400);
}

/* Whether one more line fits in; those left out are told as soon as one does. */
static bool
has_room(struct au_app *app)
{
	int64_t now_mono = au_clock_mono_ms();

	if (!app->request_log.per_ms)
		au_rate_init(&app->request_log, LINES_PER_SECOND, LINES_SAVED, now_mono);
	if (!au_rate_take(&app->request_log, now_mono, NULL)) {
		app->requests_not_logged++;
		return false;
	}
	if (app->requests_not_logged)
		au_log(AU_LOG_WARNING, NULL, "request log: %llu requests were left out", app->requests_not_logged);
	app->requests_not_logged = 0;
	return true;
}

void
au_app_log_request(void *arg, const struct au_http_record *record)
{
	struct au_app *app = arg;

	if (!is_wanted(app, record) || !has_room(app))
		return;
	au_log(record->status >= 500 ? AU_LOG_WARNING : AU_LOG_INFO,
	    AU_FIELDS("REQUEST_ID", record->id, "CLIENT", record->client, "PEER", record->peer),
	    "%s %s answered %d, %zu bytes in %lld ms", record->method ? record->method : "-",
	    record->target ? record->target : "-", record->status, record->bytes, record->took_ms);
}
