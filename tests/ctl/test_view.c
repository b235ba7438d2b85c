/* SPDX-License-Identifier: ISC */
/* Views: the daemon's JSON in, text for people out. */
#include "base/mem.h"
#include "ctl/view.h"
#include "tests/unit.h"

#include <string.h>

static char *
render(au_view *view, const char *text)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(text, 0, NULL);
	struct au_str out = AU_STR_INIT;

	assert_non_null(json);
	view(json, false, &out);
	return au_str_take(&out);
}

static void
assert_view(au_view *view, const char *json, const char *expected)
{
	AU_CLEANUP(au_freep) char *text = render(view, json);

	assert_string_equal(text, expected);
}

static void
run_tells_what_became_of_the_steps(void **state)
{
	(void)state;
	assert_view(au_view_run, "{\"complete\":true,\"steps_done\":3}", "3 done.\n");
	assert_view(au_view_run, "{\"complete\":false,\"steps_done\":3,\"steps_failed\":1,\"steps_held\":2}",
	    "3 done, 1 failed, 2 held: see 'apiuserctl held'; not everything could be done yet.\n");
}

static void
saved_plan_names_what_moved_from_old_to_new(void **state)
{
	(void)state;
	assert_view(au_view_applied,
	    "{\"applied\":false,\"left\":2,\"moved\":["
	    "{\"kind\":\"membership\",\"name\":\"room/a@b\",\"was\":{\"run\":\"in g\"},\"now\":{\"run\":\"not in g\"}},"
	    "{\"kind\":\"account\",\"name\":\"room/"
	    "ann\",\"was\":{\"state\":\"present\",\"rights\":{\"roles\":[\"run\"]}},"
	    " \"now\":{\"state\":\"present\",\"rights\":{\"roles\":[\"run\",\"admin\"]}}},"
	    "{\"kind\":\"account\",\"name\":\"room/"
	    "bob\",\"was\":{\"state\":\"present\",\"mail\":\"b@b\",\"rights\":{\"x\":1}},"
	    " \"now\":{\"state\":\"absent\"}},"
	    "{\"kind\":\"account\",\"name\":\"room/cid\",\"text\":\"cannot be read now: busy\"},"
	    "{\"kind\":\"template\",\"name\":\"runner\",\"was\":{}}]}",
	    "Since the plan was saved, this moved:\n"
	    "  ~ memberships for room/a@b\n"
	    "      run: in g → not in g\n"
	    "  ~ the account room/ann\n"
	    "      roles: + admin  (1 stays)\n"
	    "  ~ the account room/bob\n"
	    "      state: present → absent\n"
	    "      mail: b@b → -\n"
	    "      x: 1 → -\n"
	    "  ~ the account room/cid: cannot be read now: busy\n"
	    "  ~ the template runner: is there no more\n"
	    "\n"
	    "Nothing was begun; --unmoved does the steps that rest on nothing of this, if there are any.\n");
	assert_view(au_view_applied,
	    "{\"applied\":true,\"queued\":2,\"held\":1,\"open\":1,\"left\":3,\"steps_done\":1,\"steps_failed\":1}",
	    "2 steps of the plan begun, 1 held: see 'apiuserctl held', 1 were under way or held already, 3 left out; 1 "
	    "done, 1 failed.\n");
	assert_view(au_view_applied, "{\"empty\":true}", "Nothing of the plan is left to be done.\n");
}

