/* SPDX-License-Identifier: ISC */
/* The secrets of a source: where they lie, and what was read there. */
#ifndef SOURCE_SECRETS_H
#define SOURCE_SECRETS_H

#include "base/opt.h"
#include "base/secret.h"

/* Each NULL when the source has none. */
struct au_secret_places {
	char *password, *client_key, *token, *client_secret, *keytab;
};

struct au_secrets {
	struct au_secret *password, *client_key, *token, *client_secret;
	char *keytab; /* the path: Kerberos reads it itself */
};

void au_secret_places_init(struct au_secret_places *places, const struct au_values *source);
void au_secret_places_done(struct au_secret_places *places);
/* The option is named in err; ret is emptied with au_secrets_done in any case, and must be {0} before.  As
 * au_io_secret. */
int au_secrets_read(const struct au_secret_places *places, struct au_secrets *ret, struct au_err *err);
void au_secrets_done(struct au_secrets *secrets);

#endif
