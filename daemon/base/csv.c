/* SPDX-License-Identifier: ISC */
/* The header decides what divides fields: whichever of the three signs comes first in it outside quotes. */
#include "base/csv.h"

#include "base/text.h"

#include <string.h>

struct reader {
	struct au_arena *arena;
	const char *at, *end;
	size_t line;
	char divider;
};

static char
divider_of(const char *text, const char *end)
{
	bool quoted = false;

	for (const char *p = text; p < end && *p != '\n' && *p != '\r'; p++) {
		if (*p == '"')
			quoted = !quoted;
		if (!quoted && (*p == ',' || *p == ';' || *p == '\t'))
			return *p;
	}
	return ',';
}

/* A field in quotes, in which a quote is two. */
static int
read_quoted(struct reader *r, struct au_str *out, struct au_err *err)
{
	size_t began = r->line;

	for (r->at++; r->at < r->end; r->at++) {
		if (*r->at == '"' && r->at + 1 < r->end && r->at[1] == '"')
			r->at++;
		else if (*r->at == '"') {
			r->at++;
			return 0;
		}
		r->line += *r->at == '\n';
		au_str_putc(out, *r->at);
	}
	return au_fail(err, AU_EINVAL, "line %zu: a quote that never ends", began);
}

static bool
ends_field(const struct reader *r)
{
	return r->at == r->end || *r->at == r->divider || *r->at == '\n' || *r->at == '\r';
}

static int
read_field(struct reader *r, const char **ret, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;

	if (r->at < r->end && *r->at == '"') {
		if (read_quoted(r, &text, err) < 0)
			return AU_EINVAL;
		if (!ends_field(r))
			return au_fail(err, AU_EINVAL, "line %zu: text behind a quote", r->line);
	}
	while (!ends_field(r)) {
		if (*r->at == '"' || *r->at == '\0')
			return au_fail(
			    err, AU_EINVAL, "line %zu: a %s within a field", r->line, *r->at ? "quote" : "NUL");
		au_str_putc(&text, *r->at++);
	}
	*ret = au_arena_strdup(r->arena, text.len != 0 ? au_str_get(&text) : "");
	return 0;
}

static void
end_line(struct reader *r)
{
	if (r->at < r->end && *r->at == '\r')
		r->at++;
	if (r->at < r->end && *r->at == '\n')
		r->at++;
	r->line++;
}

#define FIELDS_MOST 64

static int
read_row(struct reader *r, struct au_csv_row *ret, struct au_err *err)
{
	const char *fields[FIELDS_MOST];

	*ret = (struct au_csv_row){ .line = r->line };
	for (;;) {
		if (ret->count == FIELDS_MOST)
			return au_fail(err, AU_ELIMIT, "line %zu: more than %d fields", ret->line, FIELDS_MOST);
		int rc = read_field(r, &fields[ret->count++], err);
		if (rc < 0)
			return rc;
		if (r->at == r->end || *r->at != r->divider)
			break;
		r->at++;
	}
	end_line(r);
	ret->fields = au_arena_alloc(r->arena, ret->count * sizeof(*ret->fields));
	memcpy(ret->fields, fields, ret->count * sizeof(*ret->fields));
	return 0;
}

static bool
is_empty(const struct au_csv_row *row)
{
	return row->count == 1 && row->fields[0][0] == '\0';
}

int
au_csv_parse(struct au_arena *arena, const char *text, size_t len, size_t most, struct au_csv_row **ret,
    size_t *ret_count, struct au_err *err)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct reader r = { .arena = arena, .at = text, .end = text + len, .line = 1 };
	struct au_csv_row *rows = NULL;
	size_t count = 0, room = 0;
	struct au_err why = { 0 };

	if (len >= 3 && memcmp(text, mark, 3) == 0)
		r.at += 3;
	r.divider = divider_of(r.at, r.end);
	while (r.at < r.end) {
		struct au_csv_row row;
		if (read_row(&r, &row, &why) < 0) {
			*err = why;
			return why.code;
		}
		if (is_empty(&row))
			continue;
		if (count > 0 && row.count != rows[0].count)
			return au_fail(err, AU_EINVAL, "line %zu: %zu fields, the header has %zu", row.line, row.count,
			    rows[0].count);
		for (size_t i = 0; i < row.count; i++)
			if (!au_text_is_utf8(row.fields[i], strlen(row.fields[i])))
				return au_fail(err, AU_EINVAL, "line %zu: field %zu is no UTF-8", row.line, i + 1);
		if (count > most)
			return au_fail(err, AU_ELIMIT, "line %zu: more than %zu rows", row.line, most);
		if (count == room) {
			struct au_csv_row *more =
			    au_arena_alloc(arena, (room = room == 0 ? 64 : 2 * room) * sizeof(*more));
			if (count > 0)
				memcpy(more, rows, count * sizeof(*more));
			rows = more;
		}
		rows[count++] = row;
	}
	*ret = rows;
	*ret_count = count;
	return 0;
}

void
au_csv_put(struct au_str *out, const char *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *field = fields[i] != NULL ? fields[i] : "";
		bool formula = *field != '\0' && strchr("=+-@", *field) != NULL;
		if (i > 0)
			au_str_put(out, ",");
		if (!formula && strpbrk(field, ",;\"\r\n\t") == NULL) {
			au_str_put(out, field);
			continue;
		}
		au_str_put(out, formula ? "\"'" : "\"");
		for (; *field != '\0'; field++) {
			if (*field == '"')
				au_str_putc(out, '"');
			au_str_putc(out, *field);
		}
		au_str_put(out, "\"");
	}
	au_str_put(out, "\r\n");
}
