/* SPDX-License-Identifier: ISC */
/* On which terms a session is with a server: what kind it is, and how its changes are heard of. */
#ifndef SOURCED_TERMS_H
#define SOURCED_TERMS_H

#include "base/str.h"
#include "sourced/vendor.h"

/* Zeroed in the beginning. */
struct au_terms {
	const struct au_vendor *vendor;
	const struct au_way *way;     /* NULL: the directory is polled */
	const struct au_way *refused; /* by this server, a moment ago; NULL = none */
};

/* A server is reached that says this of itself. */
void au_terms_agree(struct au_terms *terms, const struct au_source_config *config, const struct au_root *root);
/* A session ended by this fault: what the server refused is not asked of it again at once.  True when that was all. */
bool au_terms_retreat(struct au_terms *terms, const struct au_fault *fault);
/* For people; all but what covers the connection.  Text is the config's, the rows' and that of product, which is
 * appended to. */
struct au_source_server au_terms_server(const struct au_terms *terms, const struct au_source_config *config,
    const struct au_root *root, const char *url, struct au_str *product);
/* Why it is followed in that way, or not at all. */
const char *au_terms_way_why(const struct au_terms *terms, const struct au_source_config *config);

#endif
