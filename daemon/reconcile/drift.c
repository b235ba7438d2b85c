/* SPDX-License-Identifier: ISC */
/*
 * What an account remembers is four words: digests of the rights and of the
 * names that were fulfilled, whether it was active, and its log-in name, which
 * stands last because it may hold blanks.
 */
#include "reconcile/drift.h"

#include "base/rand.h"
#include "base/str.h"
#include "reconcile/rights.h"

#include <sodium.h>
#include <string.h>

#define DIGEST_BYTES 16 /* the least that the library makes */
#define WORD_SIZE (2 * DIGEST_BYTES + 1)
#define NOTHING "-"

enum au_drift_policy
au_drift_policy(const struct au_target_block *target)
{
	const char *word = au_values_str(target->block.values, "drift");

	for (int policy = AU_DRIFT_REPORT; policy <= AU_DRIFT_ACCEPT; policy++)
		if (au_streq(word, au_drift_policy_name((enum au_drift_policy)policy)))
			return (enum au_drift_policy)policy;
	return AU_DRIFT_RESTORE;
}

const char *
au_drift_policy_name(enum au_drift_policy policy)
{
	static const char *const names[] = {
		[AU_DRIFT_RESTORE] = "restore", [AU_DRIFT_REPORT] = "report", [AU_DRIFT_ACCEPT] = "accept"
	};

	return names[policy];
}

/* ---- what is remembered ---- */

struct words {
	char rights[WORD_SIZE], profile[WORD_SIZE], active[WORD_SIZE];
	const char *login; /* NULL = none */
};

static void
put_text(crypto_generichash_state *state, const char *text)
{
	/* None is not the same as empty. */
	if (text != NULL)
		crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
	else
		crypto_generichash_update(state, (const unsigned char *)"\1", 1);
}

static void
digest(const char *const *texts, size_t count, char word[WORD_SIZE])
{
	unsigned char hash[DIGEST_BYTES];
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	for (size_t i = 0; i < count; i++)
		put_text(&state, texts[i]);
	crypto_generichash_final(&state, hash, sizeof(hash));
	au_hex(hash, sizeof(hash), word);
}

static void
words_of_wish(const struct au_wanted *wanted, struct words *ret)
{
	const char *const profile[] = { wanted->label, wanted->first_name, wanted->last_name, wanted->mail };

	digest(&wanted->rights, 1, ret->rights);
	digest(profile, AU_COUNT(profile), ret->profile);
	snprintf(ret->active, sizeof(ret->active), "on");
	ret->login = NULL;
}

static const char *
take_word(const char *text, char word[WORD_SIZE])
{
	size_t len = strcspn(text, " ");

	snprintf(word, WORD_SIZE, "%.*s", (int)len, text);
	return text[len] == ' ' ? text + len + 1 : text + len;
}

static void
words_of_account(const struct au_account *account, struct words *ret)
{
	const char *text = account->settled != NULL ? account->settled : "";

	text = take_word(text, ret->rights);
	text = take_word(text, ret->profile);
	text = take_word(text, ret->active);
	ret->login = *text != '\0' ? text : NULL;
}

/* ---- what differs ---- */

static bool
can(const struct au_target_block *target, enum au_cap cap)
{
	return target->describe->caps & cap;
}

/* A value that we do not have is not a wish to empty it; a label is only compared where the product reports one. */
static bool
profile_differs(const struct au_wanted *wanted, const struct au_account *account)
{
	return (wanted->first_name && !au_streq(wanted->first_name, account->first_name)) ||
	       (wanted->last_name && !au_streq(wanted->last_name, account->last_name)) ||
	       (wanted->mail && !au_streq(wanted->mail, account->mail)) ||
	       (wanted->label && account->label && !au_streq(wanted->label, account->label));
}

static unsigned
differs(const struct au_target_block *target, const struct au_wanted *wanted, const struct au_account *account,
    const struct words *settled)
{
	unsigned parts = 0;

	if (account->state == AU_ACCOUNT_ABSENT)
		return account->settled != NULL ? AU_DRIFT_GONE : 0;
	if (account->state != AU_ACCOUNT_PRESENT)
		return 0;
	if ((can(target, AU_CAP_READ_RIGHTS) || can(target, AU_CAP_MANUAL)) && account->rights != NULL && wanted->rights != NULL &&
	    !au_rights_satisfied(wanted->rights, account->rights))
		parts |= AU_DRIFT_RIGHTS;
	if (profile_differs(wanted, account))
		parts |= AU_DRIFT_PROFILE;
	if (account->active == 0 && can(target, AU_CAP_DISABLE))
		parts |= AU_DRIFT_ACTIVE;
	if (settled->login != NULL && !au_streq(settled->login, account->login))
		parts |= AU_DRIFT_LOGIN;
	if (account->unmarked_ms != 0)
		parts |= AU_DRIFT_MARK;
	return parts;
}

void
au_drift_find(const struct au_target_block *target, const struct au_wanted *wanted, const struct au_account *account,
    struct au_drift *ret)
{
	struct au_drift drift = { 0 };
	struct words settled, wish;

	if (account != NULL) {
		words_of_account(account, &settled);
		drift.differs = differs(target, wanted, account, &settled);
	}
	if (drift.differs != 0 && account->settled != NULL) {
		words_of_wish(wanted, &wish);
		bool same_rights = au_streq(settled.rights, wish.rights);
		bool same_profile = au_streq(settled.profile, wish.profile);
		drift.moved = drift.differs &
			      ((same_rights ? AU_DRIFT_RIGHTS : 0u) | (same_profile ? AU_DRIFT_PROFILE : 0u) |
				  (au_streq(settled.active, wish.active) ? AU_DRIFT_ACTIVE : 0u) | AU_DRIFT_LOGIN |
				  AU_DRIFT_MARK | (same_rights && same_profile ? AU_DRIFT_GONE : 0u));
	}
	*ret = drift;
}

