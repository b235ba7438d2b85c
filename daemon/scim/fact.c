/* SPDX-License-Identifier: ISC */
/* The mapping from SCIM's attributes to an entry's fields. */
#include "scim/fact.h"

#include "base/date.h"
#include "base/json.h"
#include "model/scim_path.h"
#include "scim/grant.h"
#include "store/fact.h"

/* The primary address, else the first. */
static const char *
mail_of(const json_t *doc)
{
	const json_t *emails = json_object_get(doc, "emails"), *element;
	size_t i;

	json_array_foreach ((json_t *)emails, i, element) {
		if (json_is_true(json_object_get(element, "primary")) && au_json_get_str(element, "value") != NULL)
			return au_json_get_str(element, "value");
	}
	json_array_foreach ((json_t *)emails, i, element) {
		if (au_json_get_str(element, "value") != NULL)
			return au_json_get_str(element, "value");
	}
	return NULL;
}

static const char *
display_of(const json_t *doc)
{
	const char *display = au_json_get_str(doc, "displayName");

	return display != NULL ? display : au_json_get_str(json_object_get(doc, "name"), "formatted");
}

/* Where a client has dates unless its option says so: our own extension. */
static const char *const usual_path = "urn:ietf:params:scim:schemas:extension:apiuserd:2.0:User:expires";

/* The first value that there is, as text; NULL for none.  AU_EINVAL when it is no text. */
static int
date_of(const struct au_request *r, const json_t *doc, const char **ret)
{
	const struct au_block *client = au_settings_client(r->settings, r->client);
	size_t count = client != NULL ? au_values_count(client->values, "path_expires") : 0;
	const char *text = NULL;

	for (size_t i = 0; text == NULL && i < (count > 0 ? count : 1); i++) {
		struct au_scim_path path;
		const char *written = count > 0 ? au_values_item(client->values, "path_expires", i) : usual_path;
		if (au_scim_path_parse(r->arena, written, &path, NULL) < 0 ||
		    au_scim_path_value(&path, doc, &text, NULL) < 0)
			return AU_EINVAL;
	}
	*ret = text;
	return 0;
}

/* The schema refuses what is no date; an attribute that is a mere text may hold anything. */
static void
take_expiry(const struct au_request *r, const json_t *doc, struct au_entry *entry)
{
	const char *text = NULL;
	int64_t ms = 0;

	if (date_of(r, doc, &text) < 0 || (text != NULL && au_date_parse(text, &ms, NULL) < 0))
		entry->expires_odd = au_entry_odd_date(r->arena, text);
	entry->expires_ms = ms;
}

/* A source that only tells of changes, each of them explicit, is never behind. */
static int
put_source(struct au_store_tx *tx, struct au_request *r, struct au_err *err)
{
	struct au_source_row row;
	int rc;

	if (r->has_source)
		return 0;
	rc = au_store_source_verdict(tx, r->arena, r->client, &row, err);
	if (rc != AU_ENOENT)
		return rc;
	row = (struct au_source_row){
		.name = r->client, .state = AU_SOURCE_OK, .complete = true, .complete_ms = r->now_ms
	};
	return au_store_source_put(tx, &row, err);
}

int
au_fact_put(struct au_store_tx *tx, struct au_request *r, const struct au_resource *resource, const json_t *was,
    const json_t *doc, struct au_err *err)
{
	const json_t *name = json_object_get(doc, "name");
	bool is_group = r->type->kind == AU_TYPE_GROUP;
	struct au_entry entry = {
		.source = r->client,
		.id = resource->id,
		.kind = is_group ? AU_ENTRY_GROUP : AU_ENTRY_PERSON,
		.user_name = au_json_get_str(doc, "userName"),
		.display_name = display_of(doc),
		.given_name = au_json_get_str(name, "givenName"),
		.family_name = au_json_get_str(name, "familyName"),
		.mail = mail_of(doc),
		.external_id = resource->external_id,
		.active = au_json_get_bool(doc, "active", 1) != 0,
	};
	int rc;

	if (r->type->kind == AU_TYPE_OTHER)
		return 0;
	rc = put_source(tx, r, err);
	if (rc != 0)
		return rc;
	if (!is_group) {
		au_entry_take_manager(&entry, doc);
		take_expiry(r, doc, &entry);
	}
	if (!is_group)
		entry.key = au_entry_key(r->arena, r->client, resource->id, entry.mail);
	rc = au_store_entry_put(tx, &entry, NULL, 0, NULL, err);
	return rc == 0 && !is_group ? au_grant_put(tx, r, resource->id, was, doc, err) : rc;
}

int
au_fact_remove(struct au_store_tx *tx, struct au_request *r, const char *id, const json_t *doc, struct au_err *err)
{
	int rc = r->type->kind == AU_TYPE_USER ? au_grant_put(tx, r, id, doc, NULL, err) : 0;

	return rc == 0 ? au_store_entry_remove(tx, r->client, id, NULL, err) : rc;
}
