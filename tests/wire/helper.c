/* SPDX-License-Identifier: ISC */
/* A helper process for tests: its first argument says how it behaves. */
#include "wire/child.h"

#include "base/frame.h"
#include "base/io.h"
#include "base/mem.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

extern char **environ;

static void
say(const char *word)
{
	json_t *message = json_object();

	au_json_set_str(message, "word", word);
	au_json_set_int(message, "pid", getpid());
	if (au_channel_reply(AU_CHILD_FD, message, NULL) != 0)
		_exit(2);
}

static void
sleep_forever(void)
{
	for (;;)
		pause();
}

/* Answer each message with itself until the end. */
static int
echo(void)
{
	json_t *message;
	struct au_err err;
	int code;

	while ((code = au_channel_receive(AU_CHILD_FD, AU_FRAME_MAX, &message, &err)) == 0)
		if (au_channel_reply(AU_CHILD_FD, message, &err) != 0)
			return 3;
	return code == AU_ENOENT ? 0 : 4;
}

static int
crash(void)
{
	say("about to crash");
	raise(SIGKILL);
	return 0;
}

static int
leave(void)
{
	say("last words");
	return 7;
}

static int
hang(void)
{
	say("hanging");
	sleep_forever();
	return 0;
}

static int
flood(void)
{
	while (getppid() > 0)
		say("flood");
	return 0;
}

static int
close_it(void)
{
	say("closing");
	close(AU_CHILD_FD);
	sleep_forever();
	return 0;
}

static int
write_raw(const char *bytes, size_t len)
{
	if (au_io_write_all(AU_CHILD_FD, bytes, len, NULL) != 0)
		return 2;
	sleep_forever();
	return 0;
}

static int
garbage(void)
{
	return write_raw("\0\0\0\5hello", 9);
}

static int
huge(void)
{
	return write_raw("\xff\xff\xff\xff", 4);
}

static int
cut(void)
{
	return au_io_write_all(AU_CHILD_FD, "\0\0\0\144{\"word\"", 11, NULL) == 0 ? 0 : 2;
}

static json_t *
open_descriptors(void)
{
	json_t *list = json_array();
	DIR *dir = opendir("/proc/self/fd");

	for (const struct dirent *d; (d = readdir(dir)) != NULL;)
		if (d->d_name[0] != '.' && strtol(d->d_name, NULL, 10) != dirfd(dir))
			json_array_append_new(list, json_string(d->d_name));
	closedir(dir);
	return list;
}

static long long
soft_limit(__rlimit_resource_t resource)
{
	struct rlimit limit;

	getrlimit(resource, &limit);
	return (long long)limit.rlim_cur;
}

/* Tell what was inherited, once asked: limits are there by then. */
static int
report(void)
{
	json_t *message, *variables = json_array();
	int death_signal;

	if (au_channel_receive(AU_CHILD_FD, AU_FRAME_MAX, &message, NULL) != 0)
		return 2;
	json_decref(message);
	message = json_object();
	for (char **v = environ; *v != NULL; v++)
		json_array_append_new(variables, json_string(*v));
	json_object_set_new(message, "environment", variables);
	json_object_set_new(message, "descriptors", open_descriptors());
	au_json_set_int(message, "files", soft_limit(RLIMIT_NOFILE));
	au_json_set_int(message, "core", soft_limit(RLIMIT_CORE));
	prctl(PR_GET_PDEATHSIG, &death_signal);
	au_json_set_int(message, "death_signal", death_signal);
	au_json_set_int(message, "no_new_privs", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	return au_channel_reply(AU_CHILD_FD, message, NULL) == 0 ? 0 : 2;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} modes[] = {
		{ "echo", echo },
		{ "crash", crash },
		{ "leave", leave },
		{ "hang", hang },
		{ "flood", flood },
		{ "close", close_it },
		{ "garbage", garbage },
		{ "huge", huge },
		{ "cut", cut },
		{ "report", report },
	};

	au_child_enter();
	for (size_t i = 0; argc == 2 && i < AU_COUNT(modes); i++)
		if (strcmp(argv[1], modes[i].name) == 0)
			return modes[i].run();
	return 64;
}
