/* SPDX-License-Identifier: ISC */
/*
 * The number first, then whose it is: a controller that is restored in between
 * gives its new name to an old number, and not an old name to a new one.
 */
#include "sourced/usn_ask.h"

#include "base/str.h"
#include "sourced/ended.h"
#include "sourced/identity.h"
#include "sourced/root.h"

#include <string.h>

#define INVOCATION "invocationId"

struct au_usn_ask {
	const struct au_usn_ask_events *events;
	void *ctx;
	struct au_line *line;
	int64_t timeout_ms;
	int message_id;
	struct au_arena *arena; /* of the answer under way */
	const char *service;    /* DN of the controller's settings; NULL until it is known */
	struct au_usn_mark mark;
};

struct au_usn_ask *
au_usn_ask_new(const struct au_usn_ask_events *events, void *ctx)
{
	struct au_usn_ask *ask = au_xcalloc(1, sizeof(*ask));

	*ask = (struct au_usn_ask){ .events = events, .ctx = ctx };
	return ask;
}

void
au_usn_ask_stop(struct au_usn_ask *ask)
{
	if (ask->message_id != 0)
		au_line_abandon(ask->line, ask->message_id);
	ask->message_id = 0;
}

void
au_usn_ask_free(struct au_usn_ask *ask)
{
	if (ask == NULL)
		return;
	au_arena_free(ask->arena);
	free(ask);
}

static void
keep_database(struct au_usn_ask *ask, const char *text)
{
	if (strlen(text) <= AU_USN_DATABASE)
		memcpy(ask->mark.database, text, strlen(text) + 1);
}

static void
read_root(struct au_usn_ask *ask, LDAPMessage *message)
{
	struct au_root root;

	au_root_read(au_line_handle(ask->line), message, ask->arena, &root);
	if (!au_str_empty(root.ds_service_name) && au_usn_parse(root.highest_usn, &ask->mark.usn))
		ask->service = root.ds_service_name;
}

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

static void
read_service(struct au_usn_ask *ask, LDAPMessage *message)
{
	AU_CLEANUP(free_values)
	struct berval **values = ldap_get_values_len(au_line_handle(ask->line), message, INVOCATION);
	const char *id =
	    values != NULL && values[0] != NULL ? au_identity_object_guid.text(ask->arena, values[0]) : NULL;

	if (id != NULL)
		keep_database(ask, id);
}

static void ask_service(struct au_usn_ask *ask);

/* Who may not read the settings, or finds none, knows the controller by its name. */
static void
on_service(void *ctx, LDAPMessage *message, int type)
{
	struct au_usn_ask *ask = ctx;

	if (type == LDAP_RES_SEARCH_ENTRY)
		read_service(ask, message);
	else if (type == LDAP_RES_SEARCH_RESULT) {
		ask->message_id = 0;
		ask->events->known(ask->ctx, &ask->mark);
	}
}

static void
on_root_result(struct au_usn_ask *ask, LDAPMessage *message)
{
	AU_CLEANUP(au_ended_done) struct au_ended ended = au_ended_read(au_line_handle(ask->line), message);
	struct au_fault fault;

	ask->message_id = 0;
	if (ended.code != LDAP_SUCCESS)
		ask->events->failed(ask->ctx, au_ended_fault(&ended, "root DSE", &fault));
	else if (ask->service == NULL)
		ask->events->failed(ask->ctx,
		    au_fault_set(&fault, AU_FAULT_REFUSED, "the root DSE has no highestCommittedUSN that we may read"));
	else
		ask_service(ask);
}

static void
on_root(void *ctx, LDAPMessage *message, int type)
{
	struct au_usn_ask *ask = ctx;

	if (type == LDAP_RES_SEARCH_ENTRY)
		read_root(ask, message);
	else if (type == LDAP_RES_SEARCH_RESULT)
		on_root_result(ask, message);
}

static void
send(struct au_usn_ask *ask, const char *base, const char *const *attributes, au_line_answer *answer)
{
	struct au_line_search search = { .base = base,
		.filter = "(objectClass=*)",
		.scope = LDAP_SCOPE_BASE,
		.attributes = attributes,
		.timeout_ms = ask->timeout_ms };

	ask->message_id = au_line_search(ask->line, &search, answer, ask);
}

static void
ask_service(struct au_usn_ask *ask)
{
	static const char *const attributes[] = { INVOCATION, NULL };

	keep_database(ask, ask->service);
	send(ask, ask->service, attributes, on_service);
}

void
au_usn_ask(struct au_usn_ask *ask, struct au_line *line, int64_t operation_timeout_ms)
{
	static const char *const attributes[] = { "dsServiceName", "highestCommittedUSN", NULL };

	au_arena_free(ask->arena);
	ask->arena = au_arena_new();
	ask->line = line;
	ask->timeout_ms = operation_timeout_ms;
	ask->service = NULL;
	ask->mark = (struct au_usn_mark){ .usn = 0 };
	send(ask, "", attributes, on_root);
}
