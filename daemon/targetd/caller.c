/* SPDX-License-Identifier: ISC */
/* A worker that is late, floods us or speaks nonsense is ended, and the call that ran says so. */
#include "targetd/caller.h"

#include "base/clock.h"
#include "base/frame.h"
#include "base/mem.h"
#include "base/str.h"
#include "wire/message.h"
#include "wire/spawn.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OPEN_FILES 256
#define CALL_MOST 100 /* accounts in an answer that is no list */
#define MOST_WORDS (4u << 20)

struct au_caller {
	struct au_caller_config config;
	pid_t pid;
	int pidfd, fd;
	int words; /* -1: goes to stderr */
	unsigned last_id;
	bool is_gone;
	char how[128]; /* its end in words, once is_gone */
};

/* ---- the process --------------------------------------------------------------- */

/* Helpers inherit our standard output and error, so for that moment ours lead elsewhere. */
static int
spawn_aside(const struct au_child_config *child, struct au_caller *caller, struct au_err *err)
{
	int out = dup(STDOUT_FILENO), errors = dup(STDERR_FILENO), r;

	dup2(caller->words >= 0 ? caller->words : STDERR_FILENO, STDOUT_FILENO);
	if (caller->words >= 0)
		dup2(caller->words, STDERR_FILENO);
	r = au_spawn(child, &caller->pid, &caller->pidfd, &caller->fd, err);
	dup2(out, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
	close(out);
	close(errors);
	return r;
}

int
au_caller_start(const struct au_caller_config *config, struct au_caller **ret, struct au_err *err)
{
	const char *argv[4] = { NULL };
	struct au_child_config child = {
		.path = config->program, .argv = argv, .label = "worker", .open_files = OPEN_FILES
	};
	struct timeval limit = { config->limit_ms / 1000, config->limit_ms % 1000 * 1000 };
	struct au_caller *caller = au_xcalloc(1, sizeof(*caller));
	size_t words = 0;
	int r;

	if (config->starts_programs)
		argv[words++] = "--programs";
	if (config->is_strict)
		argv[words++] = "--strict";
	argv[words] = "try";
	caller->config = *config;
	caller->words = config->keeps_words ? memfd_create("words", MFD_CLOEXEC) : -1;
	if ((r = spawn_aside(&child, caller, err)) != 0) {
		if (caller->words >= 0)
			close(caller->words);
		free(caller);
		return r;
	}
	setsockopt(caller->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(caller->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	*ret = caller;
	return 0;
}

/* Wait for its end; false when it does not come in time. */
static bool
reap(struct au_caller *caller, int64_t limit_ms)
{
	struct pollfd wait = { .fd = caller->pidfd, .events = POLLIN };
	siginfo_t info = { 0 };

	while (poll(&wait, 1, (int)limit_ms) < 0 && errno == EINTR)
		continue;
	if (wait.revents == 0 || waitid(P_PIDFD, (id_t)caller->pidfd, &info, WEXITED) != 0)
		return false;
	caller->is_gone = true;
	if (info.si_code != CLD_EXITED)
		snprintf(caller->how, sizeof(caller->how), "was ended by signal %d (%s)", info.si_status,
		    strsignal(info.si_status));
	else if (info.si_status != 0)
		snprintf(caller->how, sizeof(caller->how), "exited with status %d", info.si_status);
	return true;
}

static void
strike(struct au_caller *caller)
{
	pidfd_send_signal(caller->pidfd, SIGKILL, NULL, 0);
	reap(caller, -1);
}

int
au_caller_stop(struct au_caller *caller, struct au_err *err)
{
	int r = 0;

	if (caller == NULL)
		return 0;
	close(caller->fd);
	if (!caller->is_gone && !reap(caller, caller->config.limit_ms)) {
		strike(caller);
		snprintf(caller->how, sizeof(caller->how), "did not end within %lld ms of being told to",
		    (long long)caller->config.limit_ms);
	}
	if (caller->how[0] != '\0')
		r = au_fail(err, AU_EBUG, "the worker %s", caller->how);
	close(caller->pidfd);
	if (caller->words >= 0)
		close(caller->words);
	free(caller);
	return r;
}

char *
au_caller_words(struct au_caller *caller)
{
	AU_CLEANUP(au_freep) char *bytes = au_xmalloc(MOST_WORDS);
	ssize_t len = caller->words >= 0 ? pread(caller->words, bytes, MOST_WORDS, 0) : 0;

	return au_xstrndup(bytes, len > 0 ? (size_t)len : 0);
}

/* ---- calls ---------------------------------------------------------------------- */

void
au_called_done(struct au_called *called)
{
	if (called->accounts != NULL)
		au_json_wipe(called->accounts);
	json_decref(called->accounts);
	json_decref(called->pools);
	json_decref(called->findings);
	json_decref(called->order);
	free(called->text);
	*called = (struct au_called){ 0 };
}

/* The worker cannot go on: the call has an outcome all the same. */
static int
gone(struct au_caller *caller, const struct au_call *call, struct au_called *called, const char *why)
{
	/* One that ended by itself is given the time to tell how. */
	if (!caller->is_gone && !reap(caller, why == NULL ? caller->config.limit_ms : 0)) {
		strike(caller);
		why = why != NULL ? why : "closed its channel and went on";
	}
	if (why != NULL)
		snprintf(caller->how, sizeof(caller->how), "%s", why);
	else if (caller->how[0] == '\0')
		snprintf(caller->how, sizeof(caller->how), "ended without an answer");
	called->is_gone = true;
	return au_fail(&called->err, au_call_changes(call->op) ? AU_EUNKNOWN : AU_ETEMP, "call '%s': the worker %s",
	    au_call_op_name(call->op), caller->how);
}

/* One frame; NULL, and *ret_why set or NULL for an end of the channel. */
static json_t *
receive(struct au_caller *caller, const char **ret_why)
{
	struct pollfd wait = { .fd = caller->fd, .events = POLLIN };
	struct au_err err = { 0 };
	json_t *message;
	int r;

	*ret_why = NULL;
	while ((r = poll(&wait, 1, (int)caller->config.limit_ms)) < 0 && errno == EINTR)
		continue;
	if (r == 0) {
		*ret_why = "gave no answer in time";
		return NULL;
	}
	if ((r = au_channel_receive(caller->fd, AU_FRAME_MAX, &message, &err)) == 0)
		return message;
	if (r == AU_EPROTO || r == AU_ELIMIT)
		*ret_why = "did not keep to the protocol of its channel";
	return NULL;
}

static void
take_end(const struct au_answer *answer, const json_t *message, struct au_called *called)
{
	called->err = answer->err;
	called->text = au_xstrdup(answer->text);
	called->order = answer->order != NULL ? json_deep_copy(answer->order) : NULL;
	called->findings = json_incref(json_object_get(message, "findings"));
}

static void
take_pool(const struct au_pool_state *pool, struct au_called *called)
{
	json_t *json = json_object();

	au_json_set_str(json, "name", pool->name);
	if (pool->limit >= 0)
		au_json_set_int(json, "limit", pool->limit);
	if (pool->used >= 0)
		au_json_set_int(json, "used", pool->used);
	json_array_append_new(called->pools, json);
}

/* NULL while the answer may go on or is whole; else why the worker has to go. */
static const char *
take_frame(struct au_caller *caller, const struct au_call *call, const json_t *message, struct au_called *called,
    bool *ret_end)
{
	size_t most = call->op == AU_CALL_LIST ? caller->config.most_accounts : CALL_MOST;
	struct au_answer answer;

	if (au_answer_from_json(message, &answer, NULL) != 0 || answer.id != caller->last_id)
		return "did not keep to the protocol of its channel";
	*ret_end = answer.end;
	if (answer.end)
		take_end(&answer, message, called);
	else if (answer.pool.name != NULL)
		take_pool(&answer.pool, called);
	else
		json_array_append_new(called->accounts, au_target_account_to_json(&answer.account, true));
	return json_array_size(called->accounts) + json_array_size(called->pools) > most ? "answered with more accounts than are allowed" : NULL;
}

int
au_caller_call(struct au_caller *caller, struct au_call *call, struct au_called *ret)
{
	int64_t start = au_clock_mono_ms();
	const char *why = NULL;
	bool is_end = false;

	*ret = (struct au_called){ .accounts = json_array(), .pools = json_array() };
	call->id = ++caller->last_id;
	if (caller->is_gone || au_channel_reply(caller->fd, au_call_to_json(call), NULL) != 0)
		return gone(caller, call, ret, NULL);
	while (!is_end && why == NULL) {
		json_t *message = receive(caller, &why);

		if (message == NULL)
			return gone(caller, call, ret, why);
		why = take_frame(caller, call, message, ret, &is_end);
		au_message_free(message);
	}
	ret->took_ms = au_clock_mono_ms() - start;
	return why != NULL ? gone(caller, call, ret, why) : ret->err.code;
}

void
au_caller_strike(struct au_caller *caller, struct au_call *call, unsigned after_us)
{
	const struct timespec pause = { after_us / 1000000, after_us % 1000000 * 1000L };

	call->id = ++caller->last_id;
	if (!caller->is_gone && au_channel_reply(caller->fd, au_call_to_json(call), NULL) == 0) {
		nanosleep(&pause, NULL);
		strike(caller);
	}
	caller->how[0] = '\0';
}
