/* SPDX-License-Identifier: ISC */
/* Text goes into an arena, secrets do not. */
#include "target/pending.h"

#include "base/mem.h"

/* A list of this many API users is no list of API users; other calls speak of one account, find of a few. */
#define LIST_MOST 1000000
#define CALL_MOST 100
#define POOLS_MOST 256

static void
copy_account(struct au_arena *arena, const struct au_target_account *from, struct au_target_account *to)
{
	*to = (struct au_target_account){
		.id = au_arena_strdup(arena, from->id),
		.login = au_arena_strdup(arena, from->login),
		.label = au_arena_strdup(arena, from->label),
		.first_name = au_arena_strdup(arena, from->first_name),
		.last_name = au_arena_strdup(arena, from->last_name),
		.mail = au_arena_strdup(arena, from->mail),
		.mark = au_arena_strdup(arena, from->mark),
		.active = from->active,
		.rights = au_arena_strdup(arena, from->rights),
		.version = au_arena_strdup(arena, from->version),
	};
}

struct au_pending *
au_pending_new(const struct au_call *call, au_call_done *done, void *ctx)
{
	struct au_pending *pending = au_xcalloc(1, sizeof(*pending));

	pending->arena = au_arena_new();
	pending->call.op = call->op;
	copy_account(pending->arena, &call->account, &pending->call.account);
	copy_account(pending->arena, &call->known, &pending->call.known);
	pending->secret = au_secret_from_text(call->account.secret);
	pending->call.account.secret = au_secret_text(pending->secret);
	pending->call.rights_in = au_arena_strdup(pending->arena, call->rights_in);
	pending->done = done;
	pending->ctx = ctx;
	return pending;
}

void
au_pending_free(struct au_pending *pending)
{
	if (pending == NULL)
		return;
	for (size_t i = 0; i < pending->secret_count; i++)
		au_secret_free(pending->secrets[i]);
	free(pending->secrets);
	free(pending->accounts);
	free(pending->pools);
	au_secret_free(pending->secret);
	au_arena_free(pending->arena);
	free(pending);
}

static const char *
keep_secret(struct au_pending *pending, const char *secret)
{
	struct au_secret *copy;

	if (secret == NULL)
		return NULL;
	copy = au_secret_from_text(secret);
	pending->secrets = au_xrealloc(pending->secrets, pending->secret_count + 1, sizeof(struct au_secret *));
	pending->secrets[pending->secret_count++] = copy;
	return au_secret_text(copy);
}

int
au_pending_account(struct au_pending *pending, const struct au_target_account *account, struct au_err *err)
{
	size_t most = pending->call.op == AU_CALL_LIST ? LIST_MOST : CALL_MOST;
	struct au_target_account *slot;

	if (pending->result.account_count == most)
		return au_fail(err, AU_ELIMIT, "more than %zu accounts in one answer", most);
	if (pending->result.account_count == pending->cap) {
		pending->cap = pending->cap == 0 ? 8 : pending->cap * 2;
		pending->accounts = au_xrealloc(pending->accounts, pending->cap, sizeof(*pending->accounts));
		pending->result.accounts = pending->accounts;
	}
	slot = &pending->accounts[pending->result.account_count++];
	copy_account(pending->arena, account, slot);
	slot->secret = keep_secret(pending, account->secret);
	return 0;
}

int
au_pending_pool(struct au_pending *pending, const struct au_pool_state *pool, struct au_err *err)
{
	struct au_pool_state *slot;

	if (pending->call.op != AU_CALL_POOLS)
		return au_fail(err, AU_EPROTO, "answered '%s' with a pool", au_call_op_name(pending->call.op));
	if (pending->result.pool_count == POOLS_MOST)
		return au_fail(err, AU_ELIMIT, "more than %d pools in one answer", POOLS_MOST);
	if (pending->pools == NULL)
		pending->pools = au_xcalloc(POOLS_MOST, sizeof(*pending->pools));
	pending->result.pools = pending->pools;
	slot = &pending->pools[pending->result.pool_count++];
	*slot = *pool;
	slot->name = au_arena_strdup(pending->arena, pool->name);
	return 0;
}

void
au_pending_end(struct au_pending *pending, const struct au_err *outcome, const char *text, const json_t *order)
{
	AU_CLEANUP(au_freep) char *order_text = order != NULL ? au_json_canonical(order) : NULL;

	pending->result.err = *outcome;
	pending->result.text = au_arena_strdup(pending->arena, text);
	pending->result.order = au_arena_strdup(pending->arena, order_text);
	/* What a person must finish may have been begun. */
	if (outcome->code == 0 || pending->result.order != NULL)
		return;
	/* Half an answer is none. */
	pending->result.accounts = NULL;
	pending->result.account_count = 0;
	pending->result.pools = NULL;
	pending->result.pool_count = 0;
	pending->result.text = NULL;
}

void
au_pending_put(struct au_pending_queue *queue, struct au_pending *pending)
{
	pending->next = NULL;
	*queue->last = pending;
	queue->last = &pending->next;
	queue->count++;
}

struct au_pending *
au_pending_take(struct au_pending_queue *queue)
{
	struct au_pending *pending = queue->first;

	if (pending == NULL)
		return NULL;
	queue->first = pending->next;
	if (queue->first == NULL)
		queue->last = &queue->first;
	queue->count--;
	return pending;
}

void
au_pending_drain(struct au_pending_queue *queue)
{
	for (struct au_pending *pending; (pending = au_pending_take(queue)) != NULL;)
		au_pending_free(pending);
}
