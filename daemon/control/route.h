/* SPDX-License-Identifier: ISC */
/* The routes of the control socket, one row each. */
#ifndef CONTROL_ROUTE_H
#define CONTROL_ROUTE_H

#include "control/request.h"
#include "control/role.h"

struct au_route {
	const char *method, *pattern; /* "{name}" in the pattern is one segment */
	enum au_role role;
	void (*handler)(struct au_control_request *r);
	const char *const *members; /* of the request's body; NULL = it has none */
	const char *help;
};

/* Those whose bodies may be large. */
#define AU_ROUTE_SAVED_PLAN "/v1/plan/apply"
#define AU_ROUTE_TARGETS "/v1/targets/"
#define AU_ROUTE_IMPORT "/import"
#define AU_ROUTE_TEMPLATES "/v1/templates/" /* whose bodies are deep */

extern const struct au_route au_routes[]; /* ends with a NULL method */

/*
 * The row of a request, its parameters decoded into params.  AU_ENOENT: no such path; AU_ENOSUP: another method, with
 * the ones there are in *ret_allow (in the arena); AU_EINVAL: a segment that cannot be decoded.
 */
int au_control_route_find(struct au_arena *arena, const char *method, const char *path, const struct au_route **ret,
    const char *params[AU_REQUEST_PARAMS], const char **ret_allow, struct au_err *err);

/* Handlers, by the file they are in. */
/* show_state.c */
void au_show_status(struct au_control_request *r);
void au_show_sources(struct au_control_request *r);
void au_show_targets(struct au_control_request *r);
void au_show_capacity(struct au_control_request *r);
void au_show_metrics(struct au_control_request *r);
/* show_user.c */
void au_show_users(struct au_control_request *r);
void au_show_user(struct au_control_request *r);
void au_show_explain(struct au_control_request *r);
/* show_step.c */
void au_show_steps(struct au_control_request *r);
/* show_audit.c */
void au_show_audit(struct au_control_request *r);
void au_show_audit_row(struct au_control_request *r);
void au_check_audit(struct au_control_request *r);
/* show_template.c */
void au_show_template(struct au_control_request *r);
void au_check_template(struct au_control_request *r);
void au_compare_template(struct au_control_request *r);
/* show_drift.c */
void au_show_drift(struct au_control_request *r);
void au_show_strangers(struct au_control_request *r);
void au_show_ignored(struct au_control_request *r);
void au_show_protected(struct au_control_request *r);
void au_show_conflicts(struct au_control_request *r);
/* change_user.c */
void au_make_expiry(struct au_control_request *r);
/* change_stranger.c */
void au_make_adoption(struct au_control_request *r);
void au_make_confirmation(struct au_control_request *r);
void au_make_received(struct au_control_request *r);
void au_make_rotation(struct au_control_request *r);
void au_show_custody(struct au_control_request *r);
void au_make_ignored(struct au_control_request *r);
void au_make_unignored(struct au_control_request *r);
void au_make_protected(struct au_control_request *r);
void au_make_unprotected(struct au_control_request *r);
/* change_plan.c */
void au_make_plan(struct au_control_request *r);
void au_apply_plan(struct au_control_request *r);
/* change_step.c */
void au_make_run(struct au_control_request *r);
/* change_held.c */
void au_show_held(struct au_control_request *r);
void au_make_approval(struct au_control_request *r);
void au_make_rejection(struct au_control_request *r);
void au_make_reopening(struct au_control_request *r);
/* show_source.c */
void au_show_source(struct au_control_request *r);
/* change_source.c */
void au_make_resync(struct au_control_request *r);
void au_make_pause(struct au_control_request *r);
void au_make_resume(struct au_control_request *r);
/* change_target.c */
void au_make_target_pause(struct au_control_request *r);
void au_make_target_resume(struct au_control_request *r);
void au_show_quarantine(struct au_control_request *r);
void au_make_release(struct au_control_request *r);
/* change_run.c */
void au_make_user_run(struct au_control_request *r);
void au_show_user_run(struct au_control_request *r);
/* change_trial.c */
void au_make_trial(struct au_control_request *r);
void au_control_trials_end(struct au_control *control); /* all that are under way; nobody gets an answer */
/* change_client.c */
void au_show_client(struct au_control_request *r);
void au_show_clients(struct au_control_request *r);
void au_make_token(struct au_control_request *r);
void au_make_revocation(struct au_control_request *r);
/* change_import.c */
void au_make_import(struct au_control_request *r);
/* change_work.c */
void au_show_work(struct au_control_request *r);
void au_show_work_order(struct au_control_request *r);
void au_make_work_claim(struct au_control_request *r);
void au_make_work_release(struct au_control_request *r);
void au_make_work_complete(struct au_control_request *r);
void au_make_work_fail(struct au_control_request *r);
void au_make_work_cancel(struct au_control_request *r);
void au_take_work_secret(struct au_control_request *r);
void au_make_webhook_retry(struct au_control_request *r);
/* change_secret.c */
void au_take_secret(struct au_control_request *r);

#endif
