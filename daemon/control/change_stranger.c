/* SPDX-License-Identifier: ISC */
/* Handlers: what people decide about accounts that are not ours. */
#include "base/str.h"
#include "control/render.h"
#include "control/route.h"
#include "reconcile/adopt.h"
#include "reconcile/adoption.h"
#include "reconcile/engine.h"

struct deed {
	int (*work)(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err);
	struct au_adopt job;
};

static int
deed_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct deed *deed = r->job;
	int rc = deed->work(tx, r->arena, &deed->job, err);

	if (rc < 0)
		return rc;
	r->result = json_object();
	au_json_set_str(r->result, "target", deed->job.target);
	au_json_set_str(r->result, "login", deed->job.login);
	au_json_set_str(r->result, "user", deed->job.user);
	return 0;
}

static void
finish_deed(struct au_control_request *r)
{
	if (r->control != NULL)
		au_engine_changed(r->control->world.engine);
	au_control_request_answer(r, 200, json_incref(r->result));
}

static int
check_target(const struct au_control_request *r, const char *target, struct au_err *err)
{
	if (au_settings_target(r->control->world.settings, target) == NULL)
		return au_fail(err, AU_ENOENT, "target '%s': not configured", target);
	return 0;
}

static int
take_text(const json_t *body, const char *name, const char **ret, struct au_err *err)
{
	if (au_json_str(body, name, NULL, ret, err) < 0)
		return AU_EINVAL;
	return au_str_empty(*ret) ? au_fail(err, AU_EINVAL, "%s: expected a text", name) : 0;
}

static void
run_deed(struct au_control_request *r, struct deed *deed, int rc, struct au_err *err)
{
	deed->job.actor = r->actor;
	deed->job.now_ms = r->now_ms;
	if (rc == 0)
		rc = check_target(r, deed->job.target, err);
	if (rc < 0) {
		au_control_request_fail(r, err);
		return;
	}
	r->job = deed;
	au_control_request_write(r, deed_work, finish_deed);
}

static struct deed *
new_deed(struct au_control_request *r)
{
	return au_arena_alloc(r->arena, sizeof(struct deed));
}

/* ---- adoption ---- */

static void
adopted(void *request, const struct au_adoption_shown *shown, const struct au_err *err)
{
	struct au_control_request *r = request;
	const bool *dry = r->job;
	json_t *json;

	if (err != NULL) {
		au_control_request_fail(r, err);
		return;
	}
	json = json_object();
	au_json_set_str(json, "target", shown->account->target);
	au_json_set_str(json, "login", shown->account->login);
	au_json_set_str(json, "user", shown->user);
	json_object_set_new(json, "dry", json_boolean(*dry));
	json_object_set_new(json, "account", au_render_stranger(shown->account));
	au_json_set_str(json, "unseen", shown->unseen);
	au_json_set_int(json, "seen_ms", shown->seen_ms);
	json_object_set(json, "plan", shown->plan);
	json_object_set(json, "frozen", shown->frozen);
	au_control_request_answer(r, 200, json);
}

void
au_make_adoption(struct au_control_request *r)
{
	bool *dry = au_arena_alloc(r->arena, sizeof(*dry));
	struct au_adoption_order order = { .target = r->params[0], .actor = r->actor };
	struct au_err err = { 0 };
	int is_dry = 0, rc = take_text(r->body, "login", &order.login, &err);

	if (rc == 0)
		rc = take_text(r->body, "user", &order.user, &err);
	if (rc == 0)
		rc = au_json_bool(r->body, "dry_run", false, &is_dry, &err);
	if (rc == 0)
		rc = au_json_str(r->body, "id", NULL, &order.id, &err);
	if (rc == 0)
		rc = is_dry ? au_json_str(r->body, "reason", NULL, &order.reason, &err)
			    : take_text(r->body, "reason", &order.reason, &err);
	if (rc < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	*dry = order.dry = is_dry;
	r->job = dry;
	au_engine_adopt(r->control->world.engine, &order, adopted, r);
}

/* ---- what else people decide ---- */

void
au_make_confirmation(struct au_control_request *r)
{
	struct deed *deed = new_deed(r);
	struct au_err err = { 0 };
	int rc = take_text(r->body, "reason", &deed->job.reason, &err);

	deed->work = au_adopt_confirm;
	deed->job.user = r->params[0];
	deed->job.target = r->params[1];
	run_deed(r, deed, rc, &err);
}

static void
change_ignored(struct au_control_request *r,
    int (*work)(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err))
{
	struct deed *deed = new_deed(r);
	struct au_err err = { 0 };
	int rc = take_text(r->body, "login", &deed->job.login, &err);

	deed->work = work;
	deed->job.target = r->params[0];
	if (rc == 0)
		rc = au_json_str(r->body, "reason", NULL, &deed->job.reason, &err);
	run_deed(r, deed, rc, &err);
}

void
au_make_ignored(struct au_control_request *r)
{
	change_ignored(r, au_adopt_ignore);
}

void
au_make_unignored(struct au_control_request *r)
{
	change_ignored(r, au_adopt_unignore);
}
