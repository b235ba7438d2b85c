/* SPDX-License-Identifier: ISC */
/* The plugin's pools first, then those that its limits imply, then what the configuration adds. */
#include "settings/settings_capacity.h"

#include "settings/rows.h"

#define RENEWALS_MOST 1 /* when the configuration says nothing else */

/* What holds of a pool that the configuration does not mention: the rows' defaults. */
static struct au_pool_spec
spec_of(const struct au_pool *row)
{
	struct au_values *values = au_values_new(au_capacity_rows);
	struct au_pool_spec spec = { .row = *row,
		.limit = -1,
		.beyond = row->flags & AU_POOL_BILLED ? AU_BEYOND_TELL : AU_BEYOND_WAIT,
		.reserve = au_values_num(values, "reserve"),
		.warn = au_values_num(values, "warn"),
		.warn_percent = au_values_num(values, "warn_percent") };

	au_values_free(values);
	return spec;
}

static struct au_pool_spec *
find_pool(const struct au_target_block *target, const char *name)
{
	for (size_t i = 0; i < target->pool_count; i++)
		if (au_streq(target->pools[i].row.name, name))
			return &target->pools[i];
	return NULL;
}

static void
add_pool(struct au_target_block *target, const struct au_pool *row)
{
	if (!find_pool(target, row->name))
		target->pools[target->pool_count++] = spec_of(row);
}

static bool
renews(const struct au_describe *describe)
{
	for (const struct au_opt *row = describe->instance_opts; row && row->name; row++)
		if (row->flags & AU_RENEW)
			return true;
	return describe->caps & AU_CAP_RENEWS;
}

/* Nothing of the product's: so many at a time, one after another, each to its end. */
static void
add_renewals(struct au_target_block *target)
{
	const struct au_pool renewals = { .name = AU_POOL_RENEWALS,
		.text = "Accounts that are made anew at the same time, until the ones before them are gone.",
		.evidence = AU_INFERRED,
		.limit = -1 };

	add_pool(target, &renewals);
	find_pool(target, renewals.name)->limit = RENEWALS_MOST;
	find_pool(target, renewals.name)->warn = find_pool(target, renewals.name)->warn_percent = -1;
}

static void
add_known(const struct au_reading *r, struct au_target_block *target, size_t more)
{
	const struct au_describe *describe = target->describe;
	const struct au_pool active = { .name = "active",
		.text = "Active accounts.",
		.evidence = AU_DOCUMENTED,
		.flags = AU_POOL_ACTIVE,
		.units = 1,
		.limit = describe->limits.max_active };
	const struct au_pool accounts = { .name = "accounts",
		.text = "Accounts, active or not.",
		.evidence = AU_DOCUMENTED,
		.units = 1,
		.limit = describe->limits.max_accounts };
	size_t count = 0;

	while (describe->pools && describe->pools[count].name)
		count++;
	target->pools = au_arena_alloc(r->settings->arena, (count + more + 4) * sizeof *target->pools);
	for (size_t i = 0; i < count; i++)
		add_pool(target, &describe->pools[i]);
	if (active.limit >= 0)
		add_pool(target, &active);
	if (accounts.limit >= 0)
		add_pool(target, &accounts);
	if (renews(describe))
		add_renewals(target);
}

static int
refuse(const struct au_reading *r, const struct au_raw *at, const char *option, const char *pool, const char *why)
{
	return au_raw_fail(au_raw_line(at, option), r->err, AU_EINVAL, "pool '%s': %s", pool, why);
}

static int
check_numbers(const struct au_reading *r, const struct au_raw *at, const struct au_pool_spec *spec)
{
	const char *name = spec->row.name;

	if (spec->row.limit >= 0 && spec->limit > spec->row.limit)
		return au_raw_fail(au_raw_line(at, "limit"), r->err, AU_EINVAL,
		    "pool '%s': limit %lld is above the %lld of the product, which can be narrowed only", name,
		    spec->limit, spec->row.limit);
	if (spec->beyond != AU_BEYOND_WAIT && !(spec->row.flags & AU_POOL_BILLED))
		return refuse(r, at, "beyond", name, "the product refuses what goes beyond its limit");
	if (spec->beyond != AU_BEYOND_WAIT && spec->reserve > 0)
		return refuse(r, at, "reserve", name, "nobody waits for it, so nothing of it can be kept free");
	if (spec->limit >= 0 && spec->reserve > spec->limit)
		return refuse(r, at, "reserve", name, "the reserve is above the limit, so nothing would ever be free");
	return 0;
}

