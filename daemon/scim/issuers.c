/* SPDX-License-Identifier: ISC */
/*
 * A token is believed by the issuer whose name it bears, and only with that issuer's keys.  Whoever sends tokens with
 * made-up keys makes us fetch no more than once in a while.
 */
#include "scim/issuers.h"

#include "base/backoff.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/rand.h"
#include "base/str.h"
#include "scim/fetcher.h"
#include "scim/jwt.h"

#include <event2/event.h>
#include <string.h>
#include <sys/queue.h>

#define SET_MAX (1 << 20)            /* bytes of a key file */
#define FETCH_AGAIN_MS (30 * 1000)   /* fetches for an unknown key are no closer together */
#define RETRY_BASE_MS (5 * 1000)     /* after a fetch that failed */
#define RETRY_CAP_MS (5 * 60 * 1000) /* the longest wait after many */

struct issuer {
	struct au_issuers *all;
	const struct au_block *block; /* of the settings held */
	struct au_jwks *keys;         /* NULL: none yet */
	struct event *timer;          /* of the next fetch; NULL with a file */
	bool is_fetching;
	unsigned failed_tries; /* in a row */
	int64_t tried_mono;    /* last fetch; 0 = none */
	struct au_issuer_state state;
	char problem[AU_ERR_TEXT];
};

struct waiter {
	TAILQ_ENTRY(waiter) entry;
	void (*ready)(void *arg);
	void *arg;
};
TAILQ_HEAD(waiters, waiter);

struct au_issuers {
	struct event_base *base;
	struct au_settings *settings; /* held */
	struct au_issuers_events events;
	void *ctx;
	struct au_fetcher *fetcher; /* NULL until one is needed */
	struct issuer **list;
	size_t count;
	struct waiters waiters;
	bool is_closing;
};

static const char *
option(const struct issuer *issuer, const char *name)
{
	return au_values_str(issuer->block->values, name);
}

/* ---- those who wait ---- */

static void
wake_all(struct au_issuers *issuers)
{
	struct waiters woken = TAILQ_HEAD_INITIALIZER(woken);
	struct waiter *waiter;

	TAILQ_CONCAT(&woken, &issuers->waiters, entry);
	while ((waiter = TAILQ_FIRST(&woken)) != NULL) {
		TAILQ_REMOVE(&woken, waiter, entry);
		waiter->ready(waiter->arg);
		free(waiter);
	}
}

void
au_issuers_wait(struct au_issuers *issuers, void (*ready)(void *arg), void *arg)
{
	struct waiter *waiter = au_xcalloc(1, sizeof *waiter);

	*waiter = (struct waiter){ .ready = ready, .arg = arg };
	TAILQ_INSERT_TAIL(&issuers->waiters, waiter, entry);
}

/* ---- keys ---- */

static void
fail_keys(struct issuer *issuer, const struct au_err *err)
{
	struct au_issuers *all = issuer->all;

	issuer->state.failures++;
	issuer->failed_tries++;
	/* once, until it changes */
	if (!au_streq(issuer->state.problem, err->text)) {
		memcpy(issuer->problem, err->text, sizeof issuer->problem);
		issuer->state.problem = issuer->problem;
		all->events.problem(all->ctx, issuer->block->name, err->text);
	}
}

static void
take_keys(struct issuer *issuer, const char *text, size_t len)
{
	struct au_issuers *all = issuer->all;
	struct au_jwks *keys;
	struct au_err err = { .code = 0 };

	if (au_jwks_parse(text, len, &keys, &err) < 0) {
		fail_keys(issuer, &err);
		return;
	}
	if (issuer->state.problem != NULL)
		all->events.problem(all->ctx, issuer->block->name, NULL);
	au_jwks_free(issuer->keys);
	issuer->keys = keys;
	issuer->failed_tries = 0;
	issuer->state.problem = NULL;
	issuer->state.keys = au_jwks_count(keys);
	issuer->state.fetched_ms = au_clock_wall_ms();
	all->events.keys_changed(all->ctx);
}

static void
read_file(struct issuer *issuer)
{
	AU_CLEANUP(au_freep) char *text = NULL;
	struct au_err err = { .code = 0 };
	size_t len;

	issuer->state.fetches++;
	if (au_io_read(option(issuer, "jwks_file"), SET_MAX, &text, &len, &err) < 0)
		fail_keys(issuer, &err);
	else
		take_keys(issuer, text, len);
}

/* ---- over the network ---- */

