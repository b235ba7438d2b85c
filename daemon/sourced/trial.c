/* SPDX-License-Identifier: ISC */
/*
 * One step after the other on one connection; each ends by asking for the next,
 * which begins on a fresh turn of the loop.  Whatever comes in between - the
 * connection breaks, time is up - ends the trial with what is known by then.
 */
#include "sourced/trial.h"

#include "base/rand.h"
#include "base/str.h"
#include "sourced/ask.h"
#include "sourced/conn.h"
#include "sourced/trial_canaries.h"
#include "sourced/trial_follow.h"
#include "sourced/trial_members.h"
#include "sourced/trial_report.h"
#include "sourced/trial_search.h"

#include <event2/event.h>

#define COUNT_PAGE 1000

struct au_trial {
	struct au_trial_config config;
	const struct au_source_config *settings;
	struct au_arena *arena;
	struct au_conn_context context;
	struct au_command_as as;
	struct au_question *question; /* for servers by SRV records */
	struct au_conn *conn;
	struct au_root root;
	bool is_rooted;
	struct au_terms terms;
	struct au_mapping mappings[AU_SEARCHES];
	struct au_trial_search searches[AU_SEARCHES];
	enum au_search search; /* of the step under way */
	struct au_ask *ask;
	struct au_trial_members *members;
	struct au_trial_canaries *canaries;
	struct au_trial_follow *follow;
	size_t step;
	struct event *go, *late, *lost;
	struct au_fault fault; /* that the connection ended with */
	json_t *report;        /* NULL once it is handed over */
};

static void
plan(struct event *timer, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(timer, &wait);
}

/* The next step begins on a fresh turn of the loop: this one's search can be freed then. */
static void
go_on(struct au_trial *trial)
{
	trial->step++;
	plan(trial->go, 0);
}

static json_t *
server_of(struct au_trial *trial)
{
	return json_object_get(trial->report, "server");
}

static void
tell_command(struct au_trial *trial, const struct au_command_search *search)
{
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;

	au_command_ldapsearch(&line, &trial->as, search);
	au_trial_append(trial->report, "commands", json_string(au_str_get(&line)));
}

static void
finish(struct au_trial *trial)
{
	json_t *report = trial->report;

	if (report == NULL)
		return;
	trial->report = NULL;
	event_del(trial->go);
	event_del(trial->late);
	trial->config.done(trial->config.ctx, report);
}

/* ---- the root DSE ---- */

static void
on_root_entry(void *ctx, LDAPMessage *message)
{
	struct au_trial *trial = ctx;

	if (!trial->is_rooted)
		au_root_read(au_line_handle(au_conn_line(trial->conn)), message, trial->arena, &trial->root);
	trial->is_rooted = true;
}

static void
tell_terms(struct au_trial *trial)
{
	AU_CLEANUP(au_str_done) struct au_str product = AU_STR_INIT;
	json_t *json = server_of(trial);
	struct au_source_server server =
	    au_terms_server(&trial->terms, trial->settings, &trial->root, trial->as.server->url, &product);

	au_json_set_str(json, "vendor", server.vendor);
	au_json_set_str(json, "vendor_why",
	    au_streq(trial->settings->vendor, "auto") ? trial->terms.vendor->known_by : "the option 'vendor' says so");
	au_json_set_str(json, "product", server.product);
	au_json_set_str(json, "way", server.way);
	au_json_set_str(json, "way_why", au_terms_way_why(&trial->terms, trial->settings));
}

static bool
init_mappings(struct au_trial *trial)
{
	struct au_err err = { 0 };

	for (int i = 0; i < AU_SEARCHES; i++) {
		if (au_mapping_init(&trial->mappings[i], trial->arena, trial->settings, i, trial->terms.vendor, &err) <
		    0) {
			au_trial_find(trial->report, AU_TRIAL_ERROR, "%s", err.text);
			return false;
		}
		au_trial_search_init(&trial->searches[i], trial->report, &trial->mappings[i], trial->arena,
		    &trial->as, trial->config.attempt->shown);
	}
	return true;
}

static void
on_rooted(void *ctx, const struct au_asked *asked)
{
	struct au_trial *trial = ctx;

	if (!trial->is_rooted) {
		au_trial_find(trial->report, AU_TRIAL_ERROR,
		    "the root DSE cannot be read (%s), and so nothing is "
		    "known of the server",
		    ldap_err2string(asked->code));
		finish(trial);
		return;
	}
	au_trial_root(server_of(trial), &trial->root);
	au_terms_agree(&trial->terms, trial->settings, &trial->root);
	tell_terms(trial);
	if (au_root_has_control(&trial->root, AU_OID_DOMAIN_SCOPE))
		au_line_always(au_conn_line(trial->conn), AU_OID_DOMAIN_SCOPE);
	if (init_mappings(trial))
		go_on(trial);
	else
		finish(trial);
}

