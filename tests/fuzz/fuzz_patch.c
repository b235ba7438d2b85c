/* SPDX-License-Identifier: ISC */
/*
 * PATCH bodies on documents, as any profile takes them: applying gives a document that would pass as a body of the
 * strictest profile, the same each time, and a failure has a reason that RFC 7644 knows.
 */
#include "tests/fuzz/fuzz.h"

#include "base/json.h"
#include "scim/document.h"
#include "scim/patch.h"

static const char user[] =
    "{\"userName\":\"bob\",\"active\":true,\"title\":\"Dr\",\"name\":{\"givenName\":\"B\",\"familyName\":\"J\"},"
    "\"emails\":[{\"value\":\"a@x\",\"type\":\"work\",\"primary\":true},{\"value\":\"b@x\",\"type\":\"home\"}],"
    "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"department\":\"IT\",\"manager\":{\"value\":"
    "\"m\"}}}";
static const char group[] = "{\"displayName\":\"g\",\"externalId\":\"e\"}";

static void
check_document(const struct au_resource_type *type, const json_t *doc)
{
	struct au_checked checked;
	struct au_fault fault;

	HOLDS(au_check_body(&au_catalog_core, type, au_profile_find("strict"), "1", doc, &checked, &fault) == 0);
	HOLDS(json_equal(checked.doc, doc));
	au_checked_done(&checked);
}

static void
apply_twice(
    struct au_arena *arena, const struct au_resource_type *type, const struct au_patch *patch, const json_t *doc)
{
	json_t *first = json_deep_copy(doc), *second = json_deep_copy(doc);
	struct au_fault fault = { AU_FAULT_NONE, "" };
	int rc = au_patch_apply(arena, type, patch, first, &fault);

	HOLDS(au_patch_apply(arena, type, patch, second, &fault) == rc);
	if (rc == 0) {
		HOLDS(json_equal(first, second));
		check_document(type, first);
	} else {
		HOLDS(au_fault_keyword(fault.kind) != NULL);
	}
	json_decref(first);
	json_decref(second);
}

static void
try_patch(const struct au_resource_type *type, const struct au_profile *profile, const char *text, const json_t *body)
{
	struct au_patch_limits limits = { .max_operations = 100, .filter = AU_FILTER_LIMITS };
	struct au_arena *arena = au_arena_new();
	json_t *start = json_loads(text, 0, NULL);
	struct au_checked checked;
	struct au_fault fault;
	struct au_patch patch;

	limits.filter.profile = profile;
	HOLDS(au_check_body(&au_catalog_core, type, au_profile_auto(), "1", start, &checked, &fault) == 0);
	if (au_patch_parse(arena, type, &limits, body, &patch, &fault) == 0)
		apply_twice(arena, type, &patch, checked.doc);
	au_checked_done(&checked);
	json_decref(start);
	au_arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *body;

	if (au_json_parse((const char *)data, size, AU_JSON_DEPTH, &body, NULL) != 0)
		return 0;
	for (const struct au_profile *profile = au_profiles; profile->name != NULL; profile++) {
		try_patch(&au_type_user, profile, user, body);
		try_patch(&au_type_group, profile, group, body);
	}
	json_decref(body);
	return 0;
}
