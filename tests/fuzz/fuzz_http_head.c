/* SPDX-License-Identifier: ISC */
/*
 * Request heads: an accepted one has the texts that it promises, a length or chunks but never both, and means the same
 * when it is written anew from what was understood: nothing of it is read in two ways.
 */
#include "tests/fuzz/fuzz.h"

#include "base/mem.h"
#include "base/str.h"
#include "http/head.h"

#include <string.h>

#define FIELDS 32

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

static void
check_again(const struct au_http_head *head)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	struct au_http_field fields[FIELDS];
	struct au_http_head again;

	au_str_printf(&text, "%s %s HTTP/1.%d\r\n", head->method, head->target, head->minor);
	for (size_t i = 0; i < head->field_count; i++)
		au_str_printf(&text, "%s:%s\r\n", head->fields[i].name, head->fields[i].value);
	au_str_put(&text, "\r\n");
	HOLDS(au_http_head_parse(text.data, text.len, fields, FIELDS, &again, NULL) == 0);
	HOLDS(au_streq(again.method, head->method) && au_streq(again.target, head->target));
	HOLDS(au_streq(again.host, head->host) && again.minor == head->minor);
	HOLDS(again.content_length == head->content_length && again.chunked == head->chunked);
	HOLDS(again.keep_alive == head->keep_alive && again.expect_continue == head->expect_continue);
	HOLDS(again.field_count == head->field_count);
	for (size_t i = 0; i < head->field_count; i++)
		HOLDS(au_streq(again.fields[i].name, head->fields[i].name) &&
		      au_streq(again.fields[i].value, head->fields[i].value));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1); /* malloc(0) may be NULL */
	struct au_http_field fields[FIELDS];
	struct au_http_head head;

	HOLDS(copy != NULL);
	memcpy(copy, data, size);
	if (au_http_head_parse(copy, size, fields, FIELDS, &head, NULL) == 0) {
		check_head(&head);
		/* an absolute target is another way to say the same: it would not come back */
		if (head.authority == NULL)
			check_again(&head);
	}
	free(copy);
	return 0;
}
