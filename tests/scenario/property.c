/* SPDX-License-Identifier: ISC */
/*
 * Random days against a small model: people come and go, groups change, sources
 * fall ill, targets fail and are changed behind our back, the daemon dies.  On
 * the way no guard is passed and no stranger touched; at the end everybody has
 * exactly what the model says, and there is nothing left to do.
 */
#include "base/clock.h"
#include "base/str.h"
#include "model/dn.h"
#include "reconcile/decide.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"
#include "target/target.h"
#include "tests/scenario/chance.h"
#include "tests/scenario/model.h"
#include "tests/scenario/world.h"

#include <string.h>

#define DAYS 40 /* events between rests, per seed */
#define LIMIT 5 /* guard_count of scenario.conf; its percentage says less for so few */
#define MINUTE 60000LL

static const char *const source_names[] = { "corp", "hr" };
static const char *const target_names[] = { "room", "tabs" };
static const struct {
	const char *id, *dn;
} groups[] = {
	{ "g-run", "cn=api-run,ou=groups,dc=example,dc=com" },
	{ "g-build", "cn=api-build,ou=groups,dc=example,dc=com" },
	{ "g-read", "cn=api-read,ou=groups,dc=hr,dc=example" },
};

struct play {
	struct scenario s;
	struct model m;
	struct au_arena *arena;
	size_t removals[MODEL_TARGETS]; /* seen so far */
	struct au_decide_job deciding;
	size_t approved[MODEL_TARGETS]; /* removals that people approved, and that were not seen yet */
	uint64_t random;
	unsigned seed;
};

static size_t
pick(struct play *p, size_t below)
{
	return chance_pick(&p->random, below);
}

/* ---- facts ---------------------------------------------------------------------- */

struct fact {
	struct play *p;
	size_t person;
	enum model_source source;
	enum model_group group;
};

static const char *
person_id(struct play *p, enum model_source source, size_t person)
{
	return au_arena_printf(p->arena, "%s-%zu", source_names[source], person);
}

static const char *
login_of(struct play *p, enum model_target target, size_t person)
{
	return au_arena_printf(p->arena, target == MODEL_ROOM ? "u%zu" : "m%zu-api", person);
}

static int
put_person(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct fact *f = arg;
	struct au_entry entry = { .source = source_names[f->source],
		.id = person_id(f->p, f->source, f->person),
		.kind = AU_ENTRY_PERSON,
		.user_name = au_arena_printf(f->p->arena, "u%zu", f->person),
		.mail = au_arena_printf(f->p->arena, "m%zu@example.com", f->person),
		.display_name = "Somebody",
		.active = true };

	return au_store_entry_put(tx, &entry, NULL, 0, NULL, err);
}

static int
remove_person(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct fact *f = arg;

	return au_store_entry_remove(tx, source_names[f->source], person_id(f->p, f->source, f->person), NULL, err);
}

static int
put_groups(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct fact *f = arg;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < AU_COUNT(groups); i++) {
		struct au_entry entry = { .source = source_names[model_source_of((enum model_group)i)],
			.id = groups[i].id,
			.kind = AU_ENTRY_GROUP,
			.dn = groups[i].dn,
			.active = true };
		const char *norm = NULL;
		rc = au_dn_normalize(f->p->arena, entry.dn, &norm, err);
		if (rc == 0)
			rc = au_store_entry_put(tx, &entry, norm, 0, NULL, err);
	}
	return rc;
}

static int
put_member(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct fact *f = arg;
	const char *source = source_names[model_source_of(f->group)];
	struct au_member member = { .id = person_id(f->p, model_source_of(f->group), f->person) };

	return f->p->m.people[f->person].member[f->group]
		   ? au_store_member_add(tx, source, groups[f->group].id, &member, NULL, err)
		   : au_store_member_remove(tx, source, groups[f->group].id, member.id, NULL, err);
}

static int
put_source(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct fact *f = arg;
	bool well = f->p->m.may_remove[f->source];
	struct au_source_row row = {
		.name = source_names[f->source], .state = well ? AU_SOURCE_OK : AU_SOURCE_SUSPECT, .complete = well
	};

	return au_store_source_put(tx, &row, err);
}

