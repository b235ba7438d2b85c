/* SPDX-License-Identifier: ISC */
/*
 * Which groups are read with a person: those that hold him as far as we know, and those that rules name, for he may be
 * in one by now.  All sources are asked at once.
 */
#include "reconcile/renew.h"

#include "base/str.h"
#include "model/entry.h"
#include "reconcile/engine_parts.h"
#include "store/fact.h"

/* ---- what is to be read ------------------------------------------------------- */

static void
add_group(struct au_arena *arena, struct au_freshen_order *order, const struct au_entry *group)
{
	struct au_freshen_entry *grown;

	if (order->group_count == AU_FRESHEN_GROUPS)
		return;
	for (size_t i = 0; i < order->group_count; i++)
		if (au_streq(order->groups[i].id, group->id))
			return;
	grown = au_arena_alloc(arena, (order->group_count + 1) * sizeof(*grown));
	for (size_t i = 0; i < order->group_count; i++)
		grown[i] = order->groups[i];
	grown[order->group_count++] = (struct au_freshen_entry){ .id = group->id, .dn = group->dn };
	order->groups = grown;
}

static int
add_held_by(struct au_store_tx *tx, struct au_renew *renew, struct au_renewal *item, struct au_err *err)
{
	struct au_entry *groups = NULL;
	size_t count = 0;
	int rc = au_store_member_groups(tx, renew->arena, item->source, item->id, &groups, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (!au_grant_is(groups[i].id))
			add_group(renew->arena, &item->order, &groups[i]);
	return rc;
}

static int
add_named(struct au_store_tx *tx, struct au_renew *renew, struct au_renewal *item, const struct au_rule *rule,
    struct au_err *err)
{
	const char **ids = NULL;
	size_t count = 0;
	int rc = au_store_entry_groups_named(tx, renew->arena, item->source, rule->group_norm, &ids, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct au_entry group;
		rc = au_store_entry_get(tx, renew->arena, item->source, ids[i], &group, err);
		if (rc == 0)
			add_group(renew->arena, &item->order, &group);
	}
	return rc == AU_ENOENT ? 0 : rc;
}

static int
add_of_rule(struct au_store_tx *tx, struct au_renew *renew, struct au_renewal *item, const struct au_rule *rule,
    struct au_err *err)
{
	struct au_entry group;
	int rc;

	if (!au_streq(rule->source, item->source) || rule->is_grant || rule->group_norm == NULL)
		return 0;
	if (!rule->is_dn)
		return add_named(tx, renew, item, rule, err);
	rc = au_store_entry_by_dn(tx, renew->arena, item->source, rule->group_norm, &group, err);
	if (rc == 0 && group.kind == AU_ENTRY_GROUP)
		add_group(renew->arena, &item->order, &group);
	return rc == AU_ENOENT ? 0 : rc;
}

static int
add_groups(struct au_store_tx *tx, struct au_renew *renew, struct au_renewal *item, struct au_err *err)
{
	const struct au_settings *settings = renew->policy->settings;
	int rc = add_held_by(tx, renew, item, err);

	for (size_t i = 0; rc == 0 && i < settings->rule_count; i++)
		rc = add_of_rule(tx, renew, item, &settings->rules[i], err);
	item->groups = item->order.group_count;
	return rc;
}

static int
add_entry(struct au_store_tx *tx, struct au_renew *renew, const struct au_entry *entry, struct au_err *err)
{
	struct au_renewal *item = &renew->items[renew->count++];
	struct au_source_row row = { 0 };
	int rc = au_store_source_verdict(tx, renew->arena, entry->source, &row, err);

	*item = (struct au_renewal){ .renew = renew,
		.source = entry->source,
		.id = entry->id,
		.at_ms = row.complete_ms,
		.order = { .person = { .id = entry->id, .dn = entry->dn } } };
	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	if (au_settings_source(renew->policy->settings, entry->source) != NULL)
		return add_groups(tx, renew, item, err);
	item->what = AU_RENEWED_PUSHED;
	return 0;
}

static int
find_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_renew *renew = arg;
	struct au_entry *entries = NULL;
	size_t count = 0;
	int rc = au_store_entry_by_key(tx, renew->arena, renew->key, &entries, &count, err);

	renew->items = au_arena_alloc(renew->arena, (count + 1) * sizeof(*renew->items));
	renew->count = 0;
	for (size_t i = 0; rc == 0 && i < count; i++)
		if (au_policy_rank(renew->policy, entries[i].source) < renew->policy->order_count)
			rc = add_entry(tx, renew, &entries[i], err);
	return rc;
}

