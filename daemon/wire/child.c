/* SPDX-License-Identifier: ISC */
/*
 * The life of a helper process.  It is dead when both its exit was seen and its
 * channel has ended, in either order, so that what it wrote last is not lost;
 * whichever comes first gives the other a short time.
 */
#include "wire/child.h"

#include "base/backoff.h"
#include "base/clock.h"
#include "base/rand.h"
#include "base/str.h"
#include "wire/message.h"
#include "wire/spawn.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINGER_MS 1000

struct au_child {
	struct event_base *base;
	struct au_child_config config;
	struct au_child_events events;
	void *ctx;

	pid_t pid; /* 0: no process */
	int pidfd;
	struct au_channel *channel;
	struct event *exited;  /* pidfd is readable */
	struct event *restart; /* time to start */
	struct event *silence; /* nothing came for too long */
	struct event *linger;  /* exit or end of the channel is overdue */
	bool expecting;
	bool stopping;
	struct au_restart budget;
	unsigned starts;
	char *why; /* reason we killed it for */
	char *how; /* what its exit looked like */
};

static void
arm(struct event *timer, int64_t ms)
{
	const struct timeval wait = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	event_add(timer, &wait);
}

static void
set_text(char **text, char *value)
{
	free(*text);
	*text = value;
}

/* The process's end in words. */
static char *
describe_exit(const siginfo_t *info)
{
	if (info->si_code == CLD_EXITED)
		return au_xasprintf("exited with status %d", info->si_status);
	return au_xasprintf("ended by signal %d (%s)", info->si_status, strsignal(info->si_status));
}

/* Take the exit status; false while the process lives.  WNOHANG: do not wait for it. */
static bool
reap(struct au_child *child, int flags)
{
	siginfo_t info = { 0 };
	int rc;

	do
		rc = waitid(P_PIDFD, (id_t)child->pidfd, &info, WEXITED | flags);
	while (rc != 0 && errno == EINTR);
	if (rc == 0 && info.si_pid == 0)
		return false;
	set_text(&child->how, info.si_pid != 0 ? describe_exit(&info) : au_xstrdup("ended"));
	if (child->exited != NULL)
		event_free(child->exited);
	child->exited = NULL;
	close(child->pidfd);
	child->pidfd = -1;
	child->pid = 0;
	return true;
}

static void
close_channel(struct au_child *child)
{
	au_channel_free(child->channel);
	child->channel = NULL;
	child->expecting = false;
	event_del(child->silence);
}

static void
tell_death(struct au_child *child, const char *how)
{
	int64_t wait = au_restart_delay(&child->budget, au_clock_mono_ms(), child->config.forgive_ms,
	    child->config.restart_cap_ms, au_rand_delay());

	arm(child->restart, wait);
	child->events.died(child->ctx, how, wait); /* last: the child may be freed in it */
}

/* Once process and channel are both gone. */
static void
check_death(struct au_child *child)
{
	if (child->pid != 0 || child->channel != NULL)
		return;
	event_del(child->linger);
	if (child->stopping)
		return;
	AU_CLEANUP(au_freep) char *why = child->why;
	AU_CLEANUP(au_freep) char *how = child->how;
	child->why = child->how = NULL;
	AU_CLEANUP(au_freep) char *text = why != NULL ? au_xasprintf("killed: %s", why) : au_xstrdup(how);
	tell_death(child, text);
}

static void
on_exit_seen(evutil_socket_t fd, short what, void *arg)
{
	struct au_child *child = arg;

	(void)fd;
	(void)what;
	if (!reap(child, WNOHANG))
		return;
	arm(child->linger, LINGER_MS);
	check_death(child);
}

static void
on_linger(evutil_socket_t fd, short what, void *arg)
{
	struct au_child *child = arg;

	(void)fd;
	(void)what;
	if (child->pid != 0)
		au_child_kill(child, "closed its channel and did not end");
	else {
		close_channel(child);
		check_death(child);
	}
}

static void
on_silence(evutil_socket_t fd, short what, void *arg)
{
	struct au_child *child = arg;

	(void)fd;
	(void)what;
	AU_CLEANUP(au_freep) char *why = au_xasprintf("silent for %lld ms", (long long)child->config.silence_ms);
	au_child_kill(child, why);
}

static void
wind_up(struct au_child *child)
{
	if (child->expecting && child->config.silence_ms > 0)
		arm(child->silence, child->config.silence_ms);
}

static void
on_message(void *ctx, json_t *message)
{
	struct au_child *child = ctx;

	wind_up(child);
	child->events.message(child->ctx, message); /* last: the child may be freed in it */
}

static void
on_closed(void *ctx, const struct au_err *why)
{
	struct au_child *child = ctx;

	close_channel(child);
	if (why->code != AU_ENOENT && child->pid != 0)
		au_child_kill(child, why->text);
	else
		arm(child->linger, LINGER_MS);
	check_death(child);
}

