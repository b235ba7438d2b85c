/* SPDX-License-Identifier: ISC */
/*
 * One worker process, one call at a time.  Whatever happens to the process, the
 * call that was running gets an honest outcome: a changing call whose answer was
 * not heard is unknown, never failed.
 */
#include "target/target.h"

#include "base/clock.h"
#include "base/frame.h"
#include "base/mem.h"
#include "target/opening.h"
#include "target/pending.h"
#include "target/refused.h"
#include "wire/child.h"

#include <event2/event.h>
#include <string.h>

/* Calls wait for a restart that comes so soon; otherwise they are told at once. */
#define SOON_MS 1000
#define FORGIVE_MS 60000
#define OPEN_FILES 64

enum state {
	DOWN,    /* no process */
	CLOSED,  /* runs, and holds no session */
	OPENING, /* OPEN was sent */
	READY,   /* waits for a call */
	BUSY,    /* runs one */
};

struct au_target_worker {
	char *name;
	struct au_opening *opening; /* NULL: trouble says why there never can be one */
	struct au_child *child;
	struct event *soon;     /* everything that must not happen on a caller's stack */
	struct event *deadline; /* of the frame that must come next */
	int64_t call_timeout_ms;
	enum state state;
	struct au_pending_queue waiting, finished;
	struct au_pending *running;
	unsigned last_id;
	int64_t up_mono;           /* DOWN: when it starts again */
	struct au_err trouble;     /* why the last opening failed */
	bool refused;              /* the last outcome was AU_EAUTH */
	struct au_refused *memory; /* which log-in was */
	bool reopen;               /* somebody asked for a new opening */
	uint8_t print[AU_OPENING_PRINT];
	bool *gone; /* set when freed within a callback */
};

/* ---- outcomes ---------------------------------------------------------------- */

static void
finish(struct au_target_worker *worker, struct au_pending *pending)
{
	au_pending_put(&worker->finished, pending);
	event_active(worker->soon, EV_TIMEOUT, 0);
}

static void
finish_with(struct au_target_worker *worker, struct au_pending *pending, const struct au_err *outcome)
{
	au_pending_end(pending, outcome, NULL, NULL);
	finish(worker, pending);
}

static void
fail_waiting(struct au_target_worker *worker, const struct au_err *outcome)
{
	for (struct au_pending *pending; (pending = au_pending_take(&worker->waiting)) != NULL;)
		finish_with(worker, pending, outcome);
}

static void
arm_deadline(struct au_target_worker *worker)
{
	struct timeval tv = { worker->call_timeout_ms / 1000, (worker->call_timeout_ms % 1000) * 1000 };

	event_add(worker->deadline, &tv);
}

/* An opening that failed is no call's fault: calls are told to come again, or that the credentials are the trouble. */
static void
opening_failed(struct au_target_worker *worker, const struct au_err *why)
{
	struct au_err outcome = *why;

	outcome.code = why->code == AU_EAUTH ? AU_EAUTH : AU_ETEMP;
	au_err_prefix(&outcome, outcome.code, "target '%s' cannot be opened", worker->name);
	worker->trouble = outcome;
	worker->state = CLOSED;
	fail_waiting(worker, &outcome);
}

/* Nobody but the product's administrator is helped by one more try, and he may be locked out by it. */
static bool
is_held(struct au_target_worker *worker)
{
	const char *why = au_refused_why(worker->memory, worker->print);
	struct au_err err = { 0 };

	if (why == NULL)
		return false;
	au_fail(&err, AU_EAUTH,
	    "%s; not tried again with the same credentials before they change or somebody says: apiuserctl resume %s",
	    why, worker->name);
	opening_failed(worker, &err);
	return true;
}

/* ---- sending ----------------------------------------------------------------- */

static void
send_open(struct au_target_worker *worker)
{
	struct au_err err = { 0 };
	json_t *frame;

	if (au_opening_frame(worker->opening, worker->last_id + 1, &frame, worker->print, &err) != 0) {
		err.code = AU_EAUTH;
		opening_failed(worker, &err);
		return;
	}
	if (is_held(worker)) {
		au_json_wipe(frame);
		json_decref(frame);
		return;
	}
	worker->last_id++;
	worker->reopen = false;
	worker->state = OPENING;
	arm_deadline(worker);
	au_child_send(worker->child, frame, true);
}

static void
send_call(struct au_target_worker *worker)
{
	struct au_pending *pending = au_pending_take(&worker->waiting);

	pending->call.id = ++worker->last_id;
	worker->running = pending;
	worker->state = BUSY;
	arm_deadline(worker);
	au_child_send(worker->child, au_call_to_json(&pending->call), pending->call.account.secret != NULL);
}

