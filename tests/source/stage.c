/* SPDX-License-Identifier: ISC */
/* Rounds are run as the inbox runs them, but waited for; what they left is read back in other transactions. */
#include "tests/unit.h"

#include "tests/source/stage.h"

#include "source/seen.h"
#include "source/surprise.h"
#include "store/audit.h"
#include "store/reading.h"
#include "store/reread.h"

#include <ftw.h>
#include <string.h>
#include <unistd.h>

#define SOURCE "s"
#define MOST 100

static const unsigned char audit_key[32] = "the key of the tests' audit rows";

static void
on_broken(void *ctx, const char *why)
{
	(void)ctx;
	fprintf(stderr, "store: %s\n", why);
	abort();
}

/* As the options are when nothing is said. */
static void
stage_trust(struct stage *stage)
{
	stage->trust = (struct au_trust){ .removals_few = 5,
		.removals_percent = 10,
		.removals_window = 3600 * 1000,
		.confirm_after = 60 * 1000,
		.reread_most = 100,
		.reads_kept = 10,
		.held_memory = 16 << 20 };
	for (int i = 0; i < AU_SEARCHES; i++) {
		stage->trust.canaries[i] = json_array();
		stage->approved[i] = AU_NOT_APPROVED;
	}
}

static void
forget_seen(struct stage *stage)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		au_seen_free(stage->seen[i]);
	memset(stage->seen, 0, sizeof(stage->seen));
	au_surprises_free(stage->surprises);
	stage->surprises = NULL;
}

int
stage_set_up(void **state)
{
	struct stage *stage = au_xcalloc(1, sizeof(*stage));
	struct au_store_config config = { .backend = "sqlite", .audit_key = audit_key, .on_broken = on_broken };

	stage->path = au_xstrdup("/tmp/stage.XXXXXX");
	if (mkdtemp(stage->path) == NULL)
		return -1;
	config.path = stage->path;
	if (au_store_open(NULL, &config, &stage->store, NULL) < 0)
		return -1;
	stage->link.state = AU_LINK_OK;
	stage_trust(stage);
	stage_restart(stage);
	*state = stage;
	return 0;
}

static int
remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

