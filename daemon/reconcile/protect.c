/* SPDX-License-Identifier: ISC */
/* A protection is a row by log-in name, so that it holds for whoever has the name, now or later. */
#include "reconcile/protect.h"

#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/protection.h"
#include "store/stranger.h"

#define OPTION "protected"

const char *
au_login_owner_name(enum au_login_owner owner)
{
	return owner == AU_LOGIN_OURS ? "ours" : owner == AU_LOGIN_STRANGER ? "stranger" : NULL;
}

static int
audit(
    struct au_store_tx *tx, struct au_arena *arena, const struct au_protect *job, const char *verb, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();

	au_json_set_str(detail, "target", job->target);
	au_json_set_str(detail, "login", job->login);
	au_json_set_str(detail, "name", job->name);
	au_json_set_str(detail, "reason", job->reason);
	return au_store_audit(
	    tx, job->now_ms, job->actor, verb, au_arena_printf(arena, "%s/%s", job->target, job->login), detail, err);
}

static int
find_owner(struct au_store_tx *tx, struct au_arena *arena, const struct au_protect *job, enum au_login_owner *ret,
    struct au_err *err)
{
	struct au_stranger stranger;
	bool is_ours = false;
	int rc = au_store_account_named(tx, job->target, job->login, &is_ours, err);

	*ret = is_ours ? AU_LOGIN_OURS : AU_LOGIN_UNKNOWN;
	if (rc < 0 || is_ours)
		return rc;
	rc = au_store_stranger_named(tx, arena, job->target, job->login, &stranger, NULL);
	if (rc == 0 || rc == AU_EEXIST)
		*ret = AU_LOGIN_STRANGER;
	return rc == AU_ENOENT || rc == AU_EEXIST ? 0 : rc;
}

int
au_protect(struct au_store_tx *tx, struct au_arena *arena, const struct au_protect *job, enum au_login_owner *ret_owner,
    struct au_err *err)
{
	const struct au_protection row = { .target = job->target,
		.login = job->login,
		.actor = job->actor,
		.name = job->name,
		.reason = job->reason,
		.at_ms = job->now_ms };
	int rc = au_store_protection_put(tx, &row, err);

	if (rc == 0)
		rc = audit(tx, arena, job, "account.protect", err);
	return rc < 0 ? rc : find_owner(tx, arena, job, ret_owner, err);
}

/* ---- ending it ---- */

static bool
is_listed(struct au_arena *arena, const struct au_policy *policy, const struct au_protect *job)
{
	const struct au_target_block *target = au_settings_target(policy->settings, job->target);
	const char *fold = au_text_fold(arena, job->login);

	for (size_t i = 0; target && i < au_values_count(target->block.values, OPTION); i++)
		if (au_streq(au_text_fold(arena, au_values_item(target->block.values, OPTION, i)), fold))
			return true;
	return false;
}

int
au_unprotect(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_protect *job, struct au_err *err)
{
	int rc = au_store_protection_remove(tx, job->target, job->login, err);

	if (rc == AU_ENOENT && is_listed(arena, policy, job))
		return au_fail(err, AU_ENOENT, "target '%s': '%s' is protected by the target's option %s alone",
		    job->target, job->login, OPTION);
	return rc < 0 ? rc : audit(tx, arena, job, "account.unprotect", err);
}

/* ---- all of them ---- */

static json_t *
item_of(const char *target, const char *login, const char *by)
{
	json_t *item = json_object();

	au_json_set_str(item, "target", target);
	au_json_set_str(item, "login", login);
	au_json_set_str(item, "by", by);
	return item;
}

static void
put_listed(json_t *list, const struct au_policy *policy)
{
	for (size_t i = 0; i < policy->settings->target_count; i++) {
		const struct au_block *block = &policy->settings->targets[i].block;
		for (size_t k = 0; k < au_values_count(block->values, OPTION); k++)
			json_array_append_new(
			    list, item_of(block->name, au_values_item(block->values, OPTION, k), "option"));
	}
}

int
au_protect_list(
    struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, json_t **ret, struct au_err *err)
{
	struct au_protection *rows = NULL;
	size_t count = 0;
	int rc = au_store_protection_list(tx, arena, &rows, &count, err);
	json_t *list, *json;

	if (rc < 0)
		return rc;
	list = json_array();
	put_listed(list, policy);
	for (size_t i = 0; i < count; i++) {
		json_t *item = item_of(rows[i].target, rows[i].login, rows[i].actor);
		au_json_set_str(item, "name", rows[i].name);
		au_json_set_str(item, "reason", rows[i].reason);
		au_json_set_int(item, "at_ms", rows[i].at_ms);
		json_array_append_new(list, item);
	}
	json = json_object();
	json_object_set_new(json, "protected", list);
	*ret = json;
	return 0;
}
