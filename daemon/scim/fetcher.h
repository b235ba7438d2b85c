/* SPDX-License-Identifier: ISC */
/*
 * Documents over https, fetched or brought by a helper process, since looking up names and shaking hands may block. The
 * helper is started with the first order and asked one thing after the other.  Loop thread only.
 */
#ifndef SCIM_FETCHER_H
#define SCIM_FETCHER_H

#include "wire/fetch.h"

struct event_base;
struct au_fetcher;

struct au_fetcher *au_fetcher_new(struct event_base *base, const char *helper);
/* Ends the helper; nobody is called any more.  NULL is fine. */
void au_fetcher_free(struct au_fetcher *fetcher);

/* Body is NULL on failure; it lives during the call. */
typedef void au_fetcher_done(void *ctx, const char *body_or_null, const struct au_err *err);
/* ca_file may be NULL.  done is called later, exactly once unless it is cancelled. */
void au_fetcher_get(
    struct au_fetcher *fetcher, const char *url, const char *ca_file, au_fetcher_done *done, void *ctx);
/* What is brought: url, ca_file, timeout_ms, post, fields and clear of the order, which is copied; body is the server's
 * answer.  err has Retry-After. */
void au_fetcher_post(struct au_fetcher *fetcher, const struct au_fetch_order *order, au_fetcher_done *done, void *ctx);
/* Forget every order with this ctx. */
void au_fetcher_cancel(struct au_fetcher *fetcher, const void *ctx);

#endif
