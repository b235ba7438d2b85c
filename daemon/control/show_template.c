/* SPDX-License-Identifier: ISC */
/* Handlers: templates, in force and not yet. */
#include "base/str.h"
#include "control/route.h"
#include "reconcile/template.h"
#include "settings/raw_json.h"
#include "settings/settings_template.h"

/* ---- one in force ---- */

static int
show_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_template_show_work(tx, r->job, err);
}

static void
release_show(void *job)
{
	struct au_template_show_job *show = job;

	json_decref(show->result);
	au_engine_plan_done(&show->plan);
}

static void
finish_show(struct au_control_request *r)
{
	const struct au_template_show_job *job = r->job;

	au_control_request_answer(r, 200, json_incref(job->result));
}

void
au_show_template(struct au_control_request *r)
{
	struct au_template_show_job *job = au_arena_alloc(r->arena, sizeof(*job));

	job->name = r->params[0];
	au_engine_plan_init(r->control->world.engine, &job->plan);
	au_arena_defer(r->arena, release_show, job);
	r->job = job;
	au_control_request_read(r, AU_READ_SCAN, show_work, finish_show);
}

/* ---- one that is not ---- */

static void
tried(void *request, json_t *result, const struct au_err *err)
{
	struct au_control_request *r = request;

	if (err != NULL)
		au_control_request_fail(r, err);
	else
		au_control_request_answer(r, 200, result);
}

/* What was sent, or else the file of the daemon as it is now. */
static int
find_block(struct au_control_request *r, const struct au_raw **ret, struct au_err *err)
{
	const json_t *sent = json_object_get(r->body, "block");
	const struct au_raw *root, *name;
	int rc;

	if (sent == NULL) {
		rc = au_raw_read(r->arena, r->control->world.settings->file, &root, err);
		return rc < 0 ? rc : au_template_find(root, r->params[0], ret, err);
	}
	rc = au_raw_from_json(r->arena, sent, ret, err);
	if (rc < 0)
		return au_err_prefix(err, rc, "block");
	name = au_raw_member(*ret, "name");
	if (name == NULL || !au_streq(json_string_value(name->value), r->params[0]))
		return au_fail(err, AU_EINVAL, "block: expected that of template '%s'", r->params[0]);
	return 0;
}

static void
try_template(struct au_control_request *r, bool plan)
{
	struct au_template_trial trial = { .plan = plan };
	struct au_err err = { 0 };

	if (find_block(r, &trial.block, &err) < 0)
		au_control_request_fail(r, &err);
	else
		au_engine_template(r->control->world.engine, &trial, tried, r);
}

void
au_check_template(struct au_control_request *r)
{
	try_template(r, false);
}

void
au_compare_template(struct au_control_request *r)
{
	try_template(r, true);
}
