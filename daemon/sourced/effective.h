/* SPDX-License-Identifier: ISC */
/* The options that decide what is read, as they are in effect: what no option says the kind of server says. */
#ifndef SOURCED_EFFECTIVE_H
#define SOURCED_EFFECTIVE_H

#include "sourced/vendor.h"

/* Text is the config's and the vendor's; lists are left as they are. */
struct au_source_config au_effective(const struct au_source_config *config, const struct au_vendor *vendor);
/* For people: an object of options and values, lists with commas between.  Caller owns it. */
json_t *au_effective_to_json(const struct au_source_config *config, const struct au_vendor *vendor);

#endif
