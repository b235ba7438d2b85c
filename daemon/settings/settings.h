/* SPDX-License-Identifier: ISC */
/*
 * The configuration, read from libconfig and checked: five nouns (sources,
 * SCIM clients, targets, templates, rules) and a few blocks about the daemon itself.
 * A settings object never changes; a reload makes a new one.
 */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H

#include "base/opt.h"
#include "model/describe.h"
#include "model/pool.h"
#include "model/rule.h"
#include "model/stricter.h"

/* One named block: its values by rows (settings/rows.h), and where it stands. */
struct au_block {
	const char *name;
	struct au_values *values;
	const char *file;
	int line;
};

struct au_target_block {
	struct au_block block;              /* rows au_target_rows: plugin, login, intervals, limits */
	const json_t *options;              /* the plugin's own options, checked against its instance_opts */
	const struct au_describe *plugin;   /* what the plugin says about itself */
	const struct au_describe *describe; /* the same, with the rules of our own: what everything is held to */
	const struct au_own_rules *own;     /* rows au_tighten_rows; never NULL, empty as a rule */
	struct au_pool_spec *pools;         /* the plugin's and the configuration's own */
	size_t pool_count;
};

/* An attribute of a configured SCIM schema; the checks of its form are done (settings_scim.h). */
struct au_scim_attribute {
	struct au_block block; /* rows au_attribute_rows */
	struct au_scim_attribute *subs;
	size_t sub_count;
};

struct au_scim_schema {
	struct au_block block; /* rows au_schema_rows */
	struct au_scim_attribute *attributes;
	size_t attribute_count;
};

struct au_settings {
	struct au_arena *arena;
	unsigned references; /* loop thread only */
	const char *file;
	struct au_values *daemon;    /* rows au_daemon_rows: state folder, log, worker folder */
	struct au_values *scim;      /* rows au_scim_rows: listen, tls, limits */
	struct au_values *control;   /* rows au_control_rows: socket, viewers, operators */
	struct au_values *reconcile; /* rows au_reconcile_rows: interval, grace, guard */
	struct au_values *webhook;   /* rows au_webhook_rows: url, keys, retries */
	struct au_block *sources;    /* rows au_source_rows */
	size_t source_count;
	struct au_block *issuers; /* rows au_issuer_rows */
	size_t issuer_count;
	struct au_block *clients;    /* rows au_client_rows */
	size_t client_count;
	struct au_scim_schema *scim_schemas;
	size_t scim_schema_count;
	struct au_block *scim_types; /* rows au_resource_type_rows */
	size_t scim_type_count;
	struct au_target_block *targets;
	size_t target_count;
	struct au_template *templates; /* canonical and problem are NULL here */
	size_t template_count;
	struct au_rule *rules;
	size_t rule_count;
};

/* Fetch what a plugin says about itself (wire/description runs the worker that the daemon block names, which is read
 * and checked before).  The result lives in the arena. */
typedef int au_describe_fn(void *ctx, const struct au_values *daemon, struct au_arena *arena, const char *plugin,
    const struct au_describe **ret, struct au_err *err);

/*
 * Read and check everything.  AU_EINVAL with "FILE:LINE: ..." for syntax, unknown keys, wrong types, values outside
 * their range, a template that the product can never accept, a rule naming what is not there, names used twice.
 */
int au_settings_read(const char *file, au_describe_fn *describe, void *describe_ctx, struct au_settings **ret,
    struct au_err *err);
/* One more holder; jobs that outlive a reload keep the settings they began with. */
struct au_settings *au_settings_hold(struct au_settings *settings);
void au_settings_free(struct au_settings *settings); /* drops one hold, the last frees; NULL is fine */

const struct au_block *au_settings_source(const struct au_settings *settings, const char *name);
const struct au_block *au_settings_issuer(const struct au_settings *settings, const char *name);
const struct au_block *au_settings_client(const struct au_settings *settings, const char *name);
const struct au_target_block *au_settings_target(const struct au_settings *settings, const char *name);
const struct au_template *au_settings_template(const struct au_settings *settings, const char *name);

/* The sample configuration and the option part of apiuserd.conf(5), printed from the rows. */
void au_settings_print_sample(struct au_str *out);
void au_settings_print_man(struct au_str *out);

#endif
