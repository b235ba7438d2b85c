/* SPDX-License-Identifier: ISC */
/* Rows of texts, and a few numbers. */
#include "wire/fetch.h"

static const struct au_json_text order_texts[] = {
	{ "url", offsetof(struct au_fetch_order, url) },
	{ "ca_file", offsetof(struct au_fetch_order, ca_file) },
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
	return json;
}

int
au_fetch_order_from_json(const json_t *json, struct au_fetch_order *ret, struct au_err *err)
{
	struct au_fetch_order order = { .id = au_json_get_int(json, "id"),
		.max = au_json_get_int(json, "max"),
		.timeout_ms = au_json_get_int(json, "timeout_ms") };

	if (au_json_take_texts(json, order_texts, &order, err) < 0 || order.url == NULL || order.max <= 0 ||
	    order.timeout_ms <= 0)
		return au_fail(err, AU_EPROTO, "fetch: not an order");
	*ret = order;
	return 0;
}

json_t *
au_fetch_answer_to_json(const struct au_fetch_answer *answer)
{
	json_t *json = json_object();

	au_json_set_int(json, "id", answer->id);
	au_json_put_texts(json, answer_texts, answer);
	return json;
}

int
au_fetch_answer_from_json(const json_t *json, struct au_fetch_answer *ret, struct au_err *err)
{
	struct au_fetch_answer answer = { .id = au_json_get_int(json, "id") };

	if (au_json_take_texts(json, answer_texts, &answer, err) < 0 || (answer.body == NULL) == (answer.problem == NULL))
		return au_fail(err, AU_EPROTO, "fetch: not an answer");
	*ret = answer;
	return 0;
}
