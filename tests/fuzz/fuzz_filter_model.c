/* SPDX-License-Identifier: ISC */
/*
 * Filters against a model: the bytes choose a user and a filter, whose text is written while its value is worked out
 * on plain structs: precedence without brackets, negations, value paths, values of lists, letter case.
 */
#include "tests/fuzz/fuzz.h"

#include "base/json.h"
#include "base/str.h"
#include "scim/filter.h"

#include <ctype.h>
#include <string.h>

#define EMAILS 3
#define DEEPEST 4

/* ---- the model ---- */

struct email {
	const char *value, *type; /* NULL = absent */
	int primary;              /* -1 = absent */
};
struct user {
	const char *name, *title, *external;
	int active; /* -1 = absent */
	struct email emails[EMAILS];
	unsigned count;
};

enum test_op { EQ, NE, CO, SW, EW, GT, GE, LT, LE, PR, OPS };
static const char *const op_words[] = { "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr" };
static const char *const texts[] = { "ab", "AB", "abc", "b", "Bob", "work", "a\"b", "zz" };

static bool
has_order(enum test_op op, int cmp)
{
	return op == EQ   ? cmp == 0
	       : op == NE ? cmp != 0
	       : op == GT ? cmp > 0
	       : op == GE ? cmp >= 0
	       : op == LT ? cmp < 0
			  : cmp <= 0;
}

static void
lower(const char *text, char out[16], bool exact)
{
	size_t i = 0;

	for (; text[i] != '\0'; i++)
		out[i] = exact ? text[i] : (char)tolower((unsigned char)text[i]);
	out[i] = '\0';
}

/* What is unassigned is not that value, and nothing else. */
static bool
text_fulfils(enum test_op op, const char *have_text, const char *want_text, bool exact)
{
	char have[16], want[16];
	size_t have_len, want_len;

	if (have_text == NULL || op == PR)
		return have_text == NULL ? op == NE : true;
	lower(have_text, have, exact);
	lower(want_text, want, exact);
	have_len = strlen(have);
	want_len = strlen(want);
	if (op == CO)
		return strstr(have, want) != NULL;
	if (op == SW)
		return have_len >= want_len && memcmp(have, want, want_len) == 0;
	if (op == EW)
		return have_len >= want_len && memcmp(have + have_len - want_len, want, want_len) == 0;
	return has_order(op, strcmp(have, want));
}

static bool
flag_fulfils(enum test_op op, int have, int want)
{
	if (have < 0 || op == PR)
		return have < 0 ? op == NE : true;
	return op == EQ ? have == want : have != want;
}

/* ---- writing filters ---- */

struct bytes {
	const uint8_t *data;
	size_t size;
};

static unsigned
take(struct bytes *b, unsigned below)
{
	if (b->size == 0)
		return 0;
	b->size--;
	return *b->data++ % below;
}

/*
 * Outside a value path there is one thing to be true or false of, the user; inside there are the addresses.  A value is
 * a bit for each of them.
 */
struct writer {
	struct bytes bytes;
	const struct user *user;
	struct au_str out;
	bool is_inside;
	unsigned depth;
};

static unsigned
everything(const struct writer *w)
{
	return w->is_inside ? (1u << w->user->count) - 1 : 1;
}

/* A word of the grammar, in any letter case. */
static void
put_word(struct writer *w, const char *word)
{
	bool upper = take(&w->bytes, 4) == 0;

	for (; *word != '\0'; word++)
		au_str_putc(&w->out, upper ? (char)toupper((unsigned char)*word) : *word);
}

/* " OP" and what it compares with. */
static const char *
put_text_test(struct writer *w, enum test_op op)
{
	const char *want = texts[take(&w->bytes, AU_COUNT(texts))];

	au_str_putc(&w->out, ' ');
	put_word(w, op_words[op]);
	if (op != PR) {
		au_str_putc(&w->out, ' ');
		au_str_json(&w->out, want);
	}
	return want;
}

