/* SPDX-License-Identifier: ISC */
/*
 * Reading a directory: a bare libldap loop over all people and a group that holds all of them, against the same
 * directory through apiuserd-source into a durable store: into an empty one, once more when nothing changed, and again
 * after some changes while nobody read.  Interleaved rounds of one run.  Then how long it takes from the directory's
 * answer to a change until it is in the store, beside one who only follows; the most memory that either process had,
 * and the longest that the loop of ours stood still.
 */
#include "base/log.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "settings/rows.h"
#include "source/source.h"
#include "tests/bench/bare.h"
#include "tests/bench/measure.h"
#include "tests/bench/process.h"

#include <event2/event.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOG_IN_USE "in use"
#define LOOK_MS 10     /* each look costs the daemon, too */
#define LOOK_SOON_MS 2 /* where the whole takes less than a tenth of a second */
#define BEAT_MS 5
#define CHANGES 200
#define AWAY 100 /* changes while nobody reads */

struct reading {
	struct event_base *base;
	struct au_store *store;
	struct au_source *source;
	size_t wanted;
	long long after_ms; /* a whole reading that ended later */
	long long ended_ms;
	double beat, stall;     /* of the loop: when it last turned, and its longest pause */
	double spent, work;     /* of its processor: up to then, and the most between two beats */
	bool is_waiting;        /* for one change */
	bool resumes, was_away; /* the next end is that of a state which is not fine before */
};

static size_t
number(const char *name, size_t dflt)
{
	const char *text = getenv(name);

	return text != NULL ? strtoul(text, NULL, 10) : dflt;
}

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

