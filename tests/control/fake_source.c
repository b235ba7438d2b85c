/* SPDX-License-Identifier: ISC */
/* A source that reads nothing and counts how often it is told to read anew. */
#include "tests/control/fake_source.h"

struct au_source {
	const char *name;
	unsigned resyncs;
};

struct au_source *
fake_source(void)
{
	static struct au_source source;

	source = (struct au_source){ .name = "corp" };
	return &source;
}

unsigned
fake_source_resyncs(const struct au_source *source)
{
	return source->resyncs;
}

void
au_source_resync(struct au_source *source)
{
	source->resyncs++;
}

pid_t
au_source_pid(const struct au_source *source)
{
	(void)source;
	return 4242;
}

const char *
au_source_name(const struct au_source *source)
{
	return source->name;
}
