/* SPDX-License-Identifier: ISC */
/* A session: one program that runs as long as it answers, and what it is told when it starts. */
#ifndef EXEC_SESSION_H
#define EXEC_SESSION_H

#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"

#include <sys/types.h>

struct au_session {
	const struct au_host *host;
	char **argv;
	json_t *settings; /* object of texts */
	struct au_secret *secret;
	long long timeout_ms;
	size_t longest; /* line of the program */
	/* The process; pid 0: none runs. */
	pid_t pid;
	int to, from, complaints;       /* its standard input, output and error */
	struct au_str said, complained; /* read, and not yet a whole line */
	unsigned last_id;
	json_t *calls; /* names of the calls that it knows, an array; NULL: it did not say */
};

int exec_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err);
void exec_close(struct au_session *s);

#endif
