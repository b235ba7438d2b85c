/* SPDX-License-Identifier: ISC */
/* The small judgements, by tables: when to try again, which server, which number is newer. */
#include "model/dn.h"
#include "tests/unit.h"

#include "settings/rows.h"
#include "sourced/cookie.h"
#include "sourced/csn.h"
#include "sourced/dirsync.h"
#include "sourced/dirsync_control.h"
#include "sourced/effective.h"
#include "sourced/retry.h"
#include "sourced/usn.h"
#include "sourced/vendor.h"
#include "sourced/watch.h"

#include <ldap.h>
#include <string.h>

/* ---- faults and retries ---- */

static const struct {
	int code;
	enum au_fault_kind kind;
	bool fail_over;
} codes[] = {
	{ LDAP_SERVER_DOWN, AU_FAULT_REACH, true },
	{ LDAP_BUSY, AU_FAULT_REACH, true },
	{ LDAP_UNAVAILABLE, AU_FAULT_REACH, true },
	{ LDAP_OTHER, AU_FAULT_REACH, true },
	{ LDAP_TIMELIMIT_EXCEEDED, AU_FAULT_PARTIAL, false },
	{ LDAP_SIZELIMIT_EXCEEDED, AU_FAULT_PARTIAL, false },
	{ LDAP_ADMINLIMIT_EXCEEDED, AU_FAULT_PARTIAL, false },
	{ LDAP_REFERRAL, AU_FAULT_PARTIAL, false },
	{ LDAP_INVALID_CREDENTIALS, AU_FAULT_LOGIN, false },
	{ LDAP_INSUFFICIENT_ACCESS, AU_FAULT_SETUP, false },
	{ LDAP_NO_SUCH_OBJECT, AU_FAULT_SETUP, false },
	{ LDAP_UNWILLING_TO_PERFORM, AU_FAULT_SETUP, false },
	{ LDAP_UNAVAILABLE_CRITICAL_EXTENSION, AU_FAULT_SETUP, false },
	{ LDAP_SYNC_REFRESH_REQUIRED, AU_FAULT_RELOAD, false },
};

static void
result_codes_have_their_kinds(void **state)
{
	struct au_fault fault;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(codes); i++) {
		au_fault_from_code(&fault, codes[i].code, "search", "by the server");
		if (fault.kind != codes[i].kind || fault.fail_over != codes[i].fail_over)
			fail_msg("code %d", codes[i].code);
		assert_int_equal(fault.code, codes[i].code);
		assert_non_null(strstr(fault.text, "by the server"));
	}
}

static void
server_s_text_cannot_forge_a_line(void **state)
{
	struct au_fault fault;

	(void)state;
	au_fault_from_code(&fault, LDAP_OTHER, "search", "one\nlevel=error");
	assert_null(strchr(fault.text, '\n'));
}

static struct au_server_list
three_servers(void)
{
	static struct au_server servers[3];

	return (struct au_server_list){ .servers = servers, .count = 3 };
}

static void
every_server_is_tried_before_waiting(void **state)
{
	struct au_server_list servers = three_servers();
	struct au_retry retry = { 0 };
	struct au_fault fault;

	(void)state;
	au_fault_set(&fault, AU_FAULT_REACH, "gone");
	assert_int_equal(au_retry_after(&retry, &fault, &servers, 60000, UINT32_MAX), 0);
	assert_int_equal(servers.current, 1);
	assert_int_equal(au_retry_after(&retry, &fault, &servers, 60000, UINT32_MAX), 0);
	assert_int_equal(au_retry_after(&retry, &fault, &servers, 60000, UINT32_MAX), 1000);
	assert_int_equal(servers.current, 0);
	/* The waits double up to the cap, once per round. */
	for (int i = 0; i < 60; i++)
		assert_true(au_retry_after(&retry, &fault, &servers, 60000, UINT32_MAX) <= 60000);
	assert_int_equal(servers.current, 0);
	au_retry_succeeded(&retry, &servers);
	assert_int_equal(retry.tries, 0);
}

