/* SPDX-License-Identifier: ISC */
/*
 * Loads one key's entries, memberships, API user, accounts and open steps.
 * Entries of sources that are no longer configured are left out: they state nothing.
 */
#include "reconcile/gather.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "model/dn.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/fact.h"
#include "store/owner.h"
#include "store/step.h"

static void
order_entries(const struct au_policy *policy, struct au_gathered *g)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->entry_count; i++)
		if (au_policy_rank(policy, g->entries[i].source) < policy->order_count)
			g->entries[kept++] = g->entries[i];
	g->entry_count = kept;
	/* Insertion sort keeps the store's order (by id) within a source; there are a handful of entries per key. */
	for (size_t i = 1; i < kept; i++)
		for (size_t j = i; j > 0; j--) {
			struct au_entry *a = &g->entries[j - 1], *b = &g->entries[j], swap;
			if (au_policy_rank(policy, a->source) <= au_policy_rank(policy, b->source))
				break;
			swap = *a;
			*a = *b;
			*b = swap;
		}
}

/* Nobody tells of it when a date comes that a client has pushed: time alone disables then. */
static void
settle_entries(struct au_gathered *g)
{
	long long now_ms = au_clock_wall_ms();

	for (size_t i = 0; i < g->entry_count; i++)
		if (g->entries[i].expires_ms != 0 && g->entries[i].expires_ms <= now_ms)
			g->entries[i].active = false;
}

static void
add_group(struct au_arena *arena, struct au_gathered *g, const struct au_belongs *how, const struct au_entry *group)
{
	if (g->group_count == g->group_cap) {
		g->group_cap = g->group_cap > 0 ? 2 * g->group_cap : 16;
		struct au_belongs *grown = au_arena_alloc(arena, g->group_cap * sizeof *grown);
		for (size_t i = 0; i < g->group_count; i++)
			grown[i] = g->groups[i];
		g->groups = grown;
	}
	struct au_belongs *to = &g->groups[g->group_count++];

	*to = *how;
	to->group_id = group->id;
	to->name = group->dn ? group->dn : group->display_name;
	to->name_fold = au_text_fold(arena, group->display_name ? group->display_name : "");
	if (group->dn)
		(void)au_dn_normalize(arena, group->dn, &to->dn_norm, NULL);
}

static void
free_map(struct au_map **map)
{
	au_map_free(*map, NULL);
}

/* The group that holds others is one of those on the way from the entry to it: then the way goes round. */
static void
note_ring(struct au_arena *arena, struct au_gathered *g, const struct au_belongs *how, const char *holder)
{
	size_t at = how->member;
	const char *way = how->depth > 0 ? g->groups[at].name : NULL;

	for (size_t depth = how->depth; depth > 0 && g->ring[how->entry] == NULL; depth--) {
		if (au_streq(g->groups[at].group_id, holder))
			g->ring[how->entry] = au_arena_printf(arena, "%s > %s", way, g->groups[at].name);
		at = g->groups[at].member;
		if (depth > 1)
			way = au_arena_printf(arena, "%s > %s", g->groups[at].name, way);
	}
}

/* The groups that hold one member, which is the entry or a group; those that were met before are left out. */
static int
gather_holders(struct au_store_tx *tx, struct au_arena *arena, struct au_gathered *g, const char *member_id,
    const struct au_belongs *how, struct au_map *met, struct au_err *err)
{
	struct au_entry *found = NULL;
	size_t count = 0;
	int rc = au_store_member_groups(tx, arena, g->entries[how->entry].source, member_id, &found, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (au_map_has(met, found[i].id)) {
			note_ring(arena, g, how, found[i].id);
			continue;
		}
		au_map_put(met, found[i].id, met);
		add_group(arena, g, how, &found[i]);
	}
	return rc;
}

