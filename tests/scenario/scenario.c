/* SPDX-License-Identifier: ISC */
/*
 * Replays a script of directory events, target behaviour and passing time on a
 * virtual clock against the real engine and a real store, and checks what came
 * of it.  One command per line; see the table at the end and the .scn files.
 * NAME.conf beside NAME.scn is read in place of scenario.conf.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "base/when.h"
#include "model/dn.h"
#include "reconcile/decide.h"
#include "reconcile/engine.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"
#include "target/target.h"
#include "tests/scenario/script.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>

const char *
named(const struct line *l, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < l->count; i++)
		if (strncmp(l->words[i], name, len) == 0 && l->words[i][len] == '=')
			return l->words[i] + len + 1;
	return NULL;
}

struct fake_target *
fake_of(struct line *l, const char *name)
{
	for (size_t i = 0; i < l->s->fake_count; i++)
		if (au_streq(fake_target_name(l->s->fakes[i]), name))
			return l->s->fakes[i];
	complain(l->s, "no target '%s'", name);
	return l->s->fakes[0];
}

static int
store_person(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct line *l = arg;
	const char *off = named(l, "active");
	struct au_entry entry = { .source = l->words[1],
		.id = l->words[2],
		.kind = AU_ENTRY_PERSON,
		.user_name = named(l, "user"),
		.mail = named(l, "mail"),
		.display_name = named(l, "name"),
		.given_name = named(l, "given"),
		.family_name = named(l, "family"),
		.owner = named(l, "manager") ? named(l, "manager") : named(l, "owner"),
		.owner_dn = named(l, "owner"),
		.application = named(l, "app"),
		.dn = named(l, "dn"),
		.active = !au_streq(off, "no") };
	const char *expires = named(l, "expires"), *norm = NULL;
	int64_t expires_ms = 0;

	if (expires && au_when_parse(expires, &expires_ms, err) < 0)
		return err->code;
	entry.expires_ms = expires_ms;
	entry.expires_odd = named(l, "odd");
	if (entry.dn && au_dn_normalize(l->arena, entry.dn, &norm, err) < 0)
		return err->code;
	return au_store_entry_put(tx, &entry, norm, 0, NULL, err);
}

static int
store_group(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct line *l = arg;
	const char *norm = NULL;
	struct au_entry entry = { .source = l->words[1],
		.id = l->words[2],
		.kind = AU_ENTRY_GROUP,
		.dn = named(l, "dn"),
		.display_name = named(l, "name"),
		.active = true };

	if (entry.dn && au_dn_normalize(l->arena, entry.dn, &norm, err) < 0)
		return err->code;
	return au_store_entry_put(tx, &entry, norm, 0, NULL, err);
}

static int
store_gone(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct line *l = arg;

	return au_store_entry_remove(tx, l->words[1], l->words[2], NULL, err);
}

static int
store_member(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct line *l = arg;
	int rc = 0;

	for (size_t i = 3; rc == 0 && i < l->count; i++) {
		bool is_dn = strchr(l->words[i], '=') != NULL;
		struct au_member member = { .id = is_dn ? NULL : l->words[i], .dn_norm = is_dn ? l->words[i] : NULL };
		bool add = au_streq(l->words[0], "member");
		rc = add ? au_store_member_add(tx, l->words[1], l->words[2], &member, NULL, err)
			 : au_store_member_remove(tx, l->words[1], l->words[2], l->words[i], NULL, err);
	}
	return rc;
}

static int
store_source(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct line *l = arg;
	const char *word = l->words[2];
	struct au_source_row row = { .name = l->words[1],
		.state = au_streq(word, "suspect")      ? AU_SOURCE_SUSPECT
			 : au_streq(word, "stale")      ? AU_SOURCE_STALE
			 : au_streq(word, "quarantine") ? AU_SOURCE_QUARANTINE
			 : au_streq(word, "paused")     ? AU_SOURCE_PAUSED
							: AU_SOURCE_OK,
		.complete = !au_streq(word, "incomplete") };

	return au_store_source_put(tx, &row, err);
}

void
fact(struct line *l, au_store_work *work)
{
	struct au_err err = { 0 };

	if (au_store_run(l->s->store, work, l, &err) < 0)
		complain(l->s, "%s", err.text);
	au_engine_changed(l->s->engine);
}

static void
do_person(struct line *l)
{
	fact(l, store_person);
}

static void
do_group(struct line *l)
{
	fact(l, store_group);
}

static void
do_gone(struct line *l)
{
	fact(l, store_gone);
}

static void
do_member(struct line *l)
{
	fact(l, store_member);
}

static void
do_source(struct line *l)
{
	fact(l, store_source);
}

/* "run" looks at everything; "apply" lists the targets first. */
static void
do_run(struct line *l)
{
	rest(l->s, au_streq(l->words[0], "apply"));
}

static void
do_advance(struct line *l)
{
	long long ms = 0;

	if (au_duration_parse(l->words[1], &ms, NULL) < 0)
		complain(l->s, "not a duration: %s", l->words[1]);
	au_clock_fake_advance(ms);
	rest(l->s, false);
}

