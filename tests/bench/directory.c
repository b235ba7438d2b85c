/* SPDX-License-Identifier: ISC */
/* The script says on one line where everything is, and ends its server when its input ends. */
#include "tests/bench/directory.h"

#include "base/io.h"
#include "base/mem.h"
#include "tests/bench/measure.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
exec_script(int in, int out, size_t people)
{
	char count[32];
	AU_CLEANUP(au_freep) char *script = au_xasprintf("%s/tests/bench/directory.sh", getenv("top_srcdir"));

	snprintf(count, sizeof(count), "%zu", people);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	closefrom(STDERR_FILENO + 1);
	execlp("sh", "sh", script, count, (char *)NULL);
	_exit(127);
}

void
directory_open(struct directory *directory, size_t people)
{
	int in[2], out[2];

	if (getenv("top_srcdir") == NULL || pipe(in) != 0 || pipe(out) != 0)
		measure_die("the directory's pipes (run by make bench?)");
	directory->shell = fork();
	if (directory->shell == 0)
		exec_script(in[0], out[1], people);
	close(in[0]);
	close(out[1]);
	directory->hold = in[1];
	directory->ready = fdopen(out[0], "r");
	directory->count = people;
	char line[8 * DIRECTORY_WORD], server[DIRECTORY_WORD];
	if (directory->ready == NULL || fgets(line, sizeof(line), directory->ready) == NULL)
		measure_die("the directory");
	char *rest = line, *into[] = { directory->url, directory->reader, directory->password, directory->people,
		directory->groups, directory->admin, directory->admin_password, server };
	for (size_t i = 0; i < AU_COUNT(into); i++) {
		const char *word = strsep(&rest, " \n");
		snprintf(into[i], DIRECTORY_WORD, "%s", word != NULL ? word : "");
	}
	directory->server = (pid_t)strtol(server, NULL, 10);
}

void
directory_close(struct directory *directory)
{
	close(directory->hold);
	fclose(directory->ready);
	waitpid(directory->shell, NULL, 0);
}

LDAP *
directory_log_in(const struct directory *directory, const char *who, const char *password_file)
{
	static const int version = LDAP_VERSION3;
	char *password = NULL;
	size_t len;
	LDAP *ld = NULL;

	if (au_io_read(password_file, DIRECTORY_WORD, &password, &len, NULL) < 0)
		measure_die("the password");
	struct berval credentials = { len, password };
	if (ldap_initialize(&ld, directory->url) != LDAP_SUCCESS ||
	    ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version) != LDAP_SUCCESS ||
	    ldap_sasl_bind_s(ld, who, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, NULL) != LDAP_SUCCESS)
		measure_die("log-in");
	free(password);
	return ld;
}

/* One value of an entry. */
static void
modify(LDAP *ld, const char *dn, int op, const char *attribute, const char *value)
{
	char *values[] = { (char *)(uintptr_t)value, NULL };
	LDAPMod mod = { .mod_op = op, .mod_type = (char *)(uintptr_t)attribute, .mod_values = values };
	LDAPMod *mods[] = { &mod, NULL };

	if (ldap_modify_ext_s(ld, dn, mods, NULL, NULL) != LDAP_SUCCESS)
		measure_die(dn);
}

void
directory_change_mail(LDAP *ld, const struct directory *directory, size_t number)
{
	static unsigned long long serial;
	AU_CLEANUP(au_freep) char *dn = au_xasprintf("uid=user%06zu,%s", number % directory->count, directory->people);
	AU_CLEANUP(au_freep) char *mail = au_xasprintf("changed%llu@bench.example.com", ++serial);

	modify(ld, dn, LDAP_MOD_REPLACE, "mail", mail);
}

void
directory_change_member(LDAP *ld, const struct directory *directory, size_t number)
{
	AU_CLEANUP(au_freep) char *group = au_xasprintf("cn=everybody,%s", directory->groups);
	AU_CLEANUP(au_freep) char *member = au_xasprintf("uid=user%06zu,%s", number / 2, directory->people);

	modify(ld, group, number % 2 == 0 ? LDAP_MOD_DELETE : LDAP_MOD_ADD, "member", member);
}
