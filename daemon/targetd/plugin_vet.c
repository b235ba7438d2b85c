/* SPDX-License-Identifier: ISC */
/*
 * A table is vetted once, when it is loaded, so that the rest of the program
 * and the people who read its options need not doubt it.
 */
#include "targetd/plugin_vet.h"

#include "base/mem.h"
#include "base/opt.h"
#include "model/product_rule.h"

#include <ctype.h>
#include <string.h>

/* A capability and the call that goes with it. */
static const struct {
	unsigned cap;
	size_t call;
	const char *name;
} pairs[] = {
	{ AU_CAP_LIST, offsetof(struct au_target, list), "list" },
	{ AU_CAP_SET_RIGHTS, offsetof(struct au_target, set_rights), "set_rights" },
	{ AU_CAP_DISABLE, offsetof(struct au_target, set_active), "set_active" },
	{ AU_CAP_SET_PROFILE, offsetof(struct au_target, set_profile), "set_profile" },
	{ AU_CAP_RESET_SECRET, offsetof(struct au_target, reset_secret), "reset_secret" },
	{ AU_CAP_DELETE, offsetof(struct au_target, remove), "remove" },
	{ AU_CAP_POOLS, offsetof(struct au_target, read_pools), "read_pools" },
};

static const struct {
	size_t call;
	const char *name;
} mandatory[] = {
	{ offsetof(struct au_target, open), "open" },
	{ offsetof(struct au_target, close), "close" },
	{ offsetof(struct au_target, probe), "probe" },
	{ offsetof(struct au_target, resolve), "resolve" },
};

/* Mandatory where a product has an API, not to be there where every change is a task for a person. */
static const struct {
	size_t call;
	const char *name;
} by_api[] = {
	{ offsetof(struct au_target, find), "find" },
	{ offsetof(struct au_target, get), "get" },
	{ offsetof(struct au_target, create), "create" },
};
#define NOT_MANUAL (AU_CAP_LIST | AU_CAP_MARK | AU_CAP_BORN_ALLOWED)

static const char *const account_fields[] = { "login", "mail", "label", "first_name", "last_name", "secret" };

static bool
has_call(const struct au_target *table, size_t offset)
{
	void (*call)(void);

	memcpy(&call, (const char *)table + offset, sizeof(call));
	return call != NULL;
}

static bool
is_sentence(const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text);

	return len >= 2 && text[len - 1] == '.' && !islower((unsigned char)text[0]);
}

/* Words of option and plugin names: lower-case letters, digits and one joining sign. */
static bool
is_word(const char *text, char joint)
{
	if (text == NULL || !islower((unsigned char)text[0]))
		return false;
	for (const char *p = text; *p != '\0'; p++) {
		if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && *p != joint)
			return false;
	}
	return true;
}

static int
vet_words(const struct au_target *table, const char *path, struct au_err *err)
{
	const char *file = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
	size_t len;

	if (!is_word(table->name, '-'))
		return au_fail(err, AU_EINVAL, "name: expected lower-case letters, digits and '-'");
	len = strlen(table->name);
	if (strncmp(file, table->name, len) != 0 || strcmp(file + len, ".so") != 0)
		return au_fail(err, AU_EINVAL, "name '%s' does not match the file's name", table->name);
	if (table->product == NULL || table->product[0] == '\0')
		return au_fail(err, AU_EINVAL, "product: expected the product's name");
	if (table->version == NULL || table->version[0] == '\0')
		return au_fail(err, AU_EINVAL, "version: expected the plugin's version");
	if (!is_sentence(table->summary))
		return au_fail(err, AU_EINVAL, "summary: expected a sentence with a full stop");
	return 0;
}

static int
vet_calls(const struct au_target *table, struct au_err *err)
{
	bool manual = (table->caps & AU_CAP_MANUAL) != 0;

	for (size_t i = 0; i < AU_COUNT(mandatory); i++) {
		if (!has_call(table, mandatory[i].call))
			return au_fail(err, AU_EINVAL, "call '%s' is missing", mandatory[i].name);
	}
	for (size_t i = 0; i < AU_COUNT(by_api); i++) {
		bool has = has_call(table, by_api[i].call);

		if (has == manual)
			return au_fail(err, AU_EINVAL,
			    manual ? "call '%s' is there, but no API" : "call '%s' is missing", by_api[i].name);
	}
	if (manual && table->order == NULL)
		return au_fail(err, AU_EINVAL, "call 'order' is missing for its capability");
	if (manual && (table->caps & NOT_MANUAL) != 0)
		return au_fail(
		    err, AU_EINVAL, "a product without an API cannot list, mark, or tell what accounts are born with");
	for (size_t i = 0; i < AU_COUNT(pairs); i++) {
		bool says = (table->caps & pairs[i].cap) != 0 && !manual;

		if (says && !has_call(table, pairs[i].call))
			return au_fail(err, AU_EINVAL, "call '%s' is missing for its capability", pairs[i].name);
		if (!says && has_call(table, pairs[i].call))
			return au_fail(err, AU_EINVAL, "call '%s' is there without its capability", pairs[i].name);
	}
	return 0;
}

