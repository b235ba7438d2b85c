/* SPDX-License-Identifier: ISC */
/* The operator is a program of its own, as he must know nothing but the order's text. */
#include "tests/sim/console_client.h"

#include "tests/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void
script(const char *name, char path[4096])
{
	snprintf(path, 4096, "%s/tests/sim/consoles/%s", getenv("top_srcdir"), name);
}

void
console_begin(struct room_client *room, const char *product)
{
	char path[4096], port[128];

	assert_non_null(getenv("top_srcdir"));
	memset(room, 0, sizeof(*room));
	room->program = product;
	snprintf(room->folder, sizeof(room->folder), "/tmp/%s.XXXXXX", product);
	assert_non_null(mkdtemp(room->folder));
	room->curl = curl_easy_init();
	assert_non_null(room->curl);
	script("consoles.py", path);
	room_file(room, "port", port);
	room->pid = fork();
	assert_true(room->pid >= 0);
	if (room->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("python3", "python3", "-B", path, product, "--port-file", port, (char *)NULL);
		_exit(127);
	}
	room_wait(room);
}

json_t *
console_call(struct room_client *room, const char *path, json_t *body)
{
	json_t *answer = NULL;
	long status = room_call(room, body != NULL ? "POST" : "GET", path, body, &answer);

	if (status != 200)
		fail_msg("%s: %ld", path, status);
	return answer;
}

void
console_switch(struct room_client *room, const char *name, json_t *value)
{
	json_decref(console_call(room, "/__sim/switch", json_pack("{s:s, s:o}", "name", name, "value", value)));
}

static void
read_file(const struct room_client *room, const char *name, char *text, size_t size)
{
	char path[128];
	FILE *file;
	size_t len;

	room_file(room, name, path);
	file = fopen(path, "re");
	assert_non_null(file);
	len = fread(text, 1, size - 1, file);
	text[len] = '\0';
	fclose(file);
}

json_t *
console_follow(struct room_client *room, const char *right, const json_t *order, char **ret_why)
{
	char path[4096], in[128], out[128], err[128], command[9000], text[4096];
	int status;

	script("follow.py", path);
	room_file(room, "order", in);
	room_file(room, "report", out);
	room_file(room, "words", err);
	assert_int_equal(json_dump_file(order, in, 0), 0);
	snprintf(command, sizeof(command), "python3 -B '%s' '%s' --right '%s' <'%s' >'%s' 2>'%s'", path, room->base,
	    right, in, out, err);
	status = system(command); /* NOLINT(cert-env33-c): the words are our own */
	if (status != 0) {
		read_file(room, "words", text, sizeof(text));
		*ret_why = strdup(text);
		return NULL;
	}
	read_file(room, "report", text, sizeof(text));
	return json_loads(text, 0, NULL);
}
