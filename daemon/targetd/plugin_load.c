/* SPDX-License-Identifier: ISC */
/*
 * A plugin is code that runs with the target's password, so the file is looked
 * at before it is loaded, and its table before it is believed.
 */
#include "targetd/plugin_load.h"

#include "base/mem.h"
#include "base/str.h"
#include "targetd/plugin_vet.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>

/* What dlerror() complains of most, and what a person can do about it. */
static const struct {
	const char *in_text;
	const char *hint;
} hints[] = {
	{ "undefined symbol", "the plugin needs a library that it is not linked with; 'ldd -r' names it" },
	{ "cannot open shared object file", "a library that the plugin needs is missing; 'ldd' names it" },
	{ "invalid ELF header", "this is not a shared object" },
	{ "file too short", "this is not a shared object" },
	{ "wrong ELF class", "the plugin was built for another machine" },
};

static const char *
hint_for(const char *text)
{
	for (size_t i = 0; i < AU_COUNT(hints); i++) {
		if (strstr(text, hints[i].in_text) != NULL)
			return hints[i].hint;
	}
	return NULL;
}

static int
check_file(const char *path, struct au_err *err)
{
	struct stat st;

	if (path[0] != '/')
		return au_fail(err, AU_EINVAL, "plugin '%s': expected an absolute path", path);
	if (lstat(path, &st) != 0)
		return au_fail(err, AU_EINVAL, "plugin '%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return au_fail(err, AU_EINVAL, "plugin '%s': expected a regular file", path);
	if ((st.st_mode & S_IWOTH) != 0)
		return au_fail(err, AU_EINVAL, "plugin '%s': everybody may write to it", path);
	return 0;
}

static int
fail_dl(const char *path, struct au_err *err)
{
	const char *text = dlerror();
	const char *hint;

	if (text == NULL)
		text = "unknown reason";
	hint = hint_for(text);
	return au_fail(err, AU_EINVAL, "plugin '%s' cannot be loaded: %s%s%s%s", path, text, hint != NULL ? " (" : "",
	    hint != NULL ? hint : "", hint != NULL ? ")" : "");
}

/* The size that the linker recorded for the table; 0 when it recorded none. */
static size_t
symbol_size(const void *symbol)
{
	Dl_info info;
	const ElfW(Sym) *entry = NULL;

	if (dladdr1(symbol, &info, (void **)&entry, RTLD_DL_SYMENT) == 0 || entry == NULL)
		return 0;
	return entry->st_size;
}

/*
 * Copy what the plugin has of the table.  ABI equal means that the members both sides know mean the same; size tells
 * how many of them there are.
 */
static int
copy_table(const char *path, const struct au_target *found, struct au_target *ret, struct au_err *err)
{
	size_t room = symbol_size(found);

	if (room != 0 && room < offsetof(struct au_target, name))
		return au_fail(err, AU_EINVAL, "plugin '%s': 'apiuserd_target' is no table", path);
	if (found->abi != AU_TARGET_ABI)
		return au_fail(err, AU_EINVAL, "plugin '%s' speaks interface version %u, expected %u: rebuild it", path,
		    (unsigned)found->abi, AU_TARGET_ABI);
	if (found->size < offsetof(struct au_target, list))
		return au_fail(err, AU_EINVAL, "plugin '%s': its table is %u bytes, expected at least %zu", path,
		    (unsigned)found->size, offsetof(struct au_target, list));
	if (room != 0 && found->size > room)
		return au_fail(err, AU_EINVAL, "plugin '%s': its table claims %u bytes and has %zu", path,
		    (unsigned)found->size, room);
	memset(ret, 0, sizeof(*ret));
	memcpy(ret, found, found->size < sizeof(*ret) ? found->size : sizeof(*ret));
	return 0;
}

int
au_plugin_load(const char *path, struct au_plugin **ret, struct au_err *err)
{
	const struct au_target *found;
	struct au_plugin *plugin;
	void *handle;
	int r;

	if ((r = check_file(path, err)) != 0)
		return r;
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL)
		return fail_dl(path, err);
	plugin = au_xcalloc(1, sizeof(*plugin));
	plugin->path = au_xstrdup(path);
	plugin->handle = handle;
	found = dlsym(handle, "apiuserd_target");
	if (found == NULL)
		r = au_fail(err, AU_EINVAL, "plugin '%s' has no symbol 'apiuserd_target'", path);
	else
		r = copy_table(path, found, &plugin->table, err);
	if (r == 0 && (r = au_plugin_vet(&plugin->table, path, err)) != 0)
		r = au_err_prefix(err, r, "plugin '%s'", path);
	if (r != 0) {
		au_plugin_free(plugin);
		return r;
	}
	*ret = plugin;
	return 0;
}

void
au_plugin_free(struct au_plugin *plugin)
{
	if (plugin == NULL)
		return;
	dlclose(plugin->handle);
	free(plugin->path);
	free(plugin);
}
