/* SPDX-License-Identifier: ISC */
/* Nobody's silence is taken for a yes: what is not confirmed stays open, and after a while it is told. */
#include "reconcile/custody.h"

#include "base/str.h"
#include "reconcile/rotation.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"

#include <string.h>

#define PAGE 500
#define DAY_MS (86400 * 1000LL)

/* ---- what steps leave behind --------------------------------------------------- */

static const char *
former_text(struct au_arena *arena, const struct au_account *before)
{
	AU_CLEANUP(au_json_decrefp) json_t *former = json_object();
	AU_CLEANUP(au_freep) char *text = NULL;
	json_t *rights = NULL;

	au_json_set_str(former, "id", before->remote_id);
	au_json_set_str(former, "login", before->login);
	au_json_set_str(former, "label", before->label);
	au_json_set_str(former, "first_name", before->first_name);
	au_json_set_str(former, "last_name", before->last_name);
	au_json_set_str(former, "mail", before->mail);
	if (before->active >= 0)
		json_object_set_new(former, "active", json_boolean(before->active));
	if (before->rights && au_json_parse(before->rights, strlen(before->rights), AU_JSON_DEPTH, &rights, NULL) == 0)
		json_object_set_new(former, "rights", rights);
	text = au_json_canonical(former);
	return au_arena_strdup(arena, text);
}

void
au_custody_former(struct au_arena *arena, const char *text, struct au_target_account *ret)
{
	json_t *former = NULL;

	*ret = (struct au_target_account){ .active = -1 };
	if (!text || au_json_parse(text, strlen(text), AU_JSON_DEPTH, &former, NULL) < 0)
		return;
	au_json_in_arena(arena, former);
	AU_CLEANUP(au_freep) char *rights =
	    json_object_get(former, "rights") ? au_json_canonical(json_object_get(former, "rights")) : NULL;
	*ret = (struct au_target_account){ .id = au_json_get_str(former, "id"),
		.login = au_json_get_str(former, "login"),
		.label = au_json_get_str(former, "label"),
		.first_name = au_json_get_str(former, "first_name"),
		.last_name = au_json_get_str(former, "last_name"),
		.mail = au_json_get_str(former, "mail"),
		.rights = au_arena_strdup(arena, rights),
		.active = au_json_get_bool(former, "active", -1) };
}

/* A look-up that finds our own create knows of its secret what the create would have. */
static bool
has_made(const struct au_step *step, const struct au_account *account)
{
	return step->state == AU_STEP_DONE && account->state == AU_ACCOUNT_PRESENT &&
	       (step->op == AU_STEP_CREATE || step->op == AU_STEP_RESET_SECRET ||
		   (step->op == AU_STEP_LOOKUP && account->custody.since_ms == 0));
}

void
au_custody_made(struct au_arena *arena, const struct au_step *step, const struct au_account *before,
    struct au_account *account, enum au_origin origin, const char *place, long long now_ms)
{
	struct au_custody *custody = &account->custody;
	bool is_another = before->remote_id && !au_streq(before->remote_id, account->remote_id);

	if (account->state == AU_ACCOUNT_ABSENT)
		*custody = (struct au_custody){ .former = custody->former };
	if (!has_made(step, account))
		return;
	*custody = (struct au_custody){ .origin = origin, .since_ms = now_ms, .former = custody->former };
	if (origin == AU_ORIGIN_MAILED)
		custody->place = au_arena_strdup(arena, place);
	if (step->op == AU_STEP_RESET_SECRET && is_another && !custody->former)
		custody->former = former_text(arena, before);
}

