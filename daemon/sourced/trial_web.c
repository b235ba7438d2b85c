/* SPDX-License-Identifier: ISC */
/* Three questions, one after the other: what the service can, its first users, its first groups. */
#include "sourced/trial_web.h"

#include "base/map.h"
#include "base/str.h"
#include "sourced/command.h"
#include "sourced/pull_groups.h"
#include "sourced/pulled.h"
#include "sourced/remote.h"
#include "sourced/trial_report.h"
#include "sourced/web_fault.h"

#include <event2/event.h>
#include <string.h>

#define MEMBERS 5 /* of a group that are shown */

struct au_trial_web {
	struct au_trial_web_config config;
	const struct au_source_config *settings;
	struct au_remote *remote;
	struct au_pulled_service service;
	struct au_arena *arena;
	struct au_pulled_map map;
	struct au_map *people; /* ids that were read */
	struct event *begin, *late, *over;
	json_t *report; /* NULL once it is handed over */
};

static void
plan(struct event *timer, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(timer, &wait);
}

static const char *
server_url(const struct au_trial_web *trial)
{
	return au_server_list_current(au_remote_servers(trial->remote))->url;
}

static void
get(struct au_trial_web *trial, json_t *told, const char *path, au_web_done *done)
{
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;
	AU_CLEANUP(au_freep) char *url = au_xasprintf("%s%s", server_url(trial), path);

	au_command_curl(
	    &line, trial->settings, trial->config.attempt->key_file, trial->config.attempt->token_file, url);
	au_trial_append(told, "commands", json_string(au_str_get(&line)));
	au_remote_get(trial->remote, path, NULL, done, trial);
}

/* On a fresh turn of the loop, as the web that we are called from goes with us. */
static void
finish(struct au_trial_web *trial)
{
	plan(trial->over, 0);
}

static void
fail(struct au_trial_web *trial, const struct au_fault *fault)
{
	au_trial_find(trial->report, AU_TRIAL_ERROR, "%s", fault->text);
	finish(trial);
}

/* ---- users and groups ---- */

static const struct {
	const char *path, *doing;
} resources[AU_SEARCHES] = {
	[AU_SEARCH_PEOPLE] = { "/Users", "users" },
	[AU_SEARCH_GROUPS] = { "/Groups", "groups" },
};

static void
put_text(json_t *entry, const char *attribute, const char *value)
{
	json_t *item = json_object();

	au_json_set_str(item, "option", attribute);
	au_json_set_str(item, "from", value != NULL ? attribute : NULL);
	au_trial_text(item, "value", value);
	au_trial_append(entry, "texts", item);
}

static void
put_members(const struct au_trial_web *trial, json_t *json, const struct au_roll *roll, bool has_members)
{
	au_json_set_int(json, "members", (long long)roll->count);
	json_object_set_new(json, "members_are_whole", json_boolean(has_members));
	for (size_t i = 0; i < roll->count && i < MEMBERS; i++) {
		json_t *member = json_object();
		au_trial_text(member, "name", roll->members[i]);
		au_json_set_str(member, "is", au_map_has(trial->people, roll->members[i]) ? "person" : "not read");
		au_trial_append(json, "first_members", member);
	}
}

static json_t *
entry_json(const struct au_trial_web *trial, enum au_search search, const struct au_mapped *mapped, bool has_members)
{
	const struct au_entry *entry = &mapped->entry;
	json_t *json = json_object();

	au_trial_text(json, "id", entry->id);
	json_object_set_new(json, "active", json_boolean(entry->active));
	if (!entry->active)
		au_json_set_str(json, "inactive_by", "active=false");
	put_text(json, "displayName", entry->display_name);
	if (search == AU_SEARCH_GROUPS)
		put_members(trial, json, &mapped->roll, has_members);
	else {
		put_text(json, "userName", entry->user_name);
		put_text(json, "emails", entry->mail);
		put_text(json, "name.givenName", entry->given_name);
		put_text(json, "name.familyName", entry->family_name);
		put_text(json, "externalId", entry->external_id);
	}
	return json;
}

struct tally {
	long long read, unusable, inactive, without_mail, without_members;
};

