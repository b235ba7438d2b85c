/* SPDX-License-Identifier: ISC */
/* OpenLDAP's change sequence numbers: TIME#COUNT#SID#MOD, which sort as text within one server id. */
#ifndef SOURCED_CSN_H
#define SOURCED_CSN_H

#include <stdbool.h>

/* Whether a text is such a cookie, with one number at least.  Of others the server makes what it likes. */
bool au_csn_is_cookie(const char *text);

/*
 * Whether a provider's number is newer than what a cookie ("rid=...,csn=CSN;CSN") says of the same server id.
 * False when either cannot be understood.
 */
bool au_csn_is_newer(const char *csn, const char *cookie);

#endif
