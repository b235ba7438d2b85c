/* SPDX-License-Identifier: ISC */
/* A small authority: elliptic keys, because they are made in no time. */
#include "tests/http/pki.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Benchmarks use this too, so it does without the test library. */
static void
must(bool done)
{
	if (done)
		return;
	fprintf(stderr, "pki: a key or a certificate cannot be made\n");
	abort();
}

static void
add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	must(extension != NULL);
	must(X509_add_ext(cert, extension, -1) == 1);
	X509_EXTENSION_free(extension);
}

struct pki
pki_make(const struct pki *issuer, const char *common_name, const char *names, long seconds)
{
	static long serial;
	struct pki made = { EVP_EC_gen("P-256"), X509_new() };
	X509_NAME *name = X509_get_subject_name(made.cert);

	must(X509_set_version(made.cert, X509_VERSION_3) == 1);
	ASN1_INTEGER_set(X509_get_serialNumber(made.cert), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(made.cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(made.cert), seconds);
	X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const unsigned char *)"Example", -1, -1, 0);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common_name, -1, -1, 0);
	X509_set_issuer_name(made.cert, issuer != NULL ? X509_get_subject_name(issuer->cert) : name);
	X509_set_pubkey(made.cert, made.key);
	if (issuer == NULL)
		add_extension(made.cert, NID_basic_constraints, "critical,CA:TRUE");
	if (names != NULL)
		add_extension(made.cert, NID_subject_alt_name, names);
	must(X509_sign(made.cert, issuer != NULL ? issuer->key : made.key, EVP_sha256()) > 0);
	return made;
}

void
pki_done(struct pki *pki)
{
	EVP_PKEY_free(pki->key);
	X509_free(pki->cert);
}

static FILE *
open_file(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	must(file != NULL);
	must(fchmod(fileno(file), 0600) == 0);
	return file;
}

void
pki_write_key(const struct pki *pki, const char *path)
{
	FILE *file = open_file(path, "w");

	must(PEM_write_PrivateKey(file, pki->key, NULL, NULL, 0, NULL, NULL) == 1);
	fclose(file);
}

void
pki_write_certificate(const struct pki *pki, const char *path)
{
	FILE *file = open_file(path, "w");

	must(PEM_write_X509(file, pki->cert) == 1);
	fclose(file);
}

void
pki_append_revocation(const struct pki *issuer, const struct pki *revoked, const char *path)
{
	ASN1_TIME *now = X509_gmtime_adj(NULL, 0), *later = X509_gmtime_adj(NULL, 3600);
	X509_REVOKED *entry = X509_REVOKED_new();
	FILE *file = open_file(path, "a");
	X509_CRL *list = X509_CRL_new();

	X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked->cert));
	X509_REVOKED_set_revocationDate(entry, now);
	X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer->cert));
	X509_CRL_set1_lastUpdate(list, now);
	X509_CRL_set1_nextUpdate(list, later);
	X509_CRL_add0_revoked(list, entry);
	must(X509_CRL_sign(list, issuer->key, EVP_sha256()) > 0);
	must(PEM_write_X509_CRL(file, list) == 1);
	fclose(file);
	X509_CRL_free(list);
	ASN1_TIME_free(now);
	ASN1_TIME_free(later);
}
