/* SPDX-License-Identifier: ISC */
/* A real apiuserd-target at the other end of a channel, for tests. */
#ifndef TESTS_TARGETD_WORKER_H
#define TESTS_TARGETD_WORKER_H

#include "wire/call.h"

#include <sys/types.h>

struct worker {
	pid_t pid;
	int fd;
	unsigned last_id;
	char *log_file; /* what it wrote to standard error */
};

/* The outcome of a call: the last account and the end. */
struct outcome {
	struct au_err err;
	size_t accounts;
	json_t *account; /* NULL when there was none */
	char *text;
	json_t *order; /* NULL when there was none */
	json_t *pools; /* by name; NULL = none */
};

void worker_start(struct worker *w);
/* Ends it by closing the channel; returns its exit status (as waitpid gives it). */
int worker_stop(struct worker *w);
/* Send a call (its id is filled in) and wait for the end of its answer. */
void worker_call(struct worker *w, struct au_call *call, struct outcome *ret);
void outcome_done(struct outcome *outcome);
/* OPEN with a mock plugin; options by json_pack, the reference is taken. */
int worker_open(struct worker *w, const char *mock, json_t *options, struct au_err *err);
/* The same with rules of our own, as au_own_rules_to_json has them; both references are taken. */
int worker_open_tight(struct worker *w, const char *mock, json_t *options, json_t *own_rules, struct au_err *err);
/* The same with any plugin, by its path. */
int worker_open_path(struct worker *w, const char *plugin, json_t *options, struct au_err *err);
/* What it logged so far; caller frees. */
char *worker_log(const struct worker *w);

#endif
