/* SPDX-License-Identifier: ISC */
/* By a page of one: some services take a count of 0 for no count at all. */
#include "sourced/pull_count.h"

#include "base/mem.h"
#include "sourced/pulled.h"
#include "sourced/web_fault.h"

static void
on_answer(void *ctx, const struct au_web_answer *answer)
{
	const struct au_pull_count *count = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_pulled_page page;
	struct au_fault fault;
	struct au_err err = { 0 };

	if (!au_web_json("count", answer, &json, &fault))
		count->failed(count->ctx, &fault, answer->retry_after_ms);
	else if (au_pulled_page(json, false, &page, &err) < 0)
		count->failed(count->ctx, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s", err.text), 0);
	else
		count->counted(count->ctx, page.total);
}

void
au_pull_count_ask(const struct au_pull_count *count)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s?startIndex=1&count=1", count->type_path);

	au_remote_get(count->remote, path, NULL, on_answer, (void *)(uintptr_t)count);
}
