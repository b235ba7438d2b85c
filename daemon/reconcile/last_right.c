/* SPDX-License-Identifier: ISC */
/*
 * How many stay does not depend on who of those that go is asked about, so it is
 * counted once for each value; whoever is not ours counts, but for the daemon's
 * own login, with which people cannot get in.
 */
#include "reconcile/last_right.h"

#include "base/json.h"
#include "base/str.h"
#include "model/product_rule.h"
#include "store/account.h"
#include "store/loss.h"

#include <string.h>

struct demand {
	const struct au_last_case *c;
	const struct au_target_block *target;
	const struct au_product_rule *rule;
	const char *right;
	const json_t *values; /* texts, of which one is enough */
};

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	if (text)
		(void)au_json_parse(text, strlen(text), AU_JSON_DEPTH, &json, NULL);
	return json;
}

static json_t *
value_text(const json_t *value)
{
	char number[32];

	if (json_is_boolean(value))
		return json_string(json_is_true(value) ? "true" : "false");
	if (json_is_integer(value)) {
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
		return json_string(number);
	}
	return json_is_string(value) ? json_string(json_string_value(value)) : NULL;
}

/* What stands in a right, as texts. */
static json_t *
values_of(const json_t *rights, const char *right)
{
	const json_t *value = json_object_get(rights, right), *item;
	json_t *texts = json_array();
	size_t index;

	if (!json_is_array(value)) {
		json_t *text = value_text(value);
		if (text)
			json_array_append_new(texts, text);
		return texts;
	}
	json_array_foreach ((json_t *)value, index, item) {
		json_t *text = value_text(item);
		if (text)
			json_array_append_new(texts, text);
	}
	return texts;
}

static bool
has_any(const json_t *texts, const json_t *values)
{
	const json_t *text, *value;
	size_t i, k;

	json_array_foreach ((json_t *)texts, i, text) {
		json_array_foreach ((json_t *)values, k, value) {
			if (json_equal(text, value))
				return true;
		}
	}
	return false;
}

/* Whether an account still has one of them after a step. */
static bool
keeps(const struct au_step *step, const char *right, const json_t *values)
{
	AU_CLEANUP(au_json_decrefp) json_t *want = NULL, *after = NULL;

	if (step->op != AU_STEP_SET_RIGHTS)
		return step->op != AU_STEP_DISABLE && step->op != AU_STEP_DELETE;
	want = parse(step->want);
	after = values_of(json_object_get(want, "rights"), right);
	return has_any(after, values);
}

/* Our own account never goes, so it stands in as an administrator; an application that connects by it is another thing.
 */
static const char *
who_does_not_count(const struct demand *d)
{
	for (const struct au_opt *row = d->target->describe->instance_opts; row && row->name; row++)
		if (d->rule->kind != AU_RULE_ADMIN && (row->flags & AU_OWN_LOGIN))
			return au_json_get_str(d->target->options, row->name);
	return NULL;
}

static int
count_ours(const struct demand *d, const struct au_loss_value *value, long long *ret, struct au_err *err)
{
	struct au_arena *arena = d->c->plan->arena;
	const char **ids = NULL;
	size_t count = 0;
	int rc = au_store_loss_holders(
	    d->c->tx, arena, value, au_map_count(d->c->going) + (size_t)d->rule->min, &ids, &count, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++) {
		const struct au_step *step = au_map_get(d->c->going, ids[i]);
		*ret += !step || keeps(step, d->right, d->values);
	}
	return 0;
}

static int
count_stays(const struct demand *d, long long *ret, struct au_err *err)
{
	struct au_arena *arena = d->c->plan->arena;
	AU_CLEANUP(au_freep) char *values = au_json_canonical(d->values);
	const struct au_loss_value value = { d->target->block.name, d->right, values };
	const char *place = au_arena_printf(arena, "%s\n%s\n%s", value.target, d->right, values);
	long long *known = au_map_get(d->c->stays, place), others = 0, ours = 0;
	int rc = 0;

	if (!known) {
		rc = count_ours(d, &value, &ours, err);
		if (rc == 0)
			rc = au_store_loss_other_holders(
			    d->c->tx, arena, &value, who_does_not_count(d), (size_t)d->rule->min, &others, err);
		if (rc < 0)
			return rc;
		known = au_arena_alloc(arena, sizeof *known);
		*known = ours + others;
		au_map_put(d->c->stays, place, known);
	}
	*ret = *known;
	return 0;
}

