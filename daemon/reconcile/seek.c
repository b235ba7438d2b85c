/* SPDX-License-Identifier: ISC */
/* Every look here goes by an index, so that a word costs the same in a large store. */
#include "reconcile/seek.h"

#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "model/dn.h"
#include "model/ref.h"
#include "store/apiuser.h"
#include "store/fact.h"
#include "store/resource.h"

#include <string.h>

#define GROUPS_NAMED 5

struct seek {
	struct au_store_tx *tx;
	struct au_arena *arena;
	const struct au_policy *policy;
	const char *word, *dn_norm; /* dn_norm NULL: the word is no DN */
	struct au_entry found;
	bool is_found, is_group;
};

static void
begin(struct seek *seek)
{
	if (strchr(seek->word, '=') != NULL)
		(void)au_dn_normalize(seek->arena, seek->word, &seek->dn_norm, NULL);
}

/* ---- who it is ---- */

static int
note(struct seek *seek, const struct au_entry *entry, struct au_err *err)
{
	if (entry->kind != AU_ENTRY_PERSON) {
		seek->is_group = true;
		return 0;
	}
	if (seek->is_found && !au_streq(seek->found.key, entry->key))
		return au_fail(err, AU_EEXIST, "'%s': several people match, give an address or a key", seek->word);
	if (!seek->is_found)
		seek->found = *entry;
	seek->is_found = true;
	return 0;
}

/* What one way of looking has found; nothing is no failure. */
static int
take(struct seek *seek, int rc, const struct au_entry *entry, struct au_err *err)
{
	if (rc == AU_ENOENT)
		return 0;
	return rc < 0 ? rc : note(seek, entry, err);
}

/* Those whom a SCIM client pushed have their names in their resources. */
static int
by_resource_name(struct seek *seek, const char *source, struct au_err *err)
{
	struct au_resource resource;
	struct au_entry entry;
	int rc = au_store_resource_named(
	    seek->tx, seek->arena, source, "User", au_text_fold(seek->arena, seek->word), &resource, err);

	if (rc == 0)
		rc = au_store_entry_get(seek->tx, seek->arena, source, resource.id, &entry, err);
	return take(seek, rc, &entry, err);
}

static int
in_source(struct seek *seek, const char *source, struct au_err *err)
{
	const char *ref = au_ref_of_user_name(seek->arena, seek->word);
	struct au_entry entry;
	int rc = take(seek, au_store_entry_get(seek->tx, seek->arena, source, seek->word, &entry, err), &entry, err);

	if (rc == 0 && seek->dn_norm != NULL)
		rc = take(
		    seek, au_store_entry_by_dn(seek->tx, seek->arena, source, seek->dn_norm, &entry, err), &entry, err);
	if (rc == 0 && ref != NULL)
		rc = take(
		    seek, au_store_entry_by_user_name(seek->tx, seek->arena, source, ref, &entry, err), &entry, err);
	return rc < 0 ? rc : by_resource_name(seek, source, err);
}

