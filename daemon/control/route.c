/* SPDX-License-Identifier: ISC */
/* A request belongs to the row whose pattern its path follows; segments are compared decoded, so "%2F" splits nothing.
 */
#include "control/route.h"

#include "base/str.h"

#include <string.h>

static const char *const plan_members[] = { "target", "user", "save", NULL };
static const char *const saved_members[] = { "plan", "unmoved", "timeout_ms", NULL };
static const char *const apply_members[] = { "observe", "timeout_ms", NULL };
static const char *const adopt_members[] = { "login", "user", "reason", "id", "dry_run", NULL };
static const char *const expire_members[] = { "at", "reason", NULL };
static const char *const ignore_members[] = { "login", "reason", NULL };
static const char *const reason_members[] = { "reason", NULL };
static const char *const pause_members[] = { "reason", "until_ms", NULL };
static const char *const decision_members[] = { "steps", "reason", NULL };
static const char *const user_run_members[] = { "target", "dry_run", "fresh", NULL };
static const char *const trial_members[] = { "timeout_ms", "entries", "shown", "changed", NULL };
static const char *const import_members[] = { "csv", "at_ms", "partial", "all", NULL };
static const char *const claim_members[] = { "take", NULL };
static const char *const complete_members[] = { "reason", "login", "id", "secret", NULL };
static const char *const template_members[] = { "block", NULL };
static const char *const verify_members[] = { "anchors", NULL };
static const char *const token_members[] = { "lifetime", "scopes", "read_only", NULL };

