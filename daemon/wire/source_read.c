/* SPDX-License-Identifier: ISC */
/* Numbers and texts are rows; the two enumerations travel as words. */
#include "wire/source_read.h"

#include "base/str.h"

#include <assert.h>

static const char *const kind_words[] = { "push", "resume", "whole", "compare" };
static const char *const verdict_words[] = { NULL, "complete", "partial", "failed" };

/* A word of the object: its member, the words by number, and where the number is kept. */
static const struct word_row {
	const char *name;
	const char *const *words;
	int count;
	size_t offset;
} word_rows[] = {
	{ "kind", kind_words, AU_COUNT(kind_words), offsetof(struct au_source_read, kind) },
	{ "verdict", verdict_words, AU_COUNT(verdict_words), offsetof(struct au_source_read, verdict) },
};

static const struct number_row {
	const char *name;
	size_t offset;
} number_rows[] = {
	{ "pages", offsetof(struct au_source_read, pages) },
	{ "ranges", offsetof(struct au_source_read, ranges) },
	{ "referrals", offsetof(struct au_source_read, referrals) },
	{ "depth", offsetof(struct au_source_read, depth) },
	{ "entries", offsetof(struct au_source_read, entries) },
	{ "values", offsetof(struct au_source_read, values) },
	{ "beyond", offsetof(struct au_source_read, beyond) },
	{ "started_ms", offsetof(struct au_source_read, started_ms) },
	{ "took_ms", offsetof(struct au_source_read, took_ms) },
	{ "unknown", offsetof(struct au_source_read, unknown) },
	{ "removed", offsetof(struct au_source_read, removed) },
	{ "missing", offsetof(struct au_source_read, missing) },
	{ "held", offsetof(struct au_source_read, held) },
};

static const struct au_json_text text_rows[] = {
	{ "way", offsetof(struct au_source_read, way) },
	{ "cookie_before", offsetof(struct au_source_read, cookie_before) },
	{ "cookie_after", offsetof(struct au_source_read, cookie_after) },
	{ "why", offsetof(struct au_source_read, why) },
	{ NULL, 0 },
};

static_assert(sizeof(enum au_reading) == sizeof(int) && sizeof(enum au_read_verdict) == sizeof(int),
    "rows of words point to numbers");

static const char *
word(const struct word_row *row, int number)
{
	assert(number >= 0 && number < row->count && row->words[number] != NULL);
	return row->words[number];
}

const char *
au_read_verdict_name(enum au_read_verdict verdict)
{
	return word(&word_rows[1], verdict);
}

json_t *
au_source_read_to_json(const struct au_source_read *read)
{
	json_t *json = json_object();

	for (size_t i = 0; i < AU_COUNT(word_rows); i++)
		au_json_set_str(json, word_rows[i].name,
		    word(&word_rows[i], *(const int *)((const char *)read + word_rows[i].offset)));
	for (size_t i = 0; i < AU_COUNT(number_rows); i++)
		au_json_set_int(
		    json, number_rows[i].name, *(const long long *)((const char *)read + number_rows[i].offset));
	au_json_set_int(json, "code", read->code);
	au_json_put_texts(json, text_rows, read);
	return json;
}

static int
take_word(const json_t *json, const struct word_row *row, int *ret, struct au_err *err)
{
	const char *text = au_json_get_str(json, row->name);

	for (int i = 0; text != NULL && i < row->count; i++)
		if (au_streq(row->words[i], text)) {
			*ret = i;
			return 0;
		}
	return au_fail(err, AU_EPROTO, "reading: member '%s' is missing or unknown", row->name);
}

int
au_source_read_from_json(const json_t *json, struct au_source_read *ret, struct au_err *err)
{
	struct au_source_read read = { 0 };

	for (size_t i = 0; i < AU_COUNT(word_rows); i++)
		if (take_word(json, &word_rows[i], (int *)((char *)&read + word_rows[i].offset), err) < 0)
			return AU_EPROTO;
	for (size_t i = 0; i < AU_COUNT(number_rows); i++)
		*(long long *)((char *)&read + number_rows[i].offset) = au_json_get_int(json, number_rows[i].name);
	read.code = (int)au_json_get_int(json, "code");
	if (au_json_take_texts(json, text_rows, &read, err) < 0)
		return AU_EPROTO;
	if (read.way == NULL)
		return au_fail(err, AU_EPROTO, "reading: member 'way' is missing");
	*ret = read;
	return 0;
}
