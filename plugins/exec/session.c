/* SPDX-License-Identifier: ISC */
/* Nothing is started here: a session that nobody asks anything costs no process. */
#include "exec/session.h"

#include "exec/program.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_ARGUMENTS 64

/* Whoever may write to it may do everything that this target may. */
static int
check_program(const char *path, struct au_err *err)
{
	struct stat st;

	if (path[0] != '/')
		return au_fail(err, AU_EINVAL, "option 'program': '%s': expected an absolute path", path);
	if (stat(path, &st) != 0)
		return au_fail(err, AU_EINVAL, "option 'program': '%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) || (st.st_mode & S_IXUSR) == 0)
		return au_fail(err, AU_EINVAL, "option 'program': '%s': expected a program", path);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return au_fail(err, AU_EINVAL, "option 'program': '%s': others may write to it", path);
	return 0;
}

static void
take_arguments(struct au_session *s, const struct au_host *host, const struct au_values *opts)
{
	const char *argument;
	size_t count = 0;

	s->argv = au_xcalloc(MOST_ARGUMENTS + 2, sizeof(*s->argv));
	s->argv[count++] = au_xstrdup(host->str(opts, "program"));
	while (count <= MOST_ARGUMENTS && (argument = host->item(opts, "arguments", count - 1)) != NULL)
		s->argv[count++] = au_xstrdup(argument);
}

static int
take_settings(struct au_session *s, const struct au_host *host, const struct au_values *opts, struct au_err *err)
{
	const char *item;

	s->settings = json_object();
	for (size_t i = 0; (item = host->item(opts, "settings", i)) != NULL; i++) {
		const char *sign = strchr(item, '=');
		AU_CLEANUP(au_freep) char *name = sign != NULL ? au_xstrndup(item, (size_t)(sign - item)) : NULL;

		if (au_str_empty(name))
			return au_fail(err, AU_EINVAL, "option 'settings': '%s': expected NAME=VALUE", item);
		au_json_set_str(s->settings, name, sign + 1);
	}
	return 0;
}

int
exec_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	struct au_session *s;
	int r = check_program(host->str(opts, "program"), err);

	if (r != 0)
		return r;
	s = au_xcalloc(1, sizeof(*s));
	s->host = host;
	s->to = s->from = s->complaints = -1;
	s->timeout_ms = host->num(opts, "timeout");
	s->longest = (size_t)host->num(opts, "max_answer");
	s->secret = au_secret_from_text(host->str(opts, "secret"));
	take_arguments(s, host, opts);
	if ((r = take_settings(s, host, opts, err)) != 0) {
		exec_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

void
exec_close(struct au_session *s)
{
	if (s == NULL)
		return;
	program_end(s, false);
	for (char **argument = s->argv; argument != NULL && *argument != NULL; argument++)
		free(*argument);
	free(s->argv);
	json_decref(s->settings);
	json_decref(s->calls);
	au_secret_free(s->secret);
	au_str_done(&s->said);
	au_str_done(&s->complained);
	free(s);
}
