/* SPDX-License-Identifier: ISC */
/* When nothing of a group has changed but its members, and when more has, or may have. */
#include "tests/unit.h"

#include "base/str.h"
#include "sourced/dirsync_told.h"
#include "sourced/vendor.h"

#include <openldap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GUID "0123456789abcdef"
#define ADDED "member;range=1-1"
#define REMOVED "member;range=0-0"
#define A "CN=a,OU=people,DC=example"
#define B "CN=b,OU=people,DC=example"

static const char *const asked[] = { "objectGUID", "cn", "member", "isDeleted", "name", "objectClass", NULL };

/* One of an object, with text values. */
struct attribute {
	const char *name;
	const char *values[3]; /* NULL-terminated */
};

static struct berval *
encode(int id, const struct attribute *attributes)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	struct berval *message = NULL;

	ber_printf(ber, "{it{s{", id, LDAP_RES_SEARCH_ENTRY, "CN=g,OU=groups,DC=example");
	for (; attributes->name != NULL; attributes++) {
		ber_printf(ber, "{s[", attributes->name);
		for (size_t i = 0; attributes->values[i] != NULL; i++)
			ber_printf(ber, "s", attributes->values[i]);
		ber_printf(ber, "]}");
	}
	ber_printf(ber, "}}}");
	assert_int_equal(ber_flatten(ber, &message), 0);
	ber_free(ber, 1);
	return message;
}

