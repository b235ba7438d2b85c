/* SPDX-License-Identifier: ISC */
/* Logging in and out. */
#ifndef CA_LOGIN_H
#define CA_LOGIN_H

#include "calabrio/session.h"

/*
 * Have a log-in that lives; *ret_fresh becomes true when it is new.  AU_EAUTH once it was refused, for as long as the
 * session lasts; AU_EBUSY when there were too many.
 */
int ca_login_ensure(struct au_session *session, bool *ret_fresh, struct au_err *err);
/* Have one that knows everybody who is there by now: lists of an older one leave out who came later. */
int ca_login_current(struct au_session *session, struct au_err *err);
void ca_login_lost(struct au_session *session); /* the product has ended it */
void ca_logout(struct au_session *session);     /* a session that is left open may hold a seat */
/* Whether that user can log in; AU_ENOSUP when not.  What is not clear counts as yes. */
int ca_login_verify(struct au_session *session, const char *username, const char *password, struct au_err *err);
/* Whether it is certain that he can. */
bool ca_login_works(struct au_session *session, const char *username, const char *password);

#endif
