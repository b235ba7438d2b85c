/* SPDX-License-Identifier: ISC */
/* Only the groups that are beyond the limit are remembered. */
#include "sourced/excess.h"

#include "base/log.h"
#include "base/map.h"

struct au_excess {
	long long most;
	const char *source;
	struct au_map *groups; /* ids of those that have too many */
};

struct au_excess *
au_excess_new(long long most, const char *source)
{
	struct au_excess *excess = au_xcalloc(1, sizeof(*excess));

	*excess = (struct au_excess){ .most = most, .source = source, .groups = au_map_new() };
	return excess;
}

void
au_excess_free(struct au_excess *excess)
{
	if (excess == NULL)
		return;
	au_map_free(excess->groups, NULL);
	free(excess);
}

static void
tell(const struct au_excess *excess, const struct au_mapped *group, size_t count, bool is_beyond)
{
	if (is_beyond)
		au_log(AU_LOG_ERROR, AU_FIELDS("SOURCE", excess->source),
		    "group '%s': it has %zu members or more, and max_members is %lld: its members stay as they were",
		    group->entry.dn, count, excess->most);
	else
		au_log(AU_LOG_NOTICE, AU_FIELDS("SOURCE", excess->source),
		    "group '%s': its %zu members are taken again", group->entry.dn, count);
}

bool
au_excess_takes(struct au_excess *excess, struct au_mapped *group)
{
	size_t count = group->roll.count + group->roll.raw.count;
	bool is_beyond = (unsigned long long)count > (unsigned long long)excess->most;

	if (is_beyond != au_map_has(excess->groups, group->entry.id))
		tell(excess, group, count, is_beyond);
	if (!is_beyond) {
		au_map_remove(excess->groups, group->entry.id);
		return false;
	}
	au_map_put(excess->groups, group->entry.id, NULL);
	group->roll = (struct au_roll){ .members = NULL };
	group->is_some = true;
	return true;
}
