# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154 # lib.sh sets what is used here
# What the store says, read beside the daemon.  Sourced by lib.sh.

store_query() { sqlite3 -readonly "$(find "$work/state" -name apiuserd.db)" "$1"; }

# Accounts as the store knows them, and as the product has them: login, id, whether active.
store_accounts() { store_query "SELECT login, remote_id, active FROM account WHERE state = 2 ORDER BY login"; }
room_accounts() {
	room_sim GET state | jq -r '.users[] | select(.id != 1) | [.username, .id, (if .disabled then 0 else 1 end)] | join("|")' |
		LC_ALL=C sort -t '|' -k 1,1
}
store_agrees() {
	local ours theirs
	ours=$(store_accounts) && theirs=$(room_accounts) && [ "$ours" = "$theirs" ]
}

# No step is open, and none says it is running.
store_is_settled() { [ "$(store_query "SELECT count(*) FROM step WHERE state IN (1, 2)")" = 0 ]; }

# Every step that is done has its row in the audit chain, and every account in the product the row that made it ours.
every_change_is_audited() {
	local bare
	bare=$(store_query "SELECT count(*) FROM step WHERE state = 3 AND NOT EXISTS (SELECT 1 FROM audit
		WHERE verb = 'step.done' AND object = step.account_id AND json_extract(detail, '\$.id') = step.id)")
	[ "$bare" = 0 ] || die "$bare steps were done without an audit row"
	bare=$(store_query "SELECT group_concat(login) FROM account WHERE state = 2 AND NOT EXISTS (SELECT 1 FROM audit
		WHERE verb = 'step.done' AND object = account.id AND json_extract(detail, '\$.op') IN ('create', 'lookup'))")
	[ -z "$bare" ] || die "accounts that no audit row accounts for: $bare"
	ctl audit verify || die "the audit chain does not verify"
}