static int
vet_password(const struct au_target *table, struct au_err *err)
{
	static const struct {
		unsigned need;
		int (*is)(int);
		const char *name;
	} classes[] = {
		{ AU_PW_LOWER, islower, "lower-case letters" },
		{ AU_PW_UPPER, isupper, "upper-case letters" },
		{ AU_PW_DIGIT, isdigit, "digits" },
		{ AU_PW_SIGN, ispunct, "signs" },
	};
	const struct au_pwpolicy *policy = &table->password;

	if (policy->max_len == 0 && (table->caps & AU_CAP_SET_SECRET) == 0)
		return 0;
	if (policy->min_len < 1 || policy->max_len < policy->min_len)
		return au_fail(err, AU_EINVAL, "password policy: length %d to %d", policy->min_len, policy->max_len);
	if (policy->alphabet == NULL || policy->alphabet[0] == '\0')
		return au_fail(err, AU_EINVAL, "password policy: expected an alphabet");
	for (const char *p = policy->alphabet; *p != '\0'; p++) {
		if (!isgraph((unsigned char)*p) || strchr(p + 1, *p) != NULL)
			return au_fail(err, AU_EINVAL, "password policy: expected each symbol of the alphabet once");
	}
	for (size_t i = 0; i < AU_COUNT(classes); i++) {
		bool found = false;

		for (const char *p = policy->alphabet; *p != '\0' && !found; p++)
			found = classes[i].is((unsigned char)*p) != 0;
		if ((policy->need & classes[i].need) != 0 && !found)
			return au_fail(err, AU_EINVAL, "password policy: the alphabet has no %s", classes[i].name);
	}
	return 0;
}

static int
vet_row(const struct au_opt *rows, const struct au_opt *row, bool secrets, struct au_err *err)
{
	if (!is_word(row->name, '_'))
		return au_fail(err, AU_EINVAL, "option '%s': expected lower-case letters, digits and '_'", row->name);
	if (au_opt_find(rows, row->name) != row)
		return au_fail(err, AU_EINVAL, "option '%s' is there twice", row->name);
	if (row->type < AU_STR || row->type > AU_SECRET)
		return au_fail(err, AU_EINVAL, "option '%s': type %d is unknown", row->name, (int)row->type);
	if (row->type == AU_SECRET && !secrets)
		return au_fail(err, AU_EINVAL, "option '%s': rights cannot hold a secret", row->name);
	if ((row->flags & AU_OWN_LOGIN) != 0 && (row->type != AU_STR || !secrets))
		return au_fail(err, AU_EINVAL, "option '%s': expected a text of the instance as the login", row->name);
	if ((row->flags & AU_RENEW) != 0 && (row->type != AU_LIST || !secrets))
		return au_fail(err, AU_EINVAL, "option '%s': expected a list of the instance to make anew", row->name);
	if (row->type == AU_ENUM && row->choices == NULL)
		return au_fail(err, AU_EINVAL, "option '%s': expected choices", row->name);
	if (row->min > row->max && row->max != 0)
		return au_fail(err, AU_EINVAL, "option '%s': smallest value above the largest", row->name);
	if (!is_sentence(row->help))
		return au_fail(err, AU_EINVAL, "option '%s': help: expected a sentence with a full stop", row->name);
	if (row->dflt == NULL)
		return 0;
	if ((row->flags & AU_REQUIRED) != 0 || row->type == AU_SECRET)
		return au_fail(err, AU_EINVAL, "option '%s': a default makes no sense", row->name);
	return au_opt_check_default(row, err) == 0 ? 0 : au_err_prefix(err, AU_EINVAL, "default '%s'", row->dflt);
}

static int
vet_rows(const struct au_opt *rows, const char *which, bool secrets, struct au_err *err)
{
	int r;

	if (rows == NULL)
		return au_fail(err, AU_EINVAL, "%s rows are missing", which);
	for (const struct au_opt *row = rows; row->name != NULL; row++) {
		if ((r = vet_row(rows, row, secrets, err)) != 0)
			return au_err_prefix(err, r, "%s rows", which);
	}
	return 0;
}

