/* SPDX-License-Identifier: ISC */
/* Answers are given through the loop, never from within the call, as a real worker's are. */
#include "tests/scenario/fake_target.h"

#include "base/map.h"
#include "base/str.h"
#include "target/target.h"
#include "tests/scenario/fake_order.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#define POOLS 4

struct failure {
	int code, count;
	bool happens;
	char login[64]; /* empty = any */
	unsigned retry_after_s;
};

struct fake_target {
	struct event_base *base;
	char *name;
	struct au_map *accounts; /* login -> struct fake_account */
	struct failure failures[AU_CALL_REMOVE + 1];
	struct au_str calls;
	unsigned next_id;
	size_t asked;
	char *born;             /* rights that every new account has, whatever is asked for; NULL = those */
	json_t *owned;          /* rights that the product adds; NULL = none */
	struct au_arena *views; /* texts of the accounts that are on their way */
	size_t removals;
	struct answer *pending; /* on their way */
	long long limit;        /* active accounts; -1 = none */
	bool by_hand;           /* a person makes every change */
	bool half;              /* a person finishes what a create has begun */
	struct au_pool_state told[POOLS]; /* what it says of its pools */
	size_t told_count;
};

struct answer {
	struct fake_target *fake;
	struct answer *next;
	struct event *event;
	au_engine_done *done;
	void *ctx;
	struct au_call_result result;
	struct au_target_account *accounts;
	char *text;
	char *order;
};

struct fake_target *
fake_target_new(struct event_base *base, const char *name)
{
	struct fake_target *fake = au_xcalloc(1, sizeof *fake);

	fake->base = base;
	fake->name = au_xstrdup(name);
	fake->accounts = au_map_new();
	fake->next_id = 100;
	fake->views = au_arena_new();
	fake->limit = -1;
	return fake;
}

static void
account_free(void *value)
{
	struct fake_account *account = value;

	if (!account)
		return;
	free(account->id);
	free(account->login);
	free(account->label);
	free(account->first_name);
	free(account->last_name);
	free(account->mail);
	free(account->mark);
	free(account->rights);
	free(account->secret);
	free(account);
}

const char *
fake_target_name(const struct fake_target *fake)
{
	return fake->name;
}

const struct fake_account *
fake_target_find(const struct fake_target *fake, const char *login)
{
	return au_map_get(fake->accounts, login);
}

static struct fake_account *
by_id(struct fake_target *fake, const char *id)
{
	const char *login = NULL;
	void *value = NULL;
	size_t cursor = 0;

	while (au_map_next(fake->accounts, &cursor, &login, &value))
		if (au_streq(((struct fake_account *)value)->id, id))
			return value;
	return NULL;
}

static void
replace(char **to, const char *text)
{
	char *copy = au_xstrdup(text);

	free(*to);
	*to = copy;
}

static void
set_profile(struct fake_account *account, const struct au_target_account *want)
{
	char **const to[] = { &account->label, &account->first_name, &account->last_name, &account->mail,
		&account->mark };
	const char *const texts[] = { want->label, want->first_name, want->last_name, want->mail, want->mark };

	for (size_t i = 0; i < AU_COUNT(to); i++)
		if (texts[i])
			replace(to[i], texts[i]);
}

static bool
is_full(const struct fake_target *fake)
{
	const char *login = NULL;
	void *value = NULL;
	size_t cursor = 0;
	long long active = 0;

	while (au_map_next(fake->accounts, &cursor, &login, &value))
		active += ((struct fake_account *)value)->active;
	return fake->limit >= 0 && active >= fake->limit;
}

static int
create(struct fake_target *fake, const struct au_target_account *want, struct fake_account **ret)
{
	struct fake_account *account;

	if (au_map_get(fake->accounts, want->login))
		return AU_EEXIST;
	if (want->active && is_full(fake))
		return AU_EQUOTA;
	account = au_xcalloc(1, sizeof *account);
	account->id = au_xasprintf("%u", fake->next_id++);
	account->login = au_xstrdup(want->login);
	set_profile(account, want);
	account->rights = au_xstrdup(fake->born ? fake->born : want->rights);
	account->secret = au_xstrdup(want->secret);
	account->active = want->active;
	account->created++;
	au_map_put(fake->accounts, account->login, account);
	*ret = account;
	return AU_OK;
}

