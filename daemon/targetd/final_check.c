/* SPDX-License-Identifier: ISC */
/* A call is held to those rules whose fields it sets, and to no others: a profile change carries no password. */
#include "targetd/final_check.h"

#include "base/mem.h"
#include "model/password.h"
#include "model/product_rule.h"

#include <string.h>

static const char *const create_fields[] = { "login", "mail", "label", "first_name", "last_name", "secret", "rights.",
	NULL };
static const char *const rights_fields[] = { "rights.", NULL };
static const char *const profile_fields[] = { "mail", "label", "first_name", "last_name", NULL };
static const char *const secret_fields[] = { "secret", NULL };

static const struct row {
	enum au_call_op op;
	const char *const *fields; /* a name, or the beginning of names that ends with a full stop */
	bool sets_secret;
} rows[] = {
	{ AU_CALL_CREATE, create_fields, true },
	{ AU_CALL_SET_RIGHTS, rights_fields, false },
	{ AU_CALL_SET_PROFILE, profile_fields, false },
	{ AU_CALL_RESET_SECRET, secret_fields, true },
};

static const struct row *
row_of(enum au_call_op op)
{
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		if (rows[i].op == op)
			return &rows[i];
	}
	return NULL;
}

static bool
sets(const struct row *row, const char *field)
{
	for (const char *const *f = row->fields; field != NULL && *f != NULL; f++) {
		size_t len = strlen(*f);

		if ((*f)[len - 1] == '.' ? strncmp(field, *f, len) == 0 : strcmp(field, *f) == 0)
			return true;
	}
	return false;
}

/* A change of names leaves out what stays as it is. */
static bool
stays(const struct row *row, const struct au_product_rule *rule, const struct au_target_account *account)
{
	const struct {
		const char *name, *value;
	} profile[] = { { "mail", account->mail }, { "label", account->label }, { "first_name", account->first_name },
		{ "last_name", account->last_name } };

	if (row->op != AU_CALL_SET_PROFILE || rule->kind != AU_RULE_REQUIRED)
		return false;
	for (size_t i = 0; i < AU_COUNT(profile); i++)
		if (strcmp(rule->field, profile[i].name) == 0)
			return profile[i].value == NULL;
	return false;
}

static int
check_rules(const struct au_product_rule *rules, const struct row *row, const struct au_call *call, struct au_err *err)
{
	AU_CLEANUP(au_freep) struct au_product_rule *kept = NULL;
	size_t n = 0, count = 0;

	while (rules[n].id != NULL)
		n++;
	kept = au_xcalloc(n + 1, sizeof(*kept));
	for (size_t i = 0; i < n; i++) {
		if (sets(row, rules[i].field) && !stays(row, &rules[i], &call->account))
			kept[count++] = rules[i];
	}
	return au_product_rules_check(kept, &call->account, false, err);
}

static int
check_secret(
    const struct au_target *table, const struct au_own_rules *own, const struct au_call *call, struct au_err *err)
{
	int r;
	bool ours = (table->caps & AU_CAP_SET_SECRET) != 0;

	if (ours && call->account.secret == NULL)
		return au_fail(err, AU_EBUG, "call '%s' lacks the secret to set", au_call_op_name(call->op));
	if (!ours && call->account.secret != NULL)
		return au_fail(err, AU_EBUG, "call '%s' brings a secret, which %s makes itself",
		    au_call_op_name(call->op), table->product);
	if (!ours)
		return 0;
	r = au_password_check(&table->password, call->account.secret, err);
	return r == 0 && own != NULL ? au_password_check(&own->password, call->account.secret, err) : r;
}

int
au_final_check(
    const struct au_target *table, const struct au_own_rules *own, const struct au_call *call, struct au_err *err)
{
	const struct row *row = row_of(call->op);
	int r;

	if (row == NULL)
		return 0;
	r = check_rules(table->rules, row, call, err);
	if (r == 0 && own != NULL)
		r = check_rules(own->rules, row, call, err);
	return r == 0 && row->sets_secret ? check_secret(table, own, call, err) : r;
}
