/* SPDX-License-Identifier: ISC */
/* Helper processes that answer, crash, hang, flood, and leave. */
#include "tests/unit.h"

#include "base/frame.h"
#include "base/mem.h"
#include "base/rand.h"
#include "wire/child.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define GUARD_S 60 /* a test that gets here has failed */

struct scene {
	struct event_base *base;
	struct au_child *child;
	const char *greeting; /* sent when started */
	int stop_at_messages, stop_at_deaths;
	bool free_in_message, expect;
	int started, messages, deaths;
	json_t *last;
	char how[256];
	int64_t restart_in;
};

static void
on_started(void *ctx)
{
	struct scene *scene = ctx;

	scene->started++;
	if (scene->greeting != NULL) {
		json_t *message = json_object();
		au_json_set_str(message, "word", scene->greeting);
		au_child_send(scene->child, message, true);
	}
	au_child_expect(scene->child, scene->expect);
}

static void
on_message(void *ctx, json_t *message)
{
	struct scene *scene = ctx;

	scene->messages++;
	json_decref(scene->last);
	scene->last = json_deep_copy(message);
	if (scene->free_in_message) {
		au_child_free(scene->child);
		scene->child = NULL;
	}
	if (scene->messages == scene->stop_at_messages)
		event_base_loopbreak(scene->base);
}

static void
on_died(void *ctx, const char *how, int64_t restart_in_ms)
{
	struct scene *scene = ctx;

	scene->deaths++;
	snprintf(scene->how, sizeof(scene->how), "%s", how);
	scene->restart_in = restart_in_ms;
	if (scene->deaths == scene->stop_at_deaths)
		event_base_loopbreak(scene->base);
}

static const struct au_child_events events = { on_started, on_message, on_died };

static void
open_scene(struct scene *scene, const char *program, const char *mode, int64_t silence_ms)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", getenv("top_builddir"), program);
	const char *argv[] = { mode, NULL };
	const struct au_child_config config = {
		.path = path,
		.argv = argv,
		.label = "helper",
		.open_files = 77,
		.max_frame = 1000,
		.restart_cap_ms = 20,
		.forgive_ms = 3600000,
		.silence_ms = silence_ms,
	};

	*scene = (struct scene){ .base = event_base_new() };
	scene->child = au_child_new(scene->base, &config, &events, scene);
	au_child_start(scene->child);
}

/* Run until a condition of the scene breaks the loop. */
static void
play(struct scene *scene)
{
	const struct timeval guard = { .tv_sec = GUARD_S };

	event_base_loopexit(scene->base, &guard);
	event_base_dispatch(scene->base);
	assert_true(event_base_got_break(scene->base));
}

static void
close_scene(struct scene *scene)
{
	au_child_free(scene->child);
	json_decref(scene->last);
	event_base_free(scene->base);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no zombie left */
	assert_int_equal(errno, ECHILD);
}

#define HELPER "tests/wire/helper"

/* A debugger of the process, and what it is told by; it lets go a while after the process ended.  Until then the
 * process is a zombie that its parent cannot reap.  False when debugging is not allowed here. */
static bool
debug(pid_t pid, pid_t *ret_debugger)
{
	int told[2];
	char word = 0;

	assert_int_equal(pipe2(told, O_CLOEXEC), 0);
	*ret_debugger = fork();
	if (*ret_debugger == 0) {
		struct pollfd end = { .fd = pidfd_open(pid, 0), .events = POLLIN };
		word = ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0 ? 'y' : 'n';
		(void)!write(told[1], &word, 1);
		while (word == 'y' && poll(&end, 1, -1) < 0)
			;
		usleep(200000);
		_exit(0);
	}
	close(told[1]);
	assert_int_equal(read(told[0], &word, 1), 1);
	close(told[0]);
	return word == 'y';
}

static void
helper_answers(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, HELPER, "echo", 0);
	scene.greeting = "hello";
	scene.stop_at_messages = 1;
	assert_false(au_child_running(scene.child));
	play(&scene);
	assert_string_equal(au_json_get_str(scene.last, "word"), "hello");
	assert_true(au_child_running(scene.child));
	assert_true(au_child_pid(scene.child) > 0);
	assert_int_equal(au_child_restarts(scene.child), 0);
	close_scene(&scene);
}

