/* SPDX-License-Identifier: ISC */
/* One row per status that means something particular; the others by their first digit. */
#include "sourced/web_fault.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>

#define DEPTH 16
#define SAID_MOST 120

static const struct row {
	int from, to;
	enum au_fault_kind kind;
	bool fail_over;
	const char *advice;
} rows[] = {
	{ 401, 401, AU_FAULT_LOGIN, false, "the token is refused (option token, or token_url and what goes with it)" },
	{ 403, 403, AU_FAULT_SETUP, false, "the token may not read this" },
	{ 404, 404, AU_FAULT_SETUP, true, "no SCIM service is there (option url)" },
	{ 408, 408, AU_FAULT_REACH, true, "the service was too slow" },
	{ 429, 429, AU_FAULT_REACH, false, "the service wants fewer requests (options max_rate, poll_interval)" },
	{ 300, 399, AU_FAULT_SETUP, false, "redirects are not followed (option url)" },
	{ 400, 499, AU_FAULT_SETUP, false, "the service refuses the request" },
	{ 500, 599, AU_FAULT_REACH, true, "the service has a fault of its own" },
	{ 0, 999, AU_FAULT_PARTIAL, false, "a status that means nothing here" },
};

void
au_web_put_said(struct au_str *out, const struct au_web_answer *answer, const json_t *json, const char *member)
{
	const char *said = au_json_get_str(json, member);

	if (au_str_empty(said))
		return;
	for (size_t i = 0; i < AU_COUNT(answer->secrets); i++)
		if (answer->secrets[i] != NULL && strstr(said, answer->secrets[i]) != NULL)
			return;
	au_str_put(out, ": ");
	au_str_visible(out, said, strnlen(said, SAID_MOST));
}

struct au_fault *
au_fault_from_web(struct au_fault *fault, const char *doing, const struct au_web_answer *answer)
{
	AU_CLEANUP(au_str_done) struct au_str detail = AU_STR_INIT;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	const struct row *row = rows;

	if (answer->status == 0) {
		au_fault_set(fault, answer->kind, "%s: %s", doing, answer->why);
		fault->fail_over = answer->fail_over;
		return fault;
	}
	while (answer->status < row->from || answer->status > row->to)
		row++;
	if (au_json_parse(answer->body, answer->len, DEPTH, &json, NULL) == 0)
		au_web_put_said(&detail, answer, json, "detail");
	au_fault_set(fault, row->kind, "%s: status %d, %s%s", doing, answer->status, row->advice, au_str_get(&detail));
	fault->code = answer->status;
	fault->fail_over = row->fail_over;
	return fault;
}

bool
au_web_json(const char *doing, const struct au_web_answer *answer, json_t **ret, struct au_fault *fault)
{
	struct au_err err = { 0 };

	if (answer->status != 200) {
		au_fault_from_web(fault, doing, answer);
		return false;
	}
	if (au_json_parse(answer->body, answer->len, DEPTH, ret, &err) < 0) {
		au_fault_set(fault, AU_FAULT_PARTIAL, "%s: the answer is not JSON: %.200s", doing, err.text);
		return false;
	}
	return true;
}
