/* SPDX-License-Identifier: ISC */
/*
 * Pages are counted by rows, not by what was asked for: the server may give
 * fewer than page_length at a time.
 */
#include "automation-anywhere/listing.h"

/* Where a walk stands. */
struct walk {
	long long offset, total, last_id;
	bool moved;
};

static json_t *
question(const struct au_session *session, const struct aa_listing *listing, long long offset)
{
	json_t *body = json_pack("{s:[], s:[{s:s, s:s}], s:{s:I, s:I}}", "fields", "sort", "field", "id", "direction",
	    "asc", "page", "offset", (json_int_t)offset, "length", (json_int_t)session->page_length);

	if (listing->filter != NULL)
		json_object_set(body, "filter", (json_t *)(uintptr_t)listing->filter);
	return body;
}

static int
fail_shape(const struct aa_listing *listing, const char *what, struct au_err *err)
{
	return au_fail(err, AU_EPROTO, "POST %s: answer without %s", listing->path, what);
}

static int
take_rows(const struct aa_listing *listing, const json_t *rows, struct walk *walk, struct au_err *err)
{
	const json_t *row;
	size_t i;
	int r;

	json_array_foreach (rows, i, row) {
		const json_t *id = json_object_get(row, "id");

		if (!json_is_integer(id))
			return fail_shape(listing, "ids", err);
		if (json_integer_value(id) <= walk->last_id) {
			walk->moved = true;
			return 0;
		}
		walk->last_id = json_integer_value(id);
		if ((r = listing->take(listing->ctx, row, err)) != 0)
			return r;
	}
	walk->offset += (long long)json_array_size(rows);
	return 0;
}

static int
take_page(const struct aa_listing *listing, const json_t *answer, struct walk *walk, struct au_err *err)
{
	const json_t *total = json_object_get(json_object_get(answer, "page"), "totalFilter");
	const json_t *rows = json_object_get(answer, "list");

	if (!json_is_integer(total))
		return fail_shape(listing, "'page.totalFilter'", err);
	if (!json_is_array(rows))
		return fail_shape(listing, "'list'", err);
	if (walk->offset > 0 && json_integer_value(total) != walk->total)
		walk->moved = true;
	walk->total = json_integer_value(total);
	if (json_array_size(rows) == 0 && walk->offset < walk->total)
		walk->moved = true;
	return walk->moved ? 0 : take_rows(listing, rows, walk, err);
}

static int
walk_once(struct au_session *session, const struct aa_listing *listing, bool *ret_moved, struct au_err *err)
{
	struct walk walk = { .last_id = -1 };
	int r;

	do {
		AU_CLEANUP(au_json_decrefp) json_t *body = question(session, listing, walk.offset);
		struct aa_call call = {
			.method = "POST", .path = listing->path, .body = body, .permission = listing->permission
		};
		struct au_http_answer answer = { 0 };

		if ((r = aa_session_call(session, &call, &answer, err)) != 0)
			return r;
		r = take_page(listing, answer.json, &walk, err);
		au_http_answer_done(&answer);
	} while (r == 0 && !walk.moved && walk.offset < walk.total);
	*ret_moved = walk.moved;
	return r;
}

int
aa_listing_walk(struct au_session *session, const struct aa_listing *listing, struct au_err *err)
{
	bool moved;

	for (int tries = 0; tries < 2; tries++) {
		int r = walk_once(session, listing, &moved, err);

		if (r != 0 || !moved)
			return r;
		if (listing->restart != NULL)
			listing->restart(listing->ctx);
	}
	return au_fail(err, AU_ETEMP, "POST %s: the list moved twice while it was read", listing->path);
}
