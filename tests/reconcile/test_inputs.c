/* SPDX-License-Identifier: ISC */
/* Inputs of a saved plan: they move when what a step stands on moves, and not with what makes no difference to it. */
#include "tests/store/help.h"

#include "base/str.h"
#include "reconcile/inputs.h"
#include "settings/rows.h"
#include "store/fact.h"
#include "store/pool.h"

#include <string.h>

#define NOW 1795514400000LL

static const struct au_opt none[] = { AU_OPT_END };
static struct au_describe describe = { .name = "fake", .version = "1" };

struct world {
	struct fixture *f;
	struct au_target_block target;
	struct au_block source;
	struct au_rule rule;
	struct au_settings settings;
	struct au_template template;
	struct au_policy policy;
};

static void
begin(struct world *w, struct fixture *f)
{
	*w = (struct world){ .f = f };
	w->target = (struct au_target_block){ .block = { .name = "room", .values = au_values_new(none) },
		.describe = &describe };
	w->source.name = "corp";
	w->rule = (struct au_rule){ .name = "run", .source = "corp", .group = "*", .template = "runner" };
	w->template = (struct au_template){ .name = "runner", .target = "room", .canonical = "{}" };
	w->settings = (struct au_settings){ .targets = &w->target,
		.target_count = 1,
		.sources = &w->source,
		.source_count = 1,
		.rules = &w->rule,
		.rule_count = 1,
		.reconcile = au_values_new(au_reconcile_rows) };
	w->policy = (struct au_policy){ .settings = &w->settings, .templates = &w->template, .template_count = 1 };
}

static void
end(struct world *w)
{
	au_values_free(w->settings.reconcile);
	au_values_free(w->target.block.values);
}

/* What an input says, when `takes` is what the one step takes that stands on it and `all` what the plan does. */
static const char *
say(struct world *w, const char *kind, const char *name, const char *takes, const char *const *all, bool is_hash)
{
	AU_CLEANUP(au_inputs_freep) struct au_inputs *inputs = au_inputs_new(&w->policy, NOW);
	AU_CLEANUP(au_json_decrefp) json_t *places = NULL;
	const struct au_inputs_step step = { "room", "ann", takes };
	const struct au_gathered g = { .key = "ann@example.com" };
	struct fixture *f = w->f;
	const json_t *input;

	for (; all && *all; all++)
		au_inputs_demand(inputs, "room", *all);
	assert_ok(f, au_inputs_add(inputs, f->tx, f->arena, &g, &step, &places, &f->err));
	input = au_inputs_find(inputs, kind, name);
	if (!input)
		return NULL;
	if (is_hash)
		return au_arena_strdup(f->arena, au_json_get_str(input, "hash"));
	AU_CLEANUP(au_freep) char *text = au_json_canonical(json_object_get(input, "says"));
	return au_arena_strdup(f->arena, text);
}

static void
put_pool(struct world *w, long long limit, long long ours, long long closed_ms)
{
	struct fixture *f = w->f;
	struct au_pool_row row = { .target = "room",
		.name = "slots",
		.rule = "r",
		.limit_set = limit,
		.limit_read = -1,
		.used_read = -1,
		.others = ours,
		.closed_ms = closed_ms };

	assert_ok(f, au_store_pool_define(f->tx, &row, &f->err));
	assert_ok(f, au_store_pool_observe(f->tx, &row, &f->err));
	assert_ok(f, au_store_pool_close(f->tx, &row, &f->err));
}

static void
room_counts_as_far_as_the_plan_takes_it(void **state)
{
	static const char *const three[] = { "{\"slots\":1}", "{\"slots\":2}", NULL };
	static const char *const swap[] = { "{\"slots\":1}", "{\"slots\":-1}", NULL };
	static const struct {
		const char *const *all;
		long long limit, used, closed_ms;
		const char *says;
	} rows[] = {
		{ three, 10, 0, 0, "{\"room\":3,\"taken\":3}" },
		{ three, 10, 7, 0, "{\"room\":3,\"taken\":3}" },
		{ three, 10, 8, 0, "{\"room\":2,\"taken\":3}" },
		{ three, 10, 10, 0, "{\"room\":0,\"taken\":3}" },
		{ three, 10, 12, 0, "{\"room\":0,\"taken\":3}" },
		{ three, -1, 900, 0, "{\"room\":3,\"taken\":3}" },
		{ three, 10, 0, NOW + 1, "{\"room\":0,\"taken\":3}" },
		{ swap, 10, 10, 0, "{\"room\":1,\"taken\":1}" },
	};
	struct world w;

	begin(&w, *state);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		put_pool(&w, rows[i].limit, rows[i].used, rows[i].closed_ms);
		const char *says = say(&w, "pool", "room/slots", rows[i].all[0], rows[i].all, false);
		if (!au_streq(says, rows[i].says))
			fail_msg("row %zu says %s", i, says ? says : "nothing");
	}
	/* Who takes nothing stands on no pool; nor does who gives back. */
	assert_null(say(&w, "pool", "room/slots", NULL, NULL, false));
	assert_null(say(&w, "pool", "room/slots", swap[1], swap, false));
	end(&w);
}

static void
put_source(struct world *w, enum au_source_state state, bool complete, const char *cookie)
{
	const struct au_source_row row = {
		.name = "corp", .state = state, .complete = complete, .complete_ms = NOW - 1
	};
	struct fixture *f = w->f;

	assert_ok(f, au_store_source_put(f->tx, &row, &f->err));
	assert_ok(f, au_store_cookie_put(f->tx, "corp", "people", cookie, &f->err));
}

static void
a_verdict_counts_and_a_cookie_is_told(void **state)
{
	struct world w;

	begin(&w, *state);
	put_source(&w, AU_SOURCE_OK, true, "csn=1");
	const char *whole = say(&w, "source", "corp", NULL, NULL, true);
	put_source(&w, AU_SOURCE_OK, true, "csn=2");
	assert_string_equal(say(&w, "source", "corp", NULL, NULL, true), whole);
	put_source(&w, AU_SOURCE_OK, false, "csn=2");
	assert_string_not_equal(say(&w, "source", "corp", NULL, NULL, true), whole);
	put_source(&w, AU_SOURCE_SUSPECT, true, "csn=2");
	assert_string_not_equal(say(&w, "source", "corp", NULL, NULL, true), whole);
	end(&w);
}

static void
options_that_change_no_step_change_no_hash(void **state)
{
	static const struct {
		const char *option, *json;
		bool counts;
	} rows[] = { { "interval", "\"2h\"", false }, { "jitter", "20", false }, { "plan_age", "\"2h\"", false },
		{ "grace", "\"2h\"", true }, { "guard_count", "7", true } };
	struct world w;

	begin(&w, *state);
	const char *before = say(&w, "options", "reconcile", NULL, NULL, true);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *value = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
		struct fixture *f = w.f;
		au_values_free(w.settings.reconcile);
		w.settings.reconcile = au_values_new(au_reconcile_rows);
		assert_ok(f, au_values_set(w.settings.reconcile, rows[i].option, value, &f->err));
		assert_int_equal(au_streq(say(&w, "options", "reconcile", NULL, NULL, true), before), !rows[i].counts);
	}
	end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(room_counts_as_far_as_the_plan_takes_it, set_up_tx, tear_down_tx),
		cmocka_unit_test_setup_teardown(a_verdict_counts_and_a_cookie_is_told, set_up_tx, tear_down_tx),
		cmocka_unit_test_setup_teardown(options_that_change_no_step_change_no_hash, set_up_tx, tear_down_tx),
	};

	return RUN_FOR_EACH_BACKEND(tests);
}
