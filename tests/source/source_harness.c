/* SPDX-License-Identifier: ISC */
/*
 * Runs one source over a real store, as the daemon would, and writes what the
 * store then says into files that shell tests can read:
 *
 *   source_harness STORE HELPER OUT OPTION=VALUE...          lists as words, or as a JSON array
 *
 *   OUT/facts   "state ...", "person ID DN MAIL", "group ID DN", "member GROUP-DN MEMBER-DN known|unknown", sorted;
 *               for a DN, what knows none has the id; and of those who have one, "owner DN NAME" (or "owner DN ?DN"
 *               when nobody knows what that is called) and "application DN TEXT"
 *   OUT/audit   audit rows, oldest first
 *   OUT/pid     the process id of apiuserd-source
 *
 *   source_harness try HELPER - OPTION=VALUE...
 *
 * looks at the source once, writes the report to standard output, and ends.
 *
 * Files are replaced as a whole, after each change; the first ones tell of this process, not of one before.  SIGUSR1
 * resyncs, SIGUSR2 resumes, SIGTERM ends. SIGHUP reads anew whom OUT/whom names, a person and then groups, a line each,
 * "ID DN" or "ID"; OUT/fresh tells what came of it.
 */
#include "base/io.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "settings/rows.h"
#include "source/source.h"
#include "source/trial.h"
#include "store/audit.h"
#include "store/owner.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define PAGE 1000
#define AUDIT_ROWS 10000
#define LOOK_MS 50

struct harness {
	struct event_base *base;
	struct au_store *store;
	struct au_source *source;
	const char *name, *out;
	struct event *look;
	bool is_dumping;
	char *facts; /* as last written */
};

struct dump {
	struct harness *harness;
	struct au_str facts, audit;
};

/* What groups and people are called by members' lists: a SCIM service knows no DN. */
static const char *
name_of(const struct au_entry *entry)
{
	return entry->dn != NULL ? entry->dn : entry->id;
}

static int
dump_members(struct au_store_tx *tx, struct au_arena *arena, const struct au_entry *group, struct au_str *out,
    struct au_err *err)
{
	const char *after = "";
	size_t count = PAGE;

	while (count == PAGE) {
		struct au_member *page;
		int rc = au_store_member_list(tx, arena, group->source, group->id, after, PAGE, &page, &count, err);
		if (rc < 0)
			return rc;
		for (size_t i = 0; i < count; i++) {
			au_str_printf(out, "member %s %s %s\n", name_of(group), page[i].dn_norm,
			    page[i].id != NULL ? "known" : "unknown");
			after = page[i].id != NULL ? page[i].id : page[i].dn_norm;
		}
	}
	return 0;
}

static int
dump_mapped(struct au_store_tx *tx, struct au_arena *arena, const struct au_entry *entry, struct au_str *out,
    struct au_err *err)
{
	const char *owner = entry->owner;
	int rc = 0;

	if (entry->owner_dn != NULL)
		rc = au_store_owner_get(tx, arena, entry->source, entry->owner_dn, &owner, err);
	if (rc == 0 && entry->owner != NULL)
		au_str_printf(out, "owner %s %s%s\n", name_of(entry), owner != NULL ? "" : "?",
		    owner != NULL ? owner : entry->owner_dn);
	if (entry->application != NULL)
		au_str_printf(out, "application %s %s\n", name_of(entry), entry->application);
	return rc;
}

static int
dump_kind(struct au_store_tx *tx, struct au_arena *arena, const char *source, enum au_entry_kind kind,
    struct au_str *out, struct au_err *err)
{
	const char **ids;
	size_t count;
	struct au_entry entry;
	int rc = au_store_entry_unseen(tx, arena, source, kind, -1, &ids, &count, err); /* all have another mark */

	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = au_store_entry_get(tx, arena, source, ids[i], &entry, err);
		if (rc < 0)
			break;
		if (kind == AU_ENTRY_PERSON)
			au_str_printf(out, "person %s %s %s%s\n", entry.id, name_of(&entry),
			    entry.mail != NULL ? entry.mail : "-", entry.active ? "" : " disabled");
		if (rc == 0 && kind == AU_ENTRY_PERSON)
			rc = dump_mapped(tx, arena, &entry, out, err);
		else {
			au_str_printf(out, "group %s %s\n", entry.id, name_of(&entry));
			rc = dump_members(tx, arena, &entry, out, err);
		}
	}
	return rc;
}

static int
dump_state(struct au_store_tx *tx, struct au_arena *arena, const char *name, struct au_str *out, struct au_err *err)
{
	struct au_source_row row = { 0 };
	const char *cookies[2] = { NULL, NULL };
	int rc = au_store_source_get(tx, arena, name, &row, err);

	if (rc == AU_ENOENT)
		return 0;
	if (rc == 0)
		rc = au_store_cookie_get(tx, arena, name, "people", &cookies[0], err);
	if (rc == 0)
		rc = au_store_cookie_get(tx, arena, name, "groups", &cookies[1], err);
	if (rc == 0)
		au_str_printf(out, "state %s complete=%d entries=%lld groups=%lld drift=%lld cookies=%d text=%s\n",
		    au_source_state_name(row.state), row.complete, row.entries, row.groups, row.drift,
		    (cookies[0] != NULL) + (cookies[1] != NULL), row.text != NULL ? row.text : "-");
	return rc;
}

