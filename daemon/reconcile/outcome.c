/* SPDX-License-Identifier: ISC */
/*
 * One row per error code gives its reaction, its wait and whose failure it is;
 * one function per reaction.  A create without a clear answer is never repeated
 * before a look-up.
 */
#include "reconcile/outcome.h"

#include "base/backoff.h"
#include "base/str.h"
#include "reconcile/fresh.h"
#include "reconcile/rights.h"
#include "reconcile/wish.h"

#include <string.h>

#define TELL_AFTER_TRIES 3

/* How long until the same is tried again. */
enum wait {
	WAIT_NONE,
	WAIT_BACKOFF, /* full jitter, doubling; longer when the product said so */
	WAIT_CAP,     /* the longest wait: nothing is won by hurrying */
	WAIT_FAILED,  /* a step that failed: only when its wish changes, or after retry_failed */
};

struct outcome {
	struct au_arena *arena;
	enum wait wait;
	const struct au_outcome_rules *rules;
	const struct au_call_result *result;
	struct au_step *step;
	struct au_account *account;
	struct au_outcome *ret;
};

static bool
differs(const char *a, const char *b)
{
	return !au_streq(a, b);
}

void
au_outcome_observe(struct au_arena *arena, const struct au_target_account *seen, long long now_ms,
    struct au_account *account, bool *ret_changed)
{
	bool is_marked = seen->mark != NULL && au_streq(seen->mark, account->id);

	if (ret_changed)
		*ret_changed = (account->unmarked_ms != 0 && is_marked) || account->state != AU_ACCOUNT_PRESENT ||
			       differs(account->remote_id, seen->id) || differs(account->rights, seen->rights) ||
			       differs(account->label, seen->label) || differs(account->first_name, seen->first_name) ||
			       differs(account->last_name, seen->last_name) || differs(account->mail, seen->mail) ||
			       account->active != seen->active || differs(account->remote_version, seen->version) ||
			       differs(account->login, seen->login);
	account->state = AU_ACCOUNT_PRESENT;
	account->remote_id = au_arena_strdup(arena, seen->id);
	account->remote_version = au_arena_strdup(arena, seen->version);
	account->login = au_arena_strdup(arena, seen->login);
	account->rights = au_arena_strdup(arena, seen->rights);
	account->label = au_arena_strdup(arena, seen->label);
	account->first_name = au_arena_strdup(arena, seen->first_name);
	account->last_name = au_arena_strdup(arena, seen->last_name);
	account->mail = au_arena_strdup(arena, seen->mail);
	account->active = seen->active;
	account->observed_ms = now_ms;
	if (is_marked)
		account->unmarked_ms = 0;
}

static void
forget_remote(struct au_account *account)
{
	account->state = AU_ACCOUNT_ABSENT;
	account->remote_id = account->remote_version = account->rights = NULL;
	account->label = account->first_name = account->last_name = account->mail = NULL;
	account->active = -1;
	account->disabled_ms = account->unmarked_ms = 0;
}

static void
end_step(struct outcome *o, enum au_step_state state, int code, const char *error)
{
	o->step->state = state;
	o->step->code = code;
	o->step->error = au_arena_strdup(o->arena, error);
	o->step->finished_ms = o->rules->now_ms;
}

/* The same wish is not tried again before retry_ms; a changed one is. */
static void
remember_problem(struct outcome *o, const char *text, long long after_ms)
{
	char digest[AU_WISH_DIGEST];

	o->account->problem = au_arena_strdup(o->arena, text);
	o->account->problem_for = au_arena_strdup(o->arena, au_wish_digest(o->step->op, o->step->want, digest));
	o->account->retry_ms = o->rules->now_ms + after_ms;
}

/* A create that certainly did not happen leaves nothing behind. */
static void
undo_create(struct outcome *o)
{
	if (o->step->op != AU_STEP_CREATE)
		return;
	o->account->state = AU_ACCOUNT_ABSENT;
	o->ret->sealed = AU_SEALED_ERASE;
}

