/* SPDX-License-Identifier: ISC */
/* PATCH paths: what they name, and what is refused. */
#include "tests/scim/help.h"

#include "scim/patch_path.h"

#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

static const struct {
	const char *path;
	const char *extension, *attr, *sub;
	bool filtered;
} rows[] = {
	{ "userName", NULL, "userName", NULL, false },
	{ "USERNAME", NULL, "userName", NULL, false },
	{ " userName ", NULL, "userName", NULL, false },
	{ "name.familyName", NULL, "name", "familyName", false },
	{ "emails", NULL, "emails", NULL, false },
	{ "emails.value", NULL, "emails", "value", false },
	{ "emails[type eq 'work']", NULL, "emails", NULL, true },
	{ "emails[type eq 'work'].value", NULL, "emails", "value", true },
	{ "emails[type eq 'work' and not (value ew ']')].Primary", NULL, "emails", "primary", true },
	{ "urn:ietf:params:scim:schemas:core:2.0:User:userName", NULL, "userName", NULL, false },
	{ "urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq 'work'].value", NULL, "emails", "value", true },
	{ "urn:ietf:params:scim:schemas:core:2.0:User", NULL, NULL, NULL, false },
	{ ENTERPRISE, ENTERPRISE, NULL, NULL, false },
	{ "URN:IETF:params:scim:schemas:extension:enterprise:2.0:user", ENTERPRISE, NULL, NULL, false },
	{ ENTERPRISE ":department", ENTERPRISE, "department", NULL, false },
	{ ENTERPRISE ":manager.value", ENTERPRISE, "manager", "value", false },
	{ ENTERPRISE ":manager.$ref", ENTERPRISE, "manager", "$ref", false },
	{ "externalId", NULL, "externalId", NULL, false },
	{ "meta.created", NULL, "meta", "created", false },
};

static void
paths_name_attributes(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_filter_limits limits = AU_FILTER_LIMITS;
		struct au_patch_path path;
		struct au_fault fault;

		if (au_patch_path_parse(arena, &au_type_user, &limits, requoted(arena, rows[i].path), &path, &fault) !=
		    0)
			fail_msg("%s: %s", rows[i].path, fault.detail);
		if (!au_streq(path.path.extension != NULL ? path.path.extension->id : NULL, rows[i].extension) ||
		    !au_streq(path.path.attr != NULL ? path.path.attr->name : NULL, rows[i].attr) ||
		    !au_streq(path.path.sub != NULL ? path.path.sub->name : NULL, rows[i].sub) ||
		    (path.filter != NULL) != rows[i].filtered)
			fail_msg("%s: names something else", rows[i].path);
	}
}

static const struct {
	const char *path;
	int rc;
	enum au_fault_kind kind;
} refused[] = {
	{ "", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ " ", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "[type eq 'work']", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "5", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "'userName'", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "name.", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ ".name", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "name..familyName", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "name.familyName.x", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "userName eq 'x'", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "userName title", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "emails[type eq 'work'", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "emails[type eq 'work']]", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "emails[type eq 'work']value", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "emails[type eq 'work'] .value", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "emails[type eq 'work'].value.x", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "emails[]", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "emails[0]", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "name[familyName eq 'x']", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "userName[value eq 'x']", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ ENTERPRISE "[department eq 'x']", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ ENTERPRISE ":", AU_EINVAL, AU_FAULT_INVALID_PATH },
	{ "emails[type is 'work']", AU_EINVAL, AU_FAULT_INVALID_FILTER },
	{ "emails[primary gt true]", AU_EINVAL, AU_FAULT_INVALID_FILTER },
	{ "emails[colour eq 'red']", AU_EINVAL, AU_FAULT_INVALID_FILTER },
	{ "noSuchName", AU_ENOENT, AU_FAULT_INVALID_PATH },
	{ "name.noSuchName", AU_ENOENT, AU_FAULT_INVALID_PATH },
	{ "emails[type eq 'work'].noSuchName", AU_ENOENT, AU_FAULT_INVALID_PATH },
	{ "urn:example:other:attr", AU_ENOENT, AU_FAULT_INVALID_PATH },
	{ ENTERPRISE ":noSuchName", AU_ENOENT, AU_FAULT_INVALID_PATH },
};

static void
bad_paths_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(refused); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_filter_limits limits = AU_FILTER_LIMITS;
		struct au_patch_path path;
		struct au_fault fault = { AU_FAULT_NONE, "" };
		int rc =
		    au_patch_path_parse(arena, &au_type_user, &limits, requoted(arena, refused[i].path), &path, &fault);

		if (rc != refused[i].rc || fault.kind != refused[i].kind)
			fail_msg("'%s': %d, fault %d (%s)", refused[i].path, rc, fault.kind, fault.detail);
	}
}

static void
endless_path_is_refused(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_filter_limits limits = AU_FILTER_LIMITS;
	struct au_patch_path path;
	struct au_fault fault;
	char *text = au_arena_alloc(arena, 20001);

	(void)state;
	memset(text, 'a', 20000);
	assert_int_equal(au_patch_path_parse(arena, &au_type_user, &limits, text, &path, &fault), AU_EINVAL);
	assert_int_equal(fault.kind, AU_FAULT_INVALID_PATH);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_name_attributes),
		cmocka_unit_test(bad_paths_are_refused),
		cmocka_unit_test(endless_path_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