static void
take(struct au_trial_web *trial, enum au_search search, const json_t *resource, json_t *told, struct tally *tally)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped mapped;
	bool has_members = false;
	struct au_err err = { 0 };

	tally->read++;
	if (au_pulled_entry(&trial->map, search, resource, arena, &mapped, &has_members, &err) < 0) {
		if (tally->unusable++ == 0)
			au_trial_find(trial->report, AU_TRIAL_ERROR, "%s: %s", resources[search].doing, err.text);
		return;
	}
	tally->inactive += !mapped.entry.active;
	tally->without_mail += search == AU_SEARCH_PEOPLE && au_str_empty(mapped.entry.mail);
	tally->without_members += search == AU_SEARCH_GROUPS && !has_members;
	if (search == AU_SEARCH_PEOPLE)
		au_map_put(trial->people, mapped.entry.id, trial);
	if (tally->read - tally->unusable <= trial->config.attempt->shown)
		au_trial_append(told, "entries", entry_json(trial, search, &mapped, has_members));
}

static void
find(struct au_trial_web *trial, enum au_search search, const struct tally *tally)
{
	const char *noun = resources[search].doing;

	if (tally->read == 0)
		au_trial_find(trial->report, AU_TRIAL_WARNING,
		    "%s: the answer is empty: there are none, or the token may not read them", noun);
	if (tally->without_mail > 0)
		au_trial_find(trial->report, AU_TRIAL_NOTE,
		    "%s: %lld of %lld have no mail address; they are never merged with those of other sources", noun,
		    tally->without_mail, tally->read);
	if (tally->without_members > 0 && !au_pull_groups_tell(trial->settings))
		au_trial_find(trial->report, AU_TRIAL_NOTE,
		    "%s: their members are not looked for here, as members_from is %s", noun,
		    trial->settings->members_from);
	else if (tally->without_members > 0)
		au_trial_find(trial->report, AU_TRIAL_NOTE,
		    "%s: %lld of %lld come without members in a list, so each of them is asked for alone", noun,
		    tally->without_members, tally->read);
}

static void ask(struct au_trial_web *trial, enum au_search search);

static void
on_list(struct au_trial_web *trial, enum au_search search, const struct au_web_answer *answer)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	json_t *told = json_array_get(json_object_get(trial->report, "searches"), search);
	const json_t *resource;
	size_t index;
	struct au_pulled_page page;
	struct tally tally = { 0 };
	struct au_fault fault;
	struct au_err err = { 0 };

	if (!au_web_json(resources[search].doing, answer, &json, &fault)) {
		fail(trial, &fault);
		return;
	}
	if (au_pulled_page(json, trial->service.cursor, &page, &err) < 0) {
		fail(trial, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s", resources[search].doing, err.text));
		return;
	}
	json_array_foreach (page.resources, index, resource)
		take(trial, search, resource, told, &tally);
	au_json_set_int(told, "total", page.total >= 0 ? page.total : (long long)page.count);
	json_object_set_new(told, "total_is_whole", json_boolean(page.total >= 0));
	au_json_set_int(told, "read", tally.read);
	au_json_set_int(told, "unusable", tally.unusable);
	au_json_set_int(told, "inactive", tally.inactive);
	find(trial, search, &tally);
	if (search == AU_SEARCH_PEOPLE)
		ask(trial, AU_SEARCH_GROUPS);
	else
		finish(trial);
}

static void
on_users(void *ctx, const struct au_web_answer *answer)
{
	on_list(ctx, AU_SEARCH_PEOPLE, answer);
}

static void
on_groups(void *ctx, const struct au_web_answer *answer)
{
	on_list(ctx, AU_SEARCH_GROUPS, answer);
}

static void
ask(struct au_trial_web *trial, enum au_search search)
{
	long long count = trial->config.attempt->entries;
	json_t *told = json_object();

	if (trial->service.most > 0 && count > trial->service.most)
		count = trial->service.most;
	const char *query = search == AU_SEARCH_GROUPS ? au_pull_groups_query(trial->settings) : "";
	AU_CLEANUP(au_freep)
	char *path = au_xasprintf("%s?%s&count=%lld%s", resources[search].path,
	    trial->service.cursor ? "cursor=" : "startIndex=1", count, query);
	au_json_set_str(told, "search", au_search_name(search));
	json_object_set_new(told, "entries", json_array());
	au_trial_append(trial->report, "searches", told);
	get(trial, told, path, search == AU_SEARCH_PEOPLE ? on_users : on_groups);
}

