/* SPDX-License-Identifier: ISC */
/*
 * A list is one block of text and where each value ends in it, in the order of the server, which keeps it: a new list
 * begins and ends like the one before, and what differs lies between.  Only there are values looked for one by one, as
 * a server might shuffle them.
 */
#include "sourced/rolls.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/roster.h"
#include "base/str.h"

#include <string.h>

#define TEXT_MOST (UINT32_MAX / 2) /* of one list */

/* A list as it came. */
struct list {
	const char *attribute; /* what the values are of; NULL: they are names as the daemon is told them */
	const struct berval *values;
	size_t count;
};

/* A list as it is kept. */
struct roll {
	char *attribute;
	struct au_buf text;
	uint32_t *ends; /* of the values in the text */
	size_t count;
};

struct au_rolls {
	struct au_map *by_id; /* struct roll */
	size_t size, most;    /* of all, in bytes */
};

static void
free_roll(void *value)
{
	struct roll *roll = value;

	if (roll == NULL)
		return;
	au_buf_done(&roll->text);
	free(roll->attribute);
	free(roll->ends);
	free(roll);
}

static size_t
size_of(const struct roll *roll)
{
	return roll->text.len + roll->count * sizeof(*roll->ends);
}

struct au_rolls *
au_rolls_new(size_t most)
{
	struct au_rolls *rolls = au_xcalloc(1, sizeof(*rolls));

	rolls->by_id = au_map_new();
	rolls->most = most;
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
	rolls->size = 0;
}

void
au_rolls_forget(struct au_rolls *rolls, const char *group_id)
{
	struct roll *roll = au_map_remove(rolls->by_id, group_id);

	if (roll == NULL)
		return;
	rolls->size -= size_of(roll);
	free_roll(roll);
}

/* ---- lists ---- */

static struct list
list_of(const struct au_roll *roll, struct au_arena *arena)
{
	if (roll->raw.attribute != NULL)
		return (struct list){ roll->raw.attribute, roll->raw.values, roll->raw.count };
	struct berval *values = au_arena_alloc(arena, (roll->count + 1) * sizeof(*values));
	for (size_t i = 0; i < roll->count; i++)
		values[i] = (struct berval){ strlen(roll->members[i]), (char *)(uintptr_t)roll->members[i] };
	return (struct list){ NULL, values, roll->count };
}

static size_t
text_before(const struct roll *roll, size_t number)
{
	return number > 0 ? roll->ends[number - 1] : 0;
}

static struct berval
value_of(const struct roll *roll, size_t number)
{
	size_t start = text_before(roll, number);

	return (struct berval){ roll->ends[number] - start, roll->text.data + start };
}

static bool
is_same(const struct roll *roll, size_t number, const struct berval *value)
{
	struct berval held = value_of(roll, number);

	return held.bv_len == value->bv_len && memcmp(held.bv_val, value->bv_val, held.bv_len) == 0;
}

/* Names that are no DNs may mean another person tomorrow: the daemon is to see all of them. */
static bool
is_of_dns(const struct au_roll *roll)
{
	for (size_t i = 0; i < roll->count; i++)
		if (au_ref_user_name(roll->members[i]) != NULL)
			return false;
	return true;
}

/*
 * Somebody whose name stands twice is still there when one of the two is gone.  One attribute never has him twice (RFC
 * 4512 section 2.2), two may.
 */
static bool
names_each_once(const struct au_roll *roll)
{
	struct au_roster *names = au_roster_new(0);
	bool is_new = true;

	for (size_t i = 0; i < roll->count && is_new; i++)
		au_roster_put(names, roll->members[i], &is_new);
	au_roster_free(names);
	return is_new;
}

static size_t
text_length(const struct list *list, size_t first, size_t last)
{
	size_t text = 0;

	for (size_t i = first; i < last && text <= TEXT_MOST; i++)
		text += list->values[i].bv_len;
	return text;
}

static bool
fits(const struct au_rolls *rolls, const struct list *list)
{
	size_t text = text_length(list, 0, list->count);

	return text <= TEXT_MOST && rolls->size + text + list->count * sizeof(uint32_t) <= rolls->most;
}

