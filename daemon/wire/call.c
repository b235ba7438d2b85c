/* SPDX-License-Identifier: ISC */
/* Calls and answers as JSON.  Both sides read with the same care: the other one may be a program gone wrong. */
#include "wire/call.h"

#include "base/str.h"
#include "model/order_text.h"

#include <limits.h>
#include <string.h>

#define RETRY_AFTER_MOST_S 86400

static const char *const op_names[] = {
	[AU_CALL_OPEN] = "open",
	[AU_CALL_PROBE] = "probe",
	[AU_CALL_RESOLVE] = "resolve",
	[AU_CALL_LIST] = "list",
	[AU_CALL_FIND] = "find",
	[AU_CALL_GET] = "get",
	[AU_CALL_POOLS] = "pools",
	[AU_CALL_CREATE] = "create",
	[AU_CALL_SET_RIGHTS] = "set-rights",
	[AU_CALL_SET_ACTIVE] = "set-active",
	[AU_CALL_SET_PROFILE] = "set-profile",
	[AU_CALL_RESET_SECRET] = "reset-secret",
	[AU_CALL_REMOVE] = "remove",
};

static const struct au_json_text account_texts[] = {
	{ "id", offsetof(struct au_target_account, id) },
	{ "login", offsetof(struct au_target_account, login) },
	{ "label", offsetof(struct au_target_account, label) },
	{ "first_name", offsetof(struct au_target_account, first_name) },
	{ "last_name", offsetof(struct au_target_account, last_name) },
	{ "mail", offsetof(struct au_target_account, mail) },
	{ "mark", offsetof(struct au_target_account, mark) },
	{ "rights", offsetof(struct au_target_account, rights) },
	{ "version", offsetof(struct au_target_account, version) },
	{ "secret", offsetof(struct au_target_account, secret) },
	{ NULL, 0 },
};

const char *
au_call_op_name(enum au_call_op op)
{
	return op >= AU_CALL_OPEN && op <= AU_CALL_REMOVE ? op_names[op] : NULL;
}

enum au_call_op
au_call_op_from_name(const char *name)
{
	for (int op = AU_CALL_OPEN; op <= AU_CALL_REMOVE; op++)
		if (au_streq(name, op_names[op]))
			return (enum au_call_op)op;
	return (enum au_call_op)0;
}

bool
au_call_changes(enum au_call_op op)
{
	return op >= AU_CALL_CREATE;
}

json_t *
au_target_account_to_json(const struct au_target_account *account, bool with_secret)
{
	struct au_target_account shown = *account;
	json_t *json = json_object();

	if (!with_secret)
		shown.secret = NULL;
	au_json_put_texts(json, account_texts, &shown);
	if (account->active >= 0)
		json_object_set_new(json, "active", json_boolean(account->active));
	return json;
}

int
au_target_account_from_json(const json_t *json, struct au_target_account *ret, struct au_err *err)
{
	struct au_target_account account = { 0 };
	struct au_err why;

	if (!json_is_object(json))
		return au_fail(err, AU_EPROTO, "account: expected an object");
	if (au_json_take_texts(json, account_texts, &account, &why) != 0 ||
	    au_json_bool(json, "active", -1, &account.active, &why) != 0)
		return au_fail(err, AU_EPROTO, "account: %s", why.text);
	*ret = account;
	return 0;
}

static int
take_id(const json_t *json, unsigned *ret, struct au_err *err)
{
	const json_t *id = json_object_get(json, "id");

	if (!json_is_integer(id) || json_integer_value(id) < 0 || json_integer_value(id) > UINT_MAX)
		return au_fail(err, AU_EPROTO, "member 'id': expected a call's number");
	*ret = (unsigned)json_integer_value(id);
	return 0;
}

json_t *
au_call_to_json(const struct au_call *call)
{
	json_t *json = json_object();

	au_json_set_int(json, "id", call->id);
	au_json_set_str(json, "op", au_call_op_name(call->op));
	json_object_set_new(json, "account", au_target_account_to_json(&call->account, true));
	if (call->known.login != NULL)
		json_object_set_new(json, "known", au_target_account_to_json(&call->known, false));
	au_json_set_str(json, "rights", call->rights_in);
	au_json_set_str(json, "plugin", call->plugin);
	/* Shared, not changed: only its count of references moves. */
	if (call->options != NULL)
		json_object_set(json, "options", (json_t *)(uintptr_t)call->options);
	if (call->own_rules != NULL)
		json_object_set(json, "own_rules", (json_t *)(uintptr_t)call->own_rules);
	return json;
}

