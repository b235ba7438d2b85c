/* SPDX-License-Identifier: ISC */
/* Only a completed refresh counts as success: a server that accepts and then breaks off must not be hammered. */
#include "sourced/retry.h"

#include "base/backoff.h"

/* What is done about each kind of fault. */
struct reaction {
	enum { PACE_GROWING, PACE_CAP, PACE_LOGIN } pace;
	enum au_link_state state; /* while we wait */
	unsigned alarm;           /* so many in a row, and somebody is to be called; 0 = never */
};

static const struct reaction reactions[] = {
	[AU_FAULT_REACH] = { PACE_GROWING, AU_LINK_STALE, 0 },
	[AU_FAULT_PARTIAL] = { PACE_GROWING, AU_LINK_STALE, 3 },
	[AU_FAULT_SETUP] = { PACE_CAP, AU_LINK_QUARANTINE, 1 },
	[AU_FAULT_LOGIN] = { PACE_LOGIN, AU_LINK_QUARANTINE, 1 },
	[AU_FAULT_REFUSED] = { PACE_GROWING, AU_LINK_STALE, 0 },
	[AU_FAULT_RELOAD] = { PACE_GROWING, AU_LINK_STALE, 0 },
};

/* Faults of the same kind in a row. */
static void
count(struct au_retry *retry, const struct au_fault *fault)
{
	retry->same = retry->kind == fault->kind ? retry->same + 1 : 1;
	retry->kind = fault->kind;
}

int64_t
au_retry_after(struct au_retry *retry, const struct au_fault *fault, struct au_server_list *servers, int64_t cap_ms,
    uint32_t random)
{
	count(retry, fault);
	if (fault->fail_over && !au_server_list_next(servers))
		return 0;
	switch (reactions[fault->kind].pace) {
	case PACE_LOGIN:
		return AU_RETRY_LOGIN_MS;
	case PACE_CAP:
		return cap_ms;
	case PACE_GROWING:
		break;
	}
	retry->tries++;
	return au_backoff_ms(retry->tries, AU_RETRY_BASE_MS, cap_ms, random);
}

void
au_retry_succeeded(struct au_retry *retry, struct au_server_list *servers)
{
	*retry = (struct au_retry){ 0 };
	au_server_list_succeeded(servers);
}

enum au_link_state
au_retry_state(const struct au_fault *fault, int64_t wait_ms)
{
	return wait_ms > 0 ? reactions[fault->kind].state : AU_LINK_STALE;
}

bool
au_retry_alarms(const struct au_retry *retry)
{
	unsigned alarm = reactions[retry->kind].alarm;

	return alarm > 0 && retry->same >= alarm;
}
