/* SPDX-License-Identifier: ISC */
/*
 * Requests wait for the store without blocking the loop.  One that is still
 * waiting when the control socket is taken down keeps nothing of it.
 */
#include "control/request.h"

#include "base/secret.h"
#include "base/str.h"
#include "control/discretion.h"

#include <errno.h>
#include <string.h>

static const struct status_row {
	int code, status;
} status_rows[] = {
	{ AU_EINVAL, 400 },
	{ AU_EAUTH, 403 },
	{ AU_EPERM, 403 },
	{ AU_ENOENT, 404 },
	{ AU_EEXIST, 409 },
	{ AU_EBUSY, 409 },
	{ AU_ENOSUP, 501 },
	{ AU_ELIMIT, 413 },
	{ AU_ETEMP, 503 },
	{ AU_EIO, 503 },
};

static int
http_status(int code)
{
	for (size_t i = 0; i < AU_COUNT(status_rows); i++)
		if (status_rows[i].code == code)
			return status_rows[i].status;
	return 500;
}

const char *
au_control_request_error_text(struct au_arena *arena, const char *code, const char *text)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	au_str_put(&out, "{\"error\":{\"code\":");
	au_str_json(&out, code);
	au_str_put(&out, ",\"text\":");
	au_str_json(&out, text);
	au_str_put(&out, "}}");
	return au_arena_strdup(arena, au_str_get(&out));
}

/* ---- answers ---- */

static void
request_end(struct au_control_request *r)
{
	if (r->control != NULL)
		LIST_REMOVE(r, entry);
	json_decref(r->body);
	json_decref(r->result);
	free(r);
}

void
au_control_request_answer(struct au_control_request *r, int status, json_t *body)
{
	bool viewer = r->role < AU_ROLE_OPERATOR;
	char *text;

	/* Without its control there is nobody left who could say what may be shown. */
	if (viewer && r->control == NULL) {
		json_decref(body);
		au_control_request_drop(r);
		return;
	}
	if (viewer && au_discretion_prune(r->control->world.settings, body)) {
		struct au_err err = { 0 };

		json_decref(body);
		au_fail(&err, AU_EPERM, "only operators may see the API users of that target");
		au_control_request_fail(r, &err);
		return;
	}
	text = au_json_text(body);
	json_decref(body);
	au_http_reply(r->x, status, "application/json", text, strlen(text));
	free(text);
	request_end(r);
}

void
au_control_request_text(struct au_control_request *r, const char *content_type, const char *text, size_t len)
{
	au_http_reply(r->x, 200, content_type, text, len);
	request_end(r);
}

/* Into a buffer of the right size at once: one that grew would leave copies behind. */
void
au_control_request_secret(
    struct au_control_request *r, json_t *members, const char *name, const struct au_secret *secret)
{
	size_t len;
	char *text;

	au_json_set_str(members, name, au_secret_text(secret));
	len = json_dumpb(members, NULL, 0, JSON_COMPACT);
	text = au_xmalloc(len);
	json_dumpb(members, text, len, JSON_COMPACT);
	au_http_reply_secret(r->x, 200, "application/json", text, len);
	au_wipe(text, len);
	free(text);
	au_json_wipe(members);
	json_decref(members);
	request_end(r);
}

void
au_control_request_fail(struct au_control_request *r, const struct au_err *err)
{
	const char *text = au_control_request_error_text(r->arena, au_code_name(err->code), err->text);

	au_http_reply(r->x, http_status(err->code), "application/json", text, strlen(text));
	request_end(r);
}

void
au_control_request_drop(struct au_control_request *r)
{
	struct au_err err = { 0 };

	au_fail(&err, AU_ETEMP, "the daemon stops");
	au_control_request_fail(r, &err);
}

/* ---- work ---- */

static int
run_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_control_request *r = arg;

	json_decref(r->result);
	r->result = NULL;
	return r->work(tx, r, err);
}

static void
work_done(void *arg, int rc, const struct au_err *err)
{
	struct au_control_request *r = arg;

	if (rc < 0)
		au_control_request_fail(r, err);
	else if (r->finish != NULL)
		r->finish(r);
	else
		au_control_request_answer(r, 200, json_incref(r->result));
}

void
au_control_request_read(
    struct au_control_request *r, enum au_read_kind kind, au_store_work *work, au_control_request_finish *finish)
{
	r->work = work;
	r->finish = finish;
	au_store_read(r->control->world.store, kind, run_work, r, work_done);
}

void
au_control_request_write(struct au_control_request *r, au_store_work *work, au_control_request_finish *finish)
{
	r->work = work;
	r->finish = finish;
	au_store_write(r->control->world.store, run_work, r, work_done);
}

/* ---- parameters ---- */

int
au_control_request_query(struct au_control_request *r, const char *name, const char **ret_or_null)
{
	struct au_err err = { 0 };
	int rc = au_http_query_get(r->arena, au_http_query(r->x), name, ret_or_null, &err);

	if (rc < 0)
		au_control_request_fail(r, &err);
	return rc;
}

int
au_control_request_number(struct au_control_request *r, const char *name, long long dflt, long long max, long long *ret)
{
	struct au_err err = { 0 };
	const char *text;
	char *end;
	long long number;

	if (au_control_request_query(r, name, &text) < 0)
		return AU_EINVAL;
	if (text == NULL) {
		*ret = dflt;
		return 0;
	}
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || number < 0 || number > max) {
		au_fail(&err, AU_EINVAL, "%s '%s': expected a number from 0 to %lld", name, text, max);
		au_control_request_fail(r, &err);
		return AU_EINVAL;
	}
	*ret = number;
	return 0;
}
