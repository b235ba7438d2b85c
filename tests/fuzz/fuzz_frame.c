/* SPDX-License-Identifier: ISC */
/* Frames: what is cut out of a stream builds the same bytes again. */
#include "tests/fuzz/fuzz.h"

#include "base/frame.h"

#include <string.h>

#define MAX 4096

static void
check_frame(const char *bytes, const char *payload, size_t len, size_t used)
{
	struct au_str again = AU_STR_INIT;

	HOLDS(len > 0 && len <= MAX && used == len + AU_FRAME_HEAD);
	HOLDS(au_frame_build(&again, payload, len, MAX, NULL) == 0);
	HOLDS(again.len == used && memcmp(again.data, bytes, used) == 0);
	au_str_done(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data, *payload;
	size_t len, used;

	while (au_frame_cut(bytes, size, MAX, &payload, &len, &used, NULL) == 1) {
		HOLDS(used <= size);
		check_frame(bytes, payload, len, used);
		bytes += used;
		size -= used;
	}
	return 0;
}
