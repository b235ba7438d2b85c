/* SPDX-License-Identifier: ISC */
/* One small search after the other: where the log is, how far it has come, what a record is like, how far it reaches
 * back. */
#include "sourced/log_look.h"

#include "model/dn.h"
#include "sourced/ended.h"
#include "sourced/log_record.h"

#include <string.h>

enum step { STEP_WHERE, STEP_NOW, STEP_SAMPLE, STEP_SINCE };

struct au_log_look {
	const struct au_mapping *groups;
	const struct au_log_look_events *events;
	void *ctx;
	struct au_line *line;
	const struct au_root *root;
	int64_t timeout_ms;
	enum step step;
	struct au_arena *arena;
	const char *known, *dn; /* dn NULL: not found yet */
	const char **contexts;
	size_t context_count;
	bool has_entry;      /* of the step */
	struct au_err lacks; /* what a record does not say; code 0: nothing */
	struct au_log_place place;
};

static void begin(struct au_log_look *look, enum step step);

static void
end(struct au_log_look *look, const char *why)
{
	look->line = NULL;
	if (why != NULL)
		look->events->useless(look->ctx, why);
	else
		look->events->found(look->ctx, look->dn, &look->place);
}

/* ---- what the steps ask for and learn ---- */

static const char *
context_of(const struct au_log_look *look)
{
	const char *norm;

	if (au_dn_normalize(look->arena, au_mapping_base(look->groups), &norm, NULL) < 0)
		return NULL;
	return au_root_context(look->root, norm);
}

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

/* In the arena; ends with NULL.  Values that are no text end where they begin to be none. */
static const char **
read_values(const struct au_log_look *look, LDAPMessage *message, const char *attribute, size_t *ret_count)
{
	AU_CLEANUP(free_values)
	struct berval **values = ldap_get_values_len(au_line_handle(look->line), message, attribute);
	size_t count = values != NULL ? (size_t)ldap_count_values_len(values) : 0;
	const char **texts = au_arena_alloc(look->arena, (count + 1) * sizeof(*texts));

	for (size_t i = 0; i < count; i++)
		texts[i] = au_arena_strndup(look->arena, values[i]->bv_val, values[i]->bv_len);
	*ret_count = count;
	return texts;
}

static void
read_where(struct au_log_look *look, LDAPMessage *message)
{
	size_t count;
	const char **texts = read_values(look, message, "auditContext", &count);

	if (count > 0 && au_dn_normalize(look->arena, texts[0], &look->dn, NULL) < 0)
		look->dn = NULL;
}

static void
read_now(struct au_log_look *look, LDAPMessage *message)
{
	look->contexts = read_values(look, message, "contextCSN", &look->context_count);
}

static void
read_sample(struct au_log_look *look, LDAPMessage *message)
{
	struct au_log_record record;

	if (au_log_record_read(look->groups->member_attributes, au_line_handle(look->line), message, look->arena,
		&record, &look->lacks) >= 0)
		look->lacks.code = 0;
}

static void
read_nothing(struct au_log_look *look, LDAPMessage *message)
{
	(void)look;
	(void)message;
}

static const struct row {
	const char *const *attributes;
	int scope, most;
	void (*read)(struct au_log_look *look, LDAPMessage *message);
} rows[] = {
	[STEP_WHERE] = { (const char *const[]){ "auditContext", NULL }, LDAP_SCOPE_BASE, 1, read_where },
	[STEP_NOW] = { (const char *const[]){ "contextCSN", NULL }, LDAP_SCOPE_BASE, 1, read_now },
	[STEP_SAMPLE] = { NULL, LDAP_SCOPE_ONELEVEL, 1, read_sample },
	[STEP_SINCE] = { (const char *const[]){ LDAP_NO_ATTRS, NULL }, LDAP_SCOPE_ONELEVEL, 1, read_nothing },
};

/* Not of the base itself: replicas note there how far they are, in records of another kind. */
const char *
au_log_filter(struct au_arena *arena, const struct au_mapping *groups)
{
	return au_arena_printf(
	    arena, "(reqDN:dnSubordinateMatch:=%s)", au_mapping_escape(arena, au_mapping_base(groups)));
}

