/* SPDX-License-Identifier: ISC */
/* The text of an order: through JSON, and what is not believed. */
#include "tests/unit.h"

#include "base/mem.h"
#include "model/order_text.h"

#include <string.h>

static const struct au_order_field fields[] = { { "Name", "crm" }, { "Note", "" }, AU_ORDER_FIELD_END };
static const struct au_order_line lines[] = { { "Tools > Users", "Press Add.", fields }, { NULL, "Press Save.", NULL },
	AU_ORDER_LINE_END };
static const struct au_order_field asks[] = { { "login", "Username" }, AU_ORDER_FIELD_END };
static const struct au_order order = { .title = "Create the API user 'crm'",
	.lines = lines,
	.secret = AU_ORDER_SECRET_MAILED,
	.secret_label = "Password",
	.secret_to = "crm@example.com",
	.asks = asks,
	.confirm = "The list shows it." };

static void
order_becomes_json(void **state)
{
	static const char text[] = "{\"asks\":[{\"label\":\"login\",\"value\":\"Username\"}],"
				   "\"confirm\":\"The list shows it.\",\"lines\":[{\"fields\":["
				   "{\"label\":\"Name\",\"value\":\"crm\"},{\"label\":\"Note\",\"value\":\"\"}],"
				   "\"what\":\"Press Add.\",\"where\":\"Tools > Users\"},{\"what\":\"Press Save.\"}],"
				   "\"secret\":\"mailed\",\"secret_label\":\"Password\","
				   "\"secret_to\":\"crm@example.com\",\"title\":\"Create the API user 'crm'\"}";
	AU_CLEANUP(au_json_decrefp) json_t *json = au_order_text_to_json(&order);
	AU_CLEANUP(au_freep) char *made = au_json_canonical(json);
	struct au_err err;

	(void)state;
	assert_string_equal(made, text);
	assert_int_equal(au_order_text_check(json, &err), 0);
	assert_int_equal(au_order_text_secret(json), AU_ORDER_SECRET_MAILED);
}

/* Each row spoils one member of a whole order. */
static const struct {
	const char *member, *value, *words;
} spoilt[] = {
	{ "title", NULL, "'title' is missing" },
	{ "title", "\"\"", "'title' is empty" },
	{ "title", "7", "'title': expected a text" },
	{ "warning", "[]", "'warning': expected a text" },
	{ "confirm", NULL, "'confirm' is missing" },
	{ "lines", NULL, "'lines': expected 1 to" },
	{ "lines", "[]", "'lines': expected 1 to" },
	{ "lines", "[{}]", "instruction 1: 'what' is missing" },
	{ "lines", "[7]", "instruction 1: 'what' is missing" },
	{ "lines", "[{\"what\":\"a\"},{\"what\":\"b\",\"where\":1}]", "instruction 2: 'where'" },
	{ "lines", "[{\"what\":\"a\",\"fields\":{}}]", "'fields': expected a list" },
	{ "lines", "[{\"what\":\"a\",\"fields\":[{\"label\":\"b\"}]}]", "a field has no value" },
	{ "lines", "[{\"what\":\"a\",\"fields\":[{\"value\":\"b\"}]}]", "'label' is missing" },
	{ "secret", "\"shouted\"", "'secret': expected" },
	{ "secret", NULL, "'secret': expected" },
	{ "secret_label", NULL, "'secret_label' is missing" },
	{ "secret_to", NULL, "'secret_to' is missing" },
	{ "asks", "[{\"label\":\"mark\",\"value\":\"Mark\"}]", "'mark' is no member" },
	{ "asks", "7", "'asks': expected a list" },
};

static void
broken_orders_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(spoilt); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = au_order_text_to_json(&order);
		json_t *value = NULL;
		struct au_err err = { 0 };
		if (spoilt[i].value == NULL)
			json_object_del(json, spoilt[i].member);
		else {
			value = json_loads(spoilt[i].value, JSON_DECODE_ANY, NULL);
			json_object_set_new(json, spoilt[i].member, value);
		}
		if (au_order_text_check(json, &err) != AU_EPROTO || strstr(err.text, spoilt[i].words) == NULL)
			fail_msg("row %zu: '%s', expected '%s'", i, err.text, spoilt[i].words);
	}
	assert_int_equal(au_order_text_check(NULL, NULL), AU_EPROTO);
}

static void
texts_are_bounded(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = au_order_text_to_json(&order);
	json_t *many = json_array();
	char longest[4098];

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[4097] = '\0';
	json_object_set_new(json, "title", json_string(longest));
	assert_int_equal(au_order_text_check(json, NULL), AU_EPROTO);
	longest[4096] = '\0';
	json_object_set_new(json, "title", json_string(longest));
	assert_int_equal(au_order_text_check(json, NULL), 0);
	for (int i = 0; i < 65; i++)
		json_array_append_new(many, json_pack("{s:s}", "what", "Wait."));
	json_object_set_new(json, "lines", many);
	assert_int_equal(au_order_text_check(json, NULL), AU_EPROTO);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_becomes_json),
		cmocka_unit_test(broken_orders_are_refused),
		cmocka_unit_test(texts_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