static int
read_pool(const struct au_reading *r, const struct au_section *section, const struct au_raw *raw,
    struct au_target_block *target)
{
	struct au_values *values = NULL;
	struct au_pool_spec *spec;
	const char *name;
	int rc = au_reading_values(r, section, raw, &values);

	if (rc < 0)
		return rc;
	name = au_values_str(values, "pool");
	spec = find_pool(target, name);
	if (!au_pool_is_name(name))
		return refuse(r, raw, "pool", name, "expected letters, digits and . _ : - as its name");
	if (spec && spec->configured)
		return refuse(r, raw, "pool", name, "it stands here twice");
	if (spec && au_values_is_set(values, "freed_by_disable"))
		return refuse(
		    r, raw, "freed_by_disable", name, "the plugin knows whether a disabled account gives it back");
	if (!spec) {
		const struct au_pool own = { .name = name,
			.text = "A pool of the configuration.",
			.evidence = AU_INFERRED,
			.flags = au_values_bool(values, "freed_by_disable") ? AU_POOL_ACTIVE : 0,
			.limit = -1 };
		add_pool(target, &own);
		spec = find_pool(target, name);
		spec->row.flags |= AU_POOL_BILLED; /* only the configuration knows, and it says so by `beyond` */
	}
	spec->configured = true;
	if (au_values_is_set(values, "limit"))
		spec->limit = au_values_num(values, "limit");
	if (au_values_is_set(values, "beyond"))
		spec->beyond = au_beyond_from_name(au_values_str(values, "beyond"));
	spec->reserve = au_values_num(values, "reserve");
	spec->warn = au_values_num(values, "warn");
	spec->warn_percent = au_values_num(values, "warn_percent");
	return check_numbers(r, raw, spec);
}

int
au_reading_capacity(const struct au_reading *r, const struct au_section *section, const struct au_raw *block,
    struct au_target_block *target)
{
	const struct au_raw *list = au_raw_member(block, section->name);
	int rc = 0;

	if (list && list->kind != AU_RAW_LIST)
		return au_raw_fail(list, r->err, AU_EINVAL, "option '%s': expected a list of groups, found %s",
		    section->name, au_raw_type(list));
	add_known(r, target, list ? list->count : 0);
	for (size_t i = 0; list && rc == 0 && i < list->count; i++)
		rc = read_pool(r, section, &list->members[i], target);
	return rc;
}

int
au_reading_takes(const struct au_reading *r, const struct au_raw *block, const struct au_values *values,
    const struct au_target_block *target, const char **ret)
{
	struct au_arena *arena = r->settings->arena;
	const struct au_raw *at = au_raw_line(block, "takes");
	size_t count = au_values_count(values, "takes");
	struct au_takes takes = { .items = au_arena_alloc(arena, (count + 1) * sizeof *takes.items) };

	for (size_t i = 0; i < count; i++) {
		struct au_take take;
		const struct au_pool_spec *spec;
		int rc = au_take_parse(arena, au_values_item(values, "takes", i), &take, r->err);
		if (rc < 0) {
			au_err_prefix(r->err, rc, "option 'takes'");
			return au_raw_prefix(at, r->err, rc);
		}
		spec = find_pool(target, take.pool);
		if (!spec)
			return au_raw_fail(at, r->err, AU_EINVAL, "option 'takes': target '%s' has no pool '%s'",
			    target->block.name, take.pool);
		if (spec->row.units != 0)
			return au_raw_fail(at, r->err, AU_EINVAL,
			    "option 'takes': pool '%s' is counted by the plugin itself", take.pool);
		if (au_takes_of(&takes, take.pool) != 0)
			return au_raw_fail(at, r->err, AU_EINVAL, "option 'takes': pool '%s' stands twice", take.pool);
		takes.items[takes.count++] = take;
	}
	*ret = au_takes_print(arena, &takes);
	return 0;
}
