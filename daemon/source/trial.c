/* SPDX-License-Identifier: ISC */
/*
 * The process is told what to try as soon as it runs, and forgotten with its
 * answer.  It keeps the time itself; one that does not is ended a little later.
 */
#include "source/trial.h"

#include "base/frame.h"
#include "base/io.h"
#include "base/str.h"
#include "source/options.h"
#include "source/secrets.h"
#include "wire/child.h"
#include "wire/source_start.h"

#include <event2/event.h>
#include <string.h>
#include <sys/stat.h>

#define OPEN_FILES 128
#define LATE_MS 10000 /* that the process gets beyond its time */
#define LOOK_MS 20
#define LOOKS (AU_CHILD_GRACE_MS / LOOK_MS)
#define NEVER_MS (24LL * 3600 * 1000)

struct au_source_trial {
	struct au_source_trial_config config;
	json_t *options;
	struct au_secret_places places;
	struct au_secrets secrets;
	struct au_child *child;
	struct event *late, *over;
	json_t *answer; /* the message with the report */
	struct au_err why;
	int looks; /* whether the process has ended */
};

static void
plan(struct event *timer, long long ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(timer, &wait);
}

static void
fail(struct au_source_trial *trial, int code, const char *why)
{
	if (trial->why.code == 0)
		au_fail(&trial->why, code, "%s", why);
	event_active(trial->over, EV_TIMEOUT, 0);
}

/*
 * The path of a secret that a person's tool can take from there, NULL when there is none: what systemd hands to the
 * daemon is nobody else's.
 */
static const char *
file_of(const char *place)
{
	static const char prefix[] = "file:";

	return place != NULL && strncmp(place, prefix, sizeof(prefix) - 1) == 0 ? place + sizeof(prefix) - 1 : NULL;
}

/* ldapsearch(1) takes every byte of the file for the password, the end of a line as well. */
static const char *
password_file(const struct au_source_trial *trial)
{
	const char *path = file_of(trial->places.password);
	struct stat status;

	if (path == NULL || trial->secrets.password == NULL || stat(path, &status) < 0 ||
	    (size_t)status.st_size != au_secret_len(trial->secrets.password))
		return NULL;
	return path;
}

static void
on_started(void *ctx)
{
	struct au_source_trial *trial = ctx;

	au_child_send(trial->child,
	    au_source_try_to_json(
		trial->options, &(struct au_source_try){ .start = { .password = au_secret_text(trial->secrets.password),
							     .client_key = au_secret_text(trial->secrets.client_key),
							     .token = au_secret_text(trial->secrets.token),
					     .client_secret = au_secret_text(trial->secrets.client_secret),
							     .keytab = trial->secrets.keytab },
				    .timeout_ms = trial->config.timeout_ms,
				    .entries = trial->config.entries,
				    .shown = trial->config.shown,
				    .password_file = password_file(trial),
				    .key_file = file_of(trial->places.client_key),
				    .token_file = file_of(trial->places.token) }),
	    true);
}

static void
on_message(void *ctx, json_t *message)
{
	struct au_source_trial *trial = ctx;

	/* All else that it may say, such as that it lives, is of no interest. */
	if (au_source_msg_kind(message) != AU_MSG_TRIED || trial->answer != NULL)
		return;
	trial->answer = json_incref(message);
	event_active(trial->over, EV_TIMEOUT, 0);
}

static void
on_died(void *ctx, const char *how, int64_t restart_in_ms)
{
	struct au_source_trial *trial = ctx;
	AU_CLEANUP(au_freep) char *why = au_xasprintf("the process that looks at the source %s", how);

	(void)restart_in_ms;
	if (trial->answer == NULL)
		fail(trial, AU_ETEMP, why);
}

static const struct au_child_events child_events = { .started = on_started, .message = on_message, .died = on_died };

static void
on_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	fail(arg, AU_ETEMP, "the process that looks at the source did not answer in time");
}

/* Freeing a process that still runs waits for it, so it is given the time to end. */
static void
on_over(evutil_socket_t fd, short what, void *arg)
{
	struct au_source_trial *trial = arg;
	const json_t *report = NULL;

	(void)fd;
	(void)what;
	event_del(trial->late);
	au_child_stop(trial->child);
	if (au_child_pid(trial->child) != 0 && trial->looks++ < LOOKS) {
		plan(trial->over, LOOK_MS);
		return;
	}
	if (trial->answer != NULL)
		au_source_tried_from_json(trial->answer, &report, &trial->why);
	trial->config.done(trial->config.ctx, report, &trial->why);
}

int
au_source_trial_new(const struct au_source_trial_config *config, struct au_source_trial **ret, struct au_err *err)
{
	static const char *const no_arguments[] = { NULL };
	const struct au_values *values = config->block->values;
	struct au_source_trial *trial = au_xcalloc(1, sizeof(*trial));
	AU_CLEANUP(au_freep) char *label = au_xasprintf("test of source %s", config->block->name);
	struct au_child_config child = { .path = config->helper,
		.argv = no_arguments,
		.label = label,
		.memory_limit = (size_t)au_values_num(values, "memory_limit"),
		.open_files = OPEN_FILES,
		.max_frame = AU_FRAME_MAX,
		.restart_cap_ms = NEVER_MS };

	*trial = (struct au_source_trial){ .config = *config, .options = au_source_options(values) };
	trial->config.helper = NULL;
	trial->config.block = NULL;
	au_secret_places_init(&trial->places, values);
	trial->child = au_child_new(config->base, &child, &child_events, trial);
	trial->late = evtimer_new(config->base, on_late, trial);
	trial->over = evtimer_new(config->base, on_over, trial);
	int rc = au_secrets_read(&trial->places, &trial->secrets, err);
	if (rc < 0) {
		au_source_trial_free(trial);
		return rc;
	}
	au_child_start(trial->child);
	plan(trial->late, config->timeout_ms + LATE_MS);
	*ret = trial;
	return 0;
}

void
au_source_trial_free(struct au_source_trial *trial)
{
	if (trial == NULL)
		return;
	au_child_free(trial->child);
	event_free(trial->late);
	event_free(trial->over);
	au_secrets_done(&trial->secrets);
	au_secret_places_done(&trial->places);
	json_decref(trial->options);
	json_decref(trial->answer);
	free(trial);
}
