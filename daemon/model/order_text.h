/* SPDX-License-Identifier: ISC */
/* The text of a work order as JSON: what a plugin wrote down for a person, checked before anybody believes it. */
#ifndef MODEL_ORDER_TEXT_H
#define MODEL_ORDER_TEXT_H

#include "base/json.h"

/*
 * {"title", "warning", "lines": [{"where", "what", "fields": [{"label", "value"}]}], "secret": "shown", "secret_label",
 * "secret_to", "asks": [{"label", "value"}], "confirm"}; what is NULL is not there.
 */
json_t *au_order_text_to_json(const struct au_order *order);
/* AU_EPROTO names the member that is missing, of a wrong type, too long, or not a word we know. */
int au_order_text_check(const json_t *json, struct au_err *err);
enum au_order_secret au_order_text_secret(const json_t *json);
const char *au_order_secret_name(enum au_order_secret secret); /* "none", "shown", "mailed", "typed" */
/* Whether the order asks for this member of the account ("id", "login"); *ret_word: the product's word for it. */
bool au_order_text_asks(const json_t *json, const char *member, const char **ret_word);

#endif
