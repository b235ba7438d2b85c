/* SPDX-License-Identifier: ISC */
/* A change says nothing of those who are gone; the number of those who are there does. */
#include "sourced/pull_memory.h"

void
au_pull_memory_drop(struct au_pull_memory *memory)
{
	au_pull_known_free(memory->seen);
	memory->seen = NULL;
}

void
au_pull_memory_done(struct au_pull_memory *memory)
{
	au_pull_memory_drop(memory);
	au_pull_known_free(memory->known);
	memory->known = NULL;
}

void
au_pull_memory_begin(struct au_pull_memory *memory, bool is_whole)
{
	au_pull_memory_drop(memory);
	memory->seen = is_whole ? au_pull_known_new() : NULL;
	memory->newest_seen_ms = 0;
	memory->fresh = 0;
}

bool
au_pull_memory_show(struct au_pull_memory *memory, const char *id, int64_t modified_ms, size_t server)
{
	struct au_pull_known *now = memory->seen != NULL ? memory->seen : memory->known;

	if (modified_ms > memory->newest_seen_ms)
		memory->newest_seen_ms = modified_ms;
	memory->fresh += !au_pull_known_has(memory->known, id);
	return au_pull_known_show(now, memory->known, id, modified_ms, server);
}

void
au_pull_memory_keep(struct au_pull_memory *memory, const char *id)
{
	au_pull_known_keep(memory->seen, memory->known, id);
}

static void
end(struct au_pull_memory *memory)
{
	if (memory->newest_seen_ms > memory->newest_ms)
		memory->newest_ms = memory->newest_seen_ms;
}

void
au_pull_memory_whole(struct au_pull_memory *memory, long long listed)
{
	au_pull_known_free(memory->known);
	memory->known = memory->seen;
	memory->seen = NULL;
	memory->listed = listed;
	memory->misses = false;
	end(memory);
}

void
au_pull_memory_counted(struct au_pull_memory *memory, long long total)
{
	memory->listed += memory->fresh;
	memory->misses = total != memory->listed;
	end(memory);
}

void
au_pull_memory_refused(struct au_pull_memory *memory)
{
	memory->misses = true;
	memory->newest_ms = 0;
}

void
au_pull_memory_turned(struct au_pull_memory *memory)
{
	memory->newest_ms = 0;
}

bool
au_pull_memory_has(const struct au_pull_memory *memory, const char *id)
{
	return au_pull_known_has(memory->seen, id) || au_pull_known_has(memory->known, id);
}

bool
au_pull_memory_can_follow(const struct au_pull_memory *memory)
{
	return memory->known != NULL && memory->newest_ms > 0;
}
