/* SPDX-License-Identifier: ISC */
/* An odd value comes back as it went in, or it is refused and leaves nothing. */
#include "base/str.h"
#include "plugincheck/checks.h"
#include "plugincheck/compare.h"
#include "plugincheck/hostile.h"

#include <string.h>

static bool
is_refusal(int code)
{
	return code == AU_EINVAL || code == AU_ELIMIT || code == AU_ENOSUP;
}

static void
create_with(struct stage *stage, const char *member, size_t offset, const struct hostile *value)
{
	struct au_call call = { .op = AU_CALL_CREATE, .account = stage_new_account(stage) };
	char *what = au_arena_printf(stage->arena, "create with a %s that is %s", member, value->what);
	struct au_called called;
	const char *text = value->text;
	int r;

	/* Logins of their own, or the second of them would be taken. */
	if (au_streq(member, "login") && *text != '\0')
		text = au_arena_printf(stage->arena, "%s%s%u", text, stage->stamp, stage->count);
	memcpy((char *)&call.account + offset, &text, sizeof(text));
	json_array_append_new(stage->made, json_string(call.account.login));
	r = stage_call(stage, &call, &called);
	if (r == 0)
		compare_wish(stage, what, &call.account, json_array_get(called.accounts, 0));
	else if (!is_refusal(r) && r != AU_EBUG && !called.is_gone)
		stage_find(
		    stage, "%s: expected success or a refusal, got %s '%s'", what, au_code_name(r), called.err.text);
	au_called_done(&called);
	if (is_refusal(r) && stage_count(stage, call.account.login, NULL) == 1)
		stage_find(stage, "%s was refused, and the account is there", what);
	stage_clean(stage);
}

/* Nobody has such a login or id, and asking for it finds nobody. */
static void
look_for(struct stage *stage, const struct hostile *value)
{
	struct au_call find = { .op = AU_CALL_FIND, .account = { .login = value->text, .active = -1 } };
	struct au_call get = { .op = AU_CALL_GET, .account = { .id = value->text, .active = -1 } };
	struct au_called called;
	int r = stage_call(stage, &find, &called);

	if (r == 0 && json_array_size(called.accounts) != 0)
		stage_find(stage, "find of a login that is %s: expected nobody, got '%s'", value->what,
		    au_json_get_str(json_array_get(called.accounts, 0), "login"));
	if (r != 0 && !is_refusal(r) && r != AU_EBUG && !called.is_gone)
		stage_find(stage, "find of a login that is %s: expected nobody, got %s '%s'", value->what,
		    au_code_name(r), called.err.text);
	au_called_done(&called);
	r = stage_call(stage, &get, &called);
	if (r != AU_ENOENT && !is_refusal(r) && r != AU_EBUG && !called.is_gone)
		stage_find(stage, "get of an id that is %s: expected %s or a refusal, got %s '%s'", value->what,
		    au_code_name(AU_ENOENT), au_code_name(r), called.err.text);
	au_called_done(&called);
}

void
check_values(struct stage *stage)
{
	for (const struct hostile *value = hostile_values; value->text != NULL; value++)
		look_for(stage, value);
	if (!stage_can(stage, AU_CAP_DELETE)) {
		stage_skip(stage, "accounts cannot be removed again, so none with odd values is made");
		return;
	}
	for (const struct hostile *value = hostile_values; value->text != NULL; value++)
		for (size_t i = 0; i < AU_COUNT(hostile_members); i++)
			create_with(stage, hostile_members[i].name, hostile_members[i].offset, value);
}
