/* SPDX-License-Identifier: ISC */
/* A small generator of our own: the C library's gives other days elsewhere. */
#include "tests/scenario/chance.h"

#include "base/log.h"
#include "base/rand.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t
chance_begin(unsigned seed)
{
	return 0x9E3779B97F4A7C15ull * (seed + 1);
}

size_t
chance_pick(uint64_t *chance, size_t below)
{
	*chance ^= *chance << 13;
	*chance ^= *chance >> 7;
	*chance ^= *chance << 17;
	return (size_t)(*chance >> 11) % below;
}

void
chance_nothing_is_left(struct scenario *s, unsigned seed)
{
	struct au_engine_plan_job job;
	struct au_err err = { 0 };

	au_engine_plan_init(s->engine, &job);
	if (au_store_run(s->store, au_engine_plan_work, &job, &err) < 0)
		complain(s, "%s", err.text);
	else if (job.plan->step_count > 0)
		complain(s, "seed %u: %zu steps are left: %s %s in %s, %s", seed, job.plan->step_count,
		    au_step_op_name(job.plan->steps[0].op), job.plan->steps[0].login, job.plan->steps[0].target,
		    job.plan->steps[0].guard ? job.plan->steps[0].guard : job.plan->steps[0].reason);
	au_engine_plan_done(&job);
}

static void
keep_quiet(void *ctx, enum au_log_level level, const char *text)
{
	(void)ctx;
	(void)level;
	if (getenv("SCENARIO_LOG"))
		fprintf(stderr, "  %s\n", text);
}

int
chance_play(const char *name, int (*play_seed)(unsigned seed))
{
	const char *first = getenv("PROPERTY_FIRST"), *count = getenv("PROPERTY_SEEDS");
	unsigned from = first ? (unsigned)strtoul(first, NULL, 10) : 1;
	unsigned seeds = count ? (unsigned)strtoul(count, NULL, 10) : 16;
	int failures = 0;

	au_rand_init();
	au_log_init(name);
	au_log_capture(keep_quiet, NULL);
	for (unsigned i = 0; i < seeds; i++)
		failures += play_seed(from + i);
	return failures ? 1 : 0;
}
