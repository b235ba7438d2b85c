/* SPDX-License-Identifier: ISC */
/* A handful of callers at most: a list is enough. */
#include "rate.h"

#include "../common/text.h"

#include <stdlib.h>
#include <string.h>

struct rate_window {
	char *caller;
	long long began;
	long calls;
	struct rate_window *next;
};

static struct rate_window *
window_of(struct rate_table *table, const char *caller)
{
	struct rate_window *window;

	for (window = table->first; window != NULL; window = window->next) {
		if (strcmp(window->caller, caller) == 0)
			return window;
	}
	window = need(calloc(1, sizeof(*window)));
	window->caller = text_copy(caller);
	window->next = table->first;
	table->first = window;
	return window;
}

bool
rate_take(struct rate_table *table, const char *caller, long limit, long window_s, long long now)
{
	struct rate_window *window = window_of(table, caller);

	if (now - window->began >= window_s * 1000LL) {
		window->began = now;
		window->calls = 0;
	}
	return ++window->calls <= limit;
}

void
rate_table_done(struct rate_table *table)
{
	while (table->first != NULL) {
		struct rate_window *window = table->first;

		table->first = window->next;
		free(window->caller);
		free(window);
	}
}
