/* SPDX-License-Identifier: ISC */
/* What each helper is refused and what it may still do, tried in a process of its own; and that the programs do it. */
#include "tests/unit.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "wire/sandbox.h"
#include "wire/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 60000

/* The address sanitizer's leak check starts a process that looks into ours. */
#ifdef __SANITIZE_ADDRESS__
#define WITH_LEAK_CHECK true
#else
#define WITH_LEAK_CHECK false
#endif

static struct {
	char path[64]; /* a file of ours, with a text in it */
	int file, listener;
	pid_t outsider; /* a process of ours that does nothing */
} scene;

/* ---- what is tried; each returns 0 or -1 with errno, as system calls do ---- */

static int
try_exec(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static int
try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0 ? 0 : -1;
}

static int
try_ptrace(void)
{
	return ptrace(PTRACE_ATTACH, scene.outsider, NULL, NULL) == 0 ? 0 : -1;
}

static int
try_signal(void)
{
	return kill(scene.outsider, 0);
}

static int
try_read_process(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { &scene, 1 };

	return process_vm_readv(scene.outsider, &here, 1, &there, 1, 0) == 1 ? 0 : -1;
}

static int
try_keyring(void)
{
	return (int)syscall(SYS_keyctl, 0, -1, 0);
}

static int
try_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static int
close_opened(int fd)
{
	return fd >= 0 ? close(fd) : -1;
}

static int
open_close(int flags)
{
	return close_opened(open(scene.path, flags, 0600));
}

static int
try_open_to_write(void)
{
	return open_close(O_WRONLY);
}

static int
try_open_for_both(void)
{
	return open_close(O_RDWR | O_APPEND);
}

static int
try_open_for_neither(void)
{
	return open_close(O_ACCMODE);
}

static int
try_open_to_make(void)
{
	return open_close(O_RDONLY | O_CREAT);
}

static int
try_open_to_empty(void)
{
	return open_close(O_RDONLY | O_TRUNC);
}

static int
try_old_open(void)
{
#ifdef SYS_open
	return close_opened((int)syscall(SYS_open, scene.path, O_WRONLY));
#else
	return open_close(O_WRONLY);
#endif
}

static int
try_new_open(void)
{
	struct open_how how = { .flags = O_WRONLY };

	return close_opened((int)syscall(SYS_openat2, AT_FDCWD, scene.path, &how, sizeof how));
}

static int
try_cut(void)
{
	return ftruncate(scene.file, 1);
}

static int
try_chmod(void)
{
	return chmod(scene.path, 0644);
}

static int
try_rename(void)
{
	return rename(scene.path, scene.path);
}

static int
try_remove(void)
{
	return unlink(scene.path);
}

static int
try_listen(void)
{
	return listen(scene.listener, 1);
}

static int
try_accept(void)
{
	int fd = accept(scene.listener, NULL, NULL);

	/* nobody calls: whoever gets as far as that may accept */
	return fd < 0 && errno == EAGAIN ? 0 : fd;
}

static int
try_reading(void)
{
	return open_close(O_RDONLY | O_CLOEXEC);
}

static void *
note(void *ran)
{
	*(bool *)ran = true;
	return NULL;
}

static int
try_thread(void)
{
	pthread_t thread;
	bool ran = false;

	errno = pthread_create(&thread, NULL, note, &ran);
	if (errno == 0)
		errno = pthread_join(thread, NULL);
	return errno == 0 && ran ? 0 : -1;
}

static int
try_name(void)
{
	struct addrinfo *list = NULL;
	int code = getaddrinfo("localhost", "443", NULL, &list);

	if (code == 0)
		freeaddrinfo(list);
	return code == 0 ? 0 : -1;
}

static int
try_connect(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), rc;

	getsockname(scene.listener, (struct sockaddr *)&address, &size);
	rc = connect(fd, (struct sockaddr *)&address, sizeof address);
	close(fd);
	return rc;
}

static int
try_signal_to_itself(void)
{
	signal(SIGUSR1, SIG_IGN);
	return raise(SIGUSR1);
}

enum { NOBODY, THOSE_THAT_WRITE_NOTHING, THOSE_THAT_START_NOTHING, ALL };

static const struct attempt {
	const char *what;
	int (*try)(void);
	int refused_to;
	int with;        /* EPERM unless told */
	bool leak_check; /* needs it */
} attempts[] = {
	{ "start a program", try_exec, THOSE_THAT_START_NOTHING, 0, false },
	{ "start a process", try_fork, THOSE_THAT_START_NOTHING, 0, true },
	{ "trace a process", try_ptrace, ALL, 0, true },
	{ "read a process", try_read_process, ALL, 0, false },
	{ "send a signal", try_signal, THOSE_THAT_START_NOTHING, 0, false },
	{ "use keyrings", try_keyring, ALL, 0, false },
	{ "make a namespace", try_namespace, ALL, 0, false },
	{ "open for writing", try_open_to_write, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "open for reading and writing", try_open_for_both, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "open for neither", try_open_for_neither, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "open and make", try_open_to_make, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "open by the old call", try_old_open, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "open by the new call", try_new_open, THOSE_THAT_WRITE_NOTHING, ENOSYS, false },
	{ "cut a file", try_cut, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "change a mode", try_chmod, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "rename", try_rename, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "listen", try_listen, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "accept", try_accept, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "read a file", try_reading, NOBODY, 0, false },
	{ "run a thread", try_thread, NOBODY, 0, false },
	{ "look up a name", try_name, NOBODY, 0, false },
	{ "connect", try_connect, NOBODY, 0, false },
	{ "signal itself", try_signal_to_itself, NOBODY, 0, false },
	/* last, as they destroy what the others need when they are let */
	{ "open and empty", try_open_to_empty, THOSE_THAT_WRITE_NOTHING, 0, false },
	{ "remove a file", try_remove, THOSE_THAT_WRITE_NOTHING, 0, false },
};

