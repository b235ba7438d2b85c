/* SPDX-License-Identifier: ISC */
/* Each breaks another habit of building requests, paths, queries or pages out of text. */
#include "plugincheck/hostile.h"

#include <apiuserd/target.h>

#define TEN(text) text text text text text text text text text text

const struct hostile hostile_values[] = {
	{ "empty", "" },
	{ "blank", " " },
	{ "long", TEN(TEN(TEN("long-value"))) },
	{ "not ASCII", "J\xc3\xbcrgen \xe6\x9d\x8e \xd7\x90 \xf0\x9f\x94\x91" },
	{ "quotes and backslashes", "a\"b'c\\d\\\"e" },
	{ "lines of a header", "a\r\nX-Injected: 1\r\n\r\nb" },
	{ "part of a path", "../../a/b;c?d=e&f=g#h" },
	{ "percent signs", "%00%2e%2e%s%n%d" },
	{ "a query", "' OR '1'='1' --" },
	{ "a filter", "*)(|(objectClass=*" },
	{ "a page", "<script>alert(1)</script>&amp;" },
	{ "JSON", "\",\"roles\":[1],\"x\":\"" },
	{ "a template", "${jndi:ldap://127.0.0.1/a}{{7*7}}" },
	{ "a control character", "a\x01"
				 "b\x7f" },
	{ "turned in its direction", "a\xe2\x80\xae" /* NOLINT(misc-misleading-bidirectional) */
				     "b" },
	{ NULL, NULL },
};

const struct hostile_member hostile_members[HOSTILE_MEMBERS] = {
	{ "login", offsetof(struct au_target_account, login) },
	{ "label", offsetof(struct au_target_account, label) },
	{ "first_name", offsetof(struct au_target_account, first_name) },
	{ "last_name", offsetof(struct au_target_account, last_name) },
	{ "mail", offsetof(struct au_target_account, mail) },
};
