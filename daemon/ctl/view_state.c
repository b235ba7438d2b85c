/* SPDX-License-Identifier: ISC */
/* `status`, `sources`, `targets`. */
#include "base/mem.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

static const struct state_paint {
	const char *state;
	enum au_paint paint;
} state_paints[] = {
	{ "ok", AU_PAINT_GOOD },
	{ "done", AU_PAINT_GOOD },
	{ "present", AU_PAINT_GOOD },
	{ "complete", AU_PAINT_GOOD },
	{ "new", AU_PAINT_DIM },
	{ "cancelled", AU_PAINT_DIM },
	{ "absent", AU_PAINT_DIM },
	{ "not configured", AU_PAINT_DIM },
	{ "stale", AU_PAINT_WARN },
	{ "running", AU_PAINT_WARN },
	{ "queued", AU_PAINT_WARN },
	{ "waiting", AU_PAINT_WARN },
	{ "follows", AU_PAINT_WARN },
	{ "unknown", AU_PAINT_WARN },
	{ "not ready", AU_PAINT_WARN },
	{ "partial", AU_PAINT_WARN },
	{ "held", AU_PAINT_BAD },
	{ "failed", AU_PAINT_BAD },
	{ "conflict", AU_PAINT_BAD },
	{ "suspect", AU_PAINT_BAD },
	{ "quarantine", AU_PAINT_BAD },
	{ "paused", AU_PAINT_BAD },
	{ "refused", AU_PAINT_BAD },
	{ "throttled", AU_PAINT_WARN },
	{ "quiet", AU_PAINT_DIM },
};

enum au_paint
au_view_paint(const char *state)
{
	for (size_t i = 0; i < AU_COUNT(state_paints); i++)
		if (au_streq(state_paints[i].state, state))
			return state_paints[i].paint;
	return AU_PAINT_NONE;
}

void
au_view_sources(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "SOURCE", false }, { "KIND", false }, { "STATE", false },
		{ "ENTRIES", true }, { "GROUPS", true }, { "LAST WHOLE READ", false }, { "NOTE", false },
		{ NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "sources"), index, item) {
		const char *state = au_json_get_str(item, "state");
		char when[AU_WHEN_SIZE];
		au_table_text(table, au_json_get_str(item, "name"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "kind"), AU_PAINT_NONE);
		au_table_text(table, state, au_view_paint(state));
		au_table_number(table, au_json_get_int(item, "entries"));
		au_table_number(table, au_json_get_int(item, "groups"));
		au_table_text(table, au_value_time(au_json_get_int(item, "complete_ms"), when), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "text"), AU_PAINT_NONE);
	}
	au_table_put(table, colour, out);
	if (au_table_rows(table) == 0)
		au_str_put(out, "No sources are configured.\n");
	json_array_foreach (json_object_get(json, "sources"), index, item)
		au_view_membership(json_object_get(item, "membership"), au_json_get_str(item, "name"), colour, out);
}

/* Why, until when and by whose word it waits. */
static void
put_note(struct au_str *note, const json_t *target)
{
	const char *text = au_json_get_str(target, "text");
	long long until_ms = au_json_get_int(target, "until_ms");
	char until[AU_WHEN_SIZE];

	if (until_ms != 0)
		au_str_printf(note, "until %s: ", au_value_time(until_ms, until));
	if (au_streq(au_json_get_str(target, "state"), "paused"))
		au_str_printf(note, "by %s: ", au_json_get_str(target, "actor"));
	au_str_put(note, text != NULL ? text : "-");
}

void
au_view_targets(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "TARGET", false }, { "PRODUCT", false }, { "STATE", false },
		{ "ACCOUNTS", true }, { "ACTIVE", true }, { "PROBLEMS", true }, { "FOREIGN", true },
		{ "LAST LISTED", false }, { "NOTE", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "targets"), index, item) {
		AU_CLEANUP(au_str_done) struct au_str note = AU_STR_INIT;
		const char *state = au_json_get_str(item, "state");
		char when[AU_WHEN_SIZE];
		put_note(&note, item);
		au_table_text(table, au_json_get_str(item, "name"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "product"), AU_PAINT_NONE);
		au_table_text(table, state, au_view_paint(state));
		au_table_number(table, au_json_get_int(item, "present"));
		au_table_number(table, au_json_get_int(item, "active"));
		au_table_number(table, au_json_get_int(item, "problems") + au_json_get_int(item, "conflicts"));
		au_table_number(table, au_json_get_int(item, "foreign"));
		au_table_text(table, au_value_time(au_json_get_int(item, "observed_ms"), when), AU_PAINT_NONE);
		au_table_text(table, au_str_get(&note), AU_PAINT_NONE);
	}
	au_table_put(table, colour, out);
	if (au_table_rows(table) == 0)
		au_str_put(out, "No targets are configured.\n");
}

void
au_view_quarantine(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "USER", false }, { "TARGET", false }, { "SINCE", false },
		{ "FAILURES", true }, { "REASON", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "quarantine"), index, item) {
		char when[AU_WHEN_SIZE];
		au_table_text(table, au_json_get_str(item, "user"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "target"), AU_PAINT_NONE);
		au_table_text(table, au_value_time(au_json_get_int(item, "since_ms"), when), AU_PAINT_NONE);
		au_table_number(table, au_json_get_int(item, "failures"));
		au_table_text(table, au_json_get_str(item, "reason"), AU_PAINT_NONE);
	}
	if (au_table_rows(table) > 0)
		au_table_put(table, colour, out);
	else
		au_str_put(out, "Nobody is quarantined.\n");
}

