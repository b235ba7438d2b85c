/* SPDX-License-Identifier: ISC */
/*
 * Any sequence of requests leaves the endpoint as the model says: outcomes, versions, uniqueness, members on both
 * sides, and at the end a store whose indexes, totals and references agree.  Two clients take turns, so that each would
 * notice the other.  MODEL_SEED and MODEL_STEPS choose another or a longer sequence.
 */
#include "tests/scim/model.h"
#include "tests/scim/serve.h"

#include <sqlite3.h>

#define STEPS 2500
#define CHECK_EVERY 100
#define BULK_MOST 8

struct world {
	struct serve *s;
	const char *client;
	struct model model;
};

static unsigned first_seed;
static unsigned done; /* steps */

/* ---- saying what went wrong ---- */

static void
blame(const struct world *w, const struct step *step, const struct answer *answer, const char *what)
{
	fail_msg("MODEL_SEED=%u, step %u, %s: %s %s %s: %s, expected %d, version %lld: %d %s", first_seed, done,
	    w->client, step->method, step->path, step->body != NULL ? step->body : "", what, step->status,
	    step->version, answer->status, answer->text);
}

/* ---- single requests ---- */

static void
adopt(struct thing *thing, const char *id)
{
	snprintf(thing->ref, sizeof thing->ref, "%s", id);
}

static void
request(struct world *w, unsigned *seed)
{
	struct serve *s = w->s;
	struct step step = model_step(&w->model, s->arena, seed, "new");
	const char *fields =
	    step.condition != NULL ? au_arena_printf(s->arena, "If-Match: %s\r\n", step.condition) : "";
	struct answer answer = ask_with(s, w->client, fields, step.method, step.path, step.body);
	const char *etag = field_of(s, &answer, "ETag");

	done++;
	if (answer.status != step.status)
		blame(w, &step, &answer, "status");
	if (step.version > 0 &&
	    (etag == NULL || strcmp(etag, au_arena_printf(s->arena, "W/\"%lld\"", step.version)) != 0))
		blame(w, &step, &answer, "version");
	if (step.status == 201)
		adopt(&w->model.things[step.thing], text_of(&answer, "id"));
}

/* ---- Bulk ---- */

static void
put_operation(struct world *w, struct au_str *out, const struct step *step, unsigned number)
{
	(void)w;
	au_str_printf(out, "%s{'method':'%s','path':'%s'", number > 0 ? "," : "", step->method, step->path);
	if (strcmp(step->method, "POST") == 0)
		au_str_printf(out, ",'bulkId':'b%u'", number);
	if (step->condition != NULL)
		au_str_printf(out, ",'version':'W/\\'%s\\''",
		    au_arena_strndup(w->s->arena, step->condition + 3, strlen(step->condition) - 4));
	if (step->body != NULL)
		au_str_printf(out, ",'data':%s", step->body);
	au_str_putc(out, '}');
}

/* Things that were made know their ids from now on. */
static void
learn(struct world *w, const struct step *steps, unsigned count, const json_t *operations)
{
	for (unsigned i = 0; i < count; i++) {
		const char *location = au_json_get_str(json_array_get(operations, i), "location");
		const char *ref = au_arena_printf(w->s->arena, "bulkId:b%u", i);

		for (int k = 0; steps[i].status == 201 && k < MODEL_MOST; k++)
			if (strcmp(w->model.things[k].ref, ref) == 0)
				adopt(&w->model.things[k], strrchr(location, '/') + 1);
	}
}

static void
compare_operation(struct world *w, const struct step *step, const json_t *operation, const struct answer *answer)
{
	const char *status = au_json_get_str(operation, "status"), *version = au_json_get_str(operation, "version");

	if (status == NULL || atoi(status) != step->status)
		blame(w, step, answer, "status");
	if (step->version > 0 &&
	    (version == NULL || strcmp(version, au_arena_printf(w->s->arena, "W/\"%lld\"", step->version)) != 0))
		blame(w, step, answer, "version");
}

