/* SPDX-License-Identifier: ISC */
/* Steps are made up and carried out in one go, so that what is expected of each is known when it is sent. */
#include "tests/scim/model.h"

#include "base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NAMES 14

unsigned
roll(unsigned *seed, unsigned below)
{
	return (unsigned)rand_r(seed) % below;
}

int
model_find(const struct model *m, enum thing_kind kind, const char *name)
{
	for (int i = 0; i < MODEL_MOST; i++)
		if (m->things[i].kind == kind && strcasecmp(m->things[i].name, name) == 0)
			return i;
	return -1;
}

int
model_count(const struct model *m, enum thing_kind kind)
{
	int count = 0;

	for (int i = 0; i < MODEL_MOST; i++)
		count += m->things[i].kind == kind;
	return count;
}

const char *
model_endpoint(enum thing_kind kind)
{
	return kind == A_USER ? "Users" : "Groups";
}

/* ---- choosing ---- */

static void
choose_name(unsigned *seed, char name[16])
{
	snprintf(name, 16, "%cx%u", roll(seed, 2) ? 'n' : 'N', roll(seed, NAMES));
}

/* Whether another thing of the kind has the name. */
static bool
is_taken(const struct model *m, enum thing_kind kind, const char *name, int own)
{
	int found = model_find(m, kind, name);

	return found >= 0 && found != own;
}

static int
choose_free(const struct model *m)
{
	for (int i = 0; i < MODEL_MOST; i++)
		if (m->things[i].kind == NO_THING)
			return i;
	return -1;
}

/* Any thing of the kind (NO_THING: of any), or -1. */
static int
choose(const struct model *m, unsigned *seed, enum thing_kind kind)
{
	int start = (int)roll(seed, MODEL_MOST);

	for (int i = 0; i < MODEL_MOST; i++) {
		int at = (start + i) % MODEL_MOST;

		if (kind == NO_THING ? m->things[at].kind != NO_THING : m->things[at].kind == kind)
			return at;
	}
	return -1;
}

/* Up to three members, none of them the group itself. */
static void
choose_members(const struct model *m, unsigned *seed, int group, bool chosen[MODEL_MOST])
{
	unsigned count = roll(seed, 4);

	memset(chosen, 0, MODEL_MOST * sizeof(bool));
	for (unsigned i = 0; i < count; i++) {
		int member = choose(m, seed, NO_THING);

		if (member >= 0 && member != group)
			chosen[member] = true;
	}
}

static const char *
members_text(const struct model *m, struct au_arena *arena, const bool chosen[MODEL_MOST])
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;

	au_str_putc(&text, '[');
	for (int i = 0; i < MODEL_MOST; i++)
		if (chosen[i])
			au_str_printf(&text, "%s{'value':'%s'}", text.len > 1 ? "," : "", m->things[i].ref);
	au_str_putc(&text, ']');
	return au_arena_strdup(arena, au_str_get(&text));
}

/* Mostly none; else the right one or, and then false is returned, a wrong one. */
static bool
choose_condition(struct au_arena *arena, unsigned *seed, const struct thing *thing, struct step *step)
{
	unsigned way = roll(seed, 10);

	if (way < 7)
		return true;
	step->condition = au_arena_printf(arena, "W/\"%lld\"", thing->version + (way == 9));
	return way != 9;
}

/* ---- users ---- */

static const char *
user_text(struct au_arena *arena, const struct thing *user)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;

	au_str_printf(&text, "{'userName':'%s','active':%s", user->name, user->active ? "true" : "false");
	if (user->title[0] != '\0')
		au_str_printf(&text, ",'title':'%s'", user->title);
	if (user->external[0] != '\0')
		au_str_printf(&text, ",'externalId':'%s'", user->external);
	au_str_putc(&text, '}');
	return au_arena_strdup(arena, au_str_get(&text));
}

static void
choose_text(unsigned *seed, char text[16])
{
	text[0] = '\0';
	if (roll(seed, 3) > 0)
		snprintf(text, 16, "t%u", roll(seed, 4));
}

static void
choose_user(unsigned *seed, struct thing *user)
{
	choose_name(seed, user->name);
	choose_text(seed, user->title);
	choose_text(seed, user->external);
	user->active = roll(seed, 2);
}

/* Becomes what `next` says; nothing moves when that is what it was. */
static void
settle(struct thing *thing, struct thing *next, bool changed)
{
	next->version = thing->version + changed;
	*thing = *next;
}

static bool
user_differs(const struct thing *a, const struct thing *b)
{
	return strcmp(a->name, b->name) != 0 || strcmp(a->title, b->title) != 0 ||
	       strcmp(a->external, b->external) != 0 || a->active != b->active;
}

static void
put_user(struct model *m, struct au_arena *arena, unsigned *seed, struct step *step)
{
	struct thing *user = &m->things[step->thing], next = *user;

	choose_user(seed, &next);
	step->method = "PUT";
	step->body = user_text(arena, &next);
	step->status = is_taken(m, A_USER, next.name, step->thing) ? 409 : 200;
	if (!choose_condition(arena, seed, user, step))
		step->status = 412;
	if (step->status == 200)
		settle(user, &next, user_differs(user, &next));
}

