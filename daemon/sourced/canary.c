/* SPDX-License-Identifier: ISC */
/* One after the other; only an answer that is certain counts, all other trouble is the connection's. */
#include "sourced/canary.h"

#include "base/mem.h"
#include "model/dn.h"

#include <event2/event.h>
#include <string.h>

struct canary {
	struct au_source_canary what;
	bool is_seen; /* in the answer that is coming */
	bool is_lost; /* and said so */
};

struct au_canaries {
	const struct au_source_config *config;
	const struct au_mapping *mappings[AU_SEARCHES];
	void (*lost)(void *ctx, const struct au_source_canary *canary);
	void *ctx;
	struct canary *list;
	size_t count, at; /* at: being looked for */
	struct au_line *line;
	struct event *due;
};

static void
plan(struct au_canaries *canaries)
{
	long long ms = canaries->config->probe_interval;
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(canaries->due, &wait);
}

static bool
is_dn(const char *text)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *norm;

	return strchr(text, '=') != NULL && au_dn_normalize(arena, text, &norm, NULL) == 0;
}

static void
add_all(struct au_canaries *canaries, enum au_search search, const json_t *names)
{
	const json_t *name;
	size_t index;

	canaries->list =
	    au_xrealloc(canaries->list, canaries->count + json_array_size(names) + 1, sizeof(*canaries->list));
	json_array_foreach (names, index, name) {
		const char *dn = json_string_value(name);
		if (is_dn(dn))
			canaries->list[canaries->count++] = (struct canary){ .what = { .search = search, .dn = dn } };
	}
}

static void ask(struct au_canaries *canaries);

/* What the result proves: success without the entry, or that there is none. */
static void
judge(struct au_canaries *canaries, LDAPMessage *message)
{
	struct canary *canary = &canaries->list[canaries->at];
	int code = LDAP_OTHER;

	int rc = ldap_parse_result(au_line_handle(canaries->line), message, &code, NULL, NULL, NULL, NULL, 0);
	if (rc != LDAP_SUCCESS || (code != LDAP_SUCCESS && code != LDAP_NO_SUCH_OBJECT))
		return;
	bool was_lost = canary->is_lost;
	canary->is_lost = code == LDAP_NO_SUCH_OBJECT || !canary->is_seen;
	if (canary->is_lost && !was_lost)
		canaries->lost(canaries->ctx, &canary->what);
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_canaries *canaries = ctx;

	if (type == LDAP_RES_SEARCH_ENTRY)
		canaries->list[canaries->at].is_seen = true;
	if (type != LDAP_RES_SEARCH_RESULT)
		return;
	judge(canaries, message);
	canaries->at++;
	ask(canaries);
}

/* Look for the next one; after the last, wait. */
static void
ask(struct au_canaries *canaries)
{
	static const char *const nothing[] = { LDAP_NO_ATTRS, NULL };

	if (canaries->at == canaries->count) {
		plan(canaries);
		return;
	}
	struct canary *canary = &canaries->list[canaries->at];
	struct au_line_search search = { .base = canary->what.dn,
		.filter = au_mapping_filter(canaries->mappings[canary->what.search]),
		.scope = LDAP_SCOPE_BASE,
		.attributes = nothing,
		.timeout_ms = canaries->config->operation_timeout };
	canary->is_seen = false;
	au_line_search(canaries->line, &search, on_answer, canaries);
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct au_canaries *canaries = arg;

	(void)fd;
	(void)what;
	canaries->at = 0;
	ask(canaries);
}

struct au_canaries *
au_canaries_new(struct event_base *base, const struct au_source_config *config,
    const struct au_mapping *const mappings[AU_SEARCHES],
    void (*lost)(void *ctx, const struct au_source_canary *canary), void *ctx)
{
	struct au_canaries *canaries = au_xcalloc(1, sizeof(*canaries));

	*canaries = (struct au_canaries){ .config = config, .lost = lost, .ctx = ctx };
	memcpy(canaries->mappings, mappings, sizeof(canaries->mappings));
	add_all(canaries, AU_SEARCH_PEOPLE, config->people_canaries);
	add_all(canaries, AU_SEARCH_GROUPS, config->groups_canaries);
	canaries->due = evtimer_new(base, on_due, canaries);
	return canaries;
}

void
au_canaries_free(struct au_canaries *canaries)
{
	if (canaries == NULL)
		return;
	event_free(canaries->due);
	free(canaries->list);
	free(canaries);
}

void
au_canaries_line(struct au_canaries *canaries, struct au_line *line)
{
	event_del(canaries->due);
	canaries->line = line;
	if (line != NULL && canaries->count > 0)
		plan(canaries);
}
