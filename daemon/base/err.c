/* SPDX-License-Identifier: ISC */
/*
 * Errors on their way up.  The text is built in a local buffer first, so that
 * a caller may quote err->text itself in the new text.
 */
#include "base/err.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static const struct {
	int code;
	const char *name;
} names[] = {
	{ AU_OK, "ok" },
	{ AU_EINVAL, "invalid" },
	{ AU_EAUTH, "auth" },
	{ AU_EPERM, "permission" },
	{ AU_ENOENT, "not-found" },
	{ AU_EEXIST, "exists" },
	{ AU_EQUOTA, "quota" },
	{ AU_ETEMP, "temporary" },
	{ AU_EBUSY, "busy" },
	{ AU_ENOSUP, "unsupported" },
	{ AU_EPROTO, "protocol" },
	{ AU_EMANUAL, "manual" },
	{ AU_EBUG, "bug" },
	{ AU_EUNKNOWN, "unknown" },
	{ AU_EIO, "io" },
	{ AU_ELIMIT, "limit" },
};

/* One line, and no half of a UTF-8 character where the buffer ended: JSON would refuse it. */
static void
tidy_line(char *text, bool cut)
{
	size_t len = strlen(text);

	if (cut) {
		while (len > 0 && ((unsigned char)text[len - 1] & 0xC0) == 0x80)
			len--;
		if (len > 0 && ((unsigned char)text[len - 1] & 0x80))
			len--;
		text[len] = '\0';
	}
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
}

int
au_vfail(struct au_err *err, int code, const char *fmt, va_list ap)
{
	char text[AU_ERR_TEXT];
	int len;

	if (err == NULL)
		return code;
	len = vsnprintf(text, sizeof(text), fmt, ap);
	if (len < 0)
		text[0] = '\0';
	tidy_line(text, len >= (int)sizeof(text));
	*err = (struct au_err){ .code = code };
	memcpy(err->text, text, strlen(text) + 1);
	return code;
}

#undef au_fail
int
au_fail(struct au_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	code = au_vfail(err, code, fmt, ap);
	va_end(ap);
	return code;
}

int
au_err_prefix(struct au_err *err, int code, const char *fmt, ...)
{
	char prefix[AU_ERR_TEXT], text[2 * AU_ERR_TEXT + 2];
	va_list ap;

	if (err == NULL)
		return code;
	va_start(ap, fmt);
	if (vsnprintf(prefix, sizeof(prefix), fmt, ap) < 0)
		prefix[0] = '\0';
	va_end(ap);
	snprintf(text, sizeof(text), "%s: %s", prefix, err->text);
	bool cut = strlen(text) >= sizeof(err->text);
	text[sizeof(err->text) - 1] = '\0';
	tidy_line(text, cut);
	memcpy(err->text, text, strlen(text) + 1);
	if (err->code == AU_OK)
		err->code = code;
	return err->code;
}

int
au_err_recode(struct au_err *err, int code)
{
	if (err != NULL)
		err->code = code;
	return code;
}

const char *
au_code_name(int code)
{
	for (size_t i = 0; i < AU_COUNT(names); i++)
		if (names[i].code == code)
			return names[i].name;
	return "error";
}

int
au_code_from_name(const char *name)
{
	for (size_t i = 0; name != NULL && i < AU_COUNT(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].code;
	return AU_EBUG;
}
