/* SPDX-License-Identifier: ISC */
/*
 * I8: random days of many who want few things: two people for each log-in name, fewer places than names, a limit that
 * the product tells and changes, and single accounts that fail whatever is tried.  The product counts by itself.  At no
 * moment is more taken than there is or a name asked for that is taken; one that fails keeps nobody else waiting, and
 * nobody waits beside what is free; in the end everybody has what he shall have, and a second run has nothing to do.
 */
#include "base/clock.h"
#include "base/rand.h"
#include "base/str.h"
#include "model/dn.h"
#include "reconcile/decide.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/pool.h"
#include "store/step.h"
#include "target/target.h"
#include "tests/scenario/chance.h"
#include "tests/scenario/stopping.h"

#include <stdlib.h>
#include <string.h>

#define DAYS 40
#define PEOPLE 12
#define LOGINS 6
#define PLACES 3 /* of the product, whatever it tells */
#define SEATS 2  /* of contest.conf */
#define MINUTE 60000LL

static const char *const rights_of[] = { "{\"roles\":[\"use\"]}", "{\"roles\":[\"admin\"]}" };
static const enum au_call_op breakable[] = { AU_CALL_CREATE, AU_CALL_SET_RIGHTS, AU_CALL_SET_ACTIVE, AU_CALL_REMOVE };

/* What somebody is: nobody, a user, an administrator. */
enum rank { GONE, USER, ADMIN };

struct play {
	struct scenario s;
	struct au_arena *arena;
	uint64_t chance;
	unsigned seed;
	enum rank people[PEOPLE];
	bool broken[LOGINS];   /* some call fails for that name */
	long long told[2];     /* places and seats, as the product tells them now */
	long long believed[2]; /* the most of it that it may be believed to have: it was not asked since */
	long long taken[2];    /* and promised, when it was looked at last */
	struct au_decide_job deciding;
	size_t person; /* that a fact is about */
};

static const char *const pool_names[] = { "slots", "seats:admin" };

static size_t
pick(struct play *p, size_t below)
{
	return chance_pick(&p->chance, below);
}

static const char *
login_of(struct play *p, size_t person)
{
	return au_arena_printf(p->arena, "u%zu", person % LOGINS);
}

/* ---- facts ---- */

static int
put_groups(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	static const struct au_entry groups[] = {
		{ .source = "corp",
		    .id = "users",
		    .dn = "cn=users,ou=groups,dc=example,dc=com",
		    .kind = AU_ENTRY_GROUP },
		{ .source = "corp",
		    .id = "admins",
		    .dn = "cn=admins,ou=groups,dc=example,dc=com",
		    .kind = AU_ENTRY_GROUP },
	};
	const struct au_source_row row = { .name = "corp", .state = AU_SOURCE_OK, .complete = true };
	struct play *p = arg;
	int rc = au_store_source_put(tx, &row, err);

	for (size_t i = 0; rc == 0 && i < AU_COUNT(groups); i++) {
		const char *norm = NULL;
		rc = au_dn_normalize(p->arena, groups[i].dn, &norm, err);
		if (rc == 0)
			rc = au_store_entry_put(tx, &groups[i], norm, 0, NULL, err);
	}
	return rc;
}

/* Whoever has a name that somebody else has had is another person, by another address. */
static int
put_person(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct play *p = arg;
	enum rank rank = p->people[p->person];
	const char *id = au_arena_printf(p->arena, "p%zu", p->person);
	const struct au_entry entry = { .source = "corp",
		.id = id,
		.kind = AU_ENTRY_PERSON,
		.user_name = login_of(p, p->person),
		.mail = au_arena_printf(p->arena, "m%zu@example.com", p->person),
		.active = true };
	const struct au_member member = { .id = id };
	int rc;

	if (rank == GONE)
		return au_store_entry_remove(tx, "corp", id, NULL, err);
	rc = au_store_entry_put(tx, &entry, NULL, 0, NULL, err);
	if (rc == 0)
		rc = au_store_member_add(tx, "corp", rank == ADMIN ? "admins" : "users", &member, NULL, err);
	return rc < 0 ? rc : au_store_member_remove(tx, "corp", rank == ADMIN ? "users" : "admins", id, NULL, err);
}

static void
become(struct play *p, size_t person, enum rank rank)
{
	p->people[person] = rank;
	p->person = person;
	do_work(&p->s, put_person, p);
	au_engine_changed(p->s.engine);
}

/* ---- events ---- */

static void
change(struct play *p)
{
	become(p, pick(p, PEOPLE), (enum rank)pick(p, 3));
}

/* The name passes from one to the other. */
static void
pass_on(struct play *p)
{
	size_t person = pick(p, PEOPLE), heir = (person + LOGINS) % PEOPLE;

	if (p->people[person] == GONE)
		return;
	become(p, heir, (enum rank)(USER + pick(p, 2)));
	become(p, person, GONE);
}

static void
tell(struct play *p, size_t pool, long long limit)
{
	p->told[pool] = limit;
	p->believed[pool] = limit > p->believed[pool] ? limit : p->believed[pool];
	fake_target_tell(p->s.fakes[0], pool_names[pool], limit, -1);
}

