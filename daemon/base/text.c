/* SPDX-License-Identifier: ISC */
/*
 * Unicode by libunistring.  No language is ever passed to it, so that folding
 * gives the same text under every locale (Turkish i included).
 */
#include "base/text.h"

#include "base/str.h"

#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* Nothing but ASCII without a NUL, as most texts are; eight bytes at a time. */
static bool
is_ascii(const char *text, size_t len)
{
	static const uint64_t ones = UINT64_MAX / 0xff, tops = ones << 7;
	uint64_t odd = 0, word;

	for (; len >= sizeof(word); text += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		odd |= word | (word - ones); /* the top of a byte is set when it is not ASCII, or goes below zero */
	}
	for (; len > 0; text++, len--)
		odd |= *text == '\0' ? tops : (unsigned char)*text;
	return (odd & tops) == 0;
}

bool
au_text_is_utf8(const char *text, size_t len)
{
	return is_ascii(text, len) || (memchr(text, 0, len) == NULL && u8_check((const uint8_t *)text, len) == NULL);
}

size_t
au_text_length(const char *text)
{
	return u8_mbsnlen((const uint8_t *)text, strlen(text));
}

bool
au_text_is_name(const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	bool visible = false;
	ucs4_t point;

	while ((at = u8_next(&point, at)) != NULL) {
		if (uc_is_general_category(point, UC_CONTROL))
			return false;
		visible = visible || !uc_is_property(point, UC_PROPERTY_WHITE_SPACE);
	}
	return visible;
}

/* Copy text of libunistring, which has no final NUL, and free it. */
static char *
adopt(struct au_arena *arena, uint8_t *text, size_t len)
{
	if (text == NULL)
		abort(); /* valid UTF-8 went in: only memory can be missing */
	char *copy = au_arena_strndup(arena, (const char *)text, len);
	free(text);
	return copy;
}

/* Full-width and half-width forms to their usual ones (RFC 8265 section 3.3.1, rule 1); all else stays. */
static void
map_width(struct au_str *out, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	ucs4_t point, parts[UC_DECOMPOSITION_MAX_LENGTH];
	uint8_t bytes[6];
	int tag;

	au_str_put(out, "");
	for (const uint8_t *next; (next = u8_next(&point, at)) != NULL; at = next) {
		int count = uc_decomposition(point, &tag, parts);
		if (count < 1 || (tag != UC_DECOMP_WIDE && tag != UC_DECOMP_NARROW)) {
			au_str_putn(out, (const char *)at, (size_t)(next - at));
			continue;
		}
		for (int i = 0; i < count; i++)
			au_str_putn(out, (const char *)bytes, (size_t)u8_uctomb(bytes, parts[i], sizeof(bytes)));
	}
}

/* ASCII folds to itself but for its capitals, and most names are nothing else: no need to ask the tables. */
static bool
fold_ascii(char *copy)
{
	for (char *c = copy; *c != '\0'; c++) {
		if ((unsigned char)*c >= 0x80)
			return false;
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	return true;
}

char *
au_text_fold(struct au_arena *arena, const char *text)
{
	struct au_str mapped = AU_STR_INIT;
	size_t len = strlen(text);
	char *copy = au_arena_strndup(arena, text, len);

	if (fold_ascii(copy))
		return copy;
	if (!au_text_is_utf8(text, len))
		return au_arena_strdup(arena, text);
	map_width(&mapped, text);
	uint8_t *folded = u8_casefold((const uint8_t *)mapped.data, mapped.len, NULL, UNINORM_NFC, NULL, &len);
	au_str_done(&mapped);
	return adopt(arena, folded, len);
}

char *
au_text_nfc(struct au_arena *arena, const char *text)
{
	size_t len = strlen(text);

	if (!au_text_is_utf8(text, len))
		return au_arena_strdup(arena, text);
	uint8_t *normal = u8_normalize(UNINORM_NFC, (const uint8_t *)text, len, NULL, &len);
	return adopt(arena, normal, len);
}

/* RFC 4518 section 2.2: what counts as a blank ... */
static bool
maps_to_blank(ucs4_t point)
{
	return (point >= 0x09 && point <= 0x0d) || point == 0x85 || uc_is_general_category(point, UC_CATEGORY_Z);
}

/* ... and what counts as nothing: controls, soft hyphens, variation selectors, joiners, tags. */
static bool
maps_to_nothing(ucs4_t point)
{
	static const struct {
		ucs4_t first, last;
	} ranges[] = {
		{ 0x00, 0x08 },
		{ 0x0e, 0x1f },
		{ 0x7f, 0x84 },
		{ 0x86, 0x9f },
		{ 0xad, 0xad },
		{ 0x34f, 0x34f },
		{ 0x6dd, 0x6dd },
		{ 0x70f, 0x70f },
		{ 0x1806, 0x1806 },
		{ 0x180b, 0x180e },
		{ 0x200b, 0x200f },
		{ 0x202a, 0x202e },
		{ 0x2060, 0x2063 },
		{ 0x206a, 0x206f },
		{ 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffc },
		{ 0x1d173, 0x1d17a },
		{ 0xe0001, 0xe0001 },
		{ 0xe0020, 0xe007f },
	};

	for (size_t i = 0; i < AU_COUNT(ranges); i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

static void
map_as_directories_do(struct au_str *out, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	ucs4_t point;

	au_str_put(out, "");
	for (const uint8_t *next; (next = u8_next(&point, at)) != NULL; at = next)
		if (point >= 0x20 && point < 0x7f)
			au_str_putc(out, (char)point);
		else if (maps_to_blank(point))
			au_str_putc(out, ' ');
		else if (!maps_to_nothing(point))
			au_str_putn(out, (const char *)at, (size_t)(next - at));
}

/* Without blanks at the ends, and one where several were. */
static void
squeeze(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++)
		if (*from != ' ' || (to > text && to[-1] != ' '))
			*to++ = *from;
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

char *
au_text_case_ignore(struct au_arena *arena, const char *text)
{
	struct au_str mapped = AU_STR_INIT;
	size_t len = strlen(text);

	if (!au_text_is_utf8(text, len))
		return au_arena_strdup(arena, text);
	map_as_directories_do(&mapped, text);
	char *result = au_arena_strndup(arena, mapped.data, mapped.len);
	if (!fold_ascii(result)) {
		uint8_t *folded = u8_casefold((const uint8_t *)mapped.data, mapped.len, NULL, UNINORM_NFKC, NULL, &len);
		result = adopt(arena, folded, len);
	}
	au_str_done(&mapped);
	squeeze(result);
	return result;
}

size_t
au_text_span(const char *text, const char *accept)
{
	return u8_strspn((const uint8_t *)text, (const uint8_t *)accept);
}
