/* SPDX-License-Identifier: ISC */
/* What scenarios say to targets and quarantined users, and what they expect of them. */
#ifndef TESTS_SCENARIO_STOPPING_H
#define TESTS_SCENARIO_STOPPING_H

#include "reconcile/adoption.h"
#include "store/store.h"
#include "tests/scenario/world.h"

/* In a transaction; an error is a complaint. */
void do_work(struct scenario *s, au_store_work *work, void *arg);
void pause_target(struct scenario *s, const char *target, const char *for_or_null); /* "2h" */
void resume_target(struct scenario *s, const char *target);
void release_user(struct scenario *s, const char *user, const char *target);

/* As `apiuserctl run` does; what it says is kept for expect_said. */
void run_user(struct scenario *s, const char *user, const char *target_or_null, bool dry, bool fresh);
/* As `apiuserctl adopt` does; what it shows is kept for expect_said. */
int adopt_account(struct scenario *s, const struct au_adoption_order *order, struct au_err *err);
/* As `apiuserctl explain` does. */
void explain_user(struct scenario *s, const char *user, const char *target, const char *right_or_null);
void expect_said(struct scenario *s, const char *text);

void reload_settings(struct scenario *s, const char *file); /* beside the scenario */
void reload_alone(struct scenario *s, const char *file);    /* and nobody asks for a run */
void accept_settings(struct scenario *s);
/* A full run that ends by its time-out while the targets are being listed. */
void apply_in_a_hurry(struct scenario *s);

void expect_target_state(struct scenario *s, const char *target, const char *state);
void expect_target_text(struct scenario *s, const char *target, const char *text);
void expect_quarantined(struct scenario *s, long long count);
/* Where the audit stands, before the engine starts. */
void note_audit(struct scenario *s);
/* I9: what the engine counted is what the audit says. */
void expect_counters(struct scenario *s);

#endif
