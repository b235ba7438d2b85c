/* SPDX-License-Identifier: ISC */
/*
 * Each answer brings the marks of change with it, so they are compared at every
 * part for nothing.  A list that has become shorter than the part asked for is
 * an error to some servers: an error in the middle is a change, until it comes
 * every time.  Texts of a part are copied out of it, so that a group of any size
 * costs its references and one part.
 */
#include "sourced/range.h"

#include "base/str.h"
#include "sourced/harvest.h"
#include "sourced/identity.h"
#include "sourced/reruns.h"

#include <string.h>

#define TRIES 5

/* Marks of change, best first: by themselves those with the time in seconds would miss a change. */
static const char *const marks[] = { "uSNChanged", "entryCSN", "modifyTimestamp" };

struct wish {
	char *id, *dn;
	struct wish *next;
};

struct au_range {
	const struct au_mapping *groups;
	const struct au_range_events *events;
	void *ctx;
	struct au_line *line;
	int64_t timeout_ms;
	struct wish *wishes, **tail; /* the first is being read */
	int message_id;              /* 0: nothing is asked */
	unsigned tries;
	struct au_arena *arena; /* of the group so far */
	struct au_mapped group; /* dn NULL: its first part has not come */
	const char *mark;
	size_t open; /* index into group.roll.ranges of the list being read */
	struct au_harvest *harvest;
	size_t named; /* members that the group names itself; the others were found */
	bool is_harvested;
	bool has_answer, has_changed, is_telling;
	struct au_err why; /* code 0: all is well */
};

static void ask(struct au_range *range);

static void
begin(struct au_range *range)
{
	au_arena_free(range->arena);
	range->arena = au_arena_new();
	range->group = (struct au_mapped){ .dn_norm = NULL };
	range->mark = NULL;
	range->open = 0;
	range->is_harvested = range->has_changed = false;
	range->why.code = 0;
}

static void
drop_wish(struct au_range *range)
{
	struct wish *wish = range->wishes;

	range->wishes = wish->next;
	if (range->wishes == NULL)
		range->tail = &range->wishes;
	free(wish->id);
	free(wish->dn);
	free(wish);
}

static void
next_group(struct au_range *range)
{
	range->tries = 0;
	begin(range);
	ask(range);
}

static void
give_up(struct au_range *range, enum au_range_failure failure)
{
	AU_CLEANUP(au_freep) char *id = au_xstrdup(range->wishes->id);
	struct au_err why = range->why;

	drop_wish(range);
	range->is_telling = true;
	range->events->failed(range->ctx, id, failure, &why);
	range->is_telling = false;
	next_group(range);
}

/* What searches did not find is no proof, unless a reading is being made that will be followed by another one. */
static void
judge(struct au_range *range)
{
	struct au_mapped *group = &range->group;
	bool is_silent = au_recipe_is_silent(&group->recipe, &range->groups->recipes);
	bool agrees = range->groups->reruns == NULL ||
		      au_reruns_agree(range->groups->reruns, group, group->roll.count - range->named, is_silent);

	group->is_some = group->lacks != NULL || (!agrees && !range->events->is_reading);
}

static void
deliver(struct au_range *range)
{
	if (range->is_harvested)
		judge(range);
	range->group.roll.range_count = 0;
	range->group.recipe = (struct au_recipe){ .urls = NULL };
	drop_wish(range);
	range->is_telling = true;
	range->events->read(range->ctx, &range->group);
	range->is_telling = false;
	next_group(range);
}

static void
again(struct au_range *range, enum au_range_failure failure)
{
	if (++range->tries == TRIES) {
		give_up(range, failure);
		return;
	}
	begin(range);
	ask(range);
}

/* "uSNChanged=17;"; empty when the server shows none of the marks. */
static const char *
read_mark(struct au_range *range, LDAPMessage *message, struct au_arena *arena)
{
	const char *mark = "";

	for (size_t i = 0; i < AU_COUNT(marks); i++) {
		struct berval **values = ldap_get_values_len(au_line_handle(range->line), message, marks[i]);
		if (values != NULL && values[0] != NULL)
			mark = au_arena_printf(
			    arena, "%s%s=%.*s;", mark, marks[i], (int)values[0]->bv_len, values[0]->bv_val);
		ldap_value_free_len(values);
	}
	return mark;
}

