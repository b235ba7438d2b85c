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

#define AU_CSN_SIZE 64 /* a number and its NUL fit */

/* Whether a text is one number. */
bool au_csn_is(const char *text);
/* Whether two numbers are of the same server, so that strcmp tells which came first. */
bool au_csn_is_of_one(const char *a, const char *b);
/* What a cookie says of the server that a number is of, copied into ret; false when it knows nothing of that one. */
bool au_csn_known(const char *cookie, const char *csn, char ret[AU_CSN_SIZE]);

#endif
