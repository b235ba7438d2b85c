/* SPDX-License-Identifier: ISC */
/* Records of a server's log of changes: lines of "ATTRIBUTE=VALUE", each attribute's values behind one another. */
#include "tests/fuzz/fuzz.h"

#include "base/mem.h"
#include "model/ref.h"
#include "sourced/log_record.h"
#include "sourced/reqmod.h"

#include <string.h>

#define VALUES_MOST 64

static const char *const member_attributes[] = { "member", "uniqueMember", "memberUid", NULL };

/* A change that is understood is the text that it was read from. */
static void
check_mod(struct au_arena *arena, const struct berval *text)
{
	static const char signs[] = {
		[AU_REQMOD_ADD] = '+', [AU_REQMOD_DELETE] = '-', [AU_REQMOD_REPLACE] = '=', [AU_REQMOD_INCREMENT] = '#'
	};
	struct au_reqmod mod;

	if (au_reqmod_parse(text, &mod, NULL) < 0)
		return;
	if (mod.attribute.bv_len == 0) {
		HOLDS(text->bv_len == 1 && text->bv_val[0] == ':');
		return;
	}
	size_t len = mod.attribute.bv_len, rest = mod.value.bv_val != NULL ? 1 + mod.value.bv_len : 0;
	char *again = au_arena_alloc(arena, len + 2 + rest);
	memcpy(again, mod.attribute.bv_val, len);
	again[len++] = ':';
	again[len++] = signs[mod.op];
	if (rest > 0) {
		again[len++] = ' ';
		memcpy(again + len, mod.value.bv_val, mod.value.bv_len);
		len += mod.value.bv_len;
	}
	HOLDS(len == text->bv_len && memcmp(again, text->bv_val, len) == 0);
}

static void
check_record(struct au_arena *arena, const struct au_log_record *record)
{
	HOLDS(record->group != NULL && au_csn_is(record->csn));
	HOLDS(record->count == 0 || record->attribute != NULL);
	for (size_t i = 0; i < record->count; i++) {
		const char *again;
		HOLDS(record->steps[i].member[0] != '\0');
		HOLDS(au_ref_parse(arena, AU_REF_DN, record->steps[i].member, &again, NULL) == 0);
		HOLDS(strcmp(again, record->steps[i].member) == 0);
	}
}

/* Lines of one attribute, from *at on. */
static struct berval
take_lines(struct au_arena *arena, const char **at, const char *end, struct berval values[VALUES_MOST + 1])
{
	struct berval name = { 0, NULL };
	size_t count = 0;

	while (*at < end && count < VALUES_MOST) {
		const char *stop = memchr(*at, '\n', (size_t)(end - *at));
		stop = stop != NULL ? stop : end;
		const char *equals = memchr(*at, '=', (size_t)(stop - *at));
		equals = equals != NULL ? equals : stop;
		struct berval its = { (ber_len_t)(equals - *at), au_arena_strndup(arena, *at, (size_t)(equals - *at)) };
		if (name.bv_val != NULL && strcmp(name.bv_val, its.bv_val) != 0)
			break;
		name = its;
		size_t len = equals < stop ? (size_t)(stop - equals - 1) : 0;
		char *value = au_arena_alloc(arena, len + 1);
		memcpy(value, stop - len, len);
		values[count++] = (struct berval){ len, value };
		*at = stop < end ? stop + 1 : end;
	}
	values[count] = (struct berval){ 0, NULL };
	return name;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_log_reader reader = { .arena = arena, .member_attributes = member_attributes };
	const char *at = (const char *)data, *end = at + size;
	struct berval values[VALUES_MOST + 1];
	struct au_log_record record;

	while (at < end) {
		struct berval name = take_lines(arena, &at, end, values);
		for (size_t i = 0; values[i].bv_val != NULL; i++)
			check_mod(arena, &values[i]);
		if (au_log_reader_take(&reader, &name, values, NULL) < 0)
			return 0;
	}
	if (au_log_reader_end(&reader, &record, NULL) > 0)
		check_record(arena, &record);
	return 0;
}