/* ---- in a process that cannot take the filter off again ---- */

/* Where it works it replaces the process. */
static int
try_exec_aside(void)
{
	int status = 1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(try_exec() == 0 ? 0 : 1);
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

static int
least_of(enum au_sandbox whose)
{
	if (whose == AU_SANDBOX_PROGRAMS)
		return ALL;
	return whose == AU_SANDBOX_TARGET ? THOSE_THAT_START_NOTHING : THOSE_THAT_WRITE_NOTHING;
}

/* Tells on the pipe what went otherwise than the table says, and that it came to the end: a program that starts does
 * not. */
static void
try_all(enum au_sandbox whose, int tell)
{
	int least = least_of(whose);
	struct au_err err = { 0 };

	if (au_sandbox_enter(whose, &err) != 0)
		dprintf(tell, "not entered: %s\n", err.text);
	for (size_t i = 0; i < AU_COUNT(attempts); i++) {
		const struct attempt *a = &attempts[i];
		bool refused = a->refused_to >= least;
		int want = a->with != 0 ? a->with : EPERM;

		if (refused && a->leak_check && WITH_LEAK_CHECK)
			continue;
		errno = 0;
		int (*try)(void) = a->try == try_exec && !refused ? try_exec_aside : a->try;
		if (try() == 0 ? refused : !refused || errno != want)
			dprintf(tell, "%s: %s\n", a->what, strerror(errno));
	}
	dprintf(tell, "tried all");
}

static void
expect_of(enum au_sandbox whose)
{
	char text[4096];
	size_t len = 0;
	ssize_t got;
	int pipes[2], status;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		try_all(whose, pipes[1]);
		_exit(0);
	}
	close(pipes[1]);
	while ((got = read(pipes[0], text + len, sizeof text - 1 - len)) > 0)
		len += (size_t)got;
	text[len] = '\0';
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_string_equal(text, "tried all");
	assert_int_equal(status, 0);
}

static void
a_target_starts_and_touches_nothing(void **state)
{
	(void)state;
	expect_of(AU_SANDBOX_TARGET);
}

static void
a_target_with_programs_starts_and_ends_them(void **state)
{
	(void)state;
	expect_of(AU_SANDBOX_PROGRAMS);
}

static void
a_source_writes_nothing_either(void **state)
{
	(void)state;
	expect_of(AU_SANDBOX_SOURCE);
}

static void
a_fetcher_writes_nothing_either(void **state)
{
	(void)state;
	expect_of(AU_SANDBOX_FETCH);
}

/* ---- the programs ---- */

static bool
status_says(pid_t pid, const char *line)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/proc/%d/status", (int)pid);
	char text[8192];
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	return strstr(text, line) != NULL;
}

/* It waits for its first message by then; the channel's end is a reason to leave without complaint. */
static void
expect_filtered(const char *program, const char *const *argv)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", getenv("top_builddir"), program);
	const struct au_child_config config = { .path = path, .argv = argv, .label = "helper" };
	int64_t end = au_clock_mono_ms() + PATIENCE_MS;
	struct au_err err;
	int pidfd, fd, status;
	pid_t pid;

	if (au_spawn(&config, &pid, &pidfd, &fd, &err) != 0)
		fail_msg("%s", err.text);
	while (!status_says(pid, "\nSeccomp:\t2\n") && au_clock_mono_ms() < end)
		poll(NULL, 0, 5);
	if (!status_says(pid, "\nSeccomp:\t2\n") || !status_says(pid, "\nNoNewPrivs:\t1\n"))
		fail_msg("%s runs without a filter", program);
	close(fd);
	close(pidfd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
programs_enter_it(void **state)
{
	(void)state;
	expect_filtered("daemon/targetd/apiuserd-target", (const char *const[]){ "room", NULL });
	expect_filtered("daemon/targetd/apiuserd-target", (const char *const[]){ "--programs", "room", NULL });
	expect_filtered("daemon/sourced/apiuserd-source", NULL);
	expect_filtered("daemon/fetchd/apiuserd-fetch", NULL);
}

/* ---- the scene ---- */

static int
set_up(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	(void)state;
	snprintf(scene.path, sizeof scene.path, "sandbox-%d.tmp", (int)getpid());
	scene.file = open(scene.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_int_equal(write(scene.file, "text", 4), 4);
	scene.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(scene.listener, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(scene.listener, 16), 0);
	scene.outsider = fork();
	if (scene.outsider == 0) {
		pause();
		_exit(0);
	}
	return scene.outsider > 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	kill(scene.outsider, SIGKILL);
	waitpid(scene.outsider, NULL, 0);
	close(scene.listener);
	close(scene.file);
	unlink(scene.path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_target_starts_and_touches_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_target_with_programs_starts_and_ends_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_source_writes_nothing_either, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_fetcher_writes_nothing_either, set_up, tear_down),
		cmocka_unit_test(programs_enter_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