const struct au_account *
au_custody_unfinished(struct au_arena *arena, const struct au_account *account, const struct au_step *open,
    size_t open_count, bool wanted, long long now_ms)
{
	struct au_account *marked;
	bool is_unfinished = false;

	for (size_t i = 0; i < open_count; i++)
		is_unfinished = is_unfinished || (open[i].state == AU_STEP_WITH_PERSON &&
						     (open[i].op == AU_STEP_CREATE || open[i].op == AU_STEP_RESET_SECRET));
	if (!is_unfinished || wanted || account->state != AU_ACCOUNT_PRESENT || account->custody.wanted_ms)
		return account;
	marked = au_arena_alloc(arena, sizeof *marked);
	*marked = *account;
	marked->custody.wanted_ms = now_ms;
	marked->custody.wanted_why = "it left before anybody had done the work order for its first one";
	return marked;
}

/* ---- what has been open for too long ------------------------------------------- */

const char *
au_custody_finding(
    struct au_arena *arena, const struct au_target_block *target, const struct au_account *account, long long now_ms)
{
	const struct au_custody *custody = &account->custody;
	long long most_ms = au_values_num(target->block.values, "custody_confirm");
	long long age_ms = now_ms - custody->since_ms;

	if (!au_custody_is_open(custody) || most_ms == 0 || age_ms < most_ms)
		return NULL;
	if (custody->origin == AU_ORIGIN_MAILED)
		return au_arena_printf(arena,
		    "the product mailed its credential to '%s' %lld days ago, and nobody has confirmed that it arrived; see "
		    "'apiuserctl custody'",
		    custody->place ? custody->place : "", age_ms / DAY_MS);
	return au_arena_printf(arena,
	    "it came in the place of another account %lld days ago, and nobody has confirmed that it is in use; see "
	    "'apiuserctl custody'",
	    age_ms / DAY_MS);
}

/* ---- what people say ----------------------------------------------------------- */

static int
find_account(struct au_store_tx *tx, struct au_arena *arena, const struct au_custody_job *job, struct au_apiuser *user,
    struct au_account *ret, struct au_err *err)
{
	int rc = au_store_apiuser_search(tx, arena, job->user, user, err);

	if (rc == 0)
		rc = au_store_account_of(tx, arena, user->id, job->target, ret, err);
	if (rc == 0 && ret->state != AU_ACCOUNT_PRESENT)
		return au_fail(err, AU_ENOENT, "account '%s' in '%s': it is not there", ret->login, job->target);
	return rc;
}

static int
write(struct au_store_tx *tx, const struct au_custody_job *job, const struct au_apiuser *user,
    const struct au_account *account, const char *verb, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	int rc = au_store_account_put(tx, account, err);

	au_json_set_str(detail, "target", job->target);
	au_json_set_str(detail, "login", account->login);
	au_json_set_str(detail, "origin", au_origin_name(account->custody.origin));
	au_json_set_str(detail, "name", job->name);
	au_json_set_str(detail, "reason", job->reason);
	if (rc == 0)
		rc = au_store_audit(tx, job->now_ms, job->actor, verb, account->id, detail, err);
	return rc < 0 ? rc : au_store_dirty_mark(tx, user->key, err);
}

int
au_custody_confirm(
    struct au_store_tx *tx, struct au_arena *arena, const struct au_custody_job *job, struct au_err *err)
{
	struct au_account account;
	struct au_apiuser user;
	int rc = find_account(tx, arena, job, &user, &account, err);

	if (rc < 0)
		return rc;
	if (!au_custody_is_open(&account.custody))
		return au_fail(err, AU_EINVAL, "account '%s' in '%s': %s", account.login, job->target,
		    account.custody.confirmed_ms ? "it is confirmed already" : "there is nothing to confirm");
	account.custody.confirmed_ms = job->now_ms;
	account.custody.confirmed_by = job->name ? job->name : job->actor;
	return write(tx, job, &user, &account, "credential.confirm", err);
}

