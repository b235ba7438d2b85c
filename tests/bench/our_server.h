/* SPDX-License-Identifier: ISC */
/* Our SCIM endpoint by itself: strict HTTP server, SCIM handler and store on one loop, as in the daemon. */
#ifndef BENCH_OUR_SERVER_H
#define BENCH_OUR_SERVER_H

#include <stddef.h>

/* Serve in this process until killed, with its store and token in folder; tells the port.  The header line with the
 * client's token is in folder/authorization by then. */
_Noreturn void our_serve(const char *folder, void (*tell)(int port, int tls_port));

#define OUR_CLIENT "bench" /* whose users they are */

/* Put so many users into a new store in that folder, resources and index only: a list needs no more, and no POST. */
void our_fill(const char *folder, size_t users);

#endif
