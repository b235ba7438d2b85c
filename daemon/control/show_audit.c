/* SPDX-License-Identifier: ISC */
/* Handlers: the audit chain, by what its rows are about, and whether it is whole. */
#include "base/date.h"
#include "base/str.h"
#include "base/when.h"
#include "control/render.h"
#include "control/route.h"
#include "store/apiuser.h"
#include "store/audit.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 100
#define PAGE_MAX 10000
#define ANCHORS_MAX 1000

/* ---- rows ---- */

struct listing {
	struct au_audit_filter filter;
	long long limit;
};

static int
list_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	struct listing *job = r->job;
	struct au_audit *rows = NULL;
	struct au_apiuser user;
	size_t count = 0;
	json_t *list;
	/* A log-in name does for the key; somebody who is gone is known by the key alone. */
	int rc = job->filter.user != NULL ? au_store_apiuser_search(tx, r->arena, job->filter.user, &user, err) : 0;

	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	if (rc == 0 && job->filter.user != NULL)
		job->filter.user = user.key;
	rc = au_store_audit_list(tx, r->arena, &job->filter, (size_t)job->limit, &rows, &count, err);
	if (rc < 0)
		return rc;
	r->result = json_object();
	list = json_array();
	json_object_set_new(r->result, "rows", list);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, au_render_audit(&rows[i]));
	if (count > 0)
		au_json_set_int(r->result, "through", rows[count - 1].seq);
	return 0;
}

/* A date as au_date_parse reads it, or a time ago such as "7d".  Answers and returns AU_EINVAL when it is neither. */
static int
query_time(struct au_control_request *r, const char *name, long long *ret)
{
	struct au_err err = { 0 };
	const char *text;
	long long ago_ms;
	int64_t at_ms;

	if (au_control_request_query(r, name, &text) < 0)
		return AU_EINVAL;
	if (text == NULL)
		return 0;
	if (strcmp(text, "0") != 0 && au_duration_parse(text, &ago_ms, NULL) == 0) {
		*ret = r->now_ms - ago_ms;
		return 0;
	}
	if (au_date_parse(text, &at_ms, NULL) == 0 && at_ms > 0) {
		*ret = at_ms;
		return 0;
	}
	au_fail(&err, AU_EINVAL, "%s '%s': expected a time such as 2026-12-24T06:00:00Z, or a time ago such as 7d", name,
	    text);
	au_control_request_fail(r, &err);
	return AU_EINVAL;
}

void
au_show_audit(struct au_control_request *r)
{
	struct listing *job = au_arena_alloc(r->arena, sizeof(*job));
	struct au_audit_filter *filter = &job->filter;
	const char *after;

	if (au_control_request_query(r, "object", &filter->object) < 0 ||
	    au_control_request_query(r, "actor", &filter->actor) < 0 ||
	    au_control_request_query(r, "verb", &filter->verb) < 0 ||
	    au_control_request_query(r, "target", &filter->target) < 0 ||
	    au_control_request_query(r, "user", &filter->user) < 0 ||
	    au_control_request_query(r, "after", &after) < 0 ||
	    au_control_request_number(r, "after", 0, LLONG_MAX, &filter->after) < 0 ||
	    au_control_request_number(r, "before", 0, LLONG_MAX, &filter->before) < 0 ||
	    au_control_request_number(r, "limit", PAGE, PAGE_MAX, &job->limit) < 0 ||
	    query_time(r, "since", &filter->since_ms) < 0 || query_time(r, "until", &filter->until_ms) < 0)
		return;
	filter->oldest_first = after != NULL;
	r->job = job;
	au_control_request_read(r, AU_READ_SCAN, list_work, NULL);
}

static int
row_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	struct au_audit row;
	int rc = au_store_audit_get(tx, r->arena, *(const long long *)r->job, &row, err);

	if (rc < 0)
		return rc;
	r->result = json_object();
	/* a list of one, so that discretion treats it as it does the others */
	json_object_set_new(r->result, "rows", json_array());
	json_array_append_new(json_object_get(r->result, "rows"), au_render_audit(&row));
	return 0;
}

void
au_show_audit_row(struct au_control_request *r)
{
	struct au_err err = { 0 };
	long long *seq = au_arena_alloc(r->arena, sizeof(*seq));
	char *end;

	errno = 0;
	*seq = strtoll(r->params[0], &end, 10);
	if (errno != 0 || end == r->params[0] || *end != '\0') {
		au_fail(&err, AU_EINVAL, "'%s': expected the number of an audit row", r->params[0]);
		au_control_request_fail(r, &err);
		return;
	}
	r->job = seq;
	au_control_request_read(r, AU_READ_SCAN, row_work, NULL);
}

/* ---- verifying ---- */

struct checking {
	struct au_audit_anchor *anchors;
	size_t count;
};

/* A broken chain is an answer, not a failure to answer. */
static int
check_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct checking *job = r->job;
	struct au_audit_verdict verdict = { 0 };
	struct au_err broken = { 0 };
	int rc = au_store_audit_verify(tx, job->anchors, job->count, &verdict, &broken);

	if (rc < 0 && rc != AU_EINVAL) {
		*err = broken;
		return rc;
	}
	r->result = json_object();
	json_object_set_new(r->result, "intact", json_boolean(rc == 0));
	if (rc < 0) {
		au_json_set_str(r->result, "text", broken.text);
		return 0;
	}
	au_json_set_int(r->result, "verified", verdict.rows);
	au_json_set_int(r->result, "last", verdict.last);
	au_json_set_int(r->result, "removed", verdict.removed);
	au_json_set_int(r->result, "anchors_met", (long long)verdict.anchors_met);
	au_json_set_int(r->result, "anchors_removed", (long long)verdict.anchors_removed);
	return 0;
}

static int
compare_anchors(const void *a, const void *b)
{
	const struct au_audit_anchor *left = a, *right = b;

	return (left->seq > right->seq) - (left->seq < right->seq);
}

static int
read_anchors(struct au_control_request *r, struct checking *job, struct au_err *err)
{
	const json_t *list = json_object_get(r->body, "anchors"), *item;
	size_t index;

	if (json_array_size(list) > ANCHORS_MAX)
		return au_fail(err, AU_ELIMIT, "anchors: at most %d", ANCHORS_MAX);
	job->anchors = au_arena_alloc(r->arena, (json_array_size(list) + 1) * sizeof(*job->anchors));
	json_array_foreach (list, index, item) {
		struct au_audit_anchor *anchor = &job->anchors[job->count++];
		if (au_audit_anchor_make(
			au_json_get_int(item, "seq"), au_json_get_str(item, "mac"), anchor, err) < 0)
			return AU_EINVAL;
	}
	qsort(job->anchors, job->count, sizeof(*job->anchors), compare_anchors);
	return 0;
}

void
au_check_audit(struct au_control_request *r)
{
	struct checking *job = au_arena_alloc(r->arena, sizeof(*job));
	struct au_err err = { 0 };

	if (read_anchors(r, job, &err) < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	r->job = job;
	au_control_request_read(r, AU_READ_LONG, check_work, NULL);
}