/* A group as deep as groups are looked at. */
static int
note_cut(struct au_store_tx *tx, struct au_arena *arena, struct au_gathered *g, size_t at, const struct au_map *met,
    struct au_err *err)
{
	const struct au_belongs *group = &g->groups[at];
	struct au_entry *found = NULL;
	size_t count = 0;
	int rc =
	    au_store_member_groups(tx, arena, g->entries[group->entry].source, group->group_id, &found, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (!au_map_has(met, found[i].id))
			g->cut[group->entry] = group->name;
	return rc;
}

/* Breadth first, so that each group is found on its shortest way; each is asked once, so that cycles end. */
static int
gather_groups_of(struct au_store_tx *tx, struct au_arena *arena, size_t nested_depth, struct au_gathered *g,
    size_t entry, struct au_err *err)
{
	AU_CLEANUP(free_map) struct au_map *met = au_map_new();
	size_t next = g->group_count;
	struct au_belongs how = { .entry = entry };
	int rc = gather_holders(tx, arena, g, g->entries[entry].id, &how, met, err);

	for (; rc == 0 && next < g->group_count && g->groups[next].depth < nested_depth; next++) {
		/* Who has a role or an entitlement has it alone. */
		if (au_grant_is(g->groups[next].group_id))
			continue;
		how.depth = g->groups[next].depth + 1;
		how.member = next;
		rc = gather_holders(tx, arena, g, g->groups[next].group_id, &how, met, err);
	}
	for (; rc == 0 && next < g->group_count && g->cut[entry] == NULL; next++)
		rc = note_cut(tx, arena, g, next, met, err);
	return rc;
}

static int
gather_groups(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_gathered *g,
    struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < g->entry_count; i++)
		rc = gather_groups_of(tx, arena, (size_t)policy->nested_depth, g, i, err);
	return rc;
}

const char *
au_gather_chain(struct au_arena *arena, const struct au_gathered *g, const struct au_belongs *group)
{
	const char *chain = group->name;

	while (group->depth > 0) {
		group = &g->groups[group->member];
		chain = au_arena_printf(arena, "%s > %s", group->name, chain);
	}
	return chain;
}

/* By what people know somebody. */
static const char *
name_of(const struct au_entry *entry)
{
	if (!au_str_empty(entry->mail))
		return entry->mail;
	return !au_str_empty(entry->display_name) ? entry->display_name : entry->user_name;
}

/* The owner that the API user had at the last look is the one that the entry names still, and the source had him. */
static bool
was_known(const struct au_gathered *g, const struct au_entry *entry)
{
	return g->has_user && g->user.owner_state != AU_OWNER_FINE && au_streq(g->user.owner_ref, entry->owner_dn);
}

/* Of a SCIM client's: the user of that id, or else the name that came with the id, which outlasts him. */
static int
gather_manager(struct au_store_tx *tx, struct au_arena *arena, const struct au_gathered *g, struct au_entry *entry,
    enum au_owner_state *ret, struct au_err *err)
{
	struct au_entry manager;
	int rc = au_store_entry_get(tx, arena, entry->source, entry->owner_dn, &manager, err);

	if (rc == 0) {
		entry->owner = name_of(&manager);
		*ret = manager.active ? AU_OWNER_HERE : AU_OWNER_DISABLED;
	} else if (rc == AU_ENOENT && au_streq(entry->owner, entry->owner_dn))
		entry->owner = NULL;
	if (rc == AU_ENOENT && was_known(g, entry))
		*ret = AU_OWNER_GONE;
	return rc == AU_ENOENT ? 0 : rc;
}

/* That of a directory, if it is one of the people that are known from there. */
static int
gather_owner(struct au_store_tx *tx, struct au_arena *arena, struct au_entry *entry, enum au_owner_state *ret,
    struct au_err *err)
{
	struct au_entry owner;
	int rc = au_store_owner_get(tx, arena, entry->source, entry->owner_dn, &entry->owner, err);

	if (rc < 0)
		return rc;
	rc = au_store_entry_by_dn(tx, arena, entry->source, entry->owner_dn, &owner, err);
	if (rc == 0)
		*ret = owner.active ? AU_OWNER_HERE : AU_OWNER_DISABLED;
	return rc == AU_ENOENT ? 0 : rc;
}

/* Who was known by name, and is not any more, is gone; of whom nobody ever could say, nothing is said. */
static void
settle_owner(const struct au_gathered *g, size_t i)
{
	const struct au_apiuser *user = &g->user;

	if (g->entries[i].owner_dn == NULL || g->entries[i].owner != NULL || !g->has_user)
		return;
	if (au_streq(user->owner_ref, g->entries[i].owner_dn) &&
	    (user->owner != NULL || user->owner_state != AU_OWNER_FINE))
		g->owner[i] = AU_OWNER_GONE;
}

/* An owner that is named by DN is shown by what its entry is called, and by nothing while that is not known. */
static int
gather_owners(struct au_store_tx *tx, struct au_arena *arena, struct au_gathered *g, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < g->entry_count; i++) {
		struct au_entry *entry = &g->entries[i];
		if (entry->owner_dn != NULL && entry->dn == NULL)
			rc = gather_manager(tx, arena, g, entry, &g->owner[i], err);
		else if (entry->owner_dn != NULL)
			rc = gather_owner(tx, arena, entry, &g->owner[i], err);
		settle_owner(g, i);
	}
	return rc;
}

