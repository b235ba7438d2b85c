/* SPDX-License-Identifier: ISC */
/* Steps: their names, their lanes, and how the control socket shows them. */
#include "model/step.h"

#include "base/mem.h"

#include <string.h>

static const char *const op_names[] = {
	[AU_STEP_CREATE] = "create",
	[AU_STEP_LOOKUP] = "lookup",
	[AU_STEP_SET_RIGHTS] = "set-rights",
	[AU_STEP_SET_PROFILE] = "set-profile",
	[AU_STEP_ENABLE] = "enable",
	[AU_STEP_DISABLE] = "disable",
	[AU_STEP_DELETE] = "delete",
	[AU_STEP_RESET_SECRET] = "reset-secret",
	[AU_STEP_RETIRE] = "retire",
};

static const char *const state_names[] = {
	[AU_STEP_QUEUED] = "queued",
	[AU_STEP_RUNNING] = "running",
	[AU_STEP_DONE] = "done",
	[AU_STEP_FAILED] = "failed",
	[AU_STEP_HELD] = "held",
	[AU_STEP_CANCELLED] = "cancelled",
	[AU_STEP_WAITING] = "waiting",
	[AU_STEP_WITH_PERSON] = "with-person",
	[AU_STEP_REJECTED] = "rejected",
	[AU_STEP_FOLLOWS] = "follows",
};

static const char *const lane_names[] = {
	[AU_LANE_SAFE] = "safe",
	[AU_LANE_RESTRICT] = "restrict",
	[AU_LANE_DESTRUCTIVE] = "destructive",
};

static const char *
name_of(const char *const *names, size_t count, int value)
{
	return value > 0 && (size_t)value < count ? names[value] : NULL;
}

static int
value_of(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 1; name != NULL && i < count; i++)
		if (names[i] != NULL && strcmp(names[i], name) == 0)
			return (int)i;
	return 0;
}

const char *
au_step_op_name(enum au_step_op op)
{
	return name_of(op_names, AU_COUNT(op_names), (int)op);
}

int
au_step_op_from_name(const char *name)
{
	return value_of(op_names, AU_COUNT(op_names), name);
}

const char *
au_step_state_name(enum au_step_state state)
{
	return name_of(state_names, AU_COUNT(state_names), (int)state);
}

int
au_step_state_from_name(const char *name)
{
	return value_of(state_names, AU_COUNT(state_names), name);
}

const char *
au_lane_name(enum au_lane lane)
{
	return name_of(lane_names, AU_COUNT(lane_names), (int)lane);
}

enum au_lane
au_step_lane(enum au_step_op op, bool removes_rights)
{
	if (op == AU_STEP_DELETE || op == AU_STEP_RETIRE)
		return AU_LANE_DESTRUCTIVE;
	if (op == AU_STEP_DISABLE || (op == AU_STEP_SET_RIGHTS && removes_rights))
		return AU_LANE_RESTRICT;
	return AU_LANE_SAFE;
}

static const struct au_json_text texts[] = {
	{ "account_id", offsetof(struct au_step, account_id) },
	{ "apiuser_id", offsetof(struct au_step, apiuser_id) },
	{ "target", offsetof(struct au_step, target) },
	{ "login", offsetof(struct au_step, login) },
	{ "reason", offsetof(struct au_step, reason) },
	{ "guard", offsetof(struct au_step, guard) },
	{ "guards", offsetof(struct au_step, guards) },
	{ "cause", offsetof(struct au_step, cause) },
	{ "waits_for", offsetof(struct au_step, waits) },
	{ "error", offsetof(struct au_step, error) },
	{ "key", offsetof(struct au_step, key) },
	{ "note", offsetof(struct au_step, note) },
	{ NULL, 0 },
};

/* JSON text as the value it is; what cannot be read is shown as text. */
static void
set_object(json_t *json, const char *name, const char *text)
{
	json_t *value;

	if (text == NULL)
		return;
	if (au_json_parse(text, strlen(text), AU_JSON_DEPTH, &value, NULL) == 0)
		json_object_set_new(json, name, value);
	else
		au_json_set_str(json, name, text);
}

json_t *
au_step_to_json(const struct au_step *step)
{
	json_t *json = json_object();

	au_json_set_int(json, "id", step->id);
	au_json_set_str(json, "op", au_step_op_name(step->op));
	au_json_set_str(json, "lane", au_lane_name(step->lane));
	au_json_set_str(json, "state", au_step_state_name(step->state));
	au_json_put_texts(json, texts, step);
	set_object(json, "want", step->want);
	set_object(json, "was", step->was);
	set_object(json, "takes", step->takes);
	set_object(json, "follows", step->follows);
	au_json_set_int(json, "tries", step->tries);
	au_json_set_int(json, "next_ms", step->next_ms);
	au_json_set_int(json, "created_ms", step->created_ms);
	au_json_set_int(json, "finished_ms", step->finished_ms);
	au_json_set_str(json, "code", au_code_name(step->code));
	return json;
}