int
stage_tear_down(void **state)
{
	struct stage *stage = *state;

	au_store_close(stage->store);
	nftw(stage->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	au_round_free(stage->last);
	forget_seen(stage);
	if (stage->answers != NULL)
		au_answers_free(stage->answers);
	au_str_done(&stage->facts);
	au_trust_done(&stage->trust);
	free(stage->path);
	free(stage);
	return 0;
}

/* JSON with single quotes, as it can be read in C. */
static json_t *
parse(const char *text)
{
	AU_CLEANUP(au_freep) char *copy = au_xstrdup(text);
	json_t *json = NULL;
	struct au_err err;

	for (char *c = copy; *c != '\0'; c++)
		*c = *c == '\'' ? '"' : *c;
	if (au_json_parse(copy, strlen(copy), AU_JSON_DEPTH, &json, &err) < 0)
		fail_msg("%s: %s", copy, err.text);
	return json;
}

static void
add_list(struct au_buf *records, enum au_change_op op, const json_t *list)
{
	const json_t *text;
	size_t index;

	json_array_foreach (list, index, text)
		au_record_text(records, op, json_string_value(text));
}

static void
add_records(struct au_buf *records, const json_t *changes)
{
	const json_t *change;
	struct au_entry entry;
	size_t index;

	json_array_foreach (changes, index, change) {
		const char *op = au_json_get_str(change, "op");
		if (strcmp(op, "put") == 0) {
			entry = (struct au_entry){ 0 }; /* what is wrong stays wrong */
			au_entry_from_json(json_object_get(change, "entry"), &entry, NULL);
			au_record_put(records, &entry, au_json_get_str(change, "dn_norm"));
		} else if (strcmp(op, "members") == 0)
			add_list(records, AU_CHANGE_MEMBER, json_object_get(change, "members"));
		else if (strcmp(op, "delta") == 0) {
			au_record_text(records, AU_CHANGE_REST, au_json_get_str(change, "group"));
			add_list(records, AU_CHANGE_JOIN, json_object_get(change, "joined"));
			add_list(records, AU_CHANGE_LEAVE, json_object_get(change, "left"));
		} else if (strcmp(op, "some") == 0) {
			au_record_text(records, AU_CHANGE_SOME, au_json_get_str(change, "group"));
			add_list(records, AU_CHANGE_MEMBER, json_object_get(change, "members"));
		} else
			add_list(records, strcmp(op, "present") == 0 ? AU_CHANGE_PRESENT : AU_CHANGE_DELETE,
			    json_object_get(change, "ids"));
	}
}

static struct au_unit *
make_unit(struct stage *stage, struct au_source_batch meta, const struct au_buf *frames, size_t frame_count)
{
	struct au_unit *unit = au_unit_new();
	bool is_whole = false;

	meta.seq = ++stage->seq;
	for (size_t i = 0; i < frame_count; i++) {
		struct au_source_batch frame = { .seq = meta.seq, .search = meta.search, .more = true };
		if (i + 1 == frame_count)
			frame = meta;
		AU_CLEANUP(au_json_decrefp) json_t *json = au_source_batch_to_json(&frame);
		assert_int_equal(au_unit_add(unit, json, frames[i].data, frames[i].len, &is_whole, NULL), 0);
		assert_int_equal(is_whole, i + 1 == frame_count);
	}
	return unit;
}

/* What a source's process would tell with the end of the reading that is open; NULL when nothing ends. */
static json_t *
read_of(const struct stage *stage, const struct au_source_batch *meta)
{
	const struct au_search_now *search = &stage->now.searches[meta->search];
	struct au_source_read read = { .way = "test", .verdict = AU_READ_COMPLETE };

	if (meta->step != AU_STEP_KEEP && meta->step != AU_STEP_SWEEP && meta->step != AU_STEP_VOID)
		return NULL;
	read.kind = meta->compare ? search->compare.kind : search->pushed.kind;
	if (meta->step == AU_STEP_VOID) {
		read.verdict = AU_READ_FAILED;
		read.why = "the server went away";
	}
	return au_source_read_to_json(&read);
}

static int
run_round(struct stage *stage, struct au_unit *units)
{
	struct au_err err;

	au_round_free(stage->last);
	stage->last =
	    au_round_new(SOURCE, "ldap:" SOURCE, &stage->now, &stage->link, &stage->trust, units, stage->answers);
	stage->answers = NULL;
	memcpy(stage->last->seen, stage->seen, sizeof(stage->seen));
	memset(stage->seen, 0, sizeof(stage->seen));
	stage->last->surprises = stage->surprises;
	stage->surprises = NULL;
	memcpy(stage->last->approved, stage->approved, sizeof(stage->approved));
	int rc = au_store_run(stage->store, au_round_work, stage->last, &err);
	if (rc < 0)
		return rc;
	stage->now = stage->last->after;
	memcpy(stage->seen, stage->last->seen, sizeof(stage->seen));
	memset(stage->last->seen, 0, sizeof(stage->seen));
	stage->surprises = stage->last->surprises;
	stage->last->surprises = NULL;
	for (int i = 0; i < AU_SEARCHES; i++)
		if (stage->last->used_approval[i])
			stage->approved[i] = AU_NOT_APPROVED;
	return 0;
}

int
stage_records(struct stage *stage, struct au_source_batch meta, const struct au_buf *frames, size_t frame_count)
{
	AU_CLEANUP(au_json_decrefp) json_t *read = read_of(stage, &meta);

	if (meta.read == NULL)
		meta.read = read;
	return run_round(stage, make_unit(stage, meta, frames, frame_count));
}

int
stage_go_on(struct stage *stage)
{
	struct au_unit *units = stage->last->units;

	stage->last->units = NULL;
	return run_round(stage, units);
}

int
stage_meta(struct stage *stage, struct au_source_batch meta, const char *const *frames, size_t frame_count)
{
	AU_CLEANUP(au_freep) struct au_buf *records = au_xcalloc(frame_count, sizeof(*records));

	for (size_t i = 0; i < frame_count; i++) {
		AU_CLEANUP(au_json_decrefp) json_t *changes = parse(frames[i]);
		add_records(&records[i], changes);
	}
	int rc = stage_records(stage, meta, records, frame_count);
	for (size_t i = 0; i < frame_count; i++)
		au_buf_done(&records[i]);
	return rc;
}

int
stage_batch(struct stage *stage, enum au_search search, enum au_reading_step step, enum au_reading reading,
    const char *cookie, const char *changes)
{
	const char *frame = changes != NULL ? changes : "[]";

	return stage_meta(stage,
	    (struct au_source_batch){ .search = search,
		.step = step,
		.reading = reading,
		.compare = reading == AU_READING_COMPARE,
		.cookie = cookie },
	    &frame, 1);
}

void
stage_push(struct stage *stage, enum au_search search, const char *cookie, const char *changes)
{
	assert_int_equal(stage_batch(stage, search, AU_STEP_NONE, AU_READING_NONE, cookie, changes), 0);
}

void
stage_begin(struct stage *stage, enum au_search search, enum au_reading reading)
{
	assert_int_equal(stage_batch(stage, search, AU_STEP_BEGIN, reading, NULL, NULL), 0);
}

void
stage_end(struct stage *stage, enum au_search search, enum au_reading_step step, const char *cookie, const char *changes)
{
	assert_int_equal(stage_batch(stage, search, step, AU_READING_NONE, cookie, changes), 0);
	while (stage->last->applied == 0)
		assert_int_equal(stage_go_on(stage), 0);
}

void
stage_read_whole(struct stage *stage, enum au_search search, const char *changes)
{
	stage_begin(stage, search, AU_READING_WHOLE);
	stage_push(stage, search, NULL, changes);
	stage_end(stage, search, AU_STEP_SWEEP, "next", NULL);
}

void
stage_answer(struct stage *stage, const char *dn, enum au_lookup_verdict verdict, const char *entry)
{
	struct au_answer_to *answer = au_xcalloc(1, sizeof(*answer));
	AU_CLEANUP(au_json_decrefp) json_t *json = entry != NULL ? parse(entry) : NULL;

	answer->verdict = verdict;
	answer->message = au_source_resolved_to_json(
	    &(struct au_source_resolved){ .verdict = verdict, .entry = json, .dn_norm = dn });
	if (stage->answers == NULL)
		stage->answers = au_map_new();
	au_map_put(stage->answers, dn, answer);
}

void
stage_put_people(struct au_buf *frame, size_t people)
{
	char id[32], dn[32];

	for (size_t i = 0; i < people; i++) {
		snprintf(id, sizeof(id), "p%05zu", i);
		snprintf(dn, sizeof(dn), "uid=p%05zu", i);
		struct au_entry person = {
			.source = SOURCE, .id = id, .kind = AU_ENTRY_PERSON, .dn = dn, .active = true
		};
		au_record_put(frame, &person, dn);
	}
}

void
stage_import_crowd(struct stage *stage, size_t people)
{
	AU_CLEANUP(au_buf_done) struct au_buf records = { 0 };

	stage_put_people(&records, people);
	stage_begin(stage, AU_SEARCH_PEOPLE, AU_READING_WHOLE);
	assert_int_equal(stage_records(stage, (struct au_source_batch){ .search = AU_SEARCH_PEOPLE }, &records, 1), 0);
	while (stage->last->applied == 0)
		assert_int_equal(stage_go_on(stage), 0);
	stage_end(stage, AU_SEARCH_PEOPLE, AU_STEP_SWEEP, "first", NULL);
}

void
stage_put_crowd(struct au_buf *frame, const char *group, size_t first, size_t end)
{
	char dn[32];

	snprintf(dn, sizeof(dn), "cn=%s", group);
	struct au_entry entry = { .source = SOURCE, .id = group, .kind = AU_ENTRY_GROUP, .dn = dn, .active = true };
	au_record_put(frame, &entry, dn);
	for (size_t i = first; i < end; i++) {
		snprintf(dn, sizeof(dn), "uid=p%05zu", i);
		au_record_text(frame, AU_CHANGE_MEMBER, dn);
	}
}

void
stage_import(struct stage *stage, const char *people, const char *groups)
{
	const char *const changes[AU_SEARCHES] = { people, groups };

	for (int i = 0; i < AU_SEARCHES; i++) {
		assert_int_equal(stage_batch(stage, i, AU_STEP_BEGIN, AU_READING_WHOLE, NULL, NULL), 0);
		assert_int_equal(stage_batch(stage, i, AU_STEP_NONE, AU_READING_NONE, NULL, changes[i]), 0);
		assert_int_equal(stage_batch(stage, i, AU_STEP_SWEEP, AU_READING_NONE, "first", NULL), 0);
	}
}

static int
list_ids(struct au_store_tx *tx, struct au_arena *arena, enum au_entry_kind kind, const char ***ret, size_t *ret_count,
    struct au_err *err)
{
	return au_store_entry_unseen(tx, arena, SOURCE, kind, -1, ret, ret_count, err);
}

static int
print_group(struct au_store_tx *tx, struct au_arena *arena, const char *id, struct au_str *out, struct au_err *err)
{
	struct au_member *members;
	size_t count;
	int rc = au_store_member_list(tx, arena, SOURCE, id, "", MOST, &members, &count, err);

	au_str_printf(out, " %s(", id);
	for (size_t i = 0; rc == 0 && i < count; i++)
		au_str_printf(out, "%s%s%s", i > 0 ? "," : "", members[i].id != NULL ? "" : "?",
		    members[i].id != NULL ? members[i].id : members[i].dn_norm);
	au_str_putc(out, ')');
	return rc;
}

static int
facts_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct stage *stage = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_entry entry;
	const char **ids;
	size_t count;
	int rc = list_ids(tx, arena, AU_ENTRY_PERSON, &ids, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = au_store_entry_get(tx, arena, SOURCE, ids[i], &entry, err);
		au_str_printf(&stage->facts, "%s%s:%s", i > 0 ? " " : "", entry.id, entry.dn);
	}
	au_str_put(&stage->facts, " |");
	if (rc == 0)
		rc = list_ids(tx, arena, AU_ENTRY_GROUP, &ids, &count, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = print_group(tx, arena, ids[i], &stage->facts, err);
	return rc;
}

static const char *
look(struct stage *stage, au_store_work *work)
{
	struct au_err err;

	au_str_done(&stage->facts);
	if (au_store_run(stage->store, work, stage, &err) < 0)
		fail_msg("%s", err.text);
	return au_str_get(&stage->facts);
}

const char *
stage_facts(struct stage *stage)
{
	return look(stage, facts_work);
}

static int
state_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct stage *stage = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_source_row row = { 0 };
	const char *cookie;
	int rc = au_store_source_get(tx, arena, SOURCE, &row, err);

	if (rc < 0)
		return rc;
	au_str_printf(&stage->facts, "%s %s drift=%lld", au_source_state_name(row.state),
	    row.complete ? "complete" : "incomplete", row.drift);
	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++) {
		rc = au_store_cookie_get(tx, arena, SOURCE, au_search_name(i), &cookie, err);
		au_str_printf(&stage->facts, " %s=%s", au_search_name(i), cookie != NULL ? cookie : "-");
	}
	return rc;
}

