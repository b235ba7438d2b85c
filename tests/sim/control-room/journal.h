/* SPDX-License-Identifier: ISC */
/* The state file: one JSON line per change, written before the answer goes out, so that kill -9 forgets nothing. */
#ifndef CONTROL_ROOM_JOURNAL_H
#define CONTROL_ROOM_JOURNAL_H

#include "licence.h"
#include "role.h"
#include "user.h"

struct room;

struct journal {
	int fd; /* 0: there is none */
	const char *path;
};

/* Take in what the file holds, then write it anew without its history.  Exits with a message on a damaged file. */
void journal_open(struct journal *journal, const char *path, struct room *room);
/* Replace the file by the room as it is. */
void journal_rewrite(struct journal *journal, const struct room *room);
void journal_close(struct journal *journal);

void journal_user(struct journal *journal, const struct user *user, const struct licence_table *licences);
void journal_gone(struct journal *journal, long long user_id);
void journal_role(struct journal *journal, const struct role *role);
void journal_role_gone(struct journal *journal, long long role_id);
void journal_birth(struct journal *journal, const char *username, long long count);

#endif