static void
keep(struct au_rolls *rolls, const char *group_id, const struct list *list)
{
	struct roll *roll = au_xcalloc(1, sizeof(*roll));

	roll->attribute = au_xstrdup(list->attribute);
	roll->ends = au_xcalloc(list->count, sizeof(*roll->ends));
	au_buf_reserve(&roll->text, text_length(list, 0, list->count));
	for (size_t i = 0; i < list->count; i++) {
		au_buf_add(&roll->text, list->values[i].bv_val, list->values[i].bv_len);
		roll->ends[i] = (uint32_t)roll->text.len;
	}
	roll->count = list->count;
	rolls->size += size_of(roll);
	au_map_put(rolls->by_id, group_id, roll);
}

/* Decode a list, and keep it for the next one if that can be. */
static int
begin(struct au_rolls *rolls, struct au_arena *arena, struct au_mapped *group, struct au_err *err)
{
	struct list list = list_of(&group->roll, arena);

	au_rolls_forget(rolls, group->entry.id);
	if (au_roll_decode(&group->roll, arena, err) < 0)
		return AU_EPROTO;
	if (group->roll.count >= AU_ROLLS_LEAST && fits(rolls, &list) && is_of_dns(&group->roll) &&
	    names_each_once(&group->roll))
		keep(rolls, group->entry.id, &list);
	return 0;
}

/* ---- what differs ---- */

/* The values that two lists have in common at both ends. */
struct common {
	size_t head, tail;
};

static struct common
find_common(const struct roll *roll, const struct list *list)
{
	struct common common = { 0, 0 };
	size_t most = roll->count < list->count ? roll->count : list->count;

	while (common.head < most && is_same(roll, common.head, &list->values[common.head]))
		common.head++;
	most -= common.head;
	while (common.tail < most &&
	       is_same(roll, roll->count - 1 - common.tail, &list->values[list->count - 1 - common.tail]))
		common.tail++;
	return common;
}

/* References, in the arena. */
struct names {
	const char **texts;
	size_t count;
};

/* Values become names here, and only here. */
static int
add_name(
    struct names *names, struct au_arena *arena, const char *attribute, const struct berval *value, struct au_err *err)
{
	const char *name = NULL;

	if (attribute == NULL)
		name = au_arena_strndup(arena, value->bv_val, value->bv_len);
	else if (au_roll_name(arena, attribute, value, &name, err) < 0)
		return AU_EPROTO;
	if (name[0] == '\0')
		return 0;
	/* Room doubles at powers of two. */
	if ((names->count & (names->count - 1)) == 0) {
		const char **more = au_arena_alloc(arena, 2 * (names->count + 1) * sizeof(*more));
		if (names->count > 0)
			memcpy(more, names->texts, names->count * sizeof(*more));
		names->texts = more;
	}
	names->texts[names->count++] = name;
	return 0;
}

struct between {
	bool is_named; /* by the new list, too */
};

/* The bytes of a value as text; NULL when no text has them. */
static const char *
text_of(struct au_str *scratch, const struct berval *value)
{
	scratch->len = 0;
	au_str_putn(scratch, value->bv_val, value->bv_len);
	return strlen(au_str_get(scratch)) == value->bv_len ? au_str_get(scratch) : NULL;
}

/* The values between, first those of the new list that the old one has not, then those of the old that are left. */
static int
find_difference(const struct roll *roll, const struct list *list, const struct common *common, struct au_arena *arena,
    struct names *joined, struct names *left, struct au_err *err)
{
	struct au_roster *old = au_roster_new(sizeof(struct between));
	struct au_str scratch = AU_STR_INIT;
	bool is_new;
	int rc = 0;

	for (size_t i = common->head; i < roll->count - common->tail; i++) {
		struct berval value = value_of(roll, i);
		au_roster_put(old, text_of(&scratch, &value), &is_new);
	}
	for (size_t i = common->head; rc == 0 && i < list->count - common->tail; i++) {
		const char *text = text_of(&scratch, &list->values[i]);
		struct between *between = text != NULL ? au_roster_get(old, text) : NULL;
		if (between != NULL)
			between->is_named = true;
		else
			rc = add_name(joined, arena, list->attribute, &list->values[i], err);
	}
	for (size_t i = common->head; rc == 0 && i < roll->count - common->tail; i++) {
		struct berval value = value_of(roll, i);
		struct between *between = au_roster_get(old, text_of(&scratch, &value));
		if (!between->is_named)
			rc = add_name(left, arena, roll->attribute, &value, err);
	}
	au_roster_free(old);
	au_str_done(&scratch);
	return rc;
}

