/* SPDX-License-Identifier: ISC */
/* The request's life: what it holds, how its body is read, how it ends. */
#include "scim/request.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "scim/detect.h"
#include "scim/route.h"
#include "scim/scans.h"
#include "scim/value.h"

#include <string.h>
#include <strings.h>

/* ---- making and ending ---- */

/* The configured URL; else what the client called us, which only ever goes back to that client. */
static const char *
base_url(const struct au_request *r)
{
	const char *configured = au_values_str(r->settings->scim, "base_url");
	const char *host = au_http_host(r->x);
	size_t len;

	if (configured == NULL)
		return au_arena_printf(
		    r->arena, "%s://%s", au_http_scheme(r->x), !au_str_empty(host) ? host : "localhost");
	len = strlen(configured);
	while (len > 0 && configured[len - 1] == '/')
		len--;
	return au_arena_strndup(r->arena, configured, len);
}

struct au_request *
au_request_new(struct au_scim *scim, struct au_http_exchange *x)
{
	struct au_request *r = au_xcalloc(1, sizeof *r);

	r->scim = scim;
	r->x = x;
	r->arena = au_arena_new();
	r->settings = au_settings_hold(scim->settings);
	r->catalog = au_catalog_hold(scim->catalog);
	r->base_url = base_url(r);
	r->now_ms = au_clock_wall_ms();
	r->profile = au_profile_auto();
	return r;
}

/* What a request was read into. */
struct values {
	struct au_checked checked;
	struct au_revision revision;
	struct au_arena *arena;
	json_t *body;
};

/* A password is not kept, and not left behind in freed memory either. */
static void
drop(struct values *values)
{
	au_checked_done(&values->checked);
	au_revision_done(&values->revision);
	au_arena_free(values->arena);
	if (values->body != NULL)
		au_value_wipe(values->body);
	au_json_decrefp(&values->body);
	*values = (struct values){ .arena = NULL };
}

static int
drop_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)tx;
	(void)err;
	drop(arg);
	return 0;
}

static void
dropped(void *arg, int rc, const struct au_err *err)
{
	(void)rc; /* a store that is closing does no work any more */
	(void)err;
	drop(arg);
	free(arg);
}

void
au_request_end(struct au_request *r)
{
	struct values values = { r->checked, r->revision, r->arena, r->body };

	if (r->is_big) {
		struct values *later = au_xcalloc(1, sizeof *later);

		*later = values;
		au_store_read(r->scim->store, AU_READ_SCAN, drop_work, later, dropped);
	} else {
		drop(&values);
	}
	au_str_done(&r->reply.body);
	au_catalog_free(r->catalog);
	au_settings_free(r->settings);
	free(r);
}

void
au_request_part(const struct au_request *whole, struct au_request *part)
{
	*part = *whole;
	part->arena = au_arena_new();
	part->route = NULL;
	part->type = NULL;
	part->id = part->if_match = part->prefer = NULL;
	part->change = NULL;
	part->query = (struct au_query){ .count = -1 };
	part->body = NULL;
	part->checked = (struct au_checked){ .doc = NULL };
	part->patch = (struct au_patch){ .changes = NULL };
	part->revision = (struct au_revision){ .doc = NULL };
	part->views = NULL;
	part->view_count = 0;
	part->reply = (struct au_reply){ .status = 0 };
	part->fault = (struct au_fault){ .kind = AU_FAULT_NONE };
	part->brief = true;
	part->txn = NULL;
	part->changed = false;
}

void
au_request_part_done(struct au_request *part)
{
	au_checked_done(&part->checked);
	au_revision_done(&part->revision);
	au_arena_free(part->arena);
	au_json_decrefp(&part->body);
	au_str_done(&part->reply.body);
}

/* ---- reading ---- */

/* application/scim+json or application/json, in UTF-8; a missing type is taken for the former. */
static bool
is_json_type(const char *type)
{
	static const char *const known[] = { "application/scim+json", "application/json" };
	const char *charset;
	size_t len;

	if (type == NULL)
		return true;
	len = strcspn(type, "; \t");
	charset = strcasestr(type + len, "charset=");
	if (charset != NULL) {
		charset += strlen("charset=");
		charset += *charset == '"';
		if (strncasecmp(charset, "utf-8", 5) != 0)
			return false;
	}
	for (size_t i = 0; i < AU_COUNT(known); i++)
		if (strlen(known[i]) == len && strncasecmp(type, known[i], len) == 0)
			return true;
	return false;
}

int
au_request_media_type(struct au_request *r)
{
	const char *coding = au_http_header(r->x, "Content-Encoding");

	if (!is_json_type(au_http_header(r->x, "Content-Type")))
		return au_fault_set(
		    &r->fault, AU_FAULT_MEDIA_TYPE, "Content-Type: expected " AU_SCIM_TYPE " in UTF-8");
	if (coding != NULL && strcasecmp(coding, "identity") != 0)
		return au_fault_set(&r->fault, AU_FAULT_MEDIA_TYPE, "Content-Encoding: expected none");
	return 0;
}

int
au_request_parse(struct au_request *r, int max_depth)
{
	struct au_err err = { .code = 0 };
	size_t len;
	const char *body = au_http_body(r->x, &len);

	if (au_json_parse(body, len, max_depth, &r->body, &err) != 0)
		return au_fault_set(&r->fault, AU_FAULT_INVALID_SYNTAX, "body: %s", err.text);
	return 0;
}

int
au_request_body(struct au_request *r)
{
	if (au_request_media_type(r) != 0 || au_request_parse(r, AU_JSON_DEPTH) != 0)
		return AU_EINVAL;
	au_detect_body(r);
	return 0;
}

