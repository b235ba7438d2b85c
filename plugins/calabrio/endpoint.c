/* SPDX-License-Identifier: ISC */
/* Nothing is guessed: what neither the rows nor the tenant's configuration know cannot be called. */
#include "calabrio/endpoint.h"

#include "base/mem.h"
#include "base/str.h"

#include <apiuserd/target.h>
#include <string.h>

#define DIGITS_MAX 19
#define PATH_MAX_LEN 512
#define ID_WORD "{id}"

#define KNOWN(id, name, method, path, evidence, what) [CA_##id] = { name, method, path, NULL },
#define GAP(id, name, what) [CA_##id] = { name, NULL, NULL, what },

static const struct {
	const char *name, *method, *path, *gap;
} rows[] = { CA_ENDPOINT_ROWS(KNOWN) CA_ENDPOINT_GAPS(GAP) };

static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

/* Those that are about one person. */
static bool
needs_id(enum ca_endpoint_id id)
{
	return id == CA_PASSWORD_SET || (rows[id].path != NULL && strstr(rows[id].path, ID_WORD) != NULL);
}

static void
set(struct ca_endpoint *endpoint, const char *method, const char *path)
{
	free(endpoint->method);
	free(endpoint->path);
	endpoint->method = au_xstrdup(method);
	endpoint->path = au_xstrdup(path);
}

void
ca_endpoints_init(struct ca_endpoints *map)
{
	memset(map, 0, sizeof(*map));
	for (int id = 0; id < CA_ENDPOINT_COUNT; id++)
		set(&map->of[id], rows[id].method, rows[id].path);
}

void
ca_endpoints_done(struct ca_endpoints *map)
{
	for (int id = 0; id < CA_ENDPOINT_COUNT; id++)
		set(&map->of[id], NULL, NULL);
}

const char *
ca_endpoint_name(enum ca_endpoint_id id)
{
	return rows[id].name;
}

bool
ca_endpoints_know(const struct ca_endpoints *map, enum ca_endpoint_id id)
{
	return map->of[id].path != NULL;
}

/* ---- the configuration ------------------------------------------------------- */

static int
find(const char *name, size_t len)
{
	for (int id = 0; id < CA_ENDPOINT_COUNT; id++) {
		if (strlen(rows[id].name) == len && strncmp(rows[id].name, name, len) == 0)
			return id;
	}
	return -1;
}

static const char *
find_method(const char *name, size_t len)
{
	for (size_t i = 0; i < AU_COUNT(methods); i++) {
		if (strlen(methods[i]) == len && strncmp(methods[i], name, len) == 0)
			return methods[i];
	}
	return NULL;
}

/* Printable ASCII without blanks, and {id} exactly where a person is meant. */
static bool
path_is_fine(const char *path, bool with_id)
{
	const char *id = strstr(path, ID_WORD);
	size_t len = strlen(path);

	for (const char *p = path; *p != '\0'; p++) {
		if (*p <= ' ' || *p > '~')
			return false;
	}
	return path[0] == '/' && path[1] != '/' && len <= PATH_MAX_LEN && (id != NULL) == with_id &&
	       (id == NULL || strstr(id + 1, ID_WORD) == NULL);
}

int
ca_endpoints_set(struct ca_endpoints *map, const char *text, struct au_err *err)
{
	size_t name_len = strcspn(text, " ");
	const char *second = text + name_len + strspn(text + name_len, " ");
	size_t second_len = strcspn(second, " ");
	const char *path = second + second_len + strspn(second + second_len, " ");
	int id = find(text, name_len);
	const char *method;

	if (id < 0)
		return au_fail(
		    err, AU_EINVAL, "endpoint '%s': '%.*s' is no call of this plugin", text, (int)name_len, text);
	if (strcmp(second, "none") == 0) {
		set(&map->of[id], NULL, NULL);
		return 0;
	}
	method = find_method(second, second_len);
	if (method == NULL)
		return au_fail(err, AU_EINVAL, "endpoint '%s': expected NAME METHOD /PATH, or NAME none", text);
	if (!path_is_fine(path, needs_id((enum ca_endpoint_id)id)))
		return au_fail(err, AU_EINVAL, "endpoint '%s': expected a path that begins with '/'%s", text,
		    needs_id((enum ca_endpoint_id)id) ? " and has {id} in it once" : " and has no {id} in it");
	set(&map->of[id], method, path);
	map->of[id].configured = true;
	return 0;
}

/* ---- paths --------------------------------------------------------------------- */

static int
check_id(const char *id, struct au_err *err)
{
	size_t len = id != NULL ? strspn(id, "0123456789") : 0;

	if (len == 0 || len > DIGITS_MAX || id[len] != '\0')
		return au_fail(err, AU_EINVAL, "person id '%.40s': expected a number", id != NULL ? id : "");
	return 0;
}

int
ca_endpoints_path(
    const struct ca_endpoints *map, enum ca_endpoint_id id, const char *person_id, char **ret, struct au_err *err)
{
	const char *path = map->of[id].path, *at;
	int r;

	if (path == NULL)
		return au_fail(
		    err, AU_ENOSUP, "no call '%s' is known; a row of option 'endpoints' can name it", rows[id].name);
	at = strstr(path, ID_WORD);
	if (at == NULL) {
		*ret = au_xstrdup(path);
		return 0;
	}
	if ((r = check_id(person_id, err)) != 0)
		return r;
	*ret = au_xasprintf("%.*s%s%s", (int)(at - path), path, person_id, at + strlen(ID_WORD));
	return 0;
}
