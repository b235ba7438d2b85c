/* SPDX-License-Identifier: ISC */
/* Values of RFC 4533 as a good server, a careless one and a hostile one send them. */
#include "tests/unit.h"

#include "sourced/sync_control.h"

#include "base/mem.h"

#include <ldap.h>
#include <stdio.h>
#include <string.h>

#define ID "0123456789abcdef"
#define ID_TEXT "30313233-3435-3637-3839-616263646566"
#define VALUE(text) make_value(text, sizeof(text) - 1)

/* In memory of its exact size but for the byte that libldap adds, so that the sanitizer sees what is read beyond. */
static struct berval
make_value(const char *bytes, size_t len)
{
	struct berval value = { len, au_xmalloc(len + 1) };

	memcpy(value.bv_val, bytes, len);
	value.bv_val[len] = '\0';
	return value;
}

static void
entry_state_has_id_and_cookie(void **state)
{
	struct berval value = VALUE("\x30\x1a\x0a\x01\x01\x04\x10" ID "\x04\x03rid");
	struct au_sync_state parsed;
	char text[AU_UUID_SIZE];

	(void)state;
	assert_int_equal(au_sync_state_parse(&value, &parsed, NULL), 0);
	assert_int_equal(parsed.state, AU_SYNC_ADD);
	assert_string_equal(au_sync_uuid_text(parsed.uuid, text), ID_TEXT);
	assert_int_equal(parsed.cookie.bv_len, 3);
	assert_memory_equal(parsed.cookie.bv_val, "rid", 3);
	free(value.bv_val);
}

static void
entry_state_needs_no_cookie(void **state)
{
	struct berval value = VALUE("\x30\x15\x0a\x01\x03\x04\x10" ID);
	struct au_sync_state parsed;

	(void)state;
	assert_int_equal(au_sync_state_parse(&value, &parsed, NULL), 0);
	assert_int_equal(parsed.state, AU_SYNC_DELETE);
	assert_null(parsed.cookie.bv_val);
	free(value.bv_val);
}

static void
done_defaults_to_present(void **state)
{
	struct berval value = VALUE("\x30\x05\x04\x03rid"), deletes = VALUE("\x30\x08\x04\x03rid\x01\x01\xff"),
		      empty = VALUE("\x30\x00");
	struct au_sync_done done;

	(void)state;
	assert_int_equal(au_sync_done_parse(&value, &done, NULL), 0);
	assert_false(done.refresh_deletes);
	assert_int_equal(done.cookie.bv_len, 3);
	assert_int_equal(au_sync_done_parse(&deletes, &done, NULL), 0);
	assert_true(done.refresh_deletes);
	assert_int_equal(au_sync_done_parse(&empty, &done, NULL), 0);
	assert_null(done.cookie.bv_val);
	free(value.bv_val);
	free(deletes.bv_val);
	free(empty.bv_val);
}

static void
phases_are_done_unless_they_say_otherwise(void **state)
{
	struct berval last = VALUE("\xa2\x05\x04\x03rid"), more = VALUE("\xa2\x03\x01\x01\x00"),
		      bare = VALUE("\xa1\x00");
	struct au_sync_info info;

	(void)state;
	assert_int_equal(au_sync_info_parse(&last, &info, NULL), 0);
	assert_int_equal(info.kind, AU_SYNC_REFRESH_PRESENT);
	assert_true(info.refresh_done);
	assert_int_equal(info.cookie.bv_len, 3);
	assert_int_equal(au_sync_info_parse(&more, &info, NULL), 0);
	assert_false(info.refresh_done);
	assert_int_equal(au_sync_info_parse(&bare, &info, NULL), 0);
	assert_int_equal(info.kind, AU_SYNC_REFRESH_DELETE);
	assert_true(info.refresh_done);
	free(last.bv_val);
	free(more.bv_val);
	free(bare.bv_val);
}

