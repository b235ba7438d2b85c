/* SPDX-License-Identifier: ISC */
/*
 * A plugin for tests, built several times: whole, and with one defect each
 * (MOCK_DEFECT).  It keeps its accounts in memory.  The option `behave` makes a
 * whole one misbehave when it is called.
 */
#include <apiuserd/target.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	WHOLE,
	WRONG_ABI,
	MISSING_CALL,
	EXTRA_CALL,
	OLDER,
	NEWER,
	LYING,
	TINY,
	BAD_DEFAULT,
	BAD_HELP,
	BAD_RULE,
	BAD_NAME,
	BAD_PASSWORD,
	TWICE
};

#ifndef MOCK_DEFECT
#define MOCK_DEFECT WHOLE
#endif

#ifndef MOCK_CALLS
#define MOCK_CALLS -1
#endif

#define ACCOUNTS 64

struct account {
	char id[16], login[256], mail[256], rights[512], mark[64];
	int active;
	unsigned version;
};

struct au_session {
	const struct au_host *host;
	char behave[32];
	char secret[128];
	struct account accounts[ACCOUNTS];
	size_t count;
};

static int
fail(struct au_err *err, int code, const char *text)
{
	err->code = code;
	snprintf(err->text, sizeof(err->text), "%s", text);
	return code;
}

static int
behaves(const struct au_session *s, const char *how)
{
	return strcmp(s->behave, how) == 0;
}

static void
copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from != NULL ? from : "");
}

/* ---- misbehaviour, whatever the call ------------------------------------------- */

static void *
run_thread(void *arg)
{
	*(int *)arg = 1;
	return NULL;
}

/* What the sandbox should allow and refuse; says which it found otherwise. */
static int
try_sandbox(struct au_err *err)
{
	pthread_t thread;
	int ran = 0;

	if (pthread_create(&thread, NULL, run_thread, &ran) != 0 || pthread_join(thread, NULL) != 0 || !ran)
		return fail(err, AU_EBUG, "threads do not work");
	if (execl("/bin/true", "true", (char *)NULL) == 0 || errno != EPERM)
		return fail(err, AU_EBUG, "exec is allowed");
	if (kill(getppid(), 0) == 0 || errno != EPERM)
		return fail(err, AU_EBUG, "signals to others are allowed");
#ifndef __SANITIZE_ADDRESS__
	if (fork() >= 0 || errno != EPERM)
		return fail(err, AU_EBUG, "fork is allowed");
#endif
	return fail(err, AU_ENOSUP, "sandbox holds");
}

/* 0 when the call may go on. */
static int
misbehave(struct au_session *s, struct au_err *err)
{
	if (behaves(s, "crash"))
		raise(SIGKILL);
	if (behaves(s, "hang"))
		pause();
	if (behaves(s, "rubbish")) {
		if (write(3, "\0\0\0\7rubbish", 11) < 0)
			return fail(err, AU_EIO, "no channel");
		pause();
	}
	if (behaves(s, "flood")) {
		static char noise[65536];

		memset(noise, 0xff, sizeof(noise));
		while (write(3, noise, sizeof(noise)) != 0)
			continue;
	}
	if (behaves(s, "odd-code"))
		return 7;
	if (behaves(s, "no-reason")) {
		return AU_ETEMP;
	}
	if (behaves(s, "leak")) {
		s->host->log(4, "the password is %s", s->secret);
		err->code = AU_ETEMP;
		snprintf(err->text, sizeof(err->text), "refused '%s'", s->secret);
		return AU_ETEMP;
	}
	if (behaves(s, "auth"))
		return fail(err, AU_EAUTH, s->secret[0] == 'o' ? "refused the old one" : "refused the new one");
	return behaves(s, "sandbox") ? try_sandbox(err) : 0;
}

/* ---- the calls ------------------------------------------------------------------ */

static int
mock_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	struct au_session *s;

	if (host->str(opts, "behave") != NULL && strcmp(host->str(opts, "behave"), "refuse-open") == 0)
		return fail(err, AU_EINVAL, "option 'behave': not like this");
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return fail(err, AU_EBUG, "no memory");
	s->host = host;
	copy(s->behave, sizeof(s->behave), host->str(opts, "behave"));
	copy(s->secret, sizeof(s->secret), host->str(opts, "password"));
	if (behaves(s, "crash-open"))
		raise(SIGKILL);
	*ret = s;
	return 0;
}

static void
mock_close(struct au_session *s)
{
	free(s);
}

static int
mock_probe(struct au_session *s, struct au_err *err)
{
	return misbehave(s, err);
}

static int
mock_resolve(struct au_session *s, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	if (behaves(s, "bad-rights"))
		return emit(ctx, "[1]");
	(void)err;
	return emit(ctx, rights);
}

