/* SPDX-License-Identifier: ISC */
/*
 * A list that a person brings is one more list of the target, of which less is
 * known: it is of some moment, may be behind what was done, and shows less than
 * we know.  What it does not show stays.
 */
#include "reconcile/import.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/when.h"
#include "reconcile/engine_parts.h"
#include "reconcile/import_rows.h"
#include "reconcile/listing.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/evidence.h"
#include "store/fact.h"

#define PAGE 500

void
au_import_init(struct au_engine *engine, struct au_import_job *job)
{
	*job = (struct au_import_job){ .policy = au_policy_hold(engine->policy), .now_ms = au_clock_wall_ms() };
}

void
au_import_done(struct au_import_job *job)
{
	au_policy_free(job->policy);
	json_decref(job->result);
	*job = (struct au_import_job){ 0 };
}

void
au_import_tell(struct au_engine *engine, const struct au_import_job *job)
{
	if (job->marked)
		au_engine_look_soon(engine);
	au_engine_kick(engine); /* others may have made room */
}

struct importing {
	struct au_store_tx *tx;
	struct au_arena *arena;
	struct au_import_job *job;
	const struct au_target_block *target;
	struct au_listing listing;
	struct au_attested attested;
	long long ours;
};

/* An export shows for a while what was deleted; that is not ordered again. */
static int
bury(struct importing *i, const struct au_target_account *account, bool *ret_buried, struct au_err *err)
{
	long long gone_ms = 0;
	int rc = au_store_tombstone_get(i->tx, i->job->target, account->id, &gone_ms, err);

	*ret_buried = rc == 0 && gone_ms > 0 && i->job->at_ms < gone_ms + i->attested.lag_ms;
	if (*ret_buried)
		au_map_put(i->attested.buried, account->id, (void *)(uintptr_t)account);
	return rc;
}

static int
add_rows(struct importing *i, const struct au_target_account *accounts, size_t count, struct au_err *err)
{
	int rc = 0;

	for (size_t k = 0; rc == 0 && k < count; k++) {
		bool buried = false;
		rc = bury(i, &accounts[k], &buried, err);
		if (rc == 0 && !buried)
			au_listing_add(&i->listing, &accounts[k]);
	}
	return rc;
}

static void
keep(const char **to, const char *known)
{
	if (*to == NULL)
		*to = known;
}

/* What the list does not show of an account of ours stays as it is known, and from now on it is known by this list. */
static int
fill(struct importing *i, struct au_account *account, struct au_err *err)
{
	struct au_seen *seen = account->state == AU_ACCOUNT_PRESENT && account->remote_id != NULL
				   ? au_map_get(i->listing.seen, account->remote_id)
				   : NULL;
	struct au_evidence_row row = { .account_id = account->id,
		.kind = AU_EVIDENCE_IMPORT,
		.at_ms = i->job->at_ms,
		.actor = i->job->actor,
		.name = i->job->name };

	if (seen == NULL || account->observed_ms > i->job->at_ms)
		return 0;
	keep(&seen->account.rights, account->rights);
	keep(&seen->account.label, account->label);
	keep(&seen->account.first_name, account->first_name);
	keep(&seen->account.last_name, account->last_name);
	keep(&seen->account.mail, account->mail);
	keep(&seen->account.version, account->remote_version);
	if (seen->account.active < 0)
		seen->account.active = account->active;
	i->ours++;
	return au_store_evidence_put(i->tx, &row, err);
}

static int
fill_all(struct importing *i, struct au_err *err)
{
	const char *after = "";
	int rc = 0;

	for (;;) {
		struct au_account *page = NULL;
		size_t count = 0;
		rc = au_store_account_list(i->tx, i->arena, i->job->target, after, PAGE, &page, &count, err);
		if (rc < 0 || count == 0)
			return rc;
		for (size_t k = 0; rc == 0 && k < count; k++)
			rc = fill(i, &page[k], err);
		if (rc < 0)
			return rc;
		after = page[count - 1].id;
	}
}

static int
tell(struct importing *i, size_t rows, struct au_err *err)
{
	struct au_import_job *job = i->job;
	json_t *result = json_object();

	au_json_set_str(result, "target", job->target);
	au_json_set_int(result, "rows", (long long)rows);
	au_json_set_int(result, "ours", i->ours);
	au_json_set_int(result, "changed", i->listing.drifted);
	au_json_set_int(result, "missing", i->listing.doubt == NULL ? i->listing.missing : 0);
	au_json_set_int(result, "strangers", i->listing.strangers.all);
	au_json_set_int(result, "verified", i->attested.verified);
	au_json_set_int(result, "contradicted", i->attested.contradicted);
	au_json_set_int(result, "buried", (long long)au_map_count(i->attested.buried));
	au_json_set_int(result, "at_ms", job->at_ms);
	json_object_set_new(result, "partial", json_boolean(job->partial));
	job->marked = i->listing.marked > 0;
	json_decref(job->result);
	job->result = result;
	return au_store_audit(i->tx, job->now_ms, job->actor, "target.import", job->target, result, err);
}

static int
run(struct importing *i, struct au_err *err)
{
	struct au_target_account *accounts = NULL;
	size_t count = 0;
	int rc = au_import_rows(i->arena, i->target, i->job->csv, &accounts, &count, err);

	if (rc == 0)
		rc = au_store_tombstone_expire(i->tx, i->job->target, i->job->now_ms - i->attested.lag_ms, err);
	if (rc == 0)
		rc = add_rows(i, accounts, count, err);
	if (rc == 0)
		rc = fill_all(i, err);
	if (rc == 0)
		rc = au_listing_write(i->tx, i->job->policy, &i->listing, err);
	if (rc == 0 && i->listing.doubt != NULL && !i->job->partial)
		return au_fail(err, AU_EPERM, "%s; if that is meant, import it with --all", i->listing.doubt);
	return rc < 0 ? rc : tell(i, count, err);
}

static const char *
name_of(struct au_arena *arena, long long at_ms)
{
	char when[AU_WHEN_SIZE];

	return au_arena_printf(arena, "import of %.10s", au_when_format(at_ms, when));
}

int
au_import_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_import_job *job = arg;
	struct importing i = {
		.tx = tx, .arena = arena, .job = job, .target = au_settings_target(job->policy->settings, job->target)
	};
	int rc;

	if (i.target == NULL)
		return au_fail(err, AU_ENOENT, "target '%s': not configured", job->target);
	if ((i.target->describe->caps & AU_CAP_LIST) != 0)
		return au_fail(err, AU_ENOSUP, "target '%s': %s is listed by its own API", job->target,
		    i.target->describe->product);
	if (job->at_ms == 0)
		job->at_ms = job->now_ms;
	if (job->at_ms > job->now_ms)
		return au_fail(err, AU_EINVAL, "the list is of a time that has not come yet");
	i.attested = (struct au_attested){ .by = name_of(arena, job->at_ms),
		.actor = job->actor,
		.name = job->name,
		.at_ms = job->at_ms,
		.lag_ms = au_values_num(i.target->block.values, "export_lag"),
		.partial = job->partial,
		.believe_all = job->believe_all };
	/* What was done shortly before may not be on it. */
	au_listing_init(&i.listing, job->target, job->at_ms - i.attested.lag_ms, false);
	i.listing.now_ms = job->now_ms;
	i.listing.attested = &i.attested;
	i.attested.buried = au_map_new_borrowing();
	rc = run(&i, err);
	au_map_free(i.attested.buried, NULL);
	au_listing_done(&i.listing);
	return rc;
}
