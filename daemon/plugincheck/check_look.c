/* SPDX-License-Identifier: ISC */
/* Reading calls: a list that is whole, and calls that can be made again and again. */
#include "base/map.h"
#include "base/str.h"
#include "plugincheck/checks.h"
#include "plugincheck/compare.h"

#define REPEATS 40
#define MOST_COMPARED 5

/* The list, by id; NULL when there is none.  The caller frees it with au_json_decref on its values. */
static json_t *
list(struct stage *stage)
{
	struct au_call call = { .op = AU_CALL_LIST };
	struct au_called called;
	const json_t *account;
	json_t *by_id = json_object();
	size_t i;
	int r = stage_call(stage, &call, &called);

	json_array_foreach (called.accounts, i, account) {
		const char *id = au_json_get_str(account, "id");

		if (id != NULL && json_object_get(by_id, id) != NULL) {
			stage_find(stage, "list: the account of id '%s' is there twice", id);
			break;
		}
		json_object_set(by_id, id != NULL ? id : "", (json_t *)(uintptr_t)account);
	}
	if (r != 0 && r != AU_EBUG && !called.is_gone)
		stage_find(stage, "list: %s '%s'", au_code_name(r), called.err.text);
	json_decref(called.accounts);
	called.accounts = NULL;
	au_called_done(&called);
	if (r == 0)
		return by_id;
	json_decref(by_id);
	return NULL;
}

/* What the list says of an account is what get says of it. */
static void
compare_some(struct stage *stage, const json_t *by_id)
{
	static const char *const nothing[] = { NULL };
	const char *id;
	json_t *account;
	size_t count = 0;

	json_object_foreach ((json_t *)(uintptr_t)by_id, id, account) {
		int r;
		AU_CLEANUP(au_json_decrefp) json_t *got = NULL;

		if (count++ == MOST_COMPARED)
			return;
		got = stage_get(stage, id, &r);
		if (r == AU_ENOENT)
			stage_find(stage, "list: the account of id '%s' is not there by get", id);
		if (got != NULL)
			compare_accounts(stage, "list and get", account, got, nothing);
	}
}

static void
compare_lists(struct stage *stage, const json_t *before, const json_t *after, const char *new_id)
{
	const char *id;
	json_t *account;

	if (new_id != NULL && json_object_get(after, new_id) == NULL)
		stage_find(stage, "list: the account that was just made is not in it");
	json_object_foreach ((json_t *)(uintptr_t)after, id, account)
		if (json_object_get(before, id) == NULL && !au_streq(id, new_id))
			stage_find(stage, "list: an account of id '%s' came to it that nobody made", id);
	json_object_foreach ((json_t *)(uintptr_t)before, id, account)
		if (json_object_get(after, id) == NULL)
			stage_find(stage, "list: the account of id '%s' went from it though nobody removed it", id);
}

void
check_list(struct stage *stage)
{
	struct au_target_account want = stage_new_account(stage);
	AU_CLEANUP(au_json_decrefp) json_t *before = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *account = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *after = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *last = NULL;

	if (!stage_can(stage, AU_CAP_LIST)) {
		stage_skip(stage, "the product's accounts cannot be listed");
		return;
	}
	if ((before = list(stage)) == NULL || (account = stage_create(stage, &want)) == NULL)
		return;
	if ((after = list(stage)) == NULL)
		return;
	compare_some(stage, after);
	compare_lists(stage, before, after, au_json_get_str(account, "id"));
	stage_clean(stage);
	if (!stage_can(stage, AU_CAP_DELETE) || (last = list(stage)) == NULL)
		return;
	compare_lists(stage, before, last, NULL);
}

/* So often that the strict worker sees what each of them holds back. */
static void
repeat(struct stage *stage, const struct au_call *call, int code)
{
	for (unsigned i = 0; i < REPEATS; i++) {
		struct au_call copy = *call;
		struct au_called called;
		size_t findings = stage->findings;
		int r = stage_call(stage, &copy, &called);

		if (r != code && r != AU_EBUG && !called.is_gone)
			stage_find(stage, "call '%s', time %u: expected %s, got %s '%s'", au_call_op_name(call->op),
			    i + 1, au_code_name(code), au_code_name(r), called.err.text);
		au_called_done(&called);
		if (stage->findings != findings)
			return;
	}
}

void
check_repeat(struct stage *stage)
{
	struct au_target_account want = stage_new_account(stage);
	AU_CLEANUP(au_json_decrefp) json_t *account = stage_create(stage, &want);
	AU_CLEANUP(au_freep) char *rights = au_json_text(json_array_get(json_object_get(stage->config, "rights"), 0));
	const char *id = au_json_get_str(account, "id");
	const struct au_call calls[] = {
		{ .op = AU_CALL_PROBE },
		{ .op = AU_CALL_FIND, .account = { .login = want.login } },
		{ .op = AU_CALL_GET, .account = { .id = id } },
		{ .op = AU_CALL_SET_RIGHTS, .account = { .id = id, .rights = want.rights, .active = -1 } },
		{ .op = AU_CALL_SET_ACTIVE, .account = { .id = id, .active = 1 } },
	};
	static const unsigned caps[] = { 0, 0, 0, AU_CAP_SET_RIGHTS, AU_CAP_DISABLE };
	struct au_call resolve = { .op = AU_CALL_RESOLVE, .rights_in = rights };

	if (rights != NULL)
		repeat(stage, &resolve, 0);
	for (size_t i = 0; i < AU_COUNT(calls); i++)
		if (stage_can(stage, caps[i]) && (account != NULL || calls[i].op == AU_CALL_PROBE) &&
		    stage->note == NULL)
			repeat(stage, &calls[i], 0);
	if (stage_can(stage, AU_CAP_LIST))
		repeat(stage, &(struct au_call){ .op = AU_CALL_LIST }, 0);
	stage_clean(stage);
}
