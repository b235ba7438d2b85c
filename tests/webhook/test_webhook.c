/* SPDX-License-Identifier: ISC */
/*
 * A ticket system over TLS that checks each signature by itself, by the real helper: it fails, is silent, is not there,
 * and in the end has been told everything in its order.
 */
#include "tests/http/pki.h"
#include "tests/unit.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/rand.h"
#include "http/server.h"
#include "reconcile/announce.h"
#include "settings/rows.h"
#include "store/delivery.h"
#include "store/work.h"
#include "webhook/webhook.h"

#include <event2/event.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
#define SECOND_KEY "////////////////////////////////"
#define DEADLINE_MS 60000
#define SEEN_MOST 64

struct seen {
	long long work, sequence;
	char type[32], id[64];
	bool signed_by_first, signed_by_second;
	bool taken;
};

struct scene {
	char folder[40], certificate[64], key[64], ca[64], first[64], second[64];
	struct au_arena *arena;
	struct au_settings settings;
	struct au_describe plain, discreet;
	struct au_target_block targets[2];
	struct event_base *base;
	struct au_store *store;
	struct au_webhook *webhook;
	struct au_http_server *server;
	int port;
	int failures; /* so many requests are refused yet, */
	int refusal;  /* with this status; 0: they are never answered */
	struct au_http_exchange *unanswered[8];
	size_t unanswered_count;
	struct seen seen[SEEN_MOST];
	size_t seen_count;
};

/* ---- the ticket system --------------------------------------------------------------- */

/* By OpenSSL, and by the words of the manual page. */
static bool
is_signed(const char *base64, const char *id, const char *time, const char *body, size_t len, const char *signatures)
{
	unsigned char key[64], mac[32];
	char text[64] = "v1,";
	unsigned mac_len = sizeof(mac);
	AU_CLEANUP(au_freep) char *head = au_xasprintf("%s.%s.", id, time);
	AU_CLEANUP(au_freep) char *all = au_xcalloc(1, strlen(head) + len + 1);
	int key_len = EVP_DecodeBlock(key, (const unsigned char *)base64, (int)strlen(base64));

	memcpy(all, head, strlen(head));
	memcpy(all + strlen(head), body, len);
	assert_non_null(
	    HMAC(EVP_sha256(), key, key_len, (const unsigned char *)all, strlen(head) + len, mac, &mac_len));
	EVP_EncodeBlock((unsigned char *)text + 3, mac, (int)mac_len);
	return strstr(signatures, text) != NULL;
}

static void
on_request(void *ctx, struct au_http_exchange *x)
{
	struct scene *s = ctx;
	struct seen *seen = &s->seen[s->seen_count++];
	const char *id = au_http_header(x, "webhook-id"), *time = au_http_header(x, "webhook-timestamp");
	const char *signatures = au_http_header(x, "webhook-signature"), *body;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	size_t len = 0;

	assert_true(s->seen_count < SEEN_MOST);
	*seen = (struct seen){ 0 };
	body = au_http_body(x, &len);
	assert_string_equal(au_http_method(x), "POST");
	assert_string_equal(au_http_path(x), "/hook");
	assert_non_null(id);
	assert_non_null(time);
	assert_non_null(signatures);
	assert_true(llabs(strtoll(time, NULL, 10) - (long long)au_clock_wall_ms() / 1000) < 300);
	json = json_loadb(body, len, 0, NULL);
	assert_non_null(json);
	snprintf(seen->id, sizeof(seen->id), "%s", id);
	snprintf(seen->type, sizeof(seen->type), "%s", au_json_get_str(json, "type"));
	seen->sequence = au_json_get_int(json, "sequence");
	seen->work = au_json_get_int(json_object_get(json, "data"), "id");
	seen->signed_by_first = is_signed(FIRST_KEY, id, time, body, len, signatures);
	seen->signed_by_second = is_signed(SECOND_KEY, id, time, body, len, signatures);
	assert_null(strstr(body, "\"want\""));
	if (s->failures > 0 && s->refusal == 0) {
		s->failures--;
		s->unanswered[s->unanswered_count++] = x;
		return;
	}
	if (s->failures > 0) {
		s->failures--;
		if (s->refusal == 302)
			au_http_set(x, "Location", "/elsewhere");
		au_http_reply(x, s->refusal, NULL, NULL, 0);
		return;
	}
	seen->taken = true;
	au_http_reply(x, 200, "application/json", "{\"ticket\":\"INC7\"}", strlen("{\"ticket\":\"INC7\"}"));
}

