/* SPDX-License-Identifier: ISC */
/* Each rule is a row: when it is broken, and the sentence that says so; those about lists have a function of their own.
 */
#include "settings/settings_check.h"

#include "base/calendar.h"
#include "base/io.h"
#include "base/net.h"
#include "base/when.h"
#include "model/disabled.h"
#include "model/dn.h"
#include "model/pick.h"
#include "model/pin.h"
#include "settings/address.h"
#include "settings/rows.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#define ZONES "/usr/share/zoneinfo"

int
au_check_name(const struct au_raw *at, const char *name, struct au_err *err)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	if (isalnum((unsigned char)*name) && name[strspn(name, allowed)] == '\0' && strlen(name) <= 64)
		return 0;
	return au_raw_fail(au_raw_line(at, "name"), err, AU_EINVAL,
	    "name '%s': expected 1 to 64 of A-Z a-z 0-9 . _ -, the first one a letter or digit", name);
}

static int
check_secret(const char *place, struct au_err *err)
{
	AU_CLEANUP(au_secret_freep) struct au_secret *secret = NULL;
	int rc = au_io_secret_check(place, err);

	if (rc < 0)
		return rc;
	if (strncmp(place, "credential:", strlen("credential:")) == 0 && !getenv("CREDENTIALS_DIRECTORY"))
		return 0;
	return au_io_secret(place, &secret, err);
}

int
au_check_secrets(const struct au_raw *at, const struct au_opt *rows, const struct au_values *values, struct au_err *err)
{
	for (const struct au_opt *row = rows; row->name; row++) {
		const char *place = row->type == AU_SECRET ? au_values_str(values, row->name) : NULL;
		if (!place)
			continue;
		int rc = check_secret(place, err);
		if (rc < 0) {
			au_err_prefix(err, rc, "option '%s'", row->name);
			return au_raw_prefix(au_raw_line(at, row->name), err, rc);
		}
	}
	return 0;
}

int
au_check_pair(
    const struct au_raw *at, const struct au_values *values, const char *one, const char *other, struct au_err *err)
{
	bool has_one = au_values_str(values, one), has_other = au_values_str(values, other);

	if (has_one == has_other)
		return 0;
	return au_raw_fail(au_raw_line(at, has_one ? one : other), err, AU_EINVAL, "option '%s': needs '%s' beside it",
	    has_one ? one : other, has_one ? other : one);
}

/* Clients' certificates: who asks for them needs somebody to verify them by, and TLS. */
static int
check_client_auth(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	bool asks = !au_streq(au_values_str(values, "tls_client_auth"), "none");

	if (asks && !au_values_str(values, "tls_client_ca"))
		return au_raw_fail(au_raw_line(at, "tls_client_auth"), err, AU_EINVAL,
		    "option 'tls_client_auth': needs 'tls_client_ca' beside it");
	if (asks && !au_values_str(values, "tls_certificate"))
		return au_raw_fail(au_raw_line(at, "tls_client_auth"), err, AU_EINVAL,
		    "option 'tls_client_auth': needs 'tls_certificate' beside it");
	if (!asks && au_values_str(values, "tls_client_ca"))
		return au_raw_fail(au_raw_line(at, "tls_client_ca"), err, AU_EINVAL,
		    "option 'tls_client_ca': is not used unless 'tls_client_auth' is \"optional\" or \"require\"");
	return 0;
}

static int
check_proxies(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	struct au_net net;

	for (size_t i = 0; i < au_values_count(values, "trusted_proxies"); i++) {
		const char *proxy = au_values_item(values, "trusted_proxies", i);
		int rc = au_streq(proxy, "unix") ? 0 : au_net_parse(proxy, &net, err);
		if (rc < 0)
			return au_raw_prefix(au_raw_line(at, "trusted_proxies"), err, rc);
	}
	return 0;
}

static int
check_mode(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	const char *mode = au_values_str(values, "socket_mode");

	if (mode[strspn(mode, "01234567")] != '\0' || strtoul(mode, NULL, 8) > 0777)
		return au_raw_fail(au_raw_line(at, "socket_mode"), err, AU_EINVAL,
		    "option 'socket_mode': '%s': expected octal digits, at most \"0777\"", mode);
	return 0;
}

