/* SPDX-License-Identifier: ISC */
/*
 * The command lines by which a person asks a directory or a SCIM service what we
 * ask of it.  They can be pasted into a shell as they are, and hold no secret: a
 * password comes from its file or is asked for, a token from its file or from
 * the variable TOKEN.
 */
#ifndef SOURCED_COMMAND_H
#define SOURCED_COMMAND_H

#include "base/str.h"
#include "sourced/login.h"
#include "sourced/server.h"

/* Whom to be, and with whom to speak. */
struct au_command_as {
	const struct au_source_config *config;
	const struct au_server *server;
	enum au_bind bind;
	const char *keytab;
	const char *password_file, *key_file; /* NULL: none that a tool can take */
};

struct au_command_search {
	const char *base, *filter;
	int scope;                     /* LDAP_SCOPE_... */
	const char *const *attributes; /* NULL-terminated */
	int page;                      /* entries at a time; 0 = no pages */
	const char *extension;         /* of ldapsearch(1)'s -E; NULL = none */
};

/* One line, without its end. */
void au_command_ldapsearch(struct au_str *out, const struct au_command_as *as, const struct au_command_search *search);
void au_command_ldapwhoami(struct au_str *out, const struct au_command_as *as);
/* url: all of it.  token_file: NULL as above. */
void au_command_curl(struct au_str *out, const struct au_source_config *config, const char *key_file,
    const char *token_file, const char *url);

/* A word of a line for sh(1), in quotes where it needs some. */
void au_command_word(struct au_str *out, const char *word);

#endif
