/* SPDX-License-Identifier: ISC */
/* Commands about what others do in targets, and about what people say to that: adopt, confirm, ignore. */
#include "tests/scenario/script.h"
#include "tests/scenario/stopping.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/when.h"
#include "reconcile/adopt.h"
#include "reconcile/engine_parts.h"
#include "reconcile/protect.h"
#include "reconcile/term.h"
#include "store/stranger.h"

#include <string.h>

/* "own TARGET RIGHTS": the product adds these to the rights of every account, and nobody can take them away. */
void
do_own(struct line *l)
{
	fake_target_own(fake_of(l, l->words[1]), l->words[2]);
}

/* "born TARGET RIGHTS": what every new account can do there, whatever is asked for. */
void
do_born(struct line *l)
{
	fake_target_born(fake_of(l, l->words[1]), l->words[2]);
}

void
do_mark(struct line *l)
{
	const char *mark = au_streq(l->words[3], "none") ? NULL : l->words[3];

	fake_target_mark(fake_of(l, l->words[1]), l->words[2], mark);
}

static int
store_adopt(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	static const struct {
		const char *name;
		int (*work)(
		    struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err);
	} rows[] = { { "confirm", au_adopt_confirm }, { "ignore", au_adopt_ignore },
		{ "unignore", au_adopt_unignore } };
	struct line *l = arg;
	struct au_adopt job = { .target = l->words[1],
		.login = l->words[2],
		.user = l->count > 3 ? l->words[3] : l->words[2],
		.actor = "uid:0",
		.reason = "test",
		.now_ms = au_clock_wall_ms() };

	for (size_t i = 0; i < AU_COUNT(rows); i++)
		if (au_streq(rows[i].name, l->words[0]))
			return rows[i].work(tx, l->arena, &job, err);
	return au_fail(err, AU_EBUG, "no such deed");
}

/* "protect TARGET LOGIN [REASON]", "unprotect TARGET LOGIN": by hand. */
static int
store_protect(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct line *l = arg;
	enum au_login_owner owner;
	const struct au_protect job = { .target = l->words[1],
		.login = l->words[2],
		.actor = "uid:0",
		.name = "root",
		.reason = l->count > 3 ? l->words[3] : "test",
		.now_ms = au_clock_wall_ms() };

	if (au_streq(l->words[0], "protect"))
		return au_protect(tx, l->arena, &job, &owner, err);
	return au_unprotect(tx, l->arena, l->s->engine->policy, &job, err);
}

void
do_protect(struct line *l)
{
	fact(l, store_protect);
	rest(l->s, false);
}

static int
engine_adopt(struct line *l, struct au_err *err)
{
	const struct au_adoption_order order = { .target = l->words[1],
		.login = l->words[2],
		.user = l->words[3],
		.id = named(l, "id"),
		.actor = "uid:0",
		.reason = "test",
		.dry = named(l, "dry") != NULL };

	return adopt_account(l->s, &order, err);
}

/* "confirm TARGET USER", "ignore TARGET LOGIN", "adopt TARGET LOGIN USER [dry=yes] [id=ID]", which answers for "expect
 * answer"; "refused TEXT" before it: with that error. */
void
do_adopt(struct line *l)
{
	struct au_err err = { 0 };

	if (!au_streq(l->words[0], "adopt"))
		fact(l, store_adopt);
	else if (engine_adopt(l, &err) < 0)
		complain(l->s, "%s", err.text);
	rest(l->s, false);
}

void
do_refused(struct line *l)
{
	struct line inner = { .s = l->s, .count = l->count - 2, .arena = l->arena };
	struct au_err err = { 0 };

	for (size_t i = 2; i < l->count; i++)
		inner.words[i - 2] = l->words[i];
	int rc = au_streq(inner.words[0], "adopt") ? engine_adopt(&inner, &err)
						   : au_store_run(l->s->store, store_adopt, &inner, &err);
	if (rc == 0 || !strstr(err.text, l->words[1]))
		complain(l->s, "not refused with '%s': '%s'", l->words[1], err.text);
}

/* "expect strangers TARGET [LOGIN...]": these and no others are known there. */
static int
strangers_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct line *l = arg;
	struct au_stranger *rows = NULL;
	size_t count = 0, found = 0;
	int rc = au_store_stranger_list(tx, l->arena, l->words[2], "", 100, &rows, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		for (size_t k = 3; k < l->count; k++)
			found += au_streq(rows[i].login, l->words[k]);
	if (count != l->count - 3 || found != count)
		complain(l->s, "%zu strangers, %zu of them expected (first: %s)", count, found,
		    count > 0 ? rows[0].login : "");
	return rc;
}

void
expect_strangers(struct line *l)
{
	struct au_err err = { 0 };

	if (au_store_run(l->s->store, strangers_work, l, &err) < 0)
		complain(l->s, "%s", err.text);
}

/* "expect drift N [TEXT]": so many accounts are drifted, and the list holds the text. */
void
expect_drift(struct line *l)
{
	struct au_engine_drift_job job = { .limit = 100 };
	struct au_err err = { 0 };

	au_engine_plan_init(l->s->engine, &job.plan);
	if (au_store_run(l->s->store, au_engine_drift_work, &job, &err) < 0)
		complain(l->s, "%s", err.text);
	AU_CLEANUP(au_freep) char *text = au_json_canonical(job.result);
	size_t count = json_array_size(json_object_get(job.result, "drift"));
	if (count != strtoul(l->words[2], NULL, 10) || (l->count > 3 && !strstr(text, l->words[3])))
		complain(l->s, "drift: %s", text);
	json_decref(job.result);
	au_engine_plan_done(&job.plan);
}

static int
store_term(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct line *l = arg;
	struct au_term_set job = {
		.user = l->words[1], .actor = "uid:0", .reason = "test", .now_ms = au_clock_wall_ms()
	};
	int64_t at_ms = 0;

	if (!au_streq(l->words[2], "never") && au_when_parse(l->words[2], &at_ms, err) < 0)
		return err->code;
	job.term_ms = at_ms;
	return au_term_set(tx, l->arena, &job, err);
}

/* "expire USER DATE", "expire USER never" */
void
do_expire(struct line *l)
{
	fact(l, store_term);
	rest(l->s, false);
}

/* Lines of the log since the last "expect told". */
static struct au_str told;

void
others_told(const char *text)
{
	au_str_printf(&told, "%s\n", text);
}

/* "expect told N TEXT": so many lines of the log hold the text since this was asked last. */
void
expect_told(struct line *l)
{
	unsigned long count = 0;

	for (const char *at = au_str_get(&told); (at = strstr(at, l->words[3])) != NULL; at++)
		count++;
	if (count != strtoul(l->words[2], NULL, 10))
		complain(l->s, "told %lu times: %s", count, l->words[3]);
	au_str_done(&told);
}
