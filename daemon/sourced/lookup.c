/* SPDX-License-Identifier: ISC */
/*
 * A member is absent only if the directory says that its entry does not exist.
 * Any other trouble leaves it unknown.  A DN is asked for once with each filter,
 * as an answer does not tell which part of a filter it matched.
 */
#include "sourced/lookup.h"

#include "base/str.h"
#include "model/dn.h"
#include "model/ref.h"
#include "sourced/root.h"

#include <string.h>

/* Servers close connections with too many outstanding requests. */
#define OUTSTANDING 32

struct question {
	struct au_lookup *lookup;
	long long id;
	char *ref;
	bool is_sent;
	enum au_search search;          /* as which it is being asked for */
	enum au_lookup_verdict verdict; /* of what has come so far */
	struct au_arena *arena;
	struct au_mapped found;
	struct question *next;
};

struct au_lookup {
	const struct au_mapping *mappings[AU_SEARCHES];
	struct au_channel *channel;
	struct au_arena *arena;
	const char *bases[AU_SEARCHES]; /* normal DNs */
	struct au_line *line;
	int64_t timeout_ms;
	struct question *questions, **tail;
	unsigned outstanding;
};

static void ask_more(struct au_lookup *lookup);

static void
free_question(struct question *question)
{
	free(question->ref);
	au_arena_free(question->arena);
	free(question);
}

static void
unlink_question(struct au_lookup *lookup, struct question *question)
{
	struct question **at = &lookup->questions;

	while (*at != question)
		at = &(*at)->next;
	*at = question->next;
	if (lookup->tail == &question->next)
		lookup->tail = at;
}

static void
answer(struct question *question)
{
	struct au_lookup *lookup = question->lookup;
	struct au_source_resolved resolved = { .id = question->id, .verdict = question->verdict };

	AU_CLEANUP(au_json_decrefp) json_t *entry = NULL;

	if (resolved.verdict == AU_LOOKUP_FOUND) {
		resolved.entry = entry = au_entry_to_json(&question->found.entry);
		resolved.dn_norm = question->found.dn_norm;
	}
	au_channel_send(lookup->channel, au_source_resolved_to_json(&resolved), false);
	unlink_question(lookup, question);
	free_question(question);
}

static enum au_lookup_verdict
verdict_of(int code)
{
	switch (code) {
	case LDAP_SUCCESS:
		return AU_LOOKUP_OUTSIDE;
	case LDAP_NO_SUCH_OBJECT:
	case LDAP_INVALID_DN_SYNTAX:
		return AU_LOOKUP_ABSENT;
	default:
		return AU_LOOKUP_UNKNOWN;
	}
}

static void
on_entry(struct question *question, LDAPMessage *message)
{
	struct au_lookup *lookup = question->lookup;

	/* Of two people with one name neither is meant. */
	if (question->verdict != 0)
		question->verdict = AU_LOOKUP_OUTSIDE;
	else if (au_mapping_entry(lookup->mappings[question->search], au_line_handle(lookup->line), message, NULL,
		     question->arena, &question->found, NULL) < 0)
		question->verdict = AU_LOOKUP_UNKNOWN;
	else if (au_dn_is_below(question->found.dn_norm, lookup->bases[question->search]))
		question->verdict = AU_LOOKUP_FOUND;
	else
		question->verdict = AU_LOOKUP_OUTSIDE;
}

static bool
may_be_a_group(const struct question *question)
{
	return question->search == AU_SEARCH_PEOPLE && au_ref_user_name(question->ref) == NULL;
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct question *question = ctx;
	struct au_lookup *lookup = question->lookup;
	int code = LDAP_OTHER;

	if (type == LDAP_RES_SEARCH_ENTRY) {
		on_entry(question, message);
		return;
	}
	if (type != LDAP_RES_SEARCH_RESULT) {
		question->verdict = AU_LOOKUP_UNKNOWN;
		return;
	}
	int rc = ldap_parse_result(au_line_handle(lookup->line), message, &code, NULL, NULL, NULL, NULL, 0);
	lookup->outstanding--;
	if (rc == LDAP_SUCCESS && code == LDAP_SUCCESS && question->verdict == 0 && may_be_a_group(question)) {
		question->search = AU_SEARCH_GROUPS;
		question->is_sent = false;
	} else {
		if (rc != LDAP_SUCCESS || code != LDAP_SUCCESS || question->verdict == 0)
			question->verdict = verdict_of(rc != LDAP_SUCCESS ? rc : code);
		answer(question);
	}
	ask_more(lookup);
}

