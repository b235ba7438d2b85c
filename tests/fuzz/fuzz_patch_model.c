/* SPDX-License-Identifier: ISC */
/*
 * PATCH against a model: the bytes choose operations on a user; what they do is worked out a second time on plain
 * structs, by RFC 7644 section 3.5.2 and without the endpoint's code, and both must come to the same document or both
 * refuse.
 */
#include "tests/fuzz/fuzz.h"

#include "base/json.h"
#include "base/str.h"
#include "scim/document.h"
#include "scim/patch.h"

#include <string.h>

#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
#define MOST 48

/* ---- the model ---- */

/* An address: members are numbers of texts, 0 = absent; primary is 0 absent, 1 false, 2 true. */
struct email {
	unsigned value, type, primary;
	unsigned serial; /* which object it is: a replaced element is another one */
};

struct user {
	unsigned title, given, family, department, active; /* active is as primary */
	struct email emails[MOST];
	unsigned count, serial;
	bool replace_makes; /* the profile's: a replacement that finds nothing makes the element */
	bool failed;
};

enum op { ADD, REPLACE, REMOVE };
static const char *const op_words[] = { "add", "replace", "remove" };
static const char *const values[] = { NULL, "a@x", "b@x", "c@x" };
static const char *const types[] = { NULL, "work", "home" };
static const char *const texts[] = { NULL, "t1", "t2", "t3" };

/* What a path chooses by. */
enum choice { EVERY, BY_TYPE, BY_VALUE, BY_BOTH, BY_PRIMARY, BY_NOT_TYPE, CHOICES };
struct filter {
	enum choice choice;
	unsigned type, value;
};

static bool
fulfils(const struct filter *f, const struct email *e)
{
	switch (f->choice) {
	case BY_TYPE:
		return e->type == f->type;
	case BY_VALUE:
		return e->value == f->value;
	case BY_BOTH:
		return e->type == f->type && e->value == f->value;
	case BY_PRIMARY:
		return e->primary == 2;
	case BY_NOT_TYPE:
		return e->type != f->type;
	default:
		return true;
	}
}

/* The element that the filter describes; false when it describes none. */
static bool
described(const struct filter *f, struct email *ret)
{
	*ret = (struct email){ .value = 0 };
	if (f->choice == BY_TYPE || f->choice == BY_BOTH)
		ret->type = f->type;
	if (f->choice == BY_VALUE || f->choice == BY_BOTH)
		ret->value = f->value;
	if (f->choice == BY_PRIMARY)
		ret->primary = 2;
	return f->choice != BY_NOT_TYPE;
}

static bool
is_same(const struct email *a, const struct email *b)
{
	return a->value == b->value && a->type == b->type && a->primary == b->primary;
}

/* The same address for the same purpose (RFC 7643 section 2.4). */
static bool
is_same_address(const struct email *a, const struct email *b)
{
	return b->value == 0 || a->value == 0 ? is_same(a, b) : a->value == b->value && a->type == b->type;
}

static void
merge(struct email *into, const struct email *from)
{
	into->value = from->value != 0 ? from->value : into->value;
	into->type = from->type != 0 ? from->type : into->type;
	into->primary = from->primary != 0 ? from->primary : into->primary;
}

static void
append(struct user *u, struct email email)
{
	email.serial = ++u->serial;
	HOLDS(u->count < MOST);
	u->emails[u->count++] = email;
}

static void
drop(struct user *u, unsigned at)
{
	memmove(&u->emails[at], &u->emails[at + 1], (--u->count - at) * sizeof u->emails[0]);
}

static void
add_addresses(struct user *u, const struct email *list, unsigned count)
{
	for (unsigned k = 0; k < count; k++) {
		unsigned i = 0;

		while (i < u->count && !is_same_address(&u->emails[i], &list[k]))
			i++;
		if (i < u->count)
			merge(&u->emails[i], &list[k]);
		else
			append(u, list[k]);
	}
}

static unsigned
count_primaries(const struct user *u)
{
	unsigned count = 0;

	for (unsigned i = 0; i < u->count; i++)
		count += u->emails[i].primary == 2;
	return count;
}

/* A new primary switches the old one off; two new ones are an error. */
static void
settle(struct user *u, unsigned old)
{
	for (unsigned i = 0; count_primaries(u) > 1 && i < u->count; i++)
		if (u->emails[i].serial == old && u->emails[i].primary == 2)
			u->emails[i].primary = 1;
	if (count_primaries(u) > 1)
		u->failed = true;
}

