/* SPDX-License-Identifier: ISC */
/*
 * The program gets its three standard descriptors, a small environment and
 * nothing else of ours, and dies with us.
 */
#include "exec/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GRACE_MS 2000
#define COMPLAINT_MAX 1024 /* of one line in the log */
#define CHUNK 16384

enum { IN, OUT, ERR, PIPES };

/* ---- start and end ---------------------------------------------------------------- */

static void
close_all(int pipes[PIPES][2])
{
	for (int i = 0; i < PIPES; i++)
		for (int end = 0; end < 2; end++)
			if (pipes[i][end] >= 0)
				close(pipes[i][end]);
}

/* Between fork and exec: nothing that allocates or locks. */
static void
become(char *const *argv, int pipes[PIPES][2], pid_t parent)
{
	static char *const environment[] = { (char *)"PATH=/usr/local/bin:/usr/bin:/bin", (char *)"LANG=C.UTF-8",
		NULL };
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	if (dup2(pipes[IN][0], STDIN_FILENO) < 0 || dup2(pipes[OUT][1], STDOUT_FILENO) < 0 ||
	    dup2(pipes[ERR][1], STDERR_FILENO) < 0)
		_exit(127);
	close_range(STDERR_FILENO + 1, ~0u, 0);
	execve(argv[0], argv, environment);
	_exit(127);
}

int
program_start(struct au_session *s, struct au_err *err)
{
	int pipes[PIPES][2] = { { -1, -1 }, { -1, -1 }, { -1, -1 } };
	pid_t parent = getpid();

	if (s->pid != 0)
		return 0;
	for (int i = 0; i < PIPES; i++) {
		if (pipe2(pipes[i], O_CLOEXEC) != 0) {
			close_all(pipes);
			return au_fail(err, AU_ETEMP, "pipe: %s", strerror(errno));
		}
	}
	if ((s->pid = fork()) == 0)
		become(s->argv, pipes, parent);
	if (s->pid < 0) {
		s->pid = 0;
		close_all(pipes);
		return au_fail(err, AU_ETEMP, "program '%s': %s", s->argv[0], strerror(errno));
	}
	close(pipes[IN][0]);
	close(pipes[OUT][1]);
	close(pipes[ERR][1]);
	s->to = pipes[IN][1];
	s->from = pipes[OUT][0];
	s->complaints = pipes[ERR][0];
	/* It may take its time to read; we must not wait for that without a limit. */
	fcntl(s->to, F_SETFL, O_NONBLOCK);
	return 0;
}

static bool
has_ended(struct au_session *s, int *ret_status)
{
	return waitpid(s->pid, ret_status, WNOHANG) == s->pid;
}

/* The status of its end, which comes soon or is made to come. */
static int
reap(struct au_session *s, int grace_ms)
{
	const struct timespec pause = { 0, 5000000 };
	int status = 0;

	for (int waited = 0; !has_ended(s, &status); waited += 5) {
		if (waited >= grace_ms) {
			kill(-s->pid, SIGKILL);
			kill(s->pid, SIGKILL);
			while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
				continue;
			break;
		}
		nanosleep(&pause, NULL);
	}
	s->pid = 0;
	return status;
}

static void
forget(struct au_session *s)
{
	close(s->from);
	close(s->complaints);
	s->from = s->complaints = -1;
	au_str_done(&s->said);
	au_str_done(&s->complained);
}

void
program_end(struct au_session *s, bool at_once)
{
	if (s->pid == 0)
		return;
	close(s->to);
	s->to = -1;
	reap(s, at_once ? 0 : GRACE_MS);
	forget(s);
}

/* ---- standard error ------------------------------------------------------------------ */

static void
log_line(struct au_session *s, const char *line, size_t len)
{
	if (len > 0)
		s->host->log(6, "program says: %.*s", len < COMPLAINT_MAX ? (int)len : COMPLAINT_MAX, line);
}

/* Whole lines go to the log; one without an end goes when it is long enough. */
static void
take_complaints(struct au_session *s)
{
	char bytes[4096];
	ssize_t len = read(s->complaints, bytes, sizeof(bytes));
	const char *line, *end;

	if (len <= 0)
		return;
	au_str_putn(&s->complained, bytes, (size_t)len);
	line = au_str_get(&s->complained);
	while ((end = strchr(line, '\n')) != NULL) {
		log_line(s, line, (size_t)(end - line));
		line = end + 1;
	}
	if (strlen(line) >= COMPLAINT_MAX) {
		log_line(s, line, strlen(line));
		line += strlen(line);
	}
	char *rest = au_xstrdup(line);
	au_str_done(&s->complained);
	au_str_put(&s->complained, rest);
	free(rest);
}

