/* SPDX-License-Identifier: ISC */
/* Building and sharing of policies. */
#include "reconcile/policy.h"

#include "base/mem.h"
#include "base/str.h"
#include "reconcile/configuration.h"

static void
copy_templates(struct au_policy *policy, const struct au_template *from, size_t count)
{
	policy->templates = au_arena_alloc(policy->arena, (count + 1) * sizeof *policy->templates);
	policy->template_count = count;
	for (size_t i = 0; i < count; i++) {
		policy->templates[i] = from[i];
		policy->templates[i].canonical = au_arena_strdup(policy->arena, from[i].canonical);
		policy->templates[i].problem = au_arena_strdup(policy->arena, from[i].problem);
	}
}

static void
fill_order(struct au_policy *policy)
{
	const struct au_settings *settings = policy->settings;
	size_t count = settings->source_count + settings->client_count;

	policy->order = au_arena_alloc(policy->arena, (count + 1) * sizeof *policy->order);
	for (size_t i = 0; i < settings->source_count; i++)
		policy->order[policy->order_count++] = settings->sources[i].name;
	for (size_t i = 0; i < settings->client_count; i++)
		policy->order[policy->order_count++] = settings->clients[i].name;
}

static void
read_brakes(struct au_policy *policy)
{
	const struct au_settings *settings = policy->settings;

	au_brake_read(settings->reconcile, NULL, NULL, &policy->brake);
	policy->brakes = au_arena_alloc(policy->arena, (settings->target_count + 1) * sizeof *policy->brakes);
	for (size_t i = 0; i < settings->target_count; i++) {
		const struct au_block *block = &settings->targets[i].block;
		au_brake_read(settings->reconcile, block->values, block->name, &policy->brakes[i]);
	}
}

static struct au_policy *
policy_make(struct au_settings *settings, const struct au_template *templates, size_t count)
{
	struct au_policy *policy = au_xcalloc(1, sizeof *policy);
	const struct au_values *values = settings->reconcile;

	policy->references = 1;
	policy->settings = au_settings_hold(settings);
	policy->arena = au_arena_new();
	policy->grace_ms = au_values_num(values, "grace");
	policy->retry_failed_ms = au_values_num(values, "retry_failed");
	policy->nesting_interval_ms = au_values_num(values, "nesting_interval");
	policy->nested_depth = au_values_num(values, "nested_depth");
	read_brakes(policy);
	copy_templates(policy, templates, count);
	fill_order(policy);
	policy->digests = au_arena_alloc(policy->arena, (settings->target_count + 1) * sizeof *policy->digests);
	return policy;
}

struct au_policy *
au_policy_new(struct au_settings *settings)
{
	struct au_policy *policy = policy_make(settings, settings->templates, settings->template_count);
	char digest[AU_CONFIGURATION_DIGEST];

	for (size_t i = 0; i < settings->target_count; i++)
		policy->digests[i] =
		    au_arena_strdup(policy->arena, au_configuration_digest(settings, &settings->targets[i], digest));
	return policy;
}

struct au_policy *
au_policy_resolve(const struct au_policy *old, const char *template, const char *canonical, const char *problem)
{
	struct au_policy *policy = policy_make(old->settings, old->templates, old->template_count);

	for (size_t i = 0; i < old->settings->target_count; i++)
		policy->digests[i] = au_arena_strdup(policy->arena, old->digests[i]);
	for (size_t i = 0; i < policy->template_count; i++)
		if (au_streq(policy->templates[i].name, template)) {
			policy->templates[i].canonical = au_arena_strdup(policy->arena, canonical);
			policy->templates[i].problem = au_arena_strdup(policy->arena, problem);
		}
	return policy;
}

struct au_policy *
au_policy_change(
    const struct au_policy *old, struct au_settings *settings, const char *template, const char *canonical)
{
	struct au_policy *policy = au_policy_new(settings);

	for (size_t i = 0; i < policy->template_count; i++) {
		struct au_template *item = &policy->templates[i];
		const struct au_template *known = au_policy_template(old, item->name);
		if (au_streq(item->name, template)) {
			item->canonical = au_arena_strdup(policy->arena, canonical);
		} else if (known) {
			item->canonical = au_arena_strdup(policy->arena, known->canonical);
			item->problem = au_arena_strdup(policy->arena, known->problem);
		}
	}
	return policy;
}

struct au_policy *
au_policy_hold(struct au_policy *policy)
{
	policy->references++;
	return policy;
}

void
au_policy_free(struct au_policy *policy)
{
	if (!policy || --policy->references > 0)
		return;
	au_settings_free(policy->settings);
	au_arena_free(policy->arena);
	free(policy);
}

const struct au_template *
au_policy_template(const struct au_policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->template_count; i++)
		if (au_streq(policy->templates[i].name, name))
			return &policy->templates[i];
	return NULL;
}

const struct au_brake *
au_policy_brake(const struct au_policy *policy, const char *target)
{
	for (size_t i = 0; i < policy->settings->target_count; i++)
		if (au_streq(policy->settings->targets[i].block.name, target))
			return &policy->brakes[i];
	return &policy->brake;
}

size_t
au_policy_rank(const struct au_policy *policy, const char *source)
{
	size_t i = 0;

	while (i < policy->order_count && !au_streq(policy->order[i], source))
		i++;
	return i;
}
