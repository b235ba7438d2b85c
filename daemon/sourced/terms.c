/* SPDX-License-Identifier: ISC */
/* A way that was refused stays so for the next session only: by then an administrator may have set up what it needs. */
#include "sourced/terms.h"

void
au_terms_agree(struct au_terms *terms, const struct au_source_config *config, const struct au_root *root)
{
	terms->vendor = au_vendor_find(config->vendor, root);
	terms->way = au_vendor_way(terms->vendor, root, config, terms->refused);
}

bool
au_terms_retreat(struct au_terms *terms, const struct au_fault *fault)
{
	terms->refused = fault->kind == AU_FAULT_REFUSED ? terms->way : NULL;
	return terms->refused != NULL;
}

static const char *
way_text(const struct au_terms *terms, const struct au_source_config *config)
{
	if (terms->way != NULL)
		return terms->way->name;
	if (au_streq(config->follow, "poll"))
		return "polled, as follow says";
	if (terms->refused != NULL)
		return "polled, as the server does not let us follow it";
	return au_vendor_must_poll(terms->vendor, config) ? "polled, as attr_id or a filter asks for what is not pushed"
							  : "polled";
}

const char *
au_terms_way_why(const struct au_terms *terms, const struct au_source_config *config)
{
	if (terms->way != NULL && !au_streq(config->follow, "auto"))
		return "the option follow says so, and the server offers it";
	if (terms->way != NULL)
		return "the server offers it, and it is the best of what this kind of server has";
	if (au_streq(config->follow, "poll"))
		return "the option follow says so";
	if (au_vendor_must_poll(terms->vendor, config))
		return "ids other than the server's own, or memberships in a filter, are not pushed by any server of "
		       "this "
		       "kind";
	return "the server offers none of the ways in which this kind of server can be followed";
}

struct au_source_server
au_terms_server(const struct au_terms *terms, const struct au_source_config *config, const struct au_root *root,
    const char *url, struct au_str *product)
{
	au_str_put(product, root->vendor_name);
	if (root->vendor_name[0] != '\0' && root->vendor_version[0] != '\0')
		au_str_put(product, " ");
	au_str_put(product, root->vendor_version);
	return (struct au_source_server){ .url = url,
		.vendor = terms->vendor->name,
		.product = au_str_get(product),
		.way = way_text(terms, config) };
}