const char *
stage_state(struct stage *stage)
{
	return look(stage, state_work);
}

static int
trail_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct stage *stage = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_audit *rows;
	size_t count;
	int rc = au_store_audit_list(tx, arena, &(struct au_audit_filter){ 0 }, MOST, &rows, &count, err);

	for (size_t i = rc == 0 ? count : 0; i-- > 0;)
		au_str_printf(&stage->facts, "%s%s", stage->facts.len > 0 ? " " : "", rows[i].verb);
	return rc;
}

const char *
stage_trail(struct stage *stage)
{
	return look(stage, trail_work);
}

static int
restart_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct stage *stage = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *cookies[AU_SEARCHES];

	return au_round_load(tx, arena, SOURCE, &stage->now, cookies, err);
}

void
stage_restart(struct stage *stage)
{
	forget_seen(stage);
	look(stage, restart_work);
}

static int
missing_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct stage *stage = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_missing *rows;
	size_t count;
	int rc = au_store_missing_list(tx, arena, SOURCE, MOST, &rows, &count, NULL, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		au_str_printf(&stage->facts, "%s%s%s%s", i > 0 ? " " : "", rows[i].id,
		    rows[i].member[0] != '\0' ? "/" : "", rows[i].member);
	return rc;
}

const char *
stage_missing(struct stage *stage)
{
	return look(stage, missing_work);
}

static int
wishes_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct stage *stage = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_reread_row *rows;
	size_t count;
	int rc = au_store_reread_list(tx, arena, SOURCE, &rows, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		au_str_printf(&stage->facts, "%s%s:%s", i > 0 ? " " : "", rows[i].id, rows[i].dn);
	return rc;
}

const char *
stage_wishes(struct stage *stage)
{
	return look(stage, wishes_work);
}

static int
readings_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct stage *stage = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_reading_row *rows;
	size_t count;
	int rc = au_store_reading_list(tx, arena, SOURCE, &rows, &count, err);

	for (size_t i = rc == 0 ? count : 0; i-- > 0;) {
		AU_CLEANUP(au_json_decrefp) json_t *json = parse(rows[i].text);
		struct au_source_read read;
		if (au_source_read_from_json(json, &read, err) < 0)
			return AU_EPROTO;
		au_str_printf(&stage->facts, "%s%s %s %s -%lld ?%lld !%lld", i + 1 < count ? "; " : "", rows[i].search,
		    au_json_get_str(json, "kind"), au_read_verdict_name(read.verdict), read.removed, read.missing,
		    read.held);
	}
	return rc;
}

const char *
stage_readings(struct stage *stage)
{
	return look(stage, readings_work);
}
