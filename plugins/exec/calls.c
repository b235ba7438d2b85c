/* SPDX-License-Identifier: ISC */
/*
 * Every call is one line to the program and some lines back: an account in
 * each, and a last one with the code.  A program that is lost within a call that
 * changes something leaves its outcome unknown.
 */
#include "exec/calls.h"

#include "exec/program.h"

#include <string.h>

static const struct au_json_text texts[] = {
	{ "id", offsetof(struct au_target_account, id) },
	{ "login", offsetof(struct au_target_account, login) },
	{ "label", offsetof(struct au_target_account, label) },
	{ "first_name", offsetof(struct au_target_account, first_name) },
	{ "last_name", offsetof(struct au_target_account, last_name) },
	{ "mail", offsetof(struct au_target_account, mail) },
	{ "mark", offsetof(struct au_target_account, mark) },
	{ "version", offsetof(struct au_target_account, version) },
	{ "secret", offsetof(struct au_target_account, secret) },
	{ NULL, 0 },
};

/* One call under way. */
struct asking {
	const char *call;
	bool changes;
	bool emits_one;
	au_emit_account *emit; /* NULL: no account is expected */
	void *ctx;
	json_t **ret_rights; /* of resolve; else NULL */
};

/* ---- what comes back ------------------------------------------------------------------ */

/* Rights are an object in a line and canonical text in the interface. */
static int
emit_account(const struct asking *asking, const json_t *json, struct au_err *err)
{
	struct au_target_account account = { .active = -1 };
	const json_t *rights = json_object_get(json, "rights");
	AU_CLEANUP(au_freep) char *canonical = json_is_object(rights) ? au_json_canonical(rights) : NULL;

	if (asking->emit == NULL || !json_is_object(json))
		return au_fail(err, AU_EPROTO, "call '%s': expected no account", asking->call);
	if (au_json_take_texts(json, texts, &account, err) != 0 ||
	    au_json_bool(json, "active", -1, &account.active, err) != 0)
		return au_err_recode(err, AU_EPROTO);
	if (au_str_empty(account.id) || au_str_empty(account.login))
		return au_fail(err, AU_EPROTO, "call '%s': an account without id or login", asking->call);
	account.rights = canonical;
	account.secret = NULL;
	return asking->emit(asking->ctx, &account);
}

static int
take_end(const struct asking *asking, const json_t *json, struct au_err *err)
{
	const char *word = au_json_get_str(json, "code"), *text = au_json_get_str(json, "error");
	int code = au_code_from_name(word);
	long long wait = au_json_get_int(json, "retry_after_s");

	if (code == 0) {
		if (asking->ret_rights != NULL)
			*asking->ret_rights = json_incref(json_object_get(json, "rights"));
		return 0;
	}
	if (!au_streq(word, au_code_name(code)))
		return au_fail(err, AU_EPROTO, "call '%s': code '%.40s' is unknown", asking->call, word);
	au_fail(err, code, "%s", au_str_empty(text) ? "the program gave no reason" : text);
	err->retry_after_s = wait > 0 && wait < 86400 ? (unsigned)wait : 0;
	return code;
}

/* Read lines up to the one with a code. */
static int
hear_out(struct au_session *s, const struct asking *asking, struct au_err *err)
{
	size_t accounts = 0;

	for (;;) {
		AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
		int r = program_hear(s, &json, err);

		if (r == 0 && au_json_get_int(json, "id") != s->last_id)
			r = au_fail(err, AU_EPROTO, "call '%s': an answer to another call", asking->call);
		if (r == 0 && json_object_get(json, "code") != NULL) {
			r = take_end(asking, json, err);
			if (r == 0 && asking->emits_one && accounts != 1)
				return au_fail(
				    err, AU_EPROTO, "call '%s': %zu accounts, expected one", asking->call, accounts);
			return r;
		}
		if (r == 0)
			r = emit_account(asking, json_object_get(json, "account"), err);
		if (r != 0)
			return r;
		accounts++;
	}
}

/* After nonsense nobody knows what the next line belongs to. */
static int
give_up(struct au_session *s, const struct asking *asking, int code, struct au_err *err)
{
	if (code == AU_EPROTO)
		program_end(s, true);
	if (s->pid != 0 || !asking->changes || (code != AU_ETEMP && code != AU_EPROTO))
		return code;
	return au_err_recode(err, AU_EUNKNOWN);
}

/* ---- what goes there --------------------------------------------------------------------- */

static int
send_call(struct au_session *s, const char *call, json_t *members, struct au_err *err)
{
	json_t *message = json_pack("{s:I, s:s}", "id", (json_int_t)++s->last_id, "call", call);

	json_object_update(message, members);
	json_decref(members);
	return program_tell(s, message, err);
}

/* A new process learns its settings and says what it can do. */
static int
greet(struct au_session *s, struct au_err *err)
{
	json_t *members = json_pack("{s:O}", "settings", s->settings);
	const struct asking asking = { .call = "open" };
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	int r;

	au_json_set_str(members, "secret", au_secret_text(s->secret));
	if ((r = send_call(s, "open", members, err)) != 0 || (r = program_hear(s, &json, err)) != 0)
		return r;
	if (au_json_get_int(json, "id") != s->last_id || au_json_get_str(json, "code") == NULL)
		r = au_fail(err, AU_EPROTO, "call 'open': expected a code");
	if (r == 0)
		r = take_end(&asking, json, err);
	if (r != 0) {
		program_end(s, true);
		return r;
	}
	json_decref(s->calls);
	s->calls = json_incref(json_object_get(json, "calls"));
	return 0;
}