static void
status_has_verdict_counts_and_tables(void **state)
{
	(void)state;
	assert_view(au_view_status,
	    "{\"version\":\"1.2\",\"started_ms\":1000,\"now_ms\":61000,\"users\":1,\"dirty\":0,"
	    "\"steps\":{\"queued\":0,\"running\":0,\"held\":1,\"failed\":2},"
	    "\"sources\":[{\"name\":\"corp\",\"kind\":\"ldap\",\"state\":\"ok\",\"complete\":true,\"complete_ms\":"
	    "1795514400000,"
	    "\"entries\":12,\"groups\":3,\"membership\":{\"unknown\":5,\"outside\":3,\"rings\":[\"a > b > a\"],"
	    "\"deepest\":12,\"cut\":true,\"odd_dates\":2,\"odd_date\":\"soon\",\"odd_date_of\":\"a\"}}],"
	    "\"targets\":[{\"name\":\"room\",\"product\":\"Fake\",\"ready\":true,\"paused\":true,\"state\":\"refused\","
	    "\"text\":\"no right\","
	    "\"present\":4,\"active\":3,\"problems\":1,\"conflicts\":1,\"foreign\":7,\"observed_ms\":0}],"
	    "\"issuers\":[{\"name\":\"idp\",\"keys\":2,\"fetched_ms\":1795514400000},"
	    "{\"name\":\"old\",\"keys\":1,\"fetched_ms\":1795514400000,\"text\":\"the server answered 500\"},"
	    "{\"name\":\"new\",\"keys\":0,\"fetched_ms\":0,\"text\":\"no connection\"}]}",
	    "apiuserd 1.2, up 1min: held: see 'apiuserctl held'\n"
	    "one API user, 0 to look at; steps: 0 queued, 0 running, 1 held, 2 failed so far\n"
	    "\n"
	    "SOURCE  KIND  STATE  ENTRIES  GROUPS  LAST WHOLE READ       NOTE\n"
	    "corp    ldap  ok          12       3  2026-11-24 10:00:00Z  -\n"
	    "corp: unknown members of groups: 3 outside of the bases, 2 not found in them\n"
	    "corp: dates that cannot be read, which expire nobody: 2, soon of a among them\n"
	    "corp: groups in a ring: a > b > a\n"
	    "corp: groups lie 12 deep, which is more than nested_depth\n"
	    "\n"
	    "TARGET  PRODUCT  STATE    ACCOUNTS  ACTIVE  PROBLEMS  FOREIGN  LAST LISTED  NOTE\n"
	    "room    Fake     refused         4       3         2        7  -            no right\n"
	    "\n"
	    "ISSUER  STATE      KEYS  KEYS READ             NOTE\n"
	    "idp     ok            2  2026-11-24 10:00:00Z  -\n"
	    "old     stale         1  2026-11-24 10:00:00Z  the server answered 500\n"
	    "new     not ready     0  -                     no connection\n");
}

static void
status_tells_who_comes_to_an_end(void **state)
{
	AU_CLEANUP(au_freep)
	char *text = render(au_view_status, "{\"version\":\"1\",\"users\":9,\"expired\":1,\"expiring\":2,\"owner_"
					    "left\":3,\"owner_deputy\":\"api-team\"}");

	(void)state;
	assert_non_null(strstr(text, "API users whose term is over: 1; whose term ends soon: 2\n"));
	assert_non_null(strstr(text, "API users whose owner has left: 3; ask api-team\n"));
}

static void
status_tells_what_waits_for_people_and_how_old_their_word_is(void **state)
{
	AU_CLEANUP(au_freep)
	char *text = render(au_view_status,
	    "{\"steps\":{\"with-person\":2},\"work\":[{\"target\":\"desk\",\"open\":1,\"claimed\":2,\"overdue\":2,"
	    "\"late_claims\":1,\"expired\":4,\"oldest_ms\":1795514400000}],\"attested\":[{\"target\":\"desk\","
	    "\"accounts\":3,\"stale\":1,\"oldest_ms\":0,\"trouble\":\"bring a list\"}]}");
	AU_CLEANUP(au_freep)
	char *fresh = render(au_view_status, "{\"attested\":[{\"target\":\"desk\",\"accounts\":1,\"oldest_ms\":5}]}");

	(void)state;
	assert_non_null(strstr(text, ": changes pending\n"));
	assert_non_null(strstr(text, ", 2 with people: see 'apiuserctl work list'\n"));
	assert_non_null(strstr(text,
	    "\ndesk: work orders: 1 open, 2 claimed, 4 expired so far, 2 overdue, 1 of them claimed for too long; the "
	    "oldest one is of 2026-11-24 10:00:00Z\n"
	    "desk: 3 accounts as attested, not asked; of some nobody has attested anything\n"
	    "  bring a list\n"));
	assert_non_null(strstr(fresh, ": in sync, as far as is attested\n"));
}

static void
users_show_where_they_have_accounts(void **state)
{
	(void)state;
	assert_view(au_view_users,
	    "{\"users\":[{\"key\":\"a@b\",\"user_name\":\"ann\",\"display_name\":\"Ann\",\"mail\":\"a@b\",\"accounts\":"
	    "["
	    "{\"target\":\"room\",\"state\":\"present\",\"active\":true},"
	    "{\"target\":\"tabs\",\"state\":\"present\",\"active\":false},"
	    "{\"target\":\"void\",\"state\":\"absent\"},"
	    "{\"target\":\"cage\",\"state\":\"conflict\",\"problem\":\"login taken\"}]},"
	    "{\"key\":\"corp:7\"}]}",
	    "USER    NAME  MAIL  ACCOUNTS                           PROBLEM\n"
	    "ann     Ann   a@b   room, tabs (off), cage (conflict)  login taken\n"
	    "corp:7  -     -     -                                  -\n");
}

