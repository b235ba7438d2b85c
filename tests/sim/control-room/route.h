/* SPDX-License-Identifier: ISC */
/* From a request to the row that serves it. */
#ifndef CONTROL_ROOM_ROUTE_H
#define CONTROL_ROOM_ROUTE_H

#include <event2/http.h>

/* evhttp's general callback; the argument is the struct room. */
void route_request(struct evhttp_request *request, void *room);

#endif
