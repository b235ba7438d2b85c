/* SPDX-License-Identifier: ISC */
/*
 * A directory that keeps something from us says nothing of it: an attribute that
 * nobody has may be unused or unreadable, and so may a search without entries.
 * Both are told, and people know which it is.
 */
#include "sourced/trial_search.h"

#include "base/str.h"
#include "base/text.h"
#include "sourced/trial_report.h"

#include <string.h>

#define RECIPE_PAGE 1000

static const char *
noun(const struct au_trial_search *search)
{
	return search->mapping->search == AU_SEARCH_PEOPLE ? "people" : "groups";
}

void
au_trial_search_init(struct au_trial_search *search, json_t *report, const struct au_mapping *mapping,
    struct au_arena *arena, const struct au_command_as *as, long long shown)
{
	*search = (struct au_trial_search){ .report = report,
		.json = json_object(),
		.mapping = mapping,
		.arena = arena,
		.as = as,
		.shown = shown,
		.with = au_arena_alloc(arena, (mapping->attribute_count + 1) * sizeof(*search->with)),
		.locks = au_arena_alloc(arena, (mapping->disabled_count + 1) * sizeof(*search->locks)),
		.members = au_arena_alloc(arena, ((size_t)shown * AU_TRIAL_MEMBERS + 1) * sizeof(*search->members)),
		.mails = au_map_new() };
	au_json_set_str(search->json, "search", au_search_name(mapping->search));
	au_json_set_str(search->json, "base", au_mapping_base(mapping));
	au_json_set_str(search->json, "filter", au_mapping_filter(mapping));
	json_object_set_new(search->json, "entries", json_array());
	au_trial_append(report, "searches", search->json);
}

void
au_trial_search_done(struct au_trial_search *search)
{
	au_map_free(search->mails, NULL);
	search->mails = NULL;
}

void
au_trial_search_command(struct au_trial_search *search, const struct au_command_search *what)
{
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;

	au_command_ldapsearch(&line, search->as, what);
	au_trial_append(search->json, "commands", json_string(au_str_get(&line)));
}

/* ---- how it ended ---- */

static void
find_code(struct au_trial_search *search, const struct au_asked *asked)
{
	struct au_fault fault;

	switch (asked->code) {
	case LDAP_NO_SUCH_OBJECT:
		au_trial_find(search->report, AU_TRIAL_ERROR,
		    "%s_base '%s': there is no such entry, or it may not be read", noun(search),
		    au_mapping_base(search->mapping));
		break;
	case LDAP_SIZELIMIT_EXCEEDED:
	case LDAP_ADMINLIMIT_EXCEEDED:
	case LDAP_TIMELIMIT_EXCEEDED:
		au_fault_from_code(&fault, asked->code, noun(search), asked->text);
		au_trial_find(search->report, AU_TRIAL_ERROR,
		    "%s, after %lld entries: a reading would never be whole; raise the server's limits for this "
		    "account",
		    fault.text, asked->entries);
		break;
	default:
		au_fault_from_code(&fault, asked->code, noun(search), asked->text);
		au_trial_find(search->report, AU_TRIAL_ERROR, "%s", fault.text);
	}
}

/* True when the answer can be relied on as far as it went. */
static bool
find_end(struct au_trial_search *search, const struct au_asked *asked)
{
	if (asked->broken != NULL)
		au_trial_find(search->report, AU_TRIAL_ERROR, "%s: %s", noun(search), asked->broken);
	else if (asked->code != LDAP_SUCCESS)
		find_code(search, asked);
	return asked->broken == NULL && asked->code == LDAP_SUCCESS;
}

void
au_trial_search_counting(struct au_trial_search *search, long long so_far)
{
	au_json_set_int(search->json, "total", so_far);
	json_object_set_new(search->json, "total_is_whole", json_false());
	au_trial_find(search->report, AU_TRIAL_NOTE, "%s: they were not counted to the end; there are at least %lld",
	    noun(search), so_far);
}

