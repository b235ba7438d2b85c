/* SPDX-License-Identifier: ISC */
/*
 * A plugin's table as JSON and back.  The daemon trusts nothing in it: a word
 * that it does not know, or a rule that lacks what its kind needs, is refused.
 */
#include "model/describe.h"

#include "base/json.h"
#include "model/pool.h"
#include "model/product_rule.h"

#include <string.h>

#define MOST_RULES 1024
#define MOST_POOLS 256

static const char *const cap_names[] = {
	"list",
	"set-rights",
	"disable",
	"delete",
	"set-profile",
	"reset-secret",
	"set-secret",
	"shows-secret",
	"mails-secret",
	"read-rights",
	"mark",
	"born-allowed",
	"manual",
	"pools",
	"discreet",
	"programs",
	"late-secret",
	"renews",
};

const char *const au_describe_classes[] = { "lower", "upper", "digit", "sign", NULL };

static const struct au_json_text pool_texts[] = {
	{ "name", offsetof(struct au_pool, name) },
	{ "text", offsetof(struct au_pool, text) },
	{ "field", offsetof(struct au_pool, field) },
	{ "value", offsetof(struct au_pool, value) },
	{ NULL, 0 },
};

static const struct au_json_text describe_texts[] = {
	{ "name", offsetof(struct au_describe, name) },
	{ "product", offsetof(struct au_describe, product) },
	{ "version", offsetof(struct au_describe, version) },
	{ "summary", offsetof(struct au_describe, summary) },
	{ NULL, 0 },
};

static const struct au_json_text rule_texts[] = {
	{ "id", offsetof(struct au_product_rule, id) },
	{ "text", offsetof(struct au_product_rule, text) },
	{ "field", offsetof(struct au_product_rule, field) },
	{ "chars", offsetof(struct au_product_rule, chars) },
	{ NULL, 0 },
};

const char *
au_cap_name(enum au_cap cap)
{
	for (size_t i = 0; i < AU_COUNT(cap_names); i++)
		if ((unsigned)cap == 1u << i)
			return cap_names[i];
	return NULL;
}

/* Bits as a list of their names, bit 0 first. */
static json_t *
bits_to_json(unsigned bits, const char *const *names, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		if (bits & 1u << i)
			json_array_append_new(array, json_string(names[i]));
	return array;
}

static int
position(const char *word, const char *const *names, size_t count)
{
	for (size_t i = 0; word != NULL && i < count; i++)
		if (strcmp(word, names[i]) == 0)
			return (int)i;
	return -1;
}

static int
bits_from_json(
    const json_t *array, const char *const *names, size_t count, const char *what, unsigned *ret, struct au_err *err)
{
	const json_t *item;
	size_t index;
	unsigned bits = 0;

	if (!json_is_array(array))
		return au_fail(err, AU_EPROTO, "plugin: %s: expected a list of words", what);
	json_array_foreach (array, index, item) {
		int at = position(json_string_value(item), names, count);
		if (at < 0)
			return au_fail(err, AU_EPROTO, "plugin: %s: '%s' is unknown", what,
			    json_is_string(item) ? json_string_value(item) : "");
		bits |= 1u << at;
	}
	*ret = bits;
	return 0;
}

static const char *
evidence_name(enum au_evidence evidence)
{
	return evidence == AU_DOCUMENTED ? "documented" : evidence == AU_OBSERVED ? "observed" : "inferred";
}

static enum au_evidence
evidence_of(const json_t *json)
{
	const char *name = au_json_get_str(json, "evidence");

	return name != NULL && *name == 'd' ? AU_DOCUMENTED : name != NULL && *name == 'o' ? AU_OBSERVED : AU_INFERRED;
}

