/* SPDX-License-Identifier: ISC */
/*
 * libconfig's tree is copied into nodes at once, so that the rest needs neither
 * its types nor its lifetime; what it would let pass in silence is refused here.
 */
#include "settings/raw.h"

#include "base/io.h"
#include "base/str.h"
#include "settings/scan.h"

#include <libconfig.h>
#include <libgen.h>
#include <unistd.h>

#define FILE_MAX (4u << 20) /* a larger configuration file is a mistake */
#define DEPTH_MAX 16

struct reader {
	struct au_arena *arena;
	const char *file;   /* the one that was asked for */
	const char *folder; /* its folder: includes are relative to it */
	struct au_err *err;
};

static int copy_node(const struct reader *r, const config_setting_t *from, int depth, struct au_raw *ret);

/* Some versions of libconfig tell an included file as it was written, some with the folder before it. */
static const char *
file_of(const struct reader *r, const config_setting_t *setting)
{
	const char *file = config_setting_source_file(setting), *beside;

	if (!file || au_streq(file, r->file))
		return r->file;
	beside = au_arena_printf(r->arena, "%s/%s", r->folder, file);
	return *file != '/' && access(beside, F_OK) == 0 ? beside : au_arena_strdup(r->arena, file);
}

static int
scalar_to_json(const struct reader *r, const struct au_raw *at, const config_setting_t *from, json_t **ret)
{
	switch (config_setting_type(from)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		*ret = json_integer(config_setting_get_int64(from));
		return 0;
	case CONFIG_TYPE_BOOL:
		*ret = json_boolean(config_setting_get_bool(from));
		return 0;
	case CONFIG_TYPE_STRING:
		*ret = json_string(config_setting_get_string(from));
		return *ret ? 0 : au_raw_fail(at, r->err, AU_EINVAL, "text is not UTF-8");
	default:
		return au_raw_fail(at, r->err, AU_EINVAL,
		    "a fraction is not used here: write a whole number, or a time or size such as \"15min\" or "
		    "\"1MiB\"");
	}
}

static int
array_to_json(const struct reader *r, const struct au_raw *at, const config_setting_t *from, json_t *array)
{
	for (int i = 0; i < config_setting_length(from); i++) {
		json_t *item = NULL;
		int rc = scalar_to_json(r, at, config_setting_get_elem(from, (unsigned)i), &item);
		if (rc < 0)
			return rc;
		json_array_append_new(array, item);
	}
	return 0;
}

/* ( "a", "b" ) means the same as [ "a", "b" ]: nobody should have to know libconfig's difference. */
static bool
is_array(const config_setting_t *from)
{
	if (config_setting_is_array(from))
		return true;
	for (int i = 0; i < config_setting_length(from); i++)
		if (!config_setting_is_scalar(config_setting_get_elem(from, (unsigned)i)))
			return false;
	return config_setting_is_list(from);
}

static int
copy_members(const struct reader *r, const config_setting_t *from, int depth, struct au_raw *node)
{
	size_t count = (size_t)config_setting_length(from);
	struct au_raw *members = au_arena_alloc(r->arena, (count + 1) * sizeof *members);

	for (size_t i = 0; i < count; i++) {
		int rc = copy_node(r, config_setting_get_elem(from, (unsigned)i), depth + 1, &members[i]);
		if (rc < 0)
			return rc;
	}
	node->members = members;
	node->count = count;
	return 0;
}

static int
copy_value(const struct reader *r, const config_setting_t *from, struct au_raw *node)
{
	json_t *value = NULL;
	int rc;

	if (config_setting_is_scalar(from)) {
		rc = scalar_to_json(r, node, from, &value);
		if (rc < 0)
			return rc;
		node->value = au_json_in_arena(r->arena, value);
		return 0;
	}
	value = au_json_in_arena(r->arena, json_array());
	node->value = value;
	return array_to_json(r, node, from, value);
}

