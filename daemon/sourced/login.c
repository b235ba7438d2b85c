/* SPDX-License-Identifier: ISC */
/* Bind requests are sent raw, so that libldap never asks anybody and never waits. */
#include "sourced/login.h"

#include "base/mem.h"
#include "base/str.h"

static const struct {
	const char *name;
	enum au_bind bind;
} binds[] = {
	{ "simple", AU_BIND_SIMPLE },
	{ "external", AU_BIND_EXTERNAL },
	{ "anonymous", AU_BIND_ANONYMOUS },
	{ "gssapi", AU_BIND_GSSAPI },
};

int
au_login_read(
    const struct au_source_start *start, const struct au_secret *password, struct au_login *ret, struct au_err *err)
{
	const struct au_source_config *config = &start->config;
	struct au_login login = {
		.dn = config->bind_dn, .password = password, .keytab = start->keytab, .principal = config->principal
	};

	for (size_t i = 0; i < AU_COUNT(binds); i++)
		if (au_streq(binds[i].name, config->bind))
			login.bind = binds[i].bind;
	if (login.bind == 0)
		return au_fail(
		    err, AU_EINVAL, "bind '%s': expected simple, external, gssapi or anonymous", config->bind);
	if (login.bind == AU_BIND_SIMPLE && au_str_empty(login.dn))
		return au_fail(err, AU_EINVAL, "bind_dn is missing");
	if (login.bind == AU_BIND_SIMPLE && (password == NULL || au_secret_len(password) == 0))
		return au_fail(err, AU_EINVAL, "password of '%s' is empty: that would be an anonymous bind", login.dn);
	if (login.bind == AU_BIND_EXTERNAL && au_str_empty(config->client_certificate))
		return au_fail(err, AU_EINVAL, "bind external: client_certificate is missing");
	if (login.bind == AU_BIND_GSSAPI && au_str_empty(login.keytab))
		return au_fail(err, AU_EINVAL, "bind gssapi: keytab is missing");
	*ret = login;
	return 0;
}

int
au_login_send(const struct au_login *login, LDAP *ld, int *ret_message_id)
{
	struct berval credentials = { 0, (char[]){ "" } };

	switch (login->bind) {
	case AU_BIND_SIMPLE:
		credentials.bv_len = au_secret_len(login->password);
		credentials.bv_val = (char *)(uintptr_t)au_secret_text(login->password);
		return ldap_sasl_bind(ld, login->dn, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, ret_message_id);
	case AU_BIND_EXTERNAL:
		return ldap_sasl_bind(ld, NULL, "EXTERNAL", &credentials, NULL, NULL, ret_message_id);
	case AU_BIND_GSSAPI: /* takes more than one request */
		return LDAP_PARAM_ERROR;
	case AU_BIND_ANONYMOUS:
		break;
	}
	return ldap_sasl_bind(ld, "", LDAP_SASL_SIMPLE, &credentials, NULL, NULL, ret_message_id);
}
