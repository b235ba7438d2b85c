/* SPDX-License-Identifier: ISC */
/* A list for the few that end together, a tree to find one by its token. */
#include "session.h"

#include "../common/text.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct session *)a)->token, ((const struct session *)b)->token);
}

void
session_add(struct session_table *table, const char *token, long long user_id, long long expires)
{
	struct session *session = need(calloc(1, sizeof(*session)));

	session->token = text_copy(token);
	session->user_id = user_id;
	session->expires = expires;
	session->next = table->first;
	table->first = session;
	table->count++;
	need(tsearch(session, &table->by_token, compare));
}

long long
session_user(const struct session_table *table, const char *token, long long now)
{
	struct session wanted = { .token = (char *)token };
	struct session **found = tfind(&wanted, (void *const *)&table->by_token, compare);

	return found != NULL && (*found)->expires > now ? (*found)->user_id : 0;
}

/* End every session that the test picks. */
static void
end_where(struct session_table *table, bool (*picked)(const struct session *, const void *), const void *context)
{
	struct session **place = &table->first;

	while (*place != NULL) {
		struct session *session = *place;

		if (!picked(session, context)) {
			place = &session->next;
			continue;
		}
		*place = session->next;
		tdelete(session, &table->by_token, compare);
		table->count--;
		free(session->token);
		free(session);
	}
}

static bool
has_token(const struct session *session, const void *token)
{
	return strcmp(session->token, token) == 0;
}

static bool
has_user(const struct session *session, const void *user_id)
{
	return session->user_id == *(const long long *)user_id;
}

static bool
has_expired(const struct session *session, const void *now)
{
	return session->expires <= *(const long long *)now;
}

static bool
is_any(const struct session *session, const void *context)
{
	(void)session;
	(void)context;
	return true;
}

void
session_end(struct session_table *table, const char *token)
{
	end_where(table, has_token, token);
}

void
session_end_user(struct session_table *table, long long user_id)
{
	end_where(table, has_user, &user_id);
}

void
session_end_expired(struct session_table *table, long long now)
{
	end_where(table, has_expired, &now);
}

void
session_table_done(struct session_table *table)
{
	end_where(table, is_any, NULL);
}
