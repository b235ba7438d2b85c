/* SPDX-License-Identifier: ISC */
/* Channels: messages both ways, broken ones, ends, and freeing at awkward moments. */
#include "tests/unit.h"

#include "base/frame.h"
#include "base/io.h"
#include "base/mem.h"
#include "wire/channel.h"

#include <event2/event.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct side {
	struct event_base *base;
	struct au_channel *channel;
	int other; /* the far end, blocking */
	int messages, closed;
	int free_at; /* free the channel inside this message */
	char last[64], body[64];
	size_t body_len, last_len; /* of the last that was not empty; of the last message */
	struct au_err why;
};

static void
on_message(void *ctx, json_t *message)
{
	struct side *side = ctx;
	const char *word = au_json_get_str(message, "word");

	side->messages++;
	const char *body = au_channel_body(side->channel, &side->last_len);
	if (side->last_len > 0 && side->last_len < sizeof(side->body)) {
		memcpy(side->body, body, side->last_len);
		side->body_len = side->last_len;
	}
	strncpy(side->last, word != NULL ? word : "", sizeof(side->last) - 1);
	if (side->messages == side->free_at) {
		au_channel_free(side->channel);
		side->channel = NULL;
	}
}

static void
on_closed(void *ctx, const struct au_err *why)
{
	struct side *side = ctx;

	side->closed++;
	side->why = *why;
	event_base_loopbreak(side->base);
}

static void
open_side(struct side *side, size_t max_frame)
{
	int pair[2];

	*side = (struct side){ .base = event_base_new() };
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	side->other = pair[1];
	side->channel = au_channel_new(side->base, pair[0], max_frame, on_message, on_closed, side);
}

static void
close_side(struct side *side)
{
	au_channel_free(side->channel);
	close(side->other);
	event_base_free(side->base);
}

static json_t *
word(const char *text)
{
	json_t *message = json_object();

	au_json_set_str(message, "word", text);
	return message;
}

static void
put(struct side *side, const void *bytes, size_t len)
{
	assert_int_equal(au_io_write_all(side->other, bytes, len, NULL), 0);
}

static void
messages_go_both_ways(void **state)
{
	struct side side;
	struct au_err err;
	json_t *message;

	(void)state;
	open_side(&side, 1000);
	assert_int_equal(au_channel_reply(side.other, word("one"), &err), 0);
	assert_int_equal(au_channel_reply(side.other, word("two"), &err), 0);
	au_channel_send(side.channel, word("hunter2"), true);
	assert_true(au_channel_backlog(side.channel) > 0);
	while (side.messages < 2 || au_channel_backlog(side.channel) > 0)
		event_base_loop(side.base, EVLOOP_ONCE);
	assert_string_equal(side.last, "two");
	assert_int_equal(au_channel_receive(side.other, 1000, &message, &err), 0);
	assert_string_equal(au_json_get_str(message, "word"), "hunter2");
	json_decref(message);
	close_side(&side);
}

static void
body_goes_with_its_message(void **state)
{
	static const char bytes[] = "\0\1{}\0";
	struct side near, far;
	struct au_buf body = { 0 };
	int pair[2];

	(void)state;
	open_side(&near, 1000);
	far = (struct side){ .base = near.base };
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	far.channel = au_channel_new(far.base, pair[0], 1000, on_message, on_closed, &far);
	struct au_channel *sender = au_channel_new(far.base, pair[1], 1000, on_message, on_closed, &near);
	au_buf_add(&body, bytes, sizeof(bytes));
	au_channel_send_body(sender, word("with"), &body);
	assert_null(body.data);
	au_channel_send(sender, word("without"), false);
	while (far.messages < 2)
		event_base_loop(far.base, EVLOOP_ONCE);
	assert_int_equal(far.body_len, sizeof(bytes));
	assert_memory_equal(far.body, bytes, sizeof(bytes));
	assert_string_equal(far.last, "without");
	assert_int_equal(far.last_len, 0);
	au_channel_free(sender);
	au_channel_free(far.channel);
	close_side(&near);
}

static void
body_counts_for_the_limit(void **state)
{
	struct side side;
	struct au_buf body = { 0 };

	(void)state;
	open_side(&side, 1000);
	au_buf_reserve(&body, AU_FRAME_MAX);
	memset(body.data, 0, AU_FRAME_MAX);
	body.len = AU_FRAME_MAX;
	au_channel_send_body(side.channel, word("x"), &body);
	while (side.closed == 0)
		event_base_loop(side.base, EVLOOP_ONCE);
	assert_int_equal(side.why.code, AU_ELIMIT);
	close_side(&side);
}

/* Who reads without a loop asks for nothing but JSON. */
static void
blocking_reader_takes_no_body(void **state)
{
	struct side side;
	struct au_buf body = { 0 };
	struct au_err err;
	json_t *message;

	(void)state;
	open_side(&side, 1000);
	au_buf_add(&body, "x", 1);
	au_channel_send_body(side.channel, word("with"), &body);
	while (au_channel_backlog(side.channel) > 0)
		event_base_loop(side.base, EVLOOP_ONCE);
	assert_int_equal(au_channel_receive(side.other, 1000, &message, &err), AU_EPROTO);
	close_side(&side);
}

static void
message_may_come_byte_by_byte(void **state)
{
	static const char frame[] = "\0\0\0\x0e{\"word\":\"slow\"}";
	struct side side;

	(void)state;
	open_side(&side, 1000);
	put(&side, "\0\0\0\x0f", 4);
	for (size_t i = 4; i < sizeof(frame) - 1; i++) {
		assert_int_equal(side.messages, 0);
		put(&side, frame + i, 1);
		event_base_loop(side.base, EVLOOP_NONBLOCK);
	}
	assert_int_equal(side.messages, 1);
	assert_string_equal(side.last, "slow");
	close_side(&side);
}