int
au_call_from_json(const json_t *json, struct au_call *ret, struct au_err *err)
{
	const json_t *account = json_object_get(json, "account"), *known = json_object_get(json, "known");
	struct au_call call = {
		.op = au_call_op_from_name(au_json_get_str(json, "op")),
		.account.active = -1,
		.known.active = -1,
		.rights_in = au_json_get_str(json, "rights"),
		.plugin = au_json_get_str(json, "plugin"),
		.options = json_object_get(json, "options"),
		.own_rules = json_object_get(json, "own_rules"),
	};

	int code = take_id(json, &call.id, err);
	if (code == 0 && account != NULL)
		code = au_target_account_from_json(account, &call.account, err);
	if (code == 0 && known != NULL)
		code = au_target_account_from_json(known, &call.known, err);
	if (code != 0)
		return au_err_prefix(err, code, "call");
	if (call.op == 0)
		return au_fail(err, AU_EPROTO, "call: member 'op': unknown");
	if (call.op == AU_CALL_OPEN && (call.plugin == NULL || !json_is_object(call.options)))
		return au_fail(err, AU_EPROTO, "call: open: expected a plugin and options");
	if (call.op == AU_CALL_RESOLVE && call.rights_in == NULL)
		return au_fail(err, AU_EPROTO, "call: resolve: expected rights");
	*ret = call;
	return 0;
}

static json_t *
pool_to_json(const struct au_pool_state *pool)
{
	json_t *json = json_object();

	au_json_set_str(json, "name", pool->name);
	json_object_set_new(json, "limit", json_integer(pool->limit));
	json_object_set_new(json, "used", json_integer(pool->used));
	return json;
}

static int
pool_from_json(const json_t *json, struct au_pool_state *ret, struct au_err *err)
{
	struct au_pool_state pool = { .name = au_json_get_str(json, "name") };
	struct au_err why;

	if (pool.name == NULL)
		return au_fail(err, AU_EPROTO, "pool: expected a name");
	if (au_json_int(json, "limit", -1, &pool.limit, &why) != 0 ||
	    au_json_int(json, "used", -1, &pool.used, &why) != 0)
		return au_fail(err, AU_EPROTO, "pool: %s", why.text);
	if (pool.limit < -1 || pool.used < -1)
		return au_fail(err, AU_EPROTO, "pool '%s': expected no negative numbers", pool.name);
	*ret = pool;
	return 0;
}

json_t *
au_answer_to_json(const struct au_answer *answer)
{
	json_t *json = json_object();

	au_json_set_int(json, "id", answer->id);
	if (!answer->end && answer->pool.name != NULL) {
		json_object_set_new(json, "pool", pool_to_json(&answer->pool));
		return json;
	}
	if (!answer->end) {
		json_object_set_new(json, "account", au_target_account_to_json(&answer->account, true));
		return json;
	}
	au_json_set_str(json, "code", au_code_name(answer->err.code));
	if (answer->err.code != AU_OK) {
		au_json_set_int(json, "http_status", answer->err.http_status);
		au_json_set_int(json, "retry_after_s", answer->err.retry_after_s);
		au_json_set_str(json, "error", answer->err.text);
	}
	au_json_set_str(json, "text", answer->text);
	if (answer->order != NULL)
		json_object_set(json, "order", (json_t *)(uintptr_t)answer->order);
	return json;
}

static int
take_end(const json_t *json, const char *code, struct au_answer *answer, struct au_err *err)
{
	long long status, wait;
	const char *error;
	struct au_err why;

	if (au_json_int(json, "http_status", 0, &status, &why) != 0 ||
	    au_json_int(json, "retry_after_s", 0, &wait, &why) != 0 ||
	    au_json_str(json, "error", "", &error, &why) != 0 ||
	    au_json_str(json, "text", NULL, &answer->text, &why) != 0)
		return au_fail(err, AU_EPROTO, "answer: %s", why.text);
	answer->end = true;
	answer->order = json_object_get(json, "order");
	if (answer->order != NULL &&
	    (au_code_from_name(code) != AU_EMANUAL || au_order_text_check(answer->order, &why) != 0))
		return au_fail(err, AU_EPROTO, "answer: %s",
		    au_code_from_name(code) == AU_EMANUAL ? why.text : "an order without a person");
	if (au_code_from_name(code) == AU_OK)
		return 0;
	au_fail(&answer->err, au_code_from_name(code), "%s", error);
	answer->err.http_status = status >= 0 && status <= INT_MAX ? (int)status : 0;
	/* A product that asks for more than a day is asked again after one. */
	answer->err.retry_after_s = wait < 0 ? 0 : wait < RETRY_AFTER_MOST_S ? (unsigned)wait : RETRY_AFTER_MOST_S;
	return 0;
}

int
au_answer_from_json(const json_t *json, struct au_answer *ret, struct au_err *err)
{
	struct au_answer answer = { .account.active = -1 };
	const json_t *account = json_object_get(json, "account"), *pool = json_object_get(json, "pool");
	const char *word = au_json_get_str(json, "code");

	int code = take_id(json, &answer.id, err);
	if (code == 0 && (account != NULL) + (pool != NULL) + (word != NULL) != 1)
		code = au_fail(err, AU_EPROTO, "expected either an account, a pool or a code");
	if (code == 0 && account != NULL)
		code = au_target_account_from_json(account, &answer.account, err);
	if (code == 0 && pool != NULL)
		code = pool_from_json(pool, &answer.pool, err);
	if (code != 0)
		return au_err_prefix(err, code, "answer");
	if (word != NULL)
		code = take_end(json, word, &answer, err);
	if (code == 0)
		*ret = answer;
	return code;
}
