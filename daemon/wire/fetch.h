/* SPDX-License-Identifier: ISC */
/* Asking a helper for a document on the web, or to bring one there, and the answer, to and from JSON frames. */
#ifndef WIRE_FETCH_H
#define WIRE_FETCH_H

#include "base/json.h"

/* Whether http will do. */
enum au_fetch_clear {
	AU_FETCH_TLS = 0,      /* it will not */
	AU_FETCH_LOOPBACK = 1, /* on this machine */
	AU_FETCH_CLEAR = 2,    /* anywhere */
};

struct au_fetch_order {
	long long id; /* the answer carries it back */
	const char *url;
	const char *ca_file;  /* PEM; NULL = the system's */
	long long max;        /* bytes of the document */
	long long timeout_ms; /* for all of it */
	const char *post;     /* JSON that is brought there; NULL = none, it is fetched */
	const json_t *fields; /* array of texts, "Name: value", that go with it; NULL = none */
	enum au_fetch_clear clear;
};

struct au_fetch_answer {
	long long id;
	const char *body;    /* NULL when it could not be had */
	const char *problem; /* then why, for people */
	long long retry_after_s; /* the server asked to be left alone for so long; 0 = it did not */
};

json_t *au_fetch_order_to_json(const struct au_fetch_order *order);
/* Text points into json.  AU_EPROTO. */
int au_fetch_order_from_json(const json_t *json, struct au_fetch_order *ret, struct au_err *err);
json_t *au_fetch_answer_to_json(const struct au_fetch_answer *answer);
int au_fetch_answer_from_json(const json_t *json, struct au_fetch_answer *ret, struct au_err *err);

#endif
