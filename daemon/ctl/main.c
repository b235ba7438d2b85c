/* SPDX-License-Identifier: ISC */
/* apiuserctl: asks the daemon, shows the answer, says by its exit code what it means. */
#include "ctl/command.h"
#include "ctl/paint.h"
#include "ctl/usage.h"

#include <locale.h>
#include <unistd.h>

static enum au_exit
print_usage(const struct au_command *command)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	au_usage_put(command, &out);
	return au_ctl_print(au_str_get(&out), out.len, AU_EXIT_SYNC);
}

static enum au_exit
print_version(void)
{
	static const char text[] = "apiuserctl " PACKAGE_VERSION "\n";

	return au_ctl_print(text, sizeof(text) - 1, AU_EXIT_SYNC);
}

static enum au_exit
run(struct au_command_line *line)
{
	struct au_ctl *ctl = &line->ctl;
	enum au_exit code;

	ctl->client = au_client_new(line->socket);
	ctl->terminal = isatty(STDOUT_FILENO) == 1;
	ctl->colour = au_paint_wanted(ctl->terminal, getenv("NO_COLOR"), getenv("TERM"));
	code = line->command->run(ctl);
	au_client_free(ctl->client);
	return code;
}

int
main(int argc, char **argv)
{
	struct au_command_line line;
	struct au_err err = { 0 };

	setlocale(LC_CTYPE, "");
	if (au_command_line_read(argc, argv, &line, &err) < 0)
		return (int)au_ctl_fail(&err);
	if (line.version)
		return (int)print_version();
	if (line.help)
		return (int)print_usage(line.command);
	return (int)run(&line);
}
