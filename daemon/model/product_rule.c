/* SPDX-License-Identifier: ISC */
/*
 * Product rules on values.  A field is first turned into a small list of texts
 * (one for a plain field, the items of a list right), then its rule looks at it.
 */
#include "model/product_rule.h"

#include "base/text.h"

#include <string.h>

/* RFC 5321 sections 4.5.3.1.1 to 4.5.3.1.3. */
#define MAIL_LOCAL_MAX 64
#define MAIL_MAX 254

struct field {
	bool present;
	size_t count;       /* items of a list, 1 for a plain value */
	const char **texts; /* NULL where an item is no plain value */
};

static const struct {
	const char *name;
	size_t offset;
} plain_fields[] = {
	{ "login", offsetof(struct au_target_account, login) },
	{ "mail", offsetof(struct au_target_account, mail) },
	{ "label", offsetof(struct au_target_account, label) },
	{ "first_name", offsetof(struct au_target_account, first_name) },
	{ "last_name", offsetof(struct au_target_account, last_name) },
	{ "secret", offsetof(struct au_target_account, secret) },
};

static const char *const kind_names[] = {
	[AU_RULE_NOTE] = "note",
	[AU_RULE_REQUIRED] = "required",
	[AU_RULE_LENGTH] = "length",
	[AU_RULE_COUNT] = "count",
	[AU_RULE_CHARS] = "chars",
	[AU_RULE_CHOICE] = "choice",
	[AU_RULE_MAIL] = "mail",
	[AU_RULE_ADMIN] = "admin",
	[AU_RULE_EACH] = "each",
};

const char *
au_rule_kind_name(enum au_rule_kind kind)
{
	return kind_names[kind];
}

int
au_rule_kind_from_name(const char *name)
{
	for (size_t i = 0; name != NULL && i < AU_COUNT(kind_names); i++)
		if (strcmp(kind_names[i], name) == 0)
			return (int)i;
	return -1;
}

bool
au_product_rule_is_shared(const struct au_product_rule *rule)
{
	return rule->kind == AU_RULE_ADMIN || rule->kind == AU_RULE_EACH;
}

bool
au_product_rule_is_field(const char *field)
{
	for (size_t i = 0; field != NULL && i < AU_COUNT(plain_fields); i++)
		if (strcmp(plain_fields[i].name, field) == 0)
			return true;
	return field != NULL && strncmp(field, "rights.", 7) == 0 && field[7] != '\0';
}

static size_t
rule_count(const struct au_product_rule *rules)
{
	size_t count = 0;

	while (rules != NULL && rules[count].id != NULL)
		count++;
	return count;
}

const struct au_product_rule *
au_product_rules_join(struct au_arena *arena, const struct au_product_rule *rules, const struct au_product_rule *more)
{
	size_t count = rule_count(rules), more_count = rule_count(more);
	struct au_product_rule *all = au_arena_alloc(arena, (count + more_count + 1) * sizeof(*all));

	for (size_t i = 0; i < count; i++)
		all[i] = rules[i];
	for (size_t i = 0; i < more_count; i++)
		all[count + i] = more[i];
	return all;
}

static const char *
text_of(struct au_arena *arena, const json_t *value)
{
	if (json_is_integer(value))
		return au_arena_printf(arena, "%lld", (long long)json_integer_value(value));
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	return json_string_value(value);
}

static struct field
field_of_text(struct au_arena *arena, const char *text)
{
	struct field field = { .present = text != NULL, .count = 1 };

	field.texts = au_arena_alloc(arena, sizeof(*field.texts));
	field.texts[0] = text;
	return field;
}

static struct field
field_of_json(struct au_arena *arena, const json_t *value)
{
	if (!json_is_array(value)) {
		struct field field = field_of_text(arena, text_of(arena, value));
		field.present = value != NULL && !json_is_null(value);
		return field;
	}
	struct field field = { .present = true, .count = json_array_size(value) };
	field.texts = au_arena_alloc(arena, (field.count + 1) * sizeof(*field.texts));
	for (size_t i = 0; i < field.count; i++)
		field.texts[i] = text_of(arena, json_array_get(value, i));
	return field;
}

static struct field
field_of(struct au_arena *arena, const char *name, const struct au_target_account *account, const json_t *rights)
{
	const char *text;

	for (size_t i = 0; i < AU_COUNT(plain_fields); i++) {
		if (strcmp(plain_fields[i].name, name) != 0)
			continue;
		memcpy(&text, (const char *)account + plain_fields[i].offset, sizeof(text));
		return field_of_text(arena, text);
	}
	return field_of_json(arena, json_object_get(rights, name + strlen("rights.")));
}

static bool
in_range(const struct au_product_rule *rule, size_t number)
{
	return (long long)number >= rule->min && (rule->max < rule->min || (long long)number <= rule->max);
}

static bool
is_required_met(const struct au_product_rule *rule, const char *text)
{
	(void)rule;
	return !au_str_empty(text);
}

static bool
is_length_met(const struct au_product_rule *rule, const char *text)
{
	return in_range(rule, au_text_length(text));
}

