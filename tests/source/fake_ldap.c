/* SPDX-License-Identifier: ISC */
/*
 * An LDAP server that misbehaves in one way: fake_ldap MODE.  Listens on a free
 * loopback port, prints it, and serves each connection in a process of its own
 * until it is killed.  Until the mode's moment comes it is polite: it takes any
 * password and says that it is OpenLDAP with RFC 4533.
 */
#include "tests/source/fake_server.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENTRY_DN "uid=u1,ou=people,dc=example,dc=com"
#define RAW_UUID "0123456789abcdef"

struct mode {
	const char *name;
	void (*starttls)(struct fake_client *client); /* NULL: not offered */
	void (*sync)(struct fake_client *client);     /* the answer to a search with the sync control */
	int code;                                     /* of a result that is nothing else */
};

static const struct mode *mode;

static void
sleep_for_ever(void)
{
	for (;;)
		pause();
}

/* ---- StartTLS ---- */

static void
strip(struct fake_client *client)
{
	fake_result(client, LDAP_RES_EXTENDED, LDAP_PROTOCOL_ERROR);
}

static void
stall(struct fake_client *client)
{
	fake_result(client, LDAP_RES_EXTENDED, LDAP_SUCCESS);
	sleep_for_ever();
}

/* The first bytes of a TLS record, and no more. */
static void
stall_inside(struct fake_client *client)
{
	int fd = -1;

	fake_result(client, LDAP_RES_EXTENDED, LDAP_SUCCESS);
	ber_sockbuf_ctrl(client->sockbuf, LBER_SB_OPT_GET_FD, &fd);
	if (write(fd, "\x16\x03\x03", 3) != 3)
		_exit(EXIT_FAILURE);
	sleep_for_ever();
}

/* Consent, and in the same breath, in clear, the good answer to a bind that has not been sent yet. */
static void
inject(struct fake_client *client)
{
	BerElement *ber = fake_begin();

	ber_printf(ber, "{it{essN}N}", client->id, LDAP_RES_EXTENDED, LDAP_SUCCESS, "", "");
	ber_printf(ber, "{it{essN}N}", client->id + 1, LDAP_RES_BIND, LDAP_SUCCESS, "", "");
	fake_send(client, ber);
}

/* ---- answers to the sync control ---- */

/* An entry with a sync state control; value NULL leaves the value out, oid NULL the control. */
static void
send_entry(struct fake_client *client, const struct berval *dn, const char *oid, const struct berval *value)
{
	BerElement *ber = fake_begin();

	ber_printf(ber, "{it{O{{s[s]}}}", client->id, LDAP_RES_SEARCH_ENTRY, dn, "uid", "u1");
	if (oid != NULL) {
		ber_printf(ber, "t{{s", LDAP_TAG_CONTROLS, oid);
		if (value != NULL)
			ber_printf(ber, "O", value);
		ber_printf(ber, "}}");
	}
	ber_printf(ber, "N}");
	fake_send(client, ber);
}

static const struct berval plain_dn = { sizeof(ENTRY_DN) - 1, (char[]){ ENTRY_DN } };

static void
send_state(struct fake_client *client, const struct berval *dn, const char *uuid)
{
	BerElement *ber = fake_begin();
	struct berval *value = NULL;

	ber_printf(ber, "{es}", LDAP_SYNC_ADD, uuid);
	if (ber_flatten(ber, &value) != 0)
		abort();
	send_entry(client, dn, LDAP_CONTROL_SYNC_STATE, value);
	ber_bvfree(value);
	ber_free(ber, 1);
}

/* value NULL leaves the value out. */
static void
send_info(struct fake_client *client, const struct berval *value)
{
	BerElement *ber = fake_begin();

	ber_printf(ber, "{it{ts", client->id, LDAP_RES_INTERMEDIATE, LDAP_TAG_IM_RES_OID, LDAP_SYNC_INFO);
	if (value != NULL)
		ber_printf(ber, "tO", LDAP_TAG_IM_RES_VALUE, value);
	ber_printf(ber, "N}N}");
	fake_send(client, ber);
}

/* A message whose name is there and empty. */
static void
info_nameless(struct fake_client *client)
{
	BerElement *ber = fake_begin();

	ber_printf(ber, "{it{tsN}N}", client->id, LDAP_RES_INTERMEDIATE, LDAP_TAG_IM_RES_OID, "");
	fake_send(client, ber);
}

