/* SPDX-License-Identifier: ISC */
/* Logging in and renewing the token (AA-R01). */
#ifndef AA_LOGIN_H
#define AA_LOGIN_H

#include "automation-anywhere/session.h"

/*
 * See to it that the session has a valid token: renew one that is three quarters through its life, log in when there
 * is none.  *ret_fresh becomes true when this logged in.  AU_EAUTH when the log-in is refused, now or earlier.
 */
int aa_login_ensure(struct au_session *session, bool *ret_fresh, struct au_err *err);
/*
 * Log in once as another user, to see whether its password is what we think (AA-R13).  Our own session is not touched.
 * AU_ENOSUP when it is refused; other trouble passes as "not known", 0.
 */
int aa_login_verify(struct au_session *session, const char *username, const char *password, struct au_err *err);
/* Whether one more log-in would be within what the session allows itself. */
bool aa_login_allowed(const struct au_session *session);

#endif
