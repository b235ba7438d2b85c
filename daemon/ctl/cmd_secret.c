/* SPDX-License-Identifier: ISC */
/* `secret take`: the one hand-over of an account's secret. */
#include "ctl/command.h"
#include "ctl/handover.h"

static enum au_exit
run_take(struct au_ctl *ctl)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/users/%s/secrets/%s/take", ctl->args[0], ctl->args[1]);

	return au_handover(ctl, path, NULL, "secret");
}

static const struct au_ctl_option take_options[] = {
	{ "force", NULL, "Print the secret even when standard output is not a terminal." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_secret_take = {
	.name = "secret take",
	.args = "USER TARGET",
	.min_args = 2,
	.max_args = 2,
	.summary = "Print the secret of an account, this once; the daemon forgets it",
	.options = take_options,
	.run = run_take,
};