/*
 * A plugin whose log-in was refused does not try again with the same password, lest the product locks the account.
 * So a probe looks whether there is another one by now.
 */
static bool
secrets_changed(struct au_target_worker *worker)
{
	uint8_t print[AU_OPENING_PRINT];

	return worker->refused && worker->waiting.first->call.op == AU_CALL_PROBE &&
	       au_opening_print(worker->opening, print, NULL) == 0 && memcmp(print, worker->print, sizeof(print)) != 0;
}

static void
fail_while_down(struct au_target_worker *worker)
{
	int64_t wait = worker->up_mono - au_clock_mono_ms();
	struct au_err outcome = worker->trouble;

	if (wait <= SOON_MS)
		return;
	outcome.retry_after_s = (unsigned)((wait + 999) / 1000);
	fail_waiting(worker, &outcome);
}

static void
advance(struct au_target_worker *worker)
{
	if (worker->waiting.first == NULL || !au_refused_is_loaded(worker->memory))
		return;
	if (worker->opening == NULL) {
		fail_waiting(worker, &worker->trouble);
		return;
	}
	if (worker->state == READY && (worker->reopen || secrets_changed(worker)))
		worker->state = CLOSED;
	if (worker->state == DOWN)
		fail_while_down(worker);
	else if (worker->state == CLOSED)
		send_open(worker);
	else if (worker->state == READY)
		send_call(worker);
}

static void
on_soon(evutil_socket_t fd, short what, void *ctx)
{
	struct au_target_worker *worker = ctx;
	struct au_pending *pending;
	bool gone = false;

	(void)fd;
	(void)what;
	worker->gone = &gone;
	while (!gone && (pending = au_pending_take(&worker->finished)) != NULL) {
		pending->done(pending->ctx, &pending->result);
		au_pending_free(pending);
	}
	if (gone)
		return;
	worker->gone = NULL;
	advance(worker);
}

/* ---- receiving --------------------------------------------------------------- */

static void
settle(struct au_target_worker *worker, const struct au_answer *answer)
{
	struct au_pending *pending = worker->running;

	event_del(worker->deadline);
	worker->running = NULL;
	worker->state = READY;
	worker->refused = answer->err.code == AU_EAUTH;
	if (worker->refused)
		au_refused_note(worker->memory, worker->print, answer->err.text);
	else if (answer->err.code == 0)
		au_refused_forget(worker->memory);
	au_pending_end(pending, &answer->err, answer->text, answer->order);
	finish(worker, pending);
}

static void
settle_open(struct au_target_worker *worker, const struct au_answer *answer)
{
	event_del(worker->deadline);
	worker->refused = false;
	if (answer->err.code == AU_EAUTH)
		au_refused_note(worker->memory, worker->print, answer->err.text);
	if (answer->err.code != 0) {
		opening_failed(worker, &answer->err);
		return;
	}
	worker->state = READY;
	event_active(worker->soon, EV_TIMEOUT, 0);
}

/* NULL when the frame is fine, otherwise why the worker must go. */
static const char *
take_answer(struct au_target_worker *worker, const struct au_answer *answer, struct au_err *err)
{
	if ((worker->state != OPENING && worker->state != BUSY) || answer->id != worker->last_id)
		return "answered a call that does not run";
	if (worker->state == OPENING) {
		if (!answer->end)
			return "answered 'open' with more than its end";
		settle_open(worker, answer);
	} else if (answer->end) {
		settle(worker, answer);
	} else if (answer->pool.name != NULL) {
		if (au_pending_pool(worker->running, &answer->pool, err) != 0)
			return err->text;
	} else {
		if (au_pending_account(worker->running, &answer->account, err) != 0)
			return err->text;
		if (worker->running->call.op == AU_CALL_LIST)
			arm_deadline(worker);
	}
	return NULL;
}

static void
on_message(void *ctx, json_t *message)
{
	struct au_target_worker *worker = ctx;
	struct au_answer answer;
	struct au_err err = { 0 };
	const char *why;

	if (au_answer_from_json(message, &answer, &err) != 0)
		why = err.text;
	else
		why = take_answer(worker, &answer, &err);
	if (why != NULL)
		au_child_kill(worker->child, why);
}

static void
on_started(void *ctx)
{
	struct au_target_worker *worker = ctx;

	worker->state = CLOSED;
	event_active(worker->soon, EV_TIMEOUT, 0);
}

