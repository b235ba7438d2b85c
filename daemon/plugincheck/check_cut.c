/* SPDX-License-Identifier: ISC */
/*
 * Of each changing call one answer after the other is lost on its way.  The
 * product did what it was asked; a plugin that did not hear so must not claim
 * that nothing happened.
 */
#include "base/str.h"
#include "plugincheck/checks.h"
#include "plugincheck/compare.h"
#include "plugincheck/cutter.h"

#define MOST_ANSWERS 40

static bool
is_honest(int code)
{
	return code == 0 || code == AU_EUNKNOWN || code == AU_ETEMP || code == AU_EPROTO || code == AU_EBUSY;
}

/* Make the call with its number-th answer lost; its code, and whether it came to so many answers. */
static int
call_cut(struct stage *stage, struct cutter *cutter, unsigned number, struct au_call *call, bool *ret_has_cut)
{
	struct au_called called;
	int r;

	if (!stage_ready(stage)) {
		*ret_has_cut = false;
		return AU_EIO;
	}
	cutter_arm(cutter, number);
	r = stage_call(stage, call, &called);
	*ret_has_cut = cutter_has_cut(cutter);
	cutter_arm(cutter, 0);
	if (!is_honest(r) && r != AU_EBUG && !called.is_gone)
		stage_find(stage, "call '%s' with answer %u lost: expected success or %s, got %s '%s'",
		    au_call_op_name(call->op), number, au_code_name(AU_EUNKNOWN), au_code_name(r), called.err.text);
	au_called_done(&called);
	return r;
}

/* Whether there was an answer to lose. */
static bool
cut_create(struct stage *stage, struct cutter *cutter, unsigned number)
{
	struct au_target_account want = stage_new_account(stage);
	struct au_call call = { .op = AU_CALL_CREATE, .account = want };
	bool has_cut;
	int r;
	size_t count;

	json_array_append_new(stage->made, json_string(want.login));
	r = call_cut(stage, cutter, number, &call, &has_cut);
	count = stage_count(stage, want.login, NULL);
	if (count > 1 && count != SIZE_MAX)
		stage_find(stage, "create with answer %u lost: %zu accounts have the login", number, count);
	if (count == 1 && r != 0 && r != AU_EUNKNOWN && is_honest(r))
		stage_find(stage, "create with answer %u lost: said %s, and the account is there; expected %s", number,
		    au_code_name(r), au_code_name(AU_EUNKNOWN));
	if (count == 0 && r == 0)
		stage_find(stage, "create with answer %u lost: said success, and no account is there", number);
	stage_clean(stage);
	return has_cut;
}

static const struct row {
	enum au_call_op op;
	unsigned cap;
} rows[] = {
	{ AU_CALL_SET_RIGHTS, AU_CAP_SET_RIGHTS },
	{ AU_CALL_SET_ACTIVE, AU_CAP_DISABLE },
	{ AU_CALL_SET_PROFILE, AU_CAP_SET_PROFILE },
	{ AU_CALL_RESET_SECRET, AU_CAP_RESET_SECRET },
	{ AU_CALL_REMOVE, AU_CAP_DELETE },
};

static bool
cut_change(struct stage *stage, struct cutter *cutter, enum au_call_op op, unsigned number)
{
	struct au_target_account want = stage_new_account(stage);
	AU_CLEANUP(au_json_decrefp) json_t *account = stage_create(stage, &want);
	struct au_call call = { .op = op, .account = { .id = au_json_get_str(account, "id"), .active = 0 } };
	bool has_cut = false;
	int r;

	if (account != NULL && stage->note == NULL) {
		call.account.rights = op == AU_CALL_SET_RIGHTS ? stage->rights[1] : NULL;
		call.account.last_name = op == AU_CALL_SET_PROFILE ? "Cut" : NULL;
		call.account.mail = op == AU_CALL_SET_PROFILE ? au_json_get_str(account, "mail") : NULL;
		call.account.secret = op == AU_CALL_RESET_SECRET ? stage_new_secret(stage) : NULL;
		call_cut(stage, cutter, number, &call, &has_cut);
		r = stage_about(stage, op, &call.account, NULL);
		if (r == AU_ENOENT && op != AU_CALL_REMOVE)
			stage_find(stage, "call '%s', repeated after answer %u was lost: the account is gone",
			    au_call_op_name(op), number);
	}
	stage_clean(stage);
	return has_cut;
}

static void
cut_all(struct stage *stage, struct cutter *cutter)
{
	for (unsigned i = 1; i <= MOST_ANSWERS && cut_create(stage, cutter, i) && stage->findings == 0; i++)
		continue;
	for (size_t row = 0; row < AU_COUNT(rows) && stage->findings == 0; row++) {
		if (!stage_can(stage, rows[row].cap) ||
		    (rows[row].op == AU_CALL_SET_RIGHTS && stage->rights[1] == NULL))
			continue;
		for (unsigned i = 1; i <= MOST_ANSWERS && stage->findings == 0; i++)
			if (!cut_change(stage, cutter, rows[row].op, i))
				break;
	}
}

void
check_cut(struct stage *stage)
{
	const char *option = au_json_get_str(stage->config, "url");
	AU_CLEANUP(au_freep) char *url = NULL;
	json_t *whole = stage->options;
	struct cutter *cutter;
	struct au_err err = { 0 };

	if (option == NULL) {
		stage_skip(
		    stage, "the configuration file has no 'url', the name of the option with the product's address");
		return;
	}
	if (cutter_start(au_json_get_str(whole, option), &cutter, &url, &err) != 0) {
		stage_skip(stage, "%s", err.text);
		return;
	}
	stage->options = json_deep_copy(whole);
	au_json_set_str(stage->options, option, url);
	cut_all(stage, cutter);
	stage_clean(stage);
	stage_end(stage);
	au_json_wipe(stage->options);
	json_decref(stage->options);
	stage->options = whole;
	cutter_stop(cutter);
}