static int
make_ready(struct au_session *s, struct au_err *err)
{
	int r;

	if (s->pid != 0)
		return 0;
	r = program_start(s, err);
	return r == 0 ? greet(s, err) : r;
}

static bool
is_known(const struct au_session *s, const char *call)
{
	const json_t *name;
	size_t i;

	json_array_foreach (s->calls, i, name)
		if (au_streq(json_string_value(name), call))
			return true;
	return !json_is_array(s->calls);
}

/* The members are taken over. */
static int
ask(struct au_session *s, const struct asking *asking, json_t *members, struct au_err *err)
{
	int r = make_ready(s, err);

	if (r == 0 && !is_known(s, asking->call))
		r = au_fail(err, AU_ENOSUP, "program '%s' has no call '%s'", s->argv[0], asking->call);
	if (r != 0) {
		au_json_wipe(members);
		json_decref(members);
		return r;
	}
	/* A line that was not sent whole has not been read as one. */
	if ((r = send_call(s, asking->call, members, err)) != 0)
		return r;
	r = hear_out(s, asking, err);
	return r == 0 ? 0 : give_up(s, asking, r, err);
}

static json_t *
members_of(const struct au_target_account *account)
{
	json_t *json = json_object();

	au_json_put_texts(json, texts, account);
	if (account->active >= 0)
		json_object_set_new(json, "active", json_boolean(account->active));
	if (account->rights != NULL)
		json_object_set_new(json, "rights", json_loads(account->rights, 0, NULL));
	return json_pack("{s:o}", "account", json);
}

static int
change(struct au_session *s, const char *call, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	struct au_target_account account = *want;
	const struct asking asking = {
		.call = call, .changes = true, .emits_one = emit != NULL, .emit = emit, .ctx = ctx
	};

	if (id != NULL)
		account.id = id;
	return ask(s, &asking, members_of(&account), err);
}

int
exec_probe(struct au_session *s, struct au_err *err)
{
	return ask(s, &(struct asking){ .call = "probe" }, json_object(), err);
}

int
exec_resolve(struct au_session *s, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *resolved = NULL;
	AU_CLEANUP(au_freep) char *canonical = NULL;
	const struct asking asking = { .call = "resolve", .ret_rights = &resolved };
	int r = ask(s, &asking, json_pack("{s:o}", "rights", json_loads(rights, 0, NULL)), err);

	if (r != 0)
		return r;
	if (!json_is_object(resolved))
		return au_fail(err, AU_EPROTO, "call 'resolve': expected an object 'rights'");
	canonical = au_json_canonical(resolved);
	return emit(ctx, canonical);
}

int
exec_find(struct au_session *s, const char *login, au_emit_account *emit, void *ctx, struct au_err *err)
{
	const struct asking asking = { .call = "find", .emit = emit, .ctx = ctx };

	return ask(s, &asking, json_pack("{s:{s:s}}", "account", "login", login), err);
}

int
exec_get(struct au_session *s, const char *id, au_emit_account *emit, void *ctx, struct au_err *err)
{
	const struct asking asking = { .call = "get", .emit = emit, .ctx = ctx, .emits_one = true };

	return ask(s, &asking, json_pack("{s:{s:s}}", "account", "id", id), err);
}

int
exec_list(struct au_session *s, au_emit_account *emit, void *ctx, struct au_err *err)
{
	const struct asking asking = { .call = "list", .emit = emit, .ctx = ctx };

	return ask(s, &asking, json_object(), err);
}

int
exec_create(
    struct au_session *s, const struct au_target_account *want, au_emit_account *emit, void *ctx, struct au_err *err)
{
	return change(s, "create", NULL, want, emit, ctx, err);
}

int
exec_set_rights(struct au_session *s, const char *id, const struct au_target_account *want, au_emit_account *emit,
    void *ctx, struct au_err *err)
{
	return change(s, "set-rights", id, want, emit, ctx, err);
}

int
exec_set_active(struct au_session *s, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err)
{
	const struct au_target_account want = { .active = active };

	return change(s, "set-active", id, &want, emit, ctx, err);
}

int
exec_set_profile(struct au_session *s, const char *id, const struct au_target_account *want, au_emit_account *emit,
    void *ctx, struct au_err *err)
{
	return change(s, "set-profile", id, want, emit, ctx, err);
}

int
exec_reset_secret(
    struct au_session *s, const char *id, const char *secret, au_emit_account *emit, void *ctx, struct au_err *err)
{
	const struct au_target_account want = { .active = -1, .secret = secret };

	return change(s, "reset-secret", id, &want, emit, ctx, err);
}

int
exec_remove(struct au_session *s, const char *id, struct au_err *err)
{
	const struct au_target_account want = { .active = -1 };

	return change(s, "remove", id, &want, NULL, NULL, err);
}
