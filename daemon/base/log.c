/* SPDX-License-Identifier: ISC */
/*
 * Logging.  The journal gets fields; a terminal or a file gets one line of
 * key=value per call.  A line is written by one write(2), so that lines of the
 * daemon and of its children do not mix.
 */
#include "base/log.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/when.h"

#include <event2/event.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#define SD_JOURNAL_SUPPRESS_LOCATION /* the place would be this file, for every line */
#include <systemd/sd-journal.h>
#include <unistd.h>

#define MOST_FIELDS 16

static struct {
	const char *program;
	bool journal;
	enum au_log_level highest;
	void (*capture)(void *ctx, enum au_log_level level, const char *line);
	void *capture_ctx;
} state = { .program = "apiuserd", .highest = AU_LOG_INFO };

static const char *
level_name(enum au_log_level level)
{
	switch (level) {
	case AU_LOG_ERROR:
		return "error";
	case AU_LOG_WARNING:
		return "warning";
	case AU_LOG_NOTICE:
		return "notice";
	case AU_LOG_INFO:
		return "info";
	case AU_LOG_DEBUG:
		return "debug";
	}
	return "error";
}

/* $JOURNAL_STREAM names the device and inode of the journal's stream: systemd.exec(5). */
static bool
stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat st;
	char *end;

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0)
		return false;
	if (strtoull(stream, &end, 10) != st.st_dev || *end != ':')
		return false;
	return strtoull(end + 1, NULL, 10) == st.st_ino;
}

void
au_log_init(const char *program)
{
	state.program = program;
	state.journal = stderr_is_journal();
}

void
au_log_level(enum au_log_level highest)
{
	state.highest = highest;
}

void
au_log_capture(void (*fn)(void *ctx, enum au_log_level level, const char *line), void *ctx)
{
	state.capture = fn;
	state.capture_ctx = ctx;
}

/* NAME=value for the journal. */
static void
add_field(struct au_str *field, const char *name, const char *value)
{
	au_str_printf(field, "%s=", name);
	au_str_visible(field, value, strlen(value));
}

static bool
to_journal(enum au_log_level level, const char *const *fields, const char *message)
{
	struct au_str parts[MOST_FIELDS + 3] = { { 0 } };
	struct iovec iov[AU_COUNT(parts)];
	int count = 0;

	au_str_printf(&parts[count++], "PRIORITY=%d", (int)level);
	add_field(&parts[count++], "SYSLOG_IDENTIFIER", state.program);
	add_field(&parts[count++], "MESSAGE", message);
	for (; fields != NULL && *fields != NULL && count < (int)AU_COUNT(parts); fields += 2)
		if (fields[1] != NULL)
			add_field(&parts[count++], fields[0], fields[1]);
	for (int i = 0; i < count; i++)
		iov[i] = (struct iovec){ .iov_base = parts[i].data, .iov_len = parts[i].len };
	bool sent = sd_journal_sendv(iov, count) == 0;
	for (int i = 0; i < count; i++)
		au_str_done(&parts[i]);
	return sent;
}

static bool
is_plain(const char *value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/@+-";

	return *value != '\0' && value[strspn(value, plain)] == '\0';
}

/* name=value; quoted when it is more than a word, with quotes and backslashes inside escaped. */
static void
add_pair(struct au_str *line, const char *name, const char *value)
{
	for (; *name != '\0'; name++)
		au_str_putc(line, (char)(*name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name));
	au_str_putc(line, '=');
	if (is_plain(value)) {
		au_str_put(line, value);
		return;
	}
	au_str_putc(line, '"');
	while (*value != '\0') {
		size_t len = strcspn(value, "\"\\");
		au_str_visible(line, value, len);
		value += len;
		if (*value != '\0') {
			au_str_putc(line, '\\');
			au_str_putc(line, *value++);
		}
	}
	au_str_putc(line, '"');
}

static char *
make_line(enum au_log_level level, const char *const *fields, const char *message)
{
	struct au_str line = AU_STR_INIT;

	au_str_printf(&line, "level=%s program=%s ", level_name(level), state.program);
	add_pair(&line, "msg", message);
	for (; fields != NULL && *fields != NULL; fields += 2) {
		if (fields[1] == NULL)
			continue;
		au_str_putc(&line, ' ');
		add_pair(&line, fields[0], fields[1]);
	}
	return au_str_take(&line);
}

static void
to_stderr(const char *line)
{
	char when[AU_WHEN_SIZE];
	AU_CLEANUP(au_freep)
	char *whole = au_xasprintf("time=%s %s\n", au_when_format(au_clock_wall_ms(), when), line);

	/* Nothing is left to tell when stderr itself is gone. */
	if (write(STDERR_FILENO, whole, strlen(whole)) < 0)
		return;
}

void
au_log(enum au_log_level level, const char *const *fields, const char *fmt, ...)
{
	AU_CLEANUP(au_freep) char *message = NULL;
	va_list ap;

	if (level > state.highest)
		return;
	va_start(ap, fmt);
	if (vasprintf(&message, fmt, ap) < 0)
		abort();
	va_end(ap);
	if (state.capture == NULL && state.journal && to_journal(level, fields, message))
		return;
	AU_CLEANUP(au_freep) char *line = make_line(level, fields, message);
	if (state.capture != NULL)
		state.capture(state.capture_ctx, level, line);
	else
		to_stderr(line);
}

static void
from_libevent(int severity, const char *message)
{
	static const enum au_log_level levels[] = {
		[EVENT_LOG_DEBUG] = AU_LOG_DEBUG,
		[EVENT_LOG_MSG] = AU_LOG_INFO,
		[EVENT_LOG_WARN] = AU_LOG_WARNING,
		[EVENT_LOG_ERR] = AU_LOG_ERROR,
	};
	bool known = severity >= 0 && severity < (int)AU_COUNT(levels);

	au_log(known ? levels[severity] : AU_LOG_ERROR, AU_FIELDS("PART", "libevent"), "%s", message);
}

void
au_log_libevent(void)
{
	event_set_log_callback(from_libevent);
}
