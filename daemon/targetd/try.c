/* SPDX-License-Identifier: ISC */
/*
 * The call goes to a worker of its own, as the daemon would send it: with the
 * same last check, the same filter of system calls and the same masking.  A
 * secret comes from its place and leaves to a file, never by a command line or
 * a terminal.
 */
#include "targetd/try.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "targetd/caller.h"
#include "targetd/instance.h"
#include "wire/description.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_SECONDS 60
#define MOST_SECONDS 86400
#define MOST_ACCOUNTS 1000000

enum { FINE, FAILED, EXIT_USAGE };

struct trial {
	struct au_arena *arena;
	const char *config, *secret_to;
	bool json;
	long seconds;
	char *plugin;
	const struct au_describe *describe;
	json_t *options;
	struct au_call call;
	const char *template; /* rights as a template has them; resolved first */
	struct au_secret *secret;
	struct au_caller *caller;
};

static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	{ "id", offsetof(struct au_call, account.id) },
	{ "login", offsetof(struct au_call, account.login) },
	{ "label", offsetof(struct au_call, account.label) },
	{ "first_name", offsetof(struct au_call, account.first_name) },
	{ "last_name", offsetof(struct au_call, account.last_name) },
	{ "mail", offsetof(struct au_call, account.mail) },
	{ "mark", offsetof(struct au_call, account.mark) },
	{ "version", offsetof(struct au_call, account.version) },
};

static int
complain(const struct au_err *err)
{
	fprintf(stderr, "apiuserd-target: %s\n", err->text);
	return EXIT_USAGE;
}

static int
usage(void)
{
	fputs("usage: apiuserd-target --try PLUGIN.so [--config FILE] [--json] [--secret-to FILE] [--timeout SECONDS]\n"
	      "                       CALL [NAME=VALUE...]\n"
	      "calls: probe, resolve rights=, list, find login=, get id=, pools, create login= ..., set-rights id= "
	      "rights=,\n"
	      "       set-active id= active=yes|no, set-profile id= ..., reset-secret id= [secret=], remove id=\n"
	      "names: id login label first_name last_name mail mark version active rights secret\n"
	      "       rights: JSON as in a template, resolved first;  secret: file:/PATH or credential:NAME\n",
	    stderr);
	return EXIT_USAGE;
}

char *
au_own_program(void)
{
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

	return len > 0 ? au_xstrndup(path, (size_t)len) : au_xstrdup(HELPERDIR "/apiuserd-target");
}

char *
au_whole_path(const char *path)
{
	AU_CLEANUP(au_freep) char *here = path[0] != '/' ? getcwd(NULL, 0) : NULL;

	return here != NULL ? au_xasprintf("%s/%s", here, path) : au_xstrdup(path);
}

/* ---- the command line ------------------------------------------------------------ */

static int
take_active(struct trial *trial, const char *value, struct au_err *err)
{
	if (!au_streq(value, "yes") && !au_streq(value, "no"))
		return au_fail(err, AU_EINVAL, "active '%s': expected yes or no", value);
	trial->call.account.active = au_streq(value, "yes");
	return 0;
}

static int
take_secret(struct trial *trial, const char *place, struct au_err *err)
{
	int r;

	au_secret_free(trial->secret);
	trial->secret = NULL;
	if ((r = au_io_secret(place, &trial->secret, err)) != 0)
		return r;
	trial->call.account.secret = au_secret_text(trial->secret);
	return 0;
}

static int
take_text(struct trial *trial, const char *name, const char *value, struct au_err *err)
{
	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		if (au_streq(texts[i].name, name)) {
			memcpy((char *)&trial->call + texts[i].offset, &value, sizeof(value));
			return 0;
		}
	}
	return au_fail(err, AU_EINVAL, "'%s': expected the name of a member of an account", name);
}

static int
take_word(struct trial *trial, const char *word, struct au_err *err)
{
	const char *sign = strchr(word, '=');
	const char *name = sign != NULL ? au_arena_strndup(trial->arena, word, (size_t)(sign - word)) : NULL;

	if (name == NULL)
		return au_fail(err, AU_EINVAL, "'%s': expected NAME=VALUE", word);
	if (au_streq(name, "active"))
		return take_active(trial, sign + 1, err);
	if (au_streq(name, "secret"))
		return take_secret(trial, sign + 1, err);
	if (au_streq(name, "rights")) {
		trial->template = sign + 1;
		return 0;
	}
	return take_text(trial, name, sign + 1, err);
}

