/* SPDX-License-Identifier: ISC */
/* An answer in pages (RFC 2696), which servers demand that bound the size of one answer. */
#ifndef SOURCED_PAGE_H
#define SOURCED_PAGE_H

#include "base/err.h"

#include <ldap.h>
#include <stdbool.h>

#define AU_PAGE_SIZE 1000

/* Where to go on; all zero: at the beginning. */
struct au_page {
	struct berval cookie;
	bool is_begun; /* the server has sent a page */
};

/* The control that asks for the next page; the caller frees it with ldap_control_free.  An LDAP result code. */
int au_page_request(LDAP *ld, const struct au_page *page, LDAPControl **ret);
/*
 * Take up what the controls of a result say.  ret_last: there are no more pages, as when the server does not page: it
 * sends everything at once and no control.  AU_EPROTO, also when one that has begun to page stops in the middle.
 */
int au_page_read(LDAP *ld, LDAPControl **controls, struct au_page *page, bool *ret_last, struct au_err *err);
/* Whether a result's code may mean that the server does not page. */
bool au_page_is_refusal(int code);
void au_page_clear(struct au_page *page); /* back to the beginning */

#endif
