/* SPDX-License-Identifier: ISC */
/* Orders read as a list of instructions, and so does the code that writes them. */
#include "lib/paper.h"

#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
au_paper_begin(struct au_paper *paper, struct au_arena *arena)
{
	memset(paper, 0, sizeof(*paper));
	paper->arena = arena;
	paper->order.lines = paper->lines;
}

/* One line, whatever was put into it. */
static char *
write_text(struct au_paper *paper, const char *fmt, va_list ap)
{
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;
	va_list again;
	char *text;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = au_arena_alloc(paper->arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	au_str_visible(&line, text, (size_t)len);
	return au_arena_strdup(paper->arena, au_str_get(&line));
}

void
au_paper_title(struct au_paper *paper, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	paper->order.title = write_text(paper, fmt, ap);
	va_end(ap);
}

void
au_paper_at(struct au_paper *paper, const char *where)
{
	paper->where = where;
}

void
au_paper_line(struct au_paper *paper, const char *fmt, ...)
{
	va_list ap;

	if (paper->line_count == AU_PAPER_LINES) {
		paper->full = true;
		return;
	}
	/* The fields of the line before end here, as the array is zeroed. */
	if (paper->line_count != 0 && paper->lines[paper->line_count - 1].fields != NULL)
		paper->field_count++;
	va_start(ap, fmt);
	paper->lines[paper->line_count++] =
	    (struct au_order_line){ .where = paper->where, .what = write_text(paper, fmt, ap) };
	va_end(ap);
	paper->where = NULL;
}

void
au_paper_field(struct au_paper *paper, const char *label, const char *value)
{
	struct au_order_line *line;

	if (paper->line_count == 0 || paper->field_count + 1 >= AU_PAPER_FIELDS) {
		paper->full = true;
		return;
	}
	line = &paper->lines[paper->line_count - 1];
	if (line->fields == NULL)
		line->fields = &paper->fields[paper->field_count];
	paper->fields[paper->field_count++] = (struct au_order_field){ .label = au_arena_strdup(paper->arena, label),
		.value = au_arena_strdup(paper->arena, value != NULL ? value : "") };
}

void
au_paper_mailed(struct au_paper *paper, const char *label, const char *to)
{
	paper->order.secret = AU_ORDER_SECRET_MAILED;
	paper->order.secret_label = label;
	paper->order.secret_to = au_arena_strdup(paper->arena, to);
}

void
au_paper_ask(struct au_paper *paper, const char *what, const char *word)
{
	paper->asks[0] = (struct au_order_field){ .label = what, .value = word };
	paper->order.asks = paper->asks;
}

/* What is too long in it, in words; NULL when nothing is. */
static const char *
too_long(const struct au_paper *paper)
{
	if (paper->order.title != NULL && strlen(paper->order.title) > AU_ORDER_TEXT_MAX)
		return "title";
	for (size_t i = 0; i < paper->line_count; i++)
		if (strlen(paper->lines[i].what) > AU_ORDER_TEXT_MAX)
			return "instruction";
	for (size_t i = 0; i < AU_PAPER_FIELDS; i++)
		if (paper->fields[i].value != NULL && strlen(paper->fields[i].value) > AU_ORDER_TEXT_MAX)
			return paper->fields[i].label;
	return NULL;
}

int
au_paper_emit(struct au_paper *paper, au_emit_order *emit, void *ctx, struct au_err *err)
{
	const char *what = too_long(paper);

	if (paper->full)
		return au_fail(err, AU_EBUG, "order '%s' has more than %d lines or %d fields",
		    paper->order.title != NULL ? paper->order.title : "", AU_PAPER_LINES, AU_PAPER_FIELDS);
	if (what != NULL)
		return au_fail(err, AU_ELIMIT, "order: '%s' would have more than %d bytes", what, AU_ORDER_TEXT_MAX);
	return emit(ctx, &paper->order);
}

int
au_paper_order(au_paper_writer *write, struct au_session *session, const struct au_task *task, au_emit_order *emit,
    void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_paper paper;
	int r;

	if (task->op != AU_TASK_CREATE && task->is == NULL)
		return au_fail(err, AU_EBUG, "expected the account that the order is about");
	au_paper_begin(&paper, arena);
	r = write(&paper, session, task, err);
	return r != 0 ? r : au_paper_emit(&paper, emit, ctx, err);
}
