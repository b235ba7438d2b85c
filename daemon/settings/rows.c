/* SPDX-License-Identifier: ISC */
/*
 * Every option of the configuration but those about targets, which are in
 * rows_target.c.  A row is the whole truth about an option: the reader checks by
 * it, and the sample file and apiuserd.conf(5) are printed from it.
 */
#include "settings/rows.h"
#include "settings/unit.h"

#define KEEPALIVE_MAX (32767 * SECOND) /* of Linux: tcp(7) */

static const char *const log_levels[] = { "error", "warning", "notice", "info", "debug", NULL };
static const char *const source_kinds[] = { "ldap", "scim", NULL };
static const char *const member_origins[] = { "list", "single", "users", "filter", NULL };
static const char *const token_logins[] = { "basic", "post", NULL };
static const char *const follows[] = { "auto", "syncrepl", "dirsync", "usn", "poll", NULL };
static const char *const vendors[] = { "auto", "openldap", "389ds", "ad", "samba", "generic", NULL };
static const char *const client_profiles[] = { "auto", "rfc", "entra", "okta", "onelogin", "jumpcloud", "sailpoint", "ping",
	"google", "strict", NULL };
static const char *const password_policies[] = { "ignore", "refuse", NULL };
static const char *const request_logs[] = { "none", "errors", "all", NULL };
static const char *const forwardings[] = { "x-forwarded", "rfc7239", NULL };
static const char *const client_auths[] = { "none", "optional", "require", NULL };
static const char *const primary_groups[] = { "auto", "none", "primaryGroupID", "gidNumber", NULL };
static const char *const nestings[] = { "walk", "in-chain", NULL };
static const char *const tls_versions[] = { "1.2", "1.3", NULL };
static const char *const ocsp_ways[] = { "off", "staple", NULL };
static const char *const bind_methods[] = { "simple", "external", "gssapi", "anonymous", NULL };

static const char *const attr_types[] = { "string", "boolean", "decimal", "integer", "dateTime", "binary", "reference",
	"complex", NULL };
static const char *const attr_mutabilities[] = { "readWrite", "readOnly", "immutable", "writeOnly", NULL };
static const char *const attr_returneds[] = { "default", "always", "never", "request", NULL };
static const char *const attr_uniquenesses[] = { "none", "server", NULL };

const struct au_opt au_daemon_rows[] = {
	{ "state_dir", AU_STR, 0, 1, TEXT_MAX, NULL, STATEDIR,
	    "Folder of the store and of everything else that must survive a restart." },
	{ "helper_dir", AU_STR, 0, 1, TEXT_MAX, NULL, HELPERDIR,
	    "Folder of the helper programs apiuserd-source, apiuserd-target and apiuserd-fetch." },
	{ "plugin_dir", AU_STR, 0, 1, TEXT_MAX, NULL, PLUGINDIR, "Folder of the target plugins." },
	{ "master_key", AU_SECRET, 0, 0, 0, NULL, NULL,
	    "Where the key lies that seals secrets in the store; without it, master.key in state_dir is made at the "
	    "first start and used from then on." },
	{ "audit_anchor", AU_TIME, AU_RELOAD, 0, 30 * DAY, NULL, "10min",
	    "How often the log is told which row of the audit chain is the last, when it has grown, so that a store which "
	    "was put back to an earlier day is found out; 0 for never." },
	{ "audit_keep", AU_TIME, AU_RELOAD, 0, 36500 * DAY, NULL, "0",
	    "How long rows of the audit chain are kept; older ones are removed from its beginning, which leaves a sealed "
	    "mark; 0 keeps all." },
	{ "time_zone", AU_STR, 0, 1, 64, NULL, NULL,
	    "Time zone of the times and windows in this file, by its name such as \"Europe/Berlin\"; without it, the "
	    "system's." },
	{ "log_level", AU_ENUM, AU_RELOAD, 0, 0, log_levels, "info",
	    "Least important kind of message that is logged." },
	AU_OPT_END,
};

