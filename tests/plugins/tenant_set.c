/* SPDX-License-Identifier: ISC */
/* Everything that goes wrong in here fails the test at once. */
#include "tenant_set.h"

#include "base/mem.h"
#include "base/str.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

int
set_try_open(struct set *set, const char *username, const char *password, json_t *more, struct au_err *err)
{
	char *plugin = au_xasprintf("%s/plugins/calabrio/.libs/%s.so", getenv("top_builddir"), set->plugin);
	json_t *options = json_pack("{s:s, s:s, s:s, s:i}", "url", set->room.base, "username", username, "password",
	    password, "request_limit", 0);
	int r;

	json_object_update(options, more);
	json_decref(more);
	r = worker_open_path(&set->worker, plugin, options, err);
	free(plugin);
	return r;
}

void
set_open(struct set *set, const char *username, const char *password, json_t *more)
{
	struct au_err err;

	if (set_try_open(set, username, password, more, &err) != 0)
		fail_msg("%s", err.text);
}

struct set *
set_begin(const char *plugin, const char *const *options, json_t *more)
{
	struct set *set = au_xcalloc(1, sizeof(*set));

	set->plugin = plugin;
	tenant_begin(&set->room, options);
	worker_start(&set->worker);
	set_open(set, TENANT_ADMIN, ROOM_PASSWORD, more);
	return set;
}

int
set_begin_usual(void **state)
{
	struct set *set = set_begin("calabrio-one", NULL, NULL);

	set_resolve(set, TEMPLATE);
	*state = set;
	return 0;
}

int
set_begin_password(void **state)
{
	static const char *const options[] = { "--takes-password", "on", NULL };
	struct set *set = set_begin("calabrio-one", options, json_pack("{s:s}", "password_member", "password"));

	set_resolve(set, TEMPLATE);
	*state = set;
	return 0;
}

int
set_end(void **state)
{
	struct set *set = *state;
	char *log = worker_log(&set->worker);

	assert_null(strstr(log, ROOM_PASSWORD));
	assert_null(strstr(log, SECRET));
	free(log);
	assert_int_equal(worker_stop(&set->worker), 0);
	room_end(&set->room);
	outcome_done(&set->last);
	free(set->rights);
	free(set);
	return 0;
}

void
set_call(struct set *set, struct au_call call, int code)
{
	struct outcome outcome;

	worker_call(&set->worker, &call, &outcome);
	outcome_done(&set->last);
	set->last = outcome;
	if (set->last.err.code != code)
		fail_msg(
		    "%s: %d '%s', expected %d", au_call_op_name(call.op), set->last.err.code, set->last.err.text, code);
}

void
set_resolve(struct set *set, const char *rights)
{
	set_call(set, (struct au_call){ .op = AU_CALL_RESOLVE, .rights_in = rights }, 0);
	free(set->rights);
	set->rights = au_xstrdup(set->last.text);
}

void
set_resolve_fails(struct set *set, const char *rights, const char *words)
{
	set_call(set, (struct au_call){ .op = AU_CALL_RESOLVE, .rights_in = rights }, AU_EINVAL);
	if (strstr(set->last.err.text, words) == NULL)
		fail_msg("'%s' does not say '%s'", set->last.err.text, words);
}

void
set_create(struct set *set, int code)
{
	set_call(set,
	    (struct au_call){ .op = AU_CALL_CREATE,
		.account = { .login = LOGIN,
		    .first_name = "Interface",
		    .last_name = "Payroll",
		    .label = "Payroll sync",
		    .mail = LOGIN,
		    .mark = MARK,
		    .rights = set->rights,
		    .secret = SECRET,
		    .active = 1 } },
	    code);
}

void
set_find(struct set *set, const char *login, size_t count)
{
	set_call(set, (struct au_call){ .op = AU_CALL_FIND, .account = { .login = login } }, 0);
	assert_int_equal(set->last.accounts, count);
}

const char *
set_member(const struct set *set, const char *name)
{
	return au_json_get_str(set->last.account, name);
}

int
set_active_of_last(const struct set *set)
{
	return au_json_get_bool(set->last.account, "active", -1);
}

long
set_login(struct set *set, const char *secret)
{
	return tenant_login_as(&set->room, LOGIN, secret, NULL);
}

void
set_switch(struct set *set, const char *name, const char *value)
{
	room_switch(&set->room, name, value);
}

void
set_fault(struct set *set, const char *method, const char *path, json_t *rule)
{
	json_object_set_new(rule, "match", json_pack("{s:s, s:s}", "method", method, "path", path));
	room_fault(&set->room, rule);
}

json_t *
set_person(struct set *set)
{
	json_t *person = tenant_state_person(&set->room, LOGIN);

	assert_non_null(person);
	return person;
}
