/* SPDX-License-Identifier: ISC */
/* Every option of the configuration, one row each; the names are used with au_values_*. */
#ifndef SETTINGS_ROWS_H
#define SETTINGS_ROWS_H

#include "base/opt.h"

/*
 * daemon:    state_dir (str), helper_dir (str: where apiuserd-source and its like are), plugin_dir (str),
 *            master_key (secret place; default: STATE/master.key, made at first start), log_level (enum)
 */
extern const struct au_opt au_daemon_rows[];
/*
 * scim:      listen (list of "ADDR:PORT", "unix:PATH", "systemd:NAME"), socket_mode (octal text, "0660"), base_url
 * (str), tls_certificate (str), tls_key (secret place), tls_client_auth (enum none, optional, require), tls_client_ca
 * (str: PEM file), insecure (bool: clear text beyond loopback), max_head (size, 16KiB), max_body (size, 1MiB),
 *            max_connections (int, 1000), max_per_peer (int, 200), head_timeout (time, 10s), body_timeout (time, 30s),
 *            idle_timeout (time, 60s), bad_token_delay (time, 2s),
 *            max_delayed (int, 200), max_results (int, 200), max_operations (int, 1000: per PATCH)
 */
extern const struct au_opt au_scim_rows[];
/* control:   socket (str), operators (list: user names or "@group"), viewers (list) */
extern const struct au_opt au_control_rows[];
extern const struct au_opt au_webhook_rows[];
/*
 * reconcile: interval (time, 1h: full reconcile), jitter (int percent, 10), grace (time, 30d: disabled until deleted),
 *            nested_depth (int, 10: groups between a member and a rule's group), guard_count (int, 5),
 *            guard_percent (int, 10), guard_small_percent (int, 50), guard_rights_count (int, 5),
 *            guard_rights_percent (int, 10), guard_window (time, 24h), approvals_restrict, approvals_destructive
 *            (int, 1), held_expiry (time, 0s), retry_failed (time, 1h)
 */
extern const struct au_opt au_reconcile_rows[];
/*
 * sources:   name, kind (enum "ldap"), servers (list of ldap:// or ldaps:// URLs), srv_hosts (bool), dns_servers (list
 * of addresses), vendor (enum, "auto"), follow (enum, "auto"), starttls (bool), insecure (bool), ca_file, crl_file
 * (str), pins (list of texts of au_pin_parse), tls_min (enum 1.2, 1.3), ocsp (enum off, staple), client_certificate
 * (str), client_key (secret place), bind (enum simple, external, gssapi, anonymous), bind_dn (str), password (secret
 * place), keytab (secret place), principal (str), kerberos_config (str), people_base, people_filter, groups_base,
 * groups_filter (str), attr_id, attr_group_id (str, unset: the vendor's), attr_user_name, attr_mail (str, unset: the
 * vendor's), attr_display_name
 * ("cn"), attr_given_name ("givenName"), attr_family_name ("sn"), attr_group_name ("cn"), attr_member (list),
 * attr_member_url (str, "memberURL"), dynamic_interval (time, 5min), dynamic_bases (list of DNs), dynamic_urls (int,
 * 16), dynamic_url_size (size, 8KiB), dynamic_members (int, 100000), primary_group (enum, "auto"), nested (enum, "walk"), attr_disabled (str, unset:
 * an attribute whose value TRUE means disabled), disabled (list of texts of au_disabled_parse), connect_timeout (time,
 * 10s), operation_timeout (time, 60s), probe_interval (time, 30s), poll_interval (time, 15min: where the directory is
 * polled), poll_recent (time, unset), accesslog (str, unset: the directory says it), accesslog_from (int, 10000),
 * full_compare (time, 24h), max_message (size, 64MiB), window (size, 8MiB),
 * member_lists (size, 256MiB), retry_cap (time, 5min), login_retry (time, 0s), keepalive_idle (time, 60s),
 * keepalive_interval (time, 10s), keepalive_count (int, 3), send_timeout (time, 90s), memory_limit (size, 1GiB),
 * confirm_after (time, 1min), reread_after (time, 1s), reread_most (int, 100), removals_few (int, 5), removals_percent (int, 10), removals_window (time, 1h),
 * people_canaries, groups_canaries (lists of DNs and ids), reads_kept (int, 10)
 */
extern const struct au_opt au_source_rows[];
/*
 * scim_issuers: name, issuer (str), audience (list), jwks_file (str) or jwks_url (str), ca_file (str),
 *            refresh (time, 1h), algorithms (list of au_jwt_algorithms), client_claim (str, "client_id"),
 *            scope_claim (str, "scope"), scope_prefix (str), scope_required (bool), clock_skew (time, 60s)
 */
extern const struct au_opt au_issuer_rows[];
extern const char *const au_jwt_algorithms[]; /* of signatures (RFC 7518 section 3.1); NULL-terminated */
/*
 * scim_clients: name, description (str), max_requests_per_second (int, 100), profile (enum), show_accounts (bool),
 *            password (enum), path_expires (list)
 */
extern const struct au_opt au_client_rows[];
/*
 * scim_schemas: name, urn, description, extends (str), required (bool),
 *            attributes: name, type (enum), description, multi_valued, required, case_exact, indexed (bool),
 *            mutability, returned, uniqueness (enum), canonical_values, reference_types (list),
 *            sub_attributes: the same rows
 */
extern const struct au_opt au_schema_rows[];
extern const struct au_opt au_attribute_rows[];
/* scim_resource_types: name, endpoint, schema, description (str) */
extern const struct au_opt au_resource_type_rows[];
/*
 * targets:   name, plugin (str), options (group: the plugin's own rows), login (str, "{userName}"),
 *            observe_interval (time, 15min: full list), call_timeout (time, 60s), probe_interval (time, 15min while paused),
 *            retry_cap (time, 15min), memory_limit (size, 512MiB)
 */
extern const struct au_opt au_target_rows[];
/* tighten:   id, field (str), kind (enum), min, max (int), chars (str), choices (list) */
extern const struct au_opt au_tighten_rows[];
extern const char *const au_login_placeholders[]; /* what may stand in braces in login; NULL-terminated */
/*
 * capacity of a target: pool (str), limit, reserve, warn, warn_percent (int), beyond (enum), freed_by_disable (bool: of
 * a pool that the plugin does not know)
 */
extern const struct au_opt au_capacity_rows[];
/*
 * templates: name, target, description (str), takes (list of texts of au_take_parse), rights (group: the plugin's own
 *            rows)
 * rules:     name, source, one of group, entitlement and role (str), template
 */
extern const struct au_opt au_template_rows[];
extern const struct au_opt au_rule_rows[];

#endif
