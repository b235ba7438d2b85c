/* SPDX-License-Identifier: ISC */
/* The descriptors are kept for the life of the process: a reload may name a socket again that one before left out. */
#include "http/activation.h"

#include "base/mem.h"

#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

struct au_http_activation {
	char **names; /* as systemd gave them, NULL-terminated */
	size_t count; /* of sockets, from SD_LISTEN_FDS_START on */
};

int
au_http_activation_new(struct au_http_activation **ret, struct au_err *err)
{
	char **names = NULL;
	int count = sd_listen_fds_with_names(1, &names);

	if (count < 0)
		return au_fail(err, AU_EIO, "sockets from systemd: %s", strerror(-count));
	*ret = au_xcalloc(1, sizeof(**ret));
	(*ret)->names = names;
	(*ret)->count = (size_t)count;
	return 0;
}

void
au_http_activation_free(struct au_http_activation *activation)
{
	size_t i;

	if (activation == NULL)
		return;
	for (i = 0; i < activation->count; i++) {
		close(SD_LISTEN_FDS_START + (int)i);
		free(activation->names[i]);
	}
	free(activation->names);
	free(activation);
}

int
au_http_activation_next(const struct au_http_activation *activation, const char *name, size_t *cursor)
{
	while (activation != NULL && *cursor < activation->count) {
		size_t at = (*cursor)++;

		if (strcmp(activation->names[at], name) == 0)
			return SD_LISTEN_FDS_START + (int)at;
	}
	return -1;
}

const char *
au_http_activation_name(const struct au_http_activation *activation, size_t index)
{
	return activation != NULL && index < activation->count ? activation->names[index] : NULL;
}
