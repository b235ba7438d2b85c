/* SPDX-License-Identifier: ISC */
/* What nobody who reads a directory by libldap can do without: loops that only count. */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include "tests/bench/directory.h"

struct bare {
	double seconds, cpu; /* cpu: of the loop alone */
	size_t entries;
};

/* Read all people and the group, in a process of its own: its memory is not the daemon's. */
struct bare bare_read(const struct directory *directory);
/* Make changes of the group while it is followed (RFC 4533); ms[i]: from the answer to a change until it was pushed. */
void bare_follow(const struct directory *directory, size_t changes, double *ms);

#endif
