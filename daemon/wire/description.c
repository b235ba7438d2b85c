/* SPDX-License-Identifier: ISC */
/*
 * Nobody but apiuserd-target loads a plugin: it prints the table, which is read
 * with a limit on time and size, because even a table comes from somebody's code.
 */
#include "wire/description.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "wire/plugin_path.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_MS 10000
#define TRIES 3
#define TABLE_MAX (1u << 20)
#define WORDS_MAX 4096

/* One of the helper's two outputs. */
struct output {
	int fd; /* our end; -1 after its end */
	size_t max;
	struct au_str text;
};

struct run {
	pid_t pid;
	int64_t end_mono;
	bool was_struck; /* killed, and not by us or by a fault of its own */
	struct output table, words;
};

static void
close_output(struct output *output)
{
	if (output->fd >= 0)
		close(output->fd);
	output->fd = -1;
}

static void
run_done(struct run *run)
{
	close_output(&run->table);
	close_output(&run->words);
	au_str_done(&run->table.text);
	au_str_done(&run->words.text);
}

static int
spawn_with(struct run *run, const char *helper, const char *path, int table_end, int words_end)
{
	char *const argv[] = { (char *)"apiuserd-target", (char *)"--describe", (char *)"--json", (char *)path, NULL };
	char *const environment[] = { (char *)"LC_ALL=C.UTF-8", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int r;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, table_end, 1);
	posix_spawn_file_actions_adddup2(&actions, words_end, 2);
	r = posix_spawn(&run->pid, helper, &actions, &attributes, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return r;
}

static int
start(struct run *run, const char *helper, const char *path, struct au_err *err)
{
	int table[2], words[2];
	int r;

	if (pipe2(table, O_CLOEXEC) != 0)
		return au_fail(err, AU_EIO, "pipe: %s", strerror(errno));
	if (pipe2(words, O_CLOEXEC) != 0) {
		close(table[0]);
		close(table[1]);
		return au_fail(err, AU_EIO, "pipe: %s", strerror(errno));
	}
	run->table.fd = table[0];
	run->words.fd = words[0];
	r = spawn_with(run, helper, path, table[1], words[1]);
	close(table[1]);
	close(words[1]);
	return r == 0 ? 0 : au_fail(err, AU_EIO, "helper '%s': %s", helper, strerror(r));
}

static int
read_some(struct output *output, struct au_err *err)
{
	char buf[4096];
	ssize_t n = read(output->fd, buf, sizeof(buf));

	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0) {
		close_output(output);
		return 0;
	}
	if (output->text.len + (size_t)n > output->max)
		return au_fail(err, AU_ELIMIT, "helper printed more than %zu bytes", output->max);
	au_str_putn(&output->text, buf, (size_t)n);
	return 0;
}

static int
fail_late(struct au_err *err)
{
	return au_fail(err, AU_ETEMP, "helper took longer than %d s", LIMIT_MS / 1000);
}

static int
collect(struct run *run, struct au_err *err)
{
	int r = 0;

	while (r == 0 && (run->table.fd >= 0 || run->words.fd >= 0)) {
		struct pollfd fds[2] = { { .fd = run->table.fd, .events = POLLIN },
			{ .fd = run->words.fd, .events = POLLIN } };
		int64_t left = run->end_mono - au_clock_mono_ms();

		if (left <= 0)
			return fail_late(err);
		if (poll(fds, 2, (int)left) < 0)
			continue;
		if (fds[0].revents != 0)
			r = read_some(&run->table, err);
		if (r == 0 && fds[1].revents != 0)
			r = read_some(&run->words, err);
	}
	return r;
}

/* The helper's last words are one line for people. */
static int
check_exit(struct run *run, int status, struct au_err *err)
{
	const char *words = au_str_get(&run->words.text);

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	run->was_struck = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	if (WIFSIGNALED(status))
		return au_fail(err, AU_EINVAL, "helper was ended by signal %d", WTERMSIG(status));
	if (strncmp(words, "apiuserd-target: ", 17) == 0)
		words += 17;
	if (words[0] == '\0')
		return au_fail(err, AU_EINVAL, "helper ended with %d", WEXITSTATUS(status));
	return au_fail(err, AU_EINVAL, "%.*s", (int)strcspn(words, "\n"), words);
}

/* Reap the helper: it has closed its outputs, or is killed for what it did. */
static int
finish(struct run *run, int r, struct au_err *err)
{
	const struct timespec pause = { 0, 1000000 };
	int status = 0;
	pid_t pid;

	while (r == 0 && (pid = waitpid(run->pid, &status, WNOHANG)) != run->pid) {
		if (pid < 0 && errno != EINTR)
			return au_fail(err, AU_EIO, "helper: %s", strerror(errno));
		if (au_clock_mono_ms() >= run->end_mono)
			r = fail_late(err);
		else
			nanosleep(&pause, NULL);
	}
	if (r == 0)
		return check_exit(run, status, err);
	kill(run->pid, SIGKILL);
	while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return r;
}

static int
parse(struct au_arena *arena, const struct au_str *text, const struct au_describe **ret, struct au_err *err)
{
	struct au_describe *describe = au_arena_alloc(arena, sizeof(*describe));
	json_t *json;
	int r = au_json_parse(au_str_get(text), text->len, AU_JSON_DEPTH, &json, err);

	if (r != 0) {
		au_err_recode(err, AU_EPROTO);
		return au_err_prefix(err, AU_EPROTO, "helper's answer");
	}
	au_json_in_arena(arena, json);
	if ((r = au_describe_from_json(arena, json, describe, err)) != 0)
		return r;
	*ret = describe;
	return 0;
}

static int
ask(struct au_arena *arena, const char *helper, const char *path, const struct au_describe **ret, bool *ret_was_struck,
    struct au_err *err)
{
	AU_CLEANUP(run_done)
	struct run run = { .table = { -1, TABLE_MAX, AU_STR_INIT }, .words = { -1, WORDS_MAX, AU_STR_INIT } };
	int r;

	run.end_mono = au_clock_mono_ms() + LIMIT_MS;
	if ((r = start(&run, helper, path, err)) != 0)
		return r;
	r = finish(&run, collect(&run, err), err);
	*ret_was_struck = run.was_struck;
	return r == 0 ? parse(arena, &run.table.text, ret, err) : r;
}

/* A helper that somebody killed from outside says nothing about its plugin, so it is asked again. */
int
au_description_ask(
    struct au_arena *arena, const char *helper, const char *path, const struct au_describe **ret, struct au_err *err)
{
	bool was_struck = true;
	int r = 0;

	for (unsigned tries = 0; was_struck && tries < TRIES; tries++) {
		was_struck = false;
		r = ask(arena, helper, path, ret, &was_struck, err);
	}
	return r;
}

int
au_description_of(void *ctx, const struct au_values *daemon, struct au_arena *arena, const char *plugin,
    const struct au_describe **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *helper = au_xasprintf("%s/apiuserd-target", au_values_str(daemon, "helper_dir"));
	AU_CLEANUP(au_freep) char *path = NULL;
	int r = au_plugin_path(au_values_str(daemon, "plugin_dir"), plugin, &path, err);

	(void)ctx;
	return r == 0 ? au_description_ask(arena, helper, path, ret, err) : r;
}