static int
copy_node(const struct reader *r, const config_setting_t *from, int depth, struct au_raw *ret)
{
	struct au_raw node = { .name = au_arena_strdup(r->arena, config_setting_name(from)),
		.file = file_of(r, from),
		.line = config_setting_source_line(from) };
	int rc;

	if (depth > DEPTH_MAX)
		return au_raw_fail(&node, r->err, AU_EINVAL, "groups and lists are nested deeper than %d", DEPTH_MAX);
	if (config_setting_is_group(from)) {
		node.kind = AU_RAW_GROUP;
		rc = copy_members(r, from, depth, &node);
	} else if (config_setting_is_scalar(from) || is_array(from)) {
		node.kind =
		    config_setting_is_list(from) && config_setting_length(from) == 0 ? AU_RAW_LIST : AU_RAW_VALUE;
		rc = copy_value(r, from, &node);
	} else {
		node.kind = AU_RAW_LIST;
		rc = copy_members(r, from, depth, &node);
	}
	if (rc == 0)
		*ret = node;
	return rc;
}

static int
scan_file(const char *file, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *text = NULL;
	size_t len;
	int rc = au_io_read(file, FILE_MAX, &text, &len, err);

	return rc < 0 ? rc : au_scan_text(file, text, err);
}

/* Every file that gave a node, each once: nodes of one file are neighbours but for includes. */
static int
scan_files(const struct au_raw *node, const char **last, struct au_err *err)
{
	if (!au_streq(node->file, *last)) {
		int rc = scan_file(node->file, err);
		if (rc < 0)
			return rc;
		*last = node->file;
	}
	for (size_t i = 0; i < node->count; i++) {
		int rc = scan_files(&node->members[i], last, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int
parse_failed(const config_t *config, const char *file, struct au_err *err)
{
	const char *where = config_error_file(config);

	if (config_error_type(config) == CONFIG_ERR_FILE_IO)
		return au_fail(err, AU_EIO, "%s: cannot be read: it is missing, or not a file, or we may not", file);
	return au_fail(
	    err, AU_EINVAL, "%s:%d: %s", where ? where : file, config_error_line(config), config_error_text(config));
}

static int
read_tree(const struct reader *r, config_t *config, struct au_raw *root)
{
	const char *last = NULL;
	int rc;

	config_set_include_dir(config, r->folder);
	if (!config_read_file(config, r->file))
		return parse_failed(config, r->file, r->err);
	rc = copy_node(r, config_root_setting(config), 0, root);
	return rc < 0 ? rc : scan_files(root, &last, r->err);
}

int
au_raw_read(struct au_arena *arena, const char *file, const struct au_raw **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *copy = au_xstrdup(file);
	struct reader r = { .arena = arena, .file = au_arena_strdup(arena, file), .folder = dirname(copy), .err = err };
	struct au_raw *root = au_arena_alloc(arena, sizeof *root);
	config_t config;
	int rc;

	config_init(&config);
	rc = read_tree(&r, &config, root);
	config_destroy(&config);
	if (rc == 0)
		*ret = root;
	return rc;
}

const struct au_raw *
au_raw_member(const struct au_raw *group, const char *name)
{
	for (size_t i = 0; i < group->count; i++)
		if (au_streq(group->members[i].name, name))
			return &group->members[i];
	return NULL;
}

const struct au_raw *
au_raw_line(const struct au_raw *group, const char *option)
{
	const struct au_raw *member = au_raw_member(group, option);

	return member ? member : group;
}

int
au_raw_fail(const struct au_raw *at, struct au_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	au_vfail(err, code, fmt, ap);
	va_end(ap);
	return au_raw_prefix(at, err, code);
}

int
au_raw_prefix(const struct au_raw *at, struct au_err *err, int code)
{
	return au_err_prefix(err, code, "%s:%d", at->file, at->line);
}

const char *
au_raw_type(const struct au_raw *node)
{
	if (node->kind == AU_RAW_GROUP)
		return "a group";
	if (node->kind == AU_RAW_LIST || json_is_array(node->value))
		return "a list";
	if (json_is_string(node->value))
		return "text";
	return json_is_boolean(node->value) ? "a boolean" : "a number";
}
