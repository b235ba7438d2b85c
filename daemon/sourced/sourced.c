/* SPDX-License-Identifier: ISC */
/*
 * The daemon says `start` once, then acknowledges, asks and commands.  When it
 * goes away so do we: all that matters is in its store.
 */
#include "sourced/sourced.h"

#include "base/frame.h"
#include "base/log.h"
#include "base/str.h"
#include "sourced/pull.h"
#include "sourced/session.h"
#include "sourced/tls_trust.h"
#include "sourced/trial.h"
#include "sourced/trial_report.h"
#include "sourced/trial_web.h"

#include <event2/event.h>

#define SECOND_US 1000000

struct sourced {
	struct event_base *base;
	struct au_channel *channel;
	struct event *heartbeat;
	json_t *start_json;
	struct au_source_start start; /* text points into start_json */
	struct au_secret *password, *client_key, *token, *client_secret;
	struct au_login login;
	struct au_tls_trust *trust;
	struct au_arena *arena;
	struct au_session *session; /* with a directory; or */
	struct au_pull *pull;       /* of a SCIM service; neither while there is nothing to be done */
	struct au_source_try attempt; /* once we are told to try; text points into start_json */
	struct au_trial *trial;       /* with a directory; or */
	struct au_trial_web *trial_web;
	json_t *server; /* that was told of last */
	enum au_link_state told;
	char *told_text;
	int exit_code;
};

static void
send_link(struct sourced *sourced, const struct au_source_link *link)
{
	au_channel_send(sourced->channel, au_source_link_to_json(link), false);
}

/* Log what changed, once. */
static void
on_link(void *ctx, const struct au_source_link *link)
{
	struct sourced *sourced = ctx;
	const char *const *fields = AU_FIELDS("SOURCE", sourced->start.config.name);

	send_link(sourced, link);
	if (link->state == sourced->told && au_streq(link->text, sourced->told_text))
		return;
	if (link->state == AU_LINK_OK && link->text == NULL)
		au_log(AU_LOG_INFO, fields, "the directory is read and followed");
	else if (link->state == AU_LINK_OK)
		au_log(AU_LOG_WARNING, fields, "the directory is read and followed, but: %s", link->text);
	else if (link->refused)
		au_log(AU_LOG_ERROR, fields, "%s; not tried again", link->text);
	else
		au_log(link->alarm ? AU_LOG_ERROR : AU_LOG_WARNING, fields, "%s; next try in %lld ms", link->text,
		    link->retry_in);
	sourced->told = link->state;
	free(sourced->told_text);
	sourced->told_text = au_xstrdup(link->text);
}

/* Logged when it is another one than before. */
static void
on_server(void *ctx, const struct au_source_server *server)
{
	struct sourced *sourced = ctx;
	json_t *json = au_source_server_to_json(server);
	struct au_source_server lasting = *server;

	lasting.log = NULL; /* what happens to its log is told by itself */
	json_t *told = au_source_server_to_json(&lasting);
	if (!json_equal(told, sourced->server))
		au_log(AU_LOG_INFO, AU_FIELDS("SOURCE", sourced->start.config.name), "%s is %s%s%s%s: %s; %s",
		    server->url, server->vendor, server->product[0] != '\0' ? " (" : "", server->product,
		    server->product[0] != '\0' ? ")" : "", server->way, server->cover);
	json_decref(sourced->server);
	sourced->server = told;
	au_channel_send(sourced->channel, json, false);
}

/* NULL: the system's. */
static const char *
dns_servers(struct sourced *sourced)
{
	const json_t *list = sourced->start.config.dns_servers;
	const char *text = NULL;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *server = json_string_value(json_array_get(list, i));
		text = text == NULL ? server : au_arena_printf(sourced->arena, "%s,%s", text, server);
	}
	return text;
}

static int
open_pull(struct sourced *sourced, struct au_err *err)
{
	struct au_pull_config config = { .base = sourced->base,
		.start = &sourced->start,
		.token = sourced->token,
		.client_secret = sourced->client_secret,
		.client_key = sourced->client_key,
		.channel = sourced->channel,
		.server = on_server,
		.link = on_link,
		.ctx = sourced };

	return au_pull_new(&config, &sourced->pull, err);
}

/* What session and trial need: who we are, whom to ask, whom to believe. */
static int
prepare(struct sourced *sourced, struct au_server_list *ret_servers, struct au_err *err)
{
	const struct au_source_config *config = &sourced->start.config;

	if (au_login_read(&sourced->start, sourced->password, &sourced->login, err) < 0 ||
	    au_server_list_read(sourced->arena, config, ret_servers, err) < 0 ||
	    au_tls_trust_new(config, sourced->client_key, &sourced->trust, err) < 0)
		return err->code;
	/* Before the first thread. */
	if (config->kerberos_config != NULL)
		setenv("KRB5_CONFIG", config->kerberos_config, 1);
	return 0;
}

