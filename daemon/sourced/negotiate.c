/* SPDX-License-Identifier: ISC */
/*
 * A KDC that is silent keeps libkrb5 busy for half a minute and longer: that
 * thread is left alone, and the log-in fails in time.
 */
#include "sourced/negotiate.h"

#include "base/mem.h"
#include "sourced/aside.h"

#include <event2/event.h>
#include <string.h>

struct step {
	struct au_kerberos *kerberos;
	struct berval challenge, answer;
	bool is_good;
	struct au_fault fault;
};

struct au_negotiate {
	struct event_base *base;
	struct au_line *line;
	struct au_kerberos *kerberos; /* NULL while a step has it */
	struct au_aside *aside;
	struct event *begin, *deadline;
	int64_t timeout_ms;
	int message_id;
	bool has_last_word; /* what we sent ends our part */
	au_negotiated *done;
	void *ctx;
};

static void begin_step(struct au_negotiate *negotiate, const struct berval *challenge);

static void
end(struct au_negotiate *negotiate, const struct au_fault *fault)
{
	event_del(negotiate->deadline);
	negotiate->done(negotiate->ctx, fault);
}

/* ---- the server's turn ---- */

static void
refused(struct au_negotiate *negotiate, int code, const char *text)
{
	struct au_fault fault;

	au_kerberos_forget();
	end(negotiate, au_fault_from_code(&fault, code, "log-in", text));
}

static void
on_bound(void *ctx, LDAPMessage *message, int type)
{
	struct au_negotiate *negotiate = ctx;
	struct berval *challenge = NULL;
	char *text = NULL;
	int code = LDAP_OTHER;
	LDAP *ld = au_line_handle(negotiate->line);
	struct au_fault fault;

	(void)type;
	negotiate->message_id = 0;
	int rc = ldap_parse_result(ld, message, &code, NULL, &text, NULL, NULL, 0);
	if (rc == LDAP_SUCCESS && code == LDAP_SASL_BIND_IN_PROGRESS)
		rc = ldap_parse_sasl_bind_result(ld, message, &challenge, 0);
	if (rc != LDAP_SUCCESS && rc != LDAP_SASL_BIND_IN_PROGRESS)
		code = rc;
	if (code == LDAP_SASL_BIND_IN_PROGRESS)
		begin_step(negotiate, challenge != NULL ? challenge : &(struct berval){ 0, NULL });
	else if (code != LDAP_SUCCESS)
		refused(negotiate, code, text);
	else if (!negotiate->has_last_word)
		end(negotiate, au_fault_set(&fault, AU_FAULT_SETUP,
				   "Kerberos: the server consents before it has proved who it is"));
	else
		end(negotiate, NULL);
	ber_bvfree(challenge);
	ldap_memfree(text);
}

static void
send_answer(struct au_negotiate *negotiate, const struct berval *answer)
{
	struct berval credentials = *answer;
	struct au_fault fault;
	int rc = ldap_sasl_bind(
	    au_line_handle(negotiate->line), NULL, "GSSAPI", &credentials, NULL, NULL, &negotiate->message_id);

	if (rc != LDAP_SUCCESS)
		end(negotiate, au_fault_from_code(&fault, rc, "log-in", NULL));
	else
		au_line_expect(
		    negotiate->line, negotiate->message_id, LDAP_RES_BIND, negotiate->timeout_ms, on_bound, negotiate);
}

/* ---- our turn ---- */

static void
work(void *data)
{
	struct step *step = data;

	step->is_good = au_kerberos_step(step->kerberos, &step->challenge, &step->answer, &step->fault);
}

static void
free_step(void *data)
{
	struct step *step = data;

	au_kerberos_free(step->kerberos);
	free(step->challenge.bv_val);
	free(step->answer.bv_val);
	free(step);
}

static void
on_step(void *ctx, void *data)
{
	struct au_negotiate *negotiate = ctx;
	struct step *step = data;

	if (!step->is_good) {
		end(negotiate, &step->fault);
		return;
	}
	negotiate->kerberos = step->kerberos;
	step->kerberos = NULL;
	negotiate->has_last_word = au_kerberos_is_done(negotiate->kerberos);
	send_answer(negotiate, &step->answer);
}

static void
begin_step(struct au_negotiate *negotiate, const struct berval *challenge)
{
	struct step *step = au_xcalloc(1, sizeof(*step));
	struct au_fault fault;

	step->kerberos = negotiate->kerberos;
	negotiate->kerberos = NULL;
	step->challenge = (struct berval){ challenge->bv_len, au_xmalloc(challenge->bv_len + 1) };
	if (challenge->bv_len > 0)
		memcpy(step->challenge.bv_val, challenge->bv_val, challenge->bv_len);
	au_aside_free(negotiate->aside);
	negotiate->aside = au_aside_new(negotiate->base,
	    &(struct au_aside_job){ .work = work, .free = free_step, .data = step }, on_step, negotiate);
	if (negotiate->aside == NULL)
		end(negotiate, au_fault_set(&fault, AU_FAULT_REACH, "Kerberos: too many log-ins wait for a KDC"));
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct au_negotiate *negotiate = arg;
	struct au_fault fault;

	(void)fd;
	(void)what;
	au_fault_set(&fault, AU_FAULT_REACH, "Kerberos: no answer from a KDC in time");
	/* Another server of the directory has the same KDCs. */
	fault.fail_over = false;
	end(negotiate, &fault);
}

static void
on_begin(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	begin_step(arg, &(struct berval){ 0, NULL });
}

struct au_negotiate *
au_negotiate_new(struct event_base *base, struct au_line *line, struct au_kerberos *kerberos, int64_t timeout_ms,
    au_negotiated *done, void *ctx)
{
	struct au_negotiate *negotiate = au_xcalloc(1, sizeof(*negotiate));
	struct timeval wait = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };

	*negotiate = (struct au_negotiate){
		.base = base, .line = line, .kerberos = kerberos, .timeout_ms = timeout_ms, .done = done, .ctx = ctx
	};
	negotiate->begin = event_new(base, -1, 0, on_begin, negotiate);
	negotiate->deadline = evtimer_new(base, on_deadline, negotiate);
	event_active(negotiate->begin, EV_TIMEOUT, 0);
	event_add(negotiate->deadline, &wait);
	return negotiate;
}

void
au_negotiate_free(struct au_negotiate *negotiate)
{
	if (negotiate == NULL)
		return;
	event_free(negotiate->begin);
	event_free(negotiate->deadline);
	au_aside_free(negotiate->aside);
	au_kerberos_free(negotiate->kerberos);
	free(negotiate);
}