const struct au_opt au_scim_rows[] = {
	{ "listen", AU_LIST, AU_RELOAD, 0, 16, NULL, NULL,
	    "Where SCIM clients are served: addresses with ports such as \"127.0.0.1:8443\" or \"[::1]:8443\", unix "
	    "sockets such as \"unix:/run/apiuserd/scim.sock\" (always clear text, for a proxy on this machine), and "
	    "\"systemd:NAME\" for the sockets of that FileDescriptorName that systemd hands over; none means that SCIM "
	    "is not served." },
	{ "socket_mode", AU_STR, AU_RELOAD, 3, 4, NULL, "0660", "Permissions of unix sockets in listen, octal." },
	{ "base_url", AU_STR, AU_RELOAD, 1, TEXT_MAX, NULL, NULL,
	    "URL under which clients reach the endpoint, used in the locations of resources; without it, locations are "
	    "made from the request's Host header." },
	{ "tls_certificate", AU_STR, AU_RELOAD, 1, TEXT_MAX, NULL, NULL,
	    "File with the server's certificate and the chain behind it, PEM." },
	{ "tls_key", AU_SECRET, AU_RELOAD, 0, 0, NULL, NULL, "Where the private key of tls_certificate lies, PEM." },
	{ "tls_client_auth", AU_ENUM, AU_RELOAD, 0, 0, client_auths, "none",
	    "Whether clients are asked for a certificate, and whether they must show one; one that cannot be verified "
	    "is always refused." },
	{ "tls_client_ca", AU_STR, AU_RELOAD, 1, TEXT_MAX, NULL, NULL,
	    "File with the certificates of the authorities that sign clients' certificates, PEM; with revocation lists "
	    "in it, each of these authorities needs one." },
	{ "insecure", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false",
	    "Allow clear text on addresses beyond the loopback ones." },
	{ "trusted_proxies", AU_LIST, AU_RELOAD, 0, 256, NULL, NULL,
	    "Addresses and networks of proxies that are believed when they name the client, such as \"192.0.2.1\", "
	    "\"10.0.0.0/8\" or \"2001:db8::/32\", and \"unix\" for whoever connects to a unix socket; max_per_peer "
	    "does not count them." },
	{ "forwarding", AU_ENUM, AU_RELOAD, 0, 0, forwardings, "x-forwarded",
	    "Which fields the trusted proxies write: X-Forwarded-For with X-Forwarded-Proto and X-Forwarded-Host, or "
	    "Forwarded by RFC 7239; the proxies must replace or remove what clients send in them." },
	{ "max_head", AU_SIZE, AU_RELOAD, 1 * KIB, 1 * MIB, NULL, "16KiB", "Largest head of a request." },
	{ "max_body", AU_SIZE, AU_RELOAD, 1 * KIB, 64 * MIB, NULL, "1MiB", "Largest body of a request." },
	{ "request_log", AU_ENUM, AU_RELOAD, 0, 0, request_logs, "errors",
	    "Which requests are logged, one line each: those answered with a status from 400 on, or all; never with "
	    "credentials, bodies or values of queries." },
	{ "max_connections", AU_INT, AU_RELOAD, 1, 100000, NULL, "1000",
	    "Most connections at a time; beyond it a new one takes the place of the one that has kept us waiting "
	    "longest." },
	{ "max_per_peer", AU_INT, AU_RELOAD, 1, 100000, NULL, "200", "Most connections at a time from one address." },
	{ "bad_handshakes_per_second", AU_INT, AU_RELOAD, 0, 10000, NULL, "5",
	    "TLS handshakes of one address that may fail each second before it is turned away for ten seconds; 0 for "
	    "as many as it likes." },
	{ "head_timeout", AU_TIME, AU_RELOAD, 100, 10 * MINUTE, NULL, "10s",
	    "Time by which a request's head must be whole." },
	{ "body_timeout", AU_TIME, AU_RELOAD, 100, 1 * HOUR, NULL, "30s",
	    "Time by which a request's body must be whole." },
	{ "idle_timeout", AU_TIME, AU_RELOAD, 100, 1 * HOUR, NULL, "60s",
	    "Time after which a connection without requests is closed." },
	{ "bad_token_delay", AU_TIME, AU_RELOAD, 0, 30 * SECOND, NULL, "2s",
	    "Longest time for which the answer to a bad token is kept back; it grows with each one of the same peer." },
	{ "max_delayed", AU_INT, AU_RELOAD, 0, 100000, NULL, "200",
	    "Most such answers kept back at a time; whoever comes then is answered 429." },
	{ "max_results", AU_INT, AU_RELOAD, 1, 10000, NULL, "200", "Most resources in one page of a list." },
	{ "page_size", AU_INT, AU_RELOAD, 1, 10000, NULL, "200",
	    "Resources in one page of a list when the client does not say how many; at most max_results." },
	{ "cursor_timeout", AU_TIME, AU_RELOAD, 1 * MINUTE, 30 * DAY, NULL, "1h",
	    "Time for which a client may go on with a list from its last page, when it pages by cursor." },
	{ "max_sorted", AU_INT, AU_RELOAD, 10, 10000000, NULL, "100000",
	    "Most resources kept in memory to sort a list by an attribute that has no index." },
	{ "max_scans", AU_INT, AU_RELOAD, 1, 10000, NULL, "8",
	    "Searches that no index answers under way for a client at a time; one more is answered 429." },
	{ "max_filter", AU_SIZE, AU_RELOAD, 256, 1 * MIB, NULL, "8KiB",
	    "Longest filter of a list or path of a PATCH." },
	{ "max_filter_depth", AU_INT, AU_RELOAD, 1, 200, NULL, "32",
	    "Deepest nesting of brackets in a filter or path." },
	{ "max_operations", AU_INT, AU_RELOAD, 1, 100000, NULL, "1000", "Most operations in one PATCH request." },
	{ "max_members", AU_INT, AU_RELOAD, 1, 10000000, NULL, "50000",
	    "Most members of a group named in one request." },
	{ "cache", AU_SIZE, AU_RELOAD, 0, 16 * GIB, NULL, "2GiB",
	    "Most room on the disk for answers that are given again as long as nothing that they tell has changed: "
	    "about 4 KiB for each resource are taken, 12 MiB in any case, and no more than an eighth of the machine's "
	    "memory, where the system keeps them; 0 keeps none." },
	{ "cache_dir", AU_STR, AU_RELOAD, 1, TEXT_MAX, NULL, NULL,
	    "Folder of that file, which has no name there and is gone with the daemon; without it, state_dir." },
	{ "bulk_max_operations", AU_INT, AU_RELOAD, 0, 100000, NULL, "1000",
	    "Most operations in one Bulk request; 0 turns Bulk off." },
	{ "async_keep", AU_TIME, AU_RELOAD, 1 * MINUTE, 720 * HOUR, NULL, "24h",
	    "Time for which the outcome of an asynchronous request can be fetched." },
	{ "async_max", AU_INT, AU_RELOAD, 1, 10000000, NULL, "100000",
	    "Most outcomes of asynchronous operations kept for a client; a request for more is answered 429." },
	{ "bulk_max_payload", AU_SIZE, AU_RELOAD, 1 * KIB, 64 * MIB, NULL, "1MiB",
	    "Largest Bulk request; max_body limits it too." },
	AU_OPT_END,
};