static int
dump_audit(struct au_store_tx *tx, struct au_arena *arena, struct au_str *out, struct au_err *err)
{
	struct au_audit *rows;
	size_t count;
	int rc = au_store_audit_list(tx, arena, &(struct au_audit_filter){ 0 }, AUDIT_ROWS, &rows, &count, err);

	for (size_t i = rc == 0 ? count : 0; i-- > 0;)
		au_str_printf(out, "%s %s %s %s\n", rows[i].actor, rows[i].verb, rows[i].object,
		    rows[i].detail != NULL ? rows[i].detail : "-");
	return rc;
}

static int
dump_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct dump *dump = arg;
	const char *name = dump->harness->name;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	dump->facts.len = dump->audit.len = 0;
	int rc = dump_state(tx, arena, name, &dump->facts, err);
	if (rc == 0)
		rc = dump_kind(tx, arena, name, AU_ENTRY_PERSON, &dump->facts, err);
	if (rc == 0)
		rc = dump_kind(tx, arena, name, AU_ENTRY_GROUP, &dump->facts, err);
	return rc < 0 ? rc : dump_audit(tx, arena, &dump->audit, err);
}

static void
write_file(const struct harness *harness, const char *name, const char *text)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", harness->out, name);
	AU_CLEANUP(au_freep) char *fresh = au_xasprintf("%s.new", path);
	FILE *file = fopen(fresh, "w");

	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0 || rename(fresh, path) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
}

static void
on_dumped(void *arg, int rc, const struct au_err *err)
{
	struct dump *dump = arg;
	struct harness *harness = dump->harness;

	harness->is_dumping = false;
	if (rc < 0)
		fprintf(stderr, "dump: %s\n", err->text);
	else if (!au_streq(harness->facts, au_str_get(&dump->facts))) {
		write_file(harness, "audit", au_str_get(&dump->audit));
		write_file(harness, "facts", au_str_get(&dump->facts));
		free(harness->facts);
		harness->facts = au_str_take(&dump->facts);
	}
	au_str_done(&dump->facts);
	au_str_done(&dump->audit);
	free(dump);
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	struct harness *harness = arg;
	char pid[32];

	(void)fd;
	(void)what;
	snprintf(pid, sizeof(pid), "%d\n", (int)au_source_pid(harness->source));
	write_file(harness, "pid", pid);
	if (harness->is_dumping)
		return;
	struct dump *dump = au_xcalloc(1, sizeof(*dump));
	*dump = (struct dump){ .harness = harness };
	harness->is_dumping = true;
	au_store_read(harness->store, AU_READ_SCAN, dump_work, dump, on_dumped);
}

/* ---- one person anew ---- */

static void
on_freshened(void *ctx, const struct au_freshened *result)
{
	static const char *const words[] = { [AU_LOOKUP_FOUND] = "found",
		[AU_LOOKUP_ABSENT] = "absent",
		[AU_LOOKUP_OUTSIDE] = "outside",
		[AU_LOOKUP_UNKNOWN] = "unknown" };
	const struct harness *harness = ctx;
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;

	if (result->trouble != NULL)
		au_str_printf(&text, "trouble: %s\n", result->trouble);
	else
		au_str_printf(&text, "%s %zu\n", words[result->person], result->groups_read);
	write_file(harness, "fresh", au_str_get(&text));
}

static void
freshen(struct harness *harness)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_freshen_entry all[1 + AU_FRESHEN_GROUPS];
	size_t count = 0;
	char line[1024];
	FILE *file = fopen(au_arena_printf(arena, "%s/whom", harness->out), "r");

	while (file != NULL && count < AU_COUNT(all) && fgets(line, sizeof(line), file) != NULL) {
		char *id = au_arena_strndup(arena, line, strcspn(line, "\n")), *dn = strchr(id, ' ');
		if (dn != NULL)
			*dn++ = '\0';
		all[count++] = (struct au_freshen_entry){ .id = id, .dn = dn };
	}
	if (file != NULL)
		fclose(file);
	if (count == 0)
		return;
	struct au_freshen_order order = { .person = all[0], .groups = all + 1, .group_count = count - 1 };
	au_source_freshen(harness->source, &order, on_freshened, harness);
}

static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	struct harness *harness = arg;

	(void)what;
	if (number == SIGUSR1)
		au_source_resync(harness->source);
	else if (number == SIGUSR2)
		au_source_resume(harness->source);
	else if (number == SIGHUP)
		freshen(harness);
	else
		event_base_loopbreak(harness->base);
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
	fprintf(stderr, "store: %s\n", why);
	exit(EXIT_FAILURE);
}

