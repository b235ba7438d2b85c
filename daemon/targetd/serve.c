/* SPDX-License-Identifier: ISC */
/*
 * One row per call.  A changing call is checked here for the last time against
 * the product's rules and its password policy, whatever the daemon thought when
 * it made the plan.
 */
#include "targetd/serve.h"

#include "base/clock.h"
#include "base/frame.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/rate.h"
#include "targetd/final_check.h"
#include "targetd/mask.h"
#include "targetd/order_call.h"
#include "targetd/plugin_host.h"
#include "targetd/plugin_load.h"
#include "targetd/strict.h"
#include "wire/call.h"
#include "wire/channel.h"
#include "wire/message.h"

#include <malloc.h>
#include <string.h>

#define ORDER_KEPT (1 << 20) /* bytes of the heap: the host keeps the order, and what else grows is not looked for */

struct serve {
	int fd;
	const char *target;
	struct au_mask *mask;
	struct au_strict *strict; /* NULL: not asked for */
	struct au_plugin *plugin;
	struct au_values *values;
	struct au_arena *arena;   /* of own */
	struct au_own_rules *own; /* NULL: there are none */
	struct au_session *session;
	struct au_rate rate;
};

/* The answer being given. */
struct answering {
	struct serve *serve;
	unsigned id;
	bool shows_secret; /* an account may carry its secret */
	size_t emitted;
	struct au_str text;   /* RESOLVE */
	struct au_err broken; /* what the plugin did against the contract; code 0 when nothing */
};

typedef int run_fn(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err);

/* ---- what comes out of the plugin ---------------------------------------- */

/* Strict: the product's secrets have no place in an account, and its own only where it is shown. */
static void
look_for_secrets(struct answering *a, const struct au_target_account *account)
{
	const char *const texts[] = { account->id, account->login, account->label, account->first_name,
		account->last_name, account->mail, account->mark, account->rights, account->version };

	if (account->secret != NULL && !a->shows_secret)
		au_strict_find(a->serve->strict, "an account was emitted with its secret by a call that shows none");
	for (size_t i = 0; i < AU_COUNT(texts); i++)
		if (au_mask_hits(a->serve->mask, texts[i]))
			au_strict_find(a->serve->strict, "an account was emitted with a secret in one of its texts");
}

static int
emit_account(void *ctx, const struct au_target_account *account)
{
	struct answering *a = ctx;
	struct au_answer answer = { .id = a->id };

	if (account == NULL || account->id == NULL || account->login == NULL)
		return au_fail(&a->broken, AU_EBUG, "plugin emitted an account without id or login");
	answer.account = *account;
	if (a->serve->strict != NULL)
		look_for_secrets(a, account);
	if (!a->shows_secret)
		answer.account.secret = NULL;
	a->emitted++;
	return au_channel_reply(a->serve->fd, au_answer_to_json(&answer), &a->broken);
}

static int
emit_text(void *ctx, const char *text)
{
	struct answering *a = ctx;
	json_t *value;

	if (a->text.len != 0)
		return au_fail(&a->broken, AU_EBUG, "plugin emitted rights twice");
	if (text == NULL || au_json_parse(text, strlen(text), AU_JSON_DEPTH, &value, NULL) != 0)
		return au_fail(&a->broken, AU_EBUG, "plugin emitted rights that are no JSON");
	if (json_is_object(value))
		au_str_put(&a->text, text);
	json_decref(value);
	return a->text.len != 0 ? 0 : au_fail(&a->broken, AU_EBUG, "plugin emitted rights that are no JSON object");
}

/* A pool of the table, or one of those that the table's limits stand for. */
static bool
is_pool(const struct au_target *table, const char *name)
{
	for (const struct au_pool *pool = table->pools; pool != NULL && pool->name != NULL; pool++)
		if (strcmp(pool->name, name) == 0)
			return true;
	return (table->limits.max_active >= 0 && strcmp(name, "active") == 0) ||
	       (table->limits.max_accounts >= 0 && strcmp(name, "accounts") == 0);
}

static int
emit_pool(void *ctx, const struct au_pool_state *state)
{
	struct answering *a = ctx;
	struct au_answer answer = { .id = a->id };

	if (state == NULL || state->name == NULL || !is_pool(&a->serve->plugin->table, state->name))
		return au_fail(&a->broken, AU_EBUG, "plugin emitted a pool that it has no row of");
	if (state->limit < -1 || state->used < -1)
		return au_fail(&a->broken, AU_EBUG, "plugin emitted a pool with a number below zero");
	answer.pool = *state;
	a->emitted++;
	return au_channel_reply(a->serve->fd, au_answer_to_json(&answer), &a->broken);
}

/* ---- open ------------------------------------------------------------------ */