/* 0, or the exit status. */
static int
take_options(struct trial *trial, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "secret-to", required_argument, NULL, 's' },
		{ "timeout", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	char *end;
	int option;

	while ((option = getopt_long(argc, argv, "c:", longs, NULL)) != -1) {
		if (option == 'c')
			trial->config = optarg;
		else if (option == 'j')
			trial->json = true;
		else if (option == 's')
			trial->secret_to = optarg;
		else if (option != 't')
			return usage();
		else if ((trial->seconds = strtol(optarg, &end, 10)) < 1 || *end != '\0' ||
			 trial->seconds > MOST_SECONDS)
			return usage();
	}
	return 0;
}

static int
take_line(struct trial *trial, int argc, char **argv)
{
	struct au_err err = { 0 };
	int r = take_options(trial, argc, argv);

	if (r != 0)
		return r;
	if (argc - optind < 2)
		return usage();
	trial->plugin = au_whole_path(argv[optind]);
	trial->call.op = au_call_op_from_name(argv[optind + 1]);
	if (trial->call.op == 0 || trial->call.op == AU_CALL_OPEN)
		return usage();
	for (int i = optind + 2; i < argc; i++)
		if (take_word(trial, argv[i], &err) != 0)
			return complain(&err);
	return 0;
}

static int
read_instance(struct trial *trial, const char *program, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *file = NULL;
	int r = au_description_ask(trial->arena, program, trial->plugin, &trial->describe, err);

	if (r == 0 && trial->config != NULL)
		r = au_instance_read(trial->config, &file, err);
	return r == 0 ? au_instance_options(json_object_get(file, "options"), trial->describe, &trial->options, err)
		      : r;
}

/* ---- calls ------------------------------------------------------------------------ */

/* What a plugin must be told before the call itself: open, and resolve for rights that a template would have. */
static int
prepare(struct trial *trial, struct au_err *err)
{
	struct au_call open = { .op = AU_CALL_OPEN, .plugin = trial->plugin, .options = trial->options };
	struct au_call resolve = { .op = AU_CALL_RESOLVE, .rights_in = trial->template };
	struct au_called called;
	int r = au_caller_call(trial->caller, &open, &called);

	if (r == 0 && trial->template != NULL && trial->call.op != AU_CALL_RESOLVE) {
		au_called_done(&called);
		r = au_caller_call(trial->caller, &resolve, &called);
		trial->call.account.rights = au_arena_strdup(trial->arena, called.text);
	}
	*err = called.err;
	au_called_done(&called);
	return r;
}

static void
show_account(const json_t *account)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)account, name, value) {
		au_str_printf(&out, "%-12s", name);
		if (json_is_string(value))
			au_str_visible(&out, json_string_value(value), json_string_length(value));
		else
			au_str_put(&out, json_is_true(value) ? "yes" : "no");
		au_str_putc(&out, '\n');
	}
	printf("%s\n", au_str_get(&out));
}

/* The secret that a product shows once goes to its file, or nowhere. */
static int
put_secret_away(const struct trial *trial, json_t *accounts, struct au_err *err)
{
	json_t *account;
	size_t i;
	int r = 0;

	json_array_foreach (accounts, i, account) {
		const char *secret = au_json_get_str(account, "secret");

		if (secret == NULL)
			continue;
		if (trial->secret_to != NULL && r == 0)
			r = au_io_replace(trial->secret_to, 0600, secret, strlen(secret), err);
		au_json_wipe(json_object_get(account, "secret"));
		json_object_set_new(account, "secret", json_string("(shown, and not printed)"));
	}
	return r;
}

static void
show_json(const struct au_called *called)
{
	json_t *json = json_pack("{s:s, s:O, s:O, s:O*, s:I}", "code", au_code_name(called->err.code), "accounts",
	    called->accounts, "pools", called->pools, "order", called->order, "took_ms", (json_int_t)called->took_ms);

	au_json_set_str(json, "error", called->err.code != 0 ? called->err.text : NULL);
	au_json_set_str(json, "rights", called->text);
	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
}

static void
show_pool(const json_t *pool)
{
	const json_t *limit = json_object_get(pool, "limit"), *used = json_object_get(pool, "used");

	printf("%-12s", au_json_get_str(pool, "name"));
	if (limit != NULL)
		printf(" limit %lld", (long long)json_integer_value(limit));
	if (used != NULL)
		printf(" used %lld", (long long)json_integer_value(used));
	putchar('\n');
}

