/* SPDX-License-Identifier: ISC */
/* One look-up by keys from the user's entry to the accounts; their words are those of plans and `explain`. */
#include "scim/account.h"

#include "base/when.h"
#include "store/account.h"

/* Nothing is there and nothing is on its way. */
static bool
is_over(const struct au_account_standing *account)
{
	return account->state == AU_ACCOUNT_ABSENT && account->op == 0 && account->problem == NULL;
}

/* A word of the row `status`. */
static const char *
status_of(const struct au_account_standing *account)
{
	if (account->step_state == AU_STEP_HELD)
		return "held";
	if (account->step_state == AU_STEP_WAITING || account->step_state == AU_STEP_FOLLOWS)
		return "pending";
	if (account->problem != NULL)
		return "failed";
	if (account->state == AU_ACCOUNT_CONFLICT)
		return "conflict";
	if (account->state != AU_ACCOUNT_PRESENT)
		return "wanted";
	if (account->op != 0)
		return "pending";
	return account->active == 0 ? "disabled" : "active";
}

/* Why it is not as it should be; of who waits for room or for a login, for what. */
static const char *
trouble_of(const struct au_account_standing *account)
{
	bool stands = account->step_state == AU_STEP_WAITING || account->step_state == AU_STEP_FOLLOWS;

	if (stands && account->step_guard != NULL)
		return account->step_guard;
	return account->problem != NULL ? account->problem : account->step_error;
}

static void
put_member(struct au_str *out, const char *name, const char *text)
{
	if (text == NULL)
		return;
	au_str_put(out, out->data[out->len - 1] == '{' ? "\"" : ",\"");
	au_str_put(out, name);
	au_str_put(out, "\":");
	au_str_json(out, text);
}

static void
put_account(const struct au_account_standing *account, struct au_str *out)
{
	char changed[AU_WHEN_SIZE];

	au_str_putc(out, '{');
	put_member(out, "target", account->target);
	put_member(out, "login", account->login);
	put_member(out, "status", status_of(account));
	put_member(out, "pending", account->op != 0 ? au_step_op_name(account->op) : NULL);
	put_member(out, "lastError", trouble_of(account));
	put_member(out, "lastChanged", au_when_format(account->changed_ms, changed));
	au_str_putc(out, '}');
}

int
au_account_put(struct au_store_tx *tx, struct au_request *r, const char *user_id, struct au_str *out, size_t *ret_count,
    struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_account_standing *accounts;
	size_t count, shown = 0;
	int rc = au_store_account_of_entry(tx, arena, r->client, user_id, &accounts, &count, err);

	if (rc != 0)
		return rc;
	au_str_putc(out, '[');
	for (size_t i = 0; i < count; i++) {
		/* a target that is no longer configured is nobody's business any more */
		if (is_over(&accounts[i]) || au_settings_target(r->settings, accounts[i].target) == NULL)
			continue;
		if (shown++ > 0)
			au_str_putc(out, ',');
		put_account(&accounts[i], out);
	}
	au_str_putc(out, ']');
	*ret_count = shown;
	return 0;
}

bool
au_account_is_shown(const struct au_request *r)
{
	const struct au_block *client = au_settings_client(r->settings, r->client);

	/* accounts of targets that are configured no more are not shown */
	return client != NULL && r->settings->target_count > 0 && au_values_bool(client->values, "show_accounts");
}
