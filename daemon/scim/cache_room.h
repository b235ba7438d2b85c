/* SPDX-License-Identifier: ISC */
/* How the cache grows with the store, and gives way to it on the disk. */
#ifndef SCIM_CACHE_ROOM_H
#define SCIM_CACHE_ROOM_H

struct au_scim;

/* Have the resources counted, and the cache resized for as many (au_cache_resize). */
void au_cache_grow(struct au_scim *scim);
/* Look at the disk now and then (au_cache_yield), until it is stopped. */
void au_cache_room_start(struct au_scim *scim);
void au_cache_room_stop(struct au_scim *scim);

#endif