static int
change(struct fake_target *fake, const struct au_call *call, struct fake_account **ret)
{
	struct fake_account *account = by_id(fake, call->account.id);

	if (!account)
		return AU_ENOENT;
	switch (call->op) {
	case AU_CALL_SET_RIGHTS:
		replace(&account->rights, call->account.rights);
		break;
	case AU_CALL_SET_ACTIVE:
		fake->removals += account->active == 1 && call->account.active == 0;
		if (call->account.active && !account->active && is_full(fake))
			return AU_EQUOTA;
		account->active = call->account.active;
		break;
	case AU_CALL_SET_PROFILE:
		set_profile(account, &call->account);
		break;
	case AU_CALL_RESET_SECRET:
		replace(&account->secret, call->account.secret);
		break;
	case AU_CALL_REMOVE:
		fake->removals++;
		account_free(au_map_remove(fake->accounts, account->login));
		return AU_OK;
	default:
		break;
	}
	*ret = account;
	return AU_OK;
}

/* As set, with what the product adds. */
static const char *
rights_shown(const struct fake_target *fake, const char *rights)
{
	AU_CLEANUP(au_json_decrefp) json_t *value = NULL;

	if (fake->owned == NULL || au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &value, NULL) < 0)
		return rights;
	json_object_update(value, fake->owned);
	AU_CLEANUP(au_freep) char *text = au_json_canonical(value);
	return au_arena_strdup(fake->views, text);
}

static struct au_target_account
view(const struct fake_target *fake, const struct fake_account *account)
{
	struct au_arena *views = fake->views;

	/* Copies, for the account may change before the answer is heard. */
	return (struct au_target_account){ .id = au_arena_strdup(views, account->id),
		.login = au_arena_strdup(views, account->login),
		.label = au_arena_strdup(views, account->label),
		.first_name = au_arena_strdup(views, account->first_name),
		.last_name = au_arena_strdup(views, account->last_name),
		.mail = au_arena_strdup(views, account->mail),
		.mark = au_arena_strdup(views, account->mark),
		.rights = au_arena_strdup(views, rights_shown(fake, account->rights)),
		.active = account->active };
}

static void
list_all(struct fake_target *fake, struct answer *answer)
{
	const char *login = NULL;
	void *value = NULL;
	size_t cursor = 0, count = 0;

	answer->accounts = au_xcalloc(au_map_count(fake->accounts) + 1, sizeof *answer->accounts);
	while (au_map_next(fake->accounts, &cursor, &login, &value))
		answer->accounts[count++] = view(fake, value);
	answer->result.account_count = count;
}

static void
show(const struct fake_target *fake, struct answer *answer, const struct fake_account *account)
{
	if (!account)
		return;
	answer->accounts = au_xcalloc(1, sizeof *answer->accounts);
	answer->accounts[0] = view(fake, account);
	answer->result.account_count = 1;
}

static int
perform(struct fake_target *fake, const struct au_call *call, struct answer *answer)
{
	struct fake_account *account = NULL;
	int code = AU_OK;

	switch (call->op) {
	case AU_CALL_RESOLVE:
		answer->text = au_xstrdup(call->rights_in);
		return AU_OK;
	case AU_CALL_LIST:
		list_all(fake, answer);
		return AU_OK;
	case AU_CALL_POOLS:
		answer->result.pools = fake->told;
		answer->result.pool_count = fake->told_count;
		return AU_OK;
	case AU_CALL_FIND:
		account = au_map_get(fake->accounts, call->account.login);
		break;
	case AU_CALL_CREATE:
		code = create(fake, &call->account, &account);
		break;
	case AU_CALL_OPEN:
	case AU_CALL_PROBE:
		return AU_OK;
	default:
		code = change(fake, call, &account);
	}
	show(fake, answer, account);
	return code;
}

