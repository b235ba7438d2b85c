/* SPDX-License-Identifier: ISC */
/*
 * A daemon in small: real store, engine and control socket in a folder of their own, a product in memory, sources that
 * only count, and a client.  Everything runs on one loop.
 */
#ifndef TESTS_CONTROL_STAGE_H
#define TESTS_CONTROL_STAGE_H

#include "base/json.h"
#include "control/control.h"
#include "tests/scenario/fake_target.h"

#include <event2/event.h>

struct stage {
	char folder[40], socket[64], conf[64];
	struct event_base *base;
	struct event *tick;
	struct au_settings *settings;
	struct au_store *store;
	struct au_sealer *sealer;
	struct au_engine *engine;
	struct fake_target *target; /* "room" */
	struct au_source *sources[1];
	struct au_http_server *endpoint; /* listens nowhere */
	struct au_scim *scim;
	struct au_control *control;
	struct au_arena *arena;
};

/* For cmocka; *state is a struct stage with the people ann, bob and cid in a directory, and ann in the group of the
 * rule. */
int stage_set_up(void **state);
int stage_tear_down(void **state);

/* Store work, run at once; it must succeed. */
void stage_store(struct stage *s, au_store_work *work, void *arg);
void stage_join(struct stage *s, const char *person);
/* A whole run of the engine, as `apply` does it. */
void stage_run(struct stage *s);
/* Of the source "corp". */
unsigned stage_resyncs(const struct stage *s);
bool stage_is_paused(const struct stage *s);

/* One request; the body (NULL = none) is JSON.  Returns the answer's status and its JSON in the arena's care. */
int stage_talk(struct stage *s, const char *method, const char *path, const char *body, const json_t **ret);
/* The same as another user; only root can do that. */
int stage_talk_as(
    struct stage *s, unsigned uid, const char *method, const char *path, const char *body, const json_t **ret);
/* The whole answer as text, in the arena. */
const char *stage_talk_raw(struct stage *s, const char *method, const char *path, const char *body);
/* Send now, read later: for two at once. */
int stage_send(struct stage *s, const char *method, const char *path, const char *body);
const char *stage_receive(struct stage *s, int fd);
/* Every byte of the store's files, one after the other; caller frees. */
char *stage_bytes(const struct stage *s, size_t *ret_len);
/* The newest audit row of an object has this verb and is ours. */
void stage_assert_audited(struct stage *s, const char *object, const char *verb);

#endif
