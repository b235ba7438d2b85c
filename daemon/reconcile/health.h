/* SPDX-License-Identifier: ISC */
/*
 * How a target has answered lately, to tell a target that fails from objects
 * that do: many different ones in a row, or a large share of all within a
 * window.  Pure: time comes in.
 */
#ifndef RECONCILE_HEALTH_H
#define RECONCILE_HEALTH_H

#include "base/mem.h"
#include "base/rand.h"

#include <stdbool.h>

#define AU_HEALTH_KEPT 128   /* answers that are remembered */
#define AU_HEALTH_ROW_MAX 64 /* different objects in a row that are told apart */
#define AU_HEALTH_LEAST 10   /* with fewer answers in the window their share says nothing */

struct au_health {
	struct {
		long long at_mono;
		bool failed;
	} kept[AU_HEALTH_KEPT]; /* a ring */
	size_t count, next;
	char row[AU_HEALTH_ROW_MAX][AU_UUID_SIZE]; /* objects that failed since the last success, each once */
	size_t row_count;
};

struct au_health_rules {
	long long row;   /* different objects in a row; 0 = does not count */
	long long share; /* percent of the answers within the window; 0 = does not count */
	long long window_ms;
};

/* An answer; account_id is whose. */
void au_health_note(struct au_health *health, const char *account_id, bool failed, long long now_mono);
/* Why the target is to be left alone, in words in the arena; NULL = it is well. */
const char *au_health_judge(
    const struct au_health *health, const struct au_health_rules *rules, long long now_mono, struct au_arena *arena);
/* It is well again: what was before does not count any more. */
void au_health_forget(struct au_health *health);

#endif
