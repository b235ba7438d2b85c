/* SPDX-License-Identifier: ISC */
/* Entries: what is written, what is left alone, and which keys become dirty. */
#include "tests/store/help.h"

#include "store/apiuser.h"
#include "store/fact.h"

#include <string.h>

#define MAIL "ada@example.org"

static struct au_entry
person(const char *id, const char *mail)
{
	return (struct au_entry){ .source = "corp",
		.id = id,
		.kind = AU_ENTRY_PERSON,
		.dn = "uid=ada,ou=People,dc=example,dc=org",
		.user_name = "ada",
		.display_name = "Ada Lovelace",
		.given_name = "Ada",
		.family_name = "Lovelace",
		.mail = mail,
		.external_id = NULL,
		.active = true };
}

static struct au_entry
group(const char *id, const char *name)
{
	return (struct au_entry){
		.source = "corp", .id = id, .kind = AU_ENTRY_GROUP, .display_name = name, .active = true
	};
}

static bool
put(struct fixture *f, const struct au_entry *entry, const char *dn_norm, long long generation)
{
	bool changed = false;
	assert_ok(f, au_store_entry_put(f->tx, entry, dn_norm, generation, &changed, &f->err));
	return changed;
}

/* Takes all dirty keys and returns them joined by commas, in the order of their marks. */
static const char *
take_dirty(struct fixture *f)
{
	const char **keys = NULL;
	size_t count = 0;
	const char *joined = "";
	assert_ok(f, au_store_dirty_take(f->tx, f->arena, 1000, &keys, &count, &f->err));
	for (size_t i = 0; i < count; i++)
		joined = au_arena_printf(f->arena, "%s%s%s", joined, i ? "," : "", keys[i]);
	return joined;
}

static void
entry_is_kept_with_every_field(void **state)
{
	struct fixture *f = *state;
	struct au_entry in = person("1", MAIL), out;
	in.external_id = "x-1";
	in.owner = "UID=Bob";
	in.owner_dn = "uid=bob";
	in.application = "crm";
	assert_true(put(f, &in, "uid=ada,ou=people,dc=example,dc=org", 1));
	assert_ok(f, au_store_entry_get(f->tx, f->arena, "corp", "1", &out, &f->err));
	assert_string_equal(out.source, in.source);
	assert_string_equal(out.id, in.id);
	assert_int_equal(out.kind, in.kind);
	assert_string_equal(out.dn, in.dn);
	assert_string_equal(out.key, MAIL);
	assert_string_equal(out.user_name, in.user_name);
	assert_string_equal(out.display_name, in.display_name);
	assert_string_equal(out.given_name, in.given_name);
	assert_string_equal(out.family_name, in.family_name);
	assert_string_equal(out.mail, in.mail);
	assert_string_equal(out.external_id, in.external_id);
	assert_string_equal(out.owner, in.owner);
	assert_string_equal(out.owner_dn, in.owner_dn);
	assert_string_equal(out.application, in.application);
	assert_true(out.active);
	assert_ok(
	    f, au_store_entry_by_dn(f->tx, f->arena, "corp", "uid=ada,ou=people,dc=example,dc=org", &out, &f->err));
	assert_string_equal(out.id, "1");
}

static void
absent_fields_stay_absent(void **state)
{
	struct fixture *f = *state;
	struct au_entry in = { .source = "corp", .id = "1", .kind = AU_ENTRY_PERSON }, out;
	put(f, &in, NULL, 0);
	assert_ok(f, au_store_entry_get(f->tx, f->arena, "corp", "1", &out, &f->err));
	assert_null(out.dn);
	assert_null(out.user_name);
	assert_null(out.mail);
	assert_null(out.external_id);
	assert_false(out.active);
	assert_non_null(out.key); /* nobody is merged by an absent mail address */
	in.id = "2";
	put(f, &in, NULL, 0);
	struct au_entry other;
	assert_ok(f, au_store_entry_get(f->tx, f->arena, "corp", "2", &other, &f->err));
	assert_string_not_equal(out.key, other.key);
}

