/* SPDX-License-Identifier: ISC */
/* Questions to DNS on the event loop: addresses of a host, and the hosts of a service (SRV, RFC 2782). */
#ifndef SOURCED_RESOLVE_H
#define SOURCED_RESOLVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct event_base;
struct au_question;

struct au_address {
	struct sockaddr_storage at;
	socklen_t len;
};

struct au_service {
	const char *host;
	int port;
	unsigned priority, weight;
};

/* Lasts until the question is freed. */
struct au_answer {
	const char *why; /* what failed; NULL: there is at least one of what was asked for */
	const struct au_address *addresses;
	struct au_service *services; /* as they came */
	size_t count;
};

/* Once, and never before the question was returned; the question may be freed from within. */
typedef void au_answered(void *ctx, const struct au_answer *answer);

/*
 * servers: whom to ask, "ADDRESS[:PORT]" separated by commas; NULL: as /etc/resolv.conf says now.  Names of hosts are
 * looked for in /etc/hosts, too.  Nothing is kept between questions.  There is no deadline beyond that of trying each
 * server some times (au_question_free gives up).
 */
struct au_question *au_resolve_host(
    struct event_base *base, const char *servers, const char *host, int port, au_answered *done, void *ctx);
struct au_question *au_resolve_service(
    struct event_base *base, const char *servers, const char *name, au_answered *done, void *ctx);
void au_question_free(struct au_question *question); /* NULL is fine; no callback afterwards */

/*
 * In the order in which they are to be tried: by priority, within one at random by weight (RFC 2782 page 3).
 * below(n): a random number from 0 to n - 1.
 */
void au_service_order(struct au_service *services, size_t count, uint32_t (*below)(uint32_t limit));

#endif