static void
plan_fetch(struct issuer *issuer)
{
	long long ms = au_values_num(issuer->block->values, "refresh");
	struct timeval wait;

	if (issuer->failed_tries > 0)
		ms = au_backoff_ms(
		    issuer->failed_tries, RETRY_BASE_MS, ms < RETRY_CAP_MS ? ms : RETRY_CAP_MS, au_rand_delay());
	wait = (struct timeval){ ms / 1000, ms % 1000 * 1000 };
	event_add(issuer->timer, &wait);
}

static void
on_fetched(void *ctx, const char *body_or_null, const struct au_err *err)
{
	struct issuer *issuer = ctx;

	issuer->is_fetching = false;
	if (body_or_null != NULL)
		take_keys(issuer, body_or_null, strlen(body_or_null));
	else
		fail_keys(issuer, err);
	plan_fetch(issuer);
	wake_all(issuer->all);
}

static void
fetch(struct issuer *issuer)
{
	struct au_issuers *all = issuer->all;
	AU_CLEANUP(au_freep) char *helper = NULL;

	if (issuer->is_fetching)
		return;
	if (all->fetcher == NULL) {
		helper = au_xasprintf("%s/apiuserd-fetch", au_values_str(all->settings->daemon, "helper_dir"));
		all->fetcher = au_fetcher_new(all->base, helper);
	}
	event_del(issuer->timer);
	issuer->is_fetching = true;
	issuer->tried_mono = au_clock_mono_ms();
	issuer->state.fetches++;
	au_fetcher_get(all->fetcher, option(issuer, "jwks_url"), option(issuer, "ca_file"), on_fetched, issuer);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	fetch(arg);
}

/* ---- the list ---- */

static void
free_issuer(struct issuer *issuer)
{
	if (issuer->is_fetching)
		au_fetcher_cancel(issuer->all->fetcher, issuer);
	if (issuer->timer != NULL)
		event_free(issuer->timer);
	au_jwks_free(issuer->keys);
	free(issuer);
}

static struct issuer *
new_issuer(struct au_issuers *issuers, const struct au_block *block)
{
	struct issuer *issuer = au_xcalloc(1, sizeof *issuer);

	issuer->all = issuers;
	issuer->block = block;
	if (option(issuer, "jwks_url") != NULL)
		issuer->timer = evtimer_new(issuers->base, on_timer, issuer);
	return issuer;
}

static bool
is_same(const struct au_block *a, const struct au_block *b)
{
	AU_CLEANUP(au_json_decrefp) json_t *left = au_values_json(a->values);
	AU_CLEANUP(au_json_decrefp) json_t *right = au_values_json(b->values);

	return json_equal(left, right);
}

/* Take one out of the old list that goes on as it is. */
static struct issuer *
take_old(struct issuer **old, size_t count, const struct au_block *block)
{
	for (size_t i = 0; i < count; i++)
		if (old[i] != NULL && is_same(old[i]->block, block)) {
			struct issuer *issuer = old[i];

			old[i] = NULL;
			issuer->block = block;
			return issuer;
		}
	return NULL;
}

static void
begin(struct issuer *issuer)
{
	issuer->state.name = issuer->block->name;
	if (issuer->timer == NULL)
		read_file(issuer);
	else if (issuer->tried_mono == 0)
		fetch(issuer);
}

static void
make_list(struct au_issuers *issuers)
{
	const struct au_settings *settings = issuers->settings;
	struct issuer **old = issuers->list;
	size_t old_count = issuers->count;

	issuers->count = settings->issuer_count;
	issuers->list = au_xcalloc(issuers->count + 1, sizeof(struct issuer *));
	for (size_t i = 0; i < issuers->count; i++) {
		issuers->list[i] = take_old(old, old_count, &settings->issuers[i]);
		if (issuers->list[i] == NULL)
			issuers->list[i] = new_issuer(issuers, &settings->issuers[i]);
	}
	for (size_t i = 0; i < old_count; i++)
		if (old[i] != NULL)
			free_issuer(old[i]);
	free(old);
	for (size_t i = 0; i < issuers->count; i++)
		begin(issuers->list[i]);
}

struct au_issuers *
au_issuers_new(struct event_base *base, struct au_settings *settings, const struct au_issuers_events *events, void *ctx)
{
	struct au_issuers *issuers = au_xcalloc(1, sizeof *issuers);

	issuers->base = base;
	issuers->settings = au_settings_hold(settings);
	issuers->events = *events;
	issuers->ctx = ctx;
	TAILQ_INIT(&issuers->waiters);
	make_list(issuers);
	return issuers;
}

