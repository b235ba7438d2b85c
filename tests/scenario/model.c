/* SPDX-License-Identifier: ISC */
/* The rules of scenario.conf by hand: builders may run, too; readers have accounts in the other target. */
#include "tests/scenario/model.h"

#include <assert.h>

enum model_source
model_source_of(enum model_group group)
{
	return group == MODEL_READ ? MODEL_HR : MODEL_CORP;
}

static bool
is_member(const struct model_person *person, enum model_group group)
{
	return person->is_in[model_source_of(group)] && person->member[group];
}

const char *
model_rights(const struct model *m, size_t person, enum model_target target)
{
	const struct model_person *p = &m->people[person];

	if (p->taken[target])
		return NULL;
	if (target == MODEL_TABS)
		return is_member(p, MODEL_READ) ? "{\"roles\":[\"read\"]}" : NULL;
	if (is_member(p, MODEL_BUILD))
		return "{\"roles\":[\"build\",\"run\"]}";
	return is_member(p, MODEL_RUN) ? "{\"roles\":[\"run\"]}" : NULL;
}

void
model_remove(struct model *m, enum model_target target, long long at_ms, bool approved)
{
	assert(m->removal_count[target] < sizeof(m->removals[target]) / sizeof(m->removals[target][0]));
	m->removals[target][m->removal_count[target]++] = (struct model_removal){ at_ms, approved };
}

size_t
model_worst_window(const struct model *m, enum model_target target)
{
	const struct model_removal *removals = m->removals[target];
	size_t worst = 0;

	for (size_t first = 0; first < m->removal_count[target]; first++) {
		size_t count = 0;
		for (size_t i = first; i < m->removal_count[target]; i++)
			count += !removals[i].approved && removals[i].at_ms < removals[first].at_ms + MODEL_WINDOW_MS;
		worst = count > worst ? count : worst;
	}
	return worst;
}