static void
large_message_arrives_whole(void **state)
{
	enum { SIZE = 3000000 };
	struct side side;
	char *text = au_xmalloc(SIZE + 1);
	struct au_err err;

	(void)state;
	memset(text, 'x', SIZE);
	text[SIZE] = '\0';
	open_side(&side, 4000000);
	pid_t writer = fork();
	if (writer == 0)
		_exit(au_channel_reply(side.other, word(text), &err) == 0 ? 0 : 1);
	while (side.messages == 0 && side.closed == 0)
		event_base_loop(side.base, EVLOOP_ONCE);
	assert_int_equal(side.messages, 1);
	assert_int_equal(strlen(side.last), sizeof(side.last) - 1);
	close_side(&side);
	free(text);
}

static void
broken_frames_close_the_channel_once(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		int code;
	} rows[] = {
		{ "\0\0\0\0", 4, AU_EPROTO },
		{ "\0\0\x03\xe9", 4, AU_ELIMIT },
		{ "\0\0\0\5hello", 9, AU_EPROTO },
		{ "\0\0\0\2[]", 6, AU_EPROTO },
		{ "\0\0\0\x0d{\"a\":1,\"a\":2}", 17, AU_EPROTO },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct side side;
		open_side(&side, 1000);
		assert_int_equal(au_channel_reply(side.other, word("before"), NULL), 0);
		put(&side, rows[i].bytes, rows[i].len);
		assert_int_equal(au_channel_reply(side.other, word("after"), NULL), 0);
		event_base_dispatch(side.base);
		assert_int_equal(side.closed, 1);
		assert_int_equal(side.messages, 1);
		assert_int_equal(side.why.code, rows[i].code);
		au_channel_send(side.channel, word("too late"), false);
		event_base_loop(side.base, EVLOOP_NONBLOCK);
		assert_int_equal(side.closed, 1);
		close_side(&side);
	}
}

static void
depth_bomb_closes_the_channel(void **state)
{
	enum { SIZE = 500000 };
	struct side side;
	char *bomb = au_xmalloc(SIZE + 4);

	(void)state;
	open_side(&side, 1000000);
	memcpy(bomb, "\0\x07\xa1\x20", 4);
	memset(bomb + 4, '[', SIZE);
	pid_t writer = fork();
	if (writer == 0)
		_exit(au_io_write_all(side.other, bomb, SIZE + 4, NULL) == 0 ? 0 : 1);
	event_base_dispatch(side.base);
	assert_int_equal(side.why.code, AU_EPROTO);
	close_side(&side);
	free(bomb);
}

static void
end_is_told_after_the_last_message(void **state)
{
	struct side side;

	(void)state;
	open_side(&side, 1000);
	assert_int_equal(au_channel_reply(side.other, word("last"), NULL), 0);
	close(side.other);
	side.other = -1;
	au_channel_send(side.channel, word("to nobody"), false);
	event_base_dispatch(side.base);
	assert_int_equal(side.messages, 1);
	assert_string_equal(side.last, "last");
	assert_int_equal(side.closed, 1);
	assert_int_equal(side.why.code, AU_ENOENT);
	close_side(&side);
}

static void
end_inside_a_message_is_a_broken_protocol(void **state)
{
	struct side side;

	(void)state;
	open_side(&side, 1000);
	put(&side, "\0\0\0\x0f{\"word", 10);
	shutdown(side.other, SHUT_WR);
	event_base_dispatch(side.base);
	assert_int_equal(side.why.code, AU_EPROTO);
	close_side(&side);
}

static void
channel_may_be_freed_inside_a_message(void **state)
{
	struct side side;
	char byte;

	(void)state;
	open_side(&side, 1000);
	side.free_at = 2;
	for (int i = 0; i < 3; i++)
		assert_int_equal(au_channel_reply(side.other, word("w"), NULL), 0);
	event_base_dispatch(side.base);
	assert_int_equal(side.messages, 2);
	assert_int_equal(side.closed, 0);
	assert_int_equal(read(side.other, &byte, 1), 0);
	close_side(&side);
}

static void
blocking_side_tells_ends_apart(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		int code;
	} rows[] = {
		{ "", 0, AU_ENOENT },
		{ "\0\0", 2, AU_EIO },
		{ "\0\0\0\5", 4, AU_EPROTO },
		{ "\0\0\0\5he", 6, AU_EIO },
		{ "\0\0\0\5hello", 9, AU_EPROTO },
		{ "\0\0\0\0", 4, AU_EPROTO },
		{ "\0\0\0\x65", 4, AU_ELIMIT },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		int pair[2];
		json_t *message = NULL;
		struct au_err err;
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		assert_int_equal(au_io_write_all(pair[0], rows[i].bytes, rows[i].len, &err), 0);
		close(pair[0]);
		assert_int_equal(au_channel_receive(pair[1], 100, &message, &err), rows[i].code);
		assert_null(message);
		close(pair[1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_go_both_ways),
		cmocka_unit_test(body_goes_with_its_message),
		cmocka_unit_test(body_counts_for_the_limit),
		cmocka_unit_test(blocking_reader_takes_no_body),
		cmocka_unit_test(message_may_come_byte_by_byte),
		cmocka_unit_test(large_message_arrives_whole),
		cmocka_unit_test(broken_frames_close_the_channel_once),
		cmocka_unit_test(depth_bomb_closes_the_channel),
		cmocka_unit_test(end_is_told_after_the_last_message),
		cmocka_unit_test(end_inside_a_message_is_a_broken_protocol),
		cmocka_unit_test(channel_may_be_freed_inside_a_message),
		cmocka_unit_test(blocking_side_tells_ends_apart),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