static void
unknown_entry_is_not_found_and_leaves_the_result_alone(void **state)
{
	struct fixture *f = *state;
	struct au_entry in = person("1", MAIL), out = { .id = "untouched" };
	put(f, &in, NULL, 0);
	assert_int_equal(au_store_entry_get(f->tx, f->arena, "corp", "2", &out, &f->err), AU_ENOENT);
	assert_int_equal(au_store_entry_get(f->tx, f->arena, "other", "1", &out, &f->err), AU_ENOENT);
	assert_int_equal(au_store_entry_by_dn(f->tx, f->arena, "corp", "uid=x", &out, &f->err), AU_ENOENT);
	assert_string_equal(out.id, "untouched");
}

static void
entry_is_added_only_where_there_is_none(void **state)
{
	struct fixture *f = *state;
	struct au_entry in = person("1", MAIL), out;
	struct au_entry_held held = { 0 };
	unsigned char digest[AU_ENTRY_DIGEST];
	bool added = false;
	assert_ok(f, au_store_entry_add(f->tx, &in, "uid=ada", &held, &added, &f->err));
	assert_true(added);
	assert_true(held.num > 0);
	assert_int_equal(held.generation, 0);
	assert_string_equal(take_dirty(f), MAIL);
	in.key = MAIL;
	au_store_entry_digest(&in, "uid=ada", digest);
	assert_memory_equal(held.digest, digest, sizeof(digest));
	/* As a put would have left it. */
	assert_false(put(f, &in, "uid=ada", 0));
	in.display_name = "other";
	held.num = -1;
	assert_ok(f, au_store_entry_add(f->tx, &in, "uid=ada", &held, &added, &f->err));
	assert_false(added);
	assert_int_equal(held.num, -1);
	assert_ok(f, au_store_entry_get(f->tx, f->arena, "corp", "1", &out, &f->err));
	assert_string_not_equal(out.display_name, "other");
	assert_string_equal(take_dirty(f), "");
}

static void
same_entry_again_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct au_entry in = person("1", MAIL);
	assert_true(put(f, &in, "uid=ada", 1));
	assert_string_equal(take_dirty(f), MAIL);
	assert_false(put(f, &in, "uid=ada", 1));
	assert_false(put(f, &in, "uid=ada", 2));
	assert_false(put(f, &in, "uid=ada", 0));
	assert_string_equal(take_dirty(f), "");
}

/* One field at a time, so that no field is left out of the comparison. */
static void
change_of_any_field_is_a_change(void **state)
{
	struct fixture *f = *state;
	struct au_entry base = person("1", MAIL);
	const char **fields[] = { &base.dn, &base.user_name, &base.display_name, &base.given_name, &base.family_name,
		&base.external_id, &base.owner, &base.application };
	put(f, &base, "uid=ada", 0);
	take_dirty(f);
	for (size_t i = 0; i < AU_COUNT(fields); i++) {
		*fields[i] = au_arena_printf(f->arena, "changed %zu", i);
		assert_true(put(f, &base, "uid=ada", 0));
		assert_string_equal(take_dirty(f), MAIL);
		*fields[i] = NULL;
		assert_true(put(f, &base, "uid=ada", 0));
		assert_false(put(f, &base, "uid=ada", 0));
		assert_string_equal(take_dirty(f), MAIL);
	}
	base.active = false;
	assert_true(put(f, &base, "uid=ada", 0));
	assert_true(put(f, &base, "uid=lovelace", 0));
	assert_true(put(f, &base, NULL, 0));
	assert_false(put(f, &base, NULL, 0));
}

static void
changed_key_marks_the_old_and_the_new_one(void **state)
{
	struct fixture *f = *state;
	struct au_entry in = person("1", MAIL);
	put(f, &in, NULL, 0);
	take_dirty(f);
	in.mail = "lovelace@example.org";
	put(f, &in, NULL, 0);
	assert_string_equal(take_dirty(f), MAIL ",lovelace@example.org");
	in.key = "given by the caller";
	put(f, &in, NULL, 0);
	assert_string_equal(take_dirty(f), "lovelace@example.org,given by the caller");
}

/* The id of the API user of that key, or "nobody". */
static const char *
user_of(struct fixture *f, const char *key)
{
	struct au_apiuser user;
	int rc = au_store_apiuser_by_key(f->tx, f->arena, key, &user, &f->err);

	return rc == AU_ENOENT ? "nobody" : user.id;
}

