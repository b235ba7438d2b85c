/* SPDX-License-Identifier: ISC */
/* One check per type (RFC 7643 section 2.3), and the few liberties that real clients take. */
#include "scim/value.h"

#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/when.h"

#include <string.h>
#include <strings.h>

/* What one check goes by, whatever the attribute. */
struct check {
	const struct au_profile *profile;
	struct au_fault *fault;
};

static int
wrong(const struct check *c, const struct au_attr *attr, const char *expected)
{
	return au_fault_set(c->fault, AU_FAULT_INVALID_VALUE, "attribute '%s': expected %s", attr->name, expected);
}

/* ---- simple types: each returns 0 and a new reference ---- */

typedef int check_fn(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret);

static int
check_string(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret)
{
	if (!json_is_string(value))
		return wrong(c, attr, "a string");
	if (attr->required && json_string_length(value) == 0)
		return wrong(c, attr, "a string that is not empty");
	if (attr->uniqueness != AU_ATTR_NONE && !au_text_is_name(json_string_value(value)))
		return wrong(c, attr, "a name: more than blanks, and no control characters");
	*ret = json_incref((json_t *)value);
	return 0;
}

static int
check_boolean(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret)
{
	const char *text = json_string_value(value);

	if (json_is_boolean(value))
		*ret = json_incref((json_t *)value);
	else if (text != NULL && au_profile_has(c->profile, AU_QUIRK_TEXT_BOOLEANS) &&
		 (strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0))
		*ret = json_boolean(strcasecmp(text, "true") == 0);
	else
		return wrong(c, attr, "true or false");
	return 0;
}

static int
check_decimal(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret)
{
	if (!json_is_number(value))
		return wrong(c, attr, "a number");
	*ret = json_incref((json_t *)value);
	return 0;
}

static int
check_integer(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret)
{
	if (!json_is_integer(value))
		return wrong(c, attr, "an integer");
	*ret = json_incref((json_t *)value);
	return 0;
}

static int
check_datetime(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret)
{
	int64_t instant;

	if (!json_is_string(value) || au_when_parse(json_string_value(value), &instant, NULL) != 0)
		return wrong(c, attr, "a date with time, such as \"2026-01-31T08:00:00Z\"");
	*ret = json_incref((json_t *)value);
	return 0;
}

/* Base64 by RFC 4648, either alphabet, padding where it belongs. */
static bool
is_base64(const char *text)
{
	size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");
	size_t padding = strspn(text + len, "=");

	if (text[len + padding] != '\0' || len % 4 == 1)
		return false;
	return padding == 0 || (padding <= 2 && (len + padding) % 4 == 0);
}

static int
check_binary(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret)
{
	if (!json_is_string(value) || !is_base64(json_string_value(value)))
		return wrong(c, attr, "base64");
	*ret = json_incref((json_t *)value);
	return 0;
}

/* Characters that no URI reference holds, relative ones and those of RFC 3987 included. */
static bool
is_reference(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text <= ' ' || strchr("\"<>\\^`{|}\x7f", *text) != NULL)
			return false;
	return true;
}

static int
check_reference(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret)
{
	if (!json_is_string(value) || !is_reference(json_string_value(value)))
		return wrong(c, attr, "a URI");
	*ret = json_incref((json_t *)value);
	return 0;
}

static check_fn *const checks[] = {
	[AU_ATTR_STRING] = check_string,
	[AU_ATTR_BOOLEAN] = check_boolean,
	[AU_ATTR_DECIMAL] = check_decimal,
	[AU_ATTR_INTEGER] = check_integer,
	[AU_ATTR_DATETIME] = check_datetime,
	[AU_ATTR_BINARY] = check_binary,
	[AU_ATTR_REFERENCE] = check_reference,
};

/* ---- complex ones ---- */

static int check_value(
    const struct check *c, const struct au_attr *attr, const json_t *value, enum au_value_mode mode, json_t **ret);

static const struct au_attr *
value_sub(const struct au_attr *attr)
{
	return au_attr_find(attr->subs, "value", 5);
}

static int
within(const struct check *c, const struct au_attr *attr)
{
	char inner[AU_ERR_TEXT];

	memcpy(inner, c->fault->detail, sizeof inner);
	return au_fault_set(c->fault, c->fault->kind, "in '%s': %.400s", attr->name, inner);
}

static int
check_sub(const struct check *c, const struct au_attr *attr, const char *name, const json_t *value, json_t *out)
{
	const struct au_attr *sub = au_attr_find(attr->subs, name, strlen(name));
	AU_CLEANUP(au_json_decrefp) json_t *checked = NULL;

	if (sub == NULL && !au_profile_has(c->profile, AU_QUIRK_UNKNOWN_NAMES))
		return au_fault_set(c->fault, AU_FAULT_INVALID_SYNTAX, "attribute '%s' has no sub-attribute '%.100s'",
		    attr->name, name);
	if (sub == NULL || sub->mutability == AU_ATTR_READ_ONLY)
		return 0;
	if (json_object_get(out, sub->name) != NULL)
		return au_fault_set(c->fault, AU_FAULT_INVALID_SYNTAX, "attribute '%s' is given twice", sub->name);
	if (check_value(c, sub, value, AU_VALUE_BODY, &checked) != 0)
		return within(c, attr);
	/* what nobody can ever read again is not kept */
	if (checked != NULL && sub->returned != AU_ATTR_NEVER)
		json_object_set(out, sub->name, checked);
	return 0;
}

