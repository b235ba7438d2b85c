/* SPDX-License-Identifier: ISC */
/* Entries of sources: their correlation key, and their way through JSON and packed bytes. */
#include "model/entry.h"

#include "base/str.h"
#include "base/text.h"

#include <string.h>

#define ODD_DATE_MOST 64 /* no date is as long, and it is told in one line */

static const struct au_json_text texts[] = {
	{ "source", offsetof(struct au_entry, source) },
	{ "id", offsetof(struct au_entry, id) },
	{ "dn", offsetof(struct au_entry, dn) },
	{ "key", offsetof(struct au_entry, key) },
	{ "user_name", offsetof(struct au_entry, user_name) },
	{ "display_name", offsetof(struct au_entry, display_name) },
	{ "given_name", offsetof(struct au_entry, given_name) },
	{ "family_name", offsetof(struct au_entry, family_name) },
	{ "mail", offsetof(struct au_entry, mail) },
	{ "external_id", offsetof(struct au_entry, external_id) },
	{ "owner", offsetof(struct au_entry, owner) },
	{ "owner_dn", offsetof(struct au_entry, owner_dn) },
	{ "application", offsetof(struct au_entry, application) },
	{ "expires_odd", offsetof(struct au_entry, expires_odd) },
	{ NULL, 0 },
};

/* Without a colon, so that no address can pass for another entry's SOURCE:ID. */
static bool
correlates(const char *mail)
{
	const char *at = mail != NULL ? strrchr(mail, '@') : NULL;

	return at != NULL && at > mail && at[1] != '\0' && strchr(mail, ':') == NULL;
}

const char *
au_entry_key(struct au_arena *arena, const char *source, const char *id, const char *mail)
{
	if (mail != NULL) {
		mail += strspn(mail, " \t");
		size_t len = strlen(mail);
		while (len > 0 && (mail[len - 1] == ' ' || mail[len - 1] == '\t'))
			len--;
		mail = au_arena_strndup(arena, mail, len);
	}
	return correlates(mail) ? au_text_fold(arena, mail) : au_arena_printf(arena, "%s:%s", source, id);
}

const char *
au_grant_id(struct au_arena *arena, const char *word, const char *value)
{
	if (strncmp(value, word, strlen(word)) == 0)
		value += strlen(word);
	return au_arena_printf(arena, "%s%s", word, au_text_fold(arena, value));
}

bool
au_grant_is(const char *group_id)
{
	static const char *const words[] = { AU_GRANT_ROLE, AU_GRANT_ENTITLEMENT };

	for (size_t i = 0; i < AU_COUNT(words); i++)
		if (strncmp(group_id, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

const char *
au_entry_odd_date(struct au_arena *arena, const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	if (text == NULL || !au_text_is_utf8(text, len))
		return "(no text)";
	if (len > ODD_DATE_MOST)
		for (len = ODD_DATE_MOST; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	return au_arena_strndup(arena, text, len);
}

void
au_entry_take_manager(struct au_entry *entry, const json_t *resource)
{
	static const char schema[] = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
	const json_t *manager = json_object_get(json_object_get(resource, schema), "manager");
	const char *id = au_json_get_str(manager, "value"), *name = au_json_get_str(manager, "displayName");

	if (!au_str_empty(id))
		entry->owner_dn = id;
	if (!au_str_empty(name))
		entry->owner = name;
	else if (!au_str_empty(id))
		entry->owner = id;
}

json_t *
au_entry_to_json(const struct au_entry *entry)
{
	json_t *json = json_object();

	au_json_put_texts(json, texts, entry);
	au_json_set_str(json, "kind", entry->kind == AU_ENTRY_GROUP ? "group" : "person");
	json_object_set_new(json, "active", json_boolean(entry->active));
	if (entry->expires_ms != 0)
		au_json_set_int(json, "expires_ms", entry->expires_ms);
	return json;
}

/* What every entry has. */
static int
check(const struct au_entry *entry, struct au_err *err)
{
	if (au_str_empty(entry->source))
		return au_fail(err, AU_EPROTO, "entry: member 'source' is missing");
	if (au_str_empty(entry->id))
		return au_fail(err, AU_EPROTO, "entry: member 'id' is missing");
	return 0;
}

int
au_entry_from_json(const json_t *json, struct au_entry *ret, struct au_err *err)
{
	struct au_entry entry = { 0 };
	struct au_err why;
	int active;

	if (au_json_take_texts(json, texts, &entry, &why) != 0 || au_json_bool(json, "active", 1, &active, &why) != 0 ||
	    au_json_int(json, "expires_ms", 0, &entry.expires_ms, &why) != 0)
		return au_fail(err, AU_EPROTO, "entry: %s", why.text);
	const char *kind = au_json_get_str(json, "kind");
	if (au_streq(kind, "person"))
		entry.kind = AU_ENTRY_PERSON;
	else if (au_streq(kind, "group"))
		entry.kind = AU_ENTRY_GROUP;
	else
		return au_fail(err, AU_EPROTO, "entry: member 'kind': expected person or group");
	entry.active = active;
	if (check(&entry, err) < 0)
		return AU_EPROTO;
	*ret = entry;
	return 0;
}

void
au_entry_pack(const struct au_entry *entry, struct au_buf *out)
{
	au_pack_byte(out, (unsigned char)entry->kind);
	au_pack_byte(out, entry->active);
	au_pack_number(out, (uint64_t)entry->expires_ms);
	for (const struct au_json_text *row = texts; row->name != NULL; row++)
		au_pack_text(out, *(const char *const *)((const char *)entry + row->offset));
}

int
au_entry_unpack(struct au_unpack *from, struct au_entry *ret, struct au_err *err)
{
	struct au_entry entry = { 0 };
	unsigned char kind, active;
	uint64_t expires;

	if (au_unpack_byte(from, &kind) < 0 || au_unpack_byte(from, &active) < 0 ||
	    au_unpack_number(from, &expires) < 0)
		return au_fail(err, AU_EPROTO, "entry: cut off");
	if ((kind != AU_ENTRY_PERSON && kind != AU_ENTRY_GROUP) || active > 1)
		return au_fail(err, AU_EPROTO, "entry: neither a person nor a group, active or not");
	if (expires > INT64_MAX)
		return au_fail(err, AU_EPROTO, "entry: no time when it expires");
	entry.kind = kind;
	entry.active = active;
	entry.expires_ms = (long long)expires;
	for (const struct au_json_text *row = texts; row->name != NULL; row++)
		if (au_unpack_text(from, (const char **)((char *)&entry + row->offset)) < 0)
			return au_fail(err, AU_EPROTO, "entry: '%s' is no text", row->name);
	if (check(&entry, err) < 0)
		return AU_EPROTO;
	*ret = entry;
	return 0;
}