static const char *
login_of(struct fake_target *fake, const struct au_call *call)
{
	const struct fake_account *account = call->account.id ? by_id(fake, call->account.id) : NULL;

	return account ? account->login : call->account.login;
}

static bool
is_to_fail(struct fake_target *fake, const struct au_call *call)
{
	const struct failure *failure = &fake->failures[call->op];

	return failure->count > 0 && (!*failure->login || au_streq(failure->login, login_of(fake, call)));
}

static void
record(struct fake_target *fake, const struct au_call *call)
{
	const char *login = login_of(fake, call);
	const char *verb = au_call_op_name(call->op);

	if (call->op < AU_CALL_CREATE && call->op != AU_CALL_FIND)
		return;
	if (call->op == AU_CALL_SET_ACTIVE)
		verb = call->account.active ? "enable" : "disable";
	au_str_printf(&fake->calls, "%s%s %s", fake->calls.len ? ", " : "", verb, login ? login : "?");
}

/* ---- a person's part ---------------------------------------------------------- */

void
fake_target_by_hand(struct fake_target *fake, bool half)
{
	fake->by_hand = !half;
	fake->half = half;
}

static void
follow_line(struct fake_target *fake, const json_t *line)
{
	const char *login = fake_order_entered(line, "User name"), *status = fake_order_entered(line, "Status");
	const char *what = au_json_get_str(line, "what"), *rights = fake_order_entered(line, "Rights");
	struct fake_account *account = au_map_get(fake->accounts, login);
	struct au_target_account want = { .login = login,
		.mail = fake_order_entered(line, "Mail"),
		.rights = rights ? rights : "{}",
		.active = au_streq(status, "Active") };

	if (au_streq(what, "Press New.") && !account)
		create(fake, &want, &account);
	else if (au_streq(what, "Press Delete."))
		fake_target_drop(fake, login);
	else if (account) {
		fake_target_change(fake, login, rights, status ? au_streq(status, "Active") : -1);
		set_profile(account, &want);
	}
}

void
fake_target_follow(struct fake_target *fake, const json_t *order)
{
	const json_t *line;
	size_t i;

	json_array_foreach (json_object_get(order, "lines"), i, line)
		follow_line(fake, line);
}

static void
answer_free(struct answer *answer)
{
	event_free(answer->event);
	free(answer->accounts);
	free(answer->text);
	free(answer->order);
	free(answer);
}

static void
unlink_answer(struct answer *answer)
{
	struct answer **at = &answer->fake->pending;

	while (*at != answer)
		at = &(*at)->next;
	*at = answer->next;
}

static void
deliver(evutil_socket_t fd, short what, void *arg)
{
	struct answer *answer = arg;

	(void)fd;
	(void)what;
	unlink_answer(answer);
	answer->result.accounts = answer->accounts;
	answer->result.text = answer->text;
	answer->result.order = answer->order;
	answer->done(answer->ctx, &answer->result);
	answer_free(answer);
}

void
fake_target_forget(struct fake_target *fake)
{
	while (fake->pending) {
		struct answer *answer = fake->pending;
		unlink_answer(answer);
		answer_free(answer);
	}
}

void
fake_target_call(struct fake_target *fake, const struct au_call *call, au_engine_done *done, void *ctx)
{
	static const struct timeval now = { 0, 0 };
	struct answer *answer = au_xcalloc(1, sizeof *answer);
	struct failure *failure = &fake->failures[call->op];
	bool fails = is_to_fail(fake, call);
	int code = AU_OK;

	answer->fake = fake;
	answer->next = fake->pending;
	fake->pending = answer;
	answer->event = event_new(fake->base, -1, 0, deliver, answer);
	answer->done = done;
	answer->ctx = ctx;
	fake->asked++;
	record(fake, call);
	if (!fails && fake->by_hand && call->op >= AU_CALL_CREATE) {
		answer->order = fake_order_write(call);
		code = AU_EMANUAL;
	} else if (!fails || failure->happens)
		code = perform(fake, call, answer);
	if (code == AU_OK && fake->half && call->op == AU_CALL_CREATE) {
		answer->order = fake_order_write(call);
		code = AU_EMANUAL;
	}
	if (fails) {
		failure->count--;
		code = failure->code;
		answer->result.account_count = answer->result.pool_count = 0;
	}
	if (code != AU_OK)
		au_fail(&answer->result.err, code, "scripted: %s", au_code_name(code));
	answer->result.err.retry_after_s = fails ? failure->retry_after_s : 0;
	event_add(answer->event, &now);
}

