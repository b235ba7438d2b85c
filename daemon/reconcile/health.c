/* SPDX-License-Identifier: ISC */
/* One object that fails again and again is not a row: a row is of different ones. */
#include "reconcile/health.h"

#include "base/str.h"
#include "base/when.h"

#include <stdio.h>

static bool
is_in_row(const struct au_health *health, const char *account_id)
{
	for (size_t i = 0; i < health->row_count; i++)
		if (au_streq(health->row[i], account_id))
			return true;
	return false;
}

void
au_health_note(struct au_health *health, const char *account_id, bool failed, long long now_mono)
{
	health->kept[health->next].at_mono = now_mono;
	health->kept[health->next].failed = failed;
	health->next = (health->next + 1) % AU_HEALTH_KEPT;
	if (health->count < AU_HEALTH_KEPT)
		health->count++;
	if (!failed)
		health->row_count = 0;
	else if (health->row_count < AU_HEALTH_ROW_MAX && !is_in_row(health, account_id))
		snprintf(health->row[health->row_count++], sizeof(health->row[0]), "%s", account_id);
}

static void
count_window(const struct au_health *health, long long from_mono, long long *ret_all, long long *ret_failed)
{
	*ret_all = *ret_failed = 0;
	for (size_t i = 0; i < health->count; i++)
		if (health->kept[i].at_mono >= from_mono) {
			(*ret_all)++;
			*ret_failed += health->kept[i].failed;
		}
}

const char *
au_health_judge(
    const struct au_health *health, const struct au_health_rules *rules, long long now_mono, struct au_arena *arena)
{
	long long all, failed;
	char window[32];

	if (rules->row > 0 && (long long)health->row_count >= rules->row)
		return au_arena_printf(arena, "steps of %zu different API users failed in a row", health->row_count);
	count_window(health, now_mono - rules->window_ms, &all, &failed);
	if (rules->share == 0 || all < AU_HEALTH_LEAST || failed * 100 < all * rules->share)
		return NULL;
	au_duration_format(rules->window_ms, window, sizeof window);
	return au_arena_printf(arena, "%lld of the last %lld steps failed within %s", failed, all, window);
}

void
au_health_forget(struct au_health *health)
{
	*health = (struct au_health){ 0 };
}
