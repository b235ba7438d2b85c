/* SPDX-License-Identifier: ISC */
/* Who we are to the directory. */
#ifndef SOURCED_LOGIN_H
#define SOURCED_LOGIN_H

#include "base/secret.h"
#include "wire/source_start.h"

#include <ldap.h>
#include <stdint.h>

enum au_bind { AU_BIND_SIMPLE = 1, AU_BIND_EXTERNAL, AU_BIND_ANONYMOUS, AU_BIND_GSSAPI };

struct au_login {
	enum au_bind bind;
	const char *dn;
	const struct au_secret *password;
	const char *keytab, *principal; /* of GSSAPI; principal may be NULL */
};

/*
 * AU_EINVAL: an unknown method; a simple bind without a DN; a DN with an empty password, which servers take for an
 * anonymous bind that succeeds (RFC 4513 section 5.1.2); EXTERNAL without a client certificate; GSSAPI without a
 * keytab. Text is start's.
 */
int au_login_read(
    const struct au_source_start *start, const struct au_secret *password, struct au_login *ret, struct au_err *err);
/* Send the bind request, of all but GSSAPI.  An LDAP result code. */
int au_login_send(const struct au_login *login, LDAP *ld, int *ret_message_id);

#endif