static void
owners_and_applications_have_columns_where_anybody_has_one(void **state)
{
	(void)state;
	assert_view(au_view_users,
	    "{\"users\":[{\"user_name\":\"ann\",\"owner\":\"bob@x\",\"owner_ref\":\"uid=bob\",\"application\":\"crm\"},"
	    "{\"user_name\":\"cid\",\"owner_ref\":\"uid=gone\"},{\"user_name\":\"dan\"}]}",
	    "USER  NAME  MAIL  APPLICATION  OWNER    ACCOUNTS  PROBLEM\n"
	    "ann   -     -     crm          bob@x    -         -\n"
	    "cid   -     -     -            unknown  -         -\n"
	    "dan   -     -     -            -        -         -\n");
	assert_view(au_view_user,
	    "{\"user_name\":\"ann\",\"owner\":\"bob@x\",\"owner_ref\":\"uid=bob\",\"application\":\"crm\"}",
	    "ann\n  application: crm\n  owner: bob@x\n  owner's entry: uid=bob\n");
	assert_view(au_view_user, "{\"user_name\":\"cid\",\"owner_ref\":\"uid=gone\"}",
	    "cid\n  owner: unknown; there is no such entry, or it may not be read\n  owner's entry: uid=gone\n");
}

static void
user_shows_accounts_and_steps(void **state)
{
	(void)state;
	assert_view(au_view_user,
	    "{\"user_name\":\"ann\",\"mail\":\"a@b\",\"accounts\":[{\"target\":\"room\",\"login\":\"ann\",\"state\":"
	    "\"present\","
	    "\"active\":true,\"rights\":{\"roles\":[\"run\"]},\"secret\":\"ready\",\"observed_ms\":1795514400000,"
	    "\"steps\":[{\"id\":7,\"op\":\"create\",\"state\":\"done\",\"created_ms\":1795514400000,\"reason\":\"rule "
	    "'run'\"}]}]}",
	    "ann\n"
	    "  mail: a@b\n"
	    "\n"
	    "  room\n"
	    "    login: ann, present, active\n"
	    "    roles: [run]\n"
	    "    secret: ready\n"
	    "    last seen: 2026-11-24 10:00:00Z\n"
	    "    2026-11-24 10:00:00Z  step 7  create done: rule 'run'\n");
}

static void
explanation_goes_from_entry_to_verdict(void **state)
{
	(void)state;
	assert_view(au_view_explain,
	    "{\"user\":{\"user_name\":\"ann\"},"
	    "\"entries\":[{\"source\":\"corp\",\"id\":\"p1\",\"dn\":\"uid=ann\",\"active\":true,\"groups\":[\"api-"
	    "run\"],\"ring\":\"a > b > a\",\"cut\":\"deep\"}],"
	    "\"targets\":[{\"target\":\"room\",\"wanted\":true,\"rules\":["
	    "{\"rule\":\"run\",\"source\":\"corp\",\"group\":\"cn=run\",\"template\":\"runner\",\"member\":true,"
	    "\"why\":\"member\"},"
	    "{\"rule\":\"all\",\"source\":\"corp\",\"group\":\"cn=all\",\"template\":\"builder\",\"member\":false}],"
	    "\"account\":{\"login\":\"ann\",\"state\":\"present\",\"active\":null},\"steps\":[],\"verdict\":\"as it "
	    "should be\"}]}",
	    "ann\n"
	    "  entry p1 of corp\n"
	    "    dn: uid=ann\n"
	    "    groups: [api-run]\n"
	    "    groups in a ring: a > b > a\n"
	    "    too deep, what holds it is not looked at: deep\n"
	    "\n"
	    "  room: wanted\n"
	    "    yes  rule run: corp:cn=run gives runner (member)\n"
	    "    no   rule all: corp:cn=all gives builder\n"
	    "    login: ann, present\n"
	    "    verdict: as it should be\n");
	assert_view(au_view_explain,
	    "{\"user\":{\"user_name\":\"eve\"},\"verdict\":\"nobody\",\"looked\":[{\"source\":\"corp\",\"state\":"
	    "\"ok\","
	    "\"people\":3,\"texts\":[\"outside\"]},{\"source\":\"hr\",\"state\":\"suspect\",\"trouble\":\"shrunk\"}]}",
	    "nobody\n"
	    "looked at:\n"
	    "  corp: ok, 3 people\n"
	    "    outside\n"
	    "  hr: suspect, 0 people\n"
	    "    trouble: shrunk\n");
}

