/* SPDX-License-Identifier: ISC */
/* One question at a time: there are few names, and nobody waits for them. */
#include "sourced/owner_names.h"

#include "base/str.h"
#include "model/pick.h"
#include "sourced/ended.h"
#include "sourced/mapping.h"
#include "wire/source_msg.h"

#include <string.h>

struct question {
	char *dn_norm;
	struct question *next;
};

struct au_owner_names {
	struct au_channel *channel;
	struct au_arena *arena;
	struct au_pick pick;
	const char **attributes;
	int64_t timeout_ms;
	struct au_line *line;
	struct question *questions, **tail;
	int message_id; /* of the first of them; 0: it is not asked */
	char *name;     /* of what has come so far */
};

static void ask_next(struct au_owner_names *names);

/* ---- the answer ---- */

struct values {
	LDAP *ld;
	LDAPMessage *message;
	struct au_arena *arena;
};

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

static const char *const *
values_of(void *ctx, const char *attribute)
{
	const struct values *values = ctx;
	AU_CLEANUP(free_values)
	struct berval **list = ldap_get_values_len(values->ld, values->message, attribute);
	size_t count = (size_t)ldap_count_values_len(list);
	struct berval *plain = au_arena_alloc(values->arena, (count + 1) * sizeof(*plain));

	for (size_t i = 0; i < count; i++)
		plain[i] = *list[i];
	return au_mapping_values(values->arena, plain);
}

static void
on_entry(struct au_owner_names *names, LDAPMessage *message)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct values values = { au_line_handle(names->line), message, arena };

	free(names->name);
	names->name = au_xstrdup(au_pick_text(&names->pick, arena, values_of, &values));
}

static void
drop_first(struct au_owner_names *names)
{
	struct question *question = names->questions;

	names->questions = question->next;
	if (names->questions == NULL)
		names->tail = &names->questions;
	free(question->dn_norm);
	free(question);
}

static enum au_lookup_verdict
verdict_of(const struct au_owner_names *names, int code)
{
	if (code == LDAP_SUCCESS && names->name != NULL)
		return AU_LOOKUP_FOUND;
	switch (code) {
	case LDAP_SUCCESS:
	case LDAP_NO_SUCH_OBJECT:
	case LDAP_INVALID_DN_SYNTAX:
	case LDAP_INSUFFICIENT_ACCESS:
		return AU_LOOKUP_ABSENT;
	default:
		return AU_LOOKUP_UNKNOWN;
	}
}

static void
on_result(struct au_owner_names *names, LDAPMessage *message)
{
	AU_CLEANUP(au_ended_done)
	struct au_ended ended = au_ended_read(au_line_handle(names->line), message);
	struct au_source_owned owned = { .dn_norm = names->questions->dn_norm,
		.verdict = verdict_of(names, ended.code) };

	if (owned.verdict == AU_LOOKUP_FOUND)
		owned.name = names->name;
	au_channel_send(names->channel, au_source_owned_to_json(&owned), false);
	names->message_id = 0;
	drop_first(names);
	ask_next(names);
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_owner_names *names = ctx;

	if (type == LDAP_RES_SEARCH_ENTRY)
		on_entry(names, message);
	else if (type == LDAP_RES_SEARCH_RESULT)
		on_result(names, message);
}

/* ---- the question ---- */

static void
ask_next(struct au_owner_names *names)
{
	if (names->line == NULL || names->questions == NULL || names->message_id != 0)
		return;
	free(names->name);
	names->name = NULL;
	names->message_id = au_line_search(names->line,
	    &(struct au_line_search){ .base = names->questions->dn_norm,
		.filter = "(objectClass=*)",
		.scope = LDAP_SCOPE_BASE,
		.attributes = names->attributes,
		.timeout_ms = names->timeout_ms },
	    on_answer, names);
}

void
au_owner_names_ask(struct au_owner_names *names, const char *dn_norm)
{
	struct question *question = au_xcalloc(1, sizeof(*question));

	question->dn_norm = au_xstrdup(dn_norm);
	*names->tail = question;
	names->tail = &question->next;
	ask_next(names);
}

void
au_owner_names_line(struct au_owner_names *names, struct au_line *line)
{
	names->line = line;
	names->message_id = 0;
	ask_next(names);
}

/* ---- beginning and end ---- */

static void
list_attributes(struct au_owner_names *names)
{
	size_t count = 0;

	for (size_t i = 0; i < names->pick.count; i++)
		count += names->pick.choices[i].count;
	names->attributes = au_arena_alloc(names->arena, (count + 2) * sizeof(*names->attributes));
	count = 0;
	for (size_t i = 0; i < names->pick.count; i++)
		for (size_t k = 0; k < names->pick.choices[i].count; k++)
			if (names->pick.choices[i].parts[k].attribute != NULL)
				names->attributes[count++] = names->pick.choices[i].parts[k].attribute;
	if (count == 0)
		names->attributes[0] = LDAP_NO_ATTRS;
}

int
au_owner_names_new(const struct au_source_config *config, struct au_channel *channel, struct au_owner_names **ret,
    struct au_err *err)
{
	struct au_owner_names *names = au_xcalloc(1, sizeof(*names));

	*names = (struct au_owner_names){
		.channel = channel, .arena = au_arena_new(), .timeout_ms = config->operation_timeout
	};
	names->tail = &names->questions;
	if (config->owner_name != NULL &&
	    au_pick_parse(names->arena, config->owner_name, &names->pick, err) < 0) {
		au_owner_names_free(names);
		return AU_EINVAL;
	}
	list_attributes(names);
	*ret = names;
	return 0;
}

void
au_owner_names_free(struct au_owner_names *names)
{
	if (names == NULL)
		return;
	while (names->questions != NULL)
		drop_first(names);
	free(names->name);
	au_arena_free(names->arena);
	free(names);
}
