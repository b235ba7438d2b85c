/* SPDX-License-Identifier: ISC */
/*
 * An order's text is made by a plugin and shown to people for as long as it is
 * open, so it is bounded, and its words are from short lists.
 */
#include "model/order_text.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>

static const char *const secret_names[] = {
	[AU_ORDER_NO_SECRET] = "none",
	[AU_ORDER_SECRET_SHOWN] = "shown",
	[AU_ORDER_SECRET_MAILED] = "mailed",
	[AU_ORDER_SECRET_TYPED] = "typed",
};

static const char *const asked[] = { "id", "login" };

static const struct au_json_text order_texts[] = {
	{ "title", offsetof(struct au_order, title) },
	{ "warning", offsetof(struct au_order, warning) },
	{ "secret_label", offsetof(struct au_order, secret_label) },
	{ "secret_to", offsetof(struct au_order, secret_to) },
	{ "confirm", offsetof(struct au_order, confirm) },
	{ NULL, 0 },
};

/* ---- to JSON ----------------------------------------------------------------- */

static void
put_fields(json_t *json, const char *name, const struct au_order_field *fields)
{
	json_t *array;

	if (fields == NULL)
		return;
	array = json_array();
	for (const struct au_order_field *f = fields; f->label != NULL; f++) {
		json_t *item = json_object();
		au_json_set_str(item, "label", f->label);
		au_json_set_str(item, "value", f->value);
		json_array_append_new(array, item);
	}
	json_object_set_new(json, name, array);
}

static void
put_lines(json_t *json, const struct au_order_line *lines)
{
	json_t *array = json_array();

	for (const struct au_order_line *l = lines; l != NULL && l->what != NULL; l++) {
		json_t *item = json_object();
		au_json_set_str(item, "where", l->where);
		au_json_set_str(item, "what", l->what);
		put_fields(item, "fields", l->fields);
		json_array_append_new(array, item);
	}
	json_object_set_new(json, "lines", array);
}

json_t *
au_order_text_to_json(const struct au_order *order)
{
	json_t *json = json_object();

	au_json_put_texts(json, order_texts, order);
	au_json_set_str(json, "secret", au_order_secret_name(order->secret));
	put_lines(json, order->lines);
	put_fields(json, "asks", order->asks);
	return json;
}

/* ---- checks ------------------------------------------------------------------ */

static int
check_text(const json_t *json, const char *name, bool must, struct au_err *err)
{
	const json_t *value = json_object_get(json, name);

	if (value == NULL)
		return must ? au_fail(err, AU_EPROTO, "'%s' is missing", name) : 0;
	if (!json_is_string(value) || json_string_length(value) > AU_ORDER_TEXT_MAX)
		return au_fail(err, AU_EPROTO, "'%s': expected a text of at most %d bytes", name, AU_ORDER_TEXT_MAX);
	if (must && json_string_length(value) == 0)
		return au_fail(err, AU_EPROTO, "'%s' is empty", name);
	return 0;
}

static int
check_fields(const json_t *fields, const char *name, struct au_err *err)
{
	const json_t *field;
	size_t i;

	if (fields == NULL)
		return 0;
	if (!json_is_array(fields) || json_array_size(fields) > AU_ORDER_FIELDS_MAX)
		return au_fail(err, AU_EPROTO, "'%s': expected a list of at most %d fields", name, AU_ORDER_FIELDS_MAX);
	json_array_foreach (fields, i, field) {
		if (check_text(field, "label", true, err) != 0 || check_text(field, "value", false, err) != 0)
			return au_err_prefix(err, AU_EPROTO, "'%s'", name);
		if (json_object_get(field, "value") == NULL)
			return au_fail(err, AU_EPROTO, "'%s': a field has no value", name);
	}
	return 0;
}

static int
check_lines(const json_t *lines, struct au_err *err)
{
	const json_t *line;
	size_t i;

	if (!json_is_array(lines) || json_array_size(lines) == 0 || json_array_size(lines) > AU_ORDER_LINES_MAX)
		return au_fail(err, AU_EPROTO, "'lines': expected 1 to %d instructions", AU_ORDER_LINES_MAX);
	json_array_foreach (lines, i, line) {
		if (check_text(line, "where", false, err) != 0 || check_text(line, "what", true, err) != 0 ||
		    check_fields(json_object_get(line, "fields"), "fields", err) != 0)
			return au_err_prefix(err, AU_EPROTO, "instruction %zu", i + 1);
	}
	return 0;
}

static int
check_asks(const json_t *json, struct au_err *err)
{
	const json_t *asks = json_object_get(json, "asks"), *ask;
	size_t i;

	if (check_fields(asks, "asks", err) != 0)
		return AU_EPROTO;
	json_array_foreach (asks, i, ask) {
		const char *label = au_json_get_str(ask, "label");
		bool known = false;
		for (size_t k = 0; k < AU_COUNT(asked); k++)
			known = known || au_streq(label, asked[k]);
		if (!known)
			return au_fail(
			    err, AU_EPROTO, "'asks': '%s' is no member of an account that can be asked for", label);
	}
	return 0;
}

static int
check_secret(const json_t *json, struct au_err *err)
{
	const char *word = au_json_get_str(json, "secret");
	enum au_order_secret secret = au_order_text_secret(json);

	if (!au_streq(word, au_order_secret_name(secret)))
		return au_fail(err, AU_EPROTO, "'secret': expected none, shown, mailed or typed");
	if (check_text(json, "secret_label", secret != AU_ORDER_NO_SECRET, err) != 0)
		return AU_EPROTO;
	return check_text(json, "secret_to", secret == AU_ORDER_SECRET_MAILED, err);
}

int
au_order_text_check(const json_t *json, struct au_err *err)
{
	if (!json_is_object(json))
		return au_fail(err, AU_EPROTO, "order: expected an object");
	if (check_text(json, "title", true, err) != 0 || check_text(json, "warning", false, err) != 0 ||
	    check_lines(json_object_get(json, "lines"), err) != 0 || check_secret(json, err) != 0 ||
	    check_asks(json, err) != 0 || check_text(json, "confirm", true, err) != 0)
		return au_err_prefix(err, AU_EPROTO, "order");
	return 0;
}

/* ---- words ------------------------------------------------------------------- */

enum au_order_secret
au_order_text_secret(const json_t *json)
{
	const char *word = au_json_get_str(json, "secret");

	for (size_t i = 0; i < AU_COUNT(secret_names); i++)
		if (au_streq(word, secret_names[i]))
			return (enum au_order_secret)i;
	return AU_ORDER_NO_SECRET;
}

const char *
au_order_secret_name(enum au_order_secret secret)
{
	return (size_t)secret < AU_COUNT(secret_names) ? secret_names[secret] : NULL;
}

bool
au_order_text_asks(const json_t *json, const char *member, const char **ret_word)
{
	const json_t *ask;
	size_t i;

	json_array_foreach (json_object_get(json, "asks"), i, ask) {
		if (!au_streq(au_json_get_str(ask, "label"), member))
			continue;
		if (ret_word != NULL)
			*ret_word = au_json_get_str(ask, "value");
		return true;
	}
	return false;
}
