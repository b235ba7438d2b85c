/* SPDX-License-Identifier: ISC */
/*
 * Bytes under keys, in a file without a name, which is gone with the process however that ends.  The oldest make room
 * for new ones.  The kernel keeps in memory what there is memory for; of ours is only where each thing lies.
 */
#ifndef SCIM_SHELF_H
#define SCIM_SHELF_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#define AU_SHELF_UNIT 512u          /* bytes: what lies there takes whole ones */
#define AU_SHELF_SEGMENT (1u << 20) /* bytes given and taken back at once; nothing is larger */
#define AU_SHELF_PARTS 4            /* that one thing is put together from */

struct au_shelf;

/* A file in the folder, for at most so many bytes and for now as many.  AU_EIO. */
int au_shelf_open(const char *folder, unsigned long long most, struct au_shelf **ret, struct au_err *err);
void au_shelf_free(struct au_shelf *shelf); /* NULL is fine */
/* So many bytes from now on, at most as many as at the opening; what is there stays. */
void au_shelf_resize(struct au_shelf *shelf, unsigned long long room);
unsigned long long au_shelf_room(const struct au_shelf *shelf); /* bytes */
/* Whether what is put there next may drive out others. */
bool au_shelf_is_full(const struct au_shelf *shelf);
/* Bytes on the disk. */
unsigned long long au_shelf_size(const struct au_shelf *shelf);
/* Give all of them back if the disk has so little room left that others may soon need them; whether that was so. */
bool au_shelf_yield(struct au_shelf *shelf);

/* What lies under the key; false when nothing does or it cannot be read.  Good until the shelf is used again. */
bool au_shelf_get(struct au_shelf *shelf, const char *key, const char **ret, size_t *ret_len);
/* In place of what was under the key.  AU_ELIMIT: too large; AU_EIO: no room on the disk, or it fails. */
int au_shelf_put(
    struct au_shelf *shelf, const char *key, const struct iovec *parts, size_t part_count, struct au_err *err);
void au_shelf_remove(struct au_shelf *shelf, const char *key);
void au_shelf_clear(struct au_shelf *shelf);

#endif
