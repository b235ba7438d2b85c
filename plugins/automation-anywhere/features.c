/* SPDX-License-Identifier: ISC */
/*
 * The shape of licence answers is not documented and differs between versions,
 * so this looks for an object that names the feature, wherever it lies, and
 * believes only what it says outright.
 */
#include "automation-anywhere/features.h"

#include "base/str.h"

#define DEPTH_MAX 8

static const struct {
	const char *name;
	bool a360_only;
} features[] = {
	{ "DEVELOPMENT", false },
	{ "RUNTIME", false },
	{ "IQBOTRUNTIME", false },
	{ "ANALYTICSCLIENT", false },
	{ "ANALYTICSAPI", false },
	{ "ATTENDEDRUNTIME", true },
	{ "AARIUSER", true },
	{ "DISCOVERYBOTANALYZER", true },
	{ "DISCOVERYBOTRECORDER", true },
};

const char *const aa_feature_names[] = { "DEVELOPMENT", "RUNTIME", "IQBOTRUNTIME", "ANALYTICSCLIENT", "ANALYTICSAPI",
	"ATTENDEDRUNTIME", "AARIUSER", "DISCOVERYBOTANALYZER", "DISCOVERYBOTRECORDER", NULL };

static const char *const name_members[] = { "name", "feature", "licenseFeature", "featureName", "code" };
static const char *const enabled_members[] = { "enabled", "enable" };

bool
aa_feature_known(const struct au_session *session, const char *name)
{
	for (size_t i = 0; i < AU_COUNT(features); i++) {
		if (au_streq(features[i].name, name))
			return session->a360 || !features[i].a360_only;
	}
	return false;
}

static bool
is_named(const json_t *object, const char *feature)
{
	for (size_t i = 0; i < AU_COUNT(name_members); i++) {
		const char *name = au_json_get_str(object, name_members[i]);

		if (name != NULL && au_strcaseeq(name, feature))
			return true;
	}
	return false;
}

static const json_t *
find_named(const json_t *value, const char *feature, int depth)
{
	const json_t *found = NULL;
	const json_t *item;
	const char *key;
	size_t i;

	if (depth == DEPTH_MAX)
		return NULL;
	if (json_is_object(value) && is_named(value, feature))
		return value;
	json_object_foreach ((json_t *)(uintptr_t)value, key, item) {
		if (found == NULL)
			found = find_named(item, feature, depth + 1);
	}
	for (i = 0; found == NULL && i < json_array_size(value); i++)
		found = find_named(json_array_get(value, i), feature, depth + 1);
	return found;
}

/* A count of an entry; -1 when it does not say. */
static long long
count_of(const json_t *entry, const char *member)
{
	const json_t *count = json_object_get(entry, member);

	return json_is_integer(count) && json_integer_value(count) >= 0 ? json_integer_value(count) : -1;
}

/* By all Control Rooms of the licence, where that is told. */
static long long
used_of(const json_t *entry)
{
	long long used = count_of(entry, "usedCountByAllCr");

	return used >= 0 ? used : count_of(entry, "usedCount");
}

/* What an entry says is left, or -1 when it does not: outright, or by what was bought and what is used everywhere. */
static long long
left_of(const json_t *entry)
{
	const json_t *available = json_object_get(entry, "availableCount");
	long long bought = count_of(entry, "purchasedCount"), used = used_of(entry), left;

	if (json_is_integer(available))
		left = json_integer_value(available);
	else if (bought >= 0 && used >= 0)
		left = bought - used;
	else
		return -1;
	return left > 0 ? left : 0;
}

static bool
is_off(const json_t *entry)
{
	for (size_t i = 0; i < AU_COUNT(enabled_members); i++)
		if (json_is_false(json_object_get(entry, enabled_members[i])))
			return true;
	return false;
}

static int
check_one(const json_t *licences, const char *feature, struct au_err *err)
{
	const json_t *entry = find_named(licences, feature, 0);

	if (is_off(entry))
		return au_fail(
		    err, AU_EINVAL, "licence feature '%s' is switched off in the Control Room (AA-R20)", feature);
	if (left_of(entry) == 0)
		return au_fail(err, AU_EQUOTA, "no licence '%s' is left in the Control Room (AA-R20)", feature);
	return 0;
}

static int
ask(struct au_session *session, struct au_http_answer *ret, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *empty = json_object();
	const struct aa_call ask11 = { .method = "GET", .path = "/v2/license", .permission = "View licenses" };
	const struct aa_call ask360 = {
		.method = "POST", .path = "/v2/license/product/list", .body = empty, .permission = "View licenses"
	};

	return aa_session_call(session, session->a360 ? &ask360 : &ask11, ret, err);
}

int
aa_features_check(struct au_session *session, const json_t *wanted, struct au_err *err)
{
	struct au_http_answer answer = { 0 };
	struct au_err why = { 0 };
	int r;

	if (json_array_size(wanted) == 0)
		return 0;
	r = ask(session, &answer, &why);
	if (r != 0) {
		session->host->log(7, "licences not known: %s", why.text);
		return 0;
	}
	for (size_t i = 0; r == 0 && i < json_array_size(wanted); i++)
		r = check_one(answer.json, json_string_value(json_array_get(wanted, i)), err);
	au_http_answer_done(&answer);
	return r;
}

/* One that is switched off is refused by its rule, not for want of room. */
static int
emit_one(const json_t *licences, const char *feature, au_emit_pool *emit, void *ctx)
{
	const json_t *entry = find_named(licences, feature, 0);
	AU_CLEANUP(au_freep) char *name = au_xasprintf("seats:%s", feature);
	const struct au_pool_state state = {
		.name = name, .limit = count_of(entry, "purchasedCount"), .used = used_of(entry)
	};

	if (entry == NULL || is_off(entry) || (state.limit < 0 && state.used < 0))
		return 0;
	return emit(ctx, &state);
}

int
aa_features_read(struct au_session *session, au_emit_pool *emit, void *ctx, struct au_err *err)
{
	struct au_http_answer answer = { 0 };
	int r = ask(session, &answer, err);

	if (r != 0)
		return r;
	for (size_t i = 0; r == 0 && i < AU_COUNT(features); i++)
		r = emit_one(answer.json, features[i].name, emit, ctx);
	au_http_answer_done(&answer);
	return r;
}
