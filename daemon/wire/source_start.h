/* SPDX-License-Identifier: ISC */
/* The first message to apiuserd-source: settings and secrets by value, and the cookies to go on from. */
#ifndef WIRE_SOURCE_START_H
#define WIRE_SOURCE_START_H

#include "wire/source_msg.h"

/* The source's options, by their names in settings/rows.h.  Times in ms, sizes in bytes. */
struct au_source_config {
	const char *name;
	const char *kind;      /* "ldap" or "scim"; those of the other kind are NULL or of no meaning */
	const char *url;       /* of a SCIM service */
	const json_t *other_urls; /* array of URLs of the same service elsewhere; may be NULL */
	/* Arrays of texts of au_scim_path_parse and au_scim_test_parse; NULL: as SCIM has them. */
	const json_t *path_user_name, *path_mail, *path_display_name, *path_given_name, *path_family_name;
	const json_t *path_external_id, *path_group_name, *path_expires, *inactive;
	const char *members_from; /* "list", "single", "users" or "filter" */
	const char *token_url, *token_ca_file, *client_id, *token_login, *token_scope, *token_audience, *token_resource;
	const json_t *servers; /* array of URLs of a directory */
	const json_t *dns_servers; /* array of addresses, with or without ports; NULL = the system's */
	const char *vendor, *follow;
	const char *ca_file, *crl_file, *client_certificate;
	const char *tls_min;
	const char *ocsp;   /* "off" or "staple" */
	const json_t *pins; /* array of texts of au_pin_parse; NULL = none */
	const char *bind, *bind_dn, *principal, *kerberos_config;
	const char *people_base, *people_filter, *groups_base, *groups_filter;
	const char *attr_id, *attr_group_id; /* NULL: the vendor's; of groups, as of people */
	const char *attr_user_name, *attr_mail, *attr_display_name, *attr_given_name, *attr_family_name;
	const char *attr_group_name, *attr_disabled;
	const json_t *attr_expires;                /* NULL: none */
	const char *attr_owner, *attr_application; /* NULL: nobody has one */
	const char *owner_name;                    /* of an owner's entry */
	const json_t *attr_member; /* array of attributes; empty or NULL = those of the vendor */
	const char *attr_member_url, *primary_group, *nested;
	const json_t *dynamic_bases; /* array of DNs; empty or NULL = the two bases */
	long long dynamic_interval, dynamic_urls, dynamic_url_size, dynamic_members;
	const char *accesslog; /* DN; NULL: the directory says it */
	const json_t *people_canaries, *groups_canaries; /* arrays of DNs and ids; may be NULL */
	const json_t *disabled; /* array of texts of au_disabled_parse; NULL = the vendor's */
	long long connect_timeout, operation_timeout, probe_interval, poll_interval, poll_recent, change_interval;
	long long accesslog_from; /* members of a group; 0 = never */
	long long max_members; /* of a group */
	long long confirm_after, reread_after;
	long long full_compare, max_message, window, member_lists, retry_cap, page_size, poll_overlap, ask_most,
	    torn_most, max_rate, wait_most;
	long long keepalive_idle, keepalive_interval, keepalive_count, send_timeout;
	bool starttls, insecure, trust_total, srv_hosts;
};

enum au_source_field_type { AU_FIELD_STR = 1, AU_FIELD_NUM, AU_FIELD_BOOL, AU_FIELD_LIST };
struct au_source_field {
	const char *name;
	enum au_source_field_type type;
	bool required;
	bool reads;    /* decides what is read, or what becomes of it */
	size_t offset; /* in struct au_source_config */
};
extern const struct au_source_field au_source_fields[]; /* ends with a NULL name */

/* May hold secrets: sender and receiver wipe its text. */
struct au_source_start {
	struct au_source_config config;
	const char *password;             /* NULL without a simple bind */
	const char *token;                /* of a SCIM service; NULL for a directory, or when it is fetched */
	const char *client_secret;        /* by which it is fetched; NULL when there is none */
	const char *client_key;           /* PEM; NULL without a client certificate */
	const char *keytab;               /* its path; NULL without GSSAPI */
	const char *cookies[AU_SEARCHES]; /* NULL: read everything */
	long long compare_in;             /* ms until the next full compare */
};
json_t *au_source_config_to_json(const struct au_source_config *config);
/* Of a config's JSON those members that decide what is read, or what becomes of it, and are not null.  Caller owns it. */
json_t *au_source_config_reads(const json_t *config);
/* config is borrowed and stands for start->config. */
json_t *au_source_start_to_json(const json_t *config, const struct au_source_start *start);
/* Text points into json.  AU_EPROTO. */
int au_source_start_from_json(const json_t *json, struct au_source_start *ret, struct au_err *err);

/* A start that only looks, and how far it may go. */
struct au_source_try {
	struct au_source_start start; /* without cookies */
	long long timeout_ms;         /* for all of it */
	long long entries;            /* people and groups that are read, at most, each */
	long long shown;              /* of which so many are reported in full */
	/* Files that a person's own tools can take, never what is in them; NULL = none. */
	const char *password_file, *key_file, *token_file;
};
json_t *au_source_try_to_json(const json_t *config, const struct au_source_try *attempt);
int au_source_try_from_json(const json_t *json, struct au_source_try *ret, struct au_err *err);
/* What was found (sourced/trial.h).  Takes the reference. */
json_t *au_source_tried_to_json(json_t *report);
/* Borrowed.  AU_EPROTO. */
int au_source_tried_from_json(const json_t *json, const json_t **ret, struct au_err *err);
/* Overwrite the secrets inside json and take them out; pointers to them must not be used any more. */
void au_source_start_wipe(json_t *json);

#endif
