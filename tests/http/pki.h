/* SPDX-License-Identifier: ISC */
/* Keys and certificates made on the spot, for tests of TLS. */
#ifndef TESTS_HTTP_PKI_H
#define TESTS_HTTP_PKI_H

#include <openssl/x509.h>

struct pki {
	EVP_PKEY *key;
	X509 *cert;
};

/* A certificate that is good from an hour ago until `seconds` from now; issuer NULL makes an authority that signs
 * itself.  names (may be NULL) is subjectAltName as OpenSSL's configuration writes it: "DNS:a,URI:b". */
struct pki pki_make(const struct pki *issuer, const char *common_name, const char *names, long seconds);
void pki_done(struct pki *pki);
void pki_write_key(const struct pki *pki, const char *path); /* mode 0600 */
void pki_write_certificate(const struct pki *pki, const char *path);
/* Append a list by which issuer revokes one certificate. */
void pki_append_revocation(const struct pki *issuer, const struct pki *revoked, const char *path);

#endif
