/* SPDX-License-Identifier: ISC */
/* Only ratios of medians of interleaved rounds say something on a shared machine, so that is what is printed. */
#include "tests/bench/measure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void
measure_die(const char *what)
{
	fprintf(stderr, "benchmark: %s: %s\n", what, strerror(errno));
	exit(1);
}

void *
measure_alloc(size_t size)
{
	void *memory = calloc(1, size);

	if (memory == NULL)
		measure_die("memory");
	return memory;
}

double
measure_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool
measure_is_wanted(const char *name)
{
	const char *only = getenv("BENCH_ONLY");

	return only == NULL || strstr(name, only) != NULL;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
measure_quantile(double *values, size_t count, double quantile)
{
	size_t index = (size_t)(quantile * (double)count);

	if (count == 0)
		return 0;
	qsort(values, count, sizeof(*values), compare);
	return values[index < count ? index : count - 1];
}

void
measure_add(struct measure_row *row, double rate, double p50_ms, double p99_ms)
{
	if (row->rounds == MEASURE_ROUNDS_MAX)
		return;
	row->rate[row->rounds] = rate;
	row->p50_ms[row->rounds] = p50_ms;
	row->p99_ms[row->rounds] = p99_ms;
	row->rounds++;
}

void
measure_add_cpu(struct measure_row *row, double us)
{
	if (row->rounds > 0)
		row->cpu_us[row->rounds - 1] = us;
}

static double
median(const double *values, size_t count)
{
	double copy[MEASURE_ROUNDS_MAX];

	memcpy(copy, values, count * sizeof(*copy));
	return measure_quantile(copy, count, 0.5);
}

void
measure_print_head(void)
{
	printf("%-44s %10s %19s %9s %9s %8s %9s %6s %9s\n", "what", "median/s", "[least..most]", "p50 ms", "p99 ms",
	    "CPU us", "of floor", "aim", "by CPU");
}

/* By rate, and by the time of processors, which neighbours on the machine disturb less. */
static void
print_share(const struct measure_row *row, double rate, double cpu_us)
{
	double floor_cpu_us = median(row->floor->cpu_us, row->floor->rounds);

	printf(
	    "%*s %9.2f %6.2f", cpu_us > 0 ? 0 : 9, "", rate / median(row->floor->rate, row->floor->rounds), row->aim);
	if (cpu_us > 0)
		printf(" %9.2f", floor_cpu_us / cpu_us);
}

void
measure_print(struct measure_row *row)
{
	double copy[MEASURE_ROUNDS_MAX], rate = median(row->rate, row->rounds);
	double cpu_us = median(row->cpu_us, row->rounds);
	char range[64];

	if (row->rounds == 0)
		return;
	memcpy(copy, row->rate, sizeof(copy));
	measure_quantile(copy, row->rounds, 0.5);
	snprintf(range, sizeof(range), "[%.0f..%.0f]", copy[0], copy[row->rounds - 1]);
	printf("%-44s %10.0f %19s %9.3f %9.3f", row->name, rate, range, median(row->p50_ms, row->rounds),
	    median(row->p99_ms, row->rounds));
	if (cpu_us > 0)
		printf(" %8.1f", cpu_us);
	if (row->floor != NULL && row->floor->rounds > 0)
		print_share(row, rate, cpu_us);
	putchar('\n');
}
