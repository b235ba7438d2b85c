/* SPDX-License-Identifier: ISC */
/* The list of backends.  Another database is one more row here and its own files. */
#include "store/backend.h"

#include "base/mem.h"
#include "base/str.h"

static const struct au_backend *const backends[] = {
	&au_backend_sqlite,
};

const struct au_backend *
au_backend_at(size_t index)
{
	return index < AU_COUNT(backends) ? backends[index] : NULL;
}

const struct au_backend *
au_backend_find(const char *name)
{
	for (size_t i = 0; i < AU_COUNT(backends); i++)
		if (au_streq(backends[i]->name, name))
			return backends[i];
	return NULL;
}
