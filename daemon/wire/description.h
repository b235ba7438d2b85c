/* SPDX-License-Identifier: ISC */
/* What a plugin says of itself, asked of apiuserd-target. */
#ifndef WIRE_DESCRIPTION_H
#define WIRE_DESCRIPTION_H

#include "model/describe.h"

/*
 * Run "HELPER --describe --json PATH" and read its answer into the arena; blocking.
 * AU_EINVAL with the helper's own words when it refuses the plugin; AU_ETEMP when it takes longer than ten seconds;
 * AU_ELIMIT, AU_EPROTO when it does not print a table; AU_EIO when it cannot be run.
 */
int au_description_ask(
    struct au_arena *arena, const char *helper, const char *path, const struct au_describe **ret, struct au_err *err);
/*
 * The same of a plugin as a configuration names it: helper_dir and plugin_dir come from the daemon block, ctx is not
 * used (an au_describe_fn of the settings).  AU_EINVAL for a name that is none, too.
 */
int au_description_of(void *ctx, const struct au_values *daemon, struct au_arena *arena, const char *plugin,
    const struct au_describe **ret, struct au_err *err);

#endif