static bool
field_exists(const struct au_target *table, const char *field)
{
	if (field == NULL)
		return false;
	for (size_t i = 0; i < AU_COUNT(account_fields); i++) {
		if (strcmp(field, account_fields[i]) == 0)
			return true;
	}
	return strncmp(field, "rights.", 7) == 0 && au_opt_find(table->rights_opts, field + 7) != NULL;
}

static int
vet_rule(const struct au_target *table, const struct au_product_rule *rule, struct au_err *err)
{
	if (!is_sentence(rule->text))
		return au_fail(err, AU_EINVAL, "rule '%s': expected a sentence with a full stop", rule->id);
	if (rule->evidence != AU_DOCUMENTED && rule->evidence != AU_OBSERVED && rule->evidence != AU_INFERRED)
		return au_fail(err, AU_EINVAL, "rule '%s': expected evidence 'D', 'O' or 'I'", rule->id);
	if (rule->kind > AU_RULE_EACH)
		return au_fail(err, AU_EINVAL, "rule '%s': kind %d is unknown", rule->id, (int)rule->kind);
	if (rule->kind == AU_RULE_NOTE)
		return 0;
	if (!field_exists(table, rule->field))
		return au_fail(err, AU_EINVAL, "rule '%s': field '%s' is unknown", rule->id,
		    rule->field != NULL ? rule->field : "");
	if ((rule->kind == AU_RULE_LENGTH || rule->kind == AU_RULE_COUNT) && rule->min > rule->max && rule->max != 0)
		return au_fail(err, AU_EINVAL, "rule '%s': expected a range", rule->id);
	if (rule->kind == AU_RULE_CHARS && (rule->chars == NULL || rule->chars[0] == '\0'))
		return au_fail(err, AU_EINVAL, "rule '%s': expected characters", rule->id);
	if ((rule->kind == AU_RULE_CHOICE || rule->kind == AU_RULE_ADMIN) && rule->choices == NULL)
		return au_fail(err, AU_EINVAL, "rule '%s': expected choices", rule->id);
	if (au_product_rule_is_shared(rule) && (strncmp(rule->field, "rights.", 7) != 0 || rule->min < 1))
		return au_fail(err, AU_EINVAL, "rule '%s': expected a right, and a least number of 1 or more", rule->id);
	return 0;
}

static int
vet_rules(const struct au_target *table, struct au_err *err)
{
	int r;

	if (table->rules == NULL)
		return au_fail(err, AU_EINVAL, "rule rows are missing");
	for (const struct au_product_rule *rule = table->rules; rule->id != NULL; rule++) {
		if ((r = vet_rule(table, rule, err)) != 0)
			return r;
	}
	return 0;
}

static int
vet_pool(const struct au_target *table, const struct au_pool *pool, struct au_err *err)
{
	for (const struct au_pool *other = table->pools; other != pool; other++)
		if (strcmp(other->name, pool->name) == 0)
			return au_fail(err, AU_EINVAL, "pool '%s' is there twice", pool->name);
	if (!is_sentence(pool->text))
		return au_fail(err, AU_EINVAL, "pool '%s': expected a sentence with a full stop", pool->name);
	if (pool->evidence != AU_DOCUMENTED && pool->evidence != AU_OBSERVED && pool->evidence != AU_INFERRED)
		return au_fail(err, AU_EINVAL, "pool '%s': expected evidence 'D', 'O' or 'I'", pool->name);
	if (pool->field != NULL && (strncmp(pool->field, "rights.", 7) != 0 || !field_exists(table, pool->field)))
		return au_fail(err, AU_EINVAL, "pool '%s': right '%s' is unknown", pool->name, pool->field);
	return 0;
}

static int
vet_pools(const struct au_target *table, struct au_err *err)
{
	int r;

	for (const struct au_pool *pool = table->pools; pool != NULL && pool->name != NULL; pool++) {
		if ((r = vet_pool(table, pool, err)) != 0)
			return r;
	}
	return 0;
}

int
au_plugin_vet(const struct au_target *table, const char *path, struct au_err *err)
{
	int r = vet_words(table, path, err);

	if (r == 0)
		r = vet_calls(table, err);
	if (r == 0)
		r = vet_password(table, err);
	if (r == 0)
		r = vet_rows(table->instance_opts, "option", true, err);
	if (r == 0)
		r = vet_rows(table->rights_opts, "rights", false, err);
	if (r == 0)
		r = vet_rules(table, err);
	if (r == 0)
		r = vet_pools(table, err);
	return r;
}
