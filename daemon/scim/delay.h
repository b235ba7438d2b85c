/* SPDX-License-Identifier: ISC */
/* Things that are done a little later, so many at most.  Loop thread only. */
#ifndef SCIM_DELAY_H
#define SCIM_DELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct au_delays;

struct au_delays *au_delays_new(struct event_base *base);
/* Whatever waits is done at once.  NULL is fine. */
void au_delays_free(struct au_delays *delays);
/* Call fn(arg) in so many milliseconds, not from within this function; false when max of them wait already. */
bool au_delays_add(struct au_delays *delays, size_t max, int64_t ms, void (*fn)(void *arg), void *arg);

#endif
