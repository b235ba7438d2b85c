/* SPDX-License-Identifier: ISC */
/* Whoever wants a person read anew is told when what was read is on disk, and never waits for a process that is gone.
 */
#include "source/freshen.h"
#include "tests/unit.h"

#include "base/str.h"
#include "source/inbox.h"

#include <event2/event.h>

/* In place of the inbox: how many batches have come, and how many are on disk. */
static unsigned long long received, applied;

unsigned long long
au_inbox_received(const struct au_inbox *inbox)
{
	(void)inbox;
	return received;
}

unsigned long long
au_inbox_applied(const struct au_inbox *inbox)
{
	(void)inbox;
	return applied;
}

struct stage {
	struct event_base *base;
	struct au_freshen *freshen;
	json_t *sent;
	unsigned done;
	struct au_freshened result;
	char trouble[64];
};

static void
send_one(void *ctx, json_t *message)
{
	struct stage *stage = ctx;

	json_array_append_new(stage->sent, message);
}

static void
on_done(void *ctx, const struct au_freshened *result)
{
	struct stage *stage = ctx;

	stage->done++;
	stage->result = *result;
	snprintf(stage->trouble, sizeof(stage->trouble), "%s", result->trouble != NULL ? result->trouble : "");
}

static int
set_up(void **state)
{
	struct stage *stage = au_xcalloc(1, sizeof(*stage));

	received = applied = 0;
	stage->base = event_base_new();
	stage->sent = json_array();
	stage->freshen = au_freshen_new(stage->base, NULL, send_one, stage);
	*state = stage;
	return 0;
}

static int
tear_down(void **state)
{
	struct stage *stage = *state;

	au_freshen_free(stage->freshen);
	json_decref(stage->sent);
	event_base_free(stage->base);
	free(stage);
	return 0;
}

/* A person and two groups. */
static void
ask(struct stage *stage, const char *trouble)
{
	static const struct au_freshen_entry groups[] = { { "g1", "cn=g1" }, { "g2", "cn=g2" } };
	const struct au_freshen_order order = { .person = { "p", "uid=p" }, .groups = groups, .group_count = 2 };

	au_freshen_ask(stage->freshen, trouble, &order, on_done, stage);
}

static void
answer(struct stage *stage, size_t sent, enum au_lookup_verdict verdict)
{
	struct au_source_reread asked;

	assert_int_equal(au_source_reread_from_json(json_array_get(stage->sent, sent), &asked, NULL), 0);
	au_freshen_answer(stage->freshen, &(struct au_source_fresh){ .ask = asked.ask, .verdict = verdict });
}

static void
the_last_answer_waits_for_what_came_before_it(void **state)
{
	struct stage *stage = *state;
	struct au_source_reread asked;

	ask(stage, NULL);
	assert_int_equal(json_array_size(stage->sent), 3);
	assert_int_equal(au_source_reread_from_json(json_array_get(stage->sent, 0), &asked, NULL), 0);
	assert_int_equal(asked.search, AU_SEARCH_PEOPLE);
	assert_string_equal(asked.dn, "uid=p");
	received = 2;
	answer(stage, 2, AU_LOOKUP_FOUND);
	answer(stage, 0, AU_LOOKUP_FOUND);
	applied = 2;
	au_freshen_moved(stage->freshen);
	assert_int_equal(stage->done, 0);
	received = 3;
	answer(stage, 1, AU_LOOKUP_UNKNOWN);
	assert_int_equal(stage->done, 0);
	received = 9; /* what comes later is nothing to him */
	applied = 3;
	au_freshen_moved(stage->freshen);
	assert_int_equal(stage->done, 1);
	assert_string_equal(stage->trouble, "");
	assert_int_equal(stage->result.person, AU_LOOKUP_FOUND);
	assert_int_equal(stage->result.groups_read, 1);
	/* An answer that nobody waits for says nothing. */
	answer(stage, 1, AU_LOOKUP_FOUND);
	assert_int_equal(stage->done, 1);
}

static void
two_who_ask_are_told_apart(void **state)
{
	struct stage *stage = *state;

	ask(stage, NULL);
	ask(stage, NULL);
	for (size_t i = 3; i < 6; i++)
		answer(stage, i, i == 3 ? AU_LOOKUP_ABSENT : AU_LOOKUP_FOUND);
	assert_int_equal(stage->done, 1);
	assert_int_equal(stage->result.person, AU_LOOKUP_ABSENT);
	for (size_t i = 0; i < 3; i++)
		answer(stage, i, AU_LOOKUP_FOUND);
	assert_int_equal(stage->done, 2);
	assert_int_equal(stage->result.person, AU_LOOKUP_FOUND);
}

static void
who_cannot_be_asked_is_not_and_that_is_told_later(void **state)
{
	struct stage *stage = *state;

	ask(stage, "it is paused");
	assert_int_equal(json_array_size(stage->sent), 0);
	assert_int_equal(stage->done, 0);
	event_base_loop(stage->base, EVLOOP_ONCE);
	assert_int_equal(stage->done, 1);
	assert_string_equal(stage->trouble, "it is paused");
}

static void
nobody_waits_for_a_process_that_is_gone(void **state)
{
	struct stage *stage = *state;

	ask(stage, NULL);
	answer(stage, 0, AU_LOOKUP_FOUND);
	ask(stage, NULL);
	au_freshen_lost(stage->freshen, "its process is gone");
	assert_int_equal(stage->done, 2);
	assert_string_equal(stage->trouble, "its process is gone");
	answer(stage, 1, AU_LOOKUP_FOUND);
	assert_int_equal(stage->done, 2);
	/* The next one has numbers of its own. */
	ask(stage, NULL);
	answer(stage, 1, AU_LOOKUP_FOUND);
	answer(stage, 2, AU_LOOKUP_FOUND);
	for (size_t i = 6; i < 9; i++)
		answer(stage, i, AU_LOOKUP_FOUND);
	assert_int_equal(stage->done, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_last_answer_waits_for_what_came_before_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(two_who_ask_are_told_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_cannot_be_asked_is_not_and_that_is_told_later, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nobody_waits_for_a_process_that_is_gone, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
