/* SPDX-License-Identifier: ISC */
/* An entry without an id that can be read voids it: somebody would be thought gone. */
#include "sourced/census.h"

#include "sourced/identity.h"
#include "sourced/page.h"

struct au_census {
	const struct au_mapping *mapping;
	const struct au_census_events *events;
	void *ctx;
	struct au_line *line;
	int64_t timeout_ms;
	int message_id;
	struct au_page page;
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
	if (census->message_id != 0)
		au_line_abandon(census->line, census->message_id);
	census->message_id = 0;
	au_page_clear(&census->page);
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
fail_partial(struct au_census *census, const char *why)
{
	struct au_fault fault;

	census->events->failed(census->ctx,
	    au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s", au_search_name(census->mapping->search), why));
}

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

static void
on_entry(struct au_census *census, LDAPMessage *message)
{
	const struct au_identity *identity = census->mapping->identity;
	AU_CLEANUP(free_values)
	struct berval **values = ldap_get_values_len(au_line_handle(census->line), message, identity->attribute);
	const char *id = values != NULL && values[0] != NULL ? identity->text(census->arena, values[0]) : NULL;

	if (id == NULL) {
		fail_partial(census, "an entry has no id that we may read");
		return;
	}
	if (census->count == census->cap) {
		census->cap = census->cap > 0 ? 2 * census->cap : AU_PAGE_SIZE;
		census->ids = au_xrealloc(census->ids, census->cap, sizeof(*census->ids));
	}
	census->ids[census->count++] = id;
}

static void ask_page(struct au_census *census);

static void
on_result(struct au_census *census, LDAPMessage *message)
{
	AU_CLEANUP(au_page_free_controls) LDAPControl **controls = NULL;
	char *text = NULL;
	int code = LDAP_OTHER;
	bool is_last = true;
	struct au_fault fault;
	struct au_err err;

	census->message_id = 0;
	int rc = ldap_parse_result(au_line_handle(census->line), message, &code, NULL, &text, NULL, &controls, 0);
	if (rc != LDAP_SUCCESS)
		code = rc;
	if (code != LDAP_SUCCESS)
		census->events->failed(
		    census->ctx, au_fault_from_code(&fault, code, au_search_name(census->mapping->search), text));
	else if (au_page_read(au_line_handle(census->line), controls, &census->page, &is_last, &err) < 0)
		fail_partial(census, err.text);
	else if (is_last)
		census->events->ended(census->ctx);
	else
		ask_page(census);
	ldap_memfree(text);
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_census *census = ctx;

	if (type == LDAP_RES_SEARCH_ENTRY)
		on_entry(census, message);
	else if (type == LDAP_RES_SEARCH_RESULT)
		on_result(census, message);
	else
		fail_partial(census, "the server refers to another one for a part of the answer");
}

static void
ask_page(struct au_census *census)
{
	const char *const attributes[] = { census->mapping->identity->attribute, NULL };
	LDAPControl *control = NULL, *controls[2] = { NULL, NULL };
	struct au_fault fault;

	int rc = au_page_request(au_line_handle(census->line), &census->page, &control);
	if (rc != LDAP_SUCCESS) {
		census->events->failed(census->ctx, au_fault_from_code(&fault, rc, "page control", NULL));
		return;
	}
	controls[0] = control;
	struct au_line_search search = {
		.base = au_mapping_base(census->mapping),
		.filter = au_mapping_filter(census->mapping),
		.scope = LDAP_SCOPE_SUBTREE,
		.attributes = attributes,
		.controls = controls,
		.timeout_ms = census->timeout_ms,
	};
	census->message_id = au_line_search(census->line, &search, on_answer, census);
	ldap_control_free(control);
}

void
au_census_start(struct au_census *census, struct au_line *line, int64_t operation_timeout_ms)
{
	au_census_clear(census);
	census->arena = au_arena_new();
	census->line = line;
	census->timeout_ms = operation_timeout_ms;
	ask_page(census);
}
