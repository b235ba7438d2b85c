/* SPDX-License-Identifier: ISC */
/* The endpoint as its own files see it. */
#ifndef SCIM_SERVICE_H
#define SCIM_SERVICE_H

#include "base/map.h"
#include "scim/cache.h"
#include "scim/catalog.h"
#include "scim/scim.h"
#include "scim/throttle.h"

struct au_scim {
	struct event_base *base;
	struct au_store *store;
	struct au_settings *settings; /* held */
	struct au_catalog *catalog;   /* held */
	struct au_cache *cache;       /* of answers that were made under these settings */
	struct event *room_event;     /* looks whether there is room for it */
	unsigned char token_key[32];
	struct au_scim_events events;
	void *ctx;
	struct au_known *known;     /* tokens that were proven lately */
	struct au_issuers *issuers; /* of JWTs */
	struct au_throttle *clients;
	struct au_suspects *suspects; /* peers with bad credentials */
	struct au_delays *delays;     /* answers to them that are kept back */
	struct au_scim_stats stats;
	struct au_map *used;      /* token id -> when its use was last written, int64_t on the heap */
	struct au_map *indexed;   /* attributes that the store's index holds whole */
	unsigned index_round;     /* rises when the catalog may have changed */
	struct au_map *providers; /* client -> what it was recognised as, struct au_provider on the heap */
	char *openapi;            /* the description of what is offered, once it was asked for; NULL */
	struct au_map *scans;     /* client -> long reads under way, long long on the heap */
	struct au_map *sources;   /* clients that are known to have a source row */
};

#endif
