/* SPDX-License-Identifier: ISC */
/* Records of OpenLDAP's log of changes, as slapd writes them, as it may, and as nobody should. */
#include "tests/unit.h"

#include "sourced/log_place.h"
#include "sourced/log_record.h"
#include "sourced/reqmod.h"

#include <stdlib.h>
#include <string.h>

#define ID "c245201c-7f5a-1041-9c2a-2be890b031ee"
#define CSN "20261128093515.262082Z#000000#000#000000"
#define OLDER "20261128093515.262081Z#000000#000#000000"
#define NEWER "20261128093515.262083Z#000000#000#000000"
#define OTHER "20261128093515.262082Z#000000#001#000000"
#define ANNA "uid=anna,ou=people,dc=example,dc=com"
#define MODS_MOST 8

static const char *const member_attributes[] = { "member", "uniqueMember", "memberUid", NULL };

static struct berval
bytes(const char *text)
{
	return (struct berval){ text != NULL ? strlen(text) : 0, (char *)(uintptr_t)text };
}

/* ---- changes ---- */

static void
assert_mod(const char *text, const char *attribute, enum au_reqmod_op op, const char *value)
{
	struct berval from = bytes(text);
	struct au_reqmod mod;

	assert_int_equal(au_reqmod_parse(&from, &mod, NULL), 0);
	assert_int_equal(mod.attribute.bv_len, strlen(attribute));
	assert_memory_equal(mod.attribute.bv_val, attribute, strlen(attribute));
	assert_int_equal(mod.op, op);
	if (value == NULL) {
		assert_null(mod.value.bv_val);
		return;
	}
	assert_non_null(mod.value.bv_val);
	assert_int_equal(mod.value.bv_len, strlen(value));
	assert_memory_equal(mod.value.bv_val, value, strlen(value));
}

static void
changes_are_read(void **state)
{
	(void)state;
	assert_mod("member:+ " ANNA, "member", AU_REQMOD_ADD, ANNA);
	assert_mod("member:- " ANNA, "member", AU_REQMOD_DELETE, ANNA);
	assert_mod("member:= " ANNA, "member", AU_REQMOD_REPLACE, ANNA);
	assert_mod("uidNumber:# 1", "uidNumber", AU_REQMOD_INCREMENT, "1");
	assert_mod("member:-", "member", AU_REQMOD_DELETE, NULL);
	assert_mod("member:=", "member", AU_REQMOD_REPLACE, NULL);
	assert_mod("description:+ ", "description", AU_REQMOD_ADD, "");
	assert_mod("description:+  : \n", "description", AU_REQMOD_ADD, " : \n");
	assert_mod("cn;lang-de:+ a", "cn;lang-de", AU_REQMOD_ADD, "a");
	assert_mod("2.5.4.31:+ a", "2.5.4.31", AU_REQMOD_ADD, "a");
}

static void
a_mark_between_changes_is_no_change(void **state)
{
	struct berval mark = bytes(":");
	struct au_reqmod mod;

	(void)state;
	assert_int_equal(au_reqmod_parse(&mark, &mod, NULL), 0);
	assert_int_equal(mod.attribute.bv_len, 0);
	assert_false(au_reqmod_is_of(&mod, "member"));
}

static void
what_is_no_change_is_refused(void **state)
{
	static const char *const wrong[] = { "", "member", "member:", "member:*", "member:+" ANNA, ":+ a",
		"mem ber:+ a", "::", "member+ a", "\xff:+ a" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct berval from = bytes(wrong[i]);
		struct au_reqmod mod = { .op = AU_REQMOD_INCREMENT };
		assert_int_equal(au_reqmod_parse(&from, &mod, NULL), AU_EPROTO);
		assert_int_equal(mod.op, AU_REQMOD_INCREMENT);
	}
	assert_int_equal(au_reqmod_parse(&(struct berval){ 0, NULL }, &(struct au_reqmod){ 0 }, NULL), AU_EPROTO);
}

