/* SPDX-License-Identifier: ISC */
/*
 * Handler: a source looked at once.  It writes nothing, not even an audit row;
 * but it logs in where the configuration says, so it is for operators.
 */
#include "base/log.h"
#include "base/str.h"
#include "control/overview.h"
#include "control/route.h"
#include "source/trial.h"

#define TIMEOUT_MS 30000
#define TIMEOUT_MS_LEAST 1000
#define TIMEOUT_MS_MOST 600000
#define ENTRIES 100
#define ENTRIES_MOST 10000
#define SHOWN 3
#define SHOWN_MOST 100

struct au_control_trial {
	LIST_ENTRY(au_control_trial) entry;
	struct au_control_request *r;
	struct au_source_trial *trial;
};

struct wish {
	long long timeout_ms, entries, shown;
	int changed;
};

static void
free_trial(struct au_control_trial *job)
{
	LIST_REMOVE(job, entry);
	au_source_trial_free(job->trial);
	free(job);
}

void
au_control_trials_end(struct au_control *control)
{
	struct au_control_trial *job;

	while ((job = LIST_FIRST(&control->trials)) != NULL) {
		struct au_control_request *r = job->r; /* NOLINT(clang-analyzer-unix.Malloc) */
		free_trial(job);
		au_control_request_drop(r);
	}
}

static void
on_done(void *ctx, const json_t *report, const struct au_err *why)
{
	struct au_control_trial *job = ctx;
	struct au_control_request *r = job->r;

	if (report != NULL)
		au_control_request_answer(r, 200, json_deep_copy(report));
	else
		au_control_request_fail(r, why);
	free_trial(job);
}

static int
read_number(const struct au_control_request *r, const char *name, long long dflt, long long least, long long most,
    long long *ret, struct au_err *err)
{
	if (au_json_int(r->body, name, dflt, ret, err) < 0)
		return AU_EINVAL;
	if (*ret < least || *ret > most)
		return au_fail(err, AU_EINVAL, "%s %lld: expected a number from %lld to %lld", name, *ret, least, most);
	return 0;
}

static int
read_wish(const struct au_control_request *r, struct wish *ret, struct au_err *err)
{
	if (read_number(r, "timeout_ms", TIMEOUT_MS, TIMEOUT_MS_LEAST, TIMEOUT_MS_MOST, &ret->timeout_ms, err) < 0 ||
	    read_number(r, "entries", ENTRIES, 1, ENTRIES_MOST, &ret->entries, err) < 0 ||
	    read_number(r, "shown", SHOWN, 0, SHOWN_MOST, &ret->shown, err) < 0)
		return AU_EINVAL;
	return au_json_bool(r->body, "changed", 0, &ret->changed, err);
}

static int
begin(struct au_control_request *r, const struct au_settings *settings, const struct wish *wish, struct au_err *err)
{
	const struct au_block *block = au_settings_source(settings, r->params[0]);
	AU_CLEANUP(au_freep)
	char *helper = au_xasprintf("%s/apiuserd-source", au_values_str(settings->daemon, "helper_dir"));
	struct au_control_trial *job;

	if (block == NULL)
		return au_fail(
		    err, AU_ENOENT, "source '%s': no directory or service of that name is configured", r->params[0]);
	job = au_xcalloc(1, sizeof(*job));
	job->r = r;
	int rc = au_source_trial_new(&(struct au_source_trial_config){ .base = r->control->world.base,
					 .helper = helper,
					 .block = block,
					 .timeout_ms = wish->timeout_ms,
					 .entries = wish->entries,
					 .shown = wish->shown,
					 .done = on_done,
					 .ctx = job },
	    &job->trial, err);
	if (rc < 0) {
		free(job);
		return au_err_prefix(err, rc, "source '%s'", r->params[0]);
	}
	LIST_INSERT_HEAD(&r->control->trials, job, entry);
	return 0;
}

/* With the file as it is now, which nothing else takes up. */
static int
begin_changed(struct au_control_request *r, const struct wish *wish, struct au_err *err)
{
	const struct au_control_world *world = &r->control->world;
	struct au_settings *settings;
	int rc = world->read(world->read_ctx, &settings, err);

	if (rc < 0)
		return rc;
	rc = begin(r, settings, wish, err);
	au_settings_free(settings);
	return rc;
}

static bool
is_under_way(const struct au_control_request *r)
{
	const struct au_control_trial *job;

	LIST_FOREACH(job, &r->control->trials, entry)
	if (au_streq(job->r->params[0], r->params[0]))
		return true;
	return false;
}

void
au_make_trial(struct au_control_request *r)
{
	struct au_err err = { 0 };
	struct wish wish;
	int rc = read_wish(r, &wish, &err);

	if (rc == 0 && is_under_way(r))
		rc = au_fail(&err, AU_EBUSY, "source '%s' is being tested already", r->params[0]);
	if (rc == 0 && wish.changed)
		rc = begin_changed(r, &wish, &err);
	else if (rc == 0)
		rc = begin(r, r->control->world.settings, &wish, &err);
	if (rc < 0)
		au_control_request_fail(r, &err);
	else
		au_log(AU_LOG_INFO, AU_FIELDS("SOURCE", r->params[0]), "%s tests it", r->actor);
}
