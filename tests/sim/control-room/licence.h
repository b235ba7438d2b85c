/* SPDX-License-Identifier: ISC */
/* Device licences: which features exist, how many were bought, how many users hold one. */
#ifndef CONTROL_ROOM_LICENCE_H
#define CONTROL_ROOM_LICENCE_H

#include "option.h"

#include <jansson.h>

#define LICENCE_KINDS 16

struct licence {
	const char *feature;
	bool enabled;
	long bought, used;
	long elsewhere; /* used by other Control Rooms of the same licence */
};

struct licence_table {
	struct licence rows[LICENCE_KINDS];
	size_t count;
};

/* Features of the profile, then what --licence says.  Exits with a message when that names an unknown feature. */
void licence_table_start(struct licence_table *table, const struct options *options);
/* Change one row: COUNT, COUNT/ELSEWHERE or "off".  False when there is no such feature or the value is no number. */
bool licence_set(struct licence_table *table, const char *feature, const char *value);

/* Features as bits. */
bool licence_bit(const struct licence_table *table, const char *feature, unsigned *ret_bit);
json_t *licence_names(const struct licence_table *table, unsigned bits);
/* First feature of `more` that cannot be handed out to one more user, or NULL. */
const char *licence_missing(const struct licence_table *table, unsigned more);
void licence_count(struct licence_table *table, unsigned before, unsigned after);

/* The two shapes in which the product lists them. */
json_t *licence_view_aae11(const struct licence_table *table);
json_t *licence_view_a360(const struct licence_table *table);

#endif
