/* SPDX-License-Identifier: ISC */
/* One table of fields serves both directions; its names are those of the option rows that the daemon fills it from. */
#include "wire/source_start.h"

#include "base/str.h"

#define FIELD(name, type, required)                                                                                    \
	{                                                                                                              \
#name, type, required, false, offsetof(struct au_source_config, name)                                  \
	}
/* One that decides what is read, or what becomes of it. */
#define FIELD_READS(name, type, required)                                                                              \
	{                                                                                                              \
#name, type, required, true, offsetof(struct au_source_config, name)                                   \
	}

const struct au_source_field au_source_fields[] = {
	FIELD(name, AU_FIELD_STR, true),
	FIELD(kind, AU_FIELD_STR, true),
	FIELD(url, AU_FIELD_STR, false),
	FIELD(other_urls, AU_FIELD_LIST, false),
	FIELD(token_url, AU_FIELD_STR, false),
	FIELD(token_ca_file, AU_FIELD_STR, false),
	FIELD(client_id, AU_FIELD_STR, false),
	FIELD(token_login, AU_FIELD_STR, false),
	FIELD(token_scope, AU_FIELD_STR, false),
	FIELD(token_audience, AU_FIELD_STR, false),
	FIELD(token_resource, AU_FIELD_STR, false),
	FIELD_READS(path_user_name, AU_FIELD_LIST, false),
	FIELD_READS(path_mail, AU_FIELD_LIST, false),
	FIELD_READS(path_display_name, AU_FIELD_LIST, false),
	FIELD_READS(path_given_name, AU_FIELD_LIST, false),
	FIELD_READS(path_family_name, AU_FIELD_LIST, false),
	FIELD_READS(path_external_id, AU_FIELD_LIST, false),
	FIELD_READS(path_group_name, AU_FIELD_LIST, false),
	FIELD_READS(path_expires, AU_FIELD_LIST, false),
	FIELD_READS(inactive, AU_FIELD_LIST, false),
	FIELD_READS(members_from, AU_FIELD_STR, false),
	FIELD(servers, AU_FIELD_LIST, false),
	FIELD(dns_servers, AU_FIELD_LIST, false),
	FIELD(srv_hosts, AU_FIELD_BOOL, false),
	FIELD_READS(vendor, AU_FIELD_STR, true),
	FIELD(follow, AU_FIELD_STR, true),
	FIELD(ca_file, AU_FIELD_STR, false),
	FIELD(crl_file, AU_FIELD_STR, false),
	FIELD(pins, AU_FIELD_LIST, false),
	FIELD(tls_min, AU_FIELD_STR, true),
	FIELD(ocsp, AU_FIELD_STR, true),
	FIELD(client_certificate, AU_FIELD_STR, false),
	FIELD_READS(bind, AU_FIELD_STR, true),
	FIELD_READS(bind_dn, AU_FIELD_STR, false),
	FIELD_READS(principal, AU_FIELD_STR, false),
	FIELD(kerberos_config, AU_FIELD_STR, false),
	FIELD_READS(people_base, AU_FIELD_STR, false),
	FIELD_READS(people_filter, AU_FIELD_STR, false),
	FIELD_READS(groups_base, AU_FIELD_STR, false),
	FIELD_READS(groups_filter, AU_FIELD_STR, false),
	FIELD_READS(attr_id, AU_FIELD_STR, false),
	FIELD_READS(attr_group_id, AU_FIELD_STR, false),
	FIELD_READS(attr_user_name, AU_FIELD_STR, false),
	FIELD_READS(attr_mail, AU_FIELD_STR, false),
	FIELD_READS(attr_display_name, AU_FIELD_STR, true),
	FIELD_READS(attr_given_name, AU_FIELD_STR, true),
	FIELD_READS(attr_family_name, AU_FIELD_STR, true),
	FIELD_READS(attr_owner, AU_FIELD_STR, false),
	FIELD_READS(attr_application, AU_FIELD_STR, false),
	FIELD_READS(owner_name, AU_FIELD_STR, false),
	FIELD_READS(attr_group_name, AU_FIELD_STR, true),
	FIELD_READS(attr_member, AU_FIELD_LIST, false),
	FIELD_READS(attr_member_url, AU_FIELD_STR, true),
	FIELD_READS(primary_group, AU_FIELD_STR, true),
	FIELD_READS(nested, AU_FIELD_STR, true),
	FIELD_READS(dynamic_bases, AU_FIELD_LIST, false),
	FIELD(dynamic_interval, AU_FIELD_NUM, true),
	FIELD_READS(dynamic_urls, AU_FIELD_NUM, true),
	FIELD_READS(dynamic_url_size, AU_FIELD_NUM, true),
	FIELD_READS(dynamic_members, AU_FIELD_NUM, true),
	FIELD_READS(attr_disabled, AU_FIELD_STR, false),
	FIELD_READS(attr_expires, AU_FIELD_LIST, false),
	FIELD_READS(disabled, AU_FIELD_LIST, false),
	FIELD(people_canaries, AU_FIELD_LIST, false),
	FIELD(groups_canaries, AU_FIELD_LIST, false),
	FIELD(connect_timeout, AU_FIELD_NUM, true),
	FIELD(operation_timeout, AU_FIELD_NUM, true),
	FIELD(probe_interval, AU_FIELD_NUM, true),
	FIELD(poll_interval, AU_FIELD_NUM, true),
	FIELD(poll_recent, AU_FIELD_NUM, true),
	FIELD(change_interval, AU_FIELD_NUM, true),
	FIELD(accesslog, AU_FIELD_STR, false),
	FIELD(accesslog_from, AU_FIELD_NUM, true),
	FIELD(full_compare, AU_FIELD_NUM, true),
	FIELD(confirm_after, AU_FIELD_NUM, true),
	FIELD(reread_after, AU_FIELD_NUM, true),
	FIELD(max_message, AU_FIELD_NUM, true),
	FIELD_READS(max_members, AU_FIELD_NUM, true),
	FIELD(window, AU_FIELD_NUM, true),
	FIELD(member_lists, AU_FIELD_NUM, true),
	FIELD(retry_cap, AU_FIELD_NUM, true),
	FIELD(keepalive_idle, AU_FIELD_NUM, true),
	FIELD(keepalive_interval, AU_FIELD_NUM, true),
	FIELD(keepalive_count, AU_FIELD_NUM, true),
	FIELD(send_timeout, AU_FIELD_NUM, true),
	FIELD(page_size, AU_FIELD_NUM, true),
	FIELD(trust_total, AU_FIELD_BOOL, false),
	FIELD(max_rate, AU_FIELD_NUM, true),
	FIELD(wait_most, AU_FIELD_NUM, true),
	FIELD(poll_overlap, AU_FIELD_NUM, true),
	FIELD(ask_most, AU_FIELD_NUM, true),
	FIELD(torn_most, AU_FIELD_NUM, true),
	FIELD(starttls, AU_FIELD_BOOL, false),
	FIELD(insecure, AU_FIELD_BOOL, false),
	{ NULL, 0, false, false, 0 },
};

