/* SPDX-License-Identifier: ISC */
/* profile-doc: print what each profile does, as part of apiuserd-scim(7), for `make update-docs`. */
#include "base/mem.h"
#include "base/str.h"
#include "scim/profile.h"

#include <stdio.h>

static void
put_switches(struct au_str *out)
{
	au_str_put(out, ".Bl -tag -width Ds\n");
	for (const struct au_quirk_row *row = au_quirk_rows; row->name != NULL; row++)
		au_str_printf(out, ".It Cm %s%s\n%s\nWithout it: %s\n", row->name,
		    row->detected ? "" : " No (only of a configured profile)", row->on, row->off);
	au_str_put(out, ".El\n");
}

/* "word a, b, c", for the switches in the set; nothing for an empty one. */
static void
put_names(struct au_str *out, const char *word, unsigned quirks)
{
	const char *before = word;

	for (const struct au_quirk_row *row = au_quirk_rows; row->name != NULL; row++) {
		if ((quirks & row->quirk) == 0)
			continue;
		au_str_printf(out, "%s\n.Cm %s", before, row->name);
		before = " ,";
	}
}

/* The first row says what it has, the others how they differ from it. */
static void
put_profile(struct au_str *out, const struct au_profile *profile)
{
	unsigned usual = au_profile_auto()->quirks;
	size_t before;

	au_str_printf(out, ".It Cm %s No (%s)\n%s", profile->name, profile->provider, profile->text);
	before = out->len;
	if (profile == au_profile_auto()) {
		put_names(out, "\nIts switches:", usual);
	} else {
		put_names(out, "\nLike auto, with", profile->quirks & ~usual);
		put_names(out, out->len > before ? " ,\nwithout" : "\nLike auto, without", usual & ~profile->quirks);
		if (out->len == before)
			au_str_put(out, "\nLike\n.Cm auto");
	}
	au_str_put(out, " .\n");
}

static void
put_profiles(struct au_str *out)
{
	au_str_put(out, ".Bl -tag -width Ds\n");
	for (const struct au_profile *profile = au_profiles; profile->name != NULL; profile++)
		put_profile(out, profile);
	au_str_put(out, ".El\n");
}

int
main(void)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	au_str_put(&out, ".Pp\nThe switches:\n");
	put_switches(&out);
	au_str_put(&out, ".Pp\nThe profiles:\n");
	put_profiles(&out);
	return fputs(au_str_get(&out), stdout) == EOF || fflush(stdout) == EOF;
}
