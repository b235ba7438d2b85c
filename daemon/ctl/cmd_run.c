/* SPDX-License-Identifier: ISC */
/* `run`: one API user now, stage by stage. */
#include "base/clock.h"
#include "base/when.h"
#include "ctl/command.h"
#include "ctl/view.h"

#include <string.h>
#include <time.h>

#define WAIT_MS (2LL * 60 * 1000)
#define POLL_MS 300

/* What was told of each step already. */
struct watching {
	struct au_ctl *ctl;
	const char *user; /* by its key, which it has whatever people call it */
	long long since;
	json_t *told;  /* id as text -> the line */
	json_t *steps; /* the latest answer */
	bool over;
};

static int
poll(struct watching *w, struct au_err *err)
{
	const char *target = w->ctl->arg_count > 1 ? w->ctl->args[1] : NULL;
	AU_CLEANUP(au_freep) char *since = au_xasprintf("%lld", w->since);
	AU_CLEANUP(au_freep)
	char *path = target != NULL ? au_client_path("/v1/users/%s/run?since=%s&target=%s", w->user, since, target)
				    : au_client_path("/v1/users/%s/run?since=%s", w->user, since);
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	int rc = au_client_call(w->ctl->client, "GET", path, NULL, &json, err);

	if (rc < 0)
		return rc;
	json_decref(w->steps);
	w->steps = json_incref(json_object_get(json, "steps"));
	w->over = au_json_get_bool(json, "over", false);
	return 0;
}

/* Lines that are new, or that say something else by now. */
static void
tell(struct watching *w)
{
	const json_t *step;
	size_t index;

	json_array_foreach (w->steps, index, step) {
		AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;
		AU_CLEANUP(au_freep) char *id = au_xasprintf("%lld", au_json_get_int(step, "id"));
		const char *state = au_json_get_str(step, "state");
		if (w->ctl->json || (!w->over && (au_streq(state, "queued") || au_streq(state, "running"))))
			continue;
		au_view_outcome(step, w->ctl->colour, &line);
		if (au_streq(au_json_get_str(w->told, id), au_str_get(&line)))
			continue;
		au_json_set_str(w->told, id, au_str_get(&line));
		au_ctl_print(au_str_get(&line), line.len, AU_EXIT_SYNC);
	}
}

static int
watch(struct watching *w, long long wait_ms, struct au_err *err)
{
	long long end = au_clock_mono_ms() + wait_ms;
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };

	for (;;) {
		int rc = poll(w, err);
		if (rc < 0)
			return rc;
		tell(w);
		if (w->over || au_clock_mono_ms() >= end)
			return 0;
		nanosleep(&pause, NULL);
	}
}

static enum au_exit
verdict(const struct watching *w)
{
	enum au_exit exit_code = w->over ? AU_EXIT_SYNC : AU_EXIT_PENDING;
	const json_t *step;
	size_t index;

	json_array_foreach (w->steps, index, step) {
		const char *state = au_json_get_str(step, "state");
		if (au_streq(state, "failed"))
			return AU_EXIT_ERROR;
		if (au_streq(state, "held"))
			exit_code = AU_EXIT_HELD;
		else if (exit_code == AU_EXIT_SYNC && au_streq(state, "queued"))
			exit_code = AU_EXIT_PENDING;
	}
	return exit_code;
}

static enum au_exit
show_steps(struct au_ctl *ctl, json_t *stages, long long wait_ms)
{
	static const char head[] = "\nSteps\n", none[] = "  none\n";
	struct watching w = { .ctl = ctl,
		.user = au_json_get_str(json_object_get(stages, "user"), "key"),
		.since = au_json_get_int(stages, "since"),
		.told = json_object() };
	struct au_err err = { 0 };
	enum au_exit code = AU_EXIT_SYNC;

	if (!ctl->json)
		code = au_ctl_print(head, strlen(head), AU_EXIT_SYNC);
	if (code != AU_EXIT_SYNC || watch(&w, wait_ms, &err) < 0)
		code = code != AU_EXIT_SYNC ? code : au_ctl_fail(&err);
	else
		code = verdict(&w);
	if (!ctl->json && json_array_size(w.steps) == 0 && code == AU_EXIT_SYNC)
		code = au_ctl_print(none, strlen(none), code);
	if (ctl->json)
		json_object_set(stages, "steps", w.steps);
	json_decref(w.told);
	json_decref(w.steps);
	return code;
}

static void
view_nothing(const json_t *json, bool colour, struct au_str *out)
{
	(void)json;
	(void)colour;
	(void)out;
}

static enum au_exit
show(struct au_ctl *ctl, json_t *stages, bool dry, long long wait_ms)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	const struct au_plan_look look = { .colour = ctl->colour, .all = true };
	enum au_exit code = AU_EXIT_SYNC;

	if (!ctl->json) {
		au_view_single(stages, &look, &out);
		code = au_ctl_print(au_str_get(&out), out.len, AU_EXIT_SYNC);
	}
	if (code == AU_EXIT_SYNC && !dry)
		code = show_steps(ctl, stages, wait_ms);
	return ctl->json ? au_ctl_show(ctl, stages, view_nothing, code) : code;
}

static enum au_exit
run_run(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/users/%s/run", ctl->args[0]);
	const char *timeout = au_ctl_value(ctl, "timeout");
	bool dry = au_ctl_value(ctl, "dry-run") != NULL;
	long long wait_ms = WAIT_MS;
	struct au_err err = { 0 };

	if (timeout != NULL && au_duration_parse(timeout, &wait_ms, &err) < 0) {
		au_err_prefix(&err, AU_EINVAL, "--timeout");
		return au_ctl_fail(&err);
	}
	json_object_set_new(body, "dry_run", json_boolean(dry));
	json_object_set_new(body, "fresh", json_boolean(au_ctl_value(ctl, "fresh") != NULL));
	au_json_set_str(body, "target", ctl->arg_count > 1 ? ctl->args[1] : NULL);
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return show(ctl, json, dry, wait_ms);
}

static const struct au_ctl_option run_options[] = {
	{ .name = "dry-run", .help = "Stop before the steps; nothing is written or sent, and no source is read." },
	{ .name = "fresh", .help = "Do nothing when a source cannot be read now." },
	{ .name = "timeout",
	    .arg = "TIME",
	    .help = "Wait no longer than this for the steps to end, 2min without it; they go on all the same." },
	{ .name = NULL },
};

const struct au_command au_command_run = {
	.name = "run",
	.args = "USER [TARGET]",
	.min_args = 1,
	.max_args = 2,
	.summary =
	    "Do one API user now: read its entries and accounts, merge, want, compare, and show its steps as they come",
	.options = run_options,
	.run = run_run,
};
