/* SPDX-License-Identifier: ISC */
/* Of a status: what waits for people, and what is known by nobody else's word. */
#include "ctl/value.h"
#include "ctl/view.h"

static void
put_some(struct au_str *out, const json_t *item, const char *name, const char *text)
{
	long long count = au_json_get_int(item, name);

	if (count > 0)
		au_str_printf(out, ", %lld %s", count, text);
}

/* "desk: work orders: 2 open, 1 claimed, 1 overdue; the oldest one is of 2026-01-02 06:00:00Z" */
static void
put_work(const json_t *item, bool colour, struct au_str *out)
{
	long long overdue = au_json_get_int(item, "overdue"), oldest_ms = au_json_get_int(item, "oldest_ms");
	char when[AU_WHEN_SIZE];

	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(item, "target"));
	au_str_printf(out, ": work orders: %lld open", au_json_get_int(item, "open"));
	put_some(out, item, "claimed", "claimed");
	put_some(out, item, "reported", "to be confirmed by a second person");
	put_some(out, item, "fulfilled", "done by somebody's word and not verified");
	put_some(out, item, "failed", "failed so far");
	put_some(out, item, "expired", "expired so far");
	if (overdue > 0) {
		AU_CLEANUP(au_freep) char *text = au_xasprintf("%lld overdue", overdue);
		au_str_put(out, ", ");
		au_paint_put(out, colour, AU_PAINT_BAD, text);
		put_some(out, item, "late_claims", "of them claimed for too long");
	}
	if (oldest_ms > 0)
		au_str_printf(out, "; the oldest one is of %s", au_value_time(oldest_ms, when));
	au_str_putc(out, '\n');
}

static void
put_attested(const json_t *item, bool colour, struct au_str *out)
{
	long long oldest_ms = au_json_get_int(item, "oldest_ms");
	const char *trouble = au_json_get_str(item, "trouble");
	enum au_paint paint = au_json_get_int(item, "stale") > 0 ? AU_PAINT_BAD : AU_PAINT_WARN;
	char when[AU_WHEN_SIZE];

	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(item, "target"));
	au_str_put(out, ": ");
	au_value_count(out, au_json_get_int(item, "accounts"), "account", "s");
	au_str_put(out, " as attested, not asked; ");
	if (oldest_ms > 0)
		au_str_printf(out, "the oldest word is of %s", au_value_time(oldest_ms, when));
	else
		au_str_put(out, "of some nobody has attested anything");
	if (trouble != NULL) {
		au_str_put(out, "\n  ");
		au_paint_put(out, colour, paint, trouble);
	}
	au_str_putc(out, '\n');
}

/* Nothing at all while everything was told. */
static void
put_webhook(const json_t *webhook, bool colour, struct au_str *out)
{
	long long waiting = au_json_get_int(webhook, "waiting"), given_up = au_json_get_int(webhook, "given_up");
	long long lost = au_json_get_int(webhook, "lost"), oldest_ms = au_json_get_int(webhook, "oldest_ms");
	const char *problem = au_json_get_str(webhook, "problem");
	char when[AU_WHEN_SIZE];

	if (waiting + given_up + lost == 0)
		return;
	au_str_printf(out, "webhook: the ticket system was not told of %lld changes yet", waiting);
	if (oldest_ms > 0)
		au_str_printf(out, ", the oldest one of %s", au_value_time(oldest_ms, when));
	if (given_up + lost > 0) {
		AU_CLEANUP(au_freep)
		char *text = au_xasprintf("%lld given up, %lld lost: see 'apiuserctl webhook retry'", given_up, lost);
		au_str_put(out, "; ");
		au_paint_put(out, colour, AU_PAINT_BAD, text);
	}
	if (problem != NULL) {
		au_str_put(out, ": ");
		au_paint_put(out, false, AU_PAINT_NONE, problem);
	}
	au_str_putc(out, '\n');
}

void
au_view_people(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *work = json_object_get(json, "work"), *attested = json_object_get(json, "attested"), *item;
	size_t index;

	if (json_array_size(work) + json_array_size(attested) > 0)
		au_str_putc(out, '\n');
	json_array_foreach ((json_t *)(uintptr_t)work, index, item)
		put_work(item, colour, out);
	json_array_foreach ((json_t *)(uintptr_t)attested, index, item)
		put_attested(item, colour, out);
	put_webhook(json_object_get(json, "webhook"), colour, out);
}
