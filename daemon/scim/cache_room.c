/* SPDX-License-Identifier: ISC */
/* The store keeps the number of its resources, so that it is asked for on the loop. */
#include "scim/cache_room.h"

#include "scim/cache.h"
#include "scim/service.h"
#include "store/resource.h"

#include <event2/event.h>

#define LOOK_SECONDS 10

struct counted {
	struct au_scim *scim;
	long long resources;
};

static int
count_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct counted *counted = arg;

	return au_store_resource_total(tx, &counted->resources, err);
}

/* Without the number the cache stays as large as it is. */
static void
resize_to(void *arg, int rc, const struct au_err *err)
{
	struct counted *counted = arg;

	(void)err;
	if (rc == 0)
		au_cache_resize(counted->scim->cache, (unsigned long long)counted->resources);
	free(counted);
}

void
au_cache_grow(struct au_scim *scim)
{
	struct counted *counted = au_xcalloc(1, sizeof *counted);

	counted->scim = scim;
	au_store_read(scim->store, AU_READ_POINT, count_work, counted, resize_to);
}

static void
look(evutil_socket_t fd, short what, void *arg)
{
	struct au_scim *scim = arg;

	(void)fd;
	(void)what;
	au_cache_yield(scim->cache);
}

void
au_cache_room_start(struct au_scim *scim)
{
	static const struct timeval often = { .tv_sec = LOOK_SECONDS };

	scim->room_event = event_new(scim->base, -1, EV_PERSIST, look, scim);
	event_add(scim->room_event, &often);
}

void
au_cache_room_stop(struct au_scim *scim)
{
	event_free(scim->room_event);
}
