/* SPDX-License-Identifier: ISC */
/* What is there at the end is compared with what was wanted, so everything here only carries things across. */
#include "desk.h"

#include "base/mem.h"
#include "base/str.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

struct desk *
desk_begin(const char *plugin, const char *right, json_t *options)
{
	struct desk *desk = au_xcalloc(1, sizeof(*desk));
	char *path = au_xasprintf("%s/plugins/%s/.libs/%s.so", getenv("top_builddir"), plugin, plugin);
	struct au_err err;

	desk->right = right;
	console_begin(&desk->room, plugin);
	worker_start(&desk->worker);
	if (worker_open_path(&desk->worker, path, options, &err) != 0)
		fail_msg("%s", err.text);
	free(path);
	return desk;
}

int
desk_end(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(worker_stop(&desk->worker), 0);
	room_end(&desk->room);
	json_decref(desk->report);
	free(desk->why);
	free(desk->rights);
	free(desk);
	return 0;
}

int
desk_resolve(struct desk *desk, const char *rights, const char *words)
{
	struct au_call call = { .op = AU_CALL_RESOLVE, .rights_in = rights };
	struct outcome outcome;
	int code;

	worker_call(&desk->worker, &call, &outcome);
	code = outcome.err.code;
	if (code != 0 && (words == NULL || strstr(outcome.err.text, words) == NULL))
		fail_msg("%s: %s", rights, outcome.err.text);
	free(desk->rights);
	desk->rights = au_xstrdup(outcome.text);
	outcome_done(&outcome);
	return code;
}

json_t *
desk_order_of(struct desk *desk, struct au_call call)
{
	struct outcome outcome;
	json_t *order;

	worker_call(&desk->worker, &call, &outcome);
	if (outcome.err.code != AU_EMANUAL)
		fail_msg("%s: %d %s", au_call_op_name(call.op), outcome.err.code, outcome.err.text);
	assert_non_null(outcome.order);
	order = json_incref(outcome.order);
	outcome_done(&outcome);
	return order;
}

bool
desk_try(struct desk *desk, struct au_call call)
{
	json_t *order = desk_order_of(desk, call);

	json_decref(desk->report);
	free(desk->why);
	desk->why = NULL;
	desk->report = console_follow(&desk->room, desk->right, order, &desk->why);
	json_decref(order);
	return desk->report != NULL;
}

void
desk_follow(struct desk *desk, struct au_call call)
{
	if (!desk_try(desk, call))
		fail_msg("%s", desk->why);
}

void
desk_refused(struct desk *desk, struct au_call call, int code, const char *words)
{
	struct outcome outcome;

	worker_call(&desk->worker, &call, &outcome);
	if (outcome.err.code != code || strstr(outcome.err.text, words) == NULL)
		fail_msg("%d %s", outcome.err.code, outcome.err.text);
	outcome_done(&outcome);
}

const char *
desk_reported(const struct desk *desk, const char *name)
{
	const char *text = au_json_get_str(desk->report, name);

	assert_non_null(text);
	return text;
}

/* The user with that member in the simulator's state, or NULL; the caller's. */
json_t *
desk_there(struct desk *desk, const char *member, const char *value)
{
	json_t *state = console_call(&desk->room, "/__sim/state", NULL), *user, *found = NULL;
	size_t i;

	json_array_foreach (json_object_get(state, "users"), i, user)
		if (au_streq(au_json_get_str(user, member), value))
			found = json_incref(user);
	json_decref(state);
	return found;
}

size_t
desk_count_there(struct desk *desk)
{
	json_t *state = console_call(&desk->room, "/__sim/state", NULL);
	size_t count = json_array_size(json_object_get(state, "users"));

	json_decref(state);
	return count;
}
