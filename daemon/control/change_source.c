/* SPDX-License-Identifier: ISC */
/* Handlers: what people may say to a source, one row each. */
#include "base/str.h"
#include "control/overview.h"
#include "control/route.h"
#include "source/round.h"
#include "store/audit.h"

/* A word: how it is audited and answered, what it writes with its audit row, and what the source does of it. */
struct word {
	const char *verb, *answer;
	int (*write)(
	    struct au_store_tx *tx, struct au_arena *arena, const char *name, struct au_err *err); /* or NULL */
	void (*tell)(struct au_source *source);
};

static int
write_pause(struct au_store_tx *tx, struct au_arena *arena, const char *name, struct au_err *err)
{
	return au_round_put_paused(tx, arena, name, true, err);
}

static int
write_resume(struct au_store_tx *tx, struct au_arena *arena, const char *name, struct au_err *err)
{
	return au_round_put_paused(tx, arena, name, false, err);
}

static const struct word resync = { "source.resync", "resync", NULL, au_source_resync };
static const struct word pause_word = { "source.pause", "paused", write_pause, au_source_pause };
static const struct word resume = { "source.resume", "resumed", write_resume, au_source_resume };

/* ---- audit ---- */

/* What was held when the word was given: by search, how many would go. */
static int
note_held(struct au_store_tx *tx, const struct au_control_request *r, json_t *detail, struct au_err *err)
{
	struct au_source_now now;
	const char *cookies[AU_SEARCHES];
	int rc = au_round_load(tx, r->arena, r->params[0], &now, cookies, err);

	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++)
		if (au_reading_is_suspect(&now.searches[i]))
			au_json_set_int(detail, au_search_name(i), now.searches[i].doomed);
	return rc;
}

static int
word_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct word *word = r->job;
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object(), *held = json_object();
	int rc = note_held(tx, r, held, err);

	if (rc == 0 && word->write != NULL)
		rc = word->write(tx, r->arena, r->params[0], err);
	if (rc < 0)
		return rc;
	au_json_set_str(detail, "reason", au_json_get_str(r->body, "reason"));
	if (json_object_size(held) > 0)
		json_object_set(detail, "held", held);
	return au_store_audit(tx, r->now_ms, r->actor, word->verb, r->params[0], detail, err);
}

/* ---- the handlers ---- */

/* A reload may have taken the source away meanwhile, so it is looked for again. */
static void
tell(struct au_control_request *r)
{
	const struct word *word = r->job;
	struct au_source *source =
	    r->control != NULL ? au_overview_find_source(&r->control->world, r->params[0]) : NULL;
	json_t *json;

	if (source == NULL) {
		au_control_request_drop(r);
		return;
	}
	word->tell(source);
	json = json_object();
	au_json_set_str(json, word->answer, r->params[0]);
	au_control_request_answer(r, 202, json);
}

static void
say(struct au_control_request *r, const struct word *word)
{
	struct au_err err = { 0 };
	const char *reason;
	int rc = au_json_str(r->body, "reason", NULL, &reason, &err);

	if (rc == 0 && au_overview_find_source(&r->control->world, r->params[0]) == NULL)
		rc = au_fail(&err, AU_ENOENT, "source '%s': not a directory that is watched", r->params[0]);
	if (rc < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	r->job = (void *)(uintptr_t)word;
	au_control_request_write(r, word_work, tell);
}

void
au_make_resync(struct au_control_request *r)
{
	say(r, &resync);
}

void
au_make_pause(struct au_control_request *r)
{
	say(r, &pause_word);
}

void
au_make_resume(struct au_control_request *r)
{
	say(r, &resume);
}
