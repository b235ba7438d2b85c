/* SPDX-License-Identifier: ISC */
/*
 * /Roles and /Entitlements: what the rules of the configuration let this client give.  There are no more than
 * rules, so a list makes all of them and looks at each.
 */
#include "base/json.h"
#include "base/map.h"
#include "model/entry.h"
#include "scim/list.h"
#include "scim/route.h"
#include "store/fact.h"

#include <ctype.h>
#include <string.h>

#define LIST_URN "urn:ietf:params:scim:api:messages:2.0:ListResponse"

static const char *
word_of(const struct au_resource_type *type)
{
	return type->kind == AU_TYPE_ROLE ? AU_GRANT_ROLE : AU_GRANT_ENTITLEMENT;
}

/* ---- which ---- */

/* The rules that are about one value each, and for each rule the next one about the same value. */
struct offers {
	const struct au_rule **first;
	size_t count;
	const struct au_rule **next; /* by place in the settings; NULL = no more */
};

static bool
is_offered(const struct au_request *r, const struct au_rule *rule)
{
	return rule->is_grant && au_streq(rule->source, r->client) &&
	       strncmp(rule->group_norm, word_of(r->type), strlen(word_of(r->type))) == 0;
}

static struct offers
collect(struct au_request *r)
{
	const struct au_settings *s = r->settings;
	struct offers offers = { .first = au_arena_alloc(r->arena, (s->rule_count + 1) * sizeof *offers.first),
		.next = au_arena_alloc(r->arena, (s->rule_count + 1) * sizeof *offers.next) };
	struct au_map *last = au_map_new();

	for (size_t i = 0; i < s->rule_count; i++) {
		struct au_rule *rule = &s->rules[i], *before;

		if (!is_offered(r, rule))
			continue;
		before = au_map_put(last, rule->group_norm, rule);
		if (before != NULL)
			offers.next[before - s->rules] = rule;
		else
			offers.first[offers.count++] = rule;
	}
	au_map_free(last, NULL);
	return offers;
}

/* ---- one ---- */

/* The id as a segment of a path. */
static const char *
location_of(struct au_request *r, const char *id)
{
	AU_CLEANUP(au_str_done) struct au_str segment = AU_STR_INIT;

	for (const char *c = id; *c != '\0'; c++)
		if (isalnum((unsigned char)*c) || strchr("-._~:", *c) != NULL)
			au_str_putc(&segment, *c);
		else
			au_str_printf(&segment, "%%%02X", (unsigned)(unsigned char)*c);
	return au_request_location(r, r->type, au_str_get(&segment));
}

static json_t *
template_json(const struct au_settings *s, const struct au_rule *rule, const struct au_template *template)
{
	const struct au_target_block *target = au_settings_target(s, template->target);
	json_t *out = json_object();

	au_json_set_str(out, "value", template->name);
	au_json_set_str(out, "display", template->description);
	au_json_set_str(out, "target", template->target);
	if (target != NULL && target->describe != NULL)
		au_json_set_str(out, "product", target->describe->product);
	au_json_set_str(out, "rule", rule->name);
	return out;
}

/* What the value gives, rule by rule; *ret_target is NULL when it is several targets'. */
static json_t *
templates_json(struct au_request *r, const struct offers *offers, const struct au_rule *rule, struct au_str *display,
    const char **ret_target)
{
	const struct au_settings *s = r->settings;
	json_t *templates = json_array();

	for (; rule != NULL; rule = offers->next[rule - s->rules]) {
		const struct au_template *template = au_settings_template(s, rule->template);

		au_str_printf(display, "%s%s (%s)", display->len > 0 ? ", " : "", template->name, template->target);
		if (json_array_size(templates) == 0)
			*ret_target = template->target;
		else if (!au_streq(*ret_target, template->target))
			*ret_target = NULL;
		json_array_append_new(templates, template_json(s, rule, template));
	}
	return templates;
}

/* What the templates are for, of those that say so. */
static const char *
description_of(struct au_request *r, const struct offers *offers, const struct au_rule *rule)
{
	const char *all = NULL;

	for (; rule != NULL; rule = offers->next[rule - r->settings->rules]) {
		const char *text = au_settings_template(r->settings, rule->template)->description;

		if (text != NULL)
			all = all != NULL ? au_arena_printf(r->arena, "%s %s", all, text) : text;
	}
	return all;
}

static void
set_meta(struct au_request *r, json_t *offer, const char *id)
{
	json_t *meta = json_object();

	au_json_set_str(meta, "resourceType", r->type->name);
	au_json_set_str(meta, "location", location_of(r, id));
	json_object_set_new(offer, "meta", meta);
}

