/* SPDX-License-Identifier: ISC */
/* Work orders: every state with every event, and the words for people. */
#include "tests/unit.h"

#include "base/mem.h"
#include "model/work.h"

#include <string.h>

/* One letter for each state; the row is the state, the column the event. */
static const char letters[AU_WORK_STATES + 1] = "-ocrfvxnse";
static const struct {
	enum au_work_state from;
	const char *to; /* claim release report complete fail decline move drop expire verify contradict */
} rows[] = {
	{ AU_WORK_OPEN, "c-rfxnone--" },
	{ AU_WORK_CLAIMED, "-orfxnsne--" },
	{ AU_WORK_REPORTED, "-o-fxnsne--" },
	{ AU_WORK_FULFILLED, "---------vx" },
	{ AU_WORK_VERIFIED, "-----------" },
	{ AU_WORK_FAILED, "---f-------" },
	{ AU_WORK_CANCELLED, "---f-------" },
	{ AU_WORK_SUPERSEDED, "---f-------" },
	{ AU_WORK_EXPIRED, "---f-------" },
};

static void
every_event_has_its_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		for (int event = AU_WORK_CLAIM; event < AU_WORK_EVENTS; event++) {
			enum au_work_state to = au_work_next(rows[i].from, (enum au_work_event)event, true);
			if (letters[to] != rows[i].to[event - 1])
				fail_msg("%s, event %d: %c, expected %c", au_work_state_name(rows[i].from), event,
				    letters[to], rows[i].to[event - 1]);
		}
	assert_int_equal(au_work_next((enum au_work_state)0, AU_WORK_CLAIM, true), 0);
	assert_int_equal(au_work_next((enum au_work_state)99, AU_WORK_CLAIM, true), 0);
	assert_int_equal(au_work_next(AU_WORK_OPEN, (enum au_work_event)99, true), 0);
}

static void
what_nobody_had_claimed_cannot_be_completed_afterwards(void **state)
{
	static const enum au_work_state over[] = { AU_WORK_FAILED, AU_WORK_CANCELLED, AU_WORK_SUPERSEDED,
		AU_WORK_EXPIRED };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(over); i++)
		assert_int_equal(au_work_next(over[i], AU_WORK_COMPLETE, false), 0);
	assert_int_equal(au_work_next(AU_WORK_OPEN, AU_WORK_COMPLETE, false), AU_WORK_FULFILLED);
}

static void
names_go_both_ways(void **state)
{
	(void)state;
	for (int i = AU_WORK_OPEN; i < AU_WORK_STATES; i++)
		assert_int_equal(au_work_state_from_name(au_work_state_name((enum au_work_state)i)), i);
	assert_int_equal(au_work_state_from_name("done"), 0);
	assert_int_equal(au_work_state_from_name(NULL), 0);
	assert_null(au_work_state_name((enum au_work_state)0));
}

static void
words_claim_no_more_than_is_known(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_work work = {
		.state = AU_WORK_OPEN, .step = 7, .claimer = "uid:7", .claimer_name = "bob", .doer = "uid:8"
	};

	(void)state;
	assert_string_equal(au_work_word(arena, &work), "waits for somebody to claim it");
	work.step = 0;
	assert_string_equal(au_work_word(arena, &work), "its text is being made anew; do not begin");
	work.state = AU_WORK_CLAIMED;
	assert_string_equal(au_work_word(arena, &work), "claimed by bob, not done yet as far as is known");
	work.state = AU_WORK_REPORTED;
	assert_string_equal(au_work_word(arena, &work), "reported as done by uid:8; a second person must confirm it");
	work.state = AU_WORK_FULFILLED;
	assert_string_equal(au_work_word(arena, &work), "fulfilled by operator, not verified");
	work.state = AU_WORK_VERIFIED;
	work.verified_by = "import of 2026-01-02";
	assert_string_equal(au_work_word(arena, &work), "fulfilled by operator, verified by import of 2026-01-02");
	work.state = AU_WORK_SUPERSEDED;
	work.note = "order 9 says what is wanted by now";
	assert_string_equal(au_work_word(arena, &work), "superseded, do not do it: order 9 says what is wanted by now");
}

static void
order_becomes_json(void **state)
{
	struct au_work work = { .id = 3,
		.step = 7,
		.target = "hr",
		.login = "crm",
		.op = AU_STEP_DELETE,
		.lane = AU_LANE_DESTRUCTIVE,
		.state = AU_WORK_OPEN,
		.revision = 1,
		.text = "{\"title\":\"a\"}",
		.due_ms = 9 };
	AU_CLEANUP(au_json_decrefp) json_t *json = au_work_to_json(&work);
	AU_CLEANUP(au_freep) char *text = au_json_canonical(json);

	(void)state;
	assert_string_equal(text,
	    "{\"due_ms\":9,\"id\":3,\"lane\":\"destructive\",\"login\":\"crm\",\"op\":\"delete\",\"revision\":1,"
	    "\"state\":\"open\",\"step\":7,\"target\":\"hr\",\"text\":{\"title\":\"a\"},"
	    "\"word\":\"waits for somebody to claim it\"}");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_has_its_state),
		cmocka_unit_test(what_nobody_had_claimed_cannot_be_completed_afterwards),
		cmocka_unit_test(names_go_both_ways),
		cmocka_unit_test(words_claim_no_more_than_is_known),
		cmocka_unit_test(order_becomes_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
