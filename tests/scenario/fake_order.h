/* SPDX-License-Identifier: ISC */
/* What the fake product's plugin writes down for a person. */
#ifndef TESTS_SCENARIO_FAKE_ORDER_H
#define TESTS_SCENARIO_FAKE_ORDER_H

#include "wire/call.h"

char *fake_order_write(const struct au_call *call); /* as model/order_text.h has it; caller frees */
/* What a line of it tells to enter; NULL = nothing. */
const char *fake_order_entered(const json_t *line, const char *label);

#endif