static const char *const secrets[] = { "password", "client_key", "token", "client_secret" };

static json_t *
field_to_json(const struct au_source_field *field, const void *at)
{
	const char *text;

	switch (field->type) {
	case AU_FIELD_STR:
		text = *(const char *const *)at;
		return text != NULL ? json_string(text) : json_null();
	case AU_FIELD_NUM:
		return json_integer(*(const long long *)at);
	case AU_FIELD_BOOL:
		return json_boolean(*(const bool *)at);
	case AU_FIELD_LIST:
		return json_deep_copy(*(const json_t *const *)at);
	}
	return NULL;
}

json_t *
au_source_config_to_json(const struct au_source_config *config)
{
	json_t *json = json_object();

	for (const struct au_source_field *field = au_source_fields; field->name != NULL; field++)
		json_object_set_new(json, field->name, field_to_json(field, (const char *)config + field->offset));
	return json;
}

json_t *
au_source_config_reads(const json_t *config)
{
	json_t *reads = json_object();

	for (const struct au_source_field *field = au_source_fields; field->name != NULL; field++) {
		json_t *value = json_object_get(config, field->name);
		if (field->reads && value != NULL && !json_is_null(value))
			json_object_set(reads, field->name, value);
	}
	return reads;
}

json_t *
au_source_start_to_json(const json_t *config, const struct au_source_start *start)
{
	json_t *json = au_source_msg_plain(AU_MSG_START), *cookies = json_object();

	for (int i = 0; i < AU_SEARCHES; i++)
		au_json_set_str(cookies, au_search_name(i), start->cookies[i]);
	json_object_set_new(json, "config", json_deep_copy(config));
	json_object_set_new(json, "cookies", cookies);
	au_json_set_int(json, "compare_in", start->compare_in);
	au_json_set_str(json, "password", start->password);
	au_json_set_str(json, "client_key", start->client_key);
	au_json_set_str(json, "keytab", start->keytab);
	au_json_set_str(json, "token", start->token);
	au_json_set_str(json, "client_secret", start->client_secret);
	return json;
}

static int
list_from_json(const struct au_source_field *field, const json_t *member, const json_t **ret, struct au_err *err)
{
	const json_t *item;
	size_t index;

	if (!json_is_array(member) || (field->required && json_array_size(member) == 0))
		return au_fail(err, AU_EPROTO, "start: member '%s': expected a list", field->name);
	json_array_foreach (member, index, item)
		if (!json_is_string(item))
			return au_fail(err, AU_EPROTO, "start: member '%s': expected a list of text", field->name);
	*ret = member;
	return 0;
}

