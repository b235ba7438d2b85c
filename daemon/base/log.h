/* SPDX-License-Identifier: ISC */
/*
 * Logging: to journald with fields when stderr is the journal's, else lines of
 * key=value on stderr.  Only the upper floors log.  Everything printed passes
 * au_str_visible, so no name from outside can forge a line.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum au_log_level { AU_LOG_ERROR = 3, AU_LOG_WARNING = 4, AU_LOG_NOTICE = 5, AU_LOG_INFO = 6, AU_LOG_DEBUG = 7 };

/* Fields of a line: pairs of name and value, NULL-terminated; names are upper case (SOURCE, TARGET, ACCOUNT, ...).
 * A field whose value is NULL is left out. */
#define AU_FIELDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

void au_log_init(const char *program); /* decides journal or stderr once */
void au_log_level(enum au_log_level highest);
void au_log(enum au_log_level level, const char *const *fields, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Tests: lines (without time and newline) go to this function instead.  NULL goes back. */
void au_log_capture(void (*fn)(void *ctx, enum au_log_level level, const char *line), void *ctx);
/* Route libevent's own messages into ours. */
void au_log_libevent(void);

#endif
