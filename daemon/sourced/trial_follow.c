/* SPDX-License-Identifier: ISC */
/*
 * RFC 4533 with refreshOnly at the base of the people, whose entry seldom is one
 * of them: a server that announces the control for one of its databases may not
 * have it for ours.  DirSync for an object that nobody has: it shows whether the
 * account may replicate.
 */
#include "sourced/trial_follow.h"

#include "base/str.h"
#include "model/dn.h"
#include "sourced/ask.h"
#include "sourced/dirsync.h"
#include "sourced/dirsync_control.h"
#include "sourced/log_look.h"
#include "sourced/trial_report.h"
#include "sourced/watch.h"

#define NO_OBJECT "(objectGUID=\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00)"
#define MAX_BYTES 4096

/* A sequence with the mode refreshOnly (section 2.2). */
static char refresh_only[] = { 0x30, 0x03, 0x0a, 0x01, 0x01 };

struct au_trial_follow {
	struct au_trial_follow_config config;
	struct au_arena *arena;
	LDAPControl control;
	struct berval *value; /* of the control, when it is ours to free */
	struct au_ask *ask;
	struct au_log_look *log;
};

static const char *const no_attributes[] = { LDAP_NO_ATTRS, NULL };

static void
tell_command(const struct au_trial_follow *follow, const struct au_command_search *search)
{
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;

	au_command_ldapsearch(&line, follow->config.as, search);
	au_trial_append(follow->config.report, "commands", json_string(au_str_get(&line)));
}

static void
ask(struct au_trial_follow *follow, const struct au_command_search *search,
    void (*ended)(void *ctx, const struct au_asked *asked))
{
	tell_command(follow, search);
	follow->ask = au_ask_new(&(struct au_ask_config){ .line = follow->config.line,
	    .base = search->base,
	    .filter = search->filter,
	    .scope = search->scope,
	    .attributes = search->attributes,
	    .control = &follow->control,
	    .timeout_ms = follow->config.timeout_ms,
	    .ended = ended,
	    .ctx = follow });
}

/* ---- the log of changes ---- */

static void
on_log_found(void *ctx, const char *dn, const struct au_log_place *place)
{
	struct au_trial_follow *follow = ctx;

	(void)place;
	au_trial_text(json_object_get(follow->config.report, "server"), "log", dn);
	follow->config.ended(follow->config.ctx);
}

static void
on_log_useless(void *ctx, const char *why)
{
	struct au_trial_follow *follow = ctx;

	au_trial_find(follow->config.report, AU_TRIAL_NOTE,
	    "there is no log of changes that can be used (%s): each change of a group brings all of its members, which "
	    "matters where it has more than %lld",
	    why, follow->config.groups->config->accesslog_from);
	follow->config.ended(follow->config.ctx);
}

/* Only where the source would use it. */
static void
look_for_log(struct au_trial_follow *follow)
{
	static const struct au_log_look_events events = { .found = on_log_found, .useless = on_log_useless };
	const struct au_trial_follow_config *config = &follow->config;

	if (config->groups->stamp == NULL) {
		config->ended(config->ctx);
		return;
	}
	follow->log = au_log_look_new(config->groups, &events, follow);
	au_log_look_start(follow->log, config->line, config->root, NULL, config->timeout_ms);
}

/* ---- RFC 4533 ---- */

static void
on_synchronized(void *ctx, const struct au_asked *asked)
{
	struct au_trial_follow *follow = ctx;
	struct au_fault fault;

	if (asked->code != LDAP_SUCCESS) {
		au_fault_from_code(&fault, asked->code, "content synchronization (RFC 4533)", asked->text);
		au_trial_find(follow->config.report, AU_TRIAL_WARNING,
		    "%s: the directory would be polled; an OpenLDAP server needs the overlay syncprov on this "
		    "database, 389-DS the plugins Content Synchronization and Retro Changelog",
		    fault.text);
		follow->config.ended(follow->config.ctx);
	} else
		look_for_log(follow);
}

static void
ask_sync(struct au_trial_follow *follow)
{
	follow->control = (LDAPControl){ .ldctl_oid = (char *)(uintptr_t)LDAP_CONTROL_SYNC,
		.ldctl_value = { sizeof(refresh_only), refresh_only },
		.ldctl_iscritical = 1 };
	ask(follow,
	    &(struct au_command_search){ .base = au_mapping_base(follow->config.people),
		.filter = au_mapping_filter(follow->config.people),
		.scope = LDAP_SCOPE_BASE,
		.attributes = no_attributes,
		.extension = "!sync=ro" },
	    on_synchronized);
}

/* ---- DirSync ---- */

static void
on_replicated(void *ctx, const struct au_asked *asked)
{
	struct au_trial_follow *follow = ctx;
	struct au_fault fault;

	if (asked->code != LDAP_SUCCESS) {
		au_fault_from_code(&fault, asked->code, "DirSync", asked->text);
		au_trial_find(follow->config.report, AU_TRIAL_WARNING,
		    "%s: without the right to replicate (DS-Replication-Get-Changes on the domain) only what this "
		    "account may read is told of, and deletions may have to be found by counting",
		    fault.text);
	}
	follow->config.ended(follow->config.ctx);
}

static void
ask_dirsync(struct au_trial_follow *follow)
{
	const char *base = NULL, *partition = NULL;

	if (au_dn_normalize(follow->arena, au_mapping_base(follow->config.people), &base, NULL) == 0)
		partition = au_root_context(follow->config.root, base);
	if (partition == NULL) {
		au_trial_find(follow->config.report, AU_TRIAL_ERROR, "DirSync: the server has no partition with '%s'",
		    au_mapping_base(follow->config.people));
		follow->config.ended(follow->config.ctx);
		return;
	}
	follow->value = au_dirsync_request(0, MAX_BYTES, NULL);
	follow->control = (LDAPControl){
		.ldctl_oid = (char *)(uintptr_t)AU_OID_DIRSYNC, .ldctl_value = *follow->value, .ldctl_iscritical = 1
	};
	ask(follow,
	    &(struct au_command_search){ .base = partition,
		.filter = NO_OBJECT,
		.scope = LDAP_SCOPE_SUBTREE,
		.attributes = no_attributes,
		.extension = "!dirSync=0/4096" },
	    on_replicated);
}

/* ---- for the trial ---- */

struct au_trial_follow *
au_trial_follow_new(const struct au_trial_follow_config *config)
{
	struct au_trial_follow *follow = au_xcalloc(1, sizeof(*follow));

	*follow = (struct au_trial_follow){ .config = *config, .arena = au_arena_new() };
	if (config->terms->way == &au_way_sync)
		ask_sync(follow);
	else if (config->terms->way == &au_way_dirsync)
		ask_dirsync(follow);
	else
		config->ended(config->ctx);
	return follow;
}

void
au_trial_follow_free(struct au_trial_follow *follow)
{
	if (follow == NULL)
		return;
	au_ask_free(follow->ask);
	au_log_look_free(follow->log);
	if (follow->value != NULL)
		ber_bvfree(follow->value);
	au_arena_free(follow->arena);
	free(follow);
}
