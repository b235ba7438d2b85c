/* SPDX-License-Identifier: ISC */
/* While all of a search is read, what is held is known in memory; nothing may tell the difference. */
#include "tests/unit.h"

#include "tests/source/stage.h"

#include <string.h>

#define PEOPLE AU_SEARCH_PEOPLE

static void
push(struct stage *stage, const char *cookie, const char *changes)
{
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_NONE, cookie, changes), 0);
}

static void
begin(struct stage *stage, enum au_reading reading)
{
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_BEGIN, reading, NULL, NULL), 0);
}

static void
push_named_as_gone(struct stage *stage, const char *id)
{
	AU_CLEANUP(au_freep) char *change = au_xasprintf("[{'op':'delete','ids':['%s']}]", id);

	push(stage, "second", change);
}

/* While everything is compared, the store is not asked about each entry; what changes meanwhile is known all the same.
 */
static void
compare_knows_what_was_pushed_meanwhile(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, AU_READING_COMPARE);
	push_named_as_gone(stage, "j");
	push(stage, "third", "[" PERSON_NAMED("i", "uid=i2") "]");
	/* The page was read before; j came back, and i was named as it had been. */
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_COMPARE, NULL, TEN), 0);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_COMPARE, NULL, NULL), 0);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_missing(stage), "");
	/* Nobody has told of it yet, nor has a second look confirmed it. */
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=third groups=first");
}

/* What a round wrote and the store did not keep is not taken for written by the next. */
static void
round_that_fails_is_not_remembered(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, AU_READING_WHOLE);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_NONE, NULL,
			     "[" PERSON_NAMED("a", "uid=a2") "," PERSON("k") ",{'op':'put','dn_norm':'x'}]"),
	    AU_EPROTO);
	stage_restart(stage);
	begin(stage, AU_READING_WHOLE);
	push(stage, NULL, "[" PERSON_NAMED("a", "uid=a2") "," TEN_BUT_A "," PERSON("k") "]");
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_NONE, "next", NULL), 0);
	assert_string_equal(stage_facts(stage),
	    "a:uid=a2 b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j k:uid=k | g(a,b,c)");
}

/* Servers that name what is still there name all of it; enough of them, and the store is not asked for each. */
static void
ids_that_are_present_are_known_the_same_way(void **state)
{
	enum { REPEATS = 5000 };
	struct stage *stage = *state;
	struct au_str many = AU_STR_INIT;

	stage->trust.held_memory = 0;
	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, AU_READING_RESUME);
	push(stage, NULL, "[" PERSON_NAMED("a", "uid=a2") "]");
	au_str_put(&many, "[{'op':'present','ids':[");
	for (int i = 0; i < REPEATS; i++)
		au_str_printf(&many, "%s'%c'", i > 0 ? "," : "", "bcdefhi"[i % 7]);
	au_str_put(&many, ",'g1']}]");
	push(stage, NULL, au_str_get(&many));
	assert_non_null(stage->seen[PEOPLE]);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_NONE, "second", NULL), 0);
	assert_null(stage->seen[PEOPLE]);
	assert_string_equal(stage_missing(stage), "j");
	assert_string_equal(stage_facts(stage),
	    "a:uid=a2 b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j | g(a,b,c)");
	au_str_done(&many);
}

/* ---- between two readings ---- */

static int
remove_j(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_entry_remove(tx, "s", "j", NULL, err);
}

static void
table_rests_only_where_there_is_room(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	assert_non_null(stage->seen[PEOPLE]);
	stage->trust.held_memory = 100;
	stage_read_whole(stage, PEOPLE, TEN);
	assert_null(stage->seen[PEOPLE]);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
}

/* What is known in memory is not what is compared with. */
static void
compare_reads_the_store(void **state)
{
	struct stage *stage = *state;
	struct au_seen *resting;

	stage_import(stage, TEN, ONE_GROUP);
	resting = stage->seen[PEOPLE];
	begin(stage, AU_READING_WHOLE);
	assert_ptr_equal(stage->seen[PEOPLE], resting);
	push(stage, NULL, TEN);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_NONE, "second", NULL), 0);
	/* Taken away behind the daemon's back. */
	assert_int_equal(au_store_run(stage->store, remove_j, NULL, NULL), 0);
	begin(stage, AU_READING_COMPARE);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_COMPARE, NULL, TEN), 0);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_COMPARE, NULL, NULL), 0);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
}

