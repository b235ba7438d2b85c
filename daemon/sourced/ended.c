/* SPDX-License-Identifier: ISC */
/* What cannot be decoded did not end well, whatever the half of it that was read says. */
#include "sourced/ended.h"

struct au_ended
au_ended_read(LDAP *ld, LDAPMessage *message)
{
	struct au_ended ended = { .code = LDAP_OTHER };
	int rc = ldap_parse_result(ld, message, &ended.code, NULL, &ended.text, NULL, &ended.controls, 0);

	if (rc != LDAP_SUCCESS)
		ended.code = rc;
	return ended;
}

void
au_ended_done(struct au_ended *ended)
{
	ldap_memfree(ended->text);
	ldap_controls_free(ended->controls);
}

struct au_fault *
au_ended_fault(const struct au_ended *ended, const char *doing, struct au_fault *fault)
{
	return au_fault_from_code(fault, ended->code, doing, ended->text);
}
