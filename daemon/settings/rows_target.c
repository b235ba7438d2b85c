/* SPDX-License-Identifier: ISC */
/* The options of what is done to targets: when, how carefully, with which rights, for whom. */
#include "settings/rows.h"
#include "settings/unit.h"

static const char *const drifts[] = { "restore", "report", "accept", NULL };
static const char *const leaves[] = { "disable-delete", "disable", "delete", "keep", NULL };

const char *const au_login_placeholders[] = { "userName", "mail", "localPart", "id", NULL };

const struct au_opt au_reconcile_rows[] = {
	{ "interval", AU_TIME, AU_RELOAD, 1 * SECOND, 30 * DAY, NULL, "1h",
	    "Time between two full runs; changes are looked at as they come." },
	{ "run_at", AU_LIST, AU_RELOAD, 0, 16, NULL, NULL,
	    "Times of the calendar for full runs, in place of interval, such as \"02:00\" or \"Mon-Fri 18:30\"." },
	{ "jitter", AU_INT, AU_RELOAD, 0, 100, NULL, "10",
	    "Random part that is added to interval and observe_interval, in percent." },
	{ "grace", AU_TIME, AU_RELOAD, 0, 3650 * DAY, NULL, "30d",
	    "Time for which an account that nobody wants stays disabled before it is deleted." },
	{ "unattended", AU_BOOL, AU_RELOAD, 0, 0, NULL, "true",
	    "Do what is to be done as changes come; without it nothing is begun but by 'apiuserctl apply', of which a "
	    "saved plan may be given." },
	{ "expiry_warnings", AU_LIST, AU_RELOAD, 0, 8, NULL, "30d,7d",
	    "How long before an API user expires a warning is logged, each of these times once." },
	{ "owner_deputy", AU_STR, AU_RELOAD, 1, 256, NULL, NULL,
	    "Who is to be asked about API users whose owner has left, a person or a group, shown wherever that is "
	    "told." },
	{ "nested_depth", AU_INT, AU_RELOAD, 0, 100, NULL, "10",
	    "How many groups may lie between a member and a rule's group; 0 counts direct members only." },
	{ "nesting_interval", AU_TIME, AU_RELOAD, 1 * SECOND, 30 * DAY, NULL, "5min",
	    "Time between two looks at how all groups lie within each other, for rings, ways longer than nested_depth "
	    "and "
	    "members that are unknown, which the status shows." },
	{ "guard_count", AU_INT, AU_RELOAD, 0, 1000000, NULL, "5",
	    "Accounts per target, source or group that may be disabled, and likewise deleted, within guard_window; "
	    "fewer where guard_small_percent says so, more where guard_percent does." },
	{ "guard_percent", AU_INT, AU_RELOAD, 0, 100, NULL, "10",
	    "Share of the accounts of a large target, source or group that may be disabled, and likewise deleted, "
	    "within guard_window, when that is more than guard_count; what goes beyond is held for a person." },
	{ "guard_small_percent", AU_INT, AU_RELOAD, 0, 100, NULL, "50",
	    "Share of a small target, source or group, rounded up, that guard_count and guard_rights_count let "
	    "through at most, so that a set of two to twenty never goes as a whole." },
	{ "guard_rights_count", AU_INT, AU_RELOAD, 0, 1000000, NULL, "5",
	    "Accounts per target, source or group that may lose some of their rights within guard_window." },
	{ "guard_rights_percent", AU_INT, AU_RELOAD, 0, 100, NULL, "10",
	    "The same as a share of many, when that is more than guard_rights_count." },
	{ "guard_window", AU_TIME, AU_RELOAD, 1 * MINUTE, 365 * DAY, NULL, "24h",
	    "Sliding window in which the guards count what is taken away." },
	{ "approvals_restrict", AU_INT, AU_RELOAD, 1, 5, NULL, "1",
	    "Different people who must approve a held step that disables an account or takes rights away." },
	{ "approvals_destructive", AU_INT, AU_RELOAD, 1, 5, NULL, "1",
	    "Different people who must approve a held step that deletes an account." },
	{ "approve_own", AU_BOOL, AU_RELOAD, 0, 0, NULL, "true",
	    "Whether a held step may be approved by the person who asked for it, by applying a saved plan or running "
	    "one "
	    "API user." },
	{ "plan_age", AU_TIME, AU_RELOAD, 1 * MINUTE, 3650 * DAY, NULL, "30d",
	    "Age beyond which a saved plan is not applied any more, and it is forgotten that one was applied." },
	{ "piece_time", AU_TIME, AU_RELOAD, 1, 1 * MINUTE, NULL, "50ms",
	    "Time that one transaction of a look at many or of a saved plan takes about, before others may write." },
	{ "held_expiry", AU_TIME, AU_RELOAD, 0, 3650 * DAY, NULL, "0s",
	    "Time after which a step that nobody has decided on ends and is judged anew; 0 means never." },
	{ "retry_failed", AU_TIME, AU_RELOAD, 1 * SECOND, 30 * DAY, NULL, "1h",
	    "Time after which a step that failed is tried again although nothing changed." },
	AU_OPT_END,
};

