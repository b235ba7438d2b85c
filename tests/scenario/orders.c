/* SPDX-License-Identifier: ISC */
/*
 * People and work orders.  "work VERB LOGIN [NAME=VALUE...]" speaks of the open
 * order of that login, or with number=N of any; "work do LOGIN" follows its text in the
 * product, to the letter.
 */
#include "tests/scenario/script.h"

#include "base/clock.h"
#include "base/str.h"
#include "reconcile/import.h"
#include "reconcile/work_do.h"
#include "store/sealed.h"
#include "store/work.h"
#include "tests/scenario/stopping.h"

#include <stdlib.h>
#include <string.h>

/* ---- finding one --------------------------------------------------------------- */

struct finding {
	struct line *line;
	const char *login;
	bool open; /* only what is not over */
	struct au_work work;
	bool found;
	long long count; /* of all that were made for that login */
};

static int
find_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct finding *f = arg;
	struct au_work *works = NULL;
	size_t count = 0;
	int rc = au_store_work_list(tx, f->line->arena, NULL, (enum au_work_state)0, 1000, &works, &count, err);

	f->found = false;
	f->count = 0;
	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (!au_streq(works[i].login, f->login))
			continue;
		f->count++;
		if (!f->found && (!f->open || au_work_is_open(works[i].state))) {
			f->work = works[i];
			f->found = true;
		}
	}
	return rc;
}

static bool
find(struct line *l, const char *login, bool open, struct finding *f)
{
	*f = (struct finding){ .line = l, .login = login, .open = open };
	do_work(l->s, find_work, f);
	return f->found;
}

/* ---- what people do -------------------------------------------------------------- */

static const struct {
	const char *word;
	au_store_work *work;
} verbs[] = {
	{ "claim", au_work_claim },
	{ "release", au_work_release },
	{ "complete", au_work_complete },
	{ "fail", au_work_fail },
	{ "cancel", au_work_cancel },
	{ "secret", au_work_secret },
};

struct saying {
	struct au_work_job *job;
	au_store_work *work;
	const char *refused; /* must be, and say this; NULL = must not be */
	struct scenario *s;
};

/* A refusal is what some lines ask for; the transaction has changed nothing then. */
static int
say_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct saying *saying = arg;
	struct au_err why = { 0 };
	int rc = saying->work(tx, saying->job, saying->refused ? &why : err);

	if (!saying->refused)
		return rc;
	if (rc == 0)
		complain(saying->s, "was not refused");
	else if (!strstr(why.text, saying->refused))
		complain(saying->s, "refused by '%s', not '%s'", why.text, saying->refused);
	return 0;
}

static void
say(struct line *l, au_store_work *work, long long id)
{
	const char *secret = named(l, "secret");
	struct au_secret *typed = au_secret_from_text(secret);
	struct au_work_job job;
	struct saying saying = { &job, work, named(l, "refused"), l->s };

	au_work_init(l->s->engine, &job);
	job.id = id;
	job.actor = named(l, "by") ? named(l, "by") : "uid:7";
	job.name = job.actor;
	job.text = named(l, "text");
	job.take = named(l, "take") != NULL;
	job.login = named(l, "login");
	job.remote_id = named(l, "id");
	job.secret = typed;
	do_work(l->s, say_work, &saying);
	if (named(l, "shows") && !au_streq(named(l, "shows"), au_secret_text(job.taken)))
		complain(l->s, "secret is '%s'", job.taken ? au_secret_text(job.taken) : "none");
	if (!saying.refused)
		au_work_tell(l->s->engine, &job);
	au_work_done(&job);
	au_secret_free(typed);
	rest(l->s, false);
}

static void
follow(struct line *l, const struct au_work *work)
{
	json_t *text = NULL;

	if (au_json_parse(work->text, strlen(work->text), AU_JSON_DEPTH, &text, NULL) == 0)
		fake_target_follow(fake_of(l, work->target), text);
	json_decref(text);
}

void
do_order(struct line *l)
{
	const char *number = named(l, "number");
	struct finding f;
	long long id = number ? strtoll(number, NULL, 10) : 0;

	if (!find(l, l->words[2], id == 0, &f) && id == 0) {
		complain(l->s, "no open work order for '%s'", l->words[2]);
		return;
	}
	if (au_streq(l->words[1], "do")) {
		follow(l, &f.work);
		return;
	}
	for (size_t i = 0; i < AU_COUNT(verbs); i++)
		if (au_streq(l->words[1], verbs[i].word)) {
			say(l, verbs[i].work, id ? id : f.work.id);
			return;
		}
	complain(l->s, "nobody can '%s' a work order", l->words[1]);
}