static int
put_flag_test(struct writer *w, enum test_op op)
{
	int want = (int)take(&w->bytes, 2);

	au_str_putc(&w->out, ' ');
	put_word(w, op_words[op]);
	if (op != PR)
		au_str_put(&w->out, want ? " true" : " false");
	return want;
}

static enum test_op
flag_op(enum test_op op)
{
	return op == NE || op == PR ? op : EQ;
}

/* By sub-attribute: 0 value, 1 type, 2 primary. */
static bool
email_fulfils(const struct email *e, unsigned sub, enum test_op op, const char *text, int flag)
{
	if (sub == 2)
		return flag_fulfils(op, e->primary, flag);
	return text_fulfils(op, sub == 0 ? e->value : e->type, text, false);
}

static const char *const subs[] = { "value", "type", "primary" };

/* Each address by itself. */
static unsigned
put_inside_test(struct writer *w)
{
	unsigned sub = take(&w->bytes, 3), bits = 0;
	enum test_op op = (enum test_op)take(&w->bytes, OPS);
	const char *text = NULL;
	int flag = 0;

	put_word(w, subs[sub]);
	if (sub == 2)
		flag = put_flag_test(w, op = flag_op(op));
	else
		text = put_text_test(w, op);
	for (unsigned i = 0; i < w->user->count; i++)
		bits |= (unsigned)email_fulfils(&w->user->emails[i], sub, op, text, flag) << i;
	return bits;
}

/* True when it is of one of them; without any, it is of none. */
static unsigned
put_list_test(struct writer *w)
{
	static const struct email none = { NULL, NULL, -1 };
	unsigned sub = take(&w->bytes, 3);
	enum test_op op = (enum test_op)take(&w->bytes, OPS);
	const char *text = NULL;
	int flag = 0;
	bool any = false;

	put_word(w, "emails");
	au_str_printf(&w->out, ".%s", subs[sub]);
	if (sub == 2)
		flag = put_flag_test(w, op = flag_op(op));
	else
		text = put_text_test(w, op);
	if (w->user->count == 0)
		return email_fulfils(&none, sub, op, text, flag);
	for (unsigned i = 0; i < w->user->count; i++)
		any = any || email_fulfils(&w->user->emails[i], sub, op, text, flag);
	return any;
}

static unsigned
put_user_test(struct writer *w)
{
	static const char *const names[] = { "userName", "title", "externalId",
		"urn:ietf:params:scim:schemas:core:2.0:User:userName" };
	const char *const values[] = { w->user->name, w->user->title, w->user->external, w->user->name };
	unsigned which = take(&w->bytes, 7);
	enum test_op op = (enum test_op)take(&w->bytes, OPS);

	if (which < 4) {
		put_word(w, names[which]);
		return text_fulfils(op, values[which], put_text_test(w, op), which == 2);
	}
	if (which == 4) {
		put_word(w, "active");
		op = flag_op(op);
		return flag_fulfils(op, w->user->active, put_flag_test(w, op));
	}
	if (which == 5) {
		au_str_put(&w->out, "emails pr");
		return w->user->count > 0;
	}
	return put_list_test(w);
}

static unsigned put_or(struct writer *w);

static unsigned
put_value_path(struct writer *w)
{
	unsigned bits;

	au_str_put(&w->out, "emails[");
	w->is_inside = true;
	bits = put_or(w);
	w->is_inside = false;
	au_str_putc(&w->out, ']');
	return bits != 0;
}

static unsigned
put_factor(struct writer *w)
{
	unsigned which = w->depth < DEEPEST ? take(&w->bytes, 12) : 0, bits;

	if (which < 8)
		return w->is_inside ? put_inside_test(w) : put_user_test(w);
	if (which == 8 && !w->is_inside)
		return put_value_path(w);
	if (which < 11)
		put_word(w, "not ");
	au_str_putc(&w->out, '(');
	bits = put_or(w);
	au_str_putc(&w->out, ')');
	return which < 11 ? everything(w) & ~bits : bits;
}

