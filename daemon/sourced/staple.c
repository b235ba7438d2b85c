/* SPDX-License-Identifier: ISC */
/* Each step that a response must pass is a row: the first that it does not pass gives the reason. */
#include "sourced/staple.h"

#include "base/mem.h"

#include <openssl/ocsp.h>

#define SKEW_S 300
#define NO_NEXT_MAX_S 86400 /* one without a next update says that there is always a newer one */

struct staple {
	SSL *ssl;
	X509 *certificate, *issuer;
	OCSP_RESPONSE *response;
	OCSP_BASICRESP *basic;
	OCSP_SINGLERESP *single; /* the basic's */
};

void
au_staple_ask(SSL *ssl)
{
	SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
}

static bool
has_response(struct staple *staple)
{
	const unsigned char *der = NULL;
	long len = SSL_get_tlsext_status_ocsp_resp(staple->ssl, &der);

	if (len > 0 && der != NULL)
		staple->response = d2i_OCSP_RESPONSE(NULL, &der, len);
	return staple->response != NULL;
}

static bool
is_answer(struct staple *staple)
{
	if (OCSP_response_status(staple->response) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
		staple->basic = OCSP_response_get1_basic(staple->response);
	return staple->basic != NULL;
}

/* By the authority itself, or by whom it appointed for that; both must lead to one of ours. */
static bool
is_signed(struct staple *staple)
{
	X509_STORE *store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(staple->ssl));

	return OCSP_basic_verify(staple->basic, SSL_get0_verified_chain(staple->ssl), store, 0) == 1;
}

/* Responders name certificates by hashes of their own choice. */
static bool
is_ours(const struct staple *staple, const OCSP_CERTID *id)
{
	ASN1_OBJECT *algorithm = NULL;

	OCSP_id_get0_info(NULL, &algorithm, NULL, NULL, (OCSP_CERTID *)(uintptr_t)id);
	const EVP_MD *digest = EVP_get_digestbyobj(algorithm);
	OCSP_CERTID *own = digest != NULL ? OCSP_cert_to_id(digest, staple->certificate, staple->issuer) : NULL;
	bool is_same = own != NULL && OCSP_id_cmp(own, id) == 0;
	OCSP_CERTID_free(own);
	return is_same;
}

static bool
names_certificate(struct staple *staple)
{
	for (int i = 0; i < OCSP_resp_count(staple->basic); i++) {
		OCSP_SINGLERESP *single = OCSP_resp_get0(staple->basic, i);
		if (is_ours(staple, OCSP_SINGLERESP_get0_id(single)))
			staple->single = single;
	}
	return staple->single != NULL;
}

static bool
is_fresh(struct staple *staple)
{
	ASN1_GENERALIZEDTIME *now = NULL, *next = NULL;

	OCSP_single_get0_status(staple->single, NULL, NULL, &now, &next);
	return OCSP_check_validity(now, next, SKEW_S, next == NULL ? NO_NEXT_MAX_S : -1) == 1;
}

static bool
is_not_revoked(struct staple *staple)
{
	return OCSP_single_get0_status(staple->single, NULL, NULL, NULL, NULL) != V_OCSP_CERTSTATUS_REVOKED;
}

static bool
is_good(struct staple *staple)
{
	return OCSP_single_get0_status(staple->single, NULL, NULL, NULL, NULL) == V_OCSP_CERTSTATUS_GOOD;
}

static const struct {
	bool (*passes)(struct staple *staple);
	const char *why;
} steps[] = {
	{ has_response, "the server staples no OCSP response: have it staple one, or set ocsp = \"off\"" },
	{ is_answer, "the OCSP response that the server staples is no answer: see why its responder refuses it" },
	{ is_signed,
	    "the stapled OCSP response is not signed by the certificate's authority: see whom the server asks" },
	{ names_certificate, "the stapled OCSP response is of another certificate: have the server fetch it anew" },
	{ is_fresh, "the stapled OCSP response is out of date: see why the server fetches no newer one" },
	{ is_not_revoked,
	    "its authority revoked it, as the stapled OCSP response says: the server needs a new certificate" },
	{ is_good,
	    "its authority does not know it, as the stapled OCSP response says: the server needs a new certificate" },
};

bool
au_staple_is_good(SSL *ssl, struct au_str *out)
{
	STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
	struct staple staple = { .ssl = ssl, .certificate = SSL_get0_peer_certificate(ssl) };
	const char *why = NULL;

	/* One that is an authority of its own signs for itself. */
	staple.issuer = sk_X509_value(chain, sk_X509_num(chain) > 1 ? 1 : 0);
	for (size_t i = 0; why == NULL && i < AU_COUNT(steps); i++)
		if (!steps[i].passes(&staple))
			why = steps[i].why;
	if (why != NULL)
		au_str_printf(out, "certificate refused: %s", why);
	OCSP_BASICRESP_free(staple.basic);
	OCSP_RESPONSE_free(staple.response);
	return why == NULL;
}
