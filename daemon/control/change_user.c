/* SPDX-License-Identifier: ISC */
/* Handlers: what people decide about an API user. */
#include "base/str.h"
#include "base/when.h"
#include "control/route.h"
#include "reconcile/engine.h"
#include "reconcile/term.h"

#include <string.h>

static int
expire_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct au_term_set *job = r->job;
	int rc = au_term_set(tx, r->arena, job, err);

	if (rc < 0)
		return rc;
	r->result = json_object();
	au_json_set_str(r->result, "user", job->user);
	au_json_set_int(r->result, "term_ms", job->term_ms);
	return 0;
}

static void
finish_expire(struct au_control_request *r)
{
	if (r->control != NULL)
		au_engine_changed(r->control->world.engine);
	au_control_request_answer(r, 200, json_incref(r->result));
}

/* "2026-12-31" is the beginning of that day, in UTC as all times here. */
static int
parse_date(struct au_arena *arena, const char *text, long long *ret_ms, struct au_err *err)
{
	int64_t ms = 0;

	if (au_streq(text, "never")) {
		*ret_ms = 0;
		return 0;
	}
	if (strlen(text) == strlen("2026-12-31"))
		text = au_arena_printf(arena, "%sT00:00:00Z", text);
	if (au_when_parse(text, &ms, err) < 0 || ms <= 0)
		return au_fail(err, AU_EINVAL,
		    "at: expected a date such as 2026-12-31, with a time if need be, or "
		    "\"never\"");
	*ret_ms = ms;
	return 0;
}

void
au_make_expiry(struct au_control_request *r)
{
	struct au_term_set *job = au_arena_alloc(r->arena, sizeof(*job));
	struct au_err err = { 0 };
	const char *at = NULL;
	int rc = au_json_str(r->body, "at", NULL, &at, &err);

	if (rc == 0)
		rc = au_json_str(r->body, "reason", NULL, &job->reason, &err);
	if (rc == 0 && (au_str_empty(at) || au_str_empty(job->reason)))
		rc = au_fail(&err, AU_EINVAL, "at and reason: expected a date, and a text that says why");
	if (rc == 0)
		rc = parse_date(r->arena, at, &job->term_ms, &err);
	if (rc < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	job->user = r->params[0];
	job->actor = r->actor;
	job->now_ms = r->now_ms;
	r->job = job;
	au_control_request_write(r, expire_work, finish_expire);
}
