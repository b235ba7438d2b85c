/* SPDX-License-Identifier: ISC */
/* Only ASCII is folded in user names: memberUid holds nothing else, and the store finds people by the same rule. */
#include "model/ref.h"

#include "base/str.h"
#include "model/dn.h"

#include <string.h>

#define USER_NAME_MARK '@'

static const struct {
	const char *attribute;
	enum au_ref_form form;
} forms[] = {
	{ "uniqueMember", AU_REF_DN_UID },
	{ "memberUid", AU_REF_USER_NAME },
};

enum au_ref_form
au_ref_form_of(const char *attribute)
{
	for (size_t i = 0; i < AU_COUNT(forms); i++)
		if (au_strcaseeq(forms[i].attribute, attribute))
			return forms[i].form;
	return AU_REF_DN;
}

/* The length without "#'0101'B" at the end.  A DN may end like this too; read that way it would never match anybody. */
static size_t
length_of_dn(const char *value)
{
	static const char tail[] = "'B", head[] = "#'";
	size_t len = strlen(value), at = len;

	if (len < strlen(tail) || strcmp(value + len - strlen(tail), tail) != 0)
		return len;
	at -= strlen(tail);
	while (at > 0 && (value[at - 1] == '0' || value[at - 1] == '1'))
		at--;
	if (at < strlen(head) || memcmp(value + at - strlen(head), head, strlen(head)) != 0)
		return len;
	return at - strlen(head);
}

static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

const char *
au_ref_of_user_name(struct au_arena *arena, const char *name)
{
	if (au_str_empty(name) || has_control(name))
		return NULL;
	char *ref = au_arena_printf(arena, "%c%s", USER_NAME_MARK, name);
	for (char *c = ref; *c != '\0'; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	return ref;
}

const char *
au_ref_user_name(const char *ref)
{
	return ref[0] == USER_NAME_MARK ? ref + 1 : NULL;
}

static int
parse_user_name(struct au_arena *arena, const char *value, const char **ret, struct au_err *err)
{
	const char *ref = au_str_empty(value) ? "" : au_ref_of_user_name(arena, value);

	if (ref == NULL)
		return au_fail(err, AU_EINVAL, "a user name has control characters");
	*ret = ref;
	return 0;
}

int
au_ref_parse(struct au_arena *arena, enum au_ref_form form, const char *value, const char **ret, struct au_err *err)
{
	switch (form) {
	case AU_REF_USER_NAME:
		return parse_user_name(arena, value, ret, err);
	case AU_REF_DN_UID:
		return au_dn_normalize(arena, au_arena_strndup(arena, value, length_of_dn(value)), ret, err);
	case AU_REF_DN:
		break;
	}
	return au_dn_normalize(arena, value, ret, err);
}
