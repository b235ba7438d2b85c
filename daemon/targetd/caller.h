/* SPDX-License-Identifier: ISC */
/*
 * The other end of a worker for people's tools: one call after the other, each with a limit in time, waiting for the
 * answer.  (The daemon's own end is target/, which never waits.)
 */
#ifndef TARGETD_CALLER_H
#define TARGETD_CALLER_H

#include "wire/call.h"

struct au_caller_config {
	const char *program;  /* apiuserd-target */
	bool is_strict;       /* strict.h */
	bool starts_programs; /* the plugin has AU_CAP_PROGRAMS */
	bool keeps_words; /* keep what the worker and its plugin print for au_caller_words; else it goes to stderr */
	int64_t limit_ms; /* for each frame of an answer */
	size_t most_accounts; /* that a list may hold; any other answer a hundred */
};

/* How a call went. */
struct au_called {
	struct au_err
	    err;      /* code 0: fine.  When the worker is gone: AU_EUNKNOWN for a call that changes, else AU_ETEMP */
	bool is_gone; /* the worker ended, or was ended for being late or not keeping to the protocol */
	json_t *accounts; /* array, as wire/call.h writes accounts */
	json_t *pools;    /* array of {"name", "limit", "used"}; a number that was not told is not there */
	json_t *findings; /* array of texts, or NULL */
	json_t *order;    /* with AU_EMANUAL: as model/order_text.h has it, or NULL */
	char *text;       /* of resolve, or NULL */
	int64_t took_ms;
};
void au_called_done(struct au_called *called); /* wipes and frees what it holds */

struct au_caller;

/* Text of config must outlive the caller.  AU_EIO. */
int au_caller_start(const struct au_caller_config *config, struct au_caller **ret, struct au_err *err);
/* Make a call (its id is filled in); always fills *ret, which the caller of this clears.  Returns its code. */
int au_caller_call(struct au_caller *caller, struct au_call *call, struct au_called *ret);
/* Send a call and kill the worker so many microseconds later, whatever it is doing. */
void au_caller_strike(struct au_caller *caller, struct au_call *call, unsigned after_us);
/* What was printed so far, for keeps_words; the caller frees it. */
char *au_caller_words(struct au_caller *caller);
/* Close the channel and wait for the end, killing a worker that takes longer than the limit.  AU_EBUG with the way in
 * which it did not end cleanly.  The caller is gone in any case; NULL is fine. */
int au_caller_stop(struct au_caller *caller, struct au_err *err);

#endif
