/* SPDX-License-Identifier: ISC */
/* What every fuzz target is: one function over bytes (libFuzzer's), and a way to say that a property does not hold. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(property)                                                                                                \
	do {                                                                                                           \
		if (!(property)) {                                                                                     \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #property);                  \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

#endif
