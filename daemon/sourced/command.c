/* SPDX-License-Identifier: ISC */
/*
 * Quotes are single ones: nothing is special within them but their own end.
 * DNs of a directory may hold any character; those that could do something to a
 * terminal are written in the way that DNs and filters have for it (RFC 4514
 * section 2.4, RFC 4515 section 3).
 */
#include "sourced/command.h"

#include <ctype.h>
#include <string.h>

static bool
is_plain(const char *word)
{
	static const char others[] = "@%+=:,./_-";

	for (; *word != '\0'; word++)
		if (!isalnum((unsigned char)*word) && strchr(others, *word) == NULL)
			return false;
	return true;
}

void
au_command_word(struct au_str *out, const char *word)
{
	if (*word != '\0' && is_plain(word)) {
		au_str_put(out, word);
		return;
	}
	au_str_putc(out, '\'');
	for (; *word != '\0'; word++)
		if (*word == '\'')
			au_str_put(out, "'\\''");
		else
			au_str_putc(out, *word);
	au_str_putc(out, '\'');
}

static void
put_word(struct au_str *out, const char *word)
{
	au_str_putc(out, ' ');
	au_command_word(out, word);
}

static void
put_option(struct au_str *out, const char *option, const char *value)
{
	au_str_printf(out, " %s", option);
	put_word(out, value);
}

/* A DN or a filter. */
static void
put_ldap_text(struct au_str *out, const char *text)
{
	AU_CLEANUP(au_str_done) struct au_str plain = AU_STR_INIT;

	for (const char *at = text; *at != '\0'; at++)
		if (iscntrl((unsigned char)*at))
			au_str_printf(&plain, "\\%02x", (unsigned char)*at);
		else
			au_str_putc(&plain, *at);
	put_word(out, au_str_get(&plain));
}

/* NAME=VALUE in front of the command. */
static void
put_variable(struct au_str *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	au_str_printf(out, "%s=", name);
	au_command_word(out, value);
	au_str_putc(out, ' ');
}

/* As ldap.conf(5) has them. */
static void
put_trust(struct au_str *out, const struct au_command_as *as)
{
	if (as->server->tls == AU_TLS_NONE)
		return;
	put_variable(out, "LDAPTLS_CACERT", as->config->ca_file);
	put_variable(out, "LDAPTLS_CRLFILE", as->config->crl_file);
	put_variable(out, "LDAPTLS_CERT", as->config->client_certificate);
	put_variable(out, "LDAPTLS_KEY", as->config->client_certificate != NULL ? as->key_file : NULL);
}

static void
put_login(struct au_str *out, const struct au_command_as *as)
{
	switch (as->bind) {
	case AU_BIND_SIMPLE:
		put_option(out, "-x -D", as->config->bind_dn);
		if (as->password_file != NULL)
			put_option(out, "-y", as->password_file);
		else
			au_str_put(out, " -W");
		break;
	case AU_BIND_EXTERNAL:
		au_str_put(out, " -Q -Y EXTERNAL");
		break;
	case AU_BIND_GSSAPI:
		au_str_put(out, " -Q -Y GSSAPI -N");
		break;
	case AU_BIND_ANONYMOUS:
		au_str_put(out, " -x");
		break;
	}
}

/* Where the server is by its host and port: a line of a person's must not ask DNS again for another one. */
static void
put_server(struct au_str *out, const struct au_command_as *as)
{
	const struct au_server *server = as->server;
	AU_CLEANUP(au_str_done) struct au_str url = AU_STR_INIT;
	bool is_ipv6 = strchr(server->host, ':') != NULL;

	au_str_printf(&url, "%s://%s%s%s:%d", server->tls == AU_TLS_AT_ONCE ? "ldaps" : "ldap", is_ipv6 ? "[" : "",
	    server->host, is_ipv6 ? "]" : "", server->port);
	put_option(out, "-H", au_str_get(&url));
	if (server->tls == AU_TLS_START)
		au_str_put(out, " -ZZ");
}

static void
put_program(struct au_str *out, const char *program, const struct au_command_as *as)
{
	put_trust(out, as);
	if (as->bind == AU_BIND_GSSAPI) {
		put_variable(out, "KRB5_CONFIG", as->config->kerberos_config);
		put_variable(out, "KRB5_CLIENT_KTNAME", as->keytab);
	}
	au_str_put(out, program);
	put_server(out, as);
	put_login(out, as);
}

static const char *
scope_word(int scope)
{
	switch (scope) {
	case LDAP_SCOPE_BASE:
		return "base";
	case LDAP_SCOPE_ONELEVEL:
		return "one";
	default:
		return "sub";
	}
}

void
au_command_ldapsearch(struct au_str *out, const struct au_command_as *as, const struct au_command_search *search)
{
	put_program(out, "ldapsearch", as);
	au_str_put(out, " -LLL -o ldif_wrap=no -b");
	put_ldap_text(out, search->base);
	au_str_printf(out, " -s %s", scope_word(search->scope));
	if (search->page > 0)
		au_str_printf(out, " -E pr=%d/noprompt", search->page);
	if (search->extension != NULL)
		put_option(out, "-E", search->extension);
	put_ldap_text(out, search->filter);
	for (size_t i = 0; search->attributes[i] != NULL; i++)
		put_word(out, search->attributes[i]);
}

void
au_command_ldapwhoami(struct au_str *out, const struct au_command_as *as)
{
	put_program(out, "ldapwhoami", as);
}

/* The token goes through a pipe, as arguments can be seen by everybody; printf is a part of the shell. */
void
au_command_curl(struct au_str *out, const struct au_source_config *config, const char *key_file, const char *token_file,
    const char *url)
{
	au_str_put(out, "printf 'Authorization: Bearer %s' \"");
	if (token_file != NULL) {
		AU_CLEANUP(au_str_done) struct au_str word = AU_STR_INIT;
		au_command_word(&word, token_file);
		au_str_printf(out, "$(cat %s)", au_str_get(&word));
	} else
		au_str_put(out, "$TOKEN");
	au_str_put(out, "\" | curl -sS -H @- -H 'Accept: application/scim+json'");
	if (config->ca_file != NULL)
		put_option(out, "--cacert", config->ca_file);
	if (config->client_certificate != NULL)
		put_option(out, "--cert", config->client_certificate);
	if (config->client_certificate != NULL && key_file != NULL)
		put_option(out, "--key", key_file);
	put_word(out, url);
}
