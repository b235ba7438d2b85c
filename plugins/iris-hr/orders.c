/* SPDX-License-Identifier: ISC */
/*
 * The vendor's own menu paths and words, in the order that is safe: a new user
 * has full rights (IR-R07), so it is made inactive and becomes active last.
 * Words in double quotes are on the screen, and fields are exact.
 */
#include "iris-hr/orders.h"

#include "base/str.h"
#include "iris-hr/rights.h"
#include "iris-hr/session.h"

#define SCREEN "System Tools > Utilities > Company > API Users"
#define MODULES "System Tools > Utilities > Tools > System Configuration"

struct writing {
	const struct au_session *session;
	const struct au_target_account *is, *want;
	struct au_paper *paper;
};

static void
sign_in(struct writing *w)
{
	au_paper_line(w->paper, "Sign in to IRIS HR Professional as somebody with Set Rights.");
	if (!au_str_empty(w->session->url))
		au_paper_field(w->paper, "Address", w->session->url);
}

/* Names need not be unique there (nothing says so), generated user names are. */
static void
menu(struct writing *w, const char *entry)
{
	au_paper_line(w->paper, "In the row with these values open the arrow menu and select \"%s\".", entry);
	au_paper_field(w->paper, "Name", w->is != NULL ? w->is->login : w->want->login);
	if (w->is != NULL && w->is->id != NULL && !au_streq(w->is->id, w->is->login))
		au_paper_field(w->paper, "Username", w->is->id);
}

static void
copy_password(struct writing *w)
{
	au_paper_line(w->paper,
	    "Select \"Copy Password\" on the pop-up and keep the password until this order is completed; it is shown "
	    "only now.");
	au_paper_line(w->paper, "Select \"Close\".");
	w->paper->order.secret = AU_ORDER_SECRET_SHOWN;
	w->paper->order.secret_label = "Password";
}

static void
make_user(struct writing *w, const char *name)
{
	au_paper_at(w->paper, MODULES);
	au_paper_line(w->paper,
	    "In the section \"Modules\" set this; where it is not offered, ask IRIS support for the module.");
	au_paper_field(w->paper, "API", "ticked");
	au_paper_line(w->paper, "Select \"Save\".");
	au_paper_at(w->paper, SCREEN);
	au_paper_line(w->paper, "See that no row has these values; if one has, fail this order and say so.");
	au_paper_field(w->paper, "Name", name);
	au_paper_line(w->paper, "Select \"Create User\".");
	au_paper_line(w->paper, "Enter these values.");
	au_paper_field(w->paper, "Name", name);
	au_paper_field(w->paper, "Active", "not ticked");
	au_paper_line(w->paper, "Confirm the form.");
	copy_password(w);
	au_paper_line(w->paper, "Note the Username of the row with these values.");
	au_paper_field(w->paper, "Name", name);
	au_paper_ask(w->paper, "id", "Username");
}

/* From a user that is new and inactive to one with these rights, active where that is wanted. */
static int
finish_user(struct writing *w, const char *rights, bool active, struct au_err *err)
{
	int r = 0;

	if (!iris_rights_are_full(rights)) {
		menu(w, "Edit Set Rights");
		if ((r = iris_rights_write(rights, w->paper, err)) != 0)
			return r;
	}
	w->paper->order.confirm = "The list shows the name with the status Inactive.";
	if (active) {
		menu(w, "Change Status");
		au_paper_line(w->paper, "Select \"Activate\" on the pop-up.");
		w->paper->order.confirm = "The list shows the name with the status Active.";
	}
	return r;
}

static int
create(struct writing *w, struct au_err *err)
{
	au_paper_title(w->paper, "Create the API user '%s'", w->want->login);
	w->paper->order.warning = "A new API user may do everything until its Set Rights are edited, so it is made "
				 "inactive and becomes active last.";
	sign_in(w);
	make_user(w, w->want->login);
	return finish_user(w, w->want->rights, w->want->active != 0, err);
}

/* No screen shows it, so a new one takes its place; the old one goes when the new one is known to work (IR-R11). */
static int
make_anew(struct writing *w, struct au_err *err)
{
	const struct au_target_account *old = w->is;

	au_paper_title(w->paper, "Create the API user '%s' anew", old->login);
	w->paper->order.warning = "The API user was made before October 2024 and is on no screen. Whoever uses it must "
				 "get the new user name and password before IRIS refuses the old ones.";
	sign_in(w);
	w->is = NULL;
	w->want = old;
	make_user(w, old->login);
	return finish_user(w, old->rights, old->active != 0, err);
}

