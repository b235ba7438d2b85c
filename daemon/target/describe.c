/* SPDX-License-Identifier: ISC */
/* The daemon never loads a plugin: where its options say that one lies, the helper is asked about it. */
#include "target/target.h"

#include "base/mem.h"
#include "target/plugin_path.h"
#include "wire/description.h"

int
au_target_describe(void *ctx, const struct au_values *daemon, struct au_arena *arena, const char *plugin,
    const struct au_describe **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *helper = au_xasprintf("%s/apiuserd-target", au_values_str(daemon, "helper_dir"));
	AU_CLEANUP(au_freep) char *path = NULL;
	int r = au_plugin_path(au_values_str(daemon, "plugin_dir"), plugin, &path, err);

	(void)ctx;
	return r == 0 ? au_description_ask(arena, helper, path, ret, err) : r;
}
