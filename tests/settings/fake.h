/* SPDX-License-Identifier: ISC */
/* A plugin's description without a plugin: what the settings need to know of one. */
#ifndef TESTS_SETTINGS_FAKE_H
#define TESTS_SETTINGS_FAKE_H

#include "settings/settings.h"

/* An au_describe_fn; ctx is a size_t that counts the calls, or NULL. */
int fake_describe(void *ctx, const struct au_values *daemon, struct au_arena *arena, const char *plugin,
    const struct au_describe **ret, struct au_err *err);

/* The path of a file of this folder; caller frees. */
char *fake_path(const char *name);

#endif