const struct au_opt au_webhook_rows[] = {
	{ "url", AU_STR, AU_RELOAD, 1, TEXT_MAX, NULL, NULL,
	    "Where changes of work orders are told, by POST, an https URL; without it nothing is told." },
	{ "key", AU_SECRET, AU_RELOAD, 0, 0, NULL, NULL,
	    "Where the key lies by which documents are signed, \"whsec_\" and base64 of 24 to 64 bytes." },
	{ "second_key", AU_SECRET, AU_RELOAD, 0, 0, NULL, NULL,
	    "A second key of the same form, by which they are signed as well, while keys are changed." },
	{ "ca_file", AU_STR, AU_RELOAD, 1, TEXT_MAX, NULL, NULL,
	    "File with the certificates of authorities that the server's certificate may come from, PEM; without it, "
	    "the "
	    "system's." },
	{ "insecure", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false",
	    "Allow clear text to other machines; to this one it is always allowed." },
	{ "discreet", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false",
	    "Tell of orders in products that show API users to few people, too." },
	{ "timeout", AU_TIME, AU_RELOAD, 100, 1 * MINUTE, NULL, "20s", "Time in which a document must be taken." },
	{ "retry_base", AU_TIME, AU_RELOAD, 1, 1 * DAY, NULL, "30s",
	    "Longest wait before a document that was not taken is sent again; it doubles with each try, and the wait "
	    "is any "
	    "part of it." },
	{ "retry_cap", AU_TIME, AU_RELOAD, 1, 1 * DAY, NULL, "1h", "Longest wait between two tries." },
	{ "give_up", AU_TIME, AU_RELOAD, 1 * SECOND, 365 * DAY, NULL, "3d",
	    "Time after which a document that nobody has taken is given up, which the status shows until somebody has "
	    "it "
	    "sent again." },
	{ "max_waiting", AU_INT, AU_RELOAD, 1, 1000000, NULL, "10000",
	    "Most documents that wait or were given up; what comes then is lost, which the status shows." },
	AU_OPT_END,
};

static const char *const quiet_lets[] = { "none", "safe", NULL };

