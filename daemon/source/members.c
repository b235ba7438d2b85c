/* SPDX-License-Identifier: ISC */
/* Lists are compared as sets by normal DN, so a group of any size costs its length, not its square. */
#include "source/members.h"

#include "base/str.h"
#include "model/ref.h"
#include "source/leaving.h"
#include "source/trail.h"

#define PAGE 1000

static void
grow(const char ***texts, size_t count, size_t *cap, struct au_arena *arena)
{
	if (count < *cap)
		return;
	size_t larger = *cap > 0 ? 2 * *cap : 64;
	const char **copy = au_arena_alloc(arena, larger * sizeof(*copy));
	for (size_t i = 0; i < count; i++)
		copy[i] = (*texts)[i];
	*texts = copy;
	*cap = larger;
}

void
au_member_list_add(struct au_member_list *list, struct au_arena *arena, const char *dn)
{
	grow(&list->dns, list->count, &list->cap, arena);
	list->dns[list->count++] = dn;
}

static void
free_map(struct au_map **map)
{
	au_map_free(*map, NULL);
}

/* In the group by a user name that was the person's once. */
static bool
is_stale(struct au_apply *apply, const struct au_member *member)
{
	return member->id != NULL && au_ref_user_name(member->dn_norm) != NULL &&
	       !au_streq(au_ref_of_user_name(apply->arena, member->user_name), member->dn_norm);
}

/*
 * The members that we hold: reference -> struct au_member in the arena.  Somebody whose name has changed is there by
 * id, so that no reference means him.  An unknown group has none.
 */
static int
load_held(struct au_apply *apply, const char *group_id, struct au_map *held, struct au_err *err)
{
	const char *after = "";
	size_t count = PAGE;

	while (count == PAGE) {
		struct au_member *page;
		int rc = au_store_member_list(
		    apply->tx, apply->arena, apply->source, group_id, after, PAGE, &page, &count, err);
		if (rc == AU_ENOENT)
			return 0;
		if (rc < 0)
			return rc;
		for (size_t i = 0; i < count; i++) {
			if (page[i].dn_norm != NULL)
				au_map_put(held, is_stale(apply, &page[i]) ? page[i].id : page[i].dn_norm, &page[i]);
			after = page[i].id != NULL ? page[i].id : page[i].dn_norm;
		}
	}
	return 0;
}

static struct au_map *
set_of(const struct au_member_list *list)
{
	struct au_map *set = au_map_new();

	for (size_t i = 0; i < list->count; i++)
		au_map_put(set, list->dns[i], set);
	return set;
}

static bool
somebody_leaves(const struct au_map *held, const struct au_map *wanted)
{
	size_t cursor = 0;
	const char *dn;
	void *member;

	while (au_map_next(held, &cursor, &dn, &member))
		if (((struct au_member *)member)->id != NULL && !au_map_has(wanted, dn))
			return true;
	return false;
}

/* 1 when a reference leads to an entry, else 0. */
static int
find(struct au_apply *apply, const char *ref, struct au_entry *ret, struct au_err *err)
{
	int rc = au_ref_user_name(ref) != NULL
		     ? au_store_entry_by_user_name(apply->tx, apply->arena, apply->source, ref, ret, err)
		     : au_store_entry_by_dn(apply->tx, apply->arena, apply->source, ref, ret, err);

	return rc == AU_ENOENT ? 0 : rc < 0 ? rc : 1;
}

void
au_members_question(struct au_apply *apply, const char *dn)
{
	grow(&apply->questions, apply->question_count, &apply->question_cap, apply->arena);
	apply->questions[apply->question_count++] = dn;
}

int
au_members_ask(struct au_apply *apply, const char *group_id, const struct au_member_list *list, struct au_err *err)
{
	AU_CLEANUP(free_map) struct au_map *held = au_map_new();
	AU_CLEANUP(free_map) struct au_map *wanted = set_of(list);
	int rc = load_held(apply, group_id, held, err);

	if (rc < 0 || !somebody_leaves(held, wanted))
		return rc;
	for (size_t i = 0; i < list->count; i++) {
		if (au_map_has(held, list->dns[i]) || au_map_has(apply->answers, list->dns[i]))
			continue;
		struct au_entry entry;
		rc = find(apply, list->dns[i], &entry, err);
		if (rc < 0)
			return rc;
		if (rc == 0)
			au_members_question(apply, list->dns[i]);
	}
	return 0;
}

