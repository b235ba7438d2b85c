/* SPDX-License-Identifier: ISC */
/* No connection: the portal has no calls for its API users, so a session is its options. */
#include "movius/session.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>

static char **
copy_list(const struct au_host *host, const struct au_values *opts, const char *name)
{
	size_t count = 0;
	char **list;

	while (host->item(opts, name, count) != NULL)
		count++;
	list = au_xcalloc(count + 1, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = au_xstrdup(host->item(opts, name, i));
	return list;
}

static void
free_list(char **list)
{
	for (char **item = list; *item != NULL; item++)
		free(*item);
	free(list);
}

int
movius_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	struct au_session *session;

	if (host->size < sizeof(*host))
		return au_fail(err, AU_EBUG, "apiuserd-target is older than this plugin");
	if (strstr(host->str(opts, "second_address"), "{local}") == NULL)
		return au_fail(err, AU_EINVAL, "option 'second_address': expected {local} in it");
	session = au_xcalloc(1, sizeof(*session));
	session->url = au_xstrdup(host->str(opts, "url"));
	session->organisation = au_xstrdup(host->str(opts, "organisation"));
	session->second_address = au_xstrdup(host->str(opts, "second_address"));
	session->applications = copy_list(host, opts, "applications");
	session->mail_domains = copy_list(host, opts, "mail_domains");
	*ret = session;
	return 0;
}

void
movius_close(struct au_session *session)
{
	if (session == NULL)
		return;
	free_list(session->applications);
	free_list(session->mail_domains);
	free(session->url);
	free(session->organisation);
	free(session->second_address);
	free(session);
}

int
movius_probe(struct au_session *session, struct au_err *err)
{
	(void)session;
	(void)err;
	return 0;
}

int
movius_check_mail(const struct au_session *session, const char *mail, struct au_err *err)
{
	const char *at = mail != NULL ? strrchr(mail, '@') : NULL;

	if (session->mail_domains[0] == NULL)
		return 0;
	for (char **domain = session->mail_domains; at != NULL && *domain != NULL; domain++) {
		if (au_strcaseeq(at + 1, *domain))
			return 0;
	}
	return au_fail(err, AU_EINVAL,
	    "the portal would mail the credentials to '%s', which is in none of the domains of option 'mail_domains' "
	    "(MV-R06)",
	    mail != NULL ? mail : "");
}

/* "{local}" and "{domain}" in a pattern of ours. */
static char *
fill(const char *pattern, const char *mail)
{
	const char *at = strrchr(mail, '@');
	struct au_str out = AU_STR_INIT;

	while (*pattern != '\0') {
		if (strncmp(pattern, "{local}", 7) == 0) {
			au_str_printf(&out, "%.*s", (int)(at - mail), mail);
			pattern += 7;
		} else if (strncmp(pattern, "{domain}", 8) == 0) {
			au_str_put(&out, at + 1);
			pattern += 8;
		} else {
			au_str_putc(&out, *pattern++);
		}
	}
	return au_str_take(&out);
}

char *
movius_second_address(const struct au_session *session, const char *taken, const char *mail)
{
	if (mail == NULL || strrchr(mail, '@') == NULL || !au_strcaseeq(taken, mail))
		return au_xstrdup(mail);
	return fill(session->second_address, mail);
}
