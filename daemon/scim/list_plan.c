/* SPDX-License-Identifier: ISC */
/*
 * From filter to keys.  A test gives a key when the store has an order for its attribute; of tests joined by `and` the
 * cheapest one is enough; `or` needs a key for each.  A key only narrows and the filter still decides, unless the keys
 * say all that it says.
 */
#include "base/str.h"
#include "base/text.h"
#include "scim/index.h"
#include "scim/list.h"

#include <limits.h>
#include <string.h>

/* Guesses at what a key finds. */
#define COST_ONE 1
#define COST_FEW 4
#define COST_GROUPS 50
#define COST_RANGE 1000
#define COST_HALF 100000
#define COST_ALL 200000
#define COST_MOST 1000000000u

struct planner {
	struct au_request *r;
	const struct au_resource_type *type;
};

static struct au_list_plan plan_of(
    struct planner *p, const struct au_filter *filter, const struct au_attr_path *parent);

static struct au_list_plan
one_key(struct planner *p, const struct au_list_key *key, bool exact)
{
	struct au_list_plan plan = { .keys = au_arena_alloc(p->r->arena, sizeof *key), .count = 1, .exact = exact };

	plan.keys[0] = *key;
	return plan;
}

static unsigned
cost_of(const struct au_list_plan *plan)
{
	unsigned cost = 0;

	for (size_t i = 0; i < plan->count; i++)
		cost = cost < COST_MOST - plan->keys[i].cost ? cost + plan->keys[i].cost : COST_MOST;
	return cost;
}

/* ---- a test ---- */

/* The least text above this one: no text holds U+0000. */
static const char *
above(struct planner *p, const char *text)
{
	return au_arena_printf(p->r->arena, "%s\x01", text);
}

static bool
text_range(struct planner *p, const struct au_filter *test, struct au_list_key *key)
{
	struct au_resource_value least = { AU_TEXT_LEAST, 0 }, most = { AU_TEXT_MOST, 0 };
	struct au_resource_value it = { test->text, 0 },
				 next = { above(p, test->op == AU_FILTER_PR ? "" : test->text), 0 };
	struct au_resource_range *range = &key->range;

	if (test->op == AU_FILTER_PR) {
		key->cost = COST_ALL;
		range->from = next; /* an empty text is none */
		range->to = most;
		return true;
	}
	key->cost = test->op == AU_FILTER_EQ ? COST_FEW : test->op == AU_FILTER_SW ? COST_RANGE : COST_HALF;
	range->from = test->op == AU_FILTER_LT || test->op == AU_FILTER_LE ? least : it;
	if (test->op == AU_FILTER_GT)
		range->from = next;
	switch (test->op) {
	case AU_FILTER_EQ:
	case AU_FILTER_LE:
		range->to = next;
		return true;
	case AU_FILTER_SW:
		range->to.text = au_arena_printf(p->r->arena, "%s" AU_TEXT_MOST, test->text);
		return true;
	case AU_FILTER_LT:
		range->to = it;
		return true;
	case AU_FILTER_GT:
	case AU_FILTER_GE:
		range->to = most;
		return true;
	default:
		return false;
	}
}

static bool
date_range(const struct au_filter *test, struct au_list_key *key)
{
	long long it = test->instant, from = LLONG_MIN, to = LLONG_MAX;

	key->cost = test->op == AU_FILTER_EQ ? COST_FEW : COST_HALF;
	switch (test->op) {
	case AU_FILTER_EQ:
		from = it;
		to = it + 1;
		break;
	case AU_FILTER_GT:
		from = it + 1;
		break;
	case AU_FILTER_GE:
		from = it;
		break;
	case AU_FILTER_LT:
		to = it;
		break;
	case AU_FILTER_LE:
		to = it + 1;
		break;
	default:
		return false;
	}
	key->range.from.number = from;
	key->range.to.number = to;
	return true;
}

