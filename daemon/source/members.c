/* SPDX-License-Identifier: ISC */
/* Whatever names are found to lead to somebody else than before is a wish to read the group again. */
#include "source/members.h"

#include "model/ref.h"
#include "source/trail.h"

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

int
au_members_find(struct au_apply *apply, const char *ref, struct au_entry *ret, struct au_err *err)
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
au_members_tell_rivals(struct au_apply *apply, const char *ref, struct au_err *err)
{
	long long people = 0;

	if (ref == NULL || au_ref_user_name(ref) == NULL)
		return 0;
	int rc = au_store_member_rivals(apply->tx, apply->source, ref, &people, err);
	return rc < 0 || people < 2 ? rc : au_trail_rivals(apply, au_ref_user_name(ref), err);
}

static void
want_reread(struct au_map *rereads, const struct au_entry *group)
{
	if (group->dn != NULL)
		au_map_put(rereads, group->id, (void *)(uintptr_t)group->dn);
}

static void
want_rereads(struct au_map *rereads, const struct au_entry *groups, size_t count)
{
	for (size_t i = 0; i < count; i++)
		want_reread(rereads, &groups[i]);
}

/* Who moved is named by groups a while later, if not at once: until then nobody has left. */
int
au_members_doubt(
    struct au_apply *apply, const char *id, const char *dn_norm, enum au_seen_change change, struct au_err *err)
{
	struct au_store_tx *tx = apply->tx;
	struct au_entry *groups = NULL;
	size_t count = 0;
	int rc = 0;

	if (change != AU_SEEN_CHANGED) {
		rc = au_store_member_groups(tx, apply->arena, apply->source, id, &groups, &count, err);
		want_rereads(change == AU_SEEN_MOVED ? apply->rereads_later : apply->rereads, groups, count);
	}
	if (rc < 0)
		return rc;
	if (change == AU_SEEN_NEW)
		rc = au_store_member_strays(
		    tx, apply->arena, apply->source, dn_norm, (size_t)apply->trust->reread_most, &groups, &count, err);
	else
		rc = au_store_member_stale(tx, apply->arena, apply->source, id, &groups, &count, err);
	if (rc == 0)
		want_rereads(apply->rereads, groups, count);
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
			want_reread(apply->rereads, &groups[i]);
	}
	return rc;
}
