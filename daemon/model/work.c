/* SPDX-License-Identifier: ISC */
/* One table says what follows from what; the words for people never claim more than is known. */
#include "model/work.h"

#include "base/mem.h"
#include "base/str.h"
#include "base/when.h"

#include <string.h>

static const char *const state_names[AU_WORK_STATES] = {
	[AU_WORK_OPEN] = "open",
	[AU_WORK_CLAIMED] = "claimed",
	[AU_WORK_REPORTED] = "reported",
	[AU_WORK_FULFILLED] = "fulfilled",
	[AU_WORK_VERIFIED] = "verified",
	[AU_WORK_FAILED] = "failed",
	[AU_WORK_CANCELLED] = "cancelled",
	[AU_WORK_SUPERSEDED] = "superseded",
	[AU_WORK_EXPIRED] = "expired",
};

/* 0 = that cannot be. */
static const unsigned char next[AU_WORK_STATES][AU_WORK_EVENTS] = {
	[AU_WORK_OPEN] = {
		[AU_WORK_CLAIM] = AU_WORK_CLAIMED,
		[AU_WORK_REPORT] = AU_WORK_REPORTED,
		[AU_WORK_COMPLETE] = AU_WORK_FULFILLED,
		[AU_WORK_FAIL] = AU_WORK_FAILED,
		[AU_WORK_DECLINE] = AU_WORK_CANCELLED,
		[AU_WORK_MOVE] = AU_WORK_OPEN,
		[AU_WORK_DROP] = AU_WORK_CANCELLED,
		[AU_WORK_EXPIRE] = AU_WORK_EXPIRED,
	},
	[AU_WORK_CLAIMED] = {
		[AU_WORK_RELEASE] = AU_WORK_OPEN,
		[AU_WORK_REPORT] = AU_WORK_REPORTED,
		[AU_WORK_COMPLETE] = AU_WORK_FULFILLED,
		[AU_WORK_FAIL] = AU_WORK_FAILED,
		[AU_WORK_DECLINE] = AU_WORK_CANCELLED,
		[AU_WORK_MOVE] = AU_WORK_SUPERSEDED,
		[AU_WORK_DROP] = AU_WORK_CANCELLED,
		[AU_WORK_EXPIRE] = AU_WORK_EXPIRED,
	},
	[AU_WORK_REPORTED] = {
		[AU_WORK_RELEASE] = AU_WORK_OPEN,
		[AU_WORK_COMPLETE] = AU_WORK_FULFILLED,
		[AU_WORK_FAIL] = AU_WORK_FAILED,
		[AU_WORK_DECLINE] = AU_WORK_CANCELLED,
		[AU_WORK_MOVE] = AU_WORK_SUPERSEDED,
		[AU_WORK_DROP] = AU_WORK_CANCELLED,
		[AU_WORK_EXPIRE] = AU_WORK_EXPIRED,
	},
	[AU_WORK_FULFILLED] = {
		[AU_WORK_VERIFY] = AU_WORK_VERIFIED,
		[AU_WORK_CONTRADICT] = AU_WORK_FAILED,
	},
};

static bool
ended_otherwise(enum au_work_state state)
{
	return state == AU_WORK_FAILED || state == AU_WORK_CANCELLED || state == AU_WORK_SUPERSEDED ||
	       state == AU_WORK_EXPIRED;
}

enum au_work_state
au_work_next(enum au_work_state state, enum au_work_event event, bool was_claimed)
{
	if ((size_t)state >= AU_WORK_STATES || (size_t)event >= AU_WORK_EVENTS)
		return (enum au_work_state)0;
	if (event == AU_WORK_COMPLETE && ended_otherwise(state))
		return was_claimed ? AU_WORK_FULFILLED : (enum au_work_state)0;
	return (enum au_work_state)next[state][event];
}

bool
au_work_is_open(enum au_work_state state)
{
	return state == AU_WORK_OPEN || state == AU_WORK_CLAIMED || state == AU_WORK_REPORTED;
}

const char *
au_work_state_name(enum au_work_state state)
{
	return (size_t)state < AU_WORK_STATES ? state_names[state] : NULL;
}

enum au_work_state
au_work_state_from_name(const char *name)
{
	for (size_t i = 1; i < AU_WORK_STATES; i++)
		if (au_streq(name, state_names[i]))
			return (enum au_work_state)i;
	return (enum au_work_state)0;
}

