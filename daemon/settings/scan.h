/* SPDX-License-Identifier: ISC */
/* What libconfig lets pass in silence: whole numbers that do not fit, and NUL bytes in text. */
#ifndef SETTINGS_SCAN_H
#define SETTINGS_SCAN_H

#include "base/err.h"

/*
 * Look through the text of a configuration file.  AU_EINVAL with "FILE:LINE: ..." for a number beyond 32 bits
 * without an L behind it, one beyond 64 bits, and "\x00" within quotes.  Syntax errors are not its business.
 */
int au_scan_text(const char *file, const char *text, struct au_err *err);

#endif
