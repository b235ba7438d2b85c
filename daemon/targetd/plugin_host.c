/* SPDX-License-Identifier: ISC */
/* Options by the rows' own getters, both clocks, and a log that knows which target speaks and what must not be said. */
#include "targetd/plugin_host.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/opt.h"

#include <stdio.h>

#define LINE_MAX_BYTES 2048

static struct {
	const char *target;
	const struct au_mask *mask;
	bool leaked;
} context;

static void host_log(int priority, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
host_log(int priority, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (context.mask != NULL) {
		context.leaked = context.leaked || au_mask_hits(context.mask, line);
		au_mask_apply(context.mask, line);
	}
	if (priority < AU_LOG_ERROR)
		priority = AU_LOG_ERROR;
	else if (priority > AU_LOG_DEBUG)
		priority = AU_LOG_DEBUG;
	au_log((enum au_log_level)priority, AU_FIELDS("TARGET", context.target), "%s", line);
}

static long long
host_now_ms(void)
{
	return au_clock_wall_ms();
}

static long long
host_mono_ms(void)
{
	return au_clock_mono_ms();
}

static const struct au_host host = {
	.size = sizeof(struct au_host),
	.log = host_log,
	.str = au_values_str,
	.num = au_values_num,
	.item = au_values_item,
	.now_ms = host_now_ms,
	.mono_ms = host_mono_ms,
};

const struct au_host *
au_plugin_host(const char *target, const struct au_mask *mask)
{
	context.target = target;
	context.mask = mask;
	return &host;
}

bool
au_plugin_host_leaked(void)
{
	bool leaked = context.leaked;

	context.leaked = false;
	return leaked;
}
