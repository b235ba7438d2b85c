/* SPDX-License-Identifier: ISC */
/*
 * Old rows leave the audit chain from its start only, and leave behind a
 * sealed mark of the last one that went, and a row that says so: whoever cuts
 * rows off without the key is found out.
 */
#include "base/json.h"
#include "base/rand.h"
#include "store/audit_chain.h"

static void
read_last(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_audit_mark *mark = object;
	(void)arena;
	mark->seq = row[0].number;
	au_audit_copy_mac(&row[1], mark->mac);
}

/* What is removed is told with the MAC of the last of it, to which an anchor or an export can be held. */
static int
tell(struct au_store_tx *tx, long long now_ms, const struct au_audit_mark *mark, long long rows, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	char hex[2 * AU_AUDIT_MAC + 1];
	au_json_set_int(detail, "rows", rows);
	au_json_set_int(detail, "through", mark->seq);
	au_json_set_str(detail, "mac", au_hex(mark->mac, sizeof mark->mac, hex));
	return au_store_audit(tx, now_ms, "daemon", "audit.prune", "audit", detail, err);
}

int
au_store_audit_prune(struct au_store_tx *tx, long long before_ms, size_t most, long long now_ms, long long *ret_rows,
    struct au_err *err)
{
	struct au_audit_mark mark = { 0 };
	long long rows = 0;
	int rc = au_audit_need_key(tx, err);
	if (rc == 0)
		rc = au_tx_first(tx, NULL, AU_QUERY(AUDIT_OLD, au_number(before_ms), au_number((long long)most)),
		    read_last, &mark, err);
	if (rc <= 0) {
		if (rc == 0)
			*ret_rows = 0;
		return rc;
	}
	au_audit_seal(tx->audit_key, AU_AUDIT_START, &mark);
	rc = au_tx_run(tx, AU_QUERY(AUDIT_REMOVE, au_number(mark.seq)), &rows, err);
	if (rc == 0)
		rc = au_tx_run(tx,
		    AU_QUERY(AUDIT_START_PUT, au_number(mark.seq), au_blob(mark.mac, sizeof mark.mac),
			au_blob(mark.seal, sizeof mark.seal)),
		    NULL, err);
	if (rc == 0)
		rc = tell(tx, now_ms, &mark, rows, err);
	if (rc == 0)
		*ret_rows = rows;
	return rc;
}

int
au_store_audit_end(struct au_store_tx *tx, struct au_audit_anchor *ret, struct au_err *err)
{
	struct au_audit_mark head = { 0 };
	int rc = au_tx_first(tx, NULL, AU_QUERY(AUDIT_HEAD), au_audit_read_mark, &head, err);
	if (rc < 0)
		return rc;
	ret->seq = head.seq;
	au_hex(head.mac, sizeof head.mac, ret->mac);
	return 0;
}
