/* SPDX-License-Identifier: ISC */
/* The digest's key comes from the master key, so the store alone does not help to guess a password. */
#include "source/refusal.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "store/digest.h"

#include <stdlib.h>
#include <string.h>

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

bool
au_refusal_holds(const struct au_refusal *refusal, const char *print, long long now_ms, long long retry_ms)
{
	if (strcmp(refusal->print, print) != 0)
		return false;
	return retry_ms == 0 || now_ms - refusal->at_ms < retry_ms;
}

void
au_refusal_done(struct au_refusal *refusal)
{
	free(refusal->why);
	*refusal = (struct au_refusal){ 0 };
}

/* ---- in the store ---- */

static char *
meta_name(const char *source)
{
	return au_xasprintf("source.%s.refused", source);
}

int
au_refusal_load(struct au_store_tx *tx, const char *source, struct au_refusal *ret, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_freep) char *name = meta_name(source);
	const char *text = NULL;
	int rc = au_store_meta_get(tx, arena, name, &text, err);

	if (rc < 0)
		return rc;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	if (text != NULL)
		au_json_parse(text, strlen(text), AU_JSON_DEPTH, &json, NULL);
	const char *print = au_json_get_str(json, "print");
	au_refusal_done(ret);
	if (print == NULL || strlen(print) != AU_REFUSAL_PRINT - 1)
		return 0;
	memcpy(ret->print, print, AU_REFUSAL_PRINT);
	ret->at_ms = au_json_get_int(json, "at");
	ret->why = au_xstrdup(au_json_get_str(json, "why"));
	return 0;
}

int
au_refusal_save(struct au_store_tx *tx, const char *source, const struct au_refusal *refusal, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *name = meta_name(source);
	AU_CLEANUP(au_json_decrefp) json_t *json = json_object();

	if (refusal != NULL) {
		au_json_set_str(json, "print", refusal->print);
		au_json_set_int(json, "at", refusal->at_ms);
		au_json_set_str(json, "why", refusal->why);
	}
	AU_CLEANUP(au_freep) char *text = au_json_text(json);
	return au_store_meta_put(tx, name, text, err);
}