/* What it said last tells most about why it ended. */
static void
take_last_complaints(struct au_session *s)
{
	struct pollfd fd = { .fd = s->complaints, .events = POLLIN };

	while (poll(&fd, 1, 0) > 0 && (fd.revents & POLLIN) != 0)
		take_complaints(s);
	log_line(s, au_str_get(&s->complained), s->complained.len);
}

/* ---- lines ------------------------------------------------------------------------ */

/* It does not run any more when this returns. */
static int
lose(struct au_session *s, int code, const char *how, struct au_err *err)
{
	int status;

	close(s->to);
	s->to = -1;
	status = reap(s, how == NULL ? GRACE_MS : 0);
	take_last_complaints(s);
	forget(s);
	if (how != NULL)
		return au_fail(err, code, "program '%s' %s", s->argv[0], how);
	if (WIFSIGNALED(status))
		return au_fail(err, code, "program '%s' was ended by signal %d", s->argv[0], WTERMSIG(status));
	return au_fail(err, code, "program '%s' ended with status %d", s->argv[0], WEXITSTATUS(status));
}

static long long
time_left(const struct au_session *s, long long end)
{
	long long left = end - s->host->mono_ms();

	return left > 0 ? left : 0;
}

/* Wait until it can be written to (out) or has said something; 0 when the time is over. */
static int
wait_for(struct au_session *s, bool out, long long end)
{
	struct pollfd fds[] = { { .fd = s->from, .events = POLLIN }, { .fd = s->complaints, .events = POLLIN },
		{ .fd = out ? s->to : -1, .events = POLLOUT } };
	int n = poll(fds, AU_COUNT(fds), (int)time_left(s, end));

	if (n > 0 && fds[1].revents != 0)
		take_complaints(s);
	if (n > 0 && (fds[1].revents & (POLLIN | POLLHUP)) == POLLHUP && fds[0].revents == 0 && fds[2].revents == 0) {
		/* Only its standard error is gone: wait for the others. */
		fds[1].fd = -1;
		n = poll(fds, AU_COUNT(fds), (int)time_left(s, end));
	}
	return n < 0 && errno == EINTR ? 1 : n;
}

int
program_tell(struct au_session *s, json_t *message, struct au_err *err)
{
	char *line = json_dumps(message, JSON_COMPACT);
	size_t len = line != NULL ? strlen(line) : 0, done = 0;
	long long end = s->host->mono_ms() + s->timeout_ms;
	const char *how = NULL;
	bool is_over = line == NULL;

	au_json_wipe(message);
	json_decref(message);
	if (line != NULL)
		line[len++] = '\n';
	while (!is_over && done < len) {
		ssize_t n = write(s->to, line + done, len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			is_over = true;
		else if (wait_for(s, true, end) == 0)
			how = "did not read in time", is_over = true;
	}
	if (line != NULL)
		au_wipe(line, len);
	free(line);
	return is_over ? lose(s, AU_ETEMP, how, err) : 0;
}

/* Cut the first line off what was read; NULL when it is not whole yet. */
static json_t *
cut_line(struct au_session *s, bool *ret_is_bad)
{
	const char *text = au_str_get(&s->said), *end = memchr(text, '\n', s->said.len);
	json_t *message = NULL;
	char *rest;
	size_t len;

	*ret_is_bad = end == NULL && s->said.len > s->longest;
	if (end == NULL)
		return NULL;
	if ((size_t)(end - text) > s->longest ||
	    au_json_parse(text, (size_t)(end - text), AU_JSON_DEPTH, &message, NULL) != 0 || !json_is_object(message)) {
		json_decref(message);
		*ret_is_bad = true;
		return NULL;
	}
	len = s->said.len - (size_t)(end + 1 - text);
	rest = au_xmalloc(len + 1);
	memcpy(rest, end + 1, len);
	au_wipe(s->said.data, s->said.len);
	au_str_done(&s->said);
	au_str_putn(&s->said, rest, len);
	au_wipe(rest, len);
	free(rest);
	return message;
}

int
program_hear(struct au_session *s, json_t **ret, struct au_err *err)
{
	long long end = s->host->mono_ms() + s->timeout_ms;
	char bytes[CHUNK];

	for (;;) {
		bool is_bad;
		json_t *message = cut_line(s, &is_bad);
		struct pollfd now = { .fd = s->from, .events = POLLIN };
		ssize_t len;

		if (message != NULL) {
			*ret = message;
			return 0;
		}
		if (is_bad)
			return lose(s, AU_EPROTO, "answered with something that is no line of JSON", err);
		if (wait_for(s, false, end) == 0)
			return lose(s, AU_ETEMP, "gave no answer in time", err);
		if (poll(&now, 1, 0) <= 0)
			continue;
		if ((len = read(s->from, bytes, sizeof(bytes))) == 0 || (len < 0 && errno != EINTR))
			return lose(s, AU_ETEMP, NULL, err);
		if (len > 0)
			au_str_putn(&s->said, bytes, (size_t)len);
	}
}
