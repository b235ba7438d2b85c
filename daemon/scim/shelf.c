/* SPDX-License-Identifier: ISC */
/*
 * A log in segments: the last one is written to, the first one is taken back when there is no room for more, and where
 * a segment of the log lies in the file says a table.  So nothing is overwritten that can still be found.
 */
#include "scim/shelf.h"

#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "scim/places.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LEFT_PART 10u          /* so small a part of the disk is left to others, */
#define LEFT_MOST (1ull << 30) /* but no more than so many bytes */
#define SEGMENTS_LEAST 8u

struct au_shelf {
	int fd;
	struct au_places *places;
	size_t segment;      /* bytes */
	uint32_t *lies;      /* segment of the log, modulo most -> segment of the file */
	uint32_t most, room; /* segments: at most, and for now */
	uint32_t extent;     /* segments of the file that were written to */
	uint64_t first, end; /* segments of the log, which lie in as many of the file from its beginning */
	size_t filled;       /* of the last one */
	char *scratch;       /* what was read last */
	size_t scratch_size;
	unsigned char hash_key[crypto_shorthash_KEYBYTES];
};

/* ---- the file ---- */

/* Some file systems know no file without a name, so there it has one for a moment. */
static int
open_named(const char *folder)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/cache-XXXXXX", folder);
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd >= 0)
		unlink(path);
	return fd;
}

static int
open_file(const char *folder, struct au_err *err)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, S_IRUSR | S_IWUSR);

	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		fd = open_named(folder);
	if (fd < 0)
		return au_fail(err, AU_EIO, "folder '%s': %s", folder, strerror(errno));
	return fd;
}

/* How large a segment is: a small shelf has some, too. */
static size_t
segment_of(unsigned long long most)
{
	size_t segment = AU_SHELF_SEGMENT;

	while (segment > AU_SHELF_UNIT && segment > most / SEGMENTS_LEAST)
		segment /= 2;
	return segment;
}

int
au_shelf_open(const char *folder, unsigned long long most, struct au_shelf **ret, struct au_err *err)
{
	int fd = open_file(folder, err);
	struct au_shelf *shelf;

	if (fd < 0)
		return fd;
	shelf = au_xcalloc(1, sizeof *shelf);
	shelf->fd = fd;
	shelf->places = au_places_new();
	shelf->segment = segment_of(most);
	shelf->most = most / shelf->segment < UINT32_MAX ? (uint32_t)(most / shelf->segment) : UINT32_MAX;
	shelf->most = shelf->most > 0 ? shelf->most : 1;
	shelf->lies = au_xcalloc(shelf->most, sizeof *shelf->lies);
	shelf->room = shelf->most;
	shelf->first = shelf->end = 1; /* a place in the log is never 0 */
	au_rand_bytes(shelf->hash_key, sizeof shelf->hash_key);
	*ret = shelf;
	return 0;
}

void
au_shelf_free(struct au_shelf *shelf)
{
	if (shelf == NULL)
		return;
	close(shelf->fd);
	au_places_free(shelf->places);
	free(shelf->lies);
	free(shelf->scratch);
	free(shelf);
}

void
au_shelf_resize(struct au_shelf *shelf, unsigned long long room)
{
	unsigned long long segments = room / shelf->segment;

	shelf->room = segments < shelf->most ? (uint32_t)segments : shelf->most;
	shelf->room = shelf->room > 0 ? shelf->room : 1;
}

unsigned long long
au_shelf_room(const struct au_shelf *shelf)
{
	return (unsigned long long)shelf->room * shelf->segment;
}

bool
au_shelf_is_full(const struct au_shelf *shelf)
{
	return shelf->end - shelf->first >= shelf->room;
}

/* ---- the log ---- */

static off_t
offset_of(const struct au_shelf *shelf, uint64_t at)
{
	return (off_t)shelf->lies[at / shelf->segment % shelf->most] * (off_t)shelf->segment +
	       (off_t)(at % shelf->segment);
}

/* Whether others have as much of the disk as is left to them, divided by so much: the store may be one of them. */
static bool
is_enough_left(const struct au_shelf *shelf, unsigned divisor)
{
	struct statvfs fs;
	unsigned long long part;

	if (fstatvfs(shelf->fd, &fs) != 0 || fs.f_blocks == 0)
		return true;
	part = (unsigned long long)fs.f_blocks * fs.f_frsize / LEFT_PART;
	return (unsigned long long)fs.f_bavail * fs.f_frsize >= (part < LEFT_MOST ? part : LEFT_MOST) / divisor;
}

static bool
may_grow(const struct au_shelf *shelf)
{
	return !au_shelf_is_full(shelf) && (shelf->end - shelf->first < shelf->extent || is_enough_left(shelf, 1));
}

