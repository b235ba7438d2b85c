/* SPDX-License-Identifier: ISC */
/*
 * Reading a directory: a bare libldap loop over all people, against the same directory through apiuserd-source into a
 * durable store, into an empty one and once more when nothing changed.  Interleaved rounds of one run.
 */
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "settings/rows.h"
#include "source/source.h"
#include "tests/bench/measure.h"

#include <event2/event.h>
#include <ftw.h>
#include <ldap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE 1024
#define LOOK_MS 2

struct directory {
	FILE *ready; /* its line */
	int hold;    /* closing it ends the directory */
	pid_t pid;
	char url[LINE], reader[LINE], password[LINE], people[LINE], groups[LINE];
	size_t count;
};

struct reading {
	struct event_base *base;
	struct au_store *store;
	struct au_source *source;
	size_t wanted;
	long long after_ms; /* a whole reading that ended later */
	long long ended_ms;
};

static size_t
number(const char *name, size_t dflt)
{
	const char *text = getenv(name);

	return text != NULL ? strtoul(text, NULL, 10) : dflt;
}

/* ---- the directory ---- */

static void
exec_directory(int in, int out, size_t people)
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

static void
open_directory(struct directory *directory, size_t people)
{
	int in[2], out[2];

	if (getenv("top_srcdir") == NULL || pipe(in) != 0 || pipe(out) != 0)
		measure_die("the directory's pipes (run by make bench?)");
	directory->pid = fork();
	if (directory->pid == 0)
		exec_directory(in[0], out[1], people);
	close(in[0]);
	close(out[1]);
	directory->hold = in[1];
	directory->ready = fdopen(out[0], "r");
	directory->count = people;
	char line[5 * LINE];
	if (directory->ready == NULL || fgets(line, sizeof(line), directory->ready) == NULL)
		measure_die("the directory");
	char *rest = line,
	     *into[] = { directory->url, directory->reader, directory->password, directory->people, directory->groups };
	for (size_t i = 0; i < AU_COUNT(into); i++) {
		const char *word = strsep(&rest, " \n");
		snprintf(into[i], LINE, "%s", word != NULL ? word : "");
	}
}

static void
close_directory(struct directory *directory)
{
	close(directory->hold);
	fclose(directory->ready);
	waitpid(directory->pid, NULL, 0);
}

/* ---- the floor ---- */

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

static LDAP *
log_in(const struct directory *directory)
{
	static const int version = LDAP_VERSION3;
	char *password = NULL;
	size_t len;
	LDAP *ld = NULL;

	if (au_io_read(directory->password, LINE, &password, &len, NULL) < 0)
		measure_die("the password");
	struct berval credentials = { len, password };
	if (ldap_initialize(&ld, directory->url) != LDAP_SUCCESS ||
	    ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version) != LDAP_SUCCESS ||
	    ldap_sasl_bind_s(ld, directory->reader, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, NULL) != LDAP_SUCCESS)
		measure_die("log-in");
	free(password);
	return ld;
}

static void
read_bare(const struct directory *directory, struct measure_row *row)
{
	static const char *const attributes[] = { "uid", "mail", "cn", "givenName", "sn", "entryUUID", NULL };
	double started = measure_now();
	LDAP *ld = log_in(directory);
	LDAPMessage *message = NULL;
	size_t entries = 0;
	int id, type;

	if (ldap_search_ext(ld, directory->people, LDAP_SCOPE_SUBTREE, "(objectClass=inetOrgPerson)",
		(char **)(uintptr_t)attributes, 0, NULL, NULL, NULL, LDAP_NO_LIMIT, &id) != LDAP_SUCCESS)
		measure_die("search");
	while ((type = ldap_result(ld, id, LDAP_MSG_ONE, NULL, &message)) > 0 && type != LDAP_RES_SEARCH_RESULT) {
		if (type == LDAP_RES_SEARCH_ENTRY && walk(ld, message) > 0)
			entries++;
		ldap_msgfree(message);
	}
	ldap_msgfree(message);
	ldap_unbind_ext(ld, NULL, NULL);
	if (entries < directory->count)
		measure_die("entries are missing");
	double seconds = measure_now() - started;
	measure_add(row, (double)entries / seconds, seconds * 1e3, seconds * 1e3);
}

/* ---- ours ---- */

/* Only the verdict until it says that it is over: counting all entries every time would be most of what is measured. */
static int
look_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct reading *reading = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_source_row row = { 0 };
	int rc = au_store_source_verdict(tx, arena, "bench", &row, err);

	reading->ended_ms = 0;
	if (rc == 0 && row.complete && row.complete_ms > reading->after_ms)
		rc = au_store_source_get(tx, arena, "bench", &row, err);
	if (rc == 0 && row.complete && row.state == AU_SOURCE_OK && (size_t)row.entries >= reading->wanted)
		reading->ended_ms = row.complete_ms;
	return rc == AU_ENOENT ? 0 : rc;
}

