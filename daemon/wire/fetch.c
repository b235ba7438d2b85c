/* SPDX-License-Identifier: ISC */
/* Rows of texts, and a few numbers. */
#include "wire/fetch.h"

#include <string.h>

static const struct au_json_text order_texts[] = {
	{ "url", offsetof(struct au_fetch_order, url) },
	{ "ca_file", offsetof(struct au_fetch_order, ca_file) },
	{ "post", offsetof(struct au_fetch_order, post) },
	{ NULL, 0 },
};

static const struct au_json_text answer_texts[] = {
	{ "body", offsetof(struct au_fetch_answer, body) },
	{ "problem", offsetof(struct au_fetch_answer, problem) },
	{ NULL, 0 },
};

json_t *
au_fetch_order_to_json(const struct au_fetch_order *order)
{
	json_t *json = json_object();

	au_json_set_int(json, "id", order->id);
	au_json_put_texts(json, order_texts, order);
	au_json_set_int(json, "max", order->max);
	au_json_set_int(json, "timeout_ms", order->timeout_ms);
	au_json_set_int(json, "clear", order->clear);
	json_object_set(json, "fields", (json_t *)(uintptr_t)order->fields);
	return json;
}

/* Each is one line. */
static bool
are_texts(const json_t *fields)
{
	for (size_t i = 0; i < json_array_size(fields); i++) {
		const char *text = json_string_value(json_array_get(fields, i));
		if (text == NULL || strpbrk(text, "\r\n") != NULL)
			return false;
	}
	return fields == NULL || json_is_array(fields);
}

int
au_fetch_order_from_json(const json_t *json, struct au_fetch_order *ret, struct au_err *err)
{
	struct au_fetch_order order = { .id = au_json_get_int(json, "id"),
		.max = au_json_get_int(json, "max"),
		.timeout_ms = au_json_get_int(json, "timeout_ms"),
		.fields = json_object_get(json, "fields") };
	long long clear = au_json_get_int(json, "clear");

	if (au_json_take_texts(json, order_texts, &order, err) < 0 || order.url == NULL || order.max <= 0 ||
	    order.timeout_ms <= 0 || clear < AU_FETCH_TLS || clear > AU_FETCH_CLEAR || !are_texts(order.fields))
		return au_fail(err, AU_EPROTO, "fetch: not an order");
	order.clear = (enum au_fetch_clear)clear;
	*ret = order;
	return 0;
}

json_t *
au_fetch_answer_to_json(const struct au_fetch_answer *answer)
{
	json_t *json = json_object();

	au_json_set_int(json, "id", answer->id);
	au_json_put_texts(json, answer_texts, answer);
	if (answer->retry_after_s != 0)
		au_json_set_int(json, "retry_after_s", answer->retry_after_s);
	return json;
}

int
au_fetch_answer_from_json(const json_t *json, struct au_fetch_answer *ret, struct au_err *err)
{
	struct au_fetch_answer answer = { .id = au_json_get_int(json, "id"),
		.retry_after_s = au_json_get_int(json, "retry_after_s") };

	if (au_json_take_texts(json, answer_texts, &answer, err) < 0 || (answer.body == NULL) == (answer.problem == NULL))
		return au_fail(err, AU_EPROTO, "fetch: not an answer");
	*ret = answer;
	return 0;
}
