/* SPDX-License-Identifier: ISC */
/* `users`, `show`, `explain`. */
#include "base/mem.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

#include <string.h>

/* "room (off), tabs": where a user has accounts. */
static void
put_places(struct au_str *out, const json_t *accounts)
{
	const json_t *account;
	size_t index;

	json_array_foreach ((json_t *)accounts, index, account) {
		const char *state = au_json_get_str(account, "state");
		if (au_streq(state, "absent"))
			continue;
		if (out->len > 0)
			au_str_put(out, ", ");
		au_value_put(out, json_object_get(account, "target"));
		if (!au_streq(state, "present"))
			au_str_printf(out, " (%s)", state);
		else if (!au_json_get_bool(account, "active", true))
			au_str_put(out, " (off)");
	}
}

static const char *
problem_of(const json_t *user)
{
	const char *problem = au_json_get_str(user, "conflict");
	const json_t *account;
	size_t index;

	json_array_foreach (json_object_get(user, "accounts"), index, account) {
		if (problem == NULL)
			problem = au_json_get_str(account, "problem");
	}
	return problem;
}

/* One whom nobody can name is not the same as none. */
static bool
has_unknown_owner(const json_t *user)
{
	return au_json_get_str(user, "owner") == NULL && au_json_get_str(user, "owner_ref") != NULL;
}

static bool
has_mapped(const json_t *users)
{
	const json_t *user;
	size_t index;

	json_array_foreach ((json_t *)users, index, user)
		if (json_object_get(user, "application") != NULL || json_object_get(user, "owner") != NULL ||
		    has_unknown_owner(user))
			return true;
	return false;
}

/* "bob@example.com (disabled)" */
static void
put_left_owner(struct au_table *table, const json_t *user)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	const char *owner = au_json_get_str(user, "owner");

	au_str_printf(&text, "%s (%s)", owner != NULL ? owner : "unknown", au_json_get_str(user, "owner_state"));
	au_table_text(table, au_str_get(&text), AU_PAINT_BAD);
}

static void
put_mapped(struct au_table *table, const json_t *user)
{
	au_table_text(table, au_json_get_str(user, "application"), AU_PAINT_NONE);
	if (has_unknown_owner(user) && au_json_get_str(user, "owner_state") == NULL)
		au_table_text(table, "unknown", AU_PAINT_WARN);
	else if (au_json_get_str(user, "owner_state") != NULL)
		put_left_owner(table, user);
	else
		au_table_text(table, au_json_get_str(user, "owner"), AU_PAINT_NONE);
}

/* Applications and owners have columns where anybody has one. */
void
au_view_users(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column all[] = { { "USER", false }, { "NAME", false }, { "MAIL", false },
		{ "APPLICATION", false }, { "OWNER", false }, { "ACCOUNTS", false }, { "PROBLEM", false },
		{ NULL, false } };
	static const struct au_column few[] = { { "USER", false }, { "NAME", false }, { "MAIL", false },
		{ "ACCOUNTS", false }, { "PROBLEM", false }, { NULL, false } };
	const json_t *users = json_object_get(json, "users"), *user;
	bool is_mapped = has_mapped(users);
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(is_mapped ? all : few);
	size_t index;

	json_array_foreach ((json_t *)users, index, user) {
		AU_CLEANUP(au_str_done) struct au_str places = AU_STR_INIT;
		const char *name = au_json_get_str(user, "user_name");
		put_places(&places, json_object_get(user, "accounts"));
		au_table_text(table, name != NULL ? name : au_json_get_str(user, "key"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(user, "display_name"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(user, "mail"), AU_PAINT_NONE);
		if (is_mapped)
			put_mapped(table, user);
		au_table_text(table, au_str_get(&places), AU_PAINT_NONE);
		au_table_text(table, problem_of(user), AU_PAINT_BAD);
	}
	au_table_put(table, colour, out);
	if (au_table_rows(table) == 0)
		au_str_put(out, "There are no API users.\n");
}

/* ---- one user ---- */

/* "  name: value", left out when there is none. */
static void
put_field(struct au_str *out, const char *indent, const char *name, const json_t *value)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;

	if (value == NULL || json_is_null(value))
		return;
	au_value_put(&text, value);
	au_str_printf(out, "%s%s: ", indent, name);
	au_str_visible(out, au_str_get(&text), text.len);
	au_str_putc(out, '\n');
}

static void
put_time(struct au_str *out, const char *indent, const char *name, long long wall_ms)
{
	char when[AU_WHEN_SIZE];

	if (wall_ms != 0)
		au_str_printf(out, "%s%s: %s\n", indent, name, au_value_time(wall_ms, when));
}

static void
put_rights(struct au_str *out, const char *indent, const json_t *rights)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)rights, name, value) {
		AU_CLEANUP(au_str_done) struct au_str visible = AU_STR_INIT;
		au_str_visible(&visible, name, strlen(name));
		put_field(out, indent, au_str_get(&visible), value);
	}
}

