/* SPDX-License-Identifier: ISC */
/* Whom a user name means changes with people, not with the group: of a list with such names nothing is kept. */
#include "source/listed.h"

#include "model/ref.h"
#include "store/digest.h"

#include <stdalign.h>

struct au_listed {
	struct au_digest names;
	unsigned char digest[AU_LIST_DIGEST];
	bool has_user_names;
};

struct au_listed *
au_listed_new(void)
{
	/* The state of the hash wants to lie on a boundary of its own. */
	struct au_listed *listed = aligned_alloc(alignof(struct au_listed), sizeof(*listed));

	if (listed == NULL)
		abort();
	au_digest_begin(&listed->names, NULL, 0, AU_LIST_DIGEST);
	listed->has_user_names = false;
	return listed;
}

void
au_listed_free(struct au_listed *listed)
{
	free(listed);
}

void
au_listed_name(struct au_listed *listed, const char *ref)
{
	listed->has_user_names |= au_ref_user_name(ref) != NULL;
	au_digest_text(&listed->names, ref);
}

int
au_listed_is_same(struct au_apply *apply, struct au_listed *listed, const char *group_id, struct au_err *err)
{
	bool is_same = false;
	int rc = 0;

	au_digest_end(&listed->names, listed->digest, AU_LIST_DIGEST);
	if (!listed->has_user_names)
		rc = au_store_list_is(apply->tx, apply->source, group_id, listed->digest, &is_same, err);
	return rc < 0 ? rc : is_same;
}

int
au_listed_keep(struct au_apply *apply, const struct au_listed *listed, const char *group_id, struct au_err *err)
{
	if (listed->has_user_names)
		return 0;
	apply->budget -= AU_APPLY_WRITE;
	return au_store_list_put(apply->tx, apply->source, group_id, listed->digest, err);
}
