/* SPDX-License-Identifier: ISC */
/* Small helpers on text, memory and times that every file here needs. */
#ifndef SIM_COMMON_TEXT_H
#define SIM_COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

void *need(void *memory);          /* abort when memory is NULL */
char *text_copy(const char *text); /* NULL gives "" */
void text_set(char **place, const char *text);
char *text_fold(const char *text);    /* ASCII lower case: how names are compared */
size_t text_length(const char *text); /* code points of UTF-8 */
/* First line of a small file; exits with a message when it cannot be read or is empty. */
char *text_from_file(const char *path);

#define TIME_SIZE 32
const char *time_format(long long wall_ms, char buffer[TIME_SIZE]); /* 2026-11-24T10:00:00.123Z */
bool time_parse(const char *text, long long *ret_wall_ms);

#endif
