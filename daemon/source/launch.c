/* SPDX-License-Identifier: ISC */
/* A question to the store may outlive whoever asked it: it then has no owner, and its answer is dropped. */
#include "source/launch.h"

#include "base/clock.h"
#include "base/log.h"
#include "source/options.h"
#include "source/premise.h"
#include "source/round.h"
#include "source/secrets.h"
#include "store/reread.h"
#include "wire/source_start.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

struct au_launch {
	struct au_store *store;
	char *name;
	json_t *options; /* by value, without secrets */
	char *premise;
	struct au_secret_places places;
	long long retry_cap, full_compare, login_retry;
	unsigned char key[AU_REFUSAL_KEY];
	char sent[AU_REFUSAL_PRINT]; /* the log-in of the last message */
	struct au_refusal refusal;
	char *held; /* as last told */
	const struct au_launch_events *events;
	void *ctx;
	struct event *later;
	struct question *question;     /* under way */
	const struct question *answer; /* while it is told */
};

/* What the store is asked for. */
struct question {
	struct au_launch *owner; /* NULL once it is of no interest */
	char *name, *premise;
	struct au_arena *arena;
	const char *changed; /* which options; NULL: none */
	struct au_source_now now;
	const char *cookies[AU_SEARCHES];
	struct au_refusal refusal;
	struct au_reread_row *rereads;
	size_t reread_count;
};

static int
load_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct question *question = arg;

	au_arena_free(question->arena);
	question->arena = au_arena_new();
	int rc =
	    au_premise_check(tx, question->arena, question->name, question->premise, &question->changed, err);
	if (rc == 0)
		rc = au_round_load(tx, question->arena, question->name, &question->now, question->cookies, err);
	if (rc == 0)
		rc = au_store_reread_list(
		    tx, question->arena, question->name, &question->rereads, &question->reread_count, err);
	return rc < 0 ? rc : au_store_refusal_get(tx, "source", question->name, &question->refusal, err);
}

static void
on_loaded(void *arg, int rc, const struct au_err *err)
{
	struct question *question = arg;
	struct au_launch *launch = question->owner;

	if (launch != NULL) {
		launch->question = NULL;
		if (rc < 0)
			launch->events->failed(launch->ctx, err->text);
		else {
			au_refusal_done(&launch->refusal);
			launch->refusal = question->refusal;
			question->refusal = (struct au_refusal){ 0 };
			launch->answer = question;
			launch->events->loaded(launch->ctx, &question->now);
			launch->answer = NULL;
		}
	}
	if (rc == 0 && question->changed != NULL)
		au_log(AU_LOG_NOTICE, AU_FIELDS("SOURCE", question->name),
		    "%s changed since the last reading: everything is read anew", question->changed);
	au_refusal_done(&question->refusal);
	au_arena_free(question->arena);
	free(question->premise);
	free(question->name);
	free(question);
}

void
au_launch_forget(struct au_launch *launch)
{
	event_del(launch->later);
	if (launch->question != NULL)
		launch->question->owner = NULL;
	launch->question = NULL;
}

/* A write, although it seldom writes: so it comes after all rounds that were begun. */
void
au_launch_load(struct au_launch *launch)
{
	struct question *question = au_xcalloc(1, sizeof(*question));

	au_launch_forget(launch);
	*question = (struct question){
		.owner = launch, .name = au_xstrdup(launch->name), .premise = au_xstrdup(launch->premise)
	};
	launch->question = question;
	au_store_write(launch->store, load_work, question, on_loaded);
}

static void
on_later(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	au_launch_load(arg);
}

void
au_launch_load_later(struct au_launch *launch)
{
	long long ms = launch->retry_cap;

	if (launch->refusal.at_ms != 0 && launch->login_retry > 0 && launch->login_retry < ms)
		ms = launch->login_retry;
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };
	event_add(launch->later, &wait);
}

static int
forget_cookies(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_premise_forget_cookies(tx, arg, err);
}

static void
on_forgotten(void *arg, int rc, const struct au_err *err)
{
	(void)rc;
	(void)err;
	free(arg);
}

void
au_launch_forget_cookies(struct au_launch *launch)
{
	au_store_write(launch->store, forget_cookies, au_xstrdup(launch->name), on_forgotten);
}

/* ---- the message ---- */

static long long
compare_in(const struct au_launch *launch, const struct au_source_now *now)
{
	long long oldest = 0;

	for (int i = 0; i < AU_SEARCHES; i++) {
		long long whole = now->searches[i].whole_ms;
		oldest = i == 0 || whole < oldest ? whole : oldest;
	}
	long long age = au_clock_wall_ms() - oldest;
	return age < 0 || age > launch->full_compare ? 0 : launch->full_compare - age;
}