static void
new_cookie_is_read(void **state)
{
	struct berval value = VALUE("\x80\x03rid");
	struct au_sync_info info;

	(void)state;
	assert_int_equal(au_sync_info_parse(&value, &info, NULL), 0);
	assert_int_equal(info.kind, AU_SYNC_NEW_COOKIE);
	assert_memory_equal(info.cookie.bv_val, "rid", 3);
	free(value.bv_val);
}

static void
id_set_is_walked(void **state)
{
	struct berval value = VALUE("\xa3\x2e\x04\x03rid\x01\x01\xff\x31\x24\x04\x10" ID "\x04\x10"
				    "fedcba9876543210");
	struct au_sync_info info;
	unsigned char uuid[AU_SYNC_UUID];

	(void)state;
	assert_int_equal(au_sync_info_parse(&value, &info, NULL), 0);
	assert_int_equal(info.kind, AU_SYNC_ID_SET);
	assert_true(info.refresh_deletes);
	assert_int_equal(info.cookie.bv_len, 3);
	assert_true(au_sync_ids_next(&info.ids, uuid));
	assert_memory_equal(uuid, ID, AU_SYNC_UUID);
	assert_true(au_sync_ids_next(&info.ids, uuid));
	assert_memory_equal(uuid, "fedcba9876543210", AU_SYNC_UUID);
	assert_false(au_sync_ids_next(&info.ids, uuid));
	free(value.bv_val);
}

static void
empty_id_set_has_no_ids(void **state)
{
	struct berval value = VALUE("\xa3\x02\x31\x00");
	struct au_sync_info info;
	unsigned char uuid[AU_SYNC_UUID];

	(void)state;
	assert_int_equal(au_sync_info_parse(&value, &info, NULL), 0);
	assert_false(info.refresh_deletes);
	assert_false(au_sync_ids_next(&info.ids, uuid));
	free(value.bv_val);
}

static void
absent_and_empty_values_are_refused(void **state)
{
	struct berval absent = { 0, NULL }, empty = VALUE("");
	struct au_sync_state entry;
	struct au_sync_done done;
	struct au_sync_info info;

	(void)state;
	assert_int_equal(au_sync_state_parse(NULL, &entry, NULL), AU_EPROTO);
	assert_int_equal(au_sync_state_parse(&absent, &entry, NULL), AU_EPROTO);
	assert_int_equal(au_sync_state_parse(&empty, &entry, NULL), AU_EPROTO);
	assert_int_equal(au_sync_done_parse(NULL, &done, NULL), AU_EPROTO);
	assert_int_equal(au_sync_done_parse(&absent, &done, NULL), AU_EPROTO);
	assert_int_equal(au_sync_done_parse(&empty, &done, NULL), AU_EPROTO);
	assert_int_equal(au_sync_info_parse(NULL, &info, NULL), AU_EPROTO);
	assert_int_equal(au_sync_info_parse(&absent, &info, NULL), AU_EPROTO);
	assert_int_equal(au_sync_info_parse(&empty, &info, NULL), AU_EPROTO);
	free(empty.bv_val);
}

static const struct {
	const char *bytes;
	size_t len;
} bad_states[] = {
#define ROW(text)                                                                                                      \
	{                                                                                                              \
		text, sizeof(text) - 1                                                                                 \
	}
	ROW("\x30"),
	ROW("\x30\x84\x7f\xff\xff\xff"),
	ROW("\x30\x03\x0a\x01\x01"),
	ROW("\x30\x15\x0a\x01\x04\x04\x10" ID), /* no such state */
	ROW("\x30\x15\x0a\x01\xff\x04\x10" ID), /* a negative one */
	ROW("\x30\x09\x0a\x01\x01\x04\x04"
	    "0123"),                            /* a short id */
	ROW("\x30\x15\x0a\x01\x01\x04\x7f" ID), /* an id longer than the value */
	ROW("\x30\x1a\x0a\x01\x01\x04\x10" ID "\x04\x7f"
	    "rid"), /* a cookie longer than the value */
	ROW("\x02\x01\x01"),
};

