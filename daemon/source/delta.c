/* SPDX-License-Identifier: ISC */
/* Whoever leaves is looked up by name, one by one; nobody else of the group is touched. */
#include "source/delta.h"

#include "source/doubt.h"
#include "source/leaving.h"
#include "source/trail.h"

/* Nobody was told of anything yet. */
static bool
is_import(const struct au_apply *apply)
{
	return apply->now->searches[AU_SEARCH_GROUPS].whole_ms == 0;
}

/* The known entry of a name; NULL when there is none. */
static int
find(struct au_apply *apply, const char *dn, const char **ret_id, struct au_err *err)
{
	struct au_entry entry;
	int rc = au_store_entry_by_dn(apply->tx, apply->arena, apply->source, dn, &entry, err);

	*ret_id = rc == 0 ? entry.id : NULL;
	return rc == AU_ENOENT ? 0 : rc;
}

/* While nobody leaves, an unknown name may just wait for its entry. */
static int
is_anybody_leaving(struct au_apply *apply, const struct au_delta *delta, bool *ret, struct au_err *err)
{
	*ret = false;
	for (size_t i = 0; i < delta->left.count && !*ret; i++) {
		const char *id;
		int rc = find(apply, delta->left.dns[i], &id, err);
		if (rc < 0)
			return rc;
		*ret = id != NULL;
	}
	return 0;
}

int
au_delta_ask(struct au_apply *apply, const struct au_delta *delta, struct au_err *err)
{
	bool is_leaving;
	int rc = is_anybody_leaving(apply, delta, &is_leaving, err);

	for (size_t i = 0; rc == 0 && is_leaving && i < delta->joined.count; i++) {
		const char *id;
		rc = find(apply, delta->joined.dns[i], &id, err);
		if (rc == 0 && id == NULL && !au_map_has(apply->answers, delta->joined.dns[i]))
			au_members_question(apply, delta->joined.dns[i]);
	}
	return rc;
}

/* Whether the directory would not say what a new name is: then nobody may leave. */
static bool
is_doubtful(const struct au_apply *apply, const struct au_delta *delta)
{
	for (size_t i = 0; i < delta->joined.count; i++) {
		const struct au_answer_to *answer = au_map_get(apply->answers, delta->joined.dns[i]);
		if (answer != NULL && answer->verdict == AU_LOOKUP_UNKNOWN)
			return true;
	}
	return false;
}

/* A change being applied. */
struct change {
	const char *group_id;
	const struct au_delta *delta;
	struct au_trail_names joined, left;
	bool is_odd; /* somebody joined who was there, or left who was not */
};

static int
join(struct au_apply *apply, struct change *change, struct au_err *err)
{
	const struct au_delta *delta = change->delta;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < delta->joined.count; i++) {
		bool was_added = false;
		rc = au_store_member_add(apply->tx, apply->source, change->group_id,
		    &(struct au_member){ .dn_norm = delta->joined.dns[i] }, &was_added, err);
		if (was_added)
			au_trail_name(&change->joined, delta->joined.dns[i]);
		else
			change->is_odd = true;
	}
	return rc;
}

/* Known members among those who left, and by which name they did. */
struct leavers {
	const char **ids, **dns;
	size_t count;
};

/* Names that no known member has leave at once. */
static int
gather_leavers(struct au_apply *apply, struct change *change, struct leavers *leavers, struct au_err *err)
{
	const struct au_delta *delta = change->delta;
	int rc = 0;

	leavers->ids = au_arena_alloc(apply->arena, (delta->left.count + 1) * sizeof(*leavers->ids));
	leavers->dns = au_arena_alloc(apply->arena, (delta->left.count + 1) * sizeof(*leavers->dns));
	for (size_t i = 0; rc == 0 && i < delta->left.count; i++) {
		const char *id, *dn = delta->left.dns[i];
		bool was = true;
		rc = find(apply, dn, &id, err);
		if (rc == 0 && id != NULL && au_store_member_has(apply->tx, apply->source, change->group_id, id)) {
			leavers->ids[leavers->count] = id;
			leavers->dns[leavers->count++] = dn;
		} else if (rc == 0)
			rc = au_store_member_remove_dn(apply->tx, apply->source, change->group_id, dn, &was, err);
		change->is_odd |= !was;
	}
	return rc;
}

static int
judge(struct au_apply *apply, const struct change *change, const struct leavers *leavers, struct au_err *err)
{
	struct au_leaving leaving = {
		.group_id = change->group_id, .gone = (long long)leavers->count, .is_change = true
	};
	size_t notes = 0;
	int rc = au_store_member_count_known(apply->tx, apply->source, change->group_id, &leaving.before, err);

	if (rc == 0)
		rc = au_leaving_judge(apply, &leaving, &notes, err);
	for (size_t i = 0; rc == 0 && i < leavers->count && i < notes; i++)
		rc = au_leaving_note(apply, change->group_id, leavers->ids[i], err);
	return rc;
}

static int
leave(struct au_apply *apply, struct change *change, struct au_err *err)
{
	struct leavers leavers = { 0 };
	int rc = gather_leavers(apply, change, &leavers, err);

	if (rc == 0 && is_doubtful(apply, change->delta)) {
		au_reading_pin(&apply->now->searches[AU_SEARCH_GROUPS]);
		return 0;
	}
	if (rc == 0)
		rc = judge(apply, change, &leavers, err);
	if (rc <= 0)
		return rc;
	rc = 0;
	for (size_t i = 0; rc == 0 && i < leavers.count; i++) {
		rc = au_store_member_remove(apply->tx, apply->source, change->group_id, leavers.ids[i], NULL, err);
		au_trail_name(&change->left, leavers.dns[i]);
	}
	return rc < 0 || is_import(apply)
		   ? rc
		   : au_doubt_bled(apply, AU_SEARCH_GROUPS, AU_LOT_MEMBERS, change->left.count, err);
}

static void
want_whole(struct au_apply *apply, const struct au_entry *group)
{
	if (group->dn != NULL)
		au_map_put(apply->rereads, group->id, au_arena_strdup(apply->arena, group->dn));
}

static int
change_members(struct au_apply *apply, struct change *change, bool *ret_changed, struct au_err *err)
{
	int rc = leave(apply, change, err);

	if (rc == 0)
		rc = join(apply, change, err);
	if (rc < 0)
		return rc;
	*ret_changed = change->joined.count + change->left.count > 0;
	if (*ret_changed && !is_import(apply))
		rc = au_trail_members(apply, change->group_id, &change->joined, &change->left, err);
	return rc;
}

int
au_delta_apply(struct au_apply *apply, const struct au_entry *group, const struct au_delta *delta, bool *ret_changed,
    struct au_err *err)
{
	struct change change = { .group_id = group->id, .delta = delta };
	int rc = change_members(apply, &change, ret_changed, err);

	if (rc == 0 && change.is_odd)
		want_whole(apply, group);
	au_trail_names_done(&change.joined);
	au_trail_names_done(&change.left);
	return rc;
}

void
au_delta_refuse(struct au_apply *apply, const struct au_entry *group)
{
	au_reading_pin(&apply->now->searches[AU_SEARCH_GROUPS]);
	want_whole(apply, group);
}