static void
helper_inherits_only_what_it_needs(void **state)
{
	struct scene scene;
	const json_t *item;
	size_t index;
	int stray = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */

	(void)state;
	setenv("NOTIFY_SOCKET", "/run/x", 1);
	setenv("HTTPS_PROXY", "http://evil", 1);
	setenv("TZ", "UTC", 1);
	setenv("CREDENTIALS_DIRECTORY", "/run/cred", 1);
	open_scene(&scene, HELPER, "report", 0);
	scene.greeting = "go";
	scene.stop_at_messages = 1;
	play(&scene);
	json_array_foreach (json_object_get(scene.last, "environment"), index, item) {
		const char *variable = json_string_value(item);
		bool known = strcmp(variable, "LANG=C.UTF-8") == 0 || strcmp(variable, "TZ=UTC") == 0 ||
			     strcmp(variable, "CREDENTIALS_DIRECTORY=/run/cred") == 0 ||
			     strncmp(variable, "PATH=", 5) == 0 || strstr(variable, "SAN_OPTIONS=") != NULL ||
			     strncmp(variable, "JOURNAL_STREAM=", 15) == 0;
		if (!known)
			fail_msg("inherited: %s", variable);
	}
	assert_true(json_array_size(json_object_get(scene.last, "environment")) >= 4);
	assert_int_equal(json_array_size(json_object_get(scene.last, "descriptors")), 4);
	assert_int_equal(au_json_get_int(scene.last, "files"), 77);
	assert_int_equal(au_json_get_int(scene.last, "core"), 0);
	assert_int_equal(au_json_get_int(scene.last, "death_signal"), SIGKILL);
	assert_int_equal(au_json_get_int(scene.last, "no_new_privs"), 1);
	close(stray);
	close_scene(&scene);
}

static void
crash_is_told_and_restarted(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, HELPER, "crash", 0);
	scene.stop_at_deaths = 4;
	play(&scene);
	assert_int_equal(scene.started, 4);
	assert_int_equal(scene.messages, 4); /* what it wrote before is not lost */
	assert_int_equal(au_child_restarts(scene.child), 3);
	assert_non_null(strstr(scene.how, "ended by signal 9"));
	assert_in_range(scene.restart_in, 1, 20);
	assert_false(au_child_running(scene.child));
	assert_int_equal(au_child_pid(scene.child), 0);
	close_scene(&scene);
}

static void
last_words_come_before_the_death(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, HELPER, "leave", 0);
	scene.stop_at_deaths = 1;
	play(&scene);
	assert_int_equal(scene.messages, 1);
	assert_string_equal(au_json_get_str(scene.last, "word"), "last words");
	assert_string_equal(scene.how, "exited with status 7");
	close_scene(&scene);
}

static void
silence_is_ended(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, HELPER, "hang", 50);
	scene.expect = true;
	scene.stop_at_deaths = 1;
	play(&scene);
	assert_string_equal(scene.how, "killed: silent for 50 ms");
	close_scene(&scene);
}

static void
stuck_helper_is_killed_when_asked(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, HELPER, "hang", 0);
	scene.stop_at_messages = 1;
	play(&scene);
	au_child_kill(scene.child, "deadline passed");
	au_child_kill(scene.child, "only the first reason counts");
	assert_false(au_child_running(scene.child));
	scene.stop_at_deaths = 1;
	play(&scene);
	assert_string_equal(scene.how, "killed: deadline passed");
	close_scene(&scene);
}

static void
flood_does_not_keep_the_loop_from_its_timers(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, HELPER, "flood", 0);
	scene.stop_at_messages = 2000;
	play(&scene);
	au_child_kill(scene.child, "enough");
	int messages = scene.messages;
	scene.stop_at_deaths = 1;
	play(&scene);
	assert_int_equal(scene.messages, messages);
	close_scene(&scene);
}

static void
closed_channel_ends_the_helper(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, HELPER, "close", 0);
	scene.stop_at_deaths = 1;
	play(&scene);
	assert_int_equal(scene.messages, 1);
	assert_string_equal(scene.how, "killed: closed its channel and did not end");
	close_scene(&scene);
}

