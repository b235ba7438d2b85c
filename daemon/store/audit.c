/* SPDX-License-Identifier: ISC */
/*
 * The audit chain.  A row's MAC covers the MAC before it and every field, so
 * no row can be changed, moved or taken out; the head, sealed under the same
 * key, says which row is the last, so none can be cut off either.
 */
#include "store/audit.h"

#include "base/rand.h"
#include "store/audit_end.h"
#include "store/digest.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#define MAC_SIZE AU_AUDIT_MAC

static_assert(crypto_generichash_KEYBYTES == 32 && MAC_SIZE <= crypto_generichash_BYTES_MAX, "sizes of BLAKE2b");

struct head {
	long long seq; /* 0 and zeros before the first row */
	unsigned char mac[MAC_SIZE], seal[MAC_SIZE];
};

static void
copy_mac(const struct au_value *value, unsigned char mac[MAC_SIZE])
{
	memset(mac, 0, MAC_SIZE);
	if (value->len == MAC_SIZE)
		memcpy(mac, value->blob, MAC_SIZE);
}

static void
read_head(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct head *head = object;
	(void)arena;
	head->seq = row[0].number;
	copy_mac(&row[1], head->mac);
	copy_mac(&row[2], head->seal);
}

static void
seal_head(const unsigned char *key, struct head *head)
{
	struct au_digest digest;
	au_digest_begin(&digest, key, crypto_generichash_KEYBYTES, MAC_SIZE);
	au_digest_text(&digest, "head of the audit chain");
	au_digest_number(&digest, head->seq);
	au_digest_bytes(&digest, head->mac, MAC_SIZE);
	au_digest_end(&digest, head->seal, MAC_SIZE);
}

static void
mac_row(const unsigned char *key, const unsigned char before[MAC_SIZE], const struct au_audit *row,
    unsigned char mac[MAC_SIZE])
{
	struct au_digest digest;
	au_digest_begin(&digest, key, crypto_generichash_KEYBYTES, MAC_SIZE);
	au_digest_text(&digest, "row of the audit chain");
	au_digest_bytes(&digest, before, MAC_SIZE);
	au_digest_number(&digest, row->seq);
	au_digest_number(&digest, row->at_ms);
	au_digest_text(&digest, row->actor);
	au_digest_text(&digest, row->verb);
	au_digest_text(&digest, row->object);
	au_digest_text(&digest, row->detail);
	au_digest_end(&digest, mac, MAC_SIZE);
}

static int
need_key(const struct au_store_tx *tx, struct au_err *err)
{
	return tx->audit_key ? 0 : au_fail(err, AU_EINVAL, "audit: the store was opened without the audit key");
}

/* ---- the end of the chain ---- */

static int
know_end(struct au_store_tx *tx, struct au_err *err)
{
	struct au_audit_end *end = tx->audit_end;
	struct head head = { 0 };
	if (end->is_known)
		return 0;
	int rc = au_tx_first(tx, NULL, AU_QUERY(AUDIT_HEAD), read_head, &head, err);
	if (rc < 0)
		return rc;
	*end = (struct au_audit_end){ .is_known = true, .seq = head.seq };
	memcpy(end->mac, head.mac, MAC_SIZE);
	return 0;
}

int
au_audit_settle(struct au_store_tx *tx, struct au_err *err)
{
	struct au_audit_end *end = tx->audit_end;
	struct head head = { 0 };
	if (!end || !end->is_moved)
		return 0;
	head.seq = end->seq;
	memcpy(head.mac, end->mac, MAC_SIZE);
	seal_head(tx->audit_key, &head);
	int rc = au_tx_run(tx,
	    AU_QUERY(AUDIT_HEAD_PUT, au_number(head.seq), au_blob(head.mac, MAC_SIZE), au_blob(head.seal, MAC_SIZE)),
	    NULL, err);
	if (rc == 0)
		end->is_moved = false;
	return rc;
}

void
au_audit_forget(struct au_audit_end *end)
{
	*end = (struct au_audit_end){ .is_known = false };
}

