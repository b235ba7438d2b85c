/* SPDX-License-Identifier: ISC */
/*
 * Tickets are kept in this process's memory only, and are shared by its
 * connections.  GSSAPI itself gets and renews them from the keytab.
 */
#include "sourced/kerberos.h"

#include "base/mem.h"
#include "base/str.h"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5.h>
#include <string.h>

#define TICKETS "MEMORY:apiuserd-source"
#define LAYER_SIZE 4 /* which layers, and how long messages may be (RFC 4752 section 3.1) */
#define LAYER_NONE 1

struct au_kerberos {
	char *keytab, *principal, *host;
	struct berval binding;
	gss_cred_id_t credential;
	gss_name_t target;
	gss_ctx_id_t context;
	bool is_established, is_done;
};

/* ---- what went wrong ---- */

static const struct row {
	krb5_error_code code;
	enum au_fault_kind kind;
	bool fail_over;
	const char *what_to_do;
} rows[] = {
	{ KRB5_KDC_UNREACH, AU_FAULT_REACH, false, "no KDC of the realm answers" },
	{ KRB5_REALM_UNKNOWN, AU_FAULT_SETUP, false, "name the realm's KDCs in Kerberos' configuration or in DNS" },
	{ KRB5_CONFIG_CANTOPEN, AU_FAULT_SETUP, false, "see kerberos_config" },
	{ KRB5_CONFIG_NODEFREALM, AU_FAULT_SETUP, false, "give principal with its realm, or a default_realm" },
	{ KRB5_KT_NOTFOUND, AU_FAULT_SETUP, false, "keytab has no such key" },
	{ KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, AU_FAULT_SETUP, true,
	    "call the server by the name that Kerberos has for it" },
	{ KRB5KRB_AP_ERR_SKEW, AU_FAULT_SETUP, false, "set the clock of this machine" },
	{ KRB5KDC_ERR_PREAUTH_FAILED, AU_FAULT_LOGIN, false, "keytab has an old key: export it anew" },
	{ KRB5KRB_AP_ERR_BAD_INTEGRITY, AU_FAULT_LOGIN, false, "keytab has an old key: export it anew" },
	{ KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, AU_FAULT_LOGIN, false, "the realm has no such principal" },
	{ KRB5KDC_ERR_CLIENT_REVOKED, AU_FAULT_LOGIN, false, "its account is locked" },
	{ KRB5KDC_ERR_KEY_EXP, AU_FAULT_LOGIN, false, "its password has expired" },
};

static const struct row elsewhere = { 0, AU_FAULT_SETUP, false, NULL };

static const struct row *
find(OM_uint32 minor)
{
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		if ((OM_uint32)rows[i].code == minor)
			return &rows[i];
	return &elsewhere;
}

static bool
fail(struct au_fault *fault, const char *doing, OM_uint32 major, OM_uint32 minor)
{
	const struct row *row = find(minor);
	gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
	OM_uint32 ignored, more = 0;
	struct au_str seen = AU_STR_INIT;

	if (minor != 0)
		gss_display_status(&ignored, minor, GSS_C_MECH_CODE, gss_mech_krb5, &more, &text);
	else
		gss_display_status(&ignored, major, GSS_C_GSS_CODE, GSS_C_NO_OID, &more, &text);
	au_str_visible(&seen, text.length > 0 ? text.value : "", text.length);
	gss_release_buffer(&ignored, &text);
	au_fault_set(fault, row->kind, "Kerberos: %s: %.200s%s%s", doing, au_str_get(&seen),
	    row->what_to_do != NULL ? ": " : "", row->what_to_do != NULL ? row->what_to_do : "");
	fault->fail_over = row->fail_over;
	au_str_done(&seen);
	au_kerberos_forget();
	return false;
}

static bool
refuse(struct au_fault *fault, const char *why)
{
	au_fault_set(fault, AU_FAULT_SETUP, "Kerberos: %s", why);
	au_kerberos_forget();
	return false;
}

/* ---- names ---- */

static bool
import(const char *text, gss_name_t *ret, struct au_fault *fault)
{
	gss_buffer_desc buffer = { strlen(text), (void *)(uintptr_t)text };
	OM_uint32 minor, major = gss_import_name(&minor, &buffer, GSS_KRB5_NT_PRINCIPAL_NAME, ret);

	return !GSS_ERROR(major) || fail(fault, text, major, minor);
}

/* GSSAPI's own service names are looked up in DNS, forwards and backwards, which a liar there could use. */
static bool
import_service(struct au_kerberos *kerberos, struct au_fault *fault)
{
	krb5_context context;
	krb5_principal principal = NULL;
	char *text = NULL;
	krb5_error_code code = krb5_init_context(&context);

	if (code != 0)
		return fail(fault, "its configuration", GSS_S_FAILURE, (OM_uint32)code);
	code = krb5_sname_to_principal(context, kerberos->host, "ldap", KRB5_NT_UNKNOWN, &principal);
	if (code == 0)
		code = krb5_unparse_name(context, principal, &text);
	bool is_good = code == 0 ? import(text, &kerberos->target, fault)
				 : fail(fault, "the server's name", GSS_S_FAILURE, (OM_uint32)code);
	krb5_free_unparsed_name(context, text);
	krb5_free_principal(context, principal);
	krb5_free_context(context);
	return is_good;
}

/* ---- steps ---- */