static unsigned
old_primary(const struct user *u)
{
	for (unsigned i = 0; i < u->count; i++)
		if (u->emails[i].primary == 2)
			return u->emails[i].serial;
	return 0;
}

/* Sub-attributes by number: value, type, primary. */
static unsigned *
member(struct email *e, unsigned sub)
{
	return sub == 0 ? &e->value : sub == 1 ? &e->type : &e->primary;
}

/* `value` is one element (sub < 0), or what the sub-attribute becomes. */
static void
change_chosen(struct user *u, enum op op, const struct filter *f, int sub, const struct email *value)
{
	unsigned changed = 0, old = old_primary(u);
	struct email made;

	for (unsigned i = 0; i < u->count; i++) {
		struct email *e = &u->emails[i];

		if (!fulfils(f, e))
			continue;
		changed++;
		if (sub >= 0) {
			*member(e, (unsigned)sub) = op == REMOVE ? 0 : *member((struct email *)value, (unsigned)sub);
		} else if (op == REMOVE) {
			drop(u, i--);
		} else if (op == ADD) {
			merge(e, value);
		} else {
			described(f, &made);
			merge(&made, value);
			made.serial = ++u->serial;
			*e = made;
		}
	}
	if (changed == 0 && op != REMOVE) {
		if (f->choice != EVERY && (!described(f, &made) || (op == REPLACE && !u->replace_makes))) {
			u->failed = true;
			return;
		}
		described(f, &made);
		if (sub >= 0)
			*member(&made, (unsigned)sub) = *member((struct email *)value, (unsigned)sub);
		else
			merge(&made, value);
		append(u, made);
	}
	settle(u, old);
}

/* At the end: what is empty or stands twice goes. */
static void
seal(struct user *u)
{
	for (unsigned i = u->count; i-- > 0;) {
		const struct email *e = &u->emails[i];
		bool goes = e->value == 0 && e->type == 0 && e->primary == 0;

		for (unsigned k = 0; k < i; k++)
			goes = goes || is_same(&u->emails[k], e);
		if (goes)
			drop(u, i);
	}
}

/* ---- as JSON ---- */

static void
set_text(json_t *object, const char *name, const char *text)
{
	if (text != NULL)
		json_object_set_new(object, name, json_string(text));
}

static void
set_flag(json_t *object, const char *name, unsigned flag)
{
	if (flag != 0)
		json_object_set_new(object, name, json_boolean(flag == 2));
}

static json_t *
email_json(const struct email *e)
{
	json_t *object = json_object();

	set_text(object, "value", values[e->value]);
	set_text(object, "type", types[e->type]);
	set_flag(object, "primary", e->primary);
	return object;
}

static json_t *
emails_json(const struct email *emails, unsigned count)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < count; i++)
		json_array_append_new(array, email_json(&emails[i]));
	return array;
}

static void
set_part(json_t *doc, const char *name, json_t *part)
{
	if (json_object_size(part) + json_array_size(part) > 0)
		json_object_set(doc, name, part);
	json_decref(part);
}

static json_t *
user_json(const struct user *u)
{
	json_t *doc = json_pack("{ss}", "userName", "bob"), *name = json_object(), *enterprise = json_object();

	set_text(doc, "title", texts[u->title]);
	set_flag(doc, "active", u->active);
	set_text(name, "givenName", texts[u->given]);
	set_text(name, "familyName", texts[u->family]);
	set_part(doc, "name", name);
	set_part(doc, "emails", emails_json(u->emails, u->count));
	set_text(enterprise, "department", texts[u->department]);
	set_part(doc, ENTERPRISE, enterprise);
	return doc;
}

/* ---- operations from bytes ---- */

struct bytes {
	const uint8_t *data;
	size_t size;
};

static unsigned
take(struct bytes *b, unsigned below)
{
	if (b->size == 0)
		return 0;
	b->size--;
	return *b->data++ % below;
}

/* Not empty: an empty one means "nothing". */
static struct email
take_email(struct bytes *b)
{
	struct email e = {
		.value = take(b, AU_COUNT(values)), .type = take(b, AU_COUNT(types)), .primary = take(b, 3)
	};

	if (e.value == 0 && e.type == 0 && e.primary == 0)
		e.value = 1;
	return e;
}

