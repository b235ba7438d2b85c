/* SPDX-License-Identifier: ISC */
/*
 * Digests are keyed BLAKE2b over canonical JSON.  The one over everything
 * decides; those of the members only serve to name what was changed.
 */
#include "model/saved_plan.h"

#include "base/rand.h"
#include "base/str.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define PART 16 /* bytes of a member's digest */
#define WHOLE 32
#define DAEMON 8

static_assert(crypto_generichash_KEYBYTES == AU_SAVED_PLAN_KEY, "keys of BLAKE2b");
static_assert(AU_SAVED_PLAN_DIGEST == 2 * WHOLE + 1 && AU_SAVED_PLAN_HASH == 2 * PART + 1, "hexadecimal digits");

/* What is not under the digests, as it is them. */
static const char *const seals[] = { "digests", "digest" };

static bool
is_seal(const char *name)
{
	for (size_t i = 0; i < AU_COUNT(seals); i++)
		if (strcmp(seals[i], name) == 0)
			return true;
	return false;
}

static const char *
hash(const json_t *value, const unsigned char *key, size_t size, char *hex)
{
	AU_CLEANUP(au_freep) char *text = au_json_canonical(value);
	unsigned char bytes[WHOLE];

	crypto_generichash(
	    bytes, size, (const unsigned char *)text, strlen(text), key, key != NULL ? AU_SAVED_PLAN_KEY : 0);
	return au_hex(bytes, size, hex);
}

const char *
au_saved_plan_hash(const json_t *value, char *hex)
{
	return hash(value, NULL, PART, hex);
}

/* By what a plan tells whose it is. */
static json_t *
name_of_daemon(const unsigned char *key)
{
	AU_CLEANUP(au_json_decrefp) json_t *text = json_string("apiuserd saved plan");
	char hex[2 * DAEMON + 1];

	return json_string(hash(text, key, DAEMON, hex));
}

static json_t *
digest_of(const json_t *value, const unsigned char *key)
{
	char hex[2 * PART + 1];

	return json_string(hash(value, key, PART, hex));
}

/* Of one member: a text, or a list of them. */
static json_t *
digests_of(const json_t *value, const unsigned char *key)
{
	json_t *list;
	const json_t *item;
	size_t index;

	if (!json_is_array(value))
		return digest_of(value, key);
	list = json_array();
	json_array_foreach ((json_t *)value, index, item)
		json_array_append_new(list, digest_of(item, key));
	return list;
}

static json_t *
digest_of_all(const json_t *plan, const unsigned char *key)
{
	AU_CLEANUP(au_json_decrefp) json_t *all = json_copy((json_t *)plan);
	char hex[AU_SAVED_PLAN_DIGEST];

	json_object_del(all, "digest");
	return json_string(hash(all, key, WHOLE, hex));
}

void
au_saved_plan_seal(json_t *plan, const unsigned char key[AU_SAVED_PLAN_KEY])
{
	json_t *digests = json_object();
	const char *name;
	json_t *value;

	au_json_set_int(plan, "format", AU_SAVED_PLAN_FORMAT);
	json_object_set_new(plan, "daemon", name_of_daemon(key));
	json_object_foreach (plan, name, value) {
		if (!is_seal(name))
			json_object_set_new(digests, name, digests_of(value, key));
	}
	json_object_set_new(plan, "digests", digests);
	json_object_set_new(plan, "digest", digest_of_all(plan, key));
}

/* ---- checking ---- */

static int
bad_item(const char *name, size_t index, const json_t *item, struct au_err *err)
{
	const char *op = au_json_get_str(item, "op"), *login = au_json_get_str(item, "login");

	if (op != NULL && login != NULL)
		return au_fail(err, AU_EINVAL, "%s[%zu] (%s of '%s'): is not as it was saved", name, index, op, login);
	return au_fail(err, AU_EINVAL, "%s[%zu]: is not as it was saved", name, index);
}

static int
check_member(const char *name, const json_t *value, const json_t *digests, const unsigned char *key, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *found = digests_of(value, key);
	const json_t *item;
	size_t index;

	if (json_equal(found, digests))
		return 0;
	json_array_foreach (found, index, item) {
		if (json_array_size(digests) == json_array_size(found) &&
		    !json_equal(item, json_array_get(digests, index)))
			return bad_item(name, index, json_array_get(value, index), err);
	}
	return au_fail(err, AU_EINVAL, "%s: is not as it was saved", name);
}

/* Which member it is that the digest does not fit; it does not fit one of them, or their digests. */
static int
find_culprit(const json_t *plan, const unsigned char *key, struct au_err *err)
{
	const json_t *digests = json_object_get(plan, "digests");
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)digests, name, value) {
		if (json_object_get(plan, name) == NULL)
			return au_fail(err, AU_EINVAL, "%s: is missing", name);
	}
	json_object_foreach ((json_t *)plan, name, value) {
		if (is_seal(name))
			continue;
		if (json_is_object(digests) && json_object_get(digests, name) == NULL)
			return au_fail(err, AU_EINVAL, "%s: was not there when the plan was saved", name);
		int rc = check_member(name, value, json_object_get(digests, name), key, err);
		if (rc < 0)
			return rc;
	}
	return au_fail(err, AU_EINVAL, "digest: is not as it was saved");
}

int
au_saved_plan_check(const json_t *plan, const unsigned char key[AU_SAVED_PLAN_KEY], struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *daemon = name_of_daemon(key);
	AU_CLEANUP(au_json_decrefp) json_t *digest = NULL;
	long long format = au_json_get_int(plan, "format");

	if (!json_is_object(plan) || au_json_get_str(plan, "digest") == NULL)
		return au_fail(err, AU_EINVAL, "digest: is missing, so this is no saved plan");
	if (format != AU_SAVED_PLAN_FORMAT)
		return au_fail(
		    err, AU_ENOSUP, "format: is %lld, and %d is what this daemon reads", format, AU_SAVED_PLAN_FORMAT);
	if (!json_equal(daemon, json_object_get(plan, "daemon")))
		return au_fail(
		    err, AU_EPERM, "daemon: the plan was saved by another daemon, or with another master key");
	digest = digest_of_all(plan, key);
	return json_equal(digest, json_object_get(plan, "digest")) ? 0 : find_culprit(plan, key, err);
}