/* Whether the step takes it from an account that has it and is active, so that fewer than the least number stay. */
static int
is_short(const struct demand *d, const json_t *before, bool *ret, struct au_err *err)
{
	long long stays = 0;
	int rc;

	*ret = false;
	if (!has_any(before, d->values) || keeps(d->c->step, d->right, d->values))
		return 0;
	rc = count_stays(d, &stays, err);
	*ret = rc == 0 && stays < d->rule->min;
	return rc;
}

typedef int check_rule(struct demand *d, const json_t *before, const char **ret_why, struct au_err *err);

static int
check_admins(struct demand *d, const json_t *before, const char **ret_why, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *values = au_json_words(d->rule->choices);
	bool is_too_few = false;
	int rc;

	d->values = values;
	rc = is_short(d, before, &is_too_few, err);
	if (rc == 0 && is_too_few)
		*ret_why = au_arena_printf(d->c->plan->arena,
		    "'%s' is the last administrator of target '%s' that is active and in order, at least %lld must "
		    "stay "
		    "(rule %s)",
		    d->c->step->login, d->target->block.name, d->rule->min, d->rule->id);
	return rc;
}

static int
check_each(struct demand *d, const json_t *before, const char **ret_why, struct au_err *err)
{
	const json_t *text;
	size_t index;
	int rc = 0;

	json_array_foreach ((json_t *)before, index, text) {
		AU_CLEANUP(au_json_decrefp) json_t *values = json_pack("[O]", text);
		bool is_too_few = false;
		d->values = values;
		rc = is_short(d, before, &is_too_few, err);
		if (rc < 0)
			return rc;
		if (is_too_few && !*ret_why)
			*ret_why = au_arena_printf(d->c->plan->arena,
			    "no other account with '%s' in %s is active and in order in target '%s'; what uses it "
			    "stops "
			    "(rule %s)",
			    json_string_value(text), d->right, d->target->block.name, d->rule->id);
	}
	return 0;
}

static int
check_kind(
    const struct au_last_case *c, enum au_rule_kind kind, check_rule *check, const char **ret_why, struct au_err *err)
{
	struct demand d = { .c = c, .target = au_settings_target(c->policy->settings, c->step->target) };
	AU_CLEANUP(au_json_decrefp) json_t *rights = NULL;
	const struct au_product_rule *rule = d.target ? d.target->describe->rules : NULL;
	struct au_account account = { 0 };
	int rc = 0;

	for (; rule && rule->id && rule->kind != kind; rule++)
		continue;
	if (rule && rule->id)
		rc = au_store_account_get(c->tx, c->plan->arena, c->step->account_id, &account, err);
	if (rc < 0 || account.active == 0 || !account.rights)
		return rc == AU_ENOENT ? 0 : rc;
	rights = parse(account.rights);
	for (; rc == 0 && rule && rule->id; rule++) {
		if (rule->kind != kind)
			continue;
		d.rule = rule;
		d.right = rule->field + strlen("rights.");
		AU_CLEANUP(au_json_decrefp) json_t *before = values_of(rights, d.right);
		rc = check(&d, before, ret_why, err);
	}
	return rc;
}

int
au_last_check_admin(const struct au_last_case *c, const char **ret_why, struct au_err *err)
{
	return check_kind(c, AU_RULE_ADMIN, check_admins, ret_why, err);
}

int
au_last_check_each(const struct au_last_case *c, const char **ret_why, struct au_err *err)
{
	return check_kind(c, AU_RULE_EACH, check_each, ret_why, err);
}
