/* SPDX-License-Identifier: ISC */
/* Values of controls and messages (RFC 4533, Active Directory's DirSync): the first byte says of which, the rest is the
 * value. */
#include "tests/fuzz/fuzz.h"

#include "base/mem.h"
#include "sourced/dirsync_control.h"
#include "sourced/sync_control.h"

#include <string.h>

static void
within(const struct berval *part, const struct berval *whole)
{
	if (part->bv_val != NULL)
		HOLDS(part->bv_val >= whole->bv_val && part->bv_len <= whole->bv_len &&
		      part->bv_val + part->bv_len <= whole->bv_val + whole->bv_len);
}

static void
read_state(const struct berval *value)
{
	struct au_sync_state state;

	if (au_sync_state_parse(value, &state, NULL) < 0)
		return;
	HOLDS(state.state >= AU_SYNC_PRESENT && state.state <= AU_SYNC_DELETE);
	within(&state.cookie, value);
}

static void
read_done(const struct berval *value)
{
	struct au_sync_done done;

	if (au_sync_done_parse(value, &done, NULL) == 0)
		within(&done.cookie, value);
}

static void
read_info(const struct berval *value)
{
	struct au_sync_info info;
	unsigned char id[AU_SYNC_UUID];
	char text[AU_UUID_SIZE];
	size_t count = 0;

	if (au_sync_info_parse(value, &info, NULL) < 0)
		return;
	within(&info.cookie, value);
	within(&info.ids, value);
	while (au_sync_ids_next(&info.ids, id)) {
		HOLDS(strlen(au_sync_uuid_text(id, text)) == AU_UUID_SIZE - 1);
		count++;
	}
	HOLDS(count * AU_SYNC_UUID <= value->bv_len);
}

static void
read_dirsync(const struct berval *value)
{
	struct au_dirsync_answer answer;

	if (au_dirsync_parse(value, &answer, NULL) < 0)
		return;
	HOLDS(answer.cookie.bv_len > 0);
	within(&answer.cookie, value);
}

static void (*const readers[])(const struct berval *value) = { read_state, read_done, read_info, read_dirsync };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	/* libldap puts a NUL behind each value. */
	AU_CLEANUP(au_freep) char *copy = au_xstrndup("", 0);
	copy = au_xrealloc(copy, size, 1);
	memcpy(copy, data + 1, size - 1);
	copy[size - 1] = '\0';
	struct berval value = { size - 1, copy };
	readers[data[0] % AU_COUNT(readers)](&value);
	return 0;
}