static json_t *
rule_to_json(const struct au_product_rule *rule)
{
	json_t *json = json_object();

	au_json_put_texts(json, rule_texts, rule);
	au_json_set_str(json, "evidence", evidence_name(rule->evidence));
	au_json_set_str(json, "kind", au_rule_kind_name(rule->kind));
	au_json_set_int(json, "min", rule->min);
	au_json_set_int(json, "max", rule->max);
	if (rule->choices != NULL)
		json_object_set_new(json, "choices", au_json_words(rule->choices));
	return json;
}

json_t *
au_describe_rules_to_json(const struct au_product_rule *rules)
{
	json_t *array = json_array();

	for (; rules != NULL && rules->id != NULL; rules++)
		json_array_append_new(array, rule_to_json(rules));
	return array;
}

static json_t *
pools_to_json(const struct au_pool *pools)
{
	json_t *array = json_array();

	for (; pools != NULL && pools->name != NULL; pools++) {
		json_t *json = json_object();

		au_json_put_texts(json, pool_texts, pools);
		au_json_set_str(json, "evidence", evidence_name(pools->evidence));
		json_object_set_new(json, "freed_by_disable", json_boolean(pools->flags & AU_POOL_ACTIVE));
		json_object_set_new(json, "billed_beyond", json_boolean(pools->flags & AU_POOL_BILLED));
		au_json_set_int(json, "units", pools->units);
		au_json_set_int(json, "limit", pools->limit);
		json_array_append_new(array, json);
	}
	return array;
}

static json_t *
opts_to_json(const struct au_opt *rows)
{
	return rows != NULL ? au_opt_rows_json(rows) : json_array();
}

json_t *
au_describe_password_to_json(const struct au_pwpolicy *password)
{
	json_t *json = json_object();

	au_json_set_int(json, "min_len", password->min_len);
	au_json_set_int(json, "max_len", password->max_len);
	au_json_set_str(json, "alphabet", password->alphabet);
	json_object_set_new(
	    json, "need", bits_to_json(password->need, au_describe_classes, AU_COUNT(au_describe_classes) - 1));
	return json;
}

json_t *
au_describe_to_json(const struct au_target *table)
{
	struct au_describe texts = {
		.name = table->name, .product = table->product, .version = table->version, .summary = table->summary
	};
	json_t *json = json_object(), *limits = json_object();

	au_json_put_texts(json, describe_texts, &texts);
	au_json_set_int(json, "abi", table->abi);
	json_object_set_new(json, "caps", bits_to_json(table->caps, cap_names, AU_COUNT(cap_names)));
	au_json_set_int(limits, "max_active", table->limits.max_active);
	au_json_set_int(limits, "max_accounts", table->limits.max_accounts);
	au_json_set_int(limits, "calls_per_minute", table->limits.calls_per_minute);
	json_object_set_new(json, "limits", limits);
	json_object_set_new(json, "password", au_describe_password_to_json(&table->password));
	json_object_set_new(json, "instance_options", opts_to_json(table->instance_opts));
	json_object_set_new(json, "rights_options", opts_to_json(table->rights_opts));
	json_object_set_new(json, "rules", au_describe_rules_to_json(table->rules));
	json_object_set_new(json, "pools", pools_to_json(table->pools));
	return json;
}

static int
take_int(const json_t *json, const char *name, int low, int high, int *ret, struct au_err *err)
{
	const json_t *number = json_object_get(json, name);

	if (!json_is_integer(number) || json_integer_value(number) < low || json_integer_value(number) > high)
		return au_fail(err, AU_EPROTO, "plugin: '%s': expected an integer from %d to %d", name, low, high);
	*ret = (int)json_integer_value(number);
	return 0;
}

/* Take text members and move them into the arena, for json will be gone. */
static int
take_texts(struct au_arena *arena, const json_t *json, const struct au_json_text *rows, void *to, struct au_err *err)
{
	const char *text;

	if (au_json_take_texts(json, rows, to, err) != 0)
		return au_err_recode(err, AU_EPROTO);
	for (; rows->name != NULL; rows++) {
		memcpy(&text, (char *)to + rows->offset, sizeof(text));
		text = au_arena_strdup(arena, text);
		memcpy((char *)to + rows->offset, &text, sizeof(text));
	}
	return 0;
}

