/* SPDX-License-Identifier: ISC */
/* A directory for benchmarks: a process of its own, people, and one group that holds all of them (directory.sh). */
#ifndef BENCH_DIRECTORY_H
#define BENCH_DIRECTORY_H

#include <ldap.h>
#include <stdio.h>
#include <sys/types.h>

#define DIRECTORY_WORD 1024
#define DIRECTORY_PEOPLE "(objectClass=inetOrgPerson)"
#define DIRECTORY_GROUP "(cn=everybody)"

struct directory {
	FILE *ready; /* its line */
	int hold;    /* closing it ends the directory */
	pid_t shell, server;
	char url[DIRECTORY_WORD], reader[DIRECTORY_WORD], password[DIRECTORY_WORD]; /* password: a file */
	char people[DIRECTORY_WORD], groups[DIRECTORY_WORD];                        /* bases */
	char admin[DIRECTORY_WORD], admin_password[DIRECTORY_WORD];
	size_t count; /* people */
};

void directory_open(struct directory *directory, size_t people);
void directory_close(struct directory *directory);
/* Ended by ldap_unbind_ext. */
LDAP *directory_log_in(const struct directory *directory, const char *who, const char *password_file);
/* A person has another address; or is no member any more when number is even, and is one again when it is the next. */
typedef void directory_change(LDAP *ld, const struct directory *directory, size_t number);
directory_change directory_change_mail, directory_change_member;

#endif
