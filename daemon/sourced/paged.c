/* SPDX-License-Identifier: ISC */
/*
 * Servers differ in how they say that they do not page, or not for us, though
 * the control is not critical and should just do nothing; then everything is
 * asked for at once.
 */
#include "sourced/paged.h"

#include "base/mem.h"
#include "sourced/ended.h"

static bool
refuses_to_page(const struct au_paged *paged, int code)
{
	return !paged->is_single && !paged->page.is_begun && !paged->has_entry && au_page_is_refusal(code);
}

static void
on_result(struct au_paged *paged, LDAPMessage *message)
{
	LDAP *ld = au_line_handle(paged->line);
	AU_CLEANUP(au_ended_done) struct au_ended ended = au_ended_read(ld, message);
	bool is_last = true;
	struct au_fault fault;
	struct au_err err;

	paged->message_id = 0;
	if (refuses_to_page(paged, ended.code)) {
		paged->is_single = true;
		au_paged_ask(paged);
	} else if (ended.code == LDAP_NO_SUCH_OBJECT && paged->may_be_missing)
		paged->events->ended(paged->ctx, true);
	else if (ended.code != LDAP_SUCCESS)
		paged->events->failed(paged->ctx, au_ended_fault(&ended, paged->name, &fault));
	else if (au_page_read(ld, ended.controls, &paged->page, &is_last, &err) < 0)
		paged->events->failed(
		    paged->ctx, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s", paged->name, err.text));
	else
		paged->events->ended(paged->ctx, is_last);
}

static void
on_reference(struct au_paged *paged)
{
	struct au_fault fault;

	au_fault_set(
	    &fault, AU_FAULT_PARTIAL, "%s: the server refers to another one for a part of the answer", paged->name);
	fault.code = LDAP_REFERRAL;
	paged->events->failed(paged->ctx, &fault);
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_paged *paged = ctx;

	if (type == LDAP_RES_SEARCH_ENTRY) {
		paged->has_entry = true;
		paged->events->entry(paged->ctx, message);
	} else if (type == LDAP_RES_SEARCH_RESULT)
		on_result(paged, message);
	else if (type == LDAP_RES_SEARCH_REFERENCE)
		on_reference(paged);
}

void
au_paged_ask(struct au_paged *paged)
{
	LDAPControl *control = NULL, *controls[3] = { NULL, NULL, NULL };
	size_t count = 0;
	struct au_line_search search = paged->search;
	struct au_fault fault;
	int rc = LDAP_SUCCESS;

	if (!paged->is_single)
		rc = au_page_request(au_line_handle(paged->line), &paged->page, &control);
	if (rc != LDAP_SUCCESS) {
		paged->events->failed(paged->ctx, au_fault_from_code(&fault, rc, "page control", NULL));
		return;
	}
	if (control != NULL)
		controls[count++] = control;
	controls[count] = paged->extra;
	search.controls = controls;
	paged->has_entry = false;
	int id = au_line_search(paged->line, &search, on_answer, paged);
	paged->message_id = id > 0 ? id : 0;
	if (control != NULL)
		ldap_control_free(control);
	if (id == AU_LINE_UNSENT)
		paged->events->failed(paged->ctx, au_fault_from_code(&fault, LDAP_FILTER_ERROR, paged->name, NULL));
}

void
au_paged_stop(struct au_paged *paged)
{
	if (paged->message_id != 0)
		au_line_abandon(paged->line, paged->message_id);
	paged->message_id = 0;
	au_page_clear(&paged->page);
}
