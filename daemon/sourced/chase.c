/* SPDX-License-Identifier: ISC */
/*
 * The base of each look-up is the object itself, in Active Directory's form
 * <GUID=...> (MS-ADTS section 3.1.1.3.1.2.4), which finds it under any name.
 * Looking up more than was asked does no harm, so little is remembered of what
 * was asked before: what is told is always what was true a moment ago.
 *
 * Groups name their members by DN, and a member that gets another DN does not
 * count as a change of the group.  So a move also asks for the groups of what
 * moved.
 */
#include "sourced/chase.h"

#include "base/map.h"
#include "base/str.h"
#include "model/dn.h"
#include "sourced/identity.h"
#include "sourced/paged.h"
#include "sourced/range.h"
#include "sourced/root.h"

#include <string.h>

/* Servers close connections with too many outstanding requests. */
#define OUTSTANDING 32
#define MEMBER_OF "memberOf"

/* A group with no more members is read whole, which mends what may be amiss. */
#define MEMBER "member"
#define FEW_MEMBERS MEMBER ";range=0-499"

enum kind {
	ASK_ENTRY,  /* of ours, with all that is mapped */
	ASK_CHANGE, /* the same, but of members only a few */
	ASK_ID,     /* only the id of what is at a DN, for it is none of ours */
	ASK_GROUPS  /* of which what is there is a direct member */
};

struct question {
	struct au_chase *chase;
	enum kind kind;
	char *id;   /* NULL until it is known */
	char *base; /* DN, in either form */
	bool below, is_sent, is_seen;
	struct au_arena *arena;          /* of members */
	struct au_ledger_change members; /* of ASK_CHANGE */
	struct au_paged paged;
	struct question *next;
};

struct au_chase {
	const struct au_mapping *mapping;
	const struct au_chase_events *events;
	void *ctx;
	struct au_arena *arena;
	const char *base_norm;
	const char *only_id[2];
	const char **few; /* attributes of ASK_CHANGE */
	struct au_line *line;
	int64_t timeout_ms;
	struct question *questions, **tail;
	unsigned outstanding;
	struct au_range *range; /* groups whose members come in parts */
	struct au_map *groups;  /* DNs of groups that were asked for since it was idle */
};

static void
free_question(struct question *question)
{
	au_arena_free(question->arena);
	free(question->id);
	free(question->base);
	au_paged_stop(&question->paged);
	free(question);
}

static const struct au_range_events range_events;

struct au_chase *
au_chase_new(const struct au_mapping *mapping, const struct au_chase_events *events, void *ctx)
{
	struct au_chase *chase = au_xcalloc(1, sizeof(*chase));

	*chase = (struct au_chase){
		.mapping = mapping, .events = events, .ctx = ctx, .arena = au_arena_new(), .groups = au_map_new()
	};
	/* A base that is no DN has been refused long before. */
	if (au_dn_normalize(chase->arena, au_mapping_base(mapping), &chase->base_norm, NULL) < 0)
		chase->base_norm = au_mapping_base(mapping);
	chase->tail = &chase->questions;
	chase->range = au_range_new(mapping, &range_events, chase);
	return chase;
}

void
au_chase_free(struct au_chase *chase)
{
	if (chase == NULL)
		return;
	au_chase_stop(chase);
	au_range_free(chase->range);
	au_map_free(chase->groups, NULL);
	free(chase->few);
	au_arena_free(chase->arena);
	free(chase);
}

bool
au_chase_is_idle(const struct au_chase *chase)
{
	return chase->questions == NULL && !au_range_is_busy(chase->range);
}

static void
list_few(struct au_chase *chase)
{
	const struct au_mapping *mapping = chase->mapping;

	free(chase->few);
	chase->few = au_xcalloc(mapping->attribute_count + 1, sizeof(*chase->few));
	for (size_t i = 0; i < mapping->attribute_count; i++)
		chase->few[i] = au_strcaseeq(mapping->attributes[i], MEMBER) ? FEW_MEMBERS : mapping->attributes[i];
}

void
au_chase_start(struct au_chase *chase, struct au_line *line, int64_t operation_timeout_ms)
{
	chase->only_id[0] = chase->mapping->identity->attribute;
	list_few(chase);
	chase->line = line;
	chase->timeout_ms = operation_timeout_ms;
	au_range_line(chase->range, line, operation_timeout_ms);
}

static void
forget_groups(struct au_chase *chase)
{
	au_map_free(chase->groups, NULL);
	chase->groups = au_map_new();
}

