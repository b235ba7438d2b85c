/* SPDX-License-Identifier: ISC */
/*
 * A change gives its object the controller's next number.  So the controller is
 * asked where it stands, then for all objects of the partition with higher
 * numbers than it had when it was asked last; what changes in between has a
 * higher number still, and is told again the next time.
 *
 * Which attribute changed is not told, so au_chase looks all of them up.  Two
 * things that no object's number tells: what lay below a container that moved,
 * for which a move must be seen, and who left a group, so that a search whose
 * filter asks for memberOf cannot be followed like this.
 */
#include "sourced/usn.h"

#include "base/str.h"
#include "model/dn.h"
#include "sourced/filter_names.h"
#include "sourced/identity.h"
#include "sourced/metadata.h"
#include "sourced/paged.h"
#include "sourced/tail.h"
#include "sourced/tombstone.h"
#include "sourced/usn_ask.h"

#define METADATA "replPropertyMetaData"

struct usn {
	const struct au_mapping *mapping;
	const struct au_feed_events *events;
	void *ctx;
	struct au_arena *arena;      /* of a start */
	const char *partition;       /* NULL: the server holds none with our base */
	bool by_membership;          /* the filter asks of which groups an entry is */
	struct au_usn_ask *ask;      /* where does it stand? */
	struct au_usn_mark since;    /* where we were told everything to; once goes_on */
	struct au_usn_mark now;      /* where it stood when this question began */
	bool goes_on;                /* there is a since */
	bool has_looked, is_sighted; /* for deleted objects; we are shown them */
	LDAPControl show_deleted;
	char *filter;
	struct au_paged look, changes;
	struct au_line *line;
	int64_t timeout_ms;
};

static void
fail(struct usn *usn, const struct au_fault *fault)
{
	usn->events->failed(usn->ctx, fault);
}

static void
on_search_failed(void *ctx, const struct au_fault *fault)
{
	fail(ctx, fault);
}

static void
tell_end(struct usn *usn)
{
	AU_CLEANUP(au_freep) char *cookie = au_usn_mark_text(&usn->now);

	usn->events->told(usn->ctx, cookie, false);
}

/* ---- what changed ---- */

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

/* The first value; NULL when there is none.  Caller frees *hold. */
static const struct berval *
first_of(struct usn *usn, LDAPMessage *message, const char *attribute, struct berval ***hold)
{
	*hold = ldap_get_values_len(au_line_handle(usn->line), message, attribute);
	return *hold != NULL ? (*hold)[0] : NULL;
}

static bool
is_new(struct usn *usn, LDAPMessage *message)
{
	AU_CLEANUP(free_values) struct berval **hold = NULL;
	const struct berval *value = first_of(usn, message, "uSNCreated", &hold);
	uint64_t created = 0;

	return value != NULL && au_usn_parse(value->bv_val, &created) && created > usn->since.usn;
}

static bool
is_moved(struct usn *usn, LDAPMessage *message)
{
	AU_CLEANUP(free_values) struct berval **hold = NULL;

	return !is_new(usn, message) &&
	       au_metadata_changed(first_of(usn, message, METADATA, &hold), AU_METADATA_NAME, usn->since.usn);
}

static bool
is_deleted(struct usn *usn, LDAPMessage *message)
{
	AU_CLEANUP(free_values) struct berval **hold = NULL;
	const struct berval *value = first_of(usn, message, "isDeleted", &hold);

	return au_tombstone_says(value);
}

static void
on_change(void *ctx, LDAPMessage *message)
{
	struct usn *usn = ctx;
	const struct au_identity *identity = usn->mapping->identity;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(free_values) struct berval **hold = NULL;
	const struct berval *value = first_of(usn, message, identity->attribute, &hold);
	const char *id = value != NULL ? identity->text(arena, value) : NULL;
	struct au_fault fault;

	if (id == NULL) {
		fail(usn, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: a changed object came without its %s",
			      usn->changes.name, identity->attribute));
		return;
	}
	bool gone = is_deleted(usn, message);
	usn->events->changed(usn->ctx,
	    &(struct au_feed_change){ .id = id, .is_deleted = gone, .is_moved = !gone && is_moved(usn, message) });
}

static void
on_changes(void *ctx, bool is_last)
{
	struct usn *usn = ctx;

	if (is_last)
		tell_end(usn);
	else
		au_paged_ask(&usn->changes);
}

static const struct au_paged_events change_events = {
	.entry = on_change, .ended = on_changes, .failed = on_search_failed
};

static struct au_paged
paged(struct usn *usn, const struct au_paged_events *events, const char *filter, const char *const *attributes)
{
	return (struct au_paged){ .name = au_search_name(usn->mapping->search),
		.events = events,
		.ctx = usn,
		.line = usn->line,
		.extra = &usn->show_deleted,
		.search = { .base = usn->partition,
		    .filter = filter,
		    .scope = LDAP_SCOPE_SUBTREE,
		    .attributes = attributes,
		    .timeout_ms = usn->timeout_ms } };
}

static void
ask_changes(struct usn *usn)
{
	static const char *const attributes[] = { "objectGUID", "isDeleted", "uSNCreated", METADATA, NULL };

	free(usn->filter);
	usn->filter = au_xasprintf("(uSNChanged>=%llu)", (unsigned long long)usn->since.usn + 1);
	usn->changes = paged(usn, &change_events, usn->filter, attributes);
	au_paged_ask(&usn->changes);
}

static void
go_on(struct usn *usn)
{
	if (usn->goes_on && usn->now.usn > usn->since.usn)
		ask_changes(usn);
	else
		tell_end(usn);
}