/* ---- what must have come of it ----------------------------------------------------- */

static char *
member_text(const json_t *value)
{
	return json_is_string(value)    ? au_xstrdup(json_string_value(value))
	       : json_is_integer(value) ? au_xasprintf("%lld", (long long)json_integer_value(value))
					: au_json_canonical(value);
}

/* "expect work LOGIN none" or "expect work LOGIN STATE [op=, number=, replaces=, revision=, word=, text=]": the newest.
 */
void
expect_order(struct line *l)
{
	const char *login = l->words[2], *state = l->words[3];
	struct finding f;
	AU_CLEANUP(au_freep) char *shown = NULL;

	if (!find(l, login, au_streq(state, "none"), &f)) {
		if (!au_streq(state, "none"))
			complain(l->s, "no work order for '%s'", login);
		return;
	}
	AU_CLEANUP(au_json_decrefp) json_t *json = au_work_to_json(&f.work);
	shown = au_json_canonical(json);
	if (!au_streq(state, au_work_state_name(f.work.state)))
		complain(l->s, "work order for '%s' is %s", login, shown);
	for (size_t i = 4; i < l->count; i++) {
		AU_CLEANUP(au_freep) char *name = au_xstrndup(l->words[i], strcspn(l->words[i], "="));
		const char *want = named(l, name);
		const json_t *value = json_object_get(json, name);
		AU_CLEANUP(au_freep) char *got = value ? member_text(value) : NULL;
		if (!want || !got || !strstr(got, want))
			complain(l->s, "work order for '%s': no %s=%s in %s", login, name, want ? want : "?", shown);
	}
}

/* "expect works LOGIN COUNT": of all states. */
void
expect_orders(struct line *l)
{
	struct finding f;

	find(l, l->words[2], false, &f);
	if (f.count != strtoll(l->words[3], NULL, 10))
		complain(l->s, "%lld work orders were made for '%s'", f.count, l->words[2]);
}

/* ---- lists that people bring ---------------------------------------------------------- */

struct bringing {
	struct au_import_job *job;
	const char *refused;
	struct scenario *s;
};

static int
bring_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct bringing *bringing = arg;
	struct au_err why = { 0 };
	int rc = au_import_work(tx, bringing->job, &why);

	if (!bringing->refused) {
		*err = why;
		return rc;
	}
	if (rc == 0)
		complain(bringing->s, "was not refused");
	else if (!strstr(why.text, bringing->refused))
		complain(bringing->s, "refused by '%s', not '%s'", why.text, bringing->refused);
	return rc;
}

/* "import TARGET CSV [partial=yes] [all=yes] [ago=MS] [refused=TEXT] [NAME=COUNT...]": '|' stands for a line's end. */
void
do_import(struct line *l)
{
	static const char *const counts[] = { "ours", "changed", "missing", "strangers", "verified", "contradicted",
		"buried" };
	AU_CLEANUP(au_freep) char *csv = au_xstrdup(l->words[2]);
	struct au_err err = { 0 };
	struct au_import_job job;
	struct bringing bringing = { &job, named(l, "refused"), l->s };

	for (char *p = csv; *p; p++)
		*p = *p == '|' ? '\n' : *p;
	au_import_init(l->s->engine, &job);
	job.target = l->words[1];
	job.csv = csv;
	job.actor = job.name = "uid:7";
	job.partial = named(l, "partial") != NULL;
	job.believe_all = named(l, "all") != NULL;
	job.at_ms = named(l, "ago") ? job.now_ms - strtoll(named(l, "ago"), NULL, 10) : 0;
	if (au_store_run(l->s->store, bring_work, &bringing, &err) < 0 && !bringing.refused)
		complain(l->s, "%s", err.text);
	for (size_t i = 0; job.result && i < AU_COUNT(counts); i++)
		if (named(l, counts[i]) &&
		    au_json_get_int(job.result, counts[i]) != strtoll(named(l, counts[i]), NULL, 10))
			complain(l->s, "%s=%lld", counts[i], au_json_get_int(job.result, counts[i]));
	au_import_tell(l->s->engine, &job);
	au_import_done(&job);
	rest(l->s, false);
}
