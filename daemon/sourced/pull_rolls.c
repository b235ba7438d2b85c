/* SPDX-License-Identifier: ISC */
/* Direct and indirect membership count alike: how groups lie in each other is not told here. */
#include "sourced/pull_rolls.h"

#include "base/map.h"
#include "base/str.h"

struct roll {
	const char **ids;
	size_t count, cap;
};

struct au_pull_rolls {
	struct au_arena *arena; /* ids of users */
	struct au_map *groups;  /* id -> struct roll */
	bool lacks, says_any;
};

static void
free_roll(void *value)
{
	struct roll *roll = value;

	free(roll->ids);
	free(roll);
}

struct au_pull_rolls *
au_pull_rolls_new(void)
{
	struct au_pull_rolls *rolls = au_xcalloc(1, sizeof(*rolls));

	*rolls = (struct au_pull_rolls){ .arena = au_arena_new(), .groups = au_map_new() };
	return rolls;
}

void
au_pull_rolls_free(struct au_pull_rolls *rolls)
{
	if (rolls == NULL)
		return;
	au_map_free(rolls->groups, free_roll);
	au_arena_free(rolls->arena);
	free(rolls);
}

void
au_pull_rolls_begin(struct au_pull_rolls *rolls)
{
	au_map_free(rolls->groups, free_roll);
	au_arena_free(rolls->arena);
	*rolls = (struct au_pull_rolls){ .arena = au_arena_new(), .groups = au_map_new() };
}

void
au_pull_rolls_lack(struct au_pull_rolls *rolls)
{
	rolls->lacks = true;
}

static void
add(struct au_pull_rolls *rolls, const char *group_id, const char *id)
{
	struct roll *roll = au_map_get(rolls->groups, group_id);

	if (roll == NULL) {
		roll = au_xcalloc(1, sizeof(*roll));
		au_map_put(rolls->groups, group_id, roll);
	}
	if (roll->count > 0 && roll->ids[roll->count - 1] == id)
		return; /* he says it twice */
	if (roll->count == roll->cap) {
		roll->cap = roll->cap > 0 ? 2 * roll->cap : 4;
		roll->ids = au_xrealloc(roll->ids, roll->cap, sizeof(*roll->ids));
	}
	roll->ids[roll->count++] = id;
}

void
au_pull_rolls_take(struct au_pull_rolls *rolls, const json_t *user, const char *id)
{
	const json_t *groups = json_object_get(user, "groups"), *group;
	const char *ours = json_array_size(groups) > 0 ? au_arena_strdup(rolls->arena, id) : NULL;
	size_t index;

	rolls->says_any = rolls->says_any || ours != NULL;
	json_array_foreach (groups, index, group) {
		const char *group_id = au_json_get_str(group, "value");
		if (au_str_empty(group_id))
			rolls->lacks = true;
		else
			add(rolls, group_id, ours);
	}
}

const char *
au_pull_rolls_flaw(const struct au_pull_rolls *rolls)
{
	if (!rolls->says_any)
		return "no user says which groups he is in (option members_from)";
	return rolls->lacks ? "of some users it is not known which groups they are in" : NULL;
}

const char **
au_pull_rolls_members(const struct au_pull_rolls *rolls, const char *group_id, size_t *ret_count)
{
	const struct roll *roll = au_map_get(rolls->groups, group_id);

	*ret_count = roll != NULL ? roll->count : 0;
	return roll != NULL ? roll->ids : NULL;
}
