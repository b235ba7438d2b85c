/* SPDX-License-Identifier: ISC */
/*
 * Seats of one account are a function of its row and its open steps, so counting twice changes nothing and whatever
 * was forgotten is put right by the next count.
 */
#include "reconcile/ledger.h"

#include "base/str.h"
#include "reconcile/capacity.h"
#include "reconcile/drift.h"
#include "reconcile/seats.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/seat.h"
#include "store/step.h"

#define PAGE 64
#define ACCOUNTS_PAGE 500
#define ADMIT_MOST 500 /* in one transaction */
#define STEPS_LOOKED 50

/* ---- counting ------------------------------------------------------------------ */

/* Whether its steps so far have only made it, not activated it. */
static bool
is_newborn(const struct au_step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (steps[i].op == AU_STEP_CREATE)
			return steps[i].state == AU_STEP_DONE || steps[i].code == AU_EUNKNOWN;
		if (steps[i].op == AU_STEP_ENABLE || steps[i].op == AU_STEP_DISABLE)
			return false;
	}
	return false;
}

/* What the create took for rights that are not set yet; newest step first. */
static const char *
promised(const struct au_step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct au_step *step = &steps[i];
		if (step->op == AU_STEP_CREATE)
			return step->state == AU_STEP_DONE || step->code == AU_EUNKNOWN ? step->takes : NULL;
		if (step->op == AU_STEP_SET_RIGHTS && step->state == AU_STEP_DONE)
			return NULL;
		if ((step->op == AU_STEP_DISABLE || step->op == AU_STEP_DELETE) && step->state == AU_STEP_DONE)
			return NULL;
	}
	return NULL;
}

/* What only its earlier steps tell, newest first; most accounts do not need it. */
static int
look_back(struct au_store_tx *tx, struct au_arena *arena, struct au_seat_facts *facts, struct au_err *err)
{
	const struct au_account *account = facts->account;
	bool born = facts->target->describe->caps & AU_CAP_BORN_ALLOWED && account->state == AU_ACCOUNT_PRESENT &&
		    account->disabled_ms == 0;
	bool inactive = born && account->active == 0, bare = born && !au_drift_had_rights(account);
	struct au_step *steps = NULL;
	size_t count = 0, at = 0;
	int rc = 0;

	if (inactive || bare || account->state == AU_ACCOUNT_UNKNOWN)
		rc = au_store_step_of_account(tx, arena, account->id, STEPS_LOOKED, &steps, &count, err);
	if (rc < 0)
		return rc;
	facts->newborn = inactive && is_newborn(steps, count);
	facts->promised = inactive || bare ? promised(steps, count) : NULL;
	while (at < count && steps[at].op != AU_STEP_CREATE)
		at++;
	if (at < count)
		facts->last_create = steps[at].takes;
	return 0;
}

static int
settle_account(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_account *account, struct au_err *err)
{
	struct au_seat_facts facts = { .target = target, .account = account };
	struct au_seat *seats = au_arena_alloc(arena, (target->pool_count + 1) * sizeof *seats);
	struct au_step *open = NULL;
	int rc = au_store_step_open(tx, arena, account->id, &open, &facts.open_count, err);

	facts.open = open;
	if (rc == 0)
		rc = look_back(tx, arena, &facts, err);
	if (rc < 0)
		return rc;
	return au_store_seat_set(tx, account->id, seats, au_seats_count(arena, &facts, seats), err);
}

int
au_ledger_settle(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, const char *target,
    const char *account_id, struct au_err *err)
{
	const struct au_target_block *block = au_settings_target(policy->settings, target);
	struct au_account account;
	int rc;

	if (!block || block->pool_count == 0)
		return 0;
	rc = au_store_account_get(tx, arena, account_id, &account, err);
	return rc < 0 ? rc : settle_account(tx, arena, block, &account, err);
}

