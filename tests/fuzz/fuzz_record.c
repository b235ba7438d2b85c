/* SPDX-License-Identifier: ISC */
/* Records of changes: whatever is understood gives the same bytes when it is written again. */
#include "tests/fuzz/fuzz.h"

#include "base/mem.h"
#include "wire/record.h"

#include <string.h>

static void
write_again(const struct au_source_change *change, struct au_buf *out)
{
	if (change->op == AU_CHANGE_PUT)
		au_record_put(out, &change->entry, change->dn_norm);
	else
		au_record_text(out, change->op, change->text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct au_unpack from = { (const char *)data, size };
	struct au_source_change change;
	const char *before = from.at;

	while (au_record_next(&from, &change, NULL) == 1) {
		AU_CLEANUP(au_buf_done) struct au_buf again = { 0 };
		write_again(&change, &again);
		HOLDS(again.len == (size_t)(from.at - before));
		HOLDS(memcmp(again.data, before, again.len) == 0);
		before = from.at;
	}
	return 0;
}
