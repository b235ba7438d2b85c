/* SPDX-License-Identifier: ISC */
/* The rows of the metrics page about the SCIM endpoint: its requests, connections, certificate and issuers of tokens.
 */
#include "base/mem.h"
#include "control/metrics.h"
#include "http/server.h"
#include "scim/cache.h"

static void
put_scim_requests(const struct au_metric_page *page, const char *metric)
{
	const struct au_scim_stats *stats = &page->scim;
	const struct {
		const char *outcome;
		unsigned long long count;
	} rows[] = {
		{ "accepted", stats->accepted },
		{ "no-credentials", stats->missing },
		{ "bad-credentials", stats->bad },
		{ "out-of-scope", stats->out_of_scope },
		{ "out-of-rate", stats->out_of_rate },
	};

	for (size_t i = 0; i < AU_COUNT(rows); i++)
		au_metric_labelled(page, metric, "outcome", rows[i].outcome, NULL, NULL, (long long)rows[i].count);
}

/* One sample per issuer of JWTs. */
static void
put_issuers(
    const struct au_metric_page *page, const char *metric, long long (*value)(const struct au_issuer_state *state))
{
	const struct au_scim *scim = page->world->scim;
	size_t count = scim != NULL ? au_scim_issuer_count(scim) : 0;

	for (size_t i = 0; i < count; i++) {
		struct au_issuer_state state;

		au_scim_issuer(scim, i, &state);
		au_metric_labelled(page, metric, "issuer", state.name, NULL, NULL, value(&state));
	}
}

static long long
issuer_keys(const struct au_issuer_state *state)
{
	return (long long)state->keys;
}

static long long
issuer_fetched(const struct au_issuer_state *state)
{
	return state->fetched_ms / 1000;
}

static long long
issuer_failures(const struct au_issuer_state *state)
{
	return (long long)state->failures;
}

static void
put_issuer_keys(const struct au_metric_page *page, const char *metric)
{
	put_issuers(page, metric, issuer_keys);
}

static void
put_issuer_fetched(const struct au_metric_page *page, const char *metric)
{
	put_issuers(page, metric, issuer_fetched);
}

static void
put_issuer_failures(const struct au_metric_page *page, const char *metric)
{
	put_issuers(page, metric, issuer_failures);
}

/* ---- the SCIM endpoint's connections ---- */

static void
put_connections(const struct au_metric_page *page, const char *metric)
{
	if (page->world->endpoint != NULL)
		au_metric_sample(page, metric, (long long)au_http_connections(page->world->endpoint));
}

static void
put_connections_total(const struct au_metric_page *page, const char *metric)
{
	const struct au_http_counters *counters;

	if (page->world->endpoint == NULL)
		return;
	counters = au_http_counters(page->world->endpoint);
	au_metric_labelled(page, metric, "became", "served", NULL, NULL, (long long)counters->accepted);
	au_metric_labelled(page, metric, "became", "turned-away", NULL, NULL, (long long)counters->turned_away);
	au_metric_labelled(page, metric, "became", "gave-way", NULL, NULL, (long long)counters->gave_way);
}

static void
put_handshakes(const struct au_metric_page *page, const char *metric)
{
	const struct au_http_counters *counters;

	if (page->world->endpoint == NULL)
		return;
	counters = au_http_counters(page->world->endpoint);
	au_metric_labelled(
	    page, metric, "was", "full", NULL, NULL, (long long)(counters->handshakes - counters->resumed));
	au_metric_labelled(page, metric, "was", "resumed", NULL, NULL, (long long)counters->resumed);
	au_metric_labelled(page, metric, "was", "bad", NULL, NULL, (long long)counters->bad_handshakes);
}

static void
put_answers(const struct au_metric_page *page, const char *metric)
{
	static const char *const names[] = { NULL, NULL, "2xx", "3xx", "4xx", "5xx" };

	for (size_t i = 2; page->world->endpoint != NULL && i < AU_COUNT(names); i++)
		au_metric_labelled(page, metric, "status", names[i], NULL, NULL,
		    (long long)au_http_counters(page->world->endpoint)->answers[i]);
}

static void
put_certificate_end(const struct au_metric_page *page, const char *metric)
{
	long long not_after_ms = page->world->endpoint != NULL ? au_http_server_not_after(page->world->endpoint) : 0;

	if (not_after_ms != 0)
		au_metric_sample(page, metric, not_after_ms / 1000);
}

static void
put_cache_questions(const struct au_metric_page *page, const char *metric)
{
	struct au_cache_stats stats;

	if (page->world->scim == NULL)
		return;
	au_scim_cache_stats(page->world->scim, &stats);
	au_metric_labelled(page, metric, "was", "ready", NULL, NULL, (long long)stats.hits);
	au_metric_labelled(page, metric, "was", "read", NULL, NULL, (long long)stats.misses);
}

static void
put_cache_problems(const struct au_metric_page *page, const char *metric)
{
	struct au_cache_stats stats;

	if (page->world->scim == NULL)
		return;
	au_scim_cache_stats(page->world->scim, &stats);
	au_metric_labelled(page, metric, "what", "not-written", NULL, NULL, (long long)stats.failures);
	au_metric_labelled(page, metric, "what", "given-back", NULL, NULL, (long long)stats.given_back);
}

static void
put_cache_bytes(const struct au_metric_page *page, const char *metric)
{
	struct au_cache_stats stats;

	if (page->world->scim == NULL)
		return;
	au_scim_cache_stats(page->world->scim, &stats);
	au_metric_sample(page, metric, (long long)stats.bytes);
}

const struct au_metric au_metrics_scim[] = {
	{ "scim_requests_total", "counter", "Requests of SCIM clients by what became of their credentials.",
	    put_scim_requests },
	{ "scim_connections", "gauge", "Connections to the SCIM endpoint.", put_connections },
	{ "scim_connections_total", "counter", "Connections that came, and that ended to make room for others.",
	    put_connections_total },
	{ "scim_handshakes_total", "counter", "TLS handshakes.", put_handshakes },
	{ "scim_answers_total", "counter", "Answers of the SCIM endpoint.", put_answers },
	{ "scim_cache_questions_total", "counter", "Questions whose answer may be ready, and whether it was.",
	    put_cache_questions },
	{ "scim_cache_problems_total", "counter",
	    "Answers that could not be kept, and times that all were given up for room on the disk.", put_cache_problems },
	{ "scim_cache_bytes", "gauge", "Size of the file of ready answers.", put_cache_bytes },
	{ "scim_certificate_end_timestamp_seconds", "gauge", "When its certificate expires.", put_certificate_end },
	{ "scim_issuer_keys", "gauge", "Keys of an issuer of tokens that are in use.", put_issuer_keys },
	{ "scim_issuer_keys_timestamp_seconds", "gauge", "When they were read; 0 for never.", put_issuer_fetched },
	{ "scim_issuer_failures_total", "counter", "Readings of an issuer's keys that failed.", put_issuer_failures },
	{ NULL, NULL, NULL, NULL },
};
