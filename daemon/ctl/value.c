/* SPDX-License-Identifier: ISC */
/* JSON is for programs; these are the forms in which its values stand in tables and sentences. */
#include "ctl/value.h"

#include "base/mem.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UID "uid:"

static void
put_list(struct au_str *out, const json_t *list)
{
	const json_t *item;
	size_t index;

	au_str_putc(out, '[');
	json_array_foreach ((json_t *)list, index, item) {
		if (index > 0)
			au_str_put(out, ", ");
		if (json_is_array(item) || json_is_object(item)) {
			AU_CLEANUP(au_freep) char *text = au_json_text(item);
			au_str_put(out, text);
		} else {
			au_value_put(out, item);
		}
	}
	au_str_putc(out, ']');
}

void
au_value_put(struct au_str *out, const json_t *value)
{
	AU_CLEANUP(au_freep) char *text = NULL;

	switch (value != NULL ? json_typeof(value) : JSON_NULL) {
	case JSON_STRING:
		au_str_put(out, json_string_value(value));
		break;
	case JSON_ARRAY:
		put_list(out, value);
		break;
	case JSON_TRUE:
		au_str_put(out, "yes");
		break;
	case JSON_FALSE:
		au_str_put(out, "no");
		break;
	case JSON_NULL:
		au_str_putc(out, '-');
		break;
	case JSON_OBJECT:
	case JSON_INTEGER:
	case JSON_REAL:
		text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		au_str_put(out, text);
		break;
	}
}

const char *
au_value_time(long long wall_ms, char buf[AU_WHEN_SIZE])
{
	char when[AU_WHEN_SIZE];

	/* 2026-11-24T10:00:00.123Z: the day and the time of day, to the second */
	au_when_format(wall_ms, when);
	if (wall_ms == 0)
		snprintf(buf, AU_WHEN_SIZE, "-");
	else
		snprintf(buf, AU_WHEN_SIZE, "%.10s %.8sZ", when, when + 11);
	return buf;
}

const char *
au_value_span(long long ms, char buf[AU_WHEN_SIZE])
{
	static const struct {
		const char *name;
		long long ms;
	} units[] = { { "d", 86400000 }, { "h", 3600000 }, { "min", 60000 }, { "s", 1000 } };
	size_t len = 0, shown = 0;

	for (size_t i = 0; i < AU_COUNT(units) && shown < 2; i++) {
		long long count = ms / units[i].ms;
		ms -= count * units[i].ms;
		if (count == 0)
			continue;
		len += (size_t)snprintf(
		    buf + len, AU_WHEN_SIZE - len, "%s%lld%s", shown > 0 ? " " : "", count, units[i].name);
		shown++;
	}
	if (shown == 0)
		snprintf(buf, AU_WHEN_SIZE, "0s");
	return buf;
}

void
au_value_count(struct au_str *out, long long count, const char *singular, const char *plural)
{
	if (count == 1)
		au_str_printf(out, "one %s", singular);
	else
		au_str_printf(out, "%lld %s%s", count, singular, plural);
}

const char *
au_value_person(const char *name, const char *actor, char buf[AU_VALUE_PERSON])
{
	const struct passwd *user;
	char *end = NULL;
	unsigned long uid;

	if (name != NULL || actor == NULL || strncmp(actor, UID, strlen(UID)) != 0)
		return name != NULL ? name : actor;
	errno = 0;
	uid = strtoul(actor + strlen(UID), &end, 10);
	if (errno != 0 || end == actor + strlen(UID) || *end != '\0' || (unsigned long)(uid_t)uid != uid)
		return actor;
	user = getpwuid((uid_t)uid);
	if (user == NULL)
		return actor;
	snprintf(buf, AU_VALUE_PERSON, "%s", user->pw_name);
	return buf;
}
