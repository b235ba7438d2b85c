/* SPDX-License-Identifier: ISC */
/*
 * A configuration file as plain nodes that know their file and line.  The only
 * part that knows libconfig; everything above it sees groups, lists and JSON values.
 */
#ifndef SETTINGS_RAW_H
#define SETTINGS_RAW_H

#include "base/json.h"
#include "base/mem.h"

enum au_raw_kind {
	AU_RAW_VALUE = 1, /* text, number, boolean, or an array of them */
	AU_RAW_GROUP,     /* { name = value; ... } */
	AU_RAW_LIST,      /* ( ... ) of groups; an empty one has a value too, the empty array */
};

struct au_raw {
	enum au_raw_kind kind;
	const char *name; /* NULL in a list */
	const char *file;
	int line;
	const json_t *value;          /* AU_RAW_VALUE and the empty list; else NULL */
	const struct au_raw *members; /* of a group or list */
	size_t count;
};

/*
 * Read a file and what it includes (relative to its own folder).  Everything lives in the arena.
 * AU_EINVAL with "FILE:LINE: ..." for a syntax error, a name given twice in a group, a fraction, a number that
 * libconfig would cut to 32 bits, text that is not UTF-8; AU_EIO when the file cannot be read.
 */
int au_raw_read(struct au_arena *arena, const char *file, const struct au_raw **ret, struct au_err *err);

const struct au_raw *au_raw_member(const struct au_raw *group, const char *name); /* NULL when absent */
/* The option's node, or the group's where the option is not given: where an error about it is told. */
const struct au_raw *au_raw_line(const struct au_raw *group, const char *option);

/* "FILE:LINE: ..."; returns code. */
int au_raw_fail(const struct au_raw *at, struct au_err *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Put "FILE:LINE: " before a text that is there already; returns code. */
int au_raw_prefix(const struct au_raw *at, struct au_err *err, int code);
/* What a node is, for error texts: "a group", "a list", "text", "a number". */
const char *au_raw_type(const struct au_raw *node);

#endif
