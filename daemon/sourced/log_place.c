/* SPDX-License-Identifier: ISC */
/*
 * A server refuses a cookie that is newer than its own numbers, which the directory's can be: not every change is
 * logged.  So of each server's numbers the older one is taken.  Records of several servers are not purged in the order
 * of their numbers: then only a log that has nothing new proves that nothing is missing.
 */
#include "sourced/log_place.h"

#include "base/str.h"

#include <string.h>

#define RID "rid=000,csn="

static void
add(struct au_str *cookie, const char *csn)
{
	au_str_put(cookie, cookie->len == 0 ? RID : ";");
	au_str_put(cookie, csn);
}

/* Everything from where the log is now on. */
static char *
end_of_log(const char *const *contexts, size_t count)
{
	struct au_str cookie = AU_STR_INIT;

	for (size_t i = 0; i < count; i++)
		add(&cookie, contexts[i]);
	return au_str_take(&cookie);
}

void
au_log_place_find(const char *known, const char *const *contexts, size_t count, struct au_log_place *ret)
{
	struct au_str cookie = AU_STR_INIT;
	struct au_log_place place = { .cover = count > 0 ? AU_LOG_CURRENT : AU_LOG_GAP };

	for (size_t i = 0; i < count && place.cover != AU_LOG_GAP; i++) {
		char csn[AU_CSN_SIZE];
		if (known == NULL || !au_csn_is(contexts[i]) || !au_csn_known(known, contexts[i], csn))
			place.cover = AU_LOG_GAP;
		else if (strcmp(csn, contexts[i]) >= 0)
			add(&cookie, contexts[i]);
		else {
			add(&cookie, csn);
			place.cover = count == 1 ? AU_LOG_SINCE : AU_LOG_GAP;
			memcpy(place.since, csn, sizeof(csn));
		}
	}
	if (place.cover == AU_LOG_GAP && count > 0)
		place.cookie = end_of_log(contexts, count);
	else if (cookie.len > 0)
		place.cookie = au_str_take(&cookie);
	au_str_done(&cookie);
	*ret = place;
}