static void
held_steps_come_with_advice(void **state)
{
	(void)state;
	assert_view(au_view_held, "{\"steps\":[]}", "Nothing is held.\n");
	assert_view(au_view_held,
	    "{\"steps\":[{\"id\":12,\"created_ms\":1795514400000,\"target\":\"room\",\"login\":\"ann\",\"op\":"
	    "\"delete\",\"lane\":\"destructive\",\"needed\":2,\"approvals\":[{\"actor\":\"uid:0\",\"name\":\"root\"}],"
	    "\"state\":\"held\",\"reason\":\"gone\",\"guard\":\"too many\"}]}",
	    "STEP  SINCE                 LANE         TARGET  LOGIN  DOES    APPROVED      HELD BY\n"
	    "  12  2026-11-24 10:00:00Z  destructive  room    ann    delete  1 of 2: root  too many\n"
	    "\n"
	    "Decide with 'apiuserctl approve STEP... --reason TEXT' or 'apiuserctl reject STEP... --reason TEXT', or "
	    "mend "
	    "the cause.\n");
	assert_view(au_view_held,
	    "{\"steps\":[],\"rejected\":[{\"id\":9,\"finished_ms\":1795514400000,\"target\":\"room\",\"login\":\"ann\","
	    "\"op\":\"disable\",\"error\":\"rejected by uid:7: no\"}]}",
	    "Nothing is held.\n"
	    "\n"
	    "Rejected, and not proposed again:\n"
	    "STEP  WHEN                  TARGET  LOGIN  WOULD    WHY NOT\n"
	    "   9  2026-11-24 10:00:00Z  room    ann    disable  rejected by uid:7: no\n"
	    "\n"
	    "Propose one again with 'apiuserctl reopen STEP --reason TEXT'.\n");
}

static void
decisions_say_what_came_of_each_step(void **state)
{
	(void)state;
	assert_view(au_view_decision,
	    "{\"steps\":[{\"id\":1,\"state\":\"queued\",\"approvals\":2,\"needed\":2},"
	    "{\"id\":2,\"state\":\"held\",\"approvals\":1,\"needed\":2},{\"id\":3,\"state\":\"rejected\"},"
	    "{\"id\":4,\"state\":\"rejected\",\"reopened\":true}]}",
	    "Step 1 is released.\n"
	    "Step 2 is approved by 1 of 2 people, and held still.\n"
	    "Step 3 is rejected.\n"
	    "What step 4 wished may be proposed again.\n");
}

static void
clients_show_the_state_of_their_tokens(void **state)
{
	(void)state;
	assert_view(au_view_clients,
	    "{\"clients\":[{\"name\":\"okta\",\"profile\":\"auto\",\"provider\":{\"profile\":\"okta\"},\"tokens\":["
	    "{\"id\":\"01\",\"live\":true,\"scopes\":\"users "
	    "read-only\",\"created_ms\":1795514400000,\"expires_ms\":0,\"used_ms\":0},"
	    "{\"id\":\"02\",\"live\":false,\"revoked_ms\":5,\"created_ms\":1795514400000,\"expires_ms\":1795514400000},"
	    "{\"id\":\"03\",\"live\":false,\"created_ms\":1795514400000,\"expires_ms\":1795514400000}]},"
	    "{\"name\":\"corp\",\"profile\":\"entra\",\"tokens\":[]}]}",
	    "CLIENT  PROFILE     TOKEN  STATE     SCOPE            MADE                  EXPIRES               LAST "
	    "USED\n"
	    "okta    auto: okta  01     live      users read-only  2026-11-24 10:00:00Z  never                 -\n"
	    "okta    auto: okta  02     revoked   everything       2026-11-24 10:00:00Z  2026-11-24 10:00:00Z  -\n"
	    "okta    auto: okta  03     expired   everything       2026-11-24 10:00:00Z  2026-11-24 10:00:00Z  -\n"
	    "corp    entra       -      no token  -                -                     -                     -\n");
}

static void
client_shows_what_its_profile_means(void **state)
{
	(void)state;
	assert_view(au_view_client,
	    "{\"name\":\"corp\",\"description\":\"Head office\",\"profile\":\"auto\",\"provider\":{\"profile\":"
	    "\"entra\",\"evidence\":\"it said "
	    "so\",\"seen_ms\":1795514400000},\"tokens\":[{\"live\":true},{}],\"habits\":["
	    "{\"name\":\"no-path\",\"on\":true,\"text\":\"Fine.\"},{\"name\":\"password\",\"on\":false,\"text\":\"Not "
	    "so.\"}]}",
	    "client: corp\n"
	    "description: Head office\n"
	    "live tokens: 1\n"
	    "profile: auto\n"
	    "recognised as: entra, because it said so; first seen 2026-11-24 10:00:00Z\n"
	    "\n"
	    "What that means:\n"
	    "  no-path (on): Fine.\n"
	    "  password (off): Not so.\n");
}

