/* SPDX-License-Identifier: ISC */
/*
 * A whole plugin to copy from.  Its product is a folder: an account is a file
 * LOGIN.json in it, which appears, changes and goes in one step, so that a call
 * may be cut short anywhere and made again.  It needs <apiuserd/target.h> and
 * jansson, nothing else of apiuserd.
 */
#include <apiuserd/target.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOGIN_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-."
#define LOGIN_MOST 64

struct au_session {
	char *folder;
};

static int __attribute__((format(printf, 3, 4))) fail(struct au_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return err->code = code;
}

/* ---- one account, one file ------------------------------------------------------- */

/* AU_ENOENT for what can be no login here: it never leads out of the folder. */
static int
path_of(const struct au_session *s, const char *login, const char *end, char ret[PATH_MAX], struct au_err *err)
{
	size_t len = strlen(login);

	if (len == 0 || len > LOGIN_MOST || login[0] == '.' || strspn(login, LOGIN_CHARS) != len ||
	    snprintf(ret, PATH_MAX, "%s/%s%s", s->folder, login, end) >= PATH_MAX)
		return fail(err, AU_ENOENT, "account '%.80s': no such login is possible", login);
	return 0;
}

static int
load(const struct au_session *s, const char *login, json_t **ret, struct au_err *err)
{
	char path[PATH_MAX];
	json_error_t why;
	FILE *file;
	int r = path_of(s, login, ".json", path, err);

	if (r != 0)
		return r;
	if ((file = fopen(path, "re")) == NULL)
		return fail(err, errno == ENOENT ? AU_ENOENT : AU_ETEMP, "account '%s': %s", login, strerror(errno));
	*ret = json_loadf(file, JSON_REJECT_DUPLICATES, &why);
	fclose(file);
	return *ret != NULL ? 0 : fail(err, AU_EPROTO, "account '%s': %s", login, why.text);
}

/* A new one must not be there yet; both kinds come to be in one step. */
static int
store(const struct au_session *s, const char *login, const json_t *account, bool is_new, struct au_err *err)
{
	char path[PATH_MAX], draft[PATH_MAX];
	int fd, r = path_of(s, login, ".json", path, err);

	if (r != 0 || (r = path_of(s, login, ".draft", draft, err)) != 0)
		return r == AU_ENOENT ? fail(err, AU_EINVAL, "login '%.80s': expected 1 to 64 of a-z 0-9 - .", login)
				      : r;
	fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(err, AU_ETEMP, "account '%s': %s", login, strerror(errno));
	if (json_dumpfd(account, fd, JSON_SORT_KEYS) != 0 || fsync(fd) != 0)
		r = fail(err, AU_ETEMP, "account '%s': cannot be written", login);
	close(fd);
	if (r == 0 && (is_new ? link(draft, path) : rename(draft, path)) != 0)
		r = fail(err, errno == EEXIST ? AU_EEXIST : AU_ETEMP, "account '%s': %s", login, strerror(errno));
	unlink(draft);
	return r;
}

static const char *
text(const json_t *account, const char *name)
{
	return json_string_value(json_object_get(account, name));
}

static int
show(const json_t *account, au_emit_account *emit, void *ctx)
{
	char version[24];
	const struct au_target_account out = {
		.id = text(account, "login"), /* the product has no other key */
		.login = text(account, "login"),
		.mail = text(account, "mail"),
		.mark = text(account, "mark"),
		.rights = text(account, "rights"),
		.active = json_is_true(json_object_get(account, "active")),
		.version = version,
	};

	snprintf(version, sizeof(version), "%lld", (long long)json_integer_value(json_object_get(account, "version")));
	return emit(ctx, &out);
}

/* ---- the calls ------------------------------------------------------------------- */

static int
open_folder(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	struct au_session *s = calloc(1, sizeof(*s));

	/* A copy: what the host hands in lives until this call returns. */
	if (s == NULL || (s->folder = strdup(host->str(opts, "folder"))) == NULL) {
		free(s);
		return fail(err, AU_EBUG, "no memory");
	}
	*ret = s;
	return 0;
}

static void
close_folder(struct au_session *s)
{
	if (s == NULL)
		return;
	free(s->folder);
	free(s);
}

static int
probe(struct au_session *s, struct au_err *err)
{
	return access(s->folder, R_OK | W_OK | X_OK) == 0 ? 0
							  : fail(err, errno == EACCES ? AU_EPERM : AU_ETEMP,
								"folder '%.200s': %s", s->folder, strerror(errno));
}

/* Equal rights give equal text: members sorted, no blanks. */
static int
resolve(struct au_session *s, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	json_t *given = json_loads(rights, 0, NULL);
	const char *access = text(given, "access");
	char canonical[64];
	int r;

	(void)s;
	if (access == NULL || (strcmp(access, "read") != 0 && strcmp(access, "write") != 0))
		r = fail(err, AU_EINVAL, "right 'access': expected read or write");
	else {
		snprintf(canonical, sizeof(canonical), "{\"access\":\"%s\"}", access);
		r = emit(ctx, canonical);
	}
	json_decref(given);
	return r;
}

