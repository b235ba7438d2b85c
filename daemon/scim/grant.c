/* SPDX-License-Identifier: ISC */
/* Only what differs touches the store, so users without roles cost nothing. */
#include "scim/grant.h"

#include "base/json.h"
#include "base/map.h"
#include "store/fact.h"

static const struct {
	const char *attr, *word;
} kinds[] = { { "entitlements", AU_GRANT_ENTITLEMENT }, { "roles", AU_GRANT_ROLE } };

/* Ids of groups -> the value as the client wrote it; both in the arena. */
static void
collect(struct au_arena *arena, const json_t *doc, const char *attr, const char *word, struct au_map *grants)
{
	const json_t *list = json_object_get(doc, attr), *element;
	size_t i;

	json_array_foreach ((json_t *)list, i, element) {
		const char *value = au_json_get_str(element, "value");

		if (!au_str_empty(value))
			au_map_put(grants, au_grant_id(arena, word, value), au_arena_strdup(arena, value));
	}
}

static struct au_map *
grants_of(struct au_arena *arena, const json_t *doc)
{
	struct au_map *grants = au_map_new();

	for (size_t i = 0; doc != NULL && i < AU_COUNT(kinds); i++)
		collect(arena, doc, kinds[i].attr, kinds[i].word, grants);
	return grants;
}

struct granting {
	struct au_store_tx *tx;
	struct au_request *r;
	const char *id;
	struct au_err *err;
};

/* The group is made when the first one gets in. */
static int
give(struct granting *g, const char *group_id, const char *value)
{
	struct au_member member = { .id = g->id };
	struct au_entry group = {
		.source = g->r->client, .id = group_id, .kind = AU_ENTRY_GROUP, .display_name = value, .active = true
	};
	int rc = au_store_member_add(g->tx, g->r->client, group_id, &member, NULL, g->err);

	if (rc != AU_ENOENT)
		return rc;
	rc = au_store_entry_put(g->tx, &group, NULL, 0, NULL, g->err);
	return rc == 0 ? au_store_member_add(g->tx, g->r->client, group_id, &member, NULL, g->err) : rc;
}

/* And goes with the last one. */
static int
take(struct granting *g, const char *group_id)
{
	long long left = 0;
	int rc = au_store_member_remove(g->tx, g->r->client, group_id, g->id, NULL, g->err);

	if (rc == 0)
		rc = au_store_member_count(g->tx, g->r->client, group_id, &left, g->err);
	if (rc == 0 && left == 0)
		rc = au_store_entry_remove(g->tx, g->r->client, group_id, NULL, g->err);
	return rc == AU_ENOENT ? 0 : rc;
}

static int
give_and_take(struct granting *g, const struct au_map *was, const struct au_map *is)
{
	int rc = 0;
	const char *id;
	void *value;

	for (size_t at = 0; rc == 0 && au_map_next(was, &at, &id, NULL);)
		if (!au_map_has(is, id))
			rc = take(g, id);
	for (size_t at = 0; rc == 0 && au_map_next(is, &at, &id, &value);)
		if (!au_map_has(was, id))
			rc = give(g, id, value);
	return rc;
}

int
au_grant_put(struct au_store_tx *tx, struct au_request *r, const char *id, const json_t *was, const json_t *is,
    struct au_err *err)
{
	struct granting granting = { tx, r, id, err };
	struct au_map *before = grants_of(r->arena, was), *after = grants_of(r->arena, is);
	int rc = give_and_take(&granting, before, after);

	au_map_free(before, NULL);
	au_map_free(after, NULL);
	return rc;
}