static void
open_system(struct scene *s)
{
	AU_CLEANUP(au_freep) char *key = au_xasprintf("file:%s", s->key);
	AU_CLEANUP(au_freep) char *at = au_xasprintf("127.0.0.1:%d", s->port);
	struct au_http_config config = { .max_head = 16384,
		.max_body = 1 << 20,
		.max_headers = 100,
		.max_connections = 100,
		.max_per_peer = 100,
		.head_timeout_ms = 60000,
		.body_timeout_ms = 60000,
		.idle_timeout_ms = 60000,
		.write_timeout_ms = 60000,
		.tls_certificate = s->certificate,
		.tls_key = key };
	struct au_err err = { 0 };

	if (au_http_server_new(s->base, &config, on_request, s, &s->server, &err) != 0 ||
	    au_http_listen(s->server, at, &s->port, &err) != 0)
		fail_msg("%s", err.text);
}

static void
close_system(struct scene *s)
{
	for (size_t i = 0; i < s->unanswered_count; i++)
		au_http_reply(s->unanswered[i], 500, NULL, NULL, 0);
	s->unanswered_count = 0;
	au_http_server_free(s->server);
	s->server = NULL;
}

/* ---- the daemon ------------------------------------------------------------------------ */

static void
set(struct au_values *values, const char *name, const char *text)
{
	bool is_number = text[strspn(text, "0123456789")] == '\0';
	AU_CLEANUP(au_json_decrefp)
	json_t *value = is_number ? json_integer(strtoll(text, NULL, 10)) : json_string(text);
	struct au_err err = { 0 };

	if (au_values_set(values, name, value, &err) != 0)
		fail_msg("%s: %s", name, err.text);
}

static void
open_daemon(struct scene *s)
{
	static const unsigned char audit_key[32] = { 1 };
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/state", s->folder);
	const struct au_store_config config = { .backend = "sqlite", .path = path, .audit_key = audit_key };
	struct au_err err = { 0 };

	if (au_store_open(s->base, &config, &s->store, &err) != 0)
		fail_msg("%s", err.text);
	s->webhook = au_webhook_new(s->base, s->store, &s->settings);
}

static void
close_daemon(struct scene *s)
{
	au_webhook_stop(s->webhook);
	au_store_close(s->store);
	au_webhook_free(s->webhook);
	s->webhook = NULL;
	s->store = NULL;
}

static void
configure(struct scene *s)
{
	AU_CLEANUP(au_freep) char *url = au_xasprintf("https://127.0.0.1:%d/hook", s->port);
	AU_CLEANUP(au_freep) char *first = au_xasprintf("file:%s", s->first);
	AU_CLEANUP(au_freep) char *second = au_xasprintf("file:%s", s->second);

	set(s->settings.daemon, "helper_dir", "daemon/fetchd");
	set(s->settings.webhook, "url", url);
	set(s->settings.webhook, "key", first);
	set(s->settings.webhook, "second_key", second);
	set(s->settings.webhook, "ca_file", s->ca);
	set(s->settings.webhook, "retry_base", "1ms");
	set(s->settings.webhook, "retry_cap", "20ms");
}

static void
write_key_file(const char *path, const char *base64)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	fprintf(file, "whsec_%s\n", base64);
	fclose(file);
}

static int
set_up(void **state)
{
	struct scene *s = au_xcalloc(1, sizeof(*s));
	struct pki ca = pki_make(NULL, "an authority", NULL, 3600);
	struct pki server = pki_make(&ca, "127.0.0.1", "IP:127.0.0.1", 3600);

	snprintf(s->folder, sizeof(s->folder), "/tmp/apiuserd-hook-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->ca, sizeof(s->ca), "%s/ca", s->folder);
	snprintf(s->certificate, sizeof(s->certificate), "%s/cert", s->folder);
	snprintf(s->key, sizeof(s->key), "%s/key", s->folder);
	snprintf(s->first, sizeof(s->first), "%s/first", s->folder);
	snprintf(s->second, sizeof(s->second), "%s/second", s->folder);
	pki_write_certificate(&ca, s->ca);
	pki_write_certificate(&server, s->certificate);
	pki_write_key(&server, s->key);
	pki_done(&ca);
	pki_done(&server);
	write_key_file(s->first, FIRST_KEY);
	write_key_file(s->second, SECOND_KEY);
	s->arena = au_arena_new();
	s->base = event_base_new();
	open_system(s);
	s->discreet.caps = AU_CAP_DISCREET;
	s->targets[0] = (struct au_target_block){ .block = { .name = "desk" }, .describe = &s->plain };
	s->targets[1] = (struct au_target_block){ .block = { .name = "hr" }, .describe = &s->discreet };
	s->settings = (struct au_settings){ .references = 1,
		.daemon = au_values_new(au_daemon_rows),
		.webhook = au_values_new(au_webhook_rows),
		.targets = s->targets,
		.target_count = 2 };
	configure(s);
	open_daemon(s);
	*state = s;
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *s = *state;
	AU_CLEANUP(au_freep) char *remove = au_xasprintf("rm -r '%s'", s->folder);

	if (s->store != NULL)
		close_daemon(s);
	if (s->server != NULL)
		close_system(s);
	event_base_free(s->base);
	au_values_free(s->settings.daemon);
	au_values_free(s->settings.webhook);
	au_arena_free(s->arena);
	assert_int_equal(system(remove), 0);
	free(s);
	return 0;
}

/* ---- what happens ------------------------------------------------------------------------ */

struct change {
	long long work; /* 0: a new order, and then its number */
	const char *target, *type;
};

static int
change_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct change *change = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_freep) char *account = au_xasprintf("a%lld", (long long)random());
	struct au_work work = { .account_id = account,
		.apiuser_id = "u1",
		.target = change->target,
		.login = "crm",
		.op = AU_STEP_DELETE,
		.lane = AU_LANE_DESTRUCTIVE,
		.state = AU_WORK_OPEN,
		.digest = "d",
		.want = "{\"hidden\":1}",
		.text = "{\"title\":\"Delete\"}",
		.reason = "gone" };
	int rc = change->work == 0 ? au_store_work_add(tx, &work, &work.id, err)
				   : au_store_work_get(tx, arena, change->work, &work, err);

	change->work = work.id;
	return rc < 0 ? rc : au_announce_work(tx, &work, change->type, (long long)au_clock_wall_ms(), err);
}