static void
server_that_works_is_kept(void **state)
{
	struct au_server_list servers = three_servers();
	struct au_retry retry = { 0 };
	struct au_fault fault;

	(void)state;
	au_fault_set(&fault, AU_FAULT_REACH, "gone");
	au_retry_after(&retry, &fault, &servers, 60000, 1);
	au_retry_succeeded(&retry, &servers);
	assert_int_equal(servers.current, 1);
	au_fault_set(&fault, AU_FAULT_PARTIAL, "size limit");
	assert_true(au_retry_after(&retry, &fault, &servers, 60000, 1) > 0);
	assert_int_equal(servers.current, 1);
}

static void
wrong_password_is_tried_every_quarter_of_an_hour(void **state)
{
	struct au_server_list servers = three_servers();
	struct au_retry retry = { 0 };
	struct au_fault fault;

	(void)state;
	au_fault_from_code(&fault, LDAP_INVALID_CREDENTIALS, "log-in", NULL);
	for (int i = 0; i < 5; i++)
		assert_int_equal(au_retry_after(&retry, &fault, &servers, 1000, 0), 15 * 60 * 1000);
	assert_int_equal(servers.current, 0);
	assert_int_equal(au_retry_state(&fault, 15 * 60 * 1000), AU_LINK_QUARANTINE);
}

static void
server_that_is_not_believed_is_left_for_the_next(void **state)
{
	struct au_server_list servers = three_servers();
	struct au_retry retry = { 0 };
	struct au_fault fault;

	(void)state;
	au_fault_set(&fault, AU_FAULT_SETUP, "certificate refused");
	fault.fail_over = true;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(au_retry_after(&retry, &fault, &servers, 60000, 1), 0);
		assert_int_equal(au_retry_state(&fault, 0), AU_LINK_STALE);
	}
	/* None is left: a person has to act. */
	assert_int_equal(au_retry_after(&retry, &fault, &servers, 60000, 1), 60000);
	assert_int_equal(au_retry_state(&fault, 60000), AU_LINK_QUARANTINE);
}

static const struct {
	enum au_fault_kind kind;
	unsigned times;
	int64_t wait; /* at the last one, with the largest random number */
	enum au_link_state state;
	bool alarm;
} reactions[] = {
	{ AU_FAULT_REACH, 1, 1000, AU_LINK_STALE, false },
	{ AU_FAULT_REACH, 20, 60000, AU_LINK_STALE, false },
	{ AU_FAULT_PARTIAL, 1, 1000, AU_LINK_STALE, false },
	{ AU_FAULT_PARTIAL, 2, 2000, AU_LINK_STALE, false },
	{ AU_FAULT_PARTIAL, 3, 4000, AU_LINK_STALE, true },
	{ AU_FAULT_SETUP, 1, 60000, AU_LINK_QUARANTINE, true },
	{ AU_FAULT_LOGIN, 1, 15 * 60 * 1000, AU_LINK_QUARANTINE, true },
	{ AU_FAULT_LOGIN, 9, 15 * 60 * 1000, AU_LINK_QUARANTINE, true },
};

static void
each_kind_of_fault_has_its_reaction(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(reactions); i++) {
		static struct au_server one[1];
		struct au_server_list servers = { .servers = one, .count = 1 };
		struct au_retry retry = { 0 };
		struct au_fault fault;
		int64_t wait = 0;

		au_fault_set(&fault, reactions[i].kind, "why");
		fault.fail_over = false;
		for (unsigned k = 0; k < reactions[i].times; k++)
			wait = au_retry_after(&retry, &fault, &servers, 60000, UINT32_MAX);
		assert_int_equal(wait, reactions[i].wait);
		assert_int_equal(au_retry_state(&fault, wait), reactions[i].state);
		assert_int_equal(au_retry_alarms(&retry), reactions[i].alarm);
		au_retry_succeeded(&retry, &servers);
		assert_false(au_retry_alarms(&retry));
	}
}

