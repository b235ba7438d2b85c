/* SPDX-License-Identifier: ISC */
/*
 * Each own rule is laid beside every rule of the product that is of its kind and
 * about its field; the password's rules become one policy, which both makes and
 * checks passwords.
 */
#include "model/stricter.h"

#include "base/str.h"
#include "base/text.h"
#include "model/password.h"
#include "model/product_rule.h"

#include <string.h>

#define RIGHTS "rights."

static bool
is_secret(const struct au_stricter *own)
{
	return strcmp(own->field, "secret") == 0;
}

static const struct au_opt *
right_of(const struct au_describe *product, const char *field)
{
	return strncmp(field, RIGHTS, strlen(RIGHTS)) == 0 ? au_opt_find(product->rights_opts, field + strlen(RIGHTS))
							   : NULL;
}

/* Whether a rule is on words of a right, not on how many it has. */
static bool
is_on_words(const struct au_stricter *own)
{
	return strncmp(own->field, RIGHTS, strlen(RIGHTS)) == 0 && own->kind != AU_RULE_COUNT &&
	       own->kind != AU_RULE_REQUIRED;
}

static int
check_field(const struct au_describe *product, const struct au_stricter *own, struct au_err *err)
{
	const struct au_opt *right = right_of(product, own->field);

	if (!au_product_rule_is_field(own->field))
		return au_fail(err, AU_EINVAL,
		    "field '%s' is unknown: expected login, mail, label, first_name, last_name, secret or rights.NAME",
		    own->field);
	if (strncmp(own->field, RIGHTS, strlen(RIGHTS)) == 0 && right == NULL)
		return au_fail(err, AU_EINVAL, "field '%s': %s has no such right", own->field, product->product);
	if (own->kind == AU_RULE_COUNT && (right == NULL || right->type != AU_LIST))
		return au_fail(err, AU_EINVAL, "field '%s' is no list, so nothing in it can be counted", own->field);
	if (is_secret(own) && own->need == 0 && own->kind != AU_RULE_LENGTH && own->kind != AU_RULE_CHARS)
		return au_fail(
		    err, AU_EINVAL, "field 'secret': expected a rule on its length, its characters or its classes");
	if (!is_secret(own) && own->need != 0)
		return au_fail(err, AU_EINVAL, "field '%s': only the secret has classes of characters", own->field);
	return 0;
}

