/* SPDX-License-Identifier: ISC */
/* Each round reads the root DSE, then the contextCSN where there is one.  The line's own timeout tells of silence. */
#include "sourced/probe.h"

#include "base/mem.h"
#include "base/str.h"
#include "sourced/ended.h"

#include <event2/event.h>

struct au_probe {
	struct event *timer;
	int64_t interval_ms, timeout_ms;
	const struct au_probe_events *events;
	void *ctx;
	struct au_line *line;
	struct au_arena *arena; /* of the root */
	struct au_root root;
	const char *context_of;
	bool is_rooted, got_root;
	char *suspect; /* a number that was newer at the last round */
};

static void
plan_next(struct au_probe *probe)
{
	struct timeval wait = { probe->interval_ms / 1000, probe->interval_ms % 1000 * 1000 };

	event_add(probe->timer, &wait);
}

/* True when the number is newer than what we know. */
static bool
judge(struct au_probe *probe, const char *csn)
{
	if (!probe->events->is_newer(probe->ctx, csn))
		return false;
	if (au_streq(probe->suspect, csn))
		probe->events->behind(probe->ctx);
	free(probe->suspect);
	probe->suspect = au_xstrdup(csn);
	return true;
}

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

static void
on_context(void *ctx, LDAPMessage *message, int type)
{
	struct au_probe *probe = ctx;

	if (type == LDAP_RES_SEARCH_ENTRY) {
		AU_CLEANUP(free_values)
		struct berval **values = ldap_get_values_len(au_line_handle(probe->line), message, "contextCSN");
		for (size_t i = 0; values != NULL && values[i] != NULL; i++)
			if (judge(probe, values[i]->bv_val))
				break;
	} else if (type == LDAP_RES_SEARCH_RESULT)
		plan_next(probe);
}

static void
ask_context(struct au_probe *probe)
{
	static const char *const attributes[] = { "contextCSN", NULL };
	const char *context = au_root_context(&probe->root, probe->context_of);
	struct au_line_search search = { .base = context,
		.filter = "(objectClass=*)",
		.scope = LDAP_SCOPE_BASE,
		.attributes = attributes,
		.timeout_ms = probe->timeout_ms };

	if (context == NULL || !au_root_has_control(&probe->root, LDAP_CONTROL_SYNC))
		plan_next(probe);
	else
		au_line_search(probe->line, &search, on_context, probe);
}

static void
on_root_result(struct au_probe *probe, LDAPMessage *message)
{
	AU_CLEANUP(au_ended_done) struct au_ended ended = au_ended_read(au_line_handle(probe->line), message);
	struct au_fault fault;

	if (ended.code != LDAP_SUCCESS)
		probe->events->failed(probe->ctx, au_ended_fault(&ended, "root DSE", &fault));
	else if (!probe->got_root)
		probe->events->failed(probe->ctx, au_fault_set(&fault, AU_FAULT_SETUP, "the root DSE cannot be read"));
	else if (!probe->is_rooted) {
		probe->is_rooted = true;
		plan_next(probe);
		probe->events->rooted(probe->ctx, &probe->root);
	} else
		ask_context(probe);
}

static void
on_root(void *ctx, LDAPMessage *message, int type)
{
	struct au_probe *probe = ctx;

	/* The first one counts for as long as the line lives: others hold on to it. */
	if (type == LDAP_RES_SEARCH_ENTRY && !probe->got_root) {
		au_root_read(au_line_handle(probe->line), message, probe->arena, &probe->root);
		probe->got_root = true;
	} else if (type == LDAP_RES_SEARCH_RESULT)
		on_root_result(probe, message);
}

static void
ask_root(struct au_probe *probe)
{
	struct au_line_search search = { .base = "",
		.filter = "(objectClass=*)",
		.scope = LDAP_SCOPE_BASE,
		.attributes = au_root_attributes,
		.timeout_ms = probe->timeout_ms };

	au_line_search(probe->line, &search, on_root, probe);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	ask_root(arg);
}

struct au_probe *
au_probe_new(
    struct event_base *base, int64_t interval_ms, int64_t timeout_ms, const struct au_probe_events *events, void *ctx)
{
	struct au_probe *probe = au_xcalloc(1, sizeof(*probe));

	*probe =
	    (struct au_probe){ .interval_ms = interval_ms, .timeout_ms = timeout_ms, .events = events, .ctx = ctx };
	probe->timer = evtimer_new(base, on_timer, probe);
	return probe;
}

void
au_probe_free(struct au_probe *probe)
{
	if (probe == NULL)
		return;
	event_free(probe->timer);
	au_arena_free(probe->arena);
	free(probe->suspect);
	free(probe);
}

void
au_probe_start(struct au_probe *probe, struct au_line *line, const char *context_of)
{
	probe->line = line;
	probe->context_of = context_of;
	probe->is_rooted = probe->got_root = false;
	au_arena_free(probe->arena);
	probe->arena = au_arena_new();
	ask_root(probe);
}

void
au_probe_stop(struct au_probe *probe)
{
	event_del(probe->timer);
	probe->line = NULL;
}