static void
state_without_value(struct fake_client *client)
{
	send_entry(client, &plain_dn, LDAP_CONTROL_SYNC_STATE, NULL);
}

static void
state_empty(struct fake_client *client)
{
	send_entry(client, &plain_dn, LDAP_CONTROL_SYNC_STATE, &(struct berval){ 0, (char[]){ "" } });
}

static void
state_cut(struct fake_client *client)
{
	send_entry(client, &plain_dn, LDAP_CONTROL_SYNC_STATE, &(struct berval){ 3, (char[]){ 0x30, 0x7f, 0x0a } });
}

static void
state_missing(struct fake_client *client)
{
	send_entry(client, &plain_dn, NULL, NULL);
}

static void
uuid_short(struct fake_client *client)
{
	send_state(client, &plain_dn, "0123");
}

static void
info_without_value(struct fake_client *client)
{
	send_info(client, NULL);
}

static void
info_empty(struct fake_client *client)
{
	send_info(client, &(struct berval){ 0, (char[]){ "" } });
}

static void
info_unknown(struct fake_client *client)
{
	send_info(client, &(struct berval){ 2, (char[]){ 0x05, 0x00 } });
}

static void
dn_rubbish(struct fake_client *client)
{
	static char dn[] = "uid=\xff\xfe\0\n\x1b[31m,dc=x";

	send_state(client, &(struct berval){ sizeof(dn) - 1, dn }, RAW_UUID);
}

static void
reference(struct fake_client *client)
{
	BerElement *ber = fake_begin();

	ber_printf(ber, "{it{s}N}", client->id, LDAP_RES_SEARCH_REFERENCE, "ldap://127.0.0.1:1/dc=elsewhere");
	fake_send(client, ber);
}

static void
reload_always(struct fake_client *client)
{
	fake_result(client, LDAP_RES_SEARCH_RESULT, LDAP_SYNC_REFRESH_REQUIRED);
}

/* The first page is said to have a next one, which is said to be the last: as some proxies do that send it elsewhere. */
static void
page_lost(struct fake_client *client)
{
	static bool is_asked;
	BerElement *ber = fake_begin(), *page = fake_begin();
	struct berval *value = NULL;

	send_entry(client, &plain_dn, NULL, NULL);
	ber_printf(ber, "{it{ess}", client->id, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS, "", "");
	if (!is_asked) {
		ber_printf(page, "{is}", 0, "more");
		if (ber_flatten(page, &value) != 0)
			abort();
		ber_printf(ber, "t{{sO}}", LDAP_TAG_CONTROLS, LDAP_CONTROL_PAGEDRESULTS, value);
	}
	ber_printf(ber, "N}");
	fake_send(client, ber);
	is_asked = true;
	ber_bvfree(value);
	ber_free(page, 1);
}

/* An empty directory, of which only everything can be asked. */
static void
recent_refused(struct fake_client *client)
{
	static int asked;

	fake_result(client, LDAP_RES_SEARCH_RESULT, asked++ < 2 ? LDAP_SUCCESS : LDAP_INAPPROPRIATE_MATCHING);
}

static void
silent(struct fake_client *client)
{
	(void)client;
}

/* Twice the same control, so that the first says something else than the second. */
static void
state_twice(struct fake_client *client)
{
	BerElement *ber = fake_begin();
	struct berval value = { 23, (char[]){ "\x30\x15\x0a\x01\x01\x04\x10" RAW_UUID } };

	ber_printf(ber, "{it{O{{s[s]}}}t{{sO}{sO}}N}", client->id, LDAP_RES_SEARCH_ENTRY, &plain_dn, "uid", "u1",
	    LDAP_TAG_CONTROLS, LDAP_CONTROL_SYNC_STATE, &value, LDAP_CONTROL_SYNC_STATE, &value);
	fake_send(client, ber);
}

/* Sequences in sequences, each with a length that fits. */
static void
state_deep(struct fake_client *client)
{
	enum { DEPTH = 20000 };
	static char deep[4 * DEPTH];

	for (size_t i = 0; i < DEPTH; i++) {
		size_t left = sizeof(deep) - 4 * (i + 1);
		deep[4 * i] = 0x30;
		deep[4 * i + 1] = (char)0x82;
		deep[4 * i + 2] = (char)(left >> 8);
		deep[4 * i + 3] = (char)left;
	}
	send_entry(client, &plain_dn, LDAP_CONTROL_SYNC_STATE, &(struct berval){ sizeof(deep), deep });
}