int
au_check_scim(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	const char *base_url = au_values_str(values, "base_url");
	int rc = au_check_pair(at, values, "tls_certificate", "tls_key", err);

	if (rc == 0)
		rc = check_client_auth(at, values, err);
	if (rc == 0)
		rc = check_mode(at, values, err);
	if (rc == 0)
		rc = check_proxies(at, values, err);
	if (rc == 0 && base_url) {
		rc = au_address_base_url(base_url, err);
		if (rc < 0)
			rc = au_raw_prefix(au_raw_line(at, "base_url"), err, rc);
	}
	for (size_t i = 0; rc == 0 && i < au_values_count(values, "listen"); i++) {
		const char *address = au_values_item(values, "listen", i);
		bool is_loopback = false;
		rc = au_address_listen(address, &is_loopback, err);
		if (rc < 0)
			return au_raw_prefix(au_raw_line(at, "listen"), err, rc);
		if (!is_loopback && !au_values_str(values, "tls_certificate") && !au_values_bool(values, "insecure"))
			rc = au_raw_fail(au_raw_line(at, "listen"), err, AU_EINVAL,
			    "address '%s' would be served in clear text: give tls_certificate and tls_key, or set "
			    "insecure",
			    address);
	}
	return rc;
}

/* A rule on how a source's options go together: the option that asks for it, and what must not be. */
struct source_rule {
	const char *option;
	bool (*is_broken)(const struct au_values *values);
	const char *text;
};

static bool
simple_without_password(const struct au_values *values)
{
	return au_streq(au_values_str(values, "bind"), "simple") &&
	       (!au_values_str(values, "bind_dn") || !au_values_str(values, "password"));
}

static bool
external_without_certificate(const struct au_values *values)
{
	return au_streq(au_values_str(values, "bind"), "external") && !au_values_str(values, "client_certificate");
}

static bool
password_without_simple(const struct au_values *values)
{
	return !au_streq(au_values_str(values, "bind"), "simple") && au_values_str(values, "password");
}

static bool
gssapi_without_keytab(const struct au_values *values)
{
	return au_streq(au_values_str(values, "bind"), "gssapi") && !au_values_str(values, "keytab");
}

static bool
keytab_without_gssapi(const struct au_values *values)
{
	return !au_streq(au_values_str(values, "bind"), "gssapi") && au_values_str(values, "keytab");
}

/* Linux ends a connection at the first unanswered question once TCP_USER_TIMEOUT is over (tcp(7)). */
static bool
send_timeout_before_questions(const struct au_values *values)
{
	return au_values_num(values, "send_timeout") <
	       au_values_num(values, "keepalive_idle") +
		   au_values_num(values, "keepalive_interval") * au_values_num(values, "keepalive_count");
}

static const struct source_rule source_rules[] = {
	{ "bind", simple_without_password,
	    "a simple bind needs 'bind_dn' and 'password'; set bind to \"external\", \"gssapi\" or \"anonymous\" for "
	    "another "
	    "log-in" },
	{ "bind", external_without_certificate, "an external bind needs 'client_certificate' and 'client_key'" },
	{ "bind", gssapi_without_keytab, "bind by gssapi needs 'keytab'" },
	{ "keytab", keytab_without_gssapi, "option 'keytab': only bind = \"gssapi\" uses it" },
	{ "password", password_without_simple, "option 'password': only a simple bind uses it" },
	{ "send_timeout", send_timeout_before_questions,
	    "option 'send_timeout': it must not be over before keepalive_idle and keepalive_count times "
	    "keepalive_interval, as the first unanswered question would be the last" },
};

static const char *const source_dns[] = { "bind_dn", "people_base", "groups_base", "accesslog" };

static int
check_dns(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	for (size_t i = 0; i < AU_COUNT(source_dns); i++) {
		const char *dn = au_values_str(values, source_dns[i]), *normal;
		int rc = dn ? au_dn_normalize(arena, dn, &normal, err) : 0;
		if (rc < 0) {
			au_err_prefix(err, rc, "option '%s'", source_dns[i]);
			return au_raw_prefix(au_raw_line(at, source_dns[i]), err, rc);
		}
	}
	for (size_t i = 0; i < au_values_count(values, "dynamic_bases"); i++) {
		const char *normal;
		if (au_dn_normalize(arena, au_values_item(values, "dynamic_bases", i), &normal, err) < 0) {
			au_err_prefix(err, AU_EINVAL, "option 'dynamic_bases'");
			return au_raw_prefix(au_raw_line(at, "dynamic_bases"), err, AU_EINVAL);
		}
	}
	return 0;
}

/* What the text of an option on attributes must be. */
enum attribute_form { ATTRIBUTE_NAME = 1, ATTRIBUTE_PICK, ATTRIBUTE_PICK_EACH };