static void
put_steps(struct au_str *out, const json_t *steps, bool colour)
{
	const json_t *step;
	size_t index;

	json_array_foreach ((json_t *)steps, index, step) {
		const char *state = au_json_get_str(step, "state"), *reason = au_json_get_str(step, "reason");
		const char *error = au_json_get_str(step, "error"), *guard = au_json_get_str(step, "guard");
		char when[AU_WHEN_SIZE];
		au_str_printf(out, "    %s  step %lld  ", au_value_time(au_json_get_int(step, "created_ms"), when),
		    au_json_get_int(step, "id"));
		au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(step, "op"));
		au_str_putc(out, ' ');
		au_paint_put(out, colour, au_view_paint(state), state);
		au_str_put(out, ": ");
		au_paint_put(out, false, AU_PAINT_NONE,
		    guard != NULL    ? guard
		    : error != NULL  ? error
		    : reason != NULL ? reason
				     : "-");
		au_str_putc(out, '\n');
	}
}

static void
put_account(struct au_str *out, const json_t *account, bool colour)
{
	const char *state = au_json_get_str(account, "state"), *problem = au_json_get_str(account, "problem");

	au_str_put(out, "    login: ");
	au_paint_put(out, colour, AU_PAINT_BOLD, au_json_get_str(account, "login"));
	au_str_put(out, ", ");
	au_paint_put(out, colour, au_view_paint(state), state);
	if (json_object_get(account, "active") != NULL && !json_is_null(json_object_get(account, "active")))
		au_str_put(out, au_json_get_bool(account, "active", true) ? ", active" : ", switched off");
	au_str_putc(out, '\n');
	put_field(out, "    ", "id in the product", json_object_get(account, "remote_id"));
	put_rights(out, "    ", json_object_get(account, "rights"));
	put_field(out, "    ", "secret", json_object_get(account, "secret"));
	if (au_json_get_str(account, "word") != NULL)
		put_field(out, "    ", "known", json_object_get(account, "word"));
	else
		put_time(out, "    ", "last seen", au_json_get_int(account, "observed_ms"));
	put_time(out, "    ", "switched off since", au_json_get_int(account, "disabled_ms"));
	put_time(out, "    ", "nobody wants it since", au_json_get_int(account, "left_ms"));
	put_time(out, "    ", "changed by others, known since", au_json_get_int(account, "drift_ms"));
	if (au_json_get_str(account, "adoption") != NULL)
		au_str_printf(out, "    adopted%s; its secret was never ours\n",
		    au_streq(au_json_get_str(account, "adoption"), "new") ? ", not confirmed yet" : "");
	if (problem != NULL) {
		au_str_put(out, "    problem: ");
		au_paint_put(out, colour, AU_PAINT_BAD, problem);
		au_str_putc(out, '\n');
	}
}

