/* SPDX-License-Identifier: ISC */
/* `work ...`: what people must do in products, and what they say of it. */
#include "base/csv.h"
#include "base/mem.h"
#include "ctl/ask.h"
#include "ctl/command.h"
#include "ctl/handover.h"
#include "ctl/value.h"
#include "ctl/view.h"

#include <string.h>

/* ---- list ---- */

static const char *const csv_columns[] = { "id", "target", "login", "op", "state", "word", "title", "due", "created",
	"claimed_by", "done_by", "evidence" };

static enum au_exit
print_csv(const json_t *json)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	const json_t *order;
	size_t index;

	au_csv_put(&out, csv_columns, AU_COUNT(csv_columns));
	json_array_foreach (json_object_get(json, "orders"), index, order) {
		AU_CLEANUP(au_freep) char *id = au_xasprintf("%lld", au_json_get_int(order, "id"));
		char due[AU_WHEN_SIZE], created[AU_WHEN_SIZE];
		const char *claimer = au_json_get_str(order, "claimer_name"),
			   *doer = au_json_get_str(order, "doer_name");
		const char *const fields[] = { id, au_json_get_str(order, "target"), au_json_get_str(order, "login"),
			au_json_get_str(order, "op"), au_json_get_str(order, "state"), au_json_get_str(order, "word"),
			au_json_get_str(order, "title"), au_when_format(au_json_get_int(order, "due_ms"), due),
			au_when_format(au_json_get_int(order, "created_ms"), created),
			claimer != NULL ? claimer : au_json_get_str(order, "claimer"),
			doer != NULL ? doer : au_json_get_str(order, "doer"), au_json_get_str(order, "evidence") };
		au_csv_put(&out, fields, AU_COUNT(fields));
	}
	return au_ctl_print(au_str_get(&out), out.len, AU_EXIT_SYNC);
}

static enum au_exit
run_list(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	const char *target = au_ctl_value(ctl, "target"), *state = au_ctl_value(ctl, "state");
	const char *limit = au_ctl_value(ctl, "limit");
	AU_CLEANUP(au_freep) char *by_target = target != NULL ? au_client_path("&target=%s", target) : au_xstrdup("");
	AU_CLEANUP(au_freep) char *by_state = state != NULL ? au_client_path("&state=%s", state) : au_xstrdup("");
	AU_CLEANUP(au_freep) char *by_limit = au_client_path("/v1/work?limit=%s", limit != NULL ? limit : "200");
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s%s%s", by_limit, by_target, by_state);
	struct au_err err = { 0 };
	enum au_exit code;

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	if (au_ctl_value(ctl, "csv") != NULL)
		return print_csv(json);
	code = state == NULL && json_array_size(json_object_get(json, "orders")) > 0 ? AU_EXIT_HELD : AU_EXIT_SYNC;
	return au_ctl_show(ctl, json, au_view_work, code);
}

/* ---- show ---- */

static int
fetch(struct au_ctl *ctl, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/work/%s", ctl->args[0]);

	return au_client_call(ctl->client, "GET", path, NULL, ret, err);
}

static enum au_exit
run_show(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (fetch(ctl, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_work_order, AU_EXIT_SYNC);
}

/* ---- what people say ---- */

static enum au_exit
say(struct au_ctl *ctl, const char *verb, json_t *body, au_view *view)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/work/%s/%s", ctl->args[0], verb);

	return au_ctl_say(ctl, path, body, view);
}

static enum au_exit
run_claim(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();

	if (au_ctl_value(ctl, "take") != NULL)
		json_object_set_new(body, "take", json_true());
	return say(ctl, "claim", body, au_view_work_order);
}

static enum au_exit
run_release(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();

	return say(ctl, "release", body, au_view_work_said);
}

/* What the product showed once: from a file descriptor, or typed by whom the order asks for it. */
static int
put_secret(struct au_ctl *ctl, json_t *body, struct au_err *err)
{
	AU_CLEANUP(au_secret_freep) struct au_secret *secret = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	const char *fd = au_ctl_value(ctl, "secret-fd");
	const json_t *text;
	int rc;

	if (fd != NULL)
		rc = au_ask_secret_fd(fd, &secret, err);
	else {
		rc = fetch(ctl, &json, err);
		text = json_object_get(json, "text");
		if (rc < 0 || !au_streq(au_json_get_str(text, "secret"), "shown") ||
		    au_streq(au_json_get_str(json, "state"), "reported"))
			return rc;
		rc = au_ask_secret(au_json_get_str(text, "secret_label"), &secret, err);
	}
	if (rc == 0)
		au_json_set_str(body, "secret", au_secret_text(secret));
	return rc;
}

