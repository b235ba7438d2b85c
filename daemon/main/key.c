/* SPDX-License-Identifier: ISC */
/* The master key: from its configured place, or made once in the state folder where only the daemon can read it. */
#include "main/app.h"

#include "base/io.h"
#include "base/log.h"
#include "base/rand.h"

#include <sys/stat.h>
#include <unistd.h>

#define KEY_BYTES 32

static int
make_key(const char *path, struct au_err *err)
{
	unsigned char key[KEY_BYTES];
	char text[2 * KEY_BYTES + 1];
	int rc;

	au_rand_bytes(key, sizeof key);
	au_hex(key, sizeof key, text);
	rc = au_io_replace(path, 0600, text, sizeof text - 1, err);
	au_wipe(key, sizeof key);
	au_wipe(text, sizeof text);
	if (rc == 0)
		au_log(AU_LOG_NOTICE, NULL, "made a master key in %s; back it up apart from the store", path);
	return rc;
}

int
au_app_master_key(const struct au_settings *settings, struct au_secret **ret, struct au_err *err)
{
	const char *place = au_values_str(settings->daemon, "master_key");
	AU_CLEANUP(au_freep) char *path = NULL;
	AU_CLEANUP(au_freep) char *own = NULL;

	if (!place) {
		path = au_xasprintf("%s/master.key", au_values_str(settings->daemon, "state_dir"));
		if (access(path, F_OK) != 0) {
			int rc = make_key(path, err);
			if (rc < 0)
				return rc;
		}
		place = own = au_xasprintf("file:%s", path);
	}
	return au_io_secret(place, ret, err);
}
