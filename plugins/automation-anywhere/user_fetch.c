/* SPDX-License-Identifier: ISC */
/* Ids are numbers; anything else must not become part of a path. */
#include "automation-anywhere/user_fetch.h"

#include <string.h>

#define DIGITS_MAX 19

int
aa_user_path(const char *id, char **ret, struct au_err *err)
{
	size_t len = strspn(id, "0123456789");

	if (len == 0 || len > DIGITS_MAX || id[len] != '\0')
		return au_fail(err, AU_EINVAL, "user id '%.40s': expected a number", id);
	*ret = au_xasprintf("/v1/usermanagement/users/%s", id);
	return 0;
}

int
aa_user_fetch(struct au_session *session, const char *id, struct au_http_answer *ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = NULL;
	struct aa_call call = { .method = "GET", .permission = "View users", .about_one = true };
	int r = aa_user_path(id, &path, err);

	if (r != 0)
		return r;
	call.path = path;
	if ((r = aa_session_call(session, &call, ret, err)) != 0)
		return r;
	if (json_is_object(ret->json))
		return 0;
	au_http_answer_done(ret);
	return au_fail(err, AU_EPROTO, "GET %s: answer without a user", path);
}
