/* SPDX-License-Identifier: ISC */
/*
 * The vendor's own menu paths and words.  What is done applies to the
 * organisation that is chosen, so each order begins by choosing it.  Words in
 * double quotes are on the screen, and fields are exact.
 */
#include "movius/orders.h"

#include "base/str.h"
#include "movius/rights.h"
#include "movius/session.h"

#include <string.h>

struct writing {
	const struct au_session *session;
	const struct au_target_account *is, *want;
	struct au_paper *paper;
};

static void
sign_in(struct writing *w)
{
	au_paper_line(
	    w->paper, "Sign in to the MultiLine Management Portal with a role that has the privilege \"API Users\".");
	if (!au_str_empty(w->session->url))
		au_paper_field(w->paper, "Address", w->session->url);
	au_paper_line(w->paper, "Choose this organisation.");
	au_paper_field(w->paper, "Organisation", w->session->organisation);
	au_paper_at(w->paper, "Administrators");
}

/* By which the list shows it: one that came in another's place is known by its own address. */
static const char *
address_of(const struct au_target_account *account)
{
	return account->id != NULL && strchr(account->id, '@') != NULL ? account->id : account->mail;
}

static void
open_user(struct writing *w)
{
	au_paper_line(w->paper, "Tick the checkbox of the API user with these values.");
	if (!au_str_empty(w->is->first_name))
		au_paper_field(w->paper, "First Name", w->is->first_name);
	if (!au_str_empty(w->is->last_name))
		au_paper_field(w->paper, "Last Name", w->is->last_name);
	au_paper_field(w->paper, "Email", address_of(w->is));
	au_paper_line(w->paper, "Select \"Edit\".");
}

static void
enter_person(struct writing *w)
{
	const struct au_target_account *want = w->want;

	au_paper_line(w->paper, "In the section \"Personal Details\" enter these values.");
	if (want->first_name != NULL)
		au_paper_field(w->paper, "First Name", want->first_name);
	if (want->last_name != NULL)
		au_paper_field(w->paper, "Last Name", want->last_name);
	if (want->mail != NULL)
		au_paper_field(w->paper, "Email", want->mail);
}

static int
choose_applications(struct writing *w, const char *rights, struct au_err *err)
{
	au_paper_line(w->paper, "In the section \"External Applications\" choose these and no others.");
	return movius_rights_write(rights, w->paper, err);
}

static void
note_address(struct writing *w, const char *mail)
{
	au_paper_line(w->paper, "Note the Email of the row with these values.");
	au_paper_field(w->paper, "Email", mail);
	au_paper_ask(w->paper, "id", "Email");
}

static int
create(struct writing *w, struct au_err *err)
{
	int r = movius_check_mail(w->session, w->want->mail, err);

	if (r != 0)
		return r;
	au_paper_title(w->paper, "Add the API user '%s'", w->want->login);
	w->paper->order.warning = "On Save the portal mails user name and password to the address below; nobody else "
				 "sees them.";
	sign_in(w);
	au_paper_line(w->paper, "See that no row has these values; if one has, fail this order and say so.");
	au_paper_field(w->paper, "Email", w->want->mail);
	au_paper_line(w->paper, "Select \"Add API User\".");
	enter_person(w);
	if ((r = choose_applications(w, w->want->rights, err)) != 0)
		return r;
	au_paper_line(w->paper, "Select \"Save\".");
	au_paper_mailed(w->paper, "Password", w->want->mail);
	w->paper->order.confirm =
	    "The list shows the address, and its mailbox has the mail with user name and password.";
	return 0;
}

/* The portal resets no password: a second user takes over, and the first goes when that is in use (MV-R10). */
static int
add_second(struct writing *w, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *mail = movius_second_address(w->session, address_of(w->is), w->is->mail);
	const struct au_target_account next = { .first_name = w->is->first_name,
		.last_name = w->is->last_name,
		.mail = mail };
	int r = movius_check_mail(w->session, mail, err);

	if (r != 0)
		return r;
	w->want = &next;
	au_paper_title(w->paper, "Add a second API user for '%s'", w->is->login);
	w->paper->order.warning = "The first one stays until somebody says that the second one is in use. On Save the "
				  "portal mails user name and password to the address below; nobody else sees them.";
	sign_in(w);
	au_paper_line(w->paper, "See that no row has these values; if one has, fail this order and say so.");
	au_paper_field(w->paper, "Email", mail);
	au_paper_line(w->paper, "Select \"Add API User\".");
	enter_person(w);
	if ((r = choose_applications(w, w->is->rights, err)) != 0)
		return r;
	au_paper_line(w->paper, "Select \"Save\".");
	note_address(w, mail);
	au_paper_mailed(w->paper, "Password", mail);
	w->paper->order.confirm = "The list shows both addresses.";
	return 0;
}

static int
set_rights(struct writing *w, struct au_err *err)
{
	int r;

	au_paper_title(w->paper, "Change the external applications of the API user '%s'", w->is->login);
	w->paper->order.warning = "An application that is taken away can no longer be used with this API user.";
	sign_in(w);
	open_user(w);
	if ((r = choose_applications(w, w->want->rights, err)) != 0)
		return r;
	au_paper_line(w->paper, "Select \"Save\".");
	w->paper->order.confirm = "\"Edit\" shows these external applications and no others.";
	return 0;
}

static int
set_profile(struct writing *w, struct au_err *err)
{
	int r = w->want->mail != NULL ? movius_check_mail(w->session, w->want->mail, err) : 0;

	if (r != 0)
		return r;
	au_paper_title(w->paper, "Change the personal details of the API user '%s'", w->is->login);
	sign_in(w);
	open_user(w);
	enter_person(w);
	au_paper_line(w->paper, "Select \"Save\".");
	if (w->want->mail != NULL && address_of(w->is) != w->is->mail)
		note_address(w, w->want->mail);
	w->paper->order.confirm = "The list shows the new details.";
	return 0;
}

static void
delete_user(struct writing *w)
{
	au_paper_title(w->paper, "Delete the API user '%s'", w->is->login);
	w->paper->order.warning = "It cannot be brought back. Where it is the only API user of an external application, "
				 "that integration stops working.";
	sign_in(w);
	open_user(w);
	au_paper_line(w->paper, "Select \"Delete\".");
	au_paper_line(w->paper, "Select \"Yes\" in the Confirm prompt.");
	w->paper->order.confirm = "The list does not show the user any more.";
}

static int
write_task(struct writing *w, enum au_task_op op, struct au_err *err)
{
	switch (op) {
	case AU_TASK_CREATE:
		return create(w, err);
	case AU_TASK_SET_RIGHTS:
		return set_rights(w, err);
	case AU_TASK_SET_PROFILE:
		return set_profile(w, err);
	case AU_TASK_RESET_SECRET:
		return add_second(w, err);
	case AU_TASK_REMOVE:
		delete_user(w);
		return 0;
	default:
		return au_fail(
		    err, AU_ENOSUP, "the portal disables no API user (MV-R10)");
	}
}

static int
write(struct au_paper *paper, struct au_session *session, const struct au_task *task, struct au_err *err)
{
	struct writing w = { .session = session, .is = task->is, .want = task->want, .paper = paper };

	return write_task(&w, task->op, err);
}

int
movius_order(struct au_session *session, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err)
{
	return au_paper_order(write, session, task, emit, ctx, err);
}
