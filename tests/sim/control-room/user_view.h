/* SPDX-License-Identifier: ISC */
/* A user as JSON: as the product lists it, as it shows one, and as the state file keeps it. */
#ifndef CONTROL_ROOM_USER_VIEW_H
#define CONTROL_ROOM_USER_VIEW_H

#include "licence.h"
#include "listing.h"
#include "user.h"

struct room;

json_t *user_view_listed(const struct room *room, const struct user *user);
json_t *user_view_whole(const struct room *room, const struct user *user);

json_t *user_record(const struct user *user, const struct licence_table *licences);
struct user *user_restore(const json_t *record, const struct licence_table *licences); /* NULL: damaged */

/* What a list may be filtered and sorted by; ends with a NULL name. */
extern const struct column user_columns[];
extern const struct column role_columns[];

#endif
