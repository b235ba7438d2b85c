/* SPDX-License-Identifier: ISC */
#ifndef TESTS_CONTROL_FAKE_SOURCE_H
#define TESTS_CONTROL_FAKE_SOURCE_H

#include "source/source.h"

struct au_source *fake_source(void); /* "corp" */
unsigned fake_source_resyncs(const struct au_source *source);
bool fake_source_is_paused(const struct au_source *source);

#endif
