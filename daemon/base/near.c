/* SPDX-License-Identifier: ISC */
/* By Levenshtein's distance, in bytes. */
#include "base/near.h"

#include "base/json.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define LENGTH_MOST 128
#define NAMES_MOST 3

/* Too long names are far from everything. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[LENGTH_MOST + 1], a_len = strlen(a), b_len = strlen(b);

	if (a_len > LENGTH_MOST || b_len > LENGTH_MOST)
		return SIZE_MAX;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			bool differ = tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]);
			size_t best = diagonal + differ;
			diagonal = row[j];
			best = row[j] + 1 < best ? row[j] + 1 : best;
			row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
		}
	}
	return row[b_len];
}

void
au_near_put(struct au_str *out, const char *name, const char *const *names)
{
	size_t found = 0, len = strlen(name), enough = len < 5 ? 1 : len < 12 ? 2 : 3;

	for (size_t far = 0; far <= enough; far++)
		for (const char *const *other = names; *other && found < NAMES_MOST; other++)
			if (distance(name, *other) == far)
				au_str_printf(out, "%s'%s'", found++ > 0 ? ", " : "; did you mean ", *other);
	if (found > 0)
		au_str_putc(out, '?');
}

void
au_near_put_among(struct au_str *out, const char *name, const json_t *items, const char *member)
{
	AU_CLEANUP(au_freep) const char **names = au_xcalloc(json_array_size(items) + 1, sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(items); i++) {
		names[count] = au_json_get_str(json_array_get(items, i), member);
		count += names[count] != NULL;
	}
	au_near_put(out, name, names);
}
