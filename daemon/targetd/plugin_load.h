/* SPDX-License-Identifier: ISC */
/* A plugin's shared object: found, loaded, checked, and its table copied to the host's own shape. */
#ifndef TARGETD_PLUGIN_LOAD_H
#define TARGETD_PLUGIN_LOAD_H

#include "base/err.h"

struct au_plugin {
	char *path;
	void *handle;
	/* The plugin's table; members that a smaller, older table lacks are NULL or zero. */
	struct au_target table;
};

/*
 * Load the shared object at an absolute path and check what it says of itself (plugin_vet.h).
 * AU_EINVAL: no regular file, writable by everybody, not loadable, no table, another ABI, a table that is not honest.
 */
int au_plugin_load(const char *path, struct au_plugin **ret, struct au_err *err);
void au_plugin_free(struct au_plugin *plugin); /* NULL is fine; unloads */

#endif