static int
settle_all(struct au_store_tx *tx, const struct au_target_block *target, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *after = "";

	for (;;) {
		struct au_account *page = NULL;
		size_t count = 0;
		int rc = au_store_account_list(tx, arena, target->block.name, after, ACCOUNTS_PAGE, &page, &count, err);
		if (rc < 0 || count == 0)
			return rc;
		for (size_t i = 0; rc == 0 && i < count; i++)
			rc = settle_account(tx, arena, target, &page[i], err);
		if (rc < 0)
			return rc;
		after = page[count - 1].id;
	}
}

/* ---- defining ------------------------------------------------------------------ */

static const struct au_pool_row *
find_row(const struct au_pool_row *rows, size_t count, const char *target, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (au_streq(rows[i].target, target) && au_streq(rows[i].name, name))
			return &rows[i];
	return NULL;
}

static const char *
how_counted(struct au_arena *arena, const struct au_pool *pool)
{
	return au_arena_printf(arena, "%s %s %lld %u", pool->field ? pool->field : "*", pool->value ? pool->value : "*",
	    pool->units, pool->flags);
}

static long long
smaller_limit(const struct au_pool_spec *pool)
{
	return pool->limit >= 0 ? pool->limit : pool->row.limit;
}

static int
define_target(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_pool_row *rows, size_t row_count, struct au_err *err)
{
	bool anew = false;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < target->pool_count; i++) {
		const struct au_pool_spec *pool = &target->pools[i];
		struct au_pool_row row = { .target = target->block.name,
			.name = pool->row.name,
			.rule = how_counted(arena, &pool->row),
			.limit_set = smaller_limit(pool),
			.reserve = pool->reserve,
			.warn = pool->warn,
			.warn_percent = pool->warn_percent,
			.beyond = (int)pool->beyond };
		const struct au_pool_row *old = find_row(rows, row_count, row.target, row.name);
		anew = anew || !old || !au_streq(old->rule, row.rule);
		rc = au_store_pool_define(tx, &row, err);
	}
	return rc == 0 && anew ? settle_all(tx, target, err) : rc;
}

static bool
is_defined(const struct au_settings *settings, const struct au_pool_row *row)
{
	const struct au_target_block *target = au_settings_target(settings, row->target);

	for (size_t i = 0; target && i < target->pool_count; i++)
		if (au_streq(target->pools[i].row.name, row->name))
			return true;
	return false;
}

