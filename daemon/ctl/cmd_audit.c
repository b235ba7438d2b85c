/* SPDX-License-Identifier: ISC */
/* `audit list`, `audit show`, `audit verify`, `audit export`: the chain of who changed what. */
#include "base/csv.h"
#include "base/io.h"
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/value.h"
#include "ctl/verdict.h"
#include "ctl/view.h"
#include "model/audit_anchor.h"

#include <string.h>

#define ANCHORS_MAX (64L << 20)
#define ANCHORS_SENT 500
#define EXPORT_PAGE "1000"

/* ---- which rows ---- */

static const char *const filters[] = { "object", "actor", "verb", "target", "user", "since", "until" };

#define FILTER_OPTIONS                                                                                                 \
	{ "user", "USER", "Only rows about this API user, its entries and its accounts." },                            \
	    { "target", "NAME", "Only rows about this target and the accounts in it." },                               \
	    { "actor", "NAME",                                                                                         \
		"Only what this one did, such as uid:0 or scim:okta, or all of a kind, such as uid." },                \
	    { "verb", "WORD", "Only deeds of this name, such as step.done, or of this kind, such as step." },          \
	    { "object", "ID", "Only rows about this account, client, source or other thing." },                        \
	    { "since", "TIME", "Only rows from then on, such as 2026-12-24T06:00:00Z, or 7d ago." },                   \
	{                                                                                                              \
		"until", "TIME", "Only rows from before then, in the same ways."                                       \
	}

static char *
filtered_path(const struct au_ctl *ctl, const char *path)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	au_str_put(&out, path);
	for (size_t i = 0; i < AU_COUNT(filters); i++) {
		const char *value = au_ctl_value(ctl, filters[i]);
		AU_CLEANUP(au_freep) char *encoded = value != NULL ? au_client_path("%s", value) : NULL;
		if (encoded != NULL)
			au_str_printf(&out, "&%s=%s", filters[i], encoded);
	}
	return au_xstrdup(au_str_get(&out));
}

/* ---- list, show ---- */

static enum au_exit
run_list(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	const char *limit = au_ctl_value(ctl, "limit");
	AU_CLEANUP(au_freep) char *begin = au_client_path("/v1/audit?limit=%s", limit != NULL ? limit : "50");
	AU_CLEANUP(au_freep) char *path = filtered_path(ctl, begin);
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_audit, AU_EXIT_SYNC);
}

static enum au_exit
run_show(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/audit/%s", ctl->args[0]);
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_audit_row, AU_EXIT_SYNC);
}

/* ---- verify ---- */

static void
add_anchor(json_t *anchors, const char *line)
{
	struct au_audit_anchor found;
	json_t *anchor;

	if (!au_audit_anchor_find(line, &found))
		return;
	anchor = json_object();
	au_json_set_int(anchor, "seq", found.seq);
	au_json_set_str(anchor, "mac", found.mac);
	json_array_append_new(anchors, anchor);
	/* the newest vouches for what was before it; some more tell from where on it is not so */
	if (json_array_size(anchors) > ANCHORS_SENT)
		json_array_remove(anchors, 0);
}

static int
read_anchors(const char *path, json_t *body, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *text = NULL;
	json_t *anchors = json_array();
	size_t len = 0;

	json_object_set_new(body, "anchors", anchors);
	if (au_io_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, ANCHORS_MAX, &text, &len, err) < 0)
		return err->code;
	for (char *line = text, *end; line < text + len; line = end + 1) {
		end = memchr(line, '\n', (size_t)(text + len - line));
		if (end == NULL)
			end = text + len;
		*end = '\0';
		add_anchor(anchors, line);
	}
	if (json_array_size(anchors) == 0)
		return au_fail(err, AU_EINVAL, "'%s': no line says \"audit: row NUMBER has MAC ...\"", path);
	return 0;
}

