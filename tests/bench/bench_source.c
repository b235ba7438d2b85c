/* SPDX-License-Identifier: ISC */
/*
 * Reading a directory: a bare libldap loop over all people and a group that holds all of them, against the same
 * directory through apiuserd-source into a durable store: into an empty one, once more when nothing changed, and again
 * after some changes while nobody read.  Interleaved rounds of one run.  Then how long it takes from the directory's
 * answer to a change until it is in the store, the most memory that either process had, and the longest that the loop
 * of ours stood still.
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
#define GROUP_FILTER "(cn=everybody)"
#define LOOK_MS 2
#define BEAT_MS 5
#define CHANGES 200
#define AWAY 100 /* changes while nobody reads */

struct directory {
	FILE *ready; /* its line */
	int hold;    /* closing it ends the directory */
	pid_t pid;
	char url[LINE], reader[LINE], password[LINE], people[LINE], groups[LINE], admin[LINE], admin_password[LINE];
	size_t count;
};

struct reading {
	struct event_base *base;
	struct au_store *store;
	struct au_source *source;
	size_t wanted;
	long long after_ms; /* a whole reading that ended later */
	long long ended_ms;
	double beat, stall;     /* of the loop: when it last turned, and its longest pause */
	bool is_waiting;        /* for one change */
	bool resumes, was_away; /* the next end is that of a state which is not fine before */
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
	char line[7 * LINE];
	if (directory->ready == NULL || fgets(line, sizeof(line), directory->ready) == NULL)
		measure_die("the directory");
	char *rest = line, *into[] = { directory->url, directory->reader, directory->password, directory->people,
		directory->groups, directory->admin, directory->admin_password };
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
log_in(const struct directory *directory, const char *who, const char *password_file)
{
	static const int version = LDAP_VERSION3;
	char *password = NULL;
	size_t len;
	LDAP *ld = NULL;

	if (au_io_read(password_file, LINE, &password, &len, NULL) < 0)
		measure_die("the password");
	struct berval credentials = { len, password };
	if (ldap_initialize(&ld, directory->url) != LDAP_SUCCESS ||
	    ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version) != LDAP_SUCCESS ||
	    ldap_sasl_bind_s(ld, who, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, NULL) != LDAP_SUCCESS)
		measure_die("log-in");
	free(password);
	return ld;
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

static double
seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* What this process has spent of the processors. */
static double
own_cpu(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

struct bare {
	double seconds, cpu;
	size_t entries;
};

static struct bare
loop_bare(const struct directory *directory)
{
	static const char *const of_people[] = { "uid", "mail", "cn", "givenName", "sn", "entryUUID", NULL };
	static const char *const of_groups[] = { "cn", "member", "entryUUID", NULL };
	double started = measure_now(), cpu = own_cpu();
	LDAP *ld = log_in(directory, directory->reader, directory->password);
	struct bare bare = { .entries = search_bare(ld, directory->people, "(objectClass=inetOrgPerson)", of_people) };

	if (bare.entries < directory->count || search_bare(ld, directory->groups, GROUP_FILTER, of_groups) != 1)
		measure_die("entries are missing");
	ldap_unbind_ext(ld, NULL, NULL);
	bare.seconds = measure_now() - started;
	bare.cpu = own_cpu() - cpu;
	return bare;
}

/* In a process of its own: its memory is not the daemon's. */
static void
read_bare(const struct directory *directory, struct measure_row *row, double *cpu_sum)
{
	struct bare bare;
	int ends[2];

	if (pipe(ends) != 0)
		measure_die("pipe");
	pid_t child = fork();
	if (child == 0) {
		bare = loop_bare(directory);
		_exit(write(ends[1], &bare, sizeof(bare)) == (ssize_t)sizeof(bare) ? 0 : 1);
	}
	close(ends[1]);
	if (read(ends[0], &bare, sizeof(bare)) != (ssize_t)sizeof(bare) || waitpid(child, NULL, 0) != child)
		measure_die("the bare loop");
	close(ends[0]);
	measure_add(row, (double)bare.entries / bare.seconds, bare.seconds * 1e3, bare.seconds * 1e3);
	measure_add_cpu(row, bare.cpu / (double)bare.entries * 1e6);
	*cpu_sum += bare.cpu;
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
	reading->was_away |= rc == 0 && row.state != AU_SOURCE_OK;
	if (reading->resumes) {
		if (reading->was_away && row.complete && row.state == AU_SOURCE_OK)
			reading->ended_ms = reading->after_ms + 1;
		return rc;
	}
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

/* A number of /proc/PID/FILE behind a name. */
static long long
proc_number(pid_t pid, const char *file, const char *name)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/proc/%d/%s", (int)pid, file);
	AU_CLEANUP(au_freep) char *text = NULL;
	size_t len;

	if (au_io_read(path, 65536, &text, &len, NULL) < 0)
		return 0;
	const char *at = strstr(text, name);
	return at != NULL ? strtoll(at + strlen(name), NULL, 10) : 0;
}

/* What a process has spent of the processors: the 14th and 15th field, counted behind the program's name. */
static double
cpu_of(pid_t pid)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/proc/%d/stat", (int)pid);
	AU_CLEANUP(au_freep) char *text = NULL;
	unsigned long user = 0, sys = 0;
	size_t len;

	if (au_io_read(path, 65536, &text, &len, NULL) < 0)
		return 0;
	const char *at = strrchr(text, ')');
	if (at == NULL || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys) != 2)
		return 0;
	return (double)(user + sys) / (double)sysconf(_SC_CLK_TCK);
}

