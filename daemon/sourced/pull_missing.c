/* SPDX-License-Identifier: ISC */
/* One at a time: services count requests. */
#include "sourced/pull_missing.h"

#include "base/mem.h"
#include "sourced/pull_single.h"

#include <string.h>

struct au_pull_missing {
	struct au_pull_missing_config config;
	long long asked;                 /* number of the last question to the daemon */
	bool waits;                      /* for its answer */
	json_t *ids;                     /* NULL: nothing is asked */
	size_t next;                     /* of them */
	size_t turn;                     /* servers that said of it that it is gone; the one in use comes first */
	bool is_silent[AU_PULL_SERVERS]; /* would not say anything of an id before */
};

static void ask_next(struct au_pull_missing *missing);

struct au_pull_missing *
au_pull_missing_new(const struct au_pull_missing_config *config)
{
	struct au_pull_missing *missing = au_xcalloc(1, sizeof(*missing));

	missing->config = *config;
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
	missing->waits = false;
}

static const char *
current(const struct au_pull_missing *missing)
{
	return json_string_value(json_array_get(missing->ids, missing->next));
}

static size_t
server_of(const struct au_pull_missing *missing)
{
	const struct au_server_list *servers = au_remote_servers(missing->config.remote);

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
	missing->config.events->stays(missing->config.ctx, current(missing));
	turn_to_next_id(missing);
}

static bool
is_gone(const struct au_pull_missing *missing)
{
	const struct au_server_list *servers = au_remote_servers(missing->config.remote);

	return missing->turn == servers->count ||
	       (missing->turn > 0 &&
		   au_pull_known_is_shown_by(missing->config.memory->known, current(missing), servers->current));
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
			missing->config.events->torn(missing->config.ctx, "the list leaves out somebody who is there");
		else
			missing->config.events->failed(missing->config.ctx, &fault, answer->retry_after_ms);
	}
}

static void
ask_next(struct au_pull_missing *missing)
{
	const char *id = current(missing);

	if (id == NULL) {
		au_pull_missing_stop(missing);
		missing->config.events->gone(missing->config.ctx);
	} else if (is_gone(missing))
		turn_to_next_id(missing);
	else if (missing->is_silent[server_of(missing)])
		stay(missing);
	else {
		AU_CLEANUP(au_freep) char *path = au_single_path(missing->config.type_path, id);
		au_remote_get_at(missing->config.remote, server_of(missing), path, on_answer, missing);
	}
}

void
au_pull_missing_ask(struct au_pull_missing *missing)
{
	au_pull_missing_stop(missing);
	missing->waits = true;
	au_batch_ask(missing->config.batch, ++missing->asked, missing->config.most);
}

void
au_pull_missing_unseen(struct au_pull_missing *missing, const struct au_source_unseen *unseen)
{
	const json_t *id;
	size_t index;

	if (!missing->waits || unseen->ask != missing->asked)
		return;
	au_pull_missing_stop(missing);
	missing->ids = json_deep_copy(unseen->ids);
	missing->next = missing->turn = 0;
	memset(missing->is_silent, 0, sizeof(missing->is_silent));
	/* Who goes is asked for again by the reading that confirms it, and must be known until then. */
	json_array_foreach (missing->ids, index, id)
		au_pull_memory_keep(missing->config.memory, json_string_value(id));
	ask_next(missing);
}
