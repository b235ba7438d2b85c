/* SPDX-License-Identifier: ISC */
/*
 * Distinguished names, read character by character in one loop (nothing here
 * recurses) and written again in one form.  More forms are read than RFC 4514
 * writes: blanks around separators, and OIDs with encoded text.
 */
#include "model/dn.h"

#include "base/str.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DN_MAX (64 * 1024)
#define SPECIAL "\"+,;<>=\\"

/* Names of the usual types (RFC 4514 section 3, RFC 4519): each spelling leads to the first of its kind. */
static const struct {
	const char *spelling, *name;
} types[] = {
	{ "2.5.4.3", "cn" },
	{ "commonname", "cn" },
	{ "2.5.4.4", "sn" },
	{ "surname", "sn" },
	{ "2.5.4.5", "serialnumber" },
	{ "2.5.4.6", "c" },
	{ "countryname", "c" },
	{ "2.5.4.7", "l" },
	{ "localityname", "l" },
	{ "2.5.4.8", "st" },
	{ "stateorprovincename", "st" },
	{ "2.5.4.9", "street" },
	{ "streetaddress", "street" },
	{ "2.5.4.10", "o" },
	{ "organizationname", "o" },
	{ "2.5.4.11", "ou" },
	{ "organizationalunitname", "ou" },
	{ "2.5.4.12", "title" },
	{ "2.5.4.42", "givenname" },
	{ "gn", "givenname" },
	{ "0.9.2342.19200300.100.1.1", "uid" },
	{ "userid", "uid" },
	{ "0.9.2342.19200300.100.1.3", "mail" },
	{ "rfc822mailbox", "mail" },
	{ "0.9.2342.19200300.100.1.25", "dc" },
	{ "domaincomponent", "dc" },
	{ "1.2.840.113549.1.9.1", "emailaddress" },
	{ "email", "emailaddress" },
};

struct reader {
	struct au_arena *arena; /* scratch */
	const char *dn, *at;
	struct au_err *err;
	const char **parts; /* "type=value" of the RDN being read */
	size_t part_count, part_cap;
};