static void
ask_root(struct au_trial *trial)
{
	struct au_command_search search = {
		.base = "", .filter = "(objectClass=*)", .scope = LDAP_SCOPE_BASE, .attributes = au_root_attributes
	};

	tell_command(trial, &search);
	trial->ask = au_ask_new(&(struct au_ask_config){ .line = au_conn_line(trial->conn),
	    .base = search.base,
	    .filter = search.filter,
	    .scope = search.scope,
	    .attributes = search.attributes,
	    .timeout_ms = trial->settings->operation_timeout,
	    .entry = on_root_entry,
	    .ended = on_rooted,
	    .ctx = trial });
}

/* ---- who we are ---- */

static void
on_whoami(void *ctx, LDAPMessage *message, int type)
{
	struct au_trial *trial = ctx;
	LDAP *ld = au_line_handle(au_conn_line(trial->conn));
	struct berval *name = NULL;

	(void)type;
	if (ldap_parse_extended_result(ld, message, NULL, &name, 0) == LDAP_SUCCESS && name != NULL) {
		AU_CLEANUP(au_freep) char *text = au_xstrndup(name->bv_val != NULL ? name->bv_val : "", name->bv_len);
		au_trial_text(server_of(trial), "whoami", *text != '\0' ? text : "anonymous");
	}
	if (name != NULL)
		ber_bvfree(name);
	go_on(trial);
}

static void
ask_whoami(struct au_trial *trial)
{
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;
	int id = 0;

	if (!au_root_lists(trial->root.extensions, LDAP_EXOP_WHO_AM_I) ||
	    ldap_whoami(au_line_handle(au_conn_line(trial->conn)), NULL, NULL, &id) != LDAP_SUCCESS) {
		go_on(trial);
		return;
	}
	au_command_ldapwhoami(&line, &trial->as);
	au_trial_append(trial->report, "commands", json_string(au_str_get(&line)));
	au_line_expect(
	    au_conn_line(trial->conn), id, LDAP_RES_EXTENDED, trial->settings->operation_timeout, on_whoami, trial);
}

/* ---- the two searches ---- */

static void
ask_search(struct au_trial *trial, const struct au_command_search *what, long long most,
    void (*entry)(void *ctx, LDAPMessage *message), void (*ended)(void *ctx, const struct au_asked *asked))
{
	au_trial_search_command(&trial->searches[trial->search], what);
	trial->ask = au_ask_new(&(struct au_ask_config){ .line = au_conn_line(trial->conn),
	    .base = what->base,
	    .filter = what->filter,
	    .scope = what->scope,
	    .attributes = what->attributes,
	    .page = what->page,
	    .most = most,
	    .timeout_ms = trial->settings->operation_timeout,
	    .entry = entry,
	    .ended = ended,
	    .ctx = trial });
}

static void
on_counted(void *ctx, const struct au_asked *asked)
{
	struct au_trial *trial = ctx;

	au_trial_search_counted(&trial->searches[trial->search], asked);
	go_on(trial);
}

static void
count(struct au_trial *trial, enum au_search search)
{
	static const char *const nothing[] = { LDAP_NO_ATTRS, NULL };
	const struct au_mapping *mapping = &trial->mappings[search];

	trial->search = search;
	ask_search(trial,
	    &(struct au_command_search){ .base = au_mapping_base(mapping),
		.filter = au_mapping_filter(mapping),
		.scope = LDAP_SCOPE_SUBTREE,
		.attributes = nothing,
		.page = COUNT_PAGE },
	    0, NULL, on_counted);
}

static void
on_entry(void *ctx, LDAPMessage *message)
{
	struct au_trial *trial = ctx;

	au_trial_search_entry(&trial->searches[trial->search], au_line_handle(au_conn_line(trial->conn)), message);
}

static void
on_read(void *ctx, const struct au_asked *asked)
{
	struct au_trial *trial = ctx;

	au_trial_search_read(&trial->searches[trial->search], asked);
	go_on(trial);
}

