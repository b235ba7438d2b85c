/* SPDX-License-Identifier: ISC */
/* Percentages are compared by products, so that nothing is rounded. */
#include "source/trust.h"

#include "base/json.h"

void
au_trust_read(const struct au_values *values, struct au_trust *ret)
{
	static const char *const canaries[AU_SEARCHES] = {
		[AU_SEARCH_PEOPLE] = "people_canaries",
		[AU_SEARCH_GROUPS] = "groups_canaries",
	};

	*ret = (struct au_trust){ .removals_few = au_values_num(values, "removals_few"),
		.removals_percent = au_values_num(values, "removals_percent"),
		.removals_window = au_values_num(values, "removals_window"),
		.confirm_after = au_values_num(values, "confirm_after"),
		.reread_most = au_values_num(values, "reread_most"),
		.reads_kept = au_values_num(values, "reads_kept"),
		.held_memory = au_values_num(values, "held_memory") };
	for (int i = 0; i < AU_SEARCHES; i++) {
		ret->canaries[i] = json_array();
		for (size_t k = 0; k < au_values_count(values, canaries[i]); k++)
			json_array_append_new(ret->canaries[i], json_string(au_values_item(values, canaries[i], k)));
	}
}

struct au_trust
au_trust_copy(const struct au_trust *trust)
{
	struct au_trust copy = *trust;

	for (int i = 0; i < AU_SEARCHES; i++)
		copy.canaries[i] = json_deep_copy(trust->canaries[i]);
	return copy;
}

void
au_trust_done(struct au_trust *trust)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		json_decref(trust->canaries[i]);
}

static bool
is_many(const struct au_trust *trust, long long before, long long gone)
{
	if (gone > trust->removals_few && 100 * gone > trust->removals_percent * before)
		return true;
	return gone >= trust->removals_few && 2 * gone >= before;
}

bool
au_trust_doubts(const struct au_trust *trust, long long before, long long gone)
{
	return gone > 0 && (gone >= before || is_many(trust, before, gone));
}

bool
au_trust_doubts_members(const struct au_trust *trust, long long before, long long gone)
{
	return gone > 0 && is_many(trust, before, gone);
}
