/* SPDX-License-Identifier: ISC */
/* A plugin's table for people. */
#ifndef TARGETD_SHOW_H
#define TARGETD_SHOW_H

#include "base/str.h"

#include <apiuserd/target.h>

/* Append product, capabilities, limits, password policy, options, rights, pools and rules. */
void au_show_table(const struct au_target *table, struct au_str *out);

#endif