int
au_ledger_define(struct au_store_tx *tx, const struct au_policy *policy, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_settings *settings = policy->settings;
	struct au_pool_row *rows = NULL;
	size_t count = 0;
	int rc = au_store_pool_list(tx, arena, NULL, &rows, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (!is_defined(settings, &rows[i]))
			rc = au_store_pool_remove(tx, rows[i].target, rows[i].name, err);
	for (size_t i = 0; rc == 0 && i < settings->target_count; i++)
		rc = define_target(tx, arena, &settings->targets[i], rows, count, err);
	return rc;
}

/* ---- deciding ------------------------------------------------------------------ */

static void
let_in(struct au_step *step)
{
	step->state = AU_STEP_QUEUED;
	step->waits = step->guard = NULL;
}

static void
let_wait(struct au_arena *arena, struct au_step *step, const struct au_takes *takes, const struct au_pool_row *pool)
{
	step->state = AU_STEP_WAITING;
	step->waits = pool->name;
	step->guard = au_capacity_text(arena, pool, au_takes_of(takes, pool->name));
}

int
au_ledger_covers(struct au_store_tx *tx, struct au_arena *arena, const struct au_step *step,
    const struct au_takes *takes, bool *ret, struct au_err *err)
{
	struct au_seat *seats = NULL;
	struct au_step *open = NULL;
	size_t count = 0, open_count = 0;
	int rc = 0;

	*ret = false;
	if (!step->account_id)
		return 0;
	rc = au_store_seat_of(tx, arena, step->account_id, &seats, &count, err);
	if (rc == 0)
		rc = au_store_step_open(tx, arena, step->account_id, &open, &open_count, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < open_count; i++)
		if (open[i].takes && open[i].state != AU_STEP_HELD)
			return 0;
	*ret = true;
	for (size_t i = 0; i < takes->count; i++) {
		long long kept = 0;
		for (size_t k = 0; k < count; k++)
			if (au_streq(seats[k].pool, takes->items[i].pool))
				kept = seats[k].reserved;
		*ret = *ret && takes->items[i].units <= kept;
	}
	return 0;
}

static bool
needs_room(struct au_arena *arena, const struct au_step *step, struct au_takes *ret)
{
	if (step->id || step->state != AU_STEP_QUEUED || !step->takes)
		return false;
	au_takes_parse(arena, step->takes, ret);
	return au_takes_any(ret);
}

/* Those of one rank and age keep the order of the list that they are in. */
static int
by_order(const void *a, const void *b)
{
	const struct au_step *one = *(struct au_step *const *)a, *other = *(struct au_step *const *)b;
	int order = au_capacity_order(one, other);

	return order != 0 ? order : one < other ? -1 : one > other;
}

/* The plan's steps of a target of which a test holds, in the order in which they come in. */
static struct au_step **
line_up(struct au_arena *arena, struct au_plan *plan, const char *target,
    bool (*wants)(struct au_arena *arena, const struct au_step *step, struct au_takes *ret), size_t *ret_count)
{
	struct au_step **line = au_arena_alloc(arena, (plan->step_count + 1) * sizeof *line);
	struct au_takes takes;
	size_t count = 0;

	for (size_t i = 0; i < plan->step_count; i++)
		if (au_streq(plan->steps[i].target, target) && wants(arena, &plan->steps[i], &takes))
			line[count++] = &plan->steps[i];
	qsort(line, count, sizeof *line, by_order);
	*ret_count = count;
	return line;
}

static int
judge_target(struct au_store_tx *tx, struct au_arena *arena, const char *target, long long now_ms, struct au_plan *plan,
    struct au_err *err)
{
	struct au_pool_row *rows = NULL;
	size_t row_count = 0, count = 0;
	struct au_step **line = line_up(arena, plan, target, needs_room, &count);
	int rc = count ? au_store_pool_list(tx, arena, target, &rows, &row_count, err) : 0;

	if (rc < 0 || count == 0)
		return rc;
	struct au_room *rooms = au_capacity_rooms(arena, rows, row_count, now_ms);
	for (size_t i = 0; i < row_count; i++)
		rooms[i].blocked = rows[i].waiting > 0;
	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct au_takes takes;
		bool covered = false;
		au_takes_parse(arena, line[i]->takes, &takes);
		rc = au_ledger_covers(tx, arena, line[i], &takes, &covered, err);
		const struct au_pool_row *waits = covered ? NULL : au_capacity_try(rooms, row_count, &takes);
		if (waits)
			let_wait(plan->arena, line[i], &takes, waits);
	}
	return rc;
}

int
au_ledger_judge(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, long long now_ms,
    struct au_plan *plan, struct au_err *err)
{
	const struct au_settings *settings = policy->settings;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < settings->target_count; i++)
		if (settings->targets[i].pool_count)
			rc = judge_target(tx, arena, settings->targets[i].block.name, now_ms, plan, err);
	return rc;
}

/* ---- letting in ---------------------------------------------------------------- */

