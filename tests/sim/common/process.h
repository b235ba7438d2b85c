/* SPDX-License-Identifier: ISC */
/* One process, one loop, 127.0.0.1 only; its loop ends on SIGTERM or SIGINT.  What goes wrong at start ends it. */
#ifndef SIM_COMMON_PROCESS_H
#define SIM_COMMON_PROCESS_H

#include <event2/http.h>

struct process {
	struct event_base *base;
	struct event *term, *interrupt;
	struct evhttp *http; /* NULL until process_listen */
};

void process_start(struct process *process);
/* port 0 takes a free one; it is told on standard output and, by rename, in port_file (NULL = none). */
void process_listen(struct process *process, long port, const char *port_file,
    void (*serve)(struct evhttp_request *request, void *ctx), void *ctx);
void process_stop_listening(struct process *process);
void process_done(struct process *process);

#endif