void
au_view_person(const json_t *user, bool colour, struct au_str *out)
{
	static const char *const names[] = { "display_name", "mail", "key", "id" };
	const char *name = au_json_get_str(user, "user_name");

	au_paint_put(out, colour, AU_PAINT_BOLD, name != NULL ? name : au_json_get_str(user, "key"));
	au_str_putc(out, '\n');
	for (size_t i = 0; i < AU_COUNT(names); i++)
		put_field(out, "  ", names[i], json_object_get(user, names[i]));
	put_field(out, "  ", "application", json_object_get(user, "application"));
	if (has_unknown_owner(user))
		au_str_put(out, "  owner: unknown; there is no such entry, or it may not be read\n");
	else
		put_field(out, "  ", "owner", json_object_get(user, "owner"));
	put_field(out, "  ", "owner's entry", json_object_get(user, "owner_ref"));
	put_field(out, "  ", "owner is", json_object_get(user, "owner_state"));
	put_time(out, "  ", "owner has left since", au_json_get_int(user, "owner_ms"));
	put_time(out, "  ", "expires", au_json_get_int(user, "expires_ms"));
	if (au_json_get_int(user, "term_ms") != 0)
		put_time(out, "  ", "expires, as a person said", au_json_get_int(user, "term_ms"));
	put_field(out, "  ", "conflict", json_object_get(user, "conflict"));
}

void
au_view_user(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *account;
	size_t index;

	au_view_person(json, colour, out);
	json_array_foreach (json_object_get(json, "accounts"), index, account) {
		au_str_put(out, "\n  ");
		au_paint_put(out, colour, AU_PAINT_BOLD, au_json_get_str(account, "target"));
		au_str_putc(out, '\n');
		put_account(out, account, colour);
		put_steps(out, json_object_get(account, "steps"), colour);
	}
}

/* ---- explain ---- */

/* "users complete at 2026-..." for each search of the source. */
static void
put_readings(struct au_str *out, const json_t *readings)
{
	const json_t *reading;
	size_t index;

	json_array_foreach ((json_t *)readings, index, reading) {
		const char *why = au_json_get_str(reading, "why");
		char when[AU_WHEN_SIZE];
		au_str_put(out, "    read: ");
		au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(reading, "search"));
		au_str_putc(out, ' ');
		au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(reading, "verdict"));
		au_str_printf(out, ", %s", au_value_time(au_json_get_int(reading, "at_ms"), when));
		if (why != NULL) {
			au_str_put(out, ": ");
			au_paint_put(out, false, AU_PAINT_NONE, why);
		}
		au_str_putc(out, '\n');
	}
}

