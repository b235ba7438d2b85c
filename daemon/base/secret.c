/* SPDX-License-Identifier: ISC */
/* Secrets in libsodium's guarded pages: locked, between fences, read-only, wiped when freed. */
#include "base/secret.h"

#include "base/mem.h"
#include "base/rand.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct au_secret {
	size_t len;
	char *text; /* sodium_malloc, len + 1 bytes */
};

struct au_secret *
au_secret_new(const void *data, size_t len)
{
	struct au_secret *secret = au_xmalloc(sizeof(*secret));

	au_rand_init();
	*secret = (struct au_secret){ .len = len, .text = sodium_malloc(len + 1) };
	if (secret->text == NULL) {
		fputs("out of memory for a secret\n", stderr);
		abort();
	}
	if (len > 0)
		memcpy(secret->text, data, len);
	secret->text[len] = '\0';
	sodium_mprotect_readonly(secret->text);
	return secret;
}

struct au_secret *
au_secret_from_text(const char *text)
{
	return text != NULL ? au_secret_new(text, strlen(text)) : NULL;
}

void
au_secret_free(struct au_secret *secret)
{
	if (secret == NULL)
		return;
	sodium_free(secret->text);
	free(secret);
}

void
au_secret_freep(struct au_secret **secret)
{
	au_secret_free(*secret);
}

const char *
au_secret_text(const struct au_secret *secret)
{
	return secret != NULL ? secret->text : NULL;
}

size_t
au_secret_len(const struct au_secret *secret)
{
	return secret != NULL ? secret->len : 0;
}

void
au_wipe(void *data, size_t len)
{
	if (data != NULL && len > 0)
		sodium_memzero(data, len);
}
