/* SPDX-License-Identifier: ISC */
/*
 * /Bulk (RFC 7644 section 3.7).  The body is parsed and planned on a thread that reads.  Units then go to the store in
 * slices, each unit a write of its own in a commit that the slice shares, so that other clients' writes come in between
 * and the loop is never held up.  The answer is sent when the last slice is on disk.  Once begun a Bulk runs to its
 * end, whether or not the client waits for it.
 *
 * A client that does not want to wait is answered when the request is noted down; from then on there is no exchange.
 */
#include "scim/bulk_run.h"

#include "base/clock.h"
#include "base/json.h"
#include "scim/async.h"
#include "scim/route.h"
#include "scim/value.h"
#include "store/async.h"

#include <string.h>

#define SLICE 64                       /* units per commit: what others' writes wait for at most */
#define BULK_DEPTH (AU_JSON_DEPTH + 3) /* data lies in an operation, in a list, in the message */

static void next_slice(struct au_bulk_run *run);

long long
au_bulk_max_payload(const struct au_settings *settings)
{
	long long bulk = au_values_num(settings->scim, "bulk_max_payload");
	long long body = au_values_num(settings->scim, "max_body");

	return bulk < body ? bulk : body;
}

/* ---- the answer ---- */

static void
put_answer(const struct au_bulk *bulk, struct au_str *out)
{
	const char *comma = "";

	au_str_put(out, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],\"Operations\":[");
	for (size_t i = 0; i < bulk->count; i++) {
		if (bulk->ops[i].result == NULL)
			continue;
		au_str_put(out, comma);
		au_str_put(out, bulk->ops[i].result);
		comma = ",";
	}
	au_str_put(out, "]}");
}

static void
answer(struct au_bulk_run *run)
{
	struct au_request *r = run->r;
	bool is_broken = run->is_broken;

	if (is_broken) {
		au_fault_set(&r->fault, AU_FAULT_UNAVAILABLE,
		    "the request could not be carried out to its end; its first operations may have been");
	} else {
		r->reply.status = 200;
		put_answer(&run->bulk, &r->reply.body);
	}
	au_bulk_done(&run->bulk);
	if (is_broken)
		au_request_refuse(r);
	else
		au_request_reply(r);
}

/* Without a client there is nobody to tell but those who ask later. */
static int
end_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct au_bulk_run *run = arg;

	return au_store_async_end(tx, run->r->txn, err);
}

static void
ended(void *arg, int rc, const struct au_err *err)
{
	struct au_bulk_run *run = arg;

	(void)rc; /* the next start ends what this one could not */
	(void)err;
	au_bulk_done(&run->bulk);
	au_request_end(run->r);
}

static void
finish(struct au_bulk_run *run)
{
	if (run->r->txn == NULL)
		answer(run);
	else
		au_store_write(run->r->scim->store, end_work, run, ended);
}

/* ---- slices ---- */

/* A unit that failed has told why in its results; without them the store itself gave up. */
static bool
gave_up(const struct au_bulk_run *run, const struct au_bulk_unit *unit, int rc)
{
	return rc == AU_EIO || (rc < 0 && run->bulk.ops[unit->ops[0]].result == NULL);
}

static void
task_done(struct au_bulk_task *task)
{
	struct au_bulk_run *run = task->run;

	free(task);
	if (--run->under_way > 0)
		return;
	if (run->changed)
		au_request_changed(run->r->scim, run->r->client);
	run->changed = false;
	next_slice(run);
}

static void
unit_done(void *arg, int rc, const struct au_err *err)
{
	struct au_bulk_task *task = arg;
	struct au_bulk_run *run = task->run;

	(void)err;
	run->is_broken = run->is_broken || gave_up(run, task->unit, rc);
	for (size_t i = 0; i < task->unit->count; i++)
		au_bulk_forget(&run->bulk.ops[task->unit->ops[i]]);
	task_done(task);
}