static void
another_fault_between_begins_the_count_anew(void **state)
{
	static const enum au_fault_kind kinds[] = { AU_FAULT_PARTIAL, AU_FAULT_PARTIAL, AU_FAULT_REACH,
		AU_FAULT_PARTIAL, AU_FAULT_PARTIAL };
	struct au_server_list servers = three_servers();
	struct au_retry retry = { 0 };
	struct au_fault fault;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(kinds); i++) {
		au_retry_after(&retry, au_fault_set(&fault, kinds[i], "why"), &servers, 60000, 1);
		assert_false(au_retry_alarms(&retry));
	}
}

/* ---- servers ---- */

static const struct {
	const char *url;
	bool starttls, insecure;
	enum au_server_tls tls; /* 0: refused */
	const char *host;
	int port;
} urls[] = {
	{ "ldaps://dir.example.com", false, false, AU_TLS_AT_ONCE, "dir.example.com", 636 },
	{ "ldaps://[2001:db8::1]:6360", false, false, AU_TLS_AT_ONCE, "2001:db8::1", 6360 },
	{ "ldap://dir.example.com", true, false, AU_TLS_START, "dir.example.com", 389 },
	{ "ldap://dir.example.com", false, true, AU_TLS_NONE, "dir.example.com", 389 },
	{ "ldap://dir.example.com", false, false, 0, NULL, 0 },
	{ "ldap://127.0.0.1:3890", false, false, AU_TLS_NONE, "127.0.0.1", 3890 },
	{ "ldap://127.9.9.9", false, false, AU_TLS_NONE, "127.9.9.9", 389 },
	{ "ldap://[::1]", false, false, AU_TLS_NONE, "::1", 389 },
	{ "ldap://localhost", false, false, AU_TLS_NONE, "localhost", 389 },
	{ "ldap://localhost.example.com", false, false, 0, NULL, 0 },
	{ "ldap://127.0.0.1.example.com", false, false, 0, NULL, 0 },
	{ "ldap://10.0.0.1", false, false, 0, NULL, 0 },
	{ "ldapi:///", false, true, 0, NULL, 0 },
	{ "http://dir.example.com", false, true, 0, NULL, 0 },
	{ "ldap://", false, true, 0, NULL, 0 },
};

static void
clear_text_is_spelled_out_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(urls); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		AU_CLEANUP(au_json_decrefp) json_t *list = json_array();
		struct au_source_config config = {
			.starttls = urls[i].starttls, .insecure = urls[i].insecure, .servers = list
		};
		struct au_server_list servers;
		json_array_append_new(list, json_string(urls[i].url));
		int rc = au_server_list_read(arena, &config, &servers, NULL);
		if (rc != (urls[i].tls != 0 ? 0 : AU_EINVAL))
			fail_msg("%s", urls[i].url);
		if (rc < 0)
			continue;
		assert_int_equal(servers.servers[0].tls, urls[i].tls);
		assert_string_equal(servers.servers[0].host, urls[i].host);
		assert_int_equal(servers.servers[0].port, urls[i].port);
	}
}

/* ---- numbers and cookies ---- */

#define CSN(second, sid) "202611240000" second ".000000Z#000000#" sid "#000000"

static const struct {
	const char *csn, *cookie;
	bool newer;
} numbers[] = {
	{ CSN("01", "000"), "rid=000,csn=" CSN("01", "000"), false },
	{ CSN("02", "000"), "rid=000,csn=" CSN("01", "000"), true },
	{ CSN("01", "000"), "rid=000,csn=" CSN("02", "000"), false },
	{ CSN("03", "002"), "rid=000,csn=" CSN("09", "001") ";" CSN("02", "002"), true },
	{ CSN("02", "002"), "rid=000,csn=" CSN("09", "001") ";" CSN("02", "002"), false },
	{ CSN("02", "001"), "rid=000,sid=001,csn=" CSN("03", "001"), false },
	{ CSN("01", "003"), "rid=000,csn=" CSN("09", "001"), true },
	{ "rubbish", "rid=000,csn=" CSN("01", "000"), false },
	{ CSN("02", "000"), "opaque", false },
};

