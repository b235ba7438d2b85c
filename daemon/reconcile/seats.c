/* SPDX-License-Identifier: ISC */
/* A step takes the difference between what its account holds before and after it. */
#include "reconcile/seats.h"

#include "base/str.h"
#include "reconcile/custody.h"
#include "reconcile/rotation.h"

#include <string.h>

/* An account as the pools see it. */
struct form {
	bool present, active;
	json_t *rights;
	struct au_takes stated;
};

static json_t *
parse_rights(struct au_arena *arena, const char *text)
{
	json_t *rights = NULL;

	if (text && au_json_parse(text, strlen(text), AU_JSON_DEPTH, &rights, NULL) == 0)
		return au_json_in_arena(arena, rights);
	return NULL;
}

static long long
units_of(const struct au_pool_spec *pool, const struct form *form)
{
	return form->present ? au_pool_units(&pool->row, form->rights, form->active, &form->stated) : 0;
}

/* Whether an account is active is not always told; then it is taken to be. */
static void
form_of(struct au_arena *arena, const struct au_account *account, struct form *ret)
{
	*ret = (struct form){ .present = account && account->state == AU_ACCOUNT_PRESENT };
	if (!ret->present)
		return;
	ret->active = account->active != 0;
	ret->rights = parse_rights(arena, account->rights);
	au_takes_parse(arena, account->takes, &ret->stated);
}

/* ---- what is held and reserved ------------------------------------------------- */

static long long
above_zero(struct au_arena *arena, const char *takes, const char *pool)
{
	struct au_takes units;

	au_takes_parse(arena, takes, &units);
	long long count = au_takes_of(&units, pool);
	return count > 0 ? count : 0;
}

static long long
when_active(const struct au_pool_spec *pool, const struct form *form)
{
	struct form active = *form;

	active.active = true;
	return units_of(pool, &active) - units_of(pool, form);
}

/* An activation that came with its create takes nothing itself: the create has taken for it. */
static long long
taken_by(struct au_arena *arena, const struct au_pool_spec *pool, const struct form *form, const struct au_step *step)
{
	long long more = step->op == AU_STEP_ENABLE ? when_active(pool, form) : 0;
	long long units = above_zero(arena, step->takes, pool->row.name);

	return more > units ? more : units;
}

static void
count_steps(struct au_arena *arena, const struct au_seat_facts *f, const struct au_pool_spec *pool,
    const struct form *form, struct au_seat *seat)
{
	bool creates = false;

	for (size_t i = 0; i < f->open_count; i++) {
		const struct au_step *step = &f->open[i];
		long long units = taken_by(arena, pool, form, step);
		if (step->state == AU_STEP_QUEUED || step->state == AU_STEP_RUNNING ||
		    step->state == AU_STEP_WITH_PERSON) {
			seat->reserved += units;
			creates = creates || step->op == AU_STEP_CREATE;
		} else if (step->state == AU_STEP_WAITING && au_streq(step->waits, seat->pool))
			seat->waiting += units;
	}
	if (f->account->state == AU_ACCOUNT_UNKNOWN && !creates)
		seat->reserved += above_zero(arena, f->last_create, seat->pool);
}

static bool
waits_in(struct au_arena *arena, const struct au_seat_facts *f, const char *pool)
{
	for (size_t i = 0; i < f->open_count; i++)
		if (f->open[i].state == AU_STEP_WAITING && above_zero(arena, f->open[i].takes, pool) > 0)
			return true;
	return false;
}

/* What was taken for a birth that is not over, as far as the account does not have it yet. */
static void
keep_promise(struct au_arena *arena, const struct au_seat_facts *f, struct au_seat *seat)
{
	long long left = f->promised ? above_zero(arena, f->promised, seat->pool) - seat->held : 0;

	if (left > seat->reserved && !waits_in(arena, f, seat->pool))
		seat->reserved = left;
}

static bool
is_renewals(const struct au_pool_spec *pool)
{
	return au_streq(pool->row.name, AU_POOL_RENEWALS);
}

/* Of the account in whose place this one came, as long as it is there, and of its being made anew. */
static long long
former_units(struct au_arena *arena, const struct au_pool_spec *pool, const struct au_account *account)
{
	struct au_target_account former;
	struct form form = { .present = true };

	if (!account->custody.former)
		return 0;
	if (is_renewals(pool))
		return 1;
	au_custody_former(arena, account->custody.former, &former);
	form.active = former.active != 0;
	form.rights = parse_rights(arena, former.rights);
	au_takes_parse(arena, account->takes, &form.stated);
	return units_of(pool, &form);
}

size_t
au_seats_count(struct au_arena *arena, const struct au_seat_facts *facts, struct au_seat *ret)
{
	struct form form;
	size_t count = 0;

	form_of(arena, facts->account, &form);
	for (size_t i = 0; i < facts->target->pool_count; i++) {
		const struct au_pool_spec *pool = &facts->target->pools[i];
		struct au_seat seat = { .pool = pool->row.name, .target = facts->target->block.name };
		seat.held = units_of(pool, &form) + former_units(arena, pool, facts->account);
		count_steps(arena, facts, pool, &form, &seat);
		if (facts->newborn && when_active(pool, &form) > seat.reserved)
			seat.reserved = when_active(pool, &form);
		keep_promise(arena, facts, &seat);
		if (seat.held || seat.reserved || seat.waiting)
			ret[count++] = seat;
	}
	return count;
}

