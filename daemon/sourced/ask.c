/* SPDX-License-Identifier: ISC */
/* A server that refuses the control of pages, or ignores it, is asked for everything at once. */
#include "sourced/ask.h"

#include "base/mem.h"
#include "sourced/ended.h"
#include "sourced/page.h"

struct au_ask {
	struct au_ask_config config;
	struct au_asked asked;
	struct au_page next;
	int message_id; /* 0: nothing is under way */
};

static void ask_page(struct au_ask *ask);

static void
end(struct au_ask *ask, int code, const char *text, bool is_whole)
{
	ask->message_id = 0;
	ask->asked.code = code;
	ask->asked.text = text;
	ask->asked.is_whole = is_whole;
	ask->config.ended(ask->config.ctx, &ask->asked);
}

static void
on_entry(struct au_ask *ask, LDAPMessage *message)
{
	int id = ask->message_id;

	ask->asked.entries++;
	if (ask->config.entry != NULL)
		ask->config.entry(ask->config.ctx, message);
	if (ask->config.most == 0 || ask->asked.entries < ask->config.most)
		return;
	au_line_abandon(ask->config.line, id);
	end(ask, LDAP_SUCCESS, NULL, false);
}

static bool
refuses_to_page(const struct au_ask *ask, int code)
{
	return ask->config.page > 0 && !ask->asked.is_unpaged && !ask->next.is_begun && ask->asked.entries == 0 &&
	       au_page_is_refusal(code);
}

static void
turn_page(struct au_ask *ask, LDAPControl **controls)
{
	struct au_err err = { 0 };
	bool is_last = true;

	ask->asked.pages++;
	if (au_page_read(au_line_handle(ask->config.line), controls, &ask->next, &is_last, &err) < 0) {
		ask->asked.broken = err.text;
		end(ask, LDAP_SUCCESS, NULL, false);
	} else if (is_last) {
		ask->asked.is_unpaged = !ask->next.is_begun;
		end(ask, LDAP_SUCCESS, NULL, true);
	} else
		ask_page(ask);
}

static void
on_result(struct au_ask *ask, LDAPMessage *message)
{
	AU_CLEANUP(au_ended_done)
	struct au_ended ended = au_ended_read(au_line_handle(ask->config.line), message);

	if (refuses_to_page(ask, ended.code)) {
		ask->asked.is_unpaged = true;
		ask_page(ask);
	} else if (ended.code != LDAP_SUCCESS)
		end(ask, ended.code, ended.text, false);
	else if (ask->config.page == 0 || ask->asked.is_unpaged)
		end(ask, ended.code, NULL, true);
	else
		turn_page(ask, ended.controls);
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_ask *ask = ctx;

	if (ask->message_id == 0)
		return;
	if (type == LDAP_RES_SEARCH_ENTRY)
		on_entry(ask, message);
	else if (type == LDAP_RES_SEARCH_REFERENCE)
		ask->asked.referrals++;
	else if (type == LDAP_RES_SEARCH_RESULT)
		on_result(ask, message);
}

/* The control of a page; NULL where there are none. */
static LDAPControl *
page_control(const struct au_ask *ask)
{
	struct berval cookie = ask->next.cookie;
	LDAPControl *control = NULL;

	if (ask->config.page > 0 && !ask->asked.is_unpaged &&
	    ldap_create_page_control(au_line_handle(ask->config.line), ask->config.page, &cookie, 0, &control) !=
		LDAP_SUCCESS)
		abort(); /* it only fails without memory */
	return control;
}

static void
ask_page(struct au_ask *ask)
{
	LDAPControl *page = page_control(ask), *controls[3] = { NULL, NULL, NULL };
	size_t count = 0;

	if (ask->config.control != NULL)
		controls[count++] = ask->config.control;
	if (page != NULL)
		controls[count++] = page;
	struct au_line_search search = { .base = ask->config.base,
		.filter = ask->config.filter,
		.scope = ask->config.scope,
		.attributes = ask->config.attributes,
		.controls = controls,
		.timeout_ms = ask->config.timeout_ms };
	ask->message_id = au_line_search(ask->config.line, &search, on_answer, ask);
	if (page != NULL)
		ldap_control_free(page);
}

struct au_ask *
au_ask_new(const struct au_ask_config *config)
{
	struct au_ask *ask = au_xcalloc(1, sizeof(*ask));

	ask->config = *config;
	ask_page(ask);
	return ask;
}

void
au_ask_free(struct au_ask *ask)
{
	if (ask == NULL)
		return;
	if (ask->message_id != 0)
		au_line_abandon(ask->config.line, ask->message_id);
	au_page_clear(&ask->next);
	free(ask);
}

long long
au_ask_count(const struct au_ask *ask)
{
	return ask->asked.entries;
}
