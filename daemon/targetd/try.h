/* SPDX-License-Identifier: ISC */
/* apiuserd-target --try: one call against an instance, from the command line. */
#ifndef TARGETD_TRY_H
#define TARGETD_TRY_H

/*
 * argv after "--try": PLUGIN [--config FILE] [--json] [--secret-to FILE] [--timeout SECONDS] CALL [NAME=VALUE...].
 * Returns the exit status: 0 fine, 1 the call failed, 2 it could not be made from this command line.
 */
int au_try(int argc, char **argv);

/* Where this program lies, for starting it again.  Caller frees. */
char *au_own_program(void);
/* A path as people give it, as the loader wants it: whole.  Caller frees. */
char *au_whole_path(const char *path);

#endif
