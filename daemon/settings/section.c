/* SPDX-License-Identifier: ISC */
/* The order is one of meaning: what a section may name stands in a section above it. */
#include "settings/section.h"

#include "settings/rows.h"

const struct au_section au_sections[] = {
	{ "daemon", NULL, au_daemon_rows, NULL,
	    "The daemon itself: where it keeps and finds things, and what it logs." },
	{ "control", NULL, au_control_rows, NULL, "The control socket, and who may use it." },
	{ "reconcile", NULL, au_reconcile_rows, NULL,
	    "How often targets are made equal to what is wanted, and what stops removals." },
	{ "scim", NULL, au_scim_rows, NULL, "The SCIM 2.0 endpoint that identity providers push to." },
	{ "sources", "source", au_source_rows, NULL,
	    "Directories in which people and groups are watched. When several know the same person, by mail address, "
	    "the "
	    "one that stands first decides which value wins." },
	{ "scim_clients", "source", au_client_rows, NULL,
	    "Identity providers that push to the SCIM endpoint. Each is a source of its own that rules can name; "
	    "sources "
	    "and SCIM clients share one space of names." },
	{ "targets", "target", au_target_rows, "options", "Instances of products in which accounts are kept." },
	{ "templates", "template", au_template_rows, "rights",
	    "Named rights for one target, checked against what the product can accept." },
	{ "rules", "rule", au_rule_rows, NULL,
	    "Who gets which template: the members of a source's group. Rights of several templates for one target are "
	    "united." },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct au_section *
au_section_find(const char *name)
{
	for (const struct au_section *section = au_sections; section->name; section++)
		if (au_streq(section->name, name))
			return section;
	return NULL;
}
