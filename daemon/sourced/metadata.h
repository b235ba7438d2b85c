/* SPDX-License-Identifier: ISC */
/* When each attribute of an object changed last, as a domain controller keeps it in replPropertyMetaData. */
#ifndef SOURCED_METADATA_H
#define SOURCED_METADATA_H

#include <lber.h>
#include <stdbool.h>
#include <stdint.h>

/* The attribute `name`, which changes when an object is renamed or moved: its OID is 1.2.840.113556.1.4.1. */
#define AU_METADATA_NAME 0x00090001u

/*
 * Whether an attribute changed on this controller after a USN of its own.  The value is a PROPERTY_META_DATA_VECTOR
 * (MS-DRSR section 5.166); also true for one that makes no sense, or is none (NULL).
 */
bool au_metadata_changed(const struct berval *value, uint32_t attribute, uint64_t since);

#endif
