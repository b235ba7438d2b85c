/* SPDX-License-Identifier: ISC */
/* Where a line may be broken and how wide it is, libunistring knows; a very narrow terminal is taken as wider. */
#include "ctl/wrap.h"

#include "base/mem.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unilbrk.h>
#include <unistd.h>
#include <uniwidth.h>

#define COLUMNS_MIN 30

size_t
au_wrap_columns(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

static void
put_blanks(struct au_str *out, size_t count)
{
	while (count-- > 0)
		au_str_putc(out, ' ');
}

static void
put_painted(struct au_str *out, const struct au_wrap *wrap, enum au_paint paint, const char *text, size_t len)
{
	AU_CLEANUP(au_freep) char *copy = au_xasprintf("%.*s", (int)len, text);

	while (len > 0 && copy[len - 1] == ' ')
		copy[--len] = '\0';
	au_paint_put(out, wrap->colour, paint, copy);
}

/* Write text line by line, breaking where breaks says so. */
static void
put_lines(struct au_str *out, const struct au_wrap *wrap, enum au_paint paint, const char *text, const char *breaks)
{
	size_t begin = 0, len = strlen(text);

	for (size_t i = 1; i <= len; i++) {
		if (i < len && breaks[i] != UC_BREAK_POSSIBLE)
			continue;
		if (begin > 0)
			put_blanks(out, wrap->hang);
		put_painted(out, wrap, paint, text + begin, i - begin);
		au_str_putc(out, '\n');
		begin = i;
	}
	if (len == 0)
		au_str_putc(out, '\n');
}

void
au_wrap_put(struct au_str *out, const struct au_wrap *wrap, const char *head, enum au_paint paint, const char *text)
{
	AU_CLEANUP(au_str_done) struct au_str visible = AU_STR_INIT, first = AU_STR_INIT;
	size_t columns = wrap->columns == 0 || wrap->columns >= COLUMNS_MIN ? wrap->columns : COLUMNS_MIN;

	au_str_visible(&visible, text, strlen(text));
	au_str_visible(&first, head, strlen(head));
	const uint8_t *bytes = (const uint8_t *)au_str_get(&visible);
	AU_CLEANUP(au_freep) char *breaks = au_xcalloc(visible.len + 1, 1);
	if (columns > 0 && visible.len > 0) {
		int start = (int)wrap->indent + u8_strwidth((const uint8_t *)au_str_get(&first), "UTF-8");
		/* Further lines begin at the hang: the first one is as if it were shifted by the difference. */
		u8_width_linebreaks(
		    bytes, visible.len, (int)(columns - wrap->hang), start - (int)wrap->hang, 0, NULL, "UTF-8", breaks);
	}
	put_blanks(out, wrap->indent - wrap->written);
	au_str_put(out, au_str_get(&first));
	put_lines(out, wrap, paint, au_str_get(&visible), breaks);
}