static void
tell_limits(struct play *p)
{
	tell(p, 0, (long long)(1 + pick(p, PLACES)));
	tell(p, 1, (long long)pick(p, SEATS + 1));
}

/* One name for each call, so that not all of them fail in a row: then it is the target that fails. */
static void
break_one(struct play *p)
{
	static const int codes[] = { AU_EINVAL, AU_ETEMP, AU_EUNKNOWN };
	size_t which = pick(p, AU_COUNT(breakable)), login = pick(p, LOGINS);

	if (p->broken[login])
		return;
	for (size_t i = 0; i < LOGINS; i++)
		p->broken[i] = false;
	for (size_t i = 0; i < AU_COUNT(breakable); i++)
		fake_target_fail(p->s.fakes[0], breakable[i], AU_OK, 0, false);
	p->broken[login] = true;
	fake_target_fail(p->s.fakes[0], breakable[which], codes[pick(p, AU_COUNT(codes))], 1000000, false);
	fake_target_fail_only(p->s.fakes[0], breakable[which], login_of(p, login), 0);
}

static void
die(struct play *p)
{
	stop_engine(&p->s);
	start_engine(&p->s);
}

static int
approve_held(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct play *p = arg;
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_list(tx, p->arena, AU_STEP_HELD, 1000, &steps, &count, err);
	long long *ids = au_arena_alloc(p->arena, (count + 1) * sizeof *ids);

	for (size_t i = 0; rc == 0 && i < count; i++)
		ids[i] = steps[i].id;
	p->deciding.steps = ids;
	p->deciding.step_count = count;
	return rc < 0 || count == 0 ? rc : au_decide_approve(tx, &p->deciding, err);
}

static void
approve(struct play *p)
{
	au_decide_init(p->s.engine, &p->deciding);
	p->deciding.actor = "uid:0";
	p->deciding.reason = "test";
	do_work(&p->s, approve_held, p);
	au_decide_done(&p->deciding);
	au_engine_changed(p->s.engine);
}

static void (*const events[])(
    struct play *p) = { change, change, change, pass_on, pass_on, pass_on, tell_limits, break_one, die, approve };

/* ---- what must hold ---- */

static const struct fake_account *
there(struct play *p, size_t login)
{
	return fake_target_find(p->s.fakes[0], login_of(p, login));
}

/* Of each pool, what accounts take that are there: one that is still to be switched on has its place already. */
static void
count_taken(struct play *p, long long ret[2])
{
	ret[0] = ret[1] = 0;
	for (size_t i = 0; i < LOGINS; i++) {
		const struct fake_account *account = there(p, i);
		ret[0] += account && account->active == 1;
		ret[1] += account && au_streq(account->rights, rights_of[1]);
	}
}

struct looking {
	struct play *play;
	size_t refused;        /* creates of names that were taken */
	long long promised[2]; /* reserved and not yet taken */
	bool bad;
};

static int
look_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct looking *l = arg;
	struct au_step *steps = NULL;
	struct au_pool_row *pools = NULL;
	size_t count = 0, pool_count = 0;
	int rc = au_store_step_list(tx, l->play->arena, AU_STEP_FAILED, 10000, &steps, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		l->refused += steps[i].code == AU_EEXIST;
	if (rc == 0)
		rc = au_store_pool_list(tx, l->play->arena, "slots", &pools, &pool_count, err);
	for (size_t i = 0; rc == 0 && i < pool_count; i++)
		for (size_t k = 0; k < 2; k++)
			if (au_streq(pools[i].name, pool_names[k]))
				l->promised[k] = pools[i].reserved;
	return rc;
}

static void
check_on_the_way(struct play *p, bool observed)
{
	struct looking l = { .play = p };
	long long taken[2];

	count_taken(p, taken);
	do_work(&p->s, look_work, &l);
	for (size_t i = 0; i < 2; i++) {
		long long most = p->believed[i] > p->taken[i] ? p->believed[i] : p->taken[i];
		if (taken[i] > most)
			complain(&p->s, "seed %u: %lld of %lld '%s' are taken", p->seed, taken[i], most, pool_names[i]);
		if (observed && l.promised[i] > 0 && taken[i] + l.promised[i] > most)
			complain(&p->s, "seed %u: %lld of %lld '%s' are taken or promised", p->seed,
			    taken[i] + l.promised[i], most, pool_names[i]);
		/* What was promised before the product told of less stays promised. */
		p->taken[i] = taken[i] + l.promised[i];
		if (observed)
			p->believed[i] = p->told[i];
	}
	if (l.refused > 0)
		complain(&p->s, "seed %u: the product was asked for a name that was taken", p->seed);
}

/* The most that anybody wants by that name: whoever asked first comes first, and may wait for a seat. */
static enum rank
most_wanted(const struct play *p, size_t login)
{
	enum rank most = GONE;

	for (size_t i = login; i < PEOPLE; i += LOGINS)
		if (p->people[i] > most)
			most = p->people[i];
	return most;
}

