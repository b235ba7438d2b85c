/* SPDX-License-Identifier: ISC */
/* A date of the source disables its entry where the source is read; here it is told, and those by hand take effect. */
#include "reconcile/term.h"

#include "base/log.h"
#include "base/str.h"
#include "base/when.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"

#define PAGE 200

void
au_term_apply(struct au_arena *arena, const struct au_apiuser *user, long long now_ms, struct au_wanted *wanted)
{
	char when[AU_WHEN_SIZE];

	if (user->term_ms == 0 || now_ms < user->term_ms)
		return;
	*wanted = (struct au_wanted){ .reason = au_arena_printf(arena, "the API user has expired on %s",
					  au_when_format(user->term_ms, when)) };
}

long long
au_term_due(long long expires_ms, const long long warnings_ms[AU_TERM_WARNINGS], long long now_ms)
{
	long long due = 0;

	if (expires_ms == 0)
		return 0;
	if (now_ms >= expires_ms)
		return expires_ms;
	for (size_t i = 0; i < AU_TERM_WARNINGS; i++) {
		long long at = expires_ms - warnings_ms[i];
		if (warnings_ms[i] != 0 && at <= now_ms && at > due)
			due = at;
	}
	return due;
}

/* ---- the sweep ---- */

static void
read_warnings(const struct au_settings *settings, long long warnings_ms[AU_TERM_WARNINGS])
{
	for (size_t i = 0; i < AU_TERM_WARNINGS; i++) {
		const char *text = au_values_item(settings->reconcile, "expiry_warnings", i);
		warnings_ms[i] = 0;
		if (text != NULL)
			(void)au_duration_parse(text, &warnings_ms[i], NULL);
	}
}

void
au_term_sweep_init(struct au_term_sweep *sweep, const struct au_settings *settings, long long now_ms)
{
	*sweep = (struct au_term_sweep){ .now_ms = now_ms, .arena = au_arena_new() };
	read_warnings(settings, sweep->warnings_ms);
}

void
au_term_sweep_done(struct au_term_sweep *sweep)
{
	au_arena_free(sweep->arena);
}

static long long
longest_of(const long long warnings_ms[AU_TERM_WARNINGS])
{
	long long longest = 0;

	for (size_t i = 0; i < AU_TERM_WARNINGS; i++)
		if (warnings_ms[i] > longest)
			longest = warnings_ms[i];
	return longest;
}

static long long
horizon(const struct au_term_sweep *sweep)
{
	return sweep->now_ms + longest_of(sweep->warnings_ms);
}

static const char *
told_text(struct au_term_sweep *sweep, const struct au_apiuser *user)
{
	const char *name = user->user_name != NULL ? user->user_name : user->key;
	const char *owner = user->owner != NULL ? au_arena_printf(sweep->arena, ", owner %s", user->owner) : "";
	char when[AU_WHEN_SIZE];

	au_when_format(user->expires_ms, when);
	if (sweep->now_ms >= user->expires_ms)
		return au_arena_printf(sweep->arena, "API user '%s' has expired on %s%s", name, when, owner);
	return au_arena_printf(sweep->arena, "API user '%s' expires on %s%s", name, when, owner);
}

static void
note(struct au_term_sweep *sweep, const char *text)
{
	const char **grown = au_arena_alloc(sweep->arena, (sweep->told_count + 1) * sizeof(*grown));

	for (size_t i = 0; i < sweep->told_count; i++)
		grown[i] = sweep->told[i];
	grown[sweep->told_count++] = text;
	sweep->told = grown;
}

static bool
is_due(const struct au_term_sweep *sweep, const struct au_apiuser *user)
{
	return au_term_due(user->expires_ms, sweep->warnings_ms, sweep->now_ms) > user->told_ms;
}

static int
sweep_one(struct au_store_tx *tx, struct au_term_sweep *sweep, struct au_apiuser *user, struct au_err *err)
{
	int rc;

	note(sweep, told_text(sweep, user));
	user->told_ms = au_term_due(user->expires_ms, sweep->warnings_ms, sweep->now_ms);
	rc = au_store_apiuser_put(tx, user, err);
	if (rc == 0 && sweep->now_ms >= user->expires_ms) {
		sweep->marked = true;
		rc = au_store_dirty_mark(tx, user->key, err);
	}
	return rc;
}

/* Those who were told long ago are passed over; who has expired stays among them until a source or person says
 * otherwise. */
static int
walk(struct au_store_tx *tx, struct au_term_sweep *sweep, bool *ret_found, struct au_err *err)
{
	long long after_ms = 0;
	const char *after_key = "";
	int rc = 0;

	for (;;) {
		struct au_apiuser *page = NULL;
		size_t count = 0;
		rc = au_store_apiuser_ending(
		    tx, sweep->arena, after_ms, after_key, horizon(sweep), PAGE, &page, &count, err);
		for (size_t i = 0; rc == 0 && i < count; i++) {
			if (!is_due(sweep, &page[i]))
				continue;
			if (ret_found != NULL) {
				*ret_found = true;
				return 0;
			}
			rc = sweep_one(tx, sweep, &page[i], err);
		}
		if (rc < 0 || count < PAGE)
			return rc;
		after_ms = page[count - 1].expires_ms;
		after_key = page[count - 1].key;
	}
}

int
au_term_sweep_look(struct au_store_tx *tx, struct au_term_sweep *sweep, bool *ret, struct au_err *err)
{
	bool found = false;
	int rc = walk(tx, sweep, &found, err);

	if (rc == 0)
		*ret = found;
	return rc;
}

int
au_term_sweep_run(struct au_store_tx *tx, struct au_term_sweep *sweep, struct au_err *err)
{
	sweep->told_count = 0;
	sweep->marked = false;
	return walk(tx, sweep, NULL, err);
}

void
au_term_sweep_tell(const struct au_term_sweep *sweep)
{
	for (size_t i = 0; i < sweep->told_count; i++)
		au_log(AU_LOG_WARNING, NULL, "%s", sweep->told[i]);
}

/* ---- by hand ---- */

int
au_term_set(struct au_store_tx *tx, struct au_arena *arena, const struct au_term_set *job, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	char when[AU_WHEN_SIZE];
	struct au_apiuser user;
	int rc = au_store_apiuser_search(tx, arena, job->user, &user, err);

	if (rc < 0)
		return rc;
	if (user.term_ms != 0)
		au_json_set_str(detail, "was", au_when_format(user.term_ms, when));
	au_json_set_str(detail, "at", job->term_ms != 0 ? au_when_format(job->term_ms, when) : "never");
	au_json_set_str(detail, "reason", job->reason);
	user.term_ms = job->term_ms;
	rc = au_store_apiuser_put(tx, &user, err);
	if (rc == 0)
		rc = au_store_audit(tx, job->now_ms, job->actor, "apiuser.expire", user.id, detail, err);
	return rc < 0 ? rc : au_store_dirty_mark(tx, user.key, err);
}

long long
au_term_longest(const struct au_settings *settings)
{
	long long warnings_ms[AU_TERM_WARNINGS];

	read_warnings(settings, warnings_ms);
	return longest_of(warnings_ms);
}
