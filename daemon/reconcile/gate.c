/* SPDX-License-Identifier: ISC */
/* A clock that was set must not lengthen a wait: all ends but a person's go by the monotonic clock. */
#include "reconcile/gate.h"

#include "base/mem.h"
#include "base/str.h"

#include <stdlib.h>

#define WAIT_MOST_MS (24LL * 3600 * 1000) /* of a wait that is read from the store: nobody asks us for longer ones */

void
au_gate_put(struct au_gate *gate, const struct au_stop *stop, long long now_ms, long long now_mono)
{
	struct au_gate_stop *to = &gate->stops[stop->kind];
	long long wait_ms = stop->until_ms - now_ms;
	char *reason = au_xstrdup(stop->reason), *actor = au_xstrdup(stop->actor);

	if (wait_ms > WAIT_MOST_MS)
		wait_ms = WAIT_MOST_MS;
	free(to->reason);
	free(to->actor);
	*to = (struct au_gate_stop){ .is_set = true,
		.reason = reason,
		.actor = actor,
		.since_ms = stop->since_ms,
		.until_ms = stop->until_ms,
		.until_mono = stop->until_ms == 0 ? 0 : now_mono + (wait_ms > 0 ? wait_ms : 0) };
}

bool
au_gate_remove(struct au_gate *gate, enum au_stop_kind kind)
{
	struct au_gate_stop *stop = &gate->stops[kind];
	bool was = stop->is_set;

	free(stop->reason);
	free(stop->actor);
	*stop = (struct au_gate_stop){ 0 };
	if (kind == AU_STOP_QUARANTINE)
		gate->is_trying = false;
	return was;
}

void
au_gate_done(struct au_gate *gate)
{
	for (int kind = AU_STOP_PAUSED; kind < AU_STOP_KINDS; kind++)
		au_gate_remove(gate, (enum au_stop_kind)kind);
}

bool
au_gate_has(const struct au_gate *gate, enum au_stop_kind kind)
{
	return gate->stops[kind].is_set;
}

static long long
wait_of(const struct au_gate *gate, enum au_stop_kind kind, long long now_ms, long long now_mono)
{
	const struct au_gate_stop *stop = &gate->stops[kind];
	long long wait;

	if (!stop->is_set || stop->until_ms == 0 || (kind == AU_STOP_QUARANTINE && gate->is_trying))
		return -1;
	wait = kind == AU_STOP_PAUSED ? stop->until_ms - now_ms : stop->until_mono - now_mono;
	return wait > 0 ? wait : 0;
}

bool
au_gate_is_over(const struct au_gate *gate, enum au_stop_kind kind, long long now_ms, long long now_mono)
{
	return wait_of(gate, kind, now_ms, now_mono) == 0;
}

enum au_stop_kind
au_gate_first(const struct au_gate *gate)
{
	for (int kind = AU_STOP_PAUSED; kind < AU_STOP_KINDS; kind++)
		if (gate->stops[kind].is_set && !(kind == AU_STOP_QUARANTINE && gate->is_trying))
			return (enum au_stop_kind)kind;
	return 0;
}

long long
au_gate_wait_ms(const struct au_gate *gate, long long now_ms, long long now_mono)
{
	long long least = -1;

	for (int kind = AU_STOP_PAUSED; kind < AU_STOP_KINDS; kind++) {
		long long wait = wait_of(gate, (enum au_stop_kind)kind, now_ms, now_mono);
		if (wait >= 0 && (least < 0 || wait < least))
			least = wait;
	}
	return least;
}