static enum au_exit
run_complete(struct au_ctl *ctl)
{
	json_t *body = json_object();
	struct au_err err = { 0 };
	enum au_exit code;

	au_json_set_str(body, "login", au_ctl_value(ctl, "login"));
	au_json_set_str(body, "id", au_ctl_value(ctl, "id"));
	code = put_secret(ctl, body, &err) < 0 ? au_ctl_fail(&err) : say(ctl, "complete", body, au_view_work_said);
	au_json_wipe(body);
	json_decref(body);
	return code;
}

static enum au_exit
give_up(struct au_ctl *ctl, const char *verb)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();
	struct au_err err = { 0 };

	if (au_str_empty(au_ctl_value(ctl, "reason"))) {
		au_fail(&err, AU_EINVAL,
		    "work %s: give the reason with --reason TEXT; it is shown and kept in the audit", verb);
		return au_ctl_fail(&err);
	}
	return say(ctl, verb, body, au_view_work_said);
}

static enum au_exit
run_fail(struct au_ctl *ctl)
{
	return give_up(ctl, "fail");
}

static enum au_exit
run_cancel(struct au_ctl *ctl)
{
	return give_up(ctl, "cancel");
}

static enum au_exit
run_secret(struct au_ctl *ctl)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/work/%s/secret", ctl->args[0]);

	return au_handover(ctl, path, NULL, "secret");
}

static void
view_retry(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_str_printf(
	    out, "The ticket system is told at once of what waits: %lld changes.\n", au_json_get_int(json, "waiting"));
}

static enum au_exit
run_retry(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();

	return au_ctl_say(ctl, "/v1/webhook/retry", body, view_retry);
}

/* ---- the rows ---- */

static const struct au_ctl_option list_options[] = {
	{ "target", "NAME", "Only those of this target." },
	{ "state", "NAME", "Only those of this state, such as fulfilled, or all; without it, what is to be done." },
	{ "limit", "NUMBER", "At most so many; 200 without it." },
	{ "csv", NULL, "Print comma-separated values, for other programs." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option claim_options[] = {
	{ "take", NULL, "Take it over from whoever has claimed it." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option reason_options[] = {
	{ "reason", "TEXT", "Why, for everybody and the audit." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option complete_options[] = {
	{ "reason", "TEXT", "Evidence: a ticket, a note." },
	{ "login", "NAME", "The log-in name that the product gave, where the order asks for it." },
	{ "id", "TEXT", "The product's own key of the account, where the order asks for it." },
	{ "secret-fd", "NUMBER", "Read the secret that the product showed from this file descriptor." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option secret_options[] = {
	{ "force", NULL, "Print the secret even when standard output is not a terminal." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_work_list = {
	.name = "work list",
	.args = "",
	.summary = "List the work orders that are to be done, what takes away first",
	.options = list_options,
	.run = run_list,
};

const struct au_command au_command_work_show = {
	.name = "work show",
	.args = "ORDER",
	.min_args = 1,
	.max_args = 1,
	.summary = "Show what is to be done, step by step, and what is known of it",
	.run = run_show,
};

const struct au_command au_command_work_claim = {
	.name = "work claim",
	.args = "ORDER",
	.min_args = 1,
	.max_args = 1,
	.summary = "Take a work order on, so that nobody else does it",
	.options = claim_options,
	.run = run_claim,
};

const struct au_command au_command_work_release = {
	.name = "work release",
	.args = "ORDER",
	.min_args = 1,
	.max_args = 1,
	.summary = "Give a work order back",
	.options = reason_options,
	.run = run_release,
};

const struct au_command au_command_work_complete = {
	.name = "work complete",
	.args = "ORDER",
	.min_args = 1,
	.max_args = 1,
	.summary = "Say that a work order is done, and what came out of it",
	.options = complete_options,
	.run = run_complete,
};

const struct au_command au_command_work_fail = {
	.name = "work fail",
	.args = "ORDER --reason TEXT",
	.min_args = 1,
	.max_args = 1,
	.summary = "Say that a work order cannot be done; the same is ordered again later",
	.options = reason_options,
	.run = run_fail,
};

const struct au_command au_command_work_cancel = {
	.name = "work cancel",
	.args = "ORDER --reason TEXT",
	.min_args = 1,
	.max_args = 1,
	.summary = "Say that a work order shall not be done; the same is not ordered again",
	.options = reason_options,
	.run = run_cancel,
};

const struct au_command au_command_work_secret = {
	.name = "work secret",
	.args = "ORDER",
	.min_args = 1,
	.max_args = 1,
	.summary = "Print the secret that a work order tells to type, for whoever has claimed it",
	.options = secret_options,
	.run = run_secret,
};

const struct au_command au_command_webhook_retry = {
	.name = "webhook retry",
	.args = "",
	.summary = "Tell the ticket system at once of what it was not told yet",
	.run = run_retry,
};
