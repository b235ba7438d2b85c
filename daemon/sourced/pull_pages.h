/* SPDX-License-Identifier: ISC */
/* Pages of a SCIM list as they were last time, for services that answer "not modified" to their entity tags. */
#ifndef SOURCED_PULL_PAGES_H
#define SOURCED_PULL_PAGES_H

#include "base/json.h"

struct au_pull_pages;

struct au_pull_pages *au_pull_pages_new(void);
void au_pull_pages_free(struct au_pull_pages *pages);
const char *au_pull_pages_etag(const struct au_pull_pages *pages, const char *path); /* NULL when there is none */
/* The page with nothing but the total and its resources' ids; NULL when it is not kept.  Caller owns it. */
json_t *au_pull_pages_get(const struct au_pull_pages *pages, const char *path);
/* Keep a page; without an etag (NULL) it is forgotten. */
void au_pull_pages_put(struct au_pull_pages *pages, const char *path, const char *etag, const json_t *page);

#endif