void
fake_target_free(struct fake_target *fake)
{
	if (!fake)
		return;
	fake_target_forget(fake);
	au_map_free(fake->accounts, account_free);
	au_str_done(&fake->calls);
	free(fake->born);
	json_decref(fake->owned);
	au_arena_free(fake->views);
	free(fake->name);
	free(fake);
}

size_t
fake_target_asked(const struct fake_target *fake)
{
	return fake->asked;
}

void
fake_target_fail(struct fake_target *fake, enum au_call_op op, int code, int count, bool happens)
{
	fake->failures[op] = (struct failure){ .code = code, .count = count, .happens = happens };
}

void
fake_target_fail_only(struct fake_target *fake, enum au_call_op op, const char *login, unsigned retry_after_s)
{
	snprintf(fake->failures[op].login, sizeof(fake->failures[op].login), "%s", login ? login : "");
	fake->failures[op].retry_after_s = retry_after_s;
}

void
fake_target_change(struct fake_target *fake, const char *login, const char *rights, int active)
{
	struct fake_account *account = au_map_get(fake->accounts, login);

	if (account && rights)
		replace(&account->rights, rights);
	if (account && active >= 0)
		account->active = active;
}

void
fake_target_rename(struct fake_target *fake, const char *login, const char *mail, const char *new_login)
{
	struct fake_account *account = au_map_get(fake->accounts, login);

	if (account && mail)
		replace(&account->mail, mail);
	if (!account || !new_login)
		return;
	au_map_remove(fake->accounts, login);
	replace(&account->login, new_login);
	au_map_put(fake->accounts, account->login, account);
}

void
fake_target_mark(struct fake_target *fake, const char *login, const char *mark)
{
	struct fake_account *account = au_map_get(fake->accounts, login);

	if (account)
		replace(&account->mark, mark);
}

void
fake_target_born(struct fake_target *fake, const char *rights)
{
	replace(&fake->born, rights);
}

void
fake_target_own(struct fake_target *fake, const char *rights)
{
	json_decref(fake->owned);
	fake->owned = NULL;
	(void)au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &fake->owned, NULL);
}

void
fake_target_add_foreign(struct fake_target *fake, const char *login)
{
	struct au_target_account want = { .login = login, .rights = "{}", .active = 1 };
	struct fake_account *account = NULL;

	create(fake, &want, &account);
}

void
fake_target_limit(struct fake_target *fake, long long active)
{
	fake->limit = active;
}

void
fake_target_tell(struct fake_target *fake, const char *pool, long long limit, long long used)
{
	size_t at = 0;

	while (at < fake->told_count && !au_streq(fake->told[at].name, pool))
		at++;
	if (at == POOLS)
		return;
	if (at == fake->told_count)
		fake->told[fake->told_count++].name = au_arena_strdup(fake->views, pool);
	fake->told[at].limit = limit;
	fake->told[at].used = used;
}

void
fake_target_drop(struct fake_target *fake, const char *login)
{
	if (!au_streq(login, "*")) {
		account_free(au_map_remove(fake->accounts, login));
		return;
	}
	au_map_free(fake->accounts, account_free);
	fake->accounts = au_map_new();
}

const char *
fake_target_calls(const struct fake_target *fake)
{
	return au_str_get(&fake->calls);
}

size_t
fake_target_removals(const struct fake_target *fake)
{
	return fake->removals;
}

void
fake_target_reset_calls(struct fake_target *fake)
{
	au_str_done(&fake->calls);
}
