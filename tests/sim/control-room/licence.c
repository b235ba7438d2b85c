/* SPDX-License-Identifier: ISC */
/* The ledger of device licences.  A disabled user keeps its licence: nothing published says otherwise. */
#include "licence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IN_AAE11 0x1u
#define IN_A360 0x2u

static const struct feature {
	const char *name;
	long bought;
	unsigned where;
} features[] = {
	{ "DEVELOPMENT", 50, IN_AAE11 | IN_A360 },
	{ "RUNTIME", 100, IN_AAE11 | IN_A360 },
	{ "IQBOTRUNTIME", 20, IN_AAE11 | IN_A360 },
	{ "ANALYTICSCLIENT", 20, IN_AAE11 | IN_A360 },
	{ "ANALYTICSAPI", 20, IN_AAE11 | IN_A360 },
	{ "ATTENDEDRUNTIME", 20, IN_A360 },
	{ "AARIUSER", 20, IN_A360 },
	{ "DISCOVERYBOTANALYZER", 20, IN_A360 },
	{ "DISCOVERYBOTRECORDER", 20, IN_A360 },
};

static struct licence *
find(const struct licence_table *table, const char *feature, size_t length)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct licence *row = &table->rows[i];

		if (strncmp(row->feature, feature, length) == 0 && row->feature[length] == '\0')
			return (struct licence *)row;
	}
	return NULL;
}

static bool
set(struct licence *row, const char *value)
{
	char *end;
	long count = strtol(value, &end, 10), elsewhere = *end == '/' ? strtol(end + 1, &end, 10) : 0;

	if (row == NULL)
		return false;
	if (strcmp(value, "off") == 0) {
		row->enabled = false;
		return true;
	}
	if (*value == '\0' || *end != '\0' || count < 0 || elsewhere < 0)
		return false;
	row->enabled = true;
	row->bought = count;
	row->elsewhere = elsewhere;
	return true;
}

bool
licence_set(struct licence_table *table, const char *feature, const char *value)
{
	return set(find(table, feature, strlen(feature)), value);
}

void
licence_table_start(struct licence_table *table, const struct options *options)
{
	unsigned where =
	    options->profile == PROFILE_A360 || options->profile == PROFILE_A360_CLOUD ? IN_A360 : IN_AAE11;

	memset(table, 0, sizeof(*table));
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		if (features[i].where & where)
			table->rows[table->count++] = (struct licence){
				.feature = features[i].name, .enabled = true, .bought = features[i].bought
			};
	}
	for (size_t i = 0; i < options->licences.count; i++) {
		const char *text = options->licences.items[i];
		const char *equals = strchr(text, '=');

		if (!set(find(table, text, (size_t)(equals - text)), equals + 1)) {
			fprintf(stderr, "control-room-sim: --licence '%s': no such feature here, or no count\n", text);
			exit(2);
		}
	}
}

bool
licence_bit(const struct licence_table *table, const char *feature, unsigned *ret_bit)
{
	const struct licence *row = find(table, feature, strlen(feature));

	if (row == NULL)
		return false;
	*ret_bit = 1u << (row - table->rows);
	return true;
}

json_t *
licence_names(const struct licence_table *table, unsigned bits)
{
	json_t *list = json_array();

	for (size_t i = 0; i < table->count; i++) {
		if (bits & (1u << i))
			json_array_append_new(list, json_string(table->rows[i].feature));
	}
	return list;
}

const char *
licence_missing(const struct licence_table *table, unsigned more)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct licence *row = &table->rows[i];

		if ((more & (1u << i)) && (!row->enabled || row->used + row->elsewhere >= row->bought))
			return row->feature;
	}
	return NULL;
}

void
licence_count(struct licence_table *table, unsigned before, unsigned after)
{
	for (size_t i = 0; i < table->count; i++) {
		table->rows[i].used += (after >> i) & 1u;
		table->rows[i].used -= (before >> i) & 1u;
	}
}

static json_int_t
available(const struct licence *row)
{
	long used = row->used + row->elsewhere;

	return row->enabled && row->bought > used ? row->bought - used : 0;
}

json_t *
licence_view_aae11(const struct licence_table *table)
{
	json_t *list = json_array();

	for (size_t i = 0; i < table->count; i++) {
		const struct licence *row = &table->rows[i];

		json_array_append_new(
		    list, json_pack("{s:I, s:s, s:b, s:I, s:I}", "id", (json_int_t)i + 1, "name", row->feature,
			      "enable", row->enabled, "purchasedCount", (json_int_t)row->bought, "usedCount",
			      (json_int_t)row->used + row->elsewhere));
	}
	return json_pack("{s:s, s:i, s:[{s:i, s:s, s:s, s:o}]}", "licenseType", "PURCHASED", "installedBy", 1,
	    "products", "id", 1, "name", "CONTROLROOM", "version", "11.3.4.0", "features", list);
}

json_t *
licence_view_a360(const struct licence_table *table)
{
	json_t *list = json_array();

	for (size_t i = 0; i < table->count; i++) {
		const struct licence *row = &table->rows[i];

		json_array_append_new(
		    list, json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:s}", "name", row->feature, "enabled",
			      row->enabled, "purchasedCount", (json_int_t)row->bought, "usedCountByThisCr",
			      (json_int_t)row->used, "usedCountByAllCr", (json_int_t)row->used + row->elsewhere,
			      "availableCount", available(row), "licenseType", "PURCHASED"));
	}
	return json_pack("{s:[{s:s, s:o}]}", "list", "name", "ControlRoom", "features", list);
}
