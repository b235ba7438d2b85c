/* SPDX-License-Identifier: ISC */
/*
 * A list is compared with what the store remembers.  What changed there by other hands is drift; an account of ours
 * that is missing is one that vanished, unless so many are missing that the list cannot be believed.
 */
#include "reconcile/listing.h"

#include "base/str.h"
#include "base/text.h"
#include "reconcile/census.h"
#include "reconcile/follow.h"
#include "reconcile/guard.h"
#include "reconcile/ledger.h"
#include "reconcile/outcome.h"
#include "reconcile/work_verify.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"

#define PAGE 500

void
au_listing_init(struct au_listing *listing, const char *target, long long began_ms, bool paused)
{
	*listing = (struct au_listing){
		.arena = au_arena_new(), .seen = au_map_new_borrowing(), .began_ms = began_ms, .paused = paused
	};
	listing->target = au_arena_strdup(listing->arena, target);
}

void
au_listing_done(struct au_listing *listing)
{
	au_map_free(listing->seen, NULL);
	au_arena_free(listing->arena);
}

void
au_listing_add(struct au_listing *listing, const struct au_target_account *from)
{
	struct au_seen *seen = au_arena_alloc(listing->arena, sizeof *seen);

	seen->account = *au_seen_copy(listing->arena, from);
	if (seen->account.id)
		au_map_put(listing->seen, seen->account.id, seen);
}

void
au_listing_told(struct au_listing *listing, const struct au_pool_state *pools, size_t count)
{
	struct au_pool_state *items = au_arena_alloc(listing->arena, (count + 1) * sizeof *items);

	for (size_t i = 0; i < count; i++) {
		items[i] = pools[i];
		items[i].name = au_arena_strdup(listing->arena, pools[i].name);
	}
	listing->told = (struct au_told_pools){ .is_known = true, .items = items, .count = count };
}

static void
put_change(json_t *detail, const char *name, const char *was, const char *is)
{
	json_t *change;

	if (au_streq(was, is))
		return;
	change = json_object();
	au_json_set_str(change, "was", was);
	au_json_set_str(change, "is", is);
	json_object_set_new(detail, name, change);
}

/* Value by value, what it was when it was looked at before and what it is. */
static json_t *
changes_json(const struct au_account *was, const struct au_account *is)
{
	static const char *const status[] = { "unknown", "off", "on" };
	json_t *changes = json_object();

	put_change(changes, "login", was->login, is->login);
	put_change(changes, "rights", was->rights, is->rights);
	put_change(changes, "active", status[was->active + 1], status[is->active + 1]);
	put_change(changes, "label", was->label, is->label);
	put_change(changes, "first_name", was->first_name, is->first_name);
	put_change(changes, "last_name", was->last_name, is->last_name);
	put_change(changes, "mail", was->mail, is->mail);
	return changes;
}

static int
tell_change(struct au_store_tx *tx, struct au_listing *listing, const struct au_account *was,
    const struct au_account *account, const char *verb, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	const char *actor = au_arena_printf(listing->arena, "target:%s", listing->target);
	struct au_apiuser user = { 0 };
	int rc;

	au_json_set_str(detail, "login", account->login);
	au_json_set_str(detail, "rights", account->rights);
	json_object_set_new(detail, "active", json_integer(account->active));
	json_object_set_new(detail, "changes", changes_json(was, account));
	rc = au_store_audit(tx, listing->now_ms, actor, verb, account->id, detail, err);
	if (rc == 0)
		rc = au_store_apiuser_get(tx, listing->arena, account->apiuser_id, &user, err);
	if (rc == 0)
		rc = au_ledger_settle(tx, listing->arena, listing->policy, account->target, account->id, err);
	if (rc == 0)
		rc = au_follow_settle(tx, listing->arena, account->id, listing->now_ms, err);
	listing->marked++;
	return rc < 0 ? rc : au_store_dirty_mark(tx, user.key, err);
}

/* Somebody has wiped the mark off: it is ours still, by its id, and a person is told. */
static bool
is_wiped(const struct au_listing *listing, const struct au_target_account *seen, const struct au_account *account)
{
	const struct au_target_block *target = au_settings_target(listing->policy->settings, listing->target);

	return target != NULL && (target->describe->caps & AU_CAP_MARK) != 0 && seen->mark == NULL &&
	       account->adoption == AU_ADOPTION_NONE && account->unmarked_ms == 0;
}

static int
apply_seen(struct au_store_tx *tx, struct au_listing *listing, const struct au_target_account *seen,
    struct au_account *account, struct au_err *err)
{
	bool changed = false;
	const struct au_account was = *account;
	struct au_account before = was;
	bool wiped = is_wiped(listing, seen, account);
	int rc;

