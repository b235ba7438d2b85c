/* SPDX-License-Identifier: ISC */
/* Accounts of a run bear its stamp, so that two runs do not meet and nobody else's account is touched. */
#include "base/rand.h"
#include "base/str.h"
#include "model/password.h"
#include "plugincheck/stage.h"

#include <string.h>

const char *
stage_new_secret(struct stage *stage)
{
	struct au_secret *secret = NULL;
	struct au_err err = { 0 };
	const char *text;

	if (!stage_can(stage, AU_CAP_SET_SECRET))
		return NULL;
	if (au_password_generate(&stage->describe->password, &secret, &err) != 0) {
		stage_find(stage, "password policy: %s", err.text);
		return NULL;
	}
	/* Of accounts that live for one run of a test. */
	text = au_arena_strdup(stage->arena, au_secret_text(secret));
	au_secret_free(secret);
	return text;
}

struct au_target_account
stage_new_account(struct stage *stage)
{
	struct au_target_account want = { .active = stage_can(stage, AU_CAP_BORN_ALLOWED) ? 0 : 1 };
	char *mark = au_arena_alloc(stage->arena, AU_UUID_SIZE);
	const char *name = au_arena_printf(
	    stage->arena, "%s-%s%u", stage_sample(stage, "login", "check"), stage->stamp, stage->count++);
	const char *domain = stage_sample(stage, "login_domain", NULL);

	/* Where people log in by their address, the one is the other. */
	want.mail = au_arena_printf(
	    stage->arena, "%s@%s", name, domain != NULL ? domain : stage_sample(stage, "mail_domain", "example.com"));
	want.login = domain != NULL ? want.mail : name;
	want.label = stage_sample(stage, "label", "Plugin Check");
	want.first_name = stage_sample(stage, "first_name", "Plugin");
	want.last_name = stage_sample(stage, "last_name", "Check");
	want.mark = stage_can(stage, AU_CAP_MARK) ? au_uuid_new(mark) : NULL;
	want.rights = stage->rights[0];
	want.secret = stage_new_secret(stage);
	return want;
}

static json_t *
take_account(struct au_called *called)
{
	json_t *account = json_incref(json_array_get(called->accounts, 0));

	au_called_done(called);
	return account;
}

int
stage_about(struct stage *stage, enum au_call_op op, const struct au_target_account *account, json_t **ret_account)
{
	struct au_call call = { .op = op, .account = *account };
	struct au_called called;
	int r = stage_call(stage, &call, &called);

	if (r != 0 && r != AU_EBUG && r != AU_ENOENT && !stage->is_quiet && !called.is_gone)
		stage_find(stage, "call '%s': %s: %s", au_call_op_name(op), au_code_name(r), called.err.text);
	json_t *first = take_account(&called);
	if (ret_account != NULL)
		*ret_account = first;
	else
		json_decref(first);
	return r;
}

/* A product whose accounts are born with full rights gets them in the safe order. */
static json_t *
finish_birth(struct stage *stage, json_t *account, const char *rights)
{
	struct au_target_account change = { .id = au_json_get_str(account, "id"), .rights = rights, .active = 1 };
	json_t *after = NULL;

	if (!stage_can(stage, AU_CAP_BORN_ALLOWED))
		return account;
	stage_about(stage, AU_CALL_SET_RIGHTS, &change, NULL);
	if (stage_can(stage, AU_CAP_DISABLE) && stage_about(stage, AU_CALL_SET_ACTIVE, &change, &after) == 0) {
		json_decref(account);
		return after;
	}
	json_decref(after);
	return account;
}

json_t *
stage_create(struct stage *stage, const struct au_target_account *want)
{
	struct au_call call = { .op = AU_CALL_CREATE, .account = *want };
	struct au_called called;
	json_t *account;
	int r;

	json_array_append_new(stage->made, json_string(want->login));
	r = stage_call(stage, &call, &called);
	if (r == AU_EMANUAL)
		stage_skip(stage, "a person finishes what 'create' begins: %s", called.err.text);
	else if (r != 0 && r != AU_EBUG && !called.is_gone && !stage->is_quiet)
		stage_find(stage, "call 'create': %s: %s", au_code_name(r), called.err.text);
	account = take_account(&called);
	if ((r == 0 || r == AU_EMANUAL) && account != NULL)
		return r == 0 ? finish_birth(stage, account, want->rights) : account;
	json_decref(account);
	return NULL;
}

size_t
stage_count(struct stage *stage, const char *login, json_t **ret_first)
{
	struct au_call call = { .op = AU_CALL_FIND, .account = { .login = login } };
	struct au_called called;
	int r = stage_call(stage, &call, &called);
	size_t count = r == 0 ? json_array_size(called.accounts) : SIZE_MAX;

	if (r != 0 && r != AU_EBUG && !called.is_gone)
		stage_find(stage, "call 'find' of '%s': %s: %s", login, au_code_name(r), called.err.text);
	json_t *first = take_account(&called);
	if (ret_first != NULL)
		*ret_first = r == 0 ? first : NULL;
	if (ret_first == NULL || r != 0)
		json_decref(first);
	return count;
}

json_t *
stage_get(struct stage *stage, const char *id, int *ret_code)
{
	struct au_target_account about = { .id = id, .active = -1 };
	json_t *account = NULL;

	*ret_code = stage_about(stage, AU_CALL_GET, &about, &account);
	return account;
}

void
stage_clean(struct stage *stage)
{
	const json_t *login;
	size_t i;

	json_array_foreach (stage->made, i, login) {
		json_t *account = NULL;
		size_t count = stage_count(stage, json_string_value(login), &account);
		struct au_target_account about = { .id = au_json_get_str(account, "id"), .active = 0 };

		if (count >= 1 && count != SIZE_MAX && stage_can(stage, AU_CAP_DELETE))
			stage_about(stage, AU_CALL_REMOVE, &about, NULL);
		else if (count >= 1 && count != SIZE_MAX && stage_can(stage, AU_CAP_DISABLE))
			stage_about(stage, AU_CALL_SET_ACTIVE, &about, NULL);
		json_decref(account);
	}
	json_array_clear(stage->made);
}
