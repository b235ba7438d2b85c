/* SPDX-License-Identifier: ISC */
/* One account from its birth to its end; each change does what was asked and nothing else, and may be repeated. */
#include "base/str.h"
#include "plugincheck/checks.h"
#include "plugincheck/compare.h"

static const char *const nothing[] = { NULL };

static struct au_target_account
about(const json_t *account)
{
	return (struct au_target_account){ .id = au_json_get_str(account, "id"), .active = -1 };
}

static void
replace(json_t **account, json_t *after)
{
	if (after == NULL)
		return;
	json_decref(*account);
	*account = after;
}

/* By id, by login and in the list it is the same account. */
static void
look_from_all_sides(struct stage *stage, const char *login, const json_t *account)
{
	AU_CLEANUP(au_json_decrefp) json_t *found = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *got = NULL;
	size_t count = stage_count(stage, login, &found);
	int r;

	got = stage_get(stage, au_json_get_str(account, "id"), &r);
	if (count != 1 && count != SIZE_MAX)
		stage_find(stage, "find: %zu accounts have the login '%s', expected one", count, login);
	if (r == AU_ENOENT)
		stage_find(stage, "get: the account that was just made is not there");
	if (got != NULL)
		compare_accounts(stage, "create and get", account, got, nothing);
	if (got != NULL && found != NULL)
		compare_accounts(stage, "get and find", got, found, nothing);
}

static void
create_again(struct stage *stage, const struct au_target_account *want, const json_t *account)
{
	AU_CLEANUP(au_json_decrefp) json_t *after = NULL;
	struct au_call call = { .op = AU_CALL_CREATE, .account = *want };
	struct au_called called;
	int r = stage_call(stage, &call, &called);

	if (r != AU_EEXIST && r != AU_EBUG && !called.is_gone)
		stage_find(stage, "create with a login that is taken: expected %s, got %s '%s'",
		    au_code_name(AU_EEXIST), au_code_name(r), called.err.text);
	au_called_done(&called);
	if (stage_count(stage, want->login, &after) > 1)
		stage_find(stage, "create with a login that is taken made a second account");
	if (after != NULL)
		compare_accounts(stage, "a refused create", account, after, nothing);
}

/* Twice: the second time finds things as they should be, and leaves them so. */
static void
change_rights(struct stage *stage, json_t **account, const char *rights)
{
	static const char *const but[] = { "rights", NULL };
	struct au_target_account want = about(*account);
	json_t *before = json_incref(*account), *after = NULL;

	want.rights = rights;
	for (int i = 0; i < 2 && stage_about(stage, AU_CALL_SET_RIGHTS, &want, &after) == 0; i++) {
		compare_accounts(stage, "set-rights", before, after, but);
		compare_rights(stage, i == 0 ? "set-rights" : "set-rights, repeated", rights, after);
		replace(account, after);
		after = NULL;
		want.id = au_json_get_str(*account, "id");
	}
	json_decref(after);
	json_decref(before);
}

/* A decision that was made on an older version must not be carried out. */
static void
change_stale(struct stage *stage, const char *stale, json_t **account)
{
	const char *version = au_json_get_str(*account, "version");
	struct au_call call = { .op = AU_CALL_SET_RIGHTS, .account = about(*account) };
	struct au_called called;
	int r;

	if (version == NULL || au_streq(stale, version))
		return;
	call.account.version = stale;
	call.account.rights = stage->rights[0];
	r = stage_call(stage, &call, &called);
	if (r != AU_ETEMP && r != AU_EBUG && !called.is_gone)
		stage_find(stage, "set-rights on version %s when it is %s: expected %s, got %s '%s'", stale, version,
		    au_code_name(AU_ETEMP), au_code_name(r), called.err.text);
	au_called_done(&called);
}

static void
change_all_rights(struct stage *stage, json_t **account)
{
	AU_CLEANUP(au_freep) char *stale = au_xstrdup(au_json_get_str(*account, "version"));

	if (!stage_can(stage, AU_CAP_SET_RIGHTS))
		return;
	if (stage->rights[1] == NULL) {
		stage_skip(stage, "'rights' of the configuration file has no second template: no change of rights");
		return;
	}
	change_rights(stage, account, stage->rights[1]);
	if (stale != NULL)
		change_stale(stage, stale, account);
	change_rights(stage, account, stage->rights[0]);
}

