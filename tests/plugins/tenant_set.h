/* SPDX-License-Identifier: ISC */
/* A real worker with a module of plugins/calabrio against the simulator, which shares no code with either. */
#ifndef TESTS_PLUGINS_TENANT_SET_H
#define TESTS_PLUGINS_TENANT_SET_H

#include "tests/sim/tenant_client.h"
#include "tests/targetd/worker.h"

#define MARK "0b0e5a52-3c84-4d5e-9d55-1f1e7a3c9b10"
#define LOGIN "api.payroll@apps.example"
#define SECRET "Zt7?kq#Wm3.Rv9x:Yb2@nM4!"
#define TEMPLATE "{\"tenant\":true}"

struct set {
	const char *plugin; /* "calabrio-one" */
	struct room_client room;
	struct worker worker;
	char *rights; /* of the last set_resolve */
	struct outcome last;
};

/* Options of the simulator, and more of the target's (reference taken); both may be NULL. */
struct set *set_begin(const char *plugin, const char *const *options, json_t *more);
int set_begin_usual(void **state);    /* calabrio-one, TEMPLATE resolved, nobody to set passwords but a person */
int set_begin_password(void **state); /* the tenant's API takes a member "password" */
int set_end(void **state);            /* and no secret is in the worker's log */
/* Another worker session, as another user. */
void set_open(struct set *set, const char *username, const char *password, json_t *more);
int set_try_open(struct set *set, const char *username, const char *password, json_t *more, struct au_err *err);

void set_call(struct set *set, struct au_call call, int code);
void set_resolve(struct set *set, const char *rights);
void set_resolve_fails(struct set *set, const char *rights, const char *words);
void set_create(struct set *set, int code);
void set_find(struct set *set, const char *login, size_t count);
const char *set_member(const struct set *set, const char *name); /* of the last account */
int set_active_of_last(const struct set *set);
long set_login(struct set *set, const char *secret); /* status of authorize as LOGIN */
void set_switch(struct set *set, const char *name, const char *value);
void set_fault(struct set *set, const char *method, const char *path, json_t *rule);
/* LOGIN's person in the simulator; must be there; owned by the caller. */
json_t *set_person(struct set *set);

#endif
