/* SPDX-License-Identifier: ISC */
/*
 * Walks the audit chain from its start to its head and says which row does not
 * belong: rows changed, moved, taken out or signed by somebody else.  A store
 * that was put back whole to an earlier day fits in itself; only what was told
 * elsewhere before, the anchors, shows that.
 */
#include "base/rand.h"
#include "base/str.h"
#include "store/audit_chain.h"

#include <sodium.h>
#include <string.h>

struct walk {
	const unsigned char *key;
	struct au_audit_mark last; /* what the head must be after the rows so far */
	const struct au_audit_anchor *anchors;
	size_t anchor_count;
	struct au_audit_verdict *verdict;
};

/* Anchors come in the order of their rows; those of rows that were removed for their age are passed over. */
static int
check_anchors(struct walk *walk, struct au_err *err)
{
	struct au_audit_verdict *verdict = walk->verdict;
	char hex[2 * AU_AUDIT_MAC + 1];
	for (; walk->anchor_count > 0 && walk->anchors->seq <= walk->last.seq; walk->anchors++, walk->anchor_count--) {
		if (walk->anchors->seq < walk->last.seq) {
			verdict->anchors_removed++;
			continue;
		}
		if (strcmp(au_hex(walk->last.mac, AU_AUDIT_MAC, hex), walk->anchors->mac) != 0)
			return au_fail(err, AU_EINVAL,
			    "audit: row %lld is not the one that was anchored: the chain was made anew from there or before",
			    walk->last.seq);
		verdict->anchors_met++;
	}
	return 0;
}

static int
walk_row(const struct au_value *columns, void *ctx, struct au_err *err)
{
	struct walk *walk = ctx;
	struct au_audit row = { columns[0].number, columns[1].number, columns[2].text, columns[3].text, columns[4].text,
		columns[5].text, NULL };
	unsigned char stored[AU_AUDIT_MAC];
	au_audit_copy_mac(&columns[6], stored);
	if (row.seq != walk->last.seq + 1)
		return au_fail(err, AU_EINVAL, "audit: row %lld is missing", walk->last.seq + 1);
	au_audit_mac(walk->key, walk->last.mac, &row, walk->last.mac);
	if (sodium_memcmp(walk->last.mac, stored, sizeof stored) != 0)
		return au_fail(err, AU_EINVAL, "audit: row %lld does not fit the chain", row.seq);
	walk->last.seq = row.seq;
	walk->verdict->rows++;
	return check_anchors(walk, err);
}

/* Where rows were removed for their age; else before the first row. */
static int
find_start(struct au_store_tx *tx, struct walk *walk, struct au_err *err)
{
	struct au_audit_mark start = { 0 }, sealed;
	int rc = au_tx_first(tx, NULL, AU_QUERY(AUDIT_START), au_audit_read_mark, &start, err);
	if (rc <= 0)
		return rc;
	sealed = start;
	au_audit_seal(walk->key, AU_AUDIT_START, &sealed);
	if (sodium_memcmp(sealed.seal, start.seal, sizeof start.seal) != 0)
		return au_fail(err, AU_EINVAL,
		    "audit: the mark of where the chain starts, behind row %lld, is not the daemon's", start.seq);
	walk->last = start;
	walk->verdict->removed = start.seq;
	return 0;
}

static int
check_head(struct au_store_tx *tx, struct walk *walk, struct au_err *err)
{
	struct au_audit_mark head = { 0 };
	int rc = au_tx_first(tx, NULL, AU_QUERY(AUDIT_HEAD), au_audit_read_mark, &head, err);
	if (rc < 0)
		return rc;
	if (rc == 0 && walk->last.seq > 0)
		return au_fail(err, AU_EINVAL, "audit: the head of the chain is missing");
	au_audit_seal(walk->key, AU_AUDIT_HEAD, &walk->last);
	if (rc == 1 &&
	    (head.seq != walk->last.seq || sodium_memcmp(head.seal, walk->last.seal, sizeof head.seal) != 0))
		return au_fail(
		    err, AU_EINVAL, "audit: row %lld, the last by the head, is missing or does not fit", head.seq);
	if (walk->anchor_count > 0)
		return au_fail(err, AU_EINVAL,
		    "audit: row %lld was anchored and is missing: the chain ends at row %lld; was the store put back?",
		    walk->anchors->seq, walk->last.seq);
	return 0;
}

int
au_store_audit_verify(struct au_store_tx *tx, const struct au_audit_anchor *anchors, size_t count,
    struct au_audit_verdict *ret, struct au_err *err)
{
	struct au_audit_verdict verdict = { 0 };
	struct walk walk = {
		.key = tx->audit_key, .anchors = anchors, .anchor_count = count, .verdict = &verdict
	};
	int rc = au_audit_need_key(tx, err);
	if (rc == 0)
		rc = au_audit_settle(tx, err);
	if (rc == 0)
		rc = find_start(tx, &walk, err);
	if (rc == 0)
		rc = check_anchors(&walk, err);
	if (rc == 0)
		rc = au_tx_each(tx, AU_QUERY(AUDIT_WALK), walk_row, &walk, err);
	if (rc == 0)
		rc = check_head(tx, &walk, err);
	if (rc < 0)
		return rc;
	verdict.last = walk.last.seq;
	*ret = verdict;
	return 0;
}