static void
read_some(struct au_trial *trial, enum au_search search)
{
	const struct au_mapping *mapping = &trial->mappings[search];
	long long most = trial->config.attempt->entries;

	trial->search = search;
	ask_search(trial,
	    &(struct au_command_search){ .base = au_mapping_base(mapping),
		.filter = au_mapping_filter(mapping),
		.scope = LDAP_SCOPE_SUBTREE,
		.attributes = mapping->attributes,
		.page = most < COUNT_PAGE ? (int)most : COUNT_PAGE },
	    most, on_entry, on_read);
}

static void
read_people(struct au_trial *trial)
{
	read_some(trial, AU_SEARCH_PEOPLE);
}

static void
read_groups(struct au_trial *trial)
{
	read_some(trial, AU_SEARCH_GROUPS);
}

static void
count_people(struct au_trial *trial)
{
	count(trial, AU_SEARCH_PEOPLE);
}

static void
count_groups(struct au_trial *trial)
{
	count(trial, AU_SEARCH_GROUPS);
}

/* ---- members and canaries ---- */

static void
on_looked_up(void *ctx)
{
	go_on(ctx);
}

static void
look_for_canaries(struct au_trial *trial)
{
	trial->canaries = au_trial_canaries_new(&(struct au_trial_canaries_config){ .base = trial->config.base,
	    .line = au_conn_line(trial->conn),
	    .mappings = trial->mappings,
	    .report = trial->report,
	    .as = &trial->as,
	    .timeout_ms = trial->settings->operation_timeout,
	    .ended = on_looked_up,
	    .ctx = trial });
}

static void
look_up(struct au_trial *trial)
{
	trial->members = au_trial_members_new(&(struct au_trial_members_config){ .base = trial->config.base,
	    .line = au_conn_line(trial->conn),
	    .mappings = trial->mappings,
	    .groups = &trial->searches[AU_SEARCH_GROUPS],
	    .timeout_ms = trial->settings->operation_timeout,
	    .ended = on_looked_up,
	    .ctx = trial });
}

/* ---- following ---- */

static void
on_followed(void *ctx)
{
	go_on(ctx);
}

static void
try_to_follow(struct au_trial *trial)
{
	trial->follow = au_trial_follow_new(&(struct au_trial_follow_config){ .report = trial->report,
	    .line = au_conn_line(trial->conn),
	    .root = &trial->root,
	    .terms = &trial->terms,
	    .people = &trial->mappings[AU_SEARCH_PEOPLE],
	    .groups = &trial->mappings[AU_SEARCH_GROUPS],
	    .as = &trial->as,
	    .timeout_ms = trial->settings->operation_timeout,
	    .ended = on_followed,
	    .ctx = trial });
}

/* ---- the course ---- */

static void connect_to(struct au_trial *trial);

/* Counting comes last: it may take all the time there is. */
static void (*const steps[])(struct au_trial *trial) = { connect_to, ask_root, ask_whoami, read_people, read_groups,
	look_up, look_for_canaries, try_to_follow, count_people, count_groups, finish };

static void
on_go(evutil_socket_t fd, short what, void *arg)
{
	struct au_trial *trial = arg;

	(void)fd;
	(void)what;
	au_ask_free(trial->ask);
	trial->ask = NULL;
	steps[trial->step](trial);
}

static bool
is_counting(const struct au_trial *trial)
{
	return steps[trial->step] == count_people || steps[trial->step] == count_groups;
}

static void
on_late(evutil_socket_t fd, short what, void *arg)
{
	struct au_trial *trial = arg;

	(void)fd;
	(void)what;
	if (is_counting(trial) && trial->ask != NULL)
		au_trial_search_counting(&trial->searches[trial->search], au_ask_count(trial->ask));
	else
		au_trial_find(trial->report, AU_TRIAL_ERROR, "%lld ms were not enough; what follows was not looked at",
		    trial->config.attempt->timeout_ms);
	finish(trial);
}

/* ---- the connection ---- */

static void
on_ready(void *ctx)
{
	struct au_trial *trial = ctx;
	const struct au_login *login = trial->config.login;
	json_t *json = server_of(trial);

	au_json_set_str(json, "url", trial->as.server->url);
	au_json_set_str(json, "host", trial->as.server->host);
	au_json_set_int(json, "port", trial->as.server->port);
	au_json_set_str(json, "cover", au_conn_cover(trial->conn));
	au_json_set_str(json, "bind", trial->settings->bind);
	au_json_set_str(json, "login", login->bind == AU_BIND_SIMPLE ? login->dn : login->principal);
	go_on(trial);
}

static void
on_drained(void *ctx)
{
	(void)ctx;
}

