/* SPDX-License-Identifier: ISC */
/* Only names that are plain text in their certificate are told: an octet that could cut or forge one leaves it out. */
#include "http/certificate.h"

#include "base/rand.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <string.h>

/* The public part first, so that one pointer serves for both. */
struct shared {
	struct au_http_certificate public;
	unsigned holders;
	struct au_arena *arena;
};

static const char *
read_subject(struct au_arena *arena, X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());
	const char *text = "";
	char *data;
	long len;

	/* As RFC 4514 writes names, with letters beyond ASCII as they are. */
	if (X509_NAME_print_ex(bio, X509_get_subject_name(cert), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0 &&
	    (len = BIO_get_mem_data(bio, &data)) > 0)
		text = au_arena_strndup(arena, data, (size_t)len);
	BIO_free(bio);
	return text;
}

static const char *
read_digest(struct au_arena *arena, X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	char *text;

	X509_digest(cert, EVP_sha256(), digest, &len);
	text = au_arena_alloc(arena, 2 * (size_t)len + 1);
	return au_hex(digest, len, text);
}

/* Printable ASCII only (IA5String holds no more), and no blank. */
static const char *
read_text(struct au_arena *arena, const char *kind, const ASN1_STRING *value)
{
	const unsigned char *data = ASN1_STRING_get0_data(value);
	int len = ASN1_STRING_length(value), i;

	for (i = 0; i < len; i++)
		if (data[i] <= ' ' || data[i] > '~')
			return NULL;
	return len > 0 ? au_arena_printf(arena, "%s:%.*s", kind, len, (const char *)data) : NULL;
}

static const char *
read_address(struct au_arena *arena, const ASN1_STRING *value)
{
	int len = ASN1_STRING_length(value);
	char text[INET6_ADDRSTRLEN];

	if ((len != 4 && len != 16) ||
	    inet_ntop(len == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(value), text, sizeof(text)) == NULL)
		return NULL;
	return au_arena_printf(arena, "IP:%s", text);
}

static const char *
read_name(struct au_arena *arena, const GENERAL_NAME *name)
{
	switch (name->type) {
	case GEN_DNS:
		return read_text(arena, "DNS", name->d.dNSName);
	case GEN_EMAIL:
		return read_text(arena, "email", name->d.rfc822Name);
	case GEN_URI:
		return read_text(arena, "URI", name->d.uniformResourceIdentifier);
	case GEN_IPADD:
		return read_address(arena, name->d.iPAddress);
	default:
		return NULL;
	}
}

static const char *const *
read_names(struct au_arena *arena, X509 *cert)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	int count = names != NULL ? sk_GENERAL_NAME_num(names) : 0, i;
	const char **list = au_arena_alloc(arena, ((size_t)count + 1) * sizeof(*list)), **next = list;

	for (i = 0; i < count; i++)
		if ((*next = read_name(arena, sk_GENERAL_NAME_value(names, i))) != NULL)
			next++;
	GENERAL_NAMES_free(names);
	return list;
}

struct au_http_certificate *
au_http_certificate_new(SSL *ssl)
{
	X509 *cert = SSL_get0_peer_certificate(ssl);
	struct shared *shared;

	if (cert == NULL)
		return NULL;
	shared = au_xcalloc(1, sizeof(*shared));
	shared->holders = 1;
	shared->arena = au_arena_new();
	shared->public.subject = read_subject(shared->arena, cert);
	shared->public.sha256 = read_digest(shared->arena, cert);
	shared->public.names = read_names(shared->arena, cert);
	return &shared->public;
}

struct au_http_certificate *
au_http_certificate_hold(struct au_http_certificate *certificate)
{
	if (certificate != NULL)
		((struct shared *)certificate)->holders++;
	return certificate;
}

void
au_http_certificate_release(struct au_http_certificate *certificate)
{
	struct shared *shared = (struct shared *)certificate;

	if (shared == NULL || --shared->holders > 0)
		return;
	au_arena_free(shared->arena);
	free(shared);
}

bool
au_http_certificate_is_over(SSL *ssl)
{
	X509 *cert = SSL_get0_peer_certificate(ssl);

	return cert != NULL && X509_cmp_current_time(X509_get0_notAfter(cert)) <= 0;
}
