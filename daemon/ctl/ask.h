/* SPDX-License-Identifier: ISC */
/*
 * What only a person can say: a secret, from the terminal or a file descriptor, never from an argument or the
 * environment; and yes or no.
 */
#ifndef CTL_ASK_H
#define CTL_ASK_H

#include "base/err.h"
#include "base/secret.h"

/* Typed at the terminal without being shown, twice the same.  AU_EINVAL: not the same, empty, or too long; AU_EPERM:
 * there is no terminal, or the person gave up. */
int au_ask_secret(const char *what, struct au_secret **ret, struct au_err *err);
/* All that a file descriptor holds, without one final line end.  AU_EINVAL, AU_EIO */
int au_ask_secret_fd(const char *number, struct au_secret **ret, struct au_err *err);

/* One line after the question: whether it says "y" or "yes", in any case; anything else, and the end, is no.  AU_EIO */
int au_ask_yes(int in, int out, const char *question, bool *ret, struct au_err *err);

#endif