static int
open_session(struct sourced *sourced, struct au_err *err)
{
	struct au_session_config session = { .base = sourced->base,
		.dns = dns_servers(sourced),
		.start = &sourced->start,
		.login = &sourced->login,
		.channel = sourced->channel,
		.server = on_server,
		.link = on_link,
		.ctx = sourced };

	if (prepare(sourced, &session.servers, err) < 0)
		return err->code;
	session.trust = sourced->trust;
	return au_session_new(&session, &sourced->session, err);
}

/* The secrets move to guarded memory; the message is wiped of them and kept for its text. */
static int
take_start(struct sourced *sourced, json_t *message, struct au_err *err)
{
	if (sourced->start_json != NULL)
		return au_fail(err, AU_EPROTO, "a second start message");
	if (au_source_start_from_json(message, &sourced->start, err) < 0)
		return AU_EPROTO;
	sourced->password = au_secret_from_text(sourced->start.password);
	sourced->client_key = au_secret_from_text(sourced->start.client_key);
	sourced->token = au_secret_from_text(sourced->start.token);
	sourced->client_secret = au_secret_from_text(sourced->start.client_secret);
	sourced->start.password = sourced->start.client_key = sourced->start.token = sourced->start.client_secret =
	    NULL;
	au_source_start_wipe(message);
	sourced->start_json = json_incref(message);
	return 0;
}

static int
on_start(struct sourced *sourced, json_t *message, struct au_err *err)
{
	struct au_err why = { 0 };

	if (take_start(sourced, message, err) < 0)
		return AU_EPROTO;
	bool is_scim = au_streq(sourced->start.config.kind, "scim");
	if ((is_scim ? open_pull : open_session)(sourced, &why) < 0) {
		/* Nothing to try again: the configuration must change, and then we are started anew. */
		on_link(sourced, &(struct au_source_link){ .state = AU_LINK_QUARANTINE, .text = why.text });
		return 0;
	}
	if (is_scim)
		au_pull_begin(sourced->pull);
	else
		au_session_begin(sourced->session);
	return 0;
}

/* ---- trying ---- */

static void
on_tried(void *ctx, json_t *report)
{
	struct sourced *sourced = ctx;

	au_channel_send(sourced->channel, au_source_tried_to_json(report), false);
}

static int
open_trial(struct sourced *sourced, struct au_err *err)
{
	struct au_trial_config trial = { .base = sourced->base,
		.dns = dns_servers(sourced),
		.attempt = &sourced->attempt,
		.login = &sourced->login,
		.done = on_tried,
		.ctx = sourced };

	if (prepare(sourced, &trial.servers, err) < 0)
		return err->code;
	trial.trust = sourced->trust;
	sourced->trial = au_trial_new(&trial);
	au_trial_begin(sourced->trial);
	return 0;
}

static int
open_trial_web(struct sourced *sourced, struct au_err *err)
{
	struct au_trial_web_config trial = { .base = sourced->base,
		.attempt = &sourced->attempt,
		.token = sourced->token,
		.client_secret = sourced->client_secret,
		.client_key = sourced->client_key,
		.done = on_tried,
		.ctx = sourced };

	if (au_trial_web_new(&trial, &sourced->trial_web, err) < 0)
		return err->code;
	au_trial_web_begin(sourced->trial_web);
	return 0;
}

static int
on_try(struct sourced *sourced, json_t *message, struct au_err *err)
{
	struct au_err why = { 0 };

	if (au_source_try_from_json(message, &sourced->attempt, err) < 0 || take_start(sourced, message, err) < 0)
		return AU_EPROTO;
	sourced->attempt.start = sourced->start; /* without secrets */
	bool is_scim = au_streq(sourced->start.config.kind, "scim");
	if ((is_scim ? open_trial_web : open_trial)(sourced, &why) < 0) {
		json_t *report = au_trial_report_new(sourced->start.config.name, sourced->start.config.kind);
		au_trial_find(report, AU_TRIAL_ERROR, "%s", why.text);
		on_tried(sourced, report);
	}
	return 0;
}

/* ---- what else the daemon says ---- */

static int
on_ack(struct sourced *sourced, json_t *message, struct au_err *err)
{
	long long seq;

	if (au_source_ack_from_json(message, &seq, err) < 0)
		return AU_EPROTO;
	if (sourced->pull != NULL)
		au_pull_acked(sourced->pull, seq);
	else
		au_session_acked(sourced->session, seq);
	return 0;
}

static int
on_lookup(struct sourced *sourced, json_t *message, struct au_err *err)
{
	struct au_source_lookup lookup;

	if (au_source_lookup_from_json(message, &lookup, err) < 0)
		return AU_EPROTO;
	if (sourced->pull != NULL)
		au_pull_lookup(sourced->pull, &lookup);
	else
		au_session_lookup(sourced->session, &lookup);
	return 0;
}

static int
on_owner(struct sourced *sourced, json_t *message, struct au_err *err)
{
	const char *dn_norm;

	if (au_source_owner_from_json(message, &dn_norm, err) < 0)
		return AU_EPROTO;
	/* A SCIM service names nobody by DN. */
	if (sourced->session != NULL)
		au_session_owner(sourced->session, dn_norm);
	return 0;
}