static void
refuse(struct au_range *range, const char *why)
{
	au_fail(&range->why, AU_EPROTO, "group '%s': %s", range->wishes->dn, why);
}

static void
add_members(struct au_range *range, const struct au_roll *part)
{
	for (size_t i = 0; i < part->count; i++)
		au_roll_add(&range->group.roll, range->arena, au_arena_strdup(range->arena, part->members[i]));
}

/* The lists that the server gives in parts, each from its beginning. */
static void
take_first(struct au_range *range, const struct au_mapped *part)
{
	for (size_t i = 0; i < part->roll.range_count; i++)
		if (part->roll.ranges[i].first != 0) {
			refuse(range, "the server does not begin with its first member");
			return;
		}
	range->group = *part;
}

/* It will not be taken (excess.h): the rest need not be asked for. */
static void
cut_off(struct au_range *range)
{
	struct au_roll *roll = &range->group.roll;

	if (roll->count <= (unsigned long long)range->groups->config->max_members)
		return;
	for (size_t i = 0; i < roll->range_count; i++)
		roll->ranges[i].next = 0;
}

static bool
goes_on(const struct au_roll_range *open, const struct au_roll *part)
{
	return part->range_count == 1 && au_strcaseeq(part->ranges[0].attribute, open->attribute) &&
	       part->ranges[0].first == open->next && (part->ranges[0].next == 0 || part->count > 0);
}

static void
take_next(struct au_range *range, const struct au_mapped *part)
{
	struct au_roll_range *open = &range->group.roll.ranges[range->open];

	/* Without a list, or from elsewhere: it is not as long any more. */
	if (!goes_on(open, &part->roll)) {
		range->has_changed = true;
		refuse(range, "its list of members does not go on where it ended");
		return;
	}
	open->next = part->roll.ranges[0].next;
	add_members(range, &part->roll);
	cut_off(range);
}

static void
take_part(struct au_range *range, LDAPMessage *message)
{
	/* The first part's texts are the group's. */
	AU_CLEANUP(au_arena_freep) struct au_arena *scratch = au_arena_new();
	bool is_first = range->group.dn_norm == NULL;
	struct au_arena *arena = is_first ? range->arena : scratch;
	struct au_mapped part;

	if (au_mapping_part(range->groups, au_line_handle(range->line), message, NULL, arena, &part, &range->why) < 0)
		return;
	const char *mark = read_mark(range, message, arena);
	if (strcmp(part.entry.id, range->wishes->id) != 0)
		refuse(range, "its name belongs to another group now");
	else if (mark[0] == '\0' && au_roll_is_part(&part.roll))
		refuse(range, "whether it changes while it is read cannot be told, for want of uSNChanged, entryCSN "
			      "and modifyTimestamp");
	else if (!is_first && strcmp(mark, range->mark) != 0) {
		range->has_changed = true;
		refuse(range, "it changed while it was read");
	} else if (is_first) {
		range->mark = mark;
		take_first(range, &part);
	} else if (!range->is_harvested)
		take_next(range, &part);
}

static bool
is_whole(struct au_range *range)
{
	const struct au_roll *roll = &range->group.roll;

	while (range->open < roll->range_count && roll->ranges[range->open].next == 0)
		range->open++;
	return range->open == roll->range_count;
}

static void
reap(struct au_range *range)
{
	range->named = range->group.roll.count;
	au_harvest_start(range->harvest, range->line, range->timeout_ms, range->arena, &range->group);
}

/* Where the server shows marks of change, they are looked at once more. */
static void
on_harvested(void *ctx)
{
	struct au_range *range = ctx;

	range->is_harvested = true;
	if (range->mark[0] != '\0')
		ask(range);
	else
		deliver(range);
}

