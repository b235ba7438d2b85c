/* SPDX-License-Identifier: ISC */
/* The program apiuserd-source without its main(): the daemon's messages in, one session with a directory out. */
#ifndef SOURCED_SOURCED_H
#define SOURCED_SOURCED_H

struct event_base;

/* Serve the daemon on fd until it closes the channel.  Returns the exit code. */
int au_sourced_run(struct event_base *base, int fd);

#endif
