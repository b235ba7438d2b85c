/* SPDX-License-Identifier: ISC */
/* The tenant: everything that one simulator process holds.  What a call shows of it is JSON and is kept as JSON. */
#ifndef CALABRIO_SIM_TENANT_H
#define CALABRIO_SIM_TENANT_H

#include "../common/digest.h"
#include "../common/fault.h"
#include "option.h"

#include <event2/event.h>
#include <jansson.h>

#define TENANT_ID 1
#define TEAM_DEFAULT 1  /* "Default Team" */
#define GROUP_DEFAULT 2 /* its parent group */
#define ROLE_ADMIN 1
#define ROLE_AGENT 2
#define ROLE_SUPERVISOR 3
#define ROLE_ANALYST 4 /* not a default one, and bears no administrator licence */
#define VIEW_ENTERPRISE 1
#define HISTORY_MAX 5

struct person {
	long long id;
	json_t *body; /* what GET shows, without personId, displayId and active */
	bool active, locked, legacy;
	int bad_logins;
	struct digest password, api_password, earlier[HISTORY_MAX];
	long long password_set; /* wall clock in ms */
};

struct session {
	char *id;
	long long person_id, used, person_limit, team_limit; /* ids from the limits on came after the log-in */
	json_t *teams;                                       /* ids of what its scope held at log-in */
	struct session *next;
};

struct exchange;

struct tenant {
	struct options options, started_with;
	struct event_base *base;
	long long clock_offset_ms, next_person, next_group;
	struct person **people; /* sorted by id */
	size_t person_count, person_cap;
	json_t *roles, *teams, *groups, *views; /* arrays of objects as the product tells them */
	struct session *sessions;
	struct fault_list faults;
	FILE *log, *passwords; /* NULL: not wanted */
	json_t *calls;         /* "METHOD path" -> count */
	json_t *births;        /* e-mail -> how often such a person was created */
	struct exchange *waiting;
};

void tenant_start(struct tenant *tenant, const struct options *options, struct event_base *base);
void tenant_done(struct tenant *tenant);
void tenant_reset(struct tenant *tenant);      /* as if the state file had never been */
void tenant_save(const struct tenant *tenant); /* after each change; by rename, so a kill leaves a whole file */

long long tenant_now(const struct tenant *tenant);    /* wall clock in ms, moved by /__sim/clock */
const char *tenant_word(const struct tenant *tenant); /* the product's own name */

/* An object of one of the arrays by "id", "roleId" and so on; NULL when there is none. */
json_t *tenant_find(const json_t *array, const char *member, long long id);

/* person.c */
struct person *person_find(const struct tenant *tenant, long long id);
struct person *person_find_mail(const struct tenant *tenant, const char *mail); /* whatever the case */
/* A new person that holds what body says; the body is taken over. */
struct person *person_add(struct tenant *tenant, json_t *body);
void person_free(struct person *person);
json_t *person_view(const struct tenant *tenant, const struct person *person);   /* GET */
json_t *person_listed(const struct tenant *tenant, const struct person *person); /* a row of the list */
bool person_is_admin(const struct tenant *tenant, const struct person *person);  /* by its active roles' flag */
json_t *person_record(const struct person *person);                              /* for the state file */
struct person *person_restore(const json_t *record);

/* password.c: why the screen refuses a password, or NULL. */
const char *password_problem(const struct tenant *tenant, const struct person *person, const char *password);
void password_set(struct tenant *tenant, struct person *person, const char *password);
bool password_is_over(const struct tenant *tenant, const struct person *person);

/* session.c */
struct session *session_open(struct tenant *tenant, const struct person *person);
struct session *session_find(struct tenant *tenant, const char *id); /* NULL when unknown or idle for too long */
void session_end(struct tenant *tenant, const struct session *session);
void session_end_all(struct tenant *tenant, long long person_id); /* 0: everybody's */
bool session_sees_team(const struct session *session, const struct tenant *tenant, long long team_id);
/* By team, by the views of who asks (CA-R11), and by when the person came. */
bool session_sees_person(const struct session *session, const struct tenant *tenant, const struct person *person);

#endif
