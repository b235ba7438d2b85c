/* SPDX-License-Identifier: ISC */
/* A source's options as its process is told them. */
#ifndef SOURCE_OPTIONS_H
#define SOURCE_OPTIONS_H

#include "settings/settings.h"

/* The options by value, without secrets.  Caller owns the result. */
json_t *au_source_options(const struct au_values *values);

#endif