static void
on_result(struct au_range *range, LDAPMessage *message)
{
	int code = LDAP_OTHER;
	int rc = ldap_parse_result(au_line_handle(range->line), message, &code, NULL, NULL, NULL, NULL, 0);
	bool is_first = range->group.dn_norm == NULL;

	range->message_id = 0;
	if (range->why.code == 0 && (rc != LDAP_SUCCESS || code != LDAP_SUCCESS)) {
		range->has_changed = !is_first;
		refuse(range, ldap_err2string(rc != LDAP_SUCCESS ? rc : code));
	} else if (range->why.code == 0 && !range->has_answer)
		refuse(range, "it cannot be found any more");
	if (range->why.code == 0 && !is_whole(range))
		ask(range);
	else if (range->why.code == 0 && !range->is_harvested && !au_recipe_is_empty(&range->group.recipe))
		reap(range);
	else if (range->why.code == 0)
		deliver(range);
	else if (range->has_changed)
		again(range, AU_RANGE_UNSTEADY);
	else
		give_up(range, AU_RANGE_REFUSED);
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_range *range = ctx;

	if (type == LDAP_RES_SEARCH_RESULT)
		on_result(range, message);
	else if (type != LDAP_RES_SEARCH_ENTRY || range->has_answer)
		refuse(range, "the server's answer is more than one entry");
	else {
		range->has_answer = true;
		take_part(range, message);
	}
}

/* All of it first, then what identifies it, one part of its members, and each time what tells of changes. */
static const char **
attributes_of(struct au_range *range, struct au_arena *arena)
{
	const struct au_mapping *groups = range->groups;
	const char **names = au_arena_alloc(arena, (groups->attribute_count + AU_COUNT(marks) + 3) * sizeof(*names));
	size_t count = 0;

	if (range->group.dn_norm == NULL)
		for (size_t i = 0; i < groups->attribute_count; i++)
			names[count++] = groups->attributes[i];
	else if (range->is_harvested)
		names[count++] = groups->identity->attribute;
	else {
		const struct au_roll_range *open = &range->group.roll.ranges[range->open];
		names[count++] = groups->identity->attribute;
		names[count++] = au_arena_printf(arena, "%s;range=%lld-*", open->attribute, open->next);
	}
	for (size_t i = 0; i < AU_COUNT(marks); i++)
		names[count++] = marks[i];
	return names;
}

static void
ask(struct au_range *range)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	if (range->line == NULL || range->wishes == NULL || range->message_id != 0)
		return;
	range->has_answer = false;
	struct au_line_search search = {
		.base = range->wishes->dn,
		.filter = "(objectClass=*)",
		.scope = LDAP_SCOPE_BASE,
		.attributes = attributes_of(range, arena),
		.timeout_ms = range->timeout_ms,
	};
	range->message_id = au_line_search(range->line, &search, on_answer, range);
}

struct au_range *
au_range_new(const struct au_mapping *groups, const struct au_range_events *events, void *ctx)
{
	struct au_range *range = au_xcalloc(1, sizeof(*range));

	*range = (struct au_range){ .groups = groups, .events = events, .ctx = ctx };
	range->tail = &range->wishes;
	range->harvest = au_harvest_new(groups, on_harvested, range);
	return range;
}

void
au_range_free(struct au_range *range)
{
	if (range == NULL)
		return;
	au_range_line(range, NULL, 0);
	au_harvest_free(range->harvest);
	au_arena_free(range->arena);
	free(range);
}

void
au_range_line(struct au_range *range, struct au_line *line, int64_t operation_timeout_ms)
{
	if (range->line != NULL && range->message_id != 0)
		au_line_abandon(range->line, range->message_id);
	range->message_id = 0;
	au_harvest_stop(range->harvest);
	while (range->wishes != NULL)
		drop_wish(range);
	range->line = line;
	range->timeout_ms = operation_timeout_ms;
}

void
au_range_ask(struct au_range *range, const char *id, const char *dn)
{
	struct wish *wish = au_xcalloc(1, sizeof(*wish));
	bool is_idle = range->wishes == NULL && !range->is_telling;

	*wish = (struct wish){ .id = au_xstrdup(id), .dn = au_xstrdup(dn) };
	*range->tail = wish;
	range->tail = &wish->next;
	if (is_idle)
		next_group(range);
}

bool
au_range_is_busy(const struct au_range *range)
{
	return range->wishes != NULL;
}