int
au_request_query(struct au_request *r)
{
	if (au_query_from_target(r->arena, au_http_query(r->x), &r->query, &r->fault) != 0)
		return AU_EINVAL;
	if (r->type != NULL)
		au_projection_init(
		    r->arena, r->type, r->query.mode, r->query.names, r->query.name_count, &r->projection);
	return 0;
}

struct au_filter_limits
au_request_filter_limits(const struct au_request *r)
{
	return (struct au_filter_limits){ .max_length = (size_t)au_values_num(r->settings->scim, "max_filter"),
		.max_depth = (unsigned)au_values_num(r->settings->scim, "max_filter_depth"),
		.profile = r->profile };
}

const char *
au_request_location(struct au_request *r, const struct au_resource_type *type, const char *id)
{
	size_t size = strlen(r->base_url) + strlen(type->endpoint) + strlen(id) + sizeof "/";
	char *location = au_arena_alloc(r->arena, size);

	*au_put_text(au_put_text(au_put_text(au_put_text(location, r->base_url), type->endpoint), "/"), id) = '\0';
	return location;
}

/* ---- the store ---- */

void
au_request_restart(struct au_request *r)
{
	au_str_done(&r->reply.body);
	r->reply = (struct au_reply){ .status = 0 };
	r->fault = (struct au_fault){ .kind = AU_FAULT_NONE };
	r->changed = false;
}

int
au_request_store_fault(struct au_request *r, int rc, const struct au_err *err)
{
	(void)err; /* its text is for operators */
	if (r->fault.kind != AU_FAULT_NONE)
		return rc;
	if (rc == AU_ENOENT)
		au_fault_set(&r->fault, AU_FAULT_NOT_FOUND, "no such resource");
	else if (rc == AU_EEXIST)
		au_fault_set(&r->fault, AU_FAULT_UNIQUENESS, "another resource has this %s",
		    r->type != NULL && r->type->name_attr != NULL ? r->type->name_attr : "name");
	else
		au_fault_set(&r->fault, AU_FAULT_INTERNAL, "the request could not be carried out");
	return rc;
}

void
au_request_changed(struct au_scim *scim, const char *client)
{
	au_map_put(scim->sources, client, scim);
	if (scim->events.changed != NULL)
		scim->events.changed(scim->ctx, client);
}

/* On the loop thread again: the answer goes out, then those who wait for facts are told. */
static void
finished(void *arg, int rc, const struct au_err *err)
{
	struct au_request *r = arg;
	struct au_scim *scim = r->scim;
	bool changed = rc == 0 && r->changed;
	AU_CLEANUP(au_freep) char *client = changed ? au_xstrdup(r->client) : NULL;

	if (r->is_scan)
		au_scans_end(r);
	if (rc == AU_ELIMIT && r->on_loop && r->fault.kind == AU_FAULT_NONE) {
		au_request_read(r, AU_READ_SCAN, r->work);
	} else if (rc < 0) {
		au_request_store_fault(r, rc, err);
		au_request_refuse(r);
	} else {
		au_cache_keep(r);
		au_request_reply(r);
	}
	if (changed)
		au_request_changed(scim, client);
}

void
au_request_read(struct au_request *r, enum au_read_kind kind, au_store_work *work)
{
	if (kind == AU_READ_LONG && !au_scans_begin(r)) {
		r->scim->stats.out_of_rate++;
		au_http_set(r->x, "Retry-After", "1");
		au_request_refuse(r);
		return;
	}
	r->work = work;
	r->is_scan = kind == AU_READ_LONG;
	r->on_loop = kind == AU_READ_POINT;
	au_store_read(r->scim->store, kind, work, r, finished);
}

void
au_request_write(struct au_request *r, au_store_work *work)
{
	au_store_write_often(r->scim->store, work, r, finished);
}

/* ---- answering ---- */

/* Ours, unless the client reads application/json and neither ours nor just anything (RFC 7644 section 3.8). */
static const char *
answer_type(const struct au_request *r)
{
	static const char plain[] = "application/json";
	const char *accept = au_http_header(r->x, "Accept");

	if (accept == NULL || strcasestr(accept, plain) == NULL)
		return AU_SCIM_TYPE;
	return strcasestr(accept, AU_SCIM_TYPE) == NULL && strchr(accept, '*') == NULL ? plain : AU_SCIM_TYPE;
}

void
au_request_answer(struct au_request *r)
{
	const struct au_reply *reply = &r->reply;
	const char *type = reply->type != NULL ? reply->type : answer_type(r);

	if (reply->etag[0] != '\0')
		au_http_set(r->x, "ETag", reply->etag);
	if (reply->location != NULL)
		au_http_set(r->x, "Location", reply->location);
	if (reply->minimal)
		au_http_set(r->x, "Preference-Applied", "return=minimal");
	if (reply->txn != NULL) {
		au_http_set(r->x, "Preference-Applied", "respond-async");
		au_http_set(r->x, "Set-Txn", reply->txn);
	}
	if (reply->ready != NULL)
		au_http_reply(r->x, reply->status, type, reply->ready, reply->ready_len);
	else
		au_http_reply(
		    r->x, reply->status, reply->body.len > 0 ? type : NULL, au_str_get(&reply->body), reply->body.len);
	r->x = NULL;
	au_str_done(&r->reply.body);
	r->reply = (struct au_reply){ .status = 0 };
}

void
au_request_reply(struct au_request *r)
{
	au_request_answer(r);
	au_request_end(r);
}

void
au_request_refuse(struct au_request *r)
{
	int status = au_fault_status(r->fault.kind);
	struct au_str body = AU_STR_INIT;

	au_fault_body(&body, status, au_fault_keyword(r->fault.kind), r->fault.detail);
	au_http_reply(r->x, status, answer_type(r), au_str_get(&body), body.len);
	au_str_done(&body);
	au_request_end(r);
}
