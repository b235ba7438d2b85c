/* SPDX-License-Identifier: ISC */
/*
 * The control socket: HTTP and JSON on a unix socket, the peer's uid checked
 * against two roles (viewer: look; operator: change).  One row per route.
 */
#ifndef CONTROL_CONTROL_H
#define CONTROL_CONTROL_H

#include "reconcile/engine.h"
#include "scim/scim.h"
#include "settings/settings.h"
#include "source/source.h"
#include "store/store.h"

struct au_control;

/* What the control socket may reach; main owns all of it. */
struct au_control_world {
	struct event_base *base;
	struct au_store *store;
	struct au_engine *engine;
	const struct au_sealer *sealer;
	const struct au_settings *settings; /* replaced by au_control_settings */
	struct au_source *const *sources;
	size_t source_count;
	const struct au_scim *scim; /* NULL: there is none */
	const struct au_http_server *endpoint; /* of SCIM; NULL = none */
	/* The configuration as the file has it now, to look at and not to take up; the caller frees it. */
	int (*read)(void *ctx, struct au_settings **ret, struct au_err *err);
	void *read_ctx;
	const char *version;
	long long started_ms;
};

int au_control_new(const struct au_control_world *world, struct au_control **ret, struct au_err *err);
void au_control_settings(struct au_control *control, const struct au_settings *settings,
    struct au_source *const *sources, size_t source_count);
void au_control_free(struct au_control *control);

#endif
