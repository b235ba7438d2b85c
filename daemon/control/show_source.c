/* SPDX-License-Identifier: ISC */
/*
 * Handler: one source, with what people need before they decide: how its
 * searches stand, how they were read lately, and who would go.
 */
#include "base/str.h"
#include "control/overview.h"
#include "control/render.h"
#include "control/route.h"
#include "source/round.h"
#include "source/verdict.h"
#include "store/reading.h"

#include <string.h>

#define MISSING_MOST 100

/* ---- from the store ---- */

static json_t *
search_json(const struct au_search_now *search, enum au_search which)
{
	json_t *json = json_object();
	struct au_str doubt = AU_STR_INIT;

	au_json_set_str(json, "search", au_search_name(which));
	au_json_set_int(json, "whole_ms", search->whole_ms);
	au_json_set_int(json, "missing", search->missing);
	if (au_reading_is_suspect(search)) {
		au_verdict_doubt(search, &doubt);
		au_json_set_str(json, "doubt", au_str_get(&doubt));
		au_json_set_int(json, "would_go", search->doomed);
		au_json_set_int(json, "of", search->before);
	}
	au_str_done(&doubt);
	return json;
}

static int
read_searches(struct au_store_tx *tx, struct au_control_request *r, struct au_err *err)
{
	struct au_source_now now;
	const char *cookies[AU_SEARCHES];
	json_t *list = json_array();
	int rc = au_round_load(tx, r->arena, r->params[0], &now, cookies, err);

	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++)
		json_array_append_new(list, search_json(&now.searches[i], i));
	if (rc == 0)
		json_object_set_new(r->result, "held", json_boolean(au_reading_is_doubted(&now)));
	json_object_set_new(r->result, "searches", list);
	return rc;
}

static json_t *
reading_json(const struct au_reading_row *row)
{
	json_t *json;

	if (au_json_parse(row->text, strlen(row->text), AU_JSON_DEPTH, &json, NULL) < 0)
		json = json_object();
	au_json_set_str(json, "search", row->search);
	return json;
}

static int
read_readings(struct au_store_tx *tx, struct au_control_request *r, struct au_err *err)
{
	struct au_reading_row *rows = NULL;
	size_t count = 0;
	json_t *list = json_array();
	int rc = au_store_reading_list(tx, r->arena, r->params[0], &rows, &count, err);

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, reading_json(&rows[i]));
	json_object_set_new(r->result, "readings", list);
	return rc;
}

static json_t *
missing_json(const struct au_missing *row)
{
	json_t *json = json_object();
	bool is_member = row->member[0] != '\0';

	au_json_set_str(json, "search", row->search);
	au_json_set_str(json, "id", is_member ? row->member : row->id);
	au_json_set_str(json, "dn", row->dn);
	au_json_set_str(json, "name", row->name);
	au_json_set_str(json, "group", is_member ? row->id : NULL);
	au_json_set_str(json, "group_name", row->group_name);
	return json;
}

static int
read_missing(struct au_store_tx *tx, struct au_control_request *r, struct au_err *err)
{
	struct au_missing *rows = NULL;
	size_t count = 0;
	long long total = 0;
	json_t *list = json_array();
	int rc = au_store_missing_list(tx, r->arena, r->params[0], MISSING_MOST, &rows, &count, &total, err);

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, missing_json(&rows[i]));
	json_object_set_new(r->result, "missing", list);
	au_json_set_int(r->result, "missing_total", total);
	return rc;
}

static int
source_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	struct au_source_row row = { .name = r->params[0], .state = AU_SOURCE_NEW };
	int rc = au_store_source_get(tx, r->arena, r->params[0], &row, err);

	json_decref(r->result); /* the work is done anew when the store was busy */
	r->result = NULL;
	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	row.name = r->params[0];
	r->result = au_render_source(&row);
	rc = read_searches(tx, r, err);
	if (rc == 0)
		rc = read_readings(tx, r, err);
	return rc < 0 ? rc : read_missing(tx, r, err);
}

/* ---- from the loop ---- */

static void
add_live(const struct au_source *source, json_t *json)
{
	struct au_source_server server;

	au_json_set_int(json, "pid", au_source_pid(source));
	if (!au_source_server(source, &server))
		return;
	au_json_set_str(json, "server", server.url);
	au_json_set_str(json, "vendor", server.vendor);
	au_json_set_str(json, "product", server.product);
	au_json_set_str(json, "cover", server.cover);
	au_json_set_str(json, "way", server.way);
	au_json_set_str(json, "accesslog", server.log);
	json_object_set(json, "effective", (json_t *)(uintptr_t)server.effective);
}

static void
finish_source(struct au_control_request *r)
{
	const struct au_block *block;
	const struct au_source *source;

	if (r->control == NULL) {
		au_control_request_drop(r);
		return;
	}
	block = au_settings_source(r->control->world.settings, r->params[0]);
	source = au_overview_find_source(&r->control->world, r->params[0]);
	if (block != NULL)
		au_json_set_str(r->result, "kind", au_values_str(block->values, "kind"));
	json_object_set_new(r->result, "membership", au_engine_oddities_json(r->control->world.engine, r->params[0]));
	if (source != NULL)
		add_live(source, r->result);
	au_control_request_answer(r, 200, json_incref(r->result));
}

void
au_show_source(struct au_control_request *r)
{
	struct au_err err = { 0 };

	if (au_overview_find_source(&r->control->world, r->params[0]) == NULL) {
		au_fail(&err, AU_ENOENT, "source '%s': not a directory that is watched", r->params[0]);
		au_control_request_fail(r, &err);
		return;
	}
	au_control_request_read(r, AU_READ_SCAN, source_work, finish_source);
}