static void
broken_protocol_ends_the_helper(void **state)
{
	static const struct {
		const char *mode, *how;
	} rows[] = {
		{ "garbage", "killed: JSON:" }, { "huge", "killed: frame: 4294967295 bytes" },
		{ "cut", NULL }, /* ends by itself: either is seen first */
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct scene scene;
		open_scene(&scene, HELPER, rows[i].mode, 0);
		scene.stop_at_deaths = 1;
		play(&scene);
		assert_int_equal(scene.messages, 0);
		if (rows[i].how != NULL && strncmp(scene.how, rows[i].how, strlen(rows[i].how)) != 0)
			fail_msg("%s: %s", rows[i].mode, scene.how);
		close_scene(&scene);
	}
}

static void
missing_program_counts_as_a_death(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, "tests/wire/no-such-program", "echo", 0);
	scene.stop_at_deaths = 3;
	play(&scene);
	assert_int_equal(scene.started, 0);
	assert_non_null(strstr(scene.how, "No such file"));
	close_scene(&scene);
}

static void
helper_may_be_freed_inside_a_message(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, HELPER, "echo", 0);
	scene.greeting = "free me";
	scene.free_in_message = true;
	scene.stop_at_messages = 1;
	play(&scene);
	assert_int_equal(scene.deaths, 0);
	close_scene(&scene);
}

static void
stopped_helper_leaves_and_is_not_restarted(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, HELPER, "echo", 0);
	scene.greeting = "x";
	scene.stop_at_messages = 1;
	play(&scene);
	au_child_stop(scene.child);
	while (au_child_pid(scene.child) != 0)
		event_base_loop(scene.base, EVLOOP_ONCE);
	event_base_loop(scene.base, EVLOOP_NONBLOCK);
	assert_int_equal(scene.deaths, 0);
	assert_int_equal(scene.started, 1);
	au_child_start(scene.child);
	scene.stop_at_messages = 2;
	play(&scene); /* the guard of the first play is still set, but far away */
	assert_int_equal(scene.started, 2);
	close_scene(&scene);
}

static void
stubborn_helper_does_not_outlive_us(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, HELPER, "hang", 0);
	scene.stop_at_messages = 1;
	play(&scene);
	pid_t pid = au_child_pid(scene.child);
	close_scene(&scene);
	assert_int_equal(kill(pid, 0), -1);
}

static void
one_that_is_debugged_is_waited_for(void **state)
{
	struct scene scene;
	pid_t debugger;
	bool is_debugged;

	(void)state;
	open_scene(&scene, HELPER, "hang", 0);
	scene.stop_at_messages = 1;
	play(&scene);
	is_debugged = debug(au_child_pid(scene.child), &debugger);
	au_child_free(scene.child);
	scene.child = NULL;
	assert_int_equal(waitpid(debugger, NULL, 0), debugger);
	close_scene(&scene);
	if (!is_debugged)
		skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(helper_answers),
		cmocka_unit_test(helper_inherits_only_what_it_needs),
		cmocka_unit_test(crash_is_told_and_restarted),
		cmocka_unit_test(last_words_come_before_the_death),
		cmocka_unit_test(silence_is_ended),
		cmocka_unit_test(stuck_helper_is_killed_when_asked),
		cmocka_unit_test(flood_does_not_keep_the_loop_from_its_timers),
		cmocka_unit_test(closed_channel_ends_the_helper),
		cmocka_unit_test(broken_protocol_ends_the_helper),
		cmocka_unit_test(missing_program_counts_as_a_death),
		cmocka_unit_test(helper_may_be_freed_inside_a_message),
		cmocka_unit_test(stopped_helper_leaves_and_is_not_restarted),
		cmocka_unit_test(stubborn_helper_does_not_outlive_us),
		cmocka_unit_test(one_that_is_debugged_is_waited_for),
	};

	if (pidfd_open(getpid(), 0) < 0 && errno == ENOSYS) {
		puts("pidfd_open is missing (an old valgrind, for one)");
		return 77; /* skipped, for automake */
	}
	au_rand_init();
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
