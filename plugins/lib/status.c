/* SPDX-License-Identifier: ISC */
/* What HTTP statuses mean for an account, in one table. */
#include "lib/http.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>

static const struct {
	int from, to;
	int code;
} meanings[] = {
	{ 200, 299, AU_OK },
	{ 300, 399, AU_EPROTO }, /* never followed: a product's API does not move */
	{ 400, 400, AU_EINVAL },
	{ 401, 401, AU_EAUTH },
	{ 403, 403, AU_EPERM },
	{ 404, 404, AU_ENOENT },
	{ 408, 408, AU_ETEMP },
	{ 409, 409, AU_EEXIST },
	{ 410, 410, AU_ENOENT },
	{ 413, 414, AU_EINVAL },
	{ 422, 422, AU_EINVAL },
	{ 423, 423, AU_ETEMP },
	{ 425, 425, AU_ETEMP },
	{ 429, 429, AU_EBUSY },
	{ 500, 599, AU_ETEMP },
};

/* Members in which products say what went wrong. */
static const char *const words[] = { "message", "details", "errorMessage", "detail", "requestId" };

static int
code_of(int status)
{
	for (size_t i = 0; i < AU_COUNT(meanings); i++) {
		if (status >= meanings[i].from && status <= meanings[i].to)
			return meanings[i].code;
	}
	return AU_EPROTO;
}

int
au_http_judge(const struct au_http_answer *answer, const char *what, struct au_err *err)
{
	int code = code_of(answer->status);
	struct au_str said = AU_STR_INIT;

	if (code == AU_OK)
		return 0;
	for (size_t i = 0; i < AU_COUNT(words); i++) {
		const char *text = json_is_object(answer->json) ? au_json_get_str(answer->json, words[i]) : NULL;

		if (au_str_empty(text))
			continue;
		au_str_put(&said, said.len == 0 ? ": " : "; ");
		au_str_visible(&said, text, strnlen(text, 300));
	}
	au_fail(err, code, "%s: status %d%s", what, answer->status, au_str_get(&said));
	au_str_done(&said);
	if (err != NULL) {
		err->http_status = answer->status;
		err->retry_after_s = answer->retry_after_s;
	}
	return code;
}