	au_outcome_observe(listing->arena, seen, listing->now_ms, account, &changed);
	if (!changed && !wiped)
		return 0;
	if (wiped)
		account->unmarked_ms = listing->now_ms;
	before.remote_version = account->remote_version;
	rc = au_store_account_put(tx, account, err);
	/* A version that moved alone (somebody pressed "save") is no drift. */
	au_outcome_observe(listing->arena, seen, listing->now_ms, &before, &changed);
	if (rc < 0 || (!changed && !wiped))
		return rc;
	listing->drifted++;
	return tell_change(tx, listing, &was, account, wiped ? "account.unmarked" : "account.drift", err);
}

static int
apply_missing(struct au_store_tx *tx, struct au_listing *listing, struct au_account *account, struct au_err *err)
{
	const struct au_account was = *account;
	int rc;

	account->state = AU_ACCOUNT_ABSENT;
	account->remote_id = account->remote_version = account->rights = NULL;
	account->active = -1;
	account->disabled_ms = account->unmarked_ms = 0;
	rc = au_store_account_put(tx, account, err);
	return rc < 0 ? rc : tell_change(tx, listing, &was, account, "account.missing", err);
}

/* Another owner has put a mark upon it: whatever it was, it is not ours any more, and a person must say what it is. */
static int
apply_lost(struct au_store_tx *tx, struct au_listing *listing, struct au_account *account, struct au_err *err)
{
	const struct au_account was = *account;
	int rc;

	account->state = AU_ACCOUNT_CONFLICT;
	account->problem = au_arena_printf(
	    listing->arena, "account '%s' in the target bears the mark of another owner by now", account->login);
	rc = au_store_account_put(tx, account, err);
	return rc < 0 ? rc : tell_change(tx, listing, &was, account, "account.lost", err);
}

/* Who had the name has it no more: it can be made. */
static int
apply_free(struct au_store_tx *tx, struct au_listing *listing, struct au_account *account, struct au_err *err)
{
	const struct au_account was = *account;
	int rc;

	account->state = AU_ACCOUNT_ABSENT;
	account->problem = account->problem_for = NULL;
	account->remote_id = NULL;
	rc = au_store_account_put(tx, account, err);
	return rc < 0 ? rc : tell_change(tx, listing, &was, account, "account.free", err);
}

static bool
is_login_taken(const struct au_listing *listing, const char *login)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *fold = au_text_fold(arena, login), *id = NULL;
	size_t cursor = 0;
	void *seen = NULL;

	while (au_map_next(listing->seen, &cursor, &id, &seen))
		if (au_streq(au_text_fold(arena, ((struct au_seen *)seen)->account.login), fold))
			return true;
	return false;
}

/* The one that the list shows for an account of ours; NULL when it shows none, or one that others own by now. */
static struct au_seen *
seen_of(const struct au_listing *listing, const struct au_account *account, bool *ret_is_lost)
{
	struct au_seen *seen = account->state == AU_ACCOUNT_PRESENT && account->remote_id != NULL
				   ? au_map_get(listing->seen, account->remote_id)
				   : NULL;

	*ret_is_lost = seen != NULL && seen->account.mark != NULL && !au_streq(seen->account.mark, account->id) &&
		       account->adoption == AU_ADOPTION_NONE;
	return *ret_is_lost ? NULL : seen;
}

/* A list that was asked for before the last look at an account, or step upon it, tells nothing new of it. */
int
au_listing_take(struct au_store_tx *tx, struct au_listing *listing, struct au_account *account, struct au_err *err)
{
	bool is_lost, is_older = account->observed_ms > listing->began_ms;
	const struct au_seen *seen = seen_of(listing, account, &is_lost);

	if (is_older)
		return 0;
	if (is_lost)
		return apply_lost(tx, listing, account, err);
	if (seen != NULL)
		return apply_seen(tx, listing, &seen->account, account, err);
	if (account->state == AU_ACCOUNT_CONFLICT && !is_login_taken(listing, account->login))
		return apply_free(tx, listing, account, err);
	if (account->state == AU_ACCOUNT_PRESENT && account->observed_ms < listing->began_ms && listing->doubt == NULL)
		return apply_missing(tx, listing, account, err);
	return 0;
}

/* By its mark it is ours, also where we do not know of it yet: a create whose answer was lost. */
static void
claim_marked(const struct au_map *by_mark, const struct au_account *account)
{
	struct au_seen *marked = au_map_get(by_mark, account->id);

	if (marked != NULL)
		marked->is_ours = true;
}

static void
count_row(struct au_listing *listing, const struct au_map *by_mark, const struct au_account *account)
{
	bool is_lost;
	struct au_seen *seen = seen_of(listing, account, &is_lost);

	claim_marked(by_mark, account);
	if (seen != NULL)
		seen->is_ours = true;
	else if (account->state == AU_ACCOUNT_PRESENT && !is_lost && account->observed_ms < listing->began_ms)
		listing->missing++;
}

