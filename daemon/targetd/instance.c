/* SPDX-License-Identifier: ISC */
/* Which options are secrets is known from the plugin's rows, so that one is never given by value by mistake. */
#include "targetd/instance.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"

#define MOST_BYTES (1u << 20)

int
au_instance_read(const char *path, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *text = NULL;
	json_t *json;
	size_t len;
	int r = au_io_read(path, MOST_BYTES, &text, &len, err);

	if (r != 0)
		return r;
	if ((r = au_json_parse(text, len, AU_JSON_DEPTH, &json, err)) != 0)
		return au_err_prefix(err, r, "file '%s'", path);
	if (!json_is_object(json)) {
		json_decref(json);
		return au_fail(err, AU_EINVAL, "file '%s': expected a JSON object", path);
	}
	*ret = json;
	return 0;
}

static int
put_secret(json_t *options, const char *name, struct au_err *err)
{
	AU_CLEANUP(au_secret_freep) struct au_secret *secret = NULL;
	const char *place = au_json_get_str(options, name);
	int r;

	if (place == NULL)
		return au_fail(err, AU_EINVAL, "option '%s': expected a place, file:/PATH or credential:NAME", name);
	if ((r = au_io_secret(place, &secret, err)) != 0)
		return au_err_prefix(err, r, "option '%s'", name);
	au_json_set_str(options, name, au_secret_text(secret));
	return 0;
}

int
au_instance_options(const json_t *options, const struct au_describe *describe, json_t **ret, struct au_err *err)
{
	json_t *copy = options != NULL ? json_deep_copy(options) : json_object();
	int r = json_is_object(copy) ? 0 : au_fail(err, AU_EINVAL, "options: expected an object");

	for (const struct au_opt *row = describe->instance_opts; r == 0 && row->name != NULL; row++) {
		if (row->type == AU_SECRET && json_object_get(copy, row->name) != NULL)
			r = put_secret(copy, row->name, err);
	}
	if (r != 0) {
		au_json_wipe(copy);
		json_decref(copy);
		return r;
	}
	*ret = copy;
	return 0;
}
