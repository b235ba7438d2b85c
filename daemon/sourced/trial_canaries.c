/* SPDX-License-Identifier: ISC */
/* One after the other, each on a fresh turn of the loop: its search can be freed then. */
#include "sourced/trial_canaries.h"

#include "base/str.h"
#include "model/dn.h"
#include "sourced/ask.h"
#include "sourced/trial_report.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

struct au_trial_canaries {
	struct au_trial_canaries_config config;
	enum au_search search; /* whose canaries are looked for */
	size_t at;             /* in their list */
	bool is_seen;
	struct au_ask *ask;
	struct event *go;
};

static const json_t *
list_of(const struct au_trial_canaries *canaries)
{
	const struct au_source_config *config = canaries->config.mappings[canaries->search].config;

	return canaries->search == AU_SEARCH_PEOPLE ? config->people_canaries : config->groups_canaries;
}

static const char *
current(const struct au_trial_canaries *canaries)
{
	return json_string_value(json_array_get(list_of(canaries), canaries->at));
}

static bool
is_dn(const char *text)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *norm;

	return strchr(text, '=') != NULL && au_dn_normalize(arena, text, &norm, NULL) == 0;
}

/* ---- what came of one ---- */

static void
tell(struct au_trial_canaries *canaries, const char *is)
{
	json_t *item = json_object();

	au_json_set_str(item, "search", au_search_name(canaries->search));
	au_trial_text(item, "name", current(canaries));
	au_json_set_str(item, "is", is);
	au_trial_append(canaries->config.report, "canaries", item);
	canaries->at++;
	event_active(canaries->go, EV_TIMEOUT, 0);
}

/* Nothing that is missing may be removed then. */
static void
tell_lost(struct au_trial_canaries *canaries, const char *is, const char *why)
{
	au_trial_find(canaries->config.report, AU_TRIAL_WARNING,
	    "%s_canaries: '%s' is not seen: %s; removals would be held", au_search_name(canaries->search),
	    current(canaries), why);
	tell(canaries, is);
}

static void
on_entry(void *ctx, LDAPMessage *message)
{
	struct au_trial_canaries *canaries = ctx;

	(void)message;
	canaries->is_seen = true;
}

static void
on_ended(void *ctx, const struct au_asked *asked)
{
	struct au_trial_canaries *canaries = ctx;

	if (asked->code == LDAP_SUCCESS && canaries->is_seen)
		tell(canaries, "seen");
	else if (asked->code == LDAP_SUCCESS)
		tell_lost(canaries, "other", "it does not match the filter, or this account may not read it");
	else if (asked->code == LDAP_NO_SUCH_OBJECT)
		tell_lost(canaries, "absent", "there is no such entry, or this account may not know of it");
	else
		tell_lost(canaries, "unknown", ldap_err2string(asked->code));
}

/* ---- one after the other ---- */

static void
ask(struct au_trial_canaries *canaries)
{
	static const char *const nothing[] = { LDAP_NO_ATTRS, NULL };
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;
	struct au_command_search what = { .base = current(canaries),
		.filter = au_mapping_filter(&canaries->config.mappings[canaries->search]),
		.scope = LDAP_SCOPE_BASE,
		.attributes = nothing };

	au_command_ldapsearch(&line, canaries->config.as, &what);
	au_trial_append(canaries->config.report, "commands", json_string(au_str_get(&line)));
	canaries->is_seen = false;
	canaries->ask = au_ask_new(&(struct au_ask_config){ .line = canaries->config.line,
	    .base = what.base,
	    .filter = what.filter,
	    .scope = what.scope,
	    .attributes = what.attributes,
	    .timeout_ms = canaries->config.timeout_ms,
	    .entry = on_entry,
	    .ended = on_ended,
	    .ctx = canaries });
}

static void
on_go(evutil_socket_t fd, short what, void *arg)
{
	struct au_trial_canaries *canaries = arg;

	(void)fd;
	(void)what;
	au_ask_free(canaries->ask);
	canaries->ask = NULL;
	if (current(canaries) == NULL && canaries->search == AU_SEARCH_PEOPLE) {
		canaries->search = AU_SEARCH_GROUPS;
		canaries->at = 0;
	}
	if (current(canaries) == NULL)
		canaries->config.ended(canaries->config.ctx);
	else if (is_dn(current(canaries)))
		ask(canaries);
	else
		tell(canaries, "left");
}

struct au_trial_canaries *
au_trial_canaries_new(const struct au_trial_canaries_config *config)
{
	struct au_trial_canaries *canaries = au_xcalloc(1, sizeof(*canaries));

	*canaries = (struct au_trial_canaries){ .config = *config, .search = AU_SEARCH_PEOPLE };
	canaries->go = evtimer_new(config->base, on_go, canaries);
	event_active(canaries->go, EV_TIMEOUT, 0);
	return canaries;
}

void
au_trial_canaries_free(struct au_trial_canaries *canaries)
{
	if (canaries == NULL)
		return;
	au_ask_free(canaries->ask);
	event_free(canaries->go);
	free(canaries);
}
