/* SPDX-License-Identifier: ISC */
/*
 * Each operation wants some of an account's values; one table says which.
 */
#include "reconcile/wish.h"

#include "base/rand.h"
#include "base/str.h"

#include <sodium.h>
#include <string.h>

enum { WITH_LOGIN = 1, WITH_PROFILE = 2, WITH_RIGHTS = 4, WITH_ACTIVE = 8 };

static unsigned
parts_of(enum au_step_op op)
{
	static const unsigned parts[] = {
		[AU_STEP_CREATE] = WITH_LOGIN | WITH_PROFILE | WITH_RIGHTS | WITH_ACTIVE,
		[AU_STEP_LOOKUP] = WITH_LOGIN,
		[AU_STEP_SET_RIGHTS] = WITH_RIGHTS,
		[AU_STEP_SET_PROFILE] = WITH_PROFILE,
		[AU_STEP_ENABLE] = WITH_ACTIVE,
		[AU_STEP_DISABLE] = WITH_ACTIVE,
		[AU_STEP_DELETE] = 0,
		[AU_STEP_RESET_SECRET] = 0,
		[AU_STEP_RETIRE] = 0,
	};

	return (size_t)op < AU_COUNT(parts) ? parts[op] : 0;
}

static void
set_rights(json_t *object, const char *rights)
{
	json_t *value = NULL;

	if (rights && au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &value, NULL) == 0)
		json_object_set_new(object, "rights", value);
}

static const char *
finish(struct au_arena *arena, json_t *object)
{
	AU_CLEANUP(au_freep) char *text = au_json_canonical(object);

	json_decref(object);
	return au_arena_strdup(arena, text);
}

const char *
au_wish_want(struct au_arena *arena, enum au_step_op op, const struct au_wanted *wanted, bool active)
{
	unsigned parts = parts_of(op);
	json_t *want = json_object();

	if (wanted && (parts & WITH_LOGIN))
		au_json_set_str(want, "login", wanted->login);
	if (wanted && (parts & WITH_PROFILE)) {
		au_json_set_str(want, "label", wanted->label);
		au_json_set_str(want, "first_name", wanted->first_name);
		au_json_set_str(want, "last_name", wanted->last_name);
		au_json_set_str(want, "mail", wanted->mail);
	}
	if (wanted && (parts & WITH_RIGHTS))
		set_rights(want, wanted->rights);
	if (parts & WITH_ACTIVE)
		json_object_set_new(want, "active", json_boolean(active));
	return finish(arena, want);
}

const char *
au_wish_was(struct au_arena *arena, enum au_step_op op, const struct au_account *account)
{
	unsigned parts = parts_of(op);
	json_t *was;

	if (!account || op == AU_STEP_CREATE || op == AU_STEP_LOOKUP)
		return NULL;
	was = json_object();
	if (parts & WITH_PROFILE) {
		au_json_set_str(was, "label", account->label);
		au_json_set_str(was, "first_name", account->first_name);
		au_json_set_str(was, "last_name", account->last_name);
		au_json_set_str(was, "mail", account->mail);
	}
	if (parts & WITH_RIGHTS)
		set_rights(was, account->rights);
	if ((parts & WITH_ACTIVE) && account->active >= 0)
		json_object_set_new(was, "active", json_boolean(account->active));
	return finish(arena, was);
}

const char *
au_wish_digest(enum au_step_op op, const char *want, char *digest)
{
	unsigned char hash[16];
	crypto_generichash_state state;
	const char *name = op ? au_step_op_name(op) : "";

	crypto_generichash_init(&state, NULL, 0, sizeof hash);
	crypto_generichash_update(&state, (const unsigned char *)name, strlen(name) + 1);
	if (want)
		crypto_generichash_update(&state, (const unsigned char *)want, strlen(want));
	crypto_generichash_final(&state, hash, sizeof hash);
	return au_hex(hash, sizeof hash, digest);
}

void
au_wish_account(const json_t *want, struct au_target_account *ret)
{
	*ret = (struct au_target_account){ .login = au_json_get_str(want, "login"),
		.label = au_json_get_str(want, "label"),
		.first_name = au_json_get_str(want, "first_name"),
		.last_name = au_json_get_str(want, "last_name"),
		.mail = au_json_get_str(want, "mail"),
		.active = au_json_get_bool(want, "active", -1) };
}

struct au_target_account
au_wish_known(const struct au_account *account)
{
	if (account->state != AU_ACCOUNT_PRESENT)
		return (struct au_target_account){ .active = -1 };
	return (struct au_target_account){ .id = account->remote_id,
		.login = account->login,
		.label = account->label,
		.first_name = account->first_name,
		.last_name = account->last_name,
		.mail = account->mail,
		.active = account->active,
		.rights = account->rights,
		.version = account->remote_version };
}

enum au_call_op
au_wish_call(enum au_step_op op)
{
	static const enum au_call_op ops[] = {
		[AU_STEP_CREATE] = AU_CALL_CREATE,
		[AU_STEP_LOOKUP] = AU_CALL_FIND,
		[AU_STEP_SET_RIGHTS] = AU_CALL_SET_RIGHTS,
		[AU_STEP_SET_PROFILE] = AU_CALL_SET_PROFILE,
		[AU_STEP_ENABLE] = AU_CALL_SET_ACTIVE,
		[AU_STEP_DISABLE] = AU_CALL_SET_ACTIVE,
		[AU_STEP_DELETE] = AU_CALL_REMOVE,
		[AU_STEP_RESET_SECRET] = AU_CALL_RESET_SECRET,
		[AU_STEP_RETIRE] = AU_CALL_REMOVE,
	};

	return ops[op];
}