/* ---- deleted objects ---- */

static void
end_look(struct usn *usn)
{
	au_paged_stop(&usn->look);
	usn->has_looked = true;
	go_on(usn);
}

static void
on_deleted(void *ctx, LDAPMessage *message)
{
	struct usn *usn = ctx;

	usn->is_sighted = au_tombstone_is(au_line_handle(usn->line), message);
	if (usn->is_sighted)
		end_look(usn);
}

static void
on_looked(void *ctx, bool is_last)
{
	struct usn *usn = ctx;

	if (is_last)
		end_look(usn);
	else
		au_paged_ask(&usn->look);
}

static const struct au_paged_events look_events = {
	.entry = on_deleted, .ended = on_looked, .failed = on_search_failed
};

static void
look(struct usn *usn)
{
	static const char *const nothing[] = { LDAP_NO_ATTRS, NULL };

	usn->look = paged(usn, &look_events, AU_TOMBSTONES, nothing);
	au_paged_ask(&usn->look);
}

/* ---- where it stands ---- */

static bool
is_on_course(struct usn *usn)
{
	enum au_usn_course course = usn->goes_on ? au_usn_course(&usn->since, &usn->now) : AU_USN_ON;
	struct au_fault fault;

	if (course == AU_USN_BACK) {
		usn->events->aged(usn->ctx);
		fail(usn, au_usn_back_fault(&usn->since, &usn->now, &fault));
	} else if (course == AU_USN_OTHER)
		fail(usn, au_fault_set(&fault, AU_FAULT_RELOAD,
			      "another domain controller, or one that was restored, whose changes have other numbers"));
	return course == AU_USN_ON;
}

static void
on_known(void *ctx, const struct au_usn_mark *mark)
{
	struct usn *usn = ctx;

	usn->now = *mark;
	if (!is_on_course(usn))
		return;
	if (usn->has_looked)
		go_on(usn);
	else
		look(usn);
}

static const struct au_usn_ask_events ask_events = { .known = on_known, .failed = on_search_failed };

/* ---- the feed ---- */

/* What it cannot do for us. */
static const char *
objection(const struct usn *usn)
{
	if (usn->partition == NULL)
		return "the server holds no partition with the base";
	return usn->by_membership ? "uSNChanged does not tell who left a group, which the filter asks for" : NULL;
}

static void
ask(void *feed, const char *cookie, bool is_quiet)
{
	struct usn *usn = feed;
	const char *why = objection(usn);
	struct au_fault fault;

	usn->goes_on = cookie != NULL && !is_quiet;
	if (why != NULL)
		fail(usn, au_fault_set(&fault, AU_FAULT_REFUSED, "%s", why));
	else if (usn->goes_on && !au_usn_mark_parse(cookie, &usn->since))
		fail(usn, au_fault_set(&fault, AU_FAULT_RELOAD, "what was kept of the last reading cannot be read"));
	else
		au_usn_ask(usn->ask, usn->line, usn->timeout_ms);
}

static void
start(void *feed, const struct au_follow_start *start)
{
	struct usn *usn = feed;
	const char *base_norm;

	au_arena_free(usn->arena);
	usn->arena = au_arena_new();
	usn->line = start->line;
	usn->timeout_ms = start->operation_timeout_ms;
	usn->has_looked = usn->is_sighted = false;
	usn->by_membership = au_root_lists(au_filter_names(usn->arena, au_mapping_filter(usn->mapping)), "memberOf");
	usn->partition = NULL;
	if (au_dn_normalize(usn->arena, au_mapping_base(usn->mapping), &base_norm, NULL) == 0)
		usn->partition = au_root_context(start->root, base_norm);
}

static void
stop(void *feed)
{
	struct usn *usn = feed;

	au_usn_ask_stop(usn->ask);
	au_paged_stop(&usn->look);
	au_paged_stop(&usn->changes);
}

static bool
is_blind(const void *feed)
{
	const struct usn *usn = feed;

	return !usn->is_sighted;
}

static void *
create_feed(const struct au_mapping *mapping, const struct au_feed_events *events, void *ctx)
{
	struct usn *usn = au_xcalloc(1, sizeof(*usn));

	*usn = (struct usn){ .mapping = mapping,
		.events = events,
		.ctx = ctx,
		.show_deleted = { .ldctl_oid = (char *)(uintptr_t)AU_OID_SHOW_DELETED } };
	usn->ask = au_usn_ask_new(&ask_events, usn);
	return usn;
}

static void
destroy_feed(void *feed)
{
	struct usn *usn = feed;

	if (usn == NULL)
		return;
	au_usn_ask_free(usn->ask);
	au_arena_free(usn->arena);
	free(usn->filter);
	free(usn);
}

static const struct au_feed feed = {
	.name = "usn",
	.create = create_feed,
	.destroy = destroy_feed,
	.start = start,
	.ask = ask,
	.stop = stop,
	.is_blind = is_blind,
};

static bool
is_offered(const struct au_root *root)
{
	return !au_str_empty(root->highest_usn) && !au_str_empty(root->ds_service_name);
}

static void *
create(const struct au_follow_config *config)
{
	return au_tail_new(config, &feed);
}

const struct au_way au_way_usn = {
	.name = "uSNChanged",
	.option = "usn",
	.is_offered = is_offered,
	.create = create,
	.destroy = au_tail_free,
	.start = au_tail_start,
	.ask_again = au_tail_ask_again,
	.drained = au_tail_drained,
	.room = au_tail_room,
	.stop = au_tail_stop,
	.is_following = au_tail_is_following,
};