/* Whom it names is of interest, not who is in it. */
static const char *const *
attributes_of(struct question *question, const struct au_mapping *mapping)
{
	const char **names = au_arena_alloc(question->arena, (mapping->attribute_count + 1) * sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < mapping->attribute_count; i++)
		if (!au_mapping_is_member(mapping, mapping->attributes[i]))
			names[count++] = mapping->attributes[i];
	return names;
}

static void
send_question(struct au_lookup *lookup, struct question *question)
{
	const struct au_mapping *mapping = lookup->mappings[question->search];
	const char *user_name = au_ref_user_name(question->ref);
	struct au_line_search search = {
		.base = user_name != NULL ? au_mapping_base(mapping) : question->ref,
		.filter = user_name != NULL ? au_mapping_name_filter(mapping, question->arena, user_name)
					    : au_mapping_filter(mapping),
		.scope = user_name != NULL ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_BASE,
		.attributes = attributes_of(question, mapping),
		.timeout_ms = lookup->timeout_ms,
	};

	if (au_line_search(lookup->line, &search, on_answer, question) == 0)
		return; /* the line failed; the next one is asked again */
	question->is_sent = true;
	question->verdict = 0;
	lookup->outstanding++;
}

static void
ask_more(struct au_lookup *lookup)
{
	for (struct question *q = lookup->questions;
	     q != NULL && lookup->line != NULL && lookup->outstanding < OUTSTANDING; q = q->next)
		if (!q->is_sent)
			send_question(lookup, q);
}

int
au_lookup_new(const struct au_mapping *const mappings[AU_SEARCHES], struct au_channel *channel, struct au_lookup **ret,
    struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *bases[AU_SEARCHES];

	for (int i = 0; i < AU_SEARCHES; i++)
		if (au_dn_normalize(arena, au_mapping_base(mappings[i]), &bases[i], err) < 0)
			return au_err_prefix(err, AU_EINVAL, "base of %s", au_search_name(i));
	struct au_lookup *lookup = au_xcalloc(1, sizeof(*lookup));
	*lookup = (struct au_lookup){ .channel = channel, .arena = arena };
	memcpy(lookup->mappings, mappings, sizeof(lookup->mappings));
	memcpy(lookup->bases, bases, sizeof(lookup->bases));
	lookup->tail = &lookup->questions;
	arena = NULL;
	*ret = lookup;
	return 0;
}

void
au_lookup_free(struct au_lookup *lookup)
{
	if (lookup == NULL)
		return;
	while (lookup->questions != NULL) {
		struct question *question = lookup->questions;
		lookup->questions = question->next;
		free_question(question);
	}
	au_arena_free(lookup->arena);
	free(lookup);
}

void
au_lookup_ask(struct au_lookup *lookup, const struct au_source_lookup *asked)
{
	struct question *question = au_xcalloc(1, sizeof(*question));

	*question = (struct question){
		.lookup = lookup, .id = asked->id, .ref = au_xstrdup(asked->dn), .arena = au_arena_new()
	};
	*lookup->tail = question;
	lookup->tail = &question->next;
	ask_more(lookup);
}

void
au_lookup_line(struct au_lookup *lookup, struct au_line *line, int64_t operation_timeout_ms)
{
	lookup->line = line;
	lookup->timeout_ms = operation_timeout_ms;
	lookup->outstanding = 0;
	for (struct question *q = lookup->questions; q != NULL; q = q->next)
		q->is_sent = false;
	ask_more(lookup);
}