static bool
has_word(const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static bool
all_words_within(const char *const *own, const char *const *allowed)
{
	for (; *own != NULL; own++)
		if (!has_word(allowed, *own))
			return false;
	return true;
}

static bool
is_open_above(const struct au_product_rule *rule)
{
	return rule->max < rule->min;
}

/* Whether the own rule would accept what the product's rule of the same kind refuses. */
static bool
is_looser(const struct au_stricter *own, const struct au_product_rule *rule)
{
	switch (own->kind) {
	case AU_RULE_LENGTH:
	case AU_RULE_COUNT:
		return (own->has_min && own->min < rule->min) ||
		       (own->has_max && !is_open_above(rule) && own->max > rule->max);
	case AU_RULE_CHARS:
		return own->chars[au_text_span(own->chars, rule->chars)] != '\0';
	case AU_RULE_CHOICE:
		return !all_words_within(own->choices, rule->choices);
	default:
		return false;
	}
}

/* Whether no value can keep both: a least one above the product's most, or the other way round. */
static bool
is_beyond(const struct au_stricter *own, const struct au_product_rule *rule)
{
	if (own->kind != AU_RULE_LENGTH && own->kind != AU_RULE_COUNT)
		return false;
	return (own->has_min && !is_open_above(rule) && own->min > rule->max) || (own->has_max && own->max < rule->min);
}

static int
refuse(const struct au_product_rule *rule, const struct au_stricter *own, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str accepted = AU_STR_INIT;

	au_product_rule_accepts(rule, &accepted);
	return au_fail(err, AU_EINVAL, "field '%s': expected a part of what rule %s accepts: %s", own->field, rule->id,
	    au_str_get(&accepted));
}

static int
check_beside(const struct au_describe *product, const struct au_stricter *own, struct au_err *err)
{
	const struct au_opt *right = right_of(product, own->field);

	if (own->has_min && own->has_max && own->min > own->max)
		return au_fail(err, AU_EINVAL, "field '%s': 'min' is above 'max'", own->field);
	if (own->kind == AU_RULE_CHOICE && right != NULL && right->choices != NULL &&
	    !all_words_within(own->choices, right->choices))
		return au_fail(
		    err, AU_EINVAL, "field '%s': %s does not know all of these choices", own->field, product->product);
	for (const struct au_product_rule *rule = product->rules; rule != NULL && rule->id != NULL; rule++) {
		if (rule->kind != own->kind || !au_streq(rule->field, own->field))
			continue;
		if (is_looser(own, rule) || is_beyond(own, rule))
			return refuse(rule, own, err);
	}
	return 0;
}

static int
narrow_password(const struct au_stricter *own, struct au_pwpolicy *policy, struct au_err *err)
{
	struct au_pwpolicy narrow = *policy;

	if (policy->max_len <= 0)
		return au_fail(err, AU_EINVAL, "field 'secret': the product makes its own passwords");
	narrow.need |= own->need;
	if (own->chars != NULL)
		narrow.alphabet = own->chars;
	if (own->has_min)
		narrow.min_len = own->min > INT32_MAX ? INT32_MAX : (int)own->min;
	if (own->has_max)
		narrow.max_len = own->max > INT32_MAX ? INT32_MAX : (int)own->max;
	if (narrow.min_len < policy->min_len || narrow.max_len > policy->max_len)
		return au_fail(err, AU_EINVAL, "field 'secret': expected a part of %d to %d characters",
		    policy->min_len, policy->max_len);
	if (policy->alphabet != NULL && narrow.alphabet[strspn(narrow.alphabet, policy->alphabet)] != '\0')
		return au_fail(err, AU_EINVAL, "field 'secret': expected only characters of %s", policy->alphabet);
	if (au_password_policy_check(&narrow, err) != 0)
		return AU_EINVAL;
	*policy = narrow;
	return 0;
}

static struct au_product_rule
rule_of(const struct au_stricter *own)
{
	return (struct au_product_rule){
		.id = own->id,
		.text = "A rule of the configuration.",
		.evidence = AU_DOCUMENTED,
		.kind = own->kind,
		.field = own->field,
		.min = own->has_min ? own->min : 0,
		.max = own->has_max ? own->max : -1,
		.chars = own->chars,
		.choices = own->choices,
	};
}

int
au_stricter_make(struct au_arena *arena, const struct au_describe *product, const struct au_stricter *own, size_t count,
    struct au_own_rules *ret, size_t *ret_bad, struct au_err *err)
{
	struct au_product_rule *rules = au_arena_alloc(arena, (count + 1) * sizeof(*rules));
	struct au_product_rule *words = au_arena_alloc(arena, (count + 1) * sizeof(*words));
	struct au_own_rules made = { .rules = rules, .words = words, .password = product->password };
	int code = 0;

	for (size_t i = 0; i < count; i++) {
		if ((code = check_field(product, &own[i], err)) == 0)
			code = check_beside(product, &own[i], err);
		if (code == 0 && is_secret(&own[i]))
			code = narrow_password(&own[i], &made.password, err);
		if (code != 0) {
			*ret_bad = i;
			return code;
		}
		if (is_on_words(&own[i]))
			*words++ = rule_of(&own[i]);
		else if (!is_secret(&own[i]))
			*rules++ = rule_of(&own[i]);
	}
	*ret = made;
	return 0;
}

const struct au_describe *
au_stricter_describe(struct au_arena *arena, const struct au_describe *product, const struct au_own_rules *own)
{
	struct au_describe *both = au_arena_alloc(arena, sizeof(*both));

	*both = *product;
	both->password = own->password;
	both->rules = au_product_rules_join(arena, product->rules, own->rules);
	return both;
}

json_t *
au_own_rules_to_json(const struct au_own_rules *own)
{
	json_t *json = json_object();

	json_object_set_new(json, "rules", au_describe_rules_to_json(own->rules));
	json_object_set_new(json, "password", au_describe_password_to_json(&own->password));
	return json;
}

int
au_own_rules_from_json(struct au_arena *arena, const json_t *json, struct au_own_rules *ret, struct au_err *err)
{
	static const struct au_product_rule none[] = { AU_RULE_END };
	struct au_own_rules own = { .words = none };
	int code = au_describe_rules_from_json(arena, json_object_get(json, "rules"), &own.rules, err);

	if (code == 0)
		code = au_describe_password_from_json(arena, json_object_get(json, "password"), &own.password, err);
	if (code == 0)
		*ret = own;
	return code;
}
