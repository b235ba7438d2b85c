/* SPDX-License-Identifier: ISC */
/* Set-up shared by the tests of the SCIM plugins. */
#include "service.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/rand.h"
#include "targetd/plugin_host.h"
#include "targetd/plugin_load.h"
#include "wire/call.h"

#include "tests/unit.h"

#include <fnmatch.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define START_TRIES 3000 /* of 20 ms */

/* ---- the simulator ------------------------------------------------------------------- */

static void
run(const struct service *s)
{
	char *program = au_xasprintf("%s/tests/sim/scim/scim_sim.py", getenv("top_srcdir"));
	char *port = au_xasprintf("%s/port", s->folder), *token = au_xasprintf("%s/token", s->folder);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execlp("python3", "python3", program, "--port-file", port, "--token-file", token, (char *)NULL);
	_exit(127);
}

static void
write_token(const struct service *s)
{
	char *path = au_xasprintf("%s/token", s->folder);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(SERVICE_TOKEN "\n", file);
	fclose(file);
	free(path);
}

static void
wait_for_port(struct service *s)
{
	const struct timespec pause = { 0, 20000000 };
	char *path = au_xasprintf("%s/port", s->folder);
	int port = 0;

	for (int i = 0; i < START_TRIES && port == 0; i++) {
		FILE *file = fopen(path, "re");

		if (file != NULL) {
			if (fscanf(file, "%d", &port) != 1)
				port = 0;
			fclose(file);
		}
		if (waitpid(s->pid, NULL, WNOHANG) != 0)
			fail_msg("the simulator ended at start");
		nanosleep(&pause, NULL);
	}
	assert_int_not_equal(port, 0);
	free(path);
	snprintf(s->base, sizeof s->base, "http://127.0.0.1:%d", port);
}

static size_t
take(char *data, size_t size, size_t count, void *text)
{
	au_str_putn(text, data, size * count);
	return size * count;
}

void
service_post(struct service *s, const char *path, json_t *body, json_t **ret)
{
	char *url = au_xasprintf("%s/__sim/%s", s->base, path), *text = body != NULL ? au_json_text(body) : NULL;
	struct au_str answer = AU_STR_INIT;
	long status = 0;

	curl_easy_reset(s->curl);
	curl_easy_setopt(s->curl, CURLOPT_URL, url);
	curl_easy_setopt(s->curl, CURLOPT_PROXY, "");
	if (text != NULL)
		curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, text);
	curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, &answer);
	assert_int_equal(curl_easy_perform(s->curl), CURLE_OK);
	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		fail_msg("%s: %ld %s", path, status, au_str_get(&answer));
	if (ret != NULL)
		*ret = json_loads(au_str_get(&answer), 0, NULL);
	au_str_done(&answer);
	free(url);
	free(text);
	json_decref(body);
}

json_t *
service_get(struct service *s, const char *path)
{
	json_t *ret = NULL;

	service_post(s, path, NULL, &ret);
	assert_non_null(ret);
	return ret;
}

void
service_quirks(struct service *s, json_t *quirks)
{
	service_post(s, "quirks", quirks, NULL);
}

void
service_faults(struct service *s, json_t *faults)
{
	service_post(s, "faults", faults, NULL);
}

void
service_group(struct service *s, const char *name)
{
	service_post(s, "group", json_pack("{s:s}", "displayName", name), NULL);
}

json_t *
service_user(struct service *s, const char *name)
{
	json_t *all = service_get(s, "state"), *users = json_object_get(all, "users"), *found = NULL;

	for (size_t i = 0; i < json_array_size(users); i++)
		if (au_streq(au_json_get_str(json_array_get(users, i), "userName"), name))
			found = json_incref(json_array_get(users, i));
	json_decref(all);
	return found;
}

long long
service_created(struct service *s, const char *name)
{
	json_t *all = service_get(s, "state");
	long long count = au_json_get_int(json_object_get(all, "created"), name);

	json_decref(all);
	return count;
}

size_t
service_requests(struct service *s, const char *method, const char *path)
{
	json_t *log = service_get(s, "log");
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(log); i++) {
		const json_t *one = json_array_get(log, i);

		count += au_streq(au_json_get_str(one, "method"), method) &&
			 fnmatch(path, au_json_get_str(one, "path"), 0) == 0;
	}
	json_decref(log);
	return count;
}

/* ---- the plugin ------------------------------------------------------------------------ */

static void
close_session(struct service *s)
{
	if (s->session != NULL)
		s->table->close(s->session);
	s->session = NULL;
	au_values_free(s->values);
	s->values = NULL;
}

void
service_load(struct service *s, const char *plugin)
{
	char *path = au_xasprintf("%s/plugins/scim-target/.libs/%s.so", getenv("top_builddir"), plugin);
	struct au_err err;

	close_session(s);
	au_plugin_free(s->plugin);
	s->plugin = NULL;
	if (au_plugin_load(path, &s->plugin, &err) != 0)
		fail_msg("%s", err.text);
	s->table = &s->plugin->table;
	free(path);
}