static void
do_fail(struct line *l)
{
	int op = 0, code = au_code_from_name(l->words[3]);
	const char *count = named(l, "count");

	for (int i = AU_CALL_OPEN; i <= AU_CALL_REMOVE; i++)
		if (au_streq(au_call_op_name((enum au_call_op)i), l->words[2]))
			op = i;
	const char *retry = named(l, "retry");

	if (!op || code == AU_EBUG)
		complain(l->s, "no such call or code");
	fake_target_fail(fake_of(l, l->words[1]), (enum au_call_op)op, code, count ? (int)strtol(count, NULL, 10) : 1,
	    named(l, "happens") != NULL);
	fake_target_fail_only(fake_of(l, l->words[1]), (enum au_call_op)op, named(l, "login"),
	    retry ? (unsigned)strtoul(retry, NULL, 10) : 0);
}

static void
do_change(struct line *l)
{
	const char *active = named(l, "active");

	fake_target_change(
	    fake_of(l, l->words[1]), l->words[2], named(l, "rights"), !active ? -1 : au_streq(active, "yes"));
	fake_target_rename(fake_of(l, l->words[1]), l->words[2], named(l, "mail"), named(l, "login"));
}

static void
do_foreign(struct line *l)
{
	fake_target_add_foreign(fake_of(l, l->words[1]), l->words[2]);
}

static void
do_limit(struct line *l)
{
	fake_target_limit(fake_of(l, l->words[1]), strtoll(l->words[2], NULL, 10));
}

static void
do_drop(struct line *l)
{
	fake_target_drop(fake_of(l, l->words[1]), l->words[2]);
}

/* The daemon dies and comes back: what was under way is lost. */
static void
do_restart(struct line *l)
{
	stop_engine(l->s);
	start_engine(l->s);
	rest(l->s, false);
}

struct deciding {
	struct line *line;
	au_store_work *work;
	struct au_decide_job job;
};

/* Of the held steps those whose logins are words of the line, all when it has none; of rejected ones likewise. */
static int
decide_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct deciding *d = arg;
	struct line *l = d->line;
	enum au_step_state state = au_streq(l->words[0], "reopen")            ? AU_STEP_REJECTED
				   : au_streq(l->words[0], "reject-approved") ? AU_STEP_QUEUED
									      : AU_STEP_HELD;
	struct au_step *steps = NULL;
	size_t count = 0, chosen = 0;
	int rc = au_store_step_list(tx, l->arena, state, 1000, &steps, &count, err);
	long long *ids = au_arena_alloc(l->arena, (count + 1) * sizeof *ids);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		bool meant = l->count == 1 || strchr(l->words[1], '=');
		for (size_t k = 1; k < l->count && !meant; k++)
			meant = au_streq(l->words[k], steps[i].login);
		if (meant)
			ids[chosen++] = steps[i].id;
	}
	d->job.steps = ids;
	d->job.step_count = chosen;
	return rc < 0 ? rc : d->work(tx, &d->job, err);
}

/* "approve [LOGIN...] [by=ACTOR] [error=TEXT]" */
static void
decide(struct line *l, au_store_work *work)
{
	struct deciding d = { .line = l, .work = work };
	struct au_err err = { 0 };
	const char *error = named(l, "error");

	au_decide_init(l->s->engine, &d.job);
	d.job.actor = named(l, "by") ? named(l, "by") : "uid:0";
	d.job.reason = "test";
	int rc = au_store_run(l->s->store, decide_work, &d, &err);
	if (rc < 0 && (!error || !strstr(err.text, error)))
		complain(l->s, "%s", err.text);
	if (rc == 0 && error)
		complain(l->s, "no error, wanted '%s'", error);
	au_decide_done(&d.job);
	au_engine_changed(l->s->engine);
	rest(l->s, false);
}

static void
do_approve(struct line *l)
{
	decide(l, au_decide_approve);
}

static void
do_reject(struct line *l)
{
	decide(l, au_decide_reject);
}

static void
do_reopen(struct line *l)
{
	decide(l, au_decide_reopen);
}

/* ---- the table of commands ------------------------------------------------------ */

