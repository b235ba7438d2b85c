/* SPDX-License-Identifier: ISC */
/* What identity providers say, as their documentation has it, and what each profile does: the talks in conversations/.
 */
#include "tests/scim/talk.h"

#define CHECKS_MIN 690

int
main(void)
{
	return talk_main("conversations", CHECKS_MIN);
}
