/* SPDX-License-Identifier: ISC */
/*
 * /Bulk (RFC 7644 section 3.7).  The body is parsed and planned on a thread that reads.  Units then go to the store in
 * slices, each unit a write of its own in a commit that the slice shares, so that other clients' writes come in between
 * and the loop is never held up.  The answer is sent when the last slice is on disk.  Once begun a Bulk runs to its
 * end, whether or not the client waits for it.
 */
#include "scim/bulk_run.h"

#include "base/clock.h"
#include "base/json.h"
#include "scim/route.h"
#include "scim/value.h"

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

	if (run->is_broken) {
		au_fault_set(&r->fault, AU_FAULT_UNAVAILABLE,
		    "the request could not be carried out to its end; its first operations may have been");
	} else {
		r->reply.status = 200;
		put_answer(&run->bulk, &r->reply.body);
	}
	au_bulk_done(&run->bulk);
	if (run->is_broken)
		au_request_refuse(r);
	else
		au_request_reply(r);
}

/* ---- slices ---- */

/* A unit that failed has told why in its results; without them the store itself gave up. */
static bool
gave_up(const struct au_bulk_run *run, const struct au_bulk_unit *unit, int rc)
{
	return rc == AU_EIO || (rc < 0 && run->bulk.ops[unit->ops[0]].result == NULL);
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
	free(task);
	if (--run->under_way > 0)
		return;
	if (run->changed)
		au_request_changed(run->r->scim, run->r->client);
	run->changed = false;
	next_slice(run);
}

static void
next_slice(struct au_bulk_run *run)
{
	const struct au_bulk *bulk = &run->bulk;
	size_t first = run->next, end = bulk->unit_count - first < SLICE ? bulk->unit_count : first + SLICE;

	if (first == end || run->is_broken || run->errors >= bulk->max_errors) {
		answer(run);
		return;
	}
	run->next = end;
	run->under_way = end - first;
	run->r->now_ms = au_clock_wall_ms();
	run->r->has_source = au_map_has(run->r->scim->sources, run->r->client);
	for (size_t i = first; i < end; i++) {
		struct au_bulk_task *task = au_xcalloc(1, sizeof *task);

		*task = (struct au_bulk_task){ run, &bulk->units[i] };
		au_store_write(run->r->scim->store, au_bulk_unit_work, task, unit_done);
	}
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
	rc = au_bulk_read(r->arena, r->catalog, r->base_url, max_operations, r->body, &run->bulk, &r->fault);
	/* what the operations need they hold; the rest goes here and not on the loop */
	if (rc != 0)
		au_value_wipe(r->body);
	au_json_decrefp(&r->body);
	r->body = NULL;
	return rc;
}

static void
planned(void *arg, int rc, const struct au_err *err)
{
	struct au_bulk_run *run = arg;

	if (rc == 0) {
		next_slice(run);
		return;
	}
	au_request_store_fault(run->r, rc, err);
	au_request_refuse(run->r);
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
	if (au_values_num(r->settings->scim, "bulk_max_operations") == 0)
		au_fault_set(&r->fault, AU_FAULT_UNSUPPORTED, "Bulk is turned off");
	if (r->fault.kind != AU_FAULT_NONE || au_request_media_type(r) != 0 || check_size(r) != 0)
		au_request_refuse(r);
	else
		au_store_read(r->scim->store, AU_READ_SCAN, plan_work, run, planned);
}