static int
get(struct au_session *s, const char *id, au_emit_account *emit, void *ctx, struct au_err *err)
{
	json_t *account;
	int r = load(s, id, &account, err);

	if (r == 0) {
		r = show(account, emit, ctx);
		json_decref(account);
	}
	return r;
}

/* Nobody is an answer here, and no error. */
static int
find(struct au_session *s, const char *login, au_emit_account *emit, void *ctx, struct au_err *err)
{
	int r = get(s, login, emit, ctx, err);

	return r == AU_ENOENT ? 0 : r;
}

/* Whole or failed: an account that cannot be read must not look as if it were gone. */
static int
list(struct au_session *s, au_emit_account *emit, void *ctx, struct au_err *err)
{
	DIR *dir = opendir(s->folder);
	struct dirent *entry;
	int r = dir != NULL ? 0 : fail(err, AU_ETEMP, "folder '%.200s': %s", s->folder, strerror(errno));

	while (r == 0 && (entry = readdir(dir)) != NULL) {
		char *end = strrchr(entry->d_name, '.');

		if (end == NULL || strcmp(end, ".json") != 0)
			continue;
		*end = '\0';
		r = find(s, entry->d_name, emit, ctx, err);
	}
	if (dir != NULL)
		closedir(dir);
	return r;
}

static int
create(struct au_session *s, const struct au_target_account *want, au_emit_account *emit, void *ctx, struct au_err *err)
{
	json_t *account =
	    json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:b, s:i}", "login", want->login, "mail", want->mail, "mark",
		want->mark, "rights", want->rights, "secret", want->secret, "active", want->active != 0, "version", 1);
	int r = store(s, want->login, account, true, err);

	if (r == 0)
		r = show(account, emit, ctx);
	json_decref(account);
	return r;
}

/* Put one member in place of another and read back what the product holds now. */
static int
change(struct au_session *s, const char *id, const char *name, json_t *value, const char *version,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	json_t *account;
	long long number;
	int r = load(s, id, &account, err);

	if (r != 0) {
		json_decref(value);
		return r;
	}
	number = json_integer_value(json_object_get(account, "version"));
	json_object_set_new(account, name, value);
	json_object_set_new(account, "version", json_integer(number + 1));
	if (version != NULL && strtoll(version, NULL, 10) != number)
		r = fail(err, AU_ETEMP, "account '%s': is at version %lld now", id, number);
	else if ((r = store(s, id, account, false, err)) == 0)
		r = show(account, emit, ctx);
	json_decref(account);
	return r;
}

static int
set_rights(struct au_session *s, const char *id, const struct au_target_account *want, au_emit_account *emit, void *ctx,
    struct au_err *err)
{
	return change(s, id, "rights", json_string(want->rights), want->version, emit, ctx, err);
}

static int
set_active(struct au_session *s, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err)
{
	return change(s, id, "active", json_boolean(active), NULL, emit, ctx, err);
}

static int
remove_account(struct au_session *s, const char *id, struct au_err *err)
{
	char path[PATH_MAX];
	int r = path_of(s, id, ".json", path, err);

	if (r == 0 && unlink(path) != 0)
		r = fail(err, errno == ENOENT ? AU_ENOENT : AU_ETEMP, "account '%s': %s", id, strerror(errno));
	return r;
}

/* ---- what the plugin says of itself ------------------------------------------------ */

static const char *const accesses[] = { "read", "write", NULL };

static const struct au_opt instance_opts[] = {
	{ "folder", AU_STR, AU_REQUIRED, 1, 4000, NULL, NULL, "Folder that holds the accounts." },
	AU_OPT_END,
};

static const struct au_opt rights_opts[] = {
	{ "access", AU_ENUM, AU_REQUIRED, 0, 0, accesses, NULL, "What the account may do." },
	AU_OPT_END,
};

static const struct au_product_rule rules[] = {
	{ "EX-R01", "A login has 1 to 64 characters.", AU_DOCUMENTED, AU_RULE_LENGTH, "login", 1, LOGIN_MOST, NULL,
	    NULL },
	{ "EX-R02", "A login holds a-z, 0-9, hyphens and full stops only.", AU_DOCUMENTED, AU_RULE_CHARS, "login", 0, 0,
	    LOGIN_CHARS, NULL },
	{ "EX-R03", "A login does not begin with a full stop.", AU_DOCUMENTED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	AU_RULE_END,
};

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "example",
	.product = "Folder",
	.version = "1",
	.summary = "Accounts as files in a folder: a plugin to copy from.",
	.caps = AU_CAP_LIST | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_SET_SECRET |
		AU_CAP_READ_RIGHTS | AU_CAP_MARK,
	.limits = { .max_active = -1, .max_accounts = -1, .calls_per_minute = -1 },
	.password = { .min_len = 20,
	    .max_len = 20,
	    .alphabet = "abcdefghijkmnpqrstuvwxyz23456789",
	    .need = AU_PW_DIGIT },
	.instance_opts = instance_opts,
	.rights_opts = rights_opts,
	.rules = rules,
	.open = open_folder,
	.close = close_folder,
	.probe = probe,
	.resolve = resolve,
	.find = find,
	.get = get,
	.create = create,
	.list = list,
	.set_rights = set_rights,
	.set_active = set_active,
	.remove = remove_account,
};
