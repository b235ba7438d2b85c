/* SPDX-License-Identifier: ISC */
/*
 * A list is a table of hashes beside one block of text, 40 bytes and the name for each member.  Whoever is in a new
 * list is marked as such; who is left without the mark has left.
 */
#include "sourced/rolls.h"

#include "base/map.h"
#include "base/roster.h"

#include <string.h>

#define TEXT_MOST (UINT32_MAX / 2) /* of one list */
#define MEMBERS_MOST (4u << 20)    /* of all lists: beyond it groups are told as a whole */

struct member {
	uint32_t at;   /* its name in the text */
	uint32_t mark; /* of the last list that it was in */
};

struct roll {
	struct au_roster *members;
	struct au_buf text;
	size_t dead; /* bytes of text of those who left */
	uint32_t mark;
};

struct au_rolls {
	struct au_map *by_id; /* struct roll */
	size_t members;       /* of all */
};

static void
free_roll(void *value)
{
	struct roll *roll = value;

	if (roll == NULL)
		return;
	au_roster_free(roll->members);
	au_buf_done(&roll->text);
	free(roll);
}

struct au_rolls *
au_rolls_new(void)
{
	struct au_rolls *rolls = au_xcalloc(1, sizeof(*rolls));

	rolls->by_id = au_map_new();
	return rolls;
}

void
au_rolls_free(struct au_rolls *rolls)
{
	if (rolls == NULL)
		return;
	au_map_free(rolls->by_id, free_roll);
	free(rolls);
}

void
au_rolls_clear(struct au_rolls *rolls)
{
	if (au_map_count(rolls->by_id) == 0)
		return;
	au_map_free(rolls->by_id, free_roll);
	rolls->by_id = au_map_new();
	rolls->members = 0;
}

void
au_rolls_forget(struct au_rolls *rolls, const char *group_id)
{
	struct roll *roll = au_map_remove(rolls->by_id, group_id);

	if (roll == NULL)
		return;
	rolls->members -= au_roster_count(roll->members);
	free_roll(roll);
}

static const char *
name_of(const struct roll *roll, const struct member *member)
{
	return roll->text.data + member->at;
}

/* Mark a member as being in the list; whether it was not in the one before. */
static bool
enter(struct roll *roll, const char *name)
{
	bool is_new;
	struct member *member = au_roster_put(roll->members, name, &is_new);

	if (is_new) {
		member->at = (uint32_t)roll->text.len;
		au_buf_add(&roll->text, name, strlen(name) + 1);
	}
	member->mark = roll->mark;
	return is_new;
}

/* Names that are no DNs may mean another person tomorrow: the daemon is to see all of them. */
static bool
is_of_dns(const struct au_mapped *group)
{
	for (size_t i = 0; i < group->roll.count; i++)
		if (au_ref_user_name(group->roll.members[i]) != NULL)
			return false;
	return true;
}

static bool
fits(const struct au_rolls *rolls, const struct au_mapped *group)
{
	size_t text = 0;

	if (group->roll.count < AU_ROLLS_LEAST || group->roll.count > MEMBERS_MOST - rolls->members ||
	    !is_of_dns(group))
		return false;
	for (size_t i = 0; i < group->roll.count && text <= TEXT_MOST; i++)
		text += strlen(group->roll.members[i]) + 1;
	return text <= TEXT_MOST;
}

static void
begin(struct au_rolls *rolls, const struct au_mapped *group)
{
	au_rolls_forget(rolls, group->entry.id);
	if (!fits(rolls, group))
		return;
	struct roll *roll = au_xcalloc(1, sizeof(*roll));
	roll->members = au_roster_new(sizeof(struct member));
	for (size_t i = 0; i < group->roll.count; i++)
		enter(roll, group->roll.members[i]);
	rolls->members += au_roster_count(roll->members);
	au_map_put(rolls->by_id, group->entry.id, roll);
}

static void
add(struct au_arena *arena, const char ***names, size_t *count, const char *name)
{
	/* Room doubles at powers of two. */
	if ((*count & (*count - 1)) == 0) {
		const char **more = au_arena_alloc(arena, 2 * (*count + 1) * sizeof(*more));
		if (*count > 0)
			memcpy(more, *names, *count * sizeof(*more));
		*names = more;
	}
	(*names)[(*count)++] = name;
}

static void
find_joined(struct roll *roll, struct au_arena *arena, const struct au_mapped *group, struct au_rolls_change *change)
{
	roll->mark++;
	for (size_t i = 0; i < group->roll.count; i++)
		if (enter(roll, group->roll.members[i]))
			add(arena, &change->joined, &change->joined_count, group->roll.members[i]);
}

static void
find_left(struct roll *roll, struct au_arena *arena, struct au_rolls_change *change)
{
	const struct member *member;
	size_t cursor = 0;

	while ((member = au_roster_next(roll->members, &cursor)) != NULL)
		if (member->mark != roll->mark)
			add(arena, &change->left, &change->left_count, au_arena_strdup(arena, name_of(roll, member)));
	for (size_t i = 0; i < change->left_count; i++) {
		au_roster_remove(roll->members, change->left[i]);
		roll->dead += strlen(change->left[i]) + 1;
	}
}

/* Its marks or its text are used up, or the difference is no saving. */
static bool
is_spent(const struct roll *roll, const struct au_mapped *group, const struct au_rolls_change *change)
{
	return roll->mark == UINT32_MAX || roll->text.len > TEXT_MOST || roll->dead > roll->text.len / 2 ||
	       change->joined_count + change->left_count > group->roll.count / 2;
}

bool
au_rolls_take(
    struct au_rolls *rolls, struct au_arena *arena, const struct au_mapped *group, struct au_rolls_change *ret)
{
	struct roll *roll = au_map_get(rolls->by_id, group->entry.id);
	struct au_rolls_change change = { 0 };

	if (roll == NULL || group->roll.count < AU_ROLLS_LEAST || !is_of_dns(group)) {
		begin(rolls, group);
		return false;
	}
	rolls->members -= au_roster_count(roll->members);
	find_joined(roll, arena, group, &change);
	find_left(roll, arena, &change);
	rolls->members += au_roster_count(roll->members);
	if (is_spent(roll, group, &change)) {
		begin(rolls, group);
		return false;
	}
	*ret = change;
	return true;
}
