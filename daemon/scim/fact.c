/* SPDX-License-Identifier: ISC */
/* The mapping from SCIM's attributes to an entry's fields. */
#include "scim/fact.h"

#include "base/json.h"
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
	if (!is_group)
		au_entry_take_manager(&entry, doc);
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
