/* SPDX-License-Identifier: ISC */
/* A line of a scenario under way: what the functions that perform commands get, and use in common. */
#ifndef TESTS_SCENARIO_SCRIPT_H
#define TESTS_SCENARIO_SCRIPT_H

#include "store/store.h"
#include "tests/scenario/world.h"

#define WORDS_MAX 32

struct line {
	struct scenario *s;
	char *words[WORDS_MAX];
	size_t count;
	struct au_arena *arena;
};

/* The value of a word NAME=VALUE; NULL when the line has none. */
const char *named(const struct line *l, const char *name);
struct fake_target *fake_of(struct line *l, const char *name);
/* Write to the store; the engine hears of it. */
void fact(struct line *l, au_store_work *work);

/* others.c: what others do in targets, and what people say to that */
void do_own(struct line *l);
void do_born(struct line *l);
void do_mark(struct line *l);
void do_adopt(struct line *l);
void do_protect(struct line *l);
void do_refused(struct line *l);
void do_expire(struct line *l);
void expect_told(struct line *l);
void others_told(const char *text); /* a line of the log */
void expect_strangers(struct line *l);
void expect_drift(struct line *l);

/* fake_source.c: what sources say when they are asked */
void do_unheard(struct line *l);
void do_asked(struct line *l);
/* scenario.c */
void play_line(struct scenario *s, char *text);

/* ledger.c: pools, and who waits for them */
void do_tell(struct line *l);
void expect_pool(struct line *l);
void expect_line(struct line *l);
void expect_waits(struct line *l);
void expect_note(struct line *l);
void expect_held_as(struct line *l);
void expect_what_if(struct line *l);

/* follow.c: steps that follow others */
void do_save_and_apply(struct line *l);
void expect_follows(struct line *l);
void expect_foretold(struct line *l);
void expect_followers(struct line *l);

/* expect.c: what must have come of it */
void expect_calls(struct line *l);
void expect_account(struct line *l);
void expect_no_account(struct line *l);
void expect_guard(struct line *l);
void expect_held(struct line *l);
void expect_plan(struct line *l);
void expect_finding(struct line *l);
/* orders.c: what people do with work orders, and what these say */
void do_order(struct line *l);
void expect_order(struct line *l);
void expect_orders(struct line *l);
void do_import(struct line *l);
/* words.c: what operators say */
void do_pause(struct line *l);
void do_resume(struct line *l);
void do_release(struct line *l);
void do_run_user(struct line *l);
void do_explain(struct line *l);
void do_settings(struct line *l);
void do_reload(struct line *l);
void do_accept(struct line *l);
void do_hurry(struct line *l);
void expect_answer(struct line *l);
void expect_state(struct line *l);
void expect_text(struct line *l);
void expect_quarantine(struct line *l);

#endif