/* Move what a step takes between what its account waits for and what is reserved for it. */
static int
move_seats(struct au_store_tx *tx, struct au_arena *arena, const struct au_step *before, const struct au_step *after,
    const struct au_takes *takes, struct au_err *err)
{
	struct au_seat *seats = NULL;
	size_t count = 0;
	int rc = au_store_seat_of(tx, arena, after->account_id, &seats, &count, err);
	struct au_seat *moved = au_arena_alloc(arena, (count + takes->count + 1) * sizeof *moved);

	for (size_t i = 0; i < count; i++)
		moved[i] = seats[i];
	for (size_t i = 0; rc == 0 && i < takes->count; i++) {
		const char *pool = takes->items[i].pool;
		long long units = takes->items[i].units;
		size_t at = 0;
		while (at < count && !au_streq(moved[at].pool, pool))
			at++;
		if (units <= 0)
			continue;
		if (at == count)
			moved[count++] = (struct au_seat){ .pool = pool, .target = after->target };
		if (au_streq(before->waits, pool))
			moved[at].waiting -= units;
		if (au_streq(after->waits, pool))
			moved[at].waiting += units;
		if (after->state == AU_STEP_QUEUED)
			moved[at].reserved += units;
	}
	return rc < 0 ? rc : au_store_seat_set(tx, after->account_id, moved, count, err);
}

static int
write_waiting(struct au_store_tx *tx, struct au_arena *arena, const struct au_step *before, const struct au_step *after,
    const struct au_takes *takes, struct au_err *err)
{
	int rc = au_store_step_update(tx, after, err);

	if (rc == 0)
		rc = au_store_step_claim(tx, after, err);
	return rc < 0 ? rc : move_seats(tx, arena, before, after, takes, err);
}

static int
audit_step(struct au_store_tx *tx, const struct au_step *step, const char *verb, long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = au_step_to_json(step);

	return au_store_audit(tx, now_ms, "reconciler", verb, step->account_id, detail, err);
}

struct admitting {
	struct au_store_tx *tx;
	struct au_arena *arena;
	long long now_ms;
	struct au_pool_row *pools;
	struct au_room *rooms;
	size_t count;
	long long admitted;
};

static int
admit_step(struct admitting *a, const struct au_step *before, struct au_err *err)
{
	const struct au_pool_row *waits;
	struct au_step after = *before;
	struct au_takes takes;
	int rc;

	au_takes_parse(a->arena, before->takes, &takes);
	waits = au_capacity_try(a->rooms, a->count, &takes);
	if (waits)
		let_wait(a->arena, &after, &takes, waits);
	else
		let_in(&after);
	if (waits && au_streq(before->waits, after.waits) && au_streq(before->guard, after.guard))
		return 0;
	for (size_t i = 0; i < a->count; i++) {
		long long units = au_takes_of(&takes, a->pools[i].name);
		if (au_streq(before->waits, a->pools[i].name))
			a->pools[i].waiting -= units;
		if (au_streq(after.waits, a->pools[i].name))
			a->pools[i].waiting += units;
	}
	if (!waits)
		after.next_ms = a->now_ms;
	rc = write_waiting(a->tx, a->arena, before, &after, &takes, err);
	if (rc < 0 || waits)
		return rc;
	a->admitted++;
	return audit_step(a->tx, &after, "step.admit", a->now_ms, err);
}

int
au_ledger_admit(
    struct au_store_tx *tx, struct au_arena *arena, const char *target, long long now_ms, struct au_err *err)
{
	struct admitting a = { .tx = tx, .arena = arena, .now_ms = now_ms };
	struct au_step *page = NULL;
	const struct au_step *after = NULL;
	size_t count = 0;
	int rc = au_store_pool_list(tx, arena, target, &a.pools, &a.count, err);

	a.rooms = au_capacity_rooms(arena, a.pools, a.count, now_ms);
	while (rc == 0 && a.admitted < ADMIT_MOST && au_capacity_hopeful(a.rooms, a.count)) {
		rc = au_store_step_waiting(tx, arena, target, after, PAGE, &page, &count, err);
		if (rc < 0 || count == 0)
			break;
		for (size_t i = 0; rc == 0 && i < count && au_capacity_hopeful(a.rooms, a.count); i++)
			rc = admit_step(&a, &page[i], err);
		after = &page[count - 1];
	}
	return rc;
}

