/* SPDX-License-Identifier: ISC */
/*
 * One request on its way: made by au_scim_handle, routed, authorised, handed to a handler, answered once.
 *
 * Handlers that need the store give it a work function with the request as its argument.  From then until `done` the
 * request belongs to the store's thread; a work function fills `reply` or `fault` and may run more than once, so it
 * begins with au_request_restart.
 */
#ifndef SCIM_REQUEST_H
#define SCIM_REQUEST_H

#include "scim/cache.h"
#include "scim/document.h"
#include "scim/etag.h"
#include "scim/patch.h"
#include "scim/principal.h"
#include "scim/profile.h"
#include "scim/projection.h"
#include "scim/query.h"
#include "scim/revision.h"
#include "scim/service.h"
#include "scim/throttle.h"

struct au_change;
struct au_provider;
struct au_route;
struct au_list_view;
struct au_cursor;

/* A body that is a list of one resource, which is in it as GET of the resource would show it. */
struct au_reply_only {
	const char *id; /* NULL: the body is something else */
	long long version;
	size_t at, len; /* in the body */
};

struct au_reply {
	int status;
	struct au_str body; /* nothing: no body */
	struct au_reply_only only;
	size_t doc_len; /* of one resource: so much of what shows it is its stored document but for the last brace, or
			 * 0 */
	const char *type;   /* of the body; NULL: SCIM's */
	char etag[AU_ETAG_SIZE];
	const char *location;
	const char *ready; /* the body, instead, in memory that lasts until the answer is out; NULL = none */
	size_t ready_len;
	bool minimal; /* as the client preferred (RFC 7240) */
	const char *txn; /* of a request that goes on without its client (RFC 9967); NULL = none */
};

struct au_request {
	struct au_scim *scim;
	struct au_http_exchange *x;
	struct au_arena *arena;
	struct au_settings *settings; /* held: those of the moment it came in */
	struct au_catalog *catalog;   /* held, likewise */
	const char *base_url;         /* without a final slash */
	long long now_ms;

	const struct au_route *route;
	const struct au_resource_type *type; /* of the endpoint; NULL at the root and in discovery */
	const char *id;                      /* last segment, decoded; NULL = none */
	const struct au_profile *profile;    /* the client's, once authorised; before, that of anybody */
	struct au_provider *provider;        /* what its profile follows from when that is "auto"; else NULL */
	struct au_principal principal;       /* once authorised */
	const char *client;                  /* the same client's name */
	struct au_allowance allowance;       /* the client's rate, once authorised */
	bool has_source;                     /* the client is known to have a source row */

	/* What handlers read from the request. */
	const struct au_change *change; /* what to do to the resource; NULL: nothing */
	const char *if_match, *prefer;  /* of changes; NULL = absent */
	const char *txn;                /* the outcome is kept under this name and not waited for; NULL = waited for */
	struct au_query query;
	json_t *body; /* owned */
	bool is_big;  /* reading and freeing it is no work for the loop */
	struct au_checked checked;
	struct au_patch patch;
	struct au_revision revision; /* PUT, PATCH: what it makes of the resource */
	struct au_projection projection;
	struct au_list_view *views; /* lists: one per resource type */
	size_t view_count;
	struct au_cursor *after; /* lists: where the page before ended; NULL = none was */

	struct au_cache_use cache;

	/* What comes out. */
	struct au_reply reply;
	struct au_fault fault;
	au_store_work *work; /* what the store was given to read */
	bool is_scan;        /* and that it may look at everything */
	bool on_loop;        /* and that it is read by the loop thread: AU_ELIMIT hands it to a reader thread */
	bool brief;   /* nobody reads the body of the reply */
	bool changed; /* facts were written */
};

struct au_request *au_request_new(struct au_scim *scim, struct au_http_exchange *x);

/*
 * One operation of a Bulk as a request of its own, on the caller's stack: client, settings and time are those of the
 * whole, and the answer is brief.  For work functions.
 */
void au_request_part(const struct au_request *whole, struct au_request *part);
void au_request_part_done(struct au_request *part);

/* Parse the body into r->body.  invalidSyntax, 413, 415. */
int au_request_body(struct au_request *r);
/* The two steps of it: 415 unless it is JSON in UTF-8; parse, up to a depth, on any thread. */
int au_request_media_type(struct au_request *r);
int au_request_parse(struct au_request *r, int max_depth);
/* Parse the query parameters and, when there is a type, the projection. */
int au_request_query(struct au_request *r);
/* What filters and paths of this request may be: by the options and the client's profile. */
struct au_filter_limits au_request_filter_limits(const struct au_request *r);
void au_request_restart(struct au_request *r);

/* Hand over to the store; the answer follows by itself: 429 when it is one long read too many for the client. */
void au_request_read(struct au_request *r, enum au_read_kind kind, au_store_work *work);
void au_request_write(struct au_request *r, au_store_work *work);

/* Facts of this client were committed: those who wait for them are told.  On the loop. */
void au_request_changed(struct au_scim *scim, const char *client);

/* Send what is in reply and go on without a client; r stays, and ends with au_request_end. */
void au_request_answer(struct au_request *r);
void au_request_end(struct au_request *r);
/* Send what is in reply, or the fault; r is gone. */
void au_request_reply(struct au_request *r);
void au_request_refuse(struct au_request *r);

/* For work functions: a store call failed.  Fills the fault from err (404, 409, 500) and returns its code. */
int au_request_store_fault(struct au_request *r, int rc, const struct au_err *err);
/* "BASE/Users/ID" in the arena. */
const char *au_request_location(struct au_request *r, const struct au_resource_type *type, const char *id);

#endif