/* Whether the directory would not say what a new DN is: then nobody may leave. */
static bool
is_doubtful(const struct au_apply *apply, const struct au_map *held, const struct au_member_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct au_answer_to *answer = au_map_get(apply->answers, list->dns[i]);
		if (answer != NULL && answer->verdict == AU_LOOKUP_UNKNOWN && !au_map_has(held, list->dns[i]))
			return true;
	}
	return false;
}

static int
add_new(struct au_apply *apply, const char *group_id, const struct au_member_list *list, const struct au_map *held,
    json_t *added, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < list->count; i++) {
		bool was_added = false;
		if (au_map_has(held, list->dns[i]))
			continue;
		rc = au_store_member_add(apply->tx, apply->source, group_id,
		    &(struct au_member){ .dn_norm = list->dns[i] }, &was_added, err);
		if (was_added) {
			json_array_append_new(added, json_string(list->dns[i]));
			rc = rc < 0 ? rc : au_members_tell_rivals(apply, list->dns[i], err);
		}
	}
	return rc;
}

/* Known members whom the list does not name as we do: id -> the key in held. */
static struct au_map *
leavers_of(struct au_apply *apply, const struct au_map *held, const struct au_map *wanted)
{
	struct au_map *leavers = au_map_new();
	size_t cursor = 0;
	const char *key;
	void *value;

	while (au_map_next(held, &cursor, &key, &value)) {
		const struct au_member *member = value;
		if (member->id != NULL && !au_map_has(wanted, key))
			au_map_put(leavers, member->id, au_arena_strdup(apply->arena, key));
	}
	return leavers;
}

/* Whom the list names in another way than before has not left. */
static int
restate(struct au_apply *apply, const char *group_id, const struct au_member_list *list, struct au_map *held,
    const struct au_map *wanted, struct au_err *err)
{
	AU_CLEANUP(free_map) struct au_map *leavers = leavers_of(apply, held, wanted);
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < list->count && au_map_count(leavers) > 0; i++) {
		struct au_entry entry;
		if (au_map_has(held, list->dns[i]))
			continue;
		rc = find(apply, list->dns[i], &entry, err);
		const char *key = rc == 1 ? au_map_remove(leavers, entry.id) : NULL;
		if (key == NULL)
			continue;
		rc = au_store_member_restate(apply->tx, apply->source, group_id, entry.id, list->dns[i], err);
		struct au_member *member = au_map_remove(held, key);
		member->dn_norm = list->dns[i];
		au_map_put(held, member->dn_norm, member);
	}
	return rc < 0 ? rc : 0;
}

/* 1: those that are not named any more may leave; 0: they stay for now. */
static int
ask_leave(struct au_apply *apply, const char *group_id, const struct au_map *held, const struct au_map *wanted,
    struct au_err *err)
{
	struct au_leaving leaving = { .group_id = group_id };
	size_t cursor = 0;
	const char *dn;
	void *value;

	leaving.ids = au_arena_alloc(apply->arena, (au_map_count(held) + 1) * sizeof(*leaving.ids));
	while (au_map_next(held, &cursor, &dn, &value)) {
		const struct au_member *member = value;
		leaving.before += member->id != NULL;
		if (member->id != NULL && !au_map_has(wanted, dn))
			leaving.ids[leaving.count++] = member->id;
	}
	return au_leaving_judge(apply, &leaving, err);
}

int
au_members_tell_rivals(struct au_apply *apply, const char *ref, struct au_err *err)
{
	long long people = 0;

	if (ref == NULL || au_ref_user_name(ref) == NULL)
		return 0;
	int rc = au_store_member_rivals(apply->tx, apply->source, ref, &people, err);
	return rc < 0 || people < 2 ? rc : au_trail_rivals(apply, au_ref_user_name(ref), err);
}