static int
not_a_dn(const struct reader *r, const char *expected)
{
	const char *before = au_arena_strndup(r->arena, r->dn, (size_t)(r->at - r->dn));

	return au_fail(
	    r->err, AU_EINVAL, "DN '%.100s': character %zu: expected %s", r->dn, au_text_length(before) + 1, expected);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void
skip_blanks(struct reader *r)
{
	r->at += strspn(r->at, " ");
}

static bool
hex_pair(const char *text, unsigned char *ret)
{
	static const char digits[] = "0123456789abcdef";
	unsigned value = 0;

	for (int i = 0; i < 2; i++) {
		const char *found =
		    text[i] != '\0' ? strchr(digits, is_letter(text[i]) ? text[i] | 0x20 : text[i]) : NULL;
		if (found == NULL)
			return false;
		value = value << 4 | (unsigned)(found - digits);
	}
	*ret = (unsigned char)value;
	return true;
}

/* Numbers of an OID, without needless zeros, with at least one dot. */
static bool
is_oid(const char *text)
{
	size_t numbers = 0, len;

	for (;; text += len + 1) {
		len = strspn(text, "0123456789");
		if (len == 0 || (len > 1 && text[0] == '0'))
			return false;
		numbers++;
		if (text[len] == '\0')
			return numbers > 1;
		if (text[len] != '.')
			return false;
	}
}

static int
read_type(struct reader *r, const char **ret)
{
	size_t len = 0;

	if (strncasecmp(r->at, "oid.", 4) == 0)
		r->at += 4;
	while (is_letter(r->at[len]) || is_digit(r->at[len]) || r->at[len] == '-' || r->at[len] == '.')
		len++;
	char *type = au_arena_strndup(r->arena, r->at, len);
	for (char *p = type; *p != '\0'; p++)
		*p = (char)(is_letter(*p) ? *p | 0x20 : *p);
	if (!is_oid(type) && (!is_letter(type[0]) || strchr(type, '.') != NULL))
		return not_a_dn(r, "an attribute type");
	r->at += len;
	*ret = type;
	for (size_t i = 0; i < AU_COUNT(types); i++)
		if (strcmp(types[i].spelling, type) == 0)
			*ret = types[i].name;
	return 0;
}

/* The text of a BER-encoded UTF8String, PrintableString or IA5String that fills data exactly. */
static bool
text_of_ber(const char *data, size_t len, const char **ret, size_t *ret_len)
{
	const unsigned char *b = (const unsigned char *)data;

	if (len < 2 || (b[0] != 0x0c && b[0] != 0x13 && b[0] != 0x16))
		return false;
	size_t head = 2, size = b[1];
	if (size >= 0x80) {
		size_t octets = size & 0x7f;
		if (octets < 1 || octets > 3 || len < 2 + octets)
			return false;
		size = 0;
		while (head < 2 + octets)
			size = size << 8 | b[head++];
	}
	*ret = data + head;
	*ret_len = size;
	return len - head == size;
}

/* "#" and pairs of hexadecimal digits: the encoded value (RFC 4514 section 2.4). */
static int
read_encoded(struct reader *r, struct au_str *value, bool *ret_opaque)
{
	const char *text;
	size_t len;
	unsigned char byte;

	for (r->at++; hex_pair(r->at, &byte); r->at += 2)
		au_str_putc(value, (char)byte);
	if (value->len == 0)
		return not_a_dn(r, "pairs of hexadecimal digits");
	*ret_opaque = !text_of_ber(value->data, value->len, &text, &len);
	if (!*ret_opaque) {
		memmove(value->data, text, len);
		value->len = len;
		value->data[len] = '\0';
	}
	return 0;
}

/* Backslash and either a special character or a pair of hexadecimal digits. */
static int
read_escaped(struct reader *r, struct au_str *value)
{
	unsigned char byte;

	r->at++;
	if (hex_pair(r->at, &byte)) {
		au_str_putc(value, (char)byte);
		r->at += 2;
	} else if (*r->at != '\0' && strchr(SPECIAL " #", *r->at) != NULL)
		au_str_putc(value, *r->at++);
	else
		return not_a_dn(r, "a special character or two hexadecimal digits after the backslash");
	return 0;
}

static int
read_value(struct reader *r, struct au_str *value, bool *ret_opaque)
{
	size_t kept = 0; /* blanks at the end belong to the separator unless they were escaped */

	*ret_opaque = false;
	au_str_put(value, "");
	if (*r->at == '#')
		return read_encoded(r, value, ret_opaque);
	while (*r->at != '\0' && *r->at != ',' && *r->at != '+') {
		if (*r->at == '\\') {
			int code = read_escaped(r, value);
			if (code != 0)
				return code;
			kept = value->len;
			continue;
		}
		if (strchr("\";<>", *r->at) != NULL)
			return not_a_dn(r, "a backslash before this character");
		au_str_putc(value, *r->at);
		if (*r->at++ != ' ')
			kept = value->len;
	}
	value->len = kept;
	value->data[kept] = '\0';
	return 0;
}

/* One way of writing: special characters, controls and whatever is not text as \xx. */
static void
write_value(struct au_str *out, const char *value, size_t len, bool is_text)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)value[i];
		bool special = c < 0x20 || c == 0x7f || strchr(SPECIAL, c) != NULL || (c == '#' && i == 0);
		if (special || (!is_text && (c >= 0x80 || c == ' ')))
			au_str_printf(out, "\\%02x", c);
		else
			au_str_putc(out, value[i]);
	}
}

static void
write_opaque(struct au_str *out, const char *value, size_t len)
{
	au_str_putc(out, '#');
	for (size_t i = 0; i < len; i++)
		au_str_printf(out, "%02x", (unsigned char)value[i]);
}

static void
write_part(struct reader *r, const char *type, const struct au_str *value, bool opaque, struct au_str *out)
{
	au_str_printf(out, "%s=", type);
	if (opaque)
		write_opaque(out, value->data, value->len);
	else if (au_text_is_utf8(value->data, value->len)) {
		const char *prepared = au_text_case_ignore(r->arena, value->data);
		write_value(out, prepared, strlen(prepared), true);
	} else
		write_value(out, value->data, value->len, false);
}