static void
numbers_are_compared_by_server(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(numbers); i++)
		if (au_csn_is_newer(numbers[i].csn, numbers[i].cookie) != numbers[i].newer)
			fail_msg("row %zu", i);
}

static void
cookies_of_any_bytes_come_back(void **state)
{
	const struct berval cookies[] = {
		{ 11, (char[]){ "rid=000,csn" } },
		{ 4, (char[]){ 'a', 0, 'b', (char)0xff } },
		{ 6, (char[]){ "hex:00" } },
		{ 1, (char[]){ "\n" } },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(cookies); i++) {
		AU_CLEANUP(au_freep) char *text = au_cookie_text(&cookies[i]);
		struct berval back = au_cookie_bytes(text);
		assert_int_equal(back.bv_len, cookies[i].bv_len);
		assert_memory_equal(back.bv_val, cookies[i].bv_val, back.bv_len);
		free(back.bv_val);
	}
	struct berval none = au_cookie_bytes("hex:zz");
	assert_int_equal(none.bv_len, 0);
	free(none.bv_val);
}

static void
names_end_at_whole_parts(void **state)
{
	(void)state;
	assert_true(au_dn_is_below("uid=a,ou=people,dc=x", "ou=people,dc=x"));
	assert_true(au_dn_is_below("ou=people,dc=x", "ou=people,dc=x"));
	assert_true(au_dn_is_below("dc=x", ""));
	assert_false(au_dn_is_below("ou=morepeople,dc=x", "people,dc=x"));
	assert_false(au_dn_is_below("dc=x", "ou=people,dc=x"));
}

static void
the_nearest_context_holds_a_name(void **state)
{
	static const char *contexts[] = { "dc=x", "cn=configuration,dc=x", "dc=zones,dc=x", NULL };
	struct au_root root = { .contexts = contexts }, none = { .contexts = NULL };

	(void)state;
	assert_string_equal(au_root_context(&root, "ou=people,dc=x"), "dc=x");
	assert_string_equal(au_root_context(&root, "cn=sites,cn=configuration,dc=x"), "cn=configuration,dc=x");
	assert_null(au_root_context(&root, "ou=people,dc=y"));
	assert_null(au_root_context(&none, "ou=people,dc=x"));
}

static void
a_server_is_known_by_what_it_says(void **state)
{
	static const char *sync[] = { LDAP_CONTROL_SYNC, NULL }, *openldap[] = { "top", "OpenLDAProotDSE", NULL };
	static const char *active[] = { AU_OID_ACTIVE_DIRECTORY, NULL }, *dirsync[] = { AU_OID_DIRSYNC, NULL };
	static const struct {
		struct au_root root;
		const char *vendor, *attribute;
		bool resumes, is_followed;
	} servers[] = {
		{ { .object_classes = openldap, .controls = sync }, "openldap", "entryUUID", true, true },
		{ { .object_classes = openldap }, "openldap", "entryUUID", true, false },
		{ { .vendor_name = "389 Project", .controls = sync }, "389ds", "nsUniqueId", false, true },
		{ { .vendor_version = "389-Directory/2.3.1 B2023" }, "389ds", "nsUniqueId", false, false },
		{ { .capabilities = active, .vendor_name = "" }, "ad", "objectGUID", true, false },
		{ { .capabilities = active, .vendor_name = "", .controls = dirsync }, "ad", "objectGUID", true, true },
		{ { .capabilities = active, .vendor_name = "", .highest_usn = "12", .ds_service_name = "cn=x" }, "ad",
		    "objectGUID", true, true },
		{ { .capabilities = active, .vendor_name = "", .highest_usn = "12", .ds_service_name = "" }, "ad",
		    "objectGUID", true, false },
		{ { .capabilities = active, .vendor_name = "Samba Team", .controls = dirsync }, "samba", "objectGUID",
		    true, true },
		{ { .vendor_name = "ForgeRock AS.", .controls = sync }, "generic", "entryUUID", false, true },
		{ { .vendor_name = "Samba" }, "generic", "entryUUID", false, false },
	};

	static const struct au_source_config plain = { .people_filter = "(a=b)", .groups_filter = "(a=b)" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(servers); i++) {
		const struct au_vendor *vendor = au_vendor_find("auto", &servers[i].root);
		assert_string_equal(vendor->name, servers[i].vendor);
		assert_string_equal(vendor->identity->attribute, servers[i].attribute);
		assert_int_equal(vendor->resumes, servers[i].resumes);
		assert_int_equal(au_vendor_way(vendor, &servers[i].root, &plain, NULL) != NULL, servers[i].is_followed);
	}
}