static bool
are_chars_met(const struct au_product_rule *rule, const char *text)
{
	return text[au_text_span(text, rule->chars)] == '\0';
}

static bool
is_choice_met(const struct au_product_rule *rule, const char *text)
{
	for (const char *const *choice = rule->choices; *choice != NULL; choice++)
		if (strcmp(*choice, text) == 0)
			return true;
	return false;
}

/* local@domain in the form that products take: no quoting, no blanks, labels that are not empty. */
static bool
is_mail_met(const struct au_product_rule *rule, const char *text)
{
	const char *at = strchr(text, '@');

	(void)rule;
	if (at == NULL || at == text || at - text > MAIL_LOCAL_MAX || strlen(text) > MAIL_MAX)
		return false;
	const char *domain = at + 1;
	size_t len = strlen(domain);
	if (len == 0 || domain[0] == '.' || domain[len - 1] == '.' || strstr(domain, "..") != NULL)
		return false;
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || (p != at && strchr("@,;<>()[]\\\"", *p) != NULL))
			return false;
	return true;
}

static bool (*const is_met[])(const struct au_product_rule *rule, const char *text) = {
	[AU_RULE_REQUIRED] = is_required_met,
	[AU_RULE_LENGTH] = is_length_met,
	[AU_RULE_CHARS] = are_chars_met,
	[AU_RULE_CHOICE] = is_choice_met,
	[AU_RULE_MAIL] = is_mail_met,
};

static void
print_range(const struct au_product_rule *rule, const char *unit, struct au_str *out)
{
	if (rule->max < rule->min)
		au_str_printf(out, "%lld or more %s", rule->min, unit);
	else
		au_str_printf(out, "%lld to %lld %s", rule->min, rule->max, unit);
}

void
au_product_rule_accepts(const struct au_product_rule *rule, struct au_str *out)
{
	switch (rule->kind) {
	case AU_RULE_NOTE:
		break;
	case AU_RULE_REQUIRED:
		au_str_put(out, "a value");
		break;
	case AU_RULE_LENGTH:
		print_range(rule, "characters", out);
		break;
	case AU_RULE_COUNT:
		print_range(rule, "items", out);
		break;
	case AU_RULE_CHARS:
		au_str_printf(out, "only characters of %s", rule->chars);
		break;
	case AU_RULE_CHOICE:
		au_str_put(out, "one of ");
		for (size_t i = 0; rule->choices[i] != NULL; i++)
			au_str_printf(out, "%s%s", i > 0 ? ", " : "", rule->choices[i]);
		break;
	case AU_RULE_MAIL:
		au_str_put(out, "an address like local@domain");
		break;
	case AU_RULE_ADMIN:
	case AU_RULE_EACH:
		au_str_printf(out, "%lld or more active accounts that have it", rule->min);
		break;
	}
}

static int
broken(const struct au_product_rule *rule, const char *value, struct au_err *err)
{
	struct au_str accepted = AU_STR_INIT;

	au_product_rule_accepts(rule, &accepted);
	if (value == NULL || strcmp(rule->field, "secret") == 0)
		au_fail(err, AU_EINVAL, "rule %s: %s: expected %s", rule->id, rule->field, accepted.data);
	else
		au_fail(
		    err, AU_EINVAL, "rule %s: %s '%.64s': expected %s", rule->id, rule->field, value, accepted.data);
	au_str_done(&accepted);
	return AU_EINVAL;
}

static int
check_rule(struct au_arena *arena, const struct au_product_rule *rule, const struct au_target_account *account,
    const json_t *rights, struct au_err *err)
{
	struct field field = field_of(arena, rule->field, account, rights);

	if (rule->kind == AU_RULE_REQUIRED && (!field.present || field.count == 0))
		return broken(rule, NULL, err);
	if (!field.present)
		return 0;
	if (rule->kind == AU_RULE_COUNT) {
		AU_CLEANUP(au_freep) char *count = au_xasprintf("%zu", field.count);
		return in_range(rule, field.count) ? 0 : broken(rule, count, err);
	}
	for (size_t i = 0; i < field.count; i++)
		if (field.texts[i] != NULL && !is_met[rule->kind](rule, field.texts[i]))
			return broken(rule, field.texts[i], err);
	return 0;
}

int
au_product_rules_check(
    const struct au_product_rule *rules, const struct au_target_account *account, bool rights_only, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *rights = NULL;

	if (account->rights != NULL) {
		int code = au_json_parse(account->rights, strlen(account->rights), AU_JSON_DEPTH, &rights, err);
		if (code != 0)
			return au_err_recode(err, AU_EINVAL);
	}
	for (; rules->id != NULL; rules++) {
		if (rules->kind == AU_RULE_NOTE || au_product_rule_is_shared(rules) ||
		    (rights_only && strncmp(rules->field, "rights.", 7) != 0))
			continue;
		int code = check_rule(arena, rules, account, rights, err);
		if (code != 0)
			return code;
	}
	return 0;
}
