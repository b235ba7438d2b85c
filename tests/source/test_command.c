/* SPDX-License-Identifier: ISC */
/* The lines that people may paste: words that a shell takes as one, and no secret. */
#include "tests/unit.h"

#include "sourced/command.h"

#include <ldap.h>
#include <stdio.h>

/* What sh makes of a line's words, one in a line of its own each. */
static void
assert_shell(const char *line, const char *words)
{
	AU_CLEANUP(au_freep)
	char *command = au_xasprintf("printf '<%%s>\\n' %s", line);
	char got[4096] = "";
	FILE *shell = popen(command, "r");

	assert_non_null(shell);
	size_t len = fread(got, 1, sizeof(got) - 1, shell);
	got[len] = '\0';
	assert_int_equal(pclose(shell), 0);
	assert_string_equal(got, words);
}

static void
any_word_is_one_word_of_a_shell(void **state)
{
	static const char *const words[] = { "", "plain", "two words", "it's", "'", "''", "\"", "$HOME", "`id`",
		"$(id)", "a;b", "a|b&c", "(objectClass=*)", "\\", "\\'", "!sync=ro", "~", "*", "#x", "-e", "a\nb",
		"\xc3\xa9", "{a,b}" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(words); i++) {
		struct au_str line = AU_STR_INIT;
		AU_CLEANUP(au_freep) char *wanted = au_xasprintf("<%s>\n", words[i]);
		au_command_word(&line, words[i]);
		assert_shell(au_str_get(&line), wanted);
		au_str_done(&line);
	}
}

static const char *const attributes[] = { "cn", "member;range=0-9", NULL };

static const struct au_server clear = { .url = "ldap://one", .host = "one.example", .port = 389, .tls = AU_TLS_NONE };
static const struct au_server starttls = { .url = "ldap://one", .host = "::1", .port = 390, .tls = AU_TLS_START };
static const struct au_server covered = { .url = "ldaps://one", .host = "one", .port = 636, .tls = AU_TLS_AT_ONCE };

static const struct au_source_config config = { .name = "corp",
	.bind_dn = "cn=o'neil,dc=x",
	.ca_file = "/etc/my ca.pem",
	.client_certificate = "/etc/me.pem",
	.kerberos_config = "/etc/krb5.conf" };

static const struct {
	const char *name;
	struct au_command_as as;
	struct au_command_search search;
	const char *line;
} lines[] = {
	{ "anonymous, in clear: nothing of TLS", { &config, &clear, AU_BIND_ANONYMOUS, NULL, NULL, NULL },
	    { "dc=x", "(cn=*)", LDAP_SCOPE_SUBTREE, attributes, 0, NULL },
	    "ldapsearch -H ldap://one.example:389 -x -LLL -o ldif_wrap=no -b dc=x -s sub '(cn=*)' cn "
	    "'member;range=0-9'" },
	{ "a password that is asked for, pages, a base that could do something to a terminal",
	    { &config, &starttls, AU_BIND_SIMPLE, NULL, NULL, "/etc/key" },
	    { "cn=\x1b[2J,dc=x", "(cn=a)", LDAP_SCOPE_BASE, attributes + 2, 7, "!sync=ro" },
	    "LDAPTLS_CACERT='/etc/my ca.pem' LDAPTLS_CERT=/etc/me.pem LDAPTLS_KEY=/etc/key ldapsearch "
	    "-H 'ldap://[::1]:390' -ZZ -x -D 'cn=o'\\''neil,dc=x' -W -LLL -o ldif_wrap=no -b 'cn=\\1b[2J,dc=x' -s base "
	    "-E pr=7/noprompt -E '!sync=ro' '(cn=a)'" },
	{ "a password from its file", { &config, &clear, AU_BIND_SIMPLE, NULL, "/run/pass word", NULL },
	    { "", "(cn=a)", LDAP_SCOPE_BASE, attributes + 2, 0, NULL },
	    "ldapsearch -H ldap://one.example:389 -x -D 'cn=o'\\''neil,dc=x' -y '/run/pass word' -LLL -o ldif_wrap=no "
	    "-b '' "
	    "-s base '(cn=a)'" },
	{ "a client certificate", { &config, &covered, AU_BIND_EXTERNAL, NULL, NULL, NULL },
	    { "dc=x", "(cn=a)", LDAP_SCOPE_BASE, attributes + 2, 0, NULL },
	    "LDAPTLS_CACERT='/etc/my ca.pem' LDAPTLS_CERT=/etc/me.pem ldapsearch -H ldaps://one:636 -Q -Y EXTERNAL "
	    "-LLL -o "
	    "ldif_wrap=no -b dc=x -s base '(cn=a)'" },
	{ "Kerberos", { &config, &clear, AU_BIND_GSSAPI, "/etc/krb5.keytab", NULL, NULL },
	    { "dc=x", "(cn=a)", LDAP_SCOPE_BASE, attributes + 2, 0, NULL },
	    "KRB5_CONFIG=/etc/krb5.conf KRB5_CLIENT_KTNAME=/etc/krb5.keytab ldapsearch -H ldap://one.example:389 -Q -Y "
	    "GSSAPI "
	    "-N -LLL -o ldif_wrap=no -b dc=x -s base '(cn=a)'" },
};

static void
a_search_is_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(lines); i++) {
		struct au_str line = AU_STR_INIT;
		au_command_ldapsearch(&line, &lines[i].as, &lines[i].search);
		assert_string_equal(au_str_get(&line), lines[i].line);
		au_str_done(&line);
	}
}

static void
a_token_is_no_argument(void **state)
{
	static const struct au_source_config plain = { .name = "okta" };
	struct au_str line = AU_STR_INIT;

	(void)state;
	au_command_curl(&line, &plain, NULL, "/etc/to ken", "https://x/Users?startIndex=1&count=2");
	assert_string_equal(au_str_get(&line),
	    "printf 'Authorization: Bearer %s' \"$(cat '/etc/to ken')\" | curl -sS -H @- -H 'Accept: "
	    "application/scim+json' 'https://x/Users?startIndex=1&count=2'");
	line.len = 0;
	au_command_curl(&line, &config, "/etc/key", NULL, "https://x/Users");
	assert_string_equal(au_str_get(&line),
	    "printf 'Authorization: Bearer %s' \"$TOKEN\" | curl -sS -H @- -H 'Accept: application/scim+json' --cacert "
	    "'/etc/my ca.pem' --cert /etc/me.pem --key /etc/key https://x/Users");
	au_str_done(&line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_word_is_one_word_of_a_shell),
		cmocka_unit_test(a_search_is_one_line),
		cmocka_unit_test(a_token_is_no_argument),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