/* What is told of it, to the groups' search, or the people's. */
static void
tell(enum au_search search, const struct attribute *attributes, struct au_arena *arena, struct au_dirsync_told *ret)
{
	static const struct au_source_config config = { .name = "corp",
		.kind = "ldap",
		.vendor = "ad",
		.people_base = "OU=people,DC=example",
		.groups_base = "OU=groups,DC=example",
		.attr_display_name = "cn",
		.attr_given_name = "givenName",
		.attr_family_name = "sn",
		.attr_group_name = "cn",
		.primary_group = "none",
		.nested = "walk" };
	struct timeval soon = { 5, 0 };
	LDAPMessage *message = NULL;
	LDAP *ld = NULL;
	int pair[2], id = 0;
	struct au_mapping mapping;

	assert_int_equal(
	    au_mapping_init(&mapping, arena, &config, search, au_vendor_find("ad", &(struct au_root){ 0 }), NULL), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(ldap_init_fd(pair[0], LDAP_PROTO_TCP, "ldap://localhost", &ld), LDAP_SUCCESS);
	assert_int_equal(
	    ldap_search_ext(ld, "", LDAP_SCOPE_SUBTREE, "(cn=*)", NULL, 0, NULL, NULL, NULL, LDAP_NO_LIMIT, &id),
	    LDAP_SUCCESS);
	struct berval *bytes = encode(id, attributes);
	assert_int_equal(send(pair[1], bytes->bv_val, bytes->bv_len, 0), (ssize_t)bytes->bv_len);
	ber_bvfree(bytes);
	assert_int_equal(ldap_result(ld, LDAP_RES_ANY, LDAP_MSG_ONE, &soon, &message), LDAP_RES_SEARCH_ENTRY);
	assert_int_equal(au_dirsync_told(ld, message, &mapping, asked, arena, ret), 0);
	ldap_msgfree(message);
	ldap_unbind_ext(ld, NULL, NULL);
	close(pair[1]);
}

static void
members_who_come_and_go_are_told_alone(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_dirsync_told told;

	(void)state;
	tell(AU_SEARCH_GROUPS,
	    (struct attribute[]){ { "objectGUID", { GUID } }, { ADDED, { A, B } },
		{ REMOVED, { "CN=c,OU=people,DC=example" } }, { NULL, { NULL } } },
	    arena, &told);
	assert_string_equal(told.change.id, "33323130-3534-3736-3839-616263646566");
	assert_ptr_equal(told.change.members, &told.members);
	assert_int_equal(told.members.joined_count, 2);
	assert_string_equal(told.members.joined[0], "cn=a,ou=people,dc=example");
	assert_string_equal(told.members.joined[1], "cn=b,ou=people,dc=example");
	assert_int_equal(told.members.left_count, 1);
	assert_string_equal(told.members.left[0], "cn=c,ou=people,dc=example");
	assert_int_equal(told.named_count, 3);
	assert_false(told.change.is_deleted || told.change.is_moved);
}

static void
whatever_is_more_than_that_is_read(void **state)
{
	static const struct attribute more[][4] = {
		/* The whole list, or a part of it: not who came. */
		{ { "objectGUID", { GUID } }, { "member", { A } }, { NULL, { NULL } } },
		{ { "objectGUID", { GUID } }, { "member;range=0-1499", { A } }, { NULL, { NULL } } },
		/* Something else that was asked for, even if it is gone. */
		{ { "objectGUID", { GUID } }, { ADDED, { A } }, { "cn", { "g" } }, { NULL, { NULL } } },
		{ { "objectGUID", { GUID } }, { ADDED, { A } }, { "cn", { NULL } }, { NULL, { NULL } } },
		{ { "objectGUID", { GUID } }, { ADDED, { A } }, { "name", { "g2" } }, { NULL, { NULL } } },
		/* A member who has no name. */
		{ { "objectGUID", { GUID } }, { ADDED, { "no DN" } }, { NULL, { NULL } } },
		/* Nobody. */
		{ { "objectGUID", { GUID } }, { ADDED, { NULL } }, { NULL, { NULL } } },
		{ { "objectGUID", { GUID } }, { NULL, { NULL } } },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(more); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_dirsync_told told;
		tell(AU_SEARCH_GROUPS, more[i], arena, &told);
		if (told.change.members != NULL || told.change.id == NULL)
			fail_msg("object %zu", i);
	}
}

static void
what_was_not_asked_for_means_nothing(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_dirsync_told told;

	(void)state;
	tell(AU_SEARCH_GROUPS,
	    (struct attribute[]){
		{ "objectGUID", { GUID } }, { ADDED, { A } }, { "instanceType", { "4" } }, { NULL, { NULL } } },
	    arena, &told);
	assert_non_null(told.change.members);
	/* Of people nobody is a member. */
	tell(AU_SEARCH_PEOPLE, (struct attribute[]){ { "objectGUID", { GUID } }, { ADDED, { A } }, { NULL, { NULL } } },
	    arena, &told);
	assert_null(told.change.members);
}

static void
an_object_is_new_moved_or_gone(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_dirsync_told told;

	(void)state;
	tell(AU_SEARCH_GROUPS,
	    (struct attribute[]){ { "objectGUID", { GUID } }, { "name", { "g" } }, { NULL, { NULL } } }, arena, &told);
	assert_true(told.change.is_moved);
	tell(AU_SEARCH_GROUPS,
	    (struct attribute[]){
		{ "objectGUID", { GUID } }, { "name", { "g" } }, { "objectClass", { "group" } }, { NULL, { NULL } } },
	    arena, &told);
	assert_false(told.change.is_moved);
	tell(AU_SEARCH_GROUPS,
	    (struct attribute[]){ { "objectGUID", { GUID } }, { "isDeleted", { "TRUE" } }, { NULL, { NULL } } }, arena,
	    &told);
	assert_true(told.change.is_deleted);
	tell(AU_SEARCH_GROUPS, (struct attribute[]){ { ADDED, { A } }, { NULL, { NULL } } }, arena, &told);
	assert_null(told.change.id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_who_come_and_go_are_told_alone),
		cmocka_unit_test(whatever_is_more_than_that_is_read),
		cmocka_unit_test(what_was_not_asked_for_means_nothing),
		cmocka_unit_test(an_object_is_new_moved_or_gone),
	};

	setenv("LDAPNOINIT", "1", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