static void
api_user_follows_its_last_entry_to_a_new_key(void **state)
{
	struct fixture *f = *state;
	struct au_entry one = person("1", MAIL), other = person("2", MAIL);
	struct au_apiuser user = { .id = "u1", .key = MAIL };
	put(f, &one, NULL, 0);
	put(f, &other, NULL, 0);
	assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
	one.mail = "lovelace@example.org";
	put(f, &one, NULL, 0);
	assert_string_equal(user_of(f, MAIL), "u1"); /* the other entry is still there */
	assert_string_equal(user_of(f, "lovelace@example.org"), "nobody");
	other.mail = "countess@example.org";
	put(f, &other, NULL, 0);
	assert_string_equal(user_of(f, MAIL), "nobody");
	assert_string_equal(user_of(f, "countess@example.org"), "u1");
}

static void
api_user_does_not_follow_to_a_key_that_is_taken(void **state)
{
	struct fixture *f = *state;
	struct au_entry in = person("1", MAIL);
	struct au_apiuser user = { .id = "u1", .key = MAIL };
	struct au_apiuser holder = { .id = "u2", .key = "lovelace@example.org" };
	put(f, &in, NULL, 0);
	assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
	assert_ok(f, au_store_apiuser_put(f->tx, &holder, &f->err));
	in.mail = "lovelace@example.org";
	put(f, &in, NULL, 0);
	assert_string_equal(user_of(f, MAIL), "u1");
	assert_string_equal(user_of(f, "lovelace@example.org"), "u2");
}

static void
removed_entry_marks_its_key(void **state)
{
	struct fixture *f = *state;
	struct au_entry in = person("1", MAIL), out;
	bool was = false;
	put(f, &in, NULL, 3);
	take_dirty(f);
	assert_ok(f, au_store_entry_remove(f->tx, "corp", "1", &was, &f->err));
	assert_true(was);
	assert_string_equal(take_dirty(f), MAIL);
	assert_int_equal(au_store_entry_get(f->tx, f->arena, "corp", "1", &out, &f->err), AU_ENOENT);
	assert_ok(f, au_store_entry_remove(f->tx, "corp", "1", &was, &f->err));
	assert_false(was);
	assert_string_equal(take_dirty(f), "");
}

static void
complete_read_tells_what_it_has_not_seen(void **state)
{
	struct fixture *f = *state;
	const char **ids = NULL;
	size_t count = 0;
	for (const char *const *id = (const char *const[]){ "1", "2", "3", "4", NULL }; *id; id++) {
		struct au_entry in = person(*id, NULL);
		put(f, &in, NULL, 7);
	}
	struct au_entry g = group("5", "admins"), fresh = person("6", NULL);
	put(f, &g, NULL, 7);
	put(f, &fresh, NULL, 0); /* never seen by any read */
	struct au_entry second = person("2", NULL);
	put(f, &second, NULL, 8);
	assert_ok(f, au_store_entry_mark(f->tx, "corp", "4", 8, &f->err));
	assert_ok(f, au_store_entry_unseen(f->tx, f->arena, "corp", AU_ENTRY_PERSON, 8, &ids, &count, &f->err));
	assert_int_equal(count, 3);
	assert_string_equal(ids[0], "1");
	assert_string_equal(ids[1], "3");
	assert_string_equal(ids[2], "6");
	assert_ok(f, au_store_entry_unseen(f->tx, f->arena, "corp", AU_ENTRY_GROUP, 7, &ids, &count, &f->err));
	assert_int_equal(count, 0);
	assert_ok(f, au_store_entry_unseen(f->tx, f->arena, "other", AU_ENTRY_PERSON, 8, &ids, &count, &f->err));
	assert_int_equal(count, 0);
}

static void
mark_of_generation_zero_is_left(void **state)
{
	struct fixture *f = *state;
	const char **ids = NULL;
	size_t count = 0;
	struct au_entry in = person("1", MAIL);
	put(f, &in, NULL, 7);
	in.display_name = "Ada King";
	put(f, &in, NULL, 0);
	assert_ok(f, au_store_entry_unseen(f->tx, f->arena, "corp", AU_ENTRY_PERSON, 7, &ids, &count, &f->err));
	assert_int_equal(count, 0);
	assert_int_equal(au_store_entry_mark(f->tx, "corp", "9", 7, &f->err), AU_ENOENT);
}