void
au_view_entry(const json_t *entry, struct au_str *out)
{
	au_str_put(out, "  entry ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(entry, "id"));
	au_str_put(out, " of ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(entry, "source"));
	au_str_put(out, au_json_get_bool(entry, "active", true) ? "\n" : ", switched off there\n");
	put_readings(out, json_object_get(entry, "readings"));
	put_time(out, "    ", "expires", au_json_get_int(entry, "expires_ms"));
	put_field(
	    out, "    ", "a date that cannot be read, so it expires nobody", json_object_get(entry, "expires_odd"));
	put_field(out, "    ", "dn", json_object_get(entry, "dn"));
	put_field(out, "    ", "groups", json_object_get(entry, "groups"));
	put_field(out, "    ", "groups in a ring", json_object_get(entry, "ring"));
	put_field(out, "    ", "too deep, what holds it is not looked at", json_object_get(entry, "cut"));
}

void
au_view_rule(const json_t *rule, bool colour, struct au_str *out)
{
	bool member = au_json_get_bool(rule, "member", false);
	const char *problem = au_json_get_str(rule, "problem");
	const char *why = au_json_get_str(rule, "why");

	au_str_put(out, "    ");
	au_paint_put(out, colour, member ? AU_PAINT_GOOD : AU_PAINT_DIM, member ? "yes" : "no ");
	au_str_put(out, "  rule ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(rule, "rule"));
	au_str_put(out, ": ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(rule, "source"));
	au_str_putc(out, ':');
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(rule, "group"));
	au_str_put(out, " gives ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(rule, "template"));
	if (why != NULL) {
		au_str_put(out, " (");
		au_paint_put(out, false, AU_PAINT_NONE, why);
		au_str_putc(out, ')');
	}
	if (problem != NULL) {
		au_str_put(out, "; the template cannot be used: ");
		au_paint_put(out, colour, AU_PAINT_BAD, problem);
	}
	au_str_putc(out, '\n');
}

/* What the product said last. */
static void
put_answer(struct au_str *out, const json_t *answer)
{
	const char *text = au_json_get_str(answer, "text");
	char when[AU_WHEN_SIZE];

	if (answer == NULL)
		return;
	au_str_printf(out, "    last answer: step %lld ", au_json_get_int(answer, "step"));
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(answer, "op"));
	au_str_putc(out, ' ');
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(answer, "code"));
	if (au_json_get_int(answer, "at_ms") != 0)
		au_str_printf(out, " at %s", au_value_time(au_json_get_int(answer, "at_ms"), when));
	if (text != NULL) {
		au_str_put(out, ": ");
		au_paint_put(out, false, AU_PAINT_NONE, text);
	}
	au_str_putc(out, '\n');
}

static void
put_right(struct au_str *out, const json_t *right, bool colour)
{
	if (right == NULL)
		return;
	au_str_put(out, "    right ");
	au_paint_put(out, colour, AU_PAINT_BOLD, au_json_get_str(right, "name"));
	au_str_printf(out, ": %s, %s; ", au_json_get_bool(right, "wanted", false) ? "wanted" : "not wanted",
	    au_json_get_bool(right, "there", false) ? "there" : "not there");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(right, "text"));
	au_str_putc(out, '\n');
}

static void
put_explained(struct au_str *out, const json_t *target, bool colour)
{
	const json_t *rule;
	size_t index;

	au_str_put(out, "\n  ");
	au_paint_put(out, colour, AU_PAINT_BOLD, au_json_get_str(target, "target"));
	au_str_put(out, au_json_get_bool(target, "wanted", false) ? ": wanted\n" : ": not wanted\n");
	json_array_foreach (json_object_get(target, "rules"), index, rule)
		au_view_rule(rule, colour, out);
	if (json_object_get(target, "account") != NULL)
		put_account(out, json_object_get(target, "account"), colour);
	put_steps(out, json_object_get(target, "steps"), colour);
	put_answer(out, json_object_get(target, "answer"));
	put_field(out, "    ", "waits", json_object_get(target, "stopped"));
	put_right(out, json_object_get(target, "right"), colour);
	au_str_put(out, "    verdict: ");
	au_paint_put(out, colour, AU_PAINT_BOLD, au_json_get_str(target, "verdict"));
	au_str_putc(out, '\n');
}

/* A source in which nobody was found. */
static void
put_looked(const json_t *looked, bool colour, struct au_str *out)
{
	const char *state = au_json_get_str(looked, "state"), *trouble = au_json_get_str(looked, "trouble");
	const json_t *text;
	size_t index;

	au_str_put(out, "  ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(looked, "source"));
	au_str_put(out, ": ");
	au_paint_put(out, colour, au_view_paint(state), state);
	au_str_printf(out, ", %lld people\n", au_json_get_int(looked, "people"));
	put_time(out, "    ", "read completely", au_json_get_int(looked, "read_ms"));
	if (trouble != NULL)
		put_field(out, "    ", "trouble", json_object_get(looked, "trouble"));
	json_array_foreach (json_object_get(looked, "texts"), index, text) {
		au_str_put(out, "    ");
		au_paint_put(out, false, AU_PAINT_NONE, json_string_value(text));
		au_str_putc(out, '\n');
	}
}

void
au_view_explain(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *item;
	size_t index;

	if (json_object_get(json, "looked") != NULL) {
		au_paint_put(out, colour, AU_PAINT_BOLD, au_json_get_str(json, "verdict"));
		au_str_put(out, "\nlooked at:\n");
		json_array_foreach (json_object_get(json, "looked"), index, item)
			put_looked(item, colour, out);
		return;
	}
	au_view_person(json_object_get(json, "user"), colour, out);
	json_array_foreach (json_object_get(json, "entries"), index, item)
		au_view_entry(item, out);
	json_array_foreach (json_object_get(json, "targets"), index, item)
		put_explained(out, item, colour);
}
