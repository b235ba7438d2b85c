/* SPDX-License-Identifier: ISC */
/*
 * Replays a committed corpus through a fuzz target, for `make check` and for machines without libFuzzer.  The folder is
 * corpus/NAME for the program fuzz_NAME; finding nothing to replay is a failure.
 */
#include "tests/fuzz/fuzz.h"

#include "base/io.h"
#include "base/mem.h"

#include <dirent.h>
#include <string.h>

static void
replay(const char *path)
{
	struct au_err err = { .code = 0 };
	char *data;
	size_t len;

	if (au_io_read(path, 1 << 20, &data, &len, &err) != 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	LLVMFuzzerTestOneInput((const uint8_t *)data, len);
	free(data);
}

static unsigned
replay_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	unsigned count = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", folder, entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		replay(path);
		count++;
	}
	if (dir != NULL)
		closedir(dir);
	return count;
}

int
main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	const char *name = strrchr(argv[0], '/');
	AU_CLEANUP(au_freep) char *folder = NULL;
	unsigned count;

	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			replay(argv[i]);
		return 0;
	}
	name = name != NULL ? name + 1 : argv[0];
	if (strncmp(name, "lt-", 3) == 0)
		name += 3;
	folder = au_xasprintf("%s/tests/fuzz/corpus/%s", top != NULL ? top : ".", name + strlen("fuzz_"));
	count = replay_folder(folder);
	printf("%s: %u inputs\n", folder, count);
	return count > 0 ? 0 : 1;
}
