/* SPDX-License-Identifier: ISC */
/*
 * What a person does where no call is known: enter a password.  The paths and the words of fields are those of the
 * vendor's pages, which are the same for each brand.
 */
#include "base/str.h"
#include "calabrio/people.h"

#define SCREEN "Application Management > Global > User Configuration > "
#define LINES_MAX 4

static const struct au_order_field view_field[] = { { "WFM Views", "EnterpriseView" }, AU_ORDER_FIELD_END };

/* The user's own screen. */
static void
write_user(const struct au_session *session, const struct au_order_field *who, bool is_new, struct au_order_line *lines)
{
	size_t n = 0;

	lines[n++] = (struct au_order_line){ SCREEN "Users", "Select the user.", who };
	if (is_new && !session->views)
		lines[n++] = (struct au_order_line){ NULL, "Assign EnterpriseView as the main view.", view_field };
	lines[n++] = (struct au_order_line){ NULL, "Enter the password in the Password field and select Save.", NULL };
}

/* Where people log in through IAM, programs have a password of their own. */
static void
write_legacy(
    const struct au_session *session, const struct au_order_field *who, bool is_new, struct au_order_line *lines)
{
	size_t n = 0;

	if (is_new && !session->views) {
		lines[n++] = (struct au_order_line){ SCREEN "Users", "Select the user.", who };
		lines[n++] = (struct au_order_line){ NULL, "Assign EnterpriseView as the main view and select Save.",
			view_field };
	}
	lines[n++] = (struct au_order_line){ SCREEN "Legacy API Access",
		"Select the user, enable legacy API access, enter the API password and select Save.", who };
}

int
ca_people_order(
    struct au_session *session, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err)
{
	const char *login = task->is != NULL && task->is->login != NULL ? task->is->login
			    : task->want != NULL                        ? task->want->login
									: NULL;
	const struct au_order_field who[] = { { "User Name", login }, AU_ORDER_FIELD_END };
	struct au_order_line lines[LINES_MAX] = { AU_ORDER_LINE_END };
	AU_CLEANUP(au_freep) char *title = NULL, *confirm = NULL;
	struct au_order order = { .lines = lines, .secret = AU_ORDER_SECRET_TYPED };

	if (task->op != AU_TASK_CREATE && task->op != AU_TASK_RESET_SECRET)
		return au_fail(err, AU_EBUG, "order: only passwords are left to a person");
	if (au_str_empty(login))
		return au_fail(err, AU_EBUG, "order: expected the user's name");
	(session->iam ? write_legacy : write_user)(session, who, task->op == AU_TASK_CREATE, lines);
	title = au_xasprintf("%s: give the API user '%s' its password", session->product, login);
	confirm = au_xasprintf(
	    "The application logs in as '%s' with that password; if not, ask %s.", login, session->support);
	order.title = title;
	order.warning = session->iam ? "Without legacy API access the user cannot log in at all." : NULL;
	order.secret_label = session->iam ? "API password" : "Password";
	order.confirm = confirm;
	return emit(ctx, &order);
}
