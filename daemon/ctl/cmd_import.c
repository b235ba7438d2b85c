/* SPDX-License-Identifier: ISC */
/* `import`: what a product shows that nobody but a person can ask. */
#include "base/io.h"
#include "base/mem.h"
#include "base/text.h"
#include "ctl/command.h"
#include "ctl/paint.h"
#include "ctl/value.h"

#include <string.h>

#define FILE_MAX (1024 << 20) /* bytes; the daemon has a limit of its own */

static void
view_import(const json_t *json, bool colour, struct au_str *out)
{
	char when[AU_WHEN_SIZE];
	long long missing = au_json_get_int(json, "missing"), buried = au_json_get_int(json, "buried");
	long long contradicted = au_json_get_int(json, "contradicted");

	(void)colour;
	au_value_count(out, au_json_get_int(json, "rows"), "account", "s");
	au_str_put(out, " in '");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "target"));
	au_str_printf(out, "', as attested for %s%s.\n", au_value_time(au_json_get_int(json, "at_ms"), when),
	    au_json_get_bool(json, "partial", false) ? ", a part of them" : "");
	au_str_printf(out, "Ours: %lld, changed by others: %lld, not ours: %lld.\n", au_json_get_int(json, "ours"),
	    au_json_get_int(json, "changed"), au_json_get_int(json, "strangers"));
	if (missing > 0)
		au_str_printf(out, "Missing: %lld of ours are not there any more.\n", missing);
	if (buried > 0)
		au_str_printf(
		    out, "Shown still although deleted: %lld, which the list may be too old to know.\n", buried);
	au_str_printf(out, "Work orders verified: %lld.\n", au_json_get_int(json, "verified"));
	if (contradicted > 0)
		au_str_printf(out,
		    "Work orders that were said to be done and are not: %lld; see 'apiuserctl work list "
		    "--state failed'.\n",
		    contradicted);
}

static int
read_file(const char *path, json_t *body, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *text = NULL;
	size_t len = 0;

	if (au_io_read(path, FILE_MAX, &text, &len, err) < 0)
		return err->code;
	if (memchr(text, '\0', len) != NULL || !au_text_is_utf8(text, len))
		return au_fail(err, AU_EINVAL, "'%s': expected UTF-8 text", path);
	json_object_set_new(body, "csv", json_stringn(text, len));
	return 0;
}

static int
read_time(const char *text, json_t *body, struct au_err *err)
{
	int64_t at_ms;

	if (text == NULL)
		return 0;
	if (au_when_parse(text, &at_ms, NULL) < 0)
		return au_fail(err, AU_EINVAL, "--at '%s': expected a time such as 2026-12-24T06:00:00Z", text);
	au_json_set_int(body, "at_ms", at_ms);
	return 0;
}

static enum au_exit
run_import(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/targets/%s/import", ctl->args[0]);
	struct au_err err = { 0 };

	if (read_file(ctl->args[1], body, &err) < 0 || read_time(au_ctl_value(ctl, "at"), body, &err) < 0)
		return au_ctl_fail(&err);
	if (au_ctl_value(ctl, "partial") != NULL)
		json_object_set_new(body, "partial", json_true());
	if (au_ctl_value(ctl, "all") != NULL)
		json_object_set_new(body, "all", json_true());
	return au_ctl_say(ctl, path, body, view_import);
}

static const struct au_ctl_option import_options[] = {
	{ "at", "TIME", "When the list was taken, such as 2026-12-24T06:00:00Z; now without it." },
	{ "partial", NULL, "The list shows some accounts only: who is not on it may be there." },
	{ "all", NULL, "Believe the list although many accounts are not on it any more." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_import = {
	.name = "import",
	.args = "TARGET FILE",
	.min_args = 2,
	.max_args = 2,
	.summary = "Attest by a list of comma-separated values what a product without an API holds",
	.options = import_options,
	.run = run_import,
};