static void
run(struct scene *s, au_store_work *work, void *arg)
{
	struct au_err err = { 0 };

	if (au_store_run(s->store, work, arg, &err) != 0)
		fail_msg("%s", err.text);
}

static long long
change(struct scene *s, long long work, const char *target, const char *type)
{
	struct change change = { work, target, type };

	run(s, change_work, &change);
	return change.work;
}

static int
count_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	return au_store_delivery_count(tx, arena, arg, err);
}

static struct au_delivery_counts
counts(struct scene *s)
{
	struct au_delivery_counts counts = { 0 };

	run(s, count_work, &counts);
	counts.problem = NULL; /* its memory is gone */
	return counts;
}

/* Turns the loop until so many documents wait and so many were given up. */
static void
wait_until(struct scene *s, long long waiting, long long given_up)
{
	int64_t end_ms = au_clock_mono_ms() + DEADLINE_MS;
	struct timeval tick = { 0, 20000 };

	while (au_clock_mono_ms() < end_ms) {
		struct au_delivery_counts now = counts(s);
		if (now.waiting == waiting && now.given_up == given_up)
			return;
		event_base_loopexit(s->base, &tick);
		event_base_dispatch(s->base);
	}
	fail_msg("%lld wait still", counts(s).waiting);
}

static void
wait_for_requests(struct scene *s, size_t requests)
{
	int64_t end_ms = au_clock_mono_ms() + DEADLINE_MS;

	while (s->seen_count < requests && au_clock_mono_ms() < end_ms)
		event_base_loop(s->base, EVLOOP_ONCE);
	assert_true(s->seen_count >= requests);
}

/* What was taken of one order, in the order in which it was: "open claim". */
static const char *
told_of(struct scene *s, long long work)
{
	const char *told = "";

	for (size_t i = 0; i < s->seen_count; i++)
		if (s->seen[i].taken && s->seen[i].work == work)
			told = au_arena_printf(s->arena, "%s%s%s", told, *told != '\0' ? " " : "", s->seen[i].type);
	return told;
}

static int
ticket_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_work work;
	int rc = au_store_work_get(tx, arena, *(long long *)arg, &work, err);

	if (rc == 0)
		*(long long *)arg = work.ticket != NULL && strcmp(work.ticket, "INC7") == 0;
	return rc;
}

/* ---- tests ---------------------------------------------------------------------------------- */

static void
each_change_is_told_once_signed_and_in_its_order(void **state)
{
	struct scene *s = *state;
	long long one = change(s, 0, "desk", "work.open"), two = change(s, 0, "desk", "work.open"), has_ticket = one;

	change(s, one, "desk", "work.claim");
	change(s, one, "desk", "work.complete");
	assert_int_equal(counts(s).waiting, 4);
	change(s, 0, "hr", "work.open"); /* shown to few people, and told to nobody */
	assert_int_equal(counts(s).waiting, 4);
	wait_until(s, 0, 0);
	assert_int_equal(s->seen_count, 4);
	assert_string_equal(told_of(s, one), "work.open work.claim work.complete");
	assert_string_equal(told_of(s, two), "work.open");
	for (size_t i = 0; i < s->seen_count; i++) {
		assert_true(s->seen[i].signed_by_first);
		assert_true(s->seen[i].signed_by_second);
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(s->seen[i].id, s->seen[k].id);
			assert_true(s->seen[i].work != s->seen[k].work || s->seen[i].sequence > s->seen[k].sequence);
		}
	}
	run(s, ticket_work, &has_ticket);
	assert_int_equal(has_ticket, 1);
}

