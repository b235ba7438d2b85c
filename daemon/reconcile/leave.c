/* SPDX-License-Identifier: ISC */
/* One function per way to leave. */
#include "reconcile/leave.h"

#include "base/log.h"
#include "base/str.h"
#include "base/when.h"

static const char *const names[] = { [AU_LEAVE_DISABLE_DELETE] = "disable-delete",
	[AU_LEAVE_DISABLE] = "disable",
	[AU_LEAVE_DELETE] = "delete",
	[AU_LEAVE_KEEP] = "keep" };

void
au_leave_rules(const struct au_settings *settings, const struct au_target_block *target, struct au_leave_rules *ret)
{
	const struct au_values *values = target->block.values;
	const char *word = au_values_str(values, "leave");
	struct au_leave_rules rules = { .can_disable = (target->describe->caps & AU_CAP_DISABLE) != 0,
		.can_delete = (target->describe->caps & AU_CAP_DELETE) != 0,
		.product = target->describe->product };

	for (size_t i = 0; i < AU_COUNT(names); i++)
		if (au_streq(word, names[i]))
			rules.leave = (enum au_leave)i;
	if (au_values_is_set(values, "grace"))
		rules.grace_ms = au_values_num(values, "grace");
	else if (rules.leave != AU_LEAVE_DELETE)
		rules.grace_ms = au_values_num(
		    settings->reconcile, "grace"); /* in which it is disabled; one that works is not left to */
	*ret = rules;
}

static void
disable(struct au_arena *arena, const struct au_leave_rules *rules, struct au_leave_next *next)
{
	if (rules->can_disable)
		next->op = AU_STEP_DISABLE;
	else
		next->finding = au_arena_printf(
		    arena, "nobody wants it any more; when an account is left it is %s", au_leave_text(arena, rules));
}

static void
disable_delete(struct au_arena *arena, const struct au_leave_rules *rules, const struct au_account *account,
    long long now_ms, struct au_leave_next *next)
{
	bool disabled = account->active == 0 || (account->active < 0 && account->disabled_ms != 0);

	if (!disabled) {
		disable(arena, rules, next);
		return;
	}
	if (rules->leave == AU_LEAVE_DISABLE || !rules->can_delete || account->disabled_ms == 0)
		return;
	next->at_ms = account->disabled_ms + rules->grace_ms;
	if (now_ms >= next->at_ms)
		*next = (struct au_leave_next){ .op = AU_STEP_DELETE };
}

static void delete (struct au_arena *arena, const struct au_leave_rules *rules, const struct au_account *account,
    long long now_ms, struct au_leave_next *next)
{
	long long left_ms = account->left_ms != 0 ? account->left_ms : now_ms;

	if (!rules->can_delete) {
		next->finding = au_arena_printf(
		    arena, "nobody wants it any more; when an account is left it is %s", au_leave_text(arena, rules));
		return;
	}
	next->at_ms = left_ms + rules->grace_ms;
	if (now_ms >= next->at_ms)
		*next = (struct au_leave_next){ .op = AU_STEP_DELETE };
}

void
au_leave_next(struct au_arena *arena, const struct au_leave_rules *rules, const struct au_account *account,
    long long now_ms, struct au_leave_next *ret)
{
	struct au_leave_next next = { 0 };

	switch (rules->leave) {
	case AU_LEAVE_DISABLE_DELETE:
	case AU_LEAVE_DISABLE:
		disable_delete(arena, rules, account, now_ms, &next);
		break;
	case AU_LEAVE_DELETE:
		delete (arena, rules, account, now_ms, &next);
		break;
	case AU_LEAVE_KEEP:
		break;
	}
	*ret = next;
}

const char *
au_leave_text(struct au_arena *arena, const struct au_leave_rules *rules)
{
	char grace[AU_WHEN_SIZE];

	au_duration_format(rules->grace_ms, grace, sizeof(grace));
	if (rules->leave == AU_LEAVE_KEEP)
		return "kept as it is";
	if (rules->leave == AU_LEAVE_DELETE && !rules->can_delete)
		return au_arena_printf(arena, "kept as it is, as %s cannot delete accounts", rules->product);
	if (rules->leave == AU_LEAVE_DELETE && rules->grace_ms == 0)
		return "deleted at once";
	if (rules->leave == AU_LEAVE_DELETE)
		return au_arena_printf(arena, "deleted after %s, until when it works", grace);
	if (!rules->can_disable)
		return au_arena_printf(arena,
		    "kept as it is, as %s cannot disable accounts, and one that works is only deleted with leave = "
		    "\"delete\"",
		    rules->product);
	if (rules->leave == AU_LEAVE_DISABLE)
		return "disabled at once and never deleted";
	if (!rules->can_delete)
		return au_arena_printf(
		    arena, "disabled at once and never deleted, as %s cannot delete accounts", rules->product);
	return au_arena_printf(arena, "disabled at once and deleted %s later", grace);
}

bool
au_leave_is_otherwise(const struct au_leave_rules *rules)
{
	switch (rules->leave) {
	case AU_LEAVE_DISABLE_DELETE:
		return !rules->can_disable || !rules->can_delete;
	case AU_LEAVE_DISABLE:
		return !rules->can_disable;
	case AU_LEAVE_DELETE:
		return !rules->can_delete;
	case AU_LEAVE_KEEP:
		break;
	}
	return false;
}

void
au_leave_tell(const struct au_settings *settings)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	for (size_t i = 0; i < settings->target_count; i++) {
		const struct au_target_block *target = &settings->targets[i];
		struct au_leave_rules rules;
		au_leave_rules(settings, target, &rules);
		if (au_leave_is_otherwise(&rules))
			au_log(AU_LOG_NOTICE, AU_FIELDS("TARGET", target->block.name),
			    "%s: an account that nobody wants any more is %s", target->block.name,
			    au_leave_text(arena, &rules));
	}
}
