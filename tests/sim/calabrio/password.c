/* SPDX-License-Identifier: ISC */
/* The tenant's password policy (CA-R14) and the rules of the log-in page (CA-R15). */
#include "../common/text.h"
#include "tenant.h"

#include <ctype.h>
#include <string.h>

#define SIGNS "!#$%&(),./:;=?@^`|"
#define DAY_MS (86400 * 1000LL)

static bool
has(const char *password, int (*is)(int))
{
	for (; *password != '\0'; password++) {
		if (is((unsigned char)*password))
			return true;
	}
	return false;
}

static bool
holds(const struct person *person, const char *password, const char *member)
{
	const char *word = json_string_value(json_object_get(person->body, member));

	return word != NULL && word[0] != '\0' && strcasestr(password, word) != NULL;
}

static bool
is_reused(const struct tenant *tenant, const struct person *person, const char *password)
{
	for (long i = 0; i < tenant->options.password_history; i++) {
		if (person->earlier[i].set && digest_matches(&person->earlier[i], password))
			return true;
	}
	return false;
}

const char *
password_problem(const struct tenant *tenant, const struct person *person, const char *password)
{
	if (text_length(password) < (size_t)tenant->options.password_min)
		return "the password is too short";
	if (!has(password, isupper) || !has(password, islower) || !has(password, isdigit) ||
	    strpbrk(password, SIGNS) == NULL)
		return "the password lacks a class of characters";
	if (holds(person, password, "firstName") || holds(person, password, "lastName") ||
	    holds(person, password, "email"))
		return "the password holds the name or the e-mail address";
	if (is_reused(tenant, person, password))
		return "the password was used before";
	return NULL;
}

void
password_set(struct tenant *tenant, struct person *person, const char *password)
{
	memmove(&person->earlier[1], &person->earlier[0], (HISTORY_MAX - 1) * sizeof(person->earlier[0]));
	digest_set(&person->earlier[0], password);
	person->password = person->earlier[0];
	person->password_set = tenant_now(tenant);
	if (tenant->passwords != NULL) {
		fprintf(tenant->passwords, "%s\n", password);
		fflush(tenant->passwords);
	}
}

/* IAM's own page says that passwords do not expire there. */
bool
password_is_over(const struct tenant *tenant, const struct person *person)
{
	return !tenant->options.iam && tenant->options.password_days > 0 &&
	       tenant_now(tenant) - person->password_set >= tenant->options.password_days * DAY_MS;
}