static int
read_part(struct reader *r)
{
	struct au_str value = AU_STR_INIT, out = AU_STR_INIT;
	const char *type = NULL;
	bool opaque;

	skip_blanks(r);
	int code = read_type(r, &type);
	if (code != 0)
		return code;
	skip_blanks(r);
	if (*r->at != '=')
		return not_a_dn(r, "'='");
	r->at++;
	skip_blanks(r);
	code = read_value(r, &value, &opaque);
	if (code == 0) {
		skip_blanks(r);
		write_part(r, type, &value, opaque, &out);
		if (r->part_count == r->part_cap) {
			r->part_cap = r->part_cap > 0 ? 2 * r->part_cap : 4;
			r->parts = au_xrealloc(r->parts, r->part_cap, sizeof(*r->parts));
		}
		r->parts[r->part_count++] = au_arena_strdup(r->arena, out.data);
	}
	au_str_done(&value);
	au_str_done(&out);
	return code;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The order of several values in one RDN means nothing, so it is made the alphabet's. */
static void
write_rdn(struct reader *r, struct au_str *out)
{
	if (r->part_count > 1)
		qsort(r->parts, r->part_count, sizeof(*r->parts), by_text);
	for (size_t i = 0; i < r->part_count; i++)
		au_str_printf(out, "%s%s", i > 0 ? "+" : out->len > 0 ? "," : "", r->parts[i]);
	r->part_count = 0;
}

static int
read_dn(struct reader *r, struct au_str *out)
{
	au_str_put(out, "");
	skip_blanks(r);
	if (*r->at == '\0')
		return 0; /* the root's empty name */
	for (;;) {
		int code = read_part(r);
		if (code != 0)
			return code;
		char separator = *r->at;
		if (separator != '+')
			write_rdn(r, out);
		if (separator == '\0')
			return 0;
		if (separator != '+' && separator != ',')
			return not_a_dn(r, "a comma");
		r->at++;
	}
}

/* Behind a type that is its own normal form, and its '='; NULL when there is none. */
static const char *
skip_usual_type(const char *at)
{
	static const char *const usual[] = { "uid=", "cn=", "ou=", "dc=", "o=" };

	for (size_t i = 0; i < AU_COUNT(usual); i++)
		if (strncasecmp(at, usual[i], strlen(usual[i])) == 0)
			return at + strlen(usual[i]);
	return NULL;
}

/* Behind a value of ASCII letters, digits, a few signs and single blanks within; NULL when there is none. */
static const char *
skip_plain_value(const char *at)
{
	const char *start = at;

	for (; *at != ',' && *at != '\0'; at++) {
		bool is_blank = *at == ' ' && at > start && at[-1] != ' ';
		bool is_sign = *at == '.' || *at == '-' || *at == '_' || *at == '@';
		if (!is_letter(*at) && !is_digit(*at) && !is_sign && !is_blank)
			return NULL;
	}
	return at > start && at[-1] != ' ' ? at : NULL;
}

/* Most DNs by far are of this kind, and a group may have a million of them: in lower case they are normal. */
static bool
is_plain(const char *at)
{
	for (;; at++) {
		at = skip_usual_type(at);
		if (at != NULL)
			at = skip_plain_value(at);
		if (at == NULL)
			return false;
		if (*at == '\0')
			return true;
	}
}

static const char *
lower(struct au_arena *arena, const char *dn)
{
	char *out = au_arena_strdup(arena, dn);

	for (char *c = out; *c != '\0'; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	return out;
}

int
au_dn_normalize(struct au_arena *arena, const char *dn, const char **ret, struct au_err *err)
{
	size_t len = strlen(dn);

	if (len > DN_MAX)
		return au_fail(err, AU_ELIMIT, "DN: longer than %d bytes", DN_MAX);
	if (is_plain(dn)) {
		*ret = lower(arena, dn);
		return 0;
	}
	AU_CLEANUP(au_arena_freep) struct au_arena *scratch = au_arena_new();
	struct reader r = { .arena = scratch, .dn = dn, .at = dn, .err = err };
	struct au_str out = AU_STR_INIT;

	if (!au_text_is_utf8(dn, len))
		return au_fail(err, AU_EINVAL, "DN: expected UTF-8");
	int code = read_dn(&r, &out);
	if (code == 0)
		*ret = au_arena_strdup(arena, out.data);
	au_str_done(&out);
	free(r.parts);
	return code;
}

bool
au_dn_is_below(const char *dn_norm, const char *base_norm)
{
	size_t len = strlen(dn_norm), base = strlen(base_norm);

	if (base == 0)
		return true;
	if (len < base || strcmp(dn_norm + len - base, base_norm) != 0)
		return false;
	return len == base || dn_norm[len - base - 1] == ',';
}
