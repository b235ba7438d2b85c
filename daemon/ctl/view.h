/* SPDX-License-Identifier: ISC */
/* Answers of the daemon as text for people; each is an au_view, unless it needs to know more.  Pure. */
#ifndef CTL_VIEW_H
#define CTL_VIEW_H

#include "ctl/ctl.h"
#include "ctl/paint.h"

/* view_state.c */
void au_view_status(const json_t *json, bool colour, struct au_str *out);
void au_view_sources(const json_t *json, bool colour, struct au_str *out);
void au_view_targets(const json_t *json, bool colour, struct au_str *out);
/* cmd_custody.c */
void au_view_custody(const json_t *json, bool colour, struct au_str *out);
void au_view_capacity(const json_t *json, bool colour, struct au_str *out);
/* Of a status: the pools of which little is left, a line each. */
void au_view_low(const json_t *json, bool colour, struct au_str *out);
/* Of a status or a list of work orders: what waits for people, and what is known by their word, a line each. */
void au_view_people(const json_t *json, bool colour, struct au_str *out);
void au_view_quarantine(const json_t *json, bool colour, struct au_str *out);
/* view_user.c */
void au_view_users(const json_t *json, bool colour, struct au_str *out);
void au_view_user(const json_t *json, bool colour, struct au_str *out);
void au_view_explain(const json_t *json, bool colour, struct au_str *out);
/* view_plan.c */
struct au_plan_look {
	bool colour;
	bool all;       /* each step, however many there are of a kind */
	size_t columns; /* of the terminal; 0 = none, nothing is broken */
};
void au_view_plan(const json_t *json, const struct au_plan_look *look, struct au_str *out);
/* view_applied.c: what became of a saved plan */
void au_view_applied(const json_t *json, bool colour, struct au_str *out);
/* parts of the above */
void au_view_person(const json_t *user, bool colour, struct au_str *out);
void au_view_entry(const json_t *entry, struct au_str *out);
void au_view_rule(const json_t *rule, bool colour, struct au_str *out);
/* view_single.c: the stages, and then one line for each step */
void au_view_single(const json_t *json, const struct au_plan_look *look, struct au_str *out);
void au_view_outcome(const json_t *step, bool colour, struct au_str *out);
/* view_run.c */
void au_view_run(const json_t *json, bool colour, struct au_str *out);
/* view_source.c */
void au_view_source(const json_t *json, bool colour, struct au_str *out);
/* view_membership.c: of one source; its name stands before each line unless it is NULL */
void au_view_membership(const json_t *json, const char *source, bool colour, struct au_str *out);
/* view_trial.c */
void au_view_trial(const json_t *json, bool colour, struct au_str *out);
/* view_client.c */
void au_view_client(const json_t *json, bool colour, struct au_str *out);
/* view_held.c */
void au_view_held(const json_t *json, bool colour, struct au_str *out);
void au_view_decision(const json_t *json, bool colour, struct au_str *out);
/* view_template.c: one in force, verdicts on those of a file, and what a changed one would change */
void au_view_template(const json_t *json, bool colour, struct au_str *out);
void au_view_template_check(const json_t *json, bool colour, struct au_str *out);
void au_view_template_difference(const json_t *json, const struct au_plan_look *look, struct au_str *out);
/* view_work.c */
void au_view_work(const json_t *json, bool colour, struct au_str *out);
void au_view_work_order(const json_t *json, bool colour, struct au_str *out);
void au_view_work_said(const json_t *json, bool colour, struct au_str *out);
/* view_list.c */
void au_view_steps(const json_t *json, bool colour, struct au_str *out);
void au_view_clients(const json_t *json, bool colour, struct au_str *out);
/* view_audit.c */
void au_view_audit(const json_t *json, bool colour, struct au_str *out);
void au_view_audit_row(const json_t *json, bool colour, struct au_str *out);
void au_view_audit_verdict(const json_t *json, bool colour, struct au_str *out);

/* view_adoption.c: what adopting an account would come to, or has come to */
void au_view_adoption(const json_t *json, const struct au_plan_look *look, struct au_str *out);
/* view_drift.c */
void au_view_drift(const json_t *json, bool colour, struct au_str *out);
void au_view_strangers(const json_t *json, bool colour, struct au_str *out);
void au_view_ignored(const json_t *json, bool colour, struct au_str *out);
void au_view_conflicts(const json_t *json, bool colour, struct au_str *out);

/* The colour of a word for a state: of a step, a source, an account. */
enum au_paint au_view_paint(const char *state);

#endif
