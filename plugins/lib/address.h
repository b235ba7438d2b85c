/* SPDX-License-Identifier: ISC */
/* Which addresses a product may have. */
#ifndef LIB_ADDRESS_H
#define LIB_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* 127/8, ::1, or the former mapped into IPv6. */
bool au_address_is_loopback(const struct sockaddr *address);
/*
 * Link-local, unspecified and multicast addresses, and those where clouds serve a machine's own credentials: a url
 * that leads there is a mistake or an attack, never a product.
 */
bool au_address_is_forbidden(const struct sockaddr *address);

#endif
