/* SPDX-License-Identifier: ISC */
/*
 * A product without an API, for tests: every change is a task for a person.
 * Built whole and with one defect each (MOCK_DEFECT); the option `behave` makes
 * its orders wrong.
 */
#include <apiuserd/target.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHOLE, NO_ORDER, WITH_FIND, WITH_LIST, BORN_ALLOWED };

#ifndef MOCK_DEFECT
#define MOCK_DEFECT WHOLE
#endif

struct au_session {
	char behave[32];
	char secret[128];
};

static int
mock_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	const char *behave = host->str(opts, "behave"), *secret = host->str(opts, "password");
	struct au_session *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		err->code = AU_EBUG;
		return AU_EBUG;
	}
	snprintf(s->behave, sizeof(s->behave), "%s", behave != NULL ? behave : "");
	snprintf(s->secret, sizeof(s->secret), "%s", secret != NULL ? secret : "");
	*ret = s;
	return 0;
}

static void
mock_close(struct au_session *s)
{
	free(s);
}

static int
mock_probe(struct au_session *s, struct au_err *err)
{
	(void)s;
	(void)err;
	return 0;
}

static int
mock_resolve(struct au_session *s, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	(void)s;
	(void)err;
	return emit(ctx, rights);
}

static const char *
text(const char *value)
{
	return value != NULL ? value : "";
}

static const char *
status(const struct au_target_account *want)
{
	return want->active == 0 ? "Inactive" : "Active";
}

/* What each task enters, in the words of the screen. */
static size_t
put_fields(const struct au_task *task, struct au_order_field *fields)
{
	const struct au_target_account *want = task->want;
	size_t n = 0;

	if (task->op == AU_TASK_CREATE || task->op == AU_TASK_SET_PROFILE) {
		fields[n++] = (struct au_order_field){ "Label", text(want->label) };
		fields[n++] = (struct au_order_field){ "Mail", text(want->mail) };
	}
	if (task->op == AU_TASK_CREATE || task->op == AU_TASK_SET_RIGHTS)
		fields[n++] = (struct au_order_field){ "Rights", text(want->rights) };
	if (task->op == AU_TASK_CREATE || task->op == AU_TASK_ENABLE || task->op == AU_TASK_DISABLE)
		fields[n++] = (struct au_order_field){ "Status", status(want) };
	fields[n] = (struct au_order_field)AU_ORDER_FIELD_END;
	return n;
}

static int
mock_order(struct au_session *s, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err)
{
	static const char *const buttons[] = { [AU_TASK_CREATE] = "Press New.",
		[AU_TASK_SET_RIGHTS] = "Press Change.",
		[AU_TASK_SET_PROFILE] = "Press Change.",
		[AU_TASK_ENABLE] = "Press Change.",
		[AU_TASK_DISABLE] = "Press Change.",
		[AU_TASK_RESET_SECRET] = "Press New password.",
		[AU_TASK_REMOVE] = "Press Delete." };
	static const struct au_order_field login_asked[] = { { "login", "User name" }, AU_ORDER_FIELD_END };
	static const struct au_order_field bad_asked[] = { { "rights", "Rights" }, AU_ORDER_FIELD_END };
	struct au_order_field fields[8], choose[2] = { { "User name", "" }, AU_ORDER_FIELD_END };
	struct au_order_line lines[4];
	size_t n = 0;
	bool secret = task->op == AU_TASK_CREATE || task->op == AU_TASK_RESET_SECRET;
	char title[300];
	int r;

	(void)err;
	put_fields(task, fields);
	choose[0].value = task->is != NULL ? task->is->login : "";
	if (task->is != NULL)
		lines[n++] = (struct au_order_line){ "Administration > API users", "Choose the API user.", choose };
	lines[n] = (struct au_order_line){ n == 0 ? "Administration > API users" : NULL, buttons[task->op], fields };
	n++;
	lines[n++] = (struct au_order_line){ NULL, "Press Save.", NULL };
	lines[n] = (struct au_order_line)AU_ORDER_LINE_END;
	snprintf(title, sizeof(title), "%s '%s'", task->is == NULL ? "Create" : "Change",
	    task->is == NULL ? text(task->want->login) : task->is->login);
	struct au_order order = { .title = title,
		.lines = lines,
		.secret = secret ? AU_ORDER_SECRET_SHOWN : AU_ORDER_NO_SECRET,
		.secret_label = secret ? "Password" : NULL,
		.asks = task->op == AU_TASK_CREATE ? login_asked : NULL,
		.confirm = "The list shows it." };
	if (strcmp(s->behave, "silent") == 0)
		return 0;
	if (strcmp(s->behave, "odd-code") == 0)
		return 5;
	if (strcmp(s->behave, "secret") == 0)
		lines[n - 1].where = s->secret;
	if (strcmp(s->behave, "no-lines") == 0)
		lines[0].what = NULL;
	if (strcmp(s->behave, "bad-asks") == 0)
		order.asks = bad_asked;
	if (strcmp(s->behave, "no-label") == 0)
		order.secret_label = NULL;
	r = emit(ctx, &order);
	if (strcmp(s->behave, "twice") == 0)
		emit(ctx, &order); /* the host remembers */
	return r;
}

static int
mock_find(struct au_session *s, const char *login, au_emit_account *emit, void *ctx, struct au_err *err)
{
	(void)s;
	(void)login;
	(void)emit;
	(void)ctx;
	(void)err;
	return 0;
}

static const struct au_opt instance_opts[] = {
	{ "behave", AU_STR, 0, 0, 31, NULL, NULL, "How to misbehave." },
	{ "password", AU_SECRET, 0, 0, 0, NULL, NULL, "Where a password lies." },
	AU_OPT_END,
};

static const struct au_opt rights_opts[] = {
	{ "roles", AU_LIST, AU_REQUIRED, 1, 10, NULL, NULL, "Roles." },
	AU_OPT_END,
};

static const struct au_product_rule rules[] = {
	{ "MM-R01", "An address has an at sign.", AU_INFERRED, AU_RULE_MAIL, "mail", 0, 0, NULL, NULL },
	AU_RULE_END,
};

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = MOCK_NAME,
	.product = "Clipboard",
	.version = "1",
	.summary = "A product without an API that exists in tests only.",
	.caps = AU_CAP_MANUAL | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_SET_PROFILE |
		AU_CAP_RESET_SECRET | AU_CAP_SHOWS_SECRET | (MOCK_DEFECT == WITH_LIST ? AU_CAP_LIST : 0) |
		(MOCK_DEFECT == BORN_ALLOWED ? AU_CAP_BORN_ALLOWED : 0),
	.limits = { 3, -1, -1 },
	.instance_opts = instance_opts,
	.rights_opts = rights_opts,
	.rules = rules,
	.open = mock_open,
	.close = mock_close,
	.probe = mock_probe,
	.resolve = mock_resolve,
	.find = MOCK_DEFECT == WITH_FIND ? mock_find : NULL,
	.order = MOCK_DEFECT == NO_ORDER ? NULL : mock_order,
};
