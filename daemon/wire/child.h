/* SPDX-License-Identifier: ISC */
/*
 * A helper process: exec'd with a socketpair as descriptor 3, a clean
 * environment and limits; watched, killed on deadline, restarted by budget.
 */
#ifndef WIRE_CHILD_H
#define WIRE_CHILD_H

#include "wire/channel.h"

#include <sys/types.h>

#define AU_CHILD_FD 3
#define AU_CHILD_GRACE_MS 2000

struct au_child;

struct au_child_config {
	const char *path;         /* program */
	const char *const *argv;  /* after argv[0]; NULL-terminated; never a secret */
	const char *label;        /* for log lines: "source corp" */
	size_t memory_limit;      /* RLIMIT_AS in bytes, 0 = none; ignored under the address sanitizer, which needs all */
	unsigned open_files;      /* RLIMIT_NOFILE */
	size_t max_frame;
	int64_t restart_cap_ms;   /* longest wait between restarts */
	int64_t forgive_ms;       /* lived this long: deaths are forgotten */
	int64_t silence_ms;       /* killed when no frame at all came for so long while one is expected; 0 = never */
};

struct au_child_events {
	void (*started)(void *ctx);                          /* process runs, channel is open: send the first message */
	au_channel_message *message;
	/* After cleaning up; a restart is scheduled.  A program that cannot be started counts as one that died. */
	void (*died)(void *ctx, const char *how, int64_t restart_in_ms);
};

/* Text in config is copied.  Everything happens on the loop: no callback comes from within these functions. */
struct au_child *au_child_new(struct event_base *base, const struct au_child_config *config,
    const struct au_child_events *events, void *ctx);
void au_child_start(struct au_child *child); /* again after a stop, too */
void au_child_send(struct au_child *child, json_t *message, bool has_secret); /* dropped when not running; steals */
/* Inside `message`: see au_channel_body. */
const char *au_child_body(const struct au_child *child, size_t *ret_len);
/* Arm or disarm the silence watchdog.  Every message winds it up again; arming it twice does not. */
void au_child_expect(struct au_child *child, bool expecting);
void au_child_kill(struct au_child *child, const char *why);  /* SIGKILL; no message any more, died() follows */
bool au_child_running(const struct au_child *child);
pid_t au_child_pid(const struct au_child *child); /* 0 when not running */
unsigned au_child_restarts(const struct au_child *child);
/* Close the channel, which asks the program to end; no restart and no callbacks any more.  Does not wait. */
void au_child_stop(struct au_child *child);
/* Stop, wait up to AU_CHILD_GRACE_MS for a clean exit, then SIGKILL; free.  NULL is fine.  To end several, stop all
 * of them first: they then leave side by side. */
void au_child_free(struct au_child *child);
/* In the child's main(): die with the parent, no core, no new privileges, not dumpable, SIGPIPE ignored.  Call first. */
void au_child_enter(void);

#endif