/* ---- status ---- */

/* Nothing at all where no issuer is configured. */
static void
put_issuers(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "ISSUER", false }, { "STATE", false }, { "KEYS", true },
		{ "KEYS READ", false }, { "NOTE", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "issuers"), index, item) {
		const char *text = au_json_get_str(item, "text");
		const char *state = text == NULL ? "ok" : au_json_get_int(item, "keys") > 0 ? "stale" : "not ready";
		char when[AU_WHEN_SIZE];
		au_table_text(table, au_json_get_str(item, "name"), AU_PAINT_NONE);
		au_table_text(table, state, au_view_paint(state));
		au_table_number(table, au_json_get_int(item, "keys"));
		au_table_text(table, au_value_time(au_json_get_int(item, "fetched_ms"), when), AU_PAINT_NONE);
		au_table_text(table, text, AU_PAINT_NONE);
	}
	if (au_table_rows(table) == 0)
		return;
	au_str_putc(out, '\n');
	au_table_put(table, colour, out);
}

static const struct verdict_text {
	enum au_exit exit;
	enum au_paint paint;
	const char *text;
} verdict_texts[] = {
	{ AU_EXIT_SYNC, AU_PAINT_GOOD, "in sync" },
	{ AU_EXIT_PENDING, AU_PAINT_WARN, "changes pending" },
	{ AU_EXIT_HELD, AU_PAINT_BAD, "held: see 'apiuserctl held'" },
};

static void
put_verdict(const json_t *json, bool colour, struct au_str *out)
{
	enum au_exit verdict = au_verdict_status(json);

	if (verdict == AU_EXIT_SYNC && json_array_size(json_object_get(json, "attested")) > 0) {
		au_paint_put(out, colour, AU_PAINT_GOOD, "in sync, as far as is attested");
		return;
	}
	for (size_t i = 0; i < AU_COUNT(verdict_texts); i++)
		if (verdict_texts[i].exit == verdict)
			au_paint_put(out, colour, verdict_texts[i].paint, verdict_texts[i].text);
}

/* Who comes to an end, and who answers for nobody any more. */
static void
put_ends(const json_t *json, struct au_str *out)
{
	long long expired = au_json_get_int(json, "expired"), expiring = au_json_get_int(json, "expiring");
	long long owner_left = au_json_get_int(json, "owner_left");
	const char *deputy = au_json_get_str(json, "owner_deputy");

	if (expired > 0 || expiring > 0)
		au_str_printf(
		    out, "API users whose term is over: %lld; whose term ends soon: %lld\n", expired, expiring);
	if (owner_left == 0)
		return;
	au_str_printf(out, "API users whose owner has left: %lld", owner_left);
	if (deputy != NULL) {
		au_str_put(out, "; ask ");
		au_paint_put(out, false, AU_PAINT_NONE, deputy);
	}
	au_str_putc(out, '\n');
}

static void
put_counts(const json_t *json, struct au_str *out)
{
	const json_t *steps = json_object_get(json, "steps");
	long long failed = au_json_get_int(steps, "failed"), quarantined = au_json_get_int(json, "quarantined");

	au_value_count(out, au_json_get_int(json, "users"), "API user", "s");
	au_str_printf(out, ", %lld to look at; steps: %lld queued, %lld running, %lld held",
	    au_json_get_int(json, "dirty"), au_json_get_int(steps, "queued"), au_json_get_int(steps, "running"),
	    au_json_get_int(steps, "held"));
	if (au_json_get_int(steps, "with-person") > 0)
		au_str_printf(
		    out, ", %lld with people: see 'apiuserctl work list'", au_json_get_int(steps, "with-person"));
	if (au_json_get_int(steps, "waiting") > 0)
		au_str_printf(out, ", %lld waiting for room", au_json_get_int(steps, "waiting"));
	if (au_json_get_int(steps, "follows") > 0)
		au_str_printf(out, ", %lld waiting for other steps", au_json_get_int(steps, "follows"));
	if (failed > 0)
		au_str_printf(out, ", %lld failed so far", failed);
	au_str_putc(out, '\n');
	put_ends(json, out);
	if (quarantined > 0) {
		au_value_count(out, quarantined, "API user", "s");
		au_str_printf(out, " left alone: see 'apiuserctl quarantine'\n");
	}
}

void
au_view_status(const json_t *json, bool colour, struct au_str *out)
{
	char span[AU_WHEN_SIZE];

	au_str_put(out, "apiuserd ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "version"));
	au_str_printf(out,
	    ", up %s: ", au_value_span(au_json_get_int(json, "now_ms") - au_json_get_int(json, "started_ms"), span));
	put_verdict(json, colour, out);
	au_str_putc(out, '\n');
	put_counts(json, out);
	au_str_putc(out, '\n');
	au_view_sources(json, colour, out);
	au_str_putc(out, '\n');
	au_view_targets(json, colour, out);
	au_view_low(json, colour, out);
	au_view_people(json, colour, out);
	put_issuers(json, colour, out);
}
