/* SPDX-License-Identifier: ISC */
/* One line that is written over and in the end erased; quick commands never show it. */
#include "ctl/progress.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define QUIET_MS 1000
#define BAR 30
#define COLUMNS 80

void
au_progress_start(struct au_progress *progress)
{
	*progress = (struct au_progress){ .terminal = isatty(STDERR_FILENO) == 1, .started_mono = au_clock_mono_ms() };
}

bool
au_progress_due(const struct au_progress *progress)
{
	return progress->terminal && au_clock_mono_ms() - progress->started_mono >= QUIET_MS;
}

void
au_progress_line(struct au_str *out, long long done, long long total, const char *text, size_t columns)
{
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;
	long long filled = total > 0 ? BAR * (done < total ? done : total) / total : 0;

	au_str_putc(&line, '[');
	for (long long i = 0; i < BAR; i++)
		au_str_putc(&line, i < filled ? '#' : '-');
	au_str_printf(&line, "] %lld/%lld %s", done, total, text);
	au_str_putn(out, au_str_get(&line), line.len < columns ? line.len : columns);
}

void
au_progress_show(struct au_progress *progress, long long done, long long total, const char *text)
{
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;
	struct winsize size = { 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 2)
		size.ws_col = COLUMNS;
	au_progress_line(&line, done, total, text, size.ws_col - 1u);
	fprintf(stderr, "\r\033[K%s", au_str_get(&line));
	progress->shown = true;
}

void
au_progress_end(struct au_progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
