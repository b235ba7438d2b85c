/* SPDX-License-Identifier: ISC */
/*
 * One unit of a Bulk on the store's thread: usually one operation, carried out as a request of its own would be.  A
 * circle of new resources is inserted first and filled then; when one of them fails, all of them do.
 */
#include "scim/bulk_run.h"

#include "scim/async.h"

/* ---- carrying out ---- */

/* What others should have made, and did not. */
static int
check_needs(const struct au_bulk *bulk, const struct au_bulk_op *op, struct au_fault *fault)
{
	for (size_t i = 0; i < op->need_count; i++) {
		const struct au_bulk_op *need = &bulk->ops[op->needs[i]];

		if (need->failed)
			return au_fault_set(fault, AU_FAULT_CONFLICT,
			    "it refers to the bulkId '%.100s', which was not made", need->bulk_id);
	}
	return 0;
}

static int
prepare(const struct au_bulk *bulk, const struct au_bulk_op *op, struct au_request *part)
{
	part->type = op->type;
	part->id = op->id;
	if (op->refusal != AU_FAULT_NONE)
		return au_fault_set(&part->fault, op->refusal, "%s", op->detail);
	if (check_needs(bulk, op, &part->fault) != 0 ||
	    au_principal_may(&part->principal, AU_NEED_CHANGE, op->type, &part->fault) != 0)
		return AU_EINVAL;
	part->change = op->change;
	part->if_match = op->version;
	part->body = json_incref(op->data);
	return op->change->read != NULL ? op->change->read(part) : 0;
}

/* Bring parts[*at] one step further; *at is the one that failed. */
static int
carry_out_circle(struct au_store_tx *tx, struct au_request *parts, size_t count, size_t *at, struct au_err *err)
{
	AU_CLEANUP(au_freep) struct au_resource *resources = au_xcalloc(count, sizeof *resources);
	int rc = 0;

	for (*at = 0; rc == 0 && *at < count; *at += rc == 0)
		rc = au_create_insert(tx, &parts[*at], &resources[*at], err);
	if (rc != 0)
		return rc;
	for (*at = 0; rc == 0 && *at < count; *at += rc == 0)
		rc = au_create_fill(tx, &parts[*at], &resources[*at], err);
	return rc;
}

static int
carry_out(struct au_store_tx *tx, const struct au_bulk *bulk, const struct au_bulk_unit *unit, struct au_request *parts,
    size_t *at, struct au_err *err)
{
	int rc = 0;

	for (*at = 0; rc == 0 && *at < unit->count; *at += rc == 0)
		rc = prepare(bulk, &bulk->ops[unit->ops[*at]], &parts[*at]);
	if (rc != 0)
		return rc;
	if (unit->count > 1)
		return carry_out_circle(tx, parts, unit->count, at, err);
	*at = 0;
	return parts[0].change->apply(tx, &parts[0], err);
}

/* ---- before and after ---- */

/* Work may run twice. */
static void
start_over(struct au_bulk_run *run, const struct au_bulk_unit *unit)
{
	for (size_t i = 0; i < unit->count; i++) {
		struct au_bulk_op *op = &run->bulk.ops[unit->ops[i]];

		run->errors -= op->failed;
		op->failed = false;
		free(op->result);
		op->result = NULL;
	}
}

/* The others of a circle fail with the one that did. */
static void
fail_all(struct au_bulk_run *run, const struct au_bulk_unit *unit, struct au_request *parts, size_t culprit)
{
	const struct au_bulk_op *cause = &run->bulk.ops[unit->ops[culprit]];

	for (size_t i = 0; i < unit->count; i++) {
		struct au_bulk_op *op = &run->bulk.ops[unit->ops[i]];

		op->failed = true;
		run->errors++;
		if (i != culprit)
			au_fault_set(&parts[i].fault, AU_FAULT_CONFLICT,
			    "it is in a circle with the bulkId '%.100s', which could not be made", cause->bulk_id);
	}
}

/* For a client that does not wait: an outcome is on disk together with what it tells of. */
static int
keep(struct au_store_tx *tx, struct au_bulk_run *run, const struct au_bulk_unit *unit, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; run->r->txn != NULL && rc == 0 && i < unit->count; i++)
		rc = au_async_put(tx, run->r, unit->ops[i], run->bulk.ops[unit->ops[i]].result, err);
	return rc;
}

int
au_bulk_unit_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct au_bulk_task *task = arg;
	struct au_bulk_run *run = task->run;
	const struct au_bulk_unit *unit = task->unit;
	AU_CLEANUP(au_freep) struct au_request *parts = NULL;
	size_t at = 0;
	int rc;

	start_over(run, unit);
	if (run->errors >= run->bulk.max_errors)
		return 0;
	parts = au_xcalloc(unit->count, sizeof *parts);
	for (size_t i = 0; i < unit->count; i++)
		au_request_part(run->r, &parts[i]);
	rc = carry_out(tx, &run->bulk, unit, parts, &at, err);
	if (rc < 0) {
		au_request_store_fault(&parts[at], rc, err);
		fail_all(run, unit, parts, at);
	}
	run->changed = run->changed || rc == 0;
	for (size_t i = 0; i < unit->count; i++) {
		struct au_bulk_op *op = &run->bulk.ops[unit->ops[i]];

		op->result = au_outcome_text(&parts[i], op->method, op->bulk_id, op->failed);
		au_request_part_done(&parts[i]);
	}
	return rc == 0 ? keep(tx, run, unit, err) : rc;
}

int
au_bulk_failures_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct au_bulk_task *task = arg;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < task->units; i++)
		if (task->run->bulk.ops[task->unit[i].ops[0]].failed)
			rc = keep(tx, task->run, &task->unit[i], err);
	return rc;
}