static const char *
missing_in_rule(const struct au_product_rule *rule)
{
	if (rule->id == NULL || *rule->id == '\0')
		return "an id";
	if (rule->text == NULL)
		return "a text";
	if (rule->kind != AU_RULE_NOTE && !au_product_rule_is_field(rule->field))
		return "a known field";
	if (rule->kind == AU_RULE_CHARS && rule->chars == NULL)
		return "chars";
	if ((rule->kind == AU_RULE_CHOICE || rule->kind == AU_RULE_ADMIN) && rule->choices == NULL)
		return "choices";
	if (au_product_rule_is_shared(rule) && strncmp(rule->field, "rights.", 7) != 0)
		return "a right as its field";
	if (au_product_rule_is_shared(rule) && (rule->min < 1 || rule->min > INT32_MAX))
		return "a min of 1 or more";
	return NULL;
}

static int
rule_from_json(struct au_arena *arena, const json_t *json, struct au_product_rule *ret, struct au_err *err)
{
	struct au_product_rule rule = { .min = au_json_get_int(json, "min"), .max = au_json_get_int(json, "max") };

	if (take_texts(arena, json, rule_texts, &rule, err) != 0 ||
	    au_json_words_parse(arena, json_object_get(json, "choices"), &rule.choices, err) != 0)
		return au_err_recode(err, AU_EPROTO);
	int kind = au_rule_kind_from_name(au_json_get_str(json, "kind"));
	rule.kind = kind >= 0 ? (enum au_rule_kind)kind : AU_RULE_NOTE;
	rule.evidence = evidence_of(json);
	const char *missing = kind < 0 ? "a known kind" : missing_in_rule(&rule);
	if (missing != NULL)
		return au_fail(
		    err, AU_EPROTO, "plugin: rule '%s': expected %s", rule.id != NULL ? rule.id : "", missing);
	*ret = rule;
	return 0;
}

int
au_describe_rules_from_json(
    struct au_arena *arena, const json_t *array, const struct au_product_rule **ret, struct au_err *err)
{
	const json_t *item;
	size_t index;

	if (!json_is_array(array) || json_array_size(array) > MOST_RULES)
		return au_fail(err, AU_EPROTO, "plugin: 'rules': expected a list of at most %d", MOST_RULES);
	struct au_product_rule *rules = au_arena_alloc(arena, (json_array_size(array) + 1) * sizeof(*rules));
	json_array_foreach (array, index, item) {
		int code = rule_from_json(arena, item, &rules[index], err);
		if (code != 0)
			return code;
	}
	*ret = rules;
	return 0;
}

static const char *
missing_in_pool(const struct au_pool *pool, const json_t *json)
{
	if (pool->name == NULL || !au_pool_is_name(pool->name))
		return "a name of letters, digits and . _ : -";
	if (pool->text == NULL)
		return "a text";
	if (pool->field != NULL && (strncmp(pool->field, "rights.", 7) != 0 || pool->field[7] == '\0'))
		return "no field, or a right";
	if (pool->value != NULL && pool->field == NULL)
		return "a field beside its value";
	if (!json_is_integer(json_object_get(json, "units")) || pool->units < 0 || pool->units > INT32_MAX)
		return "units of 0 or more";
	if (!json_is_integer(json_object_get(json, "limit")) || pool->limit < -1)
		return "a limit of -1 or more";
	return NULL;
}

static int
pool_from_json(struct au_arena *arena, const json_t *json, struct au_pool *ret, struct au_err *err)
{
	struct au_pool pool = { .evidence = evidence_of(json),
		.flags = (au_json_get_bool(json, "freed_by_disable", 0) ? AU_POOL_ACTIVE : 0) |
			 (au_json_get_bool(json, "billed_beyond", 0) ? AU_POOL_BILLED : 0),
		.units = au_json_get_int(json, "units"),
		.limit = au_json_get_int(json, "limit") };
	int code = take_texts(arena, json, pool_texts, &pool, err);
	const char *missing;

	if (code != 0)
		return code;
	missing = missing_in_pool(&pool, json);
	if (missing != NULL)
		return au_fail(
		    err, AU_EPROTO, "plugin: pool '%s': expected %s", pool.name != NULL ? pool.name : "", missing);
	*ret = pool;
	return 0;
}

