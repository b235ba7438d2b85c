/* SPDX-License-Identifier: ISC */
/* None of the parts knows of the others; they share a line, and an end. */
#include "sourced/side.h"

#include "base/log.h"
#include "model/dn.h"
#include "sourced/canary.h"
#include "sourced/fresh.h"
#include "sourced/lookup.h"
#include "sourced/owner_names.h"
#include "sourced/reread.h"

#include <stdlib.h>

#define PROBE_TIMEOUT_MS 10000

struct au_side {
	struct au_side_config config;
	const struct au_source_config *settings;
	struct au_arena *arena;
	const char *people_norm;
	struct au_lookup *lookup;
	struct au_owner_names *owners;
	struct au_canaries *canaries;
	struct au_reread *rereads[AU_SEARCHES];
	struct au_fresh *fresh;
	struct au_comparing *comparing;
	struct au_probe *probe;
};

static struct au_batch *
batch_of(const struct au_side *side, enum au_search search)
{
	return au_stream_batch(au_streams_get(side->config.streams, search));
}

static const struct au_mapping *
mapping_of(const struct au_side *side, enum au_search search)
{
	return au_stream_mapping(au_streams_get(side->config.streams, search));
}

static void
on_canary_lost(void *ctx, const struct au_source_canary *canary)
{
	const struct au_side *side = ctx;

	au_log(AU_LOG_ERROR, AU_FIELDS("SOURCE", side->settings->name), "the canary '%s' is not seen any more",
	    canary->dn);
	au_channel_send(side->config.channel, au_source_canary_to_json(canary), false);
}

static struct au_comparing *
new_comparing(struct au_side *side)
{
	const struct au_source_config *settings = side->settings;

	return au_comparing_new(&(struct au_comparing_config){ .base = side->config.base,
	    .mappings = { mapping_of(side, AU_SEARCH_PEOPLE), mapping_of(side, AU_SEARCH_GROUPS) },
	    .followed = { batch_of(side, AU_SEARCH_PEOPLE), batch_of(side, AU_SEARCH_GROUPS) },
	    .outbox = side->config.outbox,
	    .interval_ms = settings->full_compare,
	    .poll_ms = settings->poll_interval,
	    .first_ms = side->config.start->compare_in,
	    .retry_ms = settings->retry_cap,
	    .operation_timeout_ms = settings->operation_timeout,
	    .recent_ms = settings->poll_recent,
	    .events = side->config.compare,
	    .refused = side->config.refused,
	    .ctx = side->config.ctx });
}

static void
on_answered(void *ctx, struct au_batch *batch, const struct au_source_fresh *fresh)
{
	const struct au_side *side = ctx;

	au_fresh_answer(side->fresh, batch, fresh);
}

static struct au_reread *
new_reread(struct au_side *side, enum au_search search)
{
	return au_reread_new(side->config.base, &(struct au_reread_config){ .mapping = mapping_of(side, search),
						    .batch = batch_of(side, search),
						    .soon_ms = side->settings->reread_after,
						    .late_ms = side->settings->confirm_after,
						    .answered = on_answered,
						    .ctx = side });
}

static int
make_parts(struct au_side *side, struct au_err *err)
{
	const struct au_source_config *settings = side->settings;
	struct event_base *base = side->config.base;
	int64_t probe_timeout =
	    settings->operation_timeout < PROBE_TIMEOUT_MS ? settings->operation_timeout : PROBE_TIMEOUT_MS;
	const struct au_mapping *const mappings[AU_SEARCHES] = { mapping_of(side, AU_SEARCH_PEOPLE),
		mapping_of(side, AU_SEARCH_GROUPS) };

	int rc = au_dn_normalize(side->arena, settings->people_base, &side->people_norm, err);
	if (rc == 0)
		rc = au_lookup_new(mappings, side->config.channel, &side->lookup, err);
	if (rc == 0)
		rc = au_owner_names_new(settings, side->config.channel, &side->owners, err);
	if (rc < 0)
		return rc;
	side->comparing = new_comparing(side);
	side->fresh = au_fresh_new(base, side->config.channel);
	for (int i = 0; i < AU_SEARCHES; i++)
		side->rereads[i] = new_reread(side, i);
	side->probe = au_probe_new(base, settings->probe_interval, probe_timeout, side->config.probe, side->config.ctx);
	side->canaries = au_canaries_new(base, settings, mappings, on_canary_lost, side);
	return 0;
}

int
au_side_new(const struct au_side_config *config, struct au_side **ret, struct au_err *err)
{
	struct au_side *side = au_xcalloc(1, sizeof(*side));

	side->config = *config;
	side->settings = &config->start->config;
	side->arena = au_arena_new();
	int rc = make_parts(side, err);
	if (rc == 0)
		*ret = side;
	else
		au_side_free(side);
	return rc;
}

void
au_side_free(struct au_side *side)
{
	if (side == NULL)
		return;
	au_comparing_free(side->comparing);
	for (int i = 0; i < AU_SEARCHES; i++)
		au_reread_free(side->rereads[i]);
	au_fresh_free(side->fresh);
	au_lookup_free(side->lookup);
	au_owner_names_free(side->owners);
	au_canaries_free(side->canaries);
	au_probe_free(side->probe);
	au_arena_free(side->arena);
	free(side);
}

void
au_side_open(struct au_side *side, struct au_line *line)
{
	au_probe_start(side->probe, line, side->people_norm);
	au_lookup_line(side->lookup, line, side->settings->operation_timeout);
	au_owner_names_line(side->owners, line);
	au_canaries_line(side->canaries, line);
}

void
au_side_close(struct au_side *side)
{
	au_probe_stop(side->probe);
	au_lookup_line(side->lookup, NULL, 0);
	au_owner_names_line(side->owners, NULL);
	au_canaries_line(side->canaries, NULL);
	au_side_reread_on(side, NULL, false);
	au_comparing_close(side->comparing);
}

void
au_side_reread_on(struct au_side *side, struct au_line *line, bool only_asked)
{
	if (line == NULL)
		au_fresh_lost(side->fresh);
	for (int i = 0; i < AU_SEARCHES; i++)
		au_reread_line(side->rereads[i], line, side->settings->operation_timeout, only_asked);
}

void
au_side_touched(struct au_side *side, enum au_search search, const char *id)
{
	au_comparing_touched(side->comparing, search, id);
	au_reread_touched(side->rereads[search], id);
}

struct au_comparing *
au_side_comparing(const struct au_side *side)
{
	return side->comparing;
}

void
au_side_lookup(struct au_side *side, const struct au_source_lookup *lookup)
{
	au_lookup_ask(side->lookup, lookup);
}

void
au_side_owner(struct au_side *side, const char *dn_norm)
{
	au_owner_names_ask(side->owners, dn_norm);
}

void
au_side_reread(struct au_side *side, const struct au_source_reread *reread)
{
	au_reread_ask(side->rereads[reread->search], reread);
}
