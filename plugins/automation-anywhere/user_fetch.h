/* SPDX-License-Identifier: ISC */
/* One user object by id. */
#ifndef AA_USER_FETCH_H
#define AA_USER_FETCH_H

#include "automation-anywhere/session.h"

/* The API's path of a user; the caller frees it.  AU_EINVAL when the id is no number. */
int aa_user_path(const char *id, char **ret, struct au_err *err);
/* GET it.  AU_ENOENT; AU_EPROTO when the answer is no object. */
int aa_user_fetch(struct au_session *session, const char *id, struct au_http_answer *ret, struct au_err *err);

#endif
