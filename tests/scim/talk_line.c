/* SPDX-License-Identifier: ISC */
/* A table of what a line can be; requests are sent when the first line wants to know of the answer. */
#include "tests/scim/talk_line.h"

#include <ctype.h>
#include <regex.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#define SCIM_TYPE "Content-Type: application/scim+json\r\n"
#define PARALLEL_MAX 64
#define SHOWN_MAX 1500

__attribute__((format(printf, 2, 3), noreturn)) static void
fail_talk(const struct talk *talk, const char *fmt, ...)
{
	char text[2000];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	print_error("%s:%u: %s\n", talk->file, talk->line->number, text);
	if (talk->answer.head != NULL)
		print_error("what came: %.*s\n%.*s\n", (int)strcspn(talk->answer.head, "\r"), talk->answer.head,
		    SHOWN_MAX, talk->answer.text);
	fail();
	abort();
}

/* ---- text of lines ---- */

/* "7*text" many times, or what was kept under the name. */
static void
put_expansion(struct talk *talk, const char *inner, struct au_str *out)
{
	char *rest;
	unsigned long times = strtoul(inner, &rest, 10);
	const char *kept;

	if (rest != inner && *rest == '*') {
		while (times-- > 0)
			au_str_put(out, rest + 1);
		return;
	}
	if ((kept = au_map_get(talk->kept, inner)) == NULL)
		fail_talk(talk, "nothing was kept as '%s'", inner);
	au_str_put(out, kept);
}

/* The brace that closes it: those inside come in pairs. */
static const char *
end_of_expansion(const struct talk *talk, const char *inner)
{
	unsigned open = 1;

	for (; *inner != '\0'; inner++) {
		open += *inner == '{';
		open -= *inner == '}';
		if (open == 0)
			return inner;
	}
	fail_talk(talk, "an expansion does not end");
}

static const char *
expand(struct talk *talk, const char *text)
{
	struct au_str out = AU_STR_INIT;
	const char *copy, *dollar, *end;

	while ((dollar = strstr(text, "${")) != NULL) {
		au_str_putn(&out, text, (size_t)(dollar - text));
		end = end_of_expansion(talk, dollar + 2);
		put_expansion(talk, au_arena_strndup(talk->s->arena, dollar + 2, (size_t)(end - dollar) - 2), &out);
		text = end + 1;
	}
	au_str_put(&out, text);
	copy = au_arena_strdup(talk->s->arena, au_str_get(&out));
	au_str_done(&out);
	return copy;
}

/* Take a word off the text. */
static const char *
word_of(struct talk *talk, const char **text)
{
	const char *start = *text;
	size_t len = strcspn(start, " \n");

	*text = start + len + strspn(start + len, " ");
	return au_arena_strndup(talk->s->arena, start, len);
}

static const char *
url_of(struct talk *talk, const char *text)
{
	struct au_str out = AU_STR_INIT;
	const char *copy;

	for (; *text != '\0'; text++)
		if (isalnum((unsigned char)*text) || strchr("-._~/?&=%:@!$'()*+,;", *text) != NULL)
			au_str_putc(&out, *text);
		else
			au_str_printf(&out, "%%%02X", (unsigned char)*text);
	copy = au_arena_strdup(talk->s->arena, au_str_get(&out));
	au_str_done(&out);
	return copy;
}

static json_t *
json_of_line(struct talk *talk, const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

	if (value == NULL)
		fail_talk(talk, "the talk's own JSON is broken: %s: %s", error.text, text);
	return au_json_in_arena(talk->s->arena, value);
}

/* ---- requests ---- */

static int
send_request(struct talk *talk)
{
	struct au_str request = AU_STR_INIT;
	int fd;

	au_str_printf(&request, "%s %s HTTP/1.1\r\nHost: h.example\r\nConnection: close\r\n%s", talk->method,
	    talk->path, talk->fields);
	if (talk->client != NULL)
		au_str_printf(&request, "Authorization: Bearer %s\r\n",
		    au_secret_text(au_map_get(talk->s->tokens, talk->client)));
	if (talk->body != NULL && strcasestr(talk->fields, "Content-Type:") == NULL)
		au_str_put(&request, SCIM_TYPE);
	if (talk->body != NULL)
		au_str_printf(&request, "Content-Length: %zu\r\n", talk->body_len);
	au_str_put(&request, "\r\n");
	if (talk->body != NULL)
		au_str_putn(&request, talk->body, talk->body_len);
	fd = ask_bytes(talk->s, request.data, request.len);
	au_str_done(&request);
	return fd;
}

