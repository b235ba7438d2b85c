/* SPDX-License-Identifier: ISC */
/* What an order needs to know of one company's IRIS HR Professional. */
#ifndef IRIS_SESSION_H
#define IRIS_SESSION_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct au_session {
	char *url;
	char **legacy; /* user names; NULL-terminated */
};

int iris_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err);
void iris_close(struct au_session *session);
/* There is nothing to log in to: always 0. */
int iris_probe(struct au_session *session, struct au_err *err);
/* Whether this API user is one that the screen API Users does not show (IR-R11). */
bool iris_is_legacy(const struct au_session *session, const struct au_target_account *account);

#endif