static int
remove_old(struct au_apply *apply, const char *group_id, const struct au_map *held, const struct au_map *wanted,
    bool keep_known, json_t *removed, struct au_err *err)
{
	size_t cursor = 0;
	const char *dn;
	void *value;
	int rc = 0;

	while (rc == 0 && au_map_next(held, &cursor, &dn, &value)) {
		const struct au_member *member = value;
		if (au_map_has(wanted, dn) || (keep_known && member->id != NULL))
			continue;
		if (member->id == NULL) {
			rc = au_store_member_remove_dn(apply->tx, apply->source, group_id, dn, NULL, err);
			continue;
		}
		rc = au_store_member_remove(apply->tx, apply->source, group_id, member->id, NULL, err);
		json_array_append_new(removed, json_string(member->dn_norm));
	}
	return rc;
}

int
au_members_set(struct au_apply *apply, const char *group_id, const struct au_member_list *list, bool *ret_changed,
    struct au_err *err)
{
	AU_CLEANUP(free_map) struct au_map *held = au_map_new();
	AU_CLEANUP(free_map) struct au_map *wanted = set_of(list);
	AU_CLEANUP(au_json_decrefp) json_t *added = json_array();
	AU_CLEANUP(au_json_decrefp) json_t *removed = json_array();
	int rc = load_held(apply, group_id, held, err);

	if (rc == 0)
		rc = restate(apply, group_id, list, held, wanted, err);
	if (rc < 0)
		return rc;
	bool is_kept = is_doubtful(apply, held, list);
	if (is_kept)
		au_reading_pin(&apply->now->searches[AU_SEARCH_GROUPS]);
	else
		rc = ask_leave(apply, group_id, held, wanted, err);
	if (rc < 0)
		return rc;
	is_kept |= rc == 0;
	rc = remove_old(apply, group_id, held, wanted, is_kept, removed, err);
	if (rc == 0)
		rc = add_new(apply, group_id, list, held, added, err);
	if (rc < 0)
		return rc;
	*ret_changed = json_array_size(added) + json_array_size(removed) > 0;
	if (*ret_changed && apply->now->searches[AU_SEARCH_GROUPS].whole_ms > 0)
		rc = au_trail_members(apply, group_id, added, removed, err);
	return rc;
}

static void
want_reread(struct au_apply *apply, const struct au_entry *group)
{
	if (group->dn != NULL)
		au_map_put(apply->rereads, group->id, (void *)(uintptr_t)group->dn);
}

int
au_members_doubt(struct au_apply *apply, const char *id, bool is_new, struct au_err *err)
{
	struct au_entry *groups = NULL;
	size_t count = 0;
	int rc = is_new ? au_store_member_groups(apply->tx, apply->arena, apply->source, id, &groups, &count, err)
			: au_store_member_stale(apply->tx, apply->arena, apply->source, id, &groups, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		want_reread(apply, &groups[i]);
	return rc;
}

int
au_members_remove_entry(struct au_apply *apply, const char *id, bool *ret_was, struct au_err *err)
{
	struct au_entry *groups = NULL;
	size_t count = 0;
	int rc = au_store_member_groups(apply->tx, apply->arena, apply->source, id, &groups, &count, err);

	if (rc < 0)
		return rc;
	struct au_member *members = au_arena_alloc(apply->arena, (count + 1) * sizeof(*members));
	for (size_t i = 0; i < count; i++) {
		rc = au_store_member_get(apply->tx, apply->arena, apply->source, groups[i].id, id, &members[i], err);
		if (rc < 0)
			return rc;
	}
	rc = au_store_entry_remove(apply->tx, apply->source, id, ret_was, err);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = au_store_member_add(apply->tx, apply->source, groups[i].id,
		    &(struct au_member){ .dn_norm = members[i].dn_norm }, NULL, err);
		if (rc == AU_ENOENT)
			rc = 0; /* a group that was its own member */
		else
			want_reread(apply, &groups[i]);
	}
	return rc;
}
