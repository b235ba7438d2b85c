/* SPDX-License-Identifier: ISC */
/*
 * One search of Active Directory, or Samba's, followed by the numbers that its controller gives to changes
 * (uSNChanged), where DirSync is not to be had.  They are one controller's own: another one is read anew.
 */
#ifndef SOURCED_USN_H
#define SOURCED_USN_H

#include "sourced/follow.h"

extern const struct au_way au_way_usn;

#endif