/* Whoever is quarantined has a problem, so the others need not be asked for. */
static int
gather_trouble(struct au_store_tx *tx, struct au_arena *arena, const struct au_account *account,
    struct au_trouble **ret, struct au_err *err)
{
	struct au_trouble *trouble;
	int rc;

	if (!account->problem)
		return 0;
	trouble = au_arena_alloc(arena, sizeof *trouble);
	rc = au_store_trouble_get(tx, arena, account->id, trouble, err);
	if (rc == 0 && trouble->since_ms)
		*ret = trouble;
	return rc == AU_ENOENT ? 0 : rc;
}

static int
gather_accounts(struct au_store_tx *tx, struct au_arena *arena, struct au_gathered *g, struct au_err *err)
{
	int rc = au_store_apiuser_by_key(tx, arena, g->key, &g->user, err);

	if (rc == AU_ENOENT)
		return 0;
	if (rc < 0)
		return rc;
	g->has_user = true;
	rc = au_store_account_by_apiuser(tx, arena, g->user.id, &g->accounts, &g->account_count, err);
	if (rc < 0)
		return rc;
	g->open = au_arena_alloc(arena, (g->account_count + 1) * sizeof *g->open);
	g->open_count = au_arena_alloc(arena, (g->account_count + 1) * sizeof *g->open_count);
	g->trouble = au_arena_alloc(arena, (g->account_count + 1) * sizeof *g->trouble);
	for (size_t i = 0; i < g->account_count; i++) {
		rc = au_store_step_open(tx, arena, g->accounts[i].id, &g->open[i], &g->open_count[i], err);
		if (rc == 0)
			rc = gather_trouble(tx, arena, &g->accounts[i], &g->trouble[i], err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int
au_gather(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, const char *key,
    struct au_gathered *ret, struct au_err *err)
{
	struct au_gathered g = { .key = key };
	int rc = au_store_entry_by_key(tx, arena, key, &g.entries, &g.entry_count, err);

	if (rc < 0)
		return rc;
	order_entries(policy, &g);
	settle_entries(&g);
	g.ring = au_arena_alloc(arena, (g.entry_count + 1) * sizeof *g.ring);
	g.cut = au_arena_alloc(arena, (g.entry_count + 1) * sizeof *g.cut);
	g.owner = au_arena_alloc(arena, (g.entry_count + 1) * sizeof *g.owner);
	rc = gather_accounts(tx, arena, &g, err);
	if (rc == 0)
		rc = gather_owners(tx, arena, &g, err);
	if (rc == 0)
		rc = gather_groups(tx, arena, policy, &g, err);
	if (rc < 0)
		return rc;
	*ret = g;
	return 0;
}

static void
judge(struct au_arena *arena, const struct au_source_row *row, struct au_readiness *to)
{
	bool is_sound = row->state == AU_SOURCE_NEW || row->state == AU_SOURCE_OK || row->state == AU_SOURCE_STALE;

	to->may_remove = row->complete && row->state != AU_SOURCE_NEW && is_sound;
	to->reading = !row->complete && is_sound;
	if (!to->may_remove)
		to->text = au_arena_printf(arena, "source '%s' is %s%s", to->source, au_source_state_name(row->state),
		    row->complete ? "" : ", not yet read completely");
}

int
au_gather_readiness(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    struct au_readiness **ret, size_t *ret_count, struct au_err *err)
{
	const struct au_settings *settings = policy->settings;
	struct au_readiness *list = au_arena_alloc(arena, (settings->source_count + 1) * sizeof *list);

	for (size_t i = 0; i < settings->source_count; i++) {
		struct au_source_row row = { .state = AU_SOURCE_NEW };
		int rc = au_store_source_verdict(tx, arena, settings->sources[i].name, &row, err);
		if (rc < 0 && rc != AU_ENOENT)
			return rc;
		list[i].source = settings->sources[i].name;
		judge(arena, &row, &list[i]);
	}
	*ret = list;
	*ret_count = settings->source_count;
	return 0;
}

const char *
au_gather_obstacle(const struct au_policy *policy, const struct au_readiness *readiness, size_t count,
    const char *target, bool *ret_reading)
{
	const struct au_settings *settings = policy->settings;
	const char *text = NULL;
	bool reading = true;

	for (size_t i = 0; i < settings->rule_count; i++) {
		const struct au_rule *rule = &settings->rules[i];
		const struct au_template *template = au_policy_template(policy, rule->template);
		if (!template || !au_streq(template->target, target))
			continue;
		for (size_t k = 0; k < count; k++) {
			if (!au_streq(readiness[k].source, rule->source) || readiness[k].may_remove)
				continue;
			text = text ? text : readiness[k].text;
			reading = reading && readiness[k].reading;
		}
	}
	*ret_reading = text && reading;
	return text;
}
