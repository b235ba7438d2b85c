/* SPDX-License-Identifier: ISC */
/* Everything is printed as it stands in the table; what the table does not know is not made up. */
#include "targetd/show.h"

#include "base/mem.h"
#include "base/opt.h"
#include "model/describe.h"
#include "model/product_rule.h"

#include <string.h>

#define WIDTH 20

static void
put_text(struct au_str *out, const char *text)
{
	au_str_visible(out, text, strlen(text));
}

static void
put_head(struct au_str *out, const char *title)
{
	au_str_printf(out, "\n%s\n", title);
}

/* A line of a name, padded, and what is said of it, which the caller finishes. */
static void
put_name(struct au_str *out, const char *name)
{
	au_str_put(out, "  ");
	put_text(out, name);
	for (size_t len = strlen(name); len < WIDTH; len++)
		au_str_putc(out, ' ');
	au_str_put(out, "  ");
}

static void
put_capabilities(const struct au_target *table, struct au_str *out)
{
	const char *comma = "";

	put_name(out, "can");
	for (unsigned bit = 0; bit < 32; bit++) {
		const char *name = au_cap_name((enum au_cap)(1u << bit));

		if ((table->caps & 1u << bit) == 0 || name == NULL)
			continue;
		au_str_printf(out, "%s%s", comma, name);
		comma = ", ";
	}
	au_str_put(out, comma[0] != '\0' ? "\n" : "nothing beyond find, get and create\n");
}

static void
put_limit(struct au_str *out, const char *name, int limit)
{
	put_name(out, name);
	if (limit < 0)
		au_str_put(out, "none known\n");
	else
		au_str_printf(out, "%d\n", limit);
}

static void
put_password(const struct au_pwpolicy *policy, struct au_str *out)
{
	put_name(out, "password");
	if (policy->max_len == 0) {
		au_str_put(out, "the product makes its own\n");
		return;
	}
	au_str_printf(out, "%d to %d of ", policy->min_len, policy->max_len);
	put_text(out, policy->alphabet);
	for (unsigned i = 0; au_describe_classes[i] != NULL; i++)
		if ((policy->need & 1u << i) != 0)
			au_str_printf(out, ", needs %s", au_describe_classes[i]);
	au_str_putc(out, '\n');
}

static void
put_options(const struct au_opt *rows, const char *title, struct au_str *out)
{
	put_head(out, title);
	for (const struct au_opt *row = rows; row != NULL && row->name != NULL; row++) {
		put_name(out, row->name);
		au_str_printf(out, "%s", au_opt_type_name(row->type));
		if ((row->flags & AU_REQUIRED) != 0)
			au_str_put(out, ", required");
		if (row->dflt != NULL) {
			au_str_put(out, ", default ");
			put_text(out, row->dflt);
		}
		au_str_put(out, ". ");
		put_text(out, row->help);
		au_str_putc(out, '\n');
	}
}

static void
put_pools(const struct au_pool *pools, struct au_str *out)
{
	if (pools == NULL || pools->name == NULL)
		return;
	put_head(out, "Pools");
	for (; pools->name != NULL; pools++) {
		put_name(out, pools->name);
		au_str_printf(out, "[%c] ", (char)pools->evidence);
		put_text(out, pools->text);
		if (pools->limit >= 0)
			au_str_printf(out, " At most %lld.", pools->limit);
		if (pools->flags & AU_POOL_BILLED)
			au_str_put(out, " A limit is a commitment: what goes beyond is billed.");
		au_str_putc(out, '\n');
	}
}

static void
put_rules(const struct au_product_rule *rules, struct au_str *out)
{
	put_head(out, "Rules (D documented, O observed, I inferred)");
	for (; rules != NULL && rules->id != NULL; rules++) {
		put_name(out, rules->id);
		au_str_printf(out, "[%c] ", (char)rules->evidence);
		put_text(out, rules->text);
		if (rules->kind != AU_RULE_NOTE && rules->field != NULL)
			au_str_printf(out, " (%s: %s)", rules->field, au_rule_kind_name(rules->kind));
		au_str_putc(out, '\n');
	}
}

void
au_show_table(const struct au_target *table, struct au_str *out)
{
	put_text(out, table->product);
	au_str_put(out, ": ");
	put_text(out, table->summary);
	au_str_putc(out, '\n');
	put_name(out, "plugin");
	au_str_printf(out, "%s %s, interface %u\n", table->name, table->version, table->abi);
	put_capabilities(table, out);
	put_limit(out, "active accounts", table->limits.max_active);
	put_limit(out, "accounts", table->limits.max_accounts);
	put_limit(out, "calls per minute", table->limits.calls_per_minute);
	put_password(&table->password, out);
	put_options(table->instance_opts, "Options of a target", out);
	put_options(table->rights_opts, "Rights of a template", out);
	put_pools(table->pools, out);
	put_rules(table->rules, out);
}
