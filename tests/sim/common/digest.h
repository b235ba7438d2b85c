/* SPDX-License-Identifier: ISC */
/* A password or API key as the simulator keeps it: salted and hashed, so that no file or dump ever shows one. */
#ifndef SIM_COMMON_DIGEST_H
#define SIM_COMMON_DIGEST_H

#include <stdbool.h>

#define DIGEST_TEXT_SIZE 97

struct digest {
	bool set;
	unsigned char salt[16], hash[32];
};

void digest_set(struct digest *digest, const char *secret);
bool digest_matches(const struct digest *digest, const char *secret); /* takes the same time when nothing is set */
const char *digest_text(const struct digest *digest, char buffer[DIGEST_TEXT_SIZE]); /* hex; NULL when not set */
bool digest_from_text(struct digest *digest, const char *text);

#endif
