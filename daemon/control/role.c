/* SPDX-License-Identifier: ISC */
/* Lists of names in the configuration become lists of numbers once; a request is then judged by comparing numbers. */
#include "control/role.h"

#include "base/mem.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

struct grant {
	enum au_role role;
	bool is_group;
	unsigned id; /* uid or gid */
	const char *name; /* of the user; points into the roles' arena */
};

struct au_roles {
	struct au_arena *arena;
	const char *own_name; /* of the user whom the daemon runs as; NULL = it has none */
	struct grant *grants;
	size_t count;
};

static const struct role_list {
	const char *option;
	enum au_role role;
} role_lists[] = {
	{ "operators", AU_ROLE_OPERATOR },
	{ "viewers", AU_ROLE_VIEWER },
};

/* getpwnam and getgrnam are not used elsewhere and the loop's thread is the only one here. */
static bool
resolve(const char *name, struct grant *ret)
{
	if (name[0] == '@') {
		const struct group *group = getgrnam(name + 1);
		if (group == NULL)
			return false;
		ret->is_group = true;
		ret->id = group->gr_gid;
	} else {
		const struct passwd *user = getpwnam(name);
		if (user == NULL)
			return false;
		ret->is_group = false;
		ret->id = user->pw_uid;
	}
	return true;
}

struct au_roles *
au_roles_new(
    const struct au_values *control, void (*unknown)(void *ctx, const char *option, const char *name), void *ctx)
{
	struct au_roles *roles = au_xcalloc(1, sizeof(*roles));
	const struct passwd *own = getpwuid(getuid());

	roles->arena = au_arena_new();
	roles->own_name = own != NULL ? au_arena_strdup(roles->arena, own->pw_name) : NULL;
	for (size_t i = 0; i < AU_COUNT(role_lists); i++) {
		const struct role_list *list = &role_lists[i];
		for (size_t k = 0; k < au_values_count(control, list->option); k++) {
			const char *name = au_values_item(control, list->option, k);
			struct grant grant = { .role = list->role };
			if (!resolve(name, &grant)) {
				if (unknown != NULL)
					unknown(ctx, list->option, name);
				continue;
			}
			if (!grant.is_group)
				grant.name = au_arena_strdup(roles->arena, name);
			roles->grants = au_xrealloc(roles->grants, roles->count + 1, sizeof(grant));
			roles->grants[roles->count++] = grant;
		}
	}
	return roles;
}

void
au_roles_free(struct au_roles *roles)
{
	if (roles == NULL)
		return;
	au_arena_free(roles->arena);
	free(roles->grants);
	free(roles);
}

static bool
covers(const struct grant *grant, uid_t uid, gid_t gid, const gid_t *groups, size_t group_count)
{
	if (!grant->is_group)
		return grant->id == uid;
	for (size_t i = 0; i < group_count; i++)
		if (grant->id == groups[i])
			return true;
	return grant->id == gid;
}

enum au_role
au_role_of(const struct au_roles *roles, uid_t uid, gid_t gid, const gid_t *groups, size_t group_count)
{
	enum au_role best = AU_ROLE_NONE;

	if (uid == 0 || uid == getuid())
		return AU_ROLE_OPERATOR;
	for (size_t i = 0; i < roles->count; i++)
		if (roles->grants[i].role > best && covers(&roles->grants[i], uid, gid, groups, group_count))
			best = roles->grants[i].role;
	return best;
}

const char *
au_role_name(const struct au_roles *roles, uid_t uid)
{
	for (size_t i = 0; i < roles->count; i++)
		if (!roles->grants[i].is_group && roles->grants[i].id == uid)
			return roles->grants[i].name;
	if (uid == getuid())
		return roles->own_name;
	return uid == 0 ? "root" : NULL;
}