static void
state(struct fact *f, au_store_work *work)
{
	struct au_err err = { 0 };

	if (au_store_run(f->p->s.store, work, f, &err) < 0)
		complain(&f->p->s, "%s", err.text);
	au_engine_changed(f->p->s.engine);
}

/* ---- events --------------------------------------------------------------------- */

/* Who goes leaves the groups as well, as a directory with referential integrity has it. */
static void
come_or_go(struct play *p)
{
	struct fact f = {
		.p = p, .person = pick(p, MODEL_PEOPLE), .source = (enum model_source)pick(p, MODEL_SOURCES)
	};
	struct model_person *person = &p->m.people[f.person];

	if (!p->m.may_remove[f.source])
		return;
	person->is_in[f.source] = !person->is_in[f.source];
	for (size_t i = 0; i < MODEL_GROUPS; i++)
		if (model_source_of((enum model_group)i) == f.source)
			person->member[i] = false;
	state(&f, person->is_in[f.source] ? put_person : remove_person);
}

static void
set_member(struct play *p, size_t person, enum model_group group, bool is_member)
{
	struct fact f = { .p = p, .person = person, .group = group };
	struct model_person *who = &p->m.people[person];

	if (who->is_in[model_source_of(group)] && who->member[group] != is_member) {
		who->member[group] = is_member;
		state(&f, put_member);
	}
}

static void
join_or_leave(struct play *p)
{
	size_t person = pick(p, MODEL_PEOPLE);
	enum model_group group = (enum model_group)pick(p, MODEL_GROUPS);

	if (p->m.may_remove[model_source_of(group)])
		set_member(p, person, group, !p->m.people[person].member[group]);
}

/* Most of a group leave or join at once: this is what guards are for. */
static void
rush(struct play *p)
{
	enum model_group group = (enum model_group)pick(p, MODEL_GROUPS);
	bool join = pick(p, 2) == 0;

	if (!p->m.may_remove[model_source_of(group)])
		return;
	for (size_t i = 0; i < MODEL_PEOPLE; i++)
		if (pick(p, 4) > 0)
			set_member(p, i, group, join);
}

static void
begin(struct play *p)
{
	for (size_t i = 0; i < MODEL_PEOPLE; i++)
		for (size_t source = 0; source < MODEL_SOURCES; source++) {
			struct fact f = { .p = p, .person = i, .source = (enum model_source)source };
			if (pick(p, 4) == 0)
				continue;
			p->m.people[i].is_in[source] = true;
			state(&f, put_person);
		}
	for (size_t i = 0; i < MODEL_PEOPLE; i++)
		for (size_t group = 0; group < MODEL_GROUPS; group++)
			set_member(p, i, (enum model_group)group, pick(p, 3) > 0);
}

static void
fall_ill_or_recover(struct play *p)
{
	struct fact f = { .p = p, .source = (enum model_source)pick(p, MODEL_SOURCES) };

	p->m.may_remove[f.source] = !p->m.may_remove[f.source];
	state(&f, put_source);
}

static void
fail_calls(struct play *p)
{
	static const enum au_call_op ops[] = { AU_CALL_CREATE, AU_CALL_SET_RIGHTS, AU_CALL_SET_ACTIVE, AU_CALL_REMOVE,
		AU_CALL_FIND, AU_CALL_LIST, AU_CALL_GET };
	static const int codes[] = { AU_ETEMP, AU_EBUSY, AU_EUNKNOWN, AU_EPROTO, AU_EINVAL, AU_EAUTH, AU_EQUOTA };
	int code = codes[pick(p, AU_COUNT(codes))];

	fake_target_fail(p->s.fakes[pick(p, MODEL_TARGETS)], ops[pick(p, AU_COUNT(ops))], code, 1,
	    code == AU_EUNKNOWN && pick(p, 2) == 0);
}

static void
meddle(struct play *p)
{
	enum model_target target = (enum model_target)pick(p, MODEL_TARGETS);
	size_t person = pick(p, MODEL_PEOPLE);

	if (p->m.people[person].taken[target])
		return;
	fake_target_change(p->s.fakes[target], login_of(p, target, person), pick(p, 2) ? "{\"roles\":[\"odd\"]}" : NULL,
	    (int)pick(p, 2));
}

