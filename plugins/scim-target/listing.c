/* SPDX-License-Identifier: ISC */
/*
 * A short list that passes for a whole one takes accounts away from people, and services are known to count only the
 * page that they give, to ignore where a page shall begin, and to lose resources between pages.  So ids are remembered,
 * the number is compared, and, where everything was asked for, a look is taken behind the end.
 */
#include "scim-target/listing.h"

#include "base/map.h"
#include "base/str.h"
#include "scim-target/query.h"

#include <limits.h>
#include <string.h>

enum state { GOES_ON, AT_END, HAS_MOVED };

struct walk {
	struct au_session *session;
	const struct sc_listing *listing;
	struct au_map *seen; /* ids */
	long long total;     /* as the first page said; -1: by cursor it need not */
	long long pages;
	char *cursor; /* NULL before the first page, and by index */
	enum state state;
	struct au_err *err;
};

static int
mistrust(const struct walk *walk, const char *what)
{
	return au_fail(walk->err, AU_EPROTO, "GET %s: the list cannot be believed: %s", walk->listing->endpoint, what);
}

/* ---- one page --------------------------------------------------------------------------- */

static long long
page_length(const struct au_session *session)
{
	long long most = session->service.page_most;

	return most > 0 && most < session->page_length ? most : session->page_length;
}

static char *
page_path(const struct walk *walk, bool by_cursor)
{
	struct au_str path = AU_STR_INIT;

	au_str_put(&path, walk->listing->endpoint);
	if (by_cursor)
		sc_query_put(&path, "?cursor=", walk->cursor != NULL ? walk->cursor : "");
	else
		au_str_printf(&path, "?startIndex=%zu", au_map_count(walk->seen) + 1);
	au_str_printf(&path, "&count=%lld", page_length(walk->session));
	if (walk->listing->filter != NULL)
		sc_query_put(&path, "&filter=", walk->listing->filter);
	return au_str_take(&path);
}

static int
ask(struct walk *walk, const char *path, struct au_http_answer *ret)
{
	struct sc_call call = { .method = "GET", .path = path };
	int r = sc_call(walk->session, &call, ret, walk->err);

	if (r == 0 && !json_is_object(ret->json)) {
		au_http_answer_done(ret);
		return mistrust(walk, "the answer is no list");
	}
	return r;
}

/* NULL, which counts as an empty array: RFC 7644 section 3.4.2 lets it be left out when there are none. */
static int
rows_of(const struct walk *walk, const json_t *page, const json_t **ret)
{
	const json_t *rows = json_object_get(page, "Resources");

	if (rows != NULL && !json_is_null(rows) && !json_is_array(rows))
		return mistrust(walk, "'Resources' is no array");
	*ret = json_is_array(rows) ? rows : NULL;
	return 0;
}

static int
take_rows(struct walk *walk, const json_t *rows)
{
	const json_t *row;
	size_t i;
	int r;

	json_array_foreach ((json_t *)(uintptr_t)rows, i, row) {
		const char *id = au_json_get_str(row, "id");

		if (au_str_empty(id))
			return mistrust(walk, "a resource has no id");
		if (au_map_has(walk->seen, id)) {
			walk->state = HAS_MOVED;
			return 0;
		}
		if ((long long)au_map_count(walk->seen) >= walk->session->max_resources)
			return au_fail(walk->err, AU_ELIMIT, "GET %s: more than %lld resources (option max_resources)",
			    walk->listing->endpoint, walk->session->max_resources);
		au_map_put(walk->seen, id, walk);
		if ((r = walk->listing->take(walk->listing->ctx, row, walk->err)) != 0)
			return r;
	}
	return 0;
}

/* The number of all, which must stay what it was. */
static int
take_total(struct walk *walk, const json_t *page, bool needed)
{
	const json_t *total = json_object_get(page, "totalResults");

	if (total == NULL && !needed)
		return 0;
	if (!json_is_integer(total) || json_integer_value(total) < 0)
		return mistrust(walk, "'totalResults' is no number");
	if (walk->total >= 0 && json_integer_value(total) != walk->total)
		walk->state = HAS_MOVED;
	walk->total = json_integer_value(total);
	return 0;
}

/* ---- by index ------------------------------------------------------------------------------ */

static int
take_index_page(struct walk *walk, const json_t *page)
{
	const json_t *start = json_object_get(page, "startIndex");
	size_t before = au_map_count(walk->seen);
	const json_t *rows;
	int r;

	if ((r = rows_of(walk, page, &rows)) != 0 || (r = take_total(walk, page, true)) != 0)
		return r;
	if (json_is_integer(start) && json_array_size(rows) > 0 && json_integer_value(start) != (json_int_t)before + 1)
		return mistrust(walk, "a page begins elsewhere than it was asked to");
	if (walk->state != HAS_MOVED)
		r = take_rows(walk, rows);
	if (r != 0 || walk->state == HAS_MOVED)
		return r;
	if ((long long)au_map_count(walk->seen) > walk->total)
		return mistrust(walk, "it holds more than it counts");
	if ((long long)au_map_count(walk->seen) == walk->total)
		walk->state = AT_END;
	else if (json_array_size(rows) == 0)
		walk->state = HAS_MOVED;
	return 0;
}