static void
close_plugin(struct serve *s)
{
	if (s->session != NULL)
		s->plugin->table.close(s->session);
	if (s->session != NULL && s->strict != NULL)
		au_strict_closed(s->strict);
	s->session = NULL;
	au_values_free(s->values);
	s->values = NULL;
	au_arena_free(s->arena);
	s->arena = NULL;
	s->own = NULL;
}

static int
load_plugin(struct serve *s, const char *path, struct au_err *err)
{
	const struct au_target *table;
	int r;

	if (s->plugin != NULL && strcmp(s->plugin->path, path) == 0)
		return 0;
	if (s->plugin != NULL)
		return au_fail(err, AU_EBUG, "worker holds another plugin already");
	if ((r = au_plugin_load(path, &s->plugin, err)) != 0)
		return r;
	table = &s->plugin->table;
	if (table->limits.calls_per_minute > 0)
		au_rate_init(&s->rate, table->limits.calls_per_minute / 60.0, table->limits.calls_per_minute,
		    au_clock_mono_ms());
	return 0;
}

static int
read_options(struct serve *s, const json_t *options, struct au_err *err)
{
	const char *name;
	json_t *value;
	int r;

	s->values = au_values_new(s->plugin->table.instance_opts);
	json_object_foreach ((json_t *)options, name, value) {
		const struct au_opt *row = au_opt_find(s->plugin->table.instance_opts, name);

		if (row != NULL && row->type == AU_SECRET)
			au_mask_add(s->mask, json_string_value(value), true);
		if ((r = au_values_set(s->values, name, value, err)) != 0)
			return r;
	}
	return au_values_check(s->values, err);
}

static int
read_own_rules(struct serve *s, const json_t *json, struct au_err *err)
{
	if (json == NULL)
		return 0;
	s->arena = au_arena_new();
	s->own = au_arena_alloc(s->arena, sizeof(*s->own));
	return au_own_rules_from_json(s->arena, json, s->own, err);
}

static const struct au_host *
host_for(struct serve *s)
{
	const struct au_host *host = au_plugin_host(s->target, s->mask);

	if (s->strict == NULL)
		return host;
	s->plugin->table.close(NULL);
	return au_strict_host(s->strict, host, (s->plugin->table.caps & AU_CAP_PROGRAMS) != 0);
}

static int
run_open(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	int r;

	(void)a;
	close_plugin(s);
	if (call->plugin == NULL || !json_is_object(call->options))
		return au_fail(err, AU_EBUG, "call 'open': expected a plugin and options");
	if ((r = load_plugin(s, call->plugin, err)) == 0)
		r = read_options(s, call->options, err);
	if (r == 0)
		r = read_own_rules(s, call->own_rules, err);
	if (r == 0)
		r = s->plugin->table.open(host_for(s), s->values, &s->session, err);
	if (r == 0 && s->session == NULL)
		r = au_fail(err, AU_EBUG, "plugin opened without a session");
	return r;
}

/* ---- calls ----------------------------------------------------------------- */

static int
run_probe(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	(void)call;
	(void)a;
	return s->plugin->table.probe(s->session, err);
}

static int
run_resolve(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	int r = s->plugin->table.resolve(s->session, call->rights_in, emit_text, a, err);

	if (r == 0 && a->text.len == 0)
		return au_fail(err, AU_EBUG, "plugin resolved rights to nothing");
	return r;
}

static int
run_list(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	(void)call;
	return s->plugin->table.list(s->session, emit_account, a, err);
}

static int
run_find(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	return s->plugin->table.find(s->session, call->account.login, emit_account, a, err);
}

static int
run_get(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	return s->plugin->table.get(s->session, call->account.id, emit_account, a, err);
}

static int
run_pools(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	(void)call;
	return s->plugin->table.read_pools(s->session, emit_pool, a, err);
}

static int
run_create(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	return s->plugin->table.create(s->session, &call->account, emit_account, a, err);
}

static int
run_set_rights(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	return s->plugin->table.set_rights(s->session, call->account.id, &call->account, emit_account, a, err);
}

static int
run_set_active(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	if (call->account.active != 0 && call->account.active != 1)
		return au_fail(err, AU_EBUG, "call 'set-active': expected active or inactive");
	return s->plugin->table.set_active(
	    s->session, call->account.id, call->account.active == 1, emit_account, a, err);
}

static int
run_set_profile(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	return s->plugin->table.set_profile(s->session, call->account.id, &call->account, emit_account, a, err);
}

static int
run_reset_secret(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	return s->plugin->table.reset_secret(s->session, call->account.id, call->account.secret, emit_account, a, err);
}

