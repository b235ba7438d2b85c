/* SPDX-License-Identifier: ISC */
/* Filters: whatever parses can be evaluated, and its negation says the opposite. */
#include "tests/fuzz/fuzz.h"

#include "scim/filter.h"

#include <jansson.h>

static const char user[] =
    "{\"id\":\"1\",\"userName\":\"bob\",\"active\":true,\"name\":{\"givenName\":\"B\"},"
    "\"emails\":[{\"value\":\"a@x\",\"type\":\"work\",\"primary\":true},{\"value\":\"b@x\"}],"
    "\"meta\":{\"created\":\"2026-01-31T08:00:00Z\"},\"x509Certificates\":[{\"value\":\"QUJD\"}],"
    "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"manager\":{\"value\":\"m\"}}}";

static void
try_filter(struct au_arena *arena, const char *text, const json_t *resource)
{
	const struct au_filter_limits limits = { .max_length = 4096, .max_depth = 32 }, wider = { .max_length = 8192, .max_depth = 33 };
	struct au_filter_subject subject = { .resource = resource, .scratch = arena };
	const struct au_filter *filter, *negation;
	struct au_fault fault = { AU_FAULT_NONE, "" };

	if (au_filter_parse(arena, &au_type_user, &limits, text, &filter, &fault) != 0) {
		HOLDS(fault.kind == AU_FAULT_INVALID_FILTER);
		return;
	}
	HOLDS(au_filter_parse(
		  arena, &au_type_user, &wider, au_arena_printf(arena, "not (%s)", text), &negation, &fault) == 0);
	HOLDS(au_filter_match(filter, &subject) != au_filter_match(negation, &subject));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct au_arena *arena = au_arena_new();
	json_t *resource = json_loads(user, 0, NULL);

	HOLDS(resource != NULL);
	try_filter(arena, au_arena_strndup(arena, (const char *)data, size), resource);
	au_arena_free(arena);
	json_decref(resource);
	return 0;
}
