/* SPDX-License-Identifier: ISC */
/* A row says what changed and to what; the rows before it say from what. */
#include "source/trail.h"

#include "base/clock.h"
#include "store/audit.h"

#define NAMES_MOST 50

static int
write_row(struct au_apply *apply, const char *verb, const char *object, json_t *detail, struct au_err *err)
{
	int rc = au_store_audit(apply->tx, au_clock_wall_ms(), apply->actor, verb, object, detail, err);

	json_decref(detail);
	return rc;
}

void
au_trail_name(struct au_trail_names *names, const char *name)
{
	if (names->some == NULL)
		names->some = json_array();
	if (names->count++ < NAMES_MOST)
		json_array_append_new(names->some, json_string(name));
}

void
au_trail_names_done(struct au_trail_names *names)
{
	json_decref(names->some);
	*names = (struct au_trail_names){ 0 };
}

int
au_trail_entry(struct au_apply *apply, const char *verb, const struct au_entry *entry, struct au_err *err)
{
	json_t *detail = json_object();

	au_json_set_str(detail, "dn", entry->dn);
	au_json_set_str(detail, "user_name", entry->user_name);
	au_json_set_str(detail, "mail", entry->mail);
	if (!entry->active)
		json_object_set_new(detail, "active", json_false());
	return write_row(apply, verb, entry->id, detail, err);
}

static void
set_names(json_t *detail, const char *name, const struct au_trail_names *names)
{
	if (names->count == 0)
		return;
	json_object_set(detail, name, names->some);
	if (names->count > NAMES_MOST) {
		AU_CLEANUP(au_freep) char *total = au_xasprintf("%s_count", name);
		au_json_set_int(detail, total, names->count);
	}
}

int
au_trail_members(struct au_apply *apply, const char *group_id, const struct au_trail_names *added,
    const struct au_trail_names *removed, struct au_err *err)
{
	json_t *detail = json_object();

	set_names(detail, "added", added);
	set_names(detail, "removed", removed);
	return write_row(apply, "group.members", group_id, detail, err);
}

int
au_trail_rivals(struct au_apply *apply, const char *user_name, struct au_err *err)
{
	json_t *detail = json_object();

	au_json_set_str(detail, "user_name", user_name);
	return write_row(apply, "member.ambiguous", apply->source, detail, err);
}

int
au_trail_search(struct au_apply *apply, const char *verb, enum au_search search, const char *what, long long count,
    struct au_err *err)
{
	json_t *detail = json_object();

	au_json_set_str(detail, "search", au_search_name(search));
	au_json_set_int(detail, what, count);
	return write_row(apply, verb, apply->source, detail, err);
}

int
au_trail_drift(struct au_apply *apply, enum au_search search, long long count, const struct au_trail_names *missing,
    struct au_err *err)
{
	json_t *detail = json_object();

	au_json_set_str(detail, "search", au_search_name(search));
	au_json_set_int(detail, "differences", count);
	set_names(detail, "missing", missing);
	return write_row(apply, "source.drift", apply->source, detail, err);
}
