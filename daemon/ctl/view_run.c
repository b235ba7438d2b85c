/* SPDX-License-Identifier: ISC */
/* `apply`: what became of the steps. */
#include "ctl/view.h"

void
au_view_run(const json_t *json, bool colour, struct au_str *out)
{
	long long failed = au_json_get_int(json, "steps_failed"), held = au_json_get_int(json, "steps_held");

	au_str_printf(out, "%lld done", au_json_get_int(json, "steps_done"));
	if (failed > 0) {
		au_str_printf(out, ", %lld ", failed);
		au_paint_put(out, colour, AU_PAINT_BAD, "failed");
	}
	if (held > 0) {
		au_str_printf(out, ", %lld ", held);
		au_paint_put(out, colour, AU_PAINT_BAD, "held");
		au_str_put(out, ": see 'apiuserctl held'");
	}
	if (!au_json_get_bool(json, "complete", false)) {
		au_str_put(out, "; ");
		au_paint_put(out, colour, AU_PAINT_WARN, "not everything could be done yet");
	}
	au_str_put(out, ".\n");
}
