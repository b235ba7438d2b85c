/* SPDX-License-Identifier: ISC */
/* In doubt a record is opaque: that costs a reading, where a wrong step would cost a member. */
#include "sourced/log_record.h"

#include "base/text.h"
#include "model/ref.h"
#include "sourced/identity.h"
#include "sourced/reqmod.h"

#include <string.h>
#include <strings.h>

#define AS_A_WHOLE "its members were changed as a whole"

static int take_type(struct au_log_reader *reader, const struct berval *values, struct au_err *err);
static int take_result(struct au_log_reader *reader, const struct berval *values, struct au_err *err);
static int take_id(struct au_log_reader *reader, const struct berval *values, struct au_err *err);
static int take_csn(struct au_log_reader *reader, const struct berval *values, struct au_err *err);
static int take_mods(struct au_log_reader *reader, const struct berval *values, struct au_err *err);

static const struct row {
	const char *attribute;
	int (*take)(struct au_log_reader *reader, const struct berval *values, struct au_err *err);
} rows[] = {
	{ "reqType", take_type },
	{ "reqResult", take_result },
	{ "reqEntryUUID", take_id },
	{ "entryCSN", take_csn },
	{ "reqMod", take_mods },
};

const char *const au_log_record_attributes[] = { "reqType", "reqResult", "reqEntryUUID", "entryCSN", "reqMod", NULL };

static bool
is_text(const struct berval *value, const char *text)
{
	return value->bv_val != NULL && value->bv_len == strlen(text) &&
	       strncasecmp(value->bv_val, text, value->bv_len) == 0;
}

static void
obscure(struct au_log_reader *reader, const char *why)
{
	if (reader->record.opaque == NULL)
		reader->record.opaque = why;
}

static int
take_type(struct au_log_reader *reader, const struct berval *values, struct au_err *err)
{
	(void)err;
	if (!is_text(&values[0], "modify"))
		obscure(reader, "it was added, deleted or renamed");
	return 0;
}

static int
take_result(struct au_log_reader *reader, const struct berval *values, struct au_err *err)
{
	(void)err;
	reader->has_result = true;
	reader->is_refused = !is_text(&values[0], "0");
	return 0;
}

static int
take_id(struct au_log_reader *reader, const struct berval *values, struct au_err *err)
{
	(void)err;
	if (values[0].bv_val != NULL)
		reader->record.group = au_identity_entry_uuid.text(reader->arena, &values[0]);
	return 0;
}

static void
note_csn(struct au_log_reader *reader, const struct berval *value)
{
	const char *csn = value->bv_val != NULL ? au_arena_strndup(reader->arena, value->bv_val, value->bv_len) : NULL;

	if (csn != NULL && au_csn_is(csn))
		reader->record.csn = csn;
}

/* The record's own is that of the change; what the change itself says stands. */
static int
take_csn(struct au_log_reader *reader, const struct berval *values, struct au_err *err)
{
	(void)err;
	if (reader->record.csn == NULL)
		note_csn(reader, &values[0]);
	return 0;
}

/* ---- changes ---- */

static void
add_step(struct au_log_reader *reader, const char *member, bool joins)
{
	struct au_log_record *record = &reader->record;

	if (record->count == reader->cap) {
		reader->cap = reader->cap > 0 ? 2 * reader->cap : 8;
		struct au_log_step *steps = au_arena_alloc(reader->arena, reader->cap * sizeof(*steps));
		for (size_t i = 0; i < record->count; i++)
			steps[i] = record->steps[i];
		record->steps = steps;
	}
	record->steps[record->count++] = (struct au_log_step){ member, joins };
}

bool
au_log_can_tell(const char *attribute, const struct berval *value)
{
	switch (au_ref_form_of(attribute)) {
	case AU_REF_USER_NAME:
		return false;
	case AU_REF_DN_UID:
		return value->bv_len > 0 && memchr(value->bv_val, '#', value->bv_len) == NULL;
	case AU_REF_DN:
		break;
	}
	return true;
}

