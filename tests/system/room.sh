# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what is used here
# The target of a system test: the Control Room simulator.  Sourced by lib.sh.

room_start() {
	[ -s "$work/room.secret" ] || secret_file "$work/room.secret"
	rm -f "$work/room.port"
	[ -n "${room_port-}" ] || room_port=$(free_port "$work/ports")
	start room "$top_builddir/tests/sim/control-room-sim" --port "$room_port" --port-file "$work/room.port" \
		--admin-user admin --admin-password-file "$work/room.secret" --state-file "$work/room.state" \
		--log "$work/room-requests.log" --keep-passwords "$work/room.passwords" --licence RUNTIME=100000 \
		"${room_options[@]}"
	wait_for "the Control Room answers" test -s "$work/room.port"
}

# room_sim METHOD PATH [BODY]: scaffolding of the simulator
room_sim() {
	curl -sS --fail --max-time 30 --noproxy '*' -X "$1" ${3+-d "$3"} "http://127.0.0.1:$room_port/__sim/$2"
}

# room_user NAME [JQ]: the user, or what jq makes of it; fails when there is none or the result is false or null
room_user() { room_sim GET "state?username=$1" | jq -e ".users[0] // empty | ${2-.}"; }
room_has() { room_user "$1" "${2-.}" >/dev/null; }
room_lacks() { ! room_has "$1"; }
room_created() { room_sim GET "state?username=nobody" | jq ".created[\"$1\"] // 0"; }
room_fault() { room_sim POST fault "{\"rules\": [$1]}" >/dev/null; }
room_edit() { room_sim POST console/user-edit "{\"username\": \"$1\", \"set\": $2}" >/dev/null; }

is_enabled='select(.disabled | not)'
is_disabled='select(.disabled)'
has_rights='select([.roles[].name] == ["AAE_Basic"] and .licenseFeatures == ["RUNTIME"])'

# Names of the directory's API users that are enabled there now, sorted.
room_enabled() {
	room_sim GET state | jq -r '.users[] | select((.username | startswith("app-")) and (.disabled | not)) | .username' | LC_ALL=C sort
}
same_as_directory() {
	local there here
	there=$(room_enabled) && here=$(members) && [ "$there" = "$here" ]
}

# Whether that is the user's password; room_password_fits NAME < PASSWORD
room_password_fits() {
	jq -cR --arg name "$1" '{username: $name, password: .}' |
		curl -sS --fail --max-time 30 --noproxy '*' -d @- "http://127.0.0.1:$room_port/__sim/login-check" | jq -e .matches >/dev/null
}
