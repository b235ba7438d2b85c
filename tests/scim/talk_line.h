/* SPDX-License-Identifier: ISC */
/* The state of a talk, and what its lines do. */
#ifndef TESTS_SCIM_TALK_LINE_H
#define TESTS_SCIM_TALK_LINE_H

#include "tests/scim/serve.h"

struct talk_line {
	unsigned number; /* in its file */
	char *text;      /* with its continuation, separated by newlines */
};

struct talk {
	struct serve *s;
	struct au_map *kept; /* name -> text in the arena of s */
	const char *file;
	const struct talk_line *line; /* under way */
	const char *home;             /* who asks when a check begins */
	const char *client;           /* who asks now; NULL = without a token */

	/* The request that lines are adding to; method NULL = none. */
	const char *method, *path, *fields, *body;
	size_t body_len;
	unsigned times;

	struct answer answer; /* the last one */
	unsigned statuses[600];
};

/* Begin a check, or the preparation of a group. */
void talk_begin(struct talk *talk);
/* Do what the line says; fails the test when what must be is not. */
void talk_do(struct talk *talk, const struct talk_line *line);
/* Send a request that no line looked at. */
void talk_end(struct talk *talk);

#endif