static void
what_was_refused_comes_again_as_the_same(void **state)
{
	static const int refusals[] = { 500, 429, 302, 404 };
	struct scene *s = *state;
	long long one;

	for (size_t i = 0; i < AU_COUNT(refusals); i++) {
		s->failures = 3;
		s->refusal = refusals[i];
		s->seen_count = 0;
		one = change(s, 0, "desk", "work.open");
		change(s, one, "desk", "work.claim");
		wait_until(s, 0, 0);
		assert_string_equal(told_of(s, one), "work.open work.claim");
		assert_int_equal(s->seen_count, 5);
		for (size_t k = 1; k < 4; k++)
			assert_string_equal(s->seen[k].id, s->seen[0].id);
	}
}

static void
who_is_silent_is_asked_again(void **state)
{
	struct scene *s = *state;

	set(s->settings.webhook, "timeout", "1s");
	s->failures = 1;
	s->refusal = 0;
	change(s, 0, "desk", "work.open");
	wait_until(s, 0, 0);
	assert_true(s->seen_count >= 2); /* more, where a slow machine's answer came too late as well */
	assert_false(s->seen[0].taken);
	assert_true(s->seen[s->seen_count - 1].taken);
	assert_string_equal(s->seen[0].id, s->seen[s->seen_count - 1].id);
}

/* Killed between the commit and the sending, and while the ticket system was not there. */
static void
nothing_is_forgotten_over_deaths_on_either_side(void **state)
{
	struct scene *s = *state;
	long long one = change(s, 0, "desk", "work.open");

	close_daemon(s);
	close_system(s);
	assert_int_equal(s->seen_count, 0);
	open_daemon(s);
	change(s, one, "desk", "work.claim");
	for (int i = 0; i < 5; i++) {
		struct timeval tick = { 0, 20000 };
		event_base_loopexit(s->base, &tick);
		event_base_dispatch(s->base);
	}
	assert_int_equal(counts(s).waiting, 2);
	open_system(s);
	wait_until(s, 0, 0);
	assert_string_equal(told_of(s, one), "work.open work.claim");
	/* It had the document, and died before it said so. */
	s->failures = 1;
	s->refusal = 0;
	s->seen_count = 0;
	change(s, one, "desk", "work.complete");
	wait_for_requests(s, 1);
	close_daemon(s);
	open_daemon(s);
	wait_until(s, 0, 0);
	assert_string_equal(told_of(s, one), "work.complete");
	assert_string_equal(s->seen[0].id, s->seen[1].id);
}

static int
again_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_announce_again(tx, (long long)au_clock_wall_ms(), arg, err);
}

static void
what_nobody_takes_is_given_up_aloud(void **state)
{
	struct scene *s = *state;
	long long one, waiting = 0;

	close_daemon(s);
	set(s->settings.webhook, "give_up", "1s");
	set(s->settings.webhook, "retry_base", "1s");
	set(s->settings.webhook, "retry_cap", "1s");
	set(s->settings.webhook, "max_waiting", "1");
	open_daemon(s);
	s->failures = SEEN_MOST;
	s->refusal = 503;
	one = change(s, 0, "desk", "work.open");
	assert_int_equal(counts(s).waiting, 1);
	change(s, one, "desk", "work.claim");
	assert_int_equal(counts(s).lost, 1);
	wait_until(s, 0, 1);
	s->failures = 0;
	run(s, again_work, &waiting);
	assert_int_equal(waiting, 1);
	assert_int_equal(counts(s).lost, 1); /* there is room for one only, and it is said so again */
	wait_until(s, 0, 0);
	assert_string_equal(told_of(s, one), "work.open");
	run(s, again_work, &waiting);
	wait_until(s, 0, 0);
	assert_string_equal(told_of(s, one), "work.open work.state");
	assert_int_equal(counts(s).lost, 0);
}

#define WEBHOOK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		WEBHOOK_TEST(each_change_is_told_once_signed_and_in_its_order),
		WEBHOOK_TEST(what_was_refused_comes_again_as_the_same),
		WEBHOOK_TEST(who_is_silent_is_asked_again),
		WEBHOOK_TEST(nothing_is_forgotten_over_deaths_on_either_side),
		WEBHOOK_TEST(what_nobody_takes_is_given_up_aloud),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
