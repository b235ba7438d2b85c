/* SPDX-License-Identifier: ISC */
/*
 * The table.  It is the same whatever program is behind it: a program that lacks
 * a call says so, and the step that needed it fails with these words.
 */
#include "exec/calls.h"

static const struct au_opt instance_opts[] = {
	{ "program", AU_STR, AU_REQUIRED, 2, 4000, NULL, NULL, "Program to start, by its whole path." },
	{ "arguments", AU_LIST, 0, 0, 64, NULL, NULL,
	    "Arguments of the program; never a secret, for anybody can see them." },
	{ "settings", AU_LIST, 0, 0, 64, NULL, NULL, "What the program is told when it starts, each as NAME=VALUE." },
	{ "secret", AU_SECRET, 0, 0, 0, NULL, NULL, "Where the secret lies that the program is told when it starts." },
	{ "timeout", AU_TIME, 0, 1000, 600000, NULL, "30s",
	    "Time for each line of an answer, after which the program is killed." },
	{ "max_answer", AU_SIZE, 0, 1024, 16777216, NULL, "1MiB", "Longest line of an answer." },
	AU_OPT_END,
};

static const struct au_opt rights_opts[] = {
	{ "roles", AU_LIST, 0, 0, 256, NULL, NULL, "Roles, as the program names them." },
	{ "groups", AU_LIST, 0, 0, 256, NULL, NULL, "Groups, as the program names them." },
	{ "values", AU_LIST, 0, 0, 256, NULL, NULL, "Whatever else the program wants to know, each as NAME=VALUE." },
	AU_OPT_END,
};

static const struct au_product_rule rules[] = {
	{ "EX-01", "An account has a login.", AU_DOCUMENTED, AU_RULE_REQUIRED, "login", 0, 0, NULL, NULL },
	{ "EX-02", "What else the product demands only its program knows; it refuses with words that name the value.",
	    AU_DOCUMENTED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	AU_RULE_END,
};

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "exec",
	.product = "Program",
	.version = "1.0",
	.summary = "Any product, by a program that answers calls as lines of JSON.",
	.caps = AU_CAP_LIST | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_SET_PROFILE |
		AU_CAP_RESET_SECRET | AU_CAP_SET_SECRET | AU_CAP_READ_RIGHTS | AU_CAP_MARK | AU_CAP_PROGRAMS |
		AU_CAP_LATE_SECRET, /* a program may do it in any order */
	.limits = { .max_active = -1, .max_accounts = -1, .calls_per_minute = -1 },
	.password = { .min_len = 24,
	    .max_len = 24,
	    .alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_",
	    .need = AU_PW_LOWER | AU_PW_UPPER | AU_PW_DIGIT | AU_PW_SIGN },
	.instance_opts = instance_opts,
	.rights_opts = rights_opts,
	.rules = rules,
	.open = exec_open,
	.close = exec_close,
	.probe = exec_probe,
	.resolve = exec_resolve,
	.find = exec_find,
	.get = exec_get,
	.create = exec_create,
	.list = exec_list,
	.set_rights = exec_set_rights,
	.set_active = exec_set_active,
	.set_profile = exec_set_profile,
	.reset_secret = exec_reset_secret,
	.remove = exec_remove,
};
