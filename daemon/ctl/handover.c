/* SPDX-License-Identifier: ISC */
/* Nothing is asked for that could not be shown, since the daemon forgets what it hands over. */
#include "ctl/handover.h"

#include "base/secret.h"
#include "ctl/client.h"

#include <string.h>

static enum au_exit
print_secret(const struct au_ctl *ctl, const json_t *json, const char *name)
{
	const char *text = au_json_get_str(json, name);
	struct au_err err = { 0 };
	enum au_exit code;

	if (text == NULL) {
		au_fail(&err, AU_EPROTO, "the daemon's answer has no %s", name);
		return au_ctl_fail(&err);
	}
	if (ctl->json)
		return au_ctl_show(ctl, json, NULL, AU_EXIT_SYNC);
	code = au_ctl_print(text, strlen(text), AU_EXIT_SYNC);
	return code == AU_EXIT_SYNC && ctl->terminal ? au_ctl_print("\n", 1, code) : code;
}

enum au_exit
au_handover(struct au_ctl *ctl, const char *path, const json_t *body, const char *name)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };
	enum au_exit code;

	if (!ctl->terminal && au_ctl_value(ctl, "force") == NULL) {
		au_fail(&err, AU_EPERM,
		    "standard output is not a terminal; with --force the %s is printed all the same", name);
		return au_ctl_fail(&err);
	}
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	code = print_secret(ctl, json, name);
	au_json_wipe(json);
	return code;
}
