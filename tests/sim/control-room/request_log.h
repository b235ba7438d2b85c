/* SPDX-License-Identifier: ISC */
/* The log of requests: one JSON line each, passwords, keys and tokens masked. */
#ifndef CONTROL_ROOM_REQUEST_LOG_H
#define CONTROL_ROOM_REQUEST_LOG_H

struct exchange;

/* way: how the answer left when not as usual; NULL otherwise. */
void request_log(const struct exchange *exchange, const char *way);

#endif
