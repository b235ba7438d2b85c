/* SPDX-License-Identifier: ISC */
/* SCIM resources.  Every look-up is bound to one client, so no call can reach another client's. */
#include "store/resource.h"

#include "base/str.h"
#include "store/resource_run.h"

#include <stdio.h>

static void
read_resource(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_resource *resource = object;
	resource->id = au_arena_strdup(arena, row[0].text);
	resource->client = au_arena_strdup(arena, row[1].text);
	resource->type = au_arena_strdup(arena, row[2].text);
	resource->name_fold = au_arena_strdup(arena, row[3].text);
	resource->external_id = au_arena_strdup(arena, row[4].text);
	resource->doc = au_arena_strdup(arena, row[5].text);
	resource->version = row[6].number;
	resource->created_ms = row[7].number;
	resource->modified_ms = row[8].number;
	resource->num = row[9].number;
}

/* What was looked for within one client and type, which the caller fills in. */
static void
read_found(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_resource *resource = object;
	*resource = (struct au_resource){ .id = au_arena_strdup(arena, row[0].text),
		.name_fold = au_arena_strdup(arena, row[1].text),
		.external_id = au_arena_strdup(arena, row[2].text),
		.doc = au_arena_strdup(arena, row[3].text),
		.version = row[4].number,
		.created_ms = row[5].number,
		.modified_ms = row[6].number,
		.num = row[7].number,
		.in_no_group = row[8].number == 0 };
}

static void
own(struct au_resource *resource, struct au_arena *arena, const char *client, const char *type)
{
	resource->client = au_arena_strdup(arena, client);
	resource->type = au_arena_strdup(arena, type);
}

static int
name_taken(const struct au_resource *resource, int rc, struct au_err *err)
{
	if (rc != AU_EEXIST)
		return rc;
	return au_fail(err, AU_EEXIST, "%s '%s': name or id is already taken", resource->type,
	    resource->name_fold ? resource->name_fold : resource->id);
}

/* Of a resource, what its columns order it by. */
static void
read_head(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_resource *head = object;
	head->num = row[0].number;
	head->name_fold = au_arena_strdup(arena, row[1].text);
	head->external_id = au_arena_strdup(arena, row[2].text);
	head->created_ms = row[3].number;
	head->modified_ms = row[4].number;
	head->version = row[5].number;
}

int
au_store_resource_head(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *type,
    const char *id, struct au_resource *ret, struct au_err *err)
{
	*ret = (struct au_resource){ .id = id, .client = client, .type = type };
	return au_tx_one(tx, arena, AU_QUERY(RESOURCE_HEAD, au_text(client), au_text(type), au_text(id)), read_head,
	    ret, type, id, err);
}

/* By these keys it may have been read. */
static void
move_keys(struct au_store_tx *tx, const char *client, const char *type, const char *name_fold, const char *external_id)
{
	if (name_fold)
		au_stamps_move(tx->stamps, AU_STAMP_NAME, client, type, name_fold);
	if (external_id)
		au_stamps_move(tx->stamps, AU_STAMP_EXTERNAL_ID, client, type, external_id);
}

/* The total is kept, since every list tells it; the parts of it, since every deep page looks for its start. */
static int
count_resources(
    struct au_store_tx *tx, const char *client, const char *type, long long num, int more, struct au_err *err)
{
	long long block = num / AU_RESOURCE_BLOCK;
	int rc =
	    au_tx_run(tx, AU_QUERY(RESOURCE_TOTAL_ADD, au_text(client), au_text(type), au_number(more)), NULL, err);
	if (rc == 0)
		rc = au_tx_run(tx,
		    AU_QUERY(RESOURCE_BLOCK_ADD, au_text(client), au_text(type), au_number(block), au_number(more)),
		    NULL, err);
	if (rc == 0 && more < 0)
		rc = au_tx_run(
		    tx, AU_QUERY(RESOURCE_BLOCK_EMPTY, au_text(client), au_text(type), au_number(block)), NULL, err);
	return rc;
}

