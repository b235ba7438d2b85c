/* SPDX-License-Identifier: ISC */
/*
 * The example plugin with one defect at a time, named by the option `defect`.
 * Around each call of the example, or in its place, it does what a plugin must
 * not do.
 */
#define apiuserd_target whole_target
#include "plugins/example/example.c"
#undef apiuserd_target

#include <locale.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct {
	const struct au_host *host;
	char defect[32], secret[128];
	const char *kept;      /* a text of the host, kept beyond its call */
	au_emit_account *emit; /* of the host */
	void *ctx;
	unsigned calls;
} faulty;

static bool
has(const char *defect)
{
	return strcmp(faulty.defect, defect) == 0;
}

static bool
leaks_nothing(void *memory)
{
	static void *volatile sink;

	sink = memory;
	return sink != NULL;
}

/* What can go wrong in any call that works on the product; 0 when the call may go on. */
static int
misbehave(struct au_err *err)
{
	faulty.calls++;
	if (has("crash"))
		raise(SIGSEGV);
	if (has("hang"))
		pause();
	if (has("late"))
		sleep(3600);
	if (has("no-reason"))
		return AU_ETEMP;
	if (has("odd-code"))
		return 7;
	if (has("exit"))
		_exit(0);
	if (has("leak") && !leaks_nothing(malloc(48)))
		return fail(err, AU_EBUG, "no memory");
	if (has("logs-secret"))
		faulty.host->log(6, "logging in with %s", faulty.secret);
	if (has("prints-secret"))
		fprintf(stderr, "logging in with %s\n", faulty.secret);
	if (has("error-secret"))
		return fail(err, AU_ETEMP, "cannot log in with %s", faulty.secret);
	if (has("blocks-signals")) {
		sigset_t all;

		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, NULL);
	}
	if (has("handles-signals"))
		signal(SIGTERM, SIG_IGN);
	if (has("closes-channel"))
		close(3);
	if (has("closes-stderr"))
		close(2);
	if (has("changes-folder") && chdir("/") != 0)
		return fail(err, AU_EBUG, "no folder");
	if (has("changes-mask"))
		umask(0);
	if (has("timer"))
		alarm(3600);
	if (has("locale") && setlocale(LC_ALL, "C.UTF-8") == NULL)
		return fail(err, AU_EBUG, "no locale");
	if (has("forks") && fork() == 0)
		_exit(0);
	if (has("speaks") && write(3, "\0\0\0\2{}", 6) < 0)
		return fail(err, AU_EBUG, "no channel");
	return 0;
}

/* ---- what it hands out -------------------------------------------------------------- */

static int
pass_on(void *ctx, const struct au_target_account *account)
{
	struct au_target_account out = *account;
	char number[32];

	(void)ctx;
	snprintf(number, sizeof(number), "%u", faulty.calls);
	if (has("no-id"))
		out.id = NULL;
	if (has("other-id"))
		out.id = number;
	if (has("shows-secret"))
		out.secret = "planted-canary";
	if (has("mail-secret"))
		out.label = faulty.secret;
	if (has("restless"))
		out.mail = number;
	if (has("forgets-mark"))
		out.mark = NULL;
	if (has("twice") && faulty.emit(faulty.ctx, &out) != 0)
		return AU_EBUG;
	return faulty.emit(faulty.ctx, &out);
}

static int
pass_nowhere(void *ctx, const struct au_target_account *account)
{
	(void)ctx;
	(void)account;
	return 0;
}

static au_emit_account *
through(au_emit_account *emit, void *ctx)
{
	faulty.emit = emit;
	faulty.ctx = ctx;
	return pass_on;
}

/* ---- the calls ----------------------------------------------------------------------- */

static int
faulty_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	faulty.host = host;
	snprintf(faulty.defect, sizeof(faulty.defect), "%s", host->str(opts, "defect"));
	snprintf(faulty.secret, sizeof(faulty.secret), "%s", host->str(opts, "password"));
	faulty.kept = host->str(opts, "folder");
	if (has("no-session"))
		return 0;
	if (has("open-fails"))
		return fail(err, AU_ETEMP, "not now");
	if (has("leaves-descriptor") && open("/dev/null", O_RDONLY) < 0)
		return fail(err, AU_EBUG, "no descriptor");
	return whole_target.open(host, opts, ret, err);
}

static void
faulty_close(struct au_session *s)
{
	if (has("close-null") || s != NULL)
		free(s->folder);
	free(s);
	if (has("never-ends"))
		pause();
}

static int
faulty_probe(struct au_session *s, struct au_err *err)
{
	int r = misbehave(err);

	if (r == 0 && has("keeps-option"))
		faulty.calls += (unsigned)strlen(faulty.kept);
	return r == 0 ? whole_target.probe(s, err) : r;
}

static int
faulty_resolve(struct au_session *s, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	static unsigned count;
	char changing[64];

	if (has("writes-input"))
		*(char *)(uintptr_t)rights = ' ';
	if (has("loose-rights"))
		return emit(ctx, "{\"access\": \"read\"}");
	if (has("moody-rights")) {
		snprintf(changing, sizeof(changing), "{\"access\":\"%u\"}", count++);
		return emit(ctx, changing);
	}
	if (has("rights-list"))
		return emit(ctx, "[1]");
	if (has("rights-nothing"))
		return 0;
	return whole_target.resolve(s, rights, emit, ctx, err);
}

