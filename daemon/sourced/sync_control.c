/* SPDX-License-Identifier: ISC */
/* Decoding works in place, so a failure has no parts to free. */
#include "sourced/sync_control.h"

#include "base/mem.h"
#include "sourced/ber_value.h"

#include <assert.h>
#include <ldap.h>
#include <string.h>

/* An element of the id set: tag, length 16, the id. */
#define ID_ELEMENT (2 + AU_SYNC_UUID)

#define NOTHING_LEFT ((ber_tag_t)0)

/* The next element's tag, NOTHING_LEFT, or LBER_DEFAULT when what is left is no element. */
static ber_tag_t
peek(BerElement *ber)
{
	ber_len_t left = 0, len;

	ber_get_option(ber, LBER_OPT_BER_REMAINING_BYTES, &left);
	return left == 0 ? NOTHING_LEFT : ber_peek_tag(ber, &len);
}

/* An optional octet string; absent leaves ret empty. */
static bool
optional_bytes(BerElement *ber, ber_tag_t tag, struct berval *ret)
{
	ber_tag_t next = peek(ber);

	*ret = (struct berval){ 0, NULL };
	return next == tag ? ber_scanf(ber, "m", ret) != LBER_ERROR : next != LBER_DEFAULT;
}

static bool
optional_bool(BerElement *ber, bool dflt, bool *ret)
{
	ber_int_t value = 0;
	ber_tag_t next = peek(ber);

	*ret = dflt;
	if (next != LBER_BOOLEAN)
		return next != LBER_DEFAULT;
	if (ber_scanf(ber, "b", &value) == LBER_ERROR)
		return false;
	*ret = value != 0;
	return true;
}

int
au_sync_state_parse(const struct berval *value, struct au_sync_state *ret, struct au_err *err)
{
	static const char what[] = "sync state control";
	AU_CLEANUP(au_ber_close) BerElement *ber = au_ber_open(value, what, err);
	struct berval uuid = { 0, NULL }, cookie;
	ber_int_t state = -1;

	if (ber == NULL)
		return AU_EPROTO;
	if (ber_scanf(ber, "{em", &state, &uuid) == LBER_ERROR || !optional_bytes(ber, LDAP_TAG_SYNC_COOKIE, &cookie))
		return au_ber_cut(what, err);
	if (state < AU_SYNC_PRESENT || state > AU_SYNC_DELETE)
		return au_fail(err, AU_EPROTO, "%s: unknown state %d", what, (int)state);
	if (uuid.bv_len != AU_SYNC_UUID)
		return au_fail(err, AU_EPROTO, "%s: entryUUID of %lu bytes", what, (unsigned long)uuid.bv_len);
	ret->state = state;
	memcpy(ret->uuid, uuid.bv_val, AU_SYNC_UUID);
	ret->cookie = cookie;
	return 0;
}

int
au_sync_done_parse(const struct berval *value, struct au_sync_done *ret, struct au_err *err)
{
	static const char what[] = "sync done control";
	AU_CLEANUP(au_ber_close) BerElement *ber = au_ber_open(value, what, err);
	struct au_sync_done done;

	if (ber == NULL)
		return AU_EPROTO;
	if (ber_scanf(ber, "{") == LBER_ERROR || !optional_bytes(ber, LDAP_TAG_SYNC_COOKIE, &done.cookie) ||
	    !optional_bool(ber, false, &done.refresh_deletes))
		return au_ber_cut(what, err);
	*ret = done;
	return 0;
}

/* Every element must be an octet string of 16 bytes in the short form, up to the last byte. */
static bool
ids_are_whole(const struct berval *ids)
{
	if (ids->bv_len % ID_ELEMENT != 0)
		return false;
	for (size_t at = 0; at < ids->bv_len; at += ID_ELEMENT)
		if ((unsigned char)ids->bv_val[at] != LBER_OCTETSTRING || ids->bv_val[at + 1] != AU_SYNC_UUID)
			return false;
	return true;
}