static bool
acquire(struct au_kerberos *kerberos, struct au_fault *fault)
{
	gss_key_value_element_desc places[] = { { "client_keytab", kerberos->keytab }, { "ccache", TICKETS } };
	gss_key_value_set_desc store = { AU_COUNT(places), places };
	gss_OID_set_desc mechanisms = { 1, (gss_OID)(uintptr_t)gss_mech_krb5 };
	gss_name_t name = GSS_C_NO_NAME;
	OM_uint32 minor, ignored;

	if (kerberos->principal != NULL && !import(kerberos->principal, &name, fault))
		return false;
	OM_uint32 major = gss_acquire_cred_from(
	    &minor, name, GSS_C_INDEFINITE, &mechanisms, GSS_C_INITIATE, &store, &kerberos->credential, NULL, NULL);
	gss_release_name(&ignored, &name);
	return !GSS_ERROR(major) || fail(fault, "a ticket by keytab", major, minor);
}

static struct berval
copy(const gss_buffer_desc *buffer)
{
	struct berval bytes = { buffer->length, au_xmalloc(buffer->length + 1) };

	if (buffer->length > 0)
		memcpy(bytes.bv_val, buffer->value, buffer->length);
	return bytes;
}

static bool
go_on(struct au_kerberos *kerberos, const struct berval *challenge, struct berval *ret, struct au_fault *fault)
{
	static const OM_uint32 wanted = GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG | GSS_C_SEQUENCE_FLAG;
	struct gss_channel_bindings_struct binding = { .application_data = {
							   kerberos->binding.bv_len, kerberos->binding.bv_val } };
	gss_buffer_desc in = { challenge->bv_len, challenge->bv_val }, out = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor, ignored, given = 0;

	OM_uint32 major = gss_init_sec_context(&minor, kerberos->credential, &kerberos->context, kerberos->target,
	    (gss_OID)(uintptr_t)gss_mech_krb5, wanted, 0,
	    kerberos->binding.bv_len > 0 ? &binding : GSS_C_NO_CHANNEL_BINDINGS, in.length > 0 ? &in : GSS_C_NO_BUFFER,
	    NULL, &out, &given, NULL);
	if (GSS_ERROR(major)) {
		gss_release_buffer(&ignored, &out);
		return fail(fault, kerberos->host, major, minor);
	}
	kerberos->is_established = major == GSS_S_COMPLETE;
	*ret = copy(&out);
	gss_release_buffer(&ignored, &out);
	if (kerberos->is_established && (given & GSS_C_MUTUAL_FLAG) == 0) {
		free(ret->bv_val);
		return refuse(fault, "the server does not prove who it is");
	}
	return true;
}

/* The server offers layers; we take none, and ask for no identity but our own. */
static bool
agree(struct au_kerberos *kerberos, const struct berval *challenge, struct berval *ret, struct au_fault *fault)
{
	unsigned char none[LAYER_SIZE] = { LAYER_NONE };
	gss_buffer_desc wrapped = { challenge->bv_len, challenge->bv_val }, offer = GSS_C_EMPTY_BUFFER,
			choice = { sizeof(none), none }, out = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor, ignored, major = gss_unwrap(&minor, kerberos->context, &wrapped, &offer, NULL, NULL);

	if (GSS_ERROR(major))
		return fail(fault, "the server's offer", major, minor);
	bool is_offered = offer.length == LAYER_SIZE && (*(unsigned char *)offer.value & LAYER_NONE) != 0;
	gss_release_buffer(&ignored, &offer);
	if (!is_offered)
		return refuse(fault, "the server wants a security layer of its own: use ldaps:// or starttls");
	major = gss_wrap(&minor, kerberos->context, 0, GSS_C_QOP_DEFAULT, &choice, NULL, &out);
	if (GSS_ERROR(major))
		return fail(fault, "our choice", major, minor);
	*ret = copy(&out);
	gss_release_buffer(&ignored, &out);
	kerberos->is_done = true;
	return true;
}

bool
au_kerberos_step(
    struct au_kerberos *kerberos, const struct berval *challenge, struct berval *ret, struct au_fault *fault)
{
	if (kerberos->is_done)
		return refuse(fault, "the server goes on after the end");
	if (kerberos->is_established)
		return agree(kerberos, challenge, ret, fault);
	if (kerberos->target == GSS_C_NO_NAME && (!import_service(kerberos, fault) || !acquire(kerberos, fault)))
		return false;
	return go_on(kerberos, challenge, ret, fault);
}

bool
au_kerberos_is_done(const struct au_kerberos *kerberos)
{
	return kerberos->is_done;
}

void
au_kerberos_forget(void)
{
	krb5_context context;
	krb5_ccache tickets;

	if (krb5_init_context(&context) != 0)
		return;
	if (krb5_cc_resolve(context, TICKETS, &tickets) == 0)
		krb5_cc_destroy(context, tickets);
	krb5_free_context(context);
}

struct au_kerberos *
au_kerberos_new(const char *keytab, const char *principal, const char *host, const struct berval *binding)
{
	struct au_kerberos *kerberos = au_xcalloc(1, sizeof(*kerberos));

	kerberos->keytab = au_xstrdup(keytab);
	kerberos->principal = au_xstrdup(principal);
	kerberos->host = au_xstrdup(host);
	kerberos->binding = copy(&(gss_buffer_desc){ binding->bv_len, binding->bv_val });
	return kerberos;
}

void
au_kerberos_free(struct au_kerberos *kerberos)
{
	OM_uint32 ignored;

	if (kerberos == NULL)
		return;
	gss_delete_sec_context(&ignored, &kerberos->context, GSS_C_NO_BUFFER);
	gss_release_cred(&ignored, &kerberos->credential);
	gss_release_name(&ignored, &kerberos->target);
	free(kerberos->binding.bv_val);
	free(kerberos->keytab);
	free(kerberos->principal);
	free(kerberos->host);
	free(kerberos);
}