/* A list as clients may send it: no two primary ones, and equal ones count once. */
static unsigned
take_list(struct bytes *b, struct email list[3])
{
	unsigned wanted = 1 + take(b, 3), count = 0;
	bool primary = false;

	for (unsigned i = 0; i < wanted; i++) {
		struct email e = take_email(b);
		bool twice = false;

		if (e.primary == 2 && primary)
			e.primary = 1;
		primary = primary || e.primary == 2;
		for (unsigned k = 0; k < count; k++)
			twice = twice || is_same(&list[k], &e);
		if (!twice)
			list[count++] = e;
	}
	return count;
}

static struct filter
take_filter(struct bytes *b)
{
	return (struct filter){ .choice = 1 + take(b, CHOICES - 1),
		.type = 1 + take(b, AU_COUNT(types) - 1),
		.value = 1 + take(b, AU_COUNT(values) - 1) };
}

static void
put_filter(struct au_str *path, const struct filter *f)
{
	const char *type = types[f->type], *value = values[f->value];

	if (f->choice == BY_TYPE)
		au_str_printf(path, "[type eq \"%s\"]", type);
	else if (f->choice == BY_VALUE)
		au_str_printf(path, "[value eq \"%s\"]", value);
	else if (f->choice == BY_BOTH)
		au_str_printf(path, "[type eq \"%s\" and value eq \"%s\"]", type, value);
	else if (f->choice == BY_PRIMARY)
		au_str_put(path, "[primary eq true]");
	else if (f->choice == BY_NOT_TYPE)
		au_str_printf(path, "[not (type eq \"%s\")]", type);
}

static json_t *
operation(enum op op, const char *path, json_t *value)
{
	json_t *object = json_pack("{ss}", "op", op_words[op]);

	set_text(object, "path", path);
	if (value != NULL)
		json_object_set_new(object, "value", value);
	return object;
}

/* ---- one operation on both ---- */

static json_t *
on_text(struct bytes *b, enum op op, const char *path, unsigned *text)
{
	*text = op == REMOVE ? 0 : 1 + take(b, AU_COUNT(texts) - 1);
	return operation(op, path, *text != 0 ? json_string(texts[*text]) : NULL);
}

/* A whole name sets what it names and leaves the rest. */
static json_t *
on_name(struct bytes *b, enum op op, struct user *u)
{
	json_t *value = json_object();
	unsigned given = take(b, AU_COUNT(texts)), family = take(b, AU_COUNT(texts));

	if (op == REMOVE) {
		u->given = u->family = 0;
		json_decref(value);
		return operation(op, "name", NULL);
	}
	if (given == 0 && family == 0)
		given = 1;
	set_text(value, "givenName", texts[given]);
	set_text(value, "familyName", texts[family]);
	u->given = given != 0 ? given : u->given;
	u->family = family != 0 ? family : u->family;
	return operation(op, "name", value);
}

/* Without a path, or by the path of the list. */
static json_t *
on_list(struct bytes *b, enum op op, struct user *u)
{
	struct email list[3];
	unsigned count = take_list(b, list), old = old_primary(u);
	bool named = take(b, 2) == 1;
	json_t *value;

	if (op == REMOVE) {
		u->count = 0;
		return operation(op, "emails", NULL);
	}
	if (op == REPLACE)
		u->count = 0;
	if (op == REPLACE)
		for (unsigned i = 0; i < count; i++)
			append(u, list[i]);
	else
		add_addresses(u, list, count);
	settle(u, old);
	value = emails_json(list, count);
	return named ? operation(op, NULL, json_pack("{so}", "emails", value)) : operation(op, "emails", value);
}

static json_t *
on_chosen(struct bytes *b, enum op op, struct user *u)
{
	AU_CLEANUP(au_str_done) struct au_str path = AU_STR_INIT;
	struct filter filter = take_filter(b);
	struct email value = take_email(b);

	au_str_put(&path, "emails");
	put_filter(&path, &filter);
	change_chosen(u, op, &filter, -1, &value);
	return operation(op, au_str_get(&path), op != REMOVE ? email_json(&value) : NULL);
}