static int
parse_phase(BerElement *ber, struct au_sync_info *info, const char *what, struct au_err *err)
{
	if (ber_scanf(ber, "{") == LBER_ERROR || !optional_bytes(ber, LDAP_TAG_SYNC_COOKIE, &info->cookie) ||
	    !optional_bool(ber, true, &info->refresh_done))
		return au_ber_cut(what, err);
	return 0;
}

static int
parse_id_set(BerElement *ber, struct au_sync_info *info, const char *what, struct au_err *err)
{
	if (ber_scanf(ber, "{") == LBER_ERROR || !optional_bytes(ber, LDAP_TAG_SYNC_COOKIE, &info->cookie) ||
	    !optional_bool(ber, false, &info->refresh_deletes))
		return au_ber_cut(what, err);
	if (peek(ber) != LBER_SET || ber_scanf(ber, "m", &info->ids) == LBER_ERROR || !ids_are_whole(&info->ids))
		return au_ber_cut(what, err);
	return 0;
}

int
au_sync_info_parse(const struct berval *value, struct au_sync_info *ret, struct au_err *err)
{
	static const char what[] = "sync info message";
	AU_CLEANUP(au_ber_close) BerElement *ber = au_ber_open(value, what, err);
	struct au_sync_info info = { 0 };
	int rc = 0;

	if (ber == NULL)
		return AU_EPROTO;
	switch (peek(ber)) {
	case LDAP_TAG_SYNC_NEW_COOKIE:
		info.kind = AU_SYNC_NEW_COOKIE;
		if (ber_scanf(ber, "m", &info.cookie) == LBER_ERROR)
			rc = au_ber_cut(what, err);
		break;
	case LDAP_TAG_SYNC_REFRESH_DELETE:
		info.kind = AU_SYNC_REFRESH_DELETE;
		rc = parse_phase(ber, &info, what, err);
		break;
	case LDAP_TAG_SYNC_REFRESH_PRESENT:
		info.kind = AU_SYNC_REFRESH_PRESENT;
		rc = parse_phase(ber, &info, what, err);
		break;
	case LDAP_TAG_SYNC_ID_SET:
		info.kind = AU_SYNC_ID_SET;
		rc = parse_id_set(ber, &info, what, err);
		break;
	default:
		rc = au_ber_cut(what, err);
	}
	if (rc == 0)
		*ret = info;
	return rc;
}

bool
au_sync_ids_next(struct berval *ids, unsigned char uuid[AU_SYNC_UUID])
{
	if (ids->bv_len < ID_ELEMENT)
		return false;
	memcpy(uuid, ids->bv_val + 2, AU_SYNC_UUID);
	ids->bv_val += ID_ELEMENT;
	ids->bv_len -= ID_ELEMENT;
	return true;
}

struct berval *
au_sync_request(const struct berval *cookie)
{
	struct berval *value = NULL;
	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	int rc;

	assert(ber != NULL);
	/* reloadHint stays FALSE: without it slapd falls back to a full refresh by itself instead of refusing. */
	if (cookie != NULL)
		rc = ber_printf(ber, "{eOb}", LDAP_SYNC_REFRESH_AND_PERSIST, cookie, 0);
	else
		rc = ber_printf(ber, "{eb}", LDAP_SYNC_REFRESH_AND_PERSIST, 0);
	if (rc >= 0)
		rc = ber_flatten(ber, &value);
	assert(rc >= 0);
	ber_free(ber, 1);
	return value;
}

char *
au_sync_uuid_text(const unsigned char uuid[AU_SYNC_UUID], char buf[AU_UUID_SIZE])
{
	char hex[2 * AU_SYNC_UUID + 1];
	static const int groups[] = { 8, 4, 4, 4, 12 };
	const char *from = au_hex(uuid, AU_SYNC_UUID, hex);
	char *to = buf;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (i > 0)
			*to++ = '-';
		memcpy(to, from, groups[i]);
		from += groups[i];
		to += groups[i];
	}
	*to = '\0';
	return buf;
}
