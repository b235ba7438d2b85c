/* SPDX-License-Identifier: ISC */
/* Rows of the missing come in the order of their groups, so that each group has one row in the audit. */
#include "source/leaving.h"

#include "base/str.h"
#include "source/doubt.h"
#include "source/trail.h"

/* Note them, all or only as many as people may want to see. */
static int
note_missing(struct au_apply *apply, const struct au_leaving *leaving, size_t most, struct au_err *err)
{
	const struct au_search_now *search = &apply->now->searches[AU_SEARCH_GROUPS];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < leaving->count && i < most; i++)
		rc = au_store_missing_put(apply->tx, apply->source, au_search_name(AU_SEARCH_GROUPS), leaving->group_id,
		    leaving->ids[i], search->proved, search->generation, err);
	return rc;
}

/* A reading tells of the group that loses most. */
static int
judge_read(struct au_apply *apply, const struct au_leaving *leaving, struct au_err *err)
{
	struct au_reading_now *reading = apply->reading;
	long long gone = (long long)leaving->count;
	bool is_doubtful =
	    (gone == leaving->before && gone > 1) || au_trust_doubts_members(apply->trust, leaving->before, gone);
	bool is_approved = apply->approved[AU_SEARCH_GROUPS] >= 0;

	if (is_doubtful && gone > reading->doomed) {
		reading->doomed = gone;
		reading->before = leaving->before;
	}
	return note_missing(apply, leaving, is_doubtful && !is_approved ? AU_DOUBT_SHOWN : SIZE_MAX, err);
}

static int
judge_pushed(struct au_apply *apply, const struct au_leaving *leaving, struct au_err *err)
{
	long long gone = (long long)leaving->count;
	int rc = 0;

	if (!au_reading_is_suspect(&apply->now->searches[AU_SEARCH_GROUPS])) {
		if (au_trust_doubts_members(apply->trust, leaving->before, gone))
			rc = au_doubt_fall(apply, AU_SEARCH_GROUPS, AU_DOUBT_MEMBERS, gone, leaving->before, err);
		else
			rc = au_doubt_bleeds(apply, AU_SEARCH_GROUPS, AU_LOT_MEMBERS, gone, err);
	}
	return rc != 0 ? rc : note_missing(apply, leaving, AU_DOUBT_SHOWN, err);
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
au_leaving_judge(struct au_apply *apply, const struct au_leaving *leaving, struct au_err *err)
{
	bool is_read = apply->reading != NULL && au_reading_is_whole(apply->reading);
	int rc = is_read || leaving->is_change ? 0 : forget_missing(apply, leaving->group_id, err);

	if (rc < 0)
		return rc;
	if (leaving->count == 0 || apply->now->searches[AU_SEARCH_GROUPS].whole_ms == 0)
		return 1;
	return is_read ? judge_read(apply, leaving, err) : judge_pushed(apply, leaving, err);
}

/* One group's; *at moves behind its last row. */
static int
leave_group(struct au_apply *apply, const struct au_missing *due, size_t count, size_t *at, long long *ret_gone,
    struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *removed = json_array();
	const char *group_id = due[*at].id;
	int rc = 0;

	for (; rc == 0 && *at < count && au_streq(due[*at].id, group_id); ++*at) {
		struct au_member member;
		rc = au_store_member_get(
		    apply->tx, apply->arena, apply->source, group_id, due[*at].member, &member, err);
		if (rc == 0)
			rc = au_store_member_remove(apply->tx, apply->source, group_id, due[*at].member, NULL, err);
		if (rc == 0)
			json_array_append_new(removed, json_string(member.dn_norm));
		rc = rc == AU_ENOENT ? 0 : rc; /* gone meanwhile */
	}
	size_t gone = json_array_size(removed);
	*ret_gone += (long long)gone;
	apply->changed |= gone > 0;
	return rc < 0 || gone == 0 ? rc : au_trail_members(apply, group_id, NULL, removed, err);
}

int
au_leaving_due(
    struct au_apply *apply, const struct au_missing *due, size_t count, long long *ret_gone, struct au_err *err)
{
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < count;) {
		if (due[at].member[0] == '\0')
			at++;
		else
			rc = leave_group(apply, due, count, &at, ret_gone, err);
	}
	return rc;
}