static int
run_remove(struct serve *s, const struct au_call *call, struct answering *a, struct au_err *err)
{
	(void)a;
	return s->plugin->table.remove(s->session, call->account.id, err);
}

enum { NEEDS_ID = 1, NEEDS_LOGIN = 2, NEEDS_RIGHTS_IN = 4, EMITS_ONE = 8 };

static const struct row {
	enum au_call_op op;
	unsigned cap; /* 0 = every plugin has it */
	unsigned needs;
	run_fn *run;
} calls[] = {
	{ AU_CALL_OPEN, 0, 0, run_open },
	{ AU_CALL_PROBE, 0, 0, run_probe },
	{ AU_CALL_RESOLVE, 0, NEEDS_RIGHTS_IN, run_resolve },
	{ AU_CALL_LIST, AU_CAP_LIST, 0, run_list },
	{ AU_CALL_FIND, 0, NEEDS_LOGIN, run_find },
	{ AU_CALL_GET, 0, NEEDS_ID | EMITS_ONE, run_get },
	{ AU_CALL_POOLS, AU_CAP_POOLS, 0, run_pools },
	{ AU_CALL_CREATE, 0, NEEDS_LOGIN | EMITS_ONE, run_create },
	{ AU_CALL_SET_RIGHTS, AU_CAP_SET_RIGHTS, NEEDS_ID | EMITS_ONE, run_set_rights },
	{ AU_CALL_SET_ACTIVE, AU_CAP_DISABLE, NEEDS_ID | EMITS_ONE, run_set_active },
	{ AU_CALL_SET_PROFILE, AU_CAP_SET_PROFILE, NEEDS_ID | EMITS_ONE, run_set_profile },
	{ AU_CALL_RESET_SECRET, AU_CAP_RESET_SECRET, NEEDS_ID | EMITS_ONE, run_reset_secret },
	{ AU_CALL_REMOVE, AU_CAP_DELETE, NEEDS_ID, run_remove },
};

static const struct row *
row_of(enum au_call_op op)
{
	for (size_t i = 0; i < AU_COUNT(calls); i++) {
		if (calls[i].op == op)
			return &calls[i];
	}
	return NULL;
}

static int
check_call(struct serve *s, const struct row *row, const struct au_call *call, struct au_err *err)
{
	const struct au_target *table;
	int64_t wait;

	if (row->op == AU_CALL_OPEN)
		return 0;
	if (s->plugin == NULL || s->session == NULL)
		return au_fail(err, AU_EBUG, "call '%s' before 'open'", au_call_op_name(call->op));
	table = &s->plugin->table;
	if (row->cap != 0 && (table->caps & row->cap) == 0)
		return au_fail(err, AU_ENOSUP, "%s cannot do '%s'", table->product, au_call_op_name(call->op));
	if (((row->needs & NEEDS_ID) != 0 && call->account.id == NULL) ||
	    ((row->needs & NEEDS_LOGIN) != 0 && call->account.login == NULL) ||
	    ((row->needs & NEEDS_RIGHTS_IN) != 0 && call->rights_in == NULL))
		return au_fail(err, AU_EBUG, "call '%s' lacks what it is about", au_call_op_name(call->op));
	if (table->limits.calls_per_minute > 0 && !au_rate_take(&s->rate, au_clock_mono_ms(), &wait)) {
		au_fail(err, AU_EBUSY, "%s takes %d calls a minute", table->product, table->limits.calls_per_minute);
		err->retry_after_s = (unsigned)((wait + 999) / 1000);
		return AU_EBUSY;
	}
	return au_final_check(table, s->own, call, err);
}

/* What the plugin returned, in the terms of the contract. */
static int
settle(const struct row *row, const struct answering *a, int r, struct au_err *err)
{
	if (a->broken.code != 0) {
		*err = a->broken;
		return a->broken.code;
	}
	if (r > 0 || au_code_from_name(au_code_name(r)) != r)
		return au_fail(err, AU_EBUG, "plugin returned %d, which is no code", r);
	if (r == 0 && (row->needs & EMITS_ONE) != 0 && a->emitted != 1)
		return au_fail(err, AU_EBUG, "plugin emitted %zu accounts, expected one", a->emitted);
	if (r != 0 && err->text[0] == '\0')
		return au_fail(err, r, "plugin gave no reason");
	err->code = r;
	return r;
}

/* Run it with what the strict host lends, and tell what it left. */
static int
run_strictly(
    struct serve *s, const struct row *row, const struct au_call *call, struct answering *a, struct au_err *err)
{
	struct au_call lent;
	int r;