void
au_issuers_settings(struct au_issuers *issuers, struct au_settings *settings)
{
	struct au_settings *old = issuers->settings;

	issuers->settings = au_settings_hold(settings);
	make_list(issuers);
	au_settings_free(old);
	issuers->events.keys_changed(issuers->ctx);
	wake_all(issuers);
}

void
au_issuers_free(struct au_issuers *issuers)
{
	if (issuers == NULL)
		return;
	issuers->is_closing = true;
	wake_all(issuers);
	for (size_t i = 0; i < issuers->count; i++)
		free_issuer(issuers->list[i]);
	au_fetcher_free(issuers->fetcher);
	au_settings_free(issuers->settings);
	free(issuers->list);
	free(issuers);
}

bool
au_issuers_any(const struct au_issuers *issuers)
{
	return issuers->count > 0;
}

/* ---- judging ---- */

static struct issuer *
issuer_of(const struct au_issuers *issuers, const char *name)
{
	for (size_t i = 0; i < issuers->count; i++)
		if (au_streq(option(issuers->list[i], "issuer"), name))
			return issuers->list[i];
	return NULL;
}

/* The key is not there: it may be a new one. */
static int
look_for_key(struct issuer *issuer, struct au_err *err)
{
	if (issuer->all->is_closing)
		return au_fail(err, AU_ETEMP, "the daemon stops");
	if (issuer->timer != NULL && !issuer->is_fetching &&
	    (issuer->tried_mono == 0 || au_clock_mono_ms() - issuer->tried_mono >= FETCH_AGAIN_MS))
		fetch(issuer);
	if (issuer->is_fetching)
		return au_fail(err, AU_EBUSY, "issuer '%s': its keys are on their way", issuer->block->name);
	if (issuer->keys == NULL)
		return au_fail(err, AU_ETEMP, "issuer '%s': its keys are not to be had", issuer->block->name);
	return au_fail(err, AU_EAUTH, "issuer '%s': has no such key", issuer->block->name);
}

static int
verify(struct issuer *issuer, const struct au_jwt *jwt, struct au_err *err)
{
	int rc = issuer->keys != NULL ? au_jwt_verify(jwt, issuer->keys, err) : AU_ENOENT;

	return rc == AU_ENOENT ? look_for_key(issuer, err) : rc;
}

static int
find_client(const struct issuer *issuer, const char *subject, const char **ret, struct au_err *err)
{
	const struct au_settings *settings = issuer->all->settings;

	for (size_t i = 0; i < settings->client_count; i++) {
		const struct au_block *client = &settings->clients[i];

		if (au_streq(au_values_str(client->values, "jwt_issuer"), issuer->block->name) &&
		    au_streq(au_values_str(client->values, "jwt_client"), subject)) {
			*ret = client->name;
			return 0;
		}
	}
	return au_fail(err, AU_EAUTH, "JWT: it is of no client");
}

static int
read_claims(struct au_arena *arena, const struct issuer *issuer, const struct au_jwt *jwt, struct au_identity *ret,
    struct au_err *err)
{
	const char *subject;
	int rc = au_jwt_client(jwt, issuer->block->values, &subject, err);

	if (rc == 0)
		rc = find_client(issuer, subject, &ret->client, err);
	if (rc == 0)
		rc = au_jwt_scope(arena, jwt, issuer->block->values, &ret->scopes, err);
	return rc == 0 ? au_jwt_certificate(jwt, &ret->certificate, err) : rc;
}

int
au_issuers_judge(struct au_issuers *issuers, struct au_arena *arena, const char *text, long long now_ms,
    struct au_identity *ret, struct au_err *err)
{
	struct au_identity identity = { .client = NULL };
	struct issuer *issuer;
	struct au_jwt jwt;
	int rc = au_jwt_parse(arena, text, &jwt, err);

	if (rc < 0)
		return rc;
	issuer = issuer_of(issuers, jwt.issuer);
	if (issuer == NULL)
		return au_fail(err, AU_EAUTH, "JWT: it is of another issuer");
	/* the cheap part first; nothing of it is believed before the signature */
	rc = au_jwt_check(&jwt, issuer->block->values, now_ms, &identity.expires_ms, err);
	if (rc == 0)
		rc = verify(issuer, &jwt, err);
	if (rc == 0)
		rc = read_claims(arena, issuer, &jwt, &identity, err);
	if (rc == 0)
		*ret = identity;
	return rc;
}

/* ---- telling ---- */

size_t
au_issuers_count(const struct au_issuers *issuers)
{
	return issuers->count;
}

void
au_issuers_state(const struct au_issuers *issuers, size_t index, struct au_issuer_state *ret)
{
	*ret = issuers->list[index]->state;
}