static int
emit_one(struct au_session *s, const struct account *a, const char *secret, au_emit_account *emit, void *ctx)
{
	char version[16];
	struct au_target_account out = { .id = a->id,
		.login = a->login,
		.mail = a->mail,
		.active = a->active,
		.rights = a->rights[0] != '\0' ? a->rights : NULL,
		.mark = a->mark[0] != '\0' ? a->mark : NULL,
		.version = version,
		.secret = secret };

	snprintf(version, sizeof(version), "%u", a->version);
	if (behaves(s, "leak-account"))
		out.secret = "planted-canary";
	if (behaves(s, "no-id"))
		out.id = NULL;
	return emit(ctx, &out);
}

static struct account *
by_id(struct au_session *s, const char *id)
{
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->accounts[i].id, id) == 0)
			return &s->accounts[i];
	}
	return NULL;
}

static int
mock_list(struct au_session *s, au_emit_account *emit, void *ctx, struct au_err *err)
{
	int r = misbehave(s, err);

	for (size_t i = 0; r == 0 && i < s->count; i++)
		r = emit_one(s, &s->accounts[i], NULL, emit, ctx);
	while (r == 0 && behaves(s, "endless") && s->count > 0)
		r = emit_one(s, &s->accounts[0], NULL, emit, ctx);
	return r;
}

static int
mock_find(struct au_session *s, const char *login, au_emit_account *emit, void *ctx, struct au_err *err)
{
	int r = misbehave(s, err);

	for (size_t i = 0; r == 0 && i < s->count; i++) {
		if (strcmp(s->accounts[i].login, login) == 0)
			r = emit_one(s, &s->accounts[i], NULL, emit, ctx);
	}
	while (r == 0 && behaves(s, "endless") && s->count > 0)
		r = emit_one(s, &s->accounts[0], NULL, emit, ctx);
	return r;
}

static int
mock_get(struct au_session *s, const char *id, au_emit_account *emit, void *ctx, struct au_err *err)
{
	struct account *a = by_id(s, id);
	int r = misbehave(s, err);

	if (r != 0)
		return r;
	return a != NULL ? emit_one(s, a, NULL, emit, ctx) : fail(err, AU_ENOENT, "no such account");
}

static int
mock_create(
    struct au_session *s, const struct au_target_account *want, au_emit_account *emit, void *ctx, struct au_err *err)
{
	int r;
	struct account *a = &s->accounts[s->count];

	if (behaves(s, "echo-secret")) {
		s->host->log(4, "created with %s", want->secret);
		err->code = AU_EINVAL;
		snprintf(err->text, sizeof(err->text), "password '%s' is too weak", want->secret);
		return AU_EINVAL;
	}
	if ((r = misbehave(s, err)) != 0)
		return r;
	if (s->count == ACCOUNTS)
		return fail(err, AU_EQUOTA, "full");
	snprintf(a->id, sizeof(a->id), "%zu", ++s->count);
	copy(a->login, sizeof(a->login), want->login);
	copy(a->mail, sizeof(a->mail), want->mail);
	copy(a->rights, sizeof(a->rights), want->rights);
	copy(a->mark, sizeof(a->mark), want->mark);
	a->active = want->active != 0;
	if (behaves(s, "silent"))
		return 0;
	r = emit_one(s, a, want->secret, emit, ctx);
	return r == 0 && behaves(s, "half") ? fail(err, AU_EMANUAL, "its password is entered on a screen") : r;
}

static int
mock_order(struct au_session *s, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err)
{
	static const struct au_order_line lines[] = { { "People", "Enter the password.", NULL }, AU_ORDER_LINE_END };
	static const struct au_order order = { .title = "Enter a password",
		.lines = lines,
		.secret = AU_ORDER_SECRET_TYPED,
		.secret_label = "Password",
		.confirm = "The user can log in." };

	(void)s;
	(void)task;
	(void)err;
	return emit(ctx, &order);
}

static int
mock_set_rights(struct au_session *s, const char *id, const struct au_target_account *want, au_emit_account *emit,
    void *ctx, struct au_err *err)
{
	struct account *a = by_id(s, id);
	int r = misbehave(s, err);

	if (r != 0)
		return r;
	if (a == NULL)
		return fail(err, AU_ENOENT, "no such account");
	copy(a->rights, sizeof(a->rights), want->rights);
	a->version++;
	return emit_one(s, a, NULL, emit, ctx);
}

static int
mock_set_active(struct au_session *s, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err)
{
	struct account *a = by_id(s, id);
	int r = misbehave(s, err);

	if (r != 0)
		return r;
	if (a == NULL)
		return fail(err, AU_ENOENT, "no such account");
	a->active = active;
	a->version++;
	return emit_one(s, a, NULL, emit, ctx);
}

