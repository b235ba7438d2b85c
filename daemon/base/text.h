/* SPDX-License-Identifier: ISC */
/* Unicode: validity, NFC and case folding, all by libunistring. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/mem.h"

#include <stdbool.h>

/* Whether text is well-formed UTF-8 without U+0000. */
bool au_text_is_utf8(const char *text, size_t len);
/* Number of code points of valid UTF-8. */
size_t au_text_length(const char *text);
/* Whether valid UTF-8 can name somebody: it has a character that is no blank, and no control character, which no name
 * of RFC 8265 holds. */
bool au_text_is_name(const char *text);
/* NFC of the case-folded text: the form in which names and addresses are compared (RFC 7644 section 5 by way of
 * RFC 8265 UsernameCaseMapped: width map, fold, NFC).  In the arena.  Invalid UTF-8 is returned as it is. */
char *au_text_fold(struct au_arena *arena, const char *text);
/* NFC only. */
char *au_text_nfc(struct au_arena *arena, const char *text);
/* The text as directories compare it without regard to case (RFC 4518 section 2): mapped, folded, NFKC, blanks
 * squeezed.  In the arena.  Invalid UTF-8 is returned as it is. */
char *au_text_case_ignore(struct au_arena *arena, const char *text);
/* Bytes at the start of text that are whole characters of accept; both valid UTF-8. */
size_t au_text_span(const char *text, const char *accept);

#endif