static void
change_active(struct stage *stage, json_t **account)
{
	static const char *const but[] = { "active", NULL };
	static const bool states[] = { false, false, true, true };
	json_t *before = json_incref(*account);

	for (size_t i = 0; i < AU_COUNT(states) && stage_can(stage, AU_CAP_DISABLE); i++) {
		struct au_target_account want = about(*account);
		json_t *after = NULL;

		want.active = states[i];
		if (stage_about(stage, AU_CALL_SET_ACTIVE, &want, &after) == 0) {
			compare_accounts(stage, "set-active", before, after, but);
			compare_active(stage, "set-active", states[i], after);
		}
		replace(account, after);
	}
	json_decref(before);
}

static void
change_profile(struct stage *stage, const char *login, json_t **account)
{
	static const char *const but[] = { "last_name", "mail", "label", NULL };
	struct au_target_account want = about(*account);
	json_t *after = NULL;

	if (!stage_can(stage, AU_CAP_SET_PROFILE))
		return;
	want.last_name = "Changed";
	if (stage_sample(stage, "login_domain", NULL) == NULL)
		want.mail = au_arena_printf(
		    stage->arena, "new-%s@%s", login, stage_sample(stage, "mail_domain", "example.com"));
	if (stage_about(stage, AU_CALL_SET_PROFILE, &want, &after) == 0) {
		compare_accounts(stage, "set-profile", *account, after, but);
		compare_wish(stage, "set-profile", &want, after);
	}
	replace(account, after);
}

static void
change_secret(struct stage *stage, json_t **account)
{
	struct au_target_account want = about(*account);
	json_t *after = NULL;

	if (!stage_can(stage, AU_CAP_RESET_SECRET))
		return;
	want.secret = stage_new_secret(stage);
	if (stage_about(stage, AU_CALL_RESET_SECRET, &want, &after) == 0) {
		compare_accounts(stage, "reset-secret", *account, after, nothing);
		if (stage_can(stage, AU_CAP_SHOWS_SECRET) && au_json_get_str(after, "secret") == NULL)
			stage_find(stage, "reset-secret: the product shows secrets, and none was shown");
	}
	replace(account, after);
}

static void
remove_for_good(struct stage *stage, const char *login, const json_t *account)
{
	static const enum au_call_op ops[] = { AU_CALL_SET_RIGHTS, AU_CALL_SET_ACTIVE };
	static const unsigned caps[] = { AU_CAP_SET_RIGHTS, AU_CAP_DISABLE };
	struct au_target_account gone = about(account);
	int r;

	if (!stage_can(stage, AU_CAP_DELETE))
		return;
	stage_about(stage, AU_CALL_REMOVE, &gone, NULL);
	json_decref(stage_get(stage, gone.id, &r));
	if (r == 0)
		stage_find(stage, "remove: the account is still there by its id");
	if (stage_count(stage, login, NULL) != 0)
		stage_find(stage, "remove: the account is still there by its login");
	if ((r = stage_about(stage, AU_CALL_REMOVE, &gone, NULL)) != 0 && r != AU_ENOENT)
		stage_find(
		    stage, "remove, repeated: expected success or that it is not there, got %s", au_code_name(r));
	gone.rights = stage->rights[0];
	gone.active = 0;
	for (size_t i = 0; i < AU_COUNT(ops); i++)
		if (stage_can(stage, caps[i]) && (r = stage_about(stage, ops[i], &gone, NULL)) != AU_ENOENT)
			stage_find(stage, "call '%s' on a removed account: expected %s, got %s",
			    au_call_op_name(ops[i]), au_code_name(AU_ENOENT), au_code_name(r));
}

void
check_life(struct stage *stage)
{
	struct au_target_account want = stage_new_account(stage);
	json_t *account;

	if (stage_count(stage, want.login, NULL) != 0)
		stage_find(stage, "find: expected nobody of the login '%s'", want.login);
	if ((account = stage_create(stage, &want)) == NULL)
		return;
	if (stage->note != NULL) {
		json_decref(account);
		return;
	}
	compare_wish(stage, "create", &want, account);
	compare_rights(stage, "create", want.rights, account);
	compare_active(
	    stage, "create", !stage_can(stage, AU_CAP_BORN_ALLOWED) || stage_can(stage, AU_CAP_DISABLE), account);
	look_from_all_sides(stage, want.login, account);
	create_again(stage, &want, account);
	change_all_rights(stage, &account);
	change_active(stage, &account);
	change_profile(stage, want.login, &account);
	change_secret(stage, &account);
	look_from_all_sides(stage, want.login, account);
	remove_for_good(stage, want.login, account);
	json_decref(account);
}