void
au_chase_stop(struct au_chase *chase)
{
	forget_groups(chase);
	au_range_line(chase->range, NULL, 0);
	while (chase->questions != NULL) {
		struct question *question = chase->questions;
		chase->questions = question->next;
		free_question(question);
	}
	chase->tail = &chase->questions;
	chase->outstanding = 0;
	chase->line = NULL;
}

static void
fail_partial(struct au_chase *chase, const char *why)
{
	struct au_fault fault;

	chase->events->failed(
	    chase->ctx, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s", au_search_name(chase->mapping->search), why));
}

/* ---- groups in parts ---- */

static void
tell_idle(struct au_chase *chase)
{
	if (!au_chase_is_idle(chase))
		return;
	forget_groups(chase);
	chase->events->idle(chase->ctx);
}

static void
on_range_read(void *ctx, const struct au_mapped *group)
{
	struct au_chase *chase = ctx;

	chase->events->found(chase->ctx, group);
	tell_idle(chase);
}

static void
on_range_failed(void *ctx, const char *id, enum au_range_failure failure, const struct au_err *err)
{
	(void)id;
	(void)failure;
	fail_partial(ctx, err->text);
}

static const struct au_range_events range_events = { .read = on_range_read, .failed = on_range_failed };

/* ---- answers ---- */

/* What is there is ours: is it what was asked for, or something below it? */
static void
on_ours(struct question *question, const struct au_mapped *mapped)
{
	struct au_chase *chase = question->chase;
	bool is_it = question->id == NULL || strcmp(question->id, mapped->entry.id) == 0;

	question->is_seen = question->is_seen || is_it;
	if (au_dn_is_below(mapped->dn_norm, chase->base_norm) && au_mapped_is_part(mapped))
		au_range_ask(chase->range, mapped->entry.id, mapped->entry.dn);
	else if (au_dn_is_below(mapped->dn_norm, chase->base_norm))
		chase->events->found(chase->ctx, mapped);
	else
		chase->events->gone(chase->ctx, mapped->entry.id);
}

/* Whether what is known of a group's change does: it has many members, and none that no value of its own names. */
static bool
is_told_by_change(const struct question *question, const struct au_mapped *group)
{
	return question->kind == ASK_CHANGE && au_roll_is_part(&group->roll) && group->recipe.url_count == 0 &&
	       !group->recipe.in_chain && au_dn_is_below(group->dn_norm, question->chase->base_norm);
}

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

static void
take_id(struct question *question, LDAPMessage *message)
{
	struct au_chase *chase = question->chase;
	const struct au_identity *identity = chase->mapping->identity;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(free_values)
	struct berval **values = ldap_get_values_len(au_line_handle(chase->line), message, identity->attribute);
	const char *id = values != NULL && values[0] != NULL ? identity->text(arena, values[0]) : NULL;

	if (id != NULL)
		chase->events->gone(chase->ctx, id);
}

static void
take_groups(struct question *question, LDAPMessage *message)
{
	struct au_chase *chase = question->chase;
	AU_CLEANUP(free_values)
	struct berval **values = ldap_get_values_len(au_line_handle(chase->line), message, MEMBER_OF);

	for (size_t i = 0; values != NULL && values[i] != NULL; i++)
		if (!au_map_has(chase->groups, values[i]->bv_val)) {
			au_map_put(chase->groups, values[i]->bv_val, chase);
			au_chase_dn(chase, values[i]->bv_val);
		}
}

static void
take_entry(struct question *question, LDAPMessage *message)
{
	struct au_chase *chase = question->chase;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped mapped;
	struct au_err err;

	if (au_mapping_part(chase->mapping, au_line_handle(chase->line), message, NULL, arena, &mapped, &err) < 0)
		fail_partial(chase, err.text);
	else if (is_told_by_change(question, &mapped)) {
		question->is_seen = true;
		chase->events->changed(chase->ctx, &mapped, &question->members);
	} else
		on_ours(question, &mapped);
}

static void
on_entry(void *ctx, LDAPMessage *message)
{
	struct question *question = ctx;

	switch (question->kind) {
	case ASK_ENTRY:
	case ASK_CHANGE:
		take_entry(question, message);
		break;
	case ASK_ID:
		take_id(question, message);
		break;
	case ASK_GROUPS:
		take_groups(question, message);
		break;
	}
}

static void ask_more(struct au_chase *chase);

static void
drop(struct question *question)
{
	struct au_chase *chase = question->chase;
	struct question **at = &chase->questions;

	while (*at != question)
		at = &(*at)->next;
	*at = question->next;
	if (chase->tail == &question->next)
		chase->tail = at;
	free_question(question);
}

/* One answer is whole.  What was not in it is not ours; of a DN we have yet to ask whose it is. */
static void
on_whole(struct question *question)
{
	struct au_chase *chase = question->chase;
	bool is_missed = (question->kind == ASK_ENTRY || question->kind == ASK_CHANGE) && !question->is_seen;

	if (is_missed && question->id == NULL) {
		question->kind = ASK_ID;
		question->is_sent = false;
	} else {
		if (is_missed)
			chase->events->gone(chase->ctx, question->id);
		drop(question);
	}
	ask_more(chase);
	tell_idle(chase);
}

static void
on_ended(void *ctx, bool is_last)
{
	struct question *question = ctx;

	question->chase->outstanding--;
	if (is_last) {
		on_whole(question);
		return;
	}
	question->is_sent = false;
	ask_more(question->chase);
}

static void
on_failed(void *ctx, const struct au_fault *fault)
{
	struct question *question = ctx;

	question->chase->events->failed(question->chase->ctx, fault);
}

static const struct au_paged_events paged_events = { .entry = on_entry, .ended = on_ended, .failed = on_failed };

/* ---- questions ---- */

static void
send_question(struct au_chase *chase, struct question *question)
{
	static const char *const only_groups[] = { MEMBER_OF, NULL };
	const struct {
		const char *filter, *const *attributes;
	} asked[] = {
		[ASK_ENTRY] = { au_mapping_filter(chase->mapping), chase->mapping->attributes },
		[ASK_CHANGE] = { au_mapping_filter(chase->mapping), chase->few },
		[ASK_ID] = { "(objectClass=*)", chase->only_id },
		[ASK_GROUPS] = { "(" MEMBER_OF "=*)", only_groups },
	};

	question->paged.search = (struct au_line_search){
		.base = question->base,
		.filter = asked[question->kind].filter,
		.scope = question->below ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_BASE,
		.attributes = asked[question->kind].attributes,
		.timeout_ms = chase->timeout_ms,
	};
	question->is_sent = true;
	chase->outstanding++;
	au_paged_ask(&question->paged);
}

static void
ask_more(struct au_chase *chase)
{
	for (struct question *q = chase->questions;
	     q != NULL && chase->line != NULL && chase->outstanding < OUTSTANDING; q = q->next)
		if (!q->is_sent)
			send_question(chase, q);
}

static void
ask(struct au_chase *chase, const struct question *asked)
{
	struct question *question = au_xcalloc(1, sizeof(*question));

	*question = *asked;
	question->chase = chase;
	question->paged = (struct au_paged){ .name = au_search_name(chase->mapping->search),
		.events = &paged_events,
		.ctx = question,
		.line = chase->line,
		.is_single = !asked->below,
		.may_be_missing = true };
	*chase->tail = question;
	chase->tail = &question->next;
	ask_more(chase);
}

void
au_chase_id(struct au_chase *chase, const char *id, bool below)
{
	ask(chase, &(struct question){ .id = au_xstrdup(id), .base = au_xasprintf("<GUID=%s>", id), .below = below });
	if (below && chase->mapping->search == AU_SEARCH_GROUPS)
		ask(chase,
		    &(struct question){ .kind = ASK_GROUPS, .base = au_xasprintf("<GUID=%s>", id), .below = true });
}

static const char **
copy_names(struct au_arena *arena, const char *const *names, size_t count)
{
	const char **copy = au_arena_alloc(arena, (count + 1) * sizeof(*copy));

	for (size_t i = 0; i < count; i++)
		copy[i] = au_arena_strdup(arena, names[i]);
	return copy;
}

void
au_chase_members(struct au_chase *chase, const char *id, const struct au_ledger_change *members)
{
	struct au_arena *arena = au_arena_new();

	ask(chase, &(struct question){ .kind = ASK_CHANGE,
		       .id = au_xstrdup(id),
		       .base = au_xasprintf("<GUID=%s>", id),
		       .arena = arena,
		       .members = { .joined = copy_names(arena, members->joined, members->joined_count),
			   .left = copy_names(arena, members->left, members->left_count),
			   .joined_count = members->joined_count,
			   .left_count = members->left_count } });
}

void
au_chase_dn(struct au_chase *chase, const char *dn)
{
	ask(chase, &(struct question){ .base = au_xstrdup(dn) });
}
