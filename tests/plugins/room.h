/* SPDX-License-Identifier: ISC */
/* The real Automation Anywhere plugin, loaded as targetd loads it, before a scripted Control Room. */
#ifndef TESTS_PLUGINS_ROOM_H
#define TESTS_PLUGINS_ROOM_H

#include "base/json.h"
#include "fake.h"

#define ROOM_PASSWORD "planted-canary-pw"
#define ROOM_USERS "/v1/usermanagement/users"
#define ROOM_USER_LIST "/v1/usermanagement/users/list"
#define ROOM_ROLE_LIST "/v1/usermanagement/roles/list"

struct room {
	struct fake *fake;
	const struct au_target *table;
	struct au_session *session;
	json_t *accounts; /* what was emitted, as wire/call writes accounts */
	char *text;       /* what resolve emitted */
	struct au_err err;
	/* Private. */
	struct au_plugin *plugin;
	struct au_values *values;
	struct au_mask *mask;
};

/* cmocka set-up and tear-down; the session has default options, a password and no rate limit. */
int room_start(void **state);
int room_stop(void **state);
/* Close the session and open one with more options (reference taken). */
void room_open(struct room *room, json_t *options);
int room_try_open(struct room *room, json_t *options);

/* Script: a log-in that gives the token of that number; any other answer. */
void room_login(struct room *room, int number);
void room_answer(struct room *room, const char *method, const char *path, int status, const char *body);
/* Compare the token that came with request number. */
void room_used_token(struct room *room, size_t request, int number);
/* A user object of the API; members of `more` (may be NULL, reference taken) replace those of the usual one. */
char *room_user(int id, const char *name, json_t *more);
/* A list answer; users are joined by commas. */
char *room_page(long long offset, long long total, const char *rows);

au_emit_account room_emit;
au_emit_text room_emit_text;
void room_forget(struct room *room); /* accounts and text */
/* The number-th emitted account's member. */
const char *room_member(const struct room *room, size_t number, const char *name);
/* Call results: compare the code and words of the error. */
void room_expect(struct room *room, int r, int code, const char *words);

#endif