static void
audit_tells_whether_the_chain_is_intact(void **state)
{
	(void)state;
	assert_view(au_view_audit_verdict, "{\"intact\":false,\"text\":\"row 7 was changed\"}",
	    "The chain is broken: row 7 was changed\n");
	assert_view(au_view_audit_verdict, "{\"intact\":true,\"verified\":3,\"last\":3}",
	    "The chain is intact: 3 rows verified, the last is row 3.\n");
	assert_view(au_view_audit_verdict,
	    "{\"intact\":true,\"verified\":1,\"last\":9,\"removed\":8,\"anchors_met\":2,\"anchors_removed\":1}",
	    "The chain is intact: one row verified, the last is row 9.\n"
	    "Rows up to 8 were removed for their age, as audit_keep says.\n"
	    "It holds what was logged of it: 2 anchors.\n"
	    "one anchor is of rows that were removed for their age.\n");
	assert_view(au_view_audit, "{\"rows\":[]}", "");
	assert_view(au_view_audit,
	    "{\"rows\":[{\"seq\":3,\"at_ms\":1795514400000,\"actor\":\"uid:0\",\"verb\":\"client.add\",\"object\":"
	    "\"okta\","
	    "\"detail\":{\"token\":\"01\"}}]}",
	    "ROW  WHEN                  WHO    DID         TO    DETAIL\n"
	    "  3  2026-11-24 10:00:00Z  uid:0  client.add  okta  {\"token\":\"01\"}\n");
}

static void
view_plan(const json_t *json, bool colour, struct au_str *out)
{
	const struct au_plan_look look = { .colour = colour, .columns = 40 };

	au_view_plan(json, &look, out);
}

/* What a later or an earlier daemon leaves out must not bring the client down. */
static void
every_view_survives_an_answer_without_members(void **state)
{
	static au_view *const views[] = { au_view_status, au_view_sources, au_view_targets, au_view_users, au_view_user,
		au_view_explain, view_plan, au_view_applied, au_view_run, au_view_steps, au_view_held, au_view_decision,
		au_view_client, au_view_clients, au_view_audit, au_view_people, au_view_work, au_view_work_order,
		au_view_work_said };
	static const char *const answers[] = { "{}", "[]",
		"{\"sources\":[{}],\"targets\":[{\"rules\":[{}],\"steps\":[{}],\"account\":{}}],\"users\":[{"
		"\"accounts\":[{}]}],"
		"\"accounts\":[{\"steps\":[{}]}],\"entries\":[{}],\"steps\":[{}],\"findings\":[{}],\"rows\":[{}],"
		"\"issuers\":[{}],\"clients\":[{\"tokens\":[{}],\"provider\":{}},{}],\"tokens\":[{}],\"provider\":{},\"habits\":[{}]}",
		"{\"sources\":[1],\"targets\":[null],\"users\":[\"a\"],\"steps\":[[]],\"clients\":3,\"rows\":\"x\","
		"\"user\":7}" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(views); i++)
		for (size_t k = 0; k < AU_COUNT(answers); k++) {
			AU_CLEANUP(au_freep) char *text = render(views[i], answers[k]);
			assert_non_null(text);
		}
}

