/* SPDX-License-Identifier: ISC */
/*
 * Teams, groups and agents; and the calls of --guide, which are in no public material: they stand for what a
 * customer's own API guide may hold, so that adding to the map of calls can be tested.
 */
#include "../common/text.h"
#include "exchange.h"

/* The names of the product: what people call a team is called a group here, and a group is its parent. */
int
team_list(struct exchange *exchange)
{
	const struct tenant *tenant = exchange->tenant;
	json_t *list = json_array(), *team;
	size_t i;

	json_array_foreach (tenant->teams, i, team) {
		if (session_sees_team(exchange->session, tenant, json_integer_value(json_object_get(team, "groupId"))))
			json_array_append(list, team);
	}
	return exchange_answer(exchange, list);
}

int
group_list(struct exchange *exchange)
{
	return exchange_answer(exchange, json_deep_copy(exchange->tenant->groups));
}

int
agent_list(struct exchange *exchange)
{
	const struct tenant *tenant = exchange->tenant;
	json_t *list = json_array();

	for (size_t i = 0; i < tenant->person_count; i++) {
		const struct person *person = tenant->people[i];

		if ((exchange->id == 0 ||
			json_integer_value(json_object_get(person->body, "groupId")) == exchange->id) &&
		    session_sees_person(exchange->session, tenant, person))
			json_array_append_new(list, person_listed(tenant, person));
	}
	return exchange_answer(exchange, json_pack("{s:o}", "agents", list));
}

int
guide_roles(struct exchange *exchange)
{
	return exchange_answer(exchange, json_deep_copy(exchange->tenant->roles));
}

int
guide_views(struct exchange *exchange)
{
	return exchange_answer(exchange, json_deep_copy(exchange->tenant->views));
}

int
guide_password(struct exchange *exchange)
{
	struct person *person = person_find(exchange->tenant, exchange->id);
	const char *password = json_string_value(json_object_get(exchange->body, "password"));
	const char *problem;

	if (person == NULL)
		return exchange_refuse(exchange, 404, "path", "there is no such person");
	problem = password != NULL ? password_problem(exchange->tenant, person, password) : "expected password";
	if (problem != NULL)
		return exchange_refuse(exchange, 400, "CA-R07", problem);
	password_set(exchange->tenant, person, password);
	tenant_save(exchange->tenant);
	return exchange_answer(exchange, json_object());
}

int
guide_delete(struct exchange *exchange)
{
	struct tenant *tenant = exchange->tenant;

	for (size_t i = 0; i < tenant->person_count; i++) {
		if (tenant->people[i]->id != exchange->id)
			continue;
		session_end_all(tenant, exchange->id);
		person_free(tenant->people[i]);
		for (tenant->person_count--; i < tenant->person_count; i++)
			tenant->people[i] = tenant->people[i + 1];
		tenant_save(tenant);
		return exchange_answer(exchange, json_object());
	}
	return exchange_refuse(exchange, 404, "path", "there is no such person");
}
