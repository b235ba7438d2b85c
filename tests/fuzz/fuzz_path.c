/* SPDX-License-Identifier: ISC */
/* PATCH paths: a path that parses names something, and one that does not says why. */
#include "tests/fuzz/fuzz.h"

#include "scim/patch_path.h"

static void
try_path(struct au_arena *arena, const struct au_resource_type *type, const char *text)
{
	const struct au_filter_limits limits = AU_FILTER_LIMITS;
	struct au_fault fault = { AU_FAULT_NONE, "" };
	struct au_patch_path path;
	int rc = au_patch_path_parse(arena, type, &limits, text, &path, &fault);

	if (rc == 0) {
		HOLDS(path.path.sub == NULL || path.path.attr != NULL);
		HOLDS(path.filter == NULL || path.path.attr->multi);
	} else {
		HOLDS(rc == AU_EINVAL || rc == AU_ENOENT);
		HOLDS(fault.kind == AU_FAULT_INVALID_PATH || fault.kind == AU_FAULT_INVALID_FILTER);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct au_arena *arena = au_arena_new();
	const char *text = au_arena_strndup(arena, (const char *)data, size);

	try_path(arena, &au_type_user, text);
	try_path(arena, &au_type_group, text);
	au_arena_free(arena);
	return 0;
}
