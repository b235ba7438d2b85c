/* SPDX-License-Identifier: ISC */
/*
 * Orders of a product that has no calls, written by a real worker and followed to the letter by somebody who knows
 * nothing else, on screens that share no code with either.
 */
#ifndef TESTS_PLUGINS_DESK_H
#define TESTS_PLUGINS_DESK_H

#include "tests/sim/console_client.h"
#include "tests/targetd/worker.h"

#include <stdbool.h>

struct desk {
	struct room_client room;
	struct worker worker;
	const char *right;
	json_t *report; /* of the last order that was followed */
	char *why;      /* of the last that was not */
	char *rights;   /* the last that were resolved */
};

/* The plugin and the product of that name; right is what the operator may do there, options are taken over. */
struct desk *desk_begin(const char *plugin, const char *right, json_t *options);
int desk_end(void **state);

/* The code; an error must have these words, and desk->rights is what a template came to. */
int desk_resolve(struct desk *desk, const char *rights, const char *words);
json_t *desk_order_of(struct desk *desk, struct au_call call); /* the caller's */
/* Follow the call's order: false with desk->why, or desk->report. */
bool desk_try(struct desk *desk, struct au_call call);
void desk_follow(struct desk *desk, struct au_call call);
void desk_refused(struct desk *desk, struct au_call call, int code, const char *words);
const char *desk_reported(const struct desk *desk, const char *name);
/* The user with that member in the product, or NULL; the caller's. */
json_t *desk_there(struct desk *desk, const char *member, const char *value);
size_t desk_count_there(struct desk *desk);

#endif
