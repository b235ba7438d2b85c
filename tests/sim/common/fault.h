/* SPDX-License-Identifier: ISC */
/* The fault script: which requests go wrong, and how.  Not part of the product. */
#ifndef SIM_COMMON_FAULT_H
#define SIM_COMMON_FAULT_H

#include <jansson.h>
#include <stdbool.h>

enum fault_kind {
	FAULT_STATUS,            /* answer with a status, nothing done */
	FAULT_DELAY,             /* wait, then serve as usual */
	FAULT_DROP,              /* close without an answer, nothing done */
	FAULT_DROP_AFTER_COMMIT, /* serve, then close without an answer */
	FAULT_HTML,              /* 200 and a page for people (AAG1), nothing done */
	FAULT_TRUNCATE,          /* serve, send half of the body, close */
	FAULT_RESET,             /* TCP reset, nothing done */
};

struct fault {
	char *method, *path; /* path is a pattern for fnmatch(3); NULL matches all */
	long long nth;       /* begins with the n-th request that matches, 1 by default */
	long long count;     /* how often it strikes, 1 by default; 0 for ever */
	enum fault_kind kind;
	int status;
	long long ms, retry_after; /* retry_after < 0: not sent */
	bool commit;               /* status and html: serve first */
	long long seen, struck;
	struct fault *next;
};

struct fault_list {
	struct fault *first;
};

/* Append the rules of {"rules": [...]}; on false nothing was added and *ret_problem says why. */
bool fault_read(struct fault_list *list, const json_t *body, const char **ret_problem);
/* Count the request for every rule; the first rule that strikes, or NULL. */
const struct fault *fault_strike(struct fault_list *list, const char *method, const char *path);
json_t *fault_view(const struct fault_list *list);
void fault_clear(struct fault_list *list);

#endif