/* ---- reading it --------------------------------------------------------------- */

static const char *
why_unknown(const struct au_freshened *result)
{
	return result->trouble != NULL ? result->trouble : "it would not say how the entry is now";
}

static void
freshened(void *ctx, const struct au_freshened *result)
{
	struct au_renewal *item = ctx;
	struct au_renew *renew = item->renew;

	if (renew->engine->stopped)
		return; /* nobody goes on any more */
	item->read = result->groups_read;
	if (result->trouble == NULL && result->person == AU_LOOKUP_FOUND)
		item->what = AU_RENEWED_READ;
	else if (result->trouble == NULL && result->person == AU_LOOKUP_ABSENT)
		item->what = AU_RENEWED_ABSENT;
	else
		item->text = au_arena_strdup(renew->arena, why_unknown(result));
	if (--renew->waiting == 0)
		renew->done(renew->ctx, 0, NULL);
}

/* One more than there are, so that the last answer cannot come before the last question. */
static void
ask_all(struct au_renew *renew)
{
	const struct au_engine *engine = renew->engine;

	renew->waiting = 1;
	for (size_t i = 0; i < renew->count; i++) {
		struct au_renewal *item = &renew->items[i];
		if (item->what == AU_RENEWED_PUSHED)
			continue;
		renew->waiting++;
		if (engine->sources.freshen != NULL &&
		    engine->sources.freshen(engine->sources_ctx, item->source, &item->order, freshened, item))
			continue;
		renew->waiting--;
		item->text = "there is nobody who could be asked";
	}
	if (--renew->waiting == 0)
		renew->done(renew->ctx, 0, NULL);
}

static void
found_to_read(void *arg, int rc, const struct au_err *err)
{
	struct au_renew *renew = arg;

	if (rc < 0)
		renew->done(renew->ctx, rc, err);
	else
		ask_all(renew);
}

static void
found_to_tell(void *arg, int rc, const struct au_err *err)
{
	struct au_renew *renew = arg;

	for (size_t i = 0; rc == 0 && i < renew->count; i++)
		if (renew->items[i].what == AU_RENEWED_NOT)
			renew->items[i].text = "a dry run writes nothing, so no source is read for it";
	renew->done(renew->ctx, rc, err);
}

void
au_renew_begin(struct au_renew *renew, bool reads)
{
	au_store_read(renew->engine->store, AU_READ_SCAN, find_work, renew, reads ? found_to_read : found_to_tell);
}

const struct au_renewal *
au_renew_failed(const struct au_renew *renew)
{
	for (size_t i = 0; i < renew->count; i++)
		if (renew->items[i].what == AU_RENEWED_NOT)
			return &renew->items[i];
	return NULL;
}

json_t *
au_renew_json(const struct au_renew *renew)
{
	static const char *const states[] = { [AU_RENEWED_NOT] = "not read",
		[AU_RENEWED_READ] = "read",
		[AU_RENEWED_ABSENT] = "absent",
		[AU_RENEWED_PUSHED] = "pushed" };
	json_t *list = json_array();

	for (size_t i = 0; i < renew->count; i++) {
		const struct au_renewal *item = &renew->items[i];
		json_t *json = json_object();
		au_json_set_str(json, "source", item->source);
		au_json_set_str(json, "id", item->id);
		au_json_set_str(json, "state", states[item->what]);
		au_json_set_str(json, "text", item->text);
		au_json_set_int(json, "at_ms", item->at_ms);
		au_json_set_int(json, "groups", (long long)item->groups);
		au_json_set_int(json, "groups_read", (long long)item->read);
		json_array_append_new(list, json);
	}
	return list;
}
