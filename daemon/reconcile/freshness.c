/* SPDX-License-Identifier: ISC */
/* How old a word may be is the target's to say; an account of which nobody ever spoke is older than that. */
#include "reconcile/freshness.h"

#include "base/str.h"
#include "base/when.h"

bool
au_freshness_by_word(const struct au_target_block *target)
{
	return (target->describe->caps & AU_CAP_LIST) == 0;
}

int
au_freshness_word(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const char *account_id, const char **ret, struct au_err *err)
{
	struct au_evidence_row row;
	char when[AU_WHEN_SIZE];
	int rc;

	*ret = NULL;
	if (!au_freshness_by_word(target))
		return 0;
	rc = au_store_evidence_get(tx, arena, account_id, &row, err);
	if (rc == AU_ENOENT) {
		*ret = "nobody has attested it";
		return 0;
	}
	if (rc == 0)
		*ret = au_arena_printf(arena, "as attested on %.10s by %s", au_when_format(row.at_ms, when),
		    row.name ? row.name : row.actor);
	return rc;
}

int
au_freshness_age(struct au_store_tx *tx, const struct au_target_block *target, long long now_ms,
    struct au_evidence_age *ret, struct au_err *err)
{
	long long age_ms = au_values_num(target->block.values, "evidence_age");
	long long warn_ms = au_values_num(target->block.values, "evidence_warn");
	long long stale_ms = age_ms > 0 ? now_ms - age_ms : 0;

	return au_store_evidence_age(tx, target->block.name, stale_ms, age_ms > 0 ? stale_ms + warn_ms : 0, ret, err);
}

const char *
au_freshness_trouble(struct au_arena *arena, const struct au_target_block *target, const struct au_evidence_age *age)
{
	char warn[AU_WHEN_SIZE];

	if (age->stale > 0)
		return au_arena_printf(arena,
		    "what was attested of %lld of %lld accounts is out of date: bring a list with 'apiuserctl import "
		    "%s FILE'",
		    age->stale, age->accounts, target->block.name);
	if (age->soon == 0)
		return NULL;
	au_duration_format(au_values_num(target->block.values, "evidence_warn"), warn, sizeof(warn));
	return au_arena_printf(arena,
	    "what was attested of %lld of %lld accounts is out of date within %s: bring a list with 'apiuserctl import "
	    "%s FILE'",
	    age->soon, age->accounts, warn, target->block.name);
}

int
au_freshness_news(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target, bool only_look,
    long long now_ms, const char **ret, struct au_err *err)
{
	const char *name = au_arena_printf(arena, "attested.%s", target->block.name), *told = NULL, *is_so;
	struct au_evidence_age age = { 0 };
	int rc = 0;

	*ret = NULL;
	if (au_freshness_by_word(target))
		rc = au_freshness_age(tx, target, now_ms, &age, err);
	if (rc == 0)
		rc = au_store_meta_get(tx, arena, name, &told, err);
	is_so = age.stale > 0 ? "stale" : age.soon > 0 ? "soon" : "fresh";
	if (rc < 0 || au_streq(told != NULL ? told : "fresh", is_so))
		return rc;
	*ret = au_freshness_trouble(arena, target, &age);
	if (*ret == NULL)
		*ret = "what was attested is up to date again";
	return only_look ? 0 : au_store_meta_put(tx, name, is_so, err);
}

static json_t *
age_json(struct au_arena *arena, const struct au_target_block *target, const struct au_evidence_age *age)
{
	json_t *json = json_object();

	au_json_set_str(json, "target", target->block.name);
	au_json_set_int(json, "accounts", age->accounts);
	au_json_set_int(json, "stale", age->stale);
	au_json_set_int(json, "soon", age->soon);
	au_json_set_int(json, "oldest_ms", age->oldest_ms);
	au_json_set_str(json, "trouble", au_freshness_trouble(arena, target, age));
	return json;
}

int
au_freshness_list(struct au_store_tx *tx, struct au_arena *arena, const struct au_settings *settings, const char *name,
    long long now_ms, json_t **ret, struct au_err *err)
{
	json_t *list = json_array();
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < settings->target_count; i++) {
		const struct au_target_block *target = &settings->targets[i];
		struct au_evidence_age age = { 0 };
		if (!au_freshness_by_word(target) || (name != NULL && !au_streq(name, target->block.name)))
			continue;
		rc = au_freshness_age(tx, target, now_ms, &age, err);
		if (rc == 0 && age.accounts > 0)
			json_array_append_new(list, age_json(arena, target, &age));
	}
	if (rc < 0)
		json_decref(list);
	else
		*ret = list;
	return rc;
}
