/* SPDX-License-Identifier: ISC */
/* The real SCIM plugins, loaded as targetd loads them, before the simulated service (tests/sim/scim). */
#ifndef TESTS_PLUGINS_SERVICE_H
#define TESTS_PLUGINS_SERVICE_H

#include "base/json.h"

#include <curl/curl.h>
#include <sys/types.h>

#define SERVICE_TOKEN "planted-canary-token"
#define MARK "0b0e5a52-3c84-4d5e-9d55-1f1e7a3c9b10"
#define OTHER_MARK "4f6c2c2e-8a55-4e0e-9a4e-6a3f0d1b2c3d"

struct service {
	const struct au_target *table;
	struct au_session *session;
	json_t *accounts; /* what was emitted, as wire/call writes accounts */
	char *text;       /* what resolve emitted */
	struct au_err err;
	char base[64]; /* http://127.0.0.1:PORT */
	/* Private. */
	pid_t pid;
	char folder[64];
	CURL *curl;
	struct au_plugin *plugin;
	struct au_values *values;
	struct au_mask *mask;
};

/* cmocka: of the group, which has one simulator; of each test, which finds it empty and a session with a token. */
int service_begin(void **state);
int service_end(void **state);
int service_set_up(void **state);
int service_tear_down(void **state);

/* Another plugin ("scim", "scim-password"); another session with these options besides url, timeout, request_limit. */
void service_load(struct service *s, const char *plugin);
void service_open(struct service *s, json_t *options); /* reference taken */
int service_try_open(struct service *s, json_t *options);

/* The simulator's scaffolding; references are taken. */
void service_quirks(struct service *s, json_t *quirks);
void service_faults(struct service *s, json_t *faults);
void service_post(struct service *s, const char *path, json_t *body, json_t **ret);
json_t *service_get(struct service *s, const char *path);
void service_group(struct service *s, const char *name);
/* The user in its state, NULL = none; owned by the caller.  How often it was created; requests of that method and path
 * in its log (a path ends with '*' where anything may follow). */
json_t *service_user(struct service *s, const char *name);
long long service_created(struct service *s, const char *name);
size_t service_requests(struct service *s, const char *method, const char *path);

au_emit_account service_emit;
au_emit_text service_emit_text;
void service_forget(struct service *s);                                /* accounts and text */
const char *service_member(const struct service *s, const char *name); /* of the last account */
char *service_id(const struct service *s);                             /* the same's id; caller frees */
/* JSON with ' in place of ". */
json_t *service_json(const char *text);
/* Rights into s->text; an inactive user with those rights, and with a secret unless it is NULL. */
void service_resolve(struct service *s, const char *rights);
int service_create(struct service *s, const char *login, const char *mark, const char *secret);
/* Call results: compare the code and words of the error. */
void service_expect(struct service *s, int r, int code, const char *words);

#endif
