/* SPDX-License-Identifier: ISC */
/* Custody: where the credential of an account came from, who has said that it arrived, and what stands behind it. */
#ifndef MODEL_CUSTODY_H
#define MODEL_CUSTODY_H

#include "base/mem.h"

#include <stdbool.h>

/* Numbers are stored. */
enum au_origin {
	AU_ORIGIN_UNKNOWN = 0, /* it was there before us, or was made before this was kept */
	AU_ORIGIN_OURS = 1,    /* we made it */
	AU_ORIGIN_PRODUCT = 2, /* the product made it and showed it */
	AU_ORIGIN_MAILED = 3,  /* the product made it and mailed it: nobody of ours has seen it */
};

struct au_custody {
	enum au_origin origin;
	const char *place;        /* to where it was mailed; NULL otherwise */
	long long since_ms;       /* when it came to be; 0 = not known */
	long long confirmed_ms;   /* when somebody said that it is in use; 0 = nobody has */
	const char *confirmed_by; /* who, as actors are named */
	long long wanted_ms;      /* when somebody asked for another one; 0 = nobody, or he has it */
	const char *wanted_why;   /* "NAME: REASON", or what has become of the first one */
	/*
	 * The account in the product in whose place this one came: a JSON object of id, login, names, mail, rights and
	 * status, NULL when there is none.  It stays until this one's credential is confirmed.
	 */
	const char *former;
};

const char *au_origin_name(enum au_origin origin); /* "ours", "product", "mailed", "unknown" */
/* Whether somebody should say that it arrived and works: it was mailed, or another one waits for that to go. */
bool au_custody_is_open(const struct au_custody *custody);

#endif
