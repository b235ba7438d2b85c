/* SPDX-License-Identifier: ISC */
/* The terminal is asked itself, whatever standard input is; it is set back before anything else happens. */
#include "ctl/ask.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#define SECRET_MAX 4096

enum { INTERRUPT = 3, END = 4, BACKSPACE = 8, DELETE = 127 };

static int
type_line(int tty, char *line, size_t *ret_len, struct au_err *err)
{
	size_t len = 0;

	for (;;) {
		unsigned char c;
		ssize_t got = read(tty, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || c == INTERRUPT || c == END)
			return au_fail(err, AU_EPERM, "nothing was typed");
		if (c == '\n' || c == '\r')
			break;
		if (c == BACKSPACE || c == DELETE)
			len -= len > 0;
		else if (len < SECRET_MAX)
			line[len++] = (char)c;
		else
			return au_fail(err, AU_EINVAL, "a secret has at most %d bytes", SECRET_MAX);
	}
	*ret_len = len;
	return 0;
}

static int
prompt(int tty, const char *what, struct au_secret **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *text = au_xasprintf("%s: ", what);
	char line[SECRET_MAX];
	size_t len = 0;
	int rc = write(tty, text, strlen(text)) < 0 ? au_fail(err, AU_EIO, "terminal: %s", strerror(errno))
						    : type_line(tty, line, &len, err);

	if (write(tty, "\n", 1) < 0 && rc == 0)
		rc = au_fail(err, AU_EIO, "terminal: %s", strerror(errno));
	if (rc == 0 && len == 0)
		rc = au_fail(err, AU_EINVAL, "nothing was typed");
	if (rc == 0)
		*ret = au_secret_new(line, len);
	au_wipe(line, sizeof(line));
	return rc;
}

static int
ask_twice(int tty, const char *what, struct au_secret **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *again = au_xasprintf("%s, once more", what);
	AU_CLEANUP(au_secret_freep) struct au_secret *first = NULL, *second = NULL;
	int rc = prompt(tty, what, &first, err);

	if (rc == 0)
		rc = prompt(tty, again, &second, err);
	if (rc < 0)
		return rc;
	if (strcmp(au_secret_text(first), au_secret_text(second)) != 0)
		return au_fail(err, AU_EINVAL, "the two are not the same");
	*ret = first;
	first = NULL;
	return 0;
}

int
au_ask_secret(const char *what, struct au_secret **ret, struct au_err *err)
{
	struct termios before, hidden;
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC), rc;

	if (tty < 0 || tcgetattr(tty, &before) < 0) {
		if (tty >= 0)
			close(tty);
		return au_fail(err, AU_EPERM, "there is no terminal to ask for '%s'; give it with --secret-fd", what);
	}
	hidden = before;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
	hidden.c_cc[VMIN] = 1;
	hidden.c_cc[VTIME] = 0;
	rc = tcsetattr(tty, TCSAFLUSH, &hidden) < 0 ? au_fail(err, AU_EIO, "terminal: %s", strerror(errno))
						    : ask_twice(tty, what, ret, err);
	tcsetattr(tty, TCSAFLUSH, &before);
	close(tty);
	return rc;
}

int
au_ask_secret_fd(const char *number, struct au_secret **ret, struct au_err *err)
{
	char text[SECRET_MAX + 2], *end;
	size_t len = 0;
	ssize_t got = 1;
	long fd;

	errno = 0;
	fd = strtol(number, &end, 10);
	if (errno != 0 || end == number || *end != '\0' || fd < 0 || fd > INT_MAX)
		return au_fail(err, AU_EINVAL, "--secret-fd '%s': expected a file descriptor's number", number);
	while (got > 0 && len < sizeof(text)) {
		got = read((int)fd, text + len, sizeof(text) - len);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			len += (size_t)got;
	}
	if (got >= 0 && len > 0 && text[len - 1] == '\n')
		len--;
	if (got < 0)
		au_fail(err, AU_EIO, "--secret-fd %ld: %s", fd, strerror(errno));
	else if (len == 0 || len > SECRET_MAX || memchr(text, '\0', len) != NULL)
		au_fail(err, AU_EINVAL, "--secret-fd %ld: expected 1 to %d bytes of text", fd, SECRET_MAX);
	else
		*ret = au_secret_new(text, len);
	au_wipe(text, sizeof(text));
	return got < 0 ? AU_EIO : len == 0 || len > SECRET_MAX ? AU_EINVAL : 0;
}

/* ---- yes or no ---- */

#define ANSWER_MAX 16 /* whoever types more has not said yes */

int
au_ask_yes(int in, int out, const char *question, bool *ret, struct au_err *err)
{
	char line[ANSWER_MAX + 1] = "", c = 0;
	size_t len = 0;
	ssize_t got = 1;

	if (write(out, question, strlen(question)) < 0)
		return au_fail(err, AU_EIO, "terminal: %s", strerror(errno));
	while (c != '\n' && (got > 0 || errno == EINTR)) {
		errno = 0;
		got = read(in, &c, 1);
		if (got > 0 && c != '\n' && len < ANSWER_MAX)
			line[len++] = c;
		if (got == 0)
			break;
	}
	if (got < 0)
		return au_fail(err, AU_EIO, "terminal: %s", strerror(errno));
	*ret = strcasecmp(line, "y") == 0 || strcasecmp(line, "yes") == 0;
	return 0;
}