int
au_ledger_release(struct au_store_tx *tx, struct au_arena *arena, struct au_step *step, struct au_err *err)
{
	const struct au_step before = *step;
	struct au_pool_row *pools = NULL;
	struct au_takes takes;
	size_t count = 0;
	int rc;

	au_takes_parse(arena, step->takes, &takes);
	if (!au_takes_any(&takes))
		return au_store_step_update(tx, step, err);
	rc = au_store_pool_list(tx, arena, step->target, &pools, &count, err);
	for (size_t i = 0; rc == 0 && i < count && step->state != AU_STEP_WAITING; i++)
		if (au_takes_of(&takes, pools[i].name) > 0)
			let_wait(arena, step, &takes, &pools[i]);
	return rc < 0 ? rc : write_waiting(tx, arena, &before, step, &takes, err);
}

/* ---- when the product knows better ---------------------------------------------- */

static int
send_back(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    const struct au_takes *takes, const struct au_pool_row *pool, struct au_err *err)
{
	int rc;

	let_wait(arena, step, takes, pool);
	rc = au_store_step_update(tx, step, err);
	if (rc == 0)
		rc = au_store_step_claim(tx, step, err);
	return rc < 0 ? rc : au_ledger_settle(tx, arena, policy, step->target, step->account_id, err);
}

/* Whoever was let in to this pool and is in the queue. */
static int
clear_queue(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_pool_row *pool, struct au_err *err)
{
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_taking(tx, arena, pool->target, &steps, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct au_takes takes;
		au_takes_parse(arena, steps[i].takes, &takes);
		if (au_takes_of(&takes, pool->name) > 0)
			rc = send_back(tx, arena, policy, &steps[i], &takes, pool, err);
	}
	return rc;
}

int
au_ledger_refused(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_step *step, long long until_ms, struct au_err *err)
{
	struct au_pool_row *pools = NULL;
	struct au_takes takes;
	size_t count = 0;
	int rc = au_store_pool_list(tx, arena, step->target, &pools, &count, err);

	au_takes_parse(arena, step->takes, &takes);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		long long limit = au_capacity_limit(&pools[i]);
		if (au_takes_of(&takes, pools[i].name) <= 0)
			continue;
		pools[i].closed_ms = until_ms;
		if (limit >= 0 && pools[i].others < limit - pools[i].ours)
			pools[i].others = limit - pools[i].ours;
		rc = au_store_pool_close(tx, &pools[i], err);
		if (rc == 0)
			rc = clear_queue(tx, arena, policy, &pools[i], err);
	}
	return rc;
}

/* ---- the queue ------------------------------------------------------------------ */

int
au_ledger_step_next(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    enum au_lane most, long long now_ms, struct au_step *ret, long long *ret_wake_ms, struct au_err *err)
{
	const char *name = target->block.name;
	long long open_ms = 0;
	int rc = target->pool_count ? au_ledger_admit(tx, arena, name, now_ms, err) : 0;

	if (rc == 0)
		rc = au_store_step_next(tx, arena, name, most, now_ms, ret, ret_wake_ms, err);
	if (rc != AU_ENOENT || target->pool_count == 0)
		return rc;
	rc = au_store_pool_wake(tx, name, &open_ms, err);
	if (rc < 0)
		return rc;
	if (open_ms > now_ms && (*ret_wake_ms == 0 || open_ms < *ret_wake_ms))
		*ret_wake_ms = open_ms;
	return au_fail(err, AU_ENOENT, "target '%s': no step is due", name);
}

int
au_ledger_outcome(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    long long full_until_ms, long long now_ms, struct au_err *err)
{
	const struct au_target_block *target = au_settings_target(policy->settings, step->target);
	int rc = 0;

	if (!target || target->pool_count == 0)
		return 0;
	if (full_until_ms) {
		rc = au_ledger_refused(tx, arena, policy, step, full_until_ms, err);
		step->state = AU_STEP_WAITING;
	}
	if (rc == 0)
		rc = au_ledger_settle(tx, arena, policy, step->target, step->account_id, err);
	return rc < 0 ? rc : au_ledger_admit(tx, arena, step->target, now_ms, err);
}
