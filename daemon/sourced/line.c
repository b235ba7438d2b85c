/* SPDX-License-Identifier: ISC */
/*
 * After each wake-up ldap_result is called until it has nothing whole left:
 * several messages may sit in one TLS record or in the read-ahead buffer, where
 * the socket does not show them.  A cap per wake-up keeps the loop fair.
 */
#include "sourced/line.h"

#include "base/clock.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>

#define MESSAGES_PER_WAKE 512
#define GULP_APART_US 500
#define CLOCK_TICK_MS 250
#define UNASKED_MAX 32 /* libldap loses some memory for each */

struct request {
	int id;
	int last;                     /* type of the message that ends it */
	int64_t timeout_ms, deadline; /* deadline 0 = none */
	au_line_answer *answer;
	void *ctx;
	struct request *next;
};

struct au_line {
	LDAP *ld;
	struct event *readable, *writable, *gulp, *tick;
	struct request *requests;
	const struct au_line_events *events;
	void *ctx;
	unsigned unasked;   /* messages of the server's own */
	const char *always; /* OID of a control; may be NULL */
	bool paused, held, bulk, failed;
};

static bool
is_waiting(const struct au_line *line)
{
	return line->paused || line->held;
}

static struct request **
find(struct au_line *line, int id)
{
	struct request **at = &line->requests;

	while (*at != NULL && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

static void
drop(struct request **at)
{
	struct request *gone = *at;

	if (gone == NULL)
		return;
	*at = gone->next;
	free(gone);
}

static void
renew(struct request *request)
{
	request->deadline = request->timeout_ms > 0 ? au_clock_mono_ms() + request->timeout_ms : 0;
}

void
au_line_fail(struct au_line *line, const struct au_fault *fault)
{
	if (line->failed)
		return;
	line->failed = true;
	event_del(line->readable);
	event_del(line->writable);
	event_del(line->gulp);
	event_del(line->tick);
	line->events->failed(line->ctx, fault);
}

static void
fail_code(struct au_line *line, int code, const char *doing, const char *detail)
{
	struct au_fault fault;

	au_line_fail(line, au_fault_from_code(&fault, code, doing, detail));
}

static int
last_code(LDAP *ld)
{
	int code = LDAP_SERVER_DOWN;

	ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &code);
	return code != LDAP_SUCCESS ? code : LDAP_SERVER_DOWN;
}

/* liblber calls what it was told not to take out of range; to libldap that is a lost connection like any other. */
static void
fail_reading(struct au_line *line, int error)
{
	struct au_fault fault;

	if (error == ERANGE)
		au_line_fail(
		    line, au_fault_set(&fault, AU_FAULT_PARTIAL,
			      "the server sends a message larger than max_message; a group comes as one, some 60 "
			      "bytes for each member"));
	else
		fail_code(line, last_code(line->ld), "connection", NULL);
}

/* Message 0 is the server's own: a notice of disconnection (RFC 4511 section 4.4.1) or something we do not know. */
static void
unsolicited(struct au_line *line, LDAPMessage *message)
{
	char *text = NULL;
	int code = LDAP_SUCCESS;

	if (ldap_parse_result(line->ld, message, &code, NULL, &text, NULL, NULL, 0) == LDAP_SUCCESS &&
	    code != LDAP_SUCCESS)
		fail_code(line, code, "the server ends the connection", text);
	else if (++line->unasked > UNASKED_MAX)
		fail_code(line, LDAP_PROTOCOL_ERROR, "too many messages that nobody asked for", NULL);
	ldap_memfree(text);
}

static bool
is_last(int type)
{
	return type != LDAP_RES_SEARCH_ENTRY && type != LDAP_RES_SEARCH_REFERENCE && type != LDAP_RES_INTERMEDIATE;
}

static bool
is_answer(const struct request *request, int type)
{
	return type == request->last || (request->last == LDAP_RES_SEARCH_RESULT && !is_last(type));
}

static void
dispatch(struct au_line *line, LDAPMessage *message)
{
	int id = ldap_msgid(message), type = ldap_msgtype(message);
	struct request **at = find(line, id);

	if (id == 0) {
		unsolicited(line, message);
		return;
	}
	if (*at == NULL)
		return; /* abandoned meanwhile */
	if (!is_answer(*at, type)) {
		struct au_fault fault;
		au_line_fail(line,
		    au_fault_set(&fault, AU_FAULT_REACH, "the server sent a message of type 0x%02x in place of 0x%02x",
			(unsigned)type, (unsigned)(*at)->last));
		return;
	}
	au_line_answer *answer = (*at)->answer;
	void *ctx = (*at)->ctx;
	if (is_last(type))
		drop(at);
	else
		renew(*at);
	answer(ctx, message, type);
}

static void
pump(struct au_line *line)
{
	for (int i = 0; i < MESSAGES_PER_WAKE; i++) {
		struct timeval none = { 0, 0 };
		LDAPMessage *message = NULL;
		errno = 0;
		int rc = ldap_result(line->ld, LDAP_RES_ANY, LDAP_MSG_ONE, &none, &message);
		if (rc < 0)
			fail_reading(line, errno);
		else if (rc > 0)
			dispatch(line, message);
		ldap_msgfree(message);
		if (line->failed || is_waiting(line))
			return;
		if (rc == 0) {
			line->events->drained(line->ctx);
			return;
		}
	}
	event_active(line->readable, EV_READ, 0);
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct au_line *line = arg;

	(void)fd;
	(void)what;
	if (line->failed || is_waiting(line))
		return;
	pump(line);
	if (line->bulk && !line->failed && !is_waiting(line)) {
		static const struct timeval apart = { 0, GULP_APART_US };
		event_del(line->readable);
		event_add(line->gulp, &apart);
	}
}

static void
on_gulp(evutil_socket_t fd, short what, void *arg)
{
	struct au_line *line = arg;

	(void)fd;
	(void)what;
	if (line->failed || is_waiting(line))
		return;
	event_add(line->readable, NULL);
	on_readable(-1, EV_READ, line);
}

/* A request that did not fit the socket is flushed by ldap_result. */
static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	on_readable(fd, what, arg);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct au_line *line = arg;
	int64_t now = au_clock_mono_ms();
	struct au_fault fault;

	(void)fd;
	(void)what;
	if (is_waiting(line))
		return;
	for (struct request *r = line->requests; r != NULL; r = r->next)
		if (r->deadline != 0 && now > r->deadline) {
			au_line_fail(line, au_fault_set(&fault, AU_FAULT_REACH,
					       "the server did not answer within %lld ms", (long long)r->timeout_ms));
			return;
		}
}

