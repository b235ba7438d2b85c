/* SPDX-License-Identifier: ISC */
/*
 * Filling the index for attributes that it did not hold before: after an upgrade, or when configuration names a new
 * one. A batch is one short write, so others get their turn between two; until an attribute's last batch is in, filters
 * on it read the resources themselves.  Changes meanwhile go to the index at once, and adding a value twice does no
 * harm.
 */
#include "scim/index.h"

#include "base/json.h"
#include "scim/catalog.h"
#include "scim/index_rows.h"
#include "store/resource.h"

#include <limits.h>
#include <string.h>

#define BATCH 500 /* resources */

/* One attribute that ought to be in the index. */
struct wanted {
	const struct au_resource_type *type;
	const char *attr;
	long long num; /* how far it is; AU_INDEX_WHOLE */
	bool marked;
};

struct fill {
	struct au_scim *scim;
	struct au_settings *settings; /* held, for the catalog */
	struct au_catalog *catalog;   /* held, for the rows */
	unsigned round;               /* which catalog it is for */
	struct au_arena *arena;
	struct wanted *list;
	size_t count, cap;
	bool more;
};

/* ---- on the loop thread ---- */

static const char *
key_of(struct au_arena *arena, const struct au_resource_type *type, const char *attr)
{
	return au_arena_printf(arena, "%s %s", type->name, attr);
}

bool
au_index_is_whole(const struct au_scim *scim, const struct au_resource_type *type, const struct au_attr_path *path)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	return au_map_get(scim->indexed, key_of(arena, type, au_index_name(arena, path))) != NULL;
}

static void
want(void *ctx, const struct au_resource_type *type, const struct au_attr_path *path)
{
	struct fill *fill = ctx;

	if (fill->count == fill->cap) {
		fill->cap = fill->cap == 0 ? 16 : fill->cap * 2;
		fill->list = au_xrealloc(fill->list, fill->cap, sizeof *fill->list);
	}
	fill->list[fill->count++] = (struct wanted){ .type = type, .attr = au_index_name(fill->arena, path) };
}

static void
fill_free(struct fill *fill)
{
	free(fill->list);
	au_catalog_free(fill->catalog);
	au_settings_free(fill->settings);
	au_arena_free(fill->arena);
	free(fill);
}

/* ---- on a thread of the store ---- */

/* Attributes that nobody keeps in step any more must not be taken for whole when they come back. */
static int
drop_others(struct au_store_tx *tx, struct fill *fill, const struct au_index_mark *mark, struct au_err *err)
{
	for (size_t i = 0; i < fill->count; i++) {
		struct wanted *wanted = &fill->list[i];

		if (strcmp(wanted->type->name, mark->type) == 0 && strcmp(wanted->attr, mark->attr) == 0) {
			wanted->num = mark->num;
			wanted->marked = true;
			return 0;
		}
	}
	return au_store_index_drop(tx, mark->type, mark->attr, err);
}

static int
read_marks(struct au_store_tx *tx, struct fill *fill, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_index_mark *marks;
	size_t count;
	int rc;

	for (size_t i = 0; i < fill->count; i++)
		fill->list[i] = (struct wanted){ .type = fill->list[i].type, .attr = fill->list[i].attr };
	rc = au_store_index_marks(tx, arena, &marks, &count, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = drop_others(tx, fill, &marks[i], err);
	/* values of a time before the attribute was dropped, or of an attempt without a mark */
	for (size_t i = 0; rc == 0 && i < fill->count; i++)
		if (!fill->list[i].marked)
			rc = au_store_index_drop(tx, fill->list[i].type->name, fill->list[i].attr, err);
	return rc;
}

/* The type to go on with: the first of which an attribute is not whole; NULL = all are. */
static const struct au_resource_type *
next_type(const struct fill *fill, long long *ret_num)
{
	const struct au_resource_type *type = NULL;

	*ret_num = LLONG_MAX;
	for (size_t i = 0; i < fill->count; i++) {
		const struct wanted *wanted = &fill->list[i];

		if (wanted->num == AU_INDEX_WHOLE || (type != NULL && wanted->type != type))
			continue;
		type = wanted->type;
		*ret_num = wanted->num < *ret_num ? wanted->num : *ret_num;
	}
	return type;
}

static int
mark_type(
    struct au_store_tx *tx, struct fill *fill, const struct au_resource_type *type, long long num, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < fill->count; i++) {
		struct wanted *wanted = &fill->list[i];
		struct au_index_mark mark = { type->name, wanted->attr, num };

		if (wanted->type != type || wanted->num == AU_INDEX_WHOLE)
			continue;
		wanted->num = num;
		rc = au_store_index_mark(tx, &mark, err);
	}
	return rc;
}

static int
put_one(
    struct au_store_tx *tx, const struct au_resource_type *type, const struct au_resource *resource, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *doc = json_loads(resource->doc, 0, NULL);

	if (doc == NULL)
		return au_fail(err, AU_EBUG, "resource '%s': its document is not JSON", resource->id);
	return au_index_put(tx, arena, type, resource, NULL, doc, err);
}

static int
put_batch(
    struct au_store_tx *tx, struct fill *fill, const struct au_resource_type *type, long long after, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_resource *batch;
	size_t count;
	int rc = au_store_resource_batch(tx, arena, type->name, after, BATCH, &batch, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = put_one(tx, type, &batch[i], err);
	return rc == 0 ? mark_type(tx, fill, type, count < BATCH ? AU_INDEX_WHOLE : batch[count - 1].num, err) : rc;
}

/* One batch, and whatever costs nothing. */
static int
fill_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct fill *fill = arg;
	const struct au_resource_type *type;
	long long after;
	int rc = read_marks(tx, fill, err);

	while (rc == 0 && (type = next_type(fill, &after)) != NULL) {
		rc = put_batch(tx, fill, type, after, err);
		if (rc == 0 && next_type(fill, &after) == type)
			break;
	}
	fill->more = rc == 0 && next_type(fill, &after) != NULL;
	return rc;
}

/* ---- and back ---- */

static void
filled(void *arg, int rc, const struct au_err *err)
{
	struct fill *fill = arg;
	struct au_scim *scim = fill->scim;
	bool current = fill->round == scim->index_round;

	for (size_t i = 0; rc == 0 && current && i < fill->count; i++)
		if (fill->list[i].num == AU_INDEX_WHOLE)
			au_map_put(scim->indexed, key_of(fill->arena, fill->list[i].type, fill->list[i].attr), scim);
	(void)err; /* nobody waits: what is not filled now is at the next start, and until then nothing is missed */
	if (rc == 0 && current && fill->more)
		au_store_write(scim->store, fill_work, fill, filled);
	else
		fill_free(fill);
}

void
au_index_fill(struct au_scim *scim)
{
	struct fill *fill = au_xcalloc(1, sizeof *fill);

	au_map_free(scim->indexed, NULL);
	scim->indexed = au_map_new();
	fill->scim = scim;
	fill->settings = au_settings_hold(scim->settings);
	fill->catalog = au_catalog_hold(scim->catalog);
	fill->round = ++scim->index_round;
	fill->arena = au_arena_new();
	for (size_t i = 0; fill->catalog->types[i] != NULL; i++)
		au_index_each(fill->catalog->types[i], want, fill);
	au_store_write(scim->store, fill_work, fill, filled);
}