/* Retry-After (RFC 9110 section 10.2.3) is the least that is waited, whatever it came with. */
static long long
wait_ms(const struct outcome *o)
{
	long long said_ms = (long long)o->result->err.retry_after_s * 1000, ms = 0;

	if (o->wait == WAIT_FAILED)
		return o->rules->retry_failed_ms;
	if (o->wait == WAIT_BACKOFF && (said_ms == 0 || o->result->err.code != AU_EBUSY))
		ms = au_backoff_ms(o->step->tries, o->rules->retry_base_ms, o->rules->retry_cap_ms, o->rules->random);
	if (o->wait == WAIT_CAP)
		ms = o->rules->retry_cap_ms;
	return ms > said_ms ? ms : said_ms;
}

static void
react_fail(struct outcome *o)
{
	undo_create(o);
	end_step(o, AU_STEP_FAILED, o->result->err.code, o->result->err.text);
	remember_problem(o, o->result->err.text, wait_ms(o));
}

static void
put_back(struct outcome *o)
{
	undo_create(o);
	o->step->state = AU_STEP_QUEUED;
	o->step->code = o->result->err.code;
	o->step->error = au_arena_strdup(o->arena, o->result->err.text);
	o->step->next_ms = o->rules->now_ms + wait_ms(o);
}

static void
react_pause(struct outcome *o)
{
	put_back(o);
	o->ret->pause = au_arena_strdup(o->arena, o->result->err.text);
}

static void
react_retry(struct outcome *o)
{
	put_back(o);
	if (o->step->tries >= TELL_AFTER_TRIES) {
		o->account->problem = o->step->error;
		o->account->problem_for = NULL;
	}
}

/* A step of which we do not know what it takes is tried again now and then; any other one waits in line. */
static void
react_wait(struct outcome *o)
{
	put_back(o);
	o->ret->full = o->step->takes != NULL;
	o->account->problem = o->step->error;
	o->account->problem_for = NULL;
}

static void
react_throttle(struct outcome *o)
{
	put_back(o);
	o->ret->throttle_ms = o->step->next_ms - o->rules->now_ms;
}

static void
react_gone(struct outcome *o)
{
	if (o->step->op == AU_STEP_DELETE) {
		end_step(o, AU_STEP_DONE, AU_OK, NULL);
		o->ret->sealed = AU_SEALED_ERASE;
	} else
		end_step(o, AU_STEP_FAILED, o->result->err.code, "the account is gone from the target; planned again");
	forget_remote(o->account);
	/* What we took away ourselves was not taken by others. */
	if (o->step->op == AU_STEP_DELETE)
		o->account->settled = NULL;
}

/* Taken may mean: by our own earlier create whose answer was lost.  The look-up tells by the ownership mark. */
static void
react_taken(struct outcome *o)
{
	end_step(o, AU_STEP_FAILED, o->result->err.code, o->result->err.text);
	if (o->step->op == AU_STEP_CREATE) {
		o->account->state = AU_ACCOUNT_UNKNOWN;
		remember_problem(o, o->result->err.text, wait_ms(o));
	}
}

/* A person does it; what was done before he is needed is there already. */
static void
react_person(struct outcome *o)
{
	if (o->result->order == NULL) {
		react_fail(o);
		return;
	}
	if (o->result->account_count > 0)
		au_outcome_observe(o->arena, &o->result->accounts[0], o->rules->now_ms, o->account, NULL);
	else if (o->step->op == AU_STEP_CREATE)
		o->account->state = AU_ACCOUNT_ABSENT;
	o->account->problem = o->account->problem_for = NULL;
	o->step->state = AU_STEP_WITH_PERSON;
	o->step->code = AU_EMANUAL;
	o->step->error = NULL;
}

static void
react_unclear(struct outcome *o)
{
	if (o->step->op != AU_STEP_CREATE || o->rules->by_hand) {
		react_retry(
		    o); /* every other step says how it shall be, so repeating it is safe; an order changes nothing */
		return;
	}
	o->account->state = AU_ACCOUNT_UNKNOWN;
	end_step(o, AU_STEP_FAILED, o->result->err.code, o->result->err.text);
}