int
au_store_resource_insert(struct au_store_tx *tx, struct au_resource *resource, struct au_err *err)
{
	int rc = au_tx_insert(tx,
	    AU_QUERY(RESOURCE_INSERT, au_text(resource->id), au_text(resource->client), au_text(resource->type),
		au_text(resource->name_fold), au_text(resource->external_id), au_text(resource->doc),
		au_number(resource->version), au_number(resource->created_ms), au_number(resource->modified_ms)),
	    &resource->num, err);
	if (rc < 0)
		return name_taken(resource, rc, err);
	au_stamps_move(tx->stamps, AU_STAMP_ID, resource->client, resource->type, resource->id);
	move_keys(tx, resource->client, resource->type, resource->name_fold, resource->external_id);
	rc = au_run_columns(tx, NULL, resource, err);
	return rc < 0 ? rc : count_resources(tx, resource->client, resource->type, resource->num, 1, err);
}

/* Where the name or the identifier is another one. */
static int
rename_resource(struct au_store_tx *tx, const struct au_resource *was, const struct au_resource *is, struct au_err *err)
{
	if (au_streq(was->name_fold, is->name_fold) && au_streq(was->external_id, is->external_id))
		return 0;
	int rc = au_tx_run(tx,
	    AU_QUERY(RESOURCE_RENAME, au_number(was->num), au_text(is->name_fold), au_text(is->external_id)), NULL,
	    err);
	return name_taken(is, rc, err);
}

int
au_store_resource_update(
    struct au_store_tx *tx, const struct au_resource *was, const struct au_resource *is, struct au_err *err)
{
	au_stamps_move(tx->stamps, AU_STAMP_ID, was->client, was->type, was->id);
	move_keys(tx, was->client, was->type, was->name_fold, was->external_id);
	move_keys(tx, was->client, was->type, is->name_fold, is->external_id);
	int rc = au_tx_run(tx,
	    AU_QUERY(RESOURCE_UPDATE, au_number(was->num), au_text(is->doc), au_number(is->version),
		au_number(is->modified_ms)),
	    NULL, err);
	if (rc == 0)
		rc = rename_resource(tx, was, is, err);
	return rc == 0 ? au_run_columns(tx, was, is, err) : rc;
}

static void
read_named(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_resource *resource = object;
	resource->num = row[0].number;
	resource->version = row[1].number;
	resource->id = au_arena_strdup(arena, row[2].text);
}

int
au_store_resource_named(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *type,
    const char *name_fold, struct au_resource *ret, struct au_err *err)
{
	*ret = (struct au_resource){ .client = client, .type = type, .name_fold = name_fold };
	return au_tx_one(tx, arena, AU_QUERY(RESOURCE_NAMED, au_text(client), au_text(type), au_text(name_fold)),
	    read_named, ret, type, name_fold, err);
}

int
au_store_resource_delete(
    struct au_store_tx *tx, const char *client, const char *type, const char *id, struct au_err *err)
{
	struct au_resource was;
	int rc = au_store_resource_head(tx, au_tx_scratch(tx), client, type, id, &was, err);
	if (rc < 0)
		return rc;
	au_stamps_move(tx->stamps, AU_STAMP_ID, client, type, id);
	move_keys(tx, client, type, was.name_fold, was.external_id);
	rc = au_tx_run(tx, AU_QUERY(RESOURCE_MARK, au_number(was.num)), NULL, err);
	if (rc == 0)
		rc = au_tx_run(tx, AU_QUERY(RESOURCE_DELETE, au_number(was.num)), NULL, err);
	if (rc == 0)
		rc = au_run_columns(tx, &was, NULL, err);
	return rc < 0 ? rc : count_resources(tx, client, type, was.num, -1, err);
}

int
au_store_resource_get(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *type,
    const char *id, struct au_resource *ret, struct au_err *err)
{
	int rc = au_tx_one(tx, arena, AU_QUERY(RESOURCE_GET, au_text(client), au_text(type), au_text(id)), read_found,
	    ret, type, id, err);
	if (rc == 0)
		own(ret, arena, client, type);
	return rc;
}

