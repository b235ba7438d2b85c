/* SPDX-License-Identifier: ISC */
/*
 * What a server answers to a search: libldap decodes the bytes, and what it makes of them is mapped as an entry and
 * read as a sync message.  Message and message id are put around the bytes, so that libldap takes them for an answer.
 */
#include "tests/fuzz/fuzz.h"

#include "base/mem.h"
#include "base/text.h"
#include "sourced/intermediate.h"
#include "sourced/mapping.h"
#include "sourced/sync_control.h"
#include "sourced/vendor.h"

#include <openldap.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* libldap loses memory when it meets messages of an unknown kind; the line ends a connection at the first one. */
int __lsan_is_turned_off(void);
int
__lsan_is_turned_off(void)
{
	return 1;
}

static const struct au_source_config config = {
	.name = "corp",
	.attr_user_name = "uid | ${cn}@example.com",
	.attr_mail = "mail",
	.attr_display_name = "cn",
	.attr_given_name = "givenName",
	.attr_family_name = "sn",
	.attr_group_name = "cn",
	.attr_disabled = "locked",
	.people_base = "ou=people,dc=example,dc=com",
	.people_filter = "(objectClass=person)",
	.groups_base = "ou=groups,dc=example,dc=com",
	.groups_filter = "(objectClass=group)",
	.attr_member_url = "memberURL",
	.dynamic_urls = 4,
	.dynamic_url_size = 8192,
	.primary_group = "primaryGroupID",
};

static void
free_controls(LDAPControl ***controls)
{
	ldap_controls_free(*controls);
}

static void
is_text(const char *text)
{
	HOLDS(text == NULL || au_text_is_utf8(text, strlen(text)));
}

/* Members that are decoded later are the same ones. */
static void
map_deferred(const struct au_mapping *mapping, LDAP *ld, LDAPMessage *message, const char *id, struct au_arena *arena,
    const struct au_mapped *wanted)
{
	struct au_mapped mapped;
	int rc = au_mapping_deferred(mapping, ld, message, id, arena, &mapped, NULL);

	if (rc == 0)
		rc = au_roll_decode(&mapped.roll, arena, NULL);
	HOLDS((rc == 0) == (wanted != NULL));
	if (wanted == NULL)
		return;
	HOLDS(mapped.roll.count == wanted->roll.count);
	for (size_t i = 0; i < mapped.roll.count; i++)
		HOLDS(strcmp(mapped.roll.members[i], wanted->roll.members[i]) == 0);
}

static void
search_for_members(const struct au_mapping *mapping, struct au_arena *arena, const struct au_mapped *group)
{
	struct au_recipe_search *searches;
	const char *lacks;
	size_t count = au_recipe_searches(&group->recipe, &mapping->recipes, group->entry.dn, arena, &searches, &lacks);

	HOLDS(count <= 4 + 1);
	is_text(lacks);
	for (size_t i = 0; i < count; i++) {
		is_text(searches[i].base);
		is_text(searches[i].filter);
	}
}

static void
map(LDAP *ld, LDAPMessage *message, enum au_search search, const char *id)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapping mapping;
	struct au_mapped mapped;

	HOLDS(au_mapping_init(&mapping, arena, &config, search, au_vendor_any(), NULL) == 0);
	int rc = au_mapping_entry(&mapping, ld, message, id, arena, &mapped, NULL);
	map_deferred(&mapping, ld, message, id, arena, rc == 0 ? &mapped : NULL);
	if (rc < 0)
		return;
	HOLDS(mapped.entry.id != NULL && mapped.entry.dn != NULL && mapped.dn_norm != NULL);
	is_text(mapped.entry.dn);
	is_text(mapped.dn_norm);
	is_text(mapped.entry.user_name);
	is_text(mapped.entry.mail);
	is_text(mapped.entry.display_name);
	for (size_t i = 0; i < mapped.roll.count; i++)
		is_text(mapped.roll.members[i]);
	if (search == AU_SEARCH_GROUPS)
		search_for_members(&mapping, arena, &mapped);
}