int
au_launch_send(struct au_launch *launch, struct au_child *child, const struct au_source_now *now, struct au_err *err)
{
	const struct question *answer = launch->answer;
	const char *const *cookies = answer->cookies;
	AU_CLEANUP(au_secrets_done) struct au_secrets secrets = { 0 };

	if (au_secrets_read(&launch->places, &secrets, err) < 0)
		return err->code;
	au_refusal_print(launch->sent, launch->key, launch->options, &secrets);
	json_t *message = au_source_start_to_json(
	    launch->options, &(struct au_source_start){ .password = au_secret_text(secrets.password),
				 .client_key = au_secret_text(secrets.client_key),
				 .token = au_secret_text(secrets.token),
				 .client_secret = au_secret_text(secrets.client_secret),
				 .keytab = secrets.keytab,
				 .cookies = { cookies[AU_SEARCH_PEOPLE], cookies[AU_SEARCH_GROUPS] },
				 .compare_in = compare_in(launch, now) });
	au_child_send(child, message, true);
	for (size_t i = 0; i < answer->reread_count; i++)
		au_child_send(child,
		    au_source_reread_to_json(&(struct au_source_reread){ .search = AU_SEARCH_GROUPS,
			.id = answer->rereads[i].id,
			.dn = answer->rereads[i].dn,
			.is_late = true }),
		    false);
	return 0;
}

/* ---- what was refused ---- */

/* What is to be written. */
struct verdict {
	char *name;
	struct au_refusal refusal;
};

static int
save_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct verdict *verdict = arg;

	return au_store_refusal_put(
	    tx, "source", verdict->name, verdict->refusal.at_ms != 0 ? &verdict->refusal : NULL, err);
}

static void
on_saved(void *arg, int rc, const struct au_err *err)
{
	struct verdict *verdict = arg;

	(void)rc;
	(void)err;
	au_refusal_done(&verdict->refusal);
	free(verdict->name);
	free(verdict);
}

static void
save(const struct au_launch *launch)
{
	struct verdict *verdict = au_xcalloc(1, sizeof(*verdict));

	verdict->name = au_xstrdup(launch->name);
	verdict->refusal = launch->refusal;
	verdict->refusal.why = au_xstrdup(launch->refusal.why);
	au_store_write(launch->store, save_work, verdict, on_saved);
}

void
au_launch_refused(struct au_launch *launch, const char *why)
{
	au_refusal_done(&launch->refusal);
	memcpy(launch->refusal.print, launch->sent, sizeof(launch->sent));
	launch->refusal.at_ms = au_clock_wall_ms();
	launch->refusal.why = au_xstrdup(why);
	save(launch);
}

void
au_launch_forgive(struct au_launch *launch)
{
	au_refusal_done(&launch->refusal);
	save(launch);
}

const char *
au_launch_held(struct au_launch *launch)
{
	AU_CLEANUP(au_secrets_done) struct au_secrets secrets = { 0 };
	const struct au_refusal *refusal = &launch->refusal;
	char print[AU_REFUSAL_PRINT];

	/* Secrets that cannot be read are another matter, which the message tells of. */
	if (refusal->at_ms == 0 || au_secrets_read(&launch->places, &secrets, NULL) < 0)
		return NULL;
	au_refusal_print(print, launch->key, launch->options, &secrets);
	if (!au_refusal_holds(refusal, print, au_clock_wall_ms(), launch->login_retry))
		return NULL;
	free(launch->held);
	launch->held = au_xasprintf("%s; not tried again with the same credentials before %ssomebody says: apiuserctl "
				    "source resume %s",
	    refusal->why, launch->login_retry > 0 ? "login_retry is over or " : "", launch->name);
	return launch->held;
}

/* ---- for the source ---- */

struct au_launch *
au_launch_new(struct event_base *base, struct au_store *store, const struct au_block *block,
    const unsigned char key[AU_REFUSAL_KEY], const struct au_launch_events *events, void *ctx)
{
	struct au_launch *launch = au_xcalloc(1, sizeof(*launch));

	*launch = (struct au_launch){ .store = store,
		.name = au_xstrdup(block->name),
		.options = au_source_options(block->values),
		.retry_cap = au_values_num(block->values, "retry_cap"),
		.full_compare = au_values_num(block->values, "full_compare"),
		.login_retry = au_values_num(block->values, "login_retry"),
		.events = events,
		.ctx = ctx };
	launch->premise = au_premise_text(launch->options);
	memcpy(launch->key, key, sizeof(launch->key));
	au_secret_places_init(&launch->places, block->values);
	launch->later = evtimer_new(base, on_later, launch);
	return launch;
}

void
au_launch_free(struct au_launch *launch)
{
	if (launch == NULL)
		return;
	au_launch_forget(launch);
	event_free(launch->later);
	json_decref(launch->options);
	free(launch->premise);
	au_secret_places_done(&launch->places);
	au_refusal_done(&launch->refusal);
	au_wipe(launch->key, sizeof(launch->key));
	free(launch->held);
	free(launch->name);
	free(launch);
}
