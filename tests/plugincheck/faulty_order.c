/* SPDX-License-Identifier: ISC */
/*
 * A product without an API whose orders have one defect at a time, named by the option `behave`.  Around the orders of
 * the whole one it does what a plugin must not do.
 */
#define MOCK_NAME "faulty-order"
#define apiuserd_target whole_manual
#include "tests/targetd/mock_manual.c"
#undef apiuserd_target

#include <signal.h>
#include <unistd.h>

static struct {
	const char *behave;
	const char *kept; /* a text of the host, kept beyond its call */
	au_emit_order *emit;
	void *ctx;
	const struct au_task *task;
	unsigned calls;
} faulty;

static bool
has(const char *defect)
{
	return strcmp(faulty.behave, defect) == 0;
}

/* What goes out in place of the whole order. */
static int
pass_on(void *ctx, const struct au_order *whole)
{
	static const struct au_order_field active[] = { { "Status", "Active" }, AU_ORDER_FIELD_END };
	struct au_order order = *whole;
	struct au_order_line lines[100], *line = lines;
	struct au_order_field fields[10];
	char number[200], part[300];
	size_t n = 0;

	(void)ctx;
	for (const struct au_order_line *from = whole->lines; from->what != NULL; from++)
		*line++ = *from;
	*line = (struct au_order_line)AU_ORDER_LINE_END;
	order.lines = lines;
	snprintf(number, sizeof(number), "%s (%u)", order.title, faulty.calls);
	if (has("moody"))
		order.title = number;
	if (has("nameless") && faulty.task->is != NULL) {
		order.title = "Change the API user";
		lines[0].fields = NULL;
	}
	if (has("always-on") && faulty.task->op == AU_TASK_DISABLE)
		lines[1].fields = active;
	if (has("without-rights") && faulty.task->op == AU_TASK_SET_RIGHTS)
		lines[1].fields = NULL;
	if (has("endless")) {
		while (line < lines + 99)
			*line++ = (struct au_order_line){ NULL, "Press Save again.", NULL };
		*line = (struct au_order_line)AU_ORDER_LINE_END;
	}
	if (faulty.task->op == AU_TASK_CREATE && (has("cuts") || has("splits") || has("shouts"))) {
		const struct au_order_field *from = lines[0].fields;
		char *end;

		for (; from->label != NULL; from++)
			fields[n++] = *from;
		fields[n] = (struct au_order_field)AU_ORDER_FIELD_END;
		snprintf(part, sizeof(part), "%.*s", has("cuts") ? 10 : 299, fields[0].value);
		if (has("splits") && (end = strchr(part, '\n')) != NULL) {
			*end = '\0';
			fields[n++] = (struct au_order_field){ "More", end + 1 };
			fields[n] = (struct au_order_field)AU_ORDER_FIELD_END;
		}
		fields[0].value = part;
		lines[0].fields = fields;
		if (has("shouts"))
			lines[0].what = part;
	}
	return faulty.emit(faulty.ctx, &order);
}

static int
faulty_order(struct au_session *s, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err)
{
	faulty.behave = s->behave;
	faulty.emit = emit;
	faulty.ctx = ctx;
	faulty.task = task;
	faulty.calls++;
	if (has("crash"))
		raise(SIGSEGV);
	if (has("hang"))
		pause();
	if (has("refuses")) {
		snprintf(err->text, sizeof(err->text), "not now");
		return err->code = AU_ETEMP;
	}
	if (has("keeps")) {
		if (faulty.kept != NULL)
			faulty.calls += (unsigned)strlen(faulty.kept);
		faulty.kept = task->want->login;
	}
	if (has("changes-folder") && chdir("/") != 0)
		return AU_EBUG;
	return mock_order(s, task, pass_on, ctx, err);
}

/* A login is in the title, so it has no control characters; what is longer than an order may be is refused before. */
static const struct au_product_rule faulty_rules[] = {
	{ "FO-R01", "A login has plain characters only.", AU_INFERRED, AU_RULE_CHARS, "login", 0, 0,
	    "abcdefghijklmnopqrstuvwxyz0123456789-", NULL },
	{ "FO-R02", "A login is short.", AU_INFERRED, AU_RULE_LENGTH, "login", 1, 64, NULL, NULL },
	{ "FO-R03", "A label is short.", AU_INFERRED, AU_RULE_LENGTH, "label", 0, 300, NULL, NULL },
	{ "FO-R04", "An address is short.", AU_INFERRED, AU_RULE_LENGTH, "mail", 0, 300, NULL, NULL },
	AU_RULE_END,
};

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = MOCK_NAME,
	.product = "Clipboard",
	.version = "1",
	.summary = "A product without an API with one defect at a time.",
	.caps = AU_CAP_MANUAL | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_SET_PROFILE |
		AU_CAP_RESET_SECRET | AU_CAP_SHOWS_SECRET,
	.limits = { 3, -1, -1 },
	.instance_opts = instance_opts,
	.rights_opts = rights_opts,
	.rules = faulty_rules,
	.open = mock_open,
	.close = mock_close,
	.probe = mock_probe,
	.resolve = mock_resolve,
	.order = faulty_order,
};
