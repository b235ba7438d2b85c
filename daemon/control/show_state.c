/* SPDX-License-Identifier: ISC */
/* Handlers: the state of everything, and its parts. */
#include "base/str.h"
#include "control/overview.h"
#include "control/route.h"

static int
gather_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_overview_gather(r->job, tx, r->arena, err);
}

static void
gather(struct au_control_request *r, au_control_request_finish *finish)
{
	r->job = au_arena_alloc(r->arena, sizeof(struct au_overview));
	au_overview_init(r->job, r->arena, r->control->world.engine);
	au_control_request_read(r, AU_READ_SCAN, gather_work, finish);
}

static void
finish_status(struct au_control_request *r)
{
	if (r->control == NULL)
		au_control_request_drop(r);
	else
		au_control_request_answer(r, 200, au_overview_json(r->job, &r->control->world, r->now_ms));
}

void
au_show_status(struct au_control_request *r)
{
	gather(r, finish_status);
}

/* {NAME: LIST} */
static void
answer_list(struct au_control_request *r, const char *name,
    json_t *(*list)(const struct au_overview *overview, const struct au_control_world *world))
{
	json_t *json;

	if (r->control == NULL) {
		au_control_request_drop(r);
		return;
	}
	json = json_object();
	json_object_set_new(json, name, list(r->job, &r->control->world));
	au_control_request_answer(r, 200, json);
}

static void
finish_sources(struct au_control_request *r)
{
	answer_list(r, "sources", au_overview_sources_json);
}

void
au_show_sources(struct au_control_request *r)
{
	gather(r, finish_sources);
}

static void
finish_targets(struct au_control_request *r)
{
	answer_list(r, "targets", au_overview_targets_json);
}

void
au_show_targets(struct au_control_request *r)
{
	gather(r, finish_targets);
}

static void
finish_metrics(struct au_control_request *r)
{
	AU_CLEANUP(au_str_done) struct au_str page = AU_STR_INIT;

	if (r->control == NULL) {
		au_control_request_drop(r);
		return;
	}
	au_overview_metrics(r->job, &r->control->world, r->now_ms, &page);
	au_control_request_text(r, "text/plain; version=0.0.4", au_str_get(&page), page.len);
}

void
au_show_metrics(struct au_control_request *r)
{
	gather(r, finish_metrics);
}