/* Look-ups of one text, which find their resources themselves. */
static enum au_list_key_kind
lookup_of(enum au_resource_order order)
{
	if (order == AU_ORDER_NAME)
		return AU_LIST_BY_NAME;
	return order == AU_ORDER_EXTERNAL_ID ? AU_LIST_BY_EXTERNAL_ID : AU_LIST_BY_RANGE;
}

static bool
is_id(const struct au_attr_path *path)
{
	return path->extension == NULL && path->sub == NULL && strcmp(path->attr->name, "id") == 0;
}

static struct au_list_plan
plan_test(struct planner *p, const struct au_filter *test, const struct au_attr_path *path)
{
	static const struct au_list_plan none;
	const struct au_attr *row = path->sub != NULL ? path->sub : path->attr;
	struct au_list_key key = { .kind = AU_LIST_BY_RANGE, .multi = path->attr->multi };
	bool found;

	if (test->op != AU_FILTER_PR && json_is_null(test->value))
		return none;
	if (is_id(path) && test->op == AU_FILTER_EQ) {
		key = (struct au_list_key){ .kind = AU_LIST_BY_ID, .value = test->text, .cost = COST_ONE };
		return one_key(p, &key, true);
	}
	if (!au_index_order(p->r->scim, p->type, path, &key.range.order))
		return none;
	/* names are kept folded, whatever their attribute says */
	if (key.range.order == AU_ORDER_NAME && row->case_exact)
		return none;
	if (key.range.order == AU_ORDER_INDEX)
		key.range.attr = au_index_name(p->r->arena, path);
	found = row->type == AU_ATTR_DATETIME ? date_range(test, &key) : text_range(p, test, &key);
	if (found && test->op == AU_FILTER_EQ && row->type != AU_ATTR_DATETIME) {
		key.kind = lookup_of(key.range.order);
		key.value = test->text;
		key.cost = key.range.order == AU_ORDER_NAME ? COST_ONE : COST_FEW;
	}
	return found ? one_key(p, &key, true) : none;
}

/* A group is found by a member through the memberships; the test may ask for more than the member's value. */
static struct au_list_plan
plan_member(struct planner *p, const char *member)
{
	struct au_list_key key = { .kind = AU_LIST_BY_MEMBER, .value = member, .cost = COST_GROUPS };

	return one_key(p, &key, false);
}

/* Only a test that is fulfilled without a value can hold. */
static struct au_list_plan
plan_foreign(struct planner *p, const struct au_filter *test)
{
	static const struct au_list_key nothing = { .kind = AU_LIST_BY_NOTHING };

	if (test->op == AU_FILTER_NE || (test->op == AU_FILTER_EQ && json_is_null(test->value)))
		return (struct au_list_plan){ .count = 0 };
	return one_key(p, &nothing, true);
}

static struct au_list_plan
plan_leaf(struct planner *p, const struct au_filter *filter, const struct au_attr_path *parent)
{
	struct au_attr_path path = parent != NULL ? *parent : filter->path;
	const char *member;

	if (filter->foreign)
		return plan_foreign(p, filter);
	if (parent != NULL)
		path.sub = filter->path.sub;
	if (!path.attr->in_rows)
		return filter->op == AU_FILTER_HAS ? plan_of(p, filter->first, &path) : plan_test(p, filter, &path);
	member = parent == NULL && path.attr->mutability != AU_ATTR_READ_ONLY ? au_filter_value_wanted(filter) : NULL;
	return member != NULL ? plan_member(p, member) : (struct au_list_plan){ .count = 0 };
}

/* ---- several ---- */

static bool
same_order(const struct au_list_plan *a, const struct au_list_plan *b)
{
	const struct au_list_key *left = a->keys, *right = b->keys;

	return a->count == 1 && b->count == 1 && left->kind == AU_LIST_BY_RANGE && right->kind == AU_LIST_BY_RANGE &&
	       !left->multi && left->range.order == right->range.order && au_streq(left->range.attr, right->range.attr);
}