static const struct {
	const char *people, *groups, *attr_id;
	bool is_followed;
} searches[] = {
	{ "(objectClass=person)", "(cn=memberOf)", NULL, true },
	{ "(objectClass=person)", "(memberOfAll=x)", NULL, true },
	{ "(memberOf=cn=x)", "(cn=x)", NULL, false },
	{ "(cn=x)", "(&(cn=x)(!( memberof:dn:=cn=x)))", NULL, false },
	{ "(|(cn=x)(memberOf;x-y=*))", "(cn=x)", NULL, false },
	{ "(cn=x)", "(cn=x)", "employeeNumber", false },
};

static void
what_a_server_does_not_push_is_polled(void **state)
{
	static const char *sync[] = { LDAP_CONTROL_SYNC, NULL };
	struct au_root root = { .controls = sync };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(searches); i++) {
		struct au_source_config config = { .people_filter = searches[i].people,
			.groups_filter = searches[i].groups,
			.attr_id = searches[i].attr_id };
		const struct au_way *way = au_vendor_way(au_vendor_find("openldap", &root), &root, &config, NULL);
		if ((way != NULL) != searches[i].is_followed)
			fail_msg("%s %s", searches[i].people, searches[i].groups);
		way = au_vendor_way(au_vendor_find("389ds", &root), &root, &config, NULL);
		assert_int_equal(way != NULL, searches[i].attr_id == NULL);
		assert_null(au_vendor_way(au_vendor_find("389ds", &root), &root, &config, &au_way_sync));
	}
}

static void
what_no_option_says_the_vendor_says(void **state)
{
	static const char *active[] = { AU_OID_ACTIVE_DIRECTORY, NULL };
	struct au_root root = { .capabilities = active };
	struct au_source_config config = { .attr_user_name = "cn" };
	AU_CLEANUP(au_json_decrefp) json_t *tests = json_pack("[s]", "loginShell=/bin/false");
	AU_CLEANUP(au_json_decrefp) json_t *ad = au_effective_to_json(&config, au_vendor_find("auto", &root));
	struct au_source_config any = au_effective(&(struct au_source_config){ .attr_mail = "m" }, au_vendor_any());

	(void)state;
	assert_string_equal(au_json_get_str(ad, "people_filter"), "(&(objectCategory=person)(objectClass=user))");
	assert_string_equal(au_json_get_str(ad, "groups_filter"), "(objectClass=group)");
	assert_string_equal(au_json_get_str(ad, "attr_user_name"), "cn");
	assert_string_equal(au_json_get_str(ad, "attr_mail"), "mail | userPrincipalName");
	assert_string_equal(au_json_get_str(ad, "attr_id"), "objectGUID");
	assert_string_equal(au_json_get_str(ad, "attr_member"), "member");
	assert_string_equal(au_json_get_str(ad, "disabled"), "userAccountControl, accountExpires");
	assert_string_equal(any.people_filter, "(objectClass=person)");
	assert_string_equal(any.attr_user_name, "uid");
	assert_string_equal(any.attr_mail, "m");
	config.disabled = tests;
	AU_CLEANUP(au_json_decrefp) json_t *own = au_effective_to_json(&config, au_vendor_find("auto", &root));
	assert_string_equal(au_json_get_str(own, "disabled"), "loginShell=/bin/false");
	json_array_clear(tests);
	AU_CLEANUP(au_json_decrefp) json_t *none = au_effective_to_json(&config, au_vendor_find("auto", &root));
	assert_null(au_json_get_str(none, "disabled"));
}

