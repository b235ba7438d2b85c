/* SPDX-License-Identifier: ISC */
/* The plugin "fake": options and rights of most types, and product rules that templates can break. */
#include "tests/settings/fake.h"

#include <assert.h>

static const char *const levels[] = { "low", "high", NULL };

static const struct au_opt options[] = {
	{ "url", AU_STR, AU_REQUIRED, 1, 200, NULL, NULL, "Where it is." },
	{ "tries", AU_INT, AU_RELOAD, 1, 5, NULL, "2", "How often." },
	{ "secret", AU_SECRET, 0, 0, 0, NULL, NULL, "What it asks for." },
	AU_OPT_END,
};

static const struct au_opt rights[] = {
	{ "roles", AU_LIST, AU_REQUIRED, 0, 0, NULL, NULL, "What it may." },
	{ "level", AU_ENUM, 0, 0, 0, levels, "low", "How much." },
	{ "wait", AU_TIME, 0, 0, 0, NULL, NULL, "How long." },
	AU_OPT_END,
};

static const struct au_product_rule rules[] = {
	{ "FK-R01", "An account has one or two roles.", AU_DOCUMENTED, AU_RULE_COUNT, "rights.roles", 1, 2, NULL,
	    NULL },
	{ "FK-R02", "An account has a mail address.", AU_DOCUMENTED, AU_RULE_REQUIRED, "mail", 0, 0, NULL, NULL },
	{ "FK-R03", "A login is short.", AU_DOCUMENTED, AU_RULE_LENGTH, "login", 1, 20, NULL, NULL },
	AU_RULE_END,
};

static const struct au_pool pools[] = {
	{ "slots", "Active accounts.", AU_DOCUMENTED, AU_POOL_ACTIVE, NULL, NULL, 1, 10 },
	{ "desks", "Desks, which accounts have by what they are for.", AU_DOCUMENTED, 0, NULL, NULL, 0, -1 },
	AU_POOL_END,
};

static const struct au_describe fake = {
	.name = "fake",
	.product = "Fake",
	.version = "1",
	.summary = "A product that is none.",
	.abi = AU_TARGET_ABI,
	.instance_opts = options,
	.rights_opts = rights,
	.rules = rules,
	.pools = pools,
	.limits = { .max_active = -1, .max_accounts = 500, .calls_per_minute = -1 },
	.password = { 8, 12, "abcdefgh01234567", AU_PW_DIGIT },
};

int
fake_describe(void *ctx, const struct au_values *daemon, struct au_arena *arena, const char *plugin,
    const struct au_describe **ret, struct au_err *err)
{
	size_t *calls = ctx;

	(void)arena;
	assert(au_values_str(daemon, "helper_dir"));
	if (calls)
		(*calls)++;
	if (!au_streq(plugin, fake.name))
		return au_fail(err, AU_EINVAL, "plugin '%s': there is no such plugin", plugin);
	*ret = &fake;
	return 0;
}

char *
fake_path(const char *name)
{
	const char *top = getenv("top_srcdir");

	return au_xasprintf("%s/tests/settings/%s", top ? top : ".", name);
}