static const struct command {
	const char *name, *second; /* second word, when the first is shared */
	size_t words;              /* at least */
	void (*run)(struct line *l);
} commands[] = {
	{ "person", NULL, 3, do_person },
	{ "group", NULL, 3, do_group },
	{ "gone", NULL, 3, do_gone },
	{ "member", NULL, 4, do_member },
	{ "unmember", NULL, 4, do_member },
	{ "source", NULL, 3, do_source },
	{ "run", NULL, 1, do_run },
	{ "apply", NULL, 1, do_run },
	{ "save-and-apply", NULL, 1, do_save_and_apply },
	{ "advance", NULL, 2, do_advance },
	{ "fail", NULL, 4, do_fail },
	{ "change", NULL, 3, do_change },
	{ "mark", NULL, 4, do_mark },
	{ "own", NULL, 3, do_own },
	{ "born", NULL, 3, do_born },
	{ "foreign", NULL, 3, do_foreign },
	{ "drop", NULL, 3, do_drop },
	{ "limit", NULL, 3, do_limit },
	{ "tell", NULL, 3, do_tell },
	{ "restart", NULL, 1, do_restart },
	{ "approve", NULL, 1, do_approve },
	{ "reject", NULL, 1, do_reject },
	{ "reject-approved", NULL, 1, do_reject },
	{ "reopen", NULL, 1, do_reopen },
	{ "adopt", NULL, 4, do_adopt },
	{ "confirm", NULL, 3, do_adopt },
	{ "ignore", NULL, 3, do_adopt },
	{ "unignore", NULL, 3, do_adopt },
	{ "protect", NULL, 3, do_protect },
	{ "unprotect", NULL, 3, do_protect },
	{ "refused", NULL, 3, do_refused },
	{ "expire", NULL, 3, do_expire },
	{ "expect", "told", 3, expect_told },
	{ "expect", "strangers", 3, expect_strangers },
	{ "expect", "drift", 3, expect_drift },
	{ "unheard", NULL, 2, do_unheard },
	{ "asked", NULL, 2, do_asked },
	{ "pause", NULL, 2, do_pause },
	{ "resume", NULL, 2, do_resume },
	{ "release", NULL, 3, do_release },
	{ "run-user", NULL, 2, do_run_user },
	{ "explain", NULL, 3, do_explain },
	{ "reload", NULL, 2, do_reload },
	{ "settings", NULL, 2, do_settings },
	{ "accept", NULL, 1, do_accept },
	{ "hurry", NULL, 1, do_hurry },
	{ "expect", "said", 3, expect_answer },
	{ "expect", "state", 4, expect_state },
	{ "expect", "text", 4, expect_text },
	{ "expect", "quarantined", 3, expect_quarantine },
	{ "expect", "calls", 4, expect_calls },
	{ "expect", "account", 4, expect_account },
	{ "expect", "no-account", 4, expect_no_account },
	{ "expect", "held", 3, expect_held },
	{ "expect", "guard", 3, expect_guard },
	{ "expect", "plan", 3, expect_plan },
	{ "expect", "finding", 3, expect_finding },
	{ "expect", "no-finding", 3, expect_finding },
	{ "work", NULL, 3, do_order },
	{ "import", NULL, 3, do_import },
	{ "expect", "work", 4, expect_order },
	{ "expect", "works", 4, expect_orders },
	{ "expect", "pool", 4, expect_pool },
	{ "expect", "line", 3, expect_line },
	{ "expect", "waits", 5, expect_waits },
	{ "expect", "note", 5, expect_note },
	{ "expect", "held-as", 5, expect_held_as },
	{ "expect", "what-if", 5, expect_what_if },
	{ "expect", "follows", 5, expect_follows },
	{ "expect", "foretold", 5, expect_foretold },
	{ "expect", "followers", 3, expect_followers },
};

/* Words are split at blanks; 'single quotes' keep blanks together. */
static void
split(struct line *l, char *text)
{
	while (*text && l->count < WORDS_MAX) {
		bool quoted = false;
		char *to;
		while (*text == ' ' || *text == '\t')
			text++;
		if (!*text || *text == '#')
			return;
		l->words[l->count++] = to = text;
		for (; *text && (quoted || (*text != ' ' && *text != '\t')); text++) {
			if (*text == '\'')
				quoted = !quoted;
			else
				*to++ = *text;
		}
		if (*text)
			text++;
		*to = '\0';
	}
}

void
play_line(struct scenario *s, char *text)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct line l = { .s = s, .arena = arena };

	text[strcspn(text, "\n")] = '\0';
	split(&l, text);
	if (l.count == 0)
		return;
	for (size_t i = 0; i < AU_COUNT(commands); i++) {
		const struct command *c = &commands[i];
		if (!au_streq(c->name, l.words[0]) || (c->second && (l.count < 2 || !au_streq(c->second, l.words[1]))))
			continue;
		if (l.count < c->words)
			complain(s, "too few words");
		else
			c->run(&l);
		return;
	}
	complain(s, "no such command: %s", l.words[0]);
}

static void
keep_quiet(void *ctx, enum au_log_level level, const char *text)
{
	(void)ctx;
	others_told(text);
	(void)level;
	if (getenv("SCENARIO_LOG"))
		fprintf(stderr, "  %s\n", text);
}

int
main(int argc, char **argv)
{
	struct scenario s;
	char text[4096];
	FILE *script = argc > 1 ? fopen(argv[1], "r") : NULL;

	if (!script) {
		fprintf(stderr, "usage: scenario FILE.scn\n");
		return 99;
	}
	au_rand_init();
	au_log_init("scenario");
	au_log_capture(keep_quiet, NULL);
	au_rand_delay_fake(UINT32_MAX); /* the longest delays: a scenario says what is due, not perhaps due */
	world_freshen = fake_freshen;
	set_up(&s, argv[1]);
	while (fgets(text, sizeof text, script)) {
		s.line++;
		play_line(&s, text);
	}
	fclose(script);
	tear_down(&s);
	return s.failures ? 1 : 0;
}
