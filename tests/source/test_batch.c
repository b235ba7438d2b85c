/* SPDX-License-Identifier: ISC */
/* What of a group travels to the daemon: all of it, or what changed, counted record by record at the other end. */
#include "tests/unit.h"

#include "base/frame.h"
#include "base/rand.h"
#include "base/str.h"
#include "sourced/batch.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define MEMBERS 2000
#define OPS (AU_CHANGE_SOME + 1)
#define WINDOW (256u << 10)

struct world {
	struct event_base *base;
	struct au_channel *ours, *theirs;
	struct au_outbox *outbox;
	struct au_batch *batch;
	struct au_arena *arena;      /* of the values */
	const char *values[MEMBERS]; /* as the directory has them; NULL: not there */
	size_t told[OPS];            /* records of a kind */
	char name[64];               /* in the last JOIN or LEAVE */
	bool is_over;                /* a batch came to its end */
	long long seq;               /* of the last one */
	size_t bytes;                /* of records, in all */
	bool is_full;                /* the window */
};

static void
count_record(struct world *world, const struct au_source_change *change)
{
	world->told[change->op]++;
	if (change->op == AU_CHANGE_JOIN || change->op == AU_CHANGE_LEAVE)
		snprintf(world->name, sizeof(world->name), "%s", change->text);
}

static void
on_message(void *ctx, json_t *message)
{
	struct world *world = ctx;
	struct au_source_batch batch;
	struct au_source_change change;
	struct au_unpack records;
	int rc;

	assert_int_equal(au_source_batch_from_json(message, &batch, NULL), 0);
	records.at = au_channel_body(world->theirs, &records.len);
	world->bytes += records.len;
	world->seq = batch.seq;
	while ((rc = au_record_next(&records, &change, NULL)) > 0)
		count_record(world, &change);
	assert_int_equal(rc, 0);
	world->is_over = !batch.more;
	if (world->is_over)
		event_base_loopbreak(world->base);
}

static void
on_closed(void *ctx, const struct au_err *why)
{
	(void)ctx;
	fail_msg("the channel is closed: %s", why->text);
}

static void
ignore_message(void *ctx, json_t *message)
{
	(void)ctx;
	(void)message;
}

static void
on_pressure(void *ctx, bool is_full)
{
	struct world *world = ctx;

	assert_int_not_equal(world->is_full, is_full);
	world->is_full = is_full;
}

static int
set_up(void **state)
{
	struct world *world = au_xcalloc(1, sizeof(*world));
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return -1;
	world->base = event_base_new();
	world->arena = au_arena_new();
	world->ours = au_channel_new(world->base, pair[0], AU_FRAME_MAX, ignore_message, on_closed, world);
	world->theirs = au_channel_new(world->base, pair[1], AU_FRAME_MAX, on_message, on_closed, world);
	world->outbox = au_outbox_new(world->ours, WINDOW, on_pressure, world);
	world->batch = au_batch_new(world->base, world->outbox, AU_SEARCH_GROUPS, false);
	au_batch_keep_lists(world->batch, 1u << 20);
	for (size_t i = 0; i < MEMBERS; i++)
		world->values[i] = au_arena_printf(world->arena, "uid=user%zu,ou=people", i);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;

	au_batch_free(world->batch);
	au_outbox_free(world->outbox);
	au_channel_free(world->ours);
	au_channel_free(world->theirs);
	event_base_free(world->base);
	au_arena_free(world->arena);
	free(world);
	return 0;
}

static struct au_mapped
group_now(const struct world *world, struct au_arena *arena)
{
	struct berval *values = au_arena_alloc(arena, (MEMBERS + 1) * sizeof(*values));
	struct au_mapped group = { .entry = { .source = "s", .id = "g", .kind = AU_ENTRY_GROUP, .dn = "cn=g" },
		.dn_norm = "cn=g" };
	size_t count = 0;

	for (size_t i = 0; i < MEMBERS; i++)
		if (world->values[i] != NULL)
			values[count++] =
			    (struct berval){ strlen(world->values[i]), (char *)(uintptr_t)world->values[i] };
	group.roll.raw = (struct au_roll_raw){ "member", values, count };
	return group;
}

