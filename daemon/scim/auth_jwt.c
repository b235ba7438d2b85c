/* SPDX-License-Identifier: ISC */
/* Tokens of configured issuers.  One that waits for its issuer's keys is judged anew when they are there. */
#include "scim/auth_parts.h"
#include "scim/issuers.h"
#include "scim/known.h"

struct waiting {
	struct au_request *r;
	const char *text; /* in the request's head */
};

static void judge(struct au_request *r, const char *text);

static void
keys_came(void *arg)
{
	const struct waiting *waiting = arg;

	judge(waiting->r, waiting->text);
}

static void
wait_for_keys(struct au_request *r, const char *text)
{
	struct waiting *waiting = au_arena_alloc(r->arena, sizeof *waiting);

	*waiting = (struct waiting){ r, text };
	au_issuers_wait(r->scim->issuers, keys_came, waiting);
}

static void
judge(struct au_request *r, const char *text)
{
	struct au_identity identity;
	struct au_err err = { .code = 0 };
	int rc = au_issuers_judge(r->scim->issuers, r->arena, text, r->now_ms, &identity, &err);

	if (rc == AU_EBUSY) {
		wait_for_keys(r, text);
	} else if (rc == AU_ETEMP) {
		au_auth_fail(r);
	} else if (rc < 0) {
		au_auth_refuse(r);
	} else {
		au_known_keep_jwt(r->scim->known, text, &identity);
		au_auth_accept(r, &identity);
	}
}

void
au_auth_jwt(struct au_request *r, const char *text)
{
	const struct au_identity *known = au_known_jwt(r->scim->known, text, r->now_ms);
	struct au_identity identity;

	if (known == NULL) {
		/* a signature may take longer than all the rest of a request */
		if (!au_auth_refuse_suspect(r))
			judge(r, text);
		return;
	}
	identity = *known;
	identity.scopes = au_arena_strdup(r->arena, known->scopes);
	au_auth_accept(r, &identity);
}