const struct au_opt au_target_rows[] = {
	{ "name", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the target, by which templates mean it." },
	{ "plugin", AU_STR, AU_REQUIRED, 1, TEXT_MAX, NULL, NULL,
	    "Plugin that drives the product, by name or absolute path; its options are in apiuserd-NAME(7)." },
	{ "login", AU_STR, AU_RELOAD, 1, 1024, NULL, "{userName}",
	    "Log-in name of an account, made from the API user's {userName}, {mail}, {localPart} (of the mail address) "
	    "or {id}." },
	{ "observe_interval", AU_TIME, AU_RELOAD, 1 * SECOND, 30 * DAY, NULL, "15min",
	    "Time between two full lists of what the target holds." },
	{ "drift", AU_ENUM, AU_RELOAD, 0, 0, drifts, "restore",
	    "What becomes of rights, names, status and our mark of ownership that others have changed in the product: "
	    "they are put right, or only reported, or accepted until what is wanted changes; a changed log-in name, or "
	    "a "
	    "mark where the product lets nobody change it, is reported, or accepted." },
	{ "leave", AU_ENUM, AU_RELOAD, 0, 0, leaves, "disable-delete",
	    "What becomes of an account that nobody wants any more: it is disabled and deleted after the grace time, "
	    "or "
	    "only disabled, or deleted without being disabled first, or kept as it is; where the product cannot "
	    "disable "
	    "accounts nothing is deleted unless this says \"delete\"." },
	{ "grace", AU_TIME, AU_RELOAD, 0, 3650 * DAY, NULL, NULL,
	    "The target's own grace time in place of the one in reconcile; with leave = \"delete\", how long an "
	    "account that nobody wants goes on before it is deleted, and without it not at all." },
	{ "strangers_kept", AU_INT, AU_RELOAD, 0, 1000000, NULL, "1000",
	    "Accounts of others that are remembered with their names and rights; those beyond are only counted, and "
	    "can be "
	    "adopted all the same." },
	{ "observe_at", AU_LIST, AU_RELOAD, 0, 16, NULL, NULL,
	    "Times of the calendar at which it is listed, in place of observe_interval, such as \"02:00\", \"Mon-Fri "
	    "18:30\" or \"*:15\" for each hour." },
	{ "quiet", AU_LIST, AU_RELOAD, 0, 16, NULL, NULL,
	    "Windows such as \"Mon-Fri 08:00-18:00\" or \"22:00-06:00\" in which no step is sent; steps wait." },
	{ "quiet_lets", AU_ENUM, AU_RELOAD, 0, 0, quiet_lets, "none",
	    "Which steps are sent in a quiet window all the same: none, or safe ones, which take nothing from "
	    "anybody." },
	{ "call_timeout", AU_TIME, 0, 100, 1 * HOUR, NULL, "60s",
	    "Time after which a call that has no outcome is cut short." },
	{ "probe_interval", AU_TIME, AU_RELOAD, 1 * SECOND, 1 * DAY, NULL, "15min",
	    "Time between two tries while the target refuses our credentials or is quarantined." },
	{ "retry_base", AU_TIME, AU_RELOAD, 1, 1 * DAY, NULL, "30s",
	    "Longest wait before a step is tried again for the first time; it doubles with each try, and the wait is "
	    "any "
	    "part of it." },
	{ "look_first", AU_BOOL, AU_RELOAD, 0, 0, NULL, "true",
	    "Whether an account is read once more right before it is changed; a step is decided anew when others have "
	    "changed it meanwhile." },
	{ "import_columns", AU_LIST, AU_RELOAD, 0, 16, NULL, NULL,
	    "What a list that is imported calls its columns, where that is not login, id, active, label, first_name, "
	    "last_name or mail, such as \"login=Username\"." },
	{ "export_lag", AU_TIME, AU_RELOAD, 0, 365 * DAY, NULL, "48h",
	    "Time for which a list that is imported may still show what was deleted, and lack what was made." },
	{ "evidence_age", AU_TIME, AU_RELOAD, 0, 3650 * DAY, NULL, "90d",
	    "Age beyond which what people attested of an account in a product that nobody else can ask is out of date; "
	    "0 "
	    "means never." },
	{ "evidence_warn", AU_TIME, AU_RELOAD, 0, 3650 * DAY, NULL, "14d",
	    "How long before that people are told that a new list is due." },
	{ "order_due", AU_TIME, AU_RELOAD, 1 * MINUTE, 365 * DAY, NULL, "3d",
	    "Time in which a person should have done a work order; later it is shown as overdue." },
	{ "order_due_removal", AU_TIME, AU_RELOAD, 1 * MINUTE, 365 * DAY, NULL, "1d",
	    "The same for a work order that takes something away, which is shown before all others." },
	{ "order_claim", AU_TIME, AU_RELOAD, 0, 365 * DAY, NULL, "7d",
	    "Time after which a work order that somebody has claimed and not done is free for others again; 0 means "
	    "never." },
	{ "order_expiry", AU_TIME, AU_RELOAD, 0, 3650 * DAY, NULL, "90d",
	    "Time after which a work order that nobody has done ends and what is wanted is looked at anew; 0 means "
	    "never." },
	{ "order_retry", AU_TIME, AU_RELOAD, 1 * MINUTE, 365 * DAY, NULL, "1d",
	    "Time after which what a person could not do is ordered again although nothing changed." },
	{ "order_two", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false",
	    "Whether a second person must confirm that a work order to delete an account is done." },
	{ "retry_cap", AU_TIME, AU_RELOAD, 100, 1 * DAY, NULL, "30min", "Longest wait between two tries of a step." },
	{ "secret_max_age", AU_TIME, AU_RELOAD, 0, 3650 * DAY, NULL, "0s",
	    "Age at which a password that the daemon made is replaced by a new one, which the application then needs, "
	    "before the product lets it expire; 0 means never." },
	{ "custody_confirm", AU_TIME, AU_RELOAD, 0, 3650 * DAY, NULL, "7d",
	    "Time after which it is a finding that nobody has confirmed a credential that the product mailed, or one of an "
	    "account that came in another's place; 0 means never." },
	{ "user_failures", AU_INT, AU_RELOAD, 0, 1000, NULL, "8",
	    "Failures in a row after which an API user is quarantined in the target, so that it is left alone; 0 for "
	    "never." },
	{ "user_failing", AU_TIME, AU_RELOAD, 0, 365 * DAY, NULL, "24h",
	    "An API user that has been failing for so long is quarantined after three failures; 0 for never." },
	{ "failures_in_row", AU_INT, AU_RELOAD, 0, 64, NULL, "5",
	    "When the steps of so many different API users fail in a row, the target is quarantined; 0 for never." },
	{ "failure_share", AU_INT, AU_RELOAD, 0, 100, NULL, "50",
	    "When so many percent of the steps within failure_window fail, and there were ten of them, the target is "
	    "quarantined; 0 for never." },
	{ "failure_window", AU_TIME, AU_RELOAD, 1 * SECOND, 7 * DAY, NULL, "15min",
	    "Sliding window in which failure_share counts." },
	{ "memory_limit", AU_SIZE, 0, 16 * MIB, 64 * GIB, NULL, "512MiB", "Memory that the target's process may use." },
	{ "guard_count", AU_INT, AU_RELOAD, 0, 1000000, NULL, NULL,
	    "The same as guard_count of reconcile, for this target and its groups; without it, that one counts." },
	{ "guard_percent", AU_INT, AU_RELOAD, 0, 100, NULL, NULL, "The same for guard_percent." },
	{ "guard_small_percent", AU_INT, AU_RELOAD, 0, 100, NULL, NULL, "The same for guard_small_percent." },
	{ "guard_rights_count", AU_INT, AU_RELOAD, 0, 1000000, NULL, NULL, "The same for guard_rights_count." },
	{ "guard_rights_percent", AU_INT, AU_RELOAD, 0, 100, NULL, NULL, "The same for guard_rights_percent." },
	{ "guard_window", AU_TIME, AU_RELOAD, 1 * MINUTE, 365 * DAY, NULL, NULL, "The same for guard_window." },
	{ "protected", AU_LIST, AU_RELOAD, 0, 1000, NULL, NULL,
	    "Log-in names of accounts that are never disabled, deleted or deprived of rights, whoever approves it." },
	{ "approvals_restrict", AU_INT, AU_RELOAD, 1, 5, NULL, NULL, "The same for approvals_restrict." },
	{ "approvals_destructive", AU_INT, AU_RELOAD, 1, 5, NULL, NULL, "The same for approvals_destructive." },
	{ "approve_own", AU_BOOL, AU_RELOAD, 0, 0, NULL, NULL, "The same for approve_own." },
	{ "held_expiry", AU_TIME, AU_RELOAD, 0, 3650 * DAY, NULL, NULL, "The same for held_expiry." },
	AU_OPT_END,
};

static const char *const tighten_kinds[] = { "required", "length", "count", "chars", "choice", "mail", "classes",
	NULL };

const struct au_opt au_tighten_rows[] = {
	{ "id", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL,
	    "Lasting name of the rule, shown wherever it refuses something." },
	{ "field", AU_STR, AU_REQUIRED, 1, 256, NULL, NULL,
	    "What it is about: login, mail, label, first_name, last_name, secret, or \"rights.NAME\" for a right." },
	{ "kind", AU_ENUM, AU_REQUIRED, 0, 0, tighten_kinds, NULL,
	    "What it asks for: a value, a length, a number of items, characters, one of several words, a mail address, "
	    "or classes of characters in a secret." },
	{ "min", AU_INT, 0, 0, 1000000, NULL, NULL, "Fewest characters or items." },
	{ "max", AU_INT, 0, 0, 1000000, NULL, NULL, "Most characters or items." },
	{ "chars", AU_STR, 0, 1, 1024, NULL, NULL, "The characters that may occur, each once." },
	{ "choices", AU_LIST, 0, 1, 1000, NULL, NULL,
	    "Words that a right may have, as templates write them; for classes, some of lower, upper, digit and "
	    "sign." },
	AU_OPT_END,
};

static const char *const beyonds[] = { "wait", "tell", "approve", NULL };

const struct au_opt au_capacity_rows[] = {
	{ "pool", AU_STR, AU_REQUIRED | AU_RELOAD, 1, 64, NULL, NULL,
	    "Name of the pool: one that the plugin counts by itself, or any other that templates take from." },
	{ "limit", AU_INT, AU_RELOAD, 0, 1000000000, NULL, NULL,
	    "Units that there are; without it, what the product says." },
	{ "beyond", AU_ENUM, AU_RELOAD, 0, 0, beyonds, NULL,
	    "What happens to who goes beyond the limit: wait for room, come in and be told of (tell) or come in when "
	    "people "
	    "have approved it (approve); the last two where the vendor bills more than was agreed and refuses nothing, "
	    "where "
	    "tell holds without this." },
	{ "reserve", AU_INT, AU_RELOAD, 0, 1000000000, NULL, "0", "Units that are to stay free." },
	{ "warn", AU_INT, AU_RELOAD, 0, 1000000000, NULL, "1",
	    "People are warned, in the log and by the metric pool_low, when no more units than that are free." },
	{ "warn_percent", AU_INT, AU_RELOAD, 0, 100, NULL, "10",
	    "People are warned, too, when no more than that many percent of the limit are free." },
	{ "freed_by_disable", AU_BOOL, AU_RELOAD, 0, 0, NULL, "false",
	    "Whether a disabled account gives its units back; only for a pool that the plugin does not know." },
	AU_OPT_END,
};

const struct au_opt au_template_rows[] = {
	{ "name", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the template, by which rules mean it." },
	{ "target", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the target whose rights it gives." },
	{ "description", AU_STR, AU_RELOAD, 0, 1024, NULL, NULL,
	    "What it is for; SCIM clients that may give it see this too." },
	{ "takes", AU_LIST, AU_RELOAD, 0, 64, NULL, NULL,
	    "What an account with it takes of the target's pools, as \"POOL\" or \"POOL=UNITS\"; for pools that the "
	    "plugin "
	    "does not count by itself." },
	AU_OPT_END,
};

const struct au_opt au_rule_rows[] = {
	{ "name", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the rule." },
	{ "source", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the source or SCIM client whose group counts." },
	{ "group", AU_STR, 0, 1, TEXT_MAX, NULL, NULL,
	    "The group: its DN, its name, or \"*\" for everybody in the source; one of group, entitlement and role is "
	    "given." },
	{ "entitlement", AU_STR, 0, 1, 256, NULL, NULL,
	    "Instead of a group, a value in the entitlements of a SCIM client's users; the client finds it in "
	    "/Entitlements." },
	{ "role", AU_STR, 0, 1, 256, NULL, NULL,
	    "Instead of a group, a value in the roles of a SCIM client's users; the client finds it in /Roles." },
	{ "template", AU_STR, AU_REQUIRED, 1, 64, NULL, NULL, "Name of the template that members get." },
	AU_OPT_END,
};