void
au_trial_search_counted(struct au_trial_search *search, const struct au_asked *asked)
{
	au_json_set_int(search->json, "total", asked->entries);
	json_object_set_new(search->json, "total_is_whole", json_boolean(asked->is_whole));
	if (!find_end(search, asked))
		return;
	if (asked->entries == 0)
		au_trial_find(search->report, AU_TRIAL_WARNING,
		    "%s: the answer is empty: nothing below '%s' fits '%s', or it may not be read", noun(search),
		    au_mapping_base(search->mapping), au_mapping_filter(search->mapping));
	if (asked->referrals > 0)
		au_trial_find(search->report, AU_TRIAL_ERROR,
		    "%s: the server refers %lld times to others for a part of the answer, and such a reading counts "
		    "for nothing",
		    noun(search), asked->referrals);
	if (asked->is_unpaged)
		au_trial_find(search->report, AU_TRIAL_NOTE,
		    "%s: the server gives no pages (RFC 2696), but everything at once; its size limit must be above "
		    "the number of entries",
		    noun(search));
}

/* ---- entries ---- */

static void
count_attributes(struct au_trial_search *search, LDAP *ld, LDAPMessage *message)
{
	BerElement *ber = NULL;
	char *name = ldap_first_attribute(ld, message, &ber);

	while (name != NULL) {
		name[strcspn(name, ";")] = '\0'; /* "member;range=0-1499" */
		for (size_t i = 0; i < search->mapping->attribute_count; i++)
			if (au_strcaseeq(search->mapping->attributes[i], name))
				search->with[i]++;
		ldap_memfree(name);
		name = ldap_next_attribute(ld, message, ber);
	}
	ber_free(ber, 0);
}

static void
count_mail(struct au_trial_search *search, const struct au_entry *entry)
{
	const char *other;

	if (au_str_empty(entry->mail))
		return;
	other = au_map_put(
	    search->mails, au_text_fold(search->arena, entry->mail), au_arena_strdup(search->arena, entry->dn));
	if (other == NULL || search->shared++ > 0)
		return;
	au_trial_find(search->report, AU_TRIAL_WARNING,
	    "people: '%s' and '%s' have the same mail address '%s': they would be one API user, and in conflict", other,
	    entry->dn, entry->mail);
}

static void
count_mapped(struct au_trial_search *search, const struct au_mapped *mapped)
{
	for (size_t i = 0; i < au_mapping_text_count(search->mapping); i++)
		search->empty[i] += au_str_empty(au_mapping_text(search->mapping, i, mapped).value);
	if (mapped->disabled_by != NULL)
		search->locks[mapped->disabled_by - search->mapping->disabled]++;
	search->inactive += !mapped->entry.active;
	search->with_members += mapped->roll.count > 0 || !au_recipe_is_empty(&mapped->recipe);
	count_mail(search, &mapped->entry);
}

static void
show_members(struct au_trial_search *search, json_t *json, const struct au_roll *roll)
{
	au_json_set_int(json, "members", (long long)roll->count);
	json_object_set_new(json, "members_are_whole", json_boolean(!au_roll_is_part(roll)));
	for (size_t i = 0; i < roll->count && i < AU_TRIAL_MEMBERS; i++) {
		json_t *member = json_object();
		const char *name = au_ref_user_name(roll->members[i]);
		au_trial_text(member, "name", name != NULL ? name : roll->members[i]);
		au_trial_append(json, "first_members", member);
		search->members[search->member_count++] =
		    (struct au_trial_member){ au_arena_strdup(search->arena, roll->members[i]), member };
	}
}

/* By what those members are found whom a group does not name; the searches are not run here. */
static void
show_recipe(struct au_trial_search *search, json_t *json, const struct au_mapped *group, struct au_arena *arena)
{
	static const char *const nothing[] = { LDAP_NO_ATTRS, NULL };
	struct au_recipe_search *searches;
	const char *lacks;
	size_t count =
	    au_recipe_searches(&group->recipe, &search->mapping->recipes, group->entry.dn, arena, &searches, &lacks);

	for (size_t i = 0; i < count; i++) {
		json_t *item = json_object();
		au_trial_text(item, "what", searches[i].what);
		au_trial_text(item, "base", searches[i].base);
		au_trial_text(item, "filter", searches[i].filter);
		au_trial_append(json, "searches", item);
		au_trial_search_command(search, &(struct au_command_search){ .base = searches[i].base,
						    .filter = searches[i].filter,
						    .scope = searches[i].scope,
						    .attributes = nothing,
						    .page = RECIPE_PAGE });
	}
	if (lacks != NULL)
		au_trial_find(search->report, AU_TRIAL_WARNING,
		    "groups: '%s': not all of its members would be known: %s", group->entry.dn, lacks);
}