static const char *
filter_of(const struct au_log_look *look)
{
	switch (look->step) {
	case STEP_SAMPLE:
		return au_arena_printf(
		    look->arena, "(&(objectClass=auditModify)%s)", au_log_filter(look->arena, look->groups));
	case STEP_SINCE:
		return au_arena_printf(look->arena, "(entryCSN<=%s)", look->place.since);
	default:
		return "(objectClass=*)";
	}
}

/* ---- one after the other ---- */

/* What has to be known is; where to begin? */
static void
find_place(struct au_log_look *look)
{
	free(look->place.cookie);
	au_log_place_find(look->known, look->contexts, look->context_count, &look->place);
	if (look->place.cover == AU_LOG_SINCE)
		begin(look, STEP_SINCE);
	else
		end(look, NULL);
}

/* The step brought nothing more. */
static void
conclude(struct au_log_look *look, const char *why)
{
	switch (look->step) {
	case STEP_WHERE:
		if (look->dn == NULL)
			end(look, "the directory does not say where it has one (auditContext)");
		else
			begin(look, STEP_NOW);
		break;
	case STEP_NOW:
		if (!look->has_entry)
			end(look, au_arena_printf(look->arena, "'%s' cannot be read: %s", look->dn, why));
		else
			begin(look, STEP_SAMPLE);
		break;
	case STEP_SAMPLE:
		if (look->lacks.code != 0)
			end(look, au_arena_printf(look->arena, "'%s' has %s", look->dn, look->lacks.text));
		else
			find_place(look);
		break;
	case STEP_SINCE:
		/* Purged beyond what we know: it is as if we knew nothing. */
		if (look->has_entry) {
			end(look, NULL);
			break;
		}
		look->known = NULL;
		find_place(look);
		break;
	}
}

static bool
is_fine(int code)
{
	return code == LDAP_SUCCESS || code == LDAP_SIZELIMIT_EXCEEDED || code == LDAP_NO_SUCH_OBJECT;
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_log_look *look = ctx;
	struct au_fault fault;

	if (look->line == NULL)
		return;
	if (type == LDAP_RES_SEARCH_ENTRY) {
		look->has_entry = true;
		rows[look->step].read(look, message);
	} else if (type == LDAP_RES_SEARCH_RESULT) {
		AU_CLEANUP(au_ended_done) struct au_ended ended = au_ended_read(au_line_handle(look->line), message);
		au_ended_fault(&ended, "log of changes", &fault);
		if (is_fine(ended.code))
			conclude(look, ended.code == LDAP_SUCCESS ? "nothing is there that we may read" : fault.text);
		else
			end(look, fault.text);
	}
}

static void
begin(struct au_log_look *look, enum step step)
{
	const struct row *row = &rows[step];

	look->step = step;
	look->has_entry = false;
	const char *base = step == STEP_WHERE ? context_of(look) : look->dn;
	if (base == NULL) {
		conclude(look, NULL);
		return;
	}
	struct au_line_search search = { .base = base,
		.filter = filter_of(look),
		.scope = row->scope,
		.attributes = row->attributes != NULL ? row->attributes : au_log_record_attributes,
		.most = row->most,
		.timeout_ms = look->timeout_ms };
	au_line_search(look->line, &search, on_answer, look);
}

struct au_log_look *
au_log_look_new(const struct au_mapping *groups, const struct au_log_look_events *events, void *ctx)
{
	struct au_log_look *look = au_xcalloc(1, sizeof(*look));

	*look = (struct au_log_look){ .groups = groups, .events = events, .ctx = ctx };
	return look;
}

void
au_log_look_free(struct au_log_look *look)
{
	if (look == NULL)
		return;
	free(look->place.cookie);
	au_arena_free(look->arena);
	free(look);
}

void
au_log_look_start(struct au_log_look *look, struct au_line *line, const struct au_root *root, const char *known,
    int64_t operation_timeout_ms)
{
	const char *configured = look->groups->config->accesslog;

	au_arena_free(look->arena);
	look->arena = au_arena_new();
	look->line = line;
	look->root = root;
	look->timeout_ms = operation_timeout_ms;
	look->known = au_arena_strdup(look->arena, known);
	look->dn = au_arena_strdup(look->arena, configured);
	look->contexts = NULL;
	look->context_count = 0;
	look->lacks.code = 0;
	begin(look, configured != NULL ? STEP_NOW : STEP_WHERE);
}

void
au_log_look_stop(struct au_log_look *look)
{
	look->line = NULL;
}