/* Between two dates, say: what lies in both ranges lies in one. */
static void
narrow(struct au_list_plan *into, const struct au_list_plan *by)
{
	struct au_resource_range *range = &into->keys->range;
	const struct au_resource_range *other = &by->keys->range;

	if (au_resource_value_compare(&other->from, &range->from) > 0)
		range->from = other->from;
	if (au_resource_value_compare(&other->to, &range->to) < 0)
		range->to = other->to;
	into->keys->cost = into->keys->cost < COST_RANGE ? into->keys->cost : COST_RANGE;
	into->exact = into->exact && by->exact;
}

static struct au_list_plan
plan_and(struct planner *p, const struct au_filter *filter, const struct au_attr_path *parent)
{
	struct au_list_plan best = { .count = 0 };
	bool exact = true;

	for (const struct au_filter *child = filter->first; child != NULL; child = child->next) {
		struct au_list_plan plan = plan_of(p, child, parent);
		bool first = child == filter->first;

		if (best.count > 0 && same_order(&best, &plan)) {
			narrow(&best, &plan);
			exact = exact && best.exact;
			continue;
		}
		exact = exact && first && plan.count > 0;
		if (plan.count > 0 && (best.count == 0 || cost_of(&plan) < cost_of(&best)))
			best = plan;
	}
	best.exact = best.exact && exact;
	return best;
}

static struct au_list_plan
plan_or(struct planner *p, const struct au_filter *filter, const struct au_attr_path *parent)
{
	struct au_list_plan all = { .exact = true };
	size_t room = 0;

	for (const struct au_filter *child = filter->first; child != NULL; child = child->next) {
		struct au_list_plan plan = plan_of(p, child, parent);

		if (plan.count == 0)
			return plan;
		if (all.count + plan.count > room) {
			struct au_list_key *old = all.keys;

			room = (all.count + plan.count) * 2;
			all.keys = au_arena_alloc(p->r->arena, room * sizeof *all.keys);
			for (size_t i = 0; i < all.count; i++)
				all.keys[i] = old[i];
		}
		memcpy(all.keys + all.count, plan.keys, plan.count * sizeof *plan.keys);
		all.count += plan.count;
		all.exact = all.exact && plan.exact;
	}
	return all;
}

/* Within a value path, parent is its attribute: as deep as the parser let the filter be. */
static struct au_list_plan
plan_of(struct planner *p, const struct au_filter *filter, const struct au_attr_path *parent)
{
	switch (filter->op) {
	case AU_FILTER_AND:
		return plan_and(p, filter, parent);
	case AU_FILTER_OR:
		return plan_or(p, filter, parent);
	case AU_FILTER_NOT:
		return (struct au_list_plan){ .count = 0 };
	default:
		return plan_leaf(p, filter, parent);
	}
}

struct au_list_plan
au_list_plan(struct au_request *r, const struct au_resource_type *type, const struct au_filter *filter)
{
	struct planner planner = { r, type };

	return filter != NULL ? plan_of(&planner, filter, NULL) : (struct au_list_plan){ .count = 0 };
}

bool
au_list_is_lookup(const struct au_list_plan *plan)
{
	return plan->count == 1 && (plan->keys->kind == AU_LIST_BY_ID || plan->keys->kind == AU_LIST_BY_NAME);
}

bool
au_list_is_walk(const struct au_list_plan *plan)
{
	return plan->count == 1 && plan->exact && plan->keys->kind == AU_LIST_BY_RANGE && !plan->keys->multi;
}

bool
au_list_is_point(const struct au_list_plan *plan)
{
	return plan->count > 0 && cost_of(plan) <= 2 * COST_FEW;
}

bool
au_list_is_long(const struct au_list_plan *plan)
{
	return plan->count == 0 || cost_of(plan) >= COST_RANGE;
}
