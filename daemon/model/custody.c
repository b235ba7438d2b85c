/* SPDX-License-Identifier: ISC */
/* What is never confirmed is not taken for lost: only what left our hands unseen has to be. */
#include "model/custody.h"

const char *
au_origin_name(enum au_origin origin)
{
	static const char *const names[] = {
		[AU_ORIGIN_UNKNOWN] = "unknown",
		[AU_ORIGIN_OURS] = "ours",
		[AU_ORIGIN_PRODUCT] = "product",
		[AU_ORIGIN_MAILED] = "mailed",
	};

	return (size_t)origin < AU_COUNT(names) ? names[origin] : names[AU_ORIGIN_UNKNOWN];
}

bool
au_custody_is_open(const struct au_custody *custody)
{
	return custody->confirmed_ms == 0 && (custody->origin == AU_ORIGIN_MAILED || custody->former != NULL);
}
