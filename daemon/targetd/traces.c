/* SPDX-License-Identifier: ISC */
/*
 * A library may well keep something at its first call, so growth counts only
 * when it comes again and again; everything else counts at once.
 */
#include "targetd/traces.h"

#include "base/mem.h"
#include "wire/child.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPS (AU_CALL_REMOVE + 1)
#define CALLS_THAT_LEAK 32
#define SESSIONS_THAT_LEAK 3
#define MOST_DESCRIPTORS 4096
#define OURS (AU_CHILD_FD + 1) /* descriptors below */

struct state {
	sigset_t blocked;
	void (*handlers[NSIG])(int);
	struct stat ours[OURS];
	bool is_open[OURS];
	char folder[4096], locale[256];
	mode_t mask;
	struct itimerval timer;
};

struct au_traces {
	struct state before;
	size_t held;       /* bytes of the heap */
	size_t grew[OPS];  /* calls in a row after which more was held */
	size_t least[OPS]; /* the least that one of them added */
	size_t left[OPS];  /* held after the last of them */
	size_t descriptors, grew_sessions;
	bool keeps_programs;
};

/* Under the address sanitizer malloc is its own, and tells so. */
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t
heap_in_use(void)
{
	struct mallinfo2 info;

	if (__sanitizer_get_current_allocated_bytes != NULL)
		return __sanitizer_get_current_allocated_bytes();
	info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

static void
look(struct state *state)
{
	memset(state, 0, sizeof(*state));
	sigprocmask(SIG_BLOCK, NULL, &state->blocked);
	for (int i = 1; i < NSIG; i++) {
		struct sigaction action;

		if (sigaction(i, NULL, &action) == 0)
			state->handlers[i] = action.sa_handler;
	}
	for (int i = 0; i < OURS; i++)
		state->is_open[i] = fstat(i, &state->ours[i]) == 0;
	if (getcwd(state->folder, sizeof(state->folder)) == NULL)
		state->folder[0] = '\0';
	snprintf(state->locale, sizeof(state->locale), "%s", setlocale(LC_ALL, NULL));
	state->mask = umask(0);
	umask(state->mask);
	getitimer(ITIMER_REAL, &state->timer);
}

struct au_traces *
au_traces_new(void)
{
	return au_xcalloc(1, sizeof(struct au_traces));
}

void
au_traces_free(struct au_traces *traces)
{
	free(traces);
}

void
au_traces_keep_programs(struct au_traces *traces, bool keeps)
{
	traces->keeps_programs = keeps;
}

void
au_traces_before(struct au_traces *traces)
{
	look(&traces->before);
	traces->held = heap_in_use();
}

static bool
has_child(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

/* A descriptor of ours that is gone or is another file now; -1 when all are as they were. */
static int
exchanged(const struct state *was, const struct state *is)
{
	for (int i = 0; i < OURS; i++)
		if (was->is_open[i] != is->is_open[i] || was->ours[i].st_dev != is->ours[i].st_dev ||
		    was->ours[i].st_ino != is->ours[i].st_ino)
			return i;
	return -1;
}

static const char *
compare(const struct state *was, const struct state *is)
{
	for (int i = 1; i < NSIG; i++)
		if (sigismember(&was->blocked, i) != sigismember(&is->blocked, i))
			return "leaves signals blocked";
	if (memcmp(was->handlers, is->handlers, sizeof(was->handlers)) != 0)
		return "leaves a signal handled in another way";
	if (exchanged(was, is) >= 0)
		return "closed or exchanged one of the descriptors 0 to 3";
	if (strcmp(was->folder, is->folder) != 0)
		return "leaves the process in another folder";
	if (strcmp(was->locale, is->locale) != 0)
		return "leaves another locale";
	if (was->mask != is->mask)
		return "leaves another file mode mask";
	if (is->timer.it_value.tv_sec != 0 || is->timer.it_value.tv_usec != 0)
		return "leaves a timer running";
	return NULL;
}

/* How much each of many calls in a row added at least, to what was there and to what the call before it left; 0 when one
 * added nothing.  A connection that is made again after others lost it is no growth. */
static size_t
growth(struct au_traces *traces, enum au_call_op op, size_t kept)
{
	size_t now = heap_in_use(), was = traces->held + kept, more;

	if (traces->grew[op] > 0 && traces->left[op] > was)
		was = traces->left[op];
	traces->left[op] = now;
	more = now > was ? now - was : 0;
	if (more == 0) {
		traces->grew[op] = 0;
		return 0;
	}
	if (traces->grew[op] == 0 || more < traces->least[op])
		traces->least[op] = more;
	if (++traces->grew[op] < CALLS_THAT_LEAK)
		return 0;
	traces->grew[op] = 0;
	return traces->least[op];
}

bool
au_traces_after(struct au_traces *traces, enum au_call_op op, size_t kept, char *ret, size_t size)
{
	size_t more = growth(traces, op, kept);
	struct state now;
	const char *what;

	look(&now);
	what = compare(&traces->before, &now);
	if (what == NULL && !traces->keeps_programs && has_child())
		what = "leaves a child process";
	if (what != NULL)
		snprintf(ret, size, "%s", what);
	else if (more > 0)
		snprintf(ret, size, "holds memory, %zu bytes more after each of %d calls", more, CALLS_THAT_LEAK);
	return what != NULL || more > 0;
}

static size_t
open_descriptors(void)
{
	size_t count = 0;

	for (int i = 0; i < MOST_DESCRIPTORS; i++)
		if (fcntl(i, F_GETFD) >= 0)
			count++;
	return count;
}

bool
au_traces_closed(struct au_traces *traces)
{
	size_t now = open_descriptors();

	traces->grew_sessions = traces->descriptors != 0 && now > traces->descriptors ? traces->grew_sessions + 1 : 0;
	traces->descriptors = now;
	return traces->grew_sessions >= SESSIONS_THAT_LEAK;
}
