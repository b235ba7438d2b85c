/* SPDX-License-Identifier: ISC */
/* Live tokens.  A token counts only while it is in this table: ending one is forgetting it. */
#ifndef CONTROL_ROOM_SESSION_H
#define CONTROL_ROOM_SESSION_H

#include <stdbool.h>
#include <stddef.h>

struct session {
	char *token;
	long long user_id, expires;
	struct session *next;
};

struct session_table {
	struct session *first;
	void *by_token; /* tsearch(3) tree */
	size_t count;
};

void session_add(struct session_table *table, const char *token, long long user_id, long long expires);
/* The user a token stands for; 0 when it is unknown or its time is over. */
long long session_user(const struct session_table *table, const char *token, long long now);
void session_end(struct session_table *table, const char *token);
void session_end_user(struct session_table *table, long long user_id);
void session_end_expired(struct session_table *table, long long now);
void session_table_done(struct session_table *table);

#endif