/* ---- what it can ---- */

static void
tell_service(struct au_trial_web *trial, bool is_described)
{
	json_t *server = json_object_get(trial->report, "server");

	au_json_set_str(server, "way", au_pulled_way(&trial->service));
	au_json_set_str(server, "way_why",
	    trial->service.filter ? "it says that it can filter: between whole readings what changed is asked for"
				  : "it does not say that it can filter: each poll reads everything");
	if (trial->service.most > 0)
		au_json_set_int(server, "page_most", trial->service.most);
	if (!is_described)
		au_trial_find(trial->report, AU_TRIAL_NOTE,
		    "there is no /ServiceProviderConfig: the service is taken for one that can do the least");
}

static void
on_service(void *ctx, const struct au_web_answer *answer)
{
	struct au_trial_web *trial = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_fault fault;

	if (answer->status != 404 && answer->status != 501 && !au_web_json("service", answer, &json, &fault)) {
		fail(trial, &fault);
		return;
	}
	trial->service = au_pulled_service(json);
	tell_service(trial, json != NULL);
	ask(trial, AU_SEARCH_PEOPLE);
}

static void
on_begin(evutil_socket_t fd, short what, void *arg)
{
	struct au_trial_web *trial = arg;

	(void)fd;
	(void)what;
	get(trial, trial->report, "/ServiceProviderConfig", on_service);
}

static void
on_over(evutil_socket_t fd, short what, void *arg)
{
	struct au_trial_web *trial = arg;
	json_t *report = trial->report;

	(void)fd;
	(void)what;
	if (report == NULL)
		return;
	trial->report = NULL;
	event_del(trial->late);
	trial->config.done(trial->config.ctx, report);
}

static void
on_late(evutil_socket_t fd, short what, void *arg)
{
	struct au_trial_web *trial = arg;

	(void)fd;
	(void)what;
	au_remote_cancel(trial->remote);
	au_trial_find(trial->report, AU_TRIAL_ERROR, "%lld ms were not enough; what follows was not looked at",
	    trial->config.attempt->timeout_ms);
	finish(trial);
}

/* ---- for the program ---- */

int
au_trial_web_new(const struct au_trial_web_config *config, struct au_trial_web **ret, struct au_err *err)
{
	const struct au_source_config *settings = &config->attempt->start.config;
	struct au_remote_config remote = { .base = config->base,
		.settings = settings,
		.token = config->token,
		.client_secret = config->client_secret,
		.client_key = config->client_key };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_pulled_map map;
	struct au_remote *opened;
	int rc = au_pulled_map_init(&map, arena, settings, err);

	if (rc == 0)
		rc = au_remote_new(&remote, &opened, err);
	if (rc < 0)
		return rc;
	struct au_trial_web *trial = au_xcalloc(1, sizeof(*trial));
	*trial = (struct au_trial_web){ .config = *config,
		.settings = settings,
		.remote = opened,
		.arena = arena,
		.map = map,
		.people = au_map_new(),
		.report = au_trial_report_new(settings->name, settings->kind) };
	arena = NULL;
	trial->begin = evtimer_new(config->base, on_begin, trial);
	trial->late = evtimer_new(config->base, on_late, trial);
	trial->over = evtimer_new(config->base, on_over, trial);
	au_json_set_str(json_object_get(trial->report, "server"), "url", server_url(trial));
	*ret = trial;
	return 0;
}

void
au_trial_web_begin(struct au_trial_web *trial)
{
	plan(trial->late, trial->config.attempt->timeout_ms);
	plan(trial->begin, 0);
}

void
au_trial_web_free(struct au_trial_web *trial)
{
	if (trial == NULL)
		return;
	au_remote_free(trial->remote);
	event_free(trial->begin);
	event_free(trial->late);
	event_free(trial->over);
	au_map_free(trial->people, NULL);
	au_arena_free(trial->arena);
	json_decref(trial->report);
	free(trial);
}
