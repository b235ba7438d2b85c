/* SPDX-License-Identifier: ISC */
/* `plan` and `apply`: what would be done, and doing it. */
#include "base/io.h"
#include "base/when.h"
#include "ctl/command.h"
#include "ctl/progress.h"
#include "ctl/verdict.h"
#include "ctl/view.h"
#include "ctl/wrap.h"
#include "model/saved_plan.h"

#include <stdio.h>

#define PLAN_MAX (1024 << 20) /* bytes of a file; the daemon has a limit of its own */

static enum au_exit
show_plan(const struct au_ctl *ctl, const json_t *json)
{
	const struct au_plan_look look = { .colour = ctl->colour,
		.all = au_ctl_value(ctl, "all") != NULL,
		.columns = ctl->terminal ? au_wrap_columns() : 0 };
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	if (ctl->json)
		return au_ctl_print_json(json, au_verdict_plan(json));
	au_view_plan(json, &look, &out);
	return au_ctl_print(au_str_get(&out), out.len, au_verdict_plan(json));
}

/* The file is for whoever asked alone: names and rights are nobody else's business. */
static int
save_plan(const char *path, const json_t *json, struct au_err *err)
{
	size_t len = json_dumpb(json, NULL, 0, JSON_INDENT(1));
	AU_CLEANUP(au_freep) char *text = au_xmalloc(len + 1);

	json_dumpb(json, text, len, JSON_INDENT(1));
	text[len] = '\n';
	return au_io_replace(path, 0600, text, len + 1, err);
}

static enum au_exit
run_plan(struct au_ctl *ctl)
{
	const char *path = au_ctl_value(ctl, "output");
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	struct au_err err = { 0 };

	au_json_set_str(body, "target", au_ctl_value(ctl, "target"));
	au_json_set_str(body, "user", au_ctl_value(ctl, "user"));
	json_object_set_new(body, "save", json_boolean(path != NULL));
	if (au_client_call(ctl->client, "POST", "/v1/plan", body, &json, &err) < 0 ||
	    (path != NULL && save_plan(path, json, &err) < 0))
		return au_ctl_fail(&err);
	return show_plan(ctl, json);
}

/* ---- apply ---- */

/* While one request waits for the end of the run, others ask how far it has come. */
struct watch {
	struct au_client *client;
	struct au_progress progress;
	long long done_before; /* steps that were done when the run began; -1 = not known yet */
};

static void
show_progress(struct watch *watch, const json_t *status)
{
	const json_t *steps = json_object_get(status, "steps");
	long long done = au_json_get_int(steps, "done");
	long long open = au_json_get_int(steps, "queued") + au_json_get_int(steps, "running");
	char text[64];

	if (watch->done_before < 0)
		watch->done_before = done;
	snprintf(text, sizeof(text), "steps, %lld held", au_json_get_int(steps, "held"));
	done -= watch->done_before;
	au_progress_show(&watch->progress, done, done + open, text);
}

static void
on_tick(void *ctx)
{
	struct watch *watch = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *status = NULL;

	if (au_progress_due(&watch->progress) &&
	    au_client_call(watch->client, "GET", "/v1/status", NULL, &status, NULL) == 0)
		show_progress(watch, status);
}

/* The file as it is; whether it is a plan of the daemon's, the daemon knows. */
static int
read_plan(const char *path, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *text = NULL;
	size_t len;

	if (au_io_read(path, PLAN_MAX, &text, &len, err) < 0)
		return err->code;
	if (au_json_parse(text, len, AU_SAVED_PLAN_DEPTH, ret, err) < 0)
		return au_err_prefix(err, err->code, "%s", path);
	return 0;
}

static int
make_request(struct au_ctl *ctl, json_t *body, struct au_err *err)
{
	const char *timeout = au_ctl_value(ctl, "timeout");
	long long timeout_ms;
	json_t *plan = NULL;

	if (ctl->arg_count == 0 && au_ctl_value(ctl, "unmoved") != NULL)
		return au_fail(err, AU_EINVAL, "--unmoved: is about a saved plan, and no file is named");
	if (ctl->arg_count == 0) {
		json_object_set_new(body, "observe", json_boolean(au_ctl_value(ctl, "no-observe") == NULL));
	} else {
		if (read_plan(ctl->args[0], &plan, err) < 0)
			return err->code;
		json_object_set_new(body, "plan", plan);
		json_object_set_new(body, "unmoved", json_boolean(au_ctl_value(ctl, "unmoved") != NULL));
	}
	if (timeout == NULL)
		return 0;
	if (au_duration_parse(timeout, &timeout_ms, err) < 0)
		return au_err_prefix(err, AU_EINVAL, "--timeout");
	au_json_set_int(body, "timeout_ms", timeout_ms);
	return 0;
}

/* The daemon went away: a plan is begun as a whole or not at all, and it knows which. */
static void
tell_unknown(struct au_err *err)
{
	const struct au_err was = *err;

	au_fail(
	    err, was.code, "%s; whether the plan was begun is not known: apply it again, and you are told", was.text);
}

static enum au_exit
run_apply(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	struct watch watch = { .done_before = -1 };
	struct au_err err = { 0 };
	int rc = make_request(ctl, body, &err);

	if (rc < 0)
		return au_ctl_fail(&err);
	watch.client = au_client_again(ctl->client);
	au_progress_start(&watch.progress);
	rc = au_client_call_watched(ctl->client, "POST", ctl->arg_count > 0 ? "/v1/plan/apply" : "/v1/apply", body,
	    on_tick, &watch, &json, &err);
	au_progress_end(&watch.progress);
	au_client_free(watch.client);
	if (rc == AU_EUNKNOWN && ctl->arg_count > 0)
		tell_unknown(&err);
	if (rc < 0)
		return au_ctl_fail(&err);
	if (ctl->arg_count > 0)
		return au_ctl_show(ctl, json, au_view_applied, au_verdict_applied(json));
	return au_ctl_show(ctl, json, au_view_run, au_verdict_run(json));
}

static const struct au_ctl_option apply_options[] = {
	{ "unmoved", NULL, "Of a saved plan, do what rests on nothing that moved meanwhile." },
	{ "no-observe", NULL, "Trust what was last seen in the targets instead of listing them first." },
	{ "timeout", "TIME",
	    "Wait no longer than this for the steps to end, such as 30s or 2h; they go on all the same." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option plan_options[] = {
	{ "target", "NAME", "Only what would be done in this target." },
	{ "user", "USER", "Only what would be done for this API user." },
	{ "all", NULL, "Show each step, however many there are of a kind." },
	{ "output", "FILE", "Save the plan, for apply to do exactly that later." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_plan = {
	.name = "plan",
	.args = "",
	.summary = "Show what would be done now, and do nothing",
	.options = plan_options,
	.run = run_plan,
};

const struct au_command au_command_apply = {
	.name = "apply",
	.args = "[FILE]",
	.max_args = 1,
	.summary = "Do what is to be done now, or what a saved plan says, and wait for the end",
	.options = apply_options,
	.run = run_apply,
};
