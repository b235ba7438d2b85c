/* SPDX-License-Identifier: ISC */
/* The product's rules about a user, applied to the body of a create or update. */
#ifndef CONTROL_ROOM_USER_CHECK_H
#define CONTROL_ROOM_USER_CHECK_H

#include "exchange.h"

/*
 * Make the user that the body asks for: from nothing (current NULL) or from current.  0 and *ret, which the caller
 * owns; or a status with the refusal as answer.  A NULL caller in the exchange is the console: it may do all.
 */
int user_check(struct exchange *exchange, const struct user *current, struct user **ret);

#endif
