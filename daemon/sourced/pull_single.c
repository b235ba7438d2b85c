/* SPDX-License-Identifier: ISC */
/* One at a time: services count requests, and there are few of these. */
#include "sourced/pull_single.h"

#include "base/mem.h"
#include "sourced/web_fault.h"

struct au_pull_single {
	struct au_remote *remote;
	const char *type_path;
	au_single_done *done;
	void *ctx;
};

enum au_single
au_single_judge(const struct au_web_answer *answer, json_t **ret, struct au_fault *fault)
{
	json_t *json = NULL;

	if (answer->status == 404 || answer->status == 410)
		return AU_SINGLE_GONE;
	if (!au_web_json("resource", answer, &json, fault))
		return AU_SINGLE_UNKNOWN;
	if (au_pulled_id(json) == NULL) {
		json_decref(json);
		au_fault_set(fault, AU_FAULT_PARTIAL, "a resource came without its id");
		return AU_SINGLE_UNKNOWN;
	}
	*ret = json;
	return AU_SINGLE_FOUND;
}

char *
au_single_path(const char *type_path, const char *id)
{
	AU_CLEANUP(au_freep) char *escaped = au_web_escape(id);

	return au_xasprintf("%s/%s", type_path, escaped);
}

static void
on_answer(void *ctx, const struct au_web_answer *answer)
{
	struct au_pull_single *single = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *resource = NULL;
	struct au_fault fault;
	enum au_single what = au_single_judge(answer, &resource, &fault);

	single->done(single->ctx, what, resource, &fault, answer->retry_after_ms);
}

struct au_pull_single *
au_pull_single_new(struct au_remote *remote, const char *type_path, void *ctx)
{
	struct au_pull_single *single = au_xcalloc(1, sizeof(*single));

	*single = (struct au_pull_single){ .remote = remote, .type_path = type_path, .ctx = ctx };
	return single;
}

void
au_pull_single_free(struct au_pull_single *single)
{
	free(single);
}

bool
au_pull_single_start(struct au_pull_single *single, struct au_map *ids, au_single_done *done)
{
	single->done = done;
	return au_pull_single_next(single, ids);
}

bool
au_pull_single_next(struct au_pull_single *single, struct au_map *ids)
{
	AU_CLEANUP(au_freep) char *path = NULL;
	const char *id;
	size_t cursor = 0;

	if (!au_map_next(ids, &cursor, &id, NULL))
		return false;
	path = au_single_path(single->type_path, id);
	au_map_remove(ids, id);
	au_remote_get(single->remote, path, NULL, on_answer, single);
	return true;
}