static void
source_is_shown_with_its_readings_and_who_is_missing(void **state)
{
	(void)state;
	assert_view(au_view_source,
	    "{\"name\":\"corp\",\"kind\":\"ldap\",\"state\":\"suspect\",\"complete\":false,\"text\":\"why\","
	    "\"server\":\"ldap://a\",\"product\":\"\",\"cover\":\"clear text\",\"vendor\":\"openldap\",\"way\":\"RFC "
	    "4533\",\"accesslog\":\"in use\",\"effective\":{\"attr_user_name\":\"uid\",\"attr_member\":\"member, memberUid\"},\"entries\":3,"
	    "\"groups\":1,\"drift\":2,"
	    "\"searches\":[{\"search\":\"people\",\"whole_ms\":0,\"missing\":1,\"doubt\":\"1 of 3\"}],"
	    "\"readings\":[{\"search\":\"people\",\"kind\":\"whole\",\"way\":\"paged\",\"verdict\":\"complete\","
	    "\"started_ms\":1000,\"took_ms\":2000,\"entries\":2,\"values\":0,\"removed\":0,\"missing\":1,\"held\":0}],"
	    "\"missing\":[{\"id\":\"p\",\"dn\":\"uid=p\",\"name\":\"pat\",\"group\":\"g\"}],\"missing_total\":3}",
	    "source: corp, ldap\n"
	    "state: suspect, not complete\n"
	    "why: why\n"
	    "server: ldap://a\n"
	    "cover: clear text\n"
	    "vendor: openldap, RFC 4533\n"
	    "accesslog: in use\n"
	    "attr_user_name: uid\n"
	    "attr_member: member, memberUid\n"
	    "people: 3, groups: 1\n"
	    "drift: 2\n"
	    "\n"
	    "SEARCH  LAST WHOLE READ  MISSING  DOUBT\n"
	    "people  -                      1  1 of 3\n"
	    "\n"
	    "READ                  SEARCH  KIND   WAY    RESULT    TOOK  ENTRIES  VALUES  REMOVED  MISSING  HELD  WHY\n"
	    "1970-01-01 00:00:01Z  people  whole  paged  complete  2s          2       0        0        1     0  -\n"
	    "\n"
	    "MISSING OR HELD  DN     GROUP  ID\n"
	    "pat              uid=p  g      p\n"
	    "and 2 more\n");
}

static void
test_of_a_source_tells_where_each_value_came_from(void **state)
{
	(void)state;
	assert_view(au_view_trial,
	    "{\"source\":\"corp\",\"kind\":\"ldap\",\"server\":{\"url\":\"ldaps://one\",\"cover\":\"TLSv1.3\","
	    "\"vendor\":\"openldap\",\"vendor_why\":\"it says so\",\"contexts\":[\"dc=x\"],"
	    "\"controls\":[{\"oid\":\"1.2\",\"name\":\"pages\"},{\"oid\":\"3.4\"}]},"
	    "\"searches\":[{\"search\":\"people\",\"base\":\"dc=x\",\"filter\":\"(a=b)\",\"total\":9,"
	    "\"total_is_whole\":false,\"read\":2,\"inactive\":1,\"inactive_by\":[{\"test\":\"lock\",\"inactive\":1}],"
	    "\"attributes\":[{\"name\":\"mail\",\"found\":1}],\"commands\":[\"ldapsearch people\"],"
	    "\"entries\":[{\"dn\":\"uid=a\\u001b\",\"id\":\"1\",\"active\":false,\"inactive_by\":\"lock\",\"texts\":["
	    "{\"option\":\"attr_mail\",\"expression\":\"m | n\",\"value\":\"a@x\",\"from\":\"n\"},"
	    "{\"option\":\"attr_x\",\"expression\":\"x\"}]}]},"
	    "{\"search\":\"groups\",\"total\":1,\"read\":1,\"entries\":[{\"dn\":\"cn=g\",\"id\":\"2\",\"active\":true,"
	    "\"members\":1,\"first_members\":[{\"name\":\"uid=a\",\"is\":\"person\"}],"
	    "\"searches\":[{\"what\":\"w\",\"base\":\"ou=p\",\"filter\":\"(c=d)\"}]}]}],"
	    "\"canaries\":[{\"search\":\"people\",\"name\":\"uid=a\",\"is\":\"seen\"},"
	    "{\"search\":\"groups\",\"name\":\"cn=h\",\"is\":\"absent\"}],"
	    "\"commands\":[\"ldapwhoami\"],\"findings\":[{\"level\":\"warning\",\"text\":\"look\"}]}",
	    "source: corp (ldap)\n"
	    "server: ldaps://one (TLSv1.3)\n"
	    "vendor: openldap (it says so)\n"
	    "naming contexts: dc=x\n"
	    "controls: pages, 3.4\n"
	    "\n"
	    "people: at least 9, 2 of them read\n"
	    "base: dc=x\n"
	    "filter: (a=b)\n"
	    "inactive: 1 (lock: 1)\n"
	    "attributes, and how many of 2 have them: mail 1\n"
	    "\n"
	    "uid=a\\x1b, inactive by lock\n"
	    "  id 1\n"
	    "  OPTION     VALUE    FROM  OF\n"
	    "  attr_mail  a@x      n     m | n\n"
	    "  attr_x     nothing  -     x\n"
	    "\n"
	    "groups: 1, 1 of them read\n"
	    "\n"
	    "cn=g\n"
	    "  id 2\n"
	    "  one member\n"
	    "    uid=a: person\n"
	    "  more are searched for below ou=p by (c=d)\n"
	    "\n"
	    "canary uid=a: seen\n"
	    "canary cn=h: not seen: there is no such entry\n"
	    "\n"
	    "The same by hand:\n"
	    "  ldapwhoami\n"
	    "  ldapsearch people\n"
	    "\n"
	    "warning: look\n");
}