/* What fails may hold its own place, and no more than that. */
static long long
held_by_broken(const struct play *p)
{
	long long count = 0;

	for (size_t i = 0; i < LOGINS; i++)
		count += p->broken[i];
	return count;
}

/* After a few hours everybody has had his turn whose name is free and who is not broken himself. */
static void
check_nobody_waits_for_nothing(struct play *p)
{
	long long occupied = held_by_broken(p), seats = occupied;

	for (size_t i = 0; i < LOGINS; i++) {
		const struct fake_account *account = there(p, i);
		occupied += account != NULL && !p->broken[i];
		seats += account != NULL && !p->broken[i] && au_streq(account->rights, rights_of[1]);
	}
	for (size_t i = 0; i < LOGINS; i++) {
		enum rank most = most_wanted(p, i);
		if (most == GONE || p->broken[i] || there(p, i))
			continue;
		if (occupied < p->told[0] && (most == USER || seats < p->told[1]))
			complain(&p->s, "seed %u: '%s' waits, and there is room", p->seed, login_of(p, i));
	}
}

static void
let_hours_pass(struct play *p)
{
	for (size_t i = 0; i < 4; i++) {
		au_clock_fake_advance(2 * 60 * MINUTE);
		rest(&p->s, true);
		approve(p);
		rest(&p->s, true);
		check_on_the_way(p, true);
	}
}

static int
verify_audit(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_store_audit_verify(tx, NULL, 0, arg, err);
}

/* ---- a life ---- */

static void
live(struct play *p)
{
	for (size_t day = 0; day < DAYS; day++) {
		bool observe = pick(p, 3) == 0;
		for (size_t i = pick(p, 6); i > 0; i--)
			events[pick(p, AU_COUNT(events))](p);
		au_clock_fake_advance((long long)(1 + pick(p, 600)) * MINUTE);
		rest(&p->s, observe);
		check_on_the_way(p, observe);
		if (pick(p, 6) == 0) {
			let_hours_pass(p);
			check_nobody_waits_for_nothing(p);
		}
	}
}

/* Everything is well again, and no more is wanted than there is: then it comes about. */
static void
settle(struct play *p)
{
	size_t users = 0, admins = 0;

	for (size_t i = 0; i < AU_COUNT(breakable); i++)
		fake_target_fail(p->s.fakes[0], breakable[i], AU_OK, 0, false);
	memset(p->broken, 0, sizeof p->broken);
	tell(p, 0, PLACES);
	tell(p, 1, SEATS);
	for (size_t i = 0; i < PEOPLE; i++) {
		size_t rival = (i + LOGINS) % PEOPLE;
		bool fits = users + admins < PLACES && (p->people[i] != ADMIN || admins < SEATS);
		if (p->people[i] == GONE)
			continue;
		if (!fits || (rival < i && p->people[rival] != GONE))
			become(p, i, GONE);
		users += p->people[i] == USER;
		admins += p->people[i] == ADMIN;
	}
	let_hours_pass(p);
	let_hours_pass(p);
}

static void
check_login(struct play *p, size_t login)
{
	const struct fake_account *account = there(p, login);
	enum rank wanted = most_wanted(p, login);

	if (wanted == GONE && account)
		complain(&p->s, "seed %u: nobody wants '%s'", p->seed, account->login);
	if (wanted != GONE && (!account || !account->active || !au_streq(account->rights, rights_of[wanted - USER])))
		complain(&p->s, "seed %u: '%s' should have %s, found %s", p->seed, login_of(p, login),
		    rights_of[wanted - USER], account ? account->rights : "no account");
}

static int
play_seed(unsigned seed)
{
	struct play *p = au_xcalloc(1, sizeof(*p));
	struct looking l = { .play = p };
	const char *top = getenv("top_srcdir");
	struct au_audit_verdict verdict;
	int failures;

	au_rand_delay_fake(UINT32_MAX); /* the longest delays: the days of a seed are the same each time */
	p->seed = seed;
	p->chance = chance_begin(seed);
	p->arena = au_arena_new();
	set_up(&p->s, au_arena_printf(p->arena, "%s/tests/scenario/contest.scn", top ? top : "."));
	fake_target_born(p->s.fakes[0], "{\"roles\":[\"all\"]}");
	tell(p, 0, PLACES);
	tell(p, 1, SEATS);
	do_work(&p->s, put_groups, p);
	rest(&p->s, true);
	live(p);
	settle(p);
	for (size_t i = 0; i < LOGINS; i++)
		check_login(p, i);
	chance_nothing_is_left(&p->s, seed);
	do_work(&p->s, look_work, &l);
	if (l.promised[0] != 0 || l.promised[1] != 0)
		complain(&p->s, "seed %u: something stays promised", seed);
	do_work(&p->s, verify_audit, &verdict);
	failures = p->s.failures;
	tear_down(&p->s);
	au_arena_free(p->arena);
	free(p);
	return failures;
}

int
main(void)
{
	return chance_play("contest", play_seed);
}
