/* SPDX-License-Identifier: ISC */
/* A source that reads nothing and remembers what it was told. */
#include "tests/control/fake_source.h"

struct au_source {
	const char *name;
	unsigned resyncs;
	bool is_paused;
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

bool
fake_source_is_paused(const struct au_source *source)
{
	return source->is_paused;
}

void
au_source_pause(struct au_source *source)
{
	source->is_paused = true;
}

void
au_source_resume(struct au_source *source)
{
	source->is_paused = false;
}

bool
au_source_server(const struct au_source *source, struct au_source_server *ret)
{
	(void)source;
	*ret = (struct au_source_server){
		.url = "ldap://one", .vendor = "openldap", .product = "", .cover = "TLSv1.3", .way = "sync"
	};
	return true;
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