/* How many users have it; nobody may have got it yet. */
static int
count_users(
    struct au_store_tx *tx, struct au_request *r, const struct au_rule *rule, long long *ret, struct au_err *err)
{
	int rc = au_store_member_count(tx, r->client, rule->group_norm, ret, err);

	if (rc != AU_ENOENT)
		return rc;
	*ret = 0;
	return 0;
}

/* The whole resource, in the arena, with the members of either schema: the projection leaves the type's own. */
static int
make_offer(struct au_store_tx *tx, struct au_request *r, const struct offers *offers, const struct au_rule *rule,
    json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str display = AU_STR_INIT;
	json_t *offer = au_json_in_arena(r->arena, json_object()), *templates, *extension = json_object();
	const char *id = rule->group_norm, *target = NULL;
	long long users = 0;
	int rc = count_users(tx, r, rule, &users, err);

	templates = templates_json(r, offers, rule, &display, &target);
	json_object_set_new(extension, "templates", templates);
	json_object_set_new(offer, "schemas", json_pack("[ss]", r->type->schema->id, au_schema_template.id));
	au_json_set_str(offer, "id", id);
	au_json_set_str(offer, "value", rule->group + strlen(word_of(r->type)));
	au_json_set_str(offer, "display", au_str_get(&display));
	au_json_set_str(offer, "displayName", au_str_get(&display));
	au_json_set_str(offer, "description", description_of(r, offers, rule));
	au_json_set_str(offer, "type", target);
	json_object_set_new(offer, "supported", json_true());
	json_object_set_new(offer, "limitedAssignmentsPermitted", json_false());
	au_json_set_int(offer, "totalAssignmentsUsed", users);
	json_object_set_new(offer, au_schema_template.id, extension);
	set_meta(r, offer, id);
	*ret = offer;
	return rc;
}

static void
put_offer(struct au_request *r, const struct au_projection *projection, const json_t *offer, struct au_str *out)
{
	AU_CLEANUP(au_json_decrefp) json_t *part = au_projection_apply(projection, r->type, offer);
	AU_CLEANUP(au_freep) char *text = au_json_text(part);

	au_str_put(out, text);
}

/* ---- reading one ---- */

static int
show_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	struct offers offers = collect(r);

	au_request_restart(r);
	for (size_t i = 0; i < offers.count; i++) {
		json_t *offer;
		int rc;

		if (strcmp(offers.first[i]->group_norm, r->id) != 0)
			continue;
		if ((rc = make_offer(tx, r, &offers, offers.first[i], &offer, err)) != 0)
			return rc;
		put_offer(r, &r->projection, offer, &r->reply.body);
		r->reply.status = 200;
		r->reply.location = location_of(r, r->id);
		return 0;
	}
	return au_fault_set(&r->fault, AU_FAULT_NOT_FOUND, "%s '%.100s' does not exist", r->type->name, r->id);
}

static void
dress(struct au_request *r)
{
	if (au_profile_has(r->profile, AU_QUIRK_OKTA_OFFERS))
		r->type = au_type_for_okta(r->type);
}

void
au_show_offer(struct au_request *r)
{
	dress(r);
	if (au_request_query(r) != 0)
		au_request_refuse(r);
	else
		au_request_read(r, AU_READ_POINT, show_work);
}

/* ---- lists ---- */

struct found {
	json_t *offer;
	struct au_sort_key key;
	size_t place;
};

struct listing {
	struct au_request *r;
	const struct au_filter *filter;
	struct au_sort sort;
	struct found *found;
	size_t count;
};

static int
read_query(struct listing *list)
{
	struct au_request *r = list->r;
	struct au_filter_limits limits = au_request_filter_limits(r);
	const struct au_query *query = &r->query;

	if (query->filter != NULL &&
	    au_filter_parse(r->arena, r->type, &limits, query->filter, &list->filter, &r->fault) != 0)
		return AU_EINVAL;
	if (query->sort_by == NULL)
		return 0;
	return au_sort_init(r->type, query->sort_by, query->sort_order, &list->sort, &r->fault);
}

static int
find(struct au_store_tx *tx, struct listing *list, struct au_err *err)
{
	struct au_request *r = list->r;
	struct offers offers = collect(r);

	list->found = au_arena_alloc(r->arena, (offers.count + 1) * sizeof *list->found);
	for (size_t i = 0; i < offers.count; i++) {
		struct found *found = &list->found[list->count];
		struct au_filter_subject subject = { .scratch = r->arena };
		int rc;

		if ((rc = make_offer(tx, r, &offers, offers.first[i], &found->offer, err)) != 0)
			return rc;
		subject.resource = found->offer;
		if (list->filter != NULL && !au_filter_match(list->filter, &subject))
			continue;
		found->place = list->count++;
		if (r->query.sort_by != NULL)
			found->key =
			    au_sort_key(r->arena, &list->sort, au_attr_path_get(&list->sort.path, found->offer));
	}
	return 0;
}

