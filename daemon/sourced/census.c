/* SPDX-License-Identifier: ISC */
/* An entry without an id that can be read voids it: somebody would be thought gone. */
#include "sourced/census.h"

#include "sourced/identity.h"
#include "sourced/paged.h"

struct au_census {
	const struct au_mapping *mapping;
	const struct au_census_events *events;
	void *ctx;
	const char *attributes[2]; /* that of identity */
	struct au_paged paged;
	struct au_arena *arena; /* of ids */
	const char **ids;
	size_t count, cap;
};

struct au_census *
au_census_new(const struct au_mapping *mapping, const struct au_census_events *events, void *ctx)
{
	struct au_census *census = au_xcalloc(1, sizeof(*census));

	*census = (struct au_census){ .mapping = mapping, .events = events, .ctx = ctx };
	return census;
}

void
au_census_clear(struct au_census *census)
{
	au_paged_stop(&census->paged);
	au_arena_free(census->arena);
	census->arena = NULL;
	free(census->ids);
	census->ids = NULL;
	census->count = census->cap = 0;
}

void
au_census_free(struct au_census *census)
{
	if (census == NULL)
		return;
	au_census_clear(census);
	free(census);
}

size_t
au_census_count(const struct au_census *census)
{
	return census->count;
}

const char *
au_census_id(const struct au_census *census, size_t index)
{
	return census->ids[index];
}

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

static void
on_entry(void *ctx, LDAPMessage *message)
{
	struct au_census *census = ctx;
	const struct au_identity *identity = census->mapping->identity;
	AU_CLEANUP(free_values)
	struct berval **values = ldap_get_values_len(au_line_handle(census->paged.line), message, identity->attribute);
	const char *id = values != NULL && values[0] != NULL ? identity->text(census->arena, values[0]) : NULL;

	if (id == NULL) {
		struct au_fault fault;
		census->events->failed(census->ctx, au_fault_set(&fault, AU_FAULT_PARTIAL,
							"%s: an entry has no id that we may read", census->paged.name));
		return;
	}
	if (census->count == census->cap) {
		census->cap = census->cap > 0 ? 2 * census->cap : AU_PAGE_SIZE;
		census->ids = au_xrealloc(census->ids, census->cap, sizeof(*census->ids));
	}
	census->ids[census->count++] = id;
}

static void
on_ended(void *ctx, bool is_last)
{
	struct au_census *census = ctx;

	if (is_last)
		census->events->ended(census->ctx);
	else
		au_paged_ask(&census->paged);
}

static void
on_failed(void *ctx, const struct au_fault *fault)
{
	struct au_census *census = ctx;

	census->events->failed(census->ctx, fault);
}

static const struct au_paged_events paged_events = { .entry = on_entry, .ended = on_ended, .failed = on_failed };

void
au_census_start(struct au_census *census, struct au_line *line, int64_t operation_timeout_ms)
{
	au_census_clear(census);
	census->arena = au_arena_new();
	census->attributes[0] = census->mapping->identity->attribute;
	census->paged = (struct au_paged){ .name = au_search_name(census->mapping->search),
		.events = &paged_events,
		.ctx = census,
		.line = line,
		.search = { .base = au_mapping_base(census->mapping),
		    .filter = au_mapping_filter(census->mapping),
		    .scope = LDAP_SCOPE_SUBTREE,
		    .attributes = census->attributes,
		    .timeout_ms = operation_timeout_ms } };
	au_paged_ask(&census->paged);
}
