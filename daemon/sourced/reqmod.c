/* SPDX-License-Identifier: ISC */
/* ATTRIBUTE ":" OP, then " " VALUE if there is one.  Values are bytes as they are: nothing is encoded, nothing ends. */
#include "sourced/reqmod.h"

#include <string.h>
#include <strings.h>

#define MARK ":" /* separates changes of one attribute that must not be joined */

static const struct {
	char sign;
	enum au_reqmod_op op;
} signs[] = {
	{ '+', AU_REQMOD_ADD },
	{ '-', AU_REQMOD_DELETE },
	{ '=', AU_REQMOD_REPLACE },
	{ '#', AU_REQMOD_INCREMENT },
};

static bool
read_op(char sign, enum au_reqmod_op *ret)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (signs[i].sign == sign) {
			*ret = signs[i].op;
			return true;
		}
	return false;
}

/* Letters, digits and hyphens, options behind semicolons; or an OID (RFC 4512 sections 1.4 and 2.5). */
static bool
is_description(const struct berval *name)
{
	for (size_t i = 0; i < name->bv_len; i++) {
		char c = name->bv_val[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_letter && strchr("-;._", c) == NULL)
			return false;
	}
	return name->bv_len > 0;
}

static int
senseless(const struct berval *text, struct au_err *err)
{
	return au_fail(err, AU_EPROTO, "reqMod: %zu bytes that are no change of an attribute", text->bv_len);
}

int
au_reqmod_parse(const struct berval *text, struct au_reqmod *ret, struct au_err *err)
{
	struct au_reqmod mod = { 0 };

	if (text->bv_val == NULL || text->bv_len == 0)
		return senseless(text, err);
	if (text->bv_len == strlen(MARK) && memcmp(text->bv_val, MARK, text->bv_len) == 0) {
		*ret = mod;
		return 0;
	}
	const char *colon = memchr(text->bv_val, ':', text->bv_len), *end = text->bv_val + text->bv_len;
	if (colon == NULL || end - colon < 2 || !read_op(colon[1], &mod.op))
		return senseless(text, err);
	mod.attribute = (struct berval){ (ber_len_t)(colon - text->bv_val), text->bv_val };
	if (!is_description(&mod.attribute) || (end - colon > 2 && colon[2] != ' '))
		return senseless(text, err);
	if (end - colon > 2)
		mod.value = (struct berval){ (ber_len_t)(end - colon - 3), (char *)(uintptr_t)colon + 3 };
	*ret = mod;
	return 0;
}

bool
au_reqmod_is_of(const struct au_reqmod *mod, const char *attribute)
{
	size_t len = strlen(attribute);

	return mod->attribute.bv_len >= len && strncasecmp(mod->attribute.bv_val, attribute, len) == 0 &&
	       (mod->attribute.bv_len == len || mod->attribute.bv_val[len] == ';');
}

bool
au_reqmod_has_options(const struct au_reqmod *mod)
{
	return mod->attribute.bv_len > 0 && memchr(mod->attribute.bv_val, ';', mod->attribute.bv_len) != NULL;
}