static int
set_rights(struct writing *w, struct au_err *err)
{
	au_paper_title(w->paper, "Change the rights of the API user '%s'", w->is->login);
	sign_in(w);
	au_paper_at(w->paper, SCREEN);
	menu(w, "Edit Set Rights");
	w->paper->order.confirm = "\"Edit Set Rights\" shows the tabs as they were set.";
	return iris_rights_write(w->want->rights, w->paper, err);
}

static void
set_status(struct writing *w, bool active)
{
	au_paper_title(w->paper, "%s the API user '%s'", active ? "Activate" : "Deactivate", w->is->login);
	sign_in(w);
	au_paper_at(w->paper, SCREEN);
	menu(w, "Change Status");
	au_paper_line(w->paper, "Select \"%s\" on the pop-up.", active ? "Activate" : "Deactivate");
	w->paper->order.confirm = active ? "The list shows the name with the status Active."
					: "The list shows the name with the status Inactive.";
}

static void
reset_password(struct writing *w)
{
	au_paper_title(w->paper, "Reset the password of the API user '%s'", w->is->login);
	w->paper->order.warning = "The old password stops working at once.";
	sign_in(w);
	au_paper_at(w->paper, SCREEN);
	menu(w, "Reset Password");
	copy_password(w);
	w->paper->order.confirm = "The pop-up has shown a new password.";
}

static void
delete_user(struct writing *w)
{
	au_paper_title(w->paper, "Delete the API user '%s'", w->is->login);
	w->paper->order.warning = "It cannot be brought back, and what still uses it stops working.";
	sign_in(w);
	au_paper_at(w->paper, SCREEN);
	menu(w, "Delete");
	au_paper_line(w->paper, "Confirm, if the product asks.");
	w->paper->order.confirm = "The list does not show the user any more.";
}

static void
delete_legacy(struct writing *w)
{
	au_paper_title(w->paper, "Have the API user '%s' deleted", w->is->login);
	w->paper->order.warning = "The API user was made before October 2024 and is on no screen.";
	au_paper_line(w->paper, "Ask IRIS support to delete the API user with these values.");
	au_paper_field(w->paper, "Name", w->is->login);
	au_paper_field(w->paper, "Username", w->is->id);
	w->paper->order.confirm = "IRIS support has said that it is deleted.";
}

static int
write_legacy(struct writing *w, enum au_task_op op, struct au_err *err)
{
	switch (op) {
	case AU_TASK_RESET_SECRET:
		return make_anew(w, err);
	case AU_TASK_DISABLE:
	case AU_TASK_REMOVE:
		delete_legacy(w);
		return 0;
	default:
		return au_fail(err, AU_ENOSUP,
		    "API user '%s' was made before October 2024 and is on no screen (IR-R11); reset its secret, and it "
		    "is made anew",
		    w->is->login);
	}
}

static int
write_task(struct writing *w, enum au_task_op op, struct au_err *err)
{
	if (iris_is_legacy(w->session, w->is))
		return write_legacy(w, op, err);
	switch (op) {
	case AU_TASK_CREATE:
		return create(w, err);
	case AU_TASK_SET_RIGHTS:
		return set_rights(w, err);
	case AU_TASK_ENABLE:
	case AU_TASK_DISABLE:
		set_status(w, op == AU_TASK_ENABLE);
		return 0;
	case AU_TASK_RESET_SECRET:
		reset_password(w);
		return 0;
	case AU_TASK_REMOVE:
		delete_user(w);
		return 0;
	default:
		return au_fail(
		    err, AU_ENOSUP, "an API user of IRIS HR Professional has nothing but name, rights and status");
	}
}

static int
write(struct au_paper *paper, struct au_session *session, const struct au_task *task, struct au_err *err)
{
	struct writing w = { .session = session, .is = task->is, .want = task->want, .paper = paper };

	return write_task(&w, task->op, err);
}

int
iris_order(struct au_session *session, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err)
{
	return au_paper_order(write, session, task, emit, ctx, err);
}