/* What a failing operation would have made is not to be referred to: it would fail those that do. */
static void
bulk(struct world *w, unsigned *seed)
{
	AU_CLEANUP(au_str_done) struct au_str body = AU_STR_INIT;
	struct step steps[BULK_MOST];
	unsigned count = 1 + roll(seed, BULK_MOST), errors = 0, most = roll(seed, 3) == 0 ? 1 + roll(seed, 2) : 1000;
	unsigned expected = 0;
	struct answer answer;
	const json_t *operations;

	au_str_printf(&body, "{'failOnErrors':%u,'Operations':[", most);
	for (unsigned i = 0; i < count; i++) {
		struct model before = w->model;

		steps[i] = model_step(&w->model, w->s->arena, seed, au_arena_printf(w->s->arena, "bulkId:b%u", i));
		put_operation(w, &body, &steps[i], i);
		if (errors >= most) {
			w->model = before;
			continue;
		}
		errors += steps[i].status >= 300;
		expected++;
	}
	au_str_put(&body, "]}");
	answer = ask(w->s, w->client, "POST", "/Bulk", au_str_get(&body));
	done += count;
	operations = json_object_get(answer.body, "Operations");
	if (answer.status != 200 || json_array_size(operations) != expected)
		fail_msg("MODEL_SEED=%u, step %u: %s: %u results expected: %d %s", first_seed, done, au_str_get(&body),
		    expected, answer.status, answer.text);
	for (unsigned i = 0; i < expected; i++)
		compare_operation(w, &steps[i], json_array_get(operations, i), &answer);
	learn(w, steps, expected, operations);
}

/* ---- comparing everything ---- */

/* type NULL: any */
static bool
lists(const json_t *array, const char *id, const char *type)
{
	const json_t *element;
	size_t i;

	json_array_foreach ((json_t *)array, i, element)
		if (au_streq(au_json_get_str(element, "value"), id))
			return type == NULL || au_streq(au_json_get_str(element, "type"), type);
	return false;
}

static bool
same_members(const struct model *m, const json_t *list, int at)
{
	size_t count = 0;

	for (int i = 0; i < MODEL_MOST; i++) {
		if (m->things[i].kind == NO_THING || !m->things[at].has[i])
			continue;
		count++;
		if (!lists(list, m->things[i].ref, NULL))
			return false;
	}
	return json_array_size(list) == count;
}

/* Groups that hold a thing, directly or through others: as many rounds as it can take. */
static void
find_holders(const struct model *m, int at, bool holds[MODEL_MOST])
{
	for (int round = 0; round < MODEL_MOST; round++)
		for (int i = 0; i < MODEL_MOST; i++) {
			holds[i] = holds[i] || (m->things[i].kind == A_GROUP && m->things[i].has[at]);
			for (int k = 0; k < MODEL_MOST; k++)
				holds[i] =
				    holds[i] || (m->things[i].kind == A_GROUP && holds[k] && m->things[i].has[k]);
		}
}

static bool
same_groups(const struct model *m, const json_t *list, int at)
{
	bool holds[MODEL_MOST] = { false };
	size_t count = 0;

	find_holders(m, at, holds);
	for (int i = 0; i < MODEL_MOST; i++) {
		if (!holds[i])
			continue;
		count++;
		if (!lists(list, m->things[i].ref, m->things[i].has[at] ? "direct" : "indirect"))
			return false;
	}
	return json_array_size(list) == count;
}

static bool
same_text(const json_t *body, const char *name, const char *want)
{
	const char *have = au_json_get_str(body, name);

	return want[0] == '\0' ? have == NULL : au_streq(have, want);
}

static void
compare_thing(struct world *w, int at)
{
	const struct thing *thing = &w->model.things[at];
	struct step step = { .method = "GET",
		.path = path_of(w->s, model_endpoint(thing->kind), thing->ref),
		.status = 200,
		.version = thing->version };
	struct answer answer = ask(w->s, w->client, step.method, step.path, NULL);
	const json_t *meta = json_object_get(answer.body, "meta");
	const char *name = thing->kind == A_USER ? "userName" : "displayName";

	if (answer.status != 200 || !same_text(answer.body, name, thing->name) ||
	    !same_text(meta, "version", au_arena_printf(w->s->arena, "W/\"%lld\"", thing->version)))
		blame(w, &step, &answer, "resource");
	if (thing->kind == A_GROUP && !same_members(&w->model, json_object_get(answer.body, "members"), at))
		blame(w, &step, &answer, "members");
	if (thing->kind == A_USER &&
	    (!same_text(answer.body, "title", thing->title) || !same_text(answer.body, "externalId", thing->external) ||
		json_is_true(json_object_get(answer.body, "active")) != thing->active ||
		!same_groups(&w->model, json_object_get(answer.body, "groups"), at)))
		blame(w, &step, &answer, "user");
}

static void
compare_total(struct world *w, const char *path, int want)
{
	struct step step = { .method = "GET", .path = path, .status = 200 };
	struct answer answer = ask(w->s, w->client, "GET", path, NULL);

	if (answer.status != 200 || au_json_get_int(answer.body, "totalResults") != want)
		blame(w, &step, &answer, au_arena_printf(w->s->arena, "total %d", want));
}

