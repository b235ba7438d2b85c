/* SPDX-License-Identifier: ISC */
/* Texts of the server are made printable here, once: they go to logs and to people as they are. */
#include "sourced/root.h"

#include "base/str.h"
#include "base/text.h"
#include "model/dn.h"

#include <string.h>

#define TEXT_MAX 256 /* of a text that people are shown */

/* Where an attribute goes: a list of texts, one text, or DNs. */
enum kind { LIST = 1, TEXT, DNS, DN };
struct row {
	const char *attribute;
	enum kind kind;
	size_t offset; /* in struct au_root */
};
#define ROW(attribute, kind, member)                                                                                   \
	{                                                                                                              \
		attribute, kind, offsetof(struct au_root, member)                                                      \
	}

static const struct row rows[] = {
	ROW("vendorName", TEXT, vendor_name),
	ROW("vendorVersion", TEXT, vendor_version),
	ROW("structuralObjectClass", LIST, object_classes),
	ROW("supportedControl", LIST, controls),
	ROW("supportedExtension", LIST, extensions),
	ROW("supportedCapabilities", LIST, capabilities),
	ROW("supportedSASLMechanisms", LIST, mechanisms),
	ROW("namingContexts", DNS, contexts),
	ROW("defaultNamingContext", DN, default_context),
	ROW("dsServiceName", TEXT, ds_service_name),
	ROW("dnsHostName", TEXT, dns_host_name),
	ROW("highestCommittedUSN", TEXT, highest_usn),
};

const char *const au_root_attributes[] = { "vendorName", "vendorVersion", "structuralObjectClass", "supportedControl",
	"supportedExtension", "supportedCapabilities", "supportedSASLMechanisms", "namingContexts",
	"defaultNamingContext", "dsServiceName", "dnsHostName", "highestCommittedUSN", NULL };

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

static const char *
visible(struct au_arena *arena, const struct berval *value)
{
	struct au_str out = AU_STR_INIT;

	au_str_visible(&out, value->bv_val, value->bv_len < TEXT_MAX ? value->bv_len : TEXT_MAX);
	const char *text = au_arena_strdup(arena, au_str_get(&out));
	au_str_done(&out);
	return text;
}

/* NULL when it is no DN. */
static const char *
normal_dn(struct au_arena *arena, const struct berval *value)
{
	const char *norm;

	if (!au_text_is_utf8(value->bv_val, value->bv_len) ||
	    au_dn_normalize(arena, au_arena_strndup(arena, value->bv_val, value->bv_len), &norm, NULL) < 0)
		return NULL;
	return norm;
}

static const char **
read_list(struct au_arena *arena, struct berval **values,
    const char *(*read)(struct au_arena *arena, const struct berval *value))
{
	size_t count = values != NULL ? (size_t)ldap_count_values_len(values) : 0, used = 0;
	const char **list = au_arena_alloc(arena, (count + 1) * sizeof(*list));

	for (size_t i = 0; i < count; i++)
		if ((list[used] = read(arena, values[i])) != NULL)
			used++;
	list[used] = NULL;
	return list;
}

static void
read_row(const struct row *row, struct berval **values, struct au_arena *arena, struct au_root *root)
{
	char *at = (char *)root + row->offset;
	bool is_given = values != NULL && values[0] != NULL;

	switch (row->kind) {
	case LIST:
		*(const char ***)at = read_list(arena, values, visible);
		break;
	case DNS:
		*(const char ***)at = read_list(arena, values, normal_dn);
		break;
	case TEXT:
		*(const char **)at = is_given ? visible(arena, values[0]) : "";
		break;
	case DN:
		*(const char **)at = is_given ? normal_dn(arena, values[0]) : NULL;
		break;
	}
}

void
au_root_read(LDAP *ld, LDAPMessage *message, struct au_arena *arena, struct au_root *ret)
{
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(free_values)
		struct berval **values = ldap_get_values_len(ld, message, rows[i].attribute);
		read_row(&rows[i], values, arena, ret);
	}
}

bool
au_root_lists(const char *const *list, const char *text)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		if (au_strcaseeq(list[i], text))
			return true;
	return false;
}

bool
au_root_has_control(const struct au_root *root, const char *oid)
{
	return au_root_lists(root->controls, oid);
}

bool
au_root_has_capability(const struct au_root *root, const char *oid)
{
	return au_root_lists(root->capabilities, oid);
}

const char *
au_root_context(const struct au_root *root, const char *dn_norm)
{
	const char *best = NULL;

	for (size_t i = 0; root->contexts != NULL && root->contexts[i] != NULL; i++)
		if (au_dn_is_below(dn_norm, root->contexts[i]) &&
		    (best == NULL || strlen(root->contexts[i]) > strlen(best)))
			best = root->contexts[i];
	return best;
}
