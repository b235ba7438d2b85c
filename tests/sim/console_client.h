/* SPDX-License-Identifier: ISC */
/* The screens of a product without an API for a test, and somebody who follows work orders on them to the letter. */
#ifndef TESTS_SIM_CONSOLE_CLIENT_H
#define TESTS_SIM_CONSOLE_CLIENT_H

#include "tests/sim/room_client.h"

/* Start the stand-in for a product ("iris-hr", "movius"); room_end ends it. */
void console_begin(struct room_client *room, const char *product);
/* One call below /__sim/ that must succeed; body is taken over, the answer is the caller's. */
json_t *console_call(struct room_client *room, const char *path, json_t *body);
/* Turn a switch; the value is taken over. */
void console_switch(struct room_client *room, const char *name, json_t *value);
/*
 * Follow an order with a right of that name in the product.  Returns what was reported ("id", "login", "secret"), or
 * NULL when the order could not be followed; *ret_why is then the operator's words.  Both are the caller's.
 */
json_t *console_follow(struct room_client *room, const char *right, const json_t *order, char **ret_why);

#endif