/* In the order of the rules where nothing else is asked for. */
static int
compare(const void *a, const void *b, void *ctx)
{
	const struct found *left = a, *right = b;
	const struct listing *list = ctx;
	int cmp = list->r->query.sort_by != NULL ? au_sort_compare(&list->sort, &left->key, &right->key) : 0;

	return cmp != 0 ? cmp : (left->place > right->place) - (left->place < right->place);
}

/* Where the page begins, and how long it may be: by index, or at the place that a cursor keeps (RFC 9865). */
static int
first_of_page(struct listing *list, long long *limit, size_t *ret)
{
	struct au_request *r = list->r;
	struct au_cursor_scope scope = au_list_cursor_scope(r);
	struct au_cursor cursor;

	*ret = r->query.cursor != NULL ? 0 : (size_t)r->query.start - 1;
	if (au_str_empty(r->query.cursor))
		return 0;
	if (au_cursor_read(r->arena, &scope, r->query.cursor, &cursor, &r->fault) != 0)
		return AU_EINVAL;
	/* what it keeps is where the page begins, or, when it leads back, ends */
	if (cursor.backward && (long long)cursor.num < *limit)
		*limit = cursor.num;
	*ret = (size_t)(cursor.backward ? cursor.num - *limit : cursor.num);
	return 0;
}

/* startIndex, or the cursors of the next page and the one before when there are any. */
static void
put_place(struct listing *list, size_t end, long long shown, struct au_str *body)
{
	struct au_request *r = list->r;
	struct au_cursor_scope scope = au_list_cursor_scope(r);
	struct au_cursor next = { .type = r->type->name, .num = (long long)end };
	struct au_cursor previous = { .type = r->type->name, .num = (long long)end - shown, .backward = true };

	if (r->query.cursor == NULL)
		au_str_printf(body, "\"startIndex\":%lld,", r->query.start);
	if (r->query.cursor == NULL || shown == 0)
		return;
	if (previous.num > 0)
		au_str_printf(body, "\"previousCursor\":\"%s\",", au_cursor_text(r->arena, &scope, &previous));
	if (end < list->count)
		au_str_printf(body, "\"nextCursor\":\"%s\",", au_cursor_text(r->arena, &scope, &next));
}

static int
put_page(struct listing *list)
{
	struct au_request *r = list->r;
	struct au_str *body = &r->reply.body;
	long long limit = au_list_page_size(r), shown = 0;
	AU_CLEANUP(au_str_done) struct au_str page = AU_STR_INIT;
	struct au_projection projection;
	size_t i;

	if (first_of_page(list, &limit, &i) != 0)
		return AU_EINVAL;
	au_projection_init(r->arena, r->type, r->query.mode, r->query.names, r->query.name_count, &projection);
	for (; i < list->count && shown < limit; i++) {
		if (shown++ > 0)
			au_str_putc(&page, ',');
		put_offer(r, &projection, list->found[i].offer, &page);
	}
	au_str_printf(body, "{\"schemas\":[\"" LIST_URN "\"],\"totalResults\":%zu,", list->count);
	put_place(list, i, shown, body);
	au_str_printf(body, "\"itemsPerPage\":%lld,\"Resources\":[", shown);
	au_str_putn(body, au_str_get(&page), page.len);
	au_str_put(body, "]}");
	r->reply.status = 200;
	return 0;
}

static int
list_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	struct listing list = { .r = r };
	int rc;

	au_request_restart(r);
	rc = read_query(&list);
	if (rc == 0)
		rc = find(tx, &list, err);
	if (rc != 0)
		return rc;
	qsort_r(list.found, list.count, sizeof *list.found, compare, &list);
	return put_page(&list);
}

void
au_list_offers(struct au_request *r)
{
	dress(r);
	if (au_request_query(r) != 0)
		au_request_refuse(r);
	else
		au_request_read(r, AU_READ_SCAN, list_work);
}

void
au_search_offers(struct au_request *r)
{
	dress(r);
	if (au_request_body(r) != 0 || au_query_from_body(r->arena, r->body, r->profile, &r->query, &r->fault) != 0)
		au_request_refuse(r);
	else
		au_request_read(r, AU_READ_SCAN, list_work);
}