/* What lies in the first segment is gone; where that lies in the file. */
static uint32_t
take_back(struct au_shelf *shelf)
{
	uint32_t lies = shelf->lies[shelf->first % shelf->most];

	shelf->first++;
	au_places_begin(shelf->places, shelf->first * shelf->segment);
	return lies;
}

/* Begin a segment. */
static int
turn(struct au_shelf *shelf, struct au_err *err)
{
	uint32_t lies;

	if (may_grow(shelf))
		lies = (uint32_t)(shelf->end - shelf->first);
	else if (shelf->first < shelf->end)
		lies = take_back(shelf);
	else
		return au_fail(err, AU_EIO, "too little room on the disk");
	if (lies >= shelf->extent)
		shelf->extent = lies + 1;
	shelf->lies[shelf->end++ % shelf->most] = lies;
	shelf->filled = 0;
	return 0;
}

/* Where so many bytes may be written. */
static int
place_for(struct au_shelf *shelf, size_t size, uint64_t *ret, struct au_err *err)
{
	size_t rounded = (size + AU_SHELF_UNIT - 1) / AU_SHELF_UNIT * AU_SHELF_UNIT;
	int rc = 0;

	if (rounded > shelf->segment)
		return au_fail(err, AU_ELIMIT, "too large");
	if (shelf->first == shelf->end || shelf->segment - shelf->filled < rounded)
		rc = turn(shelf, err);
	if (rc != 0)
		return rc;
	*ret = (shelf->end - 1) * shelf->segment + shelf->filled;
	shelf->filled += rounded;
	return 0;
}

/* ---- things ---- */

static uint64_t
hash_of(const struct au_shelf *shelf, const char *key)
{
	uint64_t hash;

	_Static_assert(crypto_shorthash_BYTES == sizeof hash, "size of the hash");
	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key, strlen(key), shelf->hash_key);
	return hash;
}

static bool
read_at(struct au_shelf *shelf, const struct au_place *place)
{
	if (place->size > shelf->scratch_size) {
		shelf->scratch = au_xrealloc(shelf->scratch, place->size, 1);
		shelf->scratch_size = place->size;
	}
	return pread(shelf->fd, shelf->scratch, place->size, offset_of(shelf, place->at)) == (ssize_t)place->size;
}

bool
au_shelf_get(struct au_shelf *shelf, const char *key, const char **ret, size_t *ret_len)
{
	size_t key_size = strlen(key) + 1;
	uint64_t hash = hash_of(shelf, key);
	const struct au_place *place = au_places_find(shelf->places, hash, NULL);

	/* the key is in front of what lies there, so another's with the same hash is not taken for it */
	for (; place != NULL; place = au_places_find(shelf->places, hash, place))
		if (place->size >= key_size && read_at(shelf, place) && memcmp(shelf->scratch, key, key_size) == 0) {
			*ret = shelf->scratch + key_size;
			*ret_len = place->size - key_size;
			return true;
		}
	return false;
}

int
au_shelf_put(struct au_shelf *shelf, const char *key, const struct iovec *parts, size_t part_count, struct au_err *err)
{
	struct iovec all[AU_SHELF_PARTS + 1] = { { .iov_base = (char *)key, .iov_len = strlen(key) + 1 } };
	uint64_t hash = hash_of(shelf, key), at = 0;
	size_t size = all[0].iov_len;
	ssize_t written;
	int rc;

	if (part_count > AU_SHELF_PARTS)
		return au_fail(err, AU_EBUG, "shelf: too many parts");
	for (size_t i = 0; i < part_count; i++) {
		all[i + 1] = parts[i];
		size += parts[i].iov_len;
	}
	au_places_remove(shelf->places, hash);
	rc = place_for(shelf, size, &at, err);
	if (rc != 0)
		return rc;
	written = pwritev(shelf->fd, all, (int)part_count + 1, offset_of(shelf, at));
	if (written != (ssize_t)size)
		return au_fail(err, AU_EIO, "%s", written < 0 ? strerror(errno) : "the disk is full");
	au_places_add(shelf->places, hash, at, (uint32_t)size);
	return 0;
}

void
au_shelf_remove(struct au_shelf *shelf, const char *key)
{
	au_places_remove(shelf->places, hash_of(shelf, key));
}

void
au_shelf_clear(struct au_shelf *shelf)
{
	au_places_clear(shelf->places);
	shelf->first = shelf->end;
	au_places_begin(shelf->places, shelf->first * shelf->segment);
	shelf->filled = 0;
}

unsigned long long
au_shelf_size(const struct au_shelf *shelf)
{
	return (unsigned long long)shelf->extent * shelf->segment;
}

bool
au_shelf_yield(struct au_shelf *shelf)
{
	if (shelf->extent == 0 || is_enough_left(shelf, 2) || ftruncate(shelf->fd, 0) != 0)
		return false;
	au_shelf_clear(shelf);
	shelf->extent = 0;
	return true;
}
