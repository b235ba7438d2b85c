/* SPDX-License-Identifier: ISC */
/*
 * `template`: what a template comes to, before anybody has it.  Files are read here, with the rights of who asks; the
 * daemon judges their blocks by its own targets.
 */
#include "base/map.h"
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"
#include "ctl/wrap.h"
#include "settings/raw_json.h"
#include "settings/settings_template.h"
#include "wire/description.h"

#define DEFAULT_FILE SYSCONFDIR "/apiuserd/apiuserd.conf"

static enum au_exit
run_show(struct au_ctl *ctl)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/templates/%s", ctl->args[0]);
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_template, AU_EXIT_SYNC);
}

/* ---- diff ---- */

static int
put_block(struct au_arena *arena, const char *file, const char *name, json_t *body, struct au_err *err)
{
	const struct au_raw *root, *block;
	int rc = au_raw_read(arena, file, &root, err);

	if (rc == 0)
		rc = au_template_find(root, name, &block, err);
	if (rc == 0)
		json_object_set_new(body, "block", au_raw_to_json(block));
	return rc;
}

static enum au_exit
show_difference(const struct au_ctl *ctl, const json_t *json)
{
	const struct au_plan_look look = { .colour = ctl->colour,
		.all = au_ctl_value(ctl, "all") != NULL,
		.columns = ctl->terminal ? au_wrap_columns() : 0 };
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	if (ctl->json)
		return au_ctl_print_json(json, au_verdict_template(json));
	au_view_template_difference(json, &look, &out);
	return au_ctl_print(au_str_get(&out), out.len, au_verdict_template(json));
}

static enum au_exit
run_diff(struct au_ctl *ctl)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/templates/%s/diff", ctl->args[0]);
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	struct au_err err = { 0 };

	if (ctl->arg_count > 1 && put_block(arena, ctl->args[1], ctl->args[0], body, &err) < 0)
		return au_ctl_fail(&err);
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return show_difference(ctl, json);
}

/* ---- check ---- */

struct checking {
	const struct au_ctl *ctl;
	struct au_arena *arena;
	const struct au_raw *root;
	struct au_settings *settings; /* by which it is judged here; NULL = by the daemon alone */
	bool whole;                   /* the file configures its targets itself */
	json_t *targets;              /* of the daemon; NULL = it is not asked */
	const char *why_not;          /* that is */
	json_t *list;                 /* of verdicts */
};

static void
release(void *settings)
{
	au_settings_free(settings);
}

/* A whole configuration is judged as the daemon would at its start; where a daemon runs, parts of one need no other. */
static int
read_settings(struct checking *c, const char *file, struct au_err *err)
{
	struct au_settings *settings = NULL;
	const char *config = au_ctl_value(c->ctl, "config");
	int rc;

	c->whole = au_raw_member(c->root, "targets") != NULL;
	if (!c->whole && c->targets != NULL && config == NULL)
		return 0;
	if (!c->whole)
		file = config != NULL ? config : DEFAULT_FILE;
	rc = au_settings_read(file, au_description_of, NULL, &settings, err);
	if (rc < 0)
		return rc;
	au_arena_defer(c->arena, release, settings);
	c->settings = settings;
	return 0;
}

static int
ask_daemon(struct checking *c, struct au_err *err)
{
	json_t *answer = NULL;
	int rc = 0;

	c->why_not = "offline";
	if (au_ctl_value(c->ctl, "offline") == NULL)
		rc = au_client_call(c->ctl->client, "GET", "/v1/targets", NULL, &answer, err);
	if (rc < 0 && rc != AU_EIO)
		return rc;
	if (rc < 0)
		c->why_not = au_arena_strdup(c->arena, err->text);
	if (answer != NULL)
		c->targets = json_object_get(au_json_in_arena(c->arena, answer), "targets");
	return 0;
}

/* Where the daemon has a target of that name, is it one of the same product? */
static bool
has_target(const struct checking *c, const char *target)
{
	const struct au_target_block *block =
	    c->settings != NULL && target != NULL ? au_settings_target(c->settings, target) : NULL;
	const json_t *item;
	size_t index;

	if (block == NULL)
		return c->targets != NULL && c->settings == NULL;
	json_array_foreach (c->targets, index, item)
		if (au_streq(au_json_get_str(item, "name"), target))
			return au_streq(au_json_get_str(item, "product"), block->describe->product);
	return false;
}