static int
field_from_json(const struct au_source_field *field, const json_t *config, void *at, struct au_err *err)
{
	const json_t *member = json_object_get(config, field->name);
	int flag;

	if (field->required && (member == NULL || json_is_null(member)))
		return au_fail(err, AU_EPROTO, "start: member '%s' is missing", field->name);
	switch (field->type) {
	case AU_FIELD_STR:
		return au_json_str(config, field->name, NULL, at, err);
	case AU_FIELD_NUM:
		return au_json_int(config, field->name, 0, at, err);
	case AU_FIELD_BOOL:
		if (au_json_bool(config, field->name, 0, &flag, err) < 0)
			return AU_EINVAL;
		*(bool *)at = flag;
		return 0;
	case AU_FIELD_LIST:
		return list_from_json(field, member, at, err);
	}
	return 0;
}

/* Which members a source must have goes by its kind; the options are checked where they are configured. */
static int
check_kind(const struct au_source_config *config, struct au_err *err)
{
	if (au_streq(config->kind, "scim"))
		return config->url != NULL ? 0 : au_fail(err, AU_EPROTO, "start: member 'url' is missing");
	if (json_array_size(config->servers) == 0 || config->people_base == NULL || config->groups_base == NULL)
		return au_fail(err, AU_EPROTO, "start: a directory needs 'servers', 'people_base' and 'groups_base'");
	return 0;
}

int
au_source_start_from_json(const json_t *json, struct au_source_start *ret, struct au_err *err)
{
	struct au_source_start start = { 0 };
	const json_t *config = json_object_get(json, "config"), *cookies = json_object_get(json, "cookies");

	if (!json_is_object(config))
		return au_fail(err, AU_EPROTO, "start: member 'config' is missing");
	for (const struct au_source_field *field = au_source_fields; field->name != NULL; field++) {
		void *at = (char *)&start.config + field->offset;
		if (json_object_get(config, field->name) == NULL && !field->required)
			continue;
		if (field_from_json(field, config, at, err) < 0)
			return au_err_prefix(err, AU_EPROTO, "start");
	}
	if (check_kind(&start.config, err) < 0)
		return AU_EPROTO;
	for (int i = 0; i < AU_SEARCHES; i++)
		start.cookies[i] = au_json_get_str(cookies, au_search_name(i));
	start.password = au_json_get_str(json, "password");
	start.client_key = au_json_get_str(json, "client_key");
	start.keytab = au_json_get_str(json, "keytab");
	start.token = au_json_get_str(json, "token");
	start.client_secret = au_json_get_str(json, "client_secret");
	start.compare_in = au_json_get_int(json, "compare_in");
	*ret = start;
	return 0;
}

json_t *
au_source_try_to_json(const json_t *config, const struct au_source_try *attempt)
{
	json_t *json = au_source_start_to_json(config, &attempt->start), *kind = au_source_msg_plain(AU_MSG_TRY);

	json_object_update(json, kind);
	json_decref(kind);
	au_json_set_int(json, "timeout_ms", attempt->timeout_ms);
	au_json_set_int(json, "entries", attempt->entries);
	au_json_set_int(json, "shown", attempt->shown);
	au_json_set_str(json, "password_file", attempt->password_file);
	au_json_set_str(json, "key_file", attempt->key_file);
	au_json_set_str(json, "token_file", attempt->token_file);
	return json;
}

int
au_source_try_from_json(const json_t *json, struct au_source_try *ret, struct au_err *err)
{
	struct au_source_try attempt = { .timeout_ms = au_json_get_int(json, "timeout_ms"),
		.entries = au_json_get_int(json, "entries"),
		.shown = au_json_get_int(json, "shown"),
		.password_file = au_json_get_str(json, "password_file"),
		.key_file = au_json_get_str(json, "key_file"),
		.token_file = au_json_get_str(json, "token_file") };

	if (attempt.timeout_ms <= 0 || attempt.entries <= 0 || attempt.shown < 0)
		return au_fail(err, AU_EPROTO, "try: expected 'timeout_ms', 'entries' and 'shown'");
	if (au_source_start_from_json(json, &attempt.start, err) < 0)
		return AU_EPROTO;
	*ret = attempt;
	return 0;
}

json_t *
au_source_tried_to_json(json_t *report)
{
	json_t *json = au_source_msg_plain(AU_MSG_TRIED);

	json_object_set_new(json, "report", report);
	return json;
}

int
au_source_tried_from_json(const json_t *json, const json_t **ret, struct au_err *err)
{
	const json_t *report = json_object_get(json, "report");

	if (!json_is_object(report))
		return au_fail(err, AU_EPROTO, "tried: member 'report' is missing");
	*ret = report;
	return 0;
}

void
au_source_start_wipe(json_t *json)
{
	for (size_t i = 0; i < AU_COUNT(secrets); i++) {
		au_json_wipe(json_object_get(json, secrets[i]));
		json_object_del(json, secrets[i]);
	}
}