/* ---- for people and programs ---------------------------------------------------- */

static const char *
who(struct au_arena *arena, const char *actor, const char *name)
{
	return name != NULL ? name : actor != NULL ? actor : au_arena_strdup(arena, "nobody");
}

const char *
au_work_word(struct au_arena *arena, const struct au_work *work)
{
	switch (work->state) {
	case AU_WORK_OPEN:
		return work->step == 0 ? "its text is being made anew; do not begin" : "waits for somebody to claim it";
	case AU_WORK_CLAIMED:
		return au_arena_printf(arena, "claimed by %s, not done yet as far as is known",
		    who(arena, work->claimer, work->claimer_name));
	case AU_WORK_REPORTED:
		return au_arena_printf(arena, "reported as done by %s; a second person must confirm it",
		    who(arena, work->doer, work->doer_name));
	case AU_WORK_FULFILLED:
		return "fulfilled by operator, not verified";
	case AU_WORK_VERIFIED:
		return au_arena_printf(
		    arena, "fulfilled by operator, verified by %s", work->verified_by ? work->verified_by : "others");
	case AU_WORK_FAILED:
		return au_arena_printf(arena, "failed: %s", work->note ? work->note : "nobody said why");
	case AU_WORK_CANCELLED:
		return au_arena_printf(arena, "cancelled, do not do it: %s", work->note ? work->note : "not wanted");
	case AU_WORK_SUPERSEDED:
		return au_arena_printf(
		    arena, "superseded, do not do it: %s", work->note ? work->note : "something else is wanted");
	case AU_WORK_EXPIRED:
		return "expired: nobody did it in time";
	}
	return "";
}

static const struct au_json_text texts[] = {
	{ "account_id", offsetof(struct au_work, account_id) },
	{ "target", offsetof(struct au_work, target) },
	{ "login", offsetof(struct au_work, login) },
	{ "reason", offsetof(struct au_work, reason) },
	{ "claimer", offsetof(struct au_work, claimer) },
	{ "claimer_name", offsetof(struct au_work, claimer_name) },
	{ "doer", offsetof(struct au_work, doer) },
	{ "doer_name", offsetof(struct au_work, doer_name) },
	{ "second", offsetof(struct au_work, second) },
	{ "second_name", offsetof(struct au_work, second_name) },
	{ "evidence", offsetof(struct au_work, evidence) },
	{ "verified_by", offsetof(struct au_work, verified_by) },
	{ "note", offsetof(struct au_work, note) },
	{ "ticket", offsetof(struct au_work, ticket) },
	{ NULL, 0 },
};

static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "id", offsetof(struct au_work, id) },
	{ "step", offsetof(struct au_work, step) },
	{ "revision", offsetof(struct au_work, revision) },
	{ "created_ms", offsetof(struct au_work, created_ms) },
	{ "changed_ms", offsetof(struct au_work, changed_ms) },
	{ "due_ms", offsetof(struct au_work, due_ms) },
	{ "claimed_ms", offsetof(struct au_work, claimed_ms) },
	{ "done_ms", offsetof(struct au_work, done_ms) },
	{ "verified_ms", offsetof(struct au_work, verified_ms) },
	{ "replaces", offsetof(struct au_work, replaces) },
};

static void
put_object(json_t *json, const char *name, const char *text)
{
	json_t *value = NULL;

	if (text != NULL && au_json_parse(text, strlen(text), AU_JSON_DEPTH, &value, NULL) == 0)
		json_object_set_new(json, name, value);
}

json_t *
au_work_to_json(const struct au_work *work)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	json_t *json = json_object();

	for (size_t i = 0; i < AU_COUNT(numbers); i++) {
		long long value;
		memcpy(&value, (const char *)work + numbers[i].offset, sizeof(value));
		if (value != 0)
			au_json_set_int(json, numbers[i].name, value);
	}
	au_json_set_str(json, "op", au_step_op_name(work->op));
	au_json_set_str(json, "lane", au_lane_name(work->lane));
	au_json_set_str(json, "state", au_work_state_name(work->state));
	au_json_set_str(json, "word", au_work_word(arena, work));
	au_json_put_texts(json, texts, work);
	put_object(json, "want", work->want);
	put_object(json, "text", work->text);
	put_object(json, "result", work->result);
	return json;
}