/* Mostly none: in a long filter one wrong test seldom shows. */
static unsigned
take_more(struct writer *w)
{
	unsigned more = take(&w->bytes, 8);

	return more < 5 ? 0 : more - 4;
}

static unsigned
put_and(struct writer *w)
{
	unsigned bits = put_factor(w);

	for (unsigned more = take_more(w); more > 0; more--) {
		put_word(w, " and ");
		bits &= put_factor(w);
	}
	return bits;
}

static unsigned
put_or(struct writer *w)
{
	unsigned bits;

	w->depth++;
	bits = put_and(w);
	for (unsigned more = take_more(w); more > 0; more--) {
		put_word(w, " or ");
		bits |= put_and(w);
	}
	w->depth--;
	return bits;
}

/* ---- both beside each other ---- */

static const char *
take_text(struct bytes *b)
{
	unsigned which = take(b, AU_COUNT(texts) + 1);

	return which < AU_COUNT(texts) ? texts[which] : NULL;
}

static struct user
take_user(struct bytes *b)
{
	struct user u = { .name = texts[take(b, AU_COUNT(texts))], .title = take_text(b), .external = take_text(b) };

	u.active = (int)take(b, 3) - 1;
	u.count = take(b, EMAILS + 1);
	for (unsigned i = 0; i < u.count; i++)
		u.emails[i] = (struct email){ texts[take(b, AU_COUNT(texts))], take_text(b), (int)take(b, 3) - 1 };
	return u;
}

static void
set_text(json_t *object, const char *name, const char *text)
{
	if (text != NULL)
		json_object_set_new(object, name, json_string(text));
}

static void
set_flag(json_t *object, const char *name, int flag)
{
	if (flag >= 0)
		json_object_set_new(object, name, json_boolean(flag));
}

static json_t *
user_json(const struct user *u)
{
	json_t *doc = json_object(), *emails = json_array();

	set_text(doc, "userName", u->name);
	set_text(doc, "title", u->title);
	set_text(doc, "externalId", u->external);
	set_flag(doc, "active", u->active);
	for (unsigned i = 0; i < u->count; i++) {
		json_t *email = json_object();

		set_text(email, "value", u->emails[i].value);
		set_text(email, "type", u->emails[i].type);
		set_flag(email, "primary", u->emails[i].primary);
		json_array_append_new(emails, email);
	}
	if (u->count > 0)
		json_object_set(doc, "emails", emails);
	json_decref(emails);
	return doc;
}

static void
try_filter(struct writer *w, struct au_arena *arena, const json_t *doc)
{
	static const struct au_filter_limits limits = { .max_length = 65536, .max_depth = 32 };
	struct au_filter_subject subject = { .resource = doc, .scratch = arena };
	struct au_fault fault = { AU_FAULT_NONE, "" };
	const struct au_filter *filter;
	bool want = put_or(w) != 0;

	if (au_filter_parse(arena, &au_type_user, &limits, au_str_get(&w->out), &filter, &fault) != 0) {
		fprintf(stderr, "%s: %s\n", au_str_get(&w->out), fault.detail);
		HOLDS(!"it parses");
	}
	if (au_filter_match(filter, &subject) != want) {
		fprintf(stderr, "%s\nis not %d of %s\n", au_str_get(&w->out), want, json_dumps(doc, 0));
		HOLDS(!"the model agrees");
	}
	au_str_done(&w->out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writer w = { .bytes = { data, size }, .out = AU_STR_INIT };
	struct user user = take_user(&w.bytes);
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *doc = user_json(&user);

	w.user = &user;
	do
		try_filter(&w, arena, doc);
	while (w.bytes.size > 0 && size <= 1000);
	return 0;
}