static void
want_answer(struct talk *talk)
{
	int fds[PARALLEL_MAX];

	if (talk->method == NULL)
		return;
	memset(talk->statuses, 0, sizeof talk->statuses);
	for (unsigned i = 0; i < talk->times; i++)
		fds[i] = send_request(talk);
	for (unsigned i = 0; i < talk->times; i++) {
		talk->answer = ask_end(talk->s, fds[i]);
		talk->statuses[talk->answer.status % 600]++;
	}
	talk->method = NULL;
}

static void
do_request(struct talk *talk, const char *method, const char *rest)
{
	const char *body = strchr(rest, '\n');

	want_answer(talk);
	talk->path = url_of(talk, body == NULL ? rest : au_arena_strndup(talk->s->arena, rest, (size_t)(body - rest)));
	talk->body = body == NULL ? NULL : body + 1;
	talk->body_len = body == NULL ? 0 : strlen(talk->body);
	talk->fields = "";
	talk->times = 1;
	talk->method = method;
}

static void
do_header(struct talk *talk, const char *rest)
{
	if (talk->method == NULL)
		fail_talk(talk, "a header without a request");
	talk->fields = au_arena_printf(talk->s->arena, "%s%s\r\n", talk->fields, rest);
}

static void
do_bytes(struct talk *talk, const char *rest)
{
	char *out = au_arena_strdup(talk->s->arena, rest);

	talk->body = out;
	talk->body_len = 0;
	while (*rest != '\0') {
		unsigned byte;

		if (sscanf(rest, "\\x%2x", &byte) == 1) {
			out[talk->body_len++] = (char)byte;
			rest += 4;
		} else {
			out[talk->body_len++] = *rest++;
		}
	}
}

static void
do_parallel(struct talk *talk, const char *rest)
{
	talk->times = (unsigned)strtoul(rest, NULL, 10);
	if (talk->method == NULL || talk->times < 2 || talk->times > PARALLEL_MAX)
		fail_talk(talk, "parallel wants a request, and a number from 2 to %d", PARALLEL_MAX);
}

static void
do_client(struct talk *talk, const char *rest)
{
	talk->client = strcmp(rest, "nobody") == 0 ? NULL : rest;
	if (talk->client != NULL && !au_map_has(talk->s->tokens, rest))
		fail_talk(talk, "there is no client '%s'", rest);
}

static void
do_let(struct talk *talk, const char *rest)
{
	const char *name = word_of(talk, &rest);

	au_map_put(talk->kept, name, (char *)rest);
}

/* ---- what came ---- */

static const json_t *
member_of(const json_t *value, const char *name)
{
	if (json_is_array(value))
		return json_array_get(value, strtoul(name, NULL, 10));
	return json_object_get(value, name);
}

/* RFC 6901 without its escapes; NULL when there is nothing. */
static const json_t *
value_at(struct talk *talk, const char *pointer)
{
	const json_t *value = talk->answer.body;

	while (value != NULL && *pointer == '/') {
		size_t len = strcspn(pointer + 1, "/");

		value = member_of(value, au_arena_strndup(talk->s->arena, pointer + 1, len));
		pointer += 1 + len;
	}
	return value;
}

/* The value by a JSON pointer, or else the header of that name, as text; NULL when there is none. */
static const char *
text_at(struct talk *talk, const char *where)
{
	const json_t *value;
	AU_CLEANUP(au_freep) char *printed = NULL;

	if (*where != '/')
		return field_of(talk->s, &talk->answer, where);
	value = value_at(talk, where);
	if (value == NULL || json_is_string(value))
		return json_string_value(value);
	printed = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	return au_arena_strdup(talk->s->arena, printed);
}

static void
do_status(struct talk *talk, const char *rest)
{
	const char *want = strchr(rest, '\n');
	char status[8];

	snprintf(status, sizeof status, "%d", talk->answer.status);
	if (strstr(au_arena_strndup(talk->s->arena, rest, strcspn(rest, "\n")), status) == NULL)
		fail_talk(talk, "status %s, not %.*s", status, (int)strcspn(rest, "\n"), rest);
	if (*talk->answer.text == '\0' && strcspn(rest, " ") < strcspn(rest, "\n"))
		return;
	if (want != NULL && !holds(talk->answer.body, json_of_line(talk, want + 1)))
		fail_talk(talk, "the answer does not hold %s", want + 1);
}

