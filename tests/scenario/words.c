/* SPDX-License-Identifier: ISC */
/* Commands about what operators say: to targets, of one user, of the configuration. */
#include "tests/scenario/script.h"
#include "tests/scenario/stopping.h"

#include <stdlib.h>
#include <string.h>

void
do_pause(struct line *l)
{
	pause_target(l->s, l->words[1], named(l, "for"));
}

void
do_resume(struct line *l)
{
	resume_target(l->s, l->words[1]);
}

void
do_release(struct line *l)
{
	release_user(l->s, l->words[1], l->words[2]);
}

void
do_run_user(struct line *l)
{
	run_user(l->s, l->words[1], l->count > 2 && !strchr(l->words[2], '=') ? l->words[2] : NULL,
	    named(l, "dry") != NULL, named(l, "fresh") != NULL);
}

void
do_explain(struct line *l)
{
	explain_user(l->s, l->words[1], l->words[2], named(l, "right"));
}

void
expect_answer(struct line *l)
{
	expect_said(l->s, l->words[2]);
}

/* "settings FILE": a reload with a file beside the scenario. */
void
do_settings(struct line *l)
{
	reload_settings(l->s, l->words[1]);
}

/* The same with nobody who asks for a run: the engine does what it does by itself. */
void
do_reload(struct line *l)
{
	reload_alone(l->s, l->words[1]);
}

/* As `apiuserctl apply` says it. */
void
do_accept(struct line *l)
{
	accept_settings(l->s);
}

/* "apply" whose time is over before any target has answered. */
void
do_hurry(struct line *l)
{
	apply_in_a_hurry(l->s);
}
