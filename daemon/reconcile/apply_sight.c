/* SPDX-License-Identifier: ISC */
/* What is there of a saved plan's accounts now: which ones they are, and what their targets said of them. */
#include "reconcile/applying.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"
#include "model/saved_plan.h"
#include "store/account.h"
#include "store/apiuser.h"

static int
check_seal(const struct au_applying *applying, struct au_err *err)
{
	unsigned char key[AU_SAVED_PLAN_KEY];
	int rc;

	au_sealer_derive(applying->engine->sealer, AU_SAVED_PLAN_CONTEXT, key);
	rc = au_saved_plan_check(applying->plan, key, err);
	au_wipe(key, sizeof key);
	return rc;
}

static char *
sight_name(const json_t *step)
{
	return au_xasprintf("%s\n%s", au_json_get_str(step, "key"), au_json_get_str(step, "target"));
}

static int
add_sight(struct au_store_tx *tx, struct au_applying *applying, const json_t *step, struct au_err *err)
{
	struct au_sight *sight = &applying->sights[applying->sight_count];
	AU_CLEANUP(au_freep) char *name = sight_name(step);
	struct au_apiuser user;
	struct au_account account = { 0 };
	int rc;

	if (au_map_has(applying->sight_of, name))
		return 0;
	*sight = (struct au_sight){ .key = au_json_get_str(step, "key"),
		.target = au_json_get_str(step, "target"),
		.login = au_json_get_str(step, "login"),
		.follows = au_streq(au_json_get_str(step, "state"), au_step_state_name(AU_STEP_FOLLOWS)) };
	rc = au_store_apiuser_by_key(tx, applying->arena, sight->key, &user, err);
	if (rc == 0)
		rc = au_store_account_of(tx, applying->arena, user.id, sight->target, &account, err);
	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	sight->account_id = account.id;
	sight->remote_id = account.state == AU_ACCOUNT_PRESENT ? account.remote_id : NULL;
	applying->sight_count++;
	au_map_put(applying->sight_of, name, sight);
	return 0;
}

int
au_applying_open(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_applying *applying = arg;
	const json_t *steps = json_object_get(applying->plan, "steps"), *step;
	size_t index;
	int rc = check_seal(applying, err);

	applying->sights = au_arena_alloc(applying->arena, (json_array_size(steps) + 1) * sizeof(*applying->sights));
	applying->sight_count = 0;
	au_map_free(applying->sight_of, NULL);
	applying->sight_of = au_map_new();
	json_array_foreach ((json_t *)steps, index, step) {
		if (rc == 0)
			rc = add_sight(tx, applying, step, err);
	}
	return rc;
}

/* ---- keeping ---- */

static int
keep_sight(struct au_store_tx *tx, struct au_applying *applying, const struct au_sight *sight, struct au_err *err)
{
	struct au_account account;
	int rc;

	if (sight->trouble || !sight->remote_id)
		return 0;
	rc = au_store_account_get(tx, applying->arena, sight->account_id, &account, err);
	for (size_t i = 0; rc == 0 && i < applying->row_count; i++) {
		struct au_sight_row *row = &applying->rows[i];
		if (!au_streq(row->target, sight->target))
			continue;
		row->listing.policy = applying->policy;
		row->listing.now_ms = applying->now_ms;
		rc = au_listing_take(tx, &row->listing, &account, err);
	}
	return rc == AU_ENOENT ? 0 : rc;
}

int
au_applying_keep(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_applying *applying = arg;
	long long began_ms = au_clock_mono_ms();
	size_t from = applying->sights_kept, to = from;
	int rc = 0;

	for (; rc == 0 && to < applying->sight_count && to < from + applying->pace.limit; to++)
		rc = keep_sight(tx, applying, &applying->sights[to], err);
	applying->sights_kept = to;
	au_pace_took(&applying->pace, to - from, au_clock_mono_ms() - began_ms,
	    au_values_num(applying->policy->settings->reconcile, "piece_time"));
	return rc;
}

const struct au_sight *
au_applying_sight(const struct au_applying *applying, const json_t *step)
{
	AU_CLEANUP(au_freep) char *name = sight_name(step);

	return au_map_get(applying->sight_of, name);
}
