/* SPDX-License-Identifier: ISC */
/* Handlers: work orders, and what people say of them. */
#include "base/secret.h"
#include "base/str.h"
#include "control/route.h"
#include "reconcile/announce.h"
#include "reconcile/work_do.h"
#include "store/audit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 200
#define PAGE_MAX 10000
#define TEXT_MAX 4096

struct request {
	struct au_work_job job;
	au_store_work *verb;
	struct au_secret *secret; /* that came with the request */
};

static void
release_request(void *object)
{
	struct request *request = object;

	au_work_done(&request->job);
	au_secret_free(request->secret);
}

static struct request *
request_new(struct au_control_request *r, au_store_work *verb)
{
	struct request *request = au_arena_alloc(r->arena, sizeof(*request));

	au_work_init(r->control->world.engine, &request->job);
	request->verb = verb;
	request->secret = NULL;
	request->job.actor = r->actor;
	request->job.name = r->actor_name;
	au_arena_defer(r->arena, release_request, request);
	r->job = request;
	return request;
}

static int
run_verb(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	struct request *job = r->job;

	return job->verb(tx, &job->job, err);
}

/* ---- list and show ---- */

static void
finish_show(struct au_control_request *r)
{
	const struct request *request = r->job;

	au_control_request_answer(r, 200, json_incref(request->job.result));
}

void
au_show_work(struct au_control_request *r)
{
	struct request *request = request_new(r, au_work_list);
	struct au_err err = { 0 };
	const char *state = NULL;

	if (au_control_request_query(r, "state", &state) < 0 ||
	    au_control_request_query(r, "target", &request->job.target) < 0 ||
	    au_control_request_number(r, "limit", PAGE, PAGE_MAX, &request->job.limit) < 0)
		return;
	request->job.all = au_streq(state, "all");
	if (state != NULL && !request->job.all && (request->job.state = au_work_state_from_name(state)) == 0) {
		au_fail(&err, AU_EINVAL,
		    "state '%s': expected open, claimed, reported, fulfilled, verified, failed, cancelled, superseded, "
		    "expired or all",
		    state);
		au_control_request_fail(r, &err);
		return;
	}
	au_control_request_read(r, AU_READ_SCAN, run_verb, finish_show);
}

static int
parse_id(const char *text, long long *ret, struct au_err *err)
{
	char *end = NULL;

	errno = 0;
	*ret = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || *ret <= 0)
		return au_fail(err, AU_EINVAL, "work order '%s': expected a number", text);
	return 0;
}

void
au_show_work_order(struct au_control_request *r)
{
	struct request *request = request_new(r, au_work_show);
	struct au_err err = { 0 };

	if (parse_id(r->params[0], &request->job.id, &err) < 0)
		au_control_request_fail(r, &err);
	else
		au_control_request_read(r, AU_READ_SCAN, run_verb, finish_show);
}

/* ---- what people say ---- */

static int
take_text(const json_t *body, const char *name, const char **ret, struct au_err *err)
{
	if (au_json_str(body, name, NULL, ret, err) < 0)
		return AU_EINVAL;
	if (*ret != NULL && strlen(*ret) > TEXT_MAX)
		return au_fail(err, AU_ELIMIT, "%s: at most %d bytes", name, TEXT_MAX);
	return 0;
}

static int
parse_say(struct au_control_request *r, struct request *request, struct au_err *err)
{
	const char *secret = NULL;
	int take = 0;

	if (parse_id(r->params[0], &request->job.id, err) < 0 ||
	    take_text(r->body, "reason", &request->job.text, err) < 0 ||
	    take_text(r->body, "login", &request->job.login, err) < 0 ||
	    take_text(r->body, "id", &request->job.remote_id, err) < 0 ||
	    take_text(r->body, "secret", &secret, err) < 0 || au_json_bool(r->body, "take", 0, &take, err) < 0)
		return AU_EINVAL;
	if (secret != NULL && *secret == '\0')
		return au_fail(err, AU_EINVAL, "secret: it is empty");
	request->job.take = take != 0;
	request->job.secret = request->secret = au_secret_from_text(secret);
	return 0;
}

static void
finish_say(struct au_control_request *r)
{
	const struct request *request = r->job;

	au_json_wipe(json_object_get(r->body, "secret"));
	if (r->control != NULL)
		au_work_tell(r->control->world.engine, &request->job);
	au_control_request_answer(r, 200, json_incref(request->job.result));
}

static void
say(struct au_control_request *r, au_store_work *verb)
{
	struct request *request = request_new(r, verb);
	struct au_err err = { 0 };

	if (parse_say(r, request, &err) < 0)
		au_control_request_fail(r, &err);
	else
		au_control_request_write(r, run_verb, finish_say);
}

void
au_make_work_claim(struct au_control_request *r)
{
	say(r, au_work_claim);
}

void
au_make_work_release(struct au_control_request *r)
{
	say(r, au_work_release);
}

void
au_make_work_complete(struct au_control_request *r)
{
	say(r, au_work_complete);
}

void
au_make_work_fail(struct au_control_request *r)
{
	say(r, au_work_fail);
}

void
au_make_work_cancel(struct au_control_request *r)
{
	say(r, au_work_cancel);
}

/* ---- the secret that is typed in the product ---- */

static void
finish_secret(struct au_control_request *r)
{
	const struct request *request = r->job;
	json_t *json = json_object();

	au_json_set_int(json, "id", request->job.id);
	au_control_request_secret(r, json, "secret", request->job.taken);
}

void
au_take_work_secret(struct au_control_request *r)
{
	struct request *request = request_new(r, au_work_secret);
	struct au_err err = { 0 };

	if (parse_id(r->params[0], &request->job.id, &err) < 0)
		au_control_request_fail(r, &err);
	else
		au_control_request_write(r, run_verb, finish_secret);
}

/* ---- what a ticket system is told ---- */

static int
retry_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	long long waiting = 0;
	int rc = au_announce_again(tx, r->now_ms, &waiting, err);

	if (rc == 0)
		rc = au_store_audit(tx, r->now_ms, r->actor, "webhook.retry", "webhook", NULL, err);
	r->result = json_object();
	au_json_set_int(r->result, "waiting", waiting);
	return rc;
}

void
au_make_webhook_retry(struct au_control_request *r)
{
	au_control_request_write(r, retry_work, NULL);
}
