/* SPDX-License-Identifier: ISC */
/* Handlers: accounts that people protect. */
#include "base/str.h"
#include "control/route.h"
#include "reconcile/engine.h"
#include "reconcile/protect.h"

struct deed {
	struct au_engine_plan_job policy; /* holds the policy of the moment */
	struct au_protect job;
	enum au_login_owner owner;
	bool ends;
};

static void
release(void *deed)
{
	au_engine_plan_done(&((struct deed *)deed)->policy);
}

static struct deed *
new_deed(struct au_control_request *r)
{
	struct deed *deed = au_arena_alloc(r->arena, sizeof(*deed));

	au_engine_plan_init(r->control->world.engine, &deed->policy);
	au_arena_defer(r->arena, release, deed);
	r->job = deed;
	return deed;
}

/* ---- list ---- */

static int
list_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct deed *deed = r->job;

	return au_protect_list(tx, r->arena, deed->policy.policy, &r->result, err);
}

void
au_show_protected(struct au_control_request *r)
{
	(void)new_deed(r);
	au_control_request_read(r, AU_READ_SCAN, list_work, NULL);
}

/* ---- protect, unprotect ---- */

static int
deed_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	struct deed *deed = r->job;
	int rc = deed->ends ? au_unprotect(tx, r->arena, deed->policy.policy, &deed->job, err)
			    : au_protect(tx, r->arena, &deed->job, &deed->owner, err);

	if (rc < 0)
		return rc;
	r->result = json_object();
	au_json_set_str(r->result, "target", deed->job.target);
	au_json_set_str(r->result, "login", deed->job.login);
	au_json_set_str(r->result, "owner", au_login_owner_name(deed->owner));
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
change(struct au_control_request *r, bool ends)
{
	struct deed *deed = new_deed(r);
	struct au_err err = { 0 };
	int rc = take_text(r->body, "login", &deed->job.login, &err);

	deed->ends = ends;
	deed->job.target = r->params[0];
	deed->job.actor = r->actor;
	deed->job.name = r->actor_name;
	deed->job.now_ms = r->now_ms;
	if (rc == 0)
		rc = take_text(r->body, "reason", &deed->job.reason, &err);
	if (rc == 0 && au_settings_target(r->control->world.settings, deed->job.target) == NULL)
		rc = au_fail(&err, AU_ENOENT, "target '%s': not configured", deed->job.target);
	if (rc < 0)
		au_control_request_fail(r, &err);
	else
		au_control_request_write(r, deed_work, NULL);
}

void
au_make_protected(struct au_control_request *r)
{
	change(r, false);
}

void
au_make_unprotected(struct au_control_request *r)
{
	change(r, true);
}