static const struct {
	const char *option;
	enum attribute_form form;
} attribute_options[] = {
	{ "attr_user_name", ATTRIBUTE_PICK_EACH },
	{ "attr_mail", ATTRIBUTE_PICK_EACH },
	{ "attr_display_name", ATTRIBUTE_PICK },
	{ "attr_given_name", ATTRIBUTE_PICK },
	{ "attr_family_name", ATTRIBUTE_PICK },
	{ "attr_owner", ATTRIBUTE_PICK },
	{ "owner_name", ATTRIBUTE_PICK },
	{ "attr_application", ATTRIBUTE_PICK },
	{ "attr_group_name", ATTRIBUTE_PICK },
	{ "attr_disabled", ATTRIBUTE_NAME },
	{ "attr_member_url", ATTRIBUTE_NAME },
};

static int
check_attribute(struct au_arena *arena, const char *text, enum attribute_form form, struct au_err *err)
{
	struct au_pick pick;

	if (form == ATTRIBUTE_NAME && !au_pick_is_attribute(text))
		return au_fail(err, AU_EINVAL, "'%s' is not an attribute's name", text);
	if (form == ATTRIBUTE_NAME)
		return 0;
	if (au_pick_parse(arena, text, &pick, err) < 0)
		return AU_EINVAL;
	/* One name or address for everybody would make one person of all. */
	if (form == ATTRIBUTE_PICK_EACH && au_pick_is_constant(&pick))
		return au_fail(err, AU_EINVAL, "'%s' has a constant, which would be the same for everybody", text);
	return 0;
}

static int
refuse_option(const struct au_raw *at, const char *option, struct au_err *err)
{
	au_err_prefix(err, AU_EINVAL, "option '%s'", option);
	return au_raw_prefix(au_raw_line(at, option), err, AU_EINVAL);
}

static int
check_attributes(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_disabled test;

	for (size_t i = 0; i < AU_COUNT(attribute_options); i++) {
		const char *option = attribute_options[i].option, *text = au_values_str(values, option);
		if (text && check_attribute(arena, text, attribute_options[i].form, err) < 0)
			return refuse_option(at, option, err);
	}
	for (size_t i = 0; i < au_values_count(values, "attr_member"); i++)
		if (check_attribute(arena, au_values_item(values, "attr_member", i), ATTRIBUTE_NAME, err) < 0)
			return refuse_option(at, "attr_member", err);
	for (size_t i = 0; i < au_values_count(values, "attr_expires"); i++)
		if (check_attribute(arena, au_values_item(values, "attr_expires", i), ATTRIBUTE_NAME, err) < 0)
			return refuse_option(at, "attr_expires", err);
	for (size_t i = 0; i < au_values_count(values, "disabled"); i++)
		if (au_disabled_parse(arena, au_values_item(values, "disabled", i), &test, err) < 0)
			return refuse_option(at, "disabled", err);
	return 0;
}

static int
check_pins(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	unsigned char pin[AU_PIN_SIZE];

	for (size_t i = 0; i < au_values_count(values, "pins"); i++)
		if (au_pin_parse(au_values_item(values, "pins", i), pin, err) < 0)
			return refuse_option(at, "pins", err);
	return 0;
}

static int
check_dns_servers(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	for (size_t i = 0; i < au_values_count(values, "dns_servers"); i++)
		if (au_address_dns(au_values_item(values, "dns_servers", i), err) < 0)
			return au_raw_prefix(au_raw_line(at, "dns_servers"), err, AU_EINVAL);
	return 0;
}

static int
check_servers(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	bool is_covered = au_values_bool(values, "starttls") || au_values_bool(values, "insecure");

	for (size_t i = 0; i < au_values_count(values, "servers"); i++) {
		const char *url = au_values_item(values, "servers", i);
		bool is_tls = false, is_loopback = false;
		int rc = au_address_server(url, &is_tls, &is_loopback, err);
		if (rc < 0)
			return au_raw_prefix(au_raw_line(at, "servers"), err, rc);
		if (is_tls && au_values_bool(values, "starttls"))
			return au_raw_fail(au_raw_line(at, "starttls"), err, AU_EINVAL,
			    "URL '%s' is encrypted from the start: starttls is for ldap:// only", url);
		if (!is_tls && !is_loopback && !is_covered)
			return au_raw_fail(au_raw_line(at, "servers"), err, AU_EINVAL,
			    "URL '%s' would be spoken to in clear text: use ldaps://, or set starttls, or insecure",
			    url);
	}
	return 0;
}

