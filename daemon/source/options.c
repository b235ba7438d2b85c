/* SPDX-License-Identifier: ISC */
/* The fields of the start message have the names of the options that they are filled from. */
#include "source/options.h"

#include "wire/source_start.h"

/* lists: owns the lists that the fields point to. */
static void
fill_field(const struct au_source_field *field, const struct au_values *values, json_t *lists, void *at)
{
	json_t *list;

	switch (field->type) {
	case AU_FIELD_STR:
		*(const char **)at = au_values_str(values, field->name);
		break;
	case AU_FIELD_NUM:
		*(long long *)at = au_values_num(values, field->name);
		break;
	case AU_FIELD_BOOL:
		*(bool *)at = au_values_bool(values, field->name);
		break;
	case AU_FIELD_LIST:
		if (!field->required && !au_values_is_set(values, field->name))
			break; /* not the same as an empty list */
		list = json_array();
		json_array_append_new(lists, list);
		for (size_t i = 0; i < au_values_count(values, field->name); i++)
			json_array_append_new(list, json_string(au_values_item(values, field->name, i)));
		*(const json_t **)at = list;
		break;
	}
}

json_t *
au_source_options(const struct au_values *values)
{
	AU_CLEANUP(au_json_decrefp) json_t *lists = json_array();
	struct au_source_start start = { 0 };

	for (const struct au_source_field *field = au_source_fields; field->name != NULL; field++)
		fill_field(field, values, lists, (char *)&start.config + field->offset);
	return au_source_config_to_json(&start.config);
}
