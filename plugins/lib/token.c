/* SPDX-License-Identifier: ISC */
/* RFC 7519 tokens read for their dates only. */
#include "lib/token.h"

#include "base/json.h"
#include "base/mem.h"

#include <sodium.h>
#include <string.h>

#define PAYLOAD_MAX 65536
#define LIFE_MAX_MS (7 * 86400 * 1000LL)

/* exp - iat in milliseconds; 0 when the payload does not say. */
static int64_t
life_of(const char *text)
{
	const char *payload = strchr(text, '.');
	size_t len, got;
	unsigned char *bin;
	json_t *json = NULL;
	int64_t life = 0;

	if (payload == NULL)
		return 0;
	payload++;
	len = strcspn(payload, ".=");
	if (len == 0 || len > PAYLOAD_MAX)
		return 0;
	bin = au_xmalloc(len);
	if (sodium_base642bin(bin, len, payload, len, NULL, &got, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) ==
		0 &&
	    au_json_parse((const char *)bin, got, AU_JSON_DEPTH, &json, NULL) == 0) {
		long long begin = au_json_get_int(json, "iat"), end = au_json_get_int(json, "exp");

		if (begin > 0 && end > begin && end - begin < LIFE_MAX_MS / 1000)
			life = (end - begin) * 1000;
		au_json_wipe(json);
		json_decref(json);
	}
	au_wipe(bin, len);
	free(bin);
	return life;
}

void
au_token_set(struct au_token *token, const char *text, int64_t default_life_ms, int64_t now_mono)
{
	int64_t life = life_of(text);

	if (life == 0)
		life = default_life_ms;
	au_token_clear(token);
	token->text = au_secret_from_text(text);
	token->renew_mono = now_mono + life / 4 * 3;
	token->end_mono = now_mono + life;
}

void
au_token_clear(struct au_token *token)
{
	au_secret_free(token->text);
	*token = (struct au_token){ 0 };
}

bool
au_token_valid(const struct au_token *token, int64_t now_mono)
{
	return token->text != NULL && now_mono < token->end_mono;
}

bool
au_token_due(const struct au_token *token, int64_t now_mono)
{
	return au_token_valid(token, now_mono) && now_mono >= token->renew_mono;
}
