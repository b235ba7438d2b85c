/* SPDX-License-Identifier: ISC */
/* The Control Room: everything that one simulator process holds. */
#ifndef CONTROL_ROOM_ROOM_H
#define CONTROL_ROOM_ROOM_H

#include "../common/fault.h"
#include "journal.h"
#include "licence.h"
#include "option.h"
#include "rate.h"
#include "role.h"
#include "session.h"
#include "user.h"

#include <event2/event.h>
#include <openssl/evp.h>

struct exchange;

struct room {
	struct options options, started_with;
	struct event_base *base;
	EVP_PKEY *key; /* signs tokens */
	long long clock_offset_ms;
	struct user_table users;
	struct role_table roles;
	struct licence_table licences;
	struct session_table sessions;
	struct rate_table rates;
	struct fault_list faults;
	struct journal journal;
	FILE *log, *passwords;    /* NULL: not wanted */
	json_t *calls;            /* "METHOD path" -> count */
	struct exchange *waiting; /* requests whose answer is not out yet */
};

/* Build the start state: options, roles, administrator, users of --users, then what the state file holds. */
void room_start(struct room *room, const struct options *options, struct event_base *base);
void room_done(struct room *room);
/* Back to the start state, as if the state file had never been. */
void room_reset(struct room *room);

long long room_now(const struct room *room); /* wall clock in ms, moved by /__sim/clock */
bool room_is_a360(const struct room *room);

/* What the user's roles allow, together. */
unsigned room_permissions(const struct room *room, const struct user *user);
bool room_is_last_admin(const struct room *room, const struct user *user);

/* Changes that keep the licence ledger, sessions and the state file in step.  The first two take over the user. */
void room_create_user(struct room *room, struct user *user);
void room_change_user(struct room *room, struct user *changed); /* a changed copy of a user that is there */
void room_delete_user(struct room *room, struct user *user);

#endif