static int
by_key(struct seek *seek, struct au_err *err)
{
	struct au_entry *entries = NULL;
	size_t count = 0;
	int rc =
	    au_store_entry_by_key(seek->tx, seek->arena, au_text_fold(seek->arena, seek->word), &entries, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (au_policy_rank(seek->policy, entries[i].source) < seek->policy->order_count)
			rc = note(seek, &entries[i], err);
	return rc;
}

static int
in_sources(struct seek *seek, struct au_err *err)
{
	int rc = by_key(seek, err);

	for (size_t i = 0; rc == 0 && i < seek->policy->order_count; i++)
		rc = in_source(seek, seek->policy->order[i], err);
	return rc;
}

int
au_seek(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, const char *word,
    struct au_apiuser *ret, struct au_err *err)
{
	struct seek seek = { .tx = tx, .arena = arena, .policy = policy, .word = word };
	int rc = au_store_apiuser_search(tx, arena, word, ret, err);

	if (rc != AU_ENOENT)
		return rc;
	begin(&seek);
	rc = in_sources(&seek, err);
	if (rc < 0)
		return rc;
	if (!seek.is_found)
		return au_fail(err, AU_ENOENT,
		    "'%s': no API user, and nobody of that name, address, DN or id in any source%s", word,
		    seek.is_group ? "; there is such a group" : "");
	/* As the API user of that address, who may be known by another name. */
	if (au_store_apiuser_by_key(tx, arena, seek.found.key, ret, NULL) == 0)
		return 0;
	*ret = (struct au_apiuser){ .key = seek.found.key, .user_name = seek.found.user_name };
	return 0;
}

/* ---- where nobody was found ---- */

static void
say(json_t *texts, const char *text)
{
	json_array_append_new(texts, json_string(text));
}

static void
say_base(struct seek *seek, const char *source, json_t *texts)
{
	const struct au_block *block = au_settings_source(seek->policy->settings, source);
	const char *base = block != NULL ? au_values_str(block->values, "people_base") : NULL, *norm = NULL;

	if (seek->dn_norm == NULL || base == NULL || au_dn_normalize(seek->arena, base, &norm, NULL) < 0)
		return;
	say(texts,
	    au_dn_is_below(seek->dn_norm, norm)
		? au_arena_printf(seek->arena,
		      "the DN lies below people_base '%s', but no such entry matches people_filter, or may be read",
		      base)
		: au_arena_printf(seek->arena, "the DN lies outside of people_base '%s'", base));
}

/* Groups that name such a member of whom nothing is known. */
static int
say_groups(struct seek *seek, const char *source, json_t *texts, struct au_err *err)
{
	static const char *const attributes[] = { "uid", "cn" };
	const char *parts[AU_COUNT(attributes)];
	size_t part_count = 0;

	if (seek->dn_norm != NULL)
		parts[part_count++] = seek->dn_norm;
	for (size_t i = 0; seek->dn_norm == NULL && i < AU_COUNT(attributes); i++) {
		const char *rdn = au_arena_printf(seek->arena, "%s=%s", attributes[i], seek->word);
		if (au_dn_normalize(seek->arena, rdn, &parts[part_count], NULL) == 0)
			part_count++;
	}
	for (size_t i = 0; i < part_count; i++) {
		struct au_entry *groups = NULL;
		size_t count = 0;
		int rc =
		    au_store_member_strays(seek->tx, seek->arena, source, parts[i], GROUPS_NAMED, &groups, &count, err);
		if (rc < 0)
			return rc;
		for (size_t k = 0; k < count; k++)
			say(texts, au_arena_printf(seek->arena,
				       "group '%s' has a member whose DN begins with %.*s, and whose entry is not "
				       "known: it is not in "
				       "people_base, or does not match people_filter, or may not be read",
				       groups[k].dn != NULL ? groups[k].dn : groups[k].display_name,
				       (int)strcspn(parts[i], ","), parts[i]));
	}
	return 0;
}

static int
report_source(struct seek *seek, const char *source, json_t *list, struct au_err *err)
{
	struct au_source_row row = { .state = AU_SOURCE_NEW };
	json_t *item = json_object(), *texts = json_array();
	long long people = 0;
	int rc;

	json_array_append_new(list, item);
	json_object_set_new(item, "texts", texts);
	au_json_set_str(item, "source", source);
	rc = au_store_source_verdict(seek->tx, seek->arena, source, &row, err);
	if (rc == 0 || rc == AU_ENOENT)
		rc = au_store_entry_count(seek->tx, source, AU_ENTRY_PERSON, &people, err);
	if (rc < 0)
		return rc;
	au_json_set_str(item, "state", au_source_state_name(row.state));
	au_json_set_str(item, "trouble", row.text);
	au_json_set_int(item, "people", people);
	if (row.complete_ms != 0)
		au_json_set_int(item, "read_ms", row.complete_ms);
	if (!row.complete)
		say(texts, "it has not been read completely yet, so somebody may still be missing");
	say_base(seek, source, texts);
	return say_groups(seek, source, texts, err);
}

int
au_seek_report(
    struct au_store_tx *tx, const struct au_policy *policy, const char *word, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *list = json_array();
	struct seek seek = { .tx = tx, .arena = arena, .policy = policy, .word = word };
	int rc = 0;

	begin(&seek);
	for (size_t i = 0; rc == 0 && i < policy->order_count; i++)
		rc = report_source(&seek, policy->order[i], list, err);
	if (rc == 0)
		*ret = json_incref(list);
	return rc;
}