static void
show_words(const char *before, const json_t *object, const char *member)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	const char *text = au_json_get_str(object, member);

	if (text == NULL)
		return;
	au_str_visible(&out, text, strlen(text));
	printf("%s%s\n", before, au_str_get(&out));
}

/* As a person would get it. */
static void
show_order(const json_t *order)
{
	const json_t *line, *field;
	size_t i, k;

	show_words("", order, "title");
	show_words("! ", order, "warning");
	json_array_foreach (json_object_get(order, "lines"), i, line) {
		show_words("  at ", line, "where");
		show_words("  - ", line, "what");
		json_array_foreach (json_object_get(line, "fields"), k, field) {
			show_words("      ", field, "label");
			show_words("          ", field, "value");
		}
	}
	show_words("  secret: ", order, "secret");
	json_array_foreach (json_object_get(order, "asks"), i, field)
		show_words("  to be reported: ", field, "value");
	show_words("  done when: ", order, "confirm");
}

static void
show_text(const struct trial *trial, const struct au_called *called)
{
	const json_t *item;
	size_t i;

	json_array_foreach (called->accounts, i, item)
		show_account(item);
	json_array_foreach (called->pools, i, item)
		show_pool(item);
	if (called->order != NULL)
		show_order(called->order);
	if (called->text != NULL)
		printf("%s\n", called->text);
	if (called->err.code == 0)
		printf("%s: fine, %zu account(s), %lld ms\n", au_call_op_name(trial->call.op),
		    json_array_size(called->accounts), (long long)called->took_ms);
	else
		fprintf(stderr, "%s: %s: %s\n", au_call_op_name(trial->call.op), au_code_name(called->err.code),
		    called->err.text);
}

/* An order is about somebody: who is there is known as far as it was said. */
static void
know_account(struct au_call *call)
{
	if (!au_call_changes(call->op) || call->op == AU_CALL_CREATE)
		return;
	call->known = call->account;
	call->known.secret = NULL;
	if (call->known.login == NULL)
		call->known.login = call->known.id;
}

static int
make_call(struct trial *trial)
{
	struct au_err err = { 0 };
	struct au_called called;
	int r;

	if (prepare(trial, &err) != 0) {
		fprintf(stderr, "open: %s: %s\n", au_code_name(err.code), err.text);
		return FAILED;
	}
	know_account(&trial->call);
	r = au_caller_call(trial->caller, &trial->call, &called);
	if (put_secret_away(trial, called.accounts, &err) != 0)
		fprintf(stderr, "apiuserd-target: %s\n", err.text);
	if (trial->json)
		show_json(&called);
	else
		show_text(trial, &called);
	if (r == AU_EMANUAL && called.order != NULL)
		r = 0; /* that is what was to be seen */
	au_called_done(&called);
	return r == 0 && err.code == 0 ? FINE : FAILED;
}

static int
run(struct trial *trial, int argc, char **argv)
{
	AU_CLEANUP(au_freep) char *program = au_own_program();
	struct au_caller_config config = { .program = program, .most_accounts = MOST_ACCOUNTS };
	struct au_err err = { 0 };
	int r = take_line(trial, argc, argv);

	if (r != 0)
		return r;
	if (trial->call.op == AU_CALL_RESOLVE)
		trial->call.rights_in = trial->template != NULL ? trial->template : "{}";
	if (read_instance(trial, program, &err) != 0)
		return complain(&err);
	config.limit_ms = trial->seconds * 1000;
	config.starts_programs = (trial->describe->caps & AU_CAP_PROGRAMS) != 0;
	if (au_caller_start(&config, &trial->caller, &err) != 0)
		return complain(&err);
	r = make_call(trial);
	if (au_caller_stop(trial->caller, &err) != 0 && r == FINE) {
		complain(&err);
		return FAILED;
	}
	return r;
}

int
au_try(int argc, char **argv)
{
	struct trial trial = { .arena = au_arena_new(), .seconds = DEFAULT_SECONDS, .call.account.active = -1 };
	int r = run(&trial, argc, argv);

	if (trial.options != NULL)
		au_json_wipe(trial.options);
	json_decref(trial.options);
	au_secret_free(trial.secret);
	free(trial.plugin);
	au_arena_free(trial.arena);
	return r;
}
