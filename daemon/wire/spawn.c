/* SPDX-License-Identifier: ISC */
/*
 * Starting a helper by posix_spawn, which shares the parent's memory until the
 * exec: cheap for a large daemon, and no code of ours runs in between.
 */
#include "wire/spawn.h"

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_PATH "PATH=/usr/local/bin:/usr/bin:/bin"

/*
 * What a helper may know of our environment: where its credentials lie and whether stderr is the journal's, the time
 * zone for log lines, and settings of the sanitizers.  NOTIFY_SOCKET and everything else stays here.
 */
static const char *const passed_on[] = { "PATH", "TZ", "CREDENTIALS_DIRECTORY", "JOURNAL_STREAM", "ASAN_OPTIONS",
	"UBSAN_OPTIONS", "LSAN_OPTIONS" };

struct environment {
	char *variables[AU_COUNT(passed_on) + 3];
	size_t count;
};

static void
free_environment(struct environment *e)
{
	for (size_t i = 0; i < e->count; i++)
		free(e->variables[i]);
}

static void
make_environment(struct environment *e)
{
	*e = (struct environment){ 0 };
	e->variables[e->count++] = au_xstrdup("LANG=C.UTF-8");
	if (getenv("PATH") == NULL)
		e->variables[e->count++] = au_xstrdup(DEFAULT_PATH);
	for (size_t i = 0; i < AU_COUNT(passed_on); i++)
		if (getenv(passed_on[i]) != NULL)
			e->variables[e->count++] = au_xasprintf("%s=%s", passed_on[i], getenv(passed_on[i]));
}

/* argv[0] and the configured rest; the texts stay where they are. */
static char **
make_arguments(const struct au_child_config *config)
{
	size_t count = 0;

	while (config->argv != NULL && config->argv[count] != NULL)
		count++;
	const char **arguments = au_xcalloc(count + 2, sizeof(*arguments));
	arguments[0] = config->path;
	if (count > 0)
		memcpy(arguments + 1, config->argv, count * sizeof(*arguments));
	return (char **)arguments;
}

static int
exec(const struct au_child_config *config, int fd, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	struct environment environment;
	AU_CLEANUP(au_freep) char **arguments = make_arguments(config);
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	make_environment(&environment);
	int code = posix_spawn_file_actions_init(&actions);
	if (code == 0)
		code = posix_spawnattr_init(&attributes);
	if (code == 0)
		code = posix_spawn_file_actions_adddup2(&actions, fd, AU_CHILD_FD);
	if (code == 0)
		code = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (code == 0)
		code = posix_spawn_file_actions_addclosefrom_np(&actions, AU_CHILD_FD + 1);
	if (code == 0)
		code = posix_spawnattr_setsigmask(&attributes, &none);
	if (code == 0)
		code = posix_spawnattr_setsigdefault(&attributes, &all);
	if (code == 0)
		code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (code == 0)
		code = posix_spawn(ret, config->path, &actions, &attributes, arguments, environment.variables);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	free_environment(&environment);
	return code;
}

/* Lower a limit, never above what we may give. */
static int
limit(pid_t pid, __rlimit_resource_t resource, rlim_t value)
{
	struct rlimit now;

	if (prlimit(pid, resource, NULL, &now) != 0)
		return -1;
	value = value < now.rlim_max ? value : now.rlim_max;
	return prlimit(pid, resource, &(struct rlimit){ .rlim_cur = value, .rlim_max = value }, NULL);
}

/* From outside, before the helper gets its first message: until then it runs its own start-up code only. */
static int
set_limits(const struct au_child_config *config, pid_t pid)
{
#ifndef __SANITIZE_ADDRESS__
	if (config->memory_limit > 0 && limit(pid, RLIMIT_AS, config->memory_limit) != 0)
		return errno;
#endif
	if (config->open_files > 0 && limit(pid, RLIMIT_NOFILE, config->open_files) != 0)
		return errno;
	return 0;
}

static int
watch(const struct au_child_config *config, pid_t pid, int *ret_pidfd)
{
	int pidfd = pidfd_open(pid, 0), code = pidfd < 0 ? errno : set_limits(config, pid);

	/* One that has ended already is told of by its descriptor. */
	if (code == 0 || code == ESRCH) {
		*ret_pidfd = pidfd;
		return 0;
	}
	if (pidfd >= 0)
		close(pidfd);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return code;
}

int
au_spawn(const struct au_child_config *config, pid_t *ret_pid, int *ret_pidfd, int *ret_fd, struct au_err *err)
{
	int pair[2];
	pid_t pid = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return au_fail(err, AU_EIO, "socketpair: %s", strerror(errno));
	int code = exec(config, pair[1], &pid);
	close(pair[1]);
	if (code == 0)
		code = watch(config, pid, ret_pidfd);
	if (code != 0) {
		close(pair[0]);
		return au_fail(err, AU_EIO, "program '%s': %s", config->path, strerror(code));
	}
	*ret_pid = pid;
	*ret_fd = pair[0];
	return 0;
}

void
au_child_enter(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef __SANITIZE_ADDRESS__
	prctl(PR_SET_DUMPABLE, 0); /* the sanitizer's leak check attaches as a debugger does */
#endif
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
	signal(SIGPIPE, SIG_IGN); /* a parent that is gone is an error of write(2) */
}
