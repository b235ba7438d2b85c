/* SPDX-License-Identifier: ISC */
/* The order is one of meaning: what a section may name stands in a section above it. */
#include "settings/section.h"

#include "settings/rows.h"

#define NESTED(...) ((const struct au_section *const[]){ __VA_ARGS__, NULL })

static const struct au_section sub_attributes = { "sub_attributes", NULL, au_attribute_rows, NULL,
	"Parts of a complex attribute, with the options of an attribute; none of them can be complex.", NULL };

static const struct au_section attributes = { "attributes", NULL, au_attribute_rows, NULL,
	"The attributes of the schema.", NESTED(&sub_attributes) };

static const struct au_section tighten = { "tighten", NULL, au_tighten_rows, NULL,
	"Rules of our own beside the product's. They can only be stricter than those, and are checked at the same "
	"times: when this file is read, when a plan is made, and right before the call.",
	NULL };

static const struct au_section capacity = { "capacity", NULL, au_capacity_rows, NULL,
	"What accounts of the target take up and of which there is only so much, such as licences and active accounts: "
	"what "
	"does not fit waits, by the order of the rules, then by age.",
	NULL };

const struct au_section au_sections[] = {
	{ "daemon", NULL, au_daemon_rows, NULL, "The daemon itself: where it keeps and finds things, and what it logs.",
	    NULL },
	{ "control", NULL, au_control_rows, NULL, "The control socket, and who may use it.", NULL },
	{ "reconcile", NULL, au_reconcile_rows, NULL,
	    "How often targets are made equal to what is wanted, and what stops removals.", NULL },
	{ "webhook", NULL, au_webhook_rows, NULL,
	    "A ticket system that is told of each change of a work order, by a signed document: apiuserd-work(7) has "
	    "its "
	    "form.",
	    NULL },
	{ "scim", NULL, au_scim_rows, NULL, "The SCIM 2.0 endpoint that identity providers push to.", NULL },
	{ "sources", "source", au_source_rows, NULL,
	    "Directories in which people and groups are watched. When several know the same person, by mail address, "
	    "the "
	    "one that stands first decides which value wins.",
	    NULL },
	{ "scim_issuers", "issuer", au_issuer_rows, NULL,
	    "Authorization servers whose JWTs SCIM clients may show in place of tokens of ours (RFC 9068).", NULL },
	{ "scim_clients", "source", au_client_rows, NULL,
	    "Identity providers that push to the SCIM endpoint. Each is a source of its own that rules can name; "
	    "sources "
	    "and SCIM clients share one space of names.",
	    NULL },
	{ "scim_schemas", "scim schema", au_schema_rows, NULL,
	    "Schemas of this deployment: extensions of users, groups or other resource types, and schemas of resource "
	    "types of its own. Their values are kept with the resources and can be searched like any other; rules do "
	    "not "
	    "see them.",
	    NESTED(&attributes) },
	{ "scim_resource_types", "scim resource type", au_resource_type_rows, NULL,
	    "Resource types of this deployment beside User and Group.", NULL },
	{ "targets", "target", au_target_rows, "options", "Instances of products in which accounts are kept.",
	    NESTED(&tighten, &capacity) },
	{ "templates", "template", au_template_rows, "rights",
	    "Named rights for one target, checked against what the product can accept.", NULL },
	{ "rules", "rule", au_rule_rows, NULL,
	    "Who gets which template: the members of a source's group, or the users of a SCIM client with some "
	    "entitlement or role. Rights of several templates for one target are "
	    "united.",
	    NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct au_section *
au_section_find(const char *name)
{
	for (const struct au_section *section = au_sections; section->name; section++)
		if (au_streq(section->name, name))
			return section;
	return NULL;
}
