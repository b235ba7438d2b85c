/* SPDX-License-Identifier: ISC */
/*
 * The keys are in this process's locked memory only and change by the hour, so
 * that a key that leaks opens little of what was recorded.  They belong to the
 * server and not to a certificate: its renewal costs no client a full handshake.
 */
#include "http/tickets.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/secret.h"

#include <openssl/core_names.h>
#include <stdbool.h>
#include <string.h>

/* What a key is made of; all of it is random. */
struct material {
	unsigned char name[16], cipher[32], mac[32];
};

struct ticket_key {
	struct au_secret *material; /* NULL = none yet */
	int64_t made_mono;
};

struct au_http_tickets {
	struct ticket_key current, previous;
};

struct au_http_tickets *
au_http_tickets_new(void)
{
	return au_xcalloc(1, sizeof(struct au_http_tickets));
}

void
au_http_tickets_free(struct au_http_tickets *tickets)
{
	if (tickets == NULL)
		return;
	au_secret_free(tickets->current.material);
	au_secret_free(tickets->previous.material);
	free(tickets);
}

static const struct material *
material_of(const struct ticket_key *key)
{
	return (const struct material *)(const void *)au_secret_text(key->material);
}

static void
rotate(struct au_http_tickets *tickets, int64_t now_mono)
{
	struct material fresh;

	if (tickets->current.material != NULL && now_mono - tickets->current.made_mono < AU_HTTP_TICKET_KEY_MS)
		return;
	au_secret_free(tickets->previous.material);
	tickets->previous = tickets->current;
	au_rand_bytes(&fresh, sizeof(fresh));
	tickets->current.material = au_secret_new(&fresh, sizeof(fresh));
	tickets->current.made_mono = now_mono;
	au_wipe(&fresh, sizeof(fresh));
}

/* The key of that name, unless it is too old. */
static const struct material *
find(const struct au_http_tickets *tickets, const unsigned char *name, int64_t now_mono)
{
	const struct ticket_key *const keys[] = { &tickets->current, &tickets->previous };
	size_t i;

	for (i = 0; i < AU_COUNT(keys); i++)
		if (keys[i]->material != NULL && now_mono - keys[i]->made_mono < 2 * AU_HTTP_TICKET_KEY_MS &&
		    memcmp(material_of(keys[i])->name, name, sizeof(material_of(keys[i])->name)) == 0)
			return material_of(keys[i]);
	return NULL;
}

static bool
set_mac(EVP_MAC_CTX *mac, const struct material *key)
{
	unsigned char octets[sizeof(key->mac)];
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, octets, sizeof(octets)),
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	bool done;

	memcpy(octets, key->mac, sizeof(octets));
	done = EVP_MAC_CTX_set_params(mac, params) == 1;
	au_wipe(octets, sizeof(octets));
	return done;
}

/* Called by OpenSSL for each ticket.  1: go on; 2: go on, and give the client a new ticket; 0: no ticket; -1: failed.
 */
static int
seal_or_open(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int sealing)
{
	struct au_http_tickets *tickets = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	int64_t now_mono = au_clock_mono_ms();
	const struct material *key;

	rotate(tickets, now_mono);
	if (sealing) {
		key = material_of(&tickets->current);
		memcpy(name, key->name, sizeof(key->name));
		au_rand_bytes(iv, (size_t)EVP_CIPHER_get_iv_length(EVP_aes_256_cbc()));
	} else if ((key = find(tickets, name, now_mono)) == NULL) {
		return 0;
	}
	if (EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher, iv, sealing) != 1 || !set_mac(mac, key))
		return -1;
	return sealing || key == material_of(&tickets->current) ? 1 : 2;
}

void
au_http_tickets_use(struct au_http_tickets *tickets, SSL_CTX *ctx)
{
	SSL_CTX_set_app_data(ctx, tickets);
	SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, seal_or_open);
	SSL_CTX_set_timeout(ctx, 2 * AU_HTTP_TICKET_KEY_MS / 1000);
}
