/* SPDX-License-Identifier: ISC */
/* Rows of the missing come in the order of their groups, so that each group has one row in the audit. */
#include "source/leaving.h"

#include "base/str.h"
#include "source/doubt.h"
#include "source/trail.h"

/* A reading tells of the group that loses most.  All are noted, or only as many as people may want to see. */
static int
judge_read(struct au_apply *apply, const struct au_leaving *leaving, size_t *ret_notes)
{
	struct au_reading_now *reading = apply->reading;
	bool is_doubtful = (leaving->gone == leaving->before && leaving->gone > 1) ||
			   au_trust_doubts_members(apply->trust, leaving->before, leaving->gone);
	bool is_approved = apply->approved[AU_SEARCH_GROUPS] >= 0;

	if (is_doubtful && leaving->gone > reading->doomed) {
		reading->doomed = leaving->gone;
		reading->before = leaving->before;
	}
	*ret_notes = is_doubtful && !is_approved ? AU_DOUBT_SHOWN : SIZE_MAX;
	return 0;
}

static int
judge_pushed(struct au_apply *apply, const struct au_leaving *leaving, size_t *ret_notes, struct au_err *err)
{
	int rc = 0;

	if (!au_reading_is_suspect(&apply->now->searches[AU_SEARCH_GROUPS])) {
		if (au_trust_doubts_members(apply->trust, leaving->before, leaving->gone))
			rc = au_doubt_fall(
			    apply, AU_SEARCH_GROUPS, AU_DOUBT_MEMBERS, leaving->gone, leaving->before, err);
		else
			rc = au_doubt_bleeds(apply, AU_SEARCH_GROUPS, AU_LOT_MEMBERS, leaving->gone, err);
	}
	*ret_notes = AU_DOUBT_SHOWN;
	return rc;
}

/* What was pushed says all of the group; who was missing before is there again, or leaves now. */
static int
forget_missing(struct au_apply *apply, const char *group_id, struct au_err *err)
{
	const struct au_search_now *search = &apply->now->searches[AU_SEARCH_GROUPS];

	if (search->missing == 0 && !search->compare.is_open)
		return 0;
	return au_store_missing_forget_group(apply->tx, apply->source, au_search_name(AU_SEARCH_GROUPS), group_id, err);
}

int
au_leaving_judge(struct au_apply *apply, const struct au_leaving *leaving, size_t *ret_notes, struct au_err *err)
{
	bool is_read = apply->reading != NULL && au_reading_is_whole(apply->reading);
	int rc = is_read || leaving->is_change ? 0 : forget_missing(apply, leaving->group_id, err);

	if (rc < 0)
		return rc;
	*ret_notes = 0;
	if (leaving->gone == 0 || apply->now->searches[AU_SEARCH_GROUPS].whole_ms == 0)
		return 1;
	rc = is_read ? judge_read(apply, leaving, ret_notes) : judge_pushed(apply, leaving, ret_notes, err);
	if (rc == 1)
		*ret_notes = 0;
	return rc;
}

int
au_leaving_note(struct au_apply *apply, const char *group_id, const char *member_id, struct au_err *err)
{
	const struct au_search_now *search = &apply->now->searches[AU_SEARCH_GROUPS];

	return au_store_missing_put(apply->tx, apply->source, au_search_name(AU_SEARCH_GROUPS), group_id, member_id,
	    search->proved, search->generation, err);
}

/* One group's, or a part of them. */
static int
leave_group(struct au_apply *apply, const struct au_missing *due, size_t count, size_t *at, long long *ret_gone,
    struct au_err *err)
{
	AU_CLEANUP(au_trail_names_done) struct au_trail_names removed = { 0 };
	static const struct au_trail_names nobody = { 0 };
	const char *group_id = due[*at].id;
	int rc = 0;

	for (; rc == 0 && *at < count && au_streq(due[*at].id, group_id) && apply->budget > 0; ++*at) {
		struct au_member member;
		apply->budget -= 2 * AU_APPLY_WRITE;
		rc = au_store_member_get(
		    apply->tx, apply->arena, apply->source, group_id, due[*at].member, &member, err);
		if (rc == 0)
			rc = au_store_member_remove(apply->tx, apply->source, group_id, due[*at].member, NULL, err);
		if (rc == 0)
			au_trail_name(&removed, member.dn_norm);
		rc = rc == AU_ENOENT ? 0 : rc; /* gone meanwhile */
	}
	*ret_gone += removed.count;
	apply->changed |= removed.count > 0;
	return rc < 0 || removed.count == 0 ? rc : au_trail_members(apply, group_id, &nobody, &removed, err);
}

int
au_leaving_due(
    struct au_apply *apply, const struct au_missing *due, size_t count, size_t *at, long long *gone, struct au_err *err)
{
	int rc = 0;

	while (rc == 0 && *at < count && apply->budget > 0) {
		if (due[*at].member[0] == '\0')
			++*at;
		else
			rc = leave_group(apply, due, count, at, gone, err);
	}
	return rc < 0 ? rc : *at == count;
}
