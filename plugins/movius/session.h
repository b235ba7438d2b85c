/* SPDX-License-Identifier: ISC */
/* What an order needs to know of one organisation in a MultiLine Management Portal. */
#ifndef MOVIUS_SESSION_H
#define MOVIUS_SESSION_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct au_session {
	char *url, *organisation, *second_address;
	char **applications; /* of the company's own; NULL-terminated, as are the domains */
	char **mail_domains;
};

int movius_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err);
void movius_close(struct au_session *session);
/* There is nothing to log in to: always 0. */
int movius_probe(struct au_session *session, struct au_err *err);
/* AU_EINVAL: credentials would be mailed to an address outside of the option mail_domains (MV-R06). */
int movius_check_mail(const struct au_session *session, const char *mail, struct au_err *err);
/*
 * The address of a user that takes over from another one, which has `taken`: by the option second_address, or `mail`
 * itself when the other one has that no more.  Caller frees it.
 */
char *movius_second_address(const struct au_session *session, const char *taken, const char *mail);

#endif