static void
one_user_is_shown_stage_by_stage(void **state)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	static const char text[] =
	    "{\"user\":{\"user_name\":\"ann\",\"mail\":\"a@b\"},"
	    "\"entries\":[{\"id\":\"p1\",\"source\":\"corp\",\"active\":true,\"readings\":[{\"search\":\"people\","
	    "\"verdict\":\"partial\",\"at_ms\":1795514400000,\"why\":\"size limit\"}]}],"
	    "\"sources\":[{\"source\":\"corp\",\"state\":\"read\",\"groups\":3,\"groups_read\":2},"
	    "{\"source\":\"hr\",\"state\":\"not read\",\"text\":\"it did not answer\",\"at_ms\":1795514400000},"
	    "{\"source\":\"okta\",\"state\":\"pushed\"},{\"source\":\"old\",\"state\":\"absent\"}],"
	    "\"reads\":[{\"target\":\"room\",\"login\":\"ann\",\"state\":\"not read\",\"text\":\"the target is paused: "
	    "x\"}],"
	    "\"targets\":[{\"target\":\"room\",\"wanted\":true,\"wanted_rights\":{\"roles\":[\"run\"]},\"rules\":[{"
	    "\"rule\":\"r\","
	    "\"source\":\"corp\",\"group\":\"g\",\"template\":\"t\",\"member\":true,\"why\":\"in "
	    "g\"},{\"rule\":\"other\","
	    "\"member\":false}]}],\"plan\":{\"steps\":[],\"findings\":[]}}";
	const struct au_plan_look look = { .all = true };

	(void)state;
	assert_int_equal(au_json_parse(text, strlen(text), AU_JSON_DEPTH, &json, NULL), 0);
	au_view_single(json, &look, &out);
	assert_non_null(
	    strstr(au_str_get(&out), "Read\n"
				     "  entry p1 of corp\n"
				     "    read: people partial, 2026-11-24 10:00:00Z: size limit\n"
				     "  source corp: read now, with 2 of 3 groups\n"
				     "  source hr: not read: it did not answer; what we heard of it counts, all of "
				     "it was read last at 2026-11-24 10:00:00Z\n"
				     "  source okta: pushed by its client, what was pushed is the truth\n"
				     "  source old: it shows no such entry now; nothing is taken away for that "
				     "before all of it was read\n"
				     "  account ann in room: not read, as the target is paused: x; what was "
				     "seen before counts\n"
				     "\nMerged\nann\n"));
	assert_non_null(strstr(au_str_get(&out), "\nWanted\n  room: wanted, {\"roles\":[\"run\"]}\n"
						 "    yes  rule r: corp:g gives t (in g)\n"));
	assert_null(strstr(au_str_get(&out), "other"));
	assert_non_null(strstr(au_str_get(&out), "\nCompared\n"));
}

static void
outcomes_and_quarantine_are_lines(void **state)
{
	(void)state;
	assert_view(au_view_outcome,
	    "{\"id\":7,\"target\":\"room\",\"op\":\"create\",\"state\":\"failed\",\"error\":\"mail is wrong\"}",
	    "  step 7 room create failed: mail is wrong\n");
	assert_view(au_view_outcome, "{\"id\":8,\"target\":\"room\",\"op\":\"enable\",\"state\":\"done\"}",
	    "  step 8 room enable done\n");
	assert_view(au_view_quarantine, "{\"quarantine\":[]}", "Nobody is quarantined.\n");
	assert_view(au_view_quarantine,
	    "{\"quarantine\":[{\"user\":\"ann\",\"target\":\"room\",\"since_ms\":1795514400000,\"failures\":8,"
	    "\"reason\":\"mail is wrong\"}]}",
	    "USER  TARGET  SINCE                 FAILURES  REASON\n"
	    "ann   room    2026-11-24 10:00:00Z         8  mail is wrong\n");
}

