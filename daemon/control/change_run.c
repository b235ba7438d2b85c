/* SPDX-License-Identifier: ISC */
/* Handlers: one API user looked at now, and how far that has come. */
#include "base/str.h"
#include "control/route.h"
#include "reconcile/single.h"

#include <limits.h>

/* ---- the run ---- */

static void
run_done(void *request, json_t *stages, const struct au_err *err)
{
	if (err != NULL)
		au_control_request_fail(request, err);
	else
		au_control_request_answer(request, 200, stages);
}

void
au_make_user_run(struct au_control_request *r)
{
	struct au_single_order order = { .user = r->params[0], .actor = r->actor };
	struct au_err err = { 0 };
	int dry = 0, fresh = 0;

	if (au_json_str(r->body, "target", NULL, &order.target, &err) < 0 ||
	    au_json_bool(r->body, "dry_run", false, &dry, &err) < 0 ||
	    au_json_bool(r->body, "fresh", false, &fresh, &err) < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	order.dry = dry;
	order.fresh = fresh;
	au_engine_single(r->control->world.engine, &order, run_done, r);
}

/* ---- its steps ---- */

static int
progress_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_engine_single_work(tx, r->job, err);
}

static void
release_progress(void *job)
{
	json_decref(((struct au_single_progress *)job)->steps);
}

static void
finish_progress(struct au_control_request *r)
{
	const struct au_single_progress *progress = r->job;
	json_t *json;

	if (r->control == NULL) {
		au_control_request_drop(r);
		return;
	}
	json = json_object();
	json_object_set(json, "steps", progress->steps);
	json_object_set_new(json, "over", json_boolean(au_engine_single_is_over(r->control->world.engine, progress)));
	au_control_request_answer(r, 200, json);
}

void
au_show_user_run(struct au_control_request *r)
{
	struct au_single_progress *progress = au_arena_alloc(r->arena, sizeof(*progress));

	if (au_control_request_query(r, "target", &progress->target) < 0 ||
	    au_control_request_number(r, "since", 0, LLONG_MAX, &progress->since) < 0)
		return;
	progress->user = r->params[0];
	progress->arena = r->arena;
	au_arena_defer(r->arena, release_progress, progress);
	r->job = progress;
	au_control_request_read(r, AU_READ_SCAN, progress_work, finish_progress);
}
