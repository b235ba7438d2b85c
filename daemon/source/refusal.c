/* SPDX-License-Identifier: ISC */
/* The digest's key comes from the master key, so the store alone does not help to guess a password. */
#include "source/refusal.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "store/digest.h"

#include <stdlib.h>

#define PRINT_BYTES 32
#define FILE_MAX (1u << 20)

/* The options that a log-in is made of. */
static const char *const of_login[] = { "kind", "url", "token_url", "client_id", "token_scope", "token_audience",
	"servers", "bind", "bind_dn", "principal", "kerberos_config" };

static void
digest_option(struct au_digest *digest, const json_t *options, const char *name)
{
	AU_CLEANUP(au_freep) char *text = json_dumps(json_object_get(options, name), JSON_COMPACT | JSON_ENCODE_ANY);

	au_digest_text(digest, text);
}

static void
digest_file(struct au_digest *digest, const char *path)
{
	AU_CLEANUP(au_freep) char *data = NULL;
	size_t len;

	if (path == NULL || au_io_read(path, FILE_MAX, &data, &len, NULL) < 0) {
		au_digest_text(digest, NULL);
		return;
	}
	au_digest_bytes(digest, data, len);
	au_wipe(data, len);
}

void
au_refusal_print(char ret[AU_REFUSAL_PRINT], const unsigned char key[AU_REFUSAL_KEY], const json_t *options,
    const struct au_secrets *secrets)
{
	struct au_digest digest;
	unsigned char print[PRINT_BYTES];

	au_digest_begin(&digest, key, AU_REFUSAL_KEY, sizeof(print));
	for (size_t i = 0; i < AU_COUNT(of_login); i++)
		digest_option(&digest, options, of_login[i]);
	au_digest_text(&digest, au_secret_text(secrets->password));
	au_digest_text(&digest, au_secret_text(secrets->token));
	au_digest_text(&digest, au_secret_text(secrets->client_secret));
	au_digest_text(&digest, au_secret_text(secrets->client_key));
	digest_file(&digest, au_json_get_str(options, "client_certificate"));
	digest_file(&digest, secrets->keytab);
	au_digest_end(&digest, print, sizeof(print));
	au_wipe(&digest, sizeof(digest)); /* secrets were gathered there */
	sodium_bin2hex(ret, AU_REFUSAL_PRINT, print, sizeof(print));
}