/* What came to the other end since the last time is in world->told. */
static void
arrive(struct world *world)
{
	memset(world->told, 0, sizeof(world->told));
	world->is_over = false;
	event_base_dispatch(world->base);
	assert_true(world->is_over);
}

static void
push(struct world *world)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped group = group_now(world, arena);

	assert_int_equal(au_batch_put_deferred(world->batch, arena, &group, NULL), 0);
	au_batch_flush(world->batch);
	arrive(world);
	assert_int_equal(world->told[AU_CHANGE_PUT], 1);
}

static void
assert_told(const struct world *world, size_t members, size_t joined, size_t left)
{
	assert_int_equal(world->told[AU_CHANGE_MEMBER], members);
	assert_int_equal(world->told[AU_CHANGE_REST], members == 0);
	assert_int_equal(world->told[AU_CHANGE_JOIN], joined);
	assert_int_equal(world->told[AU_CHANGE_LEAVE], left);
}

static void
one_member_is_one_record(void **state)
{
	struct world *world = *state;

	push(world);
	assert_told(world, MEMBERS, 0, 0);
	world->values[1000] = NULL;
	push(world);
	assert_told(world, 0, 0, 1);
	assert_string_equal(world->name, "uid=user1000,ou=people");
	world->values[1000] = "uid=new,ou=people";
	push(world);
	assert_told(world, 0, 1, 0);
	assert_string_equal(world->name, "uid=new,ou=people");
	push(world);
	assert_told(world, 0, 0, 0);
}

static void
reading_tells_lists(void **state)
{
	struct world *world = *state;

	push(world);
	au_batch_begin(world->batch, AU_READING_WHOLE, false);
	arrive(world);
	push(world);
	assert_told(world, MEMBERS, 0, 0);
	au_batch_end(world->batch, AU_STEP_SWEEP, NULL);
	arrive(world);
	world->values[0] = NULL;
	push(world);
	assert_told(world, 0, 0, 1);
}

static void
list_that_was_not_sent_is_told_again(void **state)
{
	struct world *world = *state;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	push(world);
	world->values[0] = NULL;
	struct au_mapped group = group_now(world, arena);
	assert_int_equal(au_batch_put_deferred(world->batch, arena, &group, NULL), 0);
	au_batch_drop(world->batch);
	push(world);
	assert_told(world, MEMBERS - 1, 0, 0);
}

static void
group_told_of_elsewhere_is_told_whole(void **state)
{
	struct world *world = *state;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped group = group_now(world, arena);

	push(world);
	au_batch_told_elsewhere(world->batch, &group);
	push(world);
	assert_told(world, MEMBERS, 0, 0);
	assert_int_equal(au_roll_decode(&group.roll, arena, NULL), 0);
	au_batch_put_whole(world->batch, &group);
	au_batch_flush(world->batch);
	arrive(world);
	assert_told(world, MEMBERS, 0, 0);
}

static void
value_that_names_nobody_is_not_told(void **state)
{
	struct world *world = *state;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *right = world->values[7];
	struct au_err err = { 0 };

	push(world);
	world->values[7] = "nobody";
	struct au_mapped group = group_now(world, arena);
	assert_int_equal(au_batch_put_deferred(world->batch, arena, &group, &err), AU_EPROTO);
	assert_non_null(strstr(err.text, "group 'cn=g'"));
	world->values[7] = right;
	push(world);
	assert_told(world, MEMBERS, 0, 0);
}

static void
window_is_as_wide_as_was_asked_for(void **state)
{
	struct world *world = *state;

	while (!world->is_full) {
		assert_true(world->bytes < WINDOW);
		au_batch_drop(world->batch); /* and so all is told again */
		push(world);
	}
	assert_true(world->bytes >= WINDOW);
	au_outbox_acked(world->outbox, world->seq - 1);
	assert_false(world->is_full);
	au_outbox_acked(world->outbox, world->seq);
	assert_false(au_outbox_is_full(world->outbox));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_member_is_one_record),
		TEST(reading_tells_lists),
		TEST(list_that_was_not_sent_is_told_again),
		TEST(group_told_of_elsewhere_is_told_whole),
		TEST(value_that_names_nobody_is_not_told),
		TEST(window_is_as_wide_as_was_asked_for),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
