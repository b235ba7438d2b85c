/* SPDX-License-Identifier: ISC */
/* How the cache grows with the store. */
#ifndef SCIM_CACHE_ROOM_H
#define SCIM_CACHE_ROOM_H

struct au_scim;

/* Have the resources counted, and the cache resized for as many (au_cache_resize). */
void au_cache_grow(struct au_scim *scim);

#endif