struct au_line *
au_line_new(struct event_base *base, LDAP *ld, int fd, const struct au_line_events *events, void *ctx)
{
	static const struct timeval tick = { 0, CLOCK_TICK_MS * 1000 };
	struct au_line *line = au_xcalloc(1, sizeof(*line));

	*line = (struct au_line){ .ld = ld, .events = events, .ctx = ctx };
	line->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, line);
	line->writable = event_new(base, fd, EV_WRITE, on_writable, line);
	line->gulp = evtimer_new(base, on_gulp, line);
	line->tick = event_new(base, -1, EV_PERSIST, on_tick, line);
	event_add(line->readable, NULL);
	event_add(line->tick, &tick);
	return line;
}

void
au_line_free(struct au_line *line)
{
	if (line == NULL)
		return;
	event_free(line->readable);
	event_free(line->writable);
	event_free(line->gulp);
	event_free(line->tick);
	ldap_unbind_ext(line->ld, NULL, NULL);
	while (line->requests != NULL)
		drop(&line->requests);
	free(line);
}

LDAP *
au_line_handle(struct au_line *line)
{
	return line->ld;
}

void
au_line_expect(struct au_line *line, int message_id, int last, int64_t timeout_ms, au_line_answer *answer, void *ctx)
{
	struct request *request = au_xcalloc(1, sizeof(*request));

	*request = (struct request){ .id = message_id,
		.last = last,
		.timeout_ms = timeout_ms,
		.answer = answer,
		.ctx = ctx,
		.next = line->requests };
	renew(request);
	line->requests = request;
	event_add(line->writable, NULL);
}

void
au_line_always(struct au_line *line, const char *oid)
{
	line->always = oid;
}

static size_t
count(LDAPControl **controls)
{
	size_t n = 0;

	while (controls != NULL && controls[n] != NULL)
		n++;
	return n;
}

/* The controls of a search and the one that always goes along.  Caller frees. */
static LDAPControl **
with_always(const struct au_line *line, LDAPControl **controls, LDAPControl *always)
{
	size_t n = count(controls);
	LDAPControl **all = au_xcalloc(n + 2, sizeof(LDAPControl *));

	for (size_t i = 0; i < n; i++)
		all[i] = controls[i];
	if (line->always != NULL) {
		always->ldctl_oid = (char *)(uintptr_t)line->always;
		all[n] = always;
	}
	return all;
}

int
au_line_search(struct au_line *line, const struct au_line_search *search, au_line_answer *answer, void *ctx)
{
	LDAPControl always = { 0 };
	int id = 0;

	if (line->failed)
		return 0;
	AU_CLEANUP(au_freep) LDAPControl **controls = with_always(line, search->controls, &always);
	int rc = ldap_search_ext(line->ld, search->base, search->scope, search->filter,
	    (char **)(uintptr_t)search->attributes, 0, controls, NULL, NULL,
	    search->most > 0 ? search->most : LDAP_NO_LIMIT, &id);
	if (search->is_foreign && (rc == LDAP_FILTER_ERROR || rc == LDAP_ENCODING_ERROR))
		return AU_LINE_UNSENT;
	if (rc != LDAP_SUCCESS) {
		fail_code(line, rc, "search", NULL);
		return 0;
	}
	au_line_expect(line, id, LDAP_RES_SEARCH_RESULT, search->timeout_ms, answer, ctx);
	return id;
}

void
au_line_patience(struct au_line *line, int message_id, int64_t timeout_ms)
{
	struct request *request = *find(line, message_id);

	if (request == NULL)
		return;
	request->timeout_ms = timeout_ms;
	renew(request);
}

void
au_line_abandon(struct au_line *line, int message_id)
{
	struct request **at = find(line, message_id);

	if (*at == NULL)
		return;
	drop(at);
	ldap_abandon_ext(line->ld, message_id, NULL, NULL);
}

static void
set_waiting(struct au_line *line, bool *reason, bool value)
{
	bool was = is_waiting(line);

	if (line->failed)
		return;
	*reason = value;
	if (is_waiting(line) == was)
		return;
	if (!was) {
		event_del(line->readable);
		event_del(line->writable);
		event_del(line->gulp);
		return;
	}
	/* Messages may wait in buffers that the socket does not show; and time has not been counted. */
	for (struct request *r = line->requests; r != NULL; r = r->next)
		renew(r);
	event_add(line->readable, NULL);
	event_active(line->readable, EV_READ, 0);
}

void
au_line_pause(struct au_line *line, bool paused)
{
	set_waiting(line, &line->paused, paused);
}

void
au_line_hold(struct au_line *line, bool held)
{
	set_waiting(line, &line->held, held);
}

void
au_line_bulk(struct au_line *line, bool bulk)
{
	line->bulk = bulk;
}