static void
watch_process(struct au_child *child, int fd)
{
	child->channel = au_channel_new(child->base, fd, child->config.max_frame, on_message, on_closed, child);
	child->exited = event_new(child->base, child->pidfd, EV_READ | EV_PERSIST, on_exit_seen, child);
	if (child->exited == NULL || event_add(child->exited, NULL) != 0)
		abort();
}

static void
on_start(evutil_socket_t unused, short what, void *arg)
{
	struct au_child *child = arg;
	struct au_err err;
	int fd;

	(void)unused;
	(void)what;
	child->starts++;
	set_text(&child->why, NULL);
	child->budget.started_mono = au_clock_mono_ms();
	if (au_spawn(&child->config, &child->pid, &child->pidfd, &fd, &err) != 0) {
		tell_death(child, err.text);
		return;
	}
	watch_process(child, fd);
	child->events.started(child->ctx); /* last: the child may be freed in it */
}

static const char *const *
copy_list(const char *const *list)
{
	size_t count = 0;

	while (list != NULL && list[count] != NULL)
		count++;
	const char **copy = au_xcalloc(count + 1, sizeof(*copy));
	for (size_t i = 0; i < count; i++)
		copy[i] = au_xstrdup(list[i]);
	return copy;
}

static void
free_list(const char *const *list)
{
	for (const char *const *at = list; *at != NULL; at++)
		free((char *)(uintptr_t)*at);
	free((void *)(uintptr_t)list);
}

struct au_child *
au_child_new(
    struct event_base *base, const struct au_child_config *config, const struct au_child_events *events, void *ctx)
{
	struct au_child *child = au_xmalloc(sizeof(*child));

	*child = (struct au_child){ .base = base, .config = *config, .events = *events, .ctx = ctx, .pidfd = -1 };
	child->config.path = au_xstrdup(config->path);
	child->config.label = au_xstrdup(config->label);
	child->config.argv = copy_list(config->argv);
	child->restart = evtimer_new(base, on_start, child);
	child->silence = evtimer_new(base, on_silence, child);
	child->linger = evtimer_new(base, on_linger, child);
	if (child->restart == NULL || child->silence == NULL || child->linger == NULL)
		abort();
	return child;
}

void
au_child_start(struct au_child *child)
{
	child->stopping = false;
	if (child->pid == 0 && child->channel == NULL)
		arm(child->restart, 0);
}

void
au_child_send(struct au_child *child, json_t *message, bool has_secret)
{
	if (child->channel != NULL)
		au_channel_send(child->channel, message, has_secret);
	else if (has_secret)
		au_message_free(message);
	else
		json_decref(message);
}

const char *
au_child_body(const struct au_child *child, size_t *ret_len)
{
	return au_channel_body(child->channel, ret_len);
}

void
au_child_expect(struct au_child *child, bool expecting)
{
	if (expecting == child->expecting || (expecting && child->channel == NULL))
		return;
	child->expecting = expecting;
	if (expecting)
		wind_up(child);
	else
		event_del(child->silence);
}

void
au_child_kill(struct au_child *child, const char *why)
{
	if (child->pid == 0)
		return;
	if (child->why == NULL)
		child->why = au_xstrdup(why);
	close_channel(child);
	event_del(child->linger);
	/* By its descriptor: the number may already belong to another process. */
	pidfd_send_signal(child->pidfd, SIGKILL, NULL, 0);
}

bool
au_child_running(const struct au_child *child)
{
	return child->pid != 0 && child->channel != NULL;
}

pid_t
au_child_pid(const struct au_child *child)
{
	return child->pid;
}

unsigned
au_child_restarts(const struct au_child *child)
{
	return child->starts > 0 ? child->starts - 1 : 0;
}

void
au_child_stop(struct au_child *child)
{
	child->stopping = true;
	event_del(child->restart);
	event_del(child->linger);
	close_channel(child);
}

/* Wait outside the loop, which may not run any more. */
static bool
ends_in_time(struct au_child *child)
{
	struct pollfd wait = { .fd = child->pidfd, .events = POLLIN };

	return poll(&wait, 1, AU_CHILD_GRACE_MS) > 0 && reap(child, WNOHANG);
}

void
au_child_free(struct au_child *child)
{
	if (child == NULL)
		return;
	au_child_stop(child);
	if (child->pid != 0 && !ends_in_time(child)) {
		au_child_kill(child, "did not end");
		/* Of one that is traced the descriptor tells the end before it can be reaped. */
		(void)reap(child, 0);
	}
	event_free(child->restart);
	event_free(child->silence);
	event_free(child->linger);
	free((char *)(uintptr_t)child->config.path);
	free((char *)(uintptr_t)child->config.label);
	free_list(child->config.argv);
	free(child->why);
	free(child->how);
	free(child);
}
