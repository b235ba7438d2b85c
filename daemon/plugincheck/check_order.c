/* SPDX-License-Identifier: ISC */
/*
 * An order is made of its task alone, so that two orders for the same task are
 * the same, whatever happened in between, and two for tasks that differ in one
 * value differ in that value and in nothing else.
 */
#include "base/str.h"
#include "plugincheck/checks.h"
#include "plugincheck/hostile.h"
#include "plugincheck/order_look.h"

#include <string.h>

#define STRIKES 3

/* Who is to be written about, and what becomes of the profile; each text is found in no other one. */
struct person {
	struct au_target_account account, changed;
};

static const struct task {
	const char *name;
	enum au_call_op op;
	unsigned cap;
	int active;
} tasks[] = {
	{ "create", AU_CALL_CREATE, 0, 1 },
	{ "set-rights", AU_CALL_SET_RIGHTS, AU_CAP_SET_RIGHTS, -1 },
	{ "set-profile", AU_CALL_SET_PROFILE, AU_CAP_SET_PROFILE, -1 },
	{ "enable", AU_CALL_SET_ACTIVE, AU_CAP_DISABLE, 1 },
	{ "disable", AU_CALL_SET_ACTIVE, AU_CAP_DISABLE, 0 },
	{ "reset-secret", AU_CALL_RESET_SECRET, AU_CAP_RESET_SECRET, -1 },
	{ "remove", AU_CALL_REMOVE, AU_CAP_DELETE, -1 },
};

static void
put_profile(struct stage *stage, struct au_target_account *account, const char *mark)
{
	const char *stamp = au_arena_printf(stage->arena, "%s%s", mark, stage->stamp);

	account->label = au_arena_printf(stage->arena, "Label d%s", stamp);
	account->first_name =
	    au_arena_printf(stage->arena, "%s f%s", stage_sample(stage, "first_name", "Plugin"), stamp);
	account->last_name = au_arena_printf(stage->arena, "%s l%s", stage_sample(stage, "last_name", "Check"), stamp);
	account->mail =
	    au_arena_printf(stage->arena, "m%s@%s", stamp, stage_sample(stage, "mail_domain", "example.com"));
}

static struct person
new_person(struct stage *stage)
{
	struct person person = { .account = stage_new_account(stage), .changed = { .active = -1 } };

	person.account.active = 1;
	put_profile(stage, &person.account, "a");
	put_profile(stage, &person.changed, "b");
	return person;
}

/* The call as the daemon would make it. */
static struct au_call
call_for(struct stage *stage, const struct task *task, const struct person *person, const char *rights)
{
	struct au_call call = { .op = task->op, .account = person->account };

	call.account.rights = rights;
	if (task->op == AU_CALL_CREATE)
		return call;
	call.known = person->account;
	call.known.id = person->account.login;
	call.known.secret = NULL;
	call.known.active = task->active < 0 ? 1 : !task->active;
	call.account = task->op == AU_CALL_SET_PROFILE ? person->changed : (struct au_target_account){ .active = -1 };
	call.account.id = call.account.login = person->account.login;
	call.account.active = task->active;
	if (task->op == AU_CALL_SET_RIGHTS)
		call.account.rights = rights;
	if (task->op == AU_CALL_RESET_SECRET)
		call.account.secret = stage_new_secret(stage);
	return call;
}

static bool
is_refusal(int code)
{
	return code == AU_EINVAL || code == AU_ELIMIT || code == AU_ENOSUP;
}

/* The order, which the caller owns; NULL after a finding, and when the task is refused, which a harmless one must not
 * be. */
static json_t *
ask(struct stage *stage, const struct task *task, struct au_call call, bool may_refuse)
{
	struct au_called called;
	json_t *order = NULL;
	int r = stage_call(stage, &call, &called);

	if (r == AU_EMANUAL && called.order != NULL)
		order = json_incref(called.order);
	else if (!(may_refuse && is_refusal(r)) && r != AU_EBUG && !called.is_gone)
		stage_find(stage, "order for '%s': expected an order%s, got %s '%s'", task->name,
		    may_refuse ? " or a refusal" : "", au_code_name(r), called.err.text);
	au_called_done(&called);
	return order;
}

static void
expect_same(struct stage *stage, const struct task *task, const char *when, const json_t *first, const json_t *again)
{
	const char *was, *is;

	if (again != NULL && !order_same(stage->arena, first, again, "", "", &was, &is))
		stage_find(stage, "order for '%s', %s: was '%s', is '%s'", task->name, when, was, is);
}

/* ---- the same each time ---------------------------------------------------------- */