static enum au_exit
run_verify(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	const char *path = au_ctl_value(ctl, "anchors");
	struct au_err err = { 0 };

	if (path != NULL && read_anchors(path, body, &err) < 0)
		return au_ctl_fail(&err);
	if (au_client_call(ctl->client, "POST", "/v1/audit/verify", body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_audit_verdict, au_verdict_audit(json));
}

/* ---- export ---- */

static void
put_csv(struct au_str *out, const json_t *row)
{
	AU_CLEANUP(au_freep) char *seq = au_xasprintf("%lld", au_json_get_int(row, "seq"));
	const json_t *detail = json_object_get(row, "detail");
	AU_CLEANUP(au_freep) char *text = detail != NULL ? au_json_text(detail) : NULL;
	char when[AU_WHEN_SIZE];
	const char *const fields[] = { seq, au_when_format(au_json_get_int(row, "at_ms"), when),
		au_json_get_str(row, "actor"), au_json_get_str(row, "verb"), au_json_get_str(row, "object"), text,
		au_json_get_str(row, "mac") };

	au_csv_put(out, fields, AU_COUNT(fields));
}

static void
put_json(struct au_str *out, const json_t *row)
{
	AU_CLEANUP(au_freep) char *text = au_json_text(row);

	au_str_put(out, text);
	au_str_putc(out, '\n');
}

/* One page of rows, oldest first; *ret_after goes on behind it. */
static enum au_exit
print_page(struct au_ctl *ctl, bool csv, long long *after, bool *ret_more)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	AU_CLEANUP(au_freep) char *begin = au_xasprintf("/v1/audit?limit=" EXPORT_PAGE "&after=%lld", *after);
	AU_CLEANUP(au_freep) char *path = filtered_path(ctl, begin);
	struct au_err err = { 0 };
	const json_t *row;
	size_t index;

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	json_array_foreach (json_object_get(json, "rows"), index, row)
		(csv ? put_csv : put_json)(&out, row);
	*ret_more = json_object_get(json, "through") != NULL;
	*after = au_json_get_int(json, "through");
	return au_ctl_print(au_str_get(&out), out.len, AU_EXIT_SYNC);
}

static enum au_exit
run_export(struct au_ctl *ctl)
{
	static const char *const header[] = { "row", "when", "who", "did", "to", "detail", "mac" };
	const char *format = au_ctl_value(ctl, "format");
	bool csv = au_streq(format, "csv"), more = true;
	enum au_exit code = AU_EXIT_SYNC;
	long long after = 0;

	if (format != NULL && !csv && !au_streq(format, "json")) {
		struct au_err err = { 0 };
		au_fail(&err, AU_EINVAL, "--format '%s': expected csv or json", format);
		return au_ctl_fail(&err);
	}
	if (csv) {
		AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
		au_csv_put(&out, header, AU_COUNT(header));
		code = au_ctl_print(au_str_get(&out), out.len, AU_EXIT_SYNC);
	}
	while (more && code == AU_EXIT_SYNC)
		code = print_page(ctl, csv, &after, &more);
	return code;
}

/* ---- the commands ---- */

static const struct au_ctl_option list_options[] = {
	FILTER_OPTIONS,
	{ "limit", "NUMBER", "At most so many, the newest; 50 without it." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option verify_options[] = {
	{ "anchors", "FILE", "Hold the chain to what was logged of it too; - reads standard input." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option export_options[] = {
	FILTER_OPTIONS,
	{ "format", "FORMAT", "Print json, one row a line, or csv; json without it." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_audit_list = {
	.name = "audit list",
	.args = "",
	.summary = "List who changed what, newest first",
	.options = list_options,
	.run = run_list,
};

const struct au_command au_command_audit_show = {
	.name = "audit show",
	.args = "ROW",
	.min_args = 1,
	.max_args = 1,
	.summary = "Show one row of the audit chain",
	.run = run_show,
};

const struct au_command au_command_audit_verify = {
	.name = "audit verify",
	.args = "",
	.summary = "Check the whole audit chain, and name the first row that does not belong",
	.options = verify_options,
	.run = run_verify,
};

const struct au_command au_command_audit_export = {
	.name = "audit export",
	.args = "",
	.summary = "Print audit rows for other programs, oldest first",
	.options = export_options,
	.run = run_export,
};
