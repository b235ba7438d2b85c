/* SPDX-License-Identifier: ISC */
/* Only a completed refresh counts as success: a server that accepts and then breaks off must not be hammered. */
#include "sourced/retry.h"

#include "base/backoff.h"

int64_t
au_retry_after(struct au_retry *retry, const struct au_fault *fault, struct au_server_list *servers, int64_t cap_ms,
    uint32_t random)
{
	if (fault->fail_over && !au_server_list_next(servers))
		return 0;
	switch (fault->kind) {
	case AU_FAULT_LOGIN:
		return AU_RETRY_LOGIN_MS;
	case AU_FAULT_SETUP:
		return cap_ms;
	default:
		break;
	}
	retry->tries++;
	return au_backoff_ms(retry->tries, AU_RETRY_BASE_MS, cap_ms, random);
}

void
au_retry_succeeded(struct au_retry *retry, struct au_server_list *servers)
{
	retry->tries = 0;
	au_server_list_succeeded(servers);
}

enum au_link_state
au_retry_state(const struct au_fault *fault, int64_t wait_ms)
{
	bool needs_person = fault->kind == AU_FAULT_LOGIN || fault->kind == AU_FAULT_SETUP;

	return needs_person && wait_ms > 0 ? AU_LINK_QUARANTINE : AU_LINK_STALE;
}
