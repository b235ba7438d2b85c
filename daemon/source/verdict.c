/* SPDX-License-Identifier: ISC */
/* A refusal that a person must lift comes first, then a doubt that a person may lift, then what passes by itself. */
#include "source/verdict.h"

bool
au_verdict_is_implausible(long long before, long long gone)
{
	return gone > 0 && (gone >= before || (gone >= AU_VERDICT_FEW && 2 * gone >= before));
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

static void
explain_doubt(const struct au_source_now *now, const char *name, struct au_str *out)
{
	for (int i = 0; i < AU_SEARCHES; i++) {
		const struct au_search_now *search = &now->searches[i];
		if (au_reading_is_suspect(search))
			au_str_printf(out, "%s: %lld of %lld entries would go; ", au_search_name(i), search->doomed,
			    search->before);
	}
	au_str_printf(out, "if that is right, say: apiuserctl source resync %s", name);
}

enum au_source_state
au_verdict_state(
    const struct au_source_now *now, const struct au_source_link *link, const char *name, struct au_str *out)
{
	bool is_suspect = false, was_read = true;

	for (int i = 0; i < AU_SEARCHES; i++) {
		is_suspect |= au_reading_is_suspect(&now->searches[i]);
		was_read &= now->searches[i].whole_ms > 0;
	}
	if (link->state == AU_LINK_QUARANTINE || !is_suspect)
		au_str_put(out, link->text != NULL ? link->text : "");
	else
		explain_doubt(now, name, out);
	if (link->state == AU_LINK_QUARANTINE)
		return AU_SOURCE_QUARANTINE;
	if (is_suspect)
		return AU_SOURCE_SUSPECT;
	if (link->state == AU_LINK_STALE)
		return AU_SOURCE_STALE;
	return was_read ? AU_SOURCE_OK : AU_SOURCE_NEW;
}
