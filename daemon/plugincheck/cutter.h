/* SPDX-License-Identifier: ISC */
/*
 * A forwarder on loopback between a plugin and its product, in a process of its own, that breaks a connection at a
 * wanted moment: after the product began to answer, before a byte of the answer went on.
 */
#ifndef PLUGINCHECK_CUTTER_H
#define PLUGINCHECK_CUTTER_H

#include "base/err.h"

struct cutter;

/* Forward to the host and port of an http URL; *ret_url is the URL to use instead (the caller frees it).  AU_EINVAL
 * when the URL is of another kind, AU_EIO. */
int cutter_start(const char *url, struct cutter **ret, char **ret_url, struct au_err *err);
void cutter_stop(struct cutter *cutter); /* NULL is fine */
/* Break the number-th answer from now on; 0 breaks none. */
void cutter_arm(struct cutter *cutter, unsigned number);
/* Whether it has come to that. */
bool cutter_has_cut(const struct cutter *cutter);

#endif
