/* SPDX-License-Identifier: ISC */
/* Rules are tried in the order in which they came; each counts the requests that it matches. */
#include "fault.h"

#include "text.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = { "status", "delay", "drop", "drop-after-commit", "html", "truncate", "reset" };
#define KIND_COUNT (sizeof(kind_names) / sizeof(kind_names[0]))

static bool
read_kind(const char *name, enum fault_kind *ret)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (strcmp(kind_names[i], name) == 0) {
			*ret = (enum fault_kind)i;
			return true;
		}
	}
	return false;
}

static void
rule_free(struct fault *rule)
{
	free(rule->method);
	free(rule->path);
	free(rule);
}

static struct fault *
read_rule(const json_t *json)
{
	const char *method = NULL, *path = NULL, *kind = NULL;
	json_int_t nth = 1, count = 1, ms = 0, retry_after = -1;
	int status = 500, commit = 0;
	struct fault *rule;

	if (json_unpack((json_t *)json, "{s?{s?s, s?s, s?I !}, s:s, s?i, s?I, s?I, s?I, s?b !}", "match", "method",
		&method, "path", &path, "nth", &nth, "do", &kind, "status", &status, "ms", &ms, "count", &count,
		"retry_after", &retry_after, "commit", &commit) != 0)
		return NULL;
	rule = need(calloc(1, sizeof(*rule)));
	if (!read_kind(kind, &rule->kind) || nth < 1 || count < 0 || ms < 0 || status < 200 || status > 599) {
		rule_free(rule);
		return NULL;
	}
	rule->method = method != NULL ? text_copy(method) : NULL;
	rule->path = path != NULL ? text_copy(path) : NULL;
	rule->nth = nth;
	rule->count = count;
	rule->status = status;
	rule->ms = ms;
	rule->retry_after = retry_after;
	rule->commit = commit;
	return rule;
}

bool
fault_read(struct fault_list *list, const json_t *body, const char **ret_problem)
{
	const json_t *rules = json_object_get(body, "rules"), *item;
	struct fault_list fresh = { NULL };
	struct fault **last = &fresh.first, **end = &list->first;
	size_t index;

	if (!json_is_array(rules)) {
		*ret_problem = "expected {\"rules\": [...]}";
		return false;
	}
	json_array_foreach (rules, index, item) {
		*last = read_rule(item);
		if (*last == NULL) {
			fault_clear(&fresh);
			*ret_problem = "a rule has an unknown member, an unknown \"do\" or a wrong value";
			return false;
		}
		last = &(*last)->next;
	}
	while (*end != NULL)
		end = &(*end)->next;
	*end = fresh.first;
	return true;
}

static bool
matches(const struct fault *rule, const char *method, const char *path)
{
	return (rule->method == NULL || strcmp(rule->method, method) == 0) &&
	       (rule->path == NULL || fnmatch(rule->path, path, 0) == 0);
}

const struct fault *
fault_strike(struct fault_list *list, const char *method, const char *path)
{
	const struct fault *striking = NULL;

	for (struct fault *rule = list->first; rule != NULL; rule = rule->next) {
		if (!matches(rule, method, path))
			continue;
		rule->seen++;
		if (striking == NULL && rule->seen >= rule->nth && (rule->count == 0 || rule->struck < rule->count)) {
			rule->struck++;
			striking = rule;
		}
	}
	return striking;
}

json_t *
fault_view(const struct fault_list *list)
{
	json_t *array = json_array();

	for (const struct fault *rule = list->first; rule != NULL; rule = rule->next)
		json_array_append_new(array,
		    json_pack("{s:s*, s:s*, s:s, s:I, s:I}", "method", rule->method, "path", rule->path, "do",
			kind_names[rule->kind], "seen", (json_int_t)rule->seen, "struck", (json_int_t)rule->struck));
	return array;
}

void
fault_clear(struct fault_list *list)
{
	while (list->first != NULL) {
		struct fault *rule = list->first;

		list->first = rule->next;
		rule_free(rule);
	}
}
