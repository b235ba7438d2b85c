/* SPDX-License-Identifier: ISC */
/* Times, medians and the table that a benchmark prints. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#define MEASURE_ROUNDS_MAX 25

_Noreturn void measure_die(const char *what); /* says what failed, with errno, and exits */
void *measure_alloc(size_t size);             /* zeroed; never NULL */
double measure_now(void);                     /* seconds on the monotonic clock */
/* False when BENCH_ONLY is set and no part of the name. */
bool measure_is_wanted(const char *name);
/* Sorts values.  0 when there are none. */
double measure_quantile(double *values, size_t count, double quantile);

/* One line of the table: what it is, and its figures of each round. */
struct measure_row {
	const char *name;
	double rate[MEASURE_ROUNDS_MAX], p50_ms[MEASURE_ROUNDS_MAX], p99_ms[MEASURE_ROUNDS_MAX];
	double cpu_us[MEASURE_ROUNDS_MAX]; /* 0: not measured */
	size_t rounds;
	const struct measure_row *floor; /* what it is compared with; NULL: it is a floor itself */
	double aim;                      /* share of the floor that we aim for */
};

void measure_add(struct measure_row *row, double rate, double p50_ms, double p99_ms);
/* And what the server's processors spent on each request of the round that was added last. */
void measure_add_cpu(struct measure_row *row, double us);
void measure_print_head(void);
/* Medians over the rounds with the extremes, and the share of the floor beside the aim.  Gates nothing. */
void measure_print(struct measure_row *row);

#endif
