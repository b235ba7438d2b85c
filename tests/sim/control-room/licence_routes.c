/* SPDX-License-Identifier: ISC */
/* The calls about licences: one in 11.x, two in Automation 360. */
#include "handlers.h"

int
licence_get(struct exchange *exchange)
{
	return exchange_answer(exchange, licence_view_aae11(&exchange->room->licences));
}

int
licence_list(struct exchange *exchange)
{
	return exchange_answer(exchange, licence_view_a360(&exchange->room->licences));
}

int
licence_details(struct exchange *exchange)
{
	bool fail_safe = exchange->room->options.fail_safe;

	return exchange_answer(
	    exchange, json_pack("{s:s, s:i, s:b, s:s}", "type", "PURCHASED", "failSafeStatus", fail_safe,
			  "controlRoomLicenseServerSyncStatus", !fail_safe, "licenseMode", "CloudLicense"));
}