static const struct reaction {
	int code;
	void (*react)(struct outcome *o);
	enum wait wait;
	enum au_blame blame;
	enum au_health_sign sign;
} reactions[] = {
	{ AU_EINVAL, react_fail, WAIT_FAILED, AU_BLAME_OBJECT, AU_SIGN_WELL },
	{ AU_EAUTH, react_pause, WAIT_NONE, AU_BLAME_NOBODY, AU_SIGN_NONE },
	/* It may be this one account that we may not change: it goes behind the others and is counted. */
	{ AU_EPERM, react_pause, WAIT_BACKOFF, AU_BLAME_EITHER, AU_SIGN_NONE },
	{ AU_ENOENT, react_gone, WAIT_NONE, AU_BLAME_NOBODY, AU_SIGN_WELL },
	{ AU_EEXIST, react_taken, WAIT_FAILED, AU_BLAME_OBJECT, AU_SIGN_WELL },
	{ AU_EQUOTA, react_wait, WAIT_CAP, AU_BLAME_NOBODY, AU_SIGN_WELL },
	{ AU_ETEMP, react_retry, WAIT_BACKOFF, AU_BLAME_EITHER, AU_SIGN_ILL },
	{ AU_EBUSY, react_throttle, WAIT_BACKOFF, AU_BLAME_NOBODY, AU_SIGN_NONE },
	{ AU_ENOSUP, react_fail, WAIT_FAILED, AU_BLAME_OBJECT, AU_SIGN_WELL },
	{ AU_EPROTO, react_retry, WAIT_BACKOFF, AU_BLAME_EITHER, AU_SIGN_ILL },
	{ AU_EMANUAL, react_person, WAIT_FAILED, AU_BLAME_NOBODY, AU_SIGN_WELL },
	{ AU_EBUG, react_fail, WAIT_FAILED, AU_BLAME_OBJECT, AU_SIGN_ILL },
	{ AU_EUNKNOWN, react_unclear, WAIT_BACKOFF, AU_BLAME_EITHER, AU_SIGN_ILL },
	{ AU_EIO, react_retry, WAIT_BACKOFF, AU_BLAME_NOBODY, AU_SIGN_NONE },
	{ AU_ELIMIT, react_fail, WAIT_FAILED, AU_BLAME_OBJECT, AU_SIGN_WELL },
};

static void
looked_up(struct outcome *o)
{
	const struct au_call_result *result = o->result;

	if (result->account_count == 0) {
		forget_remote(o->account);
		o->ret->sealed = AU_SEALED_ERASE;
		end_step(o, AU_STEP_DONE, AU_OK, NULL);
		return;
	}
	if (!au_streq(result->accounts[0].mark, o->account->id)) {
		o->account->state = AU_ACCOUNT_CONFLICT;
		o->account->problem = au_arena_printf(
		    o->arena, "login '%s' is taken in the target by an account that is not ours", o->step->login);
		o->ret->sealed = AU_SEALED_ERASE;
		end_step(o, AU_STEP_FAILED, AU_EEXIST, o->account->problem);
		return;
	}
	au_outcome_observe(o->arena, &result->accounts[0], o->rules->now_ms, o->account, NULL);
	o->account->problem = o->account->problem_for = NULL;
	o->ret->reset_secret = o->rules->may_reset && (o->rules->creates > 1 || o->rules->late_secret);
	if (!o->ret->reset_secret) {
		o->ret->sealed = AU_SEALED_READY;
		o->account->secret_ms = o->rules->now_ms;
	}
	end_step(o, AU_STEP_DONE, AU_OK, NULL);
}

/* The read-back must show what was wanted, or the step did not do its work. */
static const char *
read_back_differs(struct outcome *o)
{
	AU_CLEANUP(au_json_decrefp) json_t *want = NULL;
	const json_t *rights;
	int active;

	if (!o->step->want || au_json_parse(o->step->want, strlen(o->step->want), AU_JSON_DEPTH, &want, NULL) < 0)
		return NULL;
	rights = json_object_get(want, "rights");
	if (rights && o->account->rights && !(o->rules->rights_later && o->step->op == AU_STEP_CREATE)) {
		AU_CLEANUP(au_freep) char *text = au_json_canonical(rights);
		if (!au_rights_satisfied(text, o->account->rights))
			return "read back: the target holds other rights than were set";
	}
	if (o->step->op == AU_STEP_SET_PROFILE && o->account->unmarked_ms != 0)
		return "read back: the target did not take our mark over";
	active = au_json_get_bool(want, "active", -1);
	if (active >= 0 && o->account->active >= 0 && active != o->account->active)
		return "read back: the target did not take the status over";
	return NULL;
}