static json_t *
option_value(const struct au_opt *row, const char *text)
{
	if (row->type == AU_LIST && *text == '[')
		return json_loads(text, 0, NULL);
	if (row->type == AU_LIST) {
		json_t *list = json_array();
		AU_CLEANUP(au_freep) char *copy = au_xstrdup(text);
		for (char *rest = copy, *item; (item = strsep(&rest, " ")) != NULL;)
			json_array_append_new(list, json_string(item));
		return list;
	}
	if (row->type == AU_INT)
		return json_integer(strtoll(text, NULL, 10));
	return row->type == AU_BOOL ? json_boolean(au_streq(text, "true")) : json_string(text);
}

static void
set_option(struct au_values *values, const char *text)
{
	struct au_err err;
	const char *value = strchr(text, '=');
	AU_CLEANUP(au_freep) char *name = au_xstrndup(text, value != NULL ? (size_t)(value - text) : strlen(text));
	const struct au_opt *row = au_opt_find(au_source_rows, name);

	if (value == NULL || row == NULL) {
		fprintf(stderr, "option '%s' is unknown\n", text);
		exit(EXIT_FAILURE);
	}
	AU_CLEANUP(au_json_decrefp) json_t *json = option_value(row, value + 1);
	if (au_values_set(values, name, json, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(EXIT_FAILURE);
	}
}

static struct au_store *
open_store(struct event_base *base, const char *path)
{
	static const unsigned char key[32] = "the key of the tests' audit rows";
	struct au_store_config config = { .backend = "sqlite", .path = path, .audit_key = key, .on_broken = on_broken };
	struct au_store *store;
	struct au_err err;

	if (au_store_open(base, &config, &store, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(EXIT_FAILURE);
	}
	return store;
}

/* ---- when to begin to look ---- */

static int
no_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)tx;
	(void)arg;
	(void)err;
	return 0;
}

static void
on_begun(void *arg, int rc, const struct au_err *err)
{
	static const struct timeval look = { 0, LOOK_MS * 1000 };
	const struct harness *harness = arg;

	(void)rc;
	(void)err;
	event_add(harness->look, &look);
}

/* The source has taken up what was known, and says first what it knows of its link now. */
static void
on_taken_up(void *arg, int rc, const struct au_err *err)
{
	struct harness *harness = arg;

	(void)rc;
	(void)err;
	au_store_write(harness->store, no_work, harness, on_begun);
}

static void
run(struct harness *harness)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGHUP };
	struct event *events[AU_COUNT(signals)];

	for (size_t i = 0; i < AU_COUNT(signals); i++) {
		events[i] = evsignal_new(harness->base, signals[i], on_signal, harness);
		event_add(events[i], NULL);
	}
	harness->look = event_new(harness->base, -1, EV_PERSIST, on_look, harness);
	au_source_start(harness->source);
	au_store_write(harness->store, no_work, harness, on_taken_up);
	event_base_dispatch(harness->base);
	for (size_t i = 0; i < AU_COUNT(events); i++)
		event_free(events[i]);
	event_free(harness->look);
}

/* ---- looking once ---- */

static void
on_tried(void *ctx, const json_t *report, const struct au_err *why)
{
	if (report == NULL)
		fprintf(stderr, "%s\n", why->text);
	else
		json_dumpf(report, stdout, JSON_INDENT(2));
	event_base_loopbreak(ctx);
}

static int
look_once(const char *helper, const struct au_block *block)
{
	struct event_base *base = event_base_new();
	struct au_source_trial_config config = { .base = base,
		.helper = helper,
		.block = block,
		.timeout_ms = 60000,
		.entries = 100,
		.shown = 3,
		.done = on_tried,
		.ctx = base };
	struct au_source_trial *trial = NULL;
	struct au_err err;

	if (au_source_trial_new(&config, &trial, &err) < 0)
		fprintf(stderr, "%s\n", err.text);
	else
		event_base_dispatch(base);
	au_source_trial_free(trial);
	event_base_free(base);
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	static const unsigned char key[32] = "the key of refused log-ins";
	static const struct au_source_events events = { .changed = on_changed };
	struct harness harness = { .name = "corp" };

	if (argc < 4) {
		fprintf(stderr, "usage: %s STORE HELPER OUT OPTION=VALUE...\n", argv[0]);
		return EXIT_FAILURE;
	}
	au_rand_init();
	au_log_init("source_harness");
	signal(SIGPIPE, SIG_IGN);
	struct au_values *values = au_values_new(au_source_rows);
	for (int i = 4; i < argc; i++)
		set_option(values, argv[i]);
	struct au_block block = { .name = harness.name, .values = values };
	set_option(values, "name=corp");
	if (au_streq(argv[1], "try")) {
		int code = look_once(argv[2], &block);
		au_values_free(values);
		return code;
	}
	harness.out = argv[3];
	harness.base = event_base_new();
	harness.store = open_store(harness.base, argv[1]);
	harness.source = au_source_new(harness.base, harness.store, argv[2], &block, key, &events, &harness);
	au_values_free(values);
	run(&harness);
	au_source_free(harness.source);
	au_store_close(harness.store);
	event_base_free(harness.base);
	free(harness.facts);
	return EXIT_SUCCESS;
}