static void
capacity_tells_who_waits_and_what_would_fit(void **state)
{
	(void)state;
	assert_view(au_view_capacity, "{\"pools\":[]}", "No target has a pool with a limit.\n");
	assert_view(au_view_capacity,
	    "{\"pools\":[{\"target\":\"iris\",\"pool\":\"slots\",\"limit\":10,\"ours\":7,\"others\":3,\"reserved\":0,"
	    "\"reserve\":0,\"free\":0,\"waiting\":2,\"line\":[\"ann\",\"bob\"],"
	    "\"next\":\"next to be freed: cid (its disable is held)\",\"what_if\":{\"more\":2,\"fit\":0,\"wait\":2}},"
	    "{\"target\":\"room\",\"pool\":\"seats:RUNTIME\",\"ours\":4,\"others\":1,\"reserved\":1,\"reserve\":0,"
	    "\"waiting\":0,\"line\":[],\"what_if\":{\"more\":2,\"fit\":2,\"wait\":0}}]}",
	    "TARGET  POOL           LIMIT  OURS  OTHERS  RESERVED  KEPT  FREE  WAITING\n"
	    "iris    slots             10     7       3         0     0     0        2\n"
	    "room    seats:RUNTIME      -     4       1         1     0     -        0\n"
	    "\n"
	    "iris, slots:\n"
	    "  next to be freed: cid (its disable is held)\n"
	    "  who waits, in order: ann, bob\n"
	    "  of 2 more 0 fit and 2 would wait\n"
	    "\n"
	    "room, seats:RUNTIME:\n"
	    "  2 more fit\n");
	assert_view(au_view_capacity,
	    "{\"pools\":[{\"target\":\"iris\",\"pool\":\"slots\",\"limit\":3,\"ours\":1,\"others\":0,\"reserved\":0,"
	    "\"reserve\":0,\"free\":2,\"waiting\":0,\"limit_read\":5,\"used_read\":1,\"read_ms\":1795514400000,"
	    "\"note\":\"it has more\"}],"
	    "\"what_if\":{\"template\":\"slot\",\"more\":4,\"fit\":2,\"wait\":2,\"full\":\"slots\"}}",
	    "TARGET  POOL   LIMIT  OURS  OTHERS  RESERVED  KEPT  FREE  WAITING\n"
	    "iris    slots      3     1       0         0     0     2        0\n"
	    "\n"
	    "iris, slots:\n"
	    "  it has more\n"
	    "  the target said at 2026-11-24 10:00:00Z: there are 5, 1 are taken\n"
	    "\n"
	    "With template slot: of 4 more 2 fit and 2 would wait, as slots runs out first\n");
	assert_view(au_view_capacity,
	    "{\"pools\":[{\"target\":\"wfm\",\"pool\":\"seats\",\"limit\":12,\"ours\":11,\"others\":0,\"reserved\":0,"
	    "\"reserve\":0,\"free\":1,\"waiting\":0,\"beyond\":\"tell\","
	    "\"what_if\":{\"more\":3,\"fit\":3,\"wait\":0,\"billed\":2}}]}",
	    "TARGET  POOL   LIMIT  OURS  OTHERS  RESERVED  KEPT  FREE  WAITING\n"
	    "wfm     seats     12    11       0         0     0     1        0\n"
	    "\n"
	    "wfm, seats:\n"
	    "  3 more fit, of which 2 go beyond the commitment and are billed\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_user_is_shown_stage_by_stage),
		cmocka_unit_test(outcomes_and_quarantine_are_lines),
		cmocka_unit_test(run_tells_what_became_of_the_steps),
		cmocka_unit_test(saved_plan_names_what_moved_from_old_to_new),
		cmocka_unit_test(status_has_verdict_counts_and_tables),
		cmocka_unit_test(status_tells_who_comes_to_an_end),
		cmocka_unit_test(status_tells_what_waits_for_people_and_how_old_their_word_is),
		cmocka_unit_test(users_show_where_they_have_accounts),
		cmocka_unit_test(owners_and_applications_have_columns_where_anybody_has_one),
		cmocka_unit_test(user_shows_accounts_and_steps),
		cmocka_unit_test(explanation_goes_from_entry_to_verdict),
		cmocka_unit_test(held_steps_come_with_advice),
		cmocka_unit_test(decisions_say_what_came_of_each_step),
		cmocka_unit_test(clients_show_the_state_of_their_tokens),
		cmocka_unit_test(client_shows_what_its_profile_means),
		cmocka_unit_test(audit_tells_whether_the_chain_is_intact),
		cmocka_unit_test(capacity_tells_who_waits_and_what_would_fit),
		cmocka_unit_test(every_view_survives_an_answer_without_members),
		cmocka_unit_test(source_is_shown_with_its_readings_and_who_is_missing),
		cmocka_unit_test(test_of_a_source_tells_where_each_value_came_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
