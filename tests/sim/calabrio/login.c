/* SPDX-License-Identifier: ISC */
/* Authorize and log out.  Every refusal reads the same. */
#include "../common/text.h"
#include "exchange.h"

static int
refuse(struct exchange *exchange)
{
	return exchange_refuse(exchange, 401, "authorize", "the log-in was refused");
}

/* Only a bad log-in at the product itself locks, and only who is there (CA-R14). */
static void
count_bad(struct tenant *tenant, struct person *person)
{
	if (++person->bad_logins >= tenant->options.lock_after)
		person->locked = true;
	tenant_save(tenant);
}

static bool
may_authorize(const struct tenant *tenant, const struct person *person)
{
	json_t *view = person_view(tenant, person);
	bool active = json_is_true(json_object_get(view, "active"));

	json_decref(view);
	return active && !person->locked && (!tenant->options.iam || person->legacy) &&
	       !password_is_over(tenant, person);
}

int
login_handle(struct exchange *exchange)
{
	static const struct digest nothing;
	struct tenant *tenant = exchange->tenant;
	const char *user = NULL, *password = NULL, *locale = NULL, *language = NULL;
	const struct digest *right;
	struct person *person;

	if (json_unpack(exchange->body, "{s:s, s:s, s?s, s?s}", "userId", &user, "password", &password, "locale",
		&locale, "language", &language) != 0 ||
	    (locale == NULL && (language == NULL || tenant->options.locale_only)))
		return exchange_refuse(exchange, 400, "authorize", "expected userId, password and locale or language");
	person = person_find_mail(tenant, user);
	right = person == NULL ? &nothing : tenant->options.iam ? &person->api_password : &person->password;
	if (!digest_matches(right, password)) {
		if (person != NULL)
			count_bad(tenant, person);
		return refuse(exchange);
	}
	if (!may_authorize(tenant, person))
		return refuse(exchange);
	person->bad_logins = 0;
	exchange->session = session_open(tenant, person);
	exchange->cookie = text_copy(exchange->session->id);
	return exchange_answer(exchange, json_pack("{s:s}", "sessionId", exchange->session->id));
}

int
logout_handle(struct exchange *exchange)
{
	session_end(exchange->tenant, exchange->session);
	exchange->session = NULL;
	return exchange_answer(exchange, json_object());
}