/* A worker of an earlier version says nothing of pools. */
static int
pools_from_json(struct au_arena *arena, const json_t *array, const struct au_pool **ret, struct au_err *err)
{
	const json_t *item;
	size_t index;

	if (array != NULL && (!json_is_array(array) || json_array_size(array) > MOST_POOLS))
		return au_fail(err, AU_EPROTO, "plugin: 'pools': expected a list of at most %d", MOST_POOLS);
	struct au_pool *pools = au_arena_alloc(arena, (json_array_size(array) + 1) * sizeof(*pools));
	json_array_foreach (array, index, item) {
		int code = pool_from_json(arena, item, &pools[index], err);
		if (code != 0)
			return code;
	}
	*ret = pools;
	return 0;
}

static int
numbers_from_json(const json_t *json, struct au_describe *d, struct au_err *err)
{
	const json_t *limits = json_object_get(json, "limits");
	int abi, code = take_int(json, "abi", 1, INT32_MAX, &abi, err);

	if (code == 0)
		code = take_int(limits, "max_active", -1, INT32_MAX, &d->limits.max_active, err);
	if (code == 0)
		code = take_int(limits, "max_accounts", -1, INT32_MAX, &d->limits.max_accounts, err);
	if (code == 0)
		code = take_int(limits, "calls_per_minute", -1, INT32_MAX, &d->limits.calls_per_minute, err);
	if (code == 0)
		d->abi = (unsigned)abi;
	return code;
}

int
au_describe_password_from_json(struct au_arena *arena, const json_t *json, struct au_pwpolicy *ret, struct au_err *err)
{
	struct au_pwpolicy password = { .alphabet = au_arena_strdup(arena, au_json_get_str(json, "alphabet")) };
	int code = take_int(json, "min_len", 0, 1024, &password.min_len, err);

	if (code == 0)
		code = take_int(json, "max_len", 0, 1024, &password.max_len, err);
	if (code == 0)
		code = bits_from_json(json_object_get(json, "need"), au_describe_classes,
		    AU_COUNT(au_describe_classes) - 1, "password.need", &password.need, err);
	if (code == 0)
		*ret = password;
	return code;
}

int
au_describe_from_json(struct au_arena *arena, const json_t *json, struct au_describe *ret, struct au_err *err)
{
	struct au_describe d = { 0 };

	int code = take_texts(arena, json, describe_texts, &d, err);
	if (code == 0 &&
	    (d.name == NULL || *d.name == '\0' || d.product == NULL || d.version == NULL || d.summary == NULL))
		code = au_fail(err, AU_EPROTO, "plugin: expected name, product, version and summary");
	if (code == 0)
		code = numbers_from_json(json, &d, err);
	if (code == 0)
		code =
		    bits_from_json(json_object_get(json, "caps"), cap_names, AU_COUNT(cap_names), "caps", &d.caps, err);
	if (code == 0)
		code = au_describe_password_from_json(arena, json_object_get(json, "password"), &d.password, err);
	if (code == 0)
		code = au_opt_rows_parse(arena, json_object_get(json, "instance_options"), &d.instance_opts, err);
	if (code == 0)
		code = au_opt_rows_parse(arena, json_object_get(json, "rights_options"), &d.rights_opts, err);
	if (code == 0)
		code = au_describe_rules_from_json(arena, json_object_get(json, "rules"), &d.rules, err);
	if (code == 0)
		code = pools_from_json(arena, json_object_get(json, "pools"), &d.pools, err);
	if (code != 0)
		return code;
	*ret = d;
	return 0;
}
