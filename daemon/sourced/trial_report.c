/* SPDX-License-Identifier: ISC */
/* OIDs are shown with the names that administrators know them by, where there is one. */
#include "sourced/trial_report.h"

#include "base/str.h"

#include <stdarg.h>
#include <string.h>

#define LISTED_MOST 200 /* of what a server lists */

static const char *const level_words[] = { "note", "warning", "error" };

static const struct {
	const char *oid, *name;
} names[] = {
	{ LDAP_CONTROL_PAGEDRESULTS, "pages (RFC 2696)" },
	{ LDAP_CONTROL_SYNC, "content synchronization (RFC 4533)" },
	{ LDAP_CONTROL_MANAGEDSAIT, "ManageDsaIT (RFC 3296)" },
	{ LDAP_CONTROL_SORTREQUEST, "server-side sorting (RFC 2891)" },
	{ LDAP_CONTROL_VLVREQUEST, "virtual list view" },
	{ LDAP_CONTROL_ASSERT, "assertion (RFC 4528)" },
	{ LDAP_CONTROL_PRE_READ, "pre-read (RFC 4527)" },
	{ LDAP_CONTROL_POST_READ, "post-read (RFC 4527)" },
	{ LDAP_CONTROL_PROXY_AUTHZ, "proxied authorization (RFC 4370)" },
	{ LDAP_CONTROL_SUBENTRIES, "subentries (RFC 3672)" },
	{ LDAP_CONTROL_VALUESRETURNFILTER, "matched values (RFC 3876)" },
	{ LDAP_CONTROL_X_DEREF, "dereference" },
	{ LDAP_CONTROL_PERSIST_REQUEST, "persistent search" },
	{ LDAP_CONTROL_X_DIRSYNC, "DirSync" },
	{ LDAP_CONTROL_X_SHOW_DELETED, "deleted objects" },
	{ LDAP_CONTROL_X_DOMAIN_SCOPE, "domain scope" },
	{ LDAP_CONTROL_X_SERVER_NOTIFICATION, "change notification" },
	{ LDAP_CONTROL_X_EXTENDED_DN, "extended DN" },
	{ LDAP_EXOP_START_TLS, "StartTLS (RFC 4511)" },
	{ LDAP_EXOP_WHO_AM_I, "Who am I? (RFC 4532)" },
	{ LDAP_EXOP_MODIFY_PASSWD, "password modify (RFC 3062)" },
	{ LDAP_EXOP_CANCEL, "cancel (RFC 3909)" },
};

json_t *
au_trial_report_new(const char *source, const char *kind)
{
	json_t *report = json_object();

	au_json_set_str(report, "source", source);
	au_json_set_str(report, "kind", kind);
	json_object_set_new(report, "server", json_object());
	json_object_set_new(report, "searches", json_array());
	json_object_set_new(report, "commands", json_array());
	json_object_set_new(report, "findings", json_array());
	return report;
}

void
au_trial_text(json_t *object, const char *name, const char *text)
{
	AU_CLEANUP(au_freep) char *cut = NULL;

	if (text == NULL)
		return;
	cut = au_xstrndup(text, AU_TRIAL_TEXT);
	au_json_set_str(object, name, cut);
}

void
au_trial_append(json_t *object, const char *list, json_t *item)
{
	json_t *array = json_object_get(object, list);

	if (array == NULL) {
		array = json_array();
		json_object_set_new(object, list, array);
	}
	json_array_append_new(array, item);
}

void
au_trial_find(json_t *report, enum au_trial_level level, const char *fmt, ...)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT, seen = AU_STR_INIT;
	json_t *finding = json_object();
	char line[2 * AU_TRIAL_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	au_str_utf8(&text, line);
	au_str_visible(&seen, au_str_get(&text), text.len);
	au_json_set_str(finding, "level", level_words[level]);
	au_json_set_str(finding, "text", au_str_get(&seen));
	au_trial_append(report, "findings", finding);
}

static const char *
name_of(const char *oid)
{
	for (size_t i = 0; i < AU_COUNT(names); i++)
		if (au_streq(names[i].oid, oid))
			return names[i].name;
	return NULL;
}

static void
put_oids(json_t *server, const char *list, const char **oids)
{
	json_object_set_new(server, list, json_array());
	for (size_t i = 0; i < LISTED_MOST && oids[i] != NULL; i++) {
		json_t *item = json_object();
		au_json_set_str(item, "oid", oids[i]);
		au_json_set_str(item, "name", name_of(oids[i]));
		au_trial_append(server, list, item);
	}
}

static void
put_texts(json_t *server, const char *list, const char **texts)
{
	json_object_set_new(server, list, json_array());
	for (size_t i = 0; i < LISTED_MOST && texts[i] != NULL; i++) {
		AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
		au_str_utf8(&text, texts[i]);
		au_trial_append(server, list, json_string(au_str_get(&text)));
	}
}

void
au_trial_root(json_t *server, const struct au_root *root)
{
	put_texts(server, "contexts", root->contexts);
	put_texts(server, "mechanisms", root->mechanisms);
	put_oids(server, "controls", root->controls);
	put_oids(server, "extensions", root->extensions);
}

json_t *
au_trial_entry(const struct au_mapping *mapping, const struct au_mapped *mapped)
{
	json_t *json = json_object();

	au_trial_text(json, "dn", mapped->entry.dn);
	au_trial_text(json, "id", mapped->entry.id);
	json_object_set_new(json, "active", json_boolean(mapped->entry.active));
	if (mapped->disabled_by != NULL)
		au_json_set_str(json, "inactive_by", mapped->disabled_by->text);
	if (mapped->entry.expires_ms != 0)
		au_json_set_int(json, "expires_ms", mapped->entry.expires_ms);
	au_trial_text(json, "expires_odd", mapped->entry.expires_odd);
	for (size_t i = 0; i < au_mapping_text_count(mapping); i++) {
		struct au_mapping_text text = au_mapping_text(mapping, i, mapped);
		json_t *item;
		if (text.expression == NULL)
			continue;
		item = json_object();
		au_json_set_str(item, "option", text.option);
		au_json_set_str(item, "expression", text.expression);
		au_trial_text(item, "value", text.value);
		if (text.from != NULL)
			au_json_set_str(item, "from", text.from->text);
		au_trial_append(json, "texts", item);
	}
	return json;
}