static void
show(struct au_trial_search *search, const struct au_mapped *mapped, struct au_arena *arena)
{
	json_t *json = au_trial_entry(search->mapping, mapped);

	if (search->mapping->search == AU_SEARCH_GROUPS) {
		show_members(search, json, &mapped->roll);
		show_recipe(search, json, mapped, arena);
	}
	au_trial_append(search->json, "entries", json);
}

void
au_trial_search_entry(struct au_trial_search *search, LDAP *ld, LDAPMessage *message)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped mapped;
	struct au_err err = { 0 };

	search->read++;
	count_attributes(search, ld, message);
	if (au_mapping_part(search->mapping, ld, message, NULL, arena, &mapped, &err) < 0) {
		if (search->unusable++ == 0)
			au_trial_find(search->report, AU_TRIAL_ERROR, "%s: a reading would count for nothing: %s",
			    noun(search), err.text);
		return;
	}
	count_mapped(search, &mapped);
	if (search->read - search->unusable <= search->shown)
		show(search, &mapped, arena);
}

/* ---- what came of them ---- */

static void
tell_attributes(struct au_trial_search *search)
{
	for (size_t i = 0; i < search->mapping->attribute_count; i++) {
		json_t *item = json_object();
		au_json_set_str(item, "name", search->mapping->attributes[i]);
		au_json_set_int(item, "found", search->with[i]);
		au_trial_append(search->json, "attributes", item);
	}
}

static void
tell_inactive(struct au_trial_search *search)
{
	au_json_set_int(search->json, "inactive", search->inactive);
	for (size_t i = 0; i < search->mapping->disabled_count; i++) {
		json_t *item = json_object();
		au_json_set_str(item, "test", search->mapping->disabled[i].text);
		au_json_set_int(item, "inactive", search->locks[i]);
		au_trial_append(search->json, "inactive_by", item);
	}
}

/* An option that gives nobody anything: which of its attributes did nobody show? */
static void
find_empty(struct au_trial_search *search, size_t index)
{
	const struct au_pick *pick = &search->mapping->picks[index];
	struct au_mapping_text text = au_mapping_text(search->mapping, index, &(struct au_mapped){ .dn_norm = NULL });
	bool is_key = au_streq(text.option, "attr_mail");

	if (text.expression == NULL)
		return;

	au_json_set_int(json_object_get(search->json, "empty"), text.option, search->empty[index]);
	if (search->empty[index] == search->read - search->unusable)
		au_trial_find(search->report, AU_TRIAL_WARNING,
		    "%s = \"%s\": none of %lld %s has a value: %s, or this account may not read it", text.option,
		    text.expression, search->empty[index], noun(search),
		    pick->count > 1 ? "nobody has any of these attributes" : "nobody has it");
	else if (search->empty[index] > 0 && is_key)
		au_trial_find(search->report, AU_TRIAL_NOTE,
		    "%s = \"%s\": %lld of %lld %s have no value; they are never merged with those of other sources",
		    text.option, text.expression, search->empty[index], search->read - search->unusable, noun(search));
}

static void
find_members(struct au_trial_search *search)
{
	AU_CLEANUP(au_str_done) struct au_str names = AU_STR_INIT;

	for (size_t i = 0; search->mapping->member_attributes[i] != NULL; i++)
		au_str_printf(&names, "%s%s", i > 0 ? ", " : "", search->mapping->member_attributes[i]);
	if (search->with_members == 0)
		au_trial_find(search->report, AU_TRIAL_WARNING,
		    "groups: none of %lld has members in %s: they have none, or this account may not read them",
		    search->read, au_str_get(&names));
}

void
au_trial_search_read(struct au_trial_search *search, const struct au_asked *asked)
{
	au_json_set_int(search->json, "read", search->read);
	au_json_set_int(search->json, "unusable", search->unusable);
	tell_attributes(search);
	if (search->mapping->search == AU_SEARCH_PEOPLE)
		tell_inactive(search);
	if (!find_end(search, asked) || search->read == search->unusable)
		return;
	json_object_set_new(search->json, "empty", json_object());
	for (size_t i = 0; i < au_mapping_text_count(search->mapping); i++)
		find_empty(search, i);
	if (search->mapping->search == AU_SEARCH_GROUPS)
		find_members(search);
}
