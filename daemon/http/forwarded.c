/* SPDX-License-Identifier: ISC */
/*
 * Either X-Forwarded-For and its siblings or Forwarded (RFC 7239) is read,
 * never both: a proxy that writes the one passes the other on as the client
 * sent it.
 */
#include "http/forwarded.h"

#include "base/str.h"
#include "http/grammar.h"

#include <string.h>
#include <strings.h>

/* ---- who is trusted ---- */

int
au_http_proxies_parse(const struct au_http_config *config, struct au_http_proxies *ret, struct au_err *err)
{
	struct au_http_proxies made = { .nets = au_xcalloc(config->trusted_proxy_count + 1, sizeof(*made.nets)) };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < config->trusted_proxy_count; i++) {
		if (strcmp(config->trusted_proxies[i], "unix") == 0)
			made.unix_sockets = true;
		else
			rc = au_net_parse(config->trusted_proxies[i], &made.nets[made.count++], err);
	}
	if (rc == 0)
		*ret = made;
	else
		au_http_proxies_done(&made);
	return rc;
}

void
au_http_proxies_done(struct au_http_proxies *proxies)
{
	free(proxies->nets);
	*proxies = (struct au_http_proxies){ 0 };
}

bool
au_http_proxies_have(const struct au_http_proxies *proxies, const struct au_net_address *address)
{
	size_t i;

	if (address->family == AF_UNIX)
		return proxies->unix_sockets;
	for (i = 0; i < proxies->count; i++)
		if (au_net_has(&proxies->nets[i], address))
			return true;
	return false;
}

/* ---- lists ---- */

/* The end of an element of a list: the comma behind it or the end of text; NULL when a quoted string is not closed. */
static const char *
element_end(const char *text)
{
	bool quoted = false;

	for (; *text != '\0' && (quoted || *text != ','); text++) {
		if (*text == '"')
			quoted = !quoted;
		else if (quoted && *text == '\\' && text[1] != '\0')
			text++;
	}
	return quoted ? NULL : text;
}

static const char *
trimmed(struct au_arena *arena, const char *from, const char *to)
{
	from += strspn(from, " \t");
	while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	return au_arena_strndup(arena, from, to > from ? (size_t)(to - from) : 0);
}

/* Element number back, counted from the last one, of all fields called name as one list.  When there are not so many,
 * the first one if `or_first`, else NULL: a proxy may replace what another has told or add to it. */
static const char *
element(const struct au_http_head *head, struct au_arena *arena, const char *name, size_t back, bool or_first)
{
	const char *found = NULL;
	size_t count = 0, pass, at, i;

	/* The first pass counts, the second one takes. */
	for (pass = 0; pass < 2; pass++) {
		at = 0;
		for (i = 0; i < head->field_count; i++) {
			const char *text = head->fields[i].value, *end = NULL;

			if (!au_strcaseeq(head->fields[i].name, name))
				continue;
			do {
				if ((end = element_end(text)) == NULL)
					return NULL;
				if (pass == 1 && (at + back + 1 == count || (or_first && at == 0 && back >= count)))
					found = trimmed(arena, text, end);
				at++;
				text = end + 1;
			} while (*end != '\0');
		}
		count = at;
	}
	return found;
}

/* The value of a parameter of an element of Forwarded, unquoted; NULL when it is absent or not in form. */
static const char *
parameter(struct au_arena *arena, const char *text, const char *name)
{
	size_t len = strlen(name);

	while (text != NULL && *text != '\0') {
		bool matches = strncasecmp(text, name, len) == 0 && text[len] == '=';
		char *value = NULL, *out;

		text = strchr(text, '=');
		if (text == NULL)
			return NULL;
		out = value = au_arena_strdup(arena, ++text);
		if (*text == '"') {
			for (text++; *text != '"' && *text != '\0'; text++)
				*out++ = *text == '\\' && text[1] != '\0' ? *++text : *text;
			text += *text == '"';
		} else {
			while (au_http_is_token_char((unsigned char)*text))
				*out++ = *text++;
		}
		*out = '\0';
		if (*text != '\0' && *text != ';')
			return NULL;
		if (matches)
			return value;
		text += strspn(text, ";");
	}
	return NULL;
}

/* ---- one hop ---- */

/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]", and each of them but the second with a port. */
static bool
parse_node(struct au_arena *arena, const char *text, struct au_net_address *ret)
{
	char *host = au_arena_strdup(arena, text);
	char *end;

	if (*host == '[') {
		end = strchr(++host, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return false;
		*end = '\0';
	} else if ((end = strchr(host, ':')) != NULL && strchr(end + 1, ':') == NULL) {
		*end = '\0';
	}
	return au_net_address_parse(host, ret);
}

struct form {
	const char *node, *scheme, *host;       /* fields, or */
	const char *node_p, *scheme_p, *host_p; /* parameters of field node; NULL = the fields are plain */
};

static const struct form forms[] = {
	[AU_FORWARDING_X] = { "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", NULL, NULL, NULL },
	[AU_FORWARDING_RFC7239] = { "Forwarded", "Forwarded", "Forwarded", "for", "proto", "host" },
};

static const char *
told(const struct au_http_head *head, struct au_arena *arena, const char *field, const char *param, size_t back,
    bool or_first)
{
	const char *text = element(head, arena, field, back, or_first && param == NULL);

	return text != NULL && param != NULL ? parameter(arena, text, param) : text;
}

void
au_http_forwarded(const struct au_http_head *head, const struct au_http_proxies *proxies,
    enum au_http_forwarding form_of_fields, const struct au_net_address *from, struct au_arena *arena,
    struct au_http_origin *ret)
{
	const struct form *form = &forms[form_of_fields];
	const char *node, *scheme, *host;
	size_t back = 0;

	*ret = (struct au_http_origin){ .address = *from };
	if (!au_http_proxies_have(proxies, from))
		return;
	while ((node = told(head, arena, form->node, form->node_p, back, false)) != NULL &&
	       parse_node(arena, node, &ret->address) && au_http_proxies_have(proxies, &ret->address))
		back++;
	/* Where the list has ended with a trusted hop, that one is the client. */
	if (node == NULL && back > 0)
		back--;
	scheme = told(head, arena, form->scheme, form->scheme_p, back, true);
	if (scheme != NULL && (au_strcaseeq(scheme, "https") || au_strcaseeq(scheme, "http")))
		ret->scheme = au_strcaseeq(scheme, "https") ? "https" : "http";
	host = told(head, arena, form->host, form->host_p, back, true);
	if (host != NULL && *host != '\0' && au_http_is_host(host))
		ret->host = host;
}
