/* SPDX-License-Identifier: ISC */
/* Units in which the rows of options give their ranges. */
#ifndef SETTINGS_UNIT_H
#define SETTINGS_UNIT_H

#define SECOND 1000LL
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

#define KIB 1024LL
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

#define TEXT_MAX 4096 /* no path, address or filter is longer */

#endif
