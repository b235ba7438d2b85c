/* SPDX-License-Identifier: ISC */
/*
 * Only the names of what is found are asked for, and where it matters of which domain it is.  Everything that goes
 * wrong with a search is the group's own: whoever wrote it must not be able to spoil the reading of the others.
 */
#include "sourced/harvest.h"

#include "base/str.h"
#include "model/dn.h"
#include "sourced/paged.h"

#include <string.h>

struct au_harvest {
	const struct au_mapping *groups;
	au_harvest_ended *ended;
	void *ctx;
	struct au_line *line;
	int64_t timeout_ms;
	struct au_arena *arena;
	struct au_mapped *group;
	struct au_recipe_search *searches;
	size_t count, at;
	long long found;
	const char *attributes[2];
	struct au_paged paged;
};

struct au_harvest *
au_harvest_new(const struct au_mapping *groups, au_harvest_ended *ended, void *ctx)
{
	struct au_harvest *harvest = au_xcalloc(1, sizeof(*harvest));

	*harvest = (struct au_harvest){ .groups = groups, .ended = ended, .ctx = ctx };
	return harvest;
}

void
au_harvest_free(struct au_harvest *harvest)
{
	if (harvest == NULL)
		return;
	au_harvest_stop(harvest);
	free(harvest);
}

void
au_harvest_stop(struct au_harvest *harvest)
{
	au_paged_stop(&harvest->paged);
	harvest->group = NULL;
}

static void
lack(struct au_harvest *harvest, const char *why)
{
	if (harvest->group->lacks == NULL)
		harvest->group->lacks = au_arena_strdup(harvest->arena, why);
}

static void
lack_of_search(struct au_harvest *harvest, const char *why)
{
	AU_CLEANUP(au_freep)
	char *text = au_xasprintf("%s: %s", harvest->searches[harvest->at].what, why);

	lack(harvest, text);
}

static void run(struct au_harvest *harvest);

static void
run_next(struct au_harvest *harvest)
{
	au_paged_stop(&harvest->paged);
	harvest->at++;
	run(harvest);
}

/* ---- who is found ---- */

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

/* A SID of the domain is the domain's own with one number more; the second byte counts numbers. */
static bool
is_of_domain(const struct berval *sid, const struct berval *domain)
{
	return sid->bv_len == domain->bv_len + AU_SID_NUMBER &&
	       memcmp(sid->bv_val, domain->bv_val, domain->bv_len) == 0;
}

/* Numbers of primary groups mean something within a domain only; a global catalog knows several of them. */
static bool
is_meant(struct au_harvest *harvest, LDAPMessage *message)
{
	const struct au_recipe_search *search = &harvest->searches[harvest->at];

	if (search->sid == NULL)
		return true;
	AU_CLEANUP(free_values)
	struct berval **values = ldap_get_values_len(au_line_handle(harvest->line), message, search->sid);
	if (values == NULL || values[0] == NULL) {
		lack_of_search(harvest, "somebody's objectSid cannot be read");
		return false;
	}
	return is_of_domain(values[0], &search->domain);
}

static void
free_dn(char **dn)
{
	ldap_memfree(*dn);
}

static void
on_entry(void *ctx, LDAPMessage *message)
{
	struct au_harvest *harvest = ctx;
	AU_CLEANUP(free_dn) char *dn = ldap_get_dn(au_line_handle(harvest->line), message);
	const char *norm;

	if (dn == NULL || au_dn_normalize(harvest->arena, dn, &norm, NULL) < 0)
		lack_of_search(harvest, "an entry's DN cannot be read");
	else if (++harvest->found > harvest->groups->config->dynamic_members) {
		lack_of_search(harvest, "more are found than dynamic_members allows");
		run_next(harvest);
	} else if (is_meant(harvest, message))
		au_roll_add(&harvest->group->roll, harvest->arena, norm);
}

/* ---- one search after the other ---- */

static void
on_ended(void *ctx, bool is_last)
{
	struct au_harvest *harvest = ctx;

	if (is_last)
		run_next(harvest);
	else
		au_paged_ask(&harvest->paged);
}

static void
on_failed(void *ctx, const struct au_fault *fault)
{
	struct au_harvest *harvest = ctx;

	lack(harvest, fault->text);
	run_next(harvest);
}

static const struct au_paged_events paged_events = { .entry = on_entry, .ended = on_ended, .failed = on_failed };

static void
run(struct au_harvest *harvest)
{
	if (harvest->at == harvest->count) {
		harvest->group = NULL;
		harvest->ended(harvest->ctx);
		return;
	}
	const struct au_recipe_search *search = &harvest->searches[harvest->at];
	harvest->attributes[0] = search->sid != NULL ? search->sid : LDAP_NO_ATTRS;
	harvest->paged = (struct au_paged){ .name = search->what,
		.events = &paged_events,
		.ctx = harvest,
		.line = harvest->line,
		.search = { .base = search->base,
		    .filter = search->filter,
		    .scope = search->scope,
		    .attributes = harvest->attributes,
		    .timeout_ms = harvest->timeout_ms,
		    .is_foreign = true } };
	au_paged_ask(&harvest->paged);
}

void
au_harvest_start(struct au_harvest *harvest, struct au_line *line, int64_t operation_timeout_ms, struct au_arena *arena,
    struct au_mapped *group)
{
	au_harvest_stop(harvest);
	harvest->line = line;
	harvest->timeout_ms = operation_timeout_ms;
	harvest->arena = arena;
	harvest->group = group;
	harvest->found = 0;
	harvest->at = 0;
	harvest->count = au_recipe_searches(
	    &group->recipe, &harvest->groups->recipes, group->entry.dn, arena, &harvest->searches, &group->lacks);
	run(harvest);
}
