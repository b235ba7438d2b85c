/* SPDX-License-Identifier: ISC */
/* A count per client, for as long as it is not 0. */
#include "scim/scans.h"

#include "base/mem.h"

bool
au_scans_begin(struct au_request *r)
{
	long long most = au_values_num(r->settings->scim, "max_scans");
	struct au_map *scans = r->scim->scans;
	long long *count = au_map_get(scans, r->client);

	if (count != NULL && *count >= most) {
		au_fault_set(&r->fault, AU_FAULT_THROTTLED,
		    "%lld searches that no index answers are under way for this client: wait, or filter by an indexed "
		    "attribute",
		    *count);
		return false;
	}
	if (count == NULL) {
		count = au_xcalloc(1, sizeof *count);
		au_map_put(scans, r->client, count);
	}
	++*count;
	return true;
}

void
au_scans_end(struct au_request *r)
{
	long long *count = au_map_get(r->scim->scans, r->client);

	if (--*count > 0)
		return;
	au_map_remove(r->scim->scans, r->client);
	free(count);
}
