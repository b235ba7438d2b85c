/* SPDX-License-Identifier: ISC */
/* One at a time: services count requests. */
#include "sourced/pull_missing.h"

#include "base/mem.h"
#include "sourced/pull_single.h"

#include <string.h>

struct au_pull_missing {
	struct au_remote *remote;
	const char *type_path;
	const struct au_pull_missing_events *events;
	void *ctx;
	json_t *ids; /* NULL: nothing is asked */
	size_t next; /* of them */
	size_t turn; /* servers that said of it that it is gone; the one in use comes first */
	const struct au_pull_known *known;
	bool is_silent[AU_PULL_SERVERS]; /* would not say anything of an id before */
};

static void ask_next(struct au_pull_missing *missing);

struct au_pull_missing *
au_pull_missing_new(
    struct au_remote *remote, const char *type_path, const struct au_pull_missing_events *events, void *ctx)
{
	struct au_pull_missing *missing = au_xcalloc(1, sizeof(*missing));

	*missing = (struct au_pull_missing){ .remote = remote, .type_path = type_path, .events = events, .ctx = ctx };
	return missing;
}

void
au_pull_missing_free(struct au_pull_missing *missing)
{
	if (missing == NULL)
		return;
	au_pull_missing_stop(missing);
	free(missing);
}

void
au_pull_missing_stop(struct au_pull_missing *missing)
{
	json_decref(missing->ids);
	missing->ids = NULL;
}

static const char *
current(const struct au_pull_missing *missing)
{
	return json_string_value(json_array_get(missing->ids, missing->next));
}

static size_t
server_of(const struct au_pull_missing *missing)
{
	const struct au_server_list *servers = au_remote_servers(missing->remote);

	return (servers->current + missing->turn) % servers->count;
}

static void
turn_to_next_id(struct au_pull_missing *missing)
{
	missing->next++;
	missing->turn = 0;
	ask_next(missing);
}

static void
stay(struct au_pull_missing *missing)
{
	missing->events->stays(missing->ctx, current(missing));
	turn_to_next_id(missing);
}

static bool
is_gone(const struct au_pull_missing *missing)
{
	const struct au_server_list *servers = au_remote_servers(missing->remote);

	return missing->turn == servers->count ||
	       (missing->turn > 0 && au_pull_known_is_shown_by(missing->known, current(missing), servers->current));
}

static void
on_answer(void *ctx, const struct au_web_answer *answer)
{
	struct au_pull_missing *missing = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *resource = NULL;
	struct au_fault fault;
	enum au_single what = au_single_judge(answer, &resource, &fault);

	if (what == AU_SINGLE_GONE) {
		missing->turn++;
		ask_next(missing);
	} else if (missing->turn > 0) {
		missing->is_silent[server_of(missing)] = what == AU_SINGLE_UNKNOWN;
		stay(missing);
	} else {
		au_pull_missing_stop(missing);
		if (what == AU_SINGLE_FOUND)
			missing->events->lies(missing->ctx);
		else
			missing->events->failed(missing->ctx, &fault, answer->retry_after_ms);
	}
}

static void
ask_next(struct au_pull_missing *missing)
{
	const char *id = current(missing);

	if (id == NULL) {
		au_pull_missing_stop(missing);
		missing->events->gone(missing->ctx);
	} else if (is_gone(missing))
		turn_to_next_id(missing);
	else if (missing->is_silent[server_of(missing)])
		stay(missing);
	else {
		AU_CLEANUP(au_freep) char *path = au_single_path(missing->type_path, id);
		au_remote_get_at(missing->remote, server_of(missing), path, on_answer, missing);
	}
}

void
au_pull_missing_ask(struct au_pull_missing *missing, const json_t *ids, const struct au_pull_known *known)
{
	au_pull_missing_stop(missing);
	missing->ids = json_deep_copy(ids);
	missing->next = missing->turn = 0;
	missing->known = known;
	memset(missing->is_silent, 0, sizeof(missing->is_silent));
	ask_next(missing);
}
