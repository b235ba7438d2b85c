/* SPDX-License-Identifier: ISC */
/* Numbers are signed to BER and bits to us: the topmost flag makes a negative number. */
#include "sourced/dirsync_control.h"

#include "base/mem.h"
#include "sourced/ber_value.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

struct berval *
au_dirsync_request(uint32_t flags, int32_t max_bytes, const struct berval *cookie)
{
	struct berval none = { 0, (char[]){ "" } };
	struct berval *value = NULL;
	BerElement *ber = ber_alloc_t(LBER_USE_DER);

	assert(ber != NULL);
	int rc = ber_printf(ber, "{iiO}", (ber_int_t)flags, (ber_int_t)max_bytes, cookie != NULL ? cookie : &none);
	if (rc >= 0)
		rc = ber_flatten(ber, &value);
	assert(rc >= 0);
	ber_free(ber, 1);
	return value;
}

int
au_dirsync_parse(const struct berval *value, struct au_dirsync_answer *ret, struct au_err *err)
{
	static const char what[] = "DirSync control";
	AU_CLEANUP(au_ber_close) BerElement *ber = au_ber_open(value, what, err);
	struct berval cookie = { 0, NULL };
	ber_int_t more = 0, unused = 0;

	if (ber == NULL)
		return AU_EPROTO;
	if (ber_scanf(ber, "{iim", &more, &unused, &cookie) == LBER_ERROR)
		return au_ber_cut(what, err);
	if (cookie.bv_len == 0)
		return au_fail(err, AU_EPROTO, "%s: the server sent no cookie", what);
	*ret = (struct au_dirsync_answer){ .more = more != 0, .cookie = cookie };
	return 0;
}

static bool
ends_with(const struct berval *name, const char *end)
{
	size_t len = strlen(end);

	return name->bv_len > len && strncasecmp(name->bv_val + name->bv_len - len, end, len) == 0;
}

enum au_dirsync_values
au_dirsync_values_of(const struct berval *name)
{
	if (ends_with(name, ";range=1-1"))
		return AU_DIRSYNC_ADDED;
	return ends_with(name, ";range=0-0") ? AU_DIRSYNC_REMOVED : AU_DIRSYNC_ALL;
}

bool
au_dirsync_is_named(const struct berval *name, const char *attribute)
{
	size_t len = strlen(attribute);

	return name->bv_len >= len && strncasecmp(name->bv_val, attribute, len) == 0 &&
	       (name->bv_len == len || name->bv_val[len] == ';');
}