static void
cut_and_wrong_states_are_refused(void **state)
{
	struct au_sync_state entry;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(bad_states); i++) {
		struct berval value = make_value(bad_states[i].bytes, bad_states[i].len);
		if (au_sync_state_parse(&value, &entry, NULL) != AU_EPROTO)
			fail_msg("row %zu was taken", i);
		free(value.bv_val);
	}
}

static const struct {
	const char *bytes;
	size_t len;
} bad_infos[] = {
	ROW("\x05\x00"),
	ROW("\xa3\x00"),
	ROW("\xa3\x04\x04\x02"
	    "ab"), /* no set */
	ROW("\xa3\x06\x31\x04\x04\x02"
	    "ab"), /* short ids */
	ROW("\xa3\x13\x31\x11\x04\x10"
	    "0123456789abcde"),                 /* the last one cut */
	ROW("\xa3\x14\x31\x12\x05\x10" ID),     /* of another type */
	ROW("\xa3\x15\x31\x13\x04\x81\x10" ID), /* a length in the long form */
	ROW("\xa3\x03\x31\x7f\x04"),
	ROW("\xa1\x03\x01\x05\xff"),
	ROW("\x80\x7f"
	    "rid"),
};

static void
cut_and_wrong_infos_are_refused(void **state)
{
	struct au_sync_info info;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(bad_infos); i++) {
		struct berval value = make_value(bad_infos[i].bytes, bad_infos[i].len);
		if (au_sync_info_parse(&value, &info, NULL) != AU_EPROTO)
			fail_msg("row %zu was taken", i);
		free(value.bv_val);
	}
}

/* Every shorter form and every single changed byte of good values: no crash, and ids never run past the value. */
static void
damaged_values_do_no_harm(void **state)
{
	static const char good[] = "\xa3\x2e\x04\x03rid\x01\x01\xff\x31\x24\x04\x10" ID "\x04\x10" ID;
	struct au_sync_state entry;
	struct au_sync_done done;
	struct au_sync_info info;
	unsigned char uuid[AU_SYNC_UUID];

	(void)state;
	for (size_t len = 0; len < sizeof(good); len++)
		for (int flip = 0; flip < 256; flip++) {
			struct berval value = make_value(good, len);
			if (len > 0)
				value.bv_val[flip % len] ^= (char)(1 + flip % 255);
			au_sync_state_parse(&value, &entry, NULL);
			au_sync_done_parse(&value, &done, NULL);
			if (au_sync_info_parse(&value, &info, NULL) == 0 && info.kind == AU_SYNC_ID_SET)
				while (au_sync_ids_next(&info.ids, uuid))
					;
			free(value.bv_val);
		}
}

static void
request_carries_mode_and_cookie(void **state)
{
	struct berval cookie = { 3, (char[]){ "rid" } };
	struct berval *with = au_sync_request(&cookie), *without = au_sync_request(NULL);

	(void)state;
	assert_int_equal(with->bv_len, 13);
	assert_memory_equal(with->bv_val, "\x30\x0b\x0a\x01\x03\x04\x03rid\x01\x01\x00", 13);
	assert_int_equal(without->bv_len, 8);
	assert_memory_equal(without->bv_val, "\x30\x06\x0a\x01\x03\x01\x01\x00", 8);
	ber_bvfree(with);
	ber_bvfree(without);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(entry_state_has_id_and_cookie),
		cmocka_unit_test(entry_state_needs_no_cookie),
		cmocka_unit_test(done_defaults_to_present),
		cmocka_unit_test(phases_are_done_unless_they_say_otherwise),
		cmocka_unit_test(new_cookie_is_read),
		cmocka_unit_test(id_set_is_walked),
		cmocka_unit_test(empty_id_set_has_no_ids),
		cmocka_unit_test(absent_and_empty_values_are_refused),
		cmocka_unit_test(cut_and_wrong_states_are_refused),
		cmocka_unit_test(cut_and_wrong_infos_are_refused),
		cmocka_unit_test(damaged_values_do_no_harm),
		cmocka_unit_test(request_carries_mode_and_cookie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
