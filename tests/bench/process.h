/* SPDX-License-Identifier: ISC */
/* What processes have used so far. */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <sys/types.h>

double process_own_cpu(void);      /* of the processors, in seconds */
double process_cpu(pid_t pid);     /* of another process, by the kernel's ticks */
long long process_peak(pid_t pid); /* most memory, in KiB */

#endif