/* One to three operations, some by path and some without. */
static void
patch_user(struct model *m, struct au_arena *arena, unsigned *seed, struct step *step)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	struct thing *user = &m->things[step->thing], next = *user;
	unsigned count = 1 + roll(seed, 3);

	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			au_str_putc(&text, ',');
		switch (roll(seed, 5)) {
		case 0:
			choose_name(seed, next.name);
			au_str_printf(&text, "{'op':'replace','path':'userName','value':'%s'}", next.name);
			break;
		case 1:
			next.title[0] = '\0';
			au_str_put(&text, "{'op':'remove','path':'title'}");
			break;
		case 2:
			next.active = roll(seed, 2);
			au_str_printf(&text, "{'op':'replace','value':{'active':%s}}", next.active ? "true" : "false");
			break;
		case 3:
			snprintf(next.title, sizeof next.title, "t%u", roll(seed, 4));
			au_str_printf(&text, "{'op':'add','path':'title','value':'%s'}", next.title);
			break;
		default:
			snprintf(next.external, sizeof next.external, "t%u", roll(seed, 4));
			au_str_printf(&text, "{'op':'add','value':{'externalId':'%s'}}", next.external);
			break;
		}
	}
	step->method = "PATCH";
	step->body = au_arena_printf(arena, "{'Operations':[%s]}", au_str_get(&text));
	step->status = is_taken(m, A_USER, next.name, step->thing) ? 409 : 200;
	if (!choose_condition(arena, seed, user, step))
		step->status = 412;
	if (step->status == 200)
		settle(user, &next, user_differs(user, &next));
}

/* ---- groups ---- */

static const char *
group_text(const struct model *m, struct au_arena *arena, const struct thing *group)
{
	return au_arena_printf(
	    arena, "{'displayName':'%s','members':%s}", group->name, members_text(m, arena, group->has));
}

static bool
group_differs(const struct thing *a, const struct thing *b)
{
	return strcmp(a->name, b->name) != 0 || memcmp(a->has, b->has, sizeof a->has) != 0;
}

static void
put_group(struct model *m, struct au_arena *arena, unsigned *seed, struct step *step)
{
	struct thing *group = &m->things[step->thing], next = *group;

	choose_name(seed, next.name);
	choose_members(m, seed, step->thing, next.has);
	step->method = "PUT";
	step->body = group_text(m, arena, &next);
	step->status = is_taken(m, A_GROUP, next.name, step->thing) ? 409 : 200;
	if (!choose_condition(arena, seed, group, step))
		step->status = 412;
	if (step->status == 200)
		settle(group, &next, group_differs(group, &next));
}

/* How members are changed by one operation. */
static const char *
patch_members(const struct model *m, struct au_arena *arena, unsigned *seed, int at, struct thing *next)
{
	bool chosen[MODEL_MOST];
	int one = choose(m, seed, NO_THING);
	unsigned way = roll(seed, 5);

	choose_members(m, seed, at, chosen);
	if (way == 0) {
		memcpy(next->has, chosen, sizeof next->has);
		return au_arena_printf(
		    arena, "{'op':'replace','path':'members','value':%s}", members_text(m, arena, chosen));
	}
	if (way == 1) {
		next->has[one] = false;
		return au_arena_printf(
		    arena, "{'op':'remove','path':'members[value eq \\'%s\\']'}", m->things[one].ref);
	}
	if (way == 2) {
		memset(next->has, 0, sizeof next->has);
		return "{'op':'remove','path':'members'}";
	}
	for (int i = 0; i < MODEL_MOST; i++)
		next->has[i] = next->has[i] || chosen[i];
	return au_arena_printf(arena, "{'op':'add','path':'members','value':%s}", members_text(m, arena, chosen));
}

static void
patch_group(struct model *m, struct au_arena *arena, unsigned *seed, struct step *step)
{
	struct thing *group = &m->things[step->thing], next = *group;
	const char *members = patch_members(m, arena, seed, step->thing, &next);

	step->method = "PATCH";
	step->body = au_arena_printf(arena, "{'Operations':[%s]}", members);
	if (roll(seed, 4) == 0) {
		choose_name(seed, next.name);
		step->body = au_arena_printf(arena,
		    "{'Operations':[%s,{'op':'replace','path':'displayName','value':'%s'}]}", members, next.name);
	}
	step->status = is_taken(m, A_GROUP, next.name, step->thing) ? 409 : 200;
	if (!choose_condition(arena, seed, group, step))
		step->status = 412;
	if (step->status == 200)
		settle(group, &next, group_differs(group, &next));
}

/* ---- making and removing ---- */

