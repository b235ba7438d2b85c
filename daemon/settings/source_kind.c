/* SPDX-License-Identifier: ISC */
/*
 * A directory and a polled SCIM service are both sources, with options of their
 * own and some in common.  One that the other kind would ignore is refused: the
 * person who wrote it believes that it does something.
 */
#include "settings/settings_check.h"

#include "base/mem.h"
#include "base/str.h"
#include "model/scim_path.h"
#include "settings/address.h"

#include <string.h>

/* All others are for directories only. */
static const char *const of_both[] = {
	"name",
	"kind",
	"insecure",
	"ca_file",
	"crl_file",
	"pins",
	"tls_min",
	"client_certificate",
	"client_key",
	"connect_timeout",
	"operation_timeout",
	"poll_interval",
	"reads_kept",
	"held_memory",
	"confirm_after",
	"removals_few",
	"removals_percent",
	"removals_window",
	"people_canaries",
	"groups_canaries",
	"full_compare",
	"max_message",
	"max_members",
	"window",
	"retry_cap",
	"memory_limit",
};
static const char *const of_scim[] = {
	"url",
	"other_urls",
	"token",
	"token_url",
	"client_id",
	"client_secret",
	"token_login",
	"token_scope",
	"token_audience",
	"token_resource",
	"token_ca_file",
	"path_user_name",
	"path_mail",
	"path_display_name",
	"path_given_name",
	"path_family_name",
	"path_external_id",
	"path_group_name",
	"path_expires",
	"inactive",
	"members_from",
	"page_size",
	"trust_total",
	"max_rate",
	"wait_most",
	"poll_overlap",
	"ask_most",
	"torn_most",
};

static const char *const paths[] = { "path_user_name", "path_mail", "path_display_name", "path_given_name",
	"path_family_name", "path_external_id", "path_group_name", "path_expires", "inactive" };

static const char *const needs_ldap[] = { "servers", "people_base", "groups_base" };
static const char *const needs_scim[] = { "url" };

static bool
is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (au_streq(names[i], name))
			return true;
	return false;
}

static bool
fits(const char *option, bool is_scim)
{
	if (is_among(option, of_both, AU_COUNT(of_both)))
		return true;
	return is_among(option, of_scim, AU_COUNT(of_scim)) == is_scim;
}

static int
check_needed(const struct au_raw *at, bool is_scim, struct au_err *err)
{
	const char *const *needed = is_scim ? needs_scim : needs_ldap;
	size_t count = is_scim ? AU_COUNT(needs_scim) : AU_COUNT(needs_ldap);

	for (size_t i = 0; i < count; i++)
		if (au_raw_member(at, needed[i]) == NULL)
			return au_raw_fail(at, err, AU_EINVAL,
			    "option '%s' is missing: a source of kind \"%s\" needs it", needed[i],
			    is_scim ? "scim" : "ldap");
	return 0;
}

/* what: that would be in clear text. */
static int
check_url(const struct au_raw *at, const struct au_values *values, const char *option, const char *url,
    const char *what, struct au_err *err)
{
	bool is_tls = false, is_loopback = false;
	int rc = au_address_web(url, &is_tls, &is_loopback, err);

	if (rc < 0)
		return au_raw_prefix(au_raw_line(at, option), err, rc);
	if (!is_tls && !is_loopback && !au_values_bool(values, "insecure"))
		return au_raw_fail(au_raw_line(at, option), err, AU_EINVAL,
		    "URL '%s' would be spoken to in clear text, %s included: use https://, or set insecure", url, what);
	return 0;
}

static bool
no_token(const struct au_values *values)
{
	return !au_values_str(values, "token") && !au_values_str(values, "token_url");
}

static bool
two_tokens(const struct au_values *values)
{
	return au_values_str(values, "token") && au_values_str(values, "token_url");
}

static bool
no_client(const struct au_values *values)
{
	return au_values_str(values, "token_url") && !au_values_str(values, "client_id");
}

static bool
no_proof(const struct au_values *values)
{
	return au_values_str(values, "token_url") && !au_values_str(values, "client_secret") &&
	       !au_values_str(values, "client_certificate");
}

static const struct {
	const char *option; /* whose line is told */
	bool (*is_broken)(const struct au_values *values);
	const char *text;
} token_rules[] = {
	{ "token", no_token, "option 'token' is missing: a source of kind \"scim\" needs it, or token_url" },
	{ "token", two_tokens, "option 'token': with token_url a token is fetched, so there is no other" },
	{ "token_url", no_client, "option 'token_url' needs 'client_id'" },
	{ "token_url", no_proof,
	    "option 'token_url' needs 'client_secret', or 'client_certificate' to prove who we are" },
};

static const char *const of_token_url[] = { "client_id", "client_secret", "token_login", "token_scope",
	"token_audience", "token_resource", "token_ca_file" };

static int
check_token(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	const char *url = au_values_str(values, "token_url");

	for (size_t i = 0; i < AU_COUNT(token_rules); i++)
		if (token_rules[i].is_broken(values))
			return au_raw_fail(
			    au_raw_line(at, token_rules[i].option), err, AU_EINVAL, "%s", token_rules[i].text);
	if (url != NULL)
		return check_url(at, values, "token_url", url, "secret", err);
	for (size_t i = 0; i < AU_COUNT(of_token_url); i++)
		if (au_raw_member(at, of_token_url[i]) != NULL)
			return au_raw_fail(au_raw_line(at, of_token_url[i]), err, AU_EINVAL,
			    "option '%s': only token_url uses it", of_token_url[i]);
	return 0;
}

static int
check_path(struct au_arena *arena, const char *option, const char *text, struct au_err *err)
{
	struct au_scim_path path;
	struct au_scim_test test;

	return au_streq(option, "inactive") ? au_scim_test_parse(arena, text, &test, err)
					    : au_scim_path_parse(arena, text, &path, err);
}

int
au_check_scim_paths(const struct au_raw *at, const struct au_values *values, const char *option, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	for (size_t i = 0; i < au_values_count(values, option); i++)
		if (check_path(arena, option, au_values_item(values, option, i), err) < 0) {
			au_err_prefix(err, AU_EINVAL, "option '%s'", option);
			return au_raw_prefix(au_raw_line(at, option), err, AU_EINVAL);
		}
	return 0;
}

static int
check_service(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	int rc = check_url(at, values, "url", au_values_str(values, "url"), "token", err);

	for (size_t i = 0; rc == 0 && i < au_values_count(values, "other_urls"); i++)
		rc = check_url(at, values, "other_urls", au_values_item(values, "other_urls", i), "token", err);
	if (rc == 0)
		rc = check_token(at, values, err);
	for (size_t i = 0; rc == 0 && i < AU_COUNT(paths); i++)
		rc = au_check_scim_paths(at, values, paths[i], err);
	return rc;
}

int
au_check_source_kind(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	bool is_scim = au_streq(au_values_str(values, "kind"), "scim");

	for (size_t i = 0; i < at->count; i++)
		if (!fits(at->members[i].name, is_scim))
			return au_raw_fail(&at->members[i], err, AU_EINVAL,
			    "option '%s' means nothing for a source of kind \"%s\"", at->members[i].name,
			    is_scim ? "scim" : "ldap");
	int rc = check_needed(at, is_scim, err);
	return rc == 0 && is_scim ? check_service(at, values, err) : rc;
}
