/* SPDX-License-Identifier: ISC */
/* Sources that are asked for one person: what they say then are lines of the scenario that were kept until now. */
#include "tests/scenario/script.h"

#include "base/str.h"

#include <event2/event.h>

#define KEPT_MOST 8

static char *kept[KEPT_MOST];
static size_t kept_count;
static char *trouble; /* NULL: it answers; "absent": that there is nobody */

/* "unheard LINE": a line that is performed when somebody asks for a person, and not before. */
void
do_unheard(struct line *l)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;

	for (size_t i = 1; i < l->count; i++)
		au_str_printf(&text, "%s'%s'", i > 1 ? " " : "", l->words[i]);
	if (kept_count == KEPT_MOST)
		complain(l->s, "too many lines are unheard");
	else
		kept[kept_count++] = au_xstrdup(au_str_get(&text));
}

/* "asked TEXT": what is wrong with every source that is asked, "absent" or "nothing". */
void
do_asked(struct line *l)
{
	free(trouble);
	trouble = au_streq(l->words[1], "nothing") ? NULL : au_xstrdup(l->words[1]);
}

struct asking {
	struct scenario *s;
	size_t groups;
	au_freshen_done *done;
	void *ctx;
};

static void
on_asked(evutil_socket_t fd, short what, void *arg)
{
	struct asking *asking = arg;
	struct au_freshened result = { .person = AU_LOOKUP_FOUND, .groups_read = asking->groups };
	size_t count = trouble == NULL ? kept_count : 0;

	(void)fd;
	(void)what;
	if (au_streq(trouble, "absent"))
		result.person = AU_LOOKUP_ABSENT;
	else
		result.trouble = trouble;
	for (size_t i = 0; i < count; i++) {
		play_line(asking->s, kept[i]);
		free(kept[i]);
	}
	kept_count -= count;
	asking->done(asking->ctx, &result);
	free(asking);
}

bool
fake_freshen(void *ctx, const char *source, const struct au_freshen_order *order, au_freshen_done *done, void *done_ctx)
{
	struct scenario *s = ctx;
	struct asking *asking = au_xcalloc(1, sizeof(*asking));

	(void)source;
	*asking = (struct asking){ .s = s, .groups = order->group_count, .done = done, .ctx = done_ctx };
	event_base_once(s->base, -1, EV_TIMEOUT, on_asked, asking, &(struct timeval){ 0, 0 });
	return true;
}