static void
on_beat(evutil_socket_t fd, short what, void *arg)
{
	struct reading *reading = arg;
	double now = measure_now();

	(void)fd;
	(void)what;
	if (reading->beat > 0 && now - reading->beat > reading->stall)
		reading->stall = now - reading->beat;
	reading->beat = now;
}

static void
wait_for_reading(struct reading *reading, size_t entries, struct measure_row *row, double *daemon_cpu_sum)
{
	static const struct timeval look = { 0, LOOK_MS * 1000 };
	double started = measure_now(), ours = own_cpu(), theirs = cpu_of(au_source_pid(reading->source));
	struct event *timer = event_new(reading->base, -1, EV_PERSIST, on_look, reading);

	event_add(timer, &look);
	event_base_dispatch(reading->base);
	event_free(timer);
	reading->after_ms = reading->ended_ms;
	double seconds = measure_now() - started;
	ours = own_cpu() - ours;
	theirs = cpu_of(au_source_pid(reading->source)) - theirs;
	measure_add(row, (double)entries / seconds, seconds * 1e3, seconds * 1e3);
	measure_add_cpu(row, (ours + theirs) / (double)entries * 1e6);
	*daemon_cpu_sum += ours;
}

static void
on_changed(void *ctx, const char *source)
{
	struct reading *reading = ctx;

	(void)source;
	if (reading->is_waiting)
		event_base_loopbreak(reading->base);
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
	set_text(values, "groups_filter", GROUP_FILTER);
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

static void
change_mail(LDAP *ld, const struct directory *directory, size_t number)
{
	static unsigned long long serial;
	AU_CLEANUP(au_freep) char *dn = au_xasprintf("uid=user%06zu,%s", number % directory->count, directory->people);
	AU_CLEANUP(au_freep) char *mail = au_xasprintf("changed%llu@bench.example.com", ++serial);

	modify(ld, dn, LDAP_MOD_REPLACE, "mail", mail);
}

static void
change_member(LDAP *ld, const struct directory *directory, size_t number)
{
	AU_CLEANUP(au_freep) char *group = au_xasprintf("cn=everybody,%s", directory->groups);
	AU_CLEANUP(au_freep) char *member = au_xasprintf("uid=user%06zu,%s", number / 2, directory->people);

	modify(ld, group, number % 2 == 0 ? LDAP_MOD_DELETE : LDAP_MOD_ADD, "member", member);
}

/* From the answer to each change until it is in the store. */
static void
measure_latency(const struct directory *directory, struct reading *reading,
    void (*change)(LDAP *ld, const struct directory *directory, size_t number), struct measure_row *row)
{
	LDAP *ld = log_in(directory, directory->admin, directory->admin_password);
	double ms[CHANGES], sum = 0;

	reading->is_waiting = true;
	for (size_t i = 0; i < CHANGES; i++) {
		change(ld, directory, i);
		double answered = measure_now();
		event_base_dispatch(reading->base);
		ms[i] = (measure_now() - answered) * 1e3;
		sum += ms[i];
	}
	reading->is_waiting = false;
	ldap_unbind_ext(ld, NULL, NULL);
	measure_add(
	    row, CHANGES / (sum / 1e3), measure_quantile(ms, CHANGES, 0.5), measure_quantile(ms, CHANGES, 0.99));
}

/* Changes while nobody reads. */
static void
change_away(const struct directory *directory)
{
	LDAP *ld = log_in(directory, directory->admin, directory->admin_password);

	for (size_t i = 0; i < AWAY; i++)
		change_mail(ld, directory, i * 7);
	ldap_unbind_ext(ld, NULL, NULL);
}

/* What is measured of ours. */
struct rows {
	struct measure_row import, again, resume, person, member;
	double bare_cpu, import_cpu, again_cpu, resume_cpu; /* of the bare loop and of the daemon alone, all rounds */
	double stall;
	long long source_kb, daemon_kb; /* most memory */
};

static void
note_memory(struct rows *rows, const struct reading *reading)
{
	long long source_kb = proc_number(au_source_pid(reading->source), "status", "VmHWM:");
	long long daemon_kb = proc_number(getpid(), "status", "VmHWM:");

	rows->source_kb = source_kb > rows->source_kb ? source_kb : rows->source_kb;
	rows->daemon_kb = daemon_kb > rows->daemon_kb ? daemon_kb : rows->daemon_kb;
	rows->stall = reading->stall > rows->stall ? reading->stall : rows->stall;
}

static void
read_ours(const struct directory *directory, struct rows *rows)
{
	static const struct timeval beat = { 0, BEAT_MS * 1000 };
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
	reading.source = au_source_new(reading.base, reading.store, helper, &block, key, &events, &reading);
	struct event *beats = event_new(reading.base, -1, EV_PERSIST, on_beat, &reading);
	event_add(beats, &beat);
	au_source_start(reading.source);
	wait_for_reading(&reading, directory->count, &rows->import, &rows->import_cpu);
	au_source_resync(reading.source);
	wait_for_reading(&reading, directory->count, &rows->again, &rows->again_cpu);
	note_memory(rows, &reading);
	measure_latency(directory, &reading, change_mail, &rows->person);
	measure_latency(directory, &reading, change_member, &rows->member);
	au_source_free(reading.source);
	change_away(directory);
	reading.source = au_source_new(reading.base, reading.store, helper, &block, key, &events, &reading);
	reading.resumes = true;
	reading.was_away = false;
	au_source_start(reading.source);
	wait_for_reading(&reading, AWAY, &rows->resume, &rows->resume_cpu);
	event_free(beats);
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
	struct measure_row bare = { .name = "bare libldap loop" };
	struct rows rows = { .import = { .name = "import into an empty store", .floor = &bare, .aim = 0.77 },
		.again = { .name = "read again, nothing changed", .floor = &bare, .aim = 0.77 },
		.resume = { .name = "begin again after 100 changes" },
		.person = { .name = "answer to a change of a person to fact" },
		.member = { .name = "of a member of a group of all" } };

	au_rand_init();
	au_log_init("bench_source");
	au_log_level(AU_LOG_WARNING);
	open_directory(&directory, number("BENCH_USERS", 100000));
	for (size_t i = 0; i < number("BENCH_ROUNDS", 3); i++) {
		read_bare(&directory, &bare, &rows.bare_cpu);
		read_ours(&directory, &rows);
	}
	close_directory(&directory);
	measure_print_head();
	measure_print(&bare);
	measure_print(&rows.import);
	measure_print(&rows.again);
	measure_print(&rows.resume);
	measure_print(&rows.person);
	measure_print(&rows.member);
	printf("the daemon's processor time beside the bare loop's: import %.2f, read again %.2f (aim: at most 0.50)\n",
	    rows.import_cpu / rows.bare_cpu, rows.again_cpu / rows.bare_cpu);
	printf("most memory: source %lld MiB, daemon %lld MiB; longest pause of the daemon's loop: %.0f ms\n",
	    rows.source_kb / 1024, rows.daemon_kb / 1024, rows.stall * 1e3 - BEAT_MS);
	return EXIT_SUCCESS;
}
