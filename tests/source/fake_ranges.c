/* SPDX-License-Identifier: ISC */
/*
 * An LDAP server with one group of so many members, of which it gives at most
 * 1,500 at a time, as Active Directory does: fake_ranges COUNT [MODE].  Listens
 * on a free loopback port, prints it, and serves each connection in a process
 * of its own until it is killed.  It knows everybody who is named.
 *
 *   still      the group does not change
 *   once       it changes once, in the middle of the first reading
 *   ever       it changes with every part that is read
 *   fails      it is busy when asked for the second part
 *   gap        the second part begins one member too late
 *   short      the second part has a member less than it says
 *   mute       nothing tells of changes
 *   later      whole at first; in parts of which the second fails from the third reading on
 */
#include "tests/source/fake_server.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#define PART 1500
#define GROUP_DN "cn=all,ou=groups,dc=example,dc=com"
#define GROUP_UUID "00000000-0000-4000-8000-00000000aaaa"

/* Seen by the processes of all connections. */
struct shared {
	long usn, readings;
};

static struct shared *shared;
static long count;
static const char *mode = "still";

static bool
is_mode(const char *name)
{
	return strcmp(mode, name) == 0;
}

static void
put_attribute(BerElement *ber, const char *name, const char *value)
{
	ber_printf(ber, "{s[s]}", name, value);
}

static void
send_root(struct fake_client *client)
{
	BerElement *ber = fake_begin();

	ber_printf(
	    ber, "{it{s{{s[s]}}N}N}", client->id, LDAP_RES_SEARCH_ENTRY, "", "namingContexts", "dc=example,dc=com");
	fake_send(client, ber);
	fake_result(client, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
}

static void
send_people(struct fake_client *client)
{
	for (long i = 0; i < count; i++) {
		BerElement *ber = fake_begin();
		char dn[64], uuid[64], uid[32];
		snprintf(uid, sizeof(uid), "u%ld", i);
		snprintf(dn, sizeof(dn), "uid=u%ld,ou=people,dc=example,dc=com", i);
		snprintf(uuid, sizeof(uuid), "00000000-0000-4000-8000-%012ld", i);
		ber_printf(ber, "{it{s{", client->id, LDAP_RES_SEARCH_ENTRY, dn);
		put_attribute(ber, "entryUUID", uuid);
		put_attribute(ber, "uid", uid);
		ber_printf(ber, "}N}N}");
		fake_send(client, ber);
	}
	fake_result(client, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
}

static void
put_values(BerElement *ber, const char *name, long first, long end)
{
	ber_printf(ber, "{s[", name);
	for (long i = first; i < end; i++) {
		char dn[64];
		snprintf(dn, sizeof(dn), "uid=u%ld,ou=people,dc=example,dc=com", i);
		ber_printf(ber, "s", dn);
	}
	ber_printf(ber, "]}");
}

/* The members from `first` on, as far as they go into one answer. */
static void
put_members(BerElement *ber, long first)
{
	bool is_whole = is_mode("later") && shared->readings < 3;
	long end = !is_whole && count - first > PART ? first + PART : count;
	char name[64];

	if (first == 0 && (is_whole || count <= PART)) {
		put_values(ber, "member", 0, count);
		return;
	}
	if (end == count)
		snprintf(name, sizeof(name), "member;range=%ld-*", first);
	else
		snprintf(name, sizeof(name), "member;range=%ld-%ld", first, end - 1);
	if (first > 0 && is_mode("gap"))
		snprintf(name, sizeof(name), "member;range=%ld-*", first + 1);
	if (first > 0 && is_mode("short"))
		end--;
	/* The attribute itself is there, and empty. */
	if (first == 0)
		ber_printf(ber, "{s[]}", "member");
	put_values(ber, name, first, end);
}

static void
send_group(struct fake_client *client, long first)
{
	BerElement *ber = fake_begin();
	char usn[32];

	if (first == 0)
		shared->readings++;
	if (is_mode("ever") || (is_mode("once") && first == PART && shared->usn == 1))
		shared->usn++;
	if (first > 0 && (is_mode("fails") || is_mode("later"))) {
		ber_free(ber, 1);
		fake_result(client, LDAP_RES_SEARCH_RESULT, LDAP_UNWILLING_TO_PERFORM);
		return;
	}
	snprintf(usn, sizeof(usn), "%ld", shared->usn);
	ber_printf(ber, "{it{s{", client->id, LDAP_RES_SEARCH_ENTRY, GROUP_DN);
	put_attribute(ber, "entryUUID", GROUP_UUID);
	put_attribute(ber, "cn", "all");
	if (!is_mode("mute"))
		put_attribute(ber, "uSNChanged", usn);
	put_members(ber, first);
	ber_printf(ber, "}N}N}");
	fake_send(client, ber);
	fake_result(client, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
}

/* Where the part begins that is asked for; 0 without one. */
static long
first_wanted(struct berval *attributes)
{
	long first = 0;

	for (size_t i = 0; attributes != NULL && attributes[i].bv_val != NULL; i++)
		if (strncasecmp(attributes[i].bv_val, "member;range=", 13) == 0)
			first = strtol(attributes[i].bv_val + 13, NULL, 10);
	return first;
}

static void
answer_search(struct fake_client *client, BerElement *request)
{
	struct berval base = { 0, NULL }, *attributes = NULL;
	ber_int_t scope, deref, size, seconds;
	ber_int_t types_only;

	if (ber_scanf(request, "{meeiibxW", &base, &scope, &deref, &size, &seconds, &types_only, &attributes) ==
	    LBER_ERROR)
		_exit(EXIT_FAILURE);
	if (base.bv_len == 0)
		send_root(client);
	else if (strncasecmp(base.bv_val, "ou=people", 9) == 0)
		send_people(client);
	else
		send_group(client, first_wanted(attributes));
	ber_bvarray_free(attributes);
}

static const struct fake_answers answers = { .search = answer_search };

int
main(int argc, char **argv)
{
	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: %s COUNT [MODE]\n", argv[0]);
		return EXIT_FAILURE;
	}
	count = strtol(argv[1], NULL, 10);
	if (argc == 3)
		mode = argv[2];
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return EXIT_FAILURE;
	shared->usn = 1;
	fake_serve(&answers);
}
