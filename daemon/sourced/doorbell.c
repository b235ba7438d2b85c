/* SPDX-License-Identifier: ISC */
/*
 * MS-ADTS section 3.1.1.3.4.1.9: no other filter is taken, and old controllers
 * take no other base below which to look than a partition's root.  The control
 * is critical, as a server that passes over it would send everything there is.
 */
#include "sourced/doorbell.h"

#include "base/mem.h"
#include "sourced/ended.h"

#define OID "1.2.840.113556.1.4.528"

struct au_doorbell {
	const struct au_doorbell_events *events;
	void *ctx;
	struct au_line *line;
	int message_id; /* 0: it does not hang */
};

struct au_doorbell *
au_doorbell_new(const struct au_doorbell_events *events, void *ctx)
{
	struct au_doorbell *bell = au_xcalloc(1, sizeof(*bell));

	*bell = (struct au_doorbell){ .events = events, .ctx = ctx };
	return bell;
}

void
au_doorbell_free(struct au_doorbell *bell)
{
	free(bell);
}

bool
au_doorbell_is_offered(const struct au_root *root)
{
	return au_root_has_control(root, OID);
}

static void
on_result(struct au_doorbell *bell, LDAPMessage *message)
{
	AU_CLEANUP(au_ended_done) struct au_ended ended = au_ended_read(au_line_handle(bell->line), message);
	struct au_fault fault;

	bell->message_id = 0;
	bell->events->broke(bell->ctx, au_ended_fault(&ended, "change notification", &fault));
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_doorbell *bell = ctx;

	if (type == LDAP_RES_SEARCH_ENTRY)
		bell->events->rung(bell->ctx);
	else if (type == LDAP_RES_SEARCH_RESULT)
		on_result(bell, message);
}

void
au_doorbell_hang(struct au_doorbell *bell, struct au_line *line, const char *partition)
{
	static const char *const nothing[] = { LDAP_NO_ATTRS, NULL };
	LDAPControl control = { .ldctl_oid = (char[]){ OID }, .ldctl_iscritical = 1 };
	LDAPControl *controls[] = { &control, NULL };
	struct au_line_search search = { .base = partition,
		.filter = "(objectClass=*)",
		.scope = LDAP_SCOPE_SUBTREE,
		.attributes = nothing,
		.controls = controls };

	bell->line = line;
	bell->message_id = au_line_search(line, &search, on_answer, bell);
}

void
au_doorbell_take_down(struct au_doorbell *bell)
{
	if (bell->message_id != 0)
		au_line_abandon(bell->line, bell->message_id);
	bell->message_id = 0;
}