static void
succeed(struct outcome *o)
{
	const char *differs_how = NULL;

	if (o->step->op == AU_STEP_LOOKUP) {
		looked_up(o);
		return;
	}
	if (o->step->op == AU_STEP_DELETE) {
		react_gone(o);
		return;
	}
	if (o->result->account_count > 0) {
		au_outcome_observe(o->arena, &o->result->accounts[0], o->rules->now_ms, o->account, NULL);
		differs_how = read_back_differs(o);
	} else if (o->step->op == AU_STEP_SET_PROFILE)
		o->account->unmarked_ms = 0; /* the next list will tell */
	if (o->step->op == AU_STEP_CREATE || o->step->op == AU_STEP_RESET_SECRET) {
		o->ret->sealed = AU_SEALED_READY;
		o->account->secret_ms = o->rules->now_ms;
	}
	if (o->step->op == AU_STEP_DISABLE)
		o->account->disabled_ms = o->rules->now_ms;
	if (o->step->op == AU_STEP_ENABLE)
		o->account->disabled_ms = 0;
	if (differs_how) {
		o->ret->blame = AU_BLAME_OBJECT;
		end_step(o, AU_STEP_FAILED, AU_EPROTO, differs_how);
		remember_problem(o, differs_how, o->rules->retry_failed_ms);
		return;
	}
	o->account->problem = o->account->problem_for = NULL;
	end_step(o, AU_STEP_DONE, AU_OK, NULL);
}

/* The account itself is another one and is as it was. */
static void
retired(struct outcome *o)
{
	o->account->custody.former = NULL;
	end_step(o, AU_STEP_DONE, AU_OK, NULL);
}

void
au_outcome_apply(struct au_arena *arena, const struct au_outcome_rules *rules, const struct au_call_result *result,
    struct au_step *step, struct au_account *account, struct au_outcome *ret)
{
	struct outcome o = { arena, WAIT_FAILED, rules, result, step, account, ret };

	*ret = (struct au_outcome){ .sign = AU_SIGN_WELL };
	if (step->op == AU_STEP_RETIRE && (result->err.code == AU_OK || result->err.code == AU_ENOENT)) {
		retired(&o);
		return;
	}
	if (result->err.code == AU_OK) {
		succeed(&o);
		return;
	}
	for (size_t i = 0; i < AU_COUNT(reactions); i++)
		if (reactions[i].code == result->err.code) {
			o.wait = reactions[i].wait;
			ret->blame = reactions[i].blame;
			ret->sign = reactions[i].sign;
			reactions[i].react(&o);
			return;
		}
	*ret = (struct au_outcome){ .blame = AU_BLAME_OBJECT, .sign = AU_SIGN_ILL };
	react_fail(&o);
}

void
au_outcome_moved(struct au_arena *arena, const struct au_outcome_rules *rules, const struct au_target_account *now,
    const char *moved, struct au_step *step, struct au_account *account, struct au_outcome *ret)
{
	struct outcome o = { .arena = arena, .rules = rules, .step = step, .account = account, .ret = ret };
	const char *text = au_arena_printf(arena, "not sent, for '%s' has changed: %s", step->login, moved);

	*ret = (struct au_outcome){ .sign = AU_SIGN_WELL };
	if (au_fresh_is_foreign(account, now)) {
		account->state = AU_ACCOUNT_CONFLICT;
		account->problem = text;
		end_step(&o, AU_STEP_FAILED, AU_EEXIST, text);
		return;
	}
	au_outcome_observe(arena, now, rules->now_ms, account, NULL);
	end_step(&o, AU_STEP_CANCELLED, AU_OK, text);
}
