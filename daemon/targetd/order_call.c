/* SPDX-License-Identifier: ISC */
/*
 * An order is kept, shown and mailed about, so no secret may be in it, and a
 * person relies on it, so one that lacks something is refused here, where the
 * plugin's author sees why.
 */
#include "targetd/order_call.h"

#include "model/order_text.h"

struct asking {
	json_t *order; /* NULL until one is emitted */
	struct au_err broken;
};

static int
emit_order(void *ctx, const struct au_order *order)
{
	struct asking *asking = ctx;

	if (order == NULL || asking->order != NULL)
		return au_fail(
		    &asking->broken, AU_EBUG, "plugin emitted %s", order == NULL ? "no order" : "two orders");
	asking->order = au_order_text_to_json(order);
	if (au_order_text_check(asking->order, &asking->broken) != 0)
		return au_err_recode(&asking->broken, AU_EBUG);
	return 0;
}

static bool
holds_secret(const struct au_mask *mask, const json_t *json)
{
	const char *name;
	const json_t *item;
	size_t i;

	if (json_is_string(json))
		return au_mask_hits(mask, json_string_value(json));
	json_array_foreach (json, i, item)
		if (holds_secret(mask, item))
			return true;
	json_object_foreach ((json_t *)(uintptr_t)json, name, item)
		if (holds_secret(mask, item))
			return true;
	return false;
}

static enum au_task_op
task_of(const struct au_call *call)
{
	switch (call->op) {
	case AU_CALL_CREATE:
		return AU_TASK_CREATE;
	case AU_CALL_SET_RIGHTS:
		return AU_TASK_SET_RIGHTS;
	case AU_CALL_SET_ACTIVE:
		return call->account.active == 1 ? AU_TASK_ENABLE : AU_TASK_DISABLE;
	case AU_CALL_SET_PROFILE:
		return AU_TASK_SET_PROFILE;
	case AU_CALL_RESET_SECRET:
		return AU_TASK_RESET_SECRET;
	case AU_CALL_REMOVE:
		return AU_TASK_REMOVE;
	default:
		return (enum au_task_op)0;
	}
}

bool
au_order_is_due(const struct au_target *table, enum au_call_op op)
{
	return (table->caps & AU_CAP_MANUAL) != 0 && op >= AU_CALL_LIST;
}

static int
ask(const struct au_target *table, struct au_session *session, const struct au_call *call, struct asking *asking,
    struct au_err *err)
{
	struct au_target_account want = call->account;
	struct au_task task = {
		.op = task_of(call), .is = call->known.login != NULL ? &call->known : NULL, .want = &want
	};
	int r;

	want.secret = NULL;
	if (task.op == 0 || table->order == NULL)
		return au_fail(err, AU_EBUG, "plugin leaves '%s' to a person and does not say what to do",
		    au_call_op_name(call->op));
	r = table->order(session, &task, emit_order, asking, err);
	if (asking->broken.code != 0) {
		*err = asking->broken;
		return AU_EBUG;
	}
	if (r == 0 && asking->order == NULL)
		return au_fail(err, AU_EBUG, "plugin emitted no order for '%s'", au_call_op_name(call->op));
	if (r > 0 || au_code_from_name(au_code_name(r)) != r)
		return au_fail(err, AU_EBUG, "plugin returned %d, which is no code", r);
	return r;
}

int
au_order_ask(const struct au_target *table, struct au_session *session, const struct au_mask *mask,
    const struct au_call *call, json_t **ret, struct au_err *err)
{
	struct asking asking = { 0 };
	int r = ask(table, session, call, &asking, err);

	if (r == 0 && holds_secret(mask, asking.order))
		r = au_fail(err, AU_EBUG, "plugin put a secret into the order for '%s'", au_call_op_name(call->op));
	if (r != 0) {
		json_decref(asking.order);
		return r;
	}
	*ret = asking.order;
	return 0;
}