static void
failures_done(void *arg, int rc, const struct au_err *err)
{
	struct au_bulk_task *task = arg;

	(void)err;
	task->run->is_broken = task->run->is_broken || rc < 0;
	task_done(task);
}

static void
hand_over(struct au_bulk_run *run, size_t first, size_t count, au_store_work *work, au_store_done *done)
{
	struct au_bulk_task *task = au_xcalloc(1, sizeof *task);

	*task = (struct au_bulk_task){ run, &run->bulk.units[first], count };
	run->under_way++;
	au_store_write(run->r->scim->store, work, task, done);
}

static void
next_slice(struct au_bulk_run *run)
{
	const struct au_bulk *bulk = &run->bulk;
	size_t first = run->next, end = bulk->unit_count - first < SLICE ? bulk->unit_count : first + SLICE;

	if (first == end || run->is_broken || run->errors >= bulk->max_errors) {
		finish(run);
		return;
	}
	run->next = end;
	run->r->now_ms = au_clock_wall_ms();
	run->r->has_source = au_map_has(run->r->scim->sources, run->r->client);
	for (size_t i = first; i < end; i++)
		hand_over(run, i, 1, au_bulk_unit_work, unit_done);
	if (run->r->txn != NULL)
		hand_over(run, first, end - first, au_bulk_failures_work, failures_done);
}

/* ---- the beginning ---- */

static int
plan_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_bulk_run *run = arg;
	struct au_request *r = run->r;
	size_t max_operations = (size_t)au_values_num(r->settings->scim, "bulk_max_operations");
	int rc;

	(void)tx;
	(void)err;
	if (au_request_parse(r, BULK_DEPTH) != 0)
		return AU_EINVAL;
	rc =
	    au_bulk_read(r->arena, r->catalog, r->profile, r->base_url, max_operations, r->body, &run->bulk, &r->fault);
	/* what the operations need they hold; the rest goes here and not on the loop */
	if (rc != 0)
		au_value_wipe(r->body);
	au_json_decrefp(&r->body);
	r->body = NULL;
	return rc;
}

static int
open_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_bulk_run *run = arg;

	return au_async_open(tx, run->r, run->bulk.count, false, err);
}

static void
refuse(struct au_bulk_run *run, int rc, const struct au_err *err)
{
	struct au_request *r = run->r;

	au_bulk_done(&run->bulk);
	au_request_store_fault(r, rc, err);
	au_request_refuse(r);
}

/* It is on disk that there is such a request: now its client may go. */
static void
opened(void *arg, int rc, const struct au_err *err)
{
	struct au_bulk_run *run = arg;

	if (rc != 0) {
		refuse(run, rc, err);
		return;
	}
	au_async_accept(run->r);
	au_request_answer(run->r);
	next_slice(run);
}

static void
planned(void *arg, int rc, const struct au_err *err)
{
	struct au_bulk_run *run = arg;

	if (rc != 0)
		refuse(run, rc, err);
	else if (run->r->txn != NULL)
		au_store_write(run->r->scim->store, open_work, run, opened);
	else
		next_slice(run);
}

static int
check_size(struct au_request *r)
{
	long long most = au_bulk_max_payload(r->settings);
	size_t len;

	(void)au_http_body(r->x, &len);
	if ((long long)len <= most)
		return 0;
	return au_fault_set(&r->fault, AU_FAULT_TOO_LARGE, "%zu bytes are more than maxPayloadSize (%lld)", len, most);
}

void
au_bulk(struct au_request *r)
{
	struct au_bulk_run *run = au_arena_alloc(r->arena, sizeof *run);

	run->r = r;
	au_async_prepare(r);
	if (au_values_num(r->settings->scim, "bulk_max_operations") == 0)
		au_fault_set(&r->fault, AU_FAULT_UNSUPPORTED, "Bulk is turned off");
	if (r->fault.kind != AU_FAULT_NONE || au_request_media_type(r) != 0 || check_size(r) != 0)
		au_request_refuse(r);
	else
		au_store_read(r->scim->store, AU_READ_SCAN, plan_work, run, planned);
}
