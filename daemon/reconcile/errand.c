/* SPDX-License-Identifier: ISC */
/* What an errand begins with, and what it leaves. */
#include "reconcile/errand.h"

#include "base/clock.h"

struct errand *
au_errand_new(struct au_queue *queue, bool safe)
{
	struct errand *errand = au_xcalloc(1, sizeof *errand);

	errand->queue = queue;
	queue->errand = errand;
	errand->policy = au_policy_hold(queue->engine->policy);
	errand->arena = au_arena_new();
	errand->block = au_settings_target(errand->policy->settings, queue->name);
	errand->now_ms = au_clock_wall_ms();
	errand->most = safe ? AU_LANE_SAFE : AU_LANE_DESTRUCTIVE;
	if (queue->ahead && au_clock_mono_ms() < queue->ahead_mono)
		errand->ahead = au_arena_strdup(errand->arena, queue->ahead);
	return errand;
}

void
au_errand_free(struct errand *errand)
{
	if (!errand)
		return;
	if (errand->queue->errand == errand)
		errand->queue->errand = NULL;
	au_policy_free(errand->policy);
	au_secret_free(errand->secret);
	au_secret_free(errand->shown);
	au_arena_free(errand->arena);
	free(errand);
}

int
au_errand_seal(
    struct au_store_tx *tx, const struct errand *errand, const struct au_secret *secret, bool ready, struct au_err *err)
{
	unsigned char *sealed = NULL;
	size_t len = 0;
	int rc;

	au_seal(errand->queue->engine->sealer, errand->account.id, secret, &sealed, &len);
	struct au_sealed_row row = { .account_id = errand->account.id,
		.sealed = sealed,
		.len = len,
		.ready = ready,
		.created_ms = errand->now_ms };
	rc = au_store_sealed_put(tx, &row, err);
	free(sealed);
	return rc;
}
