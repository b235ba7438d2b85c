/* SPDX-License-Identifier: ISC */
/* Calls per caller in a fixed window of time (A7). */
#ifndef CONTROL_ROOM_RATE_H
#define CONTROL_ROOM_RATE_H

#include <stdbool.h>

struct rate_window;

struct rate_table {
	struct rate_window *first;
};

/* Count one call of "user 7" or "address 127.0.0.1"; false when it is beyond the limit. */
bool rate_take(struct rate_table *table, const char *caller, long limit, long window_s, long long now);
void rate_table_done(struct rate_table *table);

#endif