static int
check_complex(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret)
{
	AU_CLEANUP(au_json_decrefp) json_t *out = json_object();
	AU_CLEANUP(au_json_decrefp) json_t *plain = NULL;
	const char *key;
	json_t *member;

	if (json_is_string(value) && value_sub(attr) != NULL && au_profile_has(c->profile, AU_QUIRK_PLAIN_VALUES)) {
		plain = json_string_length(value) > 0 ? json_pack("{sO}", "value", value) : json_object();
		value = plain;
	} else if (!json_is_object(value)) {
		return wrong(c, attr, "an object");
	}
	json_object_foreach ((json_t *)value, key, member)
		if (check_sub(c, attr, key, member, out) != 0)
			return AU_EINVAL;
	*ret = json_object_size(out) > 0 ? json_incref(out) : NULL;
	return 0;
}

static int
check_element(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret)
{
	*ret = NULL;
	if (value == NULL || json_is_null(value))
		return 0;
	return (attr->type == AU_ATTR_COMPLEX ? check_complex : checks[attr->type])(c, attr, value, ret);
}

int
au_value_check_element(const struct au_attr *attr, const json_t *value, const struct au_profile *profile, json_t **ret,
    struct au_fault *fault)
{
	struct check c = { profile, fault };

	return check_element(&c, attr, value, ret);
}

/* ---- lists ---- */

int
au_value_too_many(const struct au_attr *attr, struct au_fault *fault)
{
	return au_fault_set(
	    fault, AU_FAULT_INVALID_VALUE, "attribute '%s': more than %d values", attr->name, AU_VALUE_MAX);
}

size_t
au_value_primaries(const json_t *array)
{
	size_t i, count = 0;
	json_t *element;

	json_array_foreach ((json_t *)array, i, element)
		count += json_is_true(json_object_get(element, "primary"));
	return count;
}

static bool
holds(const json_t *array, const json_t *element)
{
	size_t i;
	json_t *other;

	json_array_foreach ((json_t *)array, i, other)
		if (json_equal(other, element))
			return true;
	return false;
}

static int
check_list(const struct check *c, const struct au_attr *attr, const json_t *value, json_t **ret)
{
	AU_CLEANUP(au_json_decrefp) json_t *out = json_array();
	size_t i;
	json_t *element;

	if (json_array_size(value) > AU_VALUE_MAX)
		return au_value_too_many(attr, c->fault);
	json_array_foreach ((json_t *)value, i, element) {
		AU_CLEANUP(au_json_decrefp) json_t *checked = NULL;

		if (check_element(c, attr, element, &checked) != 0)
			return AU_EINVAL;
		if (checked != NULL && !holds(out, checked))
			json_array_append(out, checked);
	}
	if (au_value_primaries(out) > 1)
		return wrong(c, attr, "at most one value with primary true");
	*ret = json_array_size(out) > 0 ? json_incref(out) : NULL;
	return 0;
}

static int
check_multi(
    const struct check *c, const struct au_attr *attr, const json_t *value, enum au_value_mode mode, json_t **ret)
{
	AU_CLEANUP(au_json_decrefp) json_t *list = NULL;

	if (json_is_array(value))
		return check_list(c, attr, value, ret);
	if (mode != AU_VALUE_PATCH)
		return wrong(c, attr, "an array");
	list = json_array();
	json_array_append(list, (json_t *)value);
	return check_list(c, attr, list, ret);
}

/*
 * A list of one where a single value is expected: managers come so in any request, and older Entra jobs send
 * [{"value": "x", "$ref": null}] for every attribute they patch.
 */
static const json_t *
unwrap(const struct check *c, const struct au_attr *attr, const json_t *value, enum au_value_mode mode)
{
	if (!au_profile_has(c->profile, AU_QUIRK_PLAIN_VALUES) ||
	    (mode != AU_VALUE_PATCH && (attr->type != AU_ATTR_COMPLEX || value_sub(attr) == NULL)))
		return value;
	if (json_is_array(value) && json_array_size(value) <= 1)
		value = json_array_get(value, 0);
	if (attr->type != AU_ATTR_COMPLEX && json_is_object(value) && json_object_get(value, "value") != NULL)
		value = json_object_get(value, "value");
	return value;
}

static int
check_value(
    const struct check *c, const struct au_attr *attr, const json_t *value, enum au_value_mode mode, json_t **ret)
{
	if (!attr->multi)
		return check_element(c, attr, unwrap(c, attr, value, mode), ret);
	return value == NULL || json_is_null(value) ? 0 : check_multi(c, attr, value, mode, ret);
}

int
au_value_check(const struct au_attr *attr, const json_t *value, const struct au_profile *profile,
    enum au_value_mode mode, json_t **ret, struct au_fault *fault)
{
	struct check c = { profile, fault };
	json_t *checked = NULL;
	int rc = check_value(&c, attr, value, mode, &checked);

	if (rc == 0)
		*ret = checked;
	return rc;
}

/* ---- helpers ---- */

json_t *
au_value_member(const json_t *object, const char *name)
{
	json_t *exact = json_object_get(object, name), *member;
	const char *key;

	if (exact != NULL)
		return exact;
	json_object_foreach ((json_t *)object, key, member)
		if (strcasecmp(key, name) == 0)
			return member;
	return NULL;
}

void
au_value_wipe(json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_string(value))
		au_wipe((char *)json_string_value(value), json_string_length(value));
	else if (json_is_array(value))
		json_array_foreach (value, i, member)
			au_value_wipe(member);
	else if (json_is_object(value))
		json_object_foreach (value, key, member)
			au_value_wipe(member);
}
