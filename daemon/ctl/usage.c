/* SPDX-License-Identifier: ISC */
/*
 * getopt_long reads the line twice: options before the command are general ones,
 * those behind it may also be the command's own.
 */
#include "ctl/usage.h"

#include "base/mem.h"

#include <getopt.h>
#include <string.h>

#define ROWS_MAX 16

/* Rows of options as getopt wants them; val is the index into rows. */
struct option_set {
	const struct au_ctl_option *rows[ROWS_MAX];
	struct option options[ROWS_MAX + 1];
	int count;
	char letters[2 * ROWS_MAX + 3]; /* "+:o:" */
};

/* Options that have a letter, too, by an old habit of many programs. */
static char
letter_of(const struct au_ctl_option *row)
{
	static const struct {
		const char *name;
		char letter;
	} letters[] = { { "output", 'o' } };

	for (size_t i = 0; i < AU_COUNT(letters); i++)
		if (strcmp(letters[i].name, row->name) == 0)
			return letters[i].letter;
	return '\0';
}

static void
add_letter(struct option_set *set, const struct au_ctl_option *row)
{
	size_t len = strlen(set->letters);

	set->letters[len] = letter_of(row);
	if (set->letters[len] != '\0' && row->arg != NULL)
		set->letters[len + 1] = ':';
}

static void
add_rows(struct option_set *set, const struct au_ctl_option *rows)
{
	for (; rows != NULL && rows->name != NULL && set->count < ROWS_MAX; rows++) {
		set->rows[set->count] = rows;
		set->options[set->count] = (struct option){ .name = rows->name,
			.has_arg = rows->arg != NULL ? required_argument : no_argument,
			.val = set->count };
		add_letter(set, rows);
		set->count++;
	}
}

/* What getopt found: the place of a row, or its letter. */
static const struct au_ctl_option *
found_row(const struct option_set *set, int found)
{
	if (found < set->count)
		return set->rows[found];
	for (int i = 0; i < set->count; i++)
		if (letter_of(set->rows[i]) == found)
			return set->rows[i];
	return NULL;
}

static bool
is_global(const struct au_ctl_option *row)
{
	for (const struct au_ctl_option *global = au_global_options; global->name != NULL; global++)
		if (global == row)
			return true;
	return false;
}

static void
take_option(struct au_command_line *line, const struct au_ctl_option *row, const char *value)
{
	struct au_ctl *ctl = &line->ctl;

	if (!is_global(row)) {
		if (ctl->given_count < AU_CTL_OPTIONS) {
			ctl->given[ctl->given_count] = row;
			ctl->values[ctl->given_count++] = value != NULL ? value : "";
		}
	} else if (strcmp(row->name, "socket") == 0) {
		line->socket = value;
	} else if (strcmp(row->name, "json") == 0) {
		ctl->json = true;
	} else if (strcmp(row->name, "help") == 0) {
		line->help = true;
	} else {
		line->version = true;
	}
}

/* Read options up to the first other word, or all there are; optind is left at the first word that is no option. */
static int
read_options(int argc, char **argv, bool stop_at_word, const struct au_command *command, struct au_command_line *line,
    struct au_err *err)
{
	struct option_set set = { 0 };
	int found;

	memcpy(set.letters, stop_at_word ? "+:" : ":", stop_at_word ? 3 : 2);
	add_rows(&set, au_global_options);
	add_rows(&set, command != NULL ? command->options : NULL);
	opterr = 0;
	optind = 0;
	while ((found = getopt_long(argc, argv, set.letters, set.options, NULL)) != -1) {
		if (found == '?' || found == ':')
			return au_fail(err, AU_EINVAL, "'%s': %s", argv[optind - 1],
			    found == ':' ? "a value is missing" : "no such option; see --help");
		take_option(line, found_row(&set, found), optarg);
	}
	return 0;
}

