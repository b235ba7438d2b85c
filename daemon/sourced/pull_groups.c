/* SPDX-License-Identifier: ISC */
/* One group at a time: services count requests. */
#include "sourced/pull_groups.h"

#include "base/mem.h"
#include "base/str.h"
#include "sourced/pull_single.h"

struct au_pull_groups {
	struct au_pull_groups_config config;
	const struct way *way;
	struct au_pulled_service service;
	json_t *waiting; /* array of groups as the list shows them */
	struct au_map *alone;
	struct au_pull_single *single;
	struct au_pull_list *users; /* of the group whose members are searched for */
	struct au_arena *arena;     /* of it */
	struct au_roll roll;
};

/* Where members are (option members_from). */
struct way {
	const char *name;
	const char *query;              /* of the list of groups */
	bool of_users, whole, is_alone; /* is_alone: each single group tells them */
	enum au_taken (*take)(struct au_pull_groups *groups, const json_t *resource, const char *id);
	bool (*go)(struct au_pull_groups *groups);
};

static bool ask_users(struct au_pull_groups *groups);

static void
tell(struct au_pull_groups *groups, const json_t *resource, const struct au_roll *roll)
{
	const struct au_pull_groups_config *config = &groups->config;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped mapped;
	bool has_members;
	struct au_err err = { 0 };

	if (au_pulled_entry(config->map, AU_SEARCH_GROUPS, resource, arena, &mapped, &has_members, &err) < 0) {
		config->events->unread(config->ctx, au_pulled_id(resource), err.text);
		return;
	}
	if (roll != NULL)
		mapped.roll = *roll;
	config->events->group(config->ctx, &mapped);
}

/* ---- in the list, or alone ---- */

static enum au_taken
take_listed(struct au_pull_groups *groups, const json_t *resource, const char *id)
{
	if (json_object_get(resource, "members") == NULL) {
		au_map_put(groups->alone, id, groups);
		return AU_TAKEN_PART;
	}
	tell(groups, resource, NULL);
	return AU_TAKEN_WHOLE;
}

static enum au_taken
take_alone(struct au_pull_groups *groups, const json_t *resource, const char *id)
{
	(void)resource;
	au_map_put(groups->alone, id, groups);
	return AU_TAKEN_PART;
}

static void
on_single(void *ctx, enum au_single what, const json_t *resource, const struct au_fault *fault, int64_t retry_after_ms)
{
	struct au_pull_groups *groups = ctx;
	const struct au_pull_groups_events *events = groups->config.events;

	if (what == AU_SINGLE_UNKNOWN) {
		events->failed(groups->config.ctx, fault, retry_after_ms);
		return;
	}
	if (what == AU_SINGLE_GONE) {
		events->torn(groups->config.ctx, "a group of the list is not there when asked for");
		return;
	}
	tell(groups, resource, NULL);
	if (!au_pull_single_next(groups->single, groups->alone))
		events->done(groups->config.ctx);
}

static bool
go_alone(struct au_pull_groups *groups)
{
	return au_pull_single_start(groups->single, groups->alone, on_single);
}

/* ---- as users tell ---- */

static enum au_taken
take_told(struct au_pull_groups *groups, const json_t *resource, const char *id)
{
	const struct au_pull_groups_config *config = &groups->config;
	const char *flaw = au_pull_rolls_flaw(config->rolls);
	struct au_roll roll = { 0 };

	roll.members = au_pull_rolls_members(config->rolls, id, &roll.count);
	if (flaw != NULL)
		config->events->unread(config->ctx, id, flaw);
	else
		tell(groups, resource, &roll);
	return AU_TAKEN_PART;
}

/* ---- behind a filter ---- */

static enum au_taken
take_searched(struct au_pull_groups *groups, const json_t *resource, const char *id)
{
	(void)id;
	json_array_append(groups->waiting, (json_t *)(uintptr_t)resource);
	return AU_TAKEN_PART;
}

static enum au_taken
on_user(void *ctx, const json_t *resource, const char *id, bool is_brief)
{
	struct au_pull_groups *groups = ctx;
	struct au_roll *roll = &groups->roll;

	(void)resource;
	(void)is_brief;
	if (roll->count == roll->cap) {
		size_t cap = roll->cap > 0 ? 2 * roll->cap : 16;
		const char **members = au_arena_alloc(groups->arena, cap * sizeof(*members));
		for (size_t i = 0; i < roll->count; i++)
			members[i] = roll->members[i];
		roll->members = members;
		roll->cap = cap;
	}
	roll->members[roll->count++] = au_arena_strdup(groups->arena, id);
	return AU_TAKEN_WHOLE;
}

