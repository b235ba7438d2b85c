/* SPDX-License-Identifier: ISC */
/* Handler: a list of a target's accounts that a person has brought. */
#include "base/str.h"
#include "control/route.h"
#include "reconcile/import.h"

static void
release_import(void *job)
{
	au_import_done(job);
}

static int
import_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_import_work(tx, r->job, err);
}

static void
finish_import(struct au_control_request *r)
{
	const struct au_import_job *job = r->job;

	if (r->control != NULL)
		au_import_tell(r->control->world.engine, job);
	au_control_request_answer(r, 200, json_incref(job->result));
}

void
au_make_import(struct au_control_request *r)
{
	struct au_import_job *job = au_arena_alloc(r->arena, sizeof(*job));
	struct au_err err = { 0 };
	int partial, all;

	au_import_init(r->control->world.engine, job);
	au_arena_defer(r->arena, release_import, job);
	r->job = job;
	job->target = r->params[0];
	job->actor = r->actor;
	job->name = r->actor_name;
	if (au_json_str(r->body, "csv", NULL, &job->csv, &err) < 0 ||
	    au_json_int(r->body, "at_ms", 0, &job->at_ms, &err) < 0 ||
	    au_json_bool(r->body, "partial", false, &partial, &err) < 0 ||
	    au_json_bool(r->body, "all", false, &all, &err) < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	if (job->csv == NULL || job->at_ms < 0) {
		au_fail(&err, AU_EINVAL, job->csv == NULL ? "csv: expected a text" : "at_ms: expected a time");
		au_control_request_fail(r, &err);
		return;
	}
	job->partial = partial != 0;
	job->believe_all = all != 0;
	au_control_request_write(r, import_work, finish_import);
}