static int
check_here(const struct checking *c, const struct au_raw *block, struct au_err *err)
{
	struct au_settings *settings = NULL;
	int rc = c->settings != NULL && !c->whole ? au_settings_with_template(c->settings, block, &settings, err) : 0;

	au_settings_free(settings);
	return rc;
}

static int
check_there(const struct checking *c, const struct au_raw *block, const char *name, json_t *item, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/templates/%s/check", name);
	AU_CLEANUP(au_json_decrefp) json_t *answer = NULL, *body = json_object();
	int rc;

	json_object_set_new(body, "block", au_raw_to_json(block));
	rc = au_client_call(c->ctl->client, "POST", path, body, &answer, err);
	if (rc == 0)
		json_object_update(item, answer);
	return rc;
}

static const char *
text_of(const struct au_raw *block, const char *member)
{
	const struct au_raw *node = au_raw_member(block, member);

	return node != NULL ? json_string_value(node->value) : NULL;
}

/* Who may not ask, or whom the daemon fails to answer, has not been told that the template is wrong. */
static bool
is_verdict(int rc)
{
	return rc == AU_EINVAL || rc == AU_ELIMIT;
}

static int
check_block(struct checking *c, const struct au_raw *block, struct au_map *seen, struct au_err *ret_err)
{
	const char *name = text_of(block, "name"), *target = text_of(block, "target");
	json_t *item = json_object();
	struct au_err err = { 0 };
	int rc;

	json_array_append_new(c->list, item);
	au_json_set_str(item, "template", name);
	au_json_set_str(item, "target", target);
	if (name != NULL && au_map_put(seen, name, seen) != NULL)
		rc = au_raw_fail(block, &err, AU_EINVAL, "name '%s' stands in this file already", name);
	else
		rc = check_here(c, block, &err);
	if (rc == 0 && name != NULL && has_target(c, target))
		rc = check_there(c, block, name, item, &err);
	else if (rc == 0)
		au_json_set_str(item, "unasked", c->targets == NULL ? c->why_not : "the daemon has no such target");
	if (rc < 0 && !is_verdict(rc)) {
		*ret_err = err;
		return rc;
	}
	au_json_set_str(item, "problem", rc < 0 ? err.text : NULL);
	return 0;
}

static int
check_file(struct checking *c, const char *file, struct au_err *err)
{
	const struct au_raw *list;
	struct au_map *seen;
	int rc = au_raw_read(c->arena, file, &c->root, err);

	if (rc == 0)
		rc = ask_daemon(c, err);
	if (rc == 0)
		rc = read_settings(c, file, err);
	if (rc < 0)
		return rc;
	list = au_raw_member(c->root, "templates");
	if (list == NULL || list->count == 0)
		return au_fail(err, AU_EINVAL, "%s: has no templates", file);
	seen = au_map_new();
	for (size_t i = 0; rc == 0 && i < list->count; i++)
		rc = check_block(c, &list->members[i], seen, err);
	au_map_free(seen, NULL);
	return rc;
}

static enum au_exit
run_check(struct au_ctl *ctl)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *json = json_object();
	struct checking c = { .ctl = ctl, .arena = arena, .list = json_array() };
	struct au_err err = { 0 };

	json_object_set_new(json, "templates", c.list);
	if (check_file(&c, ctl->args[0], &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_template_check, au_verdict_template_check(json));
}

static const struct au_ctl_option check_options[] = {
	{ "config", "FILE", "Judge by the targets of this configuration." },
	{ "offline", NULL, "Do not ask the daemon, nor through it any target." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option diff_options[] = {
	{ "all", NULL, "Show each step, however many there are of a kind." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_template_check = {
	.name = "template check",
	.args = "FILE",
	.min_args = 1,
	.max_args = 1,
	.summary = "Tell whether the templates in a file are ones that their targets would take",
	.options = check_options,
	.run = run_check,
};

const struct au_command au_command_template_show = {
	.name = "template show",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.summary = "Show a template with its defaults, the rules on it, what it takes and who gives it",
	.run = run_show,
};

const struct au_command au_command_template_diff = {
	.name = "template diff",
	.args = "NAME [FILE]",
	.min_args = 1,
	.max_args = 2,
	.summary = "Show what a changed template would change for whom, and change nothing",
	.options = diff_options,
	.run = run_diff,
};
