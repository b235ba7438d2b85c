/* SPDX-License-Identifier: ISC */
/* Everything that goes wrong in here fails the test at once, so that tests read as what they are about. */
#include "tests/sim/room_client.h"

#include "tests/unit.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OPTIONS_MAX 32
#define START_TRIES 1500 /* of 20 ms */

void
room_file(const struct room_client *room, const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", room->folder, name);
}

static void
run(const struct room_client *room, const char *const *options)
{
	char program[4096], password[128], port[128], log[128];
	const char *words[OPTIONS_MAX] = { program, "--admin-user", room->admin, "--admin-password-file", password,
		"--port-file", port, "--log", log };
	size_t count = 9;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(program, sizeof(program), "%s/tests/sim/%s", getenv("top_builddir"), room->program);
	room_file(room, "password", password);
	room_file(room, "port", port);
	room_file(room, "log", log);
	while (options != NULL && *options != NULL && count < OPTIONS_MAX - 1)
		words[count++] = *options++;
	words[count] = NULL;
	execv(program, (char *const *)words);
	_exit(127);
}

void
room_wait(struct room_client *room)
{
	const struct timespec pause = { 0, 20000000 };
	char path[128];
	int port = 0;

	room_file(room, "port", path);
	for (int i = 0; i < START_TRIES && port == 0; i++) {
		FILE *file = fopen(path, "re");

		if (file != NULL) {
			if (fscanf(file, "%d", &port) != 1)
				port = 0;
			fclose(file);
		}
		if (waitpid(room->pid, NULL, WNOHANG) != 0)
			fail_msg("%s ended at start", room->program);
		nanosleep(&pause, NULL);
	}
	assert_int_not_equal(port, 0);
	snprintf(room->base, sizeof(room->base), "http://127.0.0.1:%d", port);
}

void
room_again(struct room_client *room, const char *const *options)
{
	char port[128];

	room_file(room, "port", port);
	unlink(port);
	room->pid = fork();
	assert_true(room->pid >= 0);
	if (room->pid == 0)
		run(room, options);
	room_wait(room);
}

void
room_begin(struct room_client *room, const char *const *options)
{
	room_begin_other(room, "control-room-sim", ROOM_ADMIN, options);
}

void
room_begin_other(struct room_client *room, const char *program, const char *admin, const char *const *options)
{
	char path[128];
	FILE *file;

	assert_non_null(getenv("top_builddir"));
	memset(room, 0, sizeof(*room));
	room->program = program;
	room->admin = admin;
	snprintf(room->folder, sizeof(room->folder), "/tmp/%s.XXXXXX", program);
	assert_non_null(mkdtemp(room->folder));
	room_file(room, "password", path);
	file = fopen(path, "we");
	assert_non_null(file);
	fprintf(file, "%s\n", ROOM_PASSWORD);
	fclose(file);
	room->curl = curl_easy_init();
	assert_non_null(room->curl);
	room_again(room, options);
}

