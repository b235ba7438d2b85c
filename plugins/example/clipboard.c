/* SPDX-License-Identifier: ISC */
/* The smallest whole plugin: its product has no API, so a person does what `order` writes down.  (example.c has one.)
 */
#include <apiuserd/target.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct au_session {
	char url[501]; /* a copy: what the host hands in lives until its call returns */
};

static int
open_session(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	if ((*ret = calloc(1, sizeof(**ret))) == NULL) {
		snprintf(err->text, sizeof(err->text), "session: no memory");
		return err->code = AU_EBUG;
	}
	snprintf((*ret)->url, sizeof((*ret)->url), "%s", host->str(opts, "url"));
	return 0;
}

static void
close_session(struct au_session *s)
{
	free(s); /* NULL is fine */
}

static int
probe(struct au_session *s, struct au_err *err)
{
	return s != NULL && err != NULL ? 0 : AU_EBUG; /* there is nothing to log in to */
}

/* Equal rights give equal text, members sorted and without blanks; the row has seen to the value. */
static int
resolve(struct au_session *s, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	json_t *given = json_loads(rights, 0, NULL);
	char *text = s != NULL ? json_dumps(given, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	int r = text != NULL ? emit(ctx, text) : (err->code = AU_EINVAL);

	free(text);
	json_decref(given);
	return r;
}

/* Made of the task alone, so that the same task gives the same order; values are exact, and no secret is among them. */
static int
order(struct au_session *s, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err)
{
	const struct au_target_account *want = task->want;
	json_t *rights = want->rights != NULL ? json_loads(want->rights, 0, NULL) : NULL;
	bool is_new = task->op == AU_TASK_CREATE, is_end = task->op == AU_TASK_REMOVE;
	const struct au_order_field place[] = { { "Address", s->url }, AU_ORDER_FIELD_END };
	const char *login = is_new ? want->login : task->is->login;
	const struct au_order_field name[] = { { "User name", login }, AU_ORDER_FIELD_END };
	struct au_order_field values[3] = { AU_ORDER_FIELD_END }, *value = values;

	if (rights != NULL)
		*value++ = (struct au_order_field){ "Access", json_string_value(json_object_get(rights, "access")) };
	if (want->active >= 0)
		*value++ = (struct au_order_field){ "Blocked", want->active ? "not ticked" : "ticked" };
	*value = (struct au_order_field)AU_ORDER_FIELD_END;
	const struct au_order_line lines[] = {
		{ "Sign-in page", "Sign in as an administrator.", place },
		{ "Settings > API users", is_new ? "Press New and enter this." : "Open the user of this name.", name },
		{ NULL, is_end ? "Press Delete." : "Choose these values and press Save.", is_end ? NULL : values },
		AU_ORDER_LINE_END,
	};
	struct au_order out = { .title = "Change an API user", .lines = lines, .confirm = "The list shows it so." };
	if (is_new) {
		out.title = "Create an API user";
		out.secret = AU_ORDER_SECRET_SHOWN; /* once: who does the order types it when he says that it is done */
		out.secret_label = "Password";
	}
	int r = emit(ctx, &out);

	json_decref(rights);
	return r == 0 ? 0 : (err->code = r);
}

static const char *const accesses[] = { "read", "write", NULL };
static const struct au_opt instance_opts[] = {
	{ "url", AU_STR, AU_REQUIRED, 1, 500, NULL, NULL, "Where people sign in." },
	AU_OPT_END,
};
static const struct au_opt rights_opts[] = {
	{ "access", AU_ENUM, AU_REQUIRED, 0, 0, accesses, NULL, "What it may do." },
	AU_OPT_END,
};
static const struct au_product_rule rules[] = {
	{ "CB-R01", "A name has up to 40 characters.", AU_DOCUMENTED, AU_RULE_LENGTH, "login", 1, 40, NULL, NULL },
	AU_RULE_END,
};

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "clipboard",
	.product = "Clipboard",
	.version = "1",
	.summary = "API users that a person looks after.",
	.caps = AU_CAP_MANUAL | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_SHOWS_SECRET,
	.limits = { .max_active = -1, .max_accounts = -1, .calls_per_minute = -1 },
	.instance_opts = instance_opts,
	.rights_opts = rights_opts,
	.rules = rules,
	.open = open_session,
	.close = close_session,
	.probe = probe,
	.resolve = resolve,
	.order = order,
};
