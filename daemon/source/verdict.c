/* SPDX-License-Identifier: ISC */
/* A person's wish comes first, then a refusal that a person must lift, then a doubt, then what passes by itself. */
#include "source/verdict.h"

/* What each kind of reading can prove when it is complete, by how it ended. */
static const enum au_power powers[][AU_STEP_VOID + 1] = {
	[AU_READING_RESUME] = { [AU_STEP_KEEP] = AU_MAY_NAMED, [AU_STEP_SWEEP] = AU_MAY_UNSEEN },
	[AU_READING_WHOLE] = { [AU_STEP_KEEP] = AU_MAY_NAMED, [AU_STEP_SWEEP] = AU_MAY_UNSEEN },
	[AU_READING_COMPARE] = { [AU_STEP_KEEP] = AU_MAY_NAMED, [AU_STEP_SWEEP] = AU_MAY_UNSEEN },
};

enum au_power
au_verdict_power(const struct au_source_read *read, enum au_reading_step step)
{
	if (read->verdict != AU_READ_COMPLETE || read->code != 0 || read->referrals != 0)
		return AU_MAY_NOTHING;
	return powers[read->kind][step];
}

static bool
is_settled(const struct au_search_now *search)
{
	return search->whole_ms > 0 && !au_reading_is_suspect(search) && !search->pushed.is_open &&
	       !search->compare.is_open;
}

bool
au_verdict_is_complete(const struct au_source_now *now)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		if (!is_settled(&now->searches[i]))
			return false;
	return true;
}

long long
au_verdict_complete_ms(const struct au_source_now *now)
{
	long long oldest = now->searches[0].whole_ms;

	for (int i = 1; i < AU_SEARCHES; i++)
		if (now->searches[i].whole_ms < oldest)
			oldest = now->searches[i].whole_ms;
	return oldest;
}

/* How a doubt is told: between, before and after how many of how many. */
static const struct {
	const char *before, *after;
} doubts[] = {
	[AU_DOUBT_ENTRIES] = { "", " entries would go" },
	[AU_DOUBT_MEMBERS] = { "", " members of a group would go" },
	[AU_DOUBT_BLEED] = { "", " would be gone within a short time, one by one" },
	[AU_DOUBT_CANARY] = { "a canary is not seen; ", " entries would go" },
	[AU_DOUBT_AGE] = { "the server is older than it was; ", " entries would go" },
};

void
au_verdict_doubt(const struct au_search_now *search, struct au_str *out)
{
	au_str_printf(out, "%s%lld of %lld%s", doubts[search->doubt].before, search->doomed, search->before,
	    doubts[search->doubt].after);
}

static void
explain_doubt(const struct au_source_now *now, const char *name, struct au_str *out)
{
	for (int i = 0; i < AU_SEARCHES; i++) {
		const struct au_search_now *search = &now->searches[i];
		if (!au_reading_is_suspect(search))
			continue;
		au_str_printf(out, "%s: ", au_search_name(i));
		au_verdict_doubt(search, out);
		au_str_put(out, "; ");
	}
	au_str_printf(
	    out, "see: apiuserctl source show %s; if that is right, say: apiuserctl source resume %s", name, name);
}

/* One row per state, worst first: when a source is in it. */
static bool
is_paused(const struct au_source_now *now, const struct au_source_link *link)
{
	(void)link;
	return now->paused != 0;
}

static bool
is_refused(const struct au_source_now *now, const struct au_source_link *link)
{
	(void)now;
	return link->state == AU_LINK_QUARANTINE;
}

static bool
is_doubted(const struct au_source_now *now, const struct au_source_link *link)
{
	(void)link;
	return au_reading_is_doubted(now);
}

static bool
is_away(const struct au_source_now *now, const struct au_source_link *link)
{
	(void)now;
	return link->state == AU_LINK_STALE;
}

static bool
is_unread(const struct au_source_now *now, const struct au_source_link *link)
{
	(void)link;
	return au_verdict_complete_ms(now) == 0;
}

static const struct {
	enum au_source_state state;
	bool (*holds)(const struct au_source_now *now, const struct au_source_link *link);
} states[] = {
	{ AU_SOURCE_PAUSED, is_paused },
	{ AU_SOURCE_QUARANTINE, is_refused },
	{ AU_SOURCE_SUSPECT, is_doubted },
	{ AU_SOURCE_STALE, is_away },
	{ AU_SOURCE_NEW, is_unread },
};

enum au_source_state
au_verdict_state(
    const struct au_source_now *now, const struct au_source_link *link, const char *name, struct au_str *out)
{
	enum au_source_state state = AU_SOURCE_OK;

	for (size_t i = 0; state == AU_SOURCE_OK && i < AU_COUNT(states); i++)
		if (states[i].holds(now, link))
			state = states[i].state;
	if (state == AU_SOURCE_SUSPECT)
		explain_doubt(now, name, out);
	else if (state == AU_SOURCE_PAUSED)
		au_str_printf(out, "left alone until somebody says: apiuserctl source resume %s", name);
	else
		au_str_put(out, link->text != NULL ? link->text : "");
	return state;
}