void
au_seats_of_seen(const struct au_target_block *target, const struct au_target_account *seen, long long *units)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct form form = {
		.present = true, .active = seen->active != 0, .rights = parse_rights(arena, seen->rights)
	};

	for (size_t i = 0; i < target->pool_count; i++)
		units[i] = units_of(&target->pools[i], &form);
}

void
au_seats_of_new(struct au_arena *arena, const struct au_target_block *target, const char *rights, const char *takes,
    struct au_takes *ret)
{
	struct form form = { .present = true, .active = true, .rights = parse_rights(arena, rights) };
	struct au_takes all = { .items = au_arena_alloc(arena, (target->pool_count + 1) * sizeof *all.items) };

	au_takes_parse(arena, takes, &form.stated);
	for (size_t i = 0; i < target->pool_count; i++)
		all.items[all.count++] =
		    (struct au_take){ target->pools[i].row.name, units_of(&target->pools[i], &form) };
	*ret = all;
}

/* ---- what steps take ----------------------------------------------------------- */

static struct form
after_step(struct au_arena *arena, const struct form *before, const struct au_wanted *wanted, enum au_step_op op)
{
	struct form after = *before;

	if (op == AU_STEP_CREATE || op == AU_STEP_SET_RIGHTS)
		after.rights = parse_rights(arena, wanted->rights);
	if (op == AU_STEP_CREATE || op == AU_STEP_SET_RIGHTS || op == AU_STEP_ENABLE)
		au_takes_parse(arena, wanted->takes, &after.stated);
	if (op == AU_STEP_CREATE)
		after.present = after.active = true;
	else if (op == AU_STEP_ENABLE || op == AU_STEP_DISABLE)
		after.active = op == AU_STEP_ENABLE;
	else if (op == AU_STEP_DELETE)
		after.present = false;
	return after;
}

static const char *
difference(
    struct au_arena *arena, const struct au_target_block *target, const struct form *before, const struct form *after)
{
	struct au_takes takes = { .items = au_arena_alloc(arena, (target->pool_count + 1) * sizeof *takes.items) };

	for (size_t i = 0; i < target->pool_count; i++)
		takes.items[takes.count++] = (struct au_take){ target->pools[i].row.name,
			units_of(&target->pools[i], after) - units_of(&target->pools[i], before) };
	return au_takes_print(arena, &takes);
}

/* A second account like the first one. */
static const char *
of_renewing(struct au_arena *arena, const struct au_target_block *target, const struct form *form)
{
	struct au_takes takes = { .items = au_arena_alloc(arena, (target->pool_count + 1) * sizeof *takes.items) };

	for (size_t i = 0; i < target->pool_count; i++)
		takes.items[takes.count++] = (struct au_take){ target->pools[i].row.name,
			is_renewals(&target->pools[i]) ? 1 : units_of(&target->pools[i], form) };
	return au_takes_print(arena, &takes);
}

static const char *
of_retiring(struct au_arena *arena, const struct au_target_block *target, const struct au_account *account)
{
	struct au_takes takes = { .items = au_arena_alloc(arena, (target->pool_count + 1) * sizeof *takes.items) };

	for (size_t i = 0; i < target->pool_count; i++)
		takes.items[takes.count++] = (struct au_take){ target->pools[i].row.name,
			-former_units(arena, &target->pools[i], account) };
	return au_takes_print(arena, &takes);
}

void
au_seats_claim(struct au_arena *arena, const struct au_target_block *target, const struct au_account *account,
    const struct au_wanted *wanted, struct au_step *steps, size_t count)
{
	struct form before;

	if (target->pool_count == 0)
		return;
	form_of(arena, account, &before);
	for (size_t i = 0; i < count; i++) {
		struct form after = after_step(arena, &before, wanted, steps[i].op);
		steps[i].takes = steps[i].op == AU_STEP_RETIRE ? of_retiring(arena, target, account)
				 : steps[i].op == AU_STEP_RESET_SECRET && account && au_rotation_renews(target, account)
				     ? of_renewing(arena, target, &before)
				     : difference(arena, target, &before, &after);
		steps[i].rank = wanted->rank;
		before = after;
	}
}

const char *
au_seats_stated(struct au_arena *arena, const struct au_target_block *target, const char *takes)
{
	struct au_takes all, stated;

	au_takes_parse(arena, takes, &all);
	stated = (struct au_takes){ .items = au_arena_alloc(arena, (all.count + 1) * sizeof *stated.items) };
	for (size_t i = 0; i < target->pool_count; i++) {
		long long units = au_takes_of(&all, target->pools[i].row.name);
		if (target->pools[i].row.units == 0 && units > 0)
			stated.items[stated.count++] = (struct au_take){ target->pools[i].row.name, units };
	}
	return au_takes_print(arena, &stated);
}
