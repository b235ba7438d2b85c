/* SPDX-License-Identifier: ISC */
/* RFC 7643 and RFC 7644 from end to end, check by check: the talks in probe/. */
#include "tests/scim/talk.h"

#define CHECKS_MIN 700

int
main(void)
{
	return talk_main("probe", CHECKS_MIN);
}
