/* SPDX-License-Identifier: ISC */
/* What is believed of a source: how many may go, what a reading may remove, and what the state is called. */
#include "tests/unit.h"

#include "source/trust.h"
#include "source/verdict.h"

#include <ldap.h>

static const struct {
	long long before, gone;
	bool doubted, members_doubted;
} removals[] = {
	{ 0, 0, false, false },
	{ 100, 0, false, false },
	{ 1, 1, true, false }, /* everything; but a small group may become empty */
	{ 4, 4, true, false },
	{ 4, 2, false, false }, /* few people are half of a small office */
	{ 8, 4, false, false },
	{ 10, 5, true, true },
	{ 11, 5, false, false },
	{ 12, 6, true, true },
	{ 59, 6, true, true },
	{ 60, 6, false, false }, /* ten in a hundred */
	{ 100, 10, false, false },
	{ 100, 11, true, true },
	{ 100000, 10000, false, false },
	{ 100000, 10001, true, true },
	{ 1LL << 53, 1LL << 53, true, true },
};

static void
too_many_at_once_are_doubted(void **state)
{
	static const struct au_trust trust = { .removals_few = 5, .removals_percent = 10 };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(removals); i++) {
		if (au_trust_doubts(&trust, removals[i].before, removals[i].gone) != removals[i].doubted)
			fail_msg("%lld of %lld", removals[i].gone, removals[i].before);
		if (au_trust_doubts_members(&trust, removals[i].before, removals[i].gone) !=
		    removals[i].members_doubted)
			fail_msg("%lld of %lld members", removals[i].gone, removals[i].before);
	}
}

/* Every combination of what a reading can claim to be. */
static void
only_a_complete_reading_can_remove(void **state)
{
	static const enum au_reading kinds[] = { AU_READING_NONE, AU_READING_RESUME, AU_READING_WHOLE,
		AU_READING_COMPARE };
	static const int codes[] = { LDAP_SUCCESS, LDAP_SIZELIMIT_EXCEEDED, LDAP_REFERRAL, LDAP_SERVER_DOWN };
	unsigned powerful = 0;

	(void)state;
	for (size_t kind = 0; kind < AU_COUNT(kinds); kind++)
		for (int step = AU_STEP_NONE; step <= AU_STEP_VOID; step++)
			for (int verdict = AU_READ_COMPLETE; verdict <= AU_READ_FAILED; verdict++)
				for (size_t code = 0; code < AU_COUNT(codes); code++)
					for (int referrals = 0; referrals < 2; referrals++) {
						struct au_source_read read = { .kind = kinds[kind],
							.verdict = verdict,
							.code = codes[code],
							.referrals = referrals };
						enum au_power power = au_verdict_power(&read, step);
						bool is_whole = verdict == AU_READ_COMPLETE && code == 0 &&
								referrals == 0 && kinds[kind] != AU_READING_NONE;
						enum au_power may = !is_whole               ? AU_MAY_NOTHING
								    : step == AU_STEP_SWEEP ? AU_MAY_UNSEEN
								    : step == AU_STEP_KEEP  ? AU_MAY_NAMED
											    : AU_MAY_NOTHING;
						assert_int_equal(power, may);
						powerful += power != AU_MAY_NOTHING;
					}
	assert_int_equal(powerful, 6); /* of 480 */
}

static const struct {
	enum au_link_state link;
	long long doomed, paused;
	enum au_source_state state;
} states[] = {
	{ AU_LINK_OK, 0, 0, AU_SOURCE_OK },
	{ AU_LINK_STALE, 0, 0, AU_SOURCE_STALE },
	{ AU_LINK_QUARANTINE, 0, 0, AU_SOURCE_QUARANTINE },
	{ AU_LINK_OK, 3, 0, AU_SOURCE_SUSPECT },
	{ AU_LINK_STALE, 3, 0, AU_SOURCE_SUSPECT },
	{ AU_LINK_QUARANTINE, 3, 0, AU_SOURCE_QUARANTINE },
	{ AU_LINK_STALE, 0, 1, AU_SOURCE_PAUSED },
	{ AU_LINK_QUARANTINE, 3, 1, AU_SOURCE_PAUSED },
};

static void
worst_trouble_names_the_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(states); i++) {
		struct au_source_now now = { .searches = { { .whole_ms = 1,
							       .doubt = states[i].doomed > 0 ? AU_DOUBT_ENTRIES : 0,
							       .doomed = states[i].doomed },
						 { .whole_ms = 1 } },
			.paused = states[i].paused };
		struct au_source_link link = { .state = states[i].link };
		struct au_str text = AU_STR_INIT;
		assert_int_equal(au_verdict_state(&now, &link, "corp", &text), states[i].state);
		au_str_done(&text);
	}
}

static void
doubt_says_what_to_do(void **state)
{
	struct au_source_now now = { .searches = {
					 { .whole_ms = 1, .doubt = AU_DOUBT_ENTRIES, .doomed = 6, .before = 10 },
					 { .whole_ms = 1 } } };
	struct au_source_link link = { .state = AU_LINK_OK };
	struct au_str text = AU_STR_INIT;

	(void)state;
	au_verdict_state(&now, &link, "corp", &text);
	assert_string_equal(au_str_get(&text),
	    "people: 6 of 10 entries would go; see: apiuserctl source show corp; if that is right, say: apiuserctl "
	    "source resume corp");
	au_str_done(&text);
}

static void
never_read_is_new_and_incomplete(void **state)
{
	struct au_source_now now = { .searches = { { .whole_ms = 1 }, { .whole_ms = 0 } } };
	struct au_source_link link = { .state = AU_LINK_OK };
	struct au_str text = AU_STR_INIT;

	(void)state;
	assert_int_equal(au_verdict_state(&now, &link, "corp", &text), AU_SOURCE_NEW);
	assert_false(au_verdict_is_complete(&now));
	assert_int_equal(au_verdict_complete_ms(&now), 0);
	au_str_done(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_many_at_once_are_doubted),
		cmocka_unit_test(only_a_complete_reading_can_remove),
		cmocka_unit_test(worst_trouble_names_the_state),
		cmocka_unit_test(doubt_says_what_to_do),
		cmocka_unit_test(never_read_is_new_and_incomplete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
