/* SPDX-License-Identifier: ISC */
/* Set-up shared by the tests of the Automation Anywhere plugin. */
#include "room.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/rand.h"
#include "targetd/plugin_host.h"
#include "targetd/plugin_load.h"
#include "wire/call.h"

#include "tests/unit.h"

#include <string.h>

#define EPOCH_S 1700000000LL

static void
load(struct room *room)
{
	char *path =
	    au_xasprintf("%s/plugins/automation-anywhere/.libs/automation-anywhere.so", getenv("top_builddir"));
	struct au_err err;

	if (au_plugin_load(path, &room->plugin, &err) != 0)
		fail_msg("%s", err.text);
	room->table = &room->plugin->table;
	free(path);
}

static void
close_session(struct room *room)
{
	if (room->session != NULL)
		room->table->close(room->session);
	room->session = NULL;
	au_values_free(room->values);
	room->values = NULL;
}

int
room_try_open(struct room *room, json_t *options)
{
	json_t *all = json_pack("{s:s, s:i, s:s}", "username", "api-admin", "request_limit", 0, "timeout", "2s");
	const char *name;
	json_t *value;
	int r = 0;

	close_session(room);
	json_object_set_new(all, "url", json_sprintf("http://127.0.0.1:%u", fake_port(room->fake)));
	if (json_object_get(options, "api_key") == NULL && json_object_get(options, "no_password") == NULL)
		json_object_set_new(all, "password", json_string(ROOM_PASSWORD));
	json_object_del(options, "no_password");
	json_object_update(all, options);
	room->values = au_values_new(room->table->instance_opts);
	json_object_foreach (all, name, value) {
		if (r == 0)
			r = au_values_set(room->values, name, value, &room->err);
	}
	json_decref(all);
	json_decref(options);
	if (r == 0)
		r = room->table->open(au_plugin_host("test", room->mask), room->values, &room->session, &room->err);
	return r;
}

void
room_open(struct room *room, json_t *options)
{
	if (room_try_open(room, options) != 0)
		fail_msg("%s", room->err.text);
}

int
room_start(void **state)
{
	struct room *room = au_xcalloc(1, sizeof(*room));

	au_rand_init();
	au_clock_fake_set(EPOCH_S * 1000, 1000000);
	room->fake = fake_start();
	room->mask = au_mask_new();
	room->accounts = json_array();
	load(room);
	room_open(room, json_object());
	*state = room;
	return 0;
}

int
room_stop(void **state)
{
	struct room *room = *state;

	fake_check(room->fake);
	close_session(room);
	fake_stop(room->fake);
	au_plugin_free(room->plugin);
	au_mask_free(room->mask);
	json_decref(room->accounts);
	free(room->text);
	free(room);
	au_clock_real();
	return 0;
}

/* A token in the form of a JSON Web Token with twenty minutes of life; nobody checks its signature. */
static char *
token(int number)
{
	char *payload = au_xasprintf("{\"sub\":\"%d\",\"iat\":%lld,\"exp\":%lld}", number, EPOCH_S, EPOCH_S + 1200);
	char *encoded = au_base64url(payload, strlen(payload));
	char *whole = au_xasprintf("eyJhbGciOiJSUzUxMiJ9.%s.c2lnbmF0dXJl", encoded);

	free(payload);
	free(encoded);
	return whole;
}

void
room_login(struct room *room, int number)
{
	char *text = token(number);
	char *body = au_xasprintf("{\"token\":\"%s\",\"user\":{\"id\":9}}", text);

	room_answer(room, "POST", "/v1/authentication", 200, body);
	free(body);
	free(text);
}

void
room_answer(struct room *room, const char *method, const char *path, int status, const char *body)
{
	fake_expect(room->fake, &(struct fake_step){ .method = method, .path = path, .status = status, .body = body });
}

void
room_used_token(struct room *room, size_t request, int number)
{
	char *text = token(number);
	const char *came = au_json_get_str(fake_seen(room->fake, request), "token");

	assert_non_null(came);
	assert_string_equal(came, text);
	free(text);
}

char *
room_user(int id, const char *name, json_t *more)
{
	json_t *user = json_pack(
	    "{s:i, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:b, s:b, s:b, s:s, s:[s], s:[{s:i, s:s, s:i}], "
	    "s:[{s:i}], s:[{s:i}], s:s, s:b}",
	    "id", id, "username", name, "domain", "", "firstName", "API", "lastName", "CRM", "email", "a@example.com",
	    "version", 3, "principalId", id, "enableAutoLogin", 1, "disabled", 0, "emailVerified", 1, "description", "",
	    "licenseFeatures", "RUNTIME", "roles", "id", 2, "name", "AAE_Basic", "version", 0, "sysAssignedRoles", "id",
	    99, "permissions", "id", 77, "createdOn", "2024-03-01T08:00:00Z", "deleted", 0);
	char *text;

	assert_non_null(user);
	if (more != NULL)
		json_object_update(user, more);
	json_decref(more);
	text = au_json_text(user);
	json_decref(user);
	return text;
}

char *
room_page(long long offset, long long total, const char *rows)
{
	return au_xasprintf(
	    "{\"page\":{\"offset\":%lld,\"total\":999,\"totalFilter\":%lld},\"list\":[%s]}", offset, total, rows);
}

int
room_emit(void *ctx, const struct au_target_account *account)
{
	struct room *room = ctx;

	json_array_append_new(room->accounts, au_target_account_to_json(account, true));
	return 0;
}

int
room_emit_text(void *ctx, const char *text)
{
	struct room *room = ctx;

	free(room->text);
	room->text = au_xstrdup(text);
	return 0;
}

void
room_forget(struct room *room)
{
	json_array_clear(room->accounts);
	free(room->text);
	room->text = NULL;
}

const char *
room_member(const struct room *room, size_t number, const char *name)
{
	return au_json_get_str(json_array_get(room->accounts, number), name);
}

void
room_expect(struct room *room, int r, int code, const char *words)
{
	if (r != code || (code != 0 && words != NULL && strstr(room->err.text, words) == NULL))
		fail_msg(
		    "%d '%s', expected %d '%s'", r, r != 0 ? room->err.text : "", code, words != NULL ? words : "");
	assert_null(strstr(room->err.text, ROOM_PASSWORD));
	memset(&room->err, 0, sizeof(room->err));
}