static void
entries_are_counted_by_source_and_kind(void **state)
{
	struct fixture *f = *state;
	long long count = -1;
	struct au_entry a = person("1", MAIL), b = person("2", MAIL), g = group("3", "admins");
	put(f, &a, NULL, 0);
	put(f, &b, NULL, 0);
	put(f, &g, NULL, 0);
	assert_ok(f, au_store_entry_count(f->tx, "corp", AU_ENTRY_PERSON, &count, &f->err));
	assert_int_equal(count, 2);
	assert_ok(f, au_store_entry_count(f->tx, "corp", AU_ENTRY_GROUP, &count, &f->err));
	assert_int_equal(count, 1);
	assert_ok(f, au_store_entry_count(f->tx, "other", AU_ENTRY_PERSON, &count, &f->err));
	assert_int_equal(count, 0);
}

static void
entries_of_one_key_come_from_every_source_in_order(void **state)
{
	struct fixture *f = *state;
	struct au_entry *found = NULL;
	size_t count = 0;
	struct au_entry a = person("2", "ADA@example.org"), b = person("1", MAIL), c = person("1", MAIL);
	struct au_entry other = person("4", "eve@example.org");
	c.source = "archive";
	put(f, &a, NULL, 0);
	put(f, &b, NULL, 0);
	put(f, &c, NULL, 0);
	put(f, &other, NULL, 0);
	assert_ok(f, au_store_entry_by_key(f->tx, f->arena, MAIL, &found, &count, &f->err));
	assert_int_equal(count, 3);
	assert_string_equal(found[0].source, "archive");
	assert_string_equal(found[1].id, "1");
	assert_string_equal(found[2].id, "2");
	assert_ok(f, au_store_entry_by_key(f->tx, f->arena, "nobody", &found, &count, &f->err));
	assert_int_equal(count, 0);
}

static void
name_that_passed_to_a_new_entry_finds_the_new_one(void **state)
{
	struct fixture *f = *state;
	struct au_entry first = person("old", MAIL), second = person("new", "eve@example.org"), out;
	put(f, &first, "uid=ada", 0);
	put(f, &second, "uid=ada", 0);
	assert_ok(f, au_store_entry_by_dn(f->tx, f->arena, "corp", "uid=ada", &out, &f->err));
	assert_string_equal(out.id, "new");
}

static void
text_that_looks_like_sql_is_only_text(void **state)
{
	struct fixture *f = *state;
	static const char text[] = "'; DROP TABLE entry; -- \"x\" %s ?1 \xc3\xa9";
	struct au_entry in = person(text, text), out;
	in.display_name = text;
	put(f, &in, text, 0);
	assert_ok(f, au_store_entry_get(f->tx, f->arena, "corp", text, &out, &f->err));
	assert_string_equal(out.display_name, text);
	assert_ok(f, au_store_entry_by_dn(f->tx, f->arena, "corp", text, &out, &f->err));
}

static const struct CMUnitTest entry[] = {
	cmocka_unit_test_setup_teardown(entry_is_kept_with_every_field, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(absent_fields_stay_absent, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(
	    unknown_entry_is_not_found_and_leaves_the_result_alone, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(entry_is_added_only_where_there_is_none, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(same_entry_again_changes_nothing, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(change_of_any_field_is_a_change, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(changed_key_marks_the_old_and_the_new_one, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(api_user_follows_its_last_entry_to_a_new_key, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(api_user_does_not_follow_to_a_key_that_is_taken, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(removed_entry_marks_its_key, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(complete_read_tells_what_it_has_not_seen, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(mark_of_generation_zero_is_left, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(entries_are_counted_by_source_and_kind, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(entries_of_one_key_come_from_every_source_in_order, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(name_that_passed_to_a_new_entry_finds_the_new_one, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(text_that_looks_like_sql_is_only_text, set_up_tx, tear_down_tx),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(entry);
}
