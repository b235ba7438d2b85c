/* SPDX-License-Identifier: ISC */
/* Groups are read in pages and changed by single rows, so their size is of no concern to the memory of a request. */
#include "scim/members.h"

#include "base/json.h"
#include "store/fact.h"

#include <string.h>

#define PAGE 500
#define MOST_GROUPS 10000 /* of one member that are shown */

/* ---- showing ---- */

static const struct au_resource_type *
type_of(const struct au_request *r, enum au_entry_kind kind)
{
	return au_type_find(r->catalog, kind == AU_ENTRY_GROUP ? "Group" : "User");
}

static void
put_text(struct au_str *out, const char *name, const char *text)
{
	if (text == NULL)
		return;
	au_str_printf(out, ",\"%s\":", name);
	au_str_json(out, text);
}

static void
put_reference(struct au_request *r, const char *id, const struct au_resource_type *type, struct au_str *out)
{
	AU_CLEANUP(au_str_done) struct au_str location = AU_STR_INIT;

	au_str_put(out, "{\"value\":");
	au_str_json(out, id);
	au_str_printf(&location, "%s%s/%s", r->base_url, type->endpoint, id);
	put_text(out, "$ref", au_str_get(&location));
}

static void
put_member(struct au_request *r, const struct au_member *member, struct au_str *out)
{
	const struct au_resource_type *type = type_of(r, member->kind);
	bool given = au_profile_has(r->profile, AU_QUIRK_MEMBER_DISPLAY);

	if (out->data[out->len - 1] != '[')
		au_str_putc(out, ',');
	put_reference(r, member->id, type, out);
	put_text(out, "display", given && member->display != NULL ? member->display : member->name);
	put_text(out, "type", type->name);
	au_str_putc(out, '}');
}

/* Called for every member, in the store's order. */
typedef int visit_fn(void *ctx, const struct au_member *member, struct au_err *err);

static int
each_member(
    struct au_store_tx *tx, struct au_request *r, const char *group_id, visit_fn *visit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *after = au_xstrdup("");
	size_t count = PAGE;
	int rc = 0;

	while (rc == 0 && count == PAGE) {
		AU_CLEANUP(au_arena_freep) struct au_arena *page = au_arena_new();
		struct au_member *members;

		rc = au_store_member_list(tx, page, r->client, group_id, after, PAGE, &members, &count, err);
		if (rc != 0)
			return rc;
		for (size_t i = 0; rc == 0 && i < count; i++)
			rc = visit(ctx, &members[i], err);
		if (count > 0) {
			free(after);
			after = au_xstrdup(members[count - 1].id);
		}
	}
	return rc;
}

struct showing {
	struct au_request *r;
	struct au_str *out;
};

static int
show(void *ctx, const struct au_member *member, struct au_err *err)
{
	const struct showing *showing = ctx;

	(void)err;
	put_member(showing->r, member, showing->out);
	return 0;
}

int
au_members_put(
    struct au_store_tx *tx, struct au_request *r, const char *group_id, struct au_str *out, struct au_err *err)
{
	struct showing showing = { r, out };
	int rc;

	au_str_putc(out, '[');
	rc = each_member(tx, r, group_id, show, &showing, err);
	au_str_putc(out, ']');
	return rc;
}

int
au_members_put_one(struct au_store_tx *tx, struct au_request *r, const char *group_id, const char *member_id,
    struct au_str *out, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_member member;
	int rc = au_store_member_get(tx, arena, r->client, group_id, member_id, &member, err);

	au_str_putc(out, '[');
	if (rc == 0)
		put_member(r, &member, out);
	au_str_putc(out, ']');
	return rc == AU_ENOENT ? 0 : rc;
}

int
au_members_put_groups(
    struct au_store_tx *tx, struct au_request *r, const char *member_id, struct au_str *out, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_member_of *groups;
	size_t count;
	int rc = au_store_member_of(tx, arena, r->client, member_id, MOST_GROUPS, &groups, &count, err);

	if (rc != 0)
		return rc;
	au_str_putc(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (au_grant_is(groups[i].group.id))
			continue;
		if (out->data[out->len - 1] != '[')
			au_str_putc(out, ',');
		put_reference(r, groups[i].group.id, type_of(r, AU_ENTRY_GROUP), out);
		put_text(out, "display", groups[i].group.display_name);
		put_text(out, "type", groups[i].direct ? "direct" : "indirect");
		au_str_putc(out, '}');
	}
	au_str_putc(out, ']');
	return 0;
}

/* ---- changing ---- */

struct changing {
	struct au_store_tx *tx;
	struct au_request *r;
	const char *group_id;
	const struct au_attr *attr;
	struct au_members_count count;
	struct au_err *err;
};

