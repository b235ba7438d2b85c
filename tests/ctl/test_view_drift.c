/* SPDX-License-Identifier: ISC */
/* Views of drift, strangers, what is ignored, and conflicts. */
#include "base/mem.h"
#include "ctl/verdict.h"
#include "ctl/view.h"
#include "tests/unit.h"

static void
assert_view(au_view *view, const char *text, const char *expected)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(text, 0, NULL);
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	assert_non_null(json);
	view(json, false, &out);
	assert_string_equal(au_str_get(&out), expected);
}

#define DRIFT(policy)                                                                                                  \
	"{\"drift\":[{\"target\":\"room\",\"login\":\"ann\",\"user\":\"ann\",\"policy\":\"" policy                     \
	"\",\"since_ms\":1795514400000,\"values\":["                                                                   \
	"{\"name\":\"rights.roles\",\"was\":[\"run\"],\"is\":[\"admin\",\"run\"]},"                                    \
	"{\"name\":\"active\",\"was\":true,\"is\":false}],"                                                            \
	"\"ours\":{\"op\":\"create\",\"finished_ms\":1795510800000},\"open\":{\"op\":\"set-rights\",\"state\":"        \
	"\"held\"}}]}"

static void
drift_is_a_row_for_each_value(void **state)
{
	(void)state;
	assert_view(au_view_drift, DRIFT("restore"),
	    "TARGET  LOGIN  USER  VALUE         WAS    IS            OURS LAST             NOTICED               "
	    "KNOWN  POLICY\n"
	    "room    ann    ann   rights.roles  [run]  [admin, run]  2026-11-24 09:00:00Z  2026-11-24 10:00:00Z  "
	    "-      restore: "
	    "set-rights is held\n"
	    "room    ann    ann   active        yes    no            2026-11-24 09:00:00Z  2026-11-24 10:00:00Z  "
	    "-      restore: "
	    "set-rights is held\n");
	assert_view(au_view_drift, "{\"drift\":[]}", "Nobody else has changed an account of ours.\n");
	assert_view(au_view_drift,
	    "{\"drift\":[{\"target\":\"hr\",\"login\":\"ann\",\"user\":\"ann\",\"since_ms\":1795514400000,"
	    "\"word\":\"as attested on 2026-11-24 by eve\",\"policy\":\"report\","
	    "\"values\":[{\"name\":\"active\",\"was\":true,\"is\":false}]}],"
	    "\"attested\":[{\"target\":\"hr\",\"accounts\":1,\"oldest_ms\":1795514400000}]}",
	    "TARGET  LOGIN  USER  VALUE   WAS  IS  OURS LAST  NOTICED               KNOWN                            "
	    " POLICY\n"
	    "hr      ann    ann   active  yes  no  -          2026-11-24 10:00:00Z  as attested on 2026-11-24 by eve  "
	    "report\n"
	    "\n"
	    "hr: one account as attested, not asked; the oldest word is of 2026-11-24 10:00:00Z\n");
}

static void
strangers_are_a_table_and_what_is_not_shown_is_counted(void **state)
{
	(void)state;
	assert_view(au_view_strangers,
	    "{\"strangers\":[{\"target\":\"room\",\"login\":\"eve\\u001b\",\"label\":\"Eve\",\"active\":false,"
	    "\"rights\":{\"roles\":[1]},\"first_ms\":1795514400000}],"
	    "\"targets\":[{\"target\":\"room\",\"all\":7,\"kept\":1,\"ignored\":2}]}",
	    "TARGET  LOGIN    NAME  MAIL  ACTIVE  RIGHTS         FIRST SEEN\n"
	    "room    eve\\x1b  Eve   -     no      {\"roles\":[1]}  2026-11-24 10:00:00Z\n"
	    "room: 4 more are only counted, see strangers_kept, and can be adopted all the same; 2 are ignored\n"
	    "They are never touched.  Give one to an API user with 'apiuserctl adopt', or 'apiuserctl ignore' it.\n");
	assert_view(au_view_strangers, "{\"strangers\":[],\"targets\":[]}", "No account is known that is not ours.\n");
}

static void
what_is_ignored_says_who_wanted_it_so(void **state)
{
	(void)state;
	assert_view(au_view_ignored,
	    "{\"ignored\":[{\"target\":\"room\",\"login\":\"root\",\"actor\":\"uid:0\",\"at_ms\":1795514400000,"
	    "\"reason\":\"the vendor's\"}]}",
	    "TARGET  LOGIN  SINCE                 BY     REASON\n"
	    "room    root   2026-11-24 10:00:00Z  uid:0  the vendor's\n");
	assert_view(au_view_ignored, "{\"ignored\":[]}", "Nothing is ignored.\n");
}

static void
conflicts_have_candidates_and_ways_out(void **state)
{
	(void)state;
	assert_view(au_view_conflicts,
	    "{\"conflicts\":[{\"kind\":\"login\",\"user\":\"ann\",\"text\":\"login 'ann' is taken\",\"candidates\":["
	    "{\"target\":\"room\",\"login\":\"ann\",\"remote_id\":\"7\",\"active\":false}],\"ways\":[\"adopt it\"]},"
	    "{\"kind\":\"key\",\"user\":\"a@b\",\"text\":\"two entries\",\"candidates\":["
	    "{\"source\":\"corp\",\"dn\":\"uid=a\",\"id\":\"1\"}],\"ways\":[\"one way\",\"another\"]}]}",
	    "ann: login 'ann' is taken\n"
	    "    room: login ann, remote_id 7, switched off\n"
	    "  - adopt it\n"
	    "\n"
	    "a@b: two entries\n"
	    "    corp: dn uid=a, id 1\n"
	    "  - one way\n"
	    "  - another\n");
	assert_view(au_view_conflicts, "{\"conflicts\":[]}", "There are no conflicts.\n");
}

static void
only_what_is_accepted_is_in_sync(void **state)
{
	static const struct {
		const char *json;
		enum au_exit exit;
	} rows[] = {
		{ "{\"drift\":[]}", AU_EXIT_SYNC },
		{ DRIFT("accept"), AU_EXIT_SYNC },
		{ DRIFT("report"), AU_EXIT_PENDING },
		{ DRIFT("restore"), AU_EXIT_PENDING },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(rows[i].json, 0, NULL);
		assert_int_equal(au_verdict_drift(json), rows[i].exit);
	}
	AU_CLEANUP(au_json_decrefp) json_t *conflict = json_pack("{s:[{}]}", "conflicts");
	assert_int_equal(au_verdict_conflicts(conflict), AU_EXIT_HELD);
}

int
main(void)
{
	const struct CMUnitTest views[] = {
		cmocka_unit_test(drift_is_a_row_for_each_value),
		cmocka_unit_test(strangers_are_a_table_and_what_is_not_shown_is_counted),
		cmocka_unit_test(what_is_ignored_says_who_wanted_it_so),
		cmocka_unit_test(conflicts_have_candidates_and_ways_out),
		cmocka_unit_test(only_what_is_accepted_is_in_sync),
	};

	return cmocka_run_group_tests(views, NULL, NULL);
}
