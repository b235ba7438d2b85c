/* SPDX-License-Identifier: ISC */
/* One row per option that may be left to the vendor. */
#include "sourced/effective.h"

#include "base/str.h"

#define ROW(option)                                                                                                    \
	{                                                                                                              \
#option, offsetof(struct au_source_config, option), offsetof(struct au_vendor, option)                 \
	}

static const struct {
	const char *name;
	size_t option, dflt;
} texts[] = {
	ROW(people_filter),
	ROW(groups_filter),
	ROW(attr_user_name),
	ROW(attr_mail),
};

struct au_source_config
au_effective(const struct au_source_config *config, const struct au_vendor *vendor)
{
	struct au_source_config effective = *config;

	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		const char **option = (const char **)((char *)&effective + texts[i].option);
		if (*option == NULL)
			*option = *(const char *const *)((const char *)vendor + texts[i].dflt);
	}
	return effective;
}

static void
put_item(struct au_str *out, const char *text)
{
	if (out->len > 0)
		au_str_put(out, ", ");
	au_str_put(out, text);
}

static void
put_list(json_t *json, const char *name, const json_t *list, const char *const *dflt)
{
	struct au_str out = AU_STR_INIT;
	bool is_given = list != NULL && (json_array_size(list) > 0 || dflt == NULL);
	const json_t *item;
	size_t index;

	if (is_given)
		json_array_foreach (list, index, item)
			put_item(&out, json_string_value(item));
	else
		for (size_t i = 0; dflt != NULL && dflt[i] != NULL; i++)
			put_item(&out, dflt[i]);
	if (out.len > 0)
		au_json_set_str(json, name, au_str_get(&out));
	au_str_done(&out);
}

/* An empty list means that nobody is disabled, and any other than none that the vendor's own tests do not count. */
static void
put_disabled(json_t *json, const struct au_source_config *config, const struct au_vendor *vendor)
{
	bool is_vendors = config->disabled == NULL && config->attr_disabled == NULL;

	put_list(json, "disabled", config->disabled, is_vendors ? vendor->disabled : NULL);
	if (config->attr_disabled != NULL)
		au_json_set_str(json, "attr_disabled", config->attr_disabled);
}

json_t *
au_effective_to_json(const struct au_source_config *config, const struct au_vendor *vendor)
{
	struct au_source_config effective = au_effective(config, vendor);
	json_t *json = json_object();

	for (size_t i = 0; i < AU_COUNT(texts); i++)
		au_json_set_str(
		    json, texts[i].name, *(const char *const *)((const char *)&effective + texts[i].option));
	au_json_set_str(json, "attr_id", config->attr_id != NULL ? config->attr_id : vendor->identity->attribute);
	put_list(json, "attr_member", config->attr_member, vendor->members);
	put_disabled(json, config, vendor);
	put_list(json, "attr_expires", config->attr_expires, NULL);
	return json;
}
