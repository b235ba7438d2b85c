/* SPDX-License-Identifier: ISC */
/* The document is made when the change is: what is sent later is how it was then. */
#include "reconcile/announce.h"

#include "base/mem.h"
#include "base/rand.h"
#include "store/audit.h"
#include "store/delivery.h"
#include "store/work.h"

#define TOLD_AGAIN 10000

static json_t *
document(const struct au_work *work)
{
	static const char *const ours[] = { "want", "step", "account_id" };
	json_t *json = au_work_to_json(work);

	for (size_t i = 0; i < AU_COUNT(ours); i++)
		json_object_del(json, ours[i]);
	json_object_set_new(json, "urgent", json_boolean(work->lane != AU_LANE_SAFE));
	return json;
}

int
au_announce_work(
    struct au_store_tx *tx, const struct au_work *work, const char *type, long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *data = NULL;
	char uuid[AU_UUID_SIZE];
	bool subscribed = false;
	int rc = au_store_subscription_has(tx, work->target, &subscribed, err);

	if (rc < 0 || !subscribed)
		return rc;
	json = document(work);
	data = au_json_canonical(json);
	return au_store_delivery_add(tx,
	    &(struct au_delivery){ .uuid = au_uuid_new(uuid),
		.work = work->id,
		.target = work->target,
		.type = type,
		.data = data,
		.created_ms = now_ms },
	    err);
}

static int
tell_all(struct au_store_tx *tx, long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_work *works = NULL;
	size_t count = 0;
	int rc = au_store_work_due(tx, arena, NULL, TOLD_AGAIN, &works, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = au_announce_work(tx, &works[i], "work.state", now_ms, err);
	return rc;
}

int
au_announce_again(struct au_store_tx *tx, long long now_ms, long long *ret_count, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_delivery_counts before, after = { 0 };
	int rc = au_store_delivery_count(tx, arena, &before, err);

	if (rc == 0)
		rc = au_store_delivery_retry(tx, now_ms, err);
	if (rc == 0 && before.lost > 0)
		rc = tell_all(tx, now_ms, err);
	if (rc == 0)
		rc = au_store_delivery_count(tx, arena, &after, err);
	*ret_count = after.waiting;
	return rc;
}

int
au_announce_ticket(
    struct au_store_tx *tx, const char *actor, long long work, const char *ticket, long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	AU_CLEANUP(au_freep) char *id = au_xasprintf("%lld", work);
	bool is_news = false;
	int rc = au_store_work_ticket(tx, work, ticket, &is_news, err);

	au_json_set_str(detail, "ticket", ticket);
	return rc < 0 || !is_news ? rc : au_store_audit(tx, now_ms, actor, "work.ticket", id, detail, err);
}