static void
send_raw(struct fake_client *client, const char *data, size_t len)
{
	int fd = -1;

	ber_sockbuf_ctrl(client->sockbuf, LBER_SB_OPT_GET_FD, &fd);
	if (write(fd, data, len) != (ssize_t)len)
		_exit(EXIT_FAILURE);
}

#define SEND_RAW(client, text) send_raw(client, text, sizeof(text) - 1)

static void
message_huge(struct fake_client *client)
{
	SEND_RAW(client, "\x30\x84\x7f\xff\xff\xf0");
	sleep_for_ever();
}

/* A length whose highest bit is set, for those that count with signs. */
static void
length_negative(struct fake_client *client)
{
	SEND_RAW(client, "\x30\x84\xff\xff\xff\xff\x02\x01\x03");
}

/* A message id of eight bytes. */
static void
id_huge(struct fake_client *client)
{
	SEND_RAW(client, "\x30\x11\x02\x08\x7f\xff\xff\xff\xff\xff\xff\xff\x65\x05\x0a\x01\x00\x04\x00");
}

/* The entry's inner lengths say more than the message has. */
static void
entry_cut(struct fake_client *client)
{
	char message[] = "\x30\x0c\x02\x01?\x64\x07\x04\x7f"
			 "uid=a";

	message[4] = (char)client->id;
	send_raw(client, message, sizeof(message) - 1);
}