static json_t *
on_sub(struct bytes *b, enum op op, struct user *u)
{
	static const char *const names[] = { ".value", ".type", ".primary" };
	AU_CLEANUP(au_str_done) struct au_str path = AU_STR_INIT;
	struct filter filter = { .choice = EVERY };
	struct email value = { .value = 1 + take(b, 3), .type = 1 + take(b, 2), .primary = 1 + take(b, 2) };
	unsigned sub = take(b, 3);
	AU_CLEANUP(au_json_decrefp) json_t *all = email_json(&value);

	if (take(b, 3) > 0)
		filter = take_filter(b);
	au_str_put(&path, "emails");
	put_filter(&path, &filter);
	au_str_put(&path, names[sub]);
	change_chosen(u, op, &filter, (int)sub, &value);
	return operation(
	    op, au_str_get(&path), op != REMOVE ? json_incref(json_object_get(all, names[sub] + 1)) : NULL);
}

static json_t *
on_active(struct bytes *b, enum op op, struct user *u)
{
	u->active = op == REMOVE ? 0 : 1 + take(b, 2);
	return operation(op, "active", u->active != 0 ? json_boolean(u->active == 2) : NULL);
}

static json_t *
take_operation(struct bytes *b, struct user *u)
{
	enum op op = (enum op)take(b, 3);

	switch (take(b, 12)) {
	case 0:
		return on_text(b, op, "title", &u->title);
	case 1:
		return on_text(b, op, "name.givenName", &u->given);
	case 2:
		return on_text(b, op, "NAME.FAMILYNAME", &u->family);
	case 3:
		return on_name(b, op, u);
	case 4:
		return on_text(b, op, ENTERPRISE ":department", &u->department);
	case 5:
		return on_active(b, op, u);
	case 6:
	case 7:
		return on_list(b, op, u);
	case 8:
	case 9:
		return on_chosen(b, op, u);
	default:
		return on_sub(b, op, u);
	}
}

/* ---- both beside each other ---- */

static void
start(struct user *u, struct bytes *b)
{
	*u = (struct user){ .title = take(b, 4), .given = take(b, 4), .department = take(b, 2), .active = take(b, 3) };
	for (unsigned i = take(b, 4); i > 0; i--) {
		struct email e = take_email(b);

		if (e.primary == 2 && old_primary(u) != 0)
			e.primary = 1;
		append(u, e);
	}
	seal(u);
}

static void
compare(const json_t *have, const struct user *u, const json_t *body)
{
	json_t *want = user_json(u), *copy = json_deep_copy(have);

	json_object_del(copy, "schemas");
	json_object_del(copy, "id");
	if (!json_equal(copy, want)) {
		fprintf(stderr, "%s\ngives %s\nand not %s\n", json_dumps(body, 0), json_dumps(copy, 0),
		    json_dumps(want, 0));
		HOLDS(!"the model agrees");
	}
	json_decref(copy);
	json_decref(want);
}

static int
patch(struct au_arena *arena, const struct au_profile *profile, const json_t *body, json_t *doc)
{
	struct au_patch_limits limits = { .max_operations = MOST, .filter = AU_FILTER_LIMITS };
	struct au_fault fault = { AU_FAULT_NONE, "" };
	struct au_patch patch;
	int rc;

	limits.filter.profile = profile;
	rc = au_patch_parse(arena, &au_type_user, &limits, body, &patch, &fault);
	if (rc == 0)
		rc = au_patch_apply(arena, &au_type_user, &patch, doc, &fault);
	HOLDS(rc == 0 || au_fault_keyword(fault.kind) != NULL);
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	const struct au_profile *profile = au_profile_find(take(&bytes, 2) ? "okta" : "entra");
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *operations = json_array();
	AU_CLEANUP(au_json_decrefp) json_t *body = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *first = NULL;
	struct au_checked checked = { .doc = NULL };
	struct au_fault fault;
	struct user user;

	start(&user, &bytes);
	user.replace_makes = au_profile_has(profile, AU_QUIRK_REPLACE_MAKES);
	first = user_json(&user);
	HOLDS(au_check_body(&au_catalog_core, &au_type_user, profile, "1", first, &checked, &fault) == 0);
	for (unsigned i = 0; i < 6 && !user.failed && (i == 0 || bytes.size > 0); i++)
		json_array_append_new(operations, take_operation(&bytes, &user));
	seal(&user);
	body = json_pack(
	    "{s[s], sO}", "schemas", "urn:ietf:params:scim:api:messages:2.0:PatchOp", "Operations", operations);
	HOLDS((patch(arena, profile, body, checked.doc) != 0) == user.failed);
	if (!user.failed)
		compare(checked.doc, &user, body);
	au_checked_done(&checked);
	return 0;
}
