/* SPDX-License-Identifier: ISC */
/*
 * One document is under way at a time: read what is due, send it, write what became of it.  Whoever changes an order
 * need not know of us: a look at an index each second finds what has come.
 */
#include "webhook/webhook.h"

#include "base/backoff.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/signature.h"
#include "base/str.h"
#include "base/text.h"
#include "base/timer.h"
#include "base/when.h"
#include "reconcile/announce.h"
#include "scim/fetcher.h"
#include "store/audit.h"
#include "store/delivery.h"

#include <string.h>

#define LOOK_MS 1000
#define TICKET_MOST 200 /* bytes */
#define ACTOR "webhook"

static const char *const key_options[] = { "key", "second_key" };

struct au_webhook {
	struct au_store *store;
	struct au_settings *settings;
	struct au_fetcher *fetcher;
	struct au_timer *timer;
	struct au_secret *keys[AU_COUNT(key_options)]; /* NULL = not configured, or not to be had */
	bool busy, stopped;
	bool in_trouble; /* the last try failed: told once */

	/* Of the document under way. */
	struct au_arena *arena;
	struct au_delivery delivery;
	bool found, taken;
	const char *ticket;
	long long now_ms;
};

static const char *
option(const struct au_webhook *w, const char *name)
{
	return au_values_str(w->settings->webhook, name);
}

static long long
number(const struct au_webhook *w, const char *name)
{
	return au_values_num(w->settings->webhook, name);
}

/* ---- what became of it ------------------------------------------------------------- */

static void
plan_retry(struct au_webhook *w, const struct au_err *err)
{
	struct au_delivery *d = &w->delivery;
	long long wait_ms =
	    au_backoff_ms((unsigned)++d->tries, number(w, "retry_base"), number(w, "retry_cap"), au_rand_delay());

	if (err->retry_after_s * 1000LL > wait_ms)
		wait_ms = err->retry_after_s * 1000LL;
	d->next_ms = w->now_ms + wait_ms;
	d->problem = au_arena_strdup(w->arena, err->text);
	if (w->now_ms - d->since_ms >= number(w, "give_up"))
		d->given_up_ms = w->now_ms;
}

static int
write_failure(struct au_webhook *w, struct au_store_tx *tx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	int rc = au_store_delivery_update(tx, &w->delivery, err);

	if (rc < 0 || w->delivery.given_up_ms == 0)
		return rc;
	au_json_set_str(detail, "id", w->delivery.uuid);
	au_json_set_str(detail, "type", w->delivery.type);
	au_json_set_str(detail, "problem", w->delivery.problem);
	return au_store_audit(
	    tx, w->now_ms, ACTOR, "webhook.give-up", au_arena_printf(w->arena, "%lld", w->delivery.work), detail, err);
}

static int
write_outcome(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_webhook *w = arg;
	int rc;

	if (!w->taken)
		return write_failure(w, tx, err);
	rc = au_store_delivery_remove(tx, w->delivery.id, err);
	if (rc == 0 && w->ticket != NULL)
		rc = au_announce_ticket(tx, ACTOR, w->delivery.work, w->ticket, w->now_ms, err);
	return rc;
}

static void
end(struct au_webhook *w, long long next_ms)
{
	au_arena_free(w->arena);
	w->arena = NULL;
	w->busy = false;
	if (!w->stopped)
		au_timer_set(w->timer, next_ms);
}

static void
outcome_written(void *arg, int rc, const struct au_err *err)
{
	struct au_webhook *w = arg;

	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "webhook: %s", err->text);
	else if (w->delivery.given_up_ms != 0)
		au_log(AU_LOG_WARNING, NULL,
		    "webhook: work order %lld: '%s' was given up: %s; see 'apiuserctl webhook retry'", w->delivery.work,
		    w->delivery.type, w->delivery.problem);
	end(w, rc < 0 ? LOOK_MS : 0);
}

