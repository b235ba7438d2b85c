/* SPDX-License-Identifier: ISC */
/* The base url of a product's API. */
#ifndef LIB_URL_H
#define LIB_URL_H

#include "base/err.h"

/*
 * Check a url and give it back without a final slash (caller frees), with whether it is clear text.
 * AU_EINVAL: not https (http only to this machine, or with insecure), a user name in it, a query or fragment.
 */
int au_url_check(const char *url, bool insecure, char **ret, bool *ret_clear_text, struct au_err *err);

#endif