static int
mock_remove(struct au_session *s, const char *id, struct au_err *err)
{
	(void)id;
	return misbehave(s, err);
}

static int
mock_read_pools(struct au_session *s, au_emit_pool *emit, void *ctx, struct au_err *err)
{
	const struct au_pool_state state = {
		.name = behaves(s, "odd-pool") ? "houses" : "seats", .limit = behaves(s, "below") ? -2 : 5, .used = -1
	};
	int r = misbehave(s, err);

	return r != 0 ? r : emit(ctx, &state);
}

/* ---- the table ------------------------------------------------------------------- */

static const struct au_opt instance_opts[] = {
	{ "behave", AU_STR, 0, 0, 31, NULL, NULL, "How to misbehave." },
	{ "password", AU_SECRET, 0, 0, 0, NULL, NULL, "Where the password lies." },
	{ "delay", AU_TIME, 0, 0, 60000, NULL, MOCK_DEFECT == BAD_DEFAULT ? "10min" : "10s", "A time." },
	{ "number", AU_INT, 0, 1, 10, NULL, "3", MOCK_DEFECT == BAD_HELP ? "a number" : "A number." },
	{ MOCK_DEFECT == TWICE ? "number" : "flag", AU_BOOL, 0, 0, 0, NULL, "true", "A flag." },
	AU_OPT_END,
};

static const struct au_opt rights_opts[] = {
	{ "roles", AU_LIST, AU_REQUIRED, 1, 10, NULL, NULL, "Roles." },
	AU_OPT_END,
};

static const struct au_product_rule rules[] = {
	{ "MK-R01", "An account has a login.", AU_INFERRED, AU_RULE_REQUIRED, "login", 0, 0, NULL, NULL },
	{ "MK-R02", "An address has an at sign.", AU_INFERRED, AU_RULE_MAIL, "mail", 0, 0, NULL, NULL },
	{ "MK-R03", "There is a role.", AU_INFERRED, AU_RULE_COUNT, "rights.roles", 1, 10, NULL, NULL },
	{ "MK-R04", "A login is short.", AU_INFERRED, AU_RULE_LENGTH, MOCK_DEFECT == BAD_RULE ? "logon" : "login", 1,
	    20, NULL, NULL },
	AU_RULE_END,
};

static const struct au_pool pools[] = {
	{ "seats", "Seats.", AU_INFERRED, 0, NULL, NULL, 1, -1 },
	AU_POOL_END,
};

#define CAPS (AU_CAP_LIST | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_SET_SECRET | AU_CAP_READ_RIGHTS)

/* clang-format off */
#define TABLE { \
	.abi = MOCK_DEFECT == WRONG_ABI ? AU_TARGET_ABI + 1 : AU_TARGET_ABI, \
	.size = MOCK_DEFECT == OLDER ? offsetof(struct au_target, set_profile) : \
	    MOCK_DEFECT == NEWER ? sizeof(struct newer) : \
	    MOCK_DEFECT == LYING ? sizeof(struct au_target) + 4096 : \
	    MOCK_DEFECT == TINY ? offsetof(struct au_target, find) : sizeof(struct au_target), \
	.name = MOCK_DEFECT == BAD_NAME ? "another" : MOCK_NAME, \
	.product = "Mock", \
	.version = "1", \
	.summary = "A product that exists in tests only.", \
	.caps = MOCK_DEFECT == OLDER ? CAPS : CAPS | AU_CAP_DELETE | AU_CAP_POOLS, \
	.limits = { -1, -1, MOCK_CALLS }, \
	.password = { 8, 12, MOCK_DEFECT == BAD_PASSWORD ? "abcdef" : "abcdefgh01234567", AU_PW_DIGIT }, \
	.instance_opts = instance_opts, \
	.rights_opts = rights_opts, \
	.rules = rules, \
	.open = mock_open, \
	.close = mock_close, \
	.probe = mock_probe, \
	.resolve = mock_resolve, \
	.find = mock_find, \
	.get = mock_get, \
	.create = mock_create, \
	.list = mock_list, \
	.set_rights = MOCK_DEFECT == MISSING_CALL ? NULL : mock_set_rights, \
	.set_active = mock_set_active, \
	.set_profile = MOCK_DEFECT == EXTRA_CALL ? mock_set_rights : NULL, \
	.remove = mock_remove, \
	.pools = pools, \
	.read_pools = mock_read_pools, \
	.order = mock_order, \
}
/* clang-format on */

/* A table as a later version of the interface would have it. */
struct newer {
	struct au_target known;
	void (*later)(void);
};

#ifdef MOCK_NEWER
extern const struct newer newer_table __asm__("apiuserd_target");
const struct newer newer_table = { .known = TABLE };
#else
const struct au_target apiuserd_target = TABLE;
#endif
