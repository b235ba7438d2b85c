/* SPDX-License-Identifier: ISC */
/* Source order decides which value wins; a doubled key within one source is for a person to settle. */
#include "reconcile/merge.h"

#include "base/str.h"

static void
take(const char **to, const char *value)
{
	if (au_str_empty(*to) && !au_str_empty(value))
		*to = value;
}

/* Name and reference are of one owner, also when only one of them is known. */
static void
take_owner(struct au_apiuser *user, const struct au_entry *entry, enum au_owner_state state)
{
	if (!au_str_empty(user->owner) || !au_str_empty(user->owner_ref))
		return;
	take(&user->owner, entry->owner);
	take(&user->owner_ref, entry->owner_dn);
	user->owner_state = state;
}

/* The earliest one counts. */
static void
take_end(struct au_apiuser *user, long long ms)
{
	if (ms != 0 && (user->expires_ms == 0 || ms < user->expires_ms))
		user->expires_ms = ms;
}

static const char *
find_conflict(struct au_arena *arena, const struct au_gathered *g)
{
	for (size_t i = 1; i < g->entry_count; i++) {
		const struct au_entry *a = &g->entries[i - 1], *b = &g->entries[i];
		if (au_streq(a->source, b->source))
			return au_arena_printf(arena, "source '%s' has two entries for '%s': %s and %s", a->source,
			    g->key, a->dn ? a->dn : a->id, b->dn ? b->dn : b->id);
	}
	return NULL;
}

void
au_merge(struct au_arena *arena, const struct au_gathered *g, struct au_apiuser *ret)
{
	struct au_apiuser user = { .id = g->user.id,
		.key = g->key,
		.created_ms = g->user.created_ms,
		.changed_ms = g->user.changed_ms,
		.term_ms = g->user.term_ms,
		.told_ms = g->user.told_ms,
		.owner_ms = g->user.owner_ms };

	for (size_t i = 0; i < g->entry_count; i++) {
		const struct au_entry *entry = &g->entries[i];
		take(&user.user_name, entry->user_name);
		take(&user.display_name, entry->display_name);
		take(&user.given_name, entry->given_name);
		take(&user.family_name, entry->family_name);
		take(&user.mail, entry->mail);
		take(&user.application, entry->application);
		take_owner(&user, entry, g->owner != NULL ? g->owner[i] : AU_OWNER_FINE);
		take_end(&user, entry->expires_ms);
	}
	take_end(&user, user.term_ms);
	user.conflict = find_conflict(arena, g);
	*ret = user;
}

bool
au_merge_differs(const struct au_apiuser *a, const struct au_apiuser *b)
{
	return !au_streq(a->key, b->key) || !au_streq(a->user_name, b->user_name) ||
	       !au_streq(a->display_name, b->display_name) || !au_streq(a->given_name, b->given_name) ||
	       !au_streq(a->family_name, b->family_name) || !au_streq(a->mail, b->mail) ||
	       !au_streq(a->owner, b->owner) || !au_streq(a->owner_ref, b->owner_ref) ||
	       !au_streq(a->application, b->application) || !au_streq(a->conflict, b->conflict) ||
	       a->expires_ms != b->expires_ms || a->owner_state != b->owner_state || a->owner_ms != b->owner_ms;
}