static void
attributes_are_told_apart(void **state)
{
	struct berval plain = bytes("MEMBER:+ a"), option = bytes("member;x-old:+ a"), longer = bytes("memberUid:+ a");
	struct au_reqmod mod;

	(void)state;
	assert_int_equal(au_reqmod_parse(&plain, &mod, NULL), 0);
	assert_true(au_reqmod_is_of(&mod, "member"));
	assert_false(au_reqmod_has_options(&mod));
	assert_int_equal(au_reqmod_parse(&option, &mod, NULL), 0);
	assert_true(au_reqmod_is_of(&mod, "member"));
	assert_true(au_reqmod_has_options(&mod));
	assert_int_equal(au_reqmod_parse(&longer, &mod, NULL), 0);
	assert_false(au_reqmod_is_of(&mod, "member"));
}

/* ---- records ---- */

/* What a record has; NULL: it lacks that. */
struct given {
	const char *type, *result, *id, *csn;
	const char *mods[MODS_MOST]; /* ends with NULL */
};
#define GIVEN(...)                                                                                                     \
	(&(struct given){                                                                                              \
	    .type = "modify", .result = "0", .id = ID, .csn = CSN, .mods = { __VA_ARGS__, "entryCSN:= " CSN, NULL } })

static void
take(struct au_log_reader *reader, const char *name, const char *value)
{
	struct berval attribute = bytes(name), values[] = { bytes(value), { 0, NULL } };

	if (value != NULL)
		assert_int_equal(au_log_reader_take(reader, &attribute, values, NULL), 0);
}

static int
read_record(struct au_arena *arena, const struct given *given, struct au_log_record *ret)
{
	struct au_log_reader reader = { .arena = arena, .member_attributes = member_attributes };
	struct berval name = bytes("reqMod"), mods[MODS_MOST + 1] = { { 0, NULL } };

	for (size_t i = 0; given->mods[i] != NULL; i++)
		mods[i] = bytes(given->mods[i]);
	take(&reader, "reqType", given->type);
	take(&reader, "reqResult", given->result);
	take(&reader, "reqEntryUUID", given->id);
	take(&reader, "entryCSN", given->csn);
	take(&reader, "reqDN", "cn=builders,dc=example,dc=com");
	if (given->mods[0] != NULL && au_log_reader_take(&reader, &name, mods, NULL) < 0)
		return AU_EPROTO;
	return au_log_reader_end(&reader, ret, NULL);
}

static void
a_record_has_steps(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_log_record record;

	(void)state;
	assert_int_equal(read_record(arena,
			     GIVEN("member:+ UID=Anna, ou=people,dc=example,dc=com", "description:= a",
				 "member:- uid=bert,dc=example,dc=com", "member:-  " /* the empty DN */),
			     &record),
	    1);
	assert_null(record.opaque);
	assert_string_equal(record.group, ID);
	assert_string_equal(record.csn, CSN);
	assert_string_equal(record.attribute, "member");
	assert_int_equal(record.count, 2);
	assert_string_equal(record.steps[0].member, ANNA);
	assert_true(record.steps[0].joins);
	assert_string_equal(record.steps[1].member, "uid=bert,dc=example,dc=com");
	assert_false(record.steps[1].joins);
}

static void
a_record_may_be_of_something_else(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_log_record record;

	(void)state;
	assert_int_equal(read_record(arena, GIVEN("description:= a"), &record), 1);
	assert_null(record.opaque);
	assert_null(record.attribute);
	assert_int_equal(record.count, 0);
}

static void
what_failed_changed_nothing(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct given *given = GIVEN("member:+ " ANNA);
	struct au_log_record record;

	(void)state;
	given->result = "20";
	assert_int_equal(read_record(arena, given, &record), 0);
}

static void
assert_opaque(struct given *given, const char *why)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_log_record record;

	assert_int_equal(read_record(arena, given, &record), 1);
	assert_non_null(record.opaque);
	assert_non_null(strstr(record.opaque, why));
}

static void
what_does_not_tell_one_by_one_is_opaque(void **state)
{
	struct given *renamed = GIVEN("description:= a"), *deleted = GIVEN("description:= a");

	(void)state;
	assert_opaque(GIVEN("member:= " ANNA), "as a whole");
	assert_opaque(GIVEN("member:="), "as a whole");
	assert_opaque(GIVEN("member:-"), "as a whole");
	assert_opaque(GIVEN("member:+ " ANNA, "member:-"), "as a whole");
	assert_opaque(GIVEN("member:# 1"), "as a whole");
	assert_opaque(GIVEN("member:+ " ANNA, "uniqueMember:- " ANNA), "more than one");
	assert_opaque(GIVEN("member;x-old:+ " ANNA), "options");
	assert_opaque(GIVEN("memberUid:+ anna"), "one member alone");
	assert_opaque(GIVEN("uniqueMember:- " ANNA "#'0'B"), "one member alone");
	assert_opaque(GIVEN("member:+ no dn"), "understood");
	assert_opaque(GIVEN("member:+ \xff"), "understood");
	renamed->type = "modrdn";
	assert_opaque(renamed, "renamed");
	deleted->type = "delete";
	deleted->mods[0] = NULL;
	assert_opaque(deleted, "renamed");
}