bool
au_drift_had_rights(const struct au_account *account)
{
	struct words settled;

	words_of_account(account, &settled);
	return *settled.rights != '\0' && !au_streq(settled.rights, NOTHING);
}

const char *
au_drift_settle(struct au_arena *arena, enum au_drift_policy policy, const struct au_wanted *wanted,
    const struct au_account *account, const struct au_drift *drift)
{
	bool keeps_login = policy != AU_DRIFT_ACCEPT;
	struct words old, wish;

	if (account->state == AU_ACCOUNT_ABSENT && drift->differs != 0)
		return account->settled; /* it was there once, and the wish for it may be the same */
	if (account->state != AU_ACCOUNT_PRESENT || account->adoption == AU_ADOPTION_NEW || wanted->problem != NULL)
		return NULL;
	words_of_account(account, &old);
	words_of_wish(wanted, &wish);
	const char *rights = (drift->differs & AU_DRIFT_RIGHTS) != 0 ? old.rights : wish.rights;
	const char *profile = (drift->differs & AU_DRIFT_PROFILE) != 0 ? old.profile : wish.profile;
	const char *active = (drift->differs & AU_DRIFT_ACTIVE) != 0 ? old.active : wish.active;
	return au_arena_printf(arena, "%s %s %s %s", *rights != '\0' ? rights : NOTHING,
	    *profile != '\0' ? profile : NOTHING, *active != '\0' ? active : NOTHING,
	    keeps_login && old.login != NULL ? old.login : account->login);
}

/* ---- one by one ---- */

static json_t *
parse(const char *text)
{
	json_t *value = NULL;

	if (text == NULL || au_json_parse(text, strlen(text), AU_JSON_DEPTH, &value, NULL) < 0)
		return json_object();
	return value;
}

static void
add_value(json_t *list, const char *name, json_t *was, json_t *is)
{
	json_t *item = json_object();

	au_json_set_str(item, "name", name);
	json_object_set_new(item, "was", was);
	json_object_set_new(item, "is", is);
	json_array_append_new(list, item);
}

/* Only what is wanted counts; a right that the product adds of its own is not a difference. */
static void
add_rights(json_t *list, const struct au_wanted *wanted, const struct au_account *account)
{
	AU_CLEANUP(au_json_decrefp) json_t *want = parse(wanted->rights);
	AU_CLEANUP(au_json_decrefp) json_t *have = parse(account->rights);
	const char *name;
	json_t *value;

	json_object_foreach (want, name, value) {
		AU_CLEANUP(au_json_decrefp) json_t *one = json_object();
		AU_CLEANUP(au_str_done) struct au_str full = AU_STR_INIT;
		json_t *is = json_object_get(have, name);

		json_object_set(one, name, value);
		AU_CLEANUP(au_freep) char *text = au_json_text(one);
		if (au_rights_satisfied(text, account->rights))
			continue;
		au_str_printf(&full, "rights.%s", name);
		add_value(list, au_str_get(&full), json_incref(value), is != NULL ? json_incref(is) : json_null());
	}
}

static void
add_text(json_t *list, const char *name, const char *was, const char *is)
{
	if (was != NULL && !au_streq(was, is))
		add_value(list, name, json_string(was), is != NULL ? json_string(is) : json_null());
}

json_t *
au_drift_values(const struct au_wanted *wanted, const struct au_account *account, unsigned parts)
{
	json_t *list = json_array();
	struct words settled;

	words_of_account(account, &settled);
	if ((parts & AU_DRIFT_GONE) != 0)
		add_value(list, "account", json_string("there"), json_string("gone"));
	if ((parts & AU_DRIFT_RIGHTS) != 0)
		add_rights(list, wanted, account);
	if ((parts & AU_DRIFT_PROFILE) != 0) {
		add_text(list, "label", account->label != NULL ? wanted->label : NULL, account->label);
		add_text(list, "first_name", wanted->first_name, account->first_name);
		add_text(list, "last_name", wanted->last_name, account->last_name);
		add_text(list, "mail", wanted->mail, account->mail);
	}
	if ((parts & AU_DRIFT_ACTIVE) != 0)
		add_value(list, "active", json_true(), json_false());
	if ((parts & AU_DRIFT_LOGIN) != 0)
		add_text(list, "login", settled.login, account->login);
	if ((parts & AU_DRIFT_MARK) != 0)
		add_value(list, "mark", json_string(account->id), json_null());
	return list;
}

const char *
au_drift_text(struct au_arena *arena, const struct au_wanted *wanted, const struct au_account *account, unsigned parts)
{
	AU_CLEANUP(au_json_decrefp) json_t *list = au_drift_values(wanted, account, parts);
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	json_t *item;
	size_t index;

	json_array_foreach (list, index, item) {
		AU_CLEANUP(au_freep) char *was = au_json_canonical(json_object_get(item, "was"));
		AU_CLEANUP(au_freep) char *is = au_json_canonical(json_object_get(item, "is"));
		au_str_printf(
		    &text, "%s%s: %s became %s", index > 0 ? "; " : "", au_json_get_str(item, "name"), was, is);
	}
	return au_arena_strdup(arena, au_str_get(&text));
}
