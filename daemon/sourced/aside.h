/* SPDX-License-Identifier: ISC */
/* Work that may block (a library that asks a KDC), in a thread of its own; the loop hears when it is done. */
#ifndef SOURCED_ASIDE_H
#define SOURCED_ASIDE_H

struct event_base;
struct au_aside;

/* So many may be stuck at the same time. */
#define AU_ASIDE_MAX 8

struct au_aside_job {
	void (*work)(void *data); /* in the thread; touches nothing but data */
	void (*free)(void *data); /* after the work, and after done */
	void *data;
};

/* done comes once, from the loop, and never from within this.  NULL, and job->free was called: too many are stuck. */
struct au_aside *au_aside_new(
    struct event_base *base, const struct au_aside_job *job, void (*done)(void *ctx, void *data), void *ctx);
/* Gives up: no callback afterwards, and data goes when the work ends.  May be called from done.  NULL is fine. */
void au_aside_free(struct au_aside *aside);

#endif