/* Hidden by access rules, or by a server of another time: then nothing can be said, least of all that nothing changed.
 */
static void
what_lacks_something_is_refused(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_log_record record;

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct given *given = GIVEN("member:+ " ANNA);
		if (i == 0)
			given->id = NULL;
		else if (i == 1)
			given->result = NULL;
		else if (i == 2)
			given->mods[0] = NULL;
		else
			given->mods[1] = "entryCSN:= 2026", given->csn = NULL;
		assert_int_equal(read_record(arena, given, &record), AU_EPROTO);
	}
	assert_int_equal(read_record(arena, GIVEN("nonsense"), &record), AU_EPROTO);
}

/* ---- places ---- */

static void
assert_place(const char *known, const char *const *contexts, size_t count, enum au_log_cover cover, const char *cookie)
{
	struct au_log_place place;

	au_log_place_find(known, contexts, count, &place);
	assert_int_equal(place.cover, cover);
	if (cookie == NULL)
		assert_null(place.cookie);
	else
		assert_string_equal(place.cookie, cookie);
	if (cover == AU_LOG_SINCE)
		assert_non_null(strstr(place.cookie, place.since));
	free(place.cookie);
}

static void
a_log_begins_where_our_knowledge_ends(void **state)
{
	static const char *const one[] = { CSN }, *const two[] = { CSN, OTHER }, *const wrong[] = { "2026" };

	(void)state;
	assert_place("rid=001,csn=" CSN, one, 1, AU_LOG_CURRENT, "rid=000,csn=" CSN);
	assert_place("rid=001,csn=" OLDER, one, 1, AU_LOG_SINCE, "rid=000,csn=" OLDER);
	/* Not each change is logged. */
	assert_place("rid=001,csn=" NEWER, one, 1, AU_LOG_CURRENT, "rid=000,csn=" CSN);
	assert_place("rid=001,csn=" NEWER ";" OTHER, one, 1, AU_LOG_CURRENT, "rid=000,csn=" CSN);
	assert_place("rid=001,csn=" CSN ";" OTHER, two, 2, AU_LOG_CURRENT, "rid=000,csn=" CSN ";" OTHER);
	/* What was purged of several servers' records cannot be told. */
	assert_place("rid=001,csn=" OLDER ";" OTHER, two, 2, AU_LOG_GAP, "rid=000,csn=" CSN ";" OTHER);
	assert_place("rid=001,csn=" CSN, two, 2, AU_LOG_GAP, "rid=000,csn=" CSN ";" OTHER);
	assert_place("rid=001,csn=" OTHER, one, 1, AU_LOG_GAP, "rid=000,csn=" CSN);
	assert_place(NULL, one, 1, AU_LOG_GAP, "rid=000,csn=" CSN);
	assert_place("rubbish", one, 1, AU_LOG_GAP, "rid=000,csn=" CSN);
	assert_place("rid=001,csn=" CSN, NULL, 0, AU_LOG_GAP, NULL);
	assert_place("rid=001,csn=" CSN, wrong, 1, AU_LOG_GAP, "rid=000,csn=2026");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_read),
		cmocka_unit_test(a_mark_between_changes_is_no_change),
		cmocka_unit_test(what_is_no_change_is_refused),
		cmocka_unit_test(attributes_are_told_apart),
		cmocka_unit_test(a_record_has_steps),
		cmocka_unit_test(a_record_may_be_of_something_else),
		cmocka_unit_test(what_failed_changed_nothing),
		cmocka_unit_test(what_does_not_tell_one_by_one_is_opaque),
		cmocka_unit_test(what_lacks_something_is_refused),
		cmocka_unit_test(a_log_begins_where_our_knowledge_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
