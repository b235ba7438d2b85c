/* SPDX-License-Identifier: ISC */
/* No connection: the product has no calls for its API users, so a session is its options. */
#include "iris-hr/session.h"

#include "base/mem.h"
#include "base/str.h"

int
iris_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	struct au_session *session;
	size_t count = 0;

	if (host->size < sizeof(*host))
		return au_fail(err, AU_EBUG, "apiuserd-target is older than this plugin");
	while (host->item(opts, "legacy_users", count) != NULL)
		count++;
	session = au_xcalloc(1, sizeof(*session));
	session->url = au_xstrdup(host->str(opts, "url"));
	session->legacy = au_xcalloc(count + 1, sizeof(*session->legacy));
	for (size_t i = 0; i < count; i++)
		session->legacy[i] = au_xstrdup(host->item(opts, "legacy_users", i));
	*ret = session;
	return 0;
}

void
iris_close(struct au_session *session)
{
	if (session == NULL)
		return;
	for (char **user = session->legacy; *user != NULL; user++)
		free(*user);
	free(session->legacy);
	free(session->url);
	free(session);
}

int
iris_probe(struct au_session *session, struct au_err *err)
{
	(void)session;
	(void)err;
	return 0;
}

bool
iris_is_legacy(const struct au_session *session, const struct au_target_account *account)
{
	const char *user_name = account == NULL ? NULL : account->id != NULL ? account->id : account->login;

	for (char **user = session->legacy; user_name != NULL && *user != NULL; user++) {
		if (au_streq(*user, user_name))
			return true;
	}
	return false;
}