static const char *
way_of(const char *follow, const struct au_root *root, const struct au_way *refused)
{
	struct au_source_config config = { .people_filter = "(a=b)", .groups_filter = "(a=b)", .follow = follow };
	const struct au_way *way = au_vendor_way(au_vendor_find("auto", root), root, &config, refused);

	return way != NULL ? way->option : NULL;
}

static void
the_way_may_be_chosen(void **state)
{
	static const char *active[] = { AU_OID_ACTIVE_DIRECTORY, NULL }, *dirsync[] = { AU_OID_DIRSYNC, NULL };
	struct au_root root = {
		.capabilities = active, .controls = dirsync, .highest_usn = "12", .ds_service_name = "cn=x"
	};

	(void)state;
	assert_string_equal(way_of("auto", &root, NULL), "dirsync");
	assert_string_equal(way_of("auto", &root, &au_way_dirsync), "usn");
	assert_null(way_of("auto", &root, &au_way_usn));
	assert_string_equal(way_of("usn", &root, NULL), "usn");
	assert_null(way_of("dirsync", &root, &au_way_dirsync));
	assert_null(way_of("syncrepl", &root, NULL));
	assert_null(way_of("poll", &root, NULL));
}

static void
membership_through_other_groups_is_polled(void **state)
{
	static const char *active[] = { AU_OID_ACTIVE_DIRECTORY, NULL }, *dirsync[] = { AU_OID_DIRSYNC, NULL };
	struct au_root root = { .capabilities = active, .controls = dirsync };
	struct au_source_config direct = { .people_filter = "(memberOf=cn=x)", .groups_filter = "(cn=x)" };
	struct au_source_config nested = { .people_filter = "(memberOf:1.2.840.113556.1.4.1941:=cn=x)",
		.groups_filter = "(cn=x)" };

	(void)state;
	assert_non_null(au_vendor_way(au_vendor_find("auto", &root), &root, &direct, NULL));
	assert_null(au_vendor_way(au_vendor_find("auto", &root), &root, &nested, NULL));
}

static const struct {
	const char *cookie;
	bool is_openldaps;
} cookies[] = {
	{ NULL, false },
	{ "", false },
	{ "rid=000", false },
	{ "rid=000,csn=", false },
	{ "csn=" CSN("01", "000"), false },
	{ "rid=000,csn=" CSN("01", "000"), true },
	{ "rid=000,sid=001,csn=" CSN("01", "001") ";" CSN("02", "00f"), true },
	{ "rid=000,csn=" CSN("01", "000") ",delcsn=" CSN("02", "000"), true },
	{ "rid=000,csn=" CSN("01", "000") ";", false },
	{ "rid=000,csn=2026112400000", false },
	{ "rid=000,csn=20261124000001.000000Z#000000#000#", false },
	{ "rid=000,csn=20261124000001.000000Z#000000#zzz#000000", false },
	{ "hex:0102", false },
	{ "localhost:389#cn=reader:dc=x:(a=b)#17", false },
};

static void
only_openldap_is_believed_and_with_its_own_cookies(void **state)
{
	struct au_root root = { 0 };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(cookies); i++) {
		if (au_vendor_resumes(au_vendor_find("openldap", &root), cookies[i].cookie) != cookies[i].is_openldaps)
			fail_msg("%s", cookies[i].cookie);
		assert_false(au_vendor_resumes(au_vendor_find("389ds", &root), cookies[i].cookie));
		assert_false(au_vendor_resumes(au_vendor_find("generic", &root), cookies[i].cookie));
	}
}

static void
the_option_overrules_what_a_server_says(void **state)
{
	static const char *openldap[] = { "OpenLDAProotDSE", NULL };
	struct au_root root = { .object_classes = openldap };

	(void)state;
	for (const struct au_opt *opt = au_source_rows; opt->name != NULL; opt++)
		for (size_t i = 1; au_streq(opt->name, "vendor") && opt->choices[i] != NULL; i++)
			assert_string_equal(au_vendor_find(opt->choices[i], &root)->name, opt->choices[i]);
}

