/* SPDX-License-Identifier: ISC */
/* Users by way of the store's own calls, some thousand to a commit. */
#include "tests/bench/floor_server.h"
#include "tests/bench/measure.h"
#include "tests/bench/our_server.h"

#include "base/json.h"
#include "base/rand.h"
#include "base/text.h"
#include "scim/index.h"
#include "scim/index_rows.h"
#include "store/resource.h"

#include <stdio.h>

#define BATCH 5000

struct batch {
	size_t from, to;
};

/* What the document of a floor has that a stored one has not. */
static json_t *
document(size_t number)
{
	char text[4096];
	json_t *doc;

	floor_document(number, text, sizeof(text));
	doc = json_loads(text, 0, NULL);
	json_object_del(doc, "meta");
	return doc;
}

static int
put_user(struct au_store_tx *tx, size_t number, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *doc = document(number);
	AU_CLEANUP(au_freep) char *text = au_json_text(doc);
	struct au_resource resource = { .id = au_json_get_str(doc, "id"),
		.client = OUR_CLIENT,
		.type = au_type_user.name,
		.name_fold = au_text_fold(arena, au_json_get_str(doc, "userName")),
		.external_id = au_json_get_str(doc, "externalId"),
		.doc = text,
		.version = 1,
		.created_ms = 1767225600000 + (long long)number,
		.modified_ms = 1767225600000 + (long long)number };
	int rc = au_store_resource_insert(tx, &resource, err);

	return rc == 0 ? au_index_put(tx, arena, &au_type_user, &resource, NULL, doc, err) : rc;
}

static int
put_batch(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct batch *batch = arg;
	int rc = 0;

	for (size_t i = batch->from; rc == 0 && i < batch->to; i++)
		rc = put_user(tx, i, err);
	return rc;
}

/* ---- and what was put is all of it ---- */

struct marking {
	struct au_store_tx *tx;
	struct au_err *err;
	int rc;
};

static void
mark_path(void *ctx, const struct au_resource_type *type, const struct au_attr_path *path)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct marking *marking = ctx;
	struct au_index_mark mark = { type->name, au_index_name(arena, path), AU_INDEX_WHOLE };

	if (marking->rc == 0)
		marking->rc = au_store_index_mark(marking->tx, &mark, marking->err);
}

static int
mark_all(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct marking marking = { tx, err, 0 };

	(void)arg;
	au_index_each(&au_type_user, mark_path, &marking);
	return marking.rc;
}

void
our_fill(const char *folder, size_t users)
{
	static const unsigned char key[32] = { 1 };
	struct au_store_config config = { .backend = "sqlite", .path = folder, .audit_key = key };
	struct au_store *store = NULL;
	struct au_err err = { 0 };
	int rc;

	au_rand_init();
	rc = au_store_open(NULL, &config, &store, &err);
	for (size_t i = 0; rc == 0 && i < users; i += BATCH) {
		struct batch batch = { i, i + BATCH < users ? i + BATCH : users };

		rc = au_store_run(store, put_batch, &batch, &err);
	}
	if (rc == 0)
		rc = au_store_run(store, mark_all, NULL, &err);
	if (rc < 0) {
		fprintf(stderr, "benchmark: filling: %s\n", err.text);
		exit(1);
	}
	au_store_close(store);
}