static void
take_member(struct au_log_reader *reader, const char *attribute, const struct au_reqmod *mod)
{
	const char *ref = NULL;

	if (reader->record.attribute != NULL && strcmp(reader->record.attribute, attribute) != 0)
		obscure(reader, "its members are in more than one attribute");
	else if (au_reqmod_has_options(mod))
		obscure(reader, "its members are in an attribute with options");
	else if (mod->op == AU_REQMOD_REPLACE || mod->op == AU_REQMOD_INCREMENT || mod->value.bv_val == NULL)
		obscure(reader, AS_A_WHOLE);
	else if (!au_log_can_tell(attribute, &mod->value))
		obscure(reader, "a value of its members does not stand for one member alone");
	else if (!au_text_is_utf8(mod->value.bv_val, mod->value.bv_len) ||
		 au_ref_parse(reader->arena, au_ref_form_of(attribute),
		     au_arena_strndup(reader->arena, mod->value.bv_val, mod->value.bv_len), &ref, NULL) < 0)
		obscure(reader, "a member was named that cannot be understood");
	reader->record.attribute = attribute;
	/* The empty DN is what groups that must not be empty hold when they are. */
	if (reader->record.opaque == NULL && ref[0] != '\0')
		add_step(reader, ref, mod->op == AU_REQMOD_ADD);
}

static void
take_mod(struct au_log_reader *reader, const struct au_reqmod *mod)
{
	if (au_reqmod_is_of(mod, "entryCSN") && mod->value.bv_val != NULL) {
		reader->has_mods = true; /* the server's own goes with each change */
		note_csn(reader, &mod->value);
	}
	for (size_t i = 0; reader->member_attributes[i] != NULL; i++)
		if (au_reqmod_is_of(mod, reader->member_attributes[i]))
			take_member(reader, reader->member_attributes[i], mod);
}

static int
take_mods(struct au_log_reader *reader, const struct berval *values, struct au_err *err)
{
	for (size_t i = 0; values[i].bv_val != NULL; i++) {
		struct au_reqmod mod;
		if (au_reqmod_parse(&values[i], &mod, err) < 0)
			return AU_EPROTO;
		take_mod(reader, &mod);
	}
	return 0;
}

int
au_log_reader_take(
    struct au_log_reader *reader, const struct berval *name, const struct berval *values, struct au_err *err)
{
	if (values == NULL)
		return 0;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		if (is_text(name, rows[i].attribute))
			return rows[i].take(reader, values, err);
	return 0;
}

int
au_log_reader_end(struct au_log_reader *reader, struct au_log_record *ret, struct au_err *err)
{
	const char *lacks = NULL;

	if (reader->is_refused)
		return 0;
	if (!reader->has_result)
		lacks = "reqResult";
	else if (reader->record.group == NULL)
		lacks = "reqEntryUUID";
	else if (reader->record.csn == NULL)
		lacks = "entryCSN";
	else if (!reader->has_mods && reader->record.opaque == NULL)
		lacks = "reqMod with the entryCSN";
	if (lacks != NULL)
		return au_fail(err, AU_EPROTO, "a record without a %s that we may read", lacks);
	*ret = reader->record;
	return 1;
}

static void
free_element(BerElement **ber)
{
	if (*ber != NULL)
		ber_free(*ber, 0);
}

int
au_log_record_read(const char *const *member_attributes, LDAP *ld, LDAPMessage *message, struct au_arena *arena,
    struct au_log_record *ret, struct au_err *err)
{
	AU_CLEANUP(free_element) BerElement *ber = NULL;
	struct au_log_reader reader = { .arena = arena, .member_attributes = member_attributes };
	struct berval dn = { 0, NULL }, name = { 0, NULL };
	int rc = 0;

	if (ldap_get_dn_ber(ld, message, &ber, &dn) != LDAP_SUCCESS)
		return au_fail(err, AU_EPROTO, "a record that cannot be decoded");
	while (rc == 0) {
		struct berval *values = NULL;
		if (ldap_get_attribute_ber(ld, message, ber, &name, &values) != LDAP_SUCCESS)
			return au_fail(err, AU_EPROTO, "a record that cannot be decoded");
		if (name.bv_val == NULL)
			break;
		rc = au_log_reader_take(&reader, &name, values, err);
		ber_memfree(values);
	}
	return rc < 0 ? rc : au_log_reader_end(&reader, ret, err);
}