/* Without those whom a roster has. */
static void
drop_named(struct names *names, struct au_roster *others)
{
	size_t count = 0;

	for (size_t i = 0; i < names->count; i++)
		if (au_roster_get(others, names->texts[i]) == NULL)
			names->texts[count++] = names->texts[i];
	names->count = count;
}

static struct au_roster *
roster_of(const struct names *names)
{
	struct au_roster *roster = au_roster_new(1);
	bool is_new;

	for (size_t i = 0; i < names->count; i++)
		au_roster_put(roster, names->texts[i], &is_new);
	return roster;
}

/* Whoever is spelled in another way now has not moved. */
static void
drop_respelled(struct names *joined, struct names *left)
{
	if (joined->count == 0 || left->count == 0)
		return;
	struct au_roster *came = roster_of(joined), *went = roster_of(left);
	drop_named(joined, went);
	drop_named(left, came);
	au_roster_free(came);
	au_roster_free(went);
}

/* ---- the list that is kept becomes the new one ---- */

/* Move what is common at the end to behind the new values between, whose text has this length. */
static void
move_tail(struct roll *roll, const struct common *common, size_t new_tail, size_t length)
{
	size_t old_tail = roll->count - common->tail;
	size_t from = text_before(roll, old_tail), to = text_before(roll, common->head) + length;
	uint32_t further = (uint32_t)(to - from); /* modulo 2^32, as what it is added to */

	if (to > from)
		au_buf_reserve(&roll->text, to - from);
	memmove(roll->text.data + to, roll->text.data + from, roll->text.len - from);
	roll->text.len = roll->text.len - from + to;
	if (new_tail > old_tail)
		roll->ends = au_xrealloc(roll->ends, new_tail + common->tail, sizeof(*roll->ends));
	memmove(roll->ends + new_tail, roll->ends + old_tail, common->tail * sizeof(*roll->ends));
	for (size_t i = 0; i < common->tail; i++)
		roll->ends[new_tail + i] += further;
}

static void
splice(struct roll *roll, const struct list *list, const struct common *common)
{
	size_t new_tail = list->count - common->tail, at = text_before(roll, common->head);

	move_tail(roll, common, new_tail, text_length(list, common->head, new_tail));
	for (size_t i = common->head; i < new_tail; i++) {
		memcpy(roll->text.data + at, list->values[i].bv_val, list->values[i].bv_len);
		at += list->values[i].bv_len;
		roll->ends[i] = (uint32_t)at;
	}
	roll->count = list->count;
}

/* Whether it is enough to tell how the new list differs. */
static bool
may_follow(const struct roll *roll, const struct au_roll *came, const struct list *list)
{
	return roll != NULL && list->count >= AU_ROLLS_LEAST && au_streq(roll->attribute, list->attribute) &&
	       (list->attribute != NULL || (is_of_dns(came) && names_each_once(came)));
}

int
au_rolls_take(struct au_rolls *rolls, struct au_arena *arena, struct au_mapped *group, struct au_rolls_change *ret,
    struct au_err *err)
{
	struct roll *roll = au_map_get(rolls->by_id, group->entry.id);
	struct list list = list_of(&group->roll, arena);
	struct names joined = { 0 }, left = { 0 };

	if (!may_follow(roll, &group->roll, &list))
		return begin(rolls, arena, group, err);
	struct common common = find_common(roll, &list);
	if (find_difference(roll, &list, &common, arena, &joined, &left, err) < 0) {
		au_rolls_forget(rolls, group->entry.id);
		return AU_EPROTO;
	}
	drop_respelled(&joined, &left);
	size_t length = text_length(&list, common.head, list.count - common.tail);
	if (joined.count + left.count > list.count / 2 || roll->text.len + length > TEXT_MOST)
		return begin(rolls, arena, group, err);
	rolls->size -= size_of(roll);
	splice(roll, &list, &common);
	rolls->size += size_of(roll);
	*ret = (struct au_rolls_change){ joined.texts, left.texts, joined.count, left.count };
	return 1;
}