static const struct {
	const char *attribute;
	struct berval value;
	const char *text;
} ids[] = {
	{ "entryUUID", { 36, (char[]){ "597ae2f6-16a6-1027-98f4-d28b5365DC14" } },
	    "597ae2f6-16a6-1027-98f4-d28b5365dc14" },
	{ "ENTRYUUID", { 35, (char[]){ "597ae2f6-16a6-1027-98f4-d28b5365dc1" } }, NULL },
	{ "entryUUID", { 37, (char[]){ "597ae2f6-16a6-1027-98f4-d28b5365dc141" } }, NULL },
	{ "entryUUID", { 36, (char[]){ "597ae2f6-16a6-1027-98f4+d28b5365dc14" } }, NULL },
	{ "entryUUID", { 36, (char[]){ "597ae2f6-16a6-1027-98f4-d28b5365dcg4" } }, NULL },
	{ "entryUUID", { 0, NULL }, NULL },
	{ "nsUniqueId", { 35, (char[]){ "8D3ab301-9f4b11ee-a1c2d8e1-5f6a7b8c" } },
	    "8d3ab301-9f4b-11ee-a1c2-d8e15f6a7b8c" },
	{ "nsUniqueId", { 36, (char[]){ "8d3ab301-9f4b-11ee-a1c2-d8e15f6a7b8c" } }, NULL },
	{ "objectGUID", { 16, (char[]){ "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\xff" } },
	    "04030201-0605-0807-090a-0b0c0d0e0fff" },
	{ "objectGUID", { 15, (char[]){ "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f" } }, NULL },
	{ "GUID", { 16, (char[]){ "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10" } },
	    "01020304-0506-0708-090a-0b0c0d0e0f10" },
	{ "employeeNumber", { 4, (char[]){ "4711" } }, "4711" },
	{ "employeeNumber", { 1, (char[]){ "\xff" } }, NULL },
	{ "employeeNumber", { 0, (char[]){ "" } }, NULL },
};

static void
ids_become_text_by_their_attribute(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(ids); i++) {
		const char *text = au_identity_named(arena, ids[i].attribute)->text(arena, &ids[i].value);
		if (!au_streq(text, ids[i].text))
			fail_msg("%s %zu: %s", ids[i].attribute, i, text != NULL ? text : "(none)");
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(result_codes_have_their_kinds),
		cmocka_unit_test(server_s_text_cannot_forge_a_line),
		cmocka_unit_test(every_server_is_tried_before_waiting),
		cmocka_unit_test(server_that_works_is_kept),
		cmocka_unit_test(wrong_password_is_tried_every_quarter_of_an_hour),
		cmocka_unit_test(server_that_is_not_believed_is_left_for_the_next),
		cmocka_unit_test(each_kind_of_fault_has_its_reaction),
		cmocka_unit_test(another_fault_between_begins_the_count_anew),
		cmocka_unit_test(clear_text_is_spelled_out_or_refused),
		cmocka_unit_test(numbers_are_compared_by_server),
		cmocka_unit_test(cookies_of_any_bytes_come_back),
		cmocka_unit_test(names_end_at_whole_parts),
		cmocka_unit_test(the_nearest_context_holds_a_name),
		cmocka_unit_test(a_server_is_known_by_what_it_says),
		cmocka_unit_test(what_a_server_does_not_push_is_polled),
		cmocka_unit_test(what_no_option_says_the_vendor_says),
		cmocka_unit_test(the_way_may_be_chosen),
		cmocka_unit_test(membership_through_other_groups_is_polled),
		cmocka_unit_test(only_openldap_is_believed_and_with_its_own_cookies),
		cmocka_unit_test(the_option_overrules_what_a_server_says),
		cmocka_unit_test(ids_become_text_by_their_attribute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
