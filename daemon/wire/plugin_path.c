/* SPDX-License-Identifier: ISC */
/* A name that could leave the plugin folder is refused rather than cleaned. */
#include "wire/plugin_path.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>

#define NAME_SYMBOLS "abcdefghijklmnopqrstuvwxyz0123456789-"

int
au_plugin_path(const char *dir, const char *plugin, char **ret, struct au_err *err)
{
	if (!au_str_empty(plugin) && plugin[0] == '/') {
		*ret = au_xstrdup(plugin);
		return 0;
	}
	if (au_str_empty(plugin) || plugin[strspn(plugin, NAME_SYMBOLS)] != '\0')
		return au_fail(err, AU_EINVAL,
		    "plugin '%s': expected a name of letters, digits and '-', or an absolute path",
		    plugin != NULL ? plugin : "");
	*ret = au_xasprintf("%s/%s.so", dir, plugin);
	return 0;
}