/* By the indexes: names in the other case, external ids. */
static void
compare_filters(struct world *w)
{
	for (int n = 0; n < 4; n++) {
		const char *name = au_arena_printf(w->s->arena, "NX%d", n);
		int with_external = 0;

		for (int i = 0; i < MODEL_MOST; i++)
			with_external += w->model.things[i].kind == A_USER && w->model.things[i].external[0] != '\0' &&
					 w->model.things[i].external[1] == '0' + n;
		compare_total(w, au_arena_printf(w->s->arena, "/Users?filter=userName+eq+%%22%s%%22", name),
		    model_find(&w->model, A_USER, name) >= 0);
		compare_total(
		    w, au_arena_printf(w->s->arena, "/Users?filter=externalId+eq+%%22t%d%%22", n), with_external);
	}
}

static void
compare_all(struct world *w)
{
	for (int i = 0; i < MODEL_MOST; i++)
		if (w->model.things[i].kind != NO_THING)
			compare_thing(w, i);
	compare_total(w, "/Users", model_count(&w->model, A_USER));
	compare_total(w, "/Groups", model_count(&w->model, A_GROUP));
	compare_total(w, "/", model_count(&w->model, A_USER) + model_count(&w->model, A_GROUP));
	compare_filters(w);
}

/* ---- the store ---- */

/* Each counts rows that contradict others. */
static const char *const contradictions[] = {
	"SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
	"SELECT count(*) FROM pragma_foreign_key_check",
	"SELECT count(*) FROM resource_total t WHERE total <>"
	" (SELECT count(*) FROM resource r WHERE r.client = t.client AND r.type = t.type)",
	"SELECT count(*) FROM resource_block b WHERE total <> (SELECT count(*) FROM resource r"
	" WHERE r.client = b.client AND r.type = b.type AND r.num / 1024 = b.block)",
	"SELECT count(*) FROM resource r LEFT JOIN entry e ON e.source = r.client AND e.id = r.id"
	" WHERE e.num IS NULL OR e.kind <> iif(r.type = 'Group', 2, 1) OR e.external_id IS NOT r.external_id",
	"SELECT count(*) FROM entry e LEFT JOIN resource r ON r.client = e.source AND r.id = e.id WHERE r.num IS NULL",
	"SELECT count(*) FROM resource WHERE json_extract(doc, '$.id') <> id"
	" OR json_extract(doc, '$.externalId') IS NOT external_id"
	" OR lower(coalesce(json_extract(doc, '$.userName'), json_extract(doc, '$.displayName'))) <> name_fold",
	"SELECT count(*) FROM member m LEFT JOIN entry e ON e.source = m.source AND e.id = m.ref"
	" JOIN entry g ON g.num = m.group_num WHERE e.num IS NULL OR g.kind <> 2 OR g.source <> m.source",
	"SELECT count(*) FROM entry e WHERE e.members <> (SELECT count(*) FROM member m WHERE m.group_num = e.num)"
	" OR e.known_members <> e.members",
};

static void
count_contradictions(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	for (size_t i = 0; i < AU_COUNT(contradictions); i++) {
		sqlite3_stmt *statement;

		if (sqlite3_prepare_v2(db, contradictions[i], -1, &statement, NULL) != SQLITE_OK)
			fail_msg("%s: %s", contradictions[i], sqlite3_errmsg(db));
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		if (sqlite3_column_int(statement, 0) != 0)
			fail_msg(
			    "MODEL_SEED=%u: %s: %d", first_seed, contradictions[i], sqlite3_column_int(statement, 0));
		sqlite3_finalize(statement);
	}
	sqlite3_close(db);
}

/* ---- the test ---- */

static unsigned
number_from(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text != NULL ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static void
any_sequence_leaves_what_the_model_says(void **state)
{
	struct serve *s = *state;
	struct world worlds[] = { { .s = s, .client = "okta" }, { .s = s, .client = "entra" } };
	unsigned seed = number_from("MODEL_SEED", 20261128), steps = number_from("MODEL_STEPS", STEPS), checked = 0;

	first_seed = seed;
	for (done = 0; done < steps;) {
		struct world *w = &worlds[roll(&seed, AU_COUNT(worlds))];

		if (roll(&seed, 4) == 0)
			bulk(w, &seed);
		else
			request(w, &seed);
		for (; checked + CHECK_EVERY <= done; checked += CHECK_EVERY)
			compare_all(w);
	}
	for (size_t i = 0; i < AU_COUNT(worlds); i++)
		compare_all(&worlds[i]);
	count_contradictions(au_arena_printf(s->arena, "%s/store/apiuserd.db", s->folder));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(any_sequence_leaves_what_the_model_says, serve_start, serve_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
