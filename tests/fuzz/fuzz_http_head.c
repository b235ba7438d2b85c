/* SPDX-License-Identifier: ISC */
/* Request heads: an accepted one has the texts that it promises, and a length or chunks but never both. */
#include "tests/fuzz/fuzz.h"

#include "base/str.h"
#include "http/head.h"

#include <string.h>

static void
check_head(const struct au_http_head *head)
{
	HOLDS(head->method != NULL && *head->method != '\0');
	HOLDS(head->target != NULL && *head->target == '/');
	HOLDS(strpbrk(head->target, " \t\r\n#") == NULL);
	HOLDS(head->authority == NULL || head->host == NULL || au_strcaseeq(head->authority, head->host));
	HOLDS(head->minor == 0 || head->minor == 1);
	HOLDS(!(head->chunked && head->content_length >= 0));
	for (size_t i = 0; i < head->field_count; i++) {
		HOLDS(*head->fields[i].name != '\0');
		HOLDS(strpbrk(head->fields[i].name, " \t\r\n:") == NULL);
		HOLDS(strpbrk(head->fields[i].value, "\r\n") == NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1); /* malloc(0) may be NULL */
	struct au_http_field fields[32];
	struct au_http_head head;

	HOLDS(copy != NULL);
	memcpy(copy, data, size);
	if (au_http_head_parse(copy, size, fields, sizeof fields / sizeof fields[0], &head, NULL) == 0)
		check_head(&head);
	free(copy);
	return 0;
}