static int
add_row(struct au_store_tx *tx, struct au_audit *row, struct au_err *err)
{
	struct au_audit_end *end = tx->audit_end;
	unsigned char mac[MAC_SIZE];
	row->seq = end->seq + 1;
	mac_row(tx->audit_key, end->mac, row, mac);
	int rc = au_tx_run(tx,
	    AU_QUERY(AUDIT_ADD, au_number(row->seq), au_number(row->at_ms), au_text(row->actor), au_text(row->verb),
		au_text(row->object), au_text(row->detail), au_blob(mac, MAC_SIZE)),
	    NULL, err);
	if (rc < 0)
		return rc;
	end->seq = row->seq;
	memcpy(end->mac, mac, MAC_SIZE);
	end->is_moved = true;
	return 0;
}

/* ---- rows ---- */

int
au_store_audit(struct au_store_tx *tx, long long at_ms, const char *actor, const char *verb, const char *object,
    const json_t *detail, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *text = detail ? au_json_text(detail) : NULL;
	struct au_audit row = { 0, at_ms, actor, verb, object, text, NULL };
	int rc = need_key(tx, err);
	if (rc == 0)
		rc = know_end(tx, err);
	return rc < 0 ? rc : add_row(tx, &row, err);
}

static void
read_audit(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_audit *audit = object;
	unsigned char mac[MAC_SIZE];
	char hex[2 * MAC_SIZE + 1];
	copy_mac(&row[6], mac);
	audit->seq = row[0].number;
	audit->at_ms = row[1].number;
	audit->actor = au_arena_strdup(arena, row[2].text);
	audit->verb = au_arena_strdup(arena, row[3].text);
	audit->object = au_arena_strdup(arena, row[4].text);
	audit->detail = au_arena_strdup(arena, row[5].text);
	audit->mac = au_arena_strdup(arena, au_hex(mac, MAC_SIZE, hex));
}

int
au_store_audit_list(struct au_store_tx *tx, struct au_arena *arena, const char *object, long long before_seq,
    size_t limit, struct au_audit **ret, size_t *ret_count, struct au_err *err)
{
	struct au_value before = au_number(before_seq > 0 ? before_seq : LLONG_MAX);
	struct au_value most = au_number((long long)limit);
	if (!object)
		return au_tx_all(
		    tx, arena, AU_QUERY(AUDIT_LIST, before, most), read_audit, sizeof(**ret), ret, ret_count, err);
	return au_tx_all(tx, arena, AU_QUERY(AUDIT_LIST_OBJECT, au_text(object), before, most), read_audit,
	    sizeof(**ret), ret, ret_count, err);
}

struct walk {
	const unsigned char *key;
	struct head last; /* what the head must be after the rows so far */
};

static int
walk_row(const struct au_value *columns, void *ctx, struct au_err *err)
{
	struct walk *walk = ctx;
	struct au_audit row = { columns[0].number, columns[1].number, columns[2].text, columns[3].text, columns[4].text,
		columns[5].text, NULL };
	unsigned char stored[MAC_SIZE];
	copy_mac(&columns[6], stored);
	if (row.seq != walk->last.seq + 1)
		return au_fail(err, AU_EINVAL, "audit: row %lld is missing", walk->last.seq + 1);
	mac_row(walk->key, walk->last.mac, &row, walk->last.mac);
	if (sodium_memcmp(walk->last.mac, stored, MAC_SIZE) != 0)
		return au_fail(err, AU_EINVAL, "audit: row %lld does not fit the chain", row.seq);
	walk->last.seq = row.seq;
	return 0;
}

int
au_store_audit_verify(struct au_store_tx *tx, long long *ret_rows, struct au_err *err)
{
	struct walk walk = { .key = tx->audit_key };
	struct head head = { 0 };
	int rc = need_key(tx, err);
	if (rc == 0)
		rc = au_audit_settle(tx, err);
	if (rc == 0)
		rc = au_tx_each(tx, AU_QUERY(AUDIT_WALK), walk_row, &walk, err);
	if (rc == 0)
		rc = au_tx_first(tx, NULL, AU_QUERY(AUDIT_HEAD), read_head, &head, err);
	if (rc < 0)
		return rc;
	if (rc == 0 && walk.last.seq > 0)
		return au_fail(err, AU_EINVAL, "audit: the head of the chain is missing");
	seal_head(walk.key, &walk.last);
	if (rc == 1 && (head.seq != walk.last.seq || sodium_memcmp(head.seal, walk.last.seal, MAC_SIZE) != 0))
		return au_fail(
		    err, AU_EINVAL, "audit: row %lld, the last by the head, is missing or does not fit", head.seq);
	if (ret_rows)
		*ret_rows = walk.last.seq;
	return 0;
}
