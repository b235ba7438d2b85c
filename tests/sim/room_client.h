/* SPDX-License-Identifier: ISC */
/* A simulator for a test: started on a free port, talked to by libcurl, ended with the test. */
#ifndef TESTS_SIM_ROOM_CLIENT_H
#define TESTS_SIM_ROOM_CLIENT_H

#include <curl/curl.h>
#include <jansson.h>
#include <sys/types.h>

#define ROOM_ADMIN "admin"
#define ROOM_PASSWORD "Adm1n-only_here"

struct room_client {
	const char *program, *admin;
	pid_t pid;
	char folder[64]; /* its own temporary folder */
	char base[64];   /* http://127.0.0.1:PORT */
	char *token;     /* of the last room_login */
	CURL *curl;
	CURLcode code; /* of the last call */
	char *type;    /* Content-Type of the last answer, or NULL */
};

/* Start one with more options ("--profile", "a360", ...), NULL-terminated.  Fails the test when it does not start. */
void room_begin(struct room_client *room, const char *const *options);
/* The same with another simulator, whose first administrator has the password ROOM_PASSWORD as well. */
void room_begin_other(struct room_client *room, const char *program, const char *admin, const char *const *options);
/* Start it again in the same folder after room_kill. */
void room_again(struct room_client *room, const char *const *options);
/* For those that start it themselves: the path of a file in its folder, and the wait until its port is in "port". */
void room_file(const struct room_client *room, const char *name, char path[128]);
void room_wait(struct room_client *room);
void room_kill(struct room_client *room, int signal);
void room_end(struct room_client *room); /* fails the test when it did not end cleanly */

/*
 * One call.  Returns the HTTP status, or 0 when no whole answer came (see room->code).  body is a reference that is
 * taken over, or NULL; ret may be NULL, else it gets the parsed answer or NULL, owned by the caller.
 */
long room_call(struct room_client *room, const char *method, const char *path, json_t *body, json_t **ret);
/* The same with another token (NULL: none). */
long room_call_as(
    struct room_client *room, const char *token, const char *method, const char *path, json_t *body, json_t **ret);
/* The same with a header line, which is taken over; NULL: none. */
long room_call_headed(
    struct room_client *room, char *header, const char *method, const char *path, json_t *body, json_t **ret);
/* Any header line, raw body text. */
long room_call_raw(
    struct room_client *room, const char *header, const char *method, const char *path, const char *body, json_t **ret);

/* Log in; *ret_token (may be NULL) is the caller's.  Returns the status. */
long room_login_as(struct room_client *room, const char *username, const char *password, char **ret_token);
void room_login(struct room_client *room); /* the administrator, into room->token; must succeed */

/* Body for a create that breaks no rule; change members before use. */
json_t *room_user_body(const char *username);
/* Create such a user as administrator; its id.  Must succeed. */
json_int_t room_user(struct room_client *room, const char *username);
/* The user in the simulator's state, or NULL; owned by the caller. */
json_t *room_state_user(struct room_client *room, const char *username);
/* How often the username was ever created. */
json_int_t room_state_created(struct room_client *room, const char *username);
void room_switch(struct room_client *room, const char *name, const char *value);
/* Append one rule of the fault script. */
void room_fault(struct room_client *room, json_t *rule);

#endif
