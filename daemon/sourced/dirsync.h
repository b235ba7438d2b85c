/* SPDX-License-Identifier: ISC */
/*
 * One search of Active Directory, or Samba's, followed by the DirSync control: asked again and again, the server tells
 * which objects of the whole partition changed in an attribute that matters to us.
 */
#ifndef SOURCED_DIRSYNC_H
#define SOURCED_DIRSYNC_H

#include "sourced/follow.h"

extern const struct au_way au_way_dirsync;

#endif