static int
on_reread(struct sourced *sourced, json_t *message, struct au_err *err)
{
	struct au_source_reread reread;

	if (au_source_reread_from_json(message, &reread, err) < 0)
		return AU_EPROTO;
	if (sourced->pull != NULL)
		au_pull_reread(sourced->pull, &reread);
	else if (reread.dn == NULL)
		return au_fail(err, AU_EPROTO, "reread: member 'dn' is missing");
	else
		au_session_reread(sourced->session, &reread);
	return 0;
}

static int
on_compare(struct sourced *sourced, json_t *message, struct au_err *err)
{
	enum au_search search;

	if (au_source_compare_from_json(message, &search, err) < 0)
		return AU_EPROTO;
	if (sourced->pull != NULL)
		au_pull_compare(sourced->pull, search);
	else
		au_session_compare(sourced->session, search);
	return 0;
}

static int
on_resync(struct sourced *sourced, json_t *message, struct au_err *err)
{
	(void)message;
	(void)err;
	if (sourced->pull != NULL)
		au_pull_resync(sourced->pull);
	else
		au_session_resync(sourced->session);
	return 0;
}

/* Only a service is read in a way that asks for it. */
static int
on_unseen(struct sourced *sourced, json_t *message, struct au_err *err)
{
	struct au_source_unseen unseen;

	if (au_source_unseen_from_json(message, &unseen, err) < 0)
		return AU_EPROTO;
	if (sourced->pull != NULL)
		au_pull_unseen(sourced->pull, &unseen);
	return 0;
}

static const struct {
	enum au_source_msg kind;
	int (*handle)(struct sourced *sourced, json_t *message, struct au_err *err);
} handlers[] = {
	{ AU_MSG_START, on_start },
	{ AU_MSG_TRY, on_try },
	{ AU_MSG_ACK, on_ack },
	{ AU_MSG_LOOKUP, on_lookup },
	{ AU_MSG_OWNER, on_owner },
	{ AU_MSG_REREAD, on_reread },
	{ AU_MSG_COMPARE, on_compare },
	{ AU_MSG_RESYNC, on_resync },
	{ AU_MSG_UNSEEN, on_unseen },
};

static int
handle(struct sourced *sourced, json_t *message, struct au_err *err)
{
	enum au_source_msg kind = au_source_msg_kind(message);

	/* Without a session (a configuration that cannot work) there is nothing that the others could mean. */
	if (kind != AU_MSG_START && kind != AU_MSG_TRY && sourced->session == NULL && sourced->pull == NULL)
		return 0;
	for (size_t i = 0; i < AU_COUNT(handlers); i++)
		if (handlers[i].kind == kind)
			return handlers[i].handle(sourced, message, err);
	return au_fail(err, AU_EPROTO, "message '%s' is unknown", au_json_get_str(message, "msg"));
}

static void
stop(struct sourced *sourced, int exit_code)
{
	sourced->exit_code = exit_code;
	event_base_loopbreak(sourced->base);
}

static void
on_message(void *ctx, json_t *message)
{
	struct sourced *sourced = ctx;
	struct au_err err = { 0 };

	if (handle(sourced, message, &err) < 0) {
		au_log(AU_LOG_ERROR, AU_FIELDS("SOURCE", sourced->start.config.name), "%s", err.text);
		stop(sourced, EXIT_FAILURE);
	}
}

static void
on_closed(void *ctx, const struct au_err *why)
{
	stop(ctx, why->code == AU_ENOENT ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void
on_heartbeat(evutil_socket_t fd, short what, void *arg)
{
	struct sourced *sourced = arg;

	(void)fd;
	(void)what;
	au_channel_send(sourced->channel, au_source_msg_plain(AU_MSG_HEARTBEAT), false);
}

static void
close_all(struct sourced *sourced)
{
	au_session_free(sourced->session);
	au_trial_free(sourced->trial);
	au_trial_web_free(sourced->trial_web);
	au_pull_free(sourced->pull);
	event_free(sourced->heartbeat);
	au_channel_free(sourced->channel);
	au_tls_trust_free(sourced->trust);
	au_secret_free(sourced->password);
	au_secret_free(sourced->client_key);
	au_secret_free(sourced->token);
	au_secret_free(sourced->client_secret);
	json_decref(sourced->start_json);
	json_decref(sourced->server);
	au_arena_free(sourced->arena);
	free(sourced->told_text);
}

int
au_sourced_run(struct event_base *base, int fd)
{
	static const struct timeval beat = { AU_SOURCE_HEARTBEAT_MS / 1000,
		AU_SOURCE_HEARTBEAT_MS % 1000 * (SECOND_US / 1000) };
	struct sourced sourced = { .base = base, .arena = au_arena_new(), .exit_code = EXIT_SUCCESS };

	sourced.channel = au_channel_new(base, fd, AU_FRAME_MAX, on_message, on_closed, &sourced);
	sourced.heartbeat = event_new(base, -1, EV_PERSIST, on_heartbeat, &sourced);
	event_add(sourced.heartbeat, &beat);
	event_base_dispatch(base);
	close_all(&sourced);
	return sourced.exit_code;
}