static int
add_one(struct changing *c, const json_t *element)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_member member = { .id = au_json_get_str(element, "value"),
		.display = au_json_get_str(element, "display") };
	struct au_entry entry;
	bool added = false;
	int rc = au_store_entry_get(c->tx, arena, c->r->client, member.id, &entry, c->err);

	if (rc == AU_ENOENT || au_grant_is(member.id))
		return au_fault_set(
		    &c->r->fault, AU_FAULT_INVALID_VALUE, "members: no resource has the id '%.100s'", member.id);
	if (rc == 0 && strcmp(member.id, c->group_id) == 0)
		return au_fault_set(
		    &c->r->fault, AU_FAULT_INVALID_VALUE, "members: a group cannot be a member of itself");
	if (rc == 0)
		rc = au_store_member_add(c->tx, c->r->client, c->group_id, &member, &added, c->err);
	c->count.added += added;
	return rc;
}

static int
add_all(struct changing *c, const json_t *elements)
{
	size_t i;
	json_t *element;
	int rc;

	json_array_foreach ((json_t *)elements, i, element) {
		if ((rc = add_one(c, element)) != 0)
			return rc;
	}
	return 0;
}

static int
remove_id(struct changing *c, const char *id)
{
	bool was = false;
	int rc = au_store_member_remove(c->tx, c->r->client, c->group_id, id, &was, c->err);

	c->count.removed += was;
	return rc;
}

static int
remove_all(struct changing *c, const json_t *elements)
{
	size_t i;
	json_t *element;
	int rc;

	json_array_foreach ((json_t *)elements, i, element) {
		if ((rc = remove_id(c, au_json_get_str(element, "value"))) != 0)
			return rc;
	}
	return 0;
}

/* Which of the present members go: those that are not wanted, or those that fulfil a filter. */
struct leaving {
	struct changing *c;
	const struct au_map *wanted;
	const struct au_filter *filter;
};

static bool
is_leaving(const struct leaving *leaving, const struct au_member *member)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *scratch = NULL;
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	AU_CLEANUP(au_json_decrefp) json_t *list = NULL;

	if (leaving->wanted != NULL)
		return !au_map_has(leaving->wanted, member->id);
	scratch = au_arena_new();
	au_str_putc(&text, '[');
	put_member(leaving->c->r, member, &text);
	au_str_putc(&text, ']');
	list = json_loadb(text.data, text.len, 0, NULL);
	return au_filter_match_element(leaving->filter, leaving->c->attr, json_array_get(list, 0), scratch);
}

/* Removing behind the page's cursor does not disturb it: the next page begins after a name, not at a number. */
static int
leave(void *ctx, const struct au_member *member, struct au_err *err)
{
	const struct leaving *leaving = ctx;

	(void)err;
	return is_leaving(leaving, member) ? remove_id(leaving->c, member->id) : 0;
}

static int
replace_all(struct changing *c, const json_t *elements)
{
	struct au_map *wanted = au_map_new();
	struct leaving leaving = { c, wanted, NULL };
	size_t i;
	json_t *element;
	int rc;

	json_array_foreach ((json_t *)elements, i, element)
		au_map_put(wanted, au_json_get_str(element, "value"), element);
	rc = each_member(c->tx, c->r, c->group_id, leave, &leaving, c->err);
	au_map_free(wanted, NULL);
	return rc == 0 ? add_all(c, elements) : rc;
}

static int
remove_matching(struct changing *c, const struct au_filter *filter)
{
	struct leaving leaving = { c, NULL, filter };

	return each_member(c->tx, c->r, c->group_id, leave, &leaving, c->err);
}

static int
apply(struct changing *c, const struct au_member_change *change)
{
	switch (change->op) {
	case AU_MEMBERS_ADD:
		return add_all(c, change->elements);
	case AU_MEMBERS_REMOVE:
		return remove_all(c, change->elements);
	case AU_MEMBERS_REPLACE:
		return replace_all(c, change->elements);
	case AU_MEMBERS_MATCHING:
		return remove_matching(c, change->filter);
	}
	return au_fail(c->err, AU_EBUG, "members: unknown change");
}

int
au_members_apply(struct au_store_tx *tx, struct au_request *r, const char *group_id,
    const struct au_member_change *changes, size_t count, const struct au_attr *attr, struct au_members_count *ret,
    struct au_err *err)
{
	struct changing c = { .tx = tx, .r = r, .group_id = group_id, .attr = attr, .err = err };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = apply(&c, &changes[i]);
	*ret = c.count;
	return rc;
}
