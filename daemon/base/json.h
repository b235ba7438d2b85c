/* SPDX-License-Identifier: ISC */
/*
 * JSON by jansson, with what jansson leaves open closed: duplicate member names
 * refused, own caps on size and depth, and typed getters that name the path.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/err.h"
#include "base/mem.h"

#include <jansson.h>

#define AU_JSON_DEPTH 16 /* default depth cap for input from outside */

/* Parse len bytes.  AU_ELIMIT beyond max_depth, AU_EINVAL otherwise.  Caller owns the result. */
int au_json_parse(const char *data, size_t len, int max_depth, json_t **ret, struct au_err *err);
/* Compact, members sorted by name: equal values give equal text.  Caller frees with free(). */
char *au_json_canonical(const json_t *value);
/* Compact, members in insertion order.  Caller frees with free(). */
char *au_json_text(const json_t *value);
void au_json_decrefp(json_t **value);
/* Hand one reference of value to the arena; returns value. */
json_t *au_json_in_arena(struct au_arena *arena, json_t *value);

/* Member getters.  Absent or null gives the default; a wrong type gives AU_EINVAL naming the member. */
int au_json_str(const json_t *obj, const char *name, const char *dflt, const char **ret, struct au_err *err);
int au_json_int(const json_t *obj, const char *name, long long dflt, long long *ret, struct au_err *err);
int au_json_bool(const json_t *obj, const char *name, int dflt, int *ret, struct au_err *err);
/* Lenient getters for messages of our own processes: default on absence or wrong type. */
const char *au_json_get_str(const json_t *obj, const char *name);            /* NULL */
long long au_json_get_int(const json_t *obj, const char *name);              /* 0 */
int au_json_get_bool(const json_t *obj, const char *name, int dflt);
/*
 * Overwrite every text inside value that would be freed with it: what others still refer to is left alone.
 * For messages that carried a secret, right before the last json_decref.
 */
void au_json_wipe(json_t *value);
/* Set a member from text unless text is NULL; bytes that are not UTF-8 become U+FFFD. */
void au_json_set_str(json_t *obj, const char *name, const char *text);
void au_json_set_int(json_t *obj, const char *name, long long number);
/*
 * The text members of a struct, as rows of member name and offset, ended by { NULL, 0 }: put leaves out NULLs, take
 * sets absent ones to NULL (AU_EINVAL names a member of a wrong type).  Text taken points into obj.
 */
struct au_json_text {
	const char *name;
	size_t offset;
};
void au_json_put_texts(json_t *obj, const struct au_json_text *rows, const void *from);
int au_json_take_texts(const json_t *obj, const struct au_json_text *rows, void *to, struct au_err *err);
/* A NULL-terminated list of texts as an array (NULL gives an empty one), and back into the arena: absence gives NULL.
 * AU_EINVAL when it is not an array of texts. */
json_t *au_json_words(const char *const *words);
int au_json_words_parse(struct au_arena *arena, const json_t *array, const char *const **ret, struct au_err *err);

#endif
