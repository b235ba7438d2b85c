/* SPDX-License-Identifier: ISC */
/* A test server: out of memory and unreadable files end it at once, with a word about why. */
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void *
need(void *memory)
{
	if (memory == NULL) {
		fprintf(stderr, "%s: out of memory\n", program_invocation_short_name);
		abort();
	}
	return memory;
}

char *
text_copy(const char *text)
{
	return need(strdup(text != NULL ? text : ""));
}

void
text_set(char **place, const char *text)
{
	char *copy = text_copy(text);

	free(*place);
	*place = copy;
}

char *
text_fold(const char *text)
{
	char *folded = text_copy(text);

	for (char *p = folded; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	}
	return folded;
}

size_t
text_length(const char *text)
{
	size_t length = 0;

	for (; *text != '\0'; text++)
		length += ((unsigned char)*text & 0xc0) != 0x80;
	return length;
}

char *
text_from_file(const char *path)
{
	char line[4096];
	FILE *file = fopen(path, "re");

	if (file == NULL || fgets(line, sizeof(line), file) == NULL) {
		fprintf(stderr, "%s: cannot read a line from %s\n", program_invocation_short_name, path);
		exit(1);
	}
	fclose(file);
	line[strcspn(line, "\r\n")] = '\0';
	if (line[0] == '\0') {
		fprintf(stderr, "%s: %s is empty\n", program_invocation_short_name, path);
		exit(1);
	}
	return text_copy(line);
}

const char *
time_format(long long wall_ms, char buffer[TIME_SIZE])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;
	size_t used;

	gmtime_r(&seconds, &tm);
	used = strftime(buffer, TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buffer + used, TIME_SIZE - used, ".%03lldZ", wall_ms % 1000);
	return buffer;
}

bool
time_parse(const char *text, long long *ret_wall_ms)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	long milliseconds = 0;

	if (rest == NULL)
		return false;
	if (*rest == '.') {
		long unit = 100;

		for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
			milliseconds += (*rest - '0') * unit;
	}
	if (strcmp(rest, "Z") != 0)
		return false;
	*ret_wall_ms = (long long)timegm(&tm) * 1000 + milliseconds;
	return true;
}
