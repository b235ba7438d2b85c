/* SPDX-License-Identifier: ISC */
/* fork and exec, the way the daemon's child does it but by hand, so that targetd is tested without it. */
#include "tests/targetd/worker.h"

#include "base/frame.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "wire/channel.h"
#include "wire/child.h"

#include "tests/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

void
worker_start(struct worker *w)
{
	char *program = au_xasprintf("%s/daemon/targetd/apiuserd-target", getenv("top_builddir"));
	char name[] = "/tmp/test-serve-XXXXXX";
	int log = mkstemp(name), pair[2];

	assert_true(log >= 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	signal(SIGPIPE, SIG_IGN); /* as the daemon has it: a helper that is gone is an error of write(2) */
	w->pid = fork();
	assert_true(w->pid >= 0);
	if (w->pid == 0) {
		dup2(log, 2);
		dup2(pair[1], AU_CHILD_FD);
		fcntl(AU_CHILD_FD, F_SETFD, 0);
		execl(program, "apiuserd-target", "mock", (char *)NULL);
		_exit(127);
	}
	close(pair[1]);
	close(log);
	free(program);
	w->fd = pair[0];
	w->last_id = 0;
	w->log_file = au_xstrdup(name);
}

int
worker_stop(struct worker *w)
{
	int status;

	close(w->fd);
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	unlink(w->log_file);
	free(w->log_file);
	return status;
}

char *
worker_log(const struct worker *w)
{
	char *text;
	size_t len;

	assert_int_equal(au_io_read(w->log_file, 1 << 20, &text, &len, NULL), 0);
	return text;
}

void
worker_call(struct worker *w, struct au_call *call, struct outcome *ret)
{
	struct au_answer answer = { 0 };
	struct au_err err;

	call->id = ++w->last_id;
	*ret = (struct outcome){ 0 };
	assert_int_equal(au_channel_reply(w->fd, au_call_to_json(call), &err), 0);
	while (!answer.end) {
		json_t *message;

		if (au_channel_receive(w->fd, AU_FRAME_MAX, &message, &err) != 0)
			fail_msg("no answer: %s", err.text);
		assert_int_equal(au_answer_from_json(message, &answer, &err), 0);
		assert_int_equal(answer.id, call->id);
		if (!answer.end && answer.pool.name != NULL) {
			json_t *pools = ret->pools != NULL ? ret->pools : (ret->pools = json_object());
			json_object_set_new(pools, answer.pool.name,
			    json_pack("{s:I, s:I}", "limit", (json_int_t)answer.pool.limit, "used",
				(json_int_t)answer.pool.used));
		} else if (!answer.end) {
			json_decref(ret->account);
			ret->account = au_target_account_to_json(&answer.account, true);
			ret->accounts++;
		} else {
			ret->err = answer.err;
			ret->text = au_xstrdup(answer.text);
			ret->order = json_incref((json_t *)(uintptr_t)answer.order);
		}
		json_decref(message);
	}
}

void
outcome_done(struct outcome *outcome)
{
	json_decref(outcome->account);
	json_decref(outcome->order);
	json_decref(outcome->pools);
	free(outcome->text);
}

static int
open_plugin(struct worker *w, const char *plugin, json_t *options, json_t *own_rules, struct au_err *err)
{
	struct au_call call = { .op = AU_CALL_OPEN, .plugin = plugin, .options = options, .own_rules = own_rules };
	struct outcome outcome;
	int code;

	worker_call(w, &call, &outcome);
	*err = outcome.err;
	code = outcome.err.code;
	outcome_done(&outcome);
	json_decref(options);
	json_decref(own_rules);
	return code;
}

int
worker_open_path(struct worker *w, const char *plugin, json_t *options, struct au_err *err)
{
	return open_plugin(w, plugin, options, NULL, err);
}

int
worker_open_tight(struct worker *w, const char *mock, json_t *options, json_t *own_rules, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *plugin = au_xasprintf("%s/tests/targetd/.libs/%s.so", getenv("top_builddir"), mock);

	return open_plugin(w, plugin, options, own_rules, err);
}

int
worker_open(struct worker *w, const char *mock, json_t *options, struct au_err *err)
{
	return worker_open_tight(w, mock, options, NULL, err);
}
