/* SPDX-License-Identifier: ISC */
/* A question to the store may outlive whoever asked it: it then has no owner, and its answer is dropped. */
#include "source/launch.h"

#include "base/clock.h"
#include "source/options.h"
#include "source/round.h"
#include "source/secrets.h"
#include "wire/source_start.h"

#include <event2/event.h>
#include <stdlib.h>

struct au_launch {
	struct au_store *store;
	char *name;
	json_t *options; /* by value, without secrets */
	struct au_secret_places places;
	long long retry_cap, full_compare;
	const struct au_launch_events *events;
	void *ctx;
	struct event *later;
	struct question *question; /* under way */
};

/* What the store is asked for. */
struct question {
	struct au_launch *owner; /* NULL once it is of no interest */
	char *name;
	struct au_arena *arena;
	struct au_source_now now;
	const char *cookies[AU_SEARCHES];
};

static int
load_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct question *question = arg;

	au_arena_free(question->arena);
	question->arena = au_arena_new();
	return au_round_load(tx, question->arena, question->name, &question->now, question->cookies, err);
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
		else
			launch->events->loaded(launch->ctx, &question->now, question->cookies);
	}
	au_arena_free(question->arena);
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

/* A write, although it only reads: so it comes after all rounds that were begun. */
void
au_launch_load(struct au_launch *launch)
{
	struct question *question = au_xcalloc(1, sizeof(*question));

	au_launch_forget(launch);
	*question = (struct question){ .owner = launch, .name = au_xstrdup(launch->name) };
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
	struct timeval wait = { launch->retry_cap / 1000, launch->retry_cap % 1000 * 1000 };

	event_add(launch->later, &wait);
}

static int
forget_cookies(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++)
		rc = au_store_cookie_put(tx, arg, au_search_name(i), NULL, err);
	return rc;
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
au_launch_message(struct au_launch *launch, const struct au_source_now *now, const char *const cookies[AU_SEARCHES],
    json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_secrets_done) struct au_secrets secrets = { 0 };

	if (au_secrets_read(&launch->places, &secrets, err) < 0)
		return err->code;
	*ret = au_source_start_to_json(
	    launch->options, &(struct au_source_start){ .password = au_secret_text(secrets.password),
				 .client_key = au_secret_text(secrets.client_key),
				 .token = au_secret_text(secrets.token),
				 .keytab = secrets.keytab,
				 .cookies = { cookies[AU_SEARCH_PEOPLE], cookies[AU_SEARCH_GROUPS] },
				 .compare_in = compare_in(launch, now) });
	return 0;
}

/* ---- for the source ---- */

struct au_launch *
au_launch_new(struct event_base *base, struct au_store *store, const struct au_block *block,
    const struct au_launch_events *events, void *ctx)
{
	struct au_launch *launch = au_xcalloc(1, sizeof(*launch));

	*launch = (struct au_launch){ .store = store,
		.name = au_xstrdup(block->name),
		.options = au_source_options(block->values),
		.retry_cap = au_values_num(block->values, "retry_cap"),
		.full_compare = au_values_num(block->values, "full_compare"),
		.events = events,
		.ctx = ctx };
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
	au_secret_places_done(&launch->places);
	free(launch->name);
	free(launch);
}
