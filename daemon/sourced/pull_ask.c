/* SPDX-License-Identifier: ISC */
/* A member is absent only if neither a user nor a group has its id; any other trouble leaves it unknown. */
#include "sourced/pull_ask.h"

#include "base/mem.h"
#include "base/str.h"
#include "sourced/pull_groups.h"
#include "sourced/pull_single.h"

enum kind { KIND_USER, KIND_GROUP, KIND_REREAD, KIND_PERSON };

struct question {
	struct au_pull_ask *ask;
	enum kind kind;
	long long number; /* of a look-up, or of who asks for a reread; 0 = nobody does */
	char *id;
	bool is_sent;
	struct question *next;
};

struct au_pull_ask {
	struct au_pull_ask_config config;
	struct question *questions;
};

static void send_question(struct question *question);

static void
free_question(struct question *question)
{
	struct question **at = &question->ask->questions;

	while (*at != question)
		at = &(*at)->next;
	*at = question->next;
	free(question->id);
	free(question);
}

static void
tell(struct question *question, enum au_lookup_verdict verdict, const struct au_mapped *found)
{
	AU_CLEANUP(au_json_decrefp) json_t *entry = found != NULL ? au_entry_to_json(&found->entry) : NULL;
	struct au_source_resolved resolved = { .id = question->number,
		.verdict = verdict,
		.entry = entry,
		.dn_norm = found != NULL ? found->dn_norm : NULL };

	au_channel_send(question->ask->config.channel, au_source_resolved_to_json(&resolved), false);
	free_question(question);
}

static void
on_user(struct question *question, enum au_single what, const json_t *resource)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped found;
	bool has_members;

	if (what == AU_SINGLE_GONE) {
		question->kind = KIND_GROUP;
		send_question(question);
	} else if (what == AU_SINGLE_FOUND && au_streq(au_pulled_id(resource), question->id) &&
		   au_pulled_entry(
		       question->ask->config.map, AU_SEARCH_PEOPLE, resource, arena, &found, &has_members, NULL) == 0)
		tell(question, AU_LOOKUP_FOUND, &found);
	else
		tell(question, AU_LOOKUP_UNKNOWN, NULL);
}

static void
on_group(struct question *question, enum au_single what)
{
	static const enum au_lookup_verdict verdicts[] = { [AU_SINGLE_FOUND] = AU_LOOKUP_OUTSIDE,
		[AU_SINGLE_GONE] = AU_LOOKUP_ABSENT,
		[AU_SINGLE_UNKNOWN] = AU_LOOKUP_UNKNOWN };

	tell(question, verdicts[what], NULL);
}

static void
tell_fresh(struct question *question, struct au_batch *batch, enum au_lookup_verdict verdict)
{
	const struct au_source_fresh fresh = { .ask = question->number, .verdict = verdict };

	if (question->number != 0)
		au_fresh_answer(question->ask->config.fresh, batch, &fresh);
	free_question(question);
}

/* That a group or a person is gone is for a whole reading to say. */
static void
on_reread(struct question *question, enum au_single what, const json_t *resource)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	enum au_search search = question->kind == KIND_PERSON ? AU_SEARCH_PEOPLE : AU_SEARCH_GROUPS;
	struct au_batch *batch = question->ask->config.batches[search];
	enum au_lookup_verdict verdict = what == AU_SINGLE_GONE ? AU_LOOKUP_ABSENT : AU_LOOKUP_UNKNOWN;
	struct au_mapped mapped;
	bool has_members;

	if (what == AU_SINGLE_FOUND && au_streq(au_pulled_id(resource), question->id) &&
	    au_pulled_entry(question->ask->config.map, search, resource, arena, &mapped, &has_members, NULL) == 0) {
		au_batch_put(batch, &mapped);
		au_batch_flush(batch);
		verdict = AU_LOOKUP_FOUND;
	}
	tell_fresh(question, batch, verdict);
}

static void
on_answer(void *ctx, const struct au_web_answer *answer)
{
	struct question *question = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *resource = NULL;
	struct au_fault fault;
	enum au_single what = au_single_judge(answer, &resource, &fault);

	switch (question->kind) {
	case KIND_USER:
		on_user(question, what, resource);
		break;
	case KIND_GROUP:
		on_group(question, what);
		break;
	case KIND_REREAD:
	case KIND_PERSON:
		on_reread(question, what, resource);
		break;
	}
}

static void
send_question(struct question *question)
{
	question->is_sent = true;
	bool is_user = question->kind == KIND_USER || question->kind == KIND_PERSON;
	AU_CLEANUP(au_freep) char *path = au_single_path(is_user ? "/Users" : "/Groups", question->id);

	au_remote_get(question->ask->config.remote, path, NULL, on_answer, question);
}

struct au_pull_ask *
au_pull_ask_new(const struct au_pull_ask_config *config)
{
	struct au_pull_ask *ask = au_xcalloc(1, sizeof(*ask));

	ask->config = *config;
	return ask;
}

void
au_pull_ask_free(struct au_pull_ask *ask)
{
	if (ask == NULL)
		return;
	while (ask->questions != NULL)
		free_question(ask->questions); /* NOLINT(clang-analyzer-unix.Malloc) */
	free(ask);
}

static void
add(struct au_pull_ask *ask, enum kind kind, long long number, const char *id)
{
	struct question *question = au_xcalloc(1, sizeof(*question));

	*question = (struct question){
		.ask = ask, .kind = kind, .number = number, .id = au_xstrdup(id), .next = ask->questions
	};
	ask->questions = question;
	send_question(question);
}

void
au_pull_ask_member(struct au_pull_ask *ask, const struct au_source_lookup *lookup)
{
	add(ask, KIND_USER, lookup->id, lookup->dn);
}

/* Who asks hears at once that a group cannot be read alone. */
void
au_pull_ask_reread(struct au_pull_ask *ask, const struct au_source_reread *reread)
{
	const struct au_source_fresh unknown = { .ask = reread->ask, .verdict = AU_LOOKUP_UNKNOWN };

	if (reread->search == AU_SEARCH_PEOPLE)
		add(ask, KIND_PERSON, reread->ask, reread->id);
	else if (au_pull_groups_tell(ask->config.settings))
		add(ask, KIND_REREAD, reread->ask, reread->id);
	else if (reread->ask != 0)
		au_fresh_answer(ask->config.fresh, ask->config.batches[AU_SEARCH_GROUPS], &unknown);
}

void
au_pull_ask_lost(struct au_pull_ask *ask)
{
	for (struct question *question = ask->questions; question != NULL; question = question->next)
		question->is_sent = false;
}

void
au_pull_ask_again(struct au_pull_ask *ask)
{
	for (struct question *question = ask->questions; question != NULL; question = question->next)
		if (!question->is_sent)
			send_question(question);
}