const struct au_route au_routes[] = {
	{ "GET", "/v1/status", AU_ROLE_VIEWER, au_show_status, NULL, "what is in sync and what is not" },
	{ "GET", "/v1/users", AU_ROLE_VIEWER, au_show_users, NULL, "API users in order; after=KEY, limit=NUMBER" },
	{ "GET", "/v1/users/{user}", AU_ROLE_VIEWER, au_show_user, NULL, "one API user with its accounts and steps" },
	{ "GET", "/v1/explain/{user}", AU_ROLE_VIEWER, au_show_explain, NULL,
	    "why it has what it has; target=NAME, right=NAME" },
	{ "POST", "/v1/users/{user}/run", AU_ROLE_OPERATOR, au_make_user_run, user_run_members,
	    "look at one API user now, its entries and accounts read anew; answers when its steps are queued" },
	{ "GET", "/v1/users/{user}/run", AU_ROLE_VIEWER, au_show_user_run, NULL,
	    "the steps of one API user since=ID, and whether anything still moves; target=NAME" },
	{ "GET", "/v1/sources", AU_ROLE_VIEWER, au_show_sources, NULL, "sources and their verdicts" },
	{ "GET", "/v1/sources/{name}", AU_ROLE_VIEWER, au_show_source, NULL,
	    "one source: how its searches stand, how they were read, who would go" },
	{ "GET", "/v1/targets", AU_ROLE_VIEWER, au_show_targets, NULL, "targets and what they wait for" },
	{ "POST", "/v1/targets/{name}/pause", AU_ROLE_OPERATOR, au_make_target_pause, pause_members,
	    "leave a target alone; its steps wait" },
	{ "POST", "/v1/targets/{name}/resume", AU_ROLE_OPERATOR, au_make_target_resume, reason_members,
	    "go on with a target, whatever stopped it" },
	{ "GET", "/v1/quarantine", AU_ROLE_VIEWER, au_show_quarantine, NULL,
	    "API users that are left alone because their steps keep failing" },
	{ "POST", "/v1/users/{user}/quarantine/{target}/release", AU_ROLE_OPERATOR, au_make_release, reason_members,
	    "try one of them again" },
	{ "GET", "/v1/capacity", AU_ROLE_VIEWER, au_show_capacity, NULL,
	    "pools of targets, what is left and who waits; target=NAME, what_if=NUMBER, template=NAME" },
	{ "GET", AU_ROUTE_TEMPLATES "{name}", AU_ROLE_VIEWER, au_show_template, NULL,
	    "a template in force: its rights, their rules, what it takes and who gives it" },
	{ "POST", AU_ROUTE_TEMPLATES "{name}/check", AU_ROLE_OPERATOR, au_check_template, template_members,
	    "whether its target would take a block that is not in force; changes nothing" },
	{ "POST", AU_ROUTE_TEMPLATES "{name}/diff", AU_ROLE_OPERATOR, au_compare_template, template_members,
	    "what such a block would change for whom; changes nothing" },
	{ "GET", "/v1/steps", AU_ROLE_VIEWER, au_show_steps, NULL, "newest steps; state=NAME, limit=NUMBER" },
	{ "GET", "/v1/held", AU_ROLE_VIEWER, au_show_held, NULL,
	    "steps that wait for people, and what they rejected; target=NAME, guard=NAME, user=NAME" },
	{ "GET", "/v1/drift", AU_ROLE_VIEWER, au_show_drift, NULL,
	    "accounts of ours that others changed or took away; target=NAME, limit=NUMBER" },
	{ "GET", "/v1/strangers", AU_ROLE_VIEWER, au_show_strangers, NULL,
	    "accounts that are not ours; target=NAME, after=ID, limit=NUMBER" },
	{ "GET", "/v1/ignored", AU_ROLE_VIEWER, au_show_ignored, NULL, "log-in names that are left alone" },
	{ "GET", "/v1/conflicts", AU_ROLE_VIEWER, au_show_conflicts, NULL,
	    "logins that others have and entries that contradict each other, with the ways out" },
	{ "POST", "/v1/targets/{name}/adopt", AU_ROLE_OPERATOR, au_make_adoption, adopt_members,
	    "give an account that is not ours to an API user; shows what would become of it" },
	{ "POST", "/v1/targets/{name}/ignore", AU_ROLE_OPERATOR, au_make_ignored, ignore_members,
	    "leave a log-in name alone" },
	{ "POST", "/v1/targets/{name}/unignore", AU_ROLE_OPERATOR, au_make_unignored, ignore_members,
	    "leave it alone no longer" },
	{ "GET", "/v1/protected", AU_ROLE_VIEWER, au_show_protected, NULL, "accounts that nothing is taken from" },
	{ "POST", "/v1/targets/{name}/protect", AU_ROLE_OPERATOR, au_make_protected, ignore_members,
	    "take nothing from whoever has a log-in name" },
	{ "POST", "/v1/targets/{name}/unprotect", AU_ROLE_OPERATOR, au_make_unprotected, ignore_members,
	    "treat it like any other again" },
	{ "POST", "/v1/users/{user}/confirm/{target}", AU_ROLE_OPERATOR, au_make_confirmation, reason_members,
	    "the second look at an adopted account" },
	{ "GET", "/v1/custody", AU_ROLE_VIEWER, au_show_custody, NULL,
	    "where the credentials of accounts came from and who has confirmed them; target=NAME" },
	{ "POST", "/v1/users/{user}/received/{target}", AU_ROLE_OPERATOR, au_make_received, reason_members,
	    "the credential of an account has arrived and is in use" },
	{ "POST", "/v1/users/{user}/rotate/{target}", AU_ROLE_OPERATOR, au_make_rotation, reason_members,
	    "another credential is wanted for an account" },
	{ "POST", "/v1/users/{user}/expire", AU_ROLE_OPERATOR, au_make_expiry, expire_members,
	    "from when on nobody wants the API user any more" },
	{ "GET", "/v1/audit", AU_ROLE_VIEWER, au_show_audit, NULL,
	    "audit rows, newest first, or from after=NUMBER on; object=ID, actor=NAME, verb=WORD, target=NAME, user=KEY, "
	    "since=TIME, until=TIME, before=NUMBER, limit=NUMBER" },
	{ "GET", "/v1/audit/{row}", AU_ROLE_VIEWER, au_show_audit_row, NULL, "one audit row" },
	{ "POST", "/v1/audit/verify", AU_ROLE_VIEWER, au_check_audit, verify_members,
	    "walk the whole chain of audit rows" },
	{ "POST", "/v1/plan", AU_ROLE_VIEWER, au_make_plan, plan_members, "dry run: what would be done now" },
	{ "POST", AU_ROUTE_SAVED_PLAN, AU_ROLE_OPERATOR, au_apply_plan, saved_members,
	    "apply a saved plan; answers when its steps are over" },
	{ "POST", "/v1/apply", AU_ROLE_OPERATOR, au_make_run, apply_members, "a full run; answers when it is over" },
	{ "POST", "/v1/held/approve", AU_ROLE_OPERATOR, au_make_approval, decision_members,
	    "let held steps go, as soon as enough people say so" },
	{ "POST", "/v1/held/reject", AU_ROLE_OPERATOR, au_make_rejection, decision_members,
	    "end held steps, and do not propose the same again" },
	{ "POST", "/v1/held/reopen", AU_ROLE_OPERATOR, au_make_reopening, decision_members,
	    "propose again what was rejected" },
	{ "POST", AU_ROUTE_TARGETS "{name}" AU_ROUTE_IMPORT, AU_ROLE_OPERATOR, au_make_import, import_members,
	    "a list of what a product without an API holds, as a person attests it" },
	{ "GET", "/v1/work", AU_ROLE_VIEWER, au_show_work, NULL,
	    "work orders that are to be done, what takes away first; target=NAME, state=NAME or all, limit=NUMBER" },
	{ "GET", "/v1/work/{id}", AU_ROLE_VIEWER, au_show_work_order, NULL, "one work order with its text" },
	{ "POST", "/v1/work/{id}/claim", AU_ROLE_OPERATOR, au_make_work_claim, claim_members, "take it on" },
	{ "POST", "/v1/work/{id}/release", AU_ROLE_OPERATOR, au_make_work_release, reason_members, "give it back" },
	{ "POST", "/v1/work/{id}/complete", AU_ROLE_OPERATOR, au_make_work_complete, complete_members,
	    "it is done, and this came out" },
	{ "POST", "/v1/work/{id}/fail", AU_ROLE_OPERATOR, au_make_work_fail, reason_members, "it cannot be done" },
	{ "POST", "/v1/work/{id}/cancel", AU_ROLE_OPERATOR, au_make_work_cancel, reason_members,
	    "it shall not be done" },
	{ "POST", "/v1/webhook/retry", AU_ROLE_OPERATOR, au_make_webhook_retry, NULL,
	    "send at once what the ticket system was not told of; where changes were lost, tell each order anew" },
	{ "POST", "/v1/work/{id}/secret", AU_ROLE_OPERATOR, au_take_work_secret, NULL,
	    "the secret that is to be typed in the product, for whoever has claimed it" },
	{ "GET", "/v1/clients", AU_ROLE_VIEWER, au_show_clients, NULL, "SCIM clients and their tokens" },
	{ "GET", "/v1/clients/{name}", AU_ROLE_VIEWER, au_show_client, NULL,
	    "one SCIM client: its tokens, and what is done for its identity provider" },
	{ "POST", "/v1/clients/{name}/tokens", AU_ROLE_OPERATOR, au_make_token, token_members,
	    "a new token, shown this once" },
	{ "DELETE", "/v1/clients/{name}", AU_ROLE_OPERATOR, au_make_revocation, NULL,
	    "revoke every token of a client" },
	{ "DELETE", "/v1/clients/{name}/tokens/{id}", AU_ROLE_OPERATOR, au_make_revocation, NULL,
	    "revoke one token of a client" },
	{ "POST", "/v1/users/{user}/secrets/{target}/take", AU_ROLE_OPERATOR, au_take_secret, NULL,
	    "hand a sealed secret over, this once" },
	{ "POST", "/v1/sources/{name}/resync", AU_ROLE_OPERATOR, au_make_resync, reason_members,
	    "read a directory anew" },
	{ "POST", "/v1/sources/{name}/pause", AU_ROLE_OPERATOR, au_make_pause, reason_members,
	    "leave a directory alone" },
	{ "POST", "/v1/sources/{name}/resume", AU_ROLE_OPERATOR, au_make_resume, reason_members,
	    "go on, and let go who is held" },
	{ "POST", "/v1/sources/{name}/test", AU_ROLE_OPERATOR, au_make_trial, trial_members,
	    "look at a directory once and tell what is found; changes nothing" },
	{ "GET", "/metrics", AU_ROLE_VIEWER, au_show_metrics, NULL, "figures in Prometheus' text format" },
	{ NULL, NULL, AU_ROLE_NONE, NULL, NULL, NULL },
};

