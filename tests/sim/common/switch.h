/* SPDX-License-Identifier: ISC */
/*
 * Options of a simulator, one row each: the command line, --help and the switches that tests turn at run time all come
 * from the same rows.  Every switch tells its evidence: D documented by the vendor, O seen in use, I our own choice
 * where nothing is published; S is about the simulator itself.
 */
#ifndef SIM_COMMON_SWITCH_H
#define SIM_COMMON_SWITCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SWITCH_LIST_MAX 16

enum switch_kind {
	SWITCH_NUMBER, /* long, min to max */
	SWITCH_EITHER, /* long, min or max */
	SWITCH_FLAG,   /* bool, "on" or "off" */
	SWITCH_TEXT,   /* const char *; the text must live on */
	SWITCH_CHOICE, /* long, an index into choices */
	SWITCH_PAIRS,  /* struct switch_list of NAME=VALUE, may be repeated */
};

struct switch_list {
	const char *items[SWITCH_LIST_MAX];
	size_t count;
};

struct switch_row {
	const char *name;
	enum switch_kind kind;
	size_t offset;
	const char *initial; /* NULL: none */
	long min, max;
	const char *const *choices; /* ends with NULL */
	char evidence;
	bool live; /* may be turned while running */
	const char *help;
};

/* Rows of one simulator, and where they are said; the last row has no name. */
struct switch_table {
	const char *program, *about; /* for --help */
	const char *required;        /* the text without which it does not start */
	const struct switch_row *rows;
};

/* options is the struct that the offsets are of, zeroed. */
void switch_defaults(const struct switch_table *table, void *options);
/* Read the command line; text must live on.  False with a line on stderr. */
bool switch_parse(const struct switch_table *table, void *options, int argc, char **argv);
/* Set one by name; false when it is unknown, cannot change at run time (live) or the value is wrong. */
bool switch_set(const struct switch_table *table, void *options, const char *name, const char *value, bool live);
void switch_help(const struct switch_table *table, FILE *out);

#endif
