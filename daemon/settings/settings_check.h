/* SPDX-License-Identifier: ISC */
/* What rows cannot say about a block: how its options go together, and whether its secrets can be had. */
#ifndef SETTINGS_SETTINGS_CHECK_H
#define SETTINGS_SETTINGS_CHECK_H

#include "base/opt.h"
#include "settings/raw.h"
#include "settings/settings.h"

/* All: AU_EINVAL (AU_EPERM for a secret's file) with "FILE:LINE: ..." of the option that is wrong; at is the block. */
int au_check_name(const struct au_raw *at, const char *name, struct au_err *err);
int au_check_scim(const struct au_raw *at, const struct au_values *values, struct au_err *err);
/* What must go together, and that what is told leaves this machine by TLS only. */
int au_check_webhook(const struct au_raw *at, const struct au_values *values, struct au_err *err);
int au_check_source(const struct au_raw *at, const struct au_values *values, struct au_err *err);
/* Which options a source must and may have by its kind, and the URL of a SCIM service. */
int au_check_source_kind(const struct au_raw *at, const struct au_values *values, struct au_err *err);
/* The paths of an option, as model/scim_path.h reads them. */
int au_check_scim_paths(
    const struct au_raw *at, const struct au_values *values, const char *option, struct au_err *err);
/* The settings hold the issuers above it. */
int au_check_issuer(
    const struct au_raw *at, const struct au_settings *settings, const struct au_values *values, struct au_err *err);
/* The client is one of the settings' already, its issuer has been read. */
int au_check_client(
    const struct au_raw *at, const struct au_settings *settings, const struct au_block *client, struct au_err *err);
/* Two options of which neither makes sense alone. */
int au_check_pair(
    const struct au_raw *at, const struct au_values *values, const char *one, const char *other, struct au_err *err);
int au_check_reconcile(const struct au_raw *at, const struct au_values *values, struct au_err *err);
int au_check_daemon(const struct au_raw *at, const struct au_values *values, struct au_err *err);
int au_check_target(const struct au_raw *at, const struct au_values *values, struct au_err *err);
/* What it says of accounts that nobody wants must be what the product can do. */
int au_check_leave(
    const struct au_raw *at, const struct au_values *values, const struct au_describe *product, struct au_err *err);
/* Every AU_SECRET row that is set: the form of the place, and that we alone can read what lies there.  A credential:
 * place is looked into only where systemd handed credentials over. */
int au_check_secrets(
    const struct au_raw *at, const struct au_opt *rows, const struct au_values *values, struct au_err *err);

#endif