/* Compare a pattern with a path, both cut at slashes; raw segments that stand for parameters go to params. */
static bool
follows(struct au_arena *arena, const char *pattern, const char *path, const char *params[AU_REQUEST_PARAMS])
{
	size_t count = 0;

	while (*pattern == '/' && *path == '/') {
		size_t pattern_len = strcspn(++pattern, "/"), path_len = strcspn(++path, "/");
		if (*pattern == '{') {
			if (path_len == 0)
				return false;
			params[count++] = au_arena_strndup(arena, path, path_len);
		} else if (pattern_len != path_len || strncmp(pattern, path, path_len) != 0) {
			return false;
		}
		pattern += pattern_len;
		path += path_len;
	}
	return *pattern == '\0' && *path == '\0';
}

static int
decode_params(struct au_arena *arena, const char *params[AU_REQUEST_PARAMS], struct au_err *err)
{
	for (size_t i = 0; i < AU_REQUEST_PARAMS; i++) {
		int rc = params[i] != NULL ? au_http_decode_path(arena, params[i], &params[i], err) : 0;
		if (rc < 0)
			return rc;
	}
	return 0;
}

int
au_control_route_find(struct au_arena *arena, const char *method, const char *path, const struct au_route **ret,
    const char *params[AU_REQUEST_PARAMS], const char **ret_allow, struct au_err *err)
{
	const char *allow = NULL;

	for (const struct au_route *row = au_routes; row->method != NULL; row++) {
		const char *found[AU_REQUEST_PARAMS] = { NULL };
		int rc;
		if (!follows(arena, row->pattern, path, found))
			continue;
		if (strcmp(row->method, method) != 0) {
			allow = allow == NULL ? row->method : au_arena_printf(arena, "%s, %s", allow, row->method);
			continue;
		}
		if ((rc = decode_params(arena, found, err)) < 0)
			return rc;
		memcpy(params, found, sizeof(found));
		*ret = row;
		return 0;
	}
	if (allow == NULL)
		return au_fail(err, AU_ENOENT, "'%s': no such path", path);
	*ret_allow = allow;
	return au_fail(err, AU_ENOSUP, "'%s': %s is not possible here", path, method);
}