static void
do_lacks(struct talk *talk, const char *rest)
{
	if (strstr(talk->answer.text, rest) != NULL)
		fail_talk(talk, "the body has '%s'", rest);
}

static void
do_each(struct talk *talk, const char *rest)
{
	while (*rest != '\0') {
		const char *word = word_of(talk, &rest);
		unsigned status, times;

		if (sscanf(word, "%ux%u", &status, &times) != 2 || status >= 600)
			fail_talk(talk, "a word like 409x7 is wanted, not '%s'", word);
		if (talk->statuses[status] != times)
			fail_talk(talk, "status %u came %u times, not %u", status, talk->statuses[status], times);
	}
}

static void
do_keep(struct talk *talk, const char *rest)
{
	const char *name = word_of(talk, &rest);
	const char *text = text_at(talk, rest);

	if (text == NULL)
		fail_talk(talk, "nothing at %s", rest);
	au_map_put(talk->kept, name, (char *)text);
}

static bool
matches(struct talk *talk, const char *text, const char *pattern)
{
	regex_t regex;
	bool yes;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		fail_talk(talk, "no regular expression: %s", pattern);
	yes = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return yes;
}

static void
do_match(struct talk *talk, const char *rest)
{
	const char *where = word_of(talk, &rest);
	const char *text = text_at(talk, where);

	if (text == NULL || !matches(talk, text, rest))
		fail_talk(talk, "%s is %s, not like %s", where, text != NULL ? text : "not there", rest);
}

static void
do_no_match(struct talk *talk, const char *rest)
{
	const char *where = word_of(talk, &rest);
	const char *text = text_at(talk, where);

	if (text != NULL && matches(talk, text, rest))
		fail_talk(talk, "%s is %s, like %s", where, text, rest);
}

static bool
has_element(struct talk *talk, const char *rest)
{
	const json_t *list = value_at(talk, word_of(talk, &rest)), *want = json_of_line(talk, rest);

	for (size_t i = 0; i < json_array_size(list); i++)
		if (holds(json_array_get(list, i), want))
			return true;
	return false;
}

static void
do_has(struct talk *talk, const char *rest)
{
	if (!has_element(talk, rest))
		fail_talk(talk, "not there: %s", rest);
}

static void
do_has_not(struct talk *talk, const char *rest)
{
	if (has_element(talk, rest))
		fail_talk(talk, "there all the same: %s", rest);
}

static void
do_size(struct talk *talk, const char *rest)
{
	const char *where = word_of(talk, &rest);
	size_t size = json_array_size(value_at(talk, where));

	if (size != strtoul(rest, NULL, 10))
		fail_talk(talk, "%s has %zu elements, not %s", where, size, rest);
}

/* ---- lines ---- */

static const struct {
	const char *word;
	bool looks; /* at the answer, so there must be one */
	void (*act)(struct talk *talk, const char *rest);
} words[] = {
	{ "as", false, do_client },
	{ ">", false, do_header },
	{ "bytes", false, do_bytes },
	{ "parallel", false, do_parallel },
	{ "let", false, do_let },
	{ "=", true, do_status },
	{ "lacks", true, do_lacks },
	{ "each", true, do_each },
	{ "keep", true, do_keep },
	{ "~", true, do_match },
	{ "!~", true, do_no_match },
	{ "has", true, do_has },
	{ "hasnt", true, do_has_not },
	{ "size", true, do_size },
};

void
talk_begin(struct talk *talk)
{
	talk->client = talk->home;
	talk->method = NULL;
	talk->answer = (struct answer){ .status = 0 };
}

void
talk_end(struct talk *talk)
{
	want_answer(talk);
}

void
talk_do(struct talk *talk, const struct talk_line *line)
{
	const char *text, *word;

	talk->line = line;
	text = expand(talk, line->text);
	word = word_of(talk, &text);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(word, words[i].word) != 0)
			continue;
		if (words[i].looks)
			want_answer(talk);
		words[i].act(talk, text);
		return;
	}
	if (!isupper((unsigned char)*word) || (*text != '/' && *text != '*'))
		fail_talk(talk, "no such line: %s", line->text);
	do_request(talk, word, text);
}