static void
who_became_a_group_is_no_person_any_more(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_push(stage, AU_SEARCH_GROUPS, "second", "[" GROUP("j") "]");
	/* And is one again, told as before. */
	stage_read_whole(stage, PEOPLE, TEN);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
}

static const char *const ids[] = { "a", "b", "c", "d", "e", "f", "g1", "h" };

/* DNs of those who are there. */
struct model {
	const char *dns[AU_COUNT(ids)];
};

static void
put_one(struct au_str *changes, struct model *model, size_t i)
{
	static const char *const names[] = { "one", "two", "three" };

	if (model->dns[i] == NULL || rand() % 4 == 0)
		model->dns[i] = names[rand() % 3];
	AU_CLEANUP(au_freep) char *dn = au_xasprintf("uid=%s,ou=%s", ids[i], model->dns[i]);
	au_str_printf(changes, "%s" PERSON_NAMED("%s", "%s"), changes->len > 1 ? "," : "", dn, ids[i], dn);
}

/* Somebody is put, or named as gone. */
static void
push_any(struct stage *stage, struct model *model)
{
	AU_CLEANUP(au_str_done) struct au_str changes = AU_STR_INIT;
	size_t i = (size_t)rand() % AU_COUNT(ids);

	if (model->dns[i] != NULL && rand() % 2 == 0) {
		model->dns[i] = NULL;
		push_named_as_gone(stage, ids[i]);
		return;
	}
	au_str_put(&changes, "[");
	put_one(&changes, model, i);
	au_str_put(&changes, "]");
	push(stage, "more", changes.data);
}

/* Everybody is told, some as they were not before, and new ones. */
static void
read_any(struct stage *stage, struct model *model)
{
	AU_CLEANUP(au_str_done) struct au_str changes = AU_STR_INIT;

	au_str_put(&changes, "[");
	for (size_t i = 0; i < AU_COUNT(ids); i++)
		if (model->dns[i] != NULL || rand() % 4 == 0)
			put_one(&changes, model, i);
	au_str_put(&changes, "]");
	stage_read_whole(stage, PEOPLE, changes.data);
}

/* In whatever order they came. */
static void
assert_facts(struct stage *stage, const struct model *model)
{
	const char *facts = stage_facts(stage);
	size_t len = 0;

	for (size_t i = 0; i < AU_COUNT(ids); i++) {
		AU_CLEANUP(au_freep)
		char *fact =
		    au_xasprintf("%s:uid=%s,ou=%s ", ids[i], ids[i], model->dns[i] != NULL ? model->dns[i] : "");
		if (model->dns[i] != NULL && strstr(facts, fact) == NULL)
			fail_msg("'%s' is not in '%s'", fact, facts);
		len += model->dns[i] != NULL ? strlen(fact) : 0;
	}
	if (strlen(facts) != len + strlen("|"))
		fail_msg("too many: '%s'", facts);
}

static void
table_at_rest_is_what_the_store_holds(void **state)
{
	struct stage *stage = *state;
	struct model model = { { NULL } };
	unsigned seed = (unsigned)(getenv("SEED") != NULL ? atoi(getenv("SEED")) : 1);

	print_message("SEED=%u\n", seed);
	srand(seed);
	stage->trust.removals_few = 1000000;
	stage->trust.removals_percent = 100;
	read_any(stage, &model);
	for (int step = 0; step < 400; step++) {
		if (rand() % 3 == 0)
			read_any(stage, &model);
		else
			push_any(stage, &model);
		assert_facts(stage, &model);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(compare_knows_what_was_pushed_meanwhile),
		TEST(round_that_fails_is_not_remembered),
		TEST(ids_that_are_present_are_known_the_same_way),
		TEST(table_rests_only_where_there_is_room),
		TEST(compare_reads_the_store),
		TEST(who_became_a_group_is_no_person_any_more),
		TEST(table_at_rest_is_what_the_store_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
