/* SPDX-License-Identifier: ISC */
/* What credentials say once they are proven, whatever kind they are of. */
#ifndef SCIM_IDENTITY_H
#define SCIM_IDENTITY_H

struct au_identity {
	const char *client;      /* name in the configuration */
	const char *scopes;      /* words of scope.h; NULL = everything */
	const char *certificate; /* SHA-256 in base64url of the certificate they are bound to; NULL = none */
	long long expires_ms;    /* 0 = never */
};

#endif