/* The command whose name the words begin with, and how many words that takes; a longer name wins. */
static const struct au_command *
find_command(int word_count, char **words, int *ret_taken)
{
	for (int taken = word_count < 2 ? word_count : 2; taken > 0; taken--) {
		AU_CLEANUP(au_freep)
		char *name = taken == 2 ? au_xasprintf("%s %s", words[0], words[1]) : au_xstrdup(words[0]);
		for (const struct au_command *const *command = au_commands; *command != NULL; command++)
			if (strcmp((*command)->name, name) == 0) {
				*ret_taken = taken;
				return *command;
			}
	}
	return NULL;
}

static int
read_command(int argc, char **argv, struct au_command_line *line, struct au_err *err)
{
	struct au_ctl *ctl = &line->ctl;
	int taken = 0, rc;

	line->command = find_command(argc, argv, &taken);
	if (line->command == NULL)
		return au_fail(err, AU_EINVAL, "'%s': no such command; see --help", argv[0]);
	/* getopt skips the first word, so that is the last of the command's name. */
	argc -= taken - 1;
	argv += taken - 1;
	rc = read_options(argc, argv, false, line->command, line, err);
	if (rc < 0)
		return rc;
	ctl->args = argv + optind;
	ctl->arg_count = argc - optind;
	if (!line->help && (ctl->arg_count < line->command->min_args || ctl->arg_count > line->command->max_args))
		return au_fail(err, AU_EINVAL, "usage: apiuserctl %s%s%s", line->command->name,
		    *line->command->args != '\0' ? " " : "", line->command->args);
	return 0;
}

int
au_command_line_read(int argc, char **argv, struct au_command_line *ret, struct au_err *err)
{
	struct au_command_line line = { .socket = RUNDIR "/control.sock" };
	int rc = read_options(argc, argv, true, NULL, &line, err);

	if (rc == 0 && optind < argc)
		rc = read_command(argc - optind, argv + optind, &line, err);
	else if (rc == 0 && !line.help && !line.version)
		rc = au_fail(err, AU_EINVAL, "a command is missing; see --help");
	if (rc < 0)
		return rc;
	*ret = line;
	return 0;
}

/* ---- explaining ---- */

#define INDENT 30

static void
put_row(struct au_str *out, const char *left, const char *text)
{
	if (strlen(left) + 4 > INDENT)
		au_str_printf(out, "  %s\n  %*s%s\n", left, INDENT - 2, "", text);
	else
		au_str_printf(out, "  %-*s%s\n", INDENT - 2, left, text);
}

static void
put_options(struct au_str *out, const struct au_ctl_option *rows)
{
	for (; rows != NULL && rows->name != NULL; rows++) {
		AU_CLEANUP(au_freep)
		char *left = au_xasprintf(
		    "--%s%s%s", rows->name, rows->arg != NULL ? " " : "", rows->arg != NULL ? rows->arg : "");
		AU_CLEANUP(au_freep) char *both = au_xasprintf("-%c, %s", letter_of(rows), left);
		put_row(out, letter_of(rows) != '\0' ? both : left, rows->help);
	}
}

static void
put_command(const struct au_command *command, struct au_str *out)
{
	au_str_printf(out, "usage: apiuserctl [options] %s%s%s\n\n%s.\n\noptions:\n", command->name,
	    *command->args != '\0' ? " " : "", command->args, command->summary);
	put_options(out, command->options);
	put_options(out, au_global_options);
}

void
au_usage_put(const struct au_command *command_or_null, struct au_str *out)
{
	if (command_or_null != NULL) {
		put_command(command_or_null, out);
		return;
	}
	au_str_put(out, "usage: apiuserctl [options] command [arguments]\n\ncommands:\n");
	for (const struct au_command *const *command = au_commands; *command != NULL; command++) {
		AU_CLEANUP(au_freep) char *left = au_xasprintf("%s %s", (*command)->name, (*command)->args);
		put_row(out, left, (*command)->summary);
	}
	au_str_put(out, "\noptions:\n");
	put_options(out, au_global_options);
	au_str_put(out, "\n'apiuserctl COMMAND --help' tells the options of a command.\n"
			"exit status: 0 in sync, 1 error, 2 changes pending, 3 held\n");
}