int
au_check_source(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	int rc = au_check_source_kind(at, values, err);

	if (rc == 0)
		rc = check_pins(at, values, err);
	if (rc == 0)
		rc = au_check_pair(at, values, "client_certificate", "client_key", err);
	if (rc < 0 || au_streq(au_values_str(values, "kind"), "scim"))
		return rc;
	rc = check_servers(at, values, err);
	if (rc == 0)
		rc = check_dns(at, values, err);
	if (rc == 0)
		rc = check_attributes(at, values, err);
	if (rc == 0)
		rc = check_dns_servers(at, values, err);
	for (size_t i = 0; rc == 0 && i < AU_COUNT(source_rules); i++)
		if (source_rules[i].is_broken(values))
			rc = au_raw_fail(
			    au_raw_line(at, source_rules[i].option), err, AU_EINVAL, "%s", source_rules[i].text);
	return rc;
}

static bool
is_placeholder(const char *name, size_t len)
{
	for (const char *const *known = au_login_placeholders; *known; known++)
		if (strlen(*known) == len && strncmp(*known, name, len) == 0)
			return true;
	return false;
}

static int
parse_time(const char *text, struct au_err *err)
{
	struct au_calendar time;

	return au_calendar_parse(text, &time, err);
}

static int
parse_window(const char *text, struct au_err *err)
{
	struct au_window window;

	return au_window_parse(text, &window, err);
}

static int
check_each(const struct au_raw *at, const struct au_values *values, const char *name,
    int (*parse)(const char *text, struct au_err *err), struct au_err *err)
{
	const char *text;

	for (size_t i = 0; (text = au_values_item(values, name, i)) != NULL; i++) {
		int rc = parse(text, err);
		if (rc < 0) {
			au_err_prefix(err, rc, "option '%s'", name);
			return au_raw_prefix(au_raw_line(at, name), err, rc);
		}
	}
	return 0;
}

int
au_check_daemon(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	const char *zone = au_values_str(values, "time_zone");
	AU_CLEANUP(au_freep) char *path = zone ? au_xasprintf(ZONES "/%s", zone) : NULL;

	if (!zone || (*zone != '.' && *zone != '/' && !strstr(zone, "..") && access(path, R_OK) == 0))
		return 0;
	return au_raw_fail(au_raw_line(at, "time_zone"), err, AU_EINVAL,
	    "option 'time_zone': '%s': expected a name such as \"Europe/Berlin\" that is in " ZONES, zone);
}

int
au_check_reconcile(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	for (size_t i = 0; i < au_values_count(values, "expiry_warnings"); i++) {
		long long ms = 0;
		if (au_duration_parse(au_values_item(values, "expiry_warnings", i), &ms, err) < 0)
			return refuse_option(at, "expiry_warnings", err);
	}
	return check_each(at, values, "run_at", parse_time, err);
}

int
au_check_target(const struct au_raw *at, const struct au_values *values, struct au_err *err)
{
	const char *open = au_values_str(values, "login");
	int rc = check_each(at, values, "observe_at", parse_time, err);

	if (rc == 0)
		rc = check_each(at, values, "quiet", parse_window, err);
	if (rc < 0)
		return rc;
	while ((open = strchr(open, '{'))) {
		const char *close = strchr(open, '}');
		if (!close)
			return au_raw_fail(
			    au_raw_line(at, "login"), err, AU_EINVAL, "option 'login': '%s' is not closed", open);
		if (!is_placeholder(open + 1, (size_t)(close - open - 1)))
			return au_raw_fail(au_raw_line(at, "login"), err, AU_EINVAL,
			    "option 'login': '%.*s' is not known: expected {userName}, {mail}, {localPart} or {id}",
			    (int)(close - open + 1), open);
		open = close;
	}
	return 0;
}

int
au_check_leave(
    const struct au_raw *at, const struct au_values *values, const struct au_describe *product, struct au_err *err)
{
	const char *leave = au_values_str(values, "leave");

	if (au_streq(leave, "disable") && !(product->caps & AU_CAP_DISABLE))
		return au_raw_fail(au_raw_line(at, "leave"), err, AU_EINVAL,
		    "option 'leave': %s cannot disable accounts: expected \"delete\" or \"keep\"", product->product);
	if (au_streq(leave, "delete") && !(product->caps & AU_CAP_DELETE))
		return au_raw_fail(au_raw_line(at, "leave"), err, AU_EINVAL,
		    "option 'leave': %s cannot delete accounts: expected \"disable\" or \"keep\"", product->product);
	return 0;
}
