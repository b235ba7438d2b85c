/* SPDX-License-Identifier: ISC */
/*
 * OpenLDAP's log of changes (slapo-accesslog(5)), followed on a connection of its own: records of what happens to the
 * groups as it happens, and whether those are all.
 *
 * The log is only looked at until somebody wants it.  Where it is lost, it is looked for again; what happened meanwhile
 * comes then, or it is said that there is a gap.
 */
#ifndef SOURCED_ACCESSLOG_H
#define SOURCED_ACCESSLOG_H

#include "sourced/conn.h"
#include "sourced/log_record.h"
#include "sourced/mapping.h"
#include "sourced/root.h"

struct au_accesslog;

/* None of them may free the log. */
struct au_accesslog_events {
	/* A cookie of the groups' search up to which everything is told: what happened behind it is wanted; NULL: none.
	 */
	const char *(*known)(void *ctx);
	void (*record)(void *ctx, const struct au_log_record *record); /* valid until it returns */
	/* What comes from now on has a gap before it. */
	void (*gap)(void *ctx);
	void (*turned)(void *ctx); /* it is followed now, or cannot be for a while: au_accesslog_hope tells */
	void (*said)(void *ctx, const char *text); /* for people: what there is to say of the log */
};

/* All outlive it. */
struct au_accesslog_config {
	const struct au_conn_context *context;
	const struct au_mapping *groups;
	const struct au_accesslog_events *events;
	void *ctx;
};

struct au_accesslog *au_accesslog_new(const struct au_accesslog_config *config);
void au_accesslog_free(struct au_accesslog *log); /* NULL is fine */
/* A session with this server begins; server and root live until au_accesslog_close. */
void au_accesslog_open(struct au_accesslog *log, const struct au_server *server, const struct au_root *root);
void au_accesslog_close(struct au_accesslog *log);

/* It is wanted from now on, in this session and all others. */
void au_accesslog_want(struct au_accesslog *log);

/* Whether a record of what happened may be expected. */
enum au_accesslog_hope {
	AU_ACCESSLOG_NONE = 1, /* not for now */
	AU_ACCESSLOG_SOON,     /* if the log can be reached */
	AU_ACCESSLOG_NOW,      /* in a moment */
};
enum au_accesslog_hope au_accesslog_hope(const struct au_accesslog *log);
/* It lacks what it should have: it is not believed until the next session. */
void au_accesslog_distrust(struct au_accesslog *log, const char *why);

#endif
