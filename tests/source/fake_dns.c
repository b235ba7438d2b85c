/* SPDX-License-Identifier: ISC */
/*
 * A DNS server for one domain: fake_dns ZONE.  Listens on a free loopback port,
 * prints it, and answers from the file ZONE, which is read anew for each
 * question; a name that is not there does not exist, and "silent" in place of a
 * record means no answer at all:
 *
 *   dir.example.com A 127.0.0.1
 *   _ldap._tcp.example.com SRV 10 50 389 dir.example.com
 */
#include <arpa/inet.h>
#include <event2/dns.h>
#include <event2/dns_struct.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TYPE_SRV 33
#define TTL 5

struct record {
	char name[256], type[8], data[512];
};

static bool
read_record(FILE *zone, struct record *ret)
{
	return fscanf(zone, "%255s %7s %511[^\n]", ret->name, ret->type, ret->data) == 3;
}

/* A name as a message has it: each label behind its length. */
static size_t
put_name(unsigned char *at, const char *name)
{
	unsigned char *begin = at;

	while (*name != '\0' && *name != '.') {
		size_t len = strcspn(name, ".");
		*at++ = (unsigned char)len;
		memcpy(at, name, len);
		at += len;
		name += len + (name[len] == '.');
	}
	*at++ = 0;
	return (size_t)(at - begin);
}

static void
add_service(struct evdns_server_request *request, const char *name, const char *data)
{
	unsigned char message[600];
	unsigned short numbers[3];
	char host[256];

	if (sscanf(data, "%hu %hu %hu %255s", &numbers[0], &numbers[1], &numbers[2], host) != 4)
		exit(EXIT_FAILURE);
	for (size_t i = 0; i < 3; i++) {
		message[2 * i] = (unsigned char)(numbers[i] >> 8);
		message[2 * i + 1] = (unsigned char)numbers[i];
	}
	size_t len = 6 + put_name(message + 6, host);
	evdns_server_request_add_reply(
	    request, EVDNS_ANSWER_SECTION, name, TYPE_SRV, EVDNS_CLASS_INET, TTL, (int)len, 0, (const char *)message);
}

static void
add_address(struct evdns_server_request *request, const char *name, const char *data)
{
	struct in_addr address;

	if (inet_pton(AF_INET, data, &address) != 1)
		exit(EXIT_FAILURE);
	evdns_server_request_add_a_reply(request, name, 1, &address, TTL);
}

/* What the zone has for one question; false: no answer. */
static bool
answer(struct evdns_server_request *request, const struct evdns_server_question *question, FILE *zone, bool *is_known)
{
	struct record record;

	while (read_record(zone, &record)) {
		if (strcasecmp(record.name, question->name) != 0)
			continue;
		*is_known = true;
		if (strcmp(record.data, "silent") == 0)
			return false;
		if (strcmp(record.type, "A") == 0 && question->type == EVDNS_TYPE_A)
			add_address(request, question->name, record.data);
		if (strcmp(record.type, "SRV") == 0 && question->type == TYPE_SRV)
			add_service(request, question->name, record.data);
	}
	return true;
}

static void
on_request(struct evdns_server_request *request, void *path)
{
	FILE *zone = fopen(path, "r");
	bool is_known = false, is_answered = true;

	for (int i = 0; zone != NULL && i < request->nquestions; i++)
		is_answered = answer(request, request->questions[i], zone, &is_known) && is_answered;
	if (zone != NULL)
		fclose(zone);
	if (is_answered)
		evdns_server_request_respond(request, is_known ? 0 : DNS_ERR_NOTEXIST);
	else
		evdns_server_request_drop(request);
}

int
main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	struct event_base *base = event_base_new();
	evutil_socket_t fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (argc != 2 || fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		fprintf(stderr, "usage: %s ZONE\n", argv[0]);
		return EXIT_FAILURE;
	}
	if (evdns_add_server_port_with_base(base, fd, 0, on_request, argv[1]) == NULL)
		return EXIT_FAILURE;
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	return event_base_dispatch(base) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
