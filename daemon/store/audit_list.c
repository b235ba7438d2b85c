/* SPDX-License-Identifier: ISC */
/* Looking into the audit chain: rows by what they are about, in one order or the other. */
#include "base/rand.h"
#include "base/str.h"
#include "store/audit_chain.h"

#include <limits.h>

static void
read_audit(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_audit *audit = object;
	unsigned char mac[AU_AUDIT_MAC];
	char hex[2 * AU_AUDIT_MAC + 1];
	au_audit_copy_mac(&row[6], mac);
	audit->seq = row[0].number;
	audit->at_ms = row[1].number;
	audit->actor = au_arena_strdup(arena, row[2].text);
	audit->verb = au_arena_strdup(arena, row[3].text);
	audit->object = au_arena_strdup(arena, row[4].text);
	audit->detail = au_arena_strdup(arena, row[5].text);
	audit->mac = au_arena_strdup(arena, au_hex(mac, sizeof mac, hex));
}

int
au_store_audit_list(struct au_store_tx *tx, struct au_arena *arena, const struct au_audit_filter *filter, size_t limit,
    struct au_audit **ret, size_t *ret_count, struct au_err *err)
{
	struct au_value most = au_number((long long)limit);
	struct au_query by_object = AU_QUERY(AUDIT_LIST_OBJECT, au_text(filter->object),
	    au_number(filter->before > 0 ? filter->before : LLONG_MAX), most);
	struct au_query query = AU_QUERY(AUDIT_LIST, au_number(filter->after),
	    au_number(filter->before > 0 ? filter->before : LLONG_MAX), au_number(filter->since_ms),
	    au_number(filter->until_ms > 0 ? filter->until_ms : LLONG_MAX), au_text(filter->object),
	    au_text(filter->actor), au_text(filter->verb), au_text(filter->target), au_text(filter->user), most);
	bool only_object = filter->object && !filter->actor && !filter->verb && !filter->target && !filter->user &&
	    !filter->oldest_first && filter->after == 0 && filter->since_ms == 0 && filter->until_ms == 0;

	if (filter->oldest_first)
		query.statement = AU_SQL_AUDIT_LIST_UP;
	return au_tx_all(
	    tx, arena, only_object ? by_object : query, read_audit, sizeof(**ret), ret, ret_count, err);
}

int
au_store_audit_get(
    struct au_store_tx *tx, struct au_arena *arena, long long seq, struct au_audit *ret, struct au_err *err)
{
	char name[24];
	snprintf(name, sizeof name, "%lld", seq);
	return au_tx_one(tx, arena, AU_QUERY(AUDIT_GET, au_number(seq)), read_audit, ret, "audit row", name, err);
}
