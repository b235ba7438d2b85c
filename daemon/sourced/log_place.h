/* SPDX-License-Identifier: ISC */
/*
 * Where to begin in OpenLDAP's log of changes so that everything comes that happened behind what we know.  Its records
 * bear the change sequence numbers of the directory itself, so that a cookie of the directory is one of the log, too.
 */
#ifndef SOURCED_LOG_PLACE_H
#define SOURCED_LOG_PLACE_H

#include "sourced/csn.h"

#include <stddef.h>

enum au_log_cover {
	AU_LOG_CURRENT = 1, /* the log has nothing that we do not know */
	AU_LOG_SINCE,       /* nothing is missing if the log still has a record that is no newer than `since` */
	AU_LOG_GAP,         /* what happened between what we know and this place cannot be told from the log */
};

struct au_log_place {
	char *cookie; /* caller frees */
	enum au_log_cover cover;
	char since[AU_CSN_SIZE]; /* AU_LOG_SINCE */
};

/*
 * known: a cookie of the directory or of the log; NULL: we know nothing.  contexts: the log's contextCSN, one or more
 * numbers; without any there is no cookie, and the log is read from its beginning.
 */
void au_log_place_find(const char *known, const char *const *contexts, size_t count, struct au_log_place *ret);

#endif