static struct au_map *
seen_by_mark(const struct au_listing *listing)
{
	struct au_map *by_mark = au_map_new_borrowing();
	const char *id = NULL;
	size_t cursor = 0;
	void *value = NULL;

	while (au_map_next(listing->seen, &cursor, &id, &value)) {
		struct au_seen *seen = value;
		seen->is_ours = false;
		if (seen->account.mark != NULL)
			au_map_put(by_mark, seen->account.mark, seen);
	}
	return by_mark;
}

/* A first pass counts what is missing and finds out whose is what; a second one applies. */
static int
walk(struct au_store_tx *tx, struct au_listing *listing, const struct au_map *by_mark, struct au_err *err)
{
	const char *after = "";
	int rc = 0;

	for (;;) {
		struct au_account *page = NULL;
		size_t count = 0;
		rc = au_store_account_list(tx, listing->arena, listing->target, after, PAGE, &page, &count, err);
		if (rc < 0 || count == 0)
			return rc;
		for (size_t i = 0; rc == 0 && i < count; i++) {
			if (by_mark != NULL)
				count_row(listing, by_mark, &page[i]);
			else
				rc = au_listing_take(tx, listing, &page[i], err);
		}
		if (rc < 0)
			return rc;
		after = page[count - 1].id;
	}
}

static int
count_all(struct au_store_tx *tx, struct au_listing *listing, struct au_err *err)
{
	struct au_map *by_mark = seen_by_mark(listing);
	int rc = walk(tx, listing, by_mark, err);

	au_map_free(by_mark, NULL);
	return rc;
}

static int
keep_target(struct au_store_tx *tx, const struct au_policy *policy, struct au_listing *listing, struct au_err *err)
{
	const struct au_target_block *block = au_settings_target(policy->settings, listing->target);
	int rc = au_strangers_keep(tx, listing->arena, block, listing->seen, listing->now_ms, &listing->strangers, err);

	if (rc == 0 && block != NULL)
		rc = au_census_write(tx, listing->arena, block, listing->seen, &listing->told, listing->now_ms, err);
	if (rc < 0)
		return rc;
	struct au_target_row row = { .name = listing->target,
		.paused = listing->paused,
		.text = listing->doubt,
		.observed_ms = listing->now_ms,
		.foreign = listing->strangers.all,
		.foreign_active = listing->strangers.active,
		.ignored = listing->strangers.ignored };
	return au_store_target_put(tx, &row, err);
}

/* What people said that they did there is there, or it is not. */
static int
verify_orders(struct au_store_tx *tx, struct au_listing *listing, struct au_err *err)
{
	struct au_work_proof proof = { .target = listing->target,
		.seen = listing->seen,
		.whole = listing->doubt == NULL,
		.kind = AU_EVIDENCE_PRODUCT,
		.by = "the product",
		.actor = au_arena_printf(listing->arena, "target:%s", listing->target),
		.as_of_ms = listing->began_ms,
		.now_ms = listing->now_ms };
	struct au_attested *attested = listing->attested;
	int rc;

	if (attested != NULL) {
		proof.kind = AU_EVIDENCE_IMPORT;
		proof.by = attested->by;
		proof.actor = attested->actor;
		proof.name = attested->name;
		proof.lag_ms = attested->lag_ms;
		proof.as_of_ms = attested->at_ms;
		proof.buried = attested->buried;
	}
	rc = au_work_verify(tx, listing->arena, &proof, err);
	if (attested != NULL) {
		attested->verified = proof.verified;
		attested->contradicted = proof.contradicted;
	}
	return rc;
}

int
au_listing_write(struct au_store_tx *tx, const struct au_policy *policy, struct au_listing *listing, struct au_err *err)
{
	const struct au_attested *attested = listing->attested;
	struct au_account_counts accounts = { 0 };
	int rc = au_store_account_counts(tx, listing->target, &accounts, err);

	listing->policy = policy;
	listing->drifted = listing->missing = listing->marked = 0;
	listing->doubt = NULL;
	if (rc == 0)
		rc = count_all(tx, listing, err);
	if (rc < 0)
		return rc;
	listing->doubt =
	    attested && attested->partial ? "the list shows some accounts only"
	    : attested && attested->believe_all
		? NULL
		: au_guard_missing(listing->arena, accounts.present, listing->missing, au_map_count(listing->seen) == 0,
		      au_policy_brake(policy, listing->target), listing->target);
	rc = walk(tx, listing, NULL, err);
	if (rc == 0)
		rc = verify_orders(tx, listing, err);
	if (rc < 0 || (attested && attested->partial))
		return rc; /* which others are there is not known by a part */
	return keep_target(tx, policy, listing, err);
}
