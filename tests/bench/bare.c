/* SPDX-License-Identifier: ISC */
/* Values are looked at in place; what is measured is libldap, the kernel and the server. */
#include "tests/bench/bare.h"

#include "tests/bench/measure.h"
#include "tests/bench/process.h"

#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const of_groups[] = { "cn", "member", "entryUUID", NULL };

static size_t
walk(LDAP *ld, LDAPMessage *entry)
{
	BerElement *ber = NULL;
	struct berval dn, name, *values;
	size_t bytes = 0;

	if (ldap_get_dn_ber(ld, entry, &ber, &dn) != LDAP_SUCCESS)
		measure_die("an entry");
	while (ldap_get_attribute_ber(ld, entry, ber, &name, &values) == LDAP_SUCCESS && name.bv_val != NULL) {
		for (size_t i = 0; values != NULL && values[i].bv_val != NULL; i++)
			bytes += values[i].bv_len;
		ber_memfree(values);
	}
	ber_free(ber, 0);
	return bytes;
}

static size_t
search_bare(LDAP *ld, const char *base, const char *filter, const char *const *attributes)
{
	LDAPMessage *message = NULL;
	size_t entries = 0;
	int id, type;

	if (ldap_search_ext(ld, base, LDAP_SCOPE_SUBTREE, filter, (char **)(uintptr_t)attributes, 0, NULL, NULL, NULL,
		LDAP_NO_LIMIT, &id) != LDAP_SUCCESS)
		measure_die("search");
	while ((type = ldap_result(ld, id, LDAP_MSG_ONE, NULL, &message)) > 0 && type != LDAP_RES_SEARCH_RESULT) {
		if (type == LDAP_RES_SEARCH_ENTRY && walk(ld, message) > 0)
			entries++;
		ldap_msgfree(message);
	}
	ldap_msgfree(message);
	return entries;
}

static struct bare
loop(const struct directory *directory)
{
	static const char *const of_people[] = { "uid", "mail", "cn", "givenName", "sn", "entryUUID", NULL };
	double started = measure_now(), cpu = process_own_cpu();
	LDAP *ld = directory_log_in(directory, directory->reader, directory->password);
	struct bare bare = { .entries = search_bare(ld, directory->people, DIRECTORY_PEOPLE, of_people) };

	if (bare.entries < directory->count || search_bare(ld, directory->groups, DIRECTORY_GROUP, of_groups) != 1)
		measure_die("entries are missing");
	ldap_unbind_ext(ld, NULL, NULL);
	bare.seconds = measure_now() - started;
	bare.cpu = process_own_cpu() - cpu;
	return bare;
}

struct bare
bare_read(const struct directory *directory)
{
	struct bare bare;
	int ends[2];

	if (pipe(ends) != 0)
		measure_die("pipe");
	pid_t child = fork();
	if (child == 0) {
		bare = loop(directory);
		_exit(write(ends[1], &bare, sizeof(bare)) == (ssize_t)sizeof(bare) ? 0 : 1);
	}
	close(ends[1]);
	if (read(ends[0], &bare, sizeof(bare)) != (ssize_t)sizeof(bare) || waitpid(child, NULL, 0) != child)
		measure_die("the bare loop");
	close(ends[0]);
	return bare;
}

/* ---- following ---- */

static int
follow(LDAP *ld, const struct directory *directory)
{
	/* SyncRequestValue: refreshAndPersist without a cookie (RFC 4533 section 2.2). */
	struct berval value = { 5, (char[]){ 0x30, 0x03, 0x0a, 0x01, 0x03 } };
	LDAPControl control = {
		.ldctl_oid = (char[]){ LDAP_CONTROL_SYNC }, .ldctl_value = value, .ldctl_iscritical = 1
	};
	LDAPControl *controls[] = { &control, NULL };
	int id;

	if (ldap_search_ext(ld, directory->groups, LDAP_SCOPE_SUBTREE, DIRECTORY_GROUP, (char **)(uintptr_t)of_groups,
		0, controls, NULL, NULL, LDAP_NO_LIMIT, &id) != LDAP_SUCCESS)
		measure_die("search");
	return id;
}

static void
wait_for(LDAP *ld, int id, int wanted)
{
	int type = 0;

	while (type != wanted) {
		LDAPMessage *message = NULL;
		type = ldap_result(ld, id, LDAP_MSG_ONE, NULL, &message);
		if (type <= 0 || type == LDAP_RES_SEARCH_RESULT)
			measure_die("following the group");
		if (type == LDAP_RES_SEARCH_ENTRY)
			walk(ld, message);
		ldap_msgfree(message);
	}
}

void
bare_follow(const struct directory *directory, size_t changes, double *ms)
{
	LDAP *reader = directory_log_in(directory, directory->reader, directory->password);
	LDAP *admin = directory_log_in(directory, directory->admin, directory->admin_password);
	int id = follow(reader, directory);

	wait_for(reader, id, LDAP_RES_INTERMEDIATE);
	for (size_t i = 0; i < changes; i++) {
		directory_change_member(admin, directory, i);
		double answered = measure_now();
		wait_for(reader, id, LDAP_RES_SEARCH_ENTRY);
		ms[i] = (measure_now() - answered) * 1e3;
	}
	ldap_unbind_ext(reader, NULL, NULL);
	ldap_unbind_ext(admin, NULL, NULL);
}
