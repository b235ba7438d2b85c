/* SPDX-License-Identifier: ISC */
/* A calabrio-sim for a test, by the same means as a Control Room; room->token is the session. */
#ifndef TESTS_SIM_TENANT_CLIENT_H
#define TESTS_SIM_TENANT_CLIENT_H

#include "tests/sim/room_client.h"

#define TENANT_ADMIN "admin@tenant.example"
#define TENANT_PERSON "/api/rest/org/common/person"
#define TENANT_LIST TENANT_PERSON "/permission/ViewOrg"

void tenant_begin(struct room_client *room, const char *const *options); /* room_end ends it */
/* Log in; *ret_session (may be NULL) is the caller's.  Returns the status. */
long tenant_login_as(struct room_client *room, const char *mail, const char *password, char **ret_session);
void tenant_login(struct room_client *room); /* the administrator, into room->token; must succeed */
/* One call with a session (NULL: none); body is taken over, ret may be NULL. */
long tenant_call_as(
    struct room_client *room, const char *session, const char *method, const char *path, json_t *body, json_t **ret);
long tenant_call(struct room_client *room, const char *method, const char *path, json_t *body, json_t **ret);
/* Body of a create that breaks no rule; change members before use. */
json_t *tenant_body(const char *mail);
json_int_t tenant_person(struct room_client *room, json_t *body); /* create; its id; must succeed */
/* "/api/.../person/ID" and what follows, in a buffer of its own. */
const char *tenant_path(json_int_t id, const char *rest);
/* What a person does on a screen; returns the status. */
long tenant_screen(struct room_client *room, const char *screen, json_t *body);
json_t *tenant_state(struct room_client *room);                          /* owned by the caller */
json_t *tenant_state_person(struct room_client *room, const char *mail); /* or NULL; owned by the caller */
json_int_t tenant_created(struct room_client *room, const char *mail);   /* how often */

#endif