static double
thread_cpu(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A pause may be that of the machine; what the loop worked in the meantime is ours. */
static void
on_beat(evutil_socket_t fd, short what, void *arg)
{
	struct reading *reading = arg;
	double now = measure_now(), spent = thread_cpu();

	(void)fd;
	(void)what;
	if (reading->beat > 0 && now - reading->beat > reading->stall)
		reading->stall = now - reading->beat;
	if (reading->beat > 0 && spent - reading->spent > reading->work)
		reading->work = spent - reading->spent;
	reading->beat = now;
	reading->spent = spent;
}

/* What was spent of the processors, over all rounds. */
struct cost {
	double reader; /* the bare loop, or the daemon */
	double all;    /* with the directory, and apiuserd-source */
};

static void
read_bare(const struct directory *directory, struct measure_row *row, struct cost *cost)
{
	double server = process_cpu(directory->server);
	struct bare bare = bare_read(directory);

	cost->reader += bare.cpu;
	cost->all += bare.cpu + process_cpu(directory->server) - server;
	measure_add(row, (double)bare.entries / bare.seconds, bare.seconds * 1e3, bare.seconds * 1e3);
	measure_add_cpu(row, bare.cpu / (double)bare.entries * 1e6);
}

static void
wait_for_reading(const struct directory *directory, struct reading *reading, size_t entries, struct measure_row *row,
    struct cost *cost)
{
	struct timeval look = { 0, (reading->resumes ? LOOK_SOON_MS : LOOK_MS) * 1000 };
	double started = measure_now(), ours = process_own_cpu(), theirs = process_cpu(au_source_pid(reading->source));
	double server = process_cpu(directory->server);
	struct event *timer = event_new(reading->base, -1, EV_PERSIST, on_look, reading);

	event_add(timer, &look);
	event_base_dispatch(reading->base);
	event_free(timer);
	reading->after_ms = reading->ended_ms;
	double seconds = measure_now() - started;
	ours = process_own_cpu() - ours;
	theirs = process_cpu(au_source_pid(reading->source)) - theirs;
	measure_add(row, (double)entries / seconds, seconds * 1e3, seconds * 1e3);
	measure_add_cpu(row, (ours + theirs) / (double)entries * 1e6);
	cost->reader += ours;
	cost->all += ours + theirs + process_cpu(directory->server) - server;
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

static void
set_number(struct au_values *values, const char *name, long long number)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_integer(number);

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
	set_text(values, "people_filter", DIRECTORY_PEOPLE);
	set_text(values, "groups_base", directory->groups);
	set_text(values, "groups_filter", DIRECTORY_GROUP);
	set_number(values, "accesslog_from", 0);
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
add_latencies(struct measure_row *row, double ms[CHANGES])
{
	double sum = 0;

	for (size_t i = 0; i < CHANGES; i++)
		sum += ms[i];
	measure_add(
	    row, CHANGES / (sum / 1e3), measure_quantile(ms, CHANGES, 0.5), measure_quantile(ms, CHANGES, 0.99));
}

/* Make so many changes; from the answer to each until it is in the store. */
static void
time_changes(
    const struct directory *directory, struct reading *reading, directory_change *change, size_t count, double *ret_ms)
{
	LDAP *ld = directory_log_in(directory, directory->admin, directory->admin_password);

	reading->is_waiting = true;
	for (size_t i = 0; i < count; i++) {
		change(ld, directory, i);
		double answered = measure_now();
		event_base_dispatch(reading->base);
		ret_ms[i] = (measure_now() - answered) * 1e3;
	}
	reading->is_waiting = false;
	ldap_unbind_ext(ld, NULL, NULL);
}

static double
cpu_of_both(const struct reading *reading)
{
	return process_own_cpu() + process_cpu(au_source_pid(reading->source));
}

static void
measure_latency(
    const struct directory *directory, struct reading *reading, directory_change *change, struct measure_row *row)
{
	double ms[CHANGES], cpu = cpu_of_both(reading);

	time_changes(directory, reading, change, CHANGES, ms);
	add_latencies(row, ms);
	measure_add_cpu(row, (cpu_of_both(reading) - cpu) / CHANGES * 1e6);
}

static void
on_look_for_log(evutil_socket_t fd, short what, void *arg)
{
	struct reading *reading = arg;
	struct au_source_server server;

	(void)fd;
	(void)what;
	if (au_source_server(reading->source, &server) && server.log != NULL &&
	    strncmp(server.log, LOG_IN_USE, strlen(LOG_IN_USE)) == 0)
		event_base_loopbreak(reading->base);
}

/* Once the process has seen how large the group is, it looks for the server's log, and begins to follow by it. */
static void
wait_for_log(const struct directory *directory, struct reading *reading)
{
	static const struct timeval look = { 0, LOOK_MS * 1000 };
	struct event *timer = event_new(reading->base, -1, EV_PERSIST, on_look_for_log, reading);
	double ms[2];

	time_changes(directory, reading, directory_change_member, AU_COUNT(ms), ms);
	event_add(timer, &look);
	event_base_dispatch(reading->base);
	event_free(timer);
	time_changes(directory, reading, directory_change_member, AU_COUNT(ms), ms);
}

/* From the answer to each change until whoever follows has heard of it. */
static void
follow_bare(const struct directory *directory, struct measure_row *row)
{
	double ms[CHANGES];

	bare_follow(directory, CHANGES, ms);
	add_latencies(row, ms);
}

/* Changes while nobody reads. */
static void
change_away(const struct directory *directory)
{
	LDAP *ld = directory_log_in(directory, directory->admin, directory->admin_password);

	for (size_t i = 0; i < AWAY; i++)
		directory_change_mail(ld, directory, i * 7);
	ldap_unbind_ext(ld, NULL, NULL);
}

/* What is measured of ours. */
struct rows {
	struct measure_row bare, import, again, resume, person, bare_member, member, logged;
	struct cost bare_cost, import_cost, again_cost, resume_cost;
	double stall, work;
	long long source_kb, daemon_kb; /* most memory */
	long long logged_kb;            /* of a source that has not read all, but the server's log of changes */
};

static void
note_memory(struct rows *rows, const struct reading *reading)
{
	long long source_kb = process_peak(au_source_pid(reading->source));
	long long daemon_kb = process_peak(getpid());

	rows->source_kb = source_kb > rows->source_kb ? source_kb : rows->source_kb;
	rows->daemon_kb = daemon_kb > rows->daemon_kb ? daemon_kb : rows->daemon_kb;
}

/* Of readings: changes are made by this process, which waits for each answer. */
static void
note_stall(struct rows *rows, const struct reading *reading)
{
	rows->stall = reading->stall > rows->stall ? reading->stall : rows->stall;
	rows->work = reading->work > rows->work ? reading->work : rows->work;
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
	wait_for_reading(directory, &reading, directory->count, &rows->import, &rows->import_cost);
	au_source_resync(reading.source);
	wait_for_reading(directory, &reading, directory->count, &rows->again, &rows->again_cost);
	note_stall(rows, &reading);
	measure_latency(directory, &reading, directory_change_mail, &rows->person);
	measure_latency(directory, &reading, directory_change_member, &rows->member);
	note_memory(rows, &reading);
	au_source_free(reading.source);
	change_away(directory);
	reading.source = au_source_new(reading.base, reading.store, helper, &block, key, &events, &reading);
	reading.resumes = true;
	reading.was_away = false;
	au_source_start(reading.source);
	wait_for_reading(directory, &reading, AWAY, &rows->resume, &rows->resume_cost);
	au_source_free(reading.source);
	set_number(values, "accesslog_from", 1);
	reading.source = au_source_new(reading.base, reading.store, helper, &block, key, &events, &reading);
	au_source_start(reading.source);
	wait_for_log(directory, &reading);
	measure_latency(directory, &reading, directory_change_member, &rows->logged);
	rows->logged_kb = process_peak(au_source_pid(reading.source));
	event_free(beats);
	au_source_free(reading.source);
	au_store_close(reading.store);
	au_values_free(values);
	event_base_free(reading.base);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static double
wall(struct measure_row *row)
{
	return measure_quantile(row->p50_ms, row->rounds, 0.5);
}

static void
print(struct rows *rows, size_t people)
{
	struct measure_row *table[] = { &rows->bare, &rows->import, &rows->again, &rows->resume, &rows->person,
		&rows->bare_member, &rows->member, &rows->logged };

	printf("%zu people and a group of all of them\n", people);
	measure_print_head();
	for (size_t i = 0; i < AU_COUNT(table); i++)
		measure_print(table[i]);
	printf("time beside the bare loop's: import %.2f, read again %.2f (aim: at most 1.30)\n",
	    wall(&rows->import) / wall(&rows->bare), wall(&rows->again) / wall(&rows->bare));
	printf("the processors' time of directory and readers beside that of directory and loop: import %.2f, read "
	       "again %.2f\n",
	    rows->import_cost.all / rows->bare_cost.all, rows->again_cost.all / rows->bare_cost.all);
	printf("the daemon's processor time beside the bare loop's: import %.2f, read again %.2f (aim: at most 0.50)\n",
	    rows->import_cost.reader / rows->bare_cost.reader, rows->again_cost.reader / rows->bare_cost.reader);
	printf("most memory: source %lld MiB, with the log of changes %lld MiB, daemon %lld MiB\n",
	    rows->source_kb / 1024, rows->logged_kb / 1024, rows->daemon_kb / 1024);
	printf("longest pause of the daemon's loop: %.0f ms; its longest work between two turns: %.1f ms\n",
	    rows->stall * 1e3 - BEAT_MS, rows->work * 1e3);
}

int
main(void)
{
	struct directory directory = { 0 };
	struct rows rows = { .bare = { .name = "bare libldap loop" },
		.import = { .name = "import into an empty store", .floor = &rows.bare, .aim = 0.77 },
		.again = { .name = "read again, nothing changed", .floor = &rows.bare, .aim = 0.77 },
		.resume = { .name = "begin again after 100 changes" },
		.person = { .name = "answer to a change of a person to fact" },
		.bare_member = { .name = "of a member of all to a bare follower" },
		.member = { .name = "of a member of a group of all to fact" },
		.logged = { .name = "the same by the server's log of changes" } };

	au_rand_init();
	au_log_init("bench_source");
	au_log_level(AU_LOG_WARNING);
	directory_open(&directory, number("BENCH_USERS", 100000));
	for (size_t i = 0; i < number("BENCH_ROUNDS", 3); i++) {
		read_bare(&directory, &rows.bare, &rows.bare_cost);
		follow_bare(&directory, &rows.bare_member);
		read_ours(&directory, &rows);
	}
	directory_close(&directory);
	print(&rows, directory.count);
	return EXIT_SUCCESS;
}
