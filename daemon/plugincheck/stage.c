/* SPDX-License-Identifier: ISC */
/*
 * Findings are printed as they come, so that a check which hangs has told what
 * it knew.  A plugin that ends its worker again and again is not asked further:
 * what it would be blamed for then is the same thing.
 */
#include "plugincheck/stage.h"

#include "base/str.h"
#include "plugincheck/order_look.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MOST_WAITS 5
#define LONGEST_WAIT_S 90
#define MOST_ACCOUNTS 200000
#define LAST_WORDS 300
#define MOST_DEATHS 3

void
stage_find(struct stage *stage, const char *fmt, ...)
{
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	au_mask_apply(stage->mask, text);
	au_str_visible(&line, text, strlen(text));
	printf("     - %s\n", au_str_get(&line));
	fflush(stdout);
	stage->findings++;
}

void
stage_skip(struct stage *stage, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (stage->note == NULL)
		stage->note = au_xstrdup(text);
}

bool
stage_can(const struct stage *stage, unsigned cap)
{
	return (stage->describe->caps & cap) == cap;
}

const char *
stage_sample(const struct stage *stage, const char *name, const char *dflt)
{
	const char *text = au_json_get_str(json_object_get(stage->config, "account"), name);

	return text != NULL ? text : dflt;
}

/* ---- the worker ------------------------------------------------------------------- */

static bool
start(struct stage *stage)
{
	struct au_caller_config config = { .program = stage->program,
		.is_strict = true,
		.starts_programs = stage_can(stage, AU_CAP_PROGRAMS),
		.keeps_words = true,
		.limit_ms = stage->limit_ms,
		.most_accounts = MOST_ACCOUNTS };
	struct au_err err = { 0 };

	if (stage->caller != NULL || au_caller_start(&config, &stage->caller, &err) == 0)
		return true;
	stage_find(stage, "no worker: %s", err.text);
	return false;
}

/* Secrets that somebody could read in what the worker printed: those of the options, by value. */
static void
look_for_secrets(struct stage *stage, const char *words)
{
	for (const struct au_opt *row = stage->describe->instance_opts; row->name != NULL; row++) {
		const char *secret = au_json_get_str(stage->options, row->name);

		if (row->type == AU_SECRET && secret != NULL && strlen(secret) >= 4 && strstr(words, secret) != NULL)
			stage_find(stage, "the plugin printed the secret of option '%s' past its host", row->name);
	}
}

void
stage_end(struct stage *stage)
{
	AU_CLEANUP(au_freep) char *words = NULL;
	struct au_err err = { 0 };

	if (stage->caller == NULL)
		return;
	words = au_caller_words(stage->caller);
	look_for_secrets(stage, words);
	if (au_caller_stop(stage->caller, &err) != 0) {
		stage_find(stage, "after the end of the session %s", err.text);
		stage->deaths++;
	}
	stage->caller = NULL;
}

/* What the worker printed last says why it died. */
static void
tell_death(struct stage *stage, const struct au_called *called)
{
	AU_CLEANUP(au_freep) char *words = au_caller_words(stage->caller);
	size_t len = strlen(words), from = len > LAST_WORDS ? len - LAST_WORDS : 0;
	struct au_err err;

	/* A sanitizer begins its report with what it is about. */
	const char *report = strstr(words, "ERROR: ");

	if (len > 0 && words[len - 1] == '\n')
		words[len - 1] = '\0';
	stage_find(stage, "%s%s%.*s", called->err.text, len > 0 ? "; it had printed: " : "", LAST_WORDS,
	    report != NULL ? report : words + from);
	look_for_secrets(stage, words);
	au_caller_stop(stage->caller, &err);
	stage->caller = NULL;
	stage->deaths++;
}

static void
tell_findings(struct stage *stage, const json_t *findings)
{
	const json_t *text;
	size_t i;

	json_array_foreach (findings, i, text)
		stage_find(stage, "%s", json_string_value(text));
}

static void
judge(struct stage *stage, const struct au_call *call, const struct au_called *called)
{
	tell_findings(stage, called->findings);
	if (called->order != NULL)
		order_look(stage, call, called->order);
	if (called->is_gone)
		tell_death(stage, called);
	else if (called->err.code == AU_EBUG)
		stage_find(stage, "call '%s': %s", au_call_op_name(call->op), called->err.text);
	else if (called->err.code == 0)
		stage->took_ms[call->op] = called->took_ms;
}

int
stage_open(struct stage *stage, json_t *options, struct au_called *ret)
{
	struct au_call call = { .op = AU_CALL_OPEN, .plugin = stage->plugin, .options = options };
	int r;

	*ret = (struct au_called){ 0 };
	if (stage->deaths >= MOST_DEATHS || !start(stage)) {
		au_json_wipe(options);
		json_decref(options);
		return au_fail(&ret->err, AU_EBUG, "no worker");
	}
	r = au_caller_call(stage->caller, &call, ret);
	judge(stage, &call, ret);
	au_json_wipe(options);
	json_decref(options);
	return r;
}

bool
stage_ready(struct stage *stage)
{
	struct au_called called;
	bool fresh = stage->caller == NULL;
	int r;

	if (!fresh)
		return true;
	if (stage->deaths >= MOST_DEATHS)
		return false;
	r = stage_open(stage, json_deep_copy(stage->options), &called);
	if (r != 0 && r != AU_EBUG && stage->caller != NULL) {
		stage_find(stage, "call 'open': %s", called.err.text);
		stage_end(stage);
	}
	au_called_done(&called);
	return r == 0;
}

static void
pause_s(unsigned seconds)
{
	nanosleep(&(struct timespec){ .tv_sec = seconds }, NULL);
}

int
stage_call(struct stage *stage, struct au_call *call, struct au_called *ret)
{
	*ret = (struct au_called){ 0 };
	for (unsigned wait = 0;; wait++) {
		if (!stage_ready(stage)) {
			ret->accounts = json_array();
			return au_fail(&ret->err, AU_EBUG, "no worker");
		}
		au_caller_call(stage->caller, call, ret);
		if (ret->err.code != AU_EBUSY || wait == MOST_WAITS || ret->err.retry_after_s > LONGEST_WAIT_S)
			break;
		pause_s(ret->err.retry_after_s > 0 ? ret->err.retry_after_s : 1);
		tell_findings(stage, ret->findings);
		au_called_done(ret);
	}
	judge(stage, call, ret);
	return ret->err.code;
}

void
stage_strike(struct stage *stage, struct au_call *call, unsigned after_us)
{
	struct au_err err;

	if (!stage_ready(stage))
		return;
	au_caller_strike(stage->caller, call, after_us);
	au_caller_stop(stage->caller, &err);
	stage->caller = NULL;
}