/*
 * Behind the end there is nothing; or, where pages are not heard of, what came before.  A service that refuses the
 * question has not contradicted itself.
 */
static int
look_behind(struct walk *walk)
{
	AU_CLEANUP(au_freep) char *path = page_path(walk, false);
	struct au_http_answer answer = { 0 };
	const json_t *rows = NULL, *row;
	size_t i;
	int r = ask(walk, path, &answer);

	if (r == AU_EINVAL || r == AU_EPROTO)
		return 0;
	if (r != 0)
		return r;
	r = rows_of(walk, answer.json, &rows);
	json_array_foreach ((json_t *)(uintptr_t)rows, i, row) {
		const char *id = au_json_get_str(row, "id");

		if (r == 0 && (id == NULL || !au_map_has(walk->seen, id)))
			r = mistrust(walk, "it goes on behind its end");
	}
	au_http_answer_done(&answer);
	return r;
}

static int
walk_index(struct walk *walk)
{
	int r;

	do {
		AU_CLEANUP(au_freep) char *path = page_path(walk, false);
		struct au_http_answer answer = { 0 };

		if ((r = ask(walk, path, &answer)) != 0)
			return r;
		r = take_index_page(walk, answer.json);
		au_http_answer_done(&answer);
	} while (r == 0 && walk->state == GOES_ON);
	if (r == 0 && walk->state == AT_END && walk->listing->filter == NULL && walk->total > 0)
		r = look_behind(walk);
	return r;
}

/* ---- by cursor ------------------------------------------------------------------------------- */

static int
take_cursor(struct walk *walk, const json_t *page)
{
	const char *next = au_json_get_str(page, "nextCursor");

	if (au_str_empty(next)) {
		if (walk->total >= 0 && (long long)au_map_count(walk->seen) != walk->total)
			walk->state = HAS_MOVED;
		else
			walk->state = AT_END;
		return 0;
	}
	if (au_streq(next, walk->cursor))
		return mistrust(walk, "a cursor leads to itself");
	free(walk->cursor);
	walk->cursor = au_xstrdup(next);
	return 0;
}

static int
take_cursor_page(struct walk *walk, const json_t *page)
{
	const json_t *rows;
	int r;

	if ((r = rows_of(walk, page, &rows)) != 0 || (r = take_total(walk, page, false)) != 0)
		return r;
	/* pages may be empty before the end, but not for ever */
	if (++walk->pages > walk->session->max_resources)
		return mistrust(walk, "it does not end");
	if (walk->state != HAS_MOVED)
		r = take_rows(walk, rows);
	return r == 0 && walk->state != HAS_MOVED ? take_cursor(walk, page) : r;
}

static int
walk_cursor(struct walk *walk)
{
	int r;

	do {
		AU_CLEANUP(au_freep) char *path = page_path(walk, true);
		struct au_http_answer answer = { 0 };

		r = ask(walk, path, &answer);
		/* the service forgot it (RFC 9865 section 2.1): from the start */
		if (r == AU_EINVAL && walk->cursor != NULL)
			walk->state = HAS_MOVED;
		if (r != 0)
			return walk->state == HAS_MOVED ? 0 : r;
		r = take_cursor_page(walk, answer.json);
		au_http_answer_done(&answer);
	} while (r == 0 && walk->state == GOES_ON);
	return r;
}

/* ---- the walk ---------------------------------------------------------------------------------- */

static bool
is_by_cursor(const struct au_session *session)
{
	if (session->paging == SC_PAGING_AUTO)
		return session->service.cursor;
	return session->paging == SC_PAGING_CURSOR;
}

int
sc_listing_walk(struct au_session *session, const struct sc_listing *listing, struct au_err *err)
{
	for (int tries = 0; tries < 2; tries++) {
		struct walk walk = {
			.session = session, .listing = listing, .seen = au_map_new(), .total = -1, .err = err
		};
		int r = is_by_cursor(session) ? walk_cursor(&walk) : walk_index(&walk);

		au_map_free(walk.seen, NULL);
		free(walk.cursor);
		if (r != 0 || walk.state == AT_END)
			return r;
		if (listing->restart != NULL)
			listing->restart(listing->ctx);
	}
	return au_fail(
	    err, AU_ETEMP, "GET %s: the list moved twice while it was read, or repeats itself", listing->endpoint);
}
