/* SPDX-License-Identifier: ISC */
/*
 * What a client's resources should be, as plain structs: the rules of RFC 7644 once more, written as straightforward as
 * can be and without the endpoint's code, to compare the endpoint with.
 */
#ifndef TESTS_SCIM_MODEL_H
#define TESTS_SCIM_MODEL_H

#include "base/mem.h"

#include <stdbool.h>

#define MODEL_MOST 24

enum thing_kind { NO_THING = 0, A_USER, A_GROUP };

struct thing {
	enum thing_kind kind;
	char ref[80]; /* id, or "bulkId:NAME" until it is known */
	char name[16];
	char title[16], external[16]; /* users; "" = none */
	bool active;
	long long version;
	bool has[MODEL_MOST]; /* groups: members by index */
};

struct model {
	struct thing things[MODEL_MOST];
	char gone[80]; /* id of one that was deleted; "" = none */
};

/* One request, or one operation of a Bulk, with what should come of it.  Text in the arena, with single quotes. */
struct step {
	const char *method, *path, *body; /* body NULL = none */
	const char *endpoint;             /* "Users" or "Groups" */
	const char *condition;            /* entity tag; NULL = none */
	int status;
	int thing;         /* index of what it is about; -1 = nothing that exists */
	long long version; /* afterwards; 0 = none is told */
};

/* Random numbers below `below` from the seed. */
unsigned roll(unsigned *seed, unsigned below);
/* Make up a step that fits the model (or is meant to fail), and carry it out there when it should succeed. */
struct step model_step(struct model *m, struct au_arena *arena, unsigned *seed, const char *new_ref);
/* Index by name without regard to case, or -1. */
int model_find(const struct model *m, enum thing_kind kind, const char *name);
int model_count(const struct model *m, enum thing_kind kind);
const char *model_endpoint(enum thing_kind kind);

#endif