static void
on_users_page(void *ctx)
{
	struct au_pull_groups *groups = ctx;

	au_pull_list_next(groups->users);
}

static void
on_users_ended(void *ctx)
{
	struct au_pull_groups *groups = ctx;

	tell(groups, json_array_get(groups->waiting, 0), &groups->roll);
	json_array_remove(groups->waiting, 0);
	if (!ask_users(groups))
		groups->config.events->done(groups->config.ctx);
}

static void
on_users_torn(void *ctx, const char *why)
{
	struct au_pull_groups *groups = ctx;

	groups->config.events->torn(groups->config.ctx, why);
}

static void
on_users_failed(void *ctx, const struct au_fault *fault, int64_t retry_after_ms)
{
	struct au_pull_groups *groups = ctx;

	groups->config.events->failed(groups->config.ctx, fault, retry_after_ms);
}

static const struct au_pull_list_events users_events = { .resource = on_user,
	.page = on_users_page,
	.ended = on_users_ended,
	.torn = on_users_torn,
	.failed = on_users_failed };

static bool
ask_users(struct au_pull_groups *groups)
{
	AU_CLEANUP(au_str_done) struct au_str filter = AU_STR_INIT;

	au_arena_free(groups->arena);
	groups->arena = au_arena_new();
	groups->roll = (struct au_roll){ 0 };
	if (json_array_size(groups->waiting) == 0)
		return false;
	au_str_put(&filter, "groups.value eq ");
	au_str_json(&filter, au_pulled_id(json_array_get(groups->waiting, 0)));
	au_pull_list_start(groups->users, &groups->service, au_str_get(&filter));
	return true;
}

/* ---- the ways ---- */

#define NO_MEMBERS "&excludedAttributes=members"

static const struct way ways[] = {
	{ "list", "", false, false, true, take_listed, go_alone },
	{ "single", NO_MEMBERS, false, false, true, take_alone, go_alone },
	{ "users", NO_MEMBERS, true, true, false, take_told, NULL },
	{ "filter", NO_MEMBERS, false, true, false, take_searched, ask_users },
};

static const struct way *
way_of(const struct au_source_config *settings)
{
	for (size_t i = 1; i < AU_COUNT(ways); i++)
		if (au_streq(ways[i].name, settings->members_from))
			return &ways[i];
	return &ways[0];
}

bool
au_pull_groups_are_of_users(const struct au_source_config *settings)
{
	return way_of(settings)->of_users;
}

bool
au_pull_groups_need_whole(const struct au_source_config *settings)
{
	return way_of(settings)->whole;
}

bool
au_pull_groups_tell(const struct au_source_config *settings)
{
	return way_of(settings)->is_alone;
}

const char *
au_pull_groups_query(const struct au_source_config *settings)
{
	return way_of(settings)->query;
}

struct au_pull_groups *
au_pull_groups_new(const struct au_pull_groups_config *config)
{
	struct au_pull_groups *groups = au_xcalloc(1, sizeof(*groups));

	*groups = (struct au_pull_groups){ .config = *config,
		.way = way_of(config->settings),
		.waiting = json_array(),
		.alone = au_map_new(),
		.single = au_pull_single_new(config->remote, "/Groups", groups) };
	groups->users = au_pull_list_new(&(struct au_pull_list_config){ .remote = config->remote,
	    .path = "/Users",
	    .query = "&attributes=id",
	    .name = "members",
	    .page_size = config->settings->page_size,
	    .trusts_total = config->settings->trust_total,
	    .events = &users_events,
	    .ctx = groups });
	return groups;
}

void
au_pull_groups_stop(struct au_pull_groups *groups)
{
	au_pull_list_stop(groups->users);
	json_array_clear(groups->waiting);
	au_map_free(groups->alone, NULL);
	groups->alone = au_map_new();
}

void
au_pull_groups_free(struct au_pull_groups *groups)
{
	if (groups == NULL)
		return;
	au_pull_list_free(groups->users);
	au_pull_single_free(groups->single);
	au_map_free(groups->alone, NULL);
	json_decref(groups->waiting);
	au_arena_free(groups->arena);
	free(groups);
}

enum au_taken
au_pull_groups_take(struct au_pull_groups *groups, const json_t *resource, const char *id)
{
	return groups->way->take(groups, resource, id);
}

bool
au_pull_groups_go(struct au_pull_groups *groups, const struct au_pulled_service *service)
{
	groups->service = *service;
	return groups->way->go != NULL && groups->way->go(groups);
}