void
room_kill(struct room_client *room, int signal)
{
	int status;

	assert_int_equal(kill(room->pid, signal), 0);
	while (waitpid(room->pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	room->pid = 0;
	if (signal == SIGTERM)
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int
remove_one(const char *path, const struct stat *status, int flag, struct FTW *ftw)
{
	(void)status;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void
room_end(struct room_client *room)
{
	if (room->pid != 0)
		room_kill(room, SIGTERM);
	curl_easy_cleanup(room->curl);
	free(room->token);
	free(room->type);
	nftw(room->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

struct answer {
	char *text;
	size_t length;
};

static size_t
collect(char *data, size_t size, size_t count, void *context)
{
	struct answer *answer = context;
	char *grown = realloc(answer->text, answer->length + size * count + 1);

	if (grown == NULL)
		return 0;
	memcpy(grown + answer->length, data, size * count);
	answer->text = grown;
	answer->length += size * count;
	return size * count;
}

long
room_call_raw(
    struct room_client *room, const char *header, const char *method, const char *path, const char *body, json_t **ret)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	struct answer answer = { NULL, 0 };
	char url[512], *type = NULL;
	long status = 0;

	if (header != NULL)
		headers = curl_slist_append(headers, header);
	snprintf(url, sizeof(url), "%s%s", room->base, path);
	curl_easy_reset(room->curl);
	curl_easy_setopt(room->curl, CURLOPT_URL, url);
	curl_easy_setopt(room->curl, CURLOPT_PROXY, "");
	/* libcurl silently sends a request again when a connection that it reused dies without an answer. */
	curl_easy_setopt(room->curl, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(room->curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(room->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(room->curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(room->curl, CURLOPT_WRITEFUNCTION, collect);
	curl_easy_setopt(room->curl, CURLOPT_WRITEDATA, &answer);
	if (body != NULL)
		curl_easy_setopt(room->curl, CURLOPT_POSTFIELDS, body);
	room->code = curl_easy_perform(room->curl);
	if (room->code == CURLE_OK)
		curl_easy_getinfo(room->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(room->curl, CURLINFO_CONTENT_TYPE, &type);
	free(room->type);
	room->type = type != NULL ? strdup(type) : NULL;
	if (ret != NULL)
		*ret = answer.text != NULL ? json_loadb(answer.text, answer.length, JSON_DECODE_ANY, NULL) : NULL;
	curl_slist_free_all(headers);
	free(answer.text);
	return status;
}

long
room_call_headed(
    struct room_client *room, char *header, const char *method, const char *path, json_t *body, json_t **ret)
{
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	long status;

	assert_true(body == NULL || text != NULL);
	json_decref(body);
	status = room_call_raw(room, header, method, path, text, ret);
	free(header);
	free(text);
	return status;
}

long
room_call_as(
    struct room_client *room, const char *token, const char *method, const char *path, json_t *body, json_t **ret)
{
	char *header = NULL;

	if (token != NULL)
		assert_true(asprintf(&header, "X-Authorization: %s", token) > 0);
	return room_call_headed(room, header, method, path, body, ret);
}

long
room_call(struct room_client *room, const char *method, const char *path, json_t *body, json_t **ret)
{
	return room_call_as(room, room->token, method, path, body, ret);
}

long
room_login_as(struct room_client *room, const char *username, const char *password, char **ret_token)
{
	json_t *answer = NULL;
	const char *token;
	long status = room_call_as(room, NULL, "POST", "/v1/authentication",
	    json_pack("{s:s, s:s}", "username", username, "password", password), &answer);

	token = json_string_value(json_object_get(answer, "token"));
	if (ret_token != NULL)
		*ret_token = token != NULL ? strdup(token) : NULL;
	json_decref(answer);
	return status;
}

void
room_login(struct room_client *room)
{
	free(room->token);
	assert_int_equal(room_login_as(room, ROOM_ADMIN, ROOM_PASSWORD, &room->token), 200);
}

json_t *
room_user_body(const char *username)
{
	return json_pack("{s:s, s:s, s:s, s:[{s:i}]}", "username", username, "email", "team@apps.example", "password",
	    "Good-pass.1", "roles", "id", 2);
}

json_int_t
room_user(struct room_client *room, const char *username)
{
	json_t *answer;
	json_int_t id;

	assert_int_equal(room_call(room, "POST", "/v1/usermanagement/users", room_user_body(username), &answer), 200);
	id = json_integer_value(json_object_get(answer, "id"));
	json_decref(answer);
	return id;
}

json_t *
room_state_user(struct room_client *room, const char *username)
{
	char path[256];
	json_t *answer, *user;

	snprintf(path, sizeof(path), "/__sim/state?username=%s", username);
	assert_int_equal(room_call(room, "GET", path, NULL, &answer), 200);
	user = json_incref(json_array_get(json_object_get(answer, "users"), 0));
	json_decref(answer);
	return user;
}

json_int_t
room_state_created(struct room_client *room, const char *username)
{
	json_t *answer;
	json_int_t count;

	assert_int_equal(room_call(room, "GET", "/__sim/state?username=nobody", NULL, &answer), 200);
	count = json_integer_value(json_object_get(json_object_get(answer, "created"), username));
	json_decref(answer);
	return count;
}

void
room_switch(struct room_client *room, const char *name, const char *value)
{
	assert_int_equal(
	    room_call(room, "POST", "/__sim/switch", json_pack("{s:s, s:s}", "name", name, "value", value), NULL), 200);
}

void
room_fault(struct room_client *room, json_t *rule)
{
	assert_int_equal(room_call(room, "POST", "/__sim/fault", json_pack("{s:[o]}", "rules", rule), NULL), 200);
}