static void
on_died(void *ctx, const char *how, int64_t restart_in_ms)
{
	struct au_target_worker *worker = ctx;
	struct au_pending *pending = worker->running;
	struct au_err outcome = { 0 };

	event_del(worker->deadline);
	worker->state = DOWN;
	worker->running = NULL;
	worker->up_mono = au_clock_mono_ms() + restart_in_ms;
	au_fail(&worker->trouble, AU_ETEMP, "worker of target '%s': %s", worker->name, how);
	if (pending != NULL) {
		au_fail(&outcome, au_call_changes(pending->call.op) ? AU_EUNKNOWN : AU_ETEMP,
		    "call '%s': worker of target '%s': %s", au_call_op_name(pending->call.op), worker->name, how);
		finish_with(worker, pending, &outcome);
	}
	event_active(worker->soon, EV_TIMEOUT, 0);
}

static void
on_deadline(evutil_socket_t fd, short what, void *ctx)
{
	struct au_target_worker *worker = ctx;
	char why[64];

	(void)fd;
	(void)what;
	snprintf(why, sizeof(why), "gave no answer within %lld ms", (long long)worker->call_timeout_ms);
	au_child_kill(worker->child, why);
}

/* ---- the public face ----------------------------------------------------------- */

static void
make_child(
    struct au_target_worker *worker, struct event_base *base, const char *helper, const struct au_target_block *block)
{
	static const struct au_child_events events = { on_started, on_message, on_died };
	const bool starts_programs = (block->describe->caps & AU_CAP_PROGRAMS) != 0;
	const char *argv[] = { starts_programs ? "--programs" : worker->name, starts_programs ? worker->name : NULL,
		NULL };
	AU_CLEANUP(au_freep) char *label = au_xasprintf("target %s", worker->name);
	struct au_child_config config = {
		.path = helper,
		.argv = argv,
		.label = label,
		.memory_limit = (size_t)au_values_num(block->block.values, "memory_limit"),
		.open_files = OPEN_FILES,
		.max_frame = AU_FRAME_MAX,
		.restart_cap_ms = au_values_num(block->block.values, "retry_cap"),
		.forgive_ms = FORGIVE_MS,
	};

	worker->child = au_child_new(base, &config, &events, worker);
	au_child_start(worker->child);
}

static void
on_memory(void *ctx)
{
	const struct au_target_worker *worker = ctx;

	event_active(worker->soon, EV_TIMEOUT, 0);
}

struct au_target_worker *
au_target_worker_new(struct event_base *base, const char *helper, const char *plugin_dir,
    const struct au_target_block *block, const struct au_target_memory *memory)
{
	struct au_target_worker *worker = au_xcalloc(1, sizeof(*worker));

	worker->name = au_xstrdup(block->block.name);
	worker->waiting.last = &worker->waiting.first;
	worker->finished.last = &worker->finished.first;
	worker->call_timeout_ms = au_values_num(block->block.values, "call_timeout");
	worker->soon = evtimer_new(base, on_soon, worker);
	worker->deadline = evtimer_new(base, on_deadline, worker);
	if (worker->soon == NULL || worker->deadline == NULL)
		abort();
	worker->memory = au_refused_new(memory != NULL ? memory->store : NULL, worker->name, on_memory, worker);
	if (au_opening_new(
		plugin_dir, block, memory != NULL ? memory->key : NULL, &worker->opening, &worker->trouble) == 0)
		make_child(worker, base, helper, block);
	return worker;
}

void
au_target_worker_call(struct au_target_worker *worker, const struct au_call *call, au_call_done *done, void *ctx)
{
	au_pending_put(&worker->waiting, au_pending_new(call, done, ctx));
	event_active(worker->soon, EV_TIMEOUT, 0);
}

void
au_target_worker_reopen(struct au_target_worker *worker)
{
	worker->reopen = true;
}

void
au_target_worker_forgive(struct au_target_worker *worker)
{
	au_refused_forget(worker->memory);
	worker->reopen = true;
}

size_t
au_target_worker_waiting(const struct au_target_worker *worker)
{
	return worker->waiting.count + (worker->running != NULL ? 1 : 0);
}

pid_t
au_target_worker_pid(const struct au_target_worker *worker)
{
	return worker->child != NULL ? au_child_pid(worker->child) : 0;
}

unsigned
au_target_worker_restarts(const struct au_target_worker *worker)
{
	return worker->child != NULL ? au_child_restarts(worker->child) : 0;
}

void
au_target_worker_free(struct au_target_worker *worker)
{
	if (worker == NULL)
		return;
	if (worker->gone != NULL)
		*worker->gone = true;
	if (worker->child != NULL)
		au_child_free(worker->child);
	event_free(worker->soon);
	event_free(worker->deadline);
	au_pending_drain(&worker->waiting);
	au_pending_drain(&worker->finished);
	au_pending_free(worker->running);
	au_opening_free(worker->opening);
	au_refused_free(worker->memory);
	free(worker->name);
	free(worker);
}