/* Answers to a question that nobody asked, then nothing. */
static void
id_of_nobody(struct fake_client *client)
{
	client->id += 1000;
	send_state(client, &plain_dn, RAW_UUID);
	fake_result(client, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
}

/* A search that ends as if something had been added. */
static void
type_wrong(struct fake_client *client)
{
	fake_result(client, LDAP_RES_ADD, LDAP_SUCCESS);
}

static void
send_notice(struct fake_client *client, const char *oid, int code)
{
	BerElement *ber = fake_begin();

	ber_printf(ber, "{it{essts}N}", 0, LDAP_RES_EXTENDED, code, "", "going down", LDAP_TAG_EXOP_RES_OID, oid);
	fake_send(client, ber);
}

/* RFC 4511 section 4.4.1; the connection stays open, as if it were forgotten. */
static void
notice(struct fake_client *client)
{
	send_notice(client, LDAP_NOTICE_OF_DISCONNECTION, LDAP_UNAVAILABLE);
}

/* The server's own messages that we do not know mean nothing. */
static void
notice_unknown(struct fake_client *client)
{
	send_notice(client, "1.2.3.4", LDAP_SUCCESS);
}

static void
notice_flood(struct fake_client *client)
{
	for (;;)
		notice_unknown(client);
}

/* "That was everything", and nothing was there; the reading is as whole as a reading can be. */
static void
refresh_empty(struct fake_client *client)
{
	send_info(client, &(struct berval){ 5, (char[]){ "\xa1\x03\x01\x01\xff" } });
}

/* All people are one. */
static void
uuid_same(struct fake_client *client)
{
	for (int i = 0; i < 20; i++) {
		char name[64];
		int len = snprintf(name, sizeof(name), "uid=u%d,ou=people,dc=example,dc=com", i);
		send_state(client, &(struct berval){ (ber_len_t)len, name }, RAW_UUID);
	}
	refresh_empty(client);
}

/* RFC 4533 section 3.5: of a refresh that is not to persist, in which nobody was named. */
static void
sync_ends(struct fake_client *client)
{
	fake_result(client, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
}

static void
end_with_code(struct fake_client *client)
{
	fake_result(client, LDAP_RES_SEARCH_RESULT, mode->code);
}

#define EARLY_COOKIE "rid=000,csn=29990101000000.000000Z#000000#000#000000"

/* A cookie in the middle of a refresh, and the connection ends. */
static void
cookie_early(struct fake_client *client)
{
	BerElement *ber = fake_begin();
	struct berval *value = NULL;

	ber_printf(ber, "t{ts[]}", LDAP_TAG_SYNC_ID_SET, LDAP_TAG_SYNC_COOKIE, EARLY_COOKIE);
	if (ber_flatten(ber, &value) != 0)
		abort();
	send_info(client, value);
	_exit(EXIT_SUCCESS);
}

static const struct mode modes[] = {
	{ "strip", strip, silent, 0 },
	{ "stall", stall, silent, 0 },
	{ "stall-inside", stall_inside, silent, 0 },
	{ "inject", inject, silent, 0 },
	{ "state-without-value", NULL, state_without_value, 0 },
	{ "state-empty", NULL, state_empty, 0 },
	{ "state-cut", NULL, state_cut, 0 },
	{ "state-missing", NULL, state_missing, 0 },
	{ "uuid-short", NULL, uuid_short, 0 },
	{ "info-without-value", NULL, info_without_value, 0 },
	{ "info-empty", NULL, info_empty, 0 },
	{ "info-nameless", NULL, info_nameless, 0 },
	{ "info-unknown", NULL, info_unknown, 0 },
	{ "dn-rubbish", NULL, dn_rubbish, 0 },
	{ "state-twice", NULL, state_twice, 0 },
	{ "state-deep", NULL, state_deep, 0 },
	{ "length-negative", NULL, length_negative, 0 },
	{ "id-huge", NULL, id_huge, 0 },
	{ "id-of-nobody", NULL, id_of_nobody, 0 },
	{ "entry-cut", NULL, entry_cut, 0 },
	{ "type-wrong", NULL, type_wrong, 0 },
	{ "notice", NULL, notice, 0 },
	{ "notice-unknown", NULL, notice_unknown, 0 },
	{ "notice-flood", NULL, notice_flood, 0 },
	{ "refresh-empty", NULL, refresh_empty, 0 },
	{ "uuid-same", NULL, uuid_same, 0 },
	{ "message-huge", NULL, message_huge, 0 },
	{ "reference", NULL, reference, 0 },
	{ "reload-always", NULL, reload_always, 0 },
	{ "page-lost", NULL, page_lost, 0 },
	{ "recent-refused", NULL, recent_refused, 0 },
	{ "silent", NULL, silent, 0 },
	{ "sync-ends", NULL, sync_ends, 0 },
	{ "cookie-early", NULL, cookie_early, 0 },
	{ "code-3", NULL, end_with_code, LDAP_TIMELIMIT_EXCEEDED },
	{ "code-4", NULL, end_with_code, LDAP_SIZELIMIT_EXCEEDED },
	{ "code-8", NULL, end_with_code, LDAP_STRONG_AUTH_REQUIRED },
	{ "code-10", NULL, end_with_code, LDAP_REFERRAL },
	{ "code-11", NULL, end_with_code, LDAP_ADMINLIMIT_EXCEEDED },
	{ "code-32", NULL, end_with_code, LDAP_NO_SUCH_OBJECT },
	{ "code-50", NULL, end_with_code, LDAP_INSUFFICIENT_ACCESS },
	{ "code-51", NULL, end_with_code, LDAP_BUSY },
	{ "code-52", NULL, end_with_code, LDAP_UNAVAILABLE },
	{ "code-53", NULL, end_with_code, LDAP_UNWILLING_TO_PERFORM },
	{ "code-80", NULL, end_with_code, LDAP_OTHER },
};

/* ---- the polite part ---- */

static void
send_root(struct fake_client *client)
{
	BerElement *ber = fake_begin();

	ber_printf(ber, "{it{s{{s[s]}{s[s]}{s[s]}}N}N}", client->id, LDAP_RES_SEARCH_ENTRY, "", "structuralObjectClass",
	    "OpenLDAProotDSE", "supportedControl", LDAP_CONTROL_SYNC, "namingContexts", "dc=example,dc=com");
	fake_send(client, ber);
	fake_result(client, LDAP_RES_SEARCH_RESULT, LDAP_SUCCESS);
}

static void
answer_search(struct fake_client *client, BerElement *request)
{
	struct berval base = { 0, NULL };

	if (ber_scanf(request, "{m", &base) == LBER_ERROR)
		_exit(EXIT_FAILURE);
	if (base.bv_len == 0)
		send_root(client);
	else
		mode->sync(client);
}

static void
answer_extended(struct fake_client *client)
{
	if (mode->starttls != NULL)
		mode->starttls(client);
}

static const struct fake_answers answers = { .search = answer_search, .extended = answer_extended };

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].name, argv[1]) == 0)
			mode = &modes[i];
	if (mode == NULL) {
		fprintf(stderr, "usage: %s MODE\n", argv[0]);
		return EXIT_FAILURE;
	}
	fake_serve(&answers);
}
