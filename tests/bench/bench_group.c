/* SPDX-License-Identifier: ISC */
/*
 * Large groups and long lists: one member added to and taken from groups of several sizes, and pages of 100 users.
 * What is compared is our own figure for the smallest group or the first page: cost must not grow with the size.
 */
#include "tests/bench/measure.h"
#include "tests/bench/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUESTS_MAX 100000
#define CHUNK 5000 /* members added by one request while a group is filled */
#define PATCH_HEAD "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{"

struct group {
	struct server *server;
	size_t size, filled;
	char id[FLOOR_ID_SIZE];
};

static void
note_id(void *context, size_t number, const char *answer)
{
	static const char member[] = "\"id\":\"";
	struct group *group = context;
	const char *id = strstr(answer, member);

	(void)number;
	if (id == NULL || strlen(id) < sizeof(member) + FLOOR_ID_SIZE)
		measure_die("created group without an id");
	memcpy(group->id, id + strlen(member), FLOOR_ID_SIZE - 1);
}

static size_t
write_group(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	const struct group *group = context;
	char body[256];

	(void)number;
	snprintf(body, sizeof(body),
	    "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"displayName\":\"group-of-%zu\"}",
	    group->size);
	return request_put(group->server, text, "POST", "/Groups", body);
}

static size_t
write_fill(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	struct group *group = context;
	size_t end = group->filled + CHUNK < group->size ? group->filled + CHUNK : group->size, used, length;
	char *body = measure_alloc(LOAD_REQUEST_MAX), path[128];

	(void)number;
	used = (size_t)snprintf(body, LOAD_REQUEST_MAX, PATCH_HEAD "\"op\":\"add\",\"path\":\"members\",\"value\":[");
	for (; group->filled < end; group->filled++)
		used += (size_t)snprintf(body + used, LOAD_REQUEST_MAX - used, "{\"value\":\"%s\"}%s",
		    group->server->ids[group->filled], group->filled + 1 < end ? "," : "]}]}");
	snprintf(path, sizeof(path), "/Groups/%s?excludedAttributes=members", group->id);
	length = request_put(group->server, text, "PATCH", path, body);
	free(body);
	return length;
}

/* In turn: take the last member out, put it back; the answer need not list the others. */
static size_t
write_member(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	const struct group *group = context;
	const char *member = group->server->ids[group->size - 1];
	char path[128], body[512];

	snprintf(path, sizeof(path), "/Groups/%s?excludedAttributes=members", group->id);
	if (number % 2 == 0)
		snprintf(body, sizeof(body),
		    PATCH_HEAD "\"op\":\"remove\",\"path\":\"members[value eq \\\"%s\\\"]\"}]}", member);
	else
		snprintf(body, sizeof(body),
		    PATCH_HEAD "\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"%s\"}]}]}", member);
	return request_put(group->server, text, "PATCH", path, body);
}

struct page {
	struct server *server;
	size_t start;
};

static size_t
write_page(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	const struct page *page = context;
	char path[128];

	(void)number;
	snprintf(path, sizeof(path), "/Users?startIndex=%zu&count=100", page->start);
	return request_put(page->server, text, "GET", path, "");
}

static void
run(struct load *load, struct measure_row *row)
{
	struct load_result result = load_run(load);

	if (result.bad > 0)
		printf("%s: %zu of %zu answers had another status\n", row != NULL ? row->name : "set-up", result.bad,
		    result.requests);
	if (row != NULL)
		measure_add(row, result.per_second, result.p50_ms, result.p99_ms);
}

static void
make_group(struct group *group, struct server *server, size_t size)
{
	struct load load = { .port = server->port,
		.connections = 1,
		.seconds = 600,
		.requests = 1,
		.expect = 201,
		.write = write_group,
		.seen = note_id,
		.context = group };

	*group = (struct group){ .server = server, .size = size };
	run(&load, NULL);
	load.write = write_fill;
	load.seen = NULL;
	load.expect = 0;
	load.requests = (size + CHUNK - 1) / CHUNK;
	run(&load, NULL);
}

#define SIZES 4

int
main(int argc, char **argv)
{
	static const size_t sizes[SIZES] = { 100, 1000, 10000, 100000 };
	struct measure_row members[SIZES] = { 0 }, first = { .name = "users 1 to 100" },
			   last = { .name = "the last 100 users (floor: the first)", .floor = &first, .aim = 0.90 };
	static char names[SIZES][64];
	struct group groups[SIZES];
	struct server server;
	struct plan plan;
	size_t count = 0;

	server_main(argc, argv);
	plan_read(&plan);
	server_start(&server, &plan, SERVER_OURS);
	for (; count < SIZES && sizes[count] <= plan.users; count++) {
		snprintf(
		    names[count], sizeof(names[count]), "one member of %zu (floor: of %zu)", sizes[count], sizes[0]);
		members[count].name = names[count];
		members[count].floor = count > 0 ? &members[0] : NULL;
		members[count].aim = 1 / 1.3;
		make_group(&groups[count], &server, sizes[count]);
	}
	for (size_t round = 0; round < plan.rounds; round++) {
		struct page pages[2] = { { &server, 1 }, { &server, plan.users - 99 } };
		struct load load = {
			.port = server.port, .connections = 1, .seconds = plan.seconds, .requests = REQUESTS_MAX
		};

		load.write = write_member;
		load.expect = 0;
		for (size_t i = 0; i < count; i++) {
			load.context = &groups[i];
			run(&load, &members[i]);
		}
		load.write = write_page;
		load.expect = 200;
		load.context = &pages[0];
		run(&load, &first);
		load.context = &pages[1];
		run(&load, &last);
	}
	measure_print_head();
	for (size_t i = 0; i < count; i++)
		measure_print(&members[i]);
	measure_print(&first);
	measure_print(&last);
	printf("aims: one member p50 1 ms, p99 8 ms; a page p50 2 ms\n");
	server_print_memory(&server);
	server_stop(&server);
	plan_done(&plan);
	return 0;
}
