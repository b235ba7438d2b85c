/* SPDX-License-Identifier: ISC */
/* Asking a helper for a document on the web, and its answer, to and from JSON frames. */
#ifndef WIRE_FETCH_H
#define WIRE_FETCH_H

#include "base/json.h"

struct au_fetch_order {
	long long id; /* the answer carries it back */
	const char *url;
	const char *ca_file;  /* PEM; NULL = the system's */
	long long max;        /* bytes of the document */
	long long timeout_ms; /* for all of it */
};

struct au_fetch_answer {
	long long id;
	const char *body;    /* NULL when it could not be had */
	const char *problem; /* then why, for people */
};

json_t *au_fetch_order_to_json(const struct au_fetch_order *order);
/* Text points into json.  AU_EPROTO. */
int au_fetch_order_from_json(const json_t *json, struct au_fetch_order *ret, struct au_err *err);
json_t *au_fetch_answer_to_json(const struct au_fetch_answer *answer);
int au_fetch_answer_from_json(const json_t *json, struct au_fetch_answer *ret, struct au_err *err);

#endif