static void
tell_trouble(struct au_webhook *w, const struct au_err *err)
{
	if (w->in_trouble == !w->taken)
		return;
	w->in_trouble = !w->taken;
	if (w->in_trouble)
		au_log(AU_LOG_WARNING, NULL, "webhook: %s; it is tried again", err->text);
	else
		au_log(AU_LOG_NOTICE, NULL, "webhook: what is told is taken again");
}

/* {"ticket": "INC0012345"}; what has another form, or would not print, is no reference. */
static const char *
ticket_of(struct au_arena *arena, const char *body)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	const char *ticket;

	if (au_json_parse(body, strlen(body), AU_JSON_DEPTH, &json, NULL) < 0)
		return NULL;
	ticket = au_json_get_str(json, "ticket");
	if (au_str_empty(ticket) || strlen(ticket) > TICKET_MOST || !au_text_is_name(ticket))
		return NULL;
	return au_arena_strdup(arena, ticket);
}

static void
on_answer(void *arg, const char *body, const struct au_err *err)
{
	struct au_webhook *w = arg;

	w->now_ms = au_clock_wall_ms();
	w->taken = body != NULL;
	w->ticket = w->taken ? ticket_of(w->arena, body) : NULL;
	if (!w->taken)
		plan_retry(w, err);
	tell_trouble(w, err);
	au_store_write(w->store, write_outcome, w, outcome_written);
}

/* ---- sending ----------------------------------------------------------------------- */

static char *
body_of(const struct au_delivery *delivery)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_object();
	char when[AU_WHEN_SIZE];
	json_t *data = NULL;

	au_json_set_str(json, "type", delivery->type);
	au_json_set_str(json, "timestamp", au_when_format(delivery->created_ms, when));
	au_json_set_int(json, "sequence", delivery->id);
	if (au_json_parse(delivery->data, strlen(delivery->data), AU_JSON_DEPTH, &data, NULL) == 0)
		json_object_set_new(json, "data", data);
	return au_json_canonical(json);
}

static void
add_field(json_t *fields, const char *name, const char *value)
{
	AU_CLEANUP(au_freep) char *line = au_xasprintf("%s: %s", name, value);

	json_array_append_new(fields, json_string(line));
}

static json_t *
fields_of(const struct au_webhook *w, const char *body)
{
	AU_CLEANUP(au_str_done) struct au_str signatures = AU_STR_INIT;
	long long seconds = au_clock_wall_ms() / 1000;
	AU_CLEANUP(au_freep) char *time = au_xasprintf("%lld", seconds);
	json_t *fields = json_array();

	for (size_t i = 0; i < AU_COUNT(w->keys); i++) {
		char signature[AU_SIGNATURE_SIZE];
		if (w->keys[i] == NULL)
			continue;
		au_signature_make(w->keys[i], w->delivery.uuid, seconds, body, signature);
		au_str_printf(&signatures, "%s%s", signatures.len > 0 ? " " : "", signature);
	}
	add_field(fields, "Webhook-Id", w->delivery.uuid);
	add_field(fields, "Webhook-Timestamp", time);
	add_field(fields, "Webhook-Signature", au_str_get(&signatures));
	return fields;
}

static void
send_document(struct au_webhook *w)
{
	AU_CLEANUP(au_freep) char *body = body_of(&w->delivery);
	AU_CLEANUP(au_json_decrefp) json_t *fields = fields_of(w, body);
	const struct au_fetch_order order = { .url = option(w, "url"),
		.ca_file = option(w, "ca_file"),
		.timeout_ms = number(w, "timeout"),
		.post = body,
		.fields = fields,
		.clear = au_values_bool(w->settings->webhook, "insecure") ? AU_FETCH_CLEAR : AU_FETCH_LOOPBACK };

	au_fetcher_post(w->fetcher, &order, on_answer, w);
}

static int
find_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_webhook *w = arg;
	int rc = au_store_delivery_next(tx, w->arena, w->now_ms, &w->delivery, err);

	w->found = rc == 1;
	return rc < 0 ? rc : 0;
}

