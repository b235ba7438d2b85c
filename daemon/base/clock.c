/* SPDX-License-Identifier: ISC */
/* The two clocks, and the fixed ones that tests put in their place. */
#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static struct {
	bool on;
	int64_t wall_ms, mono_ms;
	void (*moved)(void); /* may be NULL */
} fake;

static int64_t
read_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
au_clock_wall_ms(void)
{
	return fake.on ? fake.wall_ms : read_ms(CLOCK_REALTIME);
}

int64_t
au_clock_mono_ms(void)
{
	return fake.on ? fake.mono_ms : read_ms(CLOCK_MONOTONIC);
}

void
au_clock_fake_set(int64_t wall_ms, int64_t mono_ms)
{
	fake.on = true;
	fake.wall_ms = wall_ms;
	fake.mono_ms = mono_ms;
	if (fake.moved != NULL)
		fake.moved();
}

void
au_clock_fake_advance(int64_t ms)
{
	au_clock_fake_set(fake.wall_ms + ms, fake.mono_ms + ms);
}

void
au_clock_real(void)
{
	fake.on = false;
}

bool
au_clock_is_fake(void)
{
	return fake.on;
}

void
au_clock_fake_watch(void (*moved)(void))
{
	fake.moved = moved;
}
