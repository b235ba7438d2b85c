/* SPDX-License-Identifier: ISC */
/* A control without a value crashes libldap's decoder, so one is looked for first. */
#include "sourced/page.h"

void
au_page_clear(struct au_page *page)
{
	ber_memfree(page->cookie.bv_val);
	*page = (struct au_page){ .is_begun = false };
}

int
au_page_request(LDAP *ld, const struct au_page *page, LDAPControl **ret)
{
	struct berval cookie = page->cookie;

	return ldap_create_page_control(ld, AU_PAGE_SIZE, &cookie, 0, ret);
}

int
au_page_read(LDAP *ld, LDAPControl **controls, struct au_page *page, bool *ret_last, struct au_err *err)
{
	LDAPControl *control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
	struct berval cookie = { 0, NULL };
	ber_int_t estimate;

	if (control == NULL && page->is_begun)
		return au_fail(err, AU_EPROTO, "the server stops in the middle of its pages");
	if (control != NULL && (control->ldctl_value.bv_val == NULL || control->ldctl_value.bv_len == 0 ||
				   ldap_parse_pageresponse_control(ld, control, &estimate, &cookie) != LDAP_SUCCESS))
		return au_fail(err, AU_EPROTO, "the control of a page cannot be decoded");
	au_page_clear(page);
	*page = (struct au_page){ .cookie = cookie, .is_begun = control != NULL };
	*ret_last = cookie.bv_len == 0;
	return 0;
}

bool
au_page_is_refusal(int code)
{
	return code == LDAP_PROTOCOL_ERROR || code == LDAP_ADMINLIMIT_EXCEEDED ||
	       code == LDAP_UNAVAILABLE_CRITICAL_EXTENSION || code == LDAP_UNWILLING_TO_PERFORM;
}