static int
faulty_find(struct au_session *s, const char *login, au_emit_account *emit, void *ctx, struct au_err *err)
{
	int r = misbehave(err);

	if (r == 0 && has("finds-anybody"))
		return emit(ctx, &(struct au_target_account){ .id = "1", .login = "somebody", .active = 1 });
	r = r == 0 ? whole_target.find(s, login, through(emit, ctx), ctx, err) : r;
	while (r == 0 && has("endless"))
		r = emit(ctx, &(struct au_target_account){ .id = "1", .login = login, .active = 1 });
	return r;
}

static int
faulty_get(struct au_session *s, const char *id, au_emit_account *emit, void *ctx, struct au_err *err)
{
	int r = misbehave(err);

	if (r == 0 && has("get-empty"))
		return 0;
	r = r == 0 ? whole_target.get(s, id, through(emit, ctx), ctx, err) : r;
	return r == AU_ENOENT && has("wrong-code") ? fail(err, AU_ETEMP, "not there, perhaps later") : r;
}

static int
faulty_list(struct au_session *s, au_emit_account *emit, void *ctx, struct au_err *err)
{
	int r = misbehave(err);

	if (r == 0 && has("list-empty"))
		return 0;
	r = r == 0 ? whole_target.list(s, through(emit, ctx), ctx, err) : r;
	return r == 0 && has("list-ghost")
		   ? emit(ctx, &(struct au_target_account){ .id = "ghost", .login = "ghost", .active = 1 })
		   : r;
}

static int
faulty_create(
    struct au_session *s, const struct au_target_account *want, au_emit_account *emit, void *ctx, struct au_err *err)
{
	struct au_target_account other = *want;
	int r = misbehave(err);

	if (has("create-lies"))
		return emit(ctx, &(struct au_target_account){ .id = want->login, .login = want->login, .active = 1 });
	if (has("create-adopts") && r == 0 && whole_target.get(s, want->login, emit, ctx, err) == 0)
		return 0;
	if (has("other-rights"))
		other.rights = "{\"access\":\"write\"}";
	if (has("born-inactive"))
		other.active = 0;
	if (has("create-silent") && r == 0) {
		r = whole_target.create(s, want, pass_nowhere, ctx, err);
		return r == 0 ? fail(err, AU_ETEMP, "no answer") : r;
	}
	if (has("half-created") && r == 0) {
		other.mark = NULL;
		r = whole_target.create(s, &other, pass_nowhere, ctx, err);
		usleep(1000000);
		return r == 0
			   ? change(s, want->login, "mark", json_string(want->mark), NULL, through(emit, ctx), ctx, err)
			   : r;
	}
	return r == 0 ? whole_target.create(s, &other, through(emit, ctx), ctx, err) : r;
}

static int
faulty_set_rights(struct au_session *s, const char *id, const struct au_target_account *want, au_emit_account *emit,
    void *ctx, struct au_err *err)
{
	struct au_target_account other = *want;
	int r = misbehave(err);

	if (r == 0 && has("changes-more"))
		change(s, id, "mail", json_string("other@example.com"), NULL, pass_nowhere, ctx, err);
	if (has("ignores-version"))
		other.version = NULL;
	if (has("rights-ignored"))
		return whole_target.get(s, id, through(emit, ctx), ctx, err);
	return r == 0 ? whole_target.set_rights(s, id, &other, through(emit, ctx), ctx, err) : r;
}

static int
faulty_set_active(
    struct au_session *s, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err)
{
	int r = misbehave(err);

	if (r == 0 && has("active-ignored"))
		return whole_target.get(s, id, through(emit, ctx), ctx, err);
	return r == 0 ? whole_target.set_active(s, id, active, through(emit, ctx), ctx, err) : r;
}

static int
faulty_remove(struct au_session *s, const char *id, struct au_err *err)
{
	int r = misbehave(err);

	if (r == 0 && has("remove-lies"))
		return 0;
	return r == 0 ? whole_target.remove(s, id, err) : r;
}

/* ---- the table ------------------------------------------------------------------------ */

static const struct au_opt faulty_opts[] = {
	{ "folder", AU_STR, AU_REQUIRED, 1, 4000, NULL, NULL, "Folder that holds the accounts." },
	{ "defect", AU_STR, 0, 0, 31, NULL, "none", "What to do wrong." },
	{ "password", AU_SECRET, AU_REQUIRED, 0, 0, NULL, NULL, "Where a secret lies." },
	AU_OPT_END,
};

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "faulty",
	.product = "Folder",
	.version = "1",
	.summary = "A plugin with one defect at a time.",
	.caps = AU_CAP_LIST | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_SET_SECRET |
		AU_CAP_READ_RIGHTS | AU_CAP_MARK,
	.limits = { .max_active = -1, .max_accounts = -1, .calls_per_minute = -1 },
	.password = { .min_len = 20,
	    .max_len = 20,
	    .alphabet = "abcdefghijkmnpqrstuvwxyz23456789",
	    .need = AU_PW_DIGIT },
	.instance_opts = faulty_opts,
	.rights_opts = rights_opts,
	.rules = rules,
	.open = faulty_open,
	.close = faulty_close,
	.probe = faulty_probe,
	.resolve = faulty_resolve,
	.find = faulty_find,
	.get = faulty_get,
	.create = faulty_create,
	.list = faulty_list,
	.set_rights = faulty_set_rights,
	.set_active = faulty_set_active,
	.remove = faulty_remove,
};
