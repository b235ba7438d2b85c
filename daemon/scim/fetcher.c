/* SPDX-License-Identifier: ISC */
/* An order that the helper dies over has failed: whoever made it knows when to try again. */
#include "scim/fetcher.h"

#include "base/mem.h"
#include "wire/child.h"

#include <sys/queue.h>

#define DOCUMENT_MAX (1 << 20)
#define TIMEOUT_MS 20000
#define LONGEST_MS 60000 /* of a timeout that an order may bring */
#define SILENCE_MS (LONGEST_MS + 10000)
#define MEMORY_MAX (256u << 20)
#define OPEN_FILES 64
#define RESTART_CAP_MS 60000
#define FORGIVE_MS 60000

struct order {
	TAILQ_ENTRY(order) entry;
	long long id;
	json_t *message;       /* as it is sent */
	au_fetcher_done *done; /* NULL: cancelled */
	void *ctx;
};

struct au_fetcher {
	struct au_child *child;
	TAILQ_HEAD(orders, order) orders; /* not answered yet */
	long long last_id;
	bool is_started;
};

static void
free_order(struct order *order)
{
	json_decref(order->message);
	free(order);
}

static void
send_order(struct au_fetcher *fetcher, const struct order *order)
{
	au_child_send(fetcher->child, json_incref(order->message), false);
	au_child_expect(fetcher->child, true);
}

/* ---- what the helper does ---- */

static void
on_started(void *ctx)
{
	struct au_fetcher *fetcher = ctx;
	struct order *order;

	TAILQ_FOREACH (order, &fetcher->orders, entry)
		send_order(fetcher, order);
}

static void
finish(struct au_fetcher *fetcher, struct order *order, const char *body, const struct au_err *err)
{
	TAILQ_REMOVE(&fetcher->orders, order, entry);
	if (order->done != NULL)
		order->done(order->ctx, body, err);
	free_order(order);
}

static void
on_message(void *ctx, json_t *message)
{
	struct au_fetcher *fetcher = ctx;
	struct order *order = TAILQ_FIRST(&fetcher->orders);
	struct au_fetch_answer answer;
	struct au_err err = { .code = 0 };

	/* they are answered in order */
	if (au_fetch_answer_from_json(message, &answer, &err) < 0 || order == NULL || answer.id != order->id) {
		au_child_kill(fetcher->child, "answered what was not asked");
		return;
	}
	if (TAILQ_NEXT(order, entry) == NULL)
		au_child_expect(fetcher->child, false);
	if (answer.body == NULL)
		au_fail(&err, AU_ETEMP, "%s", answer.problem);
	err.retry_after_s = (unsigned)answer.retry_after_s;
	finish(fetcher, order, answer.body, &err);
}

static void
on_died(void *ctx, const char *how, int64_t restart_in_ms)
{
	struct au_fetcher *fetcher = ctx;
	struct orders failed = TAILQ_HEAD_INITIALIZER(failed);
	struct order *order;
	struct au_err err = { .code = 0 };

	(void)restart_in_ms;
	au_fail(&err, AU_ETEMP, "the helper that fetches %s", how);
	/* those that are made meanwhile are for the next helper */
	TAILQ_CONCAT(&failed, &fetcher->orders, entry);
	while ((order = TAILQ_FIRST(&failed)) != NULL) {
		TAILQ_REMOVE(&failed, order, entry);
		if (order->done != NULL)
			order->done(order->ctx, NULL, &err);
		free_order(order);
	}
}

/* ---- from outside ---- */

struct au_fetcher *
au_fetcher_new(struct event_base *base, const char *helper)
{
	static const char *const argv[] = { NULL };
	static const struct au_child_events events = { on_started, on_message, on_died };
	const struct au_child_config config = { .path = helper,
		.argv = argv,
		.label = "fetch",
		.memory_limit = MEMORY_MAX,
		.open_files = OPEN_FILES,
		.max_frame = 2 * DOCUMENT_MAX,
		.restart_cap_ms = RESTART_CAP_MS,
		.forgive_ms = FORGIVE_MS,
		.silence_ms = SILENCE_MS };
	struct au_fetcher *fetcher = au_xcalloc(1, sizeof *fetcher);

	TAILQ_INIT(&fetcher->orders);
	fetcher->child = au_child_new(base, &config, &events, fetcher);
	return fetcher;
}

void
au_fetcher_free(struct au_fetcher *fetcher)
{
	struct order *order;

	if (fetcher == NULL)
		return;
	au_child_free(fetcher->child);
	while ((order = TAILQ_FIRST(&fetcher->orders)) != NULL) {
		TAILQ_REMOVE(&fetcher->orders, order, entry);
		free_order(order);
	}
	free(fetcher);
}

static void
add(struct au_fetcher *fetcher, struct au_fetch_order wire, au_fetcher_done *done, void *ctx)
{
	struct order *order = au_xcalloc(1, sizeof *order);

	wire.id = ++fetcher->last_id;
	wire.max = DOCUMENT_MAX;
	*order = (struct order){ .id = wire.id, .message = au_fetch_order_to_json(&wire), .done = done, .ctx = ctx };
	TAILQ_INSERT_TAIL(&fetcher->orders, order, entry);
	if (!fetcher->is_started)
		au_child_start(fetcher->child);
	else if (au_child_running(fetcher->child))
		send_order(fetcher, order);
	fetcher->is_started = true;
}

void
au_fetcher_get(struct au_fetcher *fetcher, const char *url, const char *ca_file, au_fetcher_done *done, void *ctx)
{
	add(fetcher, (struct au_fetch_order){ .url = url, .ca_file = ca_file, .timeout_ms = TIMEOUT_MS }, done, ctx);
}

void
au_fetcher_post(struct au_fetcher *fetcher, const struct au_fetch_order *order, au_fetcher_done *done, void *ctx)
{
	add(fetcher, *order, done, ctx);
}

void
au_fetcher_cancel(struct au_fetcher *fetcher, const void *ctx)
{
	struct order *order;

	TAILQ_FOREACH (order, &fetcher->orders, entry)
		if (order->ctx == ctx)
			order->done = NULL;
}
