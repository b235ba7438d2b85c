/* SPDX-License-Identifier: ISC */
/* They are few, and lost with the process: then the next comparing reading finds nothing any more, and nothing is
 * counted. */
#include "source/surprise.h"

#include "base/clock.h"

#include <stdlib.h>

struct surprise {
	long long generation; /* of the reading that found it */
	int64_t at_mono;
};

struct au_surprises {
	struct au_map *by_id[AU_SEARCHES]; /* struct surprise */
};

struct au_surprises *
au_surprises_new(void)
{
	struct au_surprises *surprises = au_xcalloc(1, sizeof(*surprises));

	for (int i = 0; i < AU_SEARCHES; i++)
		surprises->by_id[i] = au_map_new();
	return surprises;
}

void
au_surprises_free(struct au_surprises *surprises)
{
	if (surprises == NULL)
		return;
	for (int i = 0; i < AU_SEARCHES; i++)
		au_map_free(surprises->by_id[i], free);
	free(surprises);
}

/* How many wait to be told or confirmed. */
static void
count(struct au_apply *apply, enum au_search which)
{
	apply->now->searches[which].untold = (long long)au_map_count(apply->surprises->by_id[which]);
}

void
au_surprise_note(struct au_apply *apply, enum au_search which, const char *id)
{
	struct surprise *surprise = au_xcalloc(1, sizeof(*surprise));

	*surprise = (struct surprise){ apply->now->searches[which].compare.generation, au_clock_mono_ms() };
	free(au_map_put(apply->surprises->by_id[which], id, surprise));
	count(apply, which);
}

void
au_surprise_told(struct au_apply *apply, enum au_search which, const char *id)
{
	free(au_map_remove(apply->surprises->by_id[which], id));
	count(apply, which);
}

long long
au_surprise_confirm(struct au_apply *apply, enum au_search which)
{
	struct au_map *by_id = apply->surprises->by_id[which];
	int64_t before_mono = au_clock_mono_ms() - apply->trust->confirm_after;
	long long confirmed = 0;
	const char *id;
	void *value;

	for (size_t cursor = 0; au_map_next(by_id, &cursor, &id, &value);) {
		const struct surprise *surprise = value;
		if (surprise->generation == apply->now->searches[which].compare.generation ||
		    surprise->at_mono > before_mono)
			continue;
		free(au_map_remove(by_id, id));
		confirmed++;
	}
	count(apply, which);
	return confirmed;
}

void
au_surprise_forget(struct au_apply *apply, enum au_search which)
{
	au_map_free(apply->surprises->by_id[which], free);
	apply->surprises->by_id[which] = au_map_new();
	count(apply, which);
}