static void
on_failed(void *ctx, const struct au_fault *fault)
{
	struct au_trial *trial = ctx;

	trial->fault = *fault;
	plan(trial->lost, 0);
}

static const struct au_conn_events conn_events = { .ready = on_ready, .drained = on_drained, .failed = on_failed };

/* Where the log-in was reached, no other server would say anything else. */
static bool
tries_another(struct au_trial *trial)
{
	return trial->step == 0 && trial->fault.fail_over && !au_server_list_next(&trial->config.servers);
}

static void
close_conn(struct au_trial *trial)
{
	au_ask_free(trial->ask);
	au_trial_members_free(trial->members);
	au_trial_canaries_free(trial->canaries);
	au_trial_follow_free(trial->follow);
	au_conn_free(trial->conn);
	trial->ask = NULL;
	trial->members = NULL;
	trial->canaries = NULL;
	trial->follow = NULL;
	trial->conn = NULL;
}

static void
on_lost(evutil_socket_t fd, short what, void *arg)
{
	struct au_trial *trial = arg;

	(void)fd;
	(void)what;
	close_conn(trial);
	if (tries_another(trial)) {
		au_trial_find(trial->report, AU_TRIAL_WARNING, "%s", trial->fault.text);
		plan(trial->go, 0);
		return;
	}
	au_trial_find(trial->report, AU_TRIAL_ERROR, "%s", trial->fault.text);
	finish(trial);
}

static void
dial(struct au_trial *trial)
{
	trial->as.server = au_server_list_current(&trial->config.servers);
	trial->conn = au_conn_new(&trial->context, trial->as.server, &conn_events, trial);
}

static void
on_found(void *ctx, const struct au_answer *answer)
{
	struct au_trial *trial = ctx;
	const struct au_server *server = au_server_list_current(&trial->config.servers);

	if (answer->why != NULL) {
		au_fault_set(&trial->fault, AU_FAULT_REACH, "%s: SRV records of '%s': %s", server->url, server->service,
		    answer->why);
		plan(trial->lost, 0);
		return;
	}
	au_service_order(answer->services, answer->count, au_rand_below);
	au_server_list_found(&trial->config.servers, answer->services, answer->count);
	dial(trial);
}

static void
connect_to(struct au_trial *trial)
{
	const struct au_server *server = au_server_list_current(&trial->config.servers);
	struct au_err err = { 0 };

	if (au_tls_trust_read(trial->config.trust, &err) < 0) {
		au_fault_set(&trial->fault, AU_FAULT_SETUP, "%s", err.text);
		plan(trial->lost, 0);
		return;
	}
	au_question_free(trial->question);
	trial->question = NULL;
	if (server->service == NULL)
		dial(trial);
	else
		trial->question =
		    au_resolve_service(trial->config.base, trial->config.dns, server->service, on_found, trial);
}

/* ---- for the program ---- */

struct au_trial *
au_trial_new(const struct au_trial_config *config)
{
	struct au_trial *trial = au_xcalloc(1, sizeof(*trial));
	const struct au_source_try *attempt = config->attempt;

	*trial = (struct au_trial){ .config = *config,
		.settings = &attempt->start.config,
		.arena = au_arena_new(),
		.as = { .config = &attempt->start.config,
		    .bind = config->login->bind,
		    .keytab = config->login->keytab,
		    .password_file = attempt->password_file,
		    .key_file = attempt->key_file } };
	trial->context = (struct au_conn_context){ .base = config->base,
		.dns = config->dns,
		.config = trial->settings,
		.login = config->login,
		.trust = config->trust };
	trial->report = au_trial_report_new(trial->settings->name, trial->settings->kind);
	trial->go = evtimer_new(config->base, on_go, trial);
	trial->late = evtimer_new(config->base, on_late, trial);
	trial->lost = evtimer_new(config->base, on_lost, trial);
	return trial;
}

void
au_trial_begin(struct au_trial *trial)
{
	plan(trial->late, trial->config.attempt->timeout_ms);
	plan(trial->go, 0);
}

void
au_trial_free(struct au_trial *trial)
{
	if (trial == NULL)
		return;
	close_conn(trial);
	au_question_free(trial->question);
	for (int i = 0; i < AU_SEARCHES; i++)
		au_trial_search_done(&trial->searches[i]);
	au_server_list_done(&trial->config.servers);
	event_free(trial->go);
	event_free(trial->late);
	event_free(trial->lost);
	json_decref(trial->report);
	au_arena_free(trial->arena);
	free(trial);
}
