/* SPDX-License-Identifier: ISC */
/* A name is looked for among the people; a DN is read, with the filter of people and then with that of groups. */
#include "sourced/trial_members.h"

#include "model/ref.h"
#include "sourced/trial_report.h"
#include "wire/source_msg.h"

#include <event2/event.h>

struct au_trial_members {
	struct au_trial_members_config config;
	struct au_arena *arena;
	size_t at;             /* in the list of members */
	enum au_search search; /* as which it is being asked for */
	enum au_lookup_verdict verdict;
	struct au_ask *ask;
	struct event *go;
};

static const struct au_trial_member *
current(const struct au_trial_members *members)
{
	return &members->config.groups->members[members->at];
}

static const char *
word_of(const struct au_trial_members *members)
{
	switch (members->verdict) {
	case AU_LOOKUP_FOUND:
		return members->search == AU_SEARCH_PEOPLE ? "person" : "group";
	case AU_LOOKUP_OUTSIDE:
		return "outside";
	case AU_LOOKUP_ABSENT:
		return "absent";
	case AU_LOOKUP_UNKNOWN:
		break;
	}
	return "unknown";
}

static void
begin(struct au_trial_members *members)
{
	members->search = AU_SEARCH_PEOPLE;
	members->verdict = AU_LOOKUP_OUTSIDE;
	event_active(members->go, EV_TIMEOUT, 0);
}

static void
on_entry(void *ctx, LDAPMessage *message)
{
	struct au_trial_members *members = ctx;

	(void)message;
	members->verdict = AU_LOOKUP_FOUND;
}

static bool
may_be_a_group(const struct au_trial_members *members)
{
	return members->verdict == AU_LOOKUP_OUTSIDE && members->search == AU_SEARCH_PEOPLE &&
	       au_ref_user_name(current(members)->ref) == NULL;
}

static void
on_ended(void *ctx, const struct au_asked *asked)
{
	struct au_trial_members *members = ctx;

	if (asked->code == LDAP_NO_SUCH_OBJECT || asked->code == LDAP_INVALID_DN_SYNTAX)
		members->verdict = AU_LOOKUP_ABSENT;
	else if (asked->code != LDAP_SUCCESS)
		members->verdict = AU_LOOKUP_UNKNOWN;
	if (may_be_a_group(members)) {
		members->search = AU_SEARCH_GROUPS;
		event_active(members->go, EV_TIMEOUT, 0);
		return;
	}
	au_json_set_str(current(members)->json, "is", word_of(members));
	members->at++;
	begin(members);
}

static void
ask(struct au_trial_members *members)
{
	static const char *const nothing[] = { LDAP_NO_ATTRS, NULL };
	const struct au_mapping *mapping = &members->config.mappings[members->search];
	const char *ref = current(members)->ref, *name = au_ref_user_name(ref);

	members->ask = au_ask_new(&(struct au_ask_config){ .line = members->config.line,
	    .base = name != NULL ? au_mapping_base(mapping) : ref,
	    .filter = name != NULL ? au_mapping_name_filter(mapping, members->arena, name) : au_mapping_filter(mapping),
	    .scope = name != NULL ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_BASE,
	    .attributes = nothing,
	    .timeout_ms = members->config.timeout_ms,
	    .entry = on_entry,
	    .ended = on_ended,
	    .ctx = members });
}

static void
on_go(evutil_socket_t fd, short what, void *arg)
{
	struct au_trial_members *members = arg;

	(void)fd;
	(void)what;
	au_ask_free(members->ask);
	members->ask = NULL;
	if (members->at < members->config.groups->member_count)
		ask(members);
	else
		members->config.ended(members->config.ctx);
}

struct au_trial_members *
au_trial_members_new(const struct au_trial_members_config *config)
{
	struct au_trial_members *members = au_xcalloc(1, sizeof(*members));

	*members = (struct au_trial_members){ .config = *config, .arena = au_arena_new() };
	members->go = evtimer_new(config->base, on_go, members);
	begin(members);
	return members;
}

void
au_trial_members_free(struct au_trial_members *members)
{
	if (members == NULL)
		return;
	au_ask_free(members->ask);
	event_free(members->go);
	au_arena_free(members->arena);
	free(members);
}