static void
find_done(void *arg, int rc, const struct au_err *err)
{
	struct au_webhook *w = arg;

	if (rc < 0 && !w->stopped)
		au_log(AU_LOG_ERROR, NULL, "webhook: %s", err->text);
	if (rc == 0 && w->found && !w->stopped && w->keys[0] != NULL && option(w, "url") != NULL)
		send_document(w);
	else
		end(w, LOOK_MS);
}

static void
look(void *arg)
{
	struct au_webhook *w = arg;

	if (w->busy || w->stopped || option(w, "url") == NULL)
		return;
	w->busy = true;
	w->arena = au_arena_new();
	w->now_ms = au_clock_wall_ms();
	w->found = false;
	au_store_read(w->store, AU_READ_SCAN, find_work, w, find_done);
}

/* ---- what is told of ----------------------------------------------------------------- */

/* No order of a product that hides its API users leaves the daemon unless somebody says so. */
static int
subscribe_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_settings *settings = arg;
	bool discreet = au_values_bool(settings->webhook, "discreet");
	const char **targets = au_arena_alloc(arena, (settings->target_count + 1) * sizeof(*targets));
	size_t count = 0;

	for (size_t i = 0; i < settings->target_count; i++)
		if (discreet || (settings->targets[i].describe->caps & AU_CAP_DISCREET) == 0)
			targets[count++] = settings->targets[i].block.name;
	if (au_values_str(settings->webhook, "url") == NULL)
		count = 0;
	return au_store_subscription_set(tx, targets, count, au_values_num(settings->webhook, "max_waiting"), err);
}

static void
subscribed(void *arg, int rc, const struct au_err *err)
{
	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "webhook: %s", err->text);
	au_settings_free(arg);
}

static void
take_keys(struct au_webhook *w)
{
	for (size_t i = 0; i < AU_COUNT(w->keys); i++) {
		AU_CLEANUP(au_secret_freep) struct au_secret *text = NULL;
		const char *place = option(w, key_options[i]);
		struct au_err err = { 0 };
		au_secret_free(w->keys[i]);
		w->keys[i] = NULL;
		if (place != NULL &&
		    (au_io_secret(place, &text, &err) < 0 || au_signature_key(text, &w->keys[i], &err) < 0))
			au_log(AU_LOG_ERROR, NULL, "webhook: %s: %s", key_options[i], err.text);
	}
}

void
au_webhook_settings(struct au_webhook *w, struct au_settings *settings)
{
	au_settings_free(w->settings);
	w->settings = au_settings_hold(settings);
	take_keys(w);
	au_store_write(w->store, subscribe_work, au_settings_hold(settings), subscribed);
	if (!w->busy)
		au_timer_set(w->timer, 0);
}

struct au_webhook *
au_webhook_new(struct event_base *base, struct au_store *store, struct au_settings *settings)
{
	AU_CLEANUP(au_freep)
	char *helper = au_xasprintf("%s/apiuserd-fetch", au_values_str(settings->daemon, "helper_dir"));
	struct au_webhook *w = au_xcalloc(1, sizeof(*w));

	w->store = store;
	w->fetcher = au_fetcher_new(base, helper);
	w->timer = au_timer_new(base, look, w);
	au_webhook_settings(w, settings);
	return w;
}

void
au_webhook_stop(struct au_webhook *w)
{
	if (w == NULL)
		return;
	w->stopped = true;
	au_timer_stop(w->timer);
	au_fetcher_free(w->fetcher); /* what it had under way is in the store still */
	w->fetcher = NULL;
}

void
au_webhook_free(struct au_webhook *w)
{
	if (w == NULL)
		return;
	au_webhook_stop(w);
	au_timer_free(w->timer);
	for (size_t i = 0; i < AU_COUNT(w->keys); i++)
		au_secret_free(w->keys[i]);
	au_arena_free(w->arena);
	au_settings_free(w->settings);
	free(w);
}
