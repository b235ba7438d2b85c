/* SPDX-License-Identifier: ISC */
/* What is known of a kind of server: one row each. */
#ifndef SOURCED_VENDOR_H
#define SOURCED_VENDOR_H

#include "sourced/follow.h"
#include "sourced/identity.h"

struct au_vendor {
	const char *name; /* as the option `vendor` takes it */
	bool (*fits)(const struct au_root *root);
	/* Ways of following, best first; the first that the server offers is taken, and if none, it is polled. */
	const struct au_way *const *ways;
	/*
	 * Its answers to a cookie are whole.  If not, each connection begins with a reading of everything, and nothing
	 * is ever thought gone because an answer to a cookie did not name it.
	 */
	bool resumes;
	const struct au_identity *identity;
	const char *disabled; /* test (model/disabled.h) that is used when the configuration has none; NULL = none */
};

/* The row of a name, or, with "auto", the first that fits what the server says of itself; the last one fits all. */
const struct au_vendor *au_vendor_find(const char *name, const struct au_root *root);
/* The one that fits all. */
const struct au_vendor *au_vendor_any(void);
/* The way of following; NULL when the server offers none of them. */
const struct au_way *au_vendor_way(const struct au_vendor *vendor, const struct au_root *root);

#endif