static void
on_entry(LDAP *ld, LDAPMessage *message)
{
	AU_CLEANUP(free_controls) LDAPControl **controls = NULL;
	struct au_sync_state state;
	char id[AU_UUID_SIZE];

	map(ld, message, AU_SEARCH_PEOPLE, NULL);
	map(ld, message, AU_SEARCH_GROUPS, NULL);
	if (ldap_get_entry_controls(ld, message, &controls) != LDAP_SUCCESS)
		return;
	LDAPControl *control = ldap_control_find(LDAP_CONTROL_SYNC_STATE, controls, NULL);
	if (control != NULL && au_sync_state_parse(&control->ldctl_value, &state, NULL) == 0)
		map(ld, message, AU_SEARCH_GROUPS, au_sync_uuid_text(state.uuid, id));
}

static void
on_intermediate(LDAPMessage *message)
{
	AU_CLEANUP(au_intermediate_done) struct au_intermediate intermediate = { 0 };
	struct au_sync_info info;

	if (au_intermediate_read(message, &intermediate, NULL) == 0 && intermediate.value != NULL)
		au_sync_info_parse(intermediate.value, &info, NULL);
}

static void
on_result(LDAP *ld, LDAPMessage *message)
{
	AU_CLEANUP(free_controls) LDAPControl **controls = NULL;
	char *text = NULL;
	int code;
	struct au_sync_done done;

	if (ldap_parse_result(ld, message, &code, NULL, &text, NULL, &controls, 0) == LDAP_SUCCESS) {
		LDAPControl *control = ldap_control_find(LDAP_CONTROL_SYNC_DONE, controls, NULL);
		if (control != NULL)
			au_sync_done_parse(&control->ldctl_value, &done, NULL);
	}
	ldap_memfree(text);
}

/* As the line does it (sourced/line.c). */
static void
read_all(LDAP *ld)
{
	struct timeval none = { 0, 0 };
	LDAPMessage *message = NULL;

	while (ldap_result(ld, LDAP_RES_ANY, LDAP_MSG_ONE, &none, &message) > 0) {
		switch (ldap_msgtype(message)) {
		case LDAP_RES_SEARCH_ENTRY:
			on_entry(ld, message);
			break;
		case LDAP_RES_INTERMEDIATE:
			on_intermediate(message);
			break;
		case LDAP_RES_SEARCH_RESULT:
			on_result(ld, message);
			break;
		default:
			break;
		}
		ldap_msgfree(message);
		message = NULL;
	}
	ldap_msgfree(message);
}

static void
send_message(int fd, int id, const uint8_t *data, size_t size)
{
	size_t len = size + 3;
	unsigned char head[] = { 0x30, 0x84, (unsigned char)(len >> 24), (unsigned char)(len >> 16),
		(unsigned char)(len >> 8), (unsigned char)len, 0x02, 0x01, (unsigned char)id };

	HOLDS(send(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head));
	HOLDS(send(fd, data, size, 0) == (ssize_t)size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	LDAP *ld = NULL;
	int pair[2], id = 0;

	if (size > 65536)
		return 0;
	setenv("LDAPNOINIT", "1", 1);
	HOLDS(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	HOLDS(ldap_init_fd(pair[0], LDAP_PROTO_TCP, "ldap://localhost", &ld) == LDAP_SUCCESS);
	ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &(int){ LDAP_VERSION3 });
	ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
	HOLDS(ldap_search_ext(ld, "", LDAP_SCOPE_SUBTREE, "(uid=*)", NULL, 0, NULL, NULL, NULL, LDAP_NO_LIMIT, &id) ==
	      LDAP_SUCCESS);
	send_message(pair[1], id, data, size);
	shutdown(pair[1], SHUT_WR);
	read_all(ld);
	ldap_unbind_ext(ld, NULL, NULL);
	close(pair[1]);
	return 0;
}