static struct step
make(struct model *m, struct au_arena *arena, unsigned *seed, const char *new_ref)
{
	struct thing next = { .kind = roll(seed, 2) ? A_USER : A_GROUP, .version = 1 };
	struct step step = { .method = "POST", .endpoint = model_endpoint(next.kind), .thing = -1 };
	int free_at = choose_free(m);

	snprintf(next.ref, sizeof next.ref, "%s", new_ref);
	choose_user(seed, &next);
	if (next.kind == A_GROUP) {
		next.title[0] = next.external[0] = '\0';
		next.active = false;
		choose_members(m, seed, free_at, next.has);
	}
	step.path = au_arena_printf(arena, "/%s", step.endpoint);
	step.body = next.kind == A_USER ? user_text(arena, &next) : group_text(m, arena, &next);
	step.status = is_taken(m, next.kind, next.name, -1) ? 409 : 201;
	if (step.status == 201) {
		m->things[free_at] = next;
		step.thing = free_at;
	}
	return step;
}

/* Groups that held it have changed. */
static void
remove_thing(struct model *m, struct au_arena *arena, unsigned *seed, struct step *step)
{
	struct thing *thing = &m->things[step->thing];

	step->method = "DELETE";
	step->status = 204;
	if (!choose_condition(arena, seed, thing, step)) {
		step->status = 412;
		return;
	}
	for (int i = 0; i < MODEL_MOST; i++) {
		if (m->things[i].has[step->thing])
			m->things[i].version++;
		m->things[i].has[step->thing] = false;
	}
	if (strncmp(thing->ref, "bulkId:", 7) != 0)
		snprintf(m->gone, sizeof m->gone, "%s", thing->ref);
	*thing = (struct thing){ .kind = NO_THING };
	step->thing = -1;
}

/* ---- what must fail ---- */

static void
spoil(struct model *m, struct au_arena *arena, unsigned *seed, struct step *step)
{
	static const struct {
		enum thing_kind kind;
		const char *method, *body;
	} rows[] = {
		{ A_USER, "PUT", "{'active':true}" },
		{ A_USER, "PUT", "{'userName':'x','active':'maybe'}" },
		{ A_USER, "PUT", "{'userName':'x','emails':['a',7]}" },
		{ A_USER, "PATCH", "{'Operations':[{'op':'replace','path':'id','value':'x'}]}" },
		{ A_USER, "PATCH",
		    "{'Operations':[{'op':'add','path':'title','value':'lost'},{'op':'remove','path':'userName'}]}" },
		{ A_USER, "PATCH", "{'Operations':[{'op':'remove'}]}" },
		{ A_USER, "PATCH",
		    "{'Operations':[{'op':'replace','path':'emails[type eq \\'none\\'].value','value':'x'}]}" },
		{ A_GROUP, "PUT", "{'displayName':'lost','members':[{'value':'nobody'}]}" },
		{ A_GROUP, "PATCH",
		    "{'Operations':[{'op':'remove','path':'members'},"
		    "{'op':'add','path':'members','value':[{'value':'nobody'}]}]}" },
		{ A_GROUP, "PATCH", "{'Operations':[{'op':'replace','path':'displayName','value':['x','y']}]}" },
	};
	size_t row = roll(seed, AU_COUNT(rows));

	while (rows[row].kind != m->things[step->thing].kind)
		row = (row + 1) % AU_COUNT(rows);
	step->method = rows[row].method;
	step->body = au_arena_strdup(arena, rows[row].body);
	step->status = 400;
}

static struct step
visit_gone(struct model *m, struct au_arena *arena, unsigned *seed)
{
	struct step step = { .method = "DELETE", .endpoint = "Users", .status = 404, .thing = -1 };

	step.path = au_arena_printf(arena, "/Users/%s", m->gone[0] != '\0' ? m->gone : "nobody");
	if (roll(seed, 2)) {
		step.method = "PUT";
		step.body = "{'userName':'back'}";
	}
	return step;
}

/* ---- one of them ---- */

struct step
model_step(struct model *m, struct au_arena *arena, unsigned *seed, const char *new_ref)
{
	int thing = choose(m, seed, NO_THING);
	struct step step = { .thing = thing };
	unsigned way = roll(seed, 20);

	if (thing < 0 || (way < 6 && choose_free(m) >= 0)) {
		step = make(m, arena, seed, new_ref);
	} else if (way == 19) {
		step = visit_gone(m, arena, seed);
	} else {
		step.endpoint = model_endpoint(m->things[thing].kind);
		step.path = au_arena_printf(arena, "/%s/%s", step.endpoint, m->things[thing].ref);
		if (way >= 16)
			remove_thing(m, arena, seed, &step);
		else if (way == 15)
			spoil(m, arena, seed, &step);
		else if (way < 9)
			(m->things[thing].kind == A_USER ? put_user : put_group)(m, arena, seed, &step);
		else
			(m->things[thing].kind == A_USER ? patch_user : patch_group)(m, arena, seed, &step);
	}
	if (step.thing >= 0 && step.status < 300)
		step.version = m->things[step.thing].version;
	return step;
}