static void
repeat(struct stage *stage, const struct task *task, const struct au_call *call, const json_t *order)
{
	AU_CLEANUP(au_json_decrefp) json_t *again = ask(stage, task, *call, false), *anew = NULL;

	expect_same(stage, task, "asked for again", order, again);
	stage_end(stage);
	anew = ask(stage, task, *call, false);
	expect_same(stage, task, "asked of a new worker", order, anew);
}

/* Killed at once, within, and a little later than it takes. */
static void
strike(struct stage *stage, const struct task *task, const struct au_call *call, const json_t *order)
{
	for (unsigned i = 0; i < STRIKES && stage->findings == 0; i++) {
		AU_CLEANUP(au_json_decrefp) json_t *again = NULL;
		struct au_call struck = *call;

		stage_strike(stage, &struck, (unsigned)(stage->took_ms[call->op] + 1) * 1000 * i / (STRIKES - 1));
		again = ask(stage, task, *call, false);
		expect_same(stage, task, "after a worker was killed in it", order, again);
	}
}

/* ---- each value has its place ------------------------------------------------------ */

/* The same task with another value; where it is not refused, only that value may differ. */
static void
change_value(struct stage *stage, const struct task *task, struct au_call call, const json_t *order, size_t member,
    const struct hostile *value)
{
	const char *was, *is, *text = value->text, *harmless;
	AU_CLEANUP(au_json_decrefp) json_t *changed = NULL;

	memcpy(&harmless, (char *)&call.account + hostile_members[member].offset, sizeof(harmless));
	memcpy((char *)&call.account + hostile_members[member].offset, &text, sizeof(text));
	changed = ask(stage, task, call, true);
	/* What is empty may have no field at all. */
	if (changed == NULL || *text == '\0' || order_same(stage->arena, order, changed, harmless, text, &was, &is))
		return;
	stage_find(stage, "order for '%s' with a %s that is %s: expected '%s', got '%s'", task->name,
	    hostile_members[member].name, value->what, was, is);
}

/* Of an account that is there the login is as it is. */
static void
change_values(struct stage *stage, const struct task *task, const struct au_call *call, const json_t *order)
{
	size_t first = task->op == AU_CALL_CREATE ? 0 : 1;

	if (task->op != AU_CALL_CREATE && task->op != AU_CALL_SET_PROFILE)
		return;
	for (size_t member = first; member < AU_COUNT(hostile_members); member++)
		for (const struct hostile *value = hostile_values; value->text != NULL; value++)
			change_value(stage, task, *call, order, member, value);
}

static void
expect_other(struct stage *stage, const char *what, const json_t *one, const json_t *other)
{
	const char *was, *is;

	if (one != NULL && other != NULL && order_same(stage->arena, one, other, "", "", &was, &is))
		stage_find(stage, "orders for %s are the same", what);
}

/* ---- the whole ---------------------------------------------------------------------- */

static json_t *
check_task(struct stage *stage, const struct task *task, const struct person *person)
{
	const struct au_call call = call_for(stage, task, person, stage->rights[1]);
	json_t *order = ask(stage, task, call, false);

	if (order == NULL)
		return NULL;
	repeat(stage, task, &call, order);
	change_values(stage, task, &call, order);
	strike(stage, task, &call, order);
	return order;
}

void
check_order(struct stage *stage)
{
	struct person person = new_person(stage);
	json_t *orders[AU_COUNT(tasks)] = { NULL };

	if (!stage_can(stage, AU_CAP_MANUAL)) {
		stage_skip(stage, "not every change is a person's, so orders are looked at where they come");
		return;
	}
	if (stage->rights[1] == NULL) {
		stage_skip(stage, "the configuration file has no two 'rights' that differ");
		return;
	}
	for (size_t i = 0; i < AU_COUNT(tasks) && stage->findings == 0; i++) {
		if (tasks[i].cap == 0 || stage_can(stage, tasks[i].cap))
			orders[i] = check_task(stage, &tasks[i], &person);
		if (tasks[i].op == AU_CALL_SET_RIGHTS && orders[i] != NULL) {
			AU_CLEANUP(au_json_decrefp)
			json_t *other =
			    ask(stage, &tasks[i], call_for(stage, &tasks[i], &person, stage->rights[0]), false);
			expect_other(stage, "two rights that differ", orders[i], other);
		}
	}
	for (size_t i = 1; i < AU_COUNT(tasks); i++)
		if (tasks[i].op == tasks[i - 1].op)
			expect_other(stage, "switching on and off", orders[i - 1], orders[i]);
	for (size_t i = 0; i < AU_COUNT(tasks); i++)
		json_decref(orders[i]);
}
