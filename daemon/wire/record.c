/* SPDX-License-Identifier: ISC */
/* One byte says what follows; whatever does not parse makes the whole body wrong. */
#include "wire/record.h"

#include "base/str.h"

void
au_record_put(struct au_buf *out, const struct au_entry *entry, const char *dn_norm)
{
	au_pack_byte(out, AU_CHANGE_PUT);
	au_pack_text(out, dn_norm);
	au_entry_pack(entry, out);
}

void
au_record_text(struct au_buf *out, enum au_change_op op, const char *text)
{
	au_pack_byte(out, (unsigned char)op);
	au_pack_text(out, text);
}

static int
take_put(struct au_unpack *from, struct au_source_change *change, struct au_err *err)
{
	if (au_unpack_text(from, &change->dn_norm) < 0 || change->dn_norm == NULL)
		return au_fail(err, AU_EPROTO, "record: entry without a normal DN");
	return au_entry_unpack(from, &change->entry, err);
}

static int
take_text(struct au_unpack *from, struct au_source_change *change, struct au_err *err)
{
	if (au_unpack_text(from, &change->text) < 0 || au_str_empty(change->text))
		return au_fail(err, AU_EPROTO, "record: id or member without a text");
	return 0;
}

int
au_record_next(struct au_unpack *from, struct au_source_change *ret, struct au_err *err)
{
	struct au_source_change change = { 0 };
	struct au_unpack rest = *from;
	unsigned char op;
	int rc;

	if (au_unpack_byte(&rest, &op) < 0)
		return 0;
	if (op < AU_CHANGE_PUT || op > AU_CHANGE_SOME)
		return au_fail(err, AU_EPROTO, "record: %u is none", op);
	change.op = op;
	rc = op == AU_CHANGE_PUT ? take_put(&rest, &change, err) : take_text(&rest, &change, err);
	if (rc < 0)
		return rc;
	*from = rest;
	*ret = change;
	return 1;
}

bool
au_record_is(const struct au_unpack *from, enum au_change_op op)
{
	return from->len > 0 && (unsigned char)*from->at == op;
}