static void
on_looked(void *arg, int rc, const struct au_err *err)
{
	struct reading *reading = arg;

	if (rc < 0)
		measure_die(err->text);
	if (reading->ended_ms > reading->after_ms)
		event_base_loopbreak(reading->base);
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	struct reading *reading = arg;

	(void)fd;
	(void)what;
	au_store_read(reading->store, AU_READ_POINT, look_work, reading, on_looked);
}

static void
wait_for_reading(struct reading *reading, size_t entries, struct measure_row *row)
{
	static const struct timeval look = { 0, LOOK_MS * 1000 };
	double started = measure_now();
	struct event *timer = event_new(reading->base, -1, EV_PERSIST, on_look, reading);

	event_add(timer, &look);
	event_base_dispatch(reading->base);
	event_free(timer);
	reading->after_ms = reading->ended_ms;
	double seconds = measure_now() - started;
	measure_add(row, (double)entries / seconds, seconds * 1e3, seconds * 1e3);
}

static void
on_changed(void *ctx, const char *source)
{
	(void)ctx;
	(void)source;
}

static void
on_broken(void *ctx, const char *why)
{
	(void)ctx;
	measure_die(why);
}

static void
set_text(struct au_values *values, const char *name, const char *text)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_string(text);

	if (au_values_set(values, name, json, NULL) < 0)
		measure_die(name);
}

static struct au_values *
make_values(const struct directory *directory)
{
	struct au_values *values = au_values_new(au_source_rows);
	AU_CLEANUP(au_json_decrefp) json_t *servers = json_array();
	AU_CLEANUP(au_freep) char *place = au_xasprintf("file:%s", directory->password);

	json_array_append_new(servers, json_string(directory->url));
	if (au_values_set(values, "servers", servers, NULL) < 0)
		measure_die("servers");
	set_text(values, "name", "bench");
	set_text(values, "bind_dn", directory->reader);
	set_text(values, "password", place);
	set_text(values, "people_base", directory->people);
	set_text(values, "people_filter", "(objectClass=inetOrgPerson)");
	set_text(values, "groups_base", directory->groups);
	set_text(values, "groups_filter", getenv("BENCH_GROUP") != NULL ? "(cn=everybody)" : "(cn=writers)");
	return values;
}

static int
remove_one(const char *path, const struct stat *info, int kind, struct FTW *way)
{
	(void)info;
	(void)kind;
	(void)way;
	return remove(path);
}

static void
read_ours(const struct directory *directory, struct measure_row *import, struct measure_row *again)
{
	static const unsigned char key[32] = "the key of benchmarks' audit row";
	static const struct au_source_events events = { .changed = on_changed };
	char folder[] = "/var/tmp/bench.XXXXXX";
	struct reading reading = { .base = event_base_new(), .wanted = directory->count };
	struct au_store_config config = {
		.backend = "sqlite", .path = mkdtemp(folder), .audit_key = key, .on_broken = on_broken
	};
	struct au_values *values = make_values(directory);
	struct au_block block = { .name = "bench", .values = values };
	AU_CLEANUP(au_freep) char *helper = au_xasprintf("%s/daemon/sourced/apiuserd-source", getenv("top_builddir"));

	if (au_store_open(reading.base, &config, &reading.store, NULL) < 0)
		measure_die("the store");
	reading.source = au_source_new(reading.base, reading.store, helper, &block, &events, &reading);
	au_source_start(reading.source);
	wait_for_reading(&reading, directory->count, import);
	au_source_resync(reading.source);
	wait_for_reading(&reading, directory->count, again);
	au_source_free(reading.source);
	au_store_close(reading.store);
	au_values_free(values);
	event_base_free(reading.base);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int
main(void)
{
	struct directory directory = { 0 };
	struct measure_row bare = { .name = "bare libldap loop" },
			   import = { .name = "import into an empty store", .floor = &bare, .aim = 0.7 },
			   again = { .name = "read again, nothing changed", .floor = &bare, .aim = 1.17 };

	au_rand_init();
	au_log_init("bench_source");
	au_log_level(AU_LOG_WARNING);
	open_directory(&directory, number("BENCH_USERS", 100000));
	for (size_t i = 0; i < number("BENCH_ROUNDS", 3); i++) {
		read_bare(&directory, &bare);
		read_ours(&directory, &import, &again);
	}
	close_directory(&directory);
	measure_print_head();
	measure_print(&bare);
	measure_print(&import);
	measure_print(&again);
	return EXIT_SUCCESS;
}
