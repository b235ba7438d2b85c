/* SPDX-License-Identifier: ISC */
/* OpenSSL's own words name the fault; a row for each that administrators meet says how it is mended. */
#include "sourced/peer.h"

#include "base/mem.h"

#include <openssl/x509v3.h>
#include <string.h>

#define NAMES_MAX 120

#define NAME_IN_SERVERS "call the server by such a name in servers, or give it a certificate for this one"
#define AUTHORITY "put its authority's certificate into ca_file"
#define RENEW "the server needs a new certificate"
#define NEW_LIST "put a newer list of its authority into crl_file"

static const struct {
	long verdict;
	const char *what_to_do;
	bool names; /* those that it is for are told */
} rows[] = {
	{ X509_V_ERR_HOSTNAME_MISMATCH, NAME_IN_SERVERS, true },
	{ X509_V_ERR_IP_ADDRESS_MISMATCH, NAME_IN_SERVERS, true },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, AUTHORITY, false },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, AUTHORITY, false },
	{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, AUTHORITY, false },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, AUTHORITY, false },
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, AUTHORITY, false },
	{ X509_V_ERR_CERT_HAS_EXPIRED, RENEW, false },
	{ X509_V_ERR_CERT_NOT_YET_VALID, "compare the clocks of the server and of this machine", false },
	{ X509_V_ERR_CERT_REVOKED, RENEW, false },
	{ X509_V_ERR_INVALID_PURPOSE, "the server needs a certificate for servers (extendedKeyUsage serverAuth)",
	    false },
	{ X509_V_ERR_EE_KEY_TOO_SMALL, RENEW, false },
	{ X509_V_ERR_CA_MD_TOO_WEAK, RENEW, false },
	{ X509_V_ERR_UNABLE_TO_GET_CRL, "put its authority's revocation list into crl_file", false },
	{ X509_V_ERR_CRL_HAS_EXPIRED, NEW_LIST, false },
	{ X509_V_ERR_CRL_SIGNATURE_FAILURE, NEW_LIST, false },
};

static void
free_bio(BIO **bio)
{
	BIO_free(*bio);
}

bool
au_peer_pin(X509 *certificate, unsigned char ret[AU_PIN_SIZE])
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	bool is_done = len > 0 && EVP_Digest(der, (size_t)len, ret, NULL, EVP_sha256(), NULL) == 1;

	OPENSSL_free(der);
	return is_done;
}

size_t
au_peer_binding(X509 *certificate, unsigned char ret[AU_PEER_BINDING])
{
	static const char prefix[] = "tls-server-end-point:";
	int digest = NID_undef;
	unsigned len = 0;

	OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, NULL);
	if (digest == NID_md5 || digest == NID_sha1)
		digest = NID_sha256;
	const EVP_MD *md = digest != NID_undef ? EVP_get_digestbynid(digest) : NULL;
	memcpy(ret, prefix, sizeof(prefix) - 1);
	if (md == NULL || X509_digest(certificate, md, ret + sizeof(prefix) - 1, &len) != 1)
		return 0;
	return sizeof(prefix) - 1 + len;
}

/* What the server wrote into its certificate may hold anything. */
static void
put_names(X509 *certificate, struct au_str *out)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	int count = names != NULL ? sk_GENERAL_NAME_num(names) : 0;
	AU_CLEANUP(free_bio) BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;

	for (int i = 0; i < count; i++) {
		BIO_puts(bio, i > 0 ? ", " : "");
		GENERAL_NAME_print(bio, sk_GENERAL_NAME_value(names, i));
	}
	GENERAL_NAMES_free(names);
	long len = BIO_get_mem_data(bio, &text);
	if (len <= 0)
		au_str_put(out, "no name at all");
	else
		au_str_visible(out, text, len < NAMES_MAX ? (size_t)len : NAMES_MAX);
}

void
au_peer_explain(long verdict, const char *host, X509 *certificate, struct au_str *out)
{
	au_str_printf(out, "certificate refused: %s", X509_verify_cert_error_string(verdict));
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		if (rows[i].verdict != verdict)
			continue;
		if (rows[i].names && certificate != NULL) {
			au_str_printf(out, " (it is not for '%s' but for ", host);
			put_names(certificate, out);
			au_str_put(out, ")");
		}
		au_str_printf(out, ": %s", rows[i].what_to_do);
	}
}

void
au_peer_explain_pin(X509 *certificate, struct au_str *out)
{
	unsigned char pin[AU_PIN_SIZE] = { 0 };
	char text[AU_PIN_TEXT];

	au_peer_pin(certificate, pin);
	au_str_printf(out,
	    "certificate refused: its key is %s, which is none of the pins: if the server was given a new key, add it "
	    "to pins",
	    au_pin_print(pin, text));
}