/* A stranger takes a login, if it is free; nobody of ours may ever have it then. */
static void
stranger_comes(struct play *p)
{
	enum model_target target = (enum model_target)pick(p, MODEL_TARGETS);
	size_t person = pick(p, MODEL_PEOPLE);
	const char *login = login_of(p, target, person);
	struct model_person *who = &p->m.people[person];

	if (fake_target_find(p->s.fakes[target], login) || who->is_in[MODEL_CORP] || who->is_in[MODEL_HR])
		return;
	fake_target_add_foreign(p->s.fakes[target], login);
	who->taken[target] = true;
}

static void
die(struct play *p)
{
	stop_engine(&p->s);
	start_engine(&p->s);
}

static void (*const events[])(struct play *p) = { come_or_go, come_or_go, join_or_leave, join_or_leave, join_or_leave,
	join_or_leave, rush, fall_ill_or_recover, fail_calls, fail_calls, meddle, stranger_comes, die };

/* ---- what must hold ------------------------------------------------------------- */

/* A target that is away may take its time with those that were approved. */
static size_t
note_removals(struct play *p, enum model_target target)
{
	size_t all = fake_target_removals(p->s.fakes[target]), count = all - p->removals[target];

	for (size_t i = 0; i < count; i++) {
		bool approved = p->approved[target] > 0;
		p->approved[target] -= approved;
		model_remove(&p->m, target, au_clock_wall_ms(), approved);
	}
	p->removals[target] = all;
	return count;
}

/* An approved step that is queued no more has run, or nobody wanted it any longer. */
static int
forget_approvals(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct play *p = arg;
	struct au_step *steps = NULL;
	size_t count = 0, queued[MODEL_TARGETS] = { 0 };
	int rc = au_store_step_list(tx, p->arena, AU_STEP_QUEUED, 1000, &steps, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		queued[au_streq(steps[i].target, target_names[MODEL_TABS])] += steps[i].cause != NULL;
	for (size_t t = 0; rc == 0 && t < MODEL_TARGETS; t++)
		if (p->approved[t] > queued[t])
			p->approved[t] = queued[t];
	return rc;
}

static void
check_on_the_way(struct play *p)
{
	struct au_err err = { 0 };
	bool approved = p->approved[MODEL_ROOM] > 0 || p->approved[MODEL_TABS] > 0;
	size_t removals = 0;

	for (size_t t = 0; t < MODEL_TARGETS; t++) {
		removals += note_removals(p, (enum model_target)t);
		if (model_worst_window(&p->m, (enum model_target)t) > LIMIT)
			complain(&p->s, "seed %u: %zu removals in %s within a day, none of them approved", p->seed,
			    model_worst_window(&p->m, (enum model_target)t), target_names[t]);
	}
	if (removals > 0 && !approved && !p->m.may_remove[MODEL_CORP] && !p->m.may_remove[MODEL_HR])
		complain(&p->s, "seed %u: %zu removals while no source can be believed", p->seed, removals);
	if (au_store_run(p->s.store, forget_approvals, p, &err) < 0)
		complain(&p->s, "%s", err.text);
}

static void
check_stranger(struct play *p, enum model_target target, size_t person)
{
	const char *login = login_of(p, target, person);
	const struct fake_account *there = fake_target_find(p->s.fakes[target], login);

	if (!there || there->active != 1 || !au_streq(there->rights, "{}"))
		complain(&p->s, "seed %u: stranger '%s' in %s was touched", p->seed, login, target_names[target]);
}

static void
check_account(struct play *p, enum model_target target, size_t person)
{
	const char *wanted = model_rights(&p->m, person, target), *login = login_of(p, target, person);
	const struct fake_account *there = fake_target_find(p->s.fakes[target], login);

	if (p->m.people[person].taken[target]) {
		check_stranger(p, target, person);
		return;
	}
	if (!wanted && there && there->active)
		complain(
		    &p->s, "seed %u: nobody wants '%s' in %s, and it is active", p->seed, login, target_names[target]);
	if (wanted && (!there || !there->active || !au_streq(there->rights, wanted)))
		complain(&p->s, "seed %u: '%s' in %s: wanted %s, found %s%s", p->seed, login, target_names[target],
		    wanted, there ? there->rights : "no account", there && !there->active ? ", inactive" : "");
}

static int
verify_audit(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_audit_verdict verdict = { 0 };
	int rc = au_store_audit_verify(tx, NULL, 0, &verdict, err);

	*(long long *)arg = verdict.rows;
	return rc;
}

static int
approve_held(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct play *p = arg;
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_list(tx, p->arena, AU_STEP_HELD, 1000, &steps, &count, err);

	struct au_decide_job *job = &p->deciding;
	long long *ids = au_arena_alloc(p->arena, (count + 1) * sizeof *ids);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		p->approved[au_streq(steps[i].target, target_names[MODEL_TABS])]++;
		ids[i] = steps[i].id;
	}
	job->steps = ids;
	job->step_count = count;
	return rc < 0 ? rc : au_decide_approve(tx, job, err);
}

