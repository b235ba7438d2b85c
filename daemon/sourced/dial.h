/* SPDX-License-Identifier: ISC */
/* Reach a host: addresses at once, names by DNS on the loop, each address tried in turn, never blocking. */
#ifndef SOURCED_DIAL_H
#define SOURCED_DIAL_H

#include <stdint.h>

struct event_base;
struct au_dial;

struct au_dial_config {
	struct event_base *base;
	const char *dns; /* whom to ask, as au_resolve_host takes it */
	const char *host;
	int port;
	int64_t timeout_ms; /* for the whole: looking up and connecting */
	/* What the kernel does about a connection that is quiet or stuck (tcp(7)); ms. */
	int64_t keepalive_idle_ms, keepalive_interval_ms, send_timeout_ms;
	int keepalive_count;
};

/* fd >= 0: connected, non-blocking, the callee's; -1: why says what failed.  The dial is over in both cases. */
typedef void au_dial_done(void *ctx, int fd, const char *why);

/* Text is copied or used at once.  done never comes before this returns. */
struct au_dial *au_dial_new(const struct au_dial_config *config, au_dial_done *done, void *ctx);
/* Also gives up; no callback afterwards.  NULL is fine. */
void au_dial_free(struct au_dial *dial);

#endif
