/* SPDX-License-Identifier: ISC */
/* Bodies of POST and PUT, as any profile takes them: what is kept would be kept again just so, by the strictest too. */
#include "tests/fuzz/fuzz.h"

#include "base/json.h"
#include "scim/document.h"

static void
try_body(const struct au_resource_type *type, const struct au_profile *profile, const json_t *body)
{
	const struct au_profile *strict = au_profile_find("strict");
	struct au_checked once = { .doc = NULL }, twice = { .doc = NULL };
	struct au_fault fault = { AU_FAULT_NONE, "" };

	if (au_check_body(&au_catalog_core, type, profile, "1", body, &once, &fault) != 0) {
		HOLDS(fault.kind == AU_FAULT_INVALID_SYNTAX || fault.kind == AU_FAULT_INVALID_VALUE);
		return;
	}
	HOLDS(au_check_body(&au_catalog_core, type, strict, "1", once.doc, &twice, &fault) == 0);
	HOLDS(json_equal(once.doc, twice.doc));
	HOLDS(twice.unknown == 0);
	au_checked_done(&once);
	au_checked_done(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *body;

	if (au_json_parse((const char *)data, size, AU_JSON_DEPTH, &body, NULL) != 0)
		return 0;
	for (const struct au_profile *profile = au_profiles; profile->name != NULL; profile++) {
		try_body(&au_type_user, profile, body);
		try_body(&au_type_group, profile, body);
	}
	json_decref(body);
	return 0;
}
