/* SPDX-License-Identifier: ISC */
/*
 * What must be true of a world, said in the plainest way: an array of people, who
 * is in which group, and what follows for their accounts.  It knows nothing of the code that it judges.
 */
#ifndef TESTS_SCENARIO_MODEL_H
#define TESTS_SCENARIO_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#define MODEL_PEOPLE 16
#define MODEL_WINDOW_MS (24LL * 3600 * 1000)
#define MODEL_GRACE_MS (30LL * 24 * 3600 * 1000)

/* The groups of scenario.conf that give something. */
enum model_group { MODEL_RUN, MODEL_BUILD, MODEL_READ, MODEL_GROUPS };
/* Its sources, and its targets. */
enum model_source { MODEL_CORP, MODEL_HR, MODEL_SOURCES };
enum model_target { MODEL_ROOM, MODEL_TABS, MODEL_TARGETS };

struct model_person {
	bool is_in[MODEL_SOURCES]; /* has an entry there */
	bool member[MODEL_GROUPS]; /* of a group of that source */
	bool taken[MODEL_TARGETS]; /* a stranger bears the login there */
};

struct model_removal {
	long long at_ms;
	bool approved;
};

struct model {
	struct model_person people[MODEL_PEOPLE];
	bool may_remove[MODEL_SOURCES]; /* the source is well */
	struct model_removal removals[MODEL_TARGETS][4096];
	size_t removal_count[MODEL_TARGETS];
};

enum model_source model_source_of(enum model_group group);
/* The rights that a person's account shall have, as JSON; NULL: there shall be none that is active. */
const char *model_rights(const struct model *m, size_t person, enum model_target target);
void model_remove(struct model *m, enum model_target target, long long at_ms, bool approved);
/* The most removals that no person approved, within any window. */
size_t model_worst_window(const struct model *m, enum model_target target);

#endif
