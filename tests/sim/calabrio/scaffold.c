/* SPDX-License-Identifier: ISC */
/* What a test needs to see and turn.  None of it is part of the product. */
#include "../common/text.h"
#include "exchange.h"

#include <string.h>

static int
refuse(struct exchange *exchange, const char *problem)
{
	return exchange_refuse(exchange, 400, "scaffold", problem);
}

static json_t *
person_state(const struct tenant *tenant, const struct person *person)
{
	json_t *view = person_view(tenant, person);

	if (json_object_get(view, "views") == NULL)
		json_object_set(view, "views", json_object_get(person->body, "views"));
	json_object_set_new(view, "password", json_string(person->password.set ? "set" : "none"));
	json_object_set_new(view, "apiPassword", json_string(person->api_password.set ? "set" : "none"));
	json_object_set_new(view, "legacy", json_boolean(person->legacy));
	json_object_set_new(view, "locked", json_boolean(person->locked));
	json_object_set_new(view, "badLogins", json_integer(person->bad_logins));
	return view;
}

/* Active administrators each hold a seat; those beyond what was committed to are billed (CA-R19). */
static long long
seats_held(const struct tenant *tenant)
{
	long long held = 0;

	for (size_t i = 0; i < tenant->person_count; i++) {
		json_t *view = person_view(tenant, tenant->people[i]);

		held += json_is_true(json_object_get(view, "active")) && person_is_admin(tenant, tenant->people[i]);
		json_decref(view);
	}
	return held;
}

int
scaffold_state(struct exchange *exchange)
{
	const struct tenant *tenant = exchange->tenant;
	long long held = seats_held(tenant), sessions = 0;
	json_t *people = json_array();
	char now[TIME_SIZE];

	for (size_t i = 0; i < tenant->person_count; i++)
		json_array_append_new(people, person_state(tenant, tenant->people[i]));
	for (const struct session *session = tenant->sessions; session != NULL; session = session->next)
		sessions++;
	return exchange_answer(exchange,
	    json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:O, s:O, s:o, s:O, s:O, s:o}", "note", "not part of the product",
		"product", tenant_word(tenant), "now", time_format(tenant_now(tenant), now), "sessions",
		(json_int_t)sessions, "seats", (json_int_t)held, "overage",
		(json_int_t)(held > tenant->options.seats ? held - tenant->options.seats : 0), "calls", tenant->calls,
		"created", tenant->births, "people", people, "roles", tenant->roles, "teams", tenant->teams, "faults",
		fault_view(&tenant->faults)));
}

int
scaffold_reset(struct exchange *exchange)
{
	tenant_reset(exchange->tenant);
	return exchange_answer(exchange, json_object());
}

int
scaffold_clock(struct exchange *exchange)
{
	json_int_t advance = 0;

	if (json_unpack(exchange->body, "{s:I !}", "advance_s", &advance) != 0)
		return refuse(exchange, "expected advance_s");
	exchange->tenant->clock_offset_ms += advance * 1000;
	return exchange_answer(exchange, json_object());
}

int
scaffold_faults(struct exchange *exchange)
{
	return exchange_answer(exchange, fault_view(&exchange->tenant->faults));
}

int
scaffold_fault_add(struct exchange *exchange)
{
	const char *problem;

	if (!fault_read(&exchange->tenant->faults, exchange->body, &problem))
		return refuse(exchange, problem);
	return scaffold_faults(exchange);
}

int
scaffold_fault_clear(struct exchange *exchange)
{
	fault_clear(&exchange->tenant->faults);
	return scaffold_faults(exchange);
}

int
scaffold_switch(struct exchange *exchange)
{
	const char *name, *value;

	if (json_unpack(exchange->body, "{s:s, s:s !}", "name", &name, "value", &value) != 0 ||
	    !switch_set(&option_table, &exchange->tenant->options, name, value, true))
		return refuse(exchange, "expected name and value of a switch that can be turned while running");
	return exchange_answer(exchange, json_object());
}

/* Whether that is somebody's password, without counting a bad log-in. */
int
scaffold_login_check(struct exchange *exchange)
{
	const char *mail, *password;
	const struct person *person;

	if (json_unpack(exchange->body, "{s:s, s:s !}", "email", &mail, "password", &password) != 0)
		return refuse(exchange, "expected email and password");
	person = person_find_mail(exchange->tenant, mail);
	return exchange_answer(
	    exchange, json_pack("{s:b, s:b, s:b}", "exists", person != NULL, "matches",
			  person != NULL && digest_matches(&person->password, password), "apiMatches",
			  person != NULL && digest_matches(&person->api_password, password)));
}