int
au_store_resource_at(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *type,
    long long num, struct au_resource *ret, struct au_err *err)
{
	char name[32];
	snprintf(name, sizeof name, "number %lld", num);
	int rc = au_tx_one(tx, arena, AU_QUERY(RESOURCE_AT, au_text(client), au_text(type), au_number(num)), read_found,
	    ret, type, name, err);
	if (rc == 0)
		own(ret, arena, client, type);
	return rc;
}

int
au_store_resource_find(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *type,
    const char *name_fold, struct au_resource **ret, size_t *ret_count, struct au_err *err)
{
	struct au_resource *found = au_arena_alloc(arena, sizeof(*found));
	int rc = au_tx_first(tx, arena, AU_QUERY(RESOURCE_BY_NAME, au_text(client), au_text(type), au_text(name_fold)),
	    read_found, found, err);
	if (rc < 0)
		return rc;
	if (rc == 1)
		own(found, arena, client, type);
	*ret = found;
	*ret_count = (size_t)rc;
	return 0;
}

struct scan {
	const char *client, *type;
	au_resource_visit *visit;
	void *ctx;
};

/* One arena per resource: a scan of any length needs the memory of one. */
static int
visit_row(const struct au_value *row, void *ctx, struct au_err *err)
{
	struct scan *scan = ctx;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_resource resource;
	read_found(row, arena, &resource);
	resource.client = scan->client;
	resource.type = scan->type;
	return scan->visit(scan->ctx, &resource, err);
}

/* Where the rows to be skipped end: the block that holds the first one wanted, and how many to skip within it. */
struct start {
	long long skip, num;
};

static int
pass_block(const struct au_value *row, void *ctx, struct au_err *err)
{
	struct start *start = ctx;
	(void)err;
	start->num = row[0].number * AU_RESOURCE_BLOCK;
	if (start->skip < row[1].number)
		return 1;
	start->skip -= row[1].number;
	start->num += AU_RESOURCE_BLOCK;
	return 0;
}

int
au_store_resource_scan(struct au_store_tx *tx, const char *client, const char *type, long long skip, long long limit,
    au_resource_visit *visit, void *ctx, struct au_err *err)
{
	struct scan scan = { client, type, visit, ctx };
	struct start start = { .skip = skip };
	int rc = 0;
	if (skip > 0)
		rc = au_tx_each(tx, AU_QUERY(RESOURCE_BLOCKS, au_text(client), au_text(type)), pass_block, &start, err);
	if (rc < 0)
		return rc;
	return au_tx_each(tx,
	    AU_QUERY(RESOURCE_SCAN, au_text(client), au_text(type), au_number(start.num),
		au_number(limit > 0 ? limit : -1), au_number(start.skip)),
	    visit_row, &scan, err);
}

int
au_store_resource_walk(struct au_store_tx *tx, const char *client, const char *type, long long after,
    au_resource_visit *visit, void *ctx, struct au_err *err)
{
	struct scan scan = { client, type, visit, ctx };
	return au_tx_each(tx,
	    AU_QUERY(RESOURCE_SCAN, au_text(client), au_text(type), au_number(after + 1), au_number(-1), au_number(0)),
	    visit_row, &scan, err);
}

int
au_store_resource_walk_back(struct au_store_tx *tx, const char *client, const char *type, long long before,
    au_resource_visit *visit, void *ctx, struct au_err *err)
{
	struct scan scan = { client, type, visit, ctx };
	return au_tx_each(tx, AU_QUERY(RESOURCE_SCAN_BACK, au_text(client), au_text(type), au_number(before)),
	    visit_row, &scan, err);
}

int
au_store_resource_batch(struct au_store_tx *tx, struct au_arena *arena, const char *type, long long after,
    long long limit, struct au_resource **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(RESOURCE_FROM, au_number(after), au_text(type), au_number(limit)),
	    read_resource, sizeof(**ret), ret, ret_count, err);
}

int
au_store_resource_total(struct au_store_tx *tx, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(RESOURCE_TOTAL), ret, err);
}

int
au_store_resource_count(
    struct au_store_tx *tx, const char *client, const char *type, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(RESOURCE_COUNT, au_text(client), au_text(type)), ret, err);
}