int
service_try_open(struct service *s, json_t *options)
{
	json_t *all = json_pack("{s:i, s:s}", "request_limit", 0, "timeout", "20s"), *value;
	const char *name;
	int r = 0;

	close_session(s);
	json_object_set_new(all, "url", json_sprintf("%s/scim/v2", s->base));
	if (json_object_get(options, "auth") == NULL)
		json_object_set_new(all, "token", json_string(SERVICE_TOKEN));
	json_object_update(all, options);
	s->values = au_values_new(s->table->instance_opts);
	json_object_foreach (all, name, value) {
		if (r == 0)
			r = au_values_set(s->values, name, value, &s->err);
	}
	json_decref(all);
	json_decref(options);
	if (r == 0)
		r = s->table->open(au_plugin_host("test", s->mask), s->values, &s->session, &s->err);
	return r;
}

void
service_open(struct service *s, json_t *options)
{
	if (service_try_open(s, options) != 0)
		fail_msg("%s", s->err.text);
}

int
service_emit(void *ctx, const struct au_target_account *account)
{
	struct service *s = ctx;

	json_array_append_new(s->accounts, au_target_account_to_json(account, true));
	return 0;
}

int
service_emit_text(void *ctx, const char *text)
{
	struct service *s = ctx;

	free(s->text);
	s->text = au_xstrdup(text);
	return 0;
}

void
service_forget(struct service *s)
{
	json_array_clear(s->accounts);
	free(s->text);
	s->text = NULL;
}

const char *
service_member(const struct service *s, const char *name)
{
	return au_json_get_str(json_array_get(s->accounts, json_array_size(s->accounts) - 1), name);
}

void
service_expect(struct service *s, int r, int code, const char *words)
{
	if (r != code || (code != 0 && words != NULL && strstr(s->err.text, words) == NULL))
		fail_msg("%d '%s', expected %d '%s'", r, r != 0 ? s->err.text : "", code, words != NULL ? words : "");
	assert_null(strstr(s->err.text, SERVICE_TOKEN));
	memset(&s->err, 0, sizeof(s->err));
}

/* ---- what every test says ---------------------------------------------------------------- */

int
service_create(struct service *s, const char *login, const char *mark, const char *secret)
{
	struct au_target_account want = { .login = login,
		.label = "CRM",
		.first_name = "API",
		.last_name = "CRM",
		.mail = "crm@example.com",
		.mark = mark,
		.rights = s->text,
		.secret = secret,
		.active = 0 };

	return s->table->create(s->session, &want, service_emit, s, &s->err);
}

void
service_resolve(struct service *s, const char *rights)
{
	service_expect(s, s->table->resolve(s->session, rights, service_emit_text, s, &s->err), 0, NULL);
}

json_t *
service_json(const char *text)
{
	char *copy = au_xstrdup(text);
	json_t *json;

	for (char *p = copy; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	json = json_loads(copy, 0, NULL);
	if (json == NULL)
		fail_msg("%s", copy);
	free(copy);
	return json;
}

char *
service_id(const struct service *s)
{
	const char *id = service_member(s, "id");

	assert_non_null(id);
	return au_xstrdup(id);
}

/* ---- cmocka ------------------------------------------------------------------------------ */

int
service_begin(void **state)
{
	struct service *s = au_xcalloc(1, sizeof *s);

	au_rand_init();
	s->mask = au_mask_new();
	s->accounts = json_array();
	s->curl = curl_easy_init();
	assert_non_null(s->curl);
	snprintf(s->folder, sizeof s->folder, "/tmp/scim-sim.XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	write_token(s);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0)
		run(s);
	wait_for_port(s);
	*state = s;
	return 0;
}

int
service_end(void **state)
{
	static const char *const files[] = { "port", "token" };
	struct service *s = *state;

	close_session(s);
	au_plugin_free(s->plugin);
	kill(s->pid, SIGTERM);
	waitpid(s->pid, NULL, 0);
	for (size_t i = 0; i < AU_COUNT(files); i++) {
		char *path = au_xasprintf("%s/%s", s->folder, files[i]);

		unlink(path);
		free(path);
	}
	rmdir(s->folder);
	curl_easy_cleanup(s->curl);
	au_mask_free(s->mask);
	json_decref(s->accounts);
	free(s);
	return 0;
}

int
service_set_up(void **state)
{
	struct service *s = *state;

	au_clock_fake_set(1700000000000LL, 1000000);
	service_post(s, "reset", json_object(), NULL);
	service_load(s, "scim");
	service_open(s, json_object());
	service_forget(s);
	memset(&s->err, 0, sizeof s->err);
	return 0;
}

int
service_tear_down(void **state)
{
	struct service *s = *state;

	service_forget(s);
	au_clock_real();
	return 0;
}
