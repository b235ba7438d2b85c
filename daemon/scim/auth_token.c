/* SPDX-License-Identifier: ISC */
/* Our own tokens: the row from memory or from the store, its proof, and a note of when it was used. */
#include "base/clock.h"
#include "scim/auth_parts.h"
#include "scim/known.h"

#include <string.h>

#define USED_EVERY_MS (60 * 1000) /* a token's last use is written no more often */

/* A request while its token is looked up. */
struct proof {
	struct au_request *r;
	const char *text; /* in the request's head */
	char id[AU_TOKEN_ID_SIZE];
	struct au_token_row row;
	struct au_stamp stamp;
	bool found, has_stamp;
};

/* ---- last use ---- */

struct use {
	char id[AU_TOKEN_ID_SIZE];
	long long now_ms;
};

static int
use_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct use *use = arg;

	return au_store_token_used(tx, use->id, use->now_ms, err);
}

static void
use_done(void *arg, int rc, const struct au_err *err)
{
	(void)rc; /* the next request tries again after a minute */
	(void)err;
	free(arg);
}

static void
note_use(struct au_scim *scim, const struct au_token_row *row, int64_t now_ms)
{
	int64_t *last = au_map_get(scim->used, row->id);
	struct use *use;

	if (last == NULL) {
		last = au_xcalloc(1, sizeof *last);
		*last = row->used_ms;
		au_map_put(scim->used, row->id, last);
	}
	if (now_ms - *last < USED_EVERY_MS && now_ms >= *last)
		return;
	*last = now_ms;
	use = au_xcalloc(1, sizeof *use);
	memcpy(use->id, row->id, sizeof use->id);
	use->now_ms = now_ms;
	au_store_write(scim->store, use_work, use, use_done);
}

/* ---- the proof ---- */

/* row is NULL when no token has this id. */
static void
judge(struct au_request *r, const char *text, const struct au_token_row *row)
{
	struct au_identity identity;

	/* the check takes as long for an id that nobody has */
	if (au_token_check(r->scim->token_key, text, row, r->now_ms, NULL) != 0 || row == NULL) {
		au_auth_refuse(r);
		return;
	}
	note_use(r->scim, row, r->now_ms);
	identity = (struct au_identity){ .client = row->client,
		.scopes = au_arena_strdup(r->arena, row->scopes),
		.expires_ms = row->expires_ms };
	au_auth_accept(r, &identity);
}

static int
find_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct proof *proof = arg;
	int rc;

	proof->has_stamp =
	    au_store_stamp(proof->r->scim->store, AU_STAMP_TOKENS, NULL, NULL, NULL, &proof->stamp);
	rc = au_store_token_get(tx, proof->r->arena, proof->id, &proof->row, err);
	proof->found = rc == 0;
	return rc == AU_ENOENT ? 0 : rc;
}

static void
found(void *arg, int rc, const struct au_err *err)
{
	struct proof *proof = arg;
	struct au_request *r = proof->r;

	(void)err;
	if (rc < 0) {
		au_auth_fail(r);
		return;
	}
	/* only a proven one gets into memory, so that nobody fills it by guessing */
	if (proof->found && proof->has_stamp &&
	    au_token_check(r->scim->token_key, proof->text, &proof->row, r->now_ms, NULL) == 0)
		au_known_keep_token(r->scim->known, &proof->row, &proof->stamp);
	judge(r, proof->text, proof->found ? &proof->row : NULL);
}

void
au_auth_token(struct au_request *r, const char *text, const char id[AU_TOKEN_ID_SIZE])
{
	const struct au_token_row *row = au_known_token(r->scim->known, id);
	struct proof *proof;

	if (row != NULL) {
		judge(r, text, row);
		return;
	}
	proof = au_arena_alloc(r->arena, sizeof *proof);
	proof->r = r;
	proof->text = text;
	memcpy(proof->id, id, sizeof proof->id);
	au_store_read(r->scim->store, AU_READ_POINT, find_work, proof, found);
}
