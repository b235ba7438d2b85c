/* SPDX-License-Identifier: ISC */
/* Servers by SRV records: which records, whose certificate, in which order, and which of them is kept. */
#include "tests/unit.h"

#include "base/mem.h"
#include "base/str.h"
#include "sourced/server.h"

#include <string.h>

/* ---- what a URL stands for ---- */

static const struct {
	const char *url, *service, *name;
	enum au_server_tls tls;
} urls[] = {
	{ "ldap+srv://example.com", "_ldap._tcp.example.com", "example.com", AU_TLS_START },
	{ "ldaps+srv://example.com/", "_ldaps._tcp.example.com", "example.com", AU_TLS_AT_ONCE },
	{ "ldap+srv://_ldap._tcp.dc._msdcs.example.com", "_ldap._tcp.dc._msdcs.example.com", "example.com",
	    AU_TLS_START },
	{ "ldap+srv://_ldap._tcp.site._sites.example.com", "_ldap._tcp.site._sites.example.com", "example.com",
	    AU_TLS_START },
	{ "ldap+srv://my_host.example.com", "_ldap._tcp.my_host.example.com", "my_host.example.com", AU_TLS_START },
	{ "ldap://srv", NULL, "srv", AU_TLS_START },
};

static struct au_server_list
read_list(struct au_arena *arena, const json_t *texts, bool srv_hosts)
{
	struct au_source_config config = { .starttls = true, .servers = texts, .srv_hosts = srv_hosts };
	struct au_server_list list;
	struct au_err err;

	if (au_server_list_read(arena, &config, &list, &err) < 0)
		fail_msg("%s", err.text);
	return list;
}

static void
certificates_are_for_what_was_configured(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(urls); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		AU_CLEANUP(au_json_decrefp) json_t *texts = json_pack("[s]", urls[i].url);
		struct au_server_list list = read_list(arena, texts, false);
		const struct au_server *server = au_server_list_current(&list);
		if (!au_streq(server->service, urls[i].service) || !au_streq(server->name, urls[i].name) ||
		    server->tls != urls[i].tls)
			fail_msg("%s: %s %s", urls[i].url, server->service, server->name);
	}
}

/* ---- the order ---- */

static uint32_t drawn;

static uint32_t
below(uint32_t limit)
{
	return drawn < limit ? drawn : limit - 1;
}

/* Which of the records below comes first, by what is drawn. */
static const struct {
	uint32_t drawn;
	char first;
} orders[] = {
	{ 0, 'c' }, /* the one without weight has its chance */
	{ 1, 'a' },
	{ 10, 'a' },
	{ 11, 'b' },
	{ 30, 'b' },
};

static void
records_are_ordered_by_priority_and_weight(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(orders); i++) {
		struct au_service services[] = {
			{ .host = "d", .priority = 20, .weight = 1000 },
			{ .host = "a", .priority = 10, .weight = 10 },
			{ .host = "b", .priority = 10, .weight = 20 },
			{ .host = "c", .priority = 10, .weight = 0 },
		};
		drawn = orders[i].drawn;
		au_service_order(services, AU_COUNT(services), below);
		if (services[0].host[0] != orders[i].first)
			fail_msg("drawn %u: %s", orders[i].drawn, services[0].host);
		assert_string_equal(services[3].host, "d");
	}
}

/* Of two records with weights 1 and 3, the second is first in three of four cases. */
static void
weights_are_chances(void **state)
{
	unsigned first = 0;

	(void)state;
	for (drawn = 1; drawn <= 4; drawn++) {
		struct au_service services[] = { { .host = "a", .weight = 1 }, { .host = "b", .weight = 3 } };
		au_service_order(services, 2, below);
		first += services[0].host[0] == 'b';
	}
	assert_int_equal(first, 3);
}

/* ---- the list ---- */

static const struct au_service found[] = {
	{ .host = "one.example.com", .port = 389 },
	{ .host = "two.example.com", .port = 390 },
};

static void
hosts_are_tried_one_by_one_then_the_next_url(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp)
	json_t *texts = json_pack("[ss]", "ldap+srv://example.com", "ldap://last.example.com");
	struct au_server_list list = read_list(arena, texts, false);

	(void)state;
	au_server_list_found(&list, found, AU_COUNT(found));
	const struct au_server *server = au_server_list_current(&list);
	assert_string_equal(server->url, "ldap://one.example.com:389");
	assert_string_equal(server->name, "example.com");
	assert_null(server->service);
	assert_false(au_server_list_next(&list));
	assert_string_equal(au_server_list_current(&list)->host, "two.example.com");
	assert_int_equal(au_server_list_current(&list)->port, 390);
	assert_false(au_server_list_next(&list));
	assert_string_equal(au_server_list_current(&list)->host, "last.example.com");
	assert_true(au_server_list_next(&list));
	assert_string_equal(au_server_list_current(&list)->service, "_ldap._tcp.example.com");
	au_server_list_done(&list);
}

static void
host_that_stops_working_is_asked_last(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *texts = json_pack("[s]", "ldap+srv://example.com");
	struct au_server_list list = read_list(arena, texts, true);

	(void)state;
	au_server_list_found(&list, found, AU_COUNT(found));
	assert_string_equal(au_server_list_current(&list)->name, "one.example.com");
	au_server_list_succeeded(&list);
	/* Its records are asked for again at once. */
	assert_false(au_server_list_next(&list));
	assert_non_null(au_server_list_current(&list)->service);
	au_server_list_found(&list, found, AU_COUNT(found));
	assert_string_equal(au_server_list_current(&list)->host, "two.example.com");
	assert_false(au_server_list_next(&list));
	assert_string_equal(au_server_list_current(&list)->host, "one.example.com");
	assert_true(au_server_list_next(&list));
	au_server_list_done(&list);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(certificates_are_for_what_was_configured),
		cmocka_unit_test(records_are_ordered_by_priority_and_weight),
		cmocka_unit_test(weights_are_chances),
		cmocka_unit_test(hosts_are_tried_one_by_one_then_the_next_url),
		cmocka_unit_test(host_that_stops_working_is_asked_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
