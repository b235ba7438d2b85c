/* SPDX-License-Identifier: ISC */
/*
 * The worker is killed at several moments of each changing call.  Whatever was
 * done by then, a look tells one of two states, and the call can be repeated.
 */
#include "base/str.h"
#include "plugincheck/checks.h"
#include "plugincheck/compare.h"

#define STRIKES 5

/* From at once to a bit later than the call usually takes. */
static unsigned
moment(const struct stage *stage, enum au_call_op op, unsigned strike)
{
	return (unsigned)(stage->took_ms[op] + 1) * 1000 * strike / (STRIKES - 1);
}

static void
strike_create(struct stage *stage, unsigned strike)
{
	struct au_target_account want = stage_new_account(stage);
	struct au_call call = { .op = AU_CALL_CREATE, .account = want };
	AU_CLEANUP(au_json_decrefp) json_t *found = NULL;
	struct au_called called;
	size_t count;
	int r, expected;

	json_array_append_new(stage->made, json_string(want.login));
	stage_strike(stage, &call, moment(stage, AU_CALL_CREATE, strike));
	count = stage_count(stage, want.login, &found);
	if (count == SIZE_MAX)
		return;
	if (count == 1 && want.mark != NULL && !au_streq(au_json_get_str(found, "mark"), want.mark))
		stage_find(
		    stage, "create, killed: the account is there without our mark, so nobody would take it for ours");
	expected = count == 0 ? 0 : AU_EEXIST;
	r = stage_call(stage, &call, &called);
	if (r != expected && r != AU_EBUG && !called.is_gone)
		stage_find(stage,
		    "create, repeated after the worker was killed in it (%zu found then): expected %s, got %s '%s'",
		    count, au_code_name(expected), au_code_name(r), called.err.text);
	au_called_done(&called);
	if ((count = stage_count(stage, want.login, NULL)) > 1 && count != SIZE_MAX)
		stage_find(stage, "create: killed and repeated, %zu accounts have the login", count);
	stage_clean(stage);
}

static const struct row {
	enum au_call_op op;
	unsigned cap;
	const char *may_differ[4];
} rows[] = {
	{ AU_CALL_SET_RIGHTS, AU_CAP_SET_RIGHTS, { "rights", NULL } },
	{ AU_CALL_SET_ACTIVE, AU_CAP_DISABLE, { "active", NULL } },
	{ AU_CALL_SET_PROFILE, AU_CAP_SET_PROFILE, { "last_name", "label", NULL } },
	{ AU_CALL_RESET_SECRET, AU_CAP_RESET_SECRET, { NULL } },
};

static void
strike_change(struct stage *stage, const struct row *row, unsigned strike, const json_t *account)
{
	struct au_call call = { .op = row->op,
		.account = { .id = au_json_get_str(account, "id"),
		    .active = row->op == AU_CALL_SET_ACTIVE ? (int)(strike % 2) : -1,
		    .last_name = row->op == AU_CALL_SET_PROFILE ? "Struck" : NULL,
		    .mail = row->op == AU_CALL_SET_PROFILE ? au_json_get_str(account, "mail") : NULL,
		    .rights = row->op == AU_CALL_SET_RIGHTS ? stage->rights[strike % 2] : NULL,
		    .secret = row->op == AU_CALL_RESET_SECRET ? stage_new_secret(stage) : NULL } };
	AU_CLEANUP(au_json_decrefp) json_t *after = NULL;

	stage_strike(stage, &call, moment(stage, row->op, strike));
	if (stage_about(stage, row->op, &call.account, &after) != 0 || after == NULL)
		return;
	compare_accounts(stage, "repeated after a kill", account, after, row->may_differ);
	if (row->op == AU_CALL_SET_RIGHTS)
		compare_rights(stage, "set-rights, repeated after a kill", call.account.rights, after);
	if (row->op == AU_CALL_SET_ACTIVE)
		compare_active(stage, "set-active, repeated after a kill", call.account.active == 1, after);
}

static void
strike_changes(struct stage *stage, const struct row *row)
{
	struct au_target_account want = stage_new_account(stage);
	AU_CLEANUP(au_json_decrefp) json_t *account = NULL;

	if (!stage_can(stage, row->cap) || (row->op == AU_CALL_SET_RIGHTS && stage->rights[1] == NULL))
		return;
	account = stage_create(stage, &want);
	for (unsigned i = 0; account != NULL && stage->note == NULL && i < STRIKES; i++)
		strike_change(stage, row, i, account);
	stage_clean(stage);
}

static void
strike_remove(struct stage *stage, unsigned strike)
{
	struct au_target_account want = stage_new_account(stage);
	AU_CLEANUP(au_json_decrefp) json_t *account = stage_create(stage, &want);
	struct au_call call = { .op = AU_CALL_REMOVE,
		.account = { .id = au_json_get_str(account, "id"), .active = -1 } };
	int r;

	if (account == NULL)
		return;
	stage_strike(stage, &call, moment(stage, AU_CALL_REMOVE, strike));
	r = stage_about(stage, AU_CALL_REMOVE, &call.account, NULL);
	if (stage_count(stage, want.login, NULL) != 0)
		stage_find(stage, "remove, repeated after a kill (%s): the account is still there", au_code_name(r));
	stage_clean(stage);
}

/* How long calls take is known from the life of an account, or from this one. */
static void
measure(struct stage *stage)
{
	struct au_target_account want = stage_new_account(stage);

	if (stage->took_ms[AU_CALL_CREATE] == 0)
		json_decref(stage_create(stage, &want));
	stage_clean(stage);
}

void
check_strike(struct stage *stage)
{
	measure(stage);
	for (unsigned i = 0; i < STRIKES && stage->findings == 0; i++)
		strike_create(stage, i);
	for (size_t i = 0; i < AU_COUNT(rows) && stage->findings == 0; i++)
		strike_changes(stage, &rows[i]);
	for (unsigned i = 0; i < STRIKES && stage_can(stage, AU_CAP_DELETE) && stage->findings == 0; i++)
		strike_remove(stage, i);
}
