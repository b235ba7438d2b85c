/* SPDX-License-Identifier: ISC */
/*
 * Bulk bodies: every operation is in one unit, behind everything it needs; only new resources share a unit, and only
 * when each needs the others; no known bulkId is left in data; the same body gives the same plan again.
 */
#include "tests/fuzz/fuzz.h"

#include "base/json.h"
#include "base/rand.h"
#include "scim/bulk.h"

#include <string.h>

#define BASE "https://h.example/v2"
#define MOST 64

static void
check_units(const struct au_bulk *bulk)
{
	size_t turn[MOST], seen = 0;

	for (size_t i = 0; i < MOST; i++)
		turn[i] = SIZE_MAX;
	for (size_t i = 0; i < bulk->unit_count; i++) {
		const struct au_bulk_unit *unit = &bulk->units[i];

		HOLDS(unit->count > 0);
		for (size_t k = 0; k < unit->count; k++) {
			HOLDS(unit->ops[k] < bulk->count && turn[unit->ops[k]] == SIZE_MAX);
			HOLDS(k == 0 || unit->ops[k - 1] < unit->ops[k]);
			HOLDS(unit->count == 1 || strcmp(bulk->ops[unit->ops[k]].method, "POST") == 0);
			turn[unit->ops[k]] = i;
			seen++;
		}
	}
	HOLDS(seen == bulk->count);
	for (size_t i = 0; i < bulk->count; i++) {
		const struct au_bulk_op *op = &bulk->ops[i];

		HOLDS(op->after == AU_BULK_NONE || turn[op->after] < turn[i]);
		for (size_t k = 0; k < op->need_count; k++)
			HOLDS(turn[op->needs[k]] <= turn[i]);
	}
}

/* A text that is a reference to something that is made here. */
static bool
is_left(const struct au_bulk *bulk, const char *text)
{
	for (size_t i = 0; strncmp(text, "bulkId:", 7) == 0 && i < bulk->count; i++)
		if (bulk->ops[i].id != NULL && bulk->ops[i].bulk_id != NULL &&
		    strcmp(bulk->ops[i].method, "POST") == 0 && strcmp(bulk->ops[i].bulk_id, text + 7) == 0)
			return true;
	return false;
}

static void
check_data(const struct au_bulk *bulk, const json_t *value)
{
	const char *key;
	const json_t *member;
	size_t i;

	if (json_is_string(value))
		HOLDS(!is_left(bulk, json_string_value(value)));
	json_object_foreach ((json_t *)value, key, member)
		check_data(bulk, member);
	json_array_foreach ((json_t *)value, i, member)
		check_data(bulk, member);
}

static void
check_operation(const struct au_bulk *bulk, const struct au_bulk_op *op)
{
	HOLDS((op->refusal == AU_FAULT_NONE) == (op->detail == NULL));
	if (op->refusal != AU_FAULT_NONE)
		return;
	HOLDS(op->change != NULL && op->type != NULL && op->id != NULL);
	HOLDS((op->change->read != NULL) == (op->data != NULL));
	HOLDS(strncmp(op->id, "bulkId:", 7) != 0 || !is_left(bulk, op->id));
	check_data(bulk, op->data);
}

static bool
same_plan(const struct au_bulk *a, const struct au_bulk *b)
{
	bool same = a->count == b->count && a->unit_count == b->unit_count && a->max_errors == b->max_errors;

	for (size_t i = 0; same && i < a->unit_count; i++)
		same = a->units[i].count == b->units[i].count &&
		       memcmp(a->units[i].ops, b->units[i].ops, a->units[i].count * sizeof(size_t)) == 0;
	return same;
}

static void
try_bulk(json_t *body)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	json_t *again = json_deep_copy(body);
	struct au_bulk once, twice;
	struct au_fault fault = { AU_FAULT_NONE, "" };

	if (au_bulk_read(arena, &au_catalog_core, au_profile_auto(), BASE, MOST, body, &once, &fault) != 0) {
		HOLDS(fault.kind == AU_FAULT_INVALID_SYNTAX || fault.kind == AU_FAULT_INVALID_VALUE ||
		      fault.kind == AU_FAULT_TOO_LARGE);
		json_decref(again);
		return;
	}
	check_units(&once);
	for (size_t i = 0; i < once.count; i++)
		check_operation(&once, &once.ops[i]);
	HOLDS(au_bulk_read(arena, &au_catalog_core, au_profile_auto(), BASE, MOST, again, &twice, &fault) == 0);
	HOLDS(same_plan(&once, &twice));
	au_bulk_done(&once);
	au_bulk_done(&twice);
	json_decref(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *body;

	if (au_json_parse((const char *)data, size, AU_JSON_DEPTH + 3, &body, NULL) != 0)
		return 0;
	au_rand_init();
	try_bulk(body);
	json_decref(body);
	return 0;
}
