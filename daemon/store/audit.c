/* SPDX-License-Identifier: ISC */
/*
 * The audit chain.  A row's MAC covers the MAC before it and every field, so
 * no row can be changed, moved or taken out; the head, sealed under the same
 * key, says which row is the last, so none can be cut off there.  Where old
 * rows were removed, a start sealed likewise says which is the first.
 */
#include "store/audit.h"

#include "base/rand.h"
#include "store/audit_chain.h"
#include "store/audit_end.h"
#include "store/digest.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#define MAC_SIZE AU_AUDIT_MAC

static_assert(crypto_generichash_KEYBYTES == 32 && MAC_SIZE <= crypto_generichash_BYTES_MAX, "sizes of BLAKE2b");

/* ---- MACs ---- */

void
au_audit_copy_mac(const struct au_value *value, unsigned char mac[MAC_SIZE])
{
	memset(mac, 0, MAC_SIZE);
	if (value->len == MAC_SIZE)
		memcpy(mac, value->blob, MAC_SIZE);
}

void
au_audit_read_mark(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_audit_mark *mark = object;
	(void)arena;
	mark->seq = row[0].number;
	au_audit_copy_mac(&row[1], mark->mac);
	au_audit_copy_mac(&row[2], mark->seal);
}

void
au_audit_seal(const unsigned char *key, const char *what, struct au_audit_mark *mark)
{
	struct au_digest digest;
	au_digest_begin(&digest, key, crypto_generichash_KEYBYTES, MAC_SIZE);
	au_digest_text(&digest, what);
	au_digest_number(&digest, mark->seq);
	au_digest_bytes(&digest, mark->mac, MAC_SIZE);
	au_digest_end(&digest, mark->seal, MAC_SIZE);
}

void
au_audit_mac(const unsigned char *key, const unsigned char before[MAC_SIZE], const struct au_audit *row,
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

int
au_audit_need_key(const struct au_store_tx *tx, struct au_err *err)
{
	return tx->audit_key ? 0 : au_fail(err, AU_EINVAL, "audit: the store was opened without the audit key");
}

/* ---- the end of the chain ---- */

static int
know_end(struct au_store_tx *tx, struct au_err *err)
{
	struct au_audit_end *end = tx->audit_end;
	struct au_audit_mark head = { 0 };
	if (end->is_known)
		return 0;
	int rc = au_tx_first(tx, NULL, AU_QUERY(AUDIT_HEAD), au_audit_read_mark, &head, err);
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
	struct au_audit_mark head = { 0 };
	if (!end || !end->is_moved)
		return 0;
	head.seq = end->seq;
	memcpy(head.mac, end->mac, MAC_SIZE);
	au_audit_seal(tx->audit_key, AU_AUDIT_HEAD, &head);
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
	au_audit_mac(tx->audit_key, end->mac, row, mac);
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
	int rc = au_audit_need_key(tx, err);
	if (rc == 0)
		rc = know_end(tx, err);
	return rc < 0 ? rc : add_row(tx, &row, err);
}
