/* SPDX-License-Identifier: ISC */
/* Sending a step: an account is looked at before something is taken from it, and after it was deleted. */
#include "reconcile/errand.h"

#include "base/clock.h"
#include "base/str.h"
#include "reconcile/custody.h"
#include "reconcile/fresh.h"
#include "reconcile/strangers.h"
#include "reconcile/wish.h"

#include <string.h>

static void
copy_result(struct errand *errand, const struct au_call_result *result)
{
	errand->result.err = result->err;
	errand->result.order = au_arena_strdup(errand->arena, result->order);
	errand->result.account_count = result->account_count > 0;
	if (!result->account_count)
		return;
	errand->result.accounts = au_seen_copy(errand->arena, &result->accounts[0]);
	if (result->accounts[0].secret)
		errand->shown = au_secret_from_text(result->accounts[0].secret);
}

static void
sent(struct errand *errand, const struct au_call_result *result)
{
	copy_result(errand, result);
	errand->now_ms = au_clock_wall_ms();
	errand->proven_ms = errand->queue->proven_ms;
	errand->sent(errand);
}

static void
look_at(struct errand *errand, au_engine_done *done)
{
	const struct au_engine *engine = errand->queue->engine;
	const struct au_account *account = &errand->account;
	struct au_call call = { .op = AU_CALL_GET,
		.account = { .id = account->remote_id, .login = account->login, .mark = account->id, .active = -1 } };

	engine->targets.call(engine->targets_ctx, errand->queue->name, &call, done, errand);
}

/* The account is ours until it is seen to be gone: a half-done removal must not leave a log-in that nobody manages. */
static void
looked_after(void *ctx, const struct au_call_result *result)
{
	struct au_call_result outcome = { 0 };

	if (result->err.code == AU_OK && result->account_count > 0)
		au_fail(&outcome.err, AU_EPROTO, "the product said that it was deleted, and shows it still");
	else if (result->err.code != AU_ENOENT && result->err.code != AU_ENOSUP)
		outcome.err = result->err;
	sent(ctx, &outcome);
}

static void
call_done(void *ctx, const struct au_call_result *result)
{
	struct errand *errand = ctx;

	if (errand->step.op == AU_STEP_DELETE && result->err.code == AU_OK)
		look_at(errand, looked_after);
	else
		sent(errand, result);
}

static void
send_step(struct errand *errand)
{
	struct au_engine *engine = errand->queue->engine;
	json_t *want = NULL;
	struct au_call call = { .op = au_wish_call(errand->step.op) };

	if (errand->step.want)
		(void)au_json_parse(errand->step.want, strlen(errand->step.want), AU_JSON_DEPTH, &want, NULL);
	au_json_in_arena(errand->arena, want ? want : (want = json_object()));
	au_wish_account(want, &call.account);
	const json_t *rights = json_object_get(want, "rights");
	if (rights) {
		AU_CLEANUP(au_freep) char *text = au_json_canonical(rights);
		call.account.rights = au_arena_strdup(errand->arena, text);
	}
	call.account.id = errand->account.remote_id;
	if (!call.account.login)
		call.account.login = errand->account.login;
	call.account.mark = errand->account.id;
	call.known = au_wish_known(&errand->account);
	if (errand->step.op == AU_STEP_RETIRE) {
		au_custody_former(errand->arena, errand->step.want, &call.known);
		call.account.id = call.known.id;
	}
	call.account.secret = au_secret_text(errand->secret);
	engine->targets.call(engine->targets_ctx, errand->queue->name, &call, call_done, errand);
	au_secret_free(errand->secret);
	errand->secret = NULL;
}

/* Nothing was changed by looking, so no outcome of it is unclear. */
static void
looked(void *ctx, const struct au_call_result *result)
{
	struct errand *errand = ctx;
	struct au_call_result seen = *result;

	if (seen.err.code == AU_OK && seen.account_count > 0)
		errand->moved = au_fresh_moved(errand->arena, &errand->account, &seen.accounts[0]);
	else if (seen.err.code == AU_EUNKNOWN)
		seen.err.code = AU_ETEMP;
	if (seen.err.code == AU_OK && !errand->moved)
		send_step(errand);
	else
		sent(errand, &seen);
}

/* The third of three times that a step is checked: against what the target holds right before the call. */
void
au_errand_send(struct errand *errand, void (*done)(struct errand *errand))
{
	errand->sent = done;
	if (au_fresh_is_due(errand->step.op, &errand->account) &&
	    (errand->block->describe->caps & AU_CAP_MANUAL) == 0 &&
	    au_values_bool(errand->block->block.values, "look_first"))
		look_at(errand, looked);
	else
		send_step(errand);
}
