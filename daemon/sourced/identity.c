/* SPDX-License-Identifier: ISC */
/* All that are UUIDs become the text of RFC 9562 in lower case, as the store has always kept them. */
#include "sourced/identity.h"

#include "base/rand.h"
#include "base/str.h"
#include "base/text.h"
#include "sourced/sync_control.h"

#include <string.h>

#define UUID_BYTES AU_SYNC_UUID
#define TEXT_MAX 255 /* of an id that is any text */

static const char *
write_uuid(struct au_arena *arena, const unsigned char bytes[UUID_BYTES])
{
	char text[AU_UUID_SIZE];

	return au_arena_strdup(arena, au_sync_uuid_text(bytes, text));
}

/* -1 for what is no hexadecimal digit. */
static int
digit_of(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)((at - digits) % 16) : -1;
}

/* Hexadecimal digits in groups of so many with a dash between, and nothing else. */
static bool
read_digits(const struct berval *value, const size_t *groups, size_t count, unsigned char bytes[UUID_BYTES])
{
	size_t at = 0, digits = 0;

	for (size_t g = 0; g < count; g++) {
		if (g > 0 && (at >= value->bv_len || value->bv_val[at++] != '-'))
			return false;
		for (size_t i = 0; i < groups[g]; i++, digits++) {
			int digit = at < value->bv_len ? digit_of(value->bv_val[at++]) : -1;
			if (digit < 0)
				return false;
			bytes[digits / 2] = (unsigned char)(digits % 2 == 0 ? digit << 4 : bytes[digits / 2] | digit);
		}
	}
	return at == value->bv_len;
}

static const char *
from_uuid(struct au_arena *arena, const struct berval *value)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	unsigned char bytes[UUID_BYTES];

	return read_digits(value, groups, AU_COUNT(groups), bytes) ? write_uuid(arena, bytes) : NULL;
}

/* "8d3ab301-9f4b11ee-a1c2d8e1-5f6a7b8c": the bytes in their order, with dashes elsewhere. */
static const char *
from_ns_unique_id(struct au_arena *arena, const struct berval *value)
{
	static const size_t groups[] = { 8, 8, 8, 8 };
	unsigned char bytes[UUID_BYTES];

	return read_digits(value, groups, AU_COUNT(groups), bytes) ? write_uuid(arena, bytes) : NULL;
}

/* Its first three parts are numbers of a little-endian machine (MS-DTYP section 2.3.4.2). */
static const char *
from_guid(struct au_arena *arena, const struct berval *value)
{
	static const unsigned char order[UUID_BYTES] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	unsigned char bytes[UUID_BYTES];

	if (value->bv_len != UUID_BYTES)
		return NULL;
	for (size_t i = 0; i < UUID_BYTES; i++)
		bytes[i] = (unsigned char)value->bv_val[order[i]];
	return write_uuid(arena, bytes);
}

static const char *
from_bytes(struct au_arena *arena, const struct berval *value)
{
	return value->bv_len == UUID_BYTES ? write_uuid(arena, (const unsigned char *)value->bv_val) : NULL;
}

static const char *
from_text(struct au_arena *arena, const struct berval *value)
{
	if (value->bv_len == 0 || value->bv_len > TEXT_MAX || !au_text_is_utf8(value->bv_val, value->bv_len))
		return NULL;
	return au_arena_strndup(arena, value->bv_val, value->bv_len);
}

const struct au_identity au_identity_entry_uuid = { "entryUUID", from_uuid };
const struct au_identity au_identity_ns_unique_id = { "nsUniqueId", from_ns_unique_id };
const struct au_identity au_identity_object_guid = { "objectGUID", from_guid };
static const struct au_identity ibm_entry_uuid = { "ibm-entryUUID", from_uuid };
static const struct au_identity edirectory_guid = { "GUID", from_bytes };

static const struct au_identity *const known[] = { &au_identity_entry_uuid, &au_identity_ns_unique_id,
	&au_identity_object_guid, &ibm_entry_uuid, &edirectory_guid };

const struct au_identity *
au_identity_named(struct au_arena *arena, const char *attribute)
{
	for (size_t i = 0; i < AU_COUNT(known); i++)
		if (au_strcaseeq(known[i]->attribute, attribute))
			return known[i];
	struct au_identity *named = au_arena_alloc(arena, sizeof(*named));
	*named = (struct au_identity){ au_arena_strdup(arena, attribute), from_text };
	return named;
}