static void
approve(struct play *p)
{
	struct au_err err = { 0 };

	au_decide_init(p->s.engine, &p->deciding);
	p->deciding.actor = "uid:0";
	p->deciding.reason = "test";
	if (au_store_run(p->s.store, approve_held, p, &err) < 0)
		complain(&p->s, "%s", err.text);
	au_decide_done(&p->deciding);
	au_engine_changed(p->s.engine);
}

/* ---- a life ----------------------------------------------------------------------- */

static void
live(struct play *p)
{
	for (size_t day = 0; day < DAYS; day++) {
		for (size_t i = pick(p, 6); i > 0; i--)
			events[pick(p, AU_COUNT(events))](p);
		if (pick(p, 8) == 0)
			approve(p);
		au_clock_fake_advance((long long)(1 + pick(p, 600)) * MINUTE);
		rest(&p->s, pick(p, 3) == 0);
		check_on_the_way(p);
	}
}

/* Everything is well again, and people approve what is held: what is wanted must come about. */
static void
settle(struct play *p)
{
	for (size_t i = 0; i < MODEL_SOURCES; i++) {
		struct fact f = { .p = p, .source = (enum model_source)i };
		p->m.may_remove[i] = true;
		state(&f, put_source);
	}
	for (size_t i = 0; i < MODEL_TARGETS; i++)
		for (int op = AU_CALL_OPEN; op <= AU_CALL_REMOVE; op++)
			fake_target_fail(p->s.fakes[i], (enum au_call_op)op, AU_OK, 0, false);
	for (size_t i = 0; i < 12; i++) {
		au_clock_fake_advance(3 * 60 * MINUTE);
		rest(&p->s, true);
		approve(p);
		rest(&p->s, false);
	}
}

static int
play_seed(unsigned seed)
{
	struct play *p = au_xcalloc(1, sizeof(*p));
	struct fact first = { .p = p };
	struct au_err err = { 0 };
	long long rows = 0;
	int failures;

	p->seed = seed;
	p->random = chance_begin(seed);
	p->arena = au_arena_new();
	set_up(&p->s, "property");
	state(&first, put_groups);
	for (size_t i = 0; i < MODEL_SOURCES; i++) {
		first.source = (enum model_source)i;
		p->m.may_remove[i] = true;
		state(&first, put_source);
	}
	begin(p);
	rest(&p->s, true);
	check_on_the_way(p);
	live(p);
	settle(p);
	for (size_t t = 0; t < MODEL_TARGETS; t++)
		for (size_t i = 0; i < MODEL_PEOPLE; i++)
			check_account(p, (enum model_target)t, i);
	chance_nothing_is_left(&p->s, p->seed);
	if (au_store_run(p->s.store, verify_audit, &rows, &err) < 0)
		complain(&p->s, "seed %u: %s", seed, err.text);
	failures = p->s.failures;
	tear_down(&p->s);
	au_arena_free(p->arena);
	free(p);
	return failures;
}

int
main(void)
{
	return chance_play("property", play_seed);
}