	au_strict_before(s->strict, call, &lent);
	r = row->run(s, &lent, a, err);
	au_strict_after(s->strict, call->op, malloc_usable_size(a->text.data) + sizeof(size_t));
	if (au_plugin_host_leaked())
		au_strict_find(s->strict, "call '%s' logged a secret", au_call_op_name(call->op));
	if (r != 0 && au_mask_hits(s->mask, err->text))
		au_strict_find(s->strict, "call '%s' put a secret into its error", au_call_op_name(call->op));
	return r;
}

static int
run_in_plugin(
    struct serve *s, const struct row *row, const struct au_call *call, struct answering *a, struct au_err *err)
{
	return s->strict != NULL ? run_strictly(s, row, call, a, err) : row->run(s, call, a, err);
}

/* What a plugin writes down it writes under the same eyes. */
static int
ask_for_order(struct serve *s, const struct au_call *call, json_t **ret, struct au_err *err)
{
	const struct au_target *table = &s->plugin->table;
	struct au_call lent;
	int r;

	if (s->strict == NULL)
		return au_order_ask(table, s->session, s->mask, call, ret, err);
	au_strict_before(s->strict, call, &lent);
	r = au_order_ask(table, s->session, s->mask, &lent, ret, err);
	au_strict_after(s->strict, call->op, ORDER_KEPT);
	if (au_plugin_host_leaked())
		au_strict_find(s->strict, "call 'order' logged a secret");
	return r;
}

/* Without an API a change is a person's and there is nothing to be asked; then the plugin writes down what to do. */
static int
run(struct serve *s, const struct row *row, const struct au_call *call, struct answering *a, json_t **ret_order,
    struct au_err *err)
{
	struct au_err why = { 0 };
	int r = check_call(s, row, call, err);

	if (r != 0)
		return r;
	if (s->plugin == NULL || !au_order_is_due(&s->plugin->table, call->op))
		r = run_in_plugin(s, row, call, a, err);
	else if (call->op < AU_CALL_CREATE)
		r = au_fail(err, AU_ENOSUP, "%s has no API to ask", s->plugin->table.product);
	else
		r = au_fail(err, AU_EMANUAL, "%s has no API", s->plugin->table.product);
	if (r != AU_EMANUAL || call->op < AU_CALL_CREATE)
		return r;
	if ((r = ask_for_order(s, call, ret_order, &why)) == 0)
		return AU_EMANUAL;
	*err = why;
	return r;
}

static json_t *
end_to_json(struct serve *s, const struct au_answer *end)
{
	json_t *json = au_answer_to_json(end), *findings = s->strict != NULL ? au_strict_take(s->strict) : NULL;

	if (findings != NULL)
		json_object_set_new(json, "findings", findings);
	return json;
}

static int
handle(struct serve *s, const struct au_call *call, struct au_err *err)
{
	const struct row *row = row_of(call->op);
	struct answering a = { .serve = s, .id = call->id, .text = AU_STR_INIT };
	struct au_answer end = { .id = call->id, .end = true };
	AU_CLEANUP(au_json_decrefp) json_t *order = NULL;
	int r;

	if (row == NULL)
		return au_fail(err, AU_EPROTO, "call %d is unknown", (int)call->op);
	a.shows_secret = (call->op == AU_CALL_CREATE || call->op == AU_CALL_RESET_SECRET) && s->plugin != NULL &&
			 (s->plugin->table.caps & AU_CAP_SHOWS_SECRET) != 0;
	au_mask_add(s->mask, call->account.secret, false);
	r = settle(row, &a, run(s, row, call, &a, &order, &end.err), &end.err);
	if (r == 0)
		memset(&end.err, 0, sizeof(end.err));
	au_mask_apply(s->mask, end.err.text);
	au_mask_forget(s->mask);
	end.text = r == 0 && a.text.len != 0 ? au_str_get(&a.text) : NULL;
	end.order = r == AU_EMANUAL ? order : NULL;
	r = au_channel_reply(s->fd, end_to_json(s, &end), err);
	au_str_done(&a.text);
	return r;
}

static int
serve_one(struct serve *s, struct au_err *err)
{
	struct au_call call;
	json_t *message;
	int r = au_channel_receive(s->fd, AU_FRAME_MAX, &message, err);

	if (r != 0)
		return r;
	if ((r = au_call_from_json(message, &call, err)) == 0)
		r = handle(s, &call, err);
	au_message_free(message);
	return r;
}

int
au_serve(int fd, const char *target, bool is_strict, struct au_err *err)
{
	struct serve s = { .fd = fd, .target = target, .mask = au_mask_new() };
	int r;

	if (is_strict)
		s.strict = au_strict_new();
	do {
		r = serve_one(&s, err);
	} while (r == 0);
	close_plugin(&s);
	au_plugin_free(s.plugin);
	au_strict_free(s.strict);
	au_mask_free(s.mask);
	return r == AU_ENOENT ? 0 : r;
}