int
au_custody_renew(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_custody_job *job, struct au_err *err)
{
	const struct au_target_block *target = au_settings_target(policy->settings, job->target);
	struct au_account account;
	struct au_apiuser user;
	int rc = find_account(tx, arena, job, &user, &account, err);

	if (rc == 0 && !target)
		rc = au_fail(err, AU_ENOENT, "target '%s': not configured", job->target);
	if (rc < 0)
		return rc;
	if (!(target->describe->caps & AU_CAP_RESET_SECRET))
		return au_fail(err, AU_EINVAL, "target '%s': the product replaces no credentials", job->target);
	if (account.custody.former)
		return au_fail(err, AU_EEXIST,
		    "account '%s' in '%s': the one in whose place it came is still there; it goes when this one is confirmed",
		    account.login, job->target);
	account.custody.wanted_ms = job->now_ms;
	account.custody.wanted_why = au_arena_printf(arena, "%s: %s", job->name ? job->name : job->actor, job->reason);
	return write(tx, job, &user, &account, "credential.rotate", err);
}

/* ---- the list ------------------------------------------------------------------ */

/* Where an account is that must be made anew, or was. */
static const char *
stage_of(const struct au_target_block *target, const struct au_account *account)
{
	const struct au_custody *custody = &account->custody;

	if (custody->former)
		return custody->confirmed_ms ? "the one before is to be removed" : "made anew, not confirmed";
	if (target && au_rotation_is_listed(target, account))
		return "to be made anew";
	return custody->wanted_ms ? "another one is wanted" : NULL;
}

static json_t *
item_of(struct au_arena *arena, const struct au_target_block *target, const struct au_apiuser *user,
    const struct au_account *account, long long now_ms)
{
	const struct au_custody *custody = &account->custody;
	struct au_target_account former;
	json_t *item = json_object();

	au_custody_former(arena, custody->former, &former);
	au_json_set_str(item, "user", user->key);
	au_json_set_str(item, "target", account->target);
	au_json_set_str(item, "login", account->login);
	au_json_set_str(item, "origin", au_origin_name(custody->origin));
	au_json_set_str(item, "place", custody->place);
	if (custody->since_ms)
		au_json_set_int(item, "since_ms", custody->since_ms);
	if (custody->confirmed_ms)
		au_json_set_int(item, "confirmed_ms", custody->confirmed_ms);
	au_json_set_str(item, "confirmed_by", custody->confirmed_by);
	json_object_set_new(item, "open", json_boolean(au_custody_is_open(custody)));
	json_object_set_new(
	    item, "stale", json_boolean(target && au_custody_finding(arena, target, account, now_ms) != NULL));
	au_json_set_str(item, "stage", stage_of(target, account));
	au_json_set_str(item, "former", former.id);
	return item;
}

static int
list_target(struct au_store_tx *tx, const struct au_target_block *target, long long now_ms, json_t *list,
    struct au_err *err)
{
	const char *after = "";
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	for (;;) {
		struct au_account *page = NULL;
		size_t count = 0;
		int rc = au_store_account_list(tx, arena, target->block.name, after, PAGE, &page, &count, err);

		if (rc < 0 || count == 0)
			return rc;
		for (size_t i = 0; i < count; i++) {
			struct au_apiuser user;

			if (page[i].state != AU_ACCOUNT_PRESENT)
				continue;
			if ((rc = au_store_apiuser_get(tx, arena, page[i].apiuser_id, &user, err)) < 0)
				return rc;
			json_array_append_new(list, item_of(arena, target, &user, &page[i], now_ms));
		}
		after = page[count - 1].id;
	}
}

int
au_custody_list(struct au_store_tx *tx, const struct au_policy *policy, const char *target, long long now_ms,
    json_t **ret, struct au_err *err)
{
	const struct au_settings *settings = policy->settings;
	AU_CLEANUP(au_json_decrefp) json_t *result = json_object();
	json_t *list = json_array();
	int rc = 0;

	json_object_set_new(result, "custody", list);
	if (target && !au_settings_target(settings, target))
		return au_fail(err, AU_ENOENT, "target '%s': not configured", target);
	for (size_t i = 0; rc == 0 && i < settings->target_count; i++)
		if (!target || au_streq(target, settings->targets[i].block.name))
			rc = list_target(tx, &settings->targets[i], now_ms, list, err);
	if (rc < 0)
		return rc;
	*ret = json_incref(result);
	return 0;
}
