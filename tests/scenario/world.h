/* SPDX-License-Identifier: ISC */
/* The world that a scenario plays in: a store in a scratch folder, the real engine, fake targets, a loop, a virtual
 * clock. */
#ifndef TESTS_SCENARIO_WORLD_H
#define TESTS_SCENARIO_WORLD_H

#include "reconcile/engine.h"
#include "tests/scenario/fake_target.h"

struct scenario {
	const char *file;
	int line;
	struct event_base *base;
	struct au_settings *settings;
	struct au_store *store;
	struct au_sealer *sealer;
	struct au_engine *engine;
	struct fake_target *fakes[8];
	size_t fake_count;
	char dir[64];
	bool resting;
	bool dead;            /* the daemon was killed: what it still does reaches no target */
	char *said;           /* the last answer to a person, as JSON */
	long long audit_from; /* what came before this life of the engine */
	int failures;
};

void __attribute__((format(printf, 2, 3))) complain(struct scenario *s, const char *fmt, ...);
void set_up(struct scenario *s, const char *file);
void tear_down(struct scenario *s);
/* The same for whoever queued steps past the engine, which has not counted them. */
void take_down(struct scenario *s);
void replace_settings(struct scenario *s, const char *path); /* as a reload does */
void start_engine(struct scenario *s);
/* fake_source.c, for struct au_engine_sources; without it nobody can be asked. */
extern bool (*world_freshen)(
    void *ctx, const char *source, const struct au_freshen_order *order, au_freshen_done *done, void *done_ctx);
bool fake_freshen(
    void *ctx, const char *source, const struct au_freshen_order *order, au_freshen_done *done, void *done_ctx);
void stop_engine(struct scenario *s);
/* Run the engine until nothing moves any more; observe: list the targets first. */
void rest(struct scenario *s, bool observe);

#endif
