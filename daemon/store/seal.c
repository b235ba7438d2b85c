/* SPDX-License-Identifier: ISC */
/*
 * Sealing of secrets at rest.  The master key may be any text; a hash of it
 * feeds libsodium's key derivation, whose sub-keys do the work.  A sealed
 * secret is a form byte, the nonce and the ciphertext; the form and the
 * account's id are authenticated with it, so a row moved to another account
 * does not open.
 */
#include "base/mem.h"
#include "base/rand.h"
#include "store/sealed.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define FORM 1
#define HEAD (1 + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_SIZE crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define MASTER_MIN 32

struct au_sealer {
	unsigned char master[crypto_kdf_KEYBYTES];
	unsigned char seal[KEY_SIZE];
};

static_assert(KEY_SIZE == 32, "derived keys have 32 bytes");

struct au_sealer *
au_sealer_new(const struct au_secret *master_key)
{
	if (au_secret_len(master_key) < MASTER_MIN)
		return NULL;
	struct au_sealer *sealer = sodium_malloc(sizeof(*sealer));
	if (!sealer)
		abort();
	crypto_generichash(sealer->master, sizeof(sealer->master), (const unsigned char *)au_secret_text(master_key),
	    au_secret_len(master_key), NULL, 0);
	au_sealer_derive(sealer, "sealkey_", sealer->seal);
	sodium_mprotect_readonly(sealer);
	return sealer;
}

void
au_sealer_free(struct au_sealer *sealer)
{
	sodium_free(sealer);
}

void
au_sealer_derive(const struct au_sealer *sealer, const char context[8], unsigned char key[32])
{
	crypto_kdf_derive_from_key(key, KEY_SIZE, 1, context, sealer->master);
}

/* What is authenticated beside the secret: form, kind and account. */
static char *
bound_to(const char *account_id)
{
	return au_xasprintf("apiuserd secret of account, form %d: %s", FORM, account_id);
}

void
au_seal(const struct au_sealer *sealer, const char *account_id, const struct au_secret *secret,
    unsigned char **ret_sealed, size_t *ret_len)
{
	AU_CLEANUP(au_freep) char *bound = bound_to(account_id);
	size_t len = au_secret_len(secret);
	unsigned char *sealed = au_xmalloc(HEAD + len + TAG);
	sealed[0] = FORM;
	au_rand_bytes(sealed + 1, HEAD - 1);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + HEAD, NULL, (const unsigned char *)au_secret_text(secret),
	    len, (const unsigned char *)bound, strlen(bound), NULL, sealed + 1, sealer->seal);
	*ret_sealed = sealed;
	*ret_len = HEAD + len + TAG;
}

int
au_unseal(const struct au_sealer *sealer, const char *account_id, const unsigned char *sealed, size_t len,
    struct au_secret **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *bound = bound_to(account_id);
	if (len < HEAD + TAG || sealed[0] != FORM)
		return au_fail(
		    err, AU_EINVAL, "secret of account '%s': is not in a form that this program knows", account_id);
	size_t plain_len = len - HEAD - TAG;
	unsigned char *plain = sodium_malloc(plain_len + 1);
	if (!plain)
		abort();
	int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed + HEAD, len - HEAD,
	    (const unsigned char *)bound, strlen(bound), sealed + 1, sealer->seal);
	if (!failed)
		*ret = au_secret_new(plain, plain_len);
	sodium_free(plain);
	return failed ? au_fail(err, AU_EINVAL,
			    "secret of account '%s': does not open: sealed with another master key, or changed",
			    account_id)
		      : 0;
}
