/* SPDX-License-Identifier: ISC */
/*
 * What stops a target now.  A person's pause, a refusal, a quarantine and a
 * wait that the product asked for each end for themselves.  No input or output:
 * whoever changes a gate writes it to the store.
 */
#ifndef RECONCILE_GATE_H
#define RECONCILE_GATE_H

#include "store/stop.h"

struct au_gate {
	struct au_gate_stop {
		bool is_set;
		char *reason, *actor;
		long long since_ms, until_ms;
		long long until_mono; /* 0 = open end; a person's pause goes by the wall clock */
	} stops[AU_STOP_KINDS];
	bool is_trying;    /* a quarantine is half open: one step may go */
	unsigned openings; /* quarantines in a row */
};

/* Replaces a stop of the same kind.  now_ms, now_mono: the same moment by both clocks. */
void au_gate_put(struct au_gate *gate, const struct au_stop *stop, long long now_ms, long long now_mono);
bool au_gate_remove(struct au_gate *gate, enum au_stop_kind kind); /* whether there was one */
void au_gate_done(struct au_gate *gate);

bool au_gate_has(const struct au_gate *gate, enum au_stop_kind kind);
/* The end of a stop has come. */
bool au_gate_is_over(const struct au_gate *gate, enum au_stop_kind kind, long long now_ms, long long now_mono);
/* The stop that is to be told of, 0 = none: nothing may be sent.  A quarantine that is half open does not count. */
enum au_stop_kind au_gate_first(const struct au_gate *gate);
/* How long until the first end of a stop; -1 = there is none, 0 = it has come. */
long long au_gate_wait_ms(const struct au_gate *gate, long long now_ms, long long now_mono);

#endif