const struct au_opt au_control_rows[] = {
	{ "socket", AU_STR, 0, 1, 107, NULL, RUNDIR "/control.sock",
	    "Path of the control socket that apiuserctl talks to." },
	{ "operators", AU_LIST, AU_RELOAD, 0, 256, NULL, NULL,
	    "Users, and groups written \"@group\", who may look and change; root always may." },
	{ "viewers", AU_LIST, AU_RELOAD, 0, 256, NULL, NULL,
	    "Users, and groups written \"@group\", who may look but not change." },
	{ "plan_size", AU_SIZE, AU_RELOAD, 64 * KIB, 1024 * MIB, NULL, "32MiB",
	    "Largest saved plan that is made, and taken back to be applied." },
	{ "import_size", AU_SIZE, AU_RELOAD, 64 * KIB, 1024 * MIB, NULL, "16MiB",
	    "Largest list of accounts that is imported." },
	AU_OPT_END,
};

const struct au_opt au_source_rows[] = {
	{ "name", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the source, by which rules mean it." },
	{ "kind", AU_ENUM, 0, 0, 0, source_kinds, "ldap",
	    "What the source is: a directory, or a remote SCIM 2.0 service that is polled; an identity provider that "
	    "pushes is one of scim_clients instead." },
	{ "servers", AU_LIST, 0, 1, 16, NULL, NULL,
	    "URLs of the directory's servers, ldaps:// or ldap://, tried in this order; ldaps+srv://DOMAIN and "
	    "ldap+srv://DOMAIN stand for those that the domain's SRV records name; needed for a directory." },
	{ "srv_hosts", AU_BOOL, 0, 0, 0, NULL, "false",
	    "Believe servers found by SRV records whose certificate is for the host in the record, in place of the "
	    "domain: who can forge DNS answers then chooses the server." },
	{ "dns_servers", AU_LIST, 0, 1, 8, NULL, NULL,
	    "Addresses of the DNS servers to ask, with or without port; without it, those of the system." },
	{ "vendor", AU_ENUM, 0, 0, 0, vendors, "auto",
	    "Kind of directory, which decides how it is followed and by which attribute entries are known; auto asks "
	    "it." },
	{ "follow", AU_ENUM, 0, 0, 0, follows, "auto",
	    "How changes are heard of; auto takes the best way that the server allows, and a way that it does not have "
	    "means that it is polled." },
	{ "starttls", AU_BOOL, 0, 0, 0, NULL, "false",
	    "Demand StartTLS on ldap:// URLs before anything else is sent." },
	{ "insecure", AU_BOOL, 0, 0, 0, NULL, "false",
	    "Allow clear text to servers beyond the loopback addresses, passwords included." },
	{ "ca_file", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "File with the certificate authorities that may sign the servers' certificates, PEM; without it, the "
	    "system's." },
	{ "crl_file", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "File with the revocation lists of those authorities, PEM; with it, a server is only believed when its "
	    "authority has a list there that is not out of date." },
	{ "pins", AU_LIST, 0, 1, 16, NULL, NULL,
	    "Keys of which a server's certificate must have one, besides being signed by an authority: \"sha256//\" "
	    "and the SHA-256 of its SubjectPublicKeyInfo in base64." },
	{ "tls_min", AU_ENUM, 0, 0, 0, tls_versions, "1.2", "Oldest version of TLS that is spoken." },
	{ "ocsp", AU_ENUM, 0, 0, 0, ocsp_ways, "off",
	    "With staple, a server is only believed when its handshake brings a fresh OCSP response of its "
	    "certificate's authority that calls the certificate good." },
	{ "client_certificate", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "File with our own certificate for the servers, PEM." },
	{ "client_key", AU_SECRET, 0, 0, 0, NULL, NULL, "Where the private key of client_certificate lies, PEM." },
	{ "bind", AU_ENUM, 0, 0, 0, bind_methods, "simple", "How we log in to the directory." },
	{ "bind_dn", AU_STR, 0, 1, TEXT_MAX, NULL, NULL, "DN that we log in with; needed for a simple bind." },
	{ "password", AU_SECRET, 0, 0, 0, NULL, NULL, "Where the password of bind_dn lies; needed for a simple bind." },
	{ "keytab", AU_SECRET, 0, 0, 0, NULL, NULL,
	    "Where the keytab lies that gets us Kerberos tickets; needed for bind = \"gssapi\"." },
	{ "principal", AU_STR, 0, 1, 1024, NULL, NULL,
	    "Kerberos principal that we log in as; without it, the first one in keytab." },
	{ "kerberos_config", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "File with the configuration of Kerberos; without it, the system's." },
	{ "people_base", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "DN below which people are found; needed for a directory." },
	{ "people_filter", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "Filter that people's entries match; without it (objectClass=person), and in Active Directory those of "
	    "users who are no computers." },
	{ "groups_base", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "DN below which groups are found; needed for a directory." },
	{ "groups_filter", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "Filter that groups' entries match; without it the classes groupOfNames, groupOfUniqueNames, posixGroup, "
	    "group and groupOfURLs, and in Active Directory group alone." },
	{ "attr_id", AU_STR, 0, 1, 256, NULL, NULL,
	    "Attribute whose one value never changes, by which entries are known; only for directories without "
	    "entryUUID or what their vendor has instead, as a directory with attr_id is not followed but read every "
	    "poll_interval." },
	{ "attr_group_id", AU_STR, 0, 1, 256, NULL, NULL,
	    "The same for groups, when it is another one than people have." },
	{ "attr_user_name", AU_STR, 0, 1, 256, NULL, NULL,
	    "Expression for a person's log-in name; without it uid, and in Active Directory sAMAccountName." },
	{ "attr_mail", AU_STR, 0, 1, 256, NULL, NULL,
	    "Expression for a person's mail address, by which people of several sources are one; without it mail, and "
	    "in Active Directory userPrincipalName for those without mail." },
	{ "attr_display_name", AU_STR, 0, 1, 256, NULL, "cn", "Expression for a person's name as shown." },
	{ "attr_given_name", AU_STR, 0, 1, 256, NULL, "givenName", "Expression for a person's given name." },
	{ "attr_family_name", AU_STR, 0, 1, 256, NULL, "sn", "Expression for a person's family name." },
	{ "attr_owner", AU_STR, 0, 1, 256, NULL, NULL,
	    "Expression for who answers for a person's API user, such as owner | managedBy | manager; a DN is shown by "
	    "what owner_name makes of its entry, anything else as it is." },
	{ "owner_name", AU_STR, 0, 1, 256, NULL, "mail | displayName | cn",
	    "Expression over the entry of an owner that is named by DN, which may lie outside of people_base." },
	{ "attr_application", AU_STR, 0, 1, 256, NULL, NULL,
	    "Expression for the application that a person's API user is for." },
	{ "attr_group_name", AU_STR, 0, 1, 256, NULL, "cn", "Expression for a group's name." },
	{ "attr_member", AU_LIST, 0, 0, 16, NULL, NULL,
	    "Attributes that name a group's members, by user name in memberUid and by DN in all others; without it "
	    "they are member, uniqueMember and memberUid, and in Active Directory member alone." },
	{ "attr_member_url", AU_STR, 0, 1, 256, NULL, "memberURL",
	    "Attribute of dynamic groups whose values, \"ldap:///BASE??SCOPE?FILTER\", are searches for their "
	    "members." },
	{ "dynamic_interval", AU_TIME, 0, 1 * SECOND, 1 * DAY, NULL, "5min",
	    "Time between two runs of the searches for members of groups, where changes are followed; a directory that "
	    "is polled runs them with each reading." },
	{ "dynamic_bases", AU_LIST, 0, 0, 16, NULL, NULL,
	    "DNs below which searches of dynamic groups may look; without it, people_base and groups_base." },
	{ "dynamic_urls", AU_INT, 0, 0, 1000, NULL, "16",
	    "Searches that one dynamic group may have; with 0, attr_member_url is not looked at." },
	/* A filter of the longest cannot nest so deep that libldap, which goes down by recursion, runs out of stack. */
	{ "dynamic_url_size", AU_SIZE, 0, 64, 16 * KIB, NULL, "8KiB",
	    "Longest such search; a longer one is not run, and the group's members count as not all known." },
	{ "dynamic_members", AU_INT, 0, 1, 10000000, NULL, "100000",
	    "Members that the searches for one group may find." },
	{ "primary_group", AU_ENUM, 0, 0, 0, primary_groups, "auto",
	    "Attribute of people that puts them into a group which does not name them; auto is primaryGroupID in "
	    "Active Directory, and none elsewhere." },
	{ "nested", AU_ENUM, 0, 0, 0, nestings, "walk",
	    "How people in groups within groups are found: by walking through the groups that are read, or in Active "
	    "Directory also by the server's own rule for chains, which goes through groups outside of groups_base." },
	{ "attr_disabled", AU_STR, 0, 1, 256, NULL, NULL,
	    "Attribute whose value TRUE means that a person is disabled." },
	{ "attr_expires", AU_LIST, 0, 0, 8, NULL, NULL,
	    "Attributes with the date from which on a person is disabled, of which the earliest counts: in generalized "
	    "time, as 2026-12-31 with or without a time, in Active Directory's steps since 1601, or in days since "
	    "1970; a value that means never is none, and one that cannot be read expires nobody, leaves the date that "
	    "was known before, and is told." },
	{ "disabled", AU_LIST, 0, 0, 16, NULL, NULL,
	    "Tests of which one is enough to disable a person, such as userAccountControl, nsAccountLock, "
	    "pwdAccountLockedTime or loginShell=/usr/sbin/nologin; without them and attr_disabled, those that are the "
	    "vendor's own, and with an empty list none." },
	{ "url", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "Base URL of the SCIM service, such as \"https://idp.example.com/scim/v2\"; needed for a SCIM service." },
	{ "other_urls", AU_LIST, 0, 1, 15, NULL, NULL,
	    "Base URLs of other servers of the same SCIM service, tried in this order when the one in use fails." },
	{ "token", AU_SECRET, 0, 0, 0, NULL, NULL,
	    "Where the bearer token for the SCIM service lies; needed for a SCIM service without token_url." },
	{ "token_url", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "URL of the token endpoint, https://, where a bearer token for the SCIM service is fetched by the client "
	    "credentials of OAuth 2.0, in place of token." },
	{ "client_id", AU_STR, 0, 1, 1024, NULL, NULL, "Name under which we are known at token_url; needed with it." },
	{ "client_secret", AU_SECRET, 0, 0, 0, NULL, NULL,
	    "Where the secret of client_id lies; without it, client_certificate proves who we are at token_url." },
	{ "token_login", AU_ENUM, 0, 0, 0, token_logins, "basic",
	    "How client_secret is shown at token_url: in the Authorization field, or in the form that is posted." },
	{ "token_scope", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "Scope that is asked for at token_url, words with blanks between; without it, what is given there by "
	    "default." },
	{ "token_audience", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "What token_url is sent as audience, for those that want one." },
	{ "token_resource", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "URI of the service that token_url is sent as resource (RFC 8707), for those that want one." },
	{ "token_ca_file", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "File with the certificate authorities that may sign the certificate of token_url, PEM; without it, those "
	    "of ca_file." },
	{ "path_user_name", AU_LIST, 0, 1, 8, NULL, NULL,
	    "Where in a SCIM user the log-in name is, such as \"emails[type eq \\\"work\\\"].value\"; the first path "
	    "that has a value counts; without it, userName." },
	{ "path_mail", AU_LIST, 0, 1, 8, NULL, NULL,
	    "The same for the mail address; without it, the primary one of emails, else the first." },
	{ "path_display_name", AU_LIST, 0, 1, 8, NULL, NULL,
	    "The same for the name as shown; without it, displayName, else name.formatted, else given and family "
	    "name." },
	{ "path_given_name", AU_LIST, 0, 1, 8, NULL, NULL, "The same for the given name; without it, name.givenName." },
	{ "path_family_name", AU_LIST, 0, 1, 8, NULL, NULL,
	    "The same for the family name; without it, name.familyName." },
	{ "path_external_id", AU_LIST, 0, 1, 8, NULL, NULL,
	    "The same for the id that others know the user by; without it, externalId." },
	{ "path_group_name", AU_LIST, 0, 1, 8, NULL, NULL,
	    "The same for the name of a SCIM group, by which rules mean it; without it, displayName." },
	{ "path_expires", AU_LIST, 0, 1, 8, NULL, NULL,
	    "The same for the date from which on a person is disabled, in the forms that attr_expires reads; without "
	    "it "
	    "nobody has one." },
	{ "inactive", AU_LIST, 0, 0, 8, NULL, NULL,
	    "Tests of a SCIM user of which one is enough to disable a person, such as \"urn:example:User:status ne "
	    "\\\"ACTIVE\\\"\"; without it, \"active eq false\", and with an empty list none." },
	{ "members_from", AU_ENUM, 0, 0, 0, member_origins, "list",
	    "Where the members of SCIM groups are: in the list of groups, or with those that it leaves out; in each "
	    "single group; in the groups that users say they have; or behind a filter of users for each group." },
	{ "page_size", AU_INT, 0, 2, 10000, NULL, "200",
	    "Resources that a SCIM service is asked for at a time; fewer if it says that it gives fewer." },
	{ "trust_total", AU_BOOL, 0, 0, 0, NULL, "true",
	    "Believe the number of resources that a SCIM service says it has; without it, lists are read until a page "
	    "brings nobody new, and each time as a whole." },
	{ "max_rate", AU_INT, 0, 1, 100000, NULL, "50", "Most requests to a SCIM service in one second." },
	{ "wait_most", AU_TIME, 0, 0, 1 * DAY, NULL, "2min",
	    "Longest time for which a SCIM service that is busy (status 429 or 503) is waited for in the middle of a "
	    "reading; when it asks for more, the reading is given up and begun anew after that time." },
	{ "poll_overlap", AU_TIME, 0, 0, 1 * DAY, NULL, "5min",
	    "Time before the newest change known from which a SCIM service is asked for changes, as some find a change "
	    "only a while after its own time." },
	{ "ask_most", AU_INT, 0, 0, 1000000, NULL, "200",
	    "Resources missing in a list of a SCIM service that are asked for one by one before they count as gone; "
	    "when there are more, the rest is left to removals_few and removals_percent." },
	{ "torn_most", AU_INT, 0, 1, 1000, NULL, "3",
	    "Times in a row that a list of a SCIM service that changes while it is read is begun anew at once." },
	{ "connect_timeout", AU_TIME, 0, 100, 10 * MINUTE, NULL, "10s",
	    "Time by which a server must be connected and logged in to." },
	{ "operation_timeout", AU_TIME, 0, 100, 1 * HOUR, NULL, "60s", "Time by which an answer must go on." },
	{ "probe_interval", AU_TIME, 0, 100, 1 * HOUR, NULL, "30s",
	    "Time between two looks whether a quiet connection still lives." },
	{ "keepalive_idle", AU_TIME, 0, 1 * SECOND, KEEPALIVE_MAX, NULL, "60s",
	    "Time after which the kernel asks for a sign of life on a connection that is quiet, which firewalls "
	    "between us and the server see, too." },
	{ "keepalive_interval", AU_TIME, 0, 1 * SECOND, KEEPALIVE_MAX, NULL, "10s",
	    "Time between two such questions that are not answered." },
	{ "keepalive_count", AU_INT, 0, 1, 127, NULL, "3",
	    "Unanswered questions after which the connection counts as lost." },
	{ "send_timeout", AU_TIME, 0, 1 * SECOND, 1 * DAY, NULL, "90s",
	    "Time after which a connection counts as lost when the server's kernel does not confirm what was sent; at "
	    "least the time that the questions take." },
	{ "poll_interval", AU_TIME, 0, 100, 365 * DAY, NULL, "15min",
	    "Time between two readings of a directory that does not tell its changes, or of a SCIM service: of its "
	    "changes, if it can search by time, else of everything." },
	{ "poll_recent", AU_TIME, 0, 1 * SECOND, 1 * DAY, NULL, NULL,
	    "Time between two looks, in between, for entries whose modifyTimestamp is of the last minutes, so that "
	    "news come sooner; without it there are none." },
	{ "change_interval", AU_TIME, 0, 100, 1 * HOUR, NULL, "20s",
	    "Time between two questions what changed, to a server that tells only when it is asked, such as Active "
	    "Directory." },
	{ "accesslog", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "DN of OpenLDAP's log of changes (slapo-accesslog), from which changes of large groups are taken; unset, "
	    "the directory's auditContext says it." },
	{ "accesslog_from", AU_INT, 0, 0, 100000000, NULL, "10000",
	    "Members from which on changes of a group are taken from that log instead of reading the group again; 0 "
	    "means never." },
	{ "full_compare", AU_TIME, 0, 1 * SECOND, 365 * DAY, NULL, "24h",
	    "Time after which everything is read again, although changes were followed." },
	{ "confirm_after", AU_TIME, 0, 10, 1 * DAY, NULL, "1min",
	    "Time after which an entry or member that a reading missed is looked for again, before it is removed." },
	{ "reread_after", AU_TIME, 0, 10, 1 * DAY, NULL, "1s",
	    "Time after which the groups of somebody who was removed are read again, as some servers clean them "
	    "without telling." },
	{ "reread_most", AU_INT, 0, 0, 1000000, NULL, "100",
	    "Groups that are read again at most because they name somebody unknown whose name a person has come to "
	    "have; "
	    "the others are found by the next comparison." },
	{ "removals_few", AU_INT, 0, 1, 1000000, NULL, "5",
	    "Entries, or members of one group, that may always go at once." },
	{ "removals_percent", AU_INT, 0, 1, 100, NULL, "10",
	    "Share of them that may go at once when they are more than removals_few; more is held until a person "
	    "decides." },
	{ "removals_window", AU_TIME, 0, 100, 30 * DAY, NULL, "1h",
	    "Time over which removals that come one by one add up to one." },
	{ "people_canaries", AU_LIST, 0, 1, 16, NULL, NULL,
	    "DNs or ids of people that every whole reading must bring; when one is not seen, removals are held." },
	{ "groups_canaries", AU_LIST, 0, 1, 16, NULL, NULL, "The same for groups." },
	{ "reads_kept", AU_INT, 0, 1, 1000, NULL, "10", "Readings per search that are kept to be shown." },
	{ "max_message", AU_SIZE, 0, 64 * KIB, 1 * GIB, NULL, "64MiB",
	    "Largest message taken from a server; a group comes in one, some 60 bytes for each member." },
	{ "max_members", AU_INT, 0, 1, 100000000, NULL, "2000000",
	    "Members of one group that are taken; the members of a group that has more stay as they were, and the log "
	    "and each reading say so." },
	{ "window", AU_SIZE, 0, 64 * KIB, 1 * GIB, NULL, "8MiB",
	    "What the source's process may send ahead of what is stored; then it stops reading from the directory." },
	{ "member_lists", AU_SIZE, 0, 0, 16 * GIB, NULL, "256MiB",
	    "Memory in which the source's process keeps the members of large groups as they were told, some 55 bytes "
	    "for each, so that a change costs what changed; other groups are told whole each time." },
	{ "held_memory", AU_SIZE, 0, 0, 16 * GIB, NULL, "16MiB",
	    "Memory in which the daemon keeps, for people and for groups, what they were last told as until all is "
	    "read again, some 70 bytes for each; what needs more is loaded anew for each reading of everything." },
	{ "retry_cap", AU_TIME, 0, 100, 1 * DAY, NULL, "5min",
	    "Longest wait between two tries to reach the directory." },
	{ "login_retry", AU_TIME, 0, 0, 30 * DAY, NULL, "0s",
	    "Time after which a log-in that the directory refused is tried once more, restarts or not; with 0 it is "
	    "not before the credentials or the servers change or somebody says resume, as directories lock accounts "
	    "after a few tries." },
	{ "memory_limit", AU_SIZE, 0, 16 * MIB, 64 * GIB, NULL, "1GiB", "Memory that the source's process may use." },
	AU_OPT_END,
};

const char *const au_jwt_algorithms[] = { "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
	"ES512", NULL };

const struct au_opt au_issuer_rows[] = {
	{ "name", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the issuer, by which scim_clients mean it." },
	{ "issuer", AU_STR, AU_REQUIRED, 1, TEXT_MAX, NULL, NULL,
	    "What the iss claim of its tokens holds, to the letter." },
	{ "audience", AU_LIST, AU_REQUIRED, 1, 16, NULL, NULL,
	    "Names of this endpoint, of which the aud claim of a token must hold one." },
	{ "jwks_file", AU_STR, AU_RELOAD, 1, TEXT_MAX, NULL, NULL,
	    "File with the issuer's public keys, a JWK set; a reload reads it anew." },
	{ "jwks_url", AU_STR, AU_RELOAD, 1, TEXT_MAX, NULL, NULL,
	    "URL with https:// under which the issuer publishes its keys, in place of jwks_file." },
	{ "ca_file", AU_STR, AU_RELOAD, 1, TEXT_MAX, NULL, NULL,
	    "File with the CA certificates that the server of jwks_url is checked against, PEM; without it, the "
	    "system's." },
	{ "refresh", AU_TIME, AU_RELOAD, 1 * MINUTE, 30 * DAY, NULL, "1h",
	    "Time between two readings of jwks_url; a key that is not known yet is looked for at once." },
	{ "algorithms", AU_LIST, AU_RELOAD, 1, 9, NULL, "RS256, ES256",
	    "Algorithms of signatures that are accepted: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and "
	    "ES512." },
	{ "client_claim", AU_STR, AU_RELOAD, 1, 256, NULL, "client_id",
	    "Claim that names the client, such as client_id, azp or sub; scim_clients hold its value as jwt_client." },
	{ "scope_claim", AU_STR, AU_RELOAD, 1, 256, NULL, "scope",
	    "Claim with the token's scope, a text of words or a list of them, such as scope, scp or roles." },
	{ "scope_prefix", AU_STR, AU_RELOAD, 0, 256, NULL, "",
	    "What stands before our words in that claim: with \"scim:\" the word \"scim:users\" means users." },
	{ "scope_required", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false",
	    "Refuse a token without that claim; otherwise it is good for everything." },
	{ "clock_skew", AU_TIME, AU_RELOAD, 0, 10 * MINUTE, NULL, "60s",
	    "How far the issuer's clock may differ from ours." },
	AU_OPT_END,
};

const struct au_opt au_client_rows[] = {
	{ "name", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL,
	    "Name of the SCIM client, by which rules and tokens mean it." },
	{ "description", AU_STR, AU_RELOAD, 0, 1024, NULL, NULL, "What the client is, for people." },
	{ "max_requests_per_second", AU_INT, AU_RELOAD, 1, 1000000, NULL, "100",
	    "Requests per second above which the client is told to slow down." },
	{ "profile", AU_ENUM, AU_RELOAD, 0, 0, client_profiles, "auto",
	    "Which identity provider's habits the endpoint goes along with, see apiuserd-scim(7)." },
	{ "show_accounts", AU_BOOL, AU_RELOAD, 0, 0, NULL, "true",
	    "Whether users show the client the state of their accounts in targets." },
	{ "password", AU_ENUM, AU_RELOAD, 0, 0, password_policies, NULL,
	    "What becomes of a password that the client sends: \"ignore\" accepts it and never keeps it, \"refuse\" "
	    "refuses the request; without it, the profile decides." },
	{ "path_expires", AU_LIST, AU_RELOAD, 1, 8, NULL, NULL,
	    "Paths at which users have the date from which on they are disabled, in the forms that attr_expires reads, "
	    "the first with a value counts; without it, the attribute expires of our own extension; a change holds for "
	    "users that are pushed from then on." },
	{ "certificate", AU_LIST, AU_RELOAD, 1, 16, NULL, NULL,
	    "Certificates by which the client must be known, verified as tls_client_auth of scim says: \"sha256:...\" "
	    "with the fingerprint, a name such as \"DNS:...\" or \"URI:...\", or the whole subject as of RFC 4514 such "
	    "as \"CN=okta,O=Example\"; one of them is enough." },
	{ "certificate_alone", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false",
	    "The certificate is enough; otherwise a token must come with it." },
	{ "jwt_issuer", AU_STR, AU_RELOAD, 1, 64, NULL, NULL,
	    "One of scim_issuers, whose tokens the client may show in place of one of ours." },
	{ "jwt_client", AU_STR, AU_RELOAD, 1, 1024, NULL, NULL,
	    "What the client_claim of those tokens holds for this client, to the letter." },
	AU_OPT_END,
};

const struct au_opt au_schema_rows[] = {
	{ "name", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the schema, shown to clients." },
	{ "urn", AU_STR, AU_REQUIRED | AU_RELOAD, 1, 256, NULL, NULL,
	    "URN of the schema, such as \"urn:example:params:scim:schemas:extension:2.0:Badge\"." },
	{ "description", AU_STR, AU_RELOAD, 0, 1024, NULL, "", "What the schema is for, shown to clients." },
	{ "extends", AU_STR, AU_RELOAD, 1, 64, NULL, NULL,
	    "Resource type that the schema extends: User, Group or one of scim_resource_types; without it, the schema "
	    "is for a resource type of its own." },
	{ "required", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false",
	    "Whether every new resource of the extended type must have values of this extension." },
	AU_OPT_END,
};

const struct au_opt au_attribute_rows[] = {
	{ "name", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the attribute, compared without regard to case." },
	{ "type", AU_ENUM, AU_RELOAD, 0, 0, attr_types, "string", "Type of its values." },
	{ "description", AU_STR, AU_RELOAD, 0, 1024, NULL, "", "What the attribute is, shown to clients." },
	{ "multi_valued", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false", "Whether it has a list of values." },
	{ "required", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false", "Whether it must have a value." },
	{ "case_exact", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false",
	    "Whether filters mind the letter case of texts; they always do for references and binary values." },
	{ "mutability", AU_ENUM, AU_RELOAD, 0, 0, attr_mutabilities, "readWrite", "Whether clients may change it." },
	{ "returned", AU_ENUM, AU_RELOAD, 0, 0, attr_returneds, "default",
	    "Whether answers hold it; what is never returned is accepted and not kept." },
	{ "uniqueness", AU_ENUM, AU_RELOAD, 0, 0, attr_uniquenesses, "none",
	    "Whether two resources of one client and type may have the same value; one attribute of a resource type "
	    "can be unique, and a change counts for what is written after it." },
	{ "indexed", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false",
	    "Whether filters and sorting on it are answered from an index, which makes each change of it dearer; for "
	    "texts and references." },
	{ "canonical_values", AU_LIST, AU_RELOAD, 0, 256, NULL, NULL, "Values that are suggested for a text." },
	{ "reference_types", AU_LIST, AU_RELOAD, 0, 16, NULL, NULL,
	    "What a reference may point to: external, uri or names of resource types; without it, uri." },
	AU_OPT_END,
};

const struct au_opt au_resource_type_rows[] = {
	{ "name", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the resource type, shown to clients." },
	{ "endpoint", AU_STR, AU_REQUIRED | AU_RELOAD, 2, 64, NULL, NULL,
	    "Path of its resources, such as \"/Badges\"." },
	{ "schema", AU_STR, AU_REQUIRED | AU_RELOAD, 1, 64, NULL, NULL, "Name of its schema, one of scim_schemas." },
	{ "description", AU_STR, AU_RELOAD, 0, 1024, NULL, "", "What its resources are, shown to clients." },
	AU_OPT_END,
};
