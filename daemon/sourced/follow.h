/* SPDX-License-Identifier: ISC */
/*
 * A way of following one search: how changes are heard of between whole readings.  Each way is a table of functions;
 * which one a server gets is in its row of vendor.h.  Where none fits, whole readings by schedule are all there is
 * (comparing.h).
 *
 * A follower brings what it learns into its batch and keeps the rules of batch.h:
 *
 *  - at start it begins a reading: AU_READING_RESUME when it goes on from au_batch_cookie_sent(), AU_READING_WHOLE when
 *    there is none (one that this vendor is not to be believed with was taken away) and it asks for everything;
 *  - that reading ends with AU_STEP_SWEEP only when everything there is was named, with AU_STEP_KEEP when removals came
 *    by name, with AU_STEP_VOID when anything could not be understood;
 *  - then changes are put as they happen, and the cookie moves after what it stands for.
 */
#ifndef SOURCED_FOLLOW_H
#define SOURCED_FOLLOW_H

#include "sourced/batch.h"
#include "sourced/conn.h"
#include "sourced/line.h"
#include "sourced/root.h"

struct au_vendor;

struct au_follow_events {
	void (*refreshed)(void *ctx, enum au_search search); /* the reading ended well; changes are followed */
	void (*touched)(void *ctx, enum au_search search, const char *id); /* a change of this entry was heard of */
	/* A group was told of which members have yet to be searched for. */
	void (*partial)(void *ctx, const struct au_mapped *group);
	/*
	 * Not from the line itself: the answer is not to be trusted or the following ended.  Once per start.  With
	 * AU_FAULT_RELOAD the cookie is gone already and start is called again on the same line; with AU_FAULT_REFUSED
	 * the next one of the vendor's ways is tried.
	 */
	void (*failed)(void *ctx, enum au_search search, const struct au_fault *fault);
	/* It would be followed in a better form if it were begun again from the cookie (ask_again). */
	void (*again)(void *ctx, enum au_search search);
	void (*log)(void *ctx, const char *text); /* for people, of the server's log of changes */
};

/* All of it outlives the follower. */
struct au_follow_config {
	struct event_base *base;
	const struct au_conn_context *context; /* for connections of its own */
	const struct au_mapping *mapping;      /* made for this vendor */
	struct au_batch *batch;                /* keeps the cookie */
	struct au_outbox *outbox;              /* for readings that have a batch of their own */
	const struct au_follow_events *events;
	void *ctx;
};

struct au_follow_start {
	struct au_line *line; /* logged in, this follower's alone; lives until stop */
	struct au_line *side; /* logged in, for small questions beside; lives until stop */
	const struct au_server *server;
	const struct au_root *root; /* of this server; lives until stop */
	const struct au_vendor *vendor;
	int64_t operation_timeout_ms;
};

struct au_way {
	const char *name;   /* as people are told */
	const char *option; /* the value of the option `follow` that means it */
	bool (*is_offered)(const struct au_root *root);
	void *(*create)(const struct au_follow_config *config);
	void (*destroy)(void *follower); /* NULL is fine */
	void (*start)(void *follower, const struct au_follow_start *start);
	/* Begin once more from the cookie, on the same line: has the server anything to tell? */
	void (*ask_again)(void *follower);
	void (*drained)(void *follower);            /* its line has handled all that had arrived */
	void (*room)(void *follower);               /* the outbox has room again; NULL: only the line waits for it */
	void (*stop)(void *follower);               /* the line is going away; a reading under way is void */
	bool (*is_following)(const void *follower); /* the reading is over, changes are heard of */
};

#endif
