/* SPDX-License-Identifier: ISC */
/*
 * Plugins are told never to put a secret into a text, and products sometimes
 * repeat in an error what they were sent; so the host looks as well.
 */
#include "targetd/mask.h"

#include "base/mem.h"
#include "base/secret.h"

#include <string.h>

/* A shorter one would blank ordinary words. */
#define SHORTEST 4

struct known {
	struct known *next;
	struct au_secret *secret;
	bool keep;
};

struct au_mask {
	struct known *first;
};

struct au_mask *
au_mask_new(void)
{
	return au_xcalloc(1, sizeof(struct au_mask));
}

static void
drop(struct au_mask *mask, bool all)
{
	struct known **link = &mask->first;

	while (*link != NULL) {
		struct known *known = *link;

		if (known->keep && !all) {
			link = &known->next;
			continue;
		}
		*link = known->next;
		au_secret_free(known->secret);
		free(known);
	}
}

void
au_mask_free(struct au_mask *mask)
{
	if (mask == NULL)
		return;
	drop(mask, true);
	free(mask);
}

void
au_mask_forget(struct au_mask *mask)
{
	drop(mask, false);
}

void
au_mask_add(struct au_mask *mask, const char *secret, bool keep)
{
	struct known *known;

	if (secret == NULL || strlen(secret) < SHORTEST)
		return;
	known = au_xcalloc(1, sizeof(*known));
	known->secret = au_secret_from_text(secret);
	known->keep = keep;
	known->next = mask->first;
	mask->first = known;
}

/* A text that was cut to its buffer may end within a secret. */
static void
mask_cut(const char *secret, size_t len, char *text)
{
	size_t text_len = strlen(text);

	for (size_t n = len - 1; n >= SHORTEST; n--) {
		if (n <= text_len && memcmp(text + text_len - n, secret, n) == 0) {
			memset(text + text_len - n, '*', n);
			return;
		}
	}
}

void
au_mask_apply(const struct au_mask *mask, char *text)
{
	for (const struct known *known = mask->first; known != NULL; known = known->next) {
		const char *secret = au_secret_text(known->secret);
		size_t len = au_secret_len(known->secret);

		for (char *at = text; (at = strstr(at, secret)) != NULL; at += len)
			memset(at, '*', len);
		mask_cut(secret, len, text);
	}
}

bool
au_mask_hits(const struct au_mask *mask, const char *text)
{
	for (const struct known *known = mask->first; text != NULL && known != NULL; known = known->next) {
		if (strstr(text, au_secret_text(known->secret)) != NULL)
			return true;
	}
	return false;
}
