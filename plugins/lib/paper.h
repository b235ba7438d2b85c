/* SPDX-License-Identifier: ISC */
/*
 * A work order while it is written: line by line, each with its fields.  Everything lies in the arena that it began
 * with.  What does not fit, or a field before any line, is remembered and told by au_paper_emit.
 */
#ifndef LIB_PAPER_H
#define LIB_PAPER_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>

#define AU_PAPER_LINES 32
#define AU_PAPER_FIELDS 128 /* with one end for each line */

struct au_paper {
	struct au_order order; /* title, warning, secret, asks and confirm are the writer's to set */
	/* Private. */
	struct au_arena *arena;
	struct au_order_line lines[AU_PAPER_LINES + 1];
	struct au_order_field fields[AU_PAPER_FIELDS];
	struct au_order_field asks[2];
	size_t line_count, field_count;
	const char *where;
	bool full;
};

void au_paper_begin(struct au_paper *paper, struct au_arena *arena);
/* The title; the name of the account goes in quotes, as far as the caller writes it so.  Like each instruction it is
 * one line: control characters of what is put into it are written as \xNN. */
void au_paper_title(struct au_paper *paper, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The product's menu path of the lines that follow; the text must live as long as the paper. */
void au_paper_at(struct au_paper *paper, const char *where);
/* The next instruction, one sentence. */
void au_paper_line(struct au_paper *paper, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What to enter or choose for the instruction before; NULL as a value is an empty one.  Value is copied. */
void au_paper_field(struct au_paper *paper, const char *label, const char *value);
/* The product mails the secret, in its own word for it, to this address, which is copied. */
void au_paper_mailed(struct au_paper *paper, const char *label, const char *to);
/* What who does the order reports: "id" or "login", in the product's word. */
void au_paper_ask(struct au_paper *paper, const char *what, const char *word);
/*
 * An order of a task from its first line to its last: `write` gets an empty paper, which lives until it returns, and
 * what it has written is handed up.  AU_EBUG: the task is about an account and has none; else what write or emit say.
 */
typedef int au_paper_writer(
    struct au_paper *paper, struct au_session *session, const struct au_task *task, struct au_err *err);
int au_paper_order(au_paper_writer *write, struct au_session *session, const struct au_task *task, au_emit_order *emit,
    void *ctx, struct au_err *err);
/* Hand the order up.  AU_EBUG: it has more lines or fields than this can hold; AU_ELIMIT: a text, with what was asked
 * for in it, is longer than an order's may be; else what emit says. */
int au_paper_emit(struct au_paper *paper, au_emit_order *emit, void *ctx, struct au_err *err);

#endif
