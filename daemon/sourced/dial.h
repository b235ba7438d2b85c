/* SPDX-License-Identifier: ISC */
/* Reach a host: addresses at once, names by DNS on the loop, each address tried in turn, never blocking. */
#ifndef SOURCED_DIAL_H
#define SOURCED_DIAL_H

#include <stdint.h>

struct event_base;
struct au_dial;

/* fd >= 0: connected, non-blocking, the callee's; -1: why says what failed.  The dial is over in both cases. */
typedef void au_dial_done(void *ctx, int fd, const char *why);

/* dns: whom to ask, as au_resolve_host takes it.  timeout_ms counts for the whole: looking up and connecting.  done
 * never comes before this returns. */
struct au_dial *au_dial_new(struct event_base *base, const char *dns, const char *host, int port, int64_t timeout_ms,
    au_dial_done *done, void *ctx);
/* Also gives up; no callback afterwards.  NULL is fine. */
void au_dial_free(struct au_dial *dial);

#endif
