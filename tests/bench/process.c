/* SPDX-License-Identifier: ISC */
/* From getrusage(2) and proc(5). */
#include "tests/bench/process.h"

#include "base/io.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static double
seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* What this process has spent of the processors. */
double
process_own_cpu(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

/* What a process has spent of the processors: the 14th and 15th field, counted behind the program's name. */
double
process_cpu(pid_t pid)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/proc/%d/stat", (int)pid);
	AU_CLEANUP(au_freep) char *text = NULL;
	unsigned long user = 0, sys = 0;
	size_t len;

	if (au_io_read(path, 65536, &text, &len, NULL) < 0)
		return 0;
	const char *at = strrchr(text, ')');
	if (at == NULL || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys) != 2)
		return 0;
	return (double)(user + sys) / (double)sysconf(_SC_CLK_TCK);
}

long long
process_peak(pid_t pid)
{
	static const char name[] = "VmHWM:";
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/proc/%d/status", (int)pid);
	AU_CLEANUP(au_freep) char *text = NULL;
	size_t len;

	if (au_io_read(path, 65536, &text, &len, NULL) < 0)
		return 0;
	const char *at = strstr(text, name);
	return at != NULL ? strtoll(at + strlen(name), NULL, 10) : 0;
}
